"""What a person asks to have rendered, in words: it becomes a plan, waits in the queue, or goes to another
process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import NamedTuple

from pydantic import TypeAdapter

from game.film.codecs import codec_named, parse_fps
from game.film.orbit import orbit
from game.film.plan import Plan, frame_range, run_of
from game.film.shots import load
from game.look import Tier, named
from game.settings import parse_size
from sim.errors import InputError
from sim.scenario import parse_override

MOST_SAMPLES, MOST_BLUR, MOST_JOBS = 4, 64, 64


class Picture(NamedTuple):
    """Pixels, frames a second, what a frame may cost, and how much is lost in encoding."""

    size: tuple[int, int]
    fps: Fraction
    tier: Tier
    crf: int | None


@dataclass(frozen=True)
class Request:
    """The words of `voltyard film`. Without `shots` it is an orbit from `start` to `to` at `speed`."""

    scenario: str | None = None
    shots: str | None = None
    seed: int | None = None
    overrides: tuple[str, ...] = ()
    size: str = "1280x720"
    fps: str = "30"
    codec: str = "h264"
    crf: int | None = None
    supersample: int = 1
    motion_blur: int = 1
    frames: str | None = None
    tier: str = "medium"
    palette: str = "standard"
    start: str | None = None
    to: str | None = None
    speed: float | None = None

    def picture(self) -> Picture:
        """How it is drawn and encoded; raises InputError with the option that is wrong."""
        codec, fps = codec_named(self.codec), parse_fps(self.fps)
        try:
            size = parse_size(self.size)
        except ValueError as error:
            raise InputError(f"--size {self.size}: {error}") from None
        if any(side % 2 for side in size):
            raise InputError(f"--size {self.size}: a film needs an even width and height")
        try:
            tier = named(Tier, self.tier)
        except ValueError as error:
            raise InputError(f"--tier {self.tier}: {error}") from None
        for option, value, most in (("supersample", self.supersample, MOST_SAMPLES),
                                    ("motion-blur", self.motion_blur, MOST_BLUR)):
            if not 1 <= value <= most:
                raise InputError(f"--{option} {value}: expected 1 to {most}")
        if self.crf is not None and codec.crf is None:
            raise InputError(f"--crf: {self.codec} has no such choice")
        if self.crf is not None and not 0 <= self.crf <= codec.worst:
            raise InputError(f"--crf {self.crf}: expected 0 (best) to {codec.worst} for {self.codec}")
        return Picture(size, fps, tier, codec.crf if self.crf is None else self.crf)

    def plan(self) -> Plan:
        """What it comes to; raises InputError with the option or the key that is wrong."""
        size, fps, tier, crf = self.picture()
        run, shots = self._shown()
        first, last = frame_range(self.frames, shots, fps)
        return Plan(run, shots, size, fps, self.codec, crf, self.supersample, self.motion_blur, tier, self.palette,
                    first, last, self)

    def _shown(self):
        overrides = dict(parse_override(text) for text in self.overrides)
        if self.shots is None:
            if self.scenario is None:
                raise InputError("film: expected a scenario or a run folder, or --shots")
            return orbit(self.scenario, self.seed, overrides, self.start, self.to, self.speed)
        for option, value in (("--from", self.start), ("--to", self.to), ("--speed", self.speed)):
            if value is not None:
                raise InputError(f"{option}: the shot list says which time is shown")
        shots = load(self.shots)
        return run_of(self.scenario, shots, self.seed, overrides), shots

    def words(self) -> dict:
        """As JSON, without what is as usual."""
        usual = Request()
        return {name: list(value) if isinstance(value, tuple) else value
                for name, value in asdict(self).items() if value != getattr(usual, name)}

    @classmethod
    def of(cls, words: dict) -> Request:
        """Of its JSON; raises ValueError."""
        known = {field.name for field in fields(cls)}
        if not isinstance(words, dict) or not words.keys() <= known:
            raise ValueError("expected the options of a film")
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in words.items()}
        return TypeAdapter(cls).validate_python(given)


def processes(jobs: int) -> int:
    """So many processes that render; raises InputError."""
    if not 1 <= jobs <= MOST_JOBS:
        raise InputError(f"--jobs {jobs}: expected 1 to {MOST_JOBS} processes")
    return jobs
