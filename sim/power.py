"""Who moves what power: segments begin, their energy and money is booked, meter and connectors
are told.

Nothing else writes segment columns. Every segment is settled (booked up to now, at the price
that held) before another begins.
"""

from __future__ import annotations

import numpy as np

from entities.components import Reason
from entities.world import World
from sim.battery import segments
from sim.meter import Meter
from sim.connectors import Connectors
from sim.reasons import Reasons
from sim.timeline import Order, Timeline

_FEW = 6
"""Below this many rows, plain floats are faster than numpy."""


class Power:
    """The moving part of one world. `buy` and `sell` are the prices that hold now, and `marginal`
    what a kWh more causes (kg/kWh; None: nobody asks for carbon); segments
    that end by `window_s` get an event that calls `on_crossing`; who is found charged to its
    target when it is settled is reported to `on_target(session)`; `version` counts changes.
    `reasons` has why each power is what it is."""

    def __init__(self, world: World, timeline: Timeline, meter: Meter, connectors: Connectors,
                 on_crossing, on_target, history=None):
        self.world = world
        self.connectors = connectors
        self.timeline = timeline
        self.meter = meter
        self.reasons = Reasons(world, timeline)
        self.buy = self.sell = 0.0
        self.marginal: float | None = None
        self.window_s = 0.0
        self.version = 0
        self._on_crossing = on_crossing
        self._on_target = on_target
        self._history = history

    def watch_crossings(self, until_s: float) -> None:
        """Give an event to every segment that ends by `until_s`; later ones get theirs as they
        begin, or at the next call."""
        self.window_s = until_s
        ends = self.world.vehicle.crossing_s
        for row in np.flatnonzero((ends >= self.timeline.now) & (ends <= until_s)).tolist():
            self.timeline.at(ends.item(row), Order.CROSSING, self._on_crossing, row)

    def tell(self, history) -> None:
        """Tell another history (None: nobody) of segments from now on."""
        self._history = history

    def moving(self) -> np.ndarray:
        """Vehicles whose power is not zero, int (n,)."""
        return np.flatnonzero(self.world.vehicle.power0_kw)

    def begin(self, vehicle: int, energy: float, setpoint: float) -> None:
        """Start a new segment for one vehicle."""
        world, vehicles = self.world, self.world.vehicle
        crossing = segments.begin_one(world, vehicle, self.timeline.now, energy, setpoint)
        power = vehicles.power0_kw.item(vehicle)
        if power > 0.0:
            power /= vehicles.charge_efficiency.item(vehicle)
        elif power:
            power *= vehicles.discharge_efficiency.item(vehicle)
        session = vehicles.session.item(vehicle)
        if abs(power) > world.session.peak_kw.item(session):
            world.session.peak_kw[session] = abs(power)
        zone = world.connector.zone.item(vehicles.connector.item(vehicle))
        self.meter.change_one(vehicle, zone, power, vehicles.rate_per_h.item(vehicle))
        if crossing <= self.window_s:
            self.timeline.at(crossing, Order.CROSSING, self._on_crossing, vehicle)
        if not power and setpoint > 0.0 and energy >= vehicles.target_kwh.item(vehicle):
            self.reasons.put_one(vehicle, Reason.TARGET)
        self.connectors.follow_one(vehicle, power, energy)
        if self._history is not None:
            self._history.segment(self.timeline.now, vehicle, vehicles)
        self.version += 1

    def rest(self, vehicle: int, energy: float) -> None:
        """End a vehicle's segments: it is about to leave with the stored energy, kWh."""
        vehicles = self.world.vehicle
        moves = vehicles.power0_kw.item(vehicle) != 0.0
        segments.begin_one(self.world, vehicle, self.timeline.now, energy, 0.0)
        if moves:
            connector = vehicles.connector.item(vehicle)
            self.meter.change_one(vehicle, self.world.connector.zone.item(connector), 0.0, 0.0)
        if self._history is not None:
            self._history.segment(self.timeline.now, vehicle, vehicles)
        self.version += 1

    def restart(self, rows: np.ndarray, energy: np.ndarray, setpoint: np.ndarray) -> None:
        """`begin` for many vehicles at once; arrays of shape (n,)."""
        if len(rows) < _FEW:
            for row, stored, power in zip(rows.tolist(), energy.tolist(), setpoint.tolist()):
                self.begin(row, stored, power)
            return
        world, vehicles, now = self.world, self.world.vehicle, self.timeline.now
        segments.begin(world, rows, now, energy, setpoint)
        power = segments.to_ac(vehicles, rows, vehicles.power0_kw[rows])
        session = vehicles.session[rows]
        world.session.peak_kw[session] = np.maximum(world.session.peak_kw[session], np.abs(power))
        self.meter.recount(now)
        crossing = vehicles.crossing_s[rows]
        for row in rows[crossing <= self.window_s].tolist():
            self.timeline.at(vehicles.crossing_s.item(row), Order.CROSSING, self._on_crossing, row)
        self.connectors.follow(rows, power, energy)
        done = (setpoint > 0.0) & (energy >= vehicles.target_kwh[rows])
        if done.any():
            self.reasons.put(rows[done], Reason.TARGET)
        if self._history is not None:
            self._history.segment(now, rows, vehicles)
        self.version += 1

    def settle_one(self, vehicle: int) -> float:
        """Book one vehicle's running segment up to now; returns its stored energy, kWh."""
        vehicles, session = self.world.vehicle, self.world.session
        power = vehicles.power0_kw.item(vehicle)
        start = vehicles.energy0_kwh.item(vehicle)
        if not power:
            return start
        row = vehicles.session.item(vehicle)
        energy = segments.energy_of_one(vehicles, vehicle, self.timeline.now)
        if power > 0.0:
            moved = energy - start
            moved_ac = moved / vehicles.charge_efficiency.item(vehicle)
            session.charged_kwh[row] += moved
            session.charged_ac_kwh[row] += moved_ac
            session.cost[row] += moved_ac * self.buy
            rate = vehicles.rate_per_h.item(vehicle)
            if rate > 0.0:  # it drew most at its end
                peak = (power + rate * moved) / vehicles.charge_efficiency.item(vehicle)
                session.peak_kw[row] = max(session.peak_kw.item(row), peak)
            if self.marginal is not None:
                session.co2_drawn_kg[row] += moved_ac * self.marginal
            if energy >= vehicles.target_kwh.item(vehicle):
                self._on_target(row)
        else:
            moved = start - energy
            moved_ac = moved * vehicles.discharge_efficiency.item(vehicle)
            session.discharged_kwh[row] += moved
            session.discharged_ac_kwh[row] += moved_ac
            session.revenue[row] += moved_ac * self.sell
            if self.marginal is not None:
                session.co2_fed_kg[row] += moved_ac * self.marginal
        return energy

    def settle(self, rows: np.ndarray) -> np.ndarray:
        """`settle_one` for many vehicles at once; stored energies, kWh (n,)."""
        if len(rows) < _FEW:
            return np.array([self.settle_one(row) for row in rows.tolist()])
        vehicles, session = self.world.vehicle, self.world.session
        energy = segments.energy_at(vehicles, rows, self.timeline.now)
        moved = energy - vehicles.energy0_kwh[rows]
        moved_ac = segments.to_ac(vehicles, rows, moved)
        drawn, fed = np.maximum(moved_ac, 0.0), np.maximum(-moved_ac, 0.0)
        row = vehicles.session[rows]
        session.charged_kwh[row] += np.maximum(moved, 0.0)
        session.discharged_kwh[row] += np.maximum(-moved, 0.0)
        session.charged_ac_kwh[row] += drawn
        session.discharged_ac_kwh[row] += fed
        rate = vehicles.rate_per_h[rows]
        if (rate > 0.0).any():  # they drew most at their end
            peak = segments.to_ac(vehicles, rows, vehicles.power0_kw[rows] + rate * moved)
            session.peak_kw[row] = np.maximum(session.peak_kw[row], np.where(rate > 0.0, peak, 0.0))
        session.cost[row] += drawn * self.buy
        session.revenue[row] += fed * self.sell
        if self.marginal is not None:
            session.co2_drawn_kg[row] += drawn * self.marginal
            session.co2_fed_kg[row] += fed * self.marginal
        for reached in row[(moved > 0.0) & (energy >= vehicles.target_kwh[rows])].tolist():
            self._on_target(reached)
        return energy
