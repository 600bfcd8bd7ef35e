"""A shot list that is being edited: what is selected, what can be done to it, and how that is undone. No graphics.

Each operation leaves a list that can be filmed, or raises InputError and changes nothing. What stands beside
the keys that it is about stays as it was: a camera key that only says how it differs from the one before is
written out in full where that one changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from pydantic import ValidationError

from game.camera import VERTICAL_FOV_DEG, Pose
from game.film.curves import Ease
from game.film.shots import About, CameraKey, Fork, ShotList, Sound, TimeKey, Title
from game.film.tracks import Standing, standings
from sim.errors import InputError, from_validation

TRACKS = ("camera", "time", "view", "titles", "cues", "split", "stops")
NEEDED = ("camera", "time", "split")    # that cannot be without a key
APART = Fraction(1, 25)                 # s between two keys that a hand moves
MILLI = 1000
FORM = 4                                # decimals of what is written out in full
AS_IT_WAS = ("turn", "rise", "dolly", "closer")


class Spot(NamedTuple):
    """A key: its track, one of TRACKS, and its number there."""

    track: str
    number: int


@dataclass(frozen=True)
class Step:
    """A state of the document, and in words what led to it."""

    shots: ShotList
    selected: tuple[Spot, ...] = ()
    words: str = ""


class Document:
    """`shots` with what is `selected`. `poses` are the cameras that keys can name, `check` raises InputError for
    a list that cannot be filmed. `version` changes whenever the list does."""

    def __init__(self, shots: ShotList, poses: dict[str, Pose],
                 check: Callable[[ShotList], object] = lambda shots: None):
        self._poses, self._check = poses, check
        self._now, self._saved = Step(shots), shots
        self._undo: list[Step] = []
        self._redo: list[Step] = []
        self._merging: str | None = None
        self._grabbed: Step | None = None
        self.version = 0

    @property
    def shots(self) -> ShotList:
        return self._now.shots

    @property
    def selected(self) -> tuple[Spot, ...]:
        return self._now.selected

    @property
    def dirty(self) -> bool:
        """Whether it differs from what was saved last."""
        return self.shots != self._saved

    def keys(self, track: str) -> tuple:
        """The keys of a track, in their order."""
        return keys_of(self.shots, track)

    def key(self, spot: Spot):
        """A key of the list."""
        return self.keys(spot.track)[spot.number]

    def standing(self, number: int) -> Standing:
        """Where the camera stands at a key."""
        return standings(self.shots.camera[:number + 1], self._poses)[-1]

    def select(self, *spots: Spot) -> None:
        """Select keys and no others."""
        self.settle()
        self._now = Step(self.shots, spots, self._now.words)

    def lies_in(self, shots: ShotList) -> None:
        """It stands in a file now; `shots` is the list as it is there, found from its folder."""
        self.settle()
        self._now = Step(shots, self.selected, self._now.words)
        for step in (*self._undo, *self._redo):
            step.shots._source, step.shots._folder = shots.source, shots.folder
        self._saved = self.shots
        self.version += 1

    # Undo and redo

    @property
    def undoes(self) -> str | None:
        """What undo would take back, None for nothing."""
        return self._now.words if self._undo else None

    @property
    def redoes(self) -> str | None:
        """What redo would bring again, None for nothing."""
        return self._redo[-1].words if self._redo else None

    def undo(self) -> str | None:
        """Take the last operation back; returns what it was."""
        return self._turn(self._undo, self._redo, self._now.words)

    def redo(self) -> str | None:
        """Bring again what was taken back last; returns what it was."""
        return self._turn(self._redo, self._undo, self._redo[-1].words if self._redo else None)

    def settle(self) -> None:
        """What comes next is another step, though it be of the same kind."""
        self._merging = None

    def _turn(self, source: list[Step], other: list[Step], words: str | None) -> str | None:
        self.settle()
        if not source or self._grabbed is not None:
            return None
        other.append(self._now)
        self._now = source.pop()
        self.version += 1
        return words

    def _do(self, words: str, shots: ShotList, selected: Sequence[Spot] | None = None,
            merge: str | None = None) -> None:
        """Go over to another list in one step, or within the last one where that is of the same kind `merge`."""
        chosen = self.selected if selected is None else tuple(selected)
        if shots == self.shots:
            self._now = Step(self.shots, chosen, self._now.words)
            return
        self._check(shots)
        if merge is None or merge != self._merging:
            self._undo.append(self._now)
        self._redo.clear()
        self._merging = merge
        self._now = Step(shots, chosen, words)
        self.version += 1

    # Operations

    def add(self, track: str, key, words: str) -> Spot:
        """Put a key where its time is, in the place of one that is there already; it is selected."""
        keys = list(self.keys(track))
        if track == "titles":
            keys.append(key)
        else:
            keys = sorted([one for one in keys if one.at != key.at] + [key], key=lambda one: one.at)
        spot = Spot(track, next(k for k, one in enumerate(keys) if one is key))
        self._do(words, self._with(track, keys), (spot,))
        return spot

    def add_pose(self, at: Fraction, pose: Pose, fov: float, follow: str | None = None) -> Spot:
        """A camera key at a film time that stands as `pose` does, whose target is beside what it may `follow`."""
        at = milli(at)
        here = next((key for key in self.shots.camera if key.at == at), None)
        cut, even = (here.cut, here.constant_speed) if here else (False, False)
        target = tuple(round(side, 2) for side in pose.target)
        key = made(CameraKey, at=at, follow=follow, target=target, distance=round(max(pose.distance, 1.0), 2),
                   yaw=round(pose.yaw % 360.0, 2), pitch=round(min(max(pose.pitch, -10.0), 89.0), 2),
                   fov=round(fov, 2), roll=round((pose.roll + 180.0) % 360.0 - 180.0, 2),
                   ease=here.ease if here else Ease.THROUGH, cut=cut, constant_speed=even)
        before = [one for one in self.shots.camera if one.at < at]
        last = standings(before, self._poses)[-1] if before else None
        same = {name: None for name, usual in (("fov", VERTICAL_FOV_DEG), ("roll", 0.0))
                if getattr(key, name) == (getattr(last, name) if last else usual)}
        return self.add("camera", with_fields(key, **same), "Camera key")

    def insert(self, keys: Sequence[CameraKey], words: str) -> None:
        """Put camera keys in the place of those between the first and the last of them; they are selected."""
        first, last = keys[0].at, keys[-1].at
        camera = [key for key in self.shots.camera if not first <= key.at <= last]
        camera = sorted([*camera, *keys], key=lambda key: key.at)
        chosen = [Spot("camera", k) for k, key in enumerate(camera) if any(key is one for one in keys)]
        self._do(words, self._with("camera", camera), chosen)

    def copied(self) -> tuple[tuple[str, Any], ...]:
        """What is selected, as track and key each; camera keys written out in full."""
        return tuple((track, pinned(self.key(Spot(track, number)), self.standing(number)) if track == "camera" else
                      self.key(Spot(track, number))) for track, number in sorted(self.selected))

    def paste(self, copied: Sequence[tuple[str, Any]], at: Fraction) -> None:
        """Put copied keys in, the first of them at a film time; they are selected."""
        by, shots, fresh = milli(at) - min(key.at for _, key in copied), self.shots, []
        for track in dict.fromkeys(track for track, _ in copied):
            new = [moved(key, by) for name, key in copied if name == track]
            taken = {key.at for key in new} if track != "titles" else set()
            keys = [key for key in keys_of(shots, track) if key.at not in taken] + new
            keys = keys if track == "titles" else sorted(keys, key=lambda key: key.at)
            fresh += [Spot(track, k) for k, key in enumerate(keys) if any(key is one for one in new)]
            shots = self._with(track, keys, shots)
        self._do("Paste", shots, fresh)

    def delete(self, spots: Sequence[Spot]) -> None:
        """Take keys out; the last one of a track that cannot be without stays."""
        shots, gone = self.shots, 0
        for track in dict.fromkeys(spot.track for spot in spots):
            out = {spot.number for spot in spots if spot.track == track}
            kept = [key for k, key in enumerate(self.keys(track)) if k not in out]
            if not kept and track in NEEDED:
                kept = [self.keys(track)[0]]
            gone += len(self.keys(track)) - len(kept)
            shots = self._with(track, kept, shots)
        if not gone:
            raise InputError("the last key of a track stays")
        self._do("Delete" if gone == 1 else f"Delete {gone} keys", shots, ())

    def change(self, spot: Spot, merge: str | None = None, **fields: Any) -> None:
        """Give a key other fields. Steps of the same `merge` that follow each other are one."""
        keys = list(self.keys(spot.track))
        keys[spot.number] = with_fields(keys[spot.number], **fields)
        word = next(iter(fields)).replace("_", " ")
        self._do(f"Change of {word}", self._with(spot.track, keys), (spot,), merge)

    def grab(self) -> None:
        """A hand takes hold of what is selected: moves until `drop` are one step."""
        self.settle()
        self._grabbed = self._now

    def move(self, by: Fraction, merge: str | None = None) -> Fraction:
        """Move what is selected by so much film time (s) from where it was grabbed, as far as the keys beside it
        and the film's ends allow; returns how far. Steps of the same `merge` that follow each other are one."""
        base = self._grabbed or self._now
        by = self._room(base, milli(by) if by >= 0 else -milli(-by))
        shots = base.shots
        for track in dict.fromkeys(spot.track for spot in base.selected):
            keys = list(keys_of(base.shots, track))
            for spot in base.selected:
                if spot.track == track:
                    keys[spot.number] = moved(keys[spot.number], by)
            shots = self._with(track, keys, shots)
        self._drag("Move", shots, base, merge)
        return by

    def stretch(self, edge: str, by: Fraction) -> None:
        """Move one edge, `at` or `until`, of the title that is selected from where it was grabbed."""
        base = self._grabbed or self._now
        number = next(spot.number for spot in base.selected if spot.track == "titles")
        titles = list(base.shots.titles)
        title, end = titles[number], base.shots.film.duration
        if edge == "at":
            to = min(max(milli(title.at + by), Fraction(0)), min(title.until, end) - APART)
        else:
            to = max(min(milli(title.until + by), max(end, title.until)), title.at + APART)
        titles[number] = with_fields(title, **{edge: max(to, Fraction(0))})
        self._drag("Length of a title", self._with("titles", titles, base.shots), base)

    def drop(self) -> None:
        """The hand lets go; where all is as it was when it was grabbed, nothing has been done."""
        if self._grabbed is not None and self._undo and self._merging == "drag" and self.shots == self._grabbed.shots:
            self._undo.pop()
        self._grabbed = None
        self.settle()

    def film(self, merge: str | None = None, **fields: Any) -> None:
        """Change what the list says of the whole film, `duration` or `name`."""
        about = made(About, **{**about_fields(self.shots.film), **fields})
        self._do(f"Film's {next(iter(fields))}", self._replaced(film=about), merge=merge)

    def sound(self, merge: str | None = None, **fields: Any) -> None:
        """Change the sound; without a file and cues there is none."""
        sound = with_fields(self.shots.sound or Sound(), **fields)
        self._do("Sound", self._replaced(sound=sound if sound.file or sound.cues else None), merge=merge)

    def fork(self, fork: Fork | None, merge: str | None = None) -> None:
        """Have another second branch, or none."""
        kept = [spot for spot in self.selected if fork is not None or spot.track != "split"]
        self._do("Fork", self._replaced(fork=fork), kept, merge)

    def commands(self, commands: Sequence, merge: str | None = None) -> None:
        """Give other commands in the run."""
        self._do("Commands", self._replaced(commands=tuple(commands)), merge=merge)

    def _drag(self, words: str, shots: ShotList, base: Step, merge: str | None = None) -> None:
        if shots == base.shots and self.shots == base.shots:
            return
        self._do(words, shots, base.selected, "drag" if self._grabbed is not None else merge)

    def _room(self, base: Step, by: Fraction) -> Fraction:
        """As much of `by` as there is room for."""
        low, high = -base.shots.film.duration, base.shots.film.duration
        for track, number in base.selected:
            keys, end = keys_of(base.shots, track), base.shots.film.duration
            chosen = {spot.number for spot in base.selected if spot.track == track}
            key = keys[number]
            first, last = Fraction(0), end
            if track == "titles":
                last = max(end - (key.until - key.at), Fraction(0))
            elif track != "cues":
                first = max([first] + [one.at + APART for k, one in enumerate(keys) if k < number and k not in chosen])
                last = min([last] + [one.at - APART for k, one in enumerate(keys) if k > number and k not in chosen])
            low, high = max(low, min(first - key.at, 0)), min(high, max(last - key.at, 0))
        return min(max(by, low), high)

    def _with(self, track: str, keys: Sequence, shots: ShotList | None = None) -> ShotList:
        """The list with other keys in a track; camera keys that nobody touched stand where they stood."""
        shots = shots or self.shots
        if track == "cues":
            sound = with_fields(shots.sound or Sound(), cues=tuple(keys))
            return self._replaced(shots, sound=sound if sound.file or keys else None)
        if track == "split":
            return self._replaced(shots, fork=with_fields(shots.fork, split=tuple(keys)))
        if track == "camera":
            keys = self._kept(shots.camera, keys)
        return self._replaced(shots, **{track: tuple(keys)})

    def _kept(self, before: Sequence[CameraKey], after: Sequence[CameraKey]) -> list[CameraKey]:
        stood = {id(key): at for key, at in zip(before, standings(before, self._poses))}
        keys = list(after)
        for k, key in enumerate(keys):
            was = stood.get(id(key))
            if was is not None and not _alike(standings(keys[:k + 1], self._poses)[-1], was):
                keys[k] = pinned(key, was)
        return keys

    def _replaced(self, shots: ShotList | None = None, **parts: Any) -> ShotList:
        shots = shots or self.shots
        kept = {name: getattr(shots, name) for name in ShotList.model_fields}
        found = made(ShotList, **{**kept, **parts})
        found._source, found._folder = shots.source, shots.folder
        return found


