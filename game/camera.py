"""The orbit camera: a pose that is asked for, and a pose that is shown and follows it.

Angles in degrees, lengths in metres. Yaw 0 looks north and grows clockwise as seen from above;
pitch is how far the camera looks down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

VERTICAL_FOV_DEG = 38.0
NARROWEST_ASPECT = 1.25
PITCH_RANGE = (2.0, 89.0)
CLOSEST_M = 6.0
SMOOTHING_S = 0.09
FLIGHT_S = 0.3


@dataclass(frozen=True)
class Pose:
    """Where a camera looks (`target`, x east, y up, z north) and from where; `roll` turns the picture
    clockwise."""

    target: tuple[float, float, float]
    distance: float
    yaw: float
    pitch: float
    roll: float = 0.0

    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit vectors forward, right and up, shape (3,) each."""
        yaw, pitch = math.radians(self.yaw), math.radians(self.pitch)
        flat = math.cos(pitch)
        forward = np.array([math.sin(yaw) * flat, -math.sin(pitch), math.cos(yaw) * flat])
        right = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
        up = np.array([math.sin(yaw) * math.sin(pitch), flat, math.cos(yaw) * math.sin(pitch)])
        if self.roll:
            cosine, sine = math.cos(math.radians(self.roll)), math.sin(math.radians(self.roll))
            right, up = right * cosine - up * sine, up * cosine + right * sine
        return forward, right, up

    def eye(self) -> np.ndarray:
        """Where the camera stands, shape (3,)."""
        return np.array(self.target) - self.axes()[0] * self.distance


def blend(a: Pose, b: Pose, share: float) -> Pose:
    """The pose `share` of the way from a to b: the shorter way round, distance geometric."""
    turn = (b.yaw - a.yaw + 180.0) % 360.0 - 180.0
    return Pose(tuple(p + (q - p) * share for p, q in zip(a.target, b.target)),
                a.distance * (b.distance / a.distance) ** share,
                a.yaw + turn * share, a.pitch + (b.pitch - a.pitch) * share)


def aside(pose: Pose, share: float, aspect: float) -> Pose:
    """The pose from which what was in the middle is `share` of the picture's width further right."""
    half = math.tan(math.radians(vertical_fov(aspect)) / 2.0) * aspect
    shift = pose.axes()[1] * (-2.0 * half * pose.distance * share)
    return replace(pose, target=tuple(float(p + q) for p, q in zip(pose.target, shift)))


def raised(pose: Pose, share: float, aspect: float) -> Pose:
    """The pose from which what was in the middle is `share` of the picture's height further up."""
    half = math.tan(math.radians(vertical_fov(aspect)) / 2.0)
    shift = pose.axes()[2] * (-2.0 * half * pose.distance * share)
    return replace(pose, target=tuple(float(p + q) for p, q in zip(pose.target, shift)))


def ease(share: float) -> float:
    """Smoothstep of the fifth order: starts and ends at rest."""
    share = min(max(share, 0.0), 1.0)
    return share ** 3 * (share * (share * 6.0 - 15.0) + 10.0)


def vertical_fov(aspect: float, least_deg: float = VERTICAL_FOV_DEG) -> float:
    """Degrees; a picture narrower than NARROWEST_ASPECT opens up so that its width is kept."""
    half = math.tan(math.radians(least_deg) / 2.0)
    return math.degrees(2.0 * math.atan(half * max(1.0, NARROWEST_ASPECT / aspect)))


def farther(width: int, height: int) -> float:
    """From how many times as far away a picture of `width` to `height` shows as much of a site's width as
    one of 16:9."""
    usual, its = (math.tan(math.radians(vertical_fov(aspect)) / 2.0) * aspect
                  for aspect in (16.0 / 9.0, width / height))
    return max(usual / its, 1.0)


class OrbitCamera:
    """Keeps the pose within its limits and lets the shown one follow smoothly.

    `home` is the pose of the whole site, `radius` (m) how far its parts lie from the centre.
    """

    def __init__(self, home: Pose, radius: float):
        self.radius = radius
        self.nearest = CLOSEST_M
        self.settle(home)
        self.shown = self._wanted = self._limited(home)
        self._from: Pose | None = None
        self._flight_s = 0.0

    def settle(self, home: Pose) -> None:
        """Have another pose of the whole site; where it is now stays."""
        self.home = home
        self.farthest = max(4.0 * self.radius, 1.5 * home.distance)

    def orbit(self, yaw: float, pitch: float) -> None:
        """Turn around the target by degrees."""
        self._ask(replace(self._wanted, yaw=self._wanted.yaw + yaw, pitch=self._wanted.pitch + pitch))

    def pan(self, right: float, ahead: float) -> None:
        """Move the target over the ground, in shares of the distance."""
        yaw, metres = math.radians(self._wanted.yaw), self._wanted.distance
        x, y, z = self._wanted.target
        east = math.cos(yaw) * right + math.sin(yaw) * ahead
        north = math.cos(yaw) * ahead - math.sin(yaw) * right
        self._ask(replace(self._wanted, target=(x + east * metres, y, z + north * metres)))

    def track(self, target: tuple[float, float, float]) -> None:
        """Look at another point; a flight goes there instead."""
        self._wanted = self._limited(replace(self._wanted, target=target))

    def zoom(self, steps: float) -> None:
        """Come closer by wheel steps; negative goes away."""
        self._ask(replace(self._wanted, distance=self._wanted.distance * 0.88 ** steps))

    def fly_to(self, pose: Pose) -> None:
        """Go to a pose with an eased flight that any later input interrupts."""
        self._from, self._flight_s = self.shown, 0.0
        self._wanted = self._limited(pose)

    def jump_to(self, pose: Pose) -> None:
        """Be at a pose at once."""
        self.shown = self._wanted = self._limited(pose)
        self._from = None

    @property
    def wanted(self) -> Pose:
        """The pose that it is at, or on its way to."""
        return self._wanted

    def goes_to(self, pose: Pose) -> bool:
        """Whether it is at a pose, or on its way there."""
        return self._wanted == self._limited(pose)

    def update(self, dt_s: float) -> Pose:
        """The pose shown after `dt_s`; the same for one step as for the steps it is made of."""
        if self._from is not None:
            self._flight_s += dt_s
            self.shown = blend(self._from, self._wanted, ease(self._flight_s / FLIGHT_S))
            if self._flight_s >= FLIGHT_S:
                self._from, self.shown = None, self._wanted
        else:
            self.shown = blend(self.shown, self._wanted, 1.0 - math.exp(-dt_s / SMOOTHING_S))
        return self.shown

    def _ask(self, pose: Pose) -> None:
        self._from = None
        self._wanted = self._limited(pose)

    def _limited(self, pose: Pose) -> Pose:
        x, y, z = pose.target
        hx, _, hz = self.home.target
        away = math.hypot(x - hx, z - hz)
        keep = min(1.0, self.radius / away) if away > 0.0 else 1.0
        return Pose((hx + (x - hx) * keep, max(y, 0.0), hz + (z - hz) * keep),
                    min(max(pose.distance, self.nearest), self.farthest), pose.yaw,
                    min(max(pose.pitch, PITCH_RANGE[0]), PITCH_RANGE[1]))

