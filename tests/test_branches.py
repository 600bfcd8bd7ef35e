"""Branches of a run: forked anywhere they are what the log gives, and never touch each other."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ANY_COMMAND, DURATION_H, HOUR, TIMES, command, plans, scenario, visit, visits, zone

from game.ui.trace import Trace
from sim.commands import COMMANDS
from sim.history import SERIES_COLUMNS, Both, History
from sim.model import Model
from sim.recording import Recorder, make_folder, read
from sim.results import results
from sim.run import fork, replay
from sim.scenario import load
from sim.training.branches import Tree
from sim.training.comparison import FIGURES, Ghosts, difference, look_ahead
from sim.training.course import Course

ANY_PLAN = plans(commands=ANY_COMMAND)
END = DURATION_H * HOUR


def tree_of(plan) -> Tree:
    """A tree whose only branch has been told the plan's commands one by one, to the end."""
    tree = Tree(plan.model(submit=False))
    model = tree.branches["main"].model
    for t_s, order in sorted(plan.commands, key=lambda timed: timed[0]):
        model.advance(t_s)
        model.submit(order)
    model.advance(END)
    return tree


def state(model: Model):
    return model.world.digest(), model.now_s, copy.deepcopy(model.commands)


def same(one: dict, other: dict) -> bool:
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in SERIES_COLUMNS)


@settings(max_examples=16)
@given(ANY_PLAN, TIMES)
def test_a_branch_forked_anywhere_is_what_the_log_gives(plan, at_s):
    tree = tree_of(plan)
    main = tree.branches["main"]
    branch, again = tree.fork(main, "other", at_s), fork(main.model, at_s)
    assert state(branch.model) == state(again)
    for model in (branch.model, again):
        model.advance(END)
    assert state(branch.model) == state(again)
    twin = plan.model(submit=False)  # and what the branch remembers is what it would have seen itself
    twin.tell(Course())
    for entry in branch.model.commands:
        if entry["source"] != "inject":
            twin.submit_at(entry["t"], COMMANDS.validate_python(entry["command"]), entry["source"])
    twin.advance(END)
    assert same(branch.course.columns(), twin.history.columns())


@settings(max_examples=16)
@given(ANY_PLAN, st.lists(st.tuples(TIMES, ANY_COMMAND), min_size=1, max_size=3))
def test_branches_never_influence_each_other(plan, others):
    tree, alone = tree_of(plan), tree_of(plan)
    main = tree.branches["main"]
    for k, (at_s, order) in enumerate(others):
        of = list(tree.branches.values())[k % len(tree.branches)]
        branch = tree.fork(of, f"branch {k}", min(at_s, of.model.now_s))
        branch.model.submit(order)
        branch.model.advance(END)
    assert state(main.model) == state(alone.branches["main"].model)
    assert main.model.events == alone.branches["main"].model.events
    assert same(main.course.columns(), alone.branches["main"].course.columns())
    for branch in tree.branches.values():
        again = fork(branch.model, END)
        assert state(again) == state(branch.model)


def same_difference(one, other) -> bool:
    return np.array_equal(one.t_s, other.t_s) and all(
        np.array_equal(one.apart[name], other.apart[name], equal_nan=True) for name in FIGURES)


def depot(**more):
    return scenario(zone("z", 3, feed_kw=11.0), strategy="equal_share",
                    tariff={"kind": "flat", "price": 0.3}, grid={"import_limit_kw": 20.0}, **more)


def three_cars() -> Model:
    cars = [visit(f"car{k}", arrival=600.0 * k, stored=10.0, target=40.0) for k in range(3)]
    return Model(depot(), visits(*cars), Course(Trace()))


def test_undo_is_a_fork_before_the_command():
    tree = Tree(three_cars())
    main = tree.branches["main"]
    main.model.advance(HOUR)
    main.model.submit(command("set_limit", kw=5.0))
    main.model.submit(command("set_limit", kw=9.0))
    main.model.advance(3 * HOUR)
    (first, _), (second, entry) = main.decisions
    undone, both = tree.fork(main, "undone", before=second), tree.fork(main, "both undone", before=first)
    assert undone.model.now_s == both.model.now_s == entry["t"] == HOUR
    assert [c["command"]["kw"] for c in undone.model.commands] == [5.0]
    assert both.model.commands == [] and both.model.world.hub.import_limit_kw[0] == 20.0
    assert undone.parent is main and undone.forked_s == HOUR


def test_names_and_times_that_cannot_be_are_refused():
    tree = Tree(three_cars())
    main = tree.branches["main"]
    main.model.advance(HOUR)
    for wrong in ({"name": "main"}, {"name": ""}, {"name": "x", "at_s": HOUR + 1},
                  {"name": "x", "at_s": -1.0}, {"name": "x", "before": 0}):
        with pytest.raises(ValueError):
            tree.fork(main, **wrong)
    with pytest.raises(ValueError):
        tree.drop(main)
    known = Tree(main.model)  # by its course from the beginning on, as a run that was resumed
    fresh = three_cars()
    fresh.advance(10.0)
    assert known.fork(known.branches["main"], "early", 10.0).model.world.digest() == fresh.world.digest()
    late = Tree(main.model.copy(Course()))
    with pytest.raises(ValueError, match="known from 3600 s on"):
        late.fork(late.branches["main"], "early", 100.0)


