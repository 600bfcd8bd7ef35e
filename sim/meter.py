"""The site's meter: net power at the grid, its peaks, and every excess over a limit.

Between events a charging vehicle's power stands or changes as exp(k t), falling on most pieces
of a charge curve (it tapers) and rising on some. Either is convex, so net power is: it falls,
then it rises, and where nothing rises it only falls. Its highest value is just after an event or
just before the next, and its lowest is where it turns.

Summing everyone at every event would make a run quadratic in its size, so the meter keeps running
sums of the powers that stand, and a list of the few vehicles that taper (or rise). What one of
them drew when it was last looked at, or if it rises what it comes to, is a bound on its power;
only where the bound could set a record or break a limit are they evaluated.

Production counts as negative load; it is constant between events. Where someone asks for it
(`integrates`), energies at the grid are integrated in closed form too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf

import numpy as np

from entities.components import NONE
from entities.world import World
from sim.battery import segments
from sim.excess import Spells, crossing

TOLERANCE_KW = 1e-6
ROUNDING = 1e-9


class Meter:
    """Follows one world. `report(kind, t, where, **facts)` is told of every excess: `where` is
    "site" or "zone", and of a zone the facts have its name. `excess` has those of each limit by
    (zone's slot, or NONE for the site; "import" or "export").

    Where `integrates`, these are kWh since the start: `export_kwh`, `surplus_kwh` (production
    beyond base load and charging), `pv_kwh`, `wind_kwh`; where `integrates_net` besides,
    `net_kwh` at the grid (import less export).
    """

    def __init__(self, world: World, report: Callable):
        self._world = world
        self._report = report
        zones = world.zone.slots
        self._steady = [0.0] * zones
        self._fed = [0.0] * zones
        self._tapering = [0.0] * zones
        self._tapers: list[int] = []
        self._position: dict[int, int] = {}
        self._seen = np.zeros(world.vehicle.slots)
        self._zone_of = np.zeros(world.vehicle.slots, np.int64)
        self.peak_import_kw = 0.0
        self.peak_export_kw = 0.0
        self.excess: dict[tuple[int, str], Excess] = {}
        self.integrates = self.integrates_net = False
        self.net_kwh = self.export_kwh = self.surplus_kwh = self.pv_kwh = self.wind_kwh = 0.0
        self._made = [0.0] * zones
        self._pv_kw = self._wind_kw = self._made_kw = 0.0
        self.watch()

    def watch(self) -> None:
        """Look up the limits anew; call when one was changed."""
        hub, zone = self._world.hub, self._world.zone
        limits = [(NONE, "import", hub.import_limit_kw.item(0)),
                  (NONE, "export", hub.export_limit_kw.item(0))]
        for row in zone.rows().tolist():
            limits.append((row, "import", zone.import_limit_kw.item(row)))
            limits.append((row, "export", zone.export_limit_kw.item(row)))
        for of, direction, limit in limits:
            known = self.excess.get((of, direction))
            if known is not None:
                known.limit_kw = limit
            elif limit < inf:
                self.excess[of, direction] = Excess(of, direction, limit)

    def grow(self) -> None:
        """Vehicles were added to the world."""
        more = self._world.vehicle.slots - len(self._seen)
        self._seen = np.append(self._seen, np.zeros(more))
        self._zone_of = np.append(self._zone_of, np.zeros(more, np.int64))

    def produce(self, zones_kw: list[float], pv_kw: float, wind_kw: float) -> None:
        """Production from now on: of each zone, and of the whole site by source."""
        self._made, self._pv_kw, self._wind_kw = zones_kw, pv_kw, wind_kw
        self._made_kw = pv_kw + wind_kw

    def change_one(self, row: int, zone: int, power_kw: float, rate_per_h: float) -> None:
        """Vehicle `row` in `zone` has begun a segment with an AC power and a rate of change."""
        tapers = rate_per_h != 0.0
        if rate_per_h > 0.0:
            power_kw = self._highest(np.array([row])).item()
        before = self._seen.item(row)
        if before < 0.0:
            self._fed[zone] += before
        elif row in self._position:
            self._tapering[zone] -= before
            if not tapers:
                self._drop_taper(row)
        elif before:
            self._steady[zone] -= before
        if power_kw < 0.0:
            self._fed[zone] -= power_kw
        elif tapers:
            self._tapering[zone] += power_kw
            if row not in self._position:
                self._position[row] = len(self._tapers)
                self._tapers.append(row)
        elif power_kw:
            self._steady[zone] += power_kw
        self._seen[row] = power_kw
        self._zone_of[row] = zone

    def refresh(self, t_s: float) -> None:
        """Sum everyone's power at `t_s` anew, so that the tapers' bound is close again."""
        if not self._tapers:
            return
        self.recount(t_s)

    def recount(self, t_s: float) -> None:
        """Sum everyone's power at `t_s` anew, after many have changed."""
        vehicle = self._world.vehicle
        rows = np.flatnonzero(vehicle.power0_kw)
        self._seen[:] = 0.0
        rate = vehicle.rate_per_h[rows]
        power = segments.ac_power_at(vehicle, rows, t_s)
        if (rate > 0.0).any():
            power = np.where(rate > 0.0, self._highest(rows), power)
        self._seen[rows] = power
        self._zone_of[rows] = zone = self._world.connector.zone[vehicle.connector[rows]]
        tapers = rate != 0.0
        zones = len(self._fed)
        self._fed = np.bincount(zone, np.maximum(-power, 0.0), zones).tolist()
        self._tapering = np.bincount(zone, np.where(tapers, power, 0.0), zones).tolist()
        self._steady = np.bincount(
            zone, np.where(tapers, 0.0, np.maximum(power, 0.0)), zones).tolist()
        self._tapers = rows[tapers].tolist()
        self._position = {row: k for k, row in enumerate(self._tapers)}

    def leave(self, since_s: float, t_s: float) -> None:
        """Account for the stretch from the event at `since_s` to the next, at `t_s`."""
        base = self._world.hub.base_kw.item(0) - self._made_kw
        fed = sum(self._fed)
        if self.integrates:
            self._integrate(since_s, t_s, base, fed)
        if base + sum(self._steady) + sum(self._tapering) - fed > self.peak_import_kw:
            self.peak_import_kw = max(self.peak_import_kw, self.net_kw(since_s))
            if self._turn(since_s, t_s) < t_s:
                self.peak_import_kw = max(self.peak_import_kw, self.net_kw(t_s))
        if fed - base > self.peak_export_kw:
            turn_s = self._turn(since_s, t_s)
            self.peak_export_kw = max(self.peak_export_kw, -self.net_kw(turn_s))
        for excess in self.excess.values():
            self._follow(excess, since_s, t_s)

    def bounds(self, t_s: float, ahead_s: float) -> tuple[np.ndarray, np.ndarray]:
        """The most that each zone's vehicles come to draw within `ahead_s` from `t_s` if nobody
        decides anew, and what they feed; kW AC (zones,)."""
        drawn, world, vehicle = np.add(self._steady, self._tapering), self._world, self._world.vehicle
        held = np.flatnonzero((vehicle.power0_kw > 0.0) & (vehicle.power0_kw < (
            1.0 - ROUNDING) * vehicle.setpoint_kw * vehicle.charge_efficiency))
        if len(held):  # their curves may rise beyond the segments that run
            energy = segments.energy_at(vehicle, held, t_s)
            most = np.minimum(vehicle.setpoint_kw[held], segments.highest_limit_ac(
                world, held, energy, ahead_s / 3600.0))
            drawn += np.bincount(self._zone_of[held], np.maximum(most - self._seen[held], 0.0),
                                 len(drawn))
        return drawn, np.array(self._fed)

    def net_kw(self, t_s: float, zone: int = NONE) -> float:
        """Net power of the site (base load included) or of a zone, less what is produced there,
        kW AC, exact from the last change to the next."""
        drawn, fed = self.flows_kw(t_s, zone)
        return drawn - fed + self._load_kw(zone)

    def flows_kw(self, t_s: float, zone: int = NONE) -> tuple[float, float]:
        """What the site's vehicles, or a zone's, draw and feed, each >= 0, kW AC."""
        rows = self._tapers_of(zone)
        zones = range(len(self._fed)) if zone == NONE else [zone]
        tapering = float(segments.ac_power_at(self._world.vehicle, rows, t_s).sum())
        return sum(self._steady[z] for z in zones) + tapering, sum(self._fed[z] for z in zones)

    def _tapers_of(self, zone: int) -> np.ndarray:
        """Vehicles of the site, or of a zone, whose power changes; int (n,)."""
        rows = np.array(self._tapers, np.int64)
        return rows if zone == NONE else rows[self._zone_of[rows] == zone]

    def _highest(self, rows: np.ndarray) -> np.ndarray:
        """What rising segments come to at their end, kW AC (n,)."""
        vehicle = self._world.vehicle
        gain = vehicle.crossing_kwh[rows] - vehicle.energy0_kwh[rows]
        return segments.to_ac(vehicle, rows, vehicle.power0_kw[rows]
                              + vehicle.rate_per_h[rows] * gain)

    def _turn(self, since_s: float, t_s: float, zone: int = NONE) -> float:
        """When between two events the power of a zone, or the site's, stops falling and rises:
        `t_s` if it only falls, `since_s` if it only rises."""
        if not self._tapers:
            return t_s
        rows = self._tapers_of(zone)
        rate = self._world.vehicle.rate_per_h[rows]
        if not (rate > 0.0).any():
            return t_s

        def climbs(t: float) -> float:
            return float((rate * segments.ac_power_at(self._world.vehicle, rows, t)).sum())

        if climbs(since_s) >= 0.0:
            return since_s
        return t_s if climbs(t_s) <= 0.0 else crossing(climbs, t_s, since_s, 0.0)

    def _falls_and_rises(self, since_s: float, t_s: float,
                         zone: int = NONE) -> list[tuple[float, float]]:
        """The stretch between two events, parted where power turns: each part falls or rises."""
        turn_s = self._turn(since_s, t_s, zone)
        if turn_s in (since_s, t_s):
            return [(since_s, t_s)]
        return [(since_s, turn_s), (turn_s, t_s)]

    def _load_kw(self, zone: int = NONE) -> float:
        """What does not come from vehicles: base load less production, or a zone's production."""
        if zone == NONE:
            return self._world.hub.base_kw.item(0) - self._made_kw
        return -self._made[zone]

    def _integrate(self, since_s: float, t_s: float, load: float, fed: float) -> None:
        """Add the energies of a stretch in which only the tapers change."""
        hours = (t_s - since_s) / 3600.0
        steady = sum(self._steady)
        left = fed - load - steady
        if self.integrates_net:
            self.net_kwh += self._tapered_kwh(since_s, t_s) - left * hours
        self.pv_kwh += self._pv_kw * hours
        self.wind_kwh += self._wind_kw * hours
        if left > 0.0:
            for start, end in self._falls_and_rises(since_s, t_s):
                self.export_kwh += self._beyond_tapers(left, start, end)
                if left - fed > 0.0:
                    self.surplus_kwh += self._beyond_tapers(left - fed, start, end)

    def _tapered_kwh(self, since_s: float, t_s: float) -> float:
        """AC energy of tapering vehicles from one time to another: P (exp(k t) - 1) / k."""
        if not self._tapers:
            return 0.0
        rows, vehicle = np.array(self._tapers, np.int64), self._world.vehicle
        rate, hours = vehicle.rate_per_h[rows], (t_s - since_s) / 3600.0
        power = segments.ac_power_at(vehicle, rows, since_s)
        return float((power * np.expm1(rate * hours) / rate).sum())

    def _beyond_tapers(self, left_kw: float, since_s: float, t_s: float) -> float:
        """Energy of the part of `left_kw` that the tapers do not draw while they only fall, or
        only rise, kWh."""
        if not self._tapers:
            return left_kw * (t_s - since_s) / 3600.0
        rows = np.array(self._tapers, np.int64)

        def over(t: float) -> float:
            return float(segments.ac_power_at(self._world.vehicle, rows, t).sum()) - left_kw

        begins, ends = over(since_s), over(t_s)
        if min(begins, ends) >= 0.0:
            return 0.0
        if begins > TOLERANCE_KW:
            since_s = crossing(over, since_s, t_s, TOLERANCE_KW)
        elif ends > TOLERANCE_KW:
            t_s = crossing(over, t_s, since_s, TOLERANCE_KW)
        return left_kw * (t_s - since_s) / 3600.0 - self._tapered_kwh(since_s, t_s)

    def _drop_taper(self, row: int) -> None:
        place, last = self._position.pop(row), self._tapers.pop()
        if last != row:
            self._tapers[place] = last
            self._position[last] = place

    def _follow(self, excess: Excess, since_s: float, t_s: float) -> None:
        if not excess.running and self._bound(excess) <= excess.limit_kw + TOLERANCE_KW:
            return
        sign = 1.0 if excess.direction == "import" else -1.0
        for start, end in self._falls_and_rises(since_s, t_s, excess.zone):
            excess.follow(lambda t: sign * self.net_kw(t, excess.zone) - excess.limit_kw, start, end,
                          TOLERANCE_KW, partial(self._tell, excess))

    def _tell(self, excess: Excess, kind: str, t_s: float, over: float | None = None) -> None:
        limit = excess.limit_kw if excess.limit_kw < inf else None  # it may have been lifted
        facts = {} if over is None else {"over_kw": over}
        facts |= {"direction": excess.direction, "limit_kw": limit}
        if excess.zone == NONE:
            self._report(kind, t_s, "site", **facts)
        else:
            self._report(kind, t_s, "zone", zone=self._world.zone.names[excess.zone], **facts)

    def _bound(self, excess: Excess) -> float:
        zones = range(len(self._fed))
        base = self._load_kw(excess.zone)
        if excess.zone != NONE:
            zones = [excess.zone]
        drawn = sum(self._steady[z] + self._tapering[z] for z in zones)
        fed = sum(self._fed[z] for z in zones)
        return base + drawn - fed if excess.direction == "import" else fed - base


class Excess(Spells):
    """How often, how long, by how much (`worst`, kW) a limit of a zone or the site was exceeded."""

    def __init__(self, zone: int, direction: str, limit_kw: float):
        super().__init__()
        self.zone, self.direction, self.limit_kw = zone, direction, limit_kw
