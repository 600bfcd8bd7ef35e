"""The light of an hour: sky, sun or moon, ambient and ground, blended between moments of a day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from game.palette import rgb

SUNRISE_H, SUNSET_H = 5.5, 20.5
SUN_TOP_DEG = 56.0
SUNRISE_AZIMUTH, SUNSET_AZIMUTH = 48.0, 318.0
MOON = (152.0, 48.0)


@dataclass(frozen=True)
class Moment:
    """Colours at one hour. `glow` is added around the sun, `night` 0..1 turns lamps on."""

    hour: float
    zenith: str
    horizon: str
    glow: str
    key: tuple[float, float, float]
    ambient_sky: tuple[float, float, float]
    ambient_ground: tuple[float, float, float]
    ground: str
    night: float
    stars: float


_NIGHT = ("#080D1C", "#18223F", "#10131F", (.31, .36, .49), (.25, .29, .40), (.11, .13, .19),
          "#0D1322", 1.0, 1.0)
_DAY = ("#2A5C96", "#86A6C4", "#1B1710", (.86, .80, .70), (.50, .57, .68), (.26, .27, .30),
        "#343F4B", 0.0, 0.0)
MOMENTS = (
    Moment(0.0, *_NIGHT),
    Moment(4.6, *_NIGHT),
    Moment(6.0, "#1C2E5A", "#5D5872", "#8A5536", (.74, .48, .34), (.36, .40, .56), (.18, .18, .25),
           "#171F31", 0.6, 0.1),
    Moment(7.6, "#2C5689", "#8298B2", "#5A4026", (.86, .68, .50), (.46, .52, .64), (.24, .25, .29),
           "#2A3443", 0.0, 0.0),
    Moment(10.0, *_DAY),
    Moment(15.5, *_DAY),
    Moment(18.0, "#284A7C", "#7C8AA3", "#6E4A26", (.90, .66, .44), (.43, .48, .61), (.23, .23, .28),
           "#252E3E", 0.15, 0.0),
    Moment(19.4, "#16264E", "#47506F", "#A35A30", (.86, .50, .30), (.34, .39, .56), (.17, .18, .26),
           "#172032", 0.75, 0.05),
    Moment(20.6, "#0D1836", "#2C3659", "#7A4032", (.42, .38, .50), (.29, .35, .54), (.13, .15, .23),
           "#101829", 1.0, 0.5),
    Moment(22.0, *_NIGHT),
    Moment(24.0, *_NIGHT),
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


def sun_direction(hour: float) -> np.ndarray:
    """Where the sun stands on a summer day, hour 0..24 of the local clock; below ground at night."""
    share = (hour - SUNRISE_H) / (SUNSET_H - SUNRISE_H)
    azimuth = SUNRISE_AZIMUTH + share * (SUNSET_AZIMUTH - SUNRISE_AZIMUTH)
    return direction(azimuth, SUN_TOP_DEG * math.sin(math.pi * min(max(share, -0.3), 1.3)))


def light_at(hour: float) -> Light:
    """The light of an hour 0..24."""
    hour %= 24.0
    after = next(k for k, m in enumerate(MOMENTS) if m.hour > hour)
    a, b = MOMENTS[after - 1], MOMENTS[after]
    share = (hour - a.hour) / (b.hour - a.hour)
    share = share * share * (3.0 - 2.0 * share)

    def mix(field):
        x, y = getattr(a, field), getattr(b, field)
        x, y = (rgb(x), rgb(y)) if isinstance(x, str) else (x, y)
        return np.asarray(x) + (np.asarray(y) - np.asarray(x)) * share

    sun, moon = sun_direction(hour), direction(*MOON)
    # Near the horizon the sun gives way to the moon, so that the key never comes from below.
    up = min(max((sun[1] + 0.06) / 0.16, 0.0), 1.0)
    lifted = sun * (1.0, 0.0, 1.0) + (0.0, max(sun[1], 0.16), 0.0)
    key = lifted * up + moon * (1.0 - up)
    return Light(**{field: mix(field) for field in ("zenith", "horizon", "glow", "key",
                                                    "ambient_sky", "ambient_ground", "ground")},
                 night=float(mix("night")), stars=float(mix("stars")), sun=sun,
                 key_direction=key / np.linalg.norm(key))
