"""A shot list at a film time: where the camera is, which moment is shown, how, and under which words.

Pure functions of film time and of where what is followed stands; a live view may ask as well as a film.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from game.camera import PITCH_RANGE, VERTICAL_FOV_DEG, Pose, ease
from game.film.curves import Curve, Paced
from game.film.shots import CameraKey, ShotList, Title, wrong
from game.look import Look, Tier

Place = Callable[[str], tuple[float, float, float]]
TARGET, ANGLES = 3, 5           # components of a camera's value: the target, then the five below
HIGHEST = 89.5


@dataclass(frozen=True)
class Moment:
    """What a frame shows: `sim_s` since the scenario's start; `split` the first branch's share."""

    film_s: Fraction
    sim_s: float
    pose: Pose
    fov: float
    look: Look
    select: str | None
    names: bool
    split: float


@dataclass(frozen=True)
class Standing:
    """A camera key with everything that it takes over from the key before; yaw (degrees) goes on beyond a turn."""

    target: tuple[float, float, float]
    distance: float
    yaw: float
    pitch: float
    fov: float = VERTICAL_FOV_DEG
    roll: float = 0.0
    follow: str | None = None


class CameraTrack:
    """The camera through `keys` (one at least), with cameras by name; pure functions of film time."""

    def __init__(self, keys: Sequence[CameraKey], poses: dict[str, Pose]):
        standing = standings(keys, poses)
        self._followed = sorted({at.follow for at in standing if at.follow})
        values = np.array([self._value(at) for at in standing])
        starts = [k for k, key in enumerate(keys) if k == 0 or key.cut] + [len(keys)]
        self._runs: list[Curve | Paced] = []    # from each cut to the next
        for first, last in zip(starts, starts[1:]):
            curve = Curve([key.at for key in keys[first:last]], values[first:last],
                          [key.ease for key in keys[first:last]], True)
            self._runs.append(Paced(curve, _eye) if keys[first].constant_speed else curve)

    def at(self, t: Fraction, place: Place) -> tuple[Pose, float]:
        """The pose and the vertical field of view (degrees) at a film time; `place` says where an entity
        stands, (x, y, z) m."""
        run = next((run for run in reversed(self._runs) if run.times[0] <= t), self._runs[0])
        value = run.at(t)
        target = value[:TARGET].copy()
        for name, weight in zip(self._followed, value[TARGET + ANGLES:]):
            if weight > 0.0:
                target += weight * np.asarray(place(name))
        deep, yaw, pitch, fov, roll = value[TARGET:TARGET + ANGLES].tolist()
        return Pose(tuple(target.tolist()), math.exp(deep), yaw, min(pitch, HIGHEST), roll), fov

    def _value(self, at: Standing) -> list[float]:
        weights = [float(at.follow == name) for name in self._followed]
        return [*at.target, math.log(at.distance), at.yaw, at.pitch, at.fov, at.roll, *weights]


class Tracks:
    """The tracks of a shot list over a scenario.

    `poses` are the cameras by name, `known` tells whether an entity has a name, `tier` is how much the
    picture may cost where the list does not say. Raises InputError with the key of what does not fit.
    """

    def __init__(self, shots: ShotList, scenario, poses: dict[str, Pose], known: Callable[[str], bool],
                 tier: Tier = Tier.HIGH):
        self.shots, self._poses, self._known = shots, poses, known
        self._time = self._times(scenario)
        self._check_camera()
        self._camera = CameraTrack(shots.camera, poses)
        self._views = self._looks(tier)
        for k, title in enumerate(shots.titles):
            if title.of is not None and not known(title.of):
                raise wrong(shots, f"titles.{k}.of", _nobody(title.of))
        split = shots.fork.split if shots.fork else ()
        self._split = split and Curve([key.at for key in split], np.array([[key.share] for key in split]),
                                      [key.ease for key in split], True)

    def at(self, t: Fraction, place: Place) -> Moment:
        """The moment at a film time (s); `place` says where an entity stands, (x, y, z) m."""
        look, select, names = self._view_at(t)
        pose, fov = self.camera(t, place)
        split = float(self._split.at(t)[0]) if self._split else 1.0
        return Moment(t, self.sim_s(t), pose, fov, look, select, names, split)

    def sim_s(self, t: Fraction) -> float:
        """The simulation's time at a film time, s since its start; never falls."""
        return float(self._time.at(t)[0])

    def camera(self, t: Fraction, place: Place) -> tuple[Pose, float]:
        """The camera's pose and its vertical field of view (degrees) at a film time."""
        return self._camera.at(t, place)

    def titles(self, t: Fraction) -> list[tuple[int, Title, float]]:
        """Number, title and opacity (0 to 1) of those that are seen at a film time."""
        seen = []
        for k, title in enumerate(self.shots.titles):
            if title.at <= t < title.until:
                left = float(min(t - title.at, title.until - t))
                opacity = ease(left / title.fade) if title.fade else 1.0
                seen.append((k, title, opacity))
        return seen

    def _times(self, scenario) -> Curve:
        seconds = []
        for k, key in enumerate(self.shots.time):
            try:
                at = scenario.seconds(key.sim)
            except ValueError as error:
                raise wrong(self.shots, f"time.{k}.sim", error) from None
            if at > scenario.duration:
                raise wrong(self.shots, f"time.{k}.sim", f"{key.sim} is after the scenario's end, "
                            f"{scenario.duration / 3600:g} h after its start")
            if seconds and at < seconds[-1]:
                raise wrong(self.shots, f"time.{k}.sim", f"{key.sim} is before {self.shots.time[k - 1].sim} "
                            "of the key before: simulated time does not run backwards")
            seconds.append(at)
        return Curve([key.at for key in self.shots.time], np.array(seconds)[:, None],
                     [key.ease for key in self.shots.time], False)

    def _check_camera(self) -> None:
        for k, key in enumerate(self.shots.camera):
            if key.follow and not self._known(key.follow):
                raise wrong(self.shots, f"camera.{k}.follow", _nobody(key.follow))
            if key.look is not None and key.look not in self._poses:
                raise wrong(self.shots, f"camera.{k}.look", f"no camera {key.look!r}, expected one of "
                            f"{', '.join(self._poses)}")

    def _looks(self, tier: Tier) -> list[tuple[Fraction, Look, str | None, bool]]:
        look, select, names = Look(tier=tier), None, True
        looks = [(Fraction(-1), look, select, names)]
        for k, key in enumerate(self.shots.view):
            given = {name: value for name in ("view", "overlay", "flow", "tier")
                     if (value := getattr(key, name)) is not None}
            look = replace(look, **given)
            if key.select is not None:
                if key.select and key.select.lower() != "hub" and not self._known(key.select):
                    raise wrong(self.shots, f"view.{k}.select", _nobody(key.select))
                select = key.select or None
            names = names if key.names is None else key.names
            looks.append((key.at, look, select, names))
        return looks

    def _view_at(self, t: Fraction) -> tuple[Look, str | None, bool]:
        return next(shown for at, *shown in reversed(self._views) if at <= t)


