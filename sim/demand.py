"""The demand charge: the highest mean import of an interval, each month or over the run.

Intervals begin at the local midnight of the scenario's start and belong to the month in which
they begin, by the start's UTC offset. One that is not over counts with the energy so far.
"""

from __future__ import annotations

import numpy as np

from sim.meter import Meter
from sim.scenario import Scenario
from sim.timing import HOUR_S, moment_at, seconds_after_midnight


def interval_starts(scenario: Scenario, until_s: float) -> np.ndarray:
    """Where the intervals that begin before `until_s` do, s; the one that runs at the start does at 0."""
    step = scenario.tariff.demand_interval
    since = seconds_after_midnight(scenario.start) // step * step - seconds_after_midnight(scenario.start)
    starts = np.arange(since, until_s, step, dtype=float)
    return np.concatenate([[0.0], starts[starts > 0.0]])


def period_of(scenario: Scenario, since_s: float) -> str:
    """The name of the period (2026-01, or the run) of an interval that begins at `since_s`."""
    if scenario.tariff.demand_period == "month":
        return f"{moment_at(since_s, scenario.start):%Y-%m}"
    return "run"


class Demand:
    """Follows one meter, which has to integrate energy."""

    def __init__(self, scenario: Scenario, meter: Meter):
        self._scenario, self._meter = scenario, meter
        self._interval_s = scenario.tariff.demand_interval
        self._since_s, self._energy_kwh = 0.0, 0.0
        self._peaks: dict[str, float] = {}

    def edges(self, until_s: float):
        """The ends of intervals from after the start up to `until_s`, s."""
        starts = interval_starts(self._scenario, until_s + self._interval_s)
        yield from starts[(starts > 0.0) & (starts <= until_s)].tolist()

    def close(self, t_s: float) -> None:
        """An interval ends at `t_s`."""
        self._peaks = self.peaks()
        self._since_s, self._energy_kwh = t_s, self._meter.net_kwh

    def peaks(self) -> dict[str, float]:
        """Highest mean import so far, kW, by the name of its period (2026-01, or the run)."""
        mean = (self._meter.net_kwh - self._energy_kwh) / (self._interval_s / HOUR_S)
        period = period_of(self._scenario, self._since_s)
        return self._peaks | {period: max(self._peaks.get(period, 0.0), mean)}
