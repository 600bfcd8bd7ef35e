"""Battery health in the run: samples each hour, a day's ageing each 24 hours, a preview between.

An ageing day is 24 h from the scenario's start. What is sampled is the exact stored energy of
every vehicle, at rest where it is away; air temperature stands for the cells'.
"""

from __future__ import annotations

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
        vehicle = world.vehicle
        self._world = world
        self._ambient_c = ambient_c
        self._rows = vehicle.rows()
        self._fleet = FleetAgeing(vehicle.chemistry[self._rows], vehicle.capacity_kwh[self._rows],
                                  scenario.fleet.ageing)
        self.dod_last_day = np.full(len(self._rows), np.nan)
        self._fleet.begin(*self._state(0.0)[:2])
        self._write()

    def sample(self, t_s: float) -> bool:
        """Take the sample of a full hour; at the 24th the day is over. Whether it is."""
        hours = round(t_s / HOUR_S) % DAY_H or DAY_H
        self._fleet.sample(hours, *self._state(t_s))
        if hours == DAY_H:
            health = self._fleet.end_day()
            self.dod_last_day = health.dod
            vehicle, rows = self._world.vehicle, self._rows
            vehicle.wear_cost[rows] += health.wear_today
            vehicle.v2g_wear_cost[rows] += health.v2g_wear_today
            vehicle.years_left[rows] = health.years_left
            vehicle.outside_tested[rows] |= health.outside_tested_range
            self._write()
        return hours == DAY_H

    def now(self, t_s: float) -> Health:
        """Health of every vehicle at `t_s`, at or after the last sample, in the order of rows;
        changes nothing."""
        return self._fleet.preview(t_s / HOUR_S % DAY_H, *self._state(t_s))

    def _state(self, t_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """SoC, temperature and energy fed so far of every vehicle."""
        vehicle, session, rows = self._world.vehicle, self._world.session, self._rows
        energy = segments.energy_at(vehicle, rows, t_s)
        fed = np.bincount(session.vehicle, session.discharged_kwh, vehicle.slots)[rows].astype(float)
        feeding = vehicle.power0_kw[rows] < 0.0
        fed += np.where(feeding, vehicle.energy0_kwh[rows] - energy, 0.0)
        soc = np.clip(energy / vehicle.capacity_kwh[rows], 0.0, 1.0)
        return soc, np.full(len(rows), self._ambient_c(t_s)), fed

    def _write(self) -> None:
        vehicle, rows, state = self._world.vehicle, self._rows, self._fleet.state
        vehicle.soh[rows] = state.soh
        vehicle.fade_calendar[rows] = state.calendar
        vehicle.fade_cycling[rows] = state.cycling + state.break_in
        vehicle.efc[rows] = state.efc


def running(t_s: float, today: np.ndarray) -> np.ndarray:
    """Today's figures (n,) as of `t_s`, or 0 where the day has just been closed and counted."""
    return today if t_s % DAY_S else np.zeros_like(today)
