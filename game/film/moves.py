"""Moves of the camera by name, as a director asks for them: each makes camera keys over a site.

A move begins where the camera is and touches nothing on its way: ground, hub, hall, canopies, lamps, trees.
Of several ways it takes the first that is free, over the top where none leads straight, and cuts where
even that does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from game.camera import Pose, aside, raised
from game.film.curves import Ease
from game.film.shots import CameraKey
from game.film.tracks import CameraTrack
from game.film.yard import Yard
from sim.errors import InputError

ASPECT = 16.0 / 9.0
THIRD, ABOVE = 1.0 / 6.0, 0.07      # of width and height, that what a shot is about stands off the middle
LOOKS, STEP_M = 48, 0.8             # at which a way is tried: so many first, then each so many metres
HALF_FOV = math.tan(math.radians(19.0))
OVER_DEG = (46.0, 60.0, 74.0)

Needs = Literal["nothing", "site", "vehicle", "connector", "zone"]
Step = tuple[float, Pose]           # share of the move's time, pose
Ways = Iterator[list[Step]]


@dataclass(frozen=True)
class Move:
    """`label` and `story` are its words; `needs` says what it must be told as its target. `steps` gives ways
    to make it, the best first; with `cuts` it does not begin where the camera is."""

    name: str
    label: str
    story: str
    needs: Needs
    steps: Callable[[Yard, str | None, Pose, float], Ways]
    cuts: bool = False

    def make(self, yard: Yard, target: str | None, start: Pose, at: float, duration: float) -> list[CameraKey]:
        """Camera keys from film time `at` (s) on for `duration` (s, above 0), the first where the camera is:
        `start`. At both ends the camera is at rest. Raises InputError for a target that the move cannot take.
        """
        _check(self, yard, target)
        follow = target if self.needs == "vehicle" else None
        free = yard.clear(start.eye()[None])
        first = start if free else yard.lifted(start)
        tried = list(self.steps(yard, target, first, duration))
        joins = (_cut,) if self.cuts else (_straight, _cut) if follow else (_straight, _over, _cut)
        for join in joins:
            for steps in tried:
                for whole in join(first, steps):
                    keys = _keys(whole, at, duration, follow, join is _cut or not free)
                    if _free(yard, keys, follow):
                        return keys
        return _keys([(0.0, first), (1.0, first)], at, duration, None, not free)


def _hold(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    yield [(1.0, start)]


def _orbit(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    turn = min(max(7.0 * duration, 24.0), 150.0)
    for rise in (0.0, 8.0, 18.0, 30.0, 44.0):
        for way in (1.0, -1.0):
            pitch = min(start.pitch + rise, 80.0)
            yield [(1.0, replace(start, yaw=start.yaw + way * turn, pitch=pitch,
                                 distance=max(start.distance * 0.94, 6.0)))]


def _rise(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    home = _near(yard.home, start)
    for up in (16.0, 28.0, 42.0):
        middle = _between(start, home, 0.42, max(start.pitch, home.pitch) + up)
        yield [(0.46, middle), (1.0, home)]


def _reveal(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    """From above the far bays, looking down, forward and up until hub and horizon are there."""
    home = yard.home
    far = np.array(home.target) - home.axes()[0] * (1.0, 0.0, 1.0) * 0.30 * home.distance
    near = max(0.26 * home.distance, 20.0)
    for turn in (-16.0, 16.0, 0.0):
        yield [(0.0, Pose(_point(far), near, home.yaw + turn, 72.0)),
               (0.5, _between(Pose(_point(far), near, home.yaw + turn, 72.0), home, 0.52, 40.0)),
               (1.0, home)]


def _dive(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    for close in _close_ups(yard, target):
        close = _near(close, start)
        for pitch in (38.0, 56.0):
            middle = _between(start, close, 0.55, max(start.pitch, pitch))
            middle = replace(middle, target=_mixed(start.target, close.target, 0.86))
            yield [(0.42, middle), (1.0, close)]


def _approach(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    for close in _views(yard, target or "hub"):
        close = _near(close, start)
        yield [(1.0, close)]
        yield [(0.5, _between(start, close, 0.5, max(start.pitch, close.pitch) + 16.0)), (1.0, close)]


def _cable(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    """Behind the energy, from the post over the island's gate to the hub's core."""
    row = yard.connector_of(target)
    post, scale = yard.place(target), yard.scale
    gathered, gate, core = yard.layout.stream_xyz[row]
    yaw, turned = _bearing(gate - post), _bearing(core - gate)
    for low in (12.0, 20.0, 30.0, 42.0):
        steps = [(0.26, Pose(_point(post + (0.0, 0.6, 0.0)), 11.0, yaw, low + 4.0)),
                 (0.48, Pose(_mixed(post, gathered, 0.9), 14.0, yaw, low)),
                 (0.74, Pose(_point(gate), 17.0 + 4.0 * scale, yaw + 0.5 * _turn(yaw, turned), low - 2.0)),
                 (1.0, _framed(core, 36.0 * scale, turned + 10.0, max(low - 4.0, 8.0), 0.0, 0.10))]
        yield [(share, _near(pose, start)) for share, pose in steps]


def _sweep(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    """Along a zone's bays, with the hub before the camera."""
    bays, way = _spread(yard, target)
    middle = bays.mean(axis=0)
    along = (bays - middle) @ way
    first, last = middle + way * along.min() * 0.8, middle + way * along.max() * 0.6
    yaw = _bearing(yard.hub - middle)
    for pitch in (20.0, 30.0, 42.0):
        for turn in (-34.0, 34.0):
            steps = [(0.3, Pose(_point(first), 27.0, yaw + turn, pitch)),
                     (1.0, Pose(_point(last), 24.0, yaw + 0.55 * turn, pitch - 4.0))]
            yield [(share, _near(pose, start)) for share, pose in steps]


