"""Headless runs: simulate a scenario, record it, and replay a recording.

A run is scenario + seed + command log. Replay needs nothing else, and verifying compares the
digests and the event log that the run left with those of the replay.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from sim import console
from sim.commands import COMMANDS, Command
from sim.errors import InputError, from_validation
from sim.history import History
from sim.model import Model
from sim.naming import misnaming
from sim.orders import SOURCE
from sim.recording import (CHECK_EVERY_S, Recorder, Recording, make_folder, read,
                           read_history)
from sim.results import results
from sim.scenario import Scenario
from sim.timing import clock_label

TimedCommand = tuple[float, Command, str]


def run(scenario: Scenario, commands: Iterable[TimedCommand] = (), until_s: float | None = None,
        out: Path | None = None, progress: Callable[[float, float], object] | None = None) -> dict:
    """Simulate from the start to `until_s` (default: the end); returns `sim.results.results`.

    `commands` are (time s, command, source). `out` is a folder to record into. `progress` is
    called a hundred times with simulated and total time, s. Raises InputError for bad input.
    """
    until_s = scenario.duration if until_s is None else min(until_s, scenario.duration)
    folder = make_folder(out) if out is not None else None
    history = History() if folder is not None else None
    model = Model(scenario, history=history)
    recorder = Recorder(folder, model, history, until_s) if folder is not None else None
    for t_s, command, source in commands:
        model.submit_at(t_s, command, source)
    began = time.perf_counter()
    _advance(model, until_s, progress)
    model.close_books()
    outcome = results(model, time.perf_counter() - began)
    if recorder is not None:
        recorder.finish(outcome)
    return outcome


@dataclass
class Replay:
    """A replay's results, and the first difference from the recording as (sim time s, what)."""

    results: dict
    difference: tuple[float, str] | None
    recording: Recording


def replay(folder: Path, verify: bool = False) -> Replay:
    """Simulate a recording anew and compare it with what the run left: checksums, events and
    digest, and to `verify` also the results and the history.

    Raises InputError when the folder holds no readable run.
    """
    recording = read(folder)
    history = History() if verify else None
    model = Model(recording.scenario, history=history)
    for number, entry in enumerate(recording.commands, 1):
        command = parse_command(entry.get("command"), f"{folder / 'commands.jsonl'}: entry {number}")
        model.submit_at(entry["t"], command, entry.get("source", "cli"))
    differences: list[tuple[float, str]] = []
    if recording.seed != recording.scenario.seed:
        differences.append((0.0, "run.json names two seeds"))
    expected = {check["t"]: check["digest"] for check in recording.checksums}

    def compare(t_s: float) -> None:
        digest = expected.pop(t_s, None)
        if digest is None and recording.cut is None:
            differences.append((t_s, "its checksum is missing"))
        elif digest is not None and digest != model.world.digest():
            differences.append((t_s, "the world's digest"))

    model.every(CHECK_EVERY_S, compare)
    began = time.perf_counter()
    model.advance(recording.until_s)
    model.close_books()
    outcome = results(model, time.perf_counter() - began)
    if recording.digest is not None and recording.digest != outcome["digest"]:
        differences.append((model.now_s, "the final digest"))
    differences += [(t_s, "a checksum at a time that has none") for t_s in expected]
    differences += filter(None, [first_other_event(recording, model)])
    if verify and recording.cut is None:
        differences += filter(None, [_first_other_row(folder, history, model),
                                     _other_results(recording.results, outcome, model)])
    return Replay(outcome, min(differences, default=None), recording)


def fork(model: Model, at_s: float) -> Model:
    """Another model of the same run at `at_s` (s, up to the original's present), by simulating
    scenario, seed and command log anew; the original is only read."""
    twin = Model(model.scenario, model.visits)
    repeat(model.commands, twin, at_s)
    return twin


def repeat(log: Iterable[dict], model: Model, until_s: float) -> None:
    """Advance a model to `until_s` (s), giving it the commands of a log up to there at their times,
    but for those that its scenario gives by itself."""
    give((entry for entry in log if entry["t"] <= until_s), model)
    model.advance(until_s)


def give(log: Iterable[dict], model: Model) -> None:
    """Have a model given the commands of a log at their times, but for those that its scenario gives by
    itself."""
    for entry in log:
        if entry["source"] != SOURCE:
            model.submit_at(entry["t"], parse_command(entry["command"], "command log"), entry["source"])


