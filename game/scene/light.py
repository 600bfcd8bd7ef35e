"""The light of an hour of a day of the year: sky, sun or moon, ambient and ground, blended between
moments that follow sunrise and sunset, and dimmed by clouds where the scenario has weather."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from game.palette import rgb
from sim.sun import Sun

# A scenario without weather has a date but no place: it is 50 degrees north, where the clock of its
# time zone shows half past twelve when the sun is highest.
LATITUDE = 50.0
NOON_AFTER_TWELVE_H = 0.5
REFRACTION = math.radians(-0.83)    # where the sun's centre stands at sunrise and sunset
LONG_DAY_H = 15.0
SHORTER_MOMENTS = 0.6
DAY_S, MINUTE_S = 86400.0, 60.0
OVERCAST_SHARE = 0.75               # of the irradiance is what full cloud holds back (sim/weather.py)
MOON = (152.0, 48.0)
LUMA, CLOUD_TINT = np.array((0.30, 0.59, 0.11)), np.array((0.96, 1.0, 1.06))


@dataclass(frozen=True)
class Moment:
    """Colours at a time of the day, hours from sunrise or sunset. `glow` is added around the sun, `night` 0..1 turns lamps on."""

    event: int
    hours: float
    zenith: str
    horizon: str
    glow: str
    key: tuple[float, float, float]
    ambient_sky: tuple[float, float, float]
    ambient_ground: tuple[float, float, float]
    ground: str
    night: float
    stars: float


RISE, SET = range(2)
_NIGHT = ("#0A1022", "#1C2748", "#10131F", (.31, .36, .47), (.28, .32, .42), (.13, .15, .21),
          "#151E34", 1.0, 1.0)
_DAY = ("#2A5C96", "#86A6C4", "#1B1710", (.86, .80, .70), (.50, .57, .68), (.26, .27, .30),
        "#35453F", 0.0, 0.0)
MOMENTS = (
    Moment(RISE, -0.9, *_NIGHT),
    Moment(RISE, 0.2, "#1C2E5A", "#5D5872", "#8A5536", (.50, .40, .38), (.43, .46, .62), (.18, .18, .25),
           "#171F31", 0.6, 0.1),
    Moment(RISE, 0.8, "#24426F", "#6F7690", "#7A4C2E", (.86, .60, .42), (.55, .58, .71), (.22, .22, .28),
           "#1F2839", 0.25, 0.0),
    Moment(RISE, 1.5, "#2C5689", "#8298B2", "#5A4026", (.86, .68, .50), (.62, .66, .77), (.25, .26, .30),
           "#2A3443", 0.0, 0.0),
    Moment(RISE, 4.0, *_DAY),
    Moment(SET, -4.0, *_DAY),
    Moment(SET, -1.3, "#284A7C", "#7C8AA3", "#6E4A26", (.90, .66, .44), (.43, .48, .61), (.23, .23, .28),
           "#252E3E", 0.15, 0.0),
    Moment(SET, -0.1, "#16264E", "#47506F", "#A35A30", (.86, .50, .30), (.34, .39, .56), (.17, .18, .26),
           "#172032", 0.75, 0.05),
    Moment(SET, 0.55, "#0D1836", "#2C3659", "#7A4032", (.42, .38, .50), (.29, .35, .54), (.13, .15, .23),
           "#101829", 1.0, 0.5),
    Moment(SET, 1.4, *_NIGHT),
)


@dataclass(frozen=True)
class Light:
    """Light at a moment; `overcast` 0..1 is how much of the sky clouds cover. Colours are arrays (3,), directions unit (3,)."""

    zenith: np.ndarray
    horizon: np.ndarray
    glow: np.ndarray
    key: np.ndarray
    ambient_sky: np.ndarray
    ambient_ground: np.ndarray
    ground: np.ndarray
    night: float
    stars: float
    overcast: float
    sun: np.ndarray
    key_direction: np.ndarray


def direction(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    """Unit vector (3,) towards a compass direction and height."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return np.array([math.sin(azimuth) * flat, math.sin(elevation), math.cos(azimuth) * flat])


