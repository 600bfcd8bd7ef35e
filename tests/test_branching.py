"""What the window shows of a run's past and of its branches."""

import time
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import HOUR, command, scenario, visit, visits, zone

from game.branching import Branching
from game.foresight import AHEAD_S, PATIENCE_S, Foresight, sums
from game.ui.lanes import Follower, density
from game.ui.trace import Trace, trace_of
from sim.model import Model
from sim.orders import INSTRUCTOR
from sim.run import fork
from sim.training.comparison import look_ahead


def model() -> Model:
    return Model(scenario(zone("depot", 4), strategy="equal_share", duration="6h"),
                 visits(*(visit(f"v{k}", 0.2 * k * HOUR, 5.0 * HOUR) for k in range(4))), Trace())


def gone() -> Branching:
    found = Branching(model())
    found.played.advance(HOUR)
    found.played.submit(command("set_limit", direction="import", kw=20.0))
    found.played.advance(2.0 * HOUR)
    found.played.submit(command("set_limit", direction="import", kw=9.0), INSTRUCTOR)
    found.played.advance(4.0 * HOUR)
    return found


@pytest.fixture
def branching() -> Branching:
    return gone()


@pytest.mark.parametrize("at_s", [0.0, 0.9 * HOUR, HOUR, 1.0 * HOUR + 1.0, 2.0 * HOUR, 3.7 * HOUR])
def test_the_past_that_is_shown_is_what_was(branching, at_s):
    branching.show(3.9 * HOUR)
    branching.show(at_s)
    while branching.go_on(1e-4, time.perf_counter) < at_s:
        pass
    assert branching.past and branching.shown.now_s == at_s
    assert branching.shown.world.digest() == fork(branching.played, at_s).world.digest()


def test_a_hand_that_moves_on_is_followed_without_beginning_again(branching):
    branching.show(2.1 * HOUR)
    branching.go_on(9.0, time.perf_counter)
    seen = branching.shown
    branching.show(2.15 * HOUR)
    assert branching.shown is seen
    branching.show(1.05 * HOUR)
    assert branching.shown is not seen


@settings(max_examples=6)
@given(st.lists(st.floats(0.3, 900.0), min_size=2, max_size=10), st.floats(0.002, 0.1))
def test_step_by_step_back_is_seen_what_was_and_nothing_else_on_the_way(steps_s, budget):
    branching, t_s = gone(), 3.9 * HOUR
    branching.show(t_s)
    branching.go_on(9.0, time.perf_counter)
    for step_s in steps_s:
        seen_s, t_s = t_s, t_s - step_s
        branching.show(t_s)
        ticks = count()
        while branching.shown.now_s != t_s:
            assert branching.shown.now_s == seen_s or step_s > 450.0
            branching.go_on(0.02, lambda: budget * next(ticks))
        assert branching.shown.world.digest() == fork(branching.played, t_s).world.digest()


def test_one_frame_takes_only_its_share(branching):
    branching.show(3.99 * HOUR)
    ticks = count()
    assert branching.go_on(1.0, lambda: float(next(ticks))) < 3.99 * HOUR


def test_charts_of_the_past_read_what_the_branch_remembers(branching):
    rows = len(trace_of(branching.branch.course).site)
    branching.show(1.5 * HOUR)
    branching.go_on(9.0, time.perf_counter)
    assert trace_of(branching.shown.history).site is trace_of(branching.branch.course).site
    assert len(trace_of(branching.branch.course).site) == rows


def test_a_branch_begins_where_one_looks_and_the_other_stays(branching):
    before = branching.played.world.digest()
    branching.show(1.5 * HOUR)
    other = branching.fork("without")
    assert branching.branch is other and branching.other.name == "main" and not branching.past
    assert branching.played.now_s == 1.5 * HOUR and len(branching.played.commands) == 1
    branching.played.submit(command("set_limit", direction="import", kw=None))
    branching.played.advance(4.0 * HOUR)
    found = branching.difference()
    assert found.since_s > 1.5 * HOUR - 1.0
    assert dict((words, value) for words, value, _ in sums(found))["peak power"] >= 0.0
    branching.switch("main")
    assert branching.played.world.digest() == before and branching.other is other
    for act in (branching.switch, branching.compare):
        with pytest.raises(ValueError, match="nobody"):
            act("nobody")
    with pytest.raises(ValueError, match="taken"):
        branching.fork("without")


def test_the_other_branch_keeps_up_with_what_is_shown(branching):
    branching.show(1.0 * HOUR)
    branching.fork("early")
    branching.switch("main")
    assert branching.other.model.now_s == HOUR
    branching.keep_up(9.0, time.perf_counter)
    assert branching.other.model.now_s == branching.played.now_s


def test_events_are_stepped_to_and_fro(branching):
    assert branching.next_event_s(1) is None
    assert branching.next_event_s(-1) == HOUR, "what the instructor said at two o'clock is no event to stop at"
    branching.show(0.5 * HOUR)
    assert branching.next_event_s(-1) is None and branching.next_event_s(1) == HOUR


def test_lanes_have_what_happened_and_hide_what_the_instructor_said(branching):
    follower = Follower()
    lanes = follower.read(branching)
    assert [tick.words.split("  ")[1] for tick in lanes.commands] == ["limit site 20 kW"] and not lanes.injects
    shown = follower.read(branching, instructing=True)
    assert [tick.words.split("  ")[1] for tick in shown.injects] == ["limit site 9 kW"]
    assert lanes.until_s == 4.0 * HOUR and lanes.plugged.max() == 4 and lanes.connectors == 4
    assert follower.read(branching).commands == lanes.commands


