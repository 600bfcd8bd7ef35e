"""Going on with a run that broke off: scenario, seed and command log up to the cut, simulated anew.

A run that is recorded has every command on disk as soon as it is given, and its position whenever the
recorder is told to `mark`. What is resumed is a run of its own, recorded into a new folder; the old one
stays as it is but for a note that says where it goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sim.commands import Command
from sim.errors import InputError
from sim.history import Both, History
from sim.live import is_live
from sim.model import Model
from sim.orders import INSTRUCTOR
from sim.recording import CHECK_EVERY_S, Recorder, Recording, make_folder, read
from sim.run import first_other_event, parse_command, when

NOTE = "resumed.json"


@dataclass
class Unfinished:
    """A recorded run that broke off at `until_s` after so many `commands` (an instructor's not counted);
    `refusal` is why it cannot be resumed, or None."""

    folder: Path
    scenario: str
    until_s: float
    commands: int
    refusal: str | None


@dataclass
class Resumed:
    """A run that goes on: `model` stands where the old one broke off. `lost` says what could not be read,
    or is None."""

    model: Model
    recorder: Recorder
    recording: Recording
    lost: str | None


def unfinished(folder: Path) -> list[Unfinished]:
    """Runs in the folders within `folder` that broke off and were neither resumed nor put aside, by name;
    not those that somebody records right now."""
    found = []
    for about in sorted(folder.glob("*/run.json")):
        if (about.parent / NOTE).exists() or is_live(about.parent):
            continue
        try:
            if json.loads(about.read_text(encoding="utf-8")).get("status") != "running":
                continue
        except (OSError, ValueError, AttributeError):
            continue
        try:
            recording = read(about.parent)
        except InputError:
            continue
        if recording.digest is None:
            found.append(Unfinished(about.parent, recording.scenario.name, _breaks_off(recording)[0],
                                    sum(entry.get("source") != INSTRUCTOR for entry in recording.commands),
                                    _refusal(about.parent, recording)))
    return found


def put_aside(folder: Path) -> None:
    """Have a run that broke off no longer be brought up by `unfinished`; it can still be resumed."""
    (folder / NOTE).write_text(json.dumps({"into": None}), encoding="utf-8")


def resume(folder: Path, out: Path, to_damage: bool = False, history=None,
           progress: Callable[[float, float], object] | None = None) -> Resumed:
    """Go on with the run of `folder`, recorded into the new folder `out`.

    `history` is told of segments and ticks beside the recorder's own, as a model's. Raises InputError for a
    run that is complete or of another version, for one that cannot be read, and for one that differs from
    what it recorded; with `to_damage` the last is resumed where it was equal last.
    """
    recording = read(folder)
    refusal = _refusal(folder, recording)
    if refusal:
        raise InputError(refusal)
    orders = [(entry["t"], parse_command(entry.get("command"), f"{folder / 'commands.jsonl'}: entry {k}"),
               entry.get("source", "cli")) for k, entry in enumerate(recording.commands, 1)]
    until_s, lost = _breaks_off(recording)
    equal_s, differs_s = _compare(recording, orders, until_s, progress)
    if differs_s is not None:
        what = (f"{folder}: differs from what it recorded at {when(differs_s, recording.scenario)}, "
                f"equal up to {when(equal_s, recording.scenario)}")
        if not to_damage:
            raise InputError(what)
        until_s, lost = equal_s, what
        orders = [order for order in orders if order[0] <= equal_s]
    own = History()
    model = Model(recording.scenario, history=own if history is None else Both(own, history))
    recorder = Recorder(make_folder(out), model, own, recording.planned_s)
    _simulate(model, orders, until_s, None)
    recorder.mark()
    (folder / NOTE).write_text(json.dumps({"into": str(out)}), encoding="utf-8")
    return Resumed(model, recorder, recording, lost)


def _refusal(folder: Path, recording: Recording) -> str | None:
    """Why a run cannot be resumed by what its description says, or None."""
    if recording.digest is not None:
        return f"{folder}: the run is complete, expected one that broke off"
    if is_live(folder):
        return f"{folder}: the run is going on in another window or process, expected one that broke off"
    recorded, own = recording.versions.get("voltyard"), version("voltyard")
    if recorded != own:
        return f"{folder}: was recorded by voltyard {recorded}, expected {own}"
    return None


def _breaks_off(recording: Recording) -> tuple[float, str | None]:
    """Up to when the command log is whole, s, and what of it is lost."""
    if recording.commands_cut is None:
        return recording.until_s, None
    return recording.certain_s, recording.commands_cut


def _compare(recording: Recording, orders: list[tuple[float, Command, str]], until_s: float,
             progress) -> tuple[float, float | None]:
    """The last time at which a checksum was equal, and the first at which one or an event was not."""
    model = Model(recording.scenario)
    expected = {check["t"]: check["digest"] for check in recording.checksums}
    equal, differs = [0.0], []

    def compare(t_s: float) -> None:
        if t_s in expected and not differs:
            (equal if expected[t_s] == model.world.digest() else differs).append(t_s)

    model.every(CHECK_EVERY_S, compare)
    _simulate(model, orders, until_s, progress)
    other = first_other_event(recording, model)
    differs_s = min([*differs, *([] if other is None else [other[0]])], default=None)
    return max(t_s for t_s in equal if differs_s is None or t_s <= differs_s), differs_s


def _simulate(model: Model, orders: list[tuple[float, Command, str]], until_s: float, progress) -> None:
    for t_s, command, source in orders:
        if t_s <= until_s:
            model.submit_at(t_s, command, source)
    for part in range(1, 21):
        model.advance(until_s * part / 20 if part < 20 else until_s)
        if progress is not None:
            progress(model.now_s, until_s)
