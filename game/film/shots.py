"""Shot lists: what a film shows, as TOML. `load` gives a checked one or a clear line.

A key stands at an exact film time: seconds as written, without rounding.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError,
                      model_validator)

from game.film.curves import Ease
from game.look import Flow, Overlay, Tier, View, named
from sim import tables
from sim.errors import InputError, from_validation

SHOTS_DIR = Path(__file__).resolve().parents[2] / "assets" / "shots"
LONGEST_S = 4 * 3600


def _exact(value: Any) -> Fraction:
    try:
        if isinstance(value, bool):
            raise ValueError
        time = value if isinstance(value, Fraction) else Fraction(Decimal(str(value)))
    except (ValueError, ArithmeticError):
        raise ValueError("expected seconds of film such as 12 or 7.5") from None
    if not 0 <= time <= LONGEST_S:
        raise ValueError(f"expected seconds of film from 0 to {LONGEST_S}")
    return time


def _member(kind):
    return BeforeValidator(lambda value: value if value is None or isinstance(value, kind) else named(kind, str(value)))


Film_s = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str)]
Point = tuple[float, float, float]


def _with_font(part):
    if part.font_bold and not part.font:
        raise ValueError("font_bold: needs a font beside it")
    return part


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CameraKey(Part):
    """Where the camera is at a film time. What is not given stays as at the key before; the first
    begins at the camera `default`. `turn`, `rise` (degrees), `dolly` (m, closer) and `closer` (share of the
    distance) are relative."""

    at: Film_s
    look: str | None = None
    follow: str | None = None
    target: Point | None = None
    eye: Point | None = None
    distance: Annotated[float | None, Field(ge=1.0, le=5000.0)] = None
    yaw: float | None = None
    pitch: Annotated[float | None, Field(ge=-10.0, le=89.0)] = None
    turn: float = 0.0
    rise: float = 0.0
    dolly: float = 0.0
    closer: Annotated[float, Field(gt=-100.0, lt=1.0)] = 0.0
    fov: Annotated[float | None, Field(ge=5.0, le=100.0)] = None
    roll: Annotated[float | None, Field(ge=-180.0, le=180.0)] = None
    ease: Ease = Ease.THROUGH
    cut: bool = False
    constant_speed: bool = False

    @model_validator(mode="after")
    def _one_place(self):
        if self.eye is not None and (self.target is None or self.follow is not None):
            raise ValueError("eye: needs a target beside it, and no follow")
        if self.eye is not None and self.eye == self.target:
            raise ValueError("eye: is where it looks")
        return self


class TimeKey(Part):
    """Which moment of the simulation is shown at a film time."""

    at: Film_s
    sim: str | float
    ease: Ease = Ease.THROUGH


class ViewKey(Part):
    """What is shown from a film time on; what is not given stays. `names`: whether names stand at things."""

    at: Film_s
    view: Annotated[View | None, _member(View)] = None
    overlay: Annotated[Overlay | None, _member(Overlay)] = None
    flow: Annotated[Flow | None, _member(Flow)] = None
    tier: Annotated[Tier | None, _member(Tier)] = None
    select: str | None = None
    names: bool | None = None


MOST_LINES = 16
Words = Annotated[str, Field(max_length=500)]
Tone = Literal["text", "to_grid", "from_grid", "standby", "renewable", "warning", "fault"]


class Title(Part):
    """Words over the picture. `text`, `title`, `value` and `lines` may hold figures such as
    `{peak_import_kw:.0f}`, of the vehicle `of` too. `font` goes before the film's."""

    kind: Literal["opening", "lower_third", "figure", "callout", "closing"]
    at: Film_s
    until: Film_s
    title: Words = ""
    text: Words = ""
    value: Words = ""
    unit: Words = ""
    lines: Annotated[tuple[Words, ...], Field(max_length=MOST_LINES)] = ()
    of: str | None = None
    corner: Literal["upper_left", "upper_right", "lower_left", "lower_right"] = "upper_right"
    tone: Tone = "text"
    fade: Annotated[float, Field(ge=0.0, le=5.0)] = 0.5
    font: str | None = None
    font_bold: str | None = None

    @model_validator(mode="after")
    def _whole(self):
        if self.until <= self.at:
            raise ValueError("until: is not after at")
        for k, line in enumerate(self.lines):
            own = [part.strip() for part in line.split("|")][2:]
            if own and (len(own) > 1 or own[0] not in get_args(Tone)):
                raise ValueError(f"lines.{k}: expected `figure | what it is | tone`, a tone of {', '.join(get_args(Tone))}")
        needed = {"figure": "value", "callout": "of"}.get(self.kind, "title")
        if not getattr(self, needed):
            raise ValueError(f"{needed}: a {self.kind} needs one")
        return _with_font(self)


