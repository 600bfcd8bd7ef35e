"""The docks with their panels: left, right below the card, and along the bottom."""

from __future__ import annotations

import time
from collections.abc import Callable

from imgui_bundle import imgui

from game.look import View
from game.ui import tabs
from game.ui.bill import Bill
from game.ui.branches import BranchList, DifferenceStrip
from game.ui.charging_network import charging_network_rows
from game.ui.charts import Charge, Course, FrameTimes, Load, Price, Share
from game.ui.docks import BOTTOM, DOCKS, GAP, HEAD, LEFT, RIGHT, Seat, Seating, arrange
from game.ui.frames import Frames
from game.ui.lesson import LessonPanel, ScorePanel
from game.ui.lists import AlertList, Log
from game.ui.moments import MomentsPanel
from game.ui.panel import Moment, Panel, Rows
from game.ui.rows import Row
from game.ui.status_counts import StatusCounts
from game.ui.summary import (change_rows, chemistry_rows, content_rows, earned_rows, fleet_rows, pace_rows,
                             picture_rows, status_rows)
from game.ui.tables import Connectors, Earners, Table
from game.ui.theme import MARGIN, PADDING, SMALL
from game.ui.tabs import NARROW
from game.ui.widgets import Brush

WIDTH = RIGHT_WIDTH = 288.0
DRAG_PX = 6.0
BUDGET_S = 0.0005
ALERT_WIDTH, BOTTOM_ROOM = 480.0, 170.0
OF_SELECTED = ("course", "log")
Rect = tuple[float, float, float, float]


class Measured(Rows):
    """Rows about frames instead of the model."""

    def __init__(self, key: str, title: str, find: Callable[[Frames], list[Row]]):
        super().__init__(key, title, lambda model, t_s: ())
        self._measured = find

    def work_out(self, moment: Moment) -> None:
        self.rows = self._measured(moment.frames)


def all_panels() -> dict[str, Panel]:
    """Every panel by its key."""
    panels = [Rows("fleet", "Fleet", fleet_rows), Rows("grid", "Grid", status_rows),
              Rows("earnings", "V2G earnings", earned_rows, rest=4),
              Rows("health", "Battery health", chemistry_rows), Bill(),
              Rows("network", "OCPP network", charging_network_rows, rest=4),
              Measured("performance", "Performance", picture_rows),
              Measured("drawn", "What is drawn", content_rows),
              Measured("pace", "Simulation", pace_rows),
              Measured("changes", "Quality changes", change_rows),
              Load(), Price(), Charge(), Course(), FrameTimes(), Earners(), Connectors(),
              Share("stress", "Grid stress", "stress", "text", "{:.2f}",
                    ((0.0, "0"), (0.6, "high"), (0.8, "emerg."))),
              Share("renewable", "Renewable share", "renewable", "renewable", "{:.0%}"),
              StatusCounts(), Log(), AlertList(), LessonPanel(), ScorePanel(), MomentsPanel(), BranchList(), DifferenceStrip()]
    return {panel.key: panel for panel in panels}