def _follow(yard: Yard, target: str | None, start: Pose, duration: float) -> Ways:
    """Beside a vehicle that moves; its place is added when the film is drawn."""
    here = yard.place(target)
    yaws = {round(yaw, 1): None for yaw in (yard.home.yaw - 18.0, _bearing(yard.hub - here) - 18.0,
                                            yard.home.yaw + 18.0)}
    for distance, pitch in ((20.0, 28.0), (22.0, 36.0), (26.0, 46.0), (30.0, 58.0), (20.0 * yard.scale, 80.0)):
        for yaw in yaws:
            steps = [(0.3, _framed((0.0, 1.0, 0.0), distance, yaw, pitch)),
                     (1.0, _framed((0.0, 1.0, 0.0), 0.86 * distance, yaw + 14.0, pitch + 2.0))]
            yield [(share, _near(pose, start)) for share, pose in steps]


MOVES: dict[str, Move] = {move.name: move for move in (
    Move("hold", "Hold", "The camera stands still.", "nothing", _hold),
    Move("orbit", "Orbit", "A slow arc around what the camera looks at.", "nothing", _orbit),
    Move("approach", "Approach", "Towards the hub, or a zone, until it fills the picture.", "nothing", _approach),
    Move("reveal", "Reveal", "From above the bays forward and up, until hub and horizon are there.", "site",
         _reveal, cuts=True),
    Move("rise", "Rise", "Up and away, until the whole site is seen.", "site", _rise),
    Move("sweep", "Sweep", "Along a zone's bays, towards the hub.", "zone", _sweep),
    Move("dive", "Dive", "Down to a connector, close enough to read its post.", "connector", _dive),
    Move("cable", "Along the cable", "With the energy from a connector to the hub.", "connector", _cable),
    Move("follow", "Follow", "Beside a vehicle, wherever it goes.", "vehicle", _follow),
)}
TAKES = {"nothing": (None, "hub", "zone", "connector", "station"), "site": (None,), "zone": ("zone",),
         "connector": ("connector", "station"), "vehicle": ("vehicle",)}
