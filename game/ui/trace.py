"""What charts remember: the site's figures at each control tick and every segment of late.

The model hands both over as it goes, at the times of the simulation, so that pausing or another
speed changes nothing. A segment gives a vehicle's exact course until its next one. The oldest
rows are forgotten.
"""

from __future__ import annotations

import numpy as np

from entities.components import Place
from sim.footprint import renewable_share_now

SITE_COLUMNS = ("t_s", "net_kw", "import_limit_kw", "export_limit_kw", "price_buy", "price_sell",
                "stress", "renewable")
SEGMENT_COLUMNS = ("t_s", "vehicle", "energy0_kwh", "power0_kw", "rate_per_h", "place")
MOST_TICKS, MOST_SEGMENTS = 1 << 13, 1 << 20
FIRST_ROWS = 1 << 8


class Ring:
    """The last `most` rows (a power of two times FIRST_ROWS at least) of float columns."""

    def __init__(self, columns: tuple[str, ...], most: int):
        self._columns, self._most = columns, most
        self._data = np.zeros((min(FIRST_ROWS, most), len(columns)))
        self._count = self._first = 0

    def __len__(self) -> int:
        return max(self._count - max(self._first, self._count - len(self._data)), 0)

    def mark(self) -> int:
        """How far it is."""
        return self._count

    def cut(self, mark: int) -> Ring:
        """Another ring with what this one still has of its rows at a mark."""
        twin = Ring(self._columns, self._most)
        twin._data, twin._count = self._data.copy(), mark
        twin._first = max(self._first, self._count - len(self._data))
        return twin

    def add(self, rows: np.ndarray) -> None:
        """Append `rows` (n, columns)."""
        rows = rows[-self._most:]
        while self._count + len(rows) > len(self._data) < self._most:
            self._data = np.concatenate([self._data, np.zeros_like(self._data)])
        self._data[(self._count + np.arange(len(rows))) % len(self._data)] = rows
        self._count += len(rows)

    def drop_last(self) -> None:
        """Take the last row back."""
        self._count -= 1

    def last(self, name: str) -> float:
        """A column of the last row."""
        return self._data[(self._count - 1) % len(self._data), self._columns.index(name)].item()

    def column(self, name: str) -> np.ndarray:
        """A column in the order of adding, oldest first, (rows,)."""
        return self._in_order()[:, self._columns.index(name)]

    def where(self, name: str, value: float) -> dict[str, np.ndarray]:
        """All columns of the rows with `value` in the column `name`, oldest first."""
        held = self._in_order()
        found = held[held[:, self._columns.index(name)] == value]
        return dict(zip(self._columns, found.T))

    def _in_order(self) -> np.ndarray:
        if self._count <= len(self._data):
            return self._data[min(self._first, self._count):self._count]
        start = self._count % len(self._data)
        held = np.concatenate([self._data[start:], self._data[:start]]) if start else self._data
        return held[len(held) - len(self):]


class Trace:
    """A model's `history` for charts. `site` has SITE_COLUMNS a row for each control tick."""

    def __init__(self, ticks: int = MOST_TICKS, segments: int = MOST_SEGMENTS):
        self.site = Ring(SITE_COLUMNS, ticks)
        self._segments = Ring(SEGMENT_COLUMNS, segments)

    def segment(self, t_s: float, rows, vehicle) -> None:
        """Vehicles `rows` (a slot or an array of slots) began new segments at `t_s`."""
        rows = np.atleast_1d(rows)
        block = np.empty((len(rows), len(SEGMENT_COLUMNS)))
        block[:, 0], block[:, 1] = t_s, rows
        for k, name in enumerate(SEGMENT_COLUMNS[2:], 2):
            block[:, k] = getattr(vehicle, name)[rows]
        self._segments.add(block)

    def sample(self, t_s: float, model) -> None:
        """Take the site's figures at `t_s`; of one instant the last count."""
        if len(self.site) and self.site.last("t_s") == t_s:
            self.site.drop_last()
        self.site.add(figures(model, t_s)[None])

    def day(self, t_s: float, model) -> None:
        """An ageing day ended; no chart shows days."""

    def mark(self) -> tuple[int, int]:
        """How far it is."""
        return self.site.mark(), self._segments.mark()

    def cut(self, mark: tuple[int, int]) -> Trace:
        """Another trace with what this one had at a mark."""
        twin = Trace()
        twin.site, twin._segments = self.site.cut(mark[0]), self._segments.cut(mark[1])
        return twin

    def course(self, vehicle, row: int, times_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Stored energy (kWh) and battery-side power (kW, + charges) of vehicle `row` of the table
        `vehicle` at `times_s` (n,), not after the present; NaN before what is remembered, and from when it left until it
        is plugged in again."""
        known = self._segments.where("vehicle", row)
        if not len(known["t_s"]):
            return np.full(len(times_s), np.nan), np.full(len(times_s), np.nan)
        at = np.searchsorted(known["t_s"], times_s, side="right") - 1
        unknown, at = at < 0, np.maximum(at, 0)
        unknown |= known["place"][at] == Place.AWAY
        tau = np.maximum(times_s - known["t_s"][at], 0.0) / 3600.0
        rate, power = known["rate_per_h"][at], known["power0_kw"][at]
        bends = rate != 0.0
        safe = np.where(bends, rate, 1.0)
        hours = np.where(bends, np.expm1(safe * tau) / safe, tau)
        return (np.where(unknown, np.nan, known["energy0_kwh"][at] + power * hours),
                np.where(unknown, np.nan, power * np.exp(rate * tau)))


class Remembered:
    """A trace that is only read: the `history` of a model that shows what has been."""

    def __init__(self, trace: Trace):
        self.site, self.course = trace.site, trace.course

    def segment(self, t_s: float, rows, vehicle) -> None:
        """Known already."""

    def sample(self, t_s: float, model) -> None:
        """Known already."""


def trace_of(history) -> Trace | Remembered | None:
    """What charts read in a model's history: itself, or what it keeps besides; None if there is none."""
    parts = [history]
    while parts:
        part = parts.pop()
        if isinstance(part, (Trace, Remembered)):
            return part
        parts += [also for also in (getattr(part, "also", None), *getattr(part, "told", ())) if also is not None]
    return None


def figures(model, t_s: float) -> np.ndarray:
    """The site's SITE_COLUMNS at `t_s`, exact from now until the model's next event."""
    hub = model.world.hub
    return np.array([t_s, model.site_power(t_s)[0], *(
        getattr(hub, name).item(0) for name in ("import_limit_kw", "export_limit_kw", "price_buy",
                                                "price_sell", "stress")),
        renewable_share_now(model, t_s)])
