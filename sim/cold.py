"""Charging in the cold: cells take less power below 25 degC.

f(T) = clip(0.64 + 0.0144 T, 0.1, 1), T in degC: fits a Leaf that gains 36 % less SoC in the same
DC time at 0 degC than at 25 degC [Motoaki, Yi, Salisbury, Energy Policy 122 (2018), INL]. The
battery is taken to be as cold as the air (a prior: no preheating, no heat of its own). The
factor is held for an hour at the temperature of the hour's middle.
"""

from __future__ import annotations

import numpy as np

from sim.steps import Steps
from sim.timing import HOUR_S
from sim.weather import Weather


def cold_factor(temperature_c: np.ndarray) -> np.ndarray:
    """Share of the charge power that cells take at a temperature, degC (n,); (n,)."""
    return np.clip(0.64 + 0.0144 * np.asarray(temperature_c), 0.1, 1.0)


def cold_factors(weather: Weather, horizon_s: float) -> Steps:
    """The factor by hour, from the start to `horizon_s`."""
    starts = HOUR_S * np.arange(int(horizon_s // HOUR_S) + 1)
    return Steps(starts, cold_factor(weather.temperature_c(starts + HOUR_S / 2.0))).merged()
