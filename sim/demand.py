"""The demand charge: the highest mean import of an interval, each month or over the run.

Intervals begin at the local midnight of the scenario's start and belong to the month in which
they begin, by the start's UTC offset. One that is not over counts with the energy so far.
"""

from __future__ import annotations

from math import ceil

from sim.meter import Meter
from sim.scenario import Scenario
from sim.timing import HOUR_S, moment_at, seconds_after_midnight


class Demand:
    """Follows one meter, which has to integrate energy."""

    def __init__(self, scenario: Scenario, meter: Meter):
        self._scenario, self._meter = scenario, meter
        self._interval_s = scenario.tariff.demand_interval
        self._since_s, self._energy_kwh = 0.0, 0.0
        self._peaks: dict[str, float] = {}

    def edges(self, until_s: float):
        """The ends of intervals from after the start up to `until_s`, s."""
        midnight = -seconds_after_midnight(self._scenario.start)
        first = int(-midnight // self._interval_s) + 1
        for k in range(first, ceil((until_s - midnight) / self._interval_s) + 1):
            edge = midnight + k * self._interval_s
            if 0.0 < edge <= until_s:
                yield edge

    def close(self, t_s: float) -> None:
        """An interval ends at `t_s`."""
        self._peaks = self.peaks()
        self._since_s, self._energy_kwh = t_s, self._meter.net_kwh

    def peaks(self) -> dict[str, float]:
        """Highest mean import so far, kW, by the name of its period (2026-01, or the run)."""
        mean = (self._meter.net_kwh - self._energy_kwh) / (self._interval_s / HOUR_S)
        period = "run"
        if self._scenario.tariff.demand_period == "month":
            period = f"{moment_at(self._since_s, self._scenario.start):%Y-%m}"
        return self._peaks | {period: max(self._peaks.get(period, 0.0), mean)}
