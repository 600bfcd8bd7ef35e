"""The light of an hour of a day of the year: sky, sun or moon, ambient and ground, blended between
moments that follow sunrise and sunset."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from game.palette import rgb

# Scenarios have a date but no place: the sun is that of 50 degrees north, where the clock shows
# half past twelve when it is highest.
LATITUDE = math.radians(50.0)
SOLAR_NOON_H = 12.5
OBLIQUITY = math.radians(23.44)
SOLSTICE_DAY = 172
REFRACTION = math.radians(-0.83)    # where the sun's centre stands at sunrise and sunset
LONG_DAY_H = 15.0
SHORTER_MOMENTS = 0.6
MOON = (152.0, 48.0)


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
        "#343F4B", 0.0, 0.0)
MOMENTS = (
    Moment(RISE, -0.9, *_NIGHT),
    Moment(RISE, 0.2, "#1C2E5A", "#5D5872", "#8A5536", (.74, .48, .34), (.36, .40, .56), (.18, .18, .25),
           "#171F31", 0.6, 0.1),
    Moment(RISE, 1.5, "#2C5689", "#8298B2", "#5A4026", (.86, .68, .50), (.46, .52, .64), (.24, .25, .29),
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
    """Light at an hour of the local clock. Colours are arrays (3,), directions unit (3,)."""

    zenith: np.ndarray
    horizon: np.ndarray
    glow: np.ndarray
    key: np.ndarray
    ambient_sky: np.ndarray
    ambient_ground: np.ndarray
    ground: np.ndarray
    night: float
    stars: float
    sun: np.ndarray
    key_direction: np.ndarray


def direction(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    """Unit vector (3,) towards a compass direction and height."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return np.array([math.sin(azimuth) * flat, math.sin(elevation), math.cos(azimuth) * flat])


def _declination(day: float) -> float:
    return OBLIQUITY * math.cos(2.0 * math.pi * (day - SOLSTICE_DAY) / 365.25)


def sun_times(day: float) -> tuple[float, float]:
    """Sunrise and sunset on a day of the year (1 is 1 January), hours of the local clock."""
    tilt = _declination(day)
    cosine = ((math.sin(REFRACTION) - math.sin(LATITUDE) * math.sin(tilt))
              / (math.cos(LATITUDE) * math.cos(tilt)))
    half = math.degrees(math.acos(cosine)) / 15.0
    return SOLAR_NOON_H - half, SOLAR_NOON_H + half


def sun_direction(hour: float, day: float) -> np.ndarray:
    """Where the sun stands, unit vector (3,), hour 0..24 of the local clock; below ground at night."""
    tilt, turn = _declination(day), math.radians(15.0 * (hour - SOLAR_NOON_H))
    sine, cosine = math.sin(LATITUDE), math.cos(LATITUDE)
    return np.array([-math.cos(tilt) * math.sin(turn),
                     sine * math.sin(tilt) + cosine * math.cos(tilt) * math.cos(turn),
                     cosine * math.sin(tilt) - sine * math.cos(tilt) * math.cos(turn)])


def _moments(day: float) -> list[tuple[float, Moment]]:
    """The moments with their hours; on a short day they follow each other faster."""
    times = sun_times(day)
    pace = min((times[SET] - times[RISE]) / LONG_DAY_H, 1.0) ** SHORTER_MOMENTS
    by_day = [(times[m.event] + m.hours * (pace if (m.hours > 0.0) == (m.event == RISE) else 1.0), m)
              for m in MOMENTS]
    return [(0.0, MOMENTS[0]), *by_day, (24.0, MOMENTS[-1])]


def light_at(hour: float, day: float) -> Light:
    """The light of an hour 0..24 on a day of the year."""
    hour %= 24.0
    moments = _moments(day)
    after = next(k for k, (at, _) in enumerate(moments) if at > hour)
    (since, a), (until, b) = moments[after - 1], moments[after]
    share = (hour - since) / (until - since)
    share = share * share * (3.0 - 2.0 * share)

    def mix(field):
        x, y = getattr(a, field), getattr(b, field)
        x, y = (rgb(x), rgb(y)) if isinstance(x, str) else (x, y)
        return np.asarray(x) + (np.asarray(y) - np.asarray(x)) * share

    sun, moon = sun_direction(hour, day), direction(*MOON)
    # Near the horizon the sun gives way to the moon, so that the key never comes from below.
    up = min(max((sun[1] + 0.06) / 0.16, 0.0), 1.0)
    lifted = sun * (1.0, 0.0, 1.0) + (0.0, max(sun[1], 0.16), 0.0)
    key = lifted * up + moon * (1.0 - up)
    return Light(**{field: mix(field) for field in ("zenith", "horizon", "glow", "key",
                                                    "ambient_sky", "ambient_ground", "ground")},
                 night=float(mix("night")), stars=float(mix("stars")), sun=sun,
                 key_direction=key / np.linalg.norm(key))