"""Kinds of target by what a move needs; the first is what it is usually told."""


def _check(move: Move, yard: Yard, target: str | None) -> None:
    kind = None if target is None else yard.kind(target)
    if target is not None and kind is None:
        raise InputError(f"{move.name}: nothing here is named {target!r}")
    if None in TAKES[move.needs] and move.needs == "site":
        return
    if kind not in TAKES[move.needs]:
        raise InputError(f"{move.name}: {target or 'no target'}: expected a {move.needs}"
                         if move.needs != "nothing" else f"{move.name}: {target}: expected what never moves")


def _close_ups(yard: Yard, name: str) -> Iterator[Pose]:
    """A post seen from the lane, on a slant, with what is behind it towards the hub."""
    post, row = yard.place(name), yard.connector_of(name)
    if row < 0:
        yield from _views(yard, name)
        return
    inward = float(yard.layout.bay_heading[row]) + 180.0
    side = math.copysign(1.0, _turn(inward, _bearing(yard.hub - post)))
    looks = [_framed(post, distance, inward + side * slant, pitch) for slant, distance, pitch in (
        (44.0, 10.0, 21.0), (30.0, 11.0, 19.0), (14.0, 12.5, 15.0), (0.0, 13.0, 14.0), (44.0, 13.0, 34.0))]
    yield from (pose for pose in looks if yard.clear(pose.eye()[None]))
    yield from map(yard.lifted, looks)


def _views(yard: Yard, name: str) -> Iterator[Pose]:
    """Something large as a whole: a zone's bays, the hub, or a post with what is around it."""
    point, kind = yard.place(name), yard.kind(name)
    yaw = _bearing(yard.hub - point) if kind != "hub" else yard.home.yaw
    if kind == "hub":
        distance, pitch, above = 40.0 * yard.scale, 11.0, 0.05
    elif kind == "zone":
        reach = float(np.linalg.norm(yard.bays(name) - point, axis=1).max())
        distance, pitch, above = max(1.15 * reach / HALF_FOV / ASPECT, 26.0), 27.0, 0.10
    else:
        distance, pitch, above = 21.0, 24.0, ABOVE
    for more in (0.0, 8.0, 18.0, 32.0):
        for turn in (16.0, -16.0):
            right = {"hub": THIRD, "zone": 0.0}.get(kind, THIRD / 3.0)
            yield yard.lifted(_framed(point, distance, yaw + turn, pitch + more, right, above))


