"""How much charging the limits leave each until it departs, if all who need energy draw at once.

Under one limit all who draw are scaled alike, in a three-phase network as max-min fair shares of what
they ask for. Such shares fit together, and less fits too; so whoever needs no more hours of full power
than its shares add up to reaches its target, whatever the others do, as long as it is not behind them.
Whoever needs more is pressed: it is counted at the even power that just suffices, before the others,
who share what that leaves.
Base load and production are those of the forecast. Others' charging counts as far as it is of the
same strategy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.grid.lines import Rows
from sim.view import View, full_kw

if TYPE_CHECKING:
    from sim.steps import Steps

LEAST_KW, LEAST_H = 1e-9, 1e-9


def hours_left(view: View, draws: np.ndarray, hours: np.ndarray,
               limits: Limits | None) -> tuple[np.ndarray, np.ndarray]:
    """The hours of full power that each can count on until it departs, (n,), and who is pressed,
    bool (n,): who of `draws`, bool (n,), needs more `hours` (n,) than that. `limits` are the view's."""
    stay = np.maximum(view.deadline - view.t_s, 0.0) / 3600.0
    pressed = draws & (stay < hours)
    if limits is None:
        return stay, pressed
    demand = np.where(draws, full_kw(view), 0.0)
    even = np.where(draws, np.minimum(hours / np.maximum(stay, LEAST_H), 1.0), 0.0)
    while True:
        left = limits.hours(demand, np.where(pressed, even * demand, 0.0))
        late = draws & ~pressed & (left < hours)
        if not late.any():
            return left, pressed
        pressed = pressed | late


class Limits:
    """What the limits of a view leave between `edges` (k + 1,) s: to each zone, kW (k, zones), to the
    site, kW (k, 1), and of stations and transformers to each of their groups: who is in which, int (n,),
    and kW (k, groups)."""

    def __init__(self, view: View, edges: np.ndarray, zone_kw: np.ndarray, site_kw: np.ndarray,
                 tiers: list[tuple[np.ndarray, np.ndarray]]):
        self._view, self._edges = view, edges
        self._span = span = np.diff(edges)[:, None]
        self._zones, self._site = _Supply(zone_kw, span), _Supply(site_kw, span)
        self._tiers = [(group, _Supply(kw, span)) for group, kw in tiers]

    @classmethod
    def of(cls, view: View, planned: bool = False) -> Limits | None:
        """None where nothing limits anyone. With `planned` the site's and the zones' limits do not count,
        only those that plans do not see."""
        room, crowd, now = view.room, view.crowd, view.t_s
        in_zones = not planned and bool(np.isfinite(room.zone_in).any())
        in_site = not planned and bool(np.isfinite(room.site_in))
        if not len(view) or not (in_zones or in_site or room.has_more):
            return None
        end = max(float(view.deadline.max()), now + view.interval_s)
        beyond = room.transformers is not None
        starts = [steps.starts for steps, counts in ((view.base, in_site or beyond),
                                                     (view.production, in_zones or beyond)) if counts]
        inner = np.unique(np.concatenate([*starts, [now]]))
        edges = np.concatenate([[now], inner[(inner > now) & (inner < end)], [end]])
        zone_kw = np.full((len(edges) - 1, len(room.zone_in)), np.inf)
        site_kw = np.full(len(edges) - 1, np.inf)
        if in_zones:
            made = _at(view.production, edges) - view.production.at(now)
            zone_kw = room.zone_in + crowd.drawn_kw + made
        if in_site:
            site_kw = (room.site_in + float(np.sum(crowd.drawn_kw)) + view.base.at(now)
                       - _at(view.base, edges))
        tiers = [(tier.of[view.connector],
                  tier.ahead(view.base.at(now), _at(view.base, edges), view.production.at(now),
                             _at(view.production, edges))) for tier in room.tiers]
        return cls(view, edges, zone_kw, site_kw[:, None], tiers)

    def hours(self, demand: np.ndarray, first: np.ndarray) -> np.ndarray:
        """Hours of full power for each, (n,), if they ask for `demand`, kW AC (n,), of which
        `first` (n,) is served before the rest, until its vehicle departs."""
        view, zones = self._view, len(self._view.room.zone_in)
        rest = np.where(first > 0.0, 0.0, demand)
        zone_rest = np.bincount(view.zone, rest, zones) + view.crowd.demand_kw
        who = np.flatnonzero(first > 0.0)
        leaves = np.maximum(view.deadline[who], self._edges[0])
        due_kws = first[who] * (np.minimum(self._edges[:, None], leaves) - self._edges[0])
        due = _by_group(view.zone[who], zones, due_kws)
        span = self._span
        share = np.minimum(self._zones.share(due, zone_rest),
                           self._site.share(due.sum(1, keepdims=True), zone_rest.sum()))
        column = view.zone
        if view.room.has_more:
            share, column = share[:, view.zone], np.arange(len(view))
            for group, supply in self._tiers:
                groups = supply.kw.shape[1]
                share = np.minimum(share, supply.share(_by_group(group[who], groups, due_kws),
                                                       np.bincount(group, rest, groups))[:, group])
        if view.room.lines is not None:
            share = np.minimum(share, _line_shares(view, rest, first))
        until = np.zeros((len(self._edges), share.shape[1]))
        np.cumsum(share * span, axis=0, out=until[1:])
        leave = np.clip(view.deadline, self._edges[0], self._edges[-1])
        step = np.clip(np.searchsorted(self._edges, leave, side="right") - 1, 0, len(span) - 1)
        return (until[step, column] + share[step, column] * (leave - self._edges[step])) / 3600.0


