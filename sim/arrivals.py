"""Vehicles that come or go otherwise than planned: surges of extra ones, early departures.

Both are drawn by (seed, purpose, how many of its kind came before), so a replay draws the same, and a
branch with other decisions draws the same too. An extra vehicle is like one of the plan and makes one
visit like its.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from entities.components import NONE, Phase, Place
from sim import rng
from sim.timeline import Order

if TYPE_CHECKING:
    from sim.model import Model

LIKE = ("body", "plugs", "ac_charge_kw", "dc_charge_kw", "ac_discharge_kw", "dc_discharge_kw",
        "capacity_kwh", "energy_min_kwh", "battery_max_kw", "battery_rated_kw", "curve",
        "charge_efficiency", "discharge_efficiency", "chemistry", "wear_per_kwh")
"""What an extra vehicle has from the one it is like."""


class Arrivals:
    """Unplanned comings and goings of one model."""

    def __init__(self, model: Model):
        self._model = model
        self._planned = model.world.session.slots
        self._surges = self._leavings = 0

    def like(self, zone: int) -> np.ndarray:
        """Planned visits that extra vehicles in a zone (NONE: anywhere) may be like; rows."""
        world = self._model.world
        session = world.session
        asked = session.requested_connector[:self._planned]
        where = np.where(asked == NONE, session.zone[:self._planned],
                         world.connector.zone[np.maximum(asked, 0)] if len(world.connector) else NONE)
        everyone = np.arange(self._planned)
        here = everyone[where == zone]
        return here if zone != NONE and len(here) else everyone

    def surge(self, count: int, within_s: float, zone: int, stay_s: float | None) -> None:
        """`count` more vehicles come within the next `within_s`, and stay for `stay_s` or as long as
        those they are like."""
        model, world = self._model, self._model.world
        vehicle, session, now = world.vehicle, world.session, model.now_s
        pool = self.like(zone)
        draw = rng.uniforms(model.scenario.seed, rng.Purpose.SURGE, count, 2, self._surges)
        self._surges += 1
        after = pool[(draw[:, 0] * len(pool)).astype(int)]
        arrival = np.minimum(now + draw[:, 1] * within_s, model.duration_s)
        stay = session.departure_s[after] - session.arrival_s[after] if stay_s is None else stay_s
        names = self._names(count)
        twin = session.vehicle[after]
        vehicles = vehicle.add(count, names, energy0_kwh=session.arrival_kwh[after], t0_s=now,
                               **{name: getattr(vehicle, name)[twin] for name in LIKE})
        sessions = session.add(
            count, names, vehicle=vehicles, zone=session.zone[after] if zone == NONE else zone,
            arrival_s=arrival, departure_s=arrival + stay, arrival_kwh=session.arrival_kwh[after],
            target_kwh=session.target_kwh[after])
        model.grow(vehicles)
        for row, at in zip(sessions.tolist(), arrival.tolist()):
            model.timeline.at(at, Order.ARRIVAL, model.stays.receive, row)

    def leaving(self, zone: int) -> np.ndarray:
        """Who is plugged in there now and leaves within the run or later; rows of sessions."""
        world = self._model.world
        vehicle = world.vehicle
        rows = np.flatnonzero(vehicle.place == Place.PLUGGED)
        if zone != NONE:
            rows = rows[world.connector.zone[vehicle.connector[rows]] == zone]
        return np.sort(vehicle.session[rows])

    def leave(self, count: int, within_s: float, zone: int, announced: bool) -> None:
        """`count` of those plugged in leave within the next `within_s`, if they did not plan to before;
        control hears of it if it is `announced`, else when they go."""
        model, session = self._model, self._model.world.session
        rows, now = self.leaving(zone), self._model.now_s
        draw = rng.uniforms(model.scenario.seed, rng.Purpose.LEAVE, session.slots, 2, self._leavings)[rows]
        self._leavings += 1
        chosen = np.sort(np.argsort(draw[:, 0], kind="stable")[:count])
        for row, share in zip(rows[chosen].tolist(), draw[chosen, 1].tolist()):
            at = now + share * within_s
            if at >= session.departure_s.item(row):
                continue
            if announced:
                session.departure_s[row] = at
                model.world.vehicle.deadline_s[session.vehicle.item(row)] = at
            model.timeline.at(at, Order.DEPARTURE, self._go, row)
        if announced:
            model.touch_all()

    def _go(self, event) -> None:
        row, session = event.value, self._model.world.session
        if session.phase.item(row) in (Phase.ACTIVE, Phase.STOPPED):
            session.departure_s[row] = self._model.now_s
            self._model.stays.depart(row)

    def _names(self, count: int) -> list[str]:
        taken, number, names = self._model.world, 0, []
        while len(names) < count:
            number += 1
            name = f"SURGE-{number:02d}"
            if taken.vehicle.find(name) is None and taken.session.find(name) is None:
                names.append(name)
        return names