def test_the_difference_of_two_branches_begins_where_they_part():
    tree = Tree(three_cars())
    main = tree.branches["main"]
    main.model.advance(2 * HOUR)
    other = tree.fork(main, "less", HOUR)
    other.model.submit(command("set_limit", kw=4.0))
    for branch in (main, other):
        branch.model.advance(10 * HOUR)
    found = difference(main.course, other.course)
    assert set(found.apart) == set(FIGURES) and HOUR < found.since_s <= HOUR + 300.0
    before = found.t_s <= HOUR
    assert all(not np.nan_to_num(values[before]).any() for values in found.apart.values())
    assert found.apart["missing_kwh"][-1] > 1.0, "too little power to charge three cars until eight"
    assert found.apart["spent"][-1] == pytest.approx(-0.3 * found.apart["missing_kwh"][-1])
    assert difference(main.course, main.course).since_s is None


def test_looking_ahead_tells_what_a_command_would_do_and_does_nothing():
    tree = Tree(three_cars())
    model = tree.branches["main"].model
    model.advance(HOUR)
    before, told = state(model), list(model.events)
    ahead = look_ahead(model, command("set_limit", kw=4.0), 7.5 * HOUR)
    assert state(model) == before and model.events == told
    assert ahead.refusal is None and ahead.difference.apart["missing_kwh"][-1] > 1.0
    assert ahead.difference.t_s[-1] == 8.5 * HOUR
    assert "command" in {event["kind"] for event in ahead.events}
    tree.fork(tree.branches["main"], "done").model.submit(command("set_limit", kw=4.0))
    done = tree.branches["done"]
    done.model.advance(8.5 * HOUR)
    assert done.course.columns()["missing_kwh"][-1] == ahead.difference.other["missing_kwh"][-1]
    slices = Ghosts(model, command("set_limit", kw=4.0), 7.5 * HOUR)
    assert [slices.go_on(3 * HOUR) for _ in range(3)] == [False, False, True]
    assert same_difference(slices.ahead.difference, ahead.difference) and slices.ahead.events == ahead.events
    refused = look_ahead(model, command("stop_session", connector="C-09"), HOUR)
    assert "C-09" in refused.refusal and refused.events == [] and refused.difference.since_s is None


def test_a_session_that_is_recorded_can_be_forked_and_its_record_knows_nothing_of_it(tmp_path):
    course, history = Course(), History()
    model = Model(load("first_lesson"), history=Both(course, history))
    recorder = Recorder(make_folder(tmp_path / "run"), model, history, model.duration_s)
    tree = Tree(model, course=course)
    model.advance(1500.0)
    model.submit(command("acknowledge_alarm"))
    branch = tree.fork(tree.branches["main"], "what if", 1200.0)
    for each, order in ((branch.model, command("set_strategy", strategy="equal_share")),
                        (model, command("set_limit", kw=60.0))):
        each.submit(order)
        each.advance(each.duration_s)
    model.close_books()
    recorder.finish(results(model, 1.0))
    assert replay(tmp_path / "run", verify=True).difference is None
    assert [e["command"]["kind"] for e in read(tmp_path / "run").log] == ["acknowledge_alarm", "set_limit"]
    assert difference(course, branch.course).since_s > 1200.0


def test_several_histories_are_told_of_days_too():
    told = History(), History()
    model = Model(scenario(zone("yard", 1), duration="25h", fleet={"ageing": {"enabled": True}}),
                  visits(visit("a", departure=20 * HOUR)), history=Both(*told))
    model.advance(model.duration_s)
    assert [history.take()["health"]["t_s"].tolist() for history in told] == [[24 * HOUR], [24 * HOUR]]


def test_what_charts_keep_is_cut_with_the_branch():
    tree = Tree(three_cars())
    main = tree.branches["main"]
    main.model.advance(5 * HOUR)
    other = tree.fork(main, "other", 2.2 * HOUR)
    assert other.course.also.site.column("t_s").max() == 2.0 * HOUR + 600.0
    times = np.array([0.5, 1.5, 2.1]) * HOUR
    for row in range(3):
        for mine, its in zip(main.course.also.course(main.model.world.vehicle, row, times),
                             other.course.also.course(other.model.world.vehicle, row, times)):
            np.testing.assert_array_equal(mine, its)
    other.model.advance(5 * HOUR)
    np.testing.assert_array_equal(other.course.also.site.column("net_kw"),
                                  main.course.also.site.column("net_kw"))


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=16)
def test_a_ring_that_is_cut_has_what_it_had(first, second, third):
    """Small rings, so that the oldest rows are overwritten."""
    from game.ui.trace import Ring

    rows = np.arange(200.0)[:, None]
    ring = Ring(("x",), 16)
    ring.add(rows[:first])
    mark = ring.mark()
    ring.add(rows[first:first + second])
    cut = ring.cut(mark)
    kept = cut.column("x").tolist()
    assert kept == [x for x in ring.column("x").tolist() if x < first] or not len(cut)
    cut.add(rows[first:first + third])
    expected = (kept + rows[first:first + third, 0].tolist())[-16:]
    assert cut.column("x").tolist() == expected
