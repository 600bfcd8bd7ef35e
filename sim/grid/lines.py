"""What a three-phase network leaves to vehicles, and powers granted within all limits at once.

A network's limit is a disk for a sum of phasors, a zone's or the site's an interval for a sum of
powers. Both are rows |sums + columns @ kW| <= limit, and the three ways of granting power in
`Rows` know nothing else. What is granted holds until the next decision: charging may fall to any
power below it, each its own way, and feeding stands, so rows are those of `Network.corners`,
which hold the largest sum that can come of that. This is exact: no corner is out of reach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.grid import phases
from sim.grid.phases import Network

if TYPE_CHECKING:
    from sim.control import View

ROUNDING = 1e-9
LEAST_KW = 1e-9
"""Less than this is nothing: a limit that is used up leaves only roundings."""


@dataclass(frozen=True, eq=False)
class LineRoom:
    """What a network's limits leave. `draw` and `feed` are complex (r, connectors), A per kW;
    `limit` (r,) and `sums` (r,), what is granted so far, are A. `outward` turns it to feeding.
    """

    draw: np.ndarray
    feed: np.ndarray
    limit: np.ndarray
    sums: np.ndarray
    outward: bool = False

    def beside(self, connector: np.ndarray, drawn: np.ndarray, fed: np.ndarray) -> LineRoom:
        """What is left beside vehicles that draw up to `drawn` and feed `fed`, kW AC (n,)."""
        more = self.draw[:, connector] @ drawn
        if fed.any():
            more = more + self.feed[:, connector] @ fed
        return replace(self, sums=self.sums + more)

    def columns(self, connector: np.ndarray) -> np.ndarray:
        """What a kW more of each vehicle adds; complex (r, n)."""
        return (self.feed if self.outward else self.draw)[:, connector]

    def left(self, connector: np.ndarray) -> np.ndarray:
        """How much more each vehicle alone may draw (or feed), kW AC (n,)."""
        return phases.room(self.limit, self.sums, self.columns(connector)).min(0)

    @property
    def kept(self) -> bool:
        """Whether no row is exceeded."""
        return not _over(self.sums, self.limit).any()


def line_room(network: Network, feeds: np.ndarray) -> LineRoom:
    """All the room of a network; `feeds`, bool (n,), says which connectors ever feed."""
    rows, of = network.corners(beside=bool(feeds.any()))
    fed = np.where(feeds, network.matrix[of], 0.0)
    return LineRoom(rows / network.kw_per_a, -fed / network.kw_per_a, network.limit_a[of],
                    np.zeros(len(of), complex))


@dataclass(eq=False)
class Rows:
    """All limits that n vehicles meet: complex columns (r, n) per kW, limits and present sums
    (r,). `sums` moves along as power is granted."""

    columns: np.ndarray
    limit: np.ndarray
    sums: np.ndarray

    @classmethod
    def of(cls, view: View) -> Rows:
        """Those of a view whose room has `lines`: its network, its zones, its site."""
        room, lines = view.room, view.room.lines
        zones = np.flatnonzero(np.isfinite(room.zone_in))
        plain = [view.zone == zone for zone in zones.tolist()]
        limits = room.zone_in[zones].tolist()
        if np.isfinite(room.site_in):
            plain.append(np.ones(len(view), bool))
            limits.append(room.site_in)
        columns = lines.columns(view.connector)
        if plain:
            columns = np.concatenate([columns, np.array(plain, complex)])
        return cls(columns, np.append(lines.limit, np.maximum(limits, 0.0)),
                   np.append(lines.sums, np.zeros(len(plain))))

    def fill(self, want: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Give each what it wants, one after the other in `order`, as far as its rows allow."""
        if self._fits(want):
            return want.copy()
        granted = np.zeros(len(want))
        real, imag = self.sums.real.tolist(), self.sums.imag.tolist()
        squares = (self.limit ** 2).tolist()
        entries = _sparse(self.columns)
        for i in order.tolist():
            power = want.item(i)
            if power <= 0.0:
                continue
            for row, x, y, squared in entries[i]:
                a, b = real[row], imag[row]
                along = a * x + b * y
                slack = max(squares[row] - a * a - b * b, 0.0)
                root = (along * along + squared * slack) ** 0.5
                most = slack / (along + root) if along > 0.0 else (root - along) / squared
                if most < power:
                    power = most
                    if power < LEAST_KW:
                        break
            if power >= LEAST_KW:
                granted[i] = power
                for row, x, y, _ in entries[i]:
                    real[row] += x * power
                    imag[row] += y * power
        return granted

    def rise(self, want: np.ndarray, rate: np.ndarray) -> np.ndarray:
        """Powers that rise together, each at its own `rate` (n,) > 0, until it has what it wants
        or one of its rows is full. Equal rates give max-min fair powers.

        Only for drawing: the most that powers below a level can make of a row only grows with
        the level, so that the first level at which a row is full is where it stays full.
        """
        granted = np.zeros(len(want))
        closed = _over(self.sums, self.limit)
        open_ = (want > 0.0) & ~(self.columns[closed] != 0.0).any(0)
        filled_at = want / rate
        while open_.any():
            rising = np.flatnonzero(open_)
            rising = rising[np.argsort(filled_at[rising], kind="stable")]
            level, first, tight = self._first_full(self.columns[:, rising], want[rising],
                                                   rate[rising], filled_at[rising])
            if first == len(rising):
                granted[rising] = want[rising]
                break
            stop = rising[first:]
            stop = stop[(self.columns[np.ix_(tight, stop)] != 0.0).any(0)]
            granted[stop] = np.minimum(level * rate[stop], want[stop])
            self.sums = self.sums + self.columns[:, stop] @ granted[stop]
            open_[stop] = False
        return granted

    def deal(self, want: np.ndarray, step: float, order: np.ndarray) -> np.ndarray:
        """Steps of `step` kW dealt in turns in `order`, the last of each what it still wants,
        until the next step of each would not fit. Only for drawing."""
        levels = np.ceil(want / step - ROUNDING).astype(np.int64)
        granted = np.zeros(len(want))
        open_ = levels > 0

        def at(level: int) -> np.ndarray:
            return np.where(open_, np.minimum(level * step, want), 0.0)

        while open_.any():
            low, high = 0, int(levels[open_].max())
            if self._fits(at(high)):
                return np.where(open_, want, granted)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._fits(at(middle)) else (low, middle)
            here, above = at(low), at(low + 1)
            turn = Rows(self.columns, self.limit, self.sums + self.columns @ here)
            more = turn._whole_steps(above - here, order)
            stop = open_ & (levels > low) & ~more
            granted[stop] = here[stop]
            self.sums = self.sums + self.columns[:, stop] @ here[stop]
            open_ &= ~stop
        return granted

    def _whole_steps(self, step: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Who of `order` can have all of its step (n,) kW, one after the other; bool (n,)."""
        had = np.zeros(len(step), bool)
        real, imag = self.sums.real.tolist(), self.sums.imag.tolist()
        bound = ((self.limit * (1.0 + ROUNDING) + ROUNDING) ** 2).tolist()
        entries = _sparse(self.columns)
        for i in order.tolist():
            power = step.item(i)
            if power > 0.0 and all((real[row] + x * power) ** 2 + (imag[row] + y * power) ** 2
                                   <= bound[row] for row, x, y, _ in entries[i]):
                had[i] = True
                for row, x, y, _ in entries[i]:
                    real[row] += x * power
                    imag[row] += y * power
        return had

    def _fits(self, kw: np.ndarray) -> bool:
        return not _over(self.sums + self.columns @ kw, self.limit).any()

    def _first_full(self, columns: np.ndarray, want: np.ndarray, rate: np.ndarray,
                    filled_at: np.ndarray) -> tuple[float, int, np.ndarray]:
        """The level at which the first row is full, how many of the vehicles, in the order of
        `filled_at`, have all they want by then, and which rows are full; the number of vehicles
        if none gets full."""
        wanted, rates = columns * want, columns * rate
        done = np.cumsum(wanted, 1) - wanted + self.sums[:, None]
        rising = rates.sum(1, keepdims=True) - (np.cumsum(rates, 1) - rates)
        counts = (columns != 0.0).any(1)
        over = _over(done + filled_at * rising, self.limit[:, None])[counts].any(0)
        if not over.any():
            return np.inf, len(want), counts
        first = int(np.argmax(over))
        full_at = phases.room(self.limit, done[:, first], rising[:, first:first + 1])[:, 0]
        full_at[~counts] = np.inf
        level = full_at.min()
        return level, first, full_at <= level * (1.0 + ROUNDING)


def _over(sums: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return np.abs(sums) > limit * (1.0 + ROUNDING) + ROUNDING


def _sparse(columns: np.ndarray) -> list[list[tuple[int, float, float, float]]]:
    """Of each vehicle, (row, real, imaginary, squared) of what it counts with."""
    entries: list[list] = [[] for _ in range(columns.shape[1])]
    vehicle, row = np.nonzero(columns.T)
    value = columns[row, vehicle]
    for i, *entry in zip(vehicle.tolist(), row.tolist(), value.real.tolist(), value.imag.tolist(),
                         (np.abs(value) ** 2).tolist()):
        entries[i].append(entry)
    return entries
