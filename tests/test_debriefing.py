"""A debrief in the window: its stops, the way from one to the next, and what can be tried from there."""

import json
import subprocess
import sys

import pytest
from cli import REPOSITORY, voltyard
from hypothesis import given
from hypothesis import strategies as st

from game.debriefing import begin, debriefing_of
from game.exercise import Exercise
from game.ui.trace import Trace
from sim.errors import InputError
from sim.model import Model
from sim.run import run
from sim.scenario import load
from sim.training.course import Course
from sim.training.evidence import solution


def one_start(lesson) -> list[tuple]:
    """The first session that the reference starts."""
    return [given for given in solution(lesson) if given[1].kind == "start_session"][:1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The forecourt, in which nobody does anything but for one start."""
    path = tmp_path_factory.mktemp("runs") / "forecourt"
    lesson = load("busy_forecourt")
    run(lesson, one_start(lesson), out=path)
    return path


@pytest.fixture(scope="module")
def told(folder):
    return begin(folder)


def test_each_instant_is_one_stop_with_all_that_was_then(told):
    branching, debriefing = told
    times = [stop.t_s for stop in debriefing.stops]
    assert times == sorted(set(times)) and times[0] == 0.0 and times[-1] == branching.played.now_s
    assert branching.played.now_s == branching.played.duration_s and not debriefing.score.passed
    lost = [stop for stop in debriefing.stops if stop.points]
    assert lost and all(("loss", stop.head) in stop.lines for stop in lost)
    assert [kind for stop in debriefing.stops for kind, _ in stop.lines].count("decision") == 1


@given(t_s=st.floats(-1.0, 20_000.0), step=st.sampled_from((-1, 1)))
def test_stops_are_gone_through_one_by_one(told, t_s, step):
    stops = told[1].stops
    here = told[1].at(t_s)
    assert stops[here].t_s <= max(t_s, 0.0) + 1e-6
    assert here == len(stops) - 1 or stops[here + 1].t_s > t_s
    there = told[1].next_s(t_s, step)
    later = [stop.t_s for stop in stops if (stop.t_s - t_s) * step > 1e-6]
    assert there == (min if step > 0 else max)(later, default=None)


def test_an_exercise_that_is_over_is_debriefed_as_its_folder_is(told):
    lesson = load("busy_forecourt")
    course = Course(Trace())
    model = Model(lesson, history=course)
    for t_s, command, source in one_start(lesson):
        model.submit_at(t_s, command, source)
    exercise = Exercise(model, course)
    model.advance(lesson.duration)
    exercise.follow(1.0)
    assert debriefing_of(exercise).stops == told[1].stops


def test_only_a_lesson_can_be_shown(tmp_path, monkeypatch, folder):
    run(load("empty_lot"), until_s=3600.0, out=tmp_path / "lot")
    with pytest.raises(InputError, match="no exercise"):
        begin(tmp_path / "lot")
    monkeypatch.delenv("DISPLAY", raising=False)
    done = voltyard("debrief", folder, "--show")
    assert done.returncode == 2 and "without --show it writes a page" in done.stderr


GO = """
import json, sys, time
from pathlib import Path
from game.app import App
from game.debriefing import begin
from game import trainee
from game.look import Look, Tier
from sim import console

branching, told = begin(Path(sys.argv[1]))
app = App(branching.played.scenario, branching.played, size=(640, 360), offscreen=True, look=Look(tier=Tier.LOW),
          branching=branching, debriefing=told)
out = {"stops": [stop.t_s for stop in told.stops], "seen": []}

def seen():
    app.branching.go_on(60.0, time.perf_counter)
    app.frame(0.3)
    out["seen"].append(app.now_s)

seen()
for _ in range(3):
    app.step_event(1)
    seen()
app.step_event(-1)
seen()
app.scrub(told.stops[2].t_s + 100.0)
seen()
app.step_event(-1)
seen()
panel = app.hud.dashboard.panels["moments"]
out["title"], out["height"], out["paused"] = panel.title, panel.height(), app.clock.paused

class Asked:
    def __init__(self, words, done, failed):
        out["asked"] = words

    def poll(self):
        return True

trainee.Aside = Asked
app.film_debrief()
app.submit(console.parse("fork again", app.model))
app.frame(0.05)
out["forked"] = [app.branching.branch.name, app.now_s, app.branching.past]
print(json.dumps(out))
"""


def test_the_window_goes_from_stop_to_stop_and_forks_there(folder):
    done = subprocess.run([sys.executable, "-c", GO, str(folder)], cwd=REPOSITORY, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout.splitlines()[-1])
    stops = out["stops"]
    assert out["seen"] == [*stops[:4], stops[2], stops[2] + 100.0, stops[2]]
    assert "failed" in out["title"] and out["height"] > 100.0 and out["paused"]
    assert out["asked"] == ["debrief", str(folder), "--film"]
    name, at_s, past = out["forked"]
    assert name == "again" and not past and at_s == pytest.approx(stops[2], abs=60.0)