def read_commands(path: Path, scenario: Scenario) -> list[TimedCommand]:
    """Commands of a file with one a line: an object with `t` (a TIME) and `command`, as in a run's own
    commands.jsonl, or text as of sim.console, `at 18:30 limit site 250 kW`. Raises InputError with file
    and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    commands = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        where = f"{path}: line {number}"
        try:
            entry = json.loads(line) if line.lstrip()[:1] in "{[" else _spelled(line, scenario, where)
            t_s = scenario.seconds(entry["t"])
            command = entry["command"]
            source = entry.get("source", "cli")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{where}: expected an object with t and command ({error})") from None
        if t_s > scenario.duration:
            raise InputError(f"{where}: t: after the scenario's end at {scenario.duration:g} s")
        if source != SOURCE:
            commands.append((t_s, parse_command(command, where), source))
            misnamed = misnaming(commands[-1][1], scenario)
            if misnamed:
                raise InputError(f"{where}: {misnamed}")
    return commands


def parse_command(raw, where: str) -> Command:
    """A command of its JSON form, or of its text; raises InputError."""
    try:
        return console.parse_command(raw) if isinstance(raw, str) else COMMANDS.validate_python(raw)
    except console.NotUnderstood as error:
        raise InputError(f"{where}: {error}") from None
    except ValidationError as error:
        raise from_validation(where, error, raw) from None


def spelled_command(line: str, scenario: Scenario, where: str) -> TimedCommand:
    """A command in words with its time, `at 18:30 limit site 250 kW`; without one it is given at the start.
    Raises InputError that begins with `where`."""
    entry = _spelled(line, scenario, where)
    command = parse_command(entry["command"], where)
    misnamed = misnaming(command, scenario)
    if misnamed:
        raise InputError(f"{where}: {misnamed}")
    return scenario.seconds(entry["t"]), command, "cli"


def _spelled(line: str, scenario: Scenario, where: str) -> dict:
    """A command in words as an entry; one without a time is given at the start."""
    try:
        command = console.parse_command(line, scenario)
    except console.NotUnderstood as error:
        raise InputError(f"{where}: {error}") from None
    if command.kind == "schedule":
        return {"t": command.at, "command": command.command.model_dump()}
    return {"t": 0.0, "command": command.model_dump()}


def _advance(model: Model, until_s: float,
             progress: Callable[[float, float], object] | None) -> None:
    for part in range(1, 100 if progress is not None else 1):
        model.advance(until_s * part / 100)
        progress(model.now_s, until_s)
    model.advance(until_s)
    if progress is not None:
        progress(until_s, until_s)


def first_other_event(recording: Recording, model: Model) -> tuple[float, str] | None:
    """When (s) and in what the events of a recording and of its simulation differ first, or None. Commands
    that were refused changed nothing and are not given again, so are not compared, unless it is the
    scenario that gives them."""
    simulated = json.loads(json.dumps(model.events))
    events = [event for event in recording.events
              if event.get("kind") != "command_refused" or event.get("source") == "inject"]
    for recorded, again in zip(events, simulated):
        if recorded != again:
            return min(recorded["t"], again["t"]), f"the event {recorded.get('kind')!r}"
    if recording.cut is None and len(events) != len(simulated):
        longer = max(events, simulated, key=len)
        return longer[min(len(events), len(simulated))]["t"], "an event more or less"
    return None


def _first_other_row(folder: Path, history: History, model: Model) -> tuple[float, str] | None:
    """Where the recorded history first differs from this one, table by table."""
    world, found = model.world, []
    names = {"vehicle": world.vehicle.names, "zone": world.zone.names, "feeder": world.feeder.names}
    for table, again in history.take().items():
        recorded = read_history(folder, table)
        for key in names.keys() & again.keys():
            if names[key]:
                again[key] = np.array(names[key], dtype=object)[again[key]]
        times = again["t0_s" if "t0_s" in again else "t_s"]
        count = min(len(times), len(next(iter(recorded.values()))))
        differs = np.zeros(count, bool)
        for name, values in again.items():
            mine, theirs = values[:count], np.asarray(recorded.get(name, np.zeros(0)))[:count]
            differs |= np.asarray((mine != theirs) & ((mine == mine) | (theirs == theirs)), bool) \
                if len(theirs) == count else True
        if differs.any():
            found.append((float(times[np.argmax(differs)]), f"a row of the history's {table}"))
        elif len(times) != len(next(iter(recorded.values()))):
            found.append((model.now_s, f"the history's {table} have a row more or less"))
    return min(found, default=None)


def _other_results(recorded: dict, again: dict, model: Model) -> tuple[float, str] | None:
    again = json.loads(json.dumps(again))
    for outcome in (recorded, again):  # time is the machine's, warnings tell of refused commands
        outcome.pop("warnings", None)
        for key in ("wall_s", "sim_s_per_wall_s"):
            outcome.get("kpis", {}).pop(key, None)
    return None if recorded == again else (model.now_s, "results.json")


def when(t_s: float, scenario: Scenario) -> str:
    """A sim time for people: the clock and the seconds."""
    return f"{clock_label(t_s, scenario.start)} ({t_s:g} s)"
