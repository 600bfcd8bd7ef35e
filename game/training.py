"""How an exercise begins: recorded into a folder of its own, or where an attempt broke off."""

from __future__ import annotations

from pathlib import Path

from game.exercise import Exercise
from game.ui.trace import Trace
from sim.history import Both, History
from sim.model import Model
from sim.recording import Recorder, make_folder
from sim.resuming import resume, unfinished
from sim.scenario import Scenario
from sim.timing import clock_label
from sim.training.course import Course


def begin(scenario: Scenario, folder: Path, anew: bool = False) -> tuple[Exercise, str]:
    """The exercise of a scenario, recorded into a new folder within `folder`, and what to say of it.

    Where the last attempt at it broke off it goes on there, unless `anew`. Raises InputError for a folder
    that cannot be written and for an attempt that cannot be resumed.
    """
    course = Course(Trace())
    broken = [one for one in unfinished(folder) if one.scenario == scenario.name and one.refusal is None]
    into = _free(folder, scenario.name)
    if broken and not anew:
        again = resume(broken[-1].folder, into, history=course)
        at = clock_label(again.model.now_s, scenario.start)
        lost = f" ({again.lost})" if again.lost else ""
        return (Exercise(again.model, course, again.recorder, into),
                f"goes on at {at}, where {broken[-1].folder} broke off{lost}; --anew begins anew")
    history = History()
    model = Model(scenario, history=Both(history, course))
    recorder = Recorder(make_folder(into), model, history, scenario.duration)
    return Exercise(model, course, recorder, into), ""


def _free(folder: Path, name: str) -> Path:
    """A folder within `folder` that is not there yet, after those that are."""
    number = 1
    while (folder / f"{name}-{number:03d}").exists():
        number += 1
    return folder / f"{name}-{number:03d}"