def _spread(yard: Yard, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """A zone's bays (n, 3), and the unit vector (3,) along which they stand, towards the hub."""
    bays = yard.bays(zone)
    middle = bays.mean(axis=0)
    to_hub = yard.hub - middle
    way = to_hub * (1.0, 0.0, 1.0) / max(float(np.hypot(to_hub[0], to_hub[2])), 1e-6)
    return bays, way


def _framed(point, distance: float, yaw: float, pitch: float, right: float = THIRD, above: float = ABOVE) -> Pose:
    """A pose in which a point stands off the picture's middle, by shares of its width and height."""
    return raised(aside(Pose(_point(point), distance, yaw, pitch), right, ASPECT), above, ASPECT)


def _near(pose: Pose, start: Pose) -> Pose:
    """The same pose, its yaw counted so that the shorter way leads there."""
    return replace(pose, yaw=start.yaw + _turn(start.yaw, pose.yaw))


def _between(a: Pose, b: Pose, share: float, pitch: float) -> Pose:
    """The share of the way from a to b, looking down by `pitch`."""
    return Pose(_mixed(a.target, b.target, share), a.distance ** (1.0 - share) * b.distance ** share,
                a.yaw + (b.yaw - a.yaw) * share, min(pitch, 84.0))


def _straight(start: Pose, steps: list[Step]) -> Iterator[list[Step]]:
    yield [(0.0, start), *steps]


def _over(start: Pose, steps: list[Step]) -> Iterator[list[Step]]:
    """By way of a place above."""
    share, first = steps[0]
    for pitch in OVER_DEG:
        for wide in (1.0, 1.8, 3.2):
            over = _between(start, first, 0.5, pitch)
            over = replace(over, distance=max(over.distance, start.distance, first.distance) * wide)
            half = 0.5 * share if len(steps) > 1 else 0.45
            yield [(0.0, start), (half, over), *steps]


def _cut(start: Pose, steps: list[Step]) -> Iterator[list[Step]]:
    """Beginning with the first of the steps, which then stands from the beginning."""
    share, first = steps[0]
    if share == 0.0:
        yield steps
    elif len(steps) > 1:
        yield [(0.0, first), *steps[1:]]
    else:
        yield [(0.0, replace(first, distance=first.distance * 1.06)), (1.0, first)]


def _keys(steps: list[Step], at: float, duration: float, follow: str | None, cut: bool) -> list[CameraKey]:
    """Camera keys of steps; all but the start's follow what is followed."""
    keys, before = [], None
    for k, (share, pose) in enumerate(steps):
        when = Fraction(Decimal(str(at))) + Fraction(round(share * duration * 1000.0), 1000)
        yaw, turn = round(pose.yaw, 2), 0.0
        if before is not None:
            turn = yaw - before
            turn = round(turn - _turn(before, yaw), 2)
        before = yaw
        moving = follow is not None and (k > 0 or cut)
        keys.append(CameraKey(
            at=when, target=tuple(round(value, 2) for value in pose.target), distance=round(pose.distance, 2),
            yaw=round(yaw - turn, 2), pitch=round(pose.pitch, 2), roll=round(pose.roll, 2), turn=turn,
            follow=follow if moving else None, cut=cut and k == 0,
            ease=Ease.REST if k in (0, len(steps) - 1) else Ease.THROUGH))
    return keys


def _free(yard: Yard, keys: list[CameraKey], follow: str | None) -> bool:
    """Whether the camera touches nothing on its way, wherever what it follows may be."""
    track = CameraTrack(tuple(keys), {"default": yard.home})
    first, last = keys[0].at, keys[-1].at
    stops, beside = yard.thinned_stops() if follow else (None, 0.0)
    count, done = LOOKS, False
    while True:
        times = [first + (last - first) * k / count for k in range(count + 1)]
        eyes = _eyes(track, times, (0.0, 0.0, 0.0))
        ways = eyes
        if follow:
            weights = _eyes(track, times, (1.0, 0.0, 0.0))[:, :1] - eyes[:, :1]
            ways = (eyes[:, None] + weights[:, None] * stops).reshape(-1, 3)
        free = yard.clear(ways, beside=beside)
        if done or not free:
            return free
        longest = float(np.linalg.norm(np.diff(ways.reshape(len(times), -1, 3), axis=0), axis=2).max())
        count, done = math.ceil(count * max(longest / STEP_M, 1.0)), True


def _eyes(track: CameraTrack, times: list[Fraction], place: tuple[float, float, float]) -> np.ndarray:
    """Where the camera stands at film times, (n, 3), where what it follows is at a place."""
    return np.array([track.at(t, lambda name: place)[0].eye() for t in times])


def _mixed(a, b, share: float) -> tuple[float, float, float]:
    return _point(np.asarray(a) + (np.asarray(b) - np.asarray(a)) * share)


def _point(values) -> tuple[float, float, float]:
    return tuple(map(float, values))


def _bearing(way) -> float:
    """Degrees clockwise from north."""
    return math.degrees(math.atan2(way[0], way[2]))


def _turn(a: float, b: float) -> float:
    """Degrees from one bearing to another, the shorter way, -180 to 180."""
    return (b - a + 180.0) % 360.0 - 180.0
