"""What energy causes: kg CO2-eq a kWh of the grid, on average and at the margin.

Average factors answer how much a use causes, marginal ones what a kWh more or less changes, so
V2G is judged by the latter. Both are step curves, and so energy is booked exactly. What the
scenario does not give is NaN here and null in results.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.scenario import Scenario
from sim.schema.carbon import Factor, FactorFile, FactorProfile, shipped_grids
from sim.series import Field, read_series
from sim.steps import Steps, repeat
from sim.timing import HOUR_S, seconds_after_midnight

FIELD = Field("kg_per_kwh", "a factor from 0 to 5 kg/kWh", 0.0, 5.0)
FLEXIBLE = ("coal", "gas", "unknown", "hydro")
RENEWABLE = ("solar", "wind", "hydro", "biomass", "geothermal")
DAYLIGHT = np.maximum(np.sin(np.pi * (np.arange(24) + 0.5 - 6.0) / 12.0), 0.0)
"""The sun's share by hour of the clock, before it is scaled to a mean of 1 (a prior)."""


@dataclass(frozen=True)
class Carbon:
    """The grid's factors, kg/kWh, and its renewable share, 0..1."""

    average: Steps
    marginal: Steps
    renewable: Steps


@dataclass(frozen=True)
class Mix:
    """A grid by hour of the day: arrays of shape (24,)."""

    kg_per_kwh: np.ndarray
    renewable: np.ndarray


def carbon_of(scenario: Scenario, horizon_s: float) -> Carbon:
    """The scenario's factors from its start to `horizon_s`; without [carbon] all are NaN.

    Raises InputError with file and line for a broken file.
    """
    spec = scenario.carbon
    unknown = Steps(np.zeros(1), np.array([np.nan]))
    if spec is None:
        return Carbon(unknown, unknown, unknown)
    midnight = -seconds_after_midnight(scenario.start)
    renewable = unknown
    if isinstance(spec.average, str):
        mix = grid(spec.average)
        average = repeat(mix.kg_per_kwh, HOUR_S, midnight, horizon_s)
        renewable = repeat(mix.renewable, HOUR_S, midnight, horizon_s)
    else:
        average = _curve(spec.average, scenario, horizon_s)
    if spec.renewable_share is not None:
        renewable = Steps(np.zeros(1), np.array([spec.renewable_share]))
    return Carbon(average, _curve(spec.marginal, scenario, horizon_s), renewable)


@cache
def grid(name: str) -> Mix:
    """A shipped grid by name; KeyError for another."""
    data = shipped_grids()
    entry, factors = data["grids"][name], data["factors"]
    shares = dict(entry["shares"])
    shares["unknown"] = max(1.0 - sum(shares.values()), 0.0)
    factors["unknown"] = factors["gas"]
    hourly = _by_hour(shares)
    factor = sum(hourly[source] * factors[source] for source in shares)
    renewable = sum(share for source, share in hourly.items() if source in RENEWABLE)
    return Mix(factor * (entry.get("kg_per_kwh", factor.mean()) / factor.mean()), renewable)


def local_factors() -> tuple[float, float]:
    """Life-cycle factors of the site's own PV and wind, kg/kWh [IPCC AR5, annex III]."""
    factors = shipped_grids()["factors"]
    return factors["rooftop_solar"], factors["onshore_wind"]


def _by_hour(shares: dict[str, float]) -> dict[str, np.ndarray]:
    """Shares (24,) by source: the sun shines by day, flexible sources fill what is left."""
    hourly = {source: np.full(24, share) for source, share in shares.items()}
    solar = hourly["solar"] = shares.get("solar", 0.0) * DAYLIGHT / DAYLIGHT.mean()
    flexible = [source for source in FLEXIBLE if shares.get(source)]
    steady = sum(v for s, v in hourly.items() if s not in flexible and s != "solar")
    left = np.maximum(1.0 - solar - steady, 0.0)
    usual = sum(shares[source] for source in flexible)
    for source in flexible:
        hourly[source] = left * shares[source] / usual
    total = sum(hourly.values())
    return {source: share / total for source, share in hourly.items()}


def _curve(spec: Factor | FactorProfile | FactorFile | None, scenario: Scenario,
           horizon_s: float) -> Steps:
    if spec is None:
        return Steps(np.zeros(1), np.array([np.nan]))
    if isinstance(spec, FactorProfile):
        return repeat(np.array(spec.values), spec.step,
                      -seconds_after_midnight(scenario.start), horizon_s)
    if not isinstance(spec, FactorFile):
        return Steps(np.zeros(1), np.array([float(spec)]))
    series = read_series(scenario.data_path(spec.file), scenario.start, FIELD)
    times, values = series.times_s, series.columns[FIELD.name]
    last = float(times[-1] - times[-2]) if len(times) > 1 else 0.0
    series.covers(float(times[-1]) + last, scenario.duration)
    first = max(int(np.searchsorted(times, 0.0, side="right")) - 1, 0)
    return Steps(times[first:], values[first:]).merged()