class Dashboard:
    """Panels in their seats. `focus` is the key of the one that keys act on, or None."""

    def __init__(self, seating: Seating):
        self.panels = all_panels()
        self.seating = seating
        self.focus: str | None = None
        self._view = View.INTEGRATED
        self._heights: dict[str, float] = {}
        self._due: list[str] = []
        self._refreshes = 0
        self._places: list[tuple[Seat, Rect, bool]] = []
        self._drag: Seat | None = None
        self._card: Rect | None = None
        self.docks: dict[str, Rect] = {}

    # What keys do

    def focus_next(self, step: int) -> None:
        """Go to the next panel that is there."""
        keys = [seat.panel for seat in self._present()]
        if not keys:
            self.focus = None
        elif self.focus not in keys:
            self.focus = keys[0 if step > 0 else -1]
        else:
            self.focus = keys[(keys.index(self.focus) + step) % len(keys)]
        for seat in self._present():
            if seat.panel == self.focus:
                self.seating.touch(seat)

    def fold(self) -> None:
        """Open or close the panel in focus."""
        for seat, _, shown in self._places:
            if seat.panel == self.focus:
                self.seating.fold(seat, shown)

    def move(self) -> None:
        """Put the panel in focus into the next dock."""
        for seat in self._present():
            if seat.panel == self.focus:
                dock = DOCKS[(DOCKS.index(seat.dock) + 1) % len(DOCKS)]
                self.seating.move(self._view, seat, dock)
                return

    def table(self) -> Table | None:
        """The table that keys act on: the one in focus, else the first that is open."""
        tables = [self.panels[seat.panel] for seat, _, shown in self._places
                  if shown and isinstance(self.panels.get(seat.panel), Table)]
        for table in tables:
            if table.key == self.focus:
                return table
        return tables[0] if tables else None

    @property
    def places(self) -> list[tuple[str, Rect]]:
        """The dock of each panel and where it was last laid out."""
        return [(seat.dock, rect) for seat, rect, _ in self._places]

    # Frames

    def work_out(self, moment: Moment) -> None:
        """Look up what the panels of this view show, all at once."""
        self._view, self._heights, self._refreshes = moment.look.view, {}, 0
        self._due = [seat.panel for seat in self.seating.seats[self._view]
                     if seat.panel in self.panels]
        while self._due:
            self._one(moment)

    def begin(self) -> None:
        """What the panels show is to be looked up again, a part in each frame to come."""
        self._refreshes += 1
        self._due = [key for key in self._heights if self._refreshes % self.panels[key].rest == 0]

    def go_on(self, moment: Moment) -> bool:
        """Look up a part, for about BUDGET_S; whether that was the last."""
        if not self._due:
            return False
        began = time.perf_counter()
        while self._due and time.perf_counter() - began < BUDGET_S:
            self._one(moment)
        return not self._due

    def _one(self, moment: Moment) -> None:
        key = self._due.pop(0)
        self.panels[key].work_out(moment)
        self._heights[key] = self.panels[key].height()

    def place(self, brush: Brush, size: tuple[int, int], below: float, foot: float,
              card: Rect | None) -> list[Rect]:
        """Lay everything out in a picture of `size` pixels: below the strip, which ends at `below`,
        and below the `card`, above the legend, which begins at `foot`. Returns what it covers."""
        px, scale = brush.theme.px, brush.theme.scale
        narrow = size[0] / scale < NARROW
        foot -= px(8.0)
        left_top = below + px(tabs.HEIGHT + 16.0)
        right = size[0] - px(MARGIN + RIGHT_WIDTH)
        right_top = (card[1] + card[3] if card is not None else below) + px(8.0)
        inner = px(MARGIN + WIDTH + 10.0)
        self.docks = {LEFT: (px(MARGIN), left_top, px(WIDTH), foot - left_top),
                      RIGHT: (right, right_top, px(RIGHT_WIDTH), foot - right_top),
                      BOTTOM: (inner, foot - px(BOTTOM_ROOM), right - px(10.0) - inner, px(BOTTOM_ROOM))}
        if narrow:
            end = (card[0] - px(8.0) if card is not None else size[0] - px(MARGIN))
            self.docks[BOTTOM] = (px(MARGIN), foot - px(BOTTOM_ROOM), end - px(MARGIN), px(BOTTOM_ROOM))
        self._places, self._card = [], card
        for dock in (LEFT, RIGHT):
            x, y, width, room = self.docks[dock]
            seats = self._seats(dock)
            slots = arrange(seats, [self._heights[s.panel] for s in seats], room / scale, narrow)
            for seat, slot in zip(seats, slots):
                if slot is not None:
                    self._places.append((seat, (x, y + px(slot.top), width, px(slot.height)),
                                         slot.open))
        self._place_bottom(brush, foot)
        return [rect for _, rect, _ in self._places]

    def _place_bottom(self, brush: Brush, foot: float) -> None:
        px = brush.theme.px
        x, _, room, _ = self.docks[BOTTOM]
        seats = self._seats(BOTTOM)
        if not seats:
            return
        width = min((room - px(GAP) * (len(seats) - 1)) / len(seats), px(ALERT_WIDTH))
        x += max((room - len(seats) * width - px(GAP) * (len(seats) - 1)) / 2.0, 0.0)
        for seat in seats:
            height = px(HEAD + (self._heights[seat.panel] if seat.open else 0.0))
            self._places.append((seat, (round(x), foot - height, round(width), height), seat.open))
            x += width + px(GAP)

    def draw(self, brush: Brush, actions) -> None:
        """Draw all panels where `place` put them."""
        for seat, rect, shown in self._places:
            self._draw(brush, seat, rect, shown, actions)
        if self._drag is not None:
            self._dragging(brush)

    def _draw(self, brush: Brush, seat: Seat, rect: Rect, shown: bool, actions) -> None:
        px, (x, y, width, height) = brush.theme.px, rect
        panel = self.panels[seat.panel]
        with brush.panel(f"panel {seat.panel}", rect):
            hit = brush.button("head", (x, y, width, px(HEAD)))
            if imgui.is_item_active() and imgui.is_mouse_dragging(0, DRAG_PX):
                self._drag = seat
            if hit and self._drag is None:
                self.focus = seat.panel
                self.seating.fold(seat, shown)
                actions.refresh()
            brush.text(x + px(PADDING), y + px(17.0), panel.title, SMALL, "text", bold=True,
                       room=width - px(2 * PADDING + 14))
            self._chevron(brush, x + width - px(PADDING + 5), y + px(13.0), shown)
            if seat.panel == self.focus:
                brush.list.add_rect((x, y), (x + width, y + height), brush.theme.color("quiet"),
                                    px(6.0), 0, px(1.5))
            if shown:
                panel.draw(brush, (x, y + px(HEAD), width, height - px(HEAD)), actions)

    @staticmethod
    def _chevron(brush: Brush, x: float, y: float, shown: bool) -> None:
        r, color = brush.theme.px(3.5), brush.theme.color("quiet")
        points = (((x - r, y - r / 2), (x, y + r / 2), (x + r, y - r / 2)) if shown else
                  ((x - r / 2, y - r), (x + r / 2, y), (x - r / 2, y + r)))
        for a, b in zip(points, points[1:]):
            brush.list.add_line(a, b, color, max(1.0, brush.theme.px(1.5)))

    def _dragging(self, brush: Brush) -> None:
        """Show where the dragged panel would go, and put it there when it is let go."""
        mouse, seat = imgui.get_mouse_pos(), self._drag
        dock, before = self._target(brush, mouse.x, mouse.y)
        x, y, width, height = self.docks[dock]
        for other, rect, _ in self._places:
            if before is other:
                x, y, height = rect[0], rect[1] - brush.theme.px(4.0), brush.theme.px(3.0)
                width = rect[2]
        with brush.panel("drop", (x, y, width, height), "shade", True):
            brush.list.add_rect((x, y), (x + width, y + height), brush.theme.color("text"),
                                brush.theme.px(6.0), 0, brush.theme.px(1.5))
        if not imgui.is_mouse_down(0):
            self._drag = None
            self.seating.move(self._view, seat, dock, before)

    def _target(self, brush: Brush, x: float, y: float) -> tuple[str, Seat | None]:
        """The dock at a pixel, and the panel before which one dropped there goes."""
        left, right = self.docks[LEFT], self.docks[RIGHT]
        dock = (LEFT if x < left[0] + left[2] else RIGHT if x > right[0] else BOTTOM)
        for seat, rect, _ in self._places:
            if seat.dock == dock and (x < rect[0] + rect[2] / 2 if dock == BOTTOM
                                      else y < rect[1] + rect[3] / 2):
                return dock, seat
        return dock, None

    def _present(self) -> list[Seat]:
        return [seat for seat, _, _ in self._places]

    def _seats(self, dock: str) -> list[Seat]:
        """Seats whose panels have something to show. Below a card closed ones give way to those of
        the selected entity."""
        return [seat for seat in self.seating.of(self._view, dock)
                if self._heights.get(seat.panel, 0.0) > 0.0 and not (
                    dock == RIGHT and self._card is not None and not seat.open
                    and not seat.touched and seat.panel not in OF_SELECTED)]
