"""Where the sun stands, and what reaches the ground and a tilted panel.

Declination, equation of time and distance: Spencer, "Fourier series representation of the
position of the sun", Search 2 (1971). Clear sky: Haurwitz, J. Meteorology 2 (1945), as in Reno,
Hansen and Stein, SAND2012-2389. Beam and diffuse: Erbs, Klein and Duffie, Solar Energy 28
(1982). Panel: isotropic sky (Liu and Jordan 1963), ground albedo 0.2.
"""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np

SOLAR_CONSTANT = 1361.0
"""W/m2 outside the atmosphere at the mean distance [Kopp and Lean, GRL 38 (2011)]."""

ALBEDO = 0.2
LOW_SUN = 0.087
"""Below sin(5 deg) the beam is not projected on panels: the division would blow up."""


class Sun:
    """The sun seen from a place (degrees north, degrees east); times in s since `start`."""

    def __init__(self, latitude: float, longitude: float, start: datetime):
        self._latitude = np.radians(latitude)
        self._longitude = longitude
        utc = start.astimezone(timezone.utc)
        self._day0 = (utc - datetime(utc.year, 1, 1, tzinfo=timezone.utc)).total_seconds() / 86400.0

    def position(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit vector to the sun: east, north, up; each (n,). `up` is the sine of elevation."""
        days = self._day0 + np.asarray(t_s, float) / 86400.0
        angle = 2.0 * np.pi * (days % 365.2425) / 365.0
        declination = (0.006918 - 0.399912 * np.cos(angle) + 0.070257 * np.sin(angle)
                       - 0.006758 * np.cos(2 * angle) + 0.000907 * np.sin(2 * angle)
                       - 0.002697 * np.cos(3 * angle) + 0.00148 * np.sin(3 * angle))
        minutes = 229.18 * (0.000075 + 0.001868 * np.cos(angle) - 0.032077 * np.sin(angle)
                            - 0.014615 * np.cos(2 * angle) - 0.040849 * np.sin(2 * angle))
        solar_hours = (days % 1.0) * 24.0 + self._longitude / 15.0 + minutes / 60.0
        hour = np.radians(15.0 * (solar_hours - 12.0))
        north, up = np.cos(self._latitude), np.sin(self._latitude)
        return (-np.cos(declination) * np.sin(hour),
                north * np.sin(declination) - up * np.cos(declination) * np.cos(hour),
                up * np.sin(declination) + north * np.cos(declination) * np.cos(hour))

    def outside(self, t_s: np.ndarray) -> np.ndarray:
        """Irradiance outside the atmosphere on a plane towards the sun, W/m2 (n,)."""
        angle = 2.0 * np.pi * ((self._day0 + np.asarray(t_s, float) / 86400.0) % 365.2425) / 365.0
        return SOLAR_CONSTANT * (1.000110 + 0.034221 * np.cos(angle) + 0.001280 * np.sin(angle)
                                 + 0.000719 * np.cos(2 * angle) + 0.000077 * np.sin(2 * angle))

    def clear_sky(self, t_s: np.ndarray) -> np.ndarray:
        """Global horizontal irradiance of a clear sky, W/m2 (n,)."""
        up = self.position(t_s)[2]
        high = np.maximum(up, 0.01)
        return np.where(up > 0.01, 1098.0 * high * np.exp(-0.057 / high), 0.0)

    def on_panel(self, t_s: np.ndarray, horizontal: np.ndarray, tilt_deg: float,
                 azimuth_deg: float) -> np.ndarray:
        """Irradiance on a tilted plane when `horizontal` (W/m2, (n,)) reaches the ground; (n,)."""
        east, north, up = self.position(t_s)
        tilt, azimuth = np.radians(tilt_deg), np.radians(azimuth_deg)
        facing = np.maximum(np.sin(tilt) * (np.sin(azimuth) * east + np.cos(azimuth) * north)
                            + np.cos(tilt) * up, 0.0)
        high = np.maximum(up, LOW_SUN)
        clearness = np.clip(horizontal / (self.outside(t_s) * high), 0.0, 1.0)
        diffuse = horizontal * _diffuse_share(clearness)
        beam = np.where(up > LOW_SUN, (horizontal - diffuse) / high, 0.0)
        view_of_sky = (1.0 + np.cos(tilt)) / 2.0
        return beam * facing + diffuse * view_of_sky + ALBEDO * horizontal * (1.0 - view_of_sky)


def _diffuse_share(clearness: np.ndarray) -> np.ndarray:
    k = clearness
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.where(k <= 0.22, 1.0 - 0.09 * k, np.where(k <= 0.80, middle, 0.165))
