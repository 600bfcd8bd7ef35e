"""The docks with their panels: left, right below the card, and along the bottom."""

from __future__ import annotations

import time
from collections.abc import Callable

from imgui_bundle import imgui

from game.look import View
from game.ui import tabs
from game.ui.arrangement import GAP, HEAD, PINNED, Box, Item, More, lay_out
from game.ui.bill import Bill
from game.ui.branches import BranchList, DifferenceStrip
from game.ui.charging_network import charging_network_rows
from game.ui.charts import Charge, Course, FrameTimes, Load, Price, Share
from game.ui.docks import BOTTOM, DOCKS, LEFT, RIGHT, Seat, Seating
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
from game.ui.theme import PADDING, SMALL
from game.ui.widgets import Brush

DRAG_PX = 6.0
BUDGET_S = 0.0005
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
              Share("renewable", "Renewable share", "renewable", "renewable", "{:.0f} %", of=100.0),
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
        self._leasts: dict[str, float] = {}
        self._due: list[str] = []
        self._refreshes = 0
        self._places: list[tuple[Seat, Rect, bool]] = []
        self._more: list[tuple[More, Rect]] = []
        self._all: list[Seat] = []
        self._drag: Seat | None = None
        self.docks: dict[str, Rect] = {}

    # What keys do

    def focus_next(self, step: int) -> None:
        """Go to the next panel that is there."""
        keys = [seat.panel for seat in self._all]
        if not keys:
            self.focus = None
        elif self.focus not in keys:
            self.focus = keys[0 if step > 0 else -1]
        else:
            self.focus = keys[(keys.index(self.focus) + step) % len(keys)]
        for seat in self._all:
            if seat.panel == self.focus:
                self.seating.touch(seat)

    def fold(self) -> None:
        """Open or close the panel in focus."""
        for seat, _, shown in self._places:
            if seat.panel == self.focus:
                self.seating.fold(seat, shown)

    def move(self) -> None:
        """Put the panel in focus into the next dock."""
        for seat in self._all:
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
        self._heights[key], self._leasts[key] = self.panels[key].height(), self.panels[key].least()

    def place(self, brush: Brush, size: tuple[int, int], below: float, foot: float,
              card: Rect | None) -> list[Rect]:
        """Lay everything out in a picture of `size` pixels: below the strip, which ends at `below`,
        and below the `card`, above the legend, which begins at `foot`. Returns what it covers."""
        scale = brush.theme.scale
        items = {dock: self._items(dock, card is not None) for dock in DOCKS}
        self._all = [item.seat for dock in DOCKS for item in items[dock]]
        top = below / scale + 8.0
        lies = lay_out(size[0] / scale, (top + tabs.HEIGHT + 8.0, top), foot / scale - 8.0,
                       None if card is None else tuple(part / scale for part in card), items)

        def pixels(box: Box) -> Rect:
            left, top, right, bottom = (float(round(edge * scale)) for edge in (
                box[0], box[1], box[0] + box[2], box[1] + box[3]))
            return left, top, right - left, bottom - top
        self.docks = {dock: pixels(box) for dock, box in lies.docks.items()}
        self._places = [(place.seat, pixels(place.box), place.open) for place in lies.places]
        self._more = [(more, pixels(more.box)) for more in lies.more]
        return [*(rect for _, rect, _ in self._places), *(rect for _, rect in self._more)]

    @property
    def below_card(self) -> float:
        """Unscaled pixels that the right dock needs at least below a card: for a heading and the line that
        leads to the others."""
        keys = [seat.panel for seat in self.seating.of(self._view, RIGHT) if self._heights.get(seat.panel, 0.0) > 0.0]
        pinned = sum(key in PINNED for key in keys)
        return (HEAD + GAP) * (pinned + min(len(keys) - pinned, 2))

    def _items(self, dock: str, card: bool) -> list[Item]:
        """Panels of a dock that have something to show. Below a card the headings of closed ones give
        way to those that tell of the selected."""
        return [Item(seat, self._leasts[seat.panel], self._heights[seat.panel],
                     card and dock == RIGHT and not seat.open and seat.panel not in OF_SELECTED)
                for seat in self.seating.of(self._view, dock) if self._heights.get(seat.panel, 0.0) > 0.0]

    def draw(self, brush: Brush, actions) -> None:
        """Draw all panels where `place` put them."""
        for seat, rect, shown in self._places:
            self._draw(brush, seat, rect, shown, actions)
        for more, rect in self._more:
            self._draw_more(brush, more, rect)
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
                self._draw_body(brush, panel, (x, y + px(HEAD), width, height - px(HEAD)), actions)

    @staticmethod
    def _draw_body(brush: Brush, panel: Panel, area: Rect, actions) -> None:
        """A body, which scrolls where it has less room than it needs and does not know how to use it."""
        x, y, width, height = area
        whole = brush.theme.px(panel.content())
        if panel.fits or whole <= height + 1.0:
            return panel.draw(brush, area, actions)
        with brush.scroll(f"{panel.key} body", area, whole) as top:
            panel.draw(brush, (x, top, width, whole), actions)

    def _draw_more(self, brush: Brush, more: More, rect: Rect) -> None:
        """The line that brings up the next panel of those that found no room."""
        px, (x, y, width, _) = brush.theme.px, rect
        with brush.panel(f"more {more.dock}", rect):
            if brush.button("more", rect):
                self.seating.touch(more.next)
            words = f"{more.count} more: {self.panels[more.next.panel].title}"
            brush.text(x + px(PADDING), y + px(17.0), brush.clip(words, width - px(2 * PADDING + 14), SMALL),
                       SMALL, "quiet")
            self._chevron(brush, x + width - px(PADDING + 5), y + px(13.0), True)

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
