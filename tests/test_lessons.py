"""The lessons that ship: the reference solution passes, doing nothing does not, and both can be told."""

from math import fsum

import pytest

from sim.commands import COMMANDS
from sim.remark_commands import Remark
from sim.scenario import load, shipped
from sim.sessions.load import load_visits
from sim.training.evidence import evidence_of, played, solution, yardstick
from sim.training.score import sheet

LESSONS = [name for name in shipped() if load(name).training is not None]


def test_six_ship():
    assert len(LESSONS) >= 6 and {"first_lesson", "heat_emergency"} <= set(LESSONS)


@pytest.mark.parametrize("name", LESSONS)
def test_the_solution_passes_and_nobody_does_not(name):
    scenario = load(name)
    visits, training = load_visits(scenario), scenario.training
    asks = any(goal.kind == "cost" for goal in training.objectives)
    optimal = yardstick(scenario, visits) if asks else None
    idle, solved = played(scenario, [], visits), played(scenario, solution(scenario), visits)
    nothing, best = (sheet(evidence_of(model), optimal) for model in (idle, solved))
    assert nothing.passed is False and best.passed is True
    assert nothing.points < training.pass_mark <= best.points
    assert not [e for e in solved.events if e["kind"] == "command_refused"]
    given = [entry for entry in solved.commands if entry["source"] == "reference"]
    assert len(given) == len(scenario.solution) > 0
    assert any(not isinstance(COMMANDS.validate_python(entry["command"]), Remark) for entry in given)


@pytest.mark.parametrize("name", LESSONS)
def test_each_has_what_a_lesson_needs(name):
    scenario = load(name)
    training = scenario.training
    assert len(training.briefing.split()) >= 40 and training.hints
    assert [hint.price for hint in training.hints] == sorted(hint.price for hint in training.hints)
    assert fsum(hint.price for hint in training.hints) <= 100.0 - training.pass_mark
    assert fsum(goal.weight for goal in training.objectives) == 100.0
    assert all(goal.title for goal in training.objectives)