def test_density_is_the_most_in_each_stretch():
    t_s, values = np.array([0.0, 10.0, 12.0, 30.0]), np.array([1, 5, 2, 7])
    assert density(t_s, values, np.array([0.0, 5.0, 11.0, 20.0, 25.0, 30.0])).tolist() == [1, 5, 5, 2, 2]
    assert np.isnan(density(np.empty(0), np.empty(0), np.arange(3.0))).all()
    assert np.isnan(density(t_s, values, np.array([31.0, 40.0]))).all()


def test_a_look_ahead_comes_in_parts_and_is_the_whole_one(branching):
    asked, look = command("set_limit", direction="import", kw=5.0), Foresight()
    ticks = count()
    look.ask(branching.played, asked)
    assert look.busy and not look.go_on(branching.played, PATIENCE_S / 2.0, 1.0, time.perf_counter)
    steps = 0
    while not look.go_on(branching.played, PATIENCE_S, 1.0, lambda: float(next(ticks))):
        steps += 1
    assert steps > 2
    whole = look_ahead(branching.played, asked, AHEAD_S)
    assert np.array_equal(look.ahead.difference.apart["net_kw"], whole.difference.apart["net_kw"])
    look.ask(branching.played, command("acknowledge_alarm"))
    assert not look.busy and look.ahead is None


def test_what_comes_without_a_command_is_looked_for_before_one_is_given(branching):
    look, model = Foresight(), branching.played

    def answer(asked) -> np.ndarray:
        look.ask(model, asked)
        for _ in range(10_000):
            if look.go_on(model, PATIENCE_S, 1.0, time.perf_counter):
                break
        assert np.array_equal(look.ahead.difference.apart["net_kw"], look_ahead(model, asked, AHEAD_S).difference.apart["net_kw"])
        return look._usual

    look.ask(model, None)
    look.go_on(model, 0.0, 1.0, time.perf_counter)
    usual = look._usual
    model.advance(model.now_s + 400.0)
    assert answer(command("set_limit", direction="import", kw=5.0)) is usual
    model.advance(model.now_s + 10.0)
    assert answer(command("set_limit", direction="import", kw=6.0)) is usual
    model.submit(command("set_limit", direction="import", kw=7.0), "inject")
    assert answer(command("set_limit", direction="import", kw=6.0)) is not usual
    look.ask(model, None, expecting=False)
    assert not look.go_on(model, PATIENCE_S, 1.0, time.perf_counter) and look._usual is None


@pytest.fixture
def lesson() -> Branching:
    injects = [{"at": "01:00", "command": "limit depot 20 kW"}, {"at": "03:00", "command": "limit depot 5 kW"},
               {"when": "plugged > 1", "command": "limit depot export 3 kW"},
               {"when": "plugged > 9", "command": "limit depot export 2 kW"}]
    site = scenario(zone("depot", 4), strategy="equal_share", duration="6h", injects=injects)
    found = Branching(Model(site, visits(*(visit(f"v{k}", 0.2 * k * HOUR, 5.0 * HOUR) for k in range(4))), Trace()))
    found.scored = found.branch
    found.played.advance(2.0 * HOUR)
    return found


def limits(branch) -> list[float]:
    return [entry["command"]["kw"] for entry in branch.model.commands if entry["source"] == "inject"]


@pytest.mark.parametrize("from_s", [0.0, 0.5 * HOUR, 1.5 * HOUR, 2.0 * HOUR])
def test_what_is_scored_waits_while_something_is_tried_that_knows_no_more(lesson, from_s):
    main, digest = lesson.branch, lesson.played.world.digest()
    lesson.show(from_s)
    branch = lesson.fork("try")
    lesson.show_beside(True)
    assert main.model.now_s == lesson.advance(2.0 * HOUR, HOUR, 9.0, time.perf_counter)
    lesson.advance(4.0 * HOUR, HOUR, 9.0, time.perf_counter)
    assert branch.model.now_s == lesson.other.model.now_s == 4.0 * HOUR
    assert (main.model.now_s, main.model.world.digest()) == (2.0 * HOUR, digest)
    assert limits(branch) == limits(lesson.other) == [3.0, 20.0]
    assert lesson.difference().since_s is None
    lesson.show(3.5 * HOUR)
    lesson.go_on(9.0, time.perf_counter)
    assert lesson.shown.world.digest() == lesson.beside.shown.world.digest()
    assert len(lesson.shown.commands) == 2, "the past of what was tried has no more either"
    lesson.switch("main")
    lesson.advance(4.0 * HOUR, HOUR, 9.0, time.perf_counter)
    assert limits(main) == [3.0, 20.0, 5.0] and lesson.other is branch


def test_a_lesson_that_is_over_is_tried_again_as_it_was(lesson):
    lesson.played.advance(6.0 * HOUR)
    lesson.scored = None
    lesson.show(2.0 * HOUR)
    branch = lesson.fork("another way")
    assert lesson.other is lesson.named("main")
    branch.model.advance(6.0 * HOUR)
    assert limits(branch) == [3.0, 20.0, 5.0]