def film_s(frame: int, fps: Fraction) -> Fraction:
    """The film time of a frame, exactly."""
    return frame / fps


def frame_count(duration_s: Fraction, fps: Fraction) -> int:
    """How many frames stand before the film's end; at least one."""
    return max(math.ceil(duration_s * fps), 1)


def standings(keys: Sequence[CameraKey], poses: dict[str, Pose]) -> list[Standing]:
    """Where the camera stands at each key; `poses` has the cameras that they name, and `default`."""
    found: list[Standing] = []
    for key in keys:
        before = found[-1] if found else _of(poses["default"])
        found.append(_stand(key, before, bool(found) and not key.cut, poses))
    return found


def _stand(key: CameraKey, at: Standing, joined: bool, poses: dict[str, Pose]) -> Standing:
    yaw_before = at.yaw
    if key.look is not None:
        at = replace(_of(poses[key.look]), fov=at.fov, roll=at.roll)
    if key.follow is not None:
        at = replace(at, follow=key.follow, target=key.target or (0.0, 1.0, 0.0))
    elif key.target is not None:
        at = replace(at, follow=None, target=key.target)
    if key.eye is not None:
        way = np.array(key.target) - np.array(key.eye)
        distance = float(np.linalg.norm(way))
        at = replace(at, distance=distance, yaw=math.degrees(math.atan2(way[0], way[2])),
                     pitch=math.degrees(math.asin(-way[1] / distance)))
    given = {name: value for name in ("distance", "yaw", "pitch", "fov", "roll")
             if (value := getattr(key, name)) is not None}
    at = replace(at, **given)
    yaw = at.yaw
    if joined:  # The shorter way round, unless `turn` says otherwise.
        yaw = yaw_before + (yaw - yaw_before + 180.0) % 360.0 - 180.0
    lowest = min(at.pitch, PITCH_RANGE[0])
    return replace(at, yaw=yaw + key.turn, pitch=min(max(at.pitch + key.rise, lowest), HIGHEST),
                   distance=max(at.distance * (1.0 - key.closer) - key.dolly, 1.0))


def _of(pose: Pose) -> Standing:
    return Standing(pose.target, pose.distance, pose.yaw, pose.pitch)


def _eye(value: np.ndarray) -> np.ndarray:
    deep, yaw, pitch = value[TARGET:TARGET + 3].tolist()
    return Pose(tuple(value[:TARGET].tolist()), math.exp(deep), yaw, pitch).eye()


def _nobody(name: str) -> str:
    return f"nothing here is named {name!r}: expected a vehicle, a connector, a station or hub"