def keys_of(shots: ShotList, track: str) -> tuple:
    """The keys of a track, one of TRACKS."""
    if track == "cues":
        return shots.sound.cues if shots.sound else ()
    if track == "split":
        return shots.fork.split if shots.fork else ()
    return getattr(shots, track)


def milli(t: Fraction) -> Fraction:
    """The whole millisecond at or before a film time: a file can say it, and a key that is there is seen in the
    frame of that time."""
    return Fraction(floor(Fraction(t) * MILLI), MILLI)


def made(kind, /, **fields: Any):
    """A checked part of a shot list; raises InputError with the key that is wrong."""
    try:
        return kind(**fields)
    except ValidationError as error:
        raise from_validation(kind.__name__.lower() if kind is not ShotList else "shots", error) from None


def with_fields(part, /, **fields: Any):
    """A part of a shot list with other fields; raises InputError."""
    return made(type(part), **{**{name: getattr(part, name) for name in type(part).model_fields}, **fields})


def about_fields(about: About) -> dict[str, Any]:
    """The fields of `[film]` by their names in a file."""
    return {field.alias or name: getattr(about, name) for name, field in About.model_fields.items()}


def moved(key, by: Fraction):
    """A key at another time, a title with its end."""
    if isinstance(key, Title):
        return with_fields(key, at=key.at + by, until=key.until + by)
    return with_fields(key, at=key.at + by)


