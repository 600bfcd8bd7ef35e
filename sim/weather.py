"""The weather at any time: ambient temperature, irradiance and wind.

Weather is a function of time that is fixed when it is made: values at knots and straight lines
between them, times the clear sky's irradiance, which is a formula. Asking never changes it. A
front that an inject brings lies over it from then on.

The process draws the knots from (seed, WEATHER, knot) every quarter of an hour from the start
on, so a longer run has the same first days. Each of temperature, cloud and wind is a stationary
first-order autoregressive process of unit variance, x' = a x + sqrt(1 - a^2) e with
a = exp(-dt / memory), brought to its own marginal: temperature is normal about the season's and
the day's cosine; cloud cover is Phi(a + 2 x), which lies within 0..1, is mostly near either end as
observed skies are, and has the mean m for a = sqrt(5) Phi^-1(m); wind is Weibull by its inverse
distribution. Clouds let through 1 - 0.75 N^3.4 of the clear sky
[Kasten and Czeplak, Solar Energy 24 (1980)]. The memories of 48 h, 6 h and 10 h are priors.
"""

from __future__ import annotations

from itertools import accumulate
from math import erfc, exp, gamma, sqrt
from statistics import NormalDist

import numpy as np

from sim.fronts import Front, Sky
from sim.rng import Purpose, normals
from sim.scenario import Scenario
from sim.schema.weather import WeatherProcess
from sim.series import Field, read_series
from sim.sun import Sun

MILD_C = 20.0
KNOT_S = 900.0
MEMORY_H = (48.0, 6.0, 10.0)
"""How long temperature, cloud and wind remember, hours."""
CLOUD_SPREAD = 2.0
TELLING_W_M2 = 150.0
"""Clear-sky irradiance from which measured irradiance tells how clear the sky is."""
WARMEST_DAY = 201.0
WARMEST_HOUR = 15.0
COLDEST_C, HOTTEST_C = -60.0, 60.0
FILE_FIELDS = (Field("temperature_c", f"degrees Celsius from {COLDEST_C:g} to {HOTTEST_C:g}", COLDEST_C,
                     HOTTEST_C),
               Field("ghi_w_m2", "an irradiance from 0 to 1500 W/m2", 0.0, 1500.0, required=False),
               Field("wind_m_s", "a wind speed from 0 to 100 m/s", 0.0, 100.0, required=False))


class Weather:
    """Values at knots, and fronts that pass. `irradiance` is a share of the clear sky where `of_clear_sky` holds,
    else W/m2; `sun` is None where it never shines."""

    def __init__(self, knots_s: np.ndarray, temperature: np.ndarray, irradiance: np.ndarray,
                 wind: np.ndarray, sun: Sun | None, of_clear_sky: bool = False):
        self._knots = knots_s
        self._temperature, self._irradiance, self._wind = temperature, irradiance, wind
        self._of_clear_sky = of_clear_sky
        self.sun = sun
        self._fronts: list[Front] = []

    def pass_over(self, front: Front) -> None:
        """A front comes that was not known before."""
        self._fronts.append(front)

    def heat_k(self, t_s):
        """What fronts add to the temperature, K, at a time or times (n,)."""
        return sum((front.amount * front.strength(t_s) for front in self._fronts
                    if front.sky is Sky.HEAT), 0.0)

    def _left(self, sky: Sky, t_s):
        """The share that fronts leave of light or wind."""
        share = 1.0
        for front in self._fronts:
            if front.sky is sky:
                share = share * (1.0 + (front.amount - 1.0) * front.strength(t_s))
        return share

    def temperature_c(self, t_s):
        """Ambient temperature, degC, at a time or times (n,)."""
        return np.interp(t_s, self._knots, self._temperature) + self.heat_k(t_s)

    def ghi_w_m2(self, t_s):
        """Global horizontal irradiance, W/m2, at a time or times (n,)."""
        value = np.interp(t_s, self._knots, self._irradiance) * self._left(Sky.LIGHT, t_s)
        return value * self.sun.clear_sky(t_s) if self._of_clear_sky else value

    def clearness(self, t_s):
        """Share of the clear sky's irradiance that gets through, 0..1, at a time or times (n,); where
        only the irradiance is known the sky counts as clear while the sun is too low to tell."""
        value = np.interp(t_s, self._knots, self._irradiance) * self._left(Sky.LIGHT, t_s)
        if self._of_clear_sky:
            return np.clip(value, 0.0, 1.0)
        if self.sun is None or not self._irradiance.any():
            return np.ones_like(value)
        clear = self.sun.clear_sky(t_s)
        told = np.clip(clear / TELLING_W_M2, 0.0, 1.0)
        return 1.0 - told * (1.0 - np.clip(value / np.maximum(clear, 1.0), 0.0, 1.0))

    def wind_m_s(self, t_s):
        """Wind speed at 10 m, m/s, at a time or times (n,)."""
        return np.interp(t_s, self._knots, self._wind) * self._left(Sky.WIND, t_s)


