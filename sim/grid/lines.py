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

from entities.components import Reason
from sim.grid import phases
from sim.grid.phases import Network

if TYPE_CHECKING:
    from sim.view import View

ROUNDING = 1e-9
LEAST_KW = 1e-9
"""Less than this is nothing: a limit that is used up leaves only roundings."""


@dataclass(frozen=True, eq=False)
class LineRoom:
    """What a network's limits leave. Connectors that count alike are of one `kind`, int
    (connectors,); `draw` and `feed` are complex (r, kinds), A per kW; `limit` (r,) and `sums` (r,),
    what is granted so far, are A. `winding` (r,) says which rows are those of a transformer. `outward`
    turns it to feeding.
    """

    kind: np.ndarray
    draw: np.ndarray
    feed: np.ndarray
    limit: np.ndarray
    sums: np.ndarray
    winding: np.ndarray
    outward: bool = False

    def beside(self, connector: np.ndarray, drawn: np.ndarray, fed: np.ndarray) -> LineRoom:
        """What is left beside vehicles that draw up to `drawn` and feed `fed`, kW AC (n,)."""
        kind, kinds = self.kind[connector], self.draw.shape[1]
        return replace(self, sums=self.sums
                       + phases.weighted(self.draw, np.bincount(kind, drawn, kinds))
                       + phases.weighted(self.feed, np.bincount(kind, fed, kinds)))

    def tightest(self, connector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How much more each vehicle alone may draw (or feed), kW AC (n,), and the `Reason` that the
        limit is which leaves it no more, (n,)."""
        left = phases.room(self.limit, self.sums, self.feed if self.outward else self.draw)
        reason = np.where(self.winding[left.argmin(0)], Reason.TRANSFORMER, Reason.PHASE_LIMIT)
        return left.min(0)[self.kind[connector]], reason[self.kind[connector]]

    @property
    def kept(self) -> bool:
        """Whether no row is exceeded."""
        return not _over(self.sums, self.limit).any()


def line_room(network: Network, feeds: np.ndarray) -> LineRoom:
    """All the room of a network; `feeds`, bool (n,), says which connectors ever feed."""
    rows, of = network.corners(beside=bool(feeds.any()))
    both = np.concatenate([rows, np.where(feeds, -network.matrix[of], 0.0)]) / network.kw_per_a
    columns, kind = np.unique(both, axis=1, return_inverse=True)
    return LineRoom(kind.ravel(), columns[:len(of)], columns[len(of):], network.limit_a[of],
                    np.zeros(len(of), complex), np.array([kind == "transformer" for kind in network.kinds])[of])


@dataclass(eq=False)
class Rows:
    """All limits that n vehicles meet: complex columns (r, kinds) per kW, the `kind` of each
    vehicle (n,), limits and present sums (r,), which are within them: what others have broken
    counts as a limit that must not get worse."""

    columns: np.ndarray
    kind: np.ndarray
    limit: np.ndarray
    sums: np.ndarray

    @classmethod
    def of(cls, view: View) -> Rows:
        """Those of a view whose room has `lines`: its network, stations, zones, transformers and site."""
        room, lines = view.room, view.room.lines
        zones = np.flatnonzero(np.isfinite(room.zone_in))
        site = np.isfinite(room.site_in)
        alike = lines.kind[view.connector] * len(room.zone_in) + view.zone
        for tier in room.tiers:
            alike = alike * len(tier.into) + tier.of[view.connector]
        found, one, kind = np.unique(alike, return_index=True, return_inverse=True)
        on_lines = (lines.feed if lines.outward else lines.draw)[:, lines.kind[view.connector[one]]]
        in_zone = (view.zone[one] == zones[:, None]).astype(complex)
        in_tiers, tier_kw = [], []
        for tier in room.tiers:
            group = tier.of[view.connector[one]]
            which = np.unique(group[np.isfinite(tier.into[group])])
            in_tiers.append((group == which[:, None]).astype(complex))
            tier_kw.append(tier.into[which])
        plain = np.maximum(np.concatenate([room.zone_in[zones], *tier_kw, [room.site_in] if site else []]), 0.0)
        broken_stays = np.maximum(lines.limit, np.abs(lines.sums))
        return cls(np.concatenate([on_lines, in_zone, *in_tiers, np.ones((int(site), len(found)))]),
                   kind.ravel(), np.append(broken_stays, plain),
                   np.append(lines.sums, np.zeros(len(plain))))

    def fill(self, want: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Give each what it wants, one after the other in `order`, as far as its rows allow."""
        if self._fits(want):
            return want.copy()
        granted = np.zeros(len(want))
        real, imag = self.sums.real.tolist(), self.sums.imag.tolist()
        squares = (self.limit ** 2).tolist()
        entries, kind = _sparse(self.columns), self.kind.tolist()
        for i in order.tolist():
            power, mine = want.item(i), entries[kind[i]]
            if power <= 0.0:
                continue
            for row, x, y, squared in mine:
                a, b = real[row], imag[row]
                along = a * x + b * y
                slack = max(squares[row] - a * a - b * b, 0.0)
                root = (along * along + squared * slack) ** 0.5
                most = slack / (along + root) if along > 0.0 else (root - along) / squared
                if most < power:
                    power = most
                    if power < LEAST_KW:
                        break
            else:
                granted[i] = power
                for row, x, y, _ in mine:
                    real[row] += x * power
                    imag[row] += y * power
        return granted

    def rise(self, want: np.ndarray, rate: np.ndarray) -> np.ndarray:
        """Powers that rise together, each at its own `rate` (n,) > 0, until it has what it wants
        or one of its rows is full. Equal rates give max-min fair powers.

        Only for drawing: the most that powers below a level can make of a limit only grows with
        the level, so that where it is full first it stays full.
        """
        granted = np.zeros(len(want))
        counts = self.columns != 0.0
        open_ = want > 0.0
        filled_at = want / rate
        while open_.any():
            now = Rows(self.columns, self.kind, self.limit, self.sums + self._moved(granted))
            if now._fits(np.where(open_, want, 0.0)):
                return np.where(open_, want, granted)
            stops = np.unique(filled_at[open_])
            low, high = -1, len(stops) - 1
            while high - low > 1:
                middle = (low + high) // 2
                fits = now._fits(np.where(open_, np.minimum(stops[middle] * rate, want), 0.0))
                low, high = (middle, high) if fits else (low, middle)
            rising = open_ & (filled_at >= stops[high])
            full_at = phases.room(
                self.limit, now.sums + self._moved(np.where(open_ & ~rising, want, 0.0)),
                self._moved(np.where(rising, rate, 0.0))[:, None])[:, 0]
            level = full_at.min()
            stop = rising & counts[full_at <= level * (1.0 + ROUNDING)].any(0)[self.kind]
            granted[stop] = np.minimum(level * rate, want)[stop]
            open_ &= ~stop
        return granted

    def deal(self, want: np.ndarray, step: float, order: np.ndarray) -> np.ndarray:
        """Steps of `step` kW dealt in turns in `order`, the last of each what it still wants,
        until the next step of each would not fit. Only for drawing."""
        levels = np.ceil(want / step - ROUNDING).astype(np.int64)
        granted = np.zeros(len(want))
        open_ = levels > 0

        def at(level: int) -> np.ndarray:
            return np.where(open_, np.minimum(level * step, want), granted)

        low = 0
        while open_.any():
            high = int(levels[open_].max())
            if self._fits(at(high)):
                return at(high)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._fits(at(middle)) else (low, middle)
            here = at(low)
            more = self._whole_steps(here, at(low + 1) - here, order)
            stop = open_ & (levels > low) & ~more
            granted[stop] = here[stop]
            open_ &= ~stop
            if not stop.any():  # it is over by a rounding alone
                low += 1
                done = open_ & (levels <= low)
                granted[done] = want[done]
                open_ &= ~done
        return granted

    def _whole_steps(self, here: np.ndarray, step: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Who of `order` can have all of its step (n,) kW beside `here` (n,), one after the
        other; bool (n,). Who counts in no row that all steps together would break goes first."""
        tight = _over(self.sums + self._moved(here + step), self.limit)
        asks = (step > 0.0) & (self.columns[tight] != 0.0).any(0)[self.kind]
        had = (step > 0.0) & ~asks
        if not self._fits(here + np.where(had, step, 0.0)):
            asks, had = step > 0.0, np.zeros(len(step), bool)
        sums = self.sums + self._moved(here + np.where(had, step, 0.0))
        real, imag = sums.real.tolist(), sums.imag.tolist()
        bound = ((self.limit * (1.0 + ROUNDING) + ROUNDING) ** 2).tolist()
        entries = _sparse(self.columns)
        for i in order[asks[order]].tolist():
            power, mine = step.item(i), entries[self.kind.item(i)]
            if all((real[row] + x * power) ** 2 + (imag[row] + y * power) ** 2 <= bound[row]
                   for row, x, y, _ in mine):
                had[i] = True
                for row, x, y, _ in mine:
                    real[row] += x * power
                    imag[row] += y * power
        return had

    def _moved(self, kw: np.ndarray) -> np.ndarray:
        return phases.weighted(self.columns, np.bincount(self.kind, kw, self.columns.shape[1]))

    def _fits(self, kw: np.ndarray) -> bool:
        return not _over(self.sums + self._moved(kw), self.limit).any()


def _over(sums: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return np.abs(sums) > limit * (1.0 + ROUNDING) + ROUNDING


def _sparse(columns: np.ndarray) -> list[list[tuple[int, float, float, float]]]:
    """Of each kind, (row, real, imaginary, squared) of what it counts with."""
    entries: list[list] = [[] for _ in range(columns.shape[1])]
    kind, row = np.nonzero(columns.T)
    value = columns[row, kind]
    for k, *entry in zip(kind.tolist(), row.tolist(), value.real.tolist(), value.imag.tolist(),
                         (np.abs(value) ** 2).tolist()):
        entries[k].append(tuple(entry))
    return entries
