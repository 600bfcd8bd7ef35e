"""Battery health in the run: samples each hour, a day's ageing each 24 hours, a preview between.

An ageing day is 24 h from the scenario's start. What is sampled is the exact stored energy of
every vehicle, at rest where it is away; air temperature stands for the cells'.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from entities.world import World
from sim.battery import segments
from sim.battery.ageing.day import DAY_H
from sim.battery.ageing.fleet import FleetAgeing, Health
from sim.scenario import Scenario
from sim.timing import DAY_S, HOUR_S


class FleetHealth:
    """Ages the vehicles of one world; their health columns hold the last whole day's end.
    `dod_last_day` is that day's depth of discharge (vehicles,), NaN before the first."""

    def __init__(self, world: World, scenario: Scenario, ambient_c):
        self._world = world
        self._ambient_c = ambient_c
        self._settings = scenario.fleet.ageing
        self._cohorts: list[tuple[np.ndarray, FleetAgeing]] = []
        self.dod_last_day = np.zeros(0)
        self.grow(world.vehicle.rows(), 0.0)

    def grow(self, rows: np.ndarray, t_s: float) -> None:
        """Vehicles were added at `t_s`. They have rested as they are since the ageing day began."""
        vehicle = self._world.vehicle
        fleet = FleetAgeing(vehicle.chemistry[rows], vehicle.capacity_kwh[rows], self._settings)
        soc, _, fed = self._state(rows, t_s)
        hours = int(t_s / HOUR_S % DAY_H)
        dawn_s = (t_s // HOUR_S - hours) * HOUR_S
        fleet.begin(soc, np.full(len(rows), self._ambient_c(dawn_s)))
        for hour in range(1, hours + 1):
            fleet.sample(hour, soc, np.full(len(rows), self._ambient_c(dawn_s + hour * HOUR_S)), fed)
        self._cohorts.append((rows, fleet))
        self.dod_last_day = np.append(self.dod_last_day, np.full(len(rows), np.nan))
        self._write(rows, fleet)

    def sample(self, t_s: float) -> bool:
        """Take the sample of a full hour; at the 24th the day is over. Whether it is."""
        hours = round(t_s / HOUR_S) % DAY_H or DAY_H
        depths = []
        for rows, fleet in self._cohorts:
            fleet.sample(hours, *self._state(rows, t_s))
            if hours == DAY_H:
                health = fleet.end_day()
                depths.append(health.dod)
                vehicle = self._world.vehicle
                vehicle.wear_cost[rows] += health.wear_today
                vehicle.v2g_wear_cost[rows] += health.v2g_wear_today
                vehicle.years_left[rows] = health.years_left
                vehicle.outside_tested[rows] |= health.outside_tested_range
                self._write(rows, fleet)
        if hours == DAY_H:
            self.dod_last_day = np.concatenate(depths)
        return hours == DAY_H

    def now(self, t_s: float) -> Health:
        """Health of every vehicle at `t_s`, at or after the last sample, in the order of rows;
        changes nothing."""
        each = [fleet.preview(t_s / HOUR_S % DAY_H, *self._state(rows, t_s))
                for rows, fleet in self._cohorts]
        if len(each) == 1:
            return each[0]
        return Health(**{field.name: np.concatenate([getattr(health, field.name) for health in each])
                         for field in fields(Health)})

    def _state(self, rows: np.ndarray, t_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """SoC, temperature and energy fed so far of vehicles."""
        vehicle, session = self._world.vehicle, self._world.session
        energy = segments.energy_at(vehicle, rows, t_s)
        fed = np.bincount(session.vehicle, session.discharged_kwh, vehicle.slots)[rows].astype(float)
        feeding = vehicle.power0_kw[rows] < 0.0
        fed += np.where(feeding, vehicle.energy0_kwh[rows] - energy, 0.0)
        soc = np.clip(energy / vehicle.capacity_kwh[rows], 0.0, 1.0)
        return soc, np.full(len(rows), self._ambient_c(t_s)), fed

    def _write(self, rows: np.ndarray, fleet: FleetAgeing) -> None:
        vehicle, state = self._world.vehicle, fleet.state
        vehicle.soh[rows] = state.soh
        vehicle.fade_calendar[rows] = state.calendar
        vehicle.fade_cycling[rows] = state.cycling + state.break_in
        vehicle.efc[rows] = state.efc


def running(t_s: float, today: np.ndarray) -> np.ndarray:
    """Today's figures (n,) as of `t_s`, or 0 where the day has just been closed and counted."""
    return today if t_s % DAY_S else np.zeros_like(today)