def _at(steps: Steps, edges: np.ndarray) -> np.ndarray:
    """What a step curve is from each edge (k + 1,) to the next; (k, ...)."""
    at = np.searchsorted(steps.starts, edges[:-1], side="right") - 1
    return steps.values[np.maximum(at, 0)]


def _by_group(group: np.ndarray, groups: int, values: np.ndarray) -> np.ndarray:
    """Sums over members of each group of values (k, n), by `group` (n,); (k, groups)."""
    column = groups * np.arange(len(values))[:, None] + group
    return np.bincount(column.ravel(), values.ravel(), groups * len(values)).reshape(-1, groups)


class _Supply:
    """Power that is there for several, kW (k, m), over steps of `span` (k, 1) s; infinite where nothing
    limits it."""

    def __init__(self, kw: np.ndarray, span: np.ndarray):
        self.kw, self._span, self._endless = kw, span, np.isinf(kw)
        self._limits = not self._endless.all()
        if self._limits:
            self._ahead = np.zeros((len(kw) + 1, kw.shape[1]))
            np.cumsum(np.where(self._endless, 0.0, np.maximum(kw, 0.0)) * span, axis=0, out=self._ahead[1:])

    def share(self, due: np.ndarray, demand: np.ndarray) -> np.ndarray:
        """What share of `demand`, kW (m,), each step has, 0..1 (k, m), when `due`, kWs (k + 1, m) until
        each edge, is served first. What is left unserved is made up for later, so that the rest has what
        the cumulated supply has ever exceeded the cumulated dues by."""
        if not self._limits:
            return np.ones(self.kw.shape)
        free = np.diff(np.maximum.accumulate(self._ahead - due, axis=0), axis=0) / self._span
        return np.where(self._endless, 1.0, np.clip(free / np.maximum(demand, LEAST_KW), 0.0, 1.0))


def _line_shares(view: View, demand: np.ndarray, first: np.ndarray) -> np.ndarray:
    """What share of its `demand`, kW AC (n,), the network has for each beside what is drawn `first`,
    (n,); 0..1. Whoever asks for nothing has all."""
    lines = view.room.lines.beside(view.connector, first, np.zeros(len(view)))
    if not (demand > 0.0).any():
        return np.ones(len(view))
    free = np.full(len(view.room.zone_in), np.inf)
    rows = Rows.of(replace(view, room=replace(view.room, zone_in=free, site_in=np.inf, lines=lines,
                                              stations=None, transformers=None)))
    asked = np.maximum(demand, LEAST_KW)
    return np.where(demand > 0.0, rows.rise(demand, asked) / asked, 1.0)
