"""Every excess over what stations and kept transformers carry.

Between two events each power only falls or only rises and is convex, so a group's net import is highest
just after an event or just before the next. Net export is followed apart where the turn of its power
lies in between, and only where a bound says that it could be at stake.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from entities.world import World
from sim.battery import segments
from sim.capacity import Capacity
from sim.excess import Spells, crossing
from sim.meter import TOLERANCE_KW


class Limit(NamedTuple):
    """One limit: `where` is "station" or "transformer", `group` its place among them, `name` that of
    the station or feeder, `direction` import or export."""

    where: str
    group: int
    name: str
    direction: str


class CapacityMeter:
    """Follows one world. `report(kind, t, where, **facts)` is told of every excess; `excess` has the
    spells of each `Limit`."""

    def __init__(self, world: World, capacity: Capacity, report: Callable):
        self._world, self._capacity, self._report = world, capacity, report
        tiers = []
        if capacity.stations() is not None:
            rows = capacity.station_rows
            tiers.append(("station", capacity.stations().of, [world.station.names[k] for k in rows.tolist()]))
        if capacity.keeps_transformers:
            tier = capacity.behind_transformers(*[np.zeros(world.zone.slots + 1)] * 2)
            tiers.append(("transformer", tier.of, world.feeder.names))
        self._of = {where: of for where, of, _ in tiers}
        self._names = {where: list(names) for where, _, names in tiers}
        self.excess = {Limit(where, group, name, direction): Spells()
                       for where, _, names in tiers for group, name in enumerate(names)
                       for direction in ("import", "export")}
        self._running: set[Limit] = set()

    def leave(self, since_s: float, t_s: float) -> None:
        """Account for the stretch from the event at `since_s` to the next, at `t_s`."""
        vehicle = self._world.vehicle
        rows = np.flatnonzero(vehicle.power0_kw)
        at = vehicle.connector[rows]
        begins = segments.ac_power_at(vehicle, rows, since_s)
        tapers = bool(vehicle.rate_per_h[rows].any())
        ends = segments.ac_power_at(vehicle, rows, t_s) if tapers else begins
        for where, of in self._of.items():
            count, group = len(self._names[where]) + 1, of[at]
            load, most = self._load_and_limit(where)
            bound = {"import": np.maximum(np.bincount(group, begins, count),
                                          np.bincount(group, ends, count))[:-1] + load,
                     "export": -np.bincount(group, np.minimum(begins, ends), count)[:-1] - load}
            for direction, kw in bound.items():
                at_stake = {Limit(where, k, self._names[where][k], direction)
                            for k in np.flatnonzero(kw > most + TOLERANCE_KW).tolist()}
                at_stake |= {limit for limit in self._running if limit[::3] == (where, direction)}
                for limit in sorted(at_stake):
                    k = limit.group
                    self._follow(limit, rows[group == k], load.item(k), most.item(k), since_s, t_s)
                    running = self.excess[limit].running
                    (self._running.add if running else self._running.discard)(limit)

    def exceeded(self, t_s: float) -> list[tuple[Limit, float, float]]:
        """(limit, what it carries, what it may), kW, of each that is exceeded at `t_s`, from now until
        the next event."""
        vehicle, found = self._world.vehicle, []
        rows = np.flatnonzero(vehicle.power0_kw)
        power = segments.ac_power_at(vehicle, rows, t_s)
        for where, of in self._of.items():
            load, most = self._load_and_limit(where)
            net = np.bincount(of[vehicle.connector[rows]], power, len(most) + 1)[:-1] + load
            for k in np.flatnonzero(np.abs(net) > most + TOLERANCE_KW).tolist():
                direction = "import" if net[k] > 0.0 else "export"
                found.append((Limit(where, k, self._names[where][k], direction), abs(net.item(k)), most.item(k)))
        return found

    def spells(self, where: str, name: str) -> list[Spells]:
        """Those of one station or feeder, both directions; none if it has no limit."""
        return [spells for limit, spells in self.excess.items() if (limit.where, limit.name) == (where, name)]

    def _load_and_limit(self, where: str) -> tuple[np.ndarray, np.ndarray]:
        """What groups carry besides vehicles, and what they may carry; kW (groups,) each."""
        capacity = self._capacity
        if where == "station":
            return np.zeros(len(capacity.station_rows)), capacity.station_kw[capacity.station_rows]
        return capacity.load_kw(capacity.made_kw())[:-1], capacity.rating_kw

    def _follow(self, limit: Limit, rows: np.ndarray, load: float, most: float, since_s: float,
                t_s: float) -> None:
        vehicle = self._world.vehicle
        sign = 1.0 if limit.direction == "import" else -1.0

        def over(t: float) -> float:
            return sign * (float(segments.ac_power_at(vehicle, rows, t).sum()) + load) - most

        def climbs(t: float) -> float:
            return float((vehicle.rate_per_h[rows] * segments.ac_power_at(vehicle, rows, t)).sum())

        edges = [since_s, t_s]
        if climbs(since_s) < 0.0 < climbs(t_s):
            edges.insert(1, crossing(climbs, t_s, since_s, 0.0))
        for start, end in zip(edges[:-1], edges[1:]):
            self.excess[limit].follow(over, start, end, TOLERANCE_KW, partial(self._tell, limit, most))

    def _tell(self, limit: Limit, most: float, kind: str, t_s: float, over: float | None = None) -> None:
        named = {"station": limit.name} if limit.where == "station" else {
            "feeder": limit.name, "transformer": self._capacity.transformers[limit.group]}
        facts = {} if over is None else {"over_kw": over}
        self._report(kind, t_s, limit.where, **named, **facts, direction=limit.direction, limit_kw=most)
