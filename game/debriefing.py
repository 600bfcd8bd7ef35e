"""A run's debrief in the window: its key moments as stops that one goes from one to the next. No graphics."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from game.branching import Branching
from game.exercise import Exercise
from game.ui.trace import Trace
from sim.errors import InputError
from sim.model import Model
from sim.recording import read
from sim.run import give
from sim.training.debrief import moments
from sim.training.evidence import Evidence, evidence_of, yardstick
from sim.training.score import Sheet, sheet

PARTS = 50
TELLING = ("loss", "decision", "inject", "alarm", "worst", "start", "end")


class Stop(NamedTuple):
    """An instant (s), what there is to see then as (kind, words), and the points lost there."""

    t_s: float
    lines: tuple[tuple[str, str], ...]
    points: float

    @property
    def head(self) -> str:
        """The words that tell most of it."""
        return min(self.lines, key=lambda line: TELLING.index(line[0]))[1]


class Debriefing:
    """The stops of a run, in order, its score, and the folder that it is kept in, if it is."""

    def __init__(self, evidence: Evidence, score: Sheet, folder: Path | None = None):
        self.score, self.folder = score, folder
        self.stops = [_stop(t_s, [*these]) for t_s, these in
                      groupby(moments(evidence, score), key=lambda moment: moment["t"])]
        self._times = [stop.t_s for stop in self.stops]

    def at(self, t_s: float) -> int:
        """The number of the last stop up to an instant (s), 0 before the first."""
        return max(bisect_right(self._times, t_s + 1e-6) - 1, 0)

    def next_s(self, t_s: float, step: int) -> float | None:
        """When the next stop is (1), or the one before (-1), or None."""
        its = [stop for stop in self._times if (stop > t_s + 1e-6 if step > 0 else stop < t_s - 1e-6)]
        return its[0 if step > 0 else -1] if its else None


def begin(folder: Path, progress: Callable[[float, float], object] = lambda done, total: None
          ) -> tuple[Branching, Debriefing]:
    """The run in a folder, simulated anew as far as it went, with its stops. `progress(done, total)` is told
    of simulated seconds. Raises InputError for a folder that holds no run of an exercise."""
    recording = read(folder)
    scenario = recording.scenario
    if scenario.training is None:
        raise InputError(f"{folder}: {scenario.name} is no exercise, expected the table training")
    branching = Branching(Model(scenario, history=Trace()))
    model = branching.played
    give(recording.commands, model)
    for part in range(1, PARTS + 1):
        model.advance(recording.until_s * part / PARTS)
        progress(model.now_s, recording.until_s)
    evidence = evidence_of(model, branching.branch.course)
    priced = evidence.results is not None and any(goal.kind == "cost" for goal in scenario.training.objectives)
    optimal = yardstick(scenario, model.visits) if priced else None
    return branching, Debriefing(evidence, sheet(evidence, optimal), folder)


def debriefing_of(exercise: Exercise) -> Debriefing:
    """The debriefing of an exercise that is over."""
    folder = exercise.keeper.folder if exercise.keeper is not None else None
    return Debriefing(evidence_of(exercise.model, exercise.course), exercise.score, folder)


def _stop(t_s: float, these: list[dict]) -> Stop:
    return Stop(t_s, tuple((moment["kind"], moment["text"]) for moment in these),
                sum(moment["points"] for moment in these))
