"""The weather as a scenario gives it."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field

from sim.schema.fields import Part


class _Place(Part):
    """Where the sun is seen from, degrees north and east. Default: Utrecht."""

    latitude: Annotated[float, Field(ge=-90, le=90)] = 52.09
    longitude: Annotated[float, Field(ge=-180, le=180)] = 5.12


class NoWeather(Part):
    """20 degC, no sun, no wind."""

    kind: Literal["none"] = "none"


class WeatherFile(_Place):
    """A CSV with the columns time and temperature_c, and as they are known ghi_w_m2 and
    wind_m_s (at 10 m): linear between its rows, which have to cover the scenario."""

    kind: Literal["csv"]
    file: str


class WeatherProcess(_Place):
    """Weather drawn from the seed. The defaults are priors for the Dutch climate.

    `temperature_c` is the year's mean, `season_c` and `day_c` the swings about it, `noise_c`
    the standard deviation of what neither explains; `cloud_cover` (0..1) and `wind_m_s`
    (at 10 m) are means, `wind_shape` the Weibull shape (2: Rayleigh).
    """

    kind: Literal["process"]
    temperature_c: Annotated[float, Field(ge=-30, le=40)] = 10.5
    season_c: Annotated[float, Field(ge=0, le=30)] = 7.5
    day_c: Annotated[float, Field(ge=0, le=15)] = 4.0
    noise_c: Annotated[float, Field(ge=0, le=10)] = 3.0
    cloud_cover: Annotated[float, Field(gt=0, lt=1)] = 0.67
    wind_m_s: Annotated[float, Field(gt=0, le=30)] = 4.5
    wind_shape: Annotated[float, Field(ge=1, le=5)] = 2.0


Weather = Annotated[Union[NoWeather, WeatherFile, WeatherProcess], Field(discriminator="kind")]
