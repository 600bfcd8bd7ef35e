"""A day's stressors, gathered sample by sample, for n vehicles at once.

BLAST-Lite looks at 25 hourly points a day. `begin` takes the first, each `extend` one more,
and nothing but running sums is kept: a fleet needs no record of the day, and what has
accrued so far costs one further `extend` to the present moment.

What is gathered follows BLAST: throughput and depth from the samples; the C-rate from the
per-step rates |dSoC|/dt, which stand at the steps' ends and are integrated by the trapezoid
rule from the first step's end on, those below 0.01/h counting as 0; calendar and temperature
rates by the trapezoid rule over all points.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.battery.ageing.cell import Cell
from sim.battery.ageing.laws import KELVIN

DAY_H = 24.0
STORAGE_RATE = 0.01
"""Rates below this, 1/h, count as storage (BLAST-Lite)."""


@dataclass(frozen=True, slots=True)
class Day:
    """Stressors from the day's beginning until `hours` later; arrays (n,), rates (m, n).

    soc, celsius: the last sample. travel: sum of |dSoC|. rate_hours: integral of |dSoC/dt|, the C-rate times hours.
    charge_c, discharge_c: fastest step each way, 1/h. rates: the cell's rates at the last
    sample, rate_sums their integrals over the hours.
    """

    hours: float
    soc: np.ndarray
    celsius: np.ndarray
    soc_low: np.ndarray
    soc_high: np.ndarray
    travel: np.ndarray
    step_rate: np.ndarray
    rate_hours: np.ndarray
    charge_c: np.ndarray
    discharge_c: np.ndarray
    coldest: np.ndarray
    warmest: np.ndarray
    rates: np.ndarray
    rate_sums: np.ndarray

    @property
    def dod(self) -> np.ndarray:
        """Depth of discharge: highest less lowest SoC, (n,)."""
        return self.soc_high - self.soc_low

    @property
    def c_rate(self) -> np.ndarray:
        """Mean |dSoC/dt| over the whole day, 1/h, (n,); hours to come count as rest."""
        return self.rate_hours / max(self.hours, DAY_H)

    @property
    def mean_rates(self) -> np.ndarray:
        """Time averages of the cell's rates over the hours so far, (m, n)."""
        return self.rate_sums / self.hours if self.hours > 0.0 else self.rates


def begin(cell: Cell, soc: np.ndarray, celsius: np.ndarray) -> Day:
    """A day's first sample: SoC 0..1 and temperature in Celsius, both (n,)."""
    zero = np.zeros_like(soc)
    rates = cell.rates(soc, celsius + KELVIN)
    return Day(0.0, soc, celsius, soc, soc, zero, zero, zero, zero, zero, celsius, celsius, rates,
               np.zeros_like(rates))


def extend(cell: Cell, day: Day, hours: float, soc: np.ndarray, celsius: np.ndarray) -> Day:
    """The day with one more sample, `hours` after its beginning; `day` itself stays."""
    dt = hours - day.hours
    if dt <= 0.0:
        return day
    move = soc - day.soc
    size = np.abs(move)
    pace = size / dt
    step_rate = np.where(pace < STORAGE_RATE, 0.0, pace)
    # The rates stand at the steps' ends, so the first step opens the integral and adds nothing.
    rate_hours = (day.rate_hours + 0.5 * (day.step_rate + step_rate) * dt if day.hours > 0.0
                  else day.rate_hours)
    rates = cell.rates(soc, celsius + KELVIN)
    return Day(
        hours, soc, celsius, np.minimum(day.soc_low, soc), np.maximum(day.soc_high, soc),
        day.travel + size, step_rate, rate_hours, np.maximum(day.charge_c, move / dt),
        np.maximum(day.discharge_c, -move / dt), np.minimum(day.coldest, celsius),
        np.maximum(day.warmest, celsius), rates,
        day.rate_sums + 0.5 * (day.rates + rates) * dt)


def gather(cell: Cell, hours: np.ndarray, soc: np.ndarray, celsius: np.ndarray) -> Day:
    """The stressors of samples at `hours` (k,), from 0 on: SoC and Celsius, (n, k)."""
    day = begin(cell, soc[:, 0], celsius[:, 0])
    for column, hour in enumerate(hours.tolist()):
        day = extend(cell, day, hour, soc[:, column], celsius[:, column])
    return day


def outside_temperature(cell: Cell, day: Day) -> np.ndarray:
    """Whether a sample was colder or warmer than the cell's cycling tests, bool (n,)."""
    low, high = cell.celsius
    return (day.coldest < low) | (day.warmest > high)


def outside_c_rate(cell: Cell, day: Day) -> np.ndarray:
    """Whether an hour was faster than the cell's tests, either way, bool (n,)."""
    return (day.charge_c > cell.charge_c) | (day.discharge_c > cell.discharge_c)


def part(day: Day, rows: slice) -> Day:
    """The day of some of its vehicles."""
    return Day(*(value if name == "hours" else value[..., rows]
                 for name, value in ((f.name, getattr(day, f.name)) for f in fields(day))))