def pinned(key: CameraKey, at: Standing) -> CameraKey:
    """The key written out in full: it stands as `at` whatever stands before it."""
    return made(CameraKey, at=key.at, follow=at.follow, target=tuple(round(side, FORM) for side in at.target),
                distance=round(min(max(at.distance, 1.0), 5000.0), FORM), yaw=round(at.yaw, FORM),
                pitch=round(min(max(at.pitch, -10.0), 89.0), FORM), fov=round(at.fov, FORM),
                roll=round(at.roll, FORM), ease=key.ease, cut=key.cut, constant_speed=key.constant_speed)


def neighbours(keys: Sequence[TimeKey], number: int, seconds: Callable[[Any], float],
               end_s: float) -> tuple[float, float]:
    """Between which instants (s) a time key may say that it is."""
    before = seconds(keys[number - 1].sim) if number else 0.0
    after = seconds(keys[number + 1].sim) if number + 1 < len(keys) else end_s
    return before, after


def _alike(a: Standing, b: Standing) -> bool:
    """Whether two camera keys show the same picture."""
    turn = (a.yaw - b.yaw + 180.0) % 360.0 - 180.0
    sides = [*(p - q for p, q in zip(a.target, b.target)), a.distance - b.distance, turn, a.pitch - b.pitch,
             a.fov - b.fov, a.roll - b.roll]
    return a.follow == b.follow and all(abs(side) < 1e-3 for side in sides)
