"""How what a window plays begins: recorded into a folder of its own, or where an earlier run broke off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from game.exercise import Exercise
from game.keeping import Keeper
from game.ui.trace import Trace
from sim.errors import InputError
from sim.history import Both, History
from sim.model import Model
from sim.recording import Recorder, make_folder, read
from sim.resuming import Unfinished, resume, unfinished
from sim.scenario import Scenario
from sim.timing import clock_label
from sim.training.course import Course


@dataclass
class Sitting:
    """A model for a window; `keeper` keeps its run, None where it is not kept, and `exercise` is there where
    its scenario is a lesson. `told` is what to say of it."""

    model: Model
    keeper: Keeper | None
    exercise: Exercise | None
    told: str = ""


def begin(scenario: Scenario, folder: Path) -> Sitting:
    """A scenario from its start, recorded into a new folder within `folder`. Raises InputError for one that
    cannot be written."""
    into, history, course = free(folder, scenario.name), History(), Course(Trace())
    model = Model(scenario, history=Both(history, course))
    recorder = Recorder(make_folder(into), model, history, scenario.duration)
    return _sitting(model, recorder, into, course)


def go_on(broken: Unfinished, folder: Path) -> Sitting:
    """A run exactly from where it broke off, recorded into a new folder within `folder`. Raises InputError for
    one that cannot be resumed."""
    into, course = free(folder, broken.scenario), Course(Trace())
    again = resume(broken.folder, into, history=course)
    at = clock_label(again.model.now_s, again.model.scenario.start)
    lost = f" ({again.lost})" if again.lost else ""
    return _sitting(again.model, again.recorder, into, course,
                    f"goes on at {at}, where {broken.folder} broke off{lost}")


def broke_off(scenario: Scenario, folder: Path) -> list[Unfinished]:
    """Runs of this very scenario within `folder` that broke off and can be resumed, the last one first."""
    found = []
    for one in reversed(unfinished(folder)):
        if one.scenario == scenario.name and one.refusal is None:
            try:
                same = _gist(read(one.folder).scenario) == _gist(scenario)
            except InputError:
                continue
            if same:
                found.append(one)
    return found


def free(folder: Path, name: str) -> Path:
    """A folder within `folder` that is not there yet, after those that are."""
    number = 1
    while (folder / f"{name}-{number:03d}").exists():
        number += 1
    return folder / f"{name}-{number:03d}"


def _sitting(model: Model, recorder: Recorder, folder: Path, course: Course, told: str = "") -> Sitting:
    keeper = Keeper(model, recorder, folder)
    lesson = model.scenario.training is not None
    return Sitting(model, keeper, Exercise(model, course, keeper) if lesson else None, told)


def _gist(scenario: Scenario):
    """What makes two scenarios the same run: all but where their files lie."""
    def without(part):
        if isinstance(part, dict):
            return {key: without(value) for key, value in part.items() if key not in ("file", "feeder", "network")}
        return [without(value) for value in part] if isinstance(part, list) else part
    return without(scenario.model_dump(mode="json", by_alias=True))
