"""What is to be rendered: a run, a shot list over it, and how; checked, and with one digest of it all.

Frames depend on everything that the digest covers, and on nothing else.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from game.film.codecs import CODECS, Codec
from game.film.faces import face_of
from game.film.shots import Given, ShotList, wrong
from game.film.tracks import film_s, frame_count
from game.look import Tier
from game.ui.trace import Trace
from sim.commands import Command
from sim.errors import InputError
from sim.model import Model
from sim.naming import misnaming
from sim.recording import read
from sim.run import parse_command
from sim.scenario import Scenario, load

TimedCommand = tuple[float, Command, str]
PACKAGES = ("entities", "sim", "game", "assets")
SOURCE = "film"


@dataclass(frozen=True)
class Run:
    """A scenario and the commands that its first and its second branch are given; one without a fork
    has no second. `until_s` is how far it is known."""

    scenario: Scenario
    commands: tuple[TimedCommand, ...]
    forked: tuple[TimedCommand, ...] | None
    until_s: float

    def models(self) -> list[Model]:
        """Its branches at their start, to be seen."""
        first = Model(self.scenario, history=Trace())
        models = [first]
        if self.forked is not None:
            models.append(Model(self.scenario, first.visits, history=Trace()))
        for model, given in zip(models, (self.commands, (*self.commands, *(self.forked or ())))):
            for t_s, command, source in given:
                model.submit_at(t_s, command, source)
        return models


@dataclass(frozen=True)
class Plan:
    """Everything that a film's frames and file depend on. `first` to `last` are the frames to render,
    both included; `blur` moments are averaged for each; `request` is what it came from, in words."""

    run: Run
    shots: ShotList
    size: tuple[int, int]
    fps: Fraction
    codec_name: str = "h264"
    crf: int | None = None
    supersample: int = 1
    blur: int = 1
    tier: Tier = Tier.HIGH
    palette: str = "standard"
    first: int = 0
    last: int = 0
    request: object = None

    @property
    def codec(self) -> Codec:
        return CODECS[self.codec_name]

    @property
    def frames(self) -> range:
        return range(self.first, self.last + 1)

    def film_s(self, frame: int) -> Fraction:
        """The film time of a frame, exactly."""
        return film_s(frame, self.fps)

    def digest(self) -> str:
        """Of run, shots, size, rate, encoding and versions; frames to render do not count."""
        made = hashlib.sha256()
        own = {field.name: str(getattr(self, field.name)) for field in fields(self)
               if field.name not in ("run", "shots", "first", "last", "request")}
        commands = [[(t_s, command.model_dump(mode="json"), source) for t_s, command, source in given]
                    for given in (self.run.commands, self.run.forked or ())]
        model = Model(self.run.scenario)
        visits = [(name, value.tobytes().hex() if isinstance(value, np.ndarray) else str(value))
                  for name, value in vars(model.visits).items()]
        made.update(json.dumps([own, self.run.scenario.model_dump(mode="json"), commands,
                                self.shots.model_dump(mode="json"), self._sound(), self._fonts(), model.world.digest(), visits,
                                versions()], sort_keys=True, default=str).encode())
        return made.hexdigest()

    def _sound(self) -> str:
        """The hash of its sound file, where it has one."""
        sound = self.shots.sound
        path = self.shots.folder / sound.file if sound and sound.file else None
        return hashlib.sha256(path.read_bytes()).hexdigest() if path and path.is_file() else ""


    def _fonts(self) -> list[str]:
        """The hashes of what its titles are written in."""
        faces = dict.fromkeys(face_of(self.shots, title) for title in (None, *self.shots.titles))
        return [face.digest() for face in faces]


def versions() -> dict[str, str]:
    """What frames are made with: the program as it lies here, and what draws and encodes."""
    return {"python": platform.python_version(), "numpy": np.__version__, "program": _program(),
            **{name: version(name) for name in ("voltyard", "panda3d", "pillow", "av", "imgui-bundle")}}


@lru_cache(maxsize=1)
def _program() -> str:
    root, made = Path(__file__).resolve().parents[2], hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".toml", ".csv", ".vert", ".frag", ".glsl"):
                made.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


def run_of(reference: str | None, shots: ShotList, seed: int | None, overrides: dict) -> Run:
    """The run that a film shows: a scenario or run folder of the command line, else the list's own.

    Raises InputError.
    """
    about = shots.film
    if reference is None and about.run is not None:
        reference = str(_beside(shots, about.run))
    elif reference is None:
        if about.scenario is None:
            raise wrong(shots, "film.scenario", "is not given, and neither is one on the command line")
        beside = _beside(shots, about.scenario)
        reference = str(beside) if beside.suffix == ".toml" else about.scenario
    if Path(reference).is_dir():
        if seed is not None or overrides or about.overrides or about.seed is not None:
            raise InputError(f"{reference}: a recorded run is shown as it was, with no other seed or key")
        recording = read(Path(reference))
        scenario, until_s = recording.scenario, recording.until_s
        commands = [(entry["t"], parse_command(entry.get("command"), f"{reference}: commands.jsonl"),
                     entry.get("source", "cli")) for entry in recording.commands]
    else:
        if about.overrides:
            try:
                load(reference, dict(about.overrides))
            except InputError as error:
                raise wrong(shots, "film.set", str(error).removeprefix("--set ")) from None
        values = {**about.overrides, **overrides}
        chosen = about.seed if seed is None else seed
        scenario = load(reference, values if chosen is None else values | {"seed": chosen})
        commands, until_s = [], scenario.duration
    commands += _given(shots, shots.commands, "commands", scenario)
    forked = tuple(_given(shots, shots.fork.commands, "fork.commands", scenario)) if shots.fork else None
    return Run(scenario, tuple(commands), forked, until_s)


def frame_range(text: str | None, shots: ShotList, fps: Fraction) -> tuple[int, int]:
    """First and last frame of `A-B`, or of the whole film; raises InputError."""
    count = frame_count(shots.film.duration, fps)
    if text is None:
        return 0, count - 1
    first, dash, last = text.partition("-")
    if all(number.isdecimal() and len(number) < 10 for number in ((first, last) if dash else (first,))):
        a, b = int(first), int(last) if dash else int(first)
        if a <= b < count:
            return a, b
    raise InputError(f"--frames {text:.40}: expected A-B, two frames from 0 to {count - 1}")


def _given(shots: ShotList, given: tuple[Given, ...], key: str, scenario: Scenario) -> list[TimedCommand]:
    commands = []
    for k, entry in enumerate(given):
        where = f"{shots.source}: {key}.{k}.command"
        try:
            at_s = scenario.seconds(entry.at)
        except ValueError as error:
            raise wrong(shots, f"{key}.{k}.at", error) from None
        command = parse_command(entry.command, where)
        misnamed = misnaming(command, scenario)
        if misnamed:
            raise InputError(f"{where}: {misnamed}")
        commands.append((at_s, command, SOURCE))
    return commands


def _beside(shots: ShotList, name: str) -> Path:
    path = shots.folder / name
    return path if path.exists() else Path(name)