class Stop(Part):
    """Where a live tour of the list can be entered by name. `card` shows what the program is built with, and
    what it costs now, from there to the next stop."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    at: Film_s
    card: bool = False


class Cue(Part):
    """The soft tone of an alarm at a film time."""

    at: Film_s


class Sound(Part):
    """A WAV file beside the shot list, or cues of our own, or both. `gain` is the file's, and `fade_out` s at its
    end or the film's."""

    file: str | None = None
    gain: Annotated[float, Field(ge=0.0, le=4.0)] = 1.0
    fade_out: Annotated[float, Field(ge=0.0, le=60.0)] = 2.0
    cues: tuple[Cue, ...] = ()


class Given(Part):
    at: str | float
    command: Any


class SplitKey(Part):
    """How much of the picture's width the first branch has at a film time."""

    at: Film_s
    share: Annotated[float, Field(ge=0.0, le=1.0)]
    ease: Ease = Ease.REST


class Fork(Part):
    """A second branch: the same run with other commands. Both are seen beside each other, each from
    its own middle, or with a border that is swiped over one view."""

    names: tuple[str, str]
    commands: Annotated[tuple[Given, ...], Field(min_length=1)]
    layout: Literal["side_by_side", "swipe"] = "side_by_side"
    split: Annotated[tuple[SplitKey, ...], Field(min_length=1)]


class About(Part):
    """`scenario` or `run` may be given on the command line instead. `font`, and `font_bold` for what is bold, is what
    titles are written in: a file beside the list, or a family that ships."""

    name: str
    duration: Film_s
    story: str = ""
    scenario: str | None = None
    run: str | None = None
    seed: Annotated[int | None, Field(ge=0)] = None
    overrides: Annotated[dict[str, Any], Field(alias="set")] = {}
    font: str | None = None
    font_bold: str | None = None

    @model_validator(mode="after")
    def _lasts(self):
        if self.duration <= 0:
            raise ValueError("duration: expected more than 0")
        if self.scenario and self.run:
            raise ValueError("run: there is a scenario already")
        return _with_font(self)


class ShotList(Part):
    film: About
    camera: tuple[CameraKey, ...] = (CameraKey(at=0),)
    time: Annotated[tuple[TimeKey, ...], Field(min_length=1)]
    view: tuple[ViewKey, ...] = ()
    titles: tuple[Title, ...] = ()
    stops: tuple[Stop, ...] = ()
    sound: Sound | None = None
    fork: Fork | None = None
    commands: tuple[Given, ...] = ()
    _source: str = "shots"
    _folder: Path = SHOTS_DIR

    @property
    def source(self) -> str:
        """What messages call it."""
        return self._source

    @property
    def folder(self) -> Path:
        """Where its own files lie."""
        return self._folder

    @model_validator(mode="after")
    def _in_order(self):
        tracks = {"camera": self.camera, "time": self.time, "view": self.view, "stops": self.stops,
                  "fork.split": self.fork.split if self.fork else ()}
        for name, keys in tracks.items():
            for k, (before, key) in enumerate(pairwise(keys), 1):
                if key.at <= before.at:
                    raise ValueError(f"{name}.{k}.at: is not after the key before, {float(before.at):g} s")
            if keys and keys[-1].at > self.film.duration:
                raise ValueError(f"{name}.{len(keys) - 1}.at: after the film's end at "
                                 f"{float(self.film.duration):g} s")
        names = [stop.name for stop in self.stops]
        if len(set(names)) < len(names):
            raise ValueError("stops: expected a name of its own for each")
        for name, parts in (("titles", self.titles), ("sound.cues", self.sound.cues if self.sound else ())):
            for k, part in enumerate(parts):
                if part.at >= self.film.duration:
                    raise ValueError(f"{name}.{k}.at: after the film's end at {float(self.film.duration):g} s")
        return self


def shipped() -> dict[str, Path]:
    """Paths of the shipped shot lists by name, in alphabetical order."""
    return tables.shipped(SHOTS_DIR)


def load(reference: str) -> ShotList:
    """The shot list of a shipped name or a TOML path; raises InputError, one line."""
    path = tables.find(reference, "shot list", SHOTS_DIR)
    return from_dict(tables.read_toml(path), str(path), path.parent)


def from_dict(raw: dict, source: str, folder: Path = SHOTS_DIR) -> ShotList:
    """A checked shot list; `source` stands in messages, its files are found in `folder`."""
    try:
        shots = ShotList.model_validate(raw)
    except ValidationError as error:
        raise from_validation(source, error, raw) from None
    shots._source, shots._folder = source, folder
    return shots


def wrong(shots: ShotList, key: str, what: object) -> InputError:
    """What is wrong with a key, in one line."""
    return InputError(f"{shots.source}: {key}: {what}")
