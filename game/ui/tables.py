"""Tables in panels: sorted, filtered, clipped to what is seen; a row selects in the scene and the
selection finds its row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from imgui_bundle import imgui

from entities.components import NONE, OcppVersion, Status
from game.ui.charts import vehicle_of
from game.ui.charging_network import full_status, short_status
from game.ui.facts import QUIET_KW, tone_of
from game.ui.panel import Area, Moment, Panel
from game.ui.status_marks import FEEDING
from game.ui.summary import earners
from game.ui.theme import PADDING, SMALL, TICK
from game.ui.widgets import Brush
from game.ui.words import money, number, signed
from sim.battery.segments import ac_power_at
from sim.connectors import reported

ROW, HEAD = 20.0, 22.0
MARKED = ("feed", "charge", "wait", "fault")


@dataclass(frozen=True)
class Column:
    """A column's name, its share of the width, and whether it holds numbers, which end at the right."""

    name: str
    share: float
    numbers: bool = False


class Table(Panel):
    """Rows of the world's table `kind`. Subclasses set `rows` (n,) and `keys`, one array (n,) a
    column to sort by, and say what stands in a cell."""

    kind = ""
    columns: tuple[Column, ...] = ()
    filters: tuple[str, ...] = ()
    most = 9
    fits = True

    def __init__(self):
        self.sort_by, self.descending, self.filter = 0, False, 0
        self.rows = np.empty(0, int)
        self._selected: int | None = None
        self._reveal = False

    def find(self, moment: Moment) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Rows that pass the filter and their keys."""
        raise NotImplementedError

    def cell(self, row: int, column: int) -> tuple[str, str]:
        """Words and tone."""
        raise NotImplementedError

    def hint(self, row: int) -> str:
        """What is said of a row that is pointed at; "" for nothing."""
        return ""

    def about(self, moment: Moment) -> int | None:
        """The row that the selection is about."""
        kind, row = moment.selected or ("", None)
        return row if kind == self.kind else None

    def work_out(self, moment: Moment) -> None:
        self._model, self._t_s = moment.model, moment.t_s
        rows, keys = self.find(moment)
        order = np.argsort(keys[self.sort_by], kind="stable")
        self.rows = rows[order[::-1] if self.descending else order]
        row = self.about(moment)
        self._reveal |= row is not None and row != self._selected
        self._selected = row

    def height(self) -> float:
        chips = HEAD if self.filters else 0.0
        if not len(self.rows) and not self.filters:
            return 0.0
        return HEAD + chips + ROW * min(max(len(self.rows), 1), self.most) + 6.0

    def least(self) -> float:
        chips = HEAD if self.filters else 0.0
        return min(self.height(), HEAD + chips + 2.0 * ROW + 6.0)

    def sort(self, column: int | None = None) -> None:
        """Sort by a column, the other way round if it already is; None takes the next one."""
        if column is None:
            column = (self.sort_by + 1) % len(self.columns)
        self.descending = (not self.descending if column == self.sort_by
                           else self.columns[column].numbers)
        self.sort_by = column

    def next_filter(self) -> None:
        """Show what the next filter lets through."""
        self.filter = (self.filter + 1) % max(len(self.filters), 1)

    def neighbour(self, step: int) -> int | None:
        """The row before or after the selected one, or the first."""
        if not len(self.rows):
            return None
        place = np.flatnonzero(self.rows == self._selected)
        at = 0 if not len(place) else min(max(int(place[0]) + step, 0), len(self.rows) - 1)
        return int(self.rows[at])

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, height) = brush.theme.px, area
        if self.filters:
            self._chips(brush, x + px(PADDING), y, actions)
            y, height = y + px(HEAD), height - px(HEAD)
        edges = self._edges(x + px(PADDING), width - px(2 * PADDING + 4))
        for k, column in enumerate(self.columns):
            left, right = edges[k], edges[k + 1]
            if brush.button(f"{self.key} sort {k}", (left, y, right - left, px(HEAD))):
                self.sort(k)
                actions.refresh()
            self._write(brush, left, right, y + px(15), column.name,
                        "text" if k == self.sort_by else "quiet", column.numbers)
            if k == self.sort_by:
                wide = px(5) + brush.width(column.name, SMALL)
                brush.pointer(right - wide - px(2) if column.numbers else left + wide + px(3),
                              y + px(11), up=not self.descending)
        top = y + px(HEAD)
        brush.line(x + px(PADDING), top, x + width - px(PADDING), top)
        if not len(self.rows):
            brush.text(x + px(PADDING), top + px(15), "none", SMALL, "quiet")
            return
        with brush.scroll(f"{self.key} rows", (x, top, width, height - px(HEAD + 2)), px(ROW) * len(self.rows)):
            self._body(brush, edges, x, width, actions)

    def _body(self, brush: Brush, edges, x: float, width: float, actions) -> None:
        px = brush.theme.px
        pitch = px(ROW)
        if self._reveal:
            self._reveal = False
            place = np.flatnonzero(self.rows == self._selected)
            if len(place):
                top, seen = float(place[0]) * pitch, imgui.get_window_height()
                if not imgui.get_scroll_y() <= top <= imgui.get_scroll_y() + seen - pitch:
                    imgui.set_scroll_y(max(top - seen / 2.0, 0.0))
        clipper = imgui.ListClipper()
        clipper.begin(len(self.rows), pitch)
        while clipper.step():
            for k in range(clipper.display_start, clipper.display_end):
                row, at = int(self.rows[k]), imgui.get_cursor_screen_pos()
                y = at.y
                if row == self._selected:
                    brush.box(x + px(4), y, x + width - px(8), y + pitch, "hover", px(3))
                    brush.box(x + px(4), y + px(3), x + px(7), y + pitch - px(3), "text", px(1))
                if brush.button(f"{row}", (x + px(4), y, width - px(14), pitch)):
                    actions.select(self.kind, row)
                if (hint := self.hint(row)) and imgui.is_item_hovered():
                    brush.tooltip(hint, (x, x + width))
                for column, spec in enumerate(self.columns):
                    text, tone = self.cell(row, column)
                    left = edges[column]
                    if (tone in MARKED or tone.startswith("ocpp")) and not spec.numbers:
                        brush.mark(left + px(5), y + pitch / 2, tone)
                        left, tone = left + px(14), "text"
                    self._write(brush, left, edges[column + 1], y + px(15), text, tone, spec.numbers)
        clipper.end()

    def _chips(self, brush: Brush, x: float, y: float, actions) -> None:
        px = brush.theme.px
        for k, name in enumerate(self.filters):
            wide = brush.width(name, SMALL)
            if brush.button(f"{self.key} filter {k}", (x - px(4), y, wide + px(8), px(HEAD))):
                self.filter = k
                actions.refresh()
            chosen = k == self.filter
            brush.text(x, y + px(15), name, SMALL, "text" if chosen else "quiet")
            if chosen:
                brush.line(x, y + px(19), x + wide, y + px(19), "text", 1.5)
            x += wide + px(14)

    def _edges(self, x: float, width: float) -> list[float]:
        total, edges = sum(column.share for column in self.columns), [x]
        for column in self.columns:
            edges.append(edges[-1] + width * column.share / total)
        return edges

    @staticmethod
    def _write(brush: Brush, left: float, right: float, base: float, text: str, tone: str,
               at_right: bool) -> None:
        room = right - left - brush.theme.px(6)
        size = SMALL if brush.width(text, SMALL) <= room else TICK
        brush.text(right if at_right else left, base, brush.clip(text, room, size), size, tone,
                   right=at_right)


class Earners(Table):
    """Vehicles by what their V2G has earned."""

    key, title, kind, rest = "earners", "Top earners", "vehicle", 8
    columns = (Column("Vehicle", 1.3), Column("Fed kWh", 0.9, True), Column("Net", 0.8, True))

    def __init__(self):
        super().__init__()
        self.sort_by, self.descending = 2, True

    def find(self, moment: Moment):
        rows, net, fed = earners(moment.model, moment.t_s)
        self._net, self._fed = dict(zip(rows.tolist(), net)), dict(zip(rows.tolist(), fed))
        return rows, (rows, fed, net)

    def about(self, moment: Moment) -> int | None:
        return vehicle_of(moment)

    def cell(self, row: int, column: int) -> tuple[str, str]:
        if column == 0:
            vehicle = self._model.world.vehicle
            return vehicle.names[row] or f"{row}", "feed" if vehicle.power0_kw[row] < 0 else "text"
        if column == 1:
            return number(self._fed[row], 1), "text"
        return money(self._net[row]), "text"


class Connectors(Table):
    """Connectors with OCPP status, power and vehicle. Those of OCPP 2.x that are Occupied are told apart
    by their transaction's charging state."""

    key, title, kind = "connectors", "Connectors", "connector"
    columns = (Column("Name", 0.82), Column("Status", 1.85), Column("kW", 0.68, True),
               Column("Vehicle", 1.0, True))
    filters = ("All", "Free", "In use", "Faults")
    most = 14

    def find(self, moment: Moment):
        world = moment.model.world
        connector = world.connector
        rows = connector.rows()
        status, vehicle = reported(world, rows, moment.t_s), connector.vehicle[rows]
        passes = ((rows >= 0), status == Status.AVAILABLE, vehicle != NONE,
                  np.isin(status, (Status.FAULTED, Status.UNAVAILABLE)))[self.filter]
        rows, status, vehicle = rows[passes], status[passes], vehicle[passes]
        self._status = dict(zip(rows.tolist(), status.tolist()))
        self._kw = np.zeros(connector.slots)
        busy = vehicle != NONE
        self._kw[rows[busy]] = ac_power_at(world.vehicle, vehicle[busy], moment.t_s)
        return rows, (rows, status, self._kw[rows], vehicle)

    def about(self, moment: Moment) -> int | None:
        """A vehicle's connector, too."""
        kind, row = moment.selected or ("", None)
        if kind == "vehicle":
            at = moment.model.world.vehicle.connector.item(row)
            return at if at != NONE else None
        return super().about(moment)

    def cell(self, row: int, column: int) -> tuple[str, str]:
        world = self._model.world
        connector = world.connector
        vehicle = int(connector.vehicle[row])
        if column == 0:
            return connector.names[row] or f"{row}", "text"
        if column == 1:
            status = self._status[row]
            feeds = status == Status.CHARGING and self._kw[row] < -QUIET_KW
            return short_status(self._version(row), status), f"ocpp {FEEDING if feeds else status}"
        if column == 2:
            kw = float(self._kw[row])
            return (signed(kw), tone_of(kw)) if vehicle != NONE else ("\u2013", "quiet")
        return (world.vehicle.names[vehicle] or f"{vehicle}", "text") if vehicle != NONE else ("", "quiet")

    def hint(self, row: int) -> str:
        return full_status(self._version(row), self._status[row])

    def _version(self, row: int) -> OcppVersion:
        world = self._model.world
        return OcppVersion(world.station.ocpp[world.connector.station[row]])