class Sky:
    """The light over a scenario that starts at `start`, an aware datetime; `weather` is a
    sim.weather.Weather or None. Where it has a sun, that is the scenario's own."""

    def __init__(self, start: datetime, weather=None):
        self._start, self._weather = start, weather
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        self._into_day_s = (start - midnight).total_seconds()
        self._sun = weather.sun if weather is not None else None
        if self._sun is None:
            self._weather = None
            offset_h = start.utcoffset().total_seconds() / 3600.0
            self._sun = Sun(LATITUDE, 15.0 * (offset_h - NOON_AFTER_TWELVE_H), start)
        self._moments: tuple[int, list] | None = None

    def sun(self, t_s: float) -> np.ndarray:
        """Where the sun stands, unit vector (3,), at `t_s` (s since the start); below ground at night."""
        east, north, up = self._sun.position(t_s)
        return np.array([east, up, north])

    def sun_times(self, day: int) -> tuple[float, float]:
        """Sunrise and sunset of a day, counted from the start's, in hours of the local clock. A day
        without them has them at its ends, or in its middle."""
        minutes = np.arange(0.0, DAY_S, MINUTE_S)
        up = self._sun.position(day * DAY_S - self._into_day_s + minutes)[2]
        noon_h = minutes[int(np.argmax(up))] / 3600.0
        middle, reach = (up.max() + up.min()) / 2.0, (up.max() - up.min()) / 2.0
        cosine = (math.sin(REFRACTION) - middle) / max(reach, 1e-3)
        half = math.degrees(math.acos(min(max(cosine, -0.998), 0.998))) / 15.0
        return noon_h - half, noon_h + half

    def light(self, t_s: float) -> Light:
        """The light at `t_s` (s since the start)."""
        day, into_s = divmod(t_s + self._into_day_s, DAY_S)
        if self._moments is None or self._moments[0] != day:
            self._moments = int(day), self._around(int(day))
        sun = self.sun(t_s)
        overcast = 0.0
        if self._weather is not None:
            clear = float(self._weather.clearness(t_s))
            overcast = min(max((1.0 - clear) / OVERCAST_SHARE, 0.0), 1.0)
        return _clouded(_between(self._moments[1], into_s / 3600.0, sun), overcast)

    def _around(self, day: int) -> list[tuple[float, Moment]]:
        """The moments of a day and its neighbours, by hours from its midnight. On a short day they
        follow each other faster."""
        by_hour = []
        for near in (-1, 0, 1):
            times = self.sun_times(day + near)
            pace = min((times[SET] - times[RISE]) / LONG_DAY_H, 1.0) ** SHORTER_MOMENTS
            by_hour += [(24.0 * near + times[m.event]
                         + m.hours * (pace if (m.hours > 0.0) == (m.event == RISE) else 1.0), m)
                        for m in MOMENTS]
        return sorted(by_hour, key=lambda entry: entry[0])


def _between(moments: list[tuple[float, Moment]], hour: float, sun: np.ndarray) -> Light:
    """The light of a clear sky at an hour between two moments."""
    after = next(k for k, (at, _) in enumerate(moments) if at > hour)
    (since, a), (until, b) = moments[after - 1], moments[after]
    share = (hour - since) / (until - since)
    share = share * share * (3.0 - 2.0 * share)

    def mix(field):
        x, y = getattr(a, field), getattr(b, field)
        x, y = (rgb(x), rgb(y)) if isinstance(x, str) else (x, y)
        return np.asarray(x) + (np.asarray(y) - np.asarray(x)) * share

    moon = direction(*MOON)
    # Near the horizon the sun gives way to the moon, so that the key never comes from below.
    up = min(max((sun[1] + 0.06) / 0.16, 0.0), 1.0)
    lifted = sun * (1.0, 0.0, 1.0) + (0.0, max(sun[1], 0.16), 0.0)
    key = lifted * up + moon * (1.0 - up)
    return Light(**{field: mix(field) for field in ("zenith", "horizon", "glow", "key",
                                                    "ambient_sky", "ambient_ground", "ground")},
                 night=float(mix("night")), stars=float(mix("stars")), overcast=0.0, sun=sun,
                 key_direction=key / np.linalg.norm(key))


def _clouded(light: Light, overcast: float) -> Light:
    """The same hour under clouds: less of the key, a grey sky that is as light at its top as below,
    nothing around the sun."""
    if overcast <= 0.0:
        return light

    def grey(color, share=0.7):
        return color + (color @ LUMA * CLOUD_TINT - color) * (share * overcast)

    zenith = light.zenith + (light.horizon * 0.82 - light.zenith) * (0.62 * overcast)
    return replace(
        light, overcast=overcast, zenith=grey(zenith), horizon=grey(light.horizon) * (1.0 - 0.14 * overcast),
        glow=light.glow * (1.0 - 0.92 * overcast), key=grey(light.key) * (1.0 - overcast * (0.80 - 0.45 * light.night)),
        ambient_sky=grey(light.ambient_sky, 0.5) * (1.0 + 0.06 * overcast),
        ambient_ground=grey(light.ambient_ground, 0.5), ground=grey(light.ground, 0.4) * (1.0 - 0.10 * overcast),
        stars=light.stars * (1.0 - overcast))