def weather_of(scenario: Scenario, horizon_s: float) -> Weather:
    """The scenario's weather from its start to `horizon_s`; that of a file stays as it last was.

    Raises InputError with file and line for a file that is broken or does not cover the scenario.
    """
    spec = scenario.weather
    if spec.kind == "none":
        return Weather(np.zeros(1), np.array([MILD_C]), np.zeros(1), np.zeros(1), None)
    sun = Sun(spec.latitude, spec.longitude, scenario.start)
    if spec.kind == "process":
        return _drawn(spec, scenario, sun, horizon_s)
    series = read_series(scenario.data_path(spec.file), scenario.start, *FILE_FIELDS)
    series.covers(float(series.times_s[-1]), scenario.duration)
    nothing = np.zeros(len(series.rows))
    return Weather(series.times_s, series.columns["temperature_c"],
                   series.columns.get("ghi_w_m2", nothing), series.columns.get("wind_m_s", nothing),
                   sun)


def _drawn(spec: WeatherProcess, scenario: Scenario, sun: Sun, horizon_s: float) -> Weather:
    count = int(horizon_s // KNOT_S) + 2
    knots = KNOT_S * np.arange(count)
    shocks = normals(scenario.seed, Purpose.WEATHER, count, len(MEMORY_H))
    temperature, cloud, wind = (_remembering(shocks[:, k], memory)
                                for k, memory in enumerate(MEMORY_H))
    usual = sqrt(1.0 + CLOUD_SPREAD**2) * NormalDist().inv_cdf(spec.cloud_cover)
    cover = np.array([_above(-usual - CLOUD_SPREAD * x) for x in cloud.tolist()])
    calm = np.array([_above(x) for x in wind.tolist()])  # the chance of more wind than this
    scale = spec.wind_m_s / gamma(1.0 + 1.0 / spec.wind_shape)
    celsius = _climate(spec, scenario, knots) + spec.noise_c * temperature
    return Weather(knots, np.clip(celsius, COLDEST_C, HOTTEST_C),
                   1.0 - 0.75 * cover**3.4, scale * (-np.log(calm)) ** (1.0 / spec.wind_shape),
                   sun, of_clear_sky=True)


def _climate(spec: WeatherProcess, scenario: Scenario, t_s: np.ndarray) -> np.ndarray:
    """Mean temperature of the season and the hour (mean solar time), degC (n,)."""
    start = scenario.start
    offset_h = start.utcoffset().total_seconds() / 3600.0
    day = start.timetuple().tm_yday - 1 + (start.hour + start.minute / 60.0) / 24.0 + t_s / 86400.0
    solar_h = (day % 1.0) * 24.0 - offset_h + spec.longitude / 15.0
    season = np.cos(2.0 * np.pi * (day - WARMEST_DAY) / 365.2425)
    return (spec.temperature_c + (1.0 if spec.latitude >= 0 else -1.0) * spec.season_c * season
            + spec.day_c * np.cos(2.0 * np.pi * (solar_h - WARMEST_HOUR) / 24.0))


def _remembering(shocks: np.ndarray, memory_h: float) -> np.ndarray:
    keep = exp(-KNOT_S / 3600.0 / memory_h)
    fresh = sqrt(1.0 - keep * keep)
    return np.array(list(accumulate(shocks.tolist(), lambda x, e: keep * x + fresh * e)))


def _above(x: float) -> float:
    """The chance that a standard normal exceeds `x`."""
    return 0.5 * erfc(x / sqrt(2.0))
