"""A run is scenario, seed and command log: replays are equal, looking is free, forks are pure."""

import copy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (ANY_COMMAND, DURATION_H, HOUR, START, TIMES, command, kinds, plans, scenario,
                    visit, visits, zone)

from sim.battery import segments
from sim.commands import COMMANDS
from sim.model import Model
from sim.results import kpis
from sim.run import fork
from sim.scenario import from_dict, load

ANY_PLAN = plans(commands=ANY_COMMAND)
END = DURATION_H * HOUR


def outcome(model: Model):
    """Digest, events and command log at the end."""
    model.advance(model.duration_s)
    return model.world.digest(), model.events, model.commands


@given(ANY_PLAN)
def test_the_same_scenario_and_commands_give_the_same_run(plan):
    assert outcome(plan.model()) == outcome(plan.model())


@given(ANY_PLAN, st.lists(TIMES, max_size=12))
def test_advancing_in_slices_changes_nothing(plan, times):
    model = plan.model()
    for t in times:  # in any order: going back is standing still
        model.advance(t)
    assert outcome(model) == outcome(plan.model())


@given(ANY_PLAN, st.lists(TIMES, max_size=8).map(sorted))
def test_looking_changes_nothing(plan, times):
    model = plan.model()
    for t in times:
        model.advance(t)
        rows = model.world.vehicle.rows()
        for ahead in (0.0, 1.0, 500.0):
            segments.energy_at(model.world.vehicle, rows, t + ahead)
            segments.ac_power_at(model.world.vehicle, rows, t + ahead)
            model.site_power(t + ahead)
        before = model.version, len(model.events)
        twin = model.world.copy()
        twin.vehicle.energy0_kwh += 1.0
        model.world.digest()
        fork(model, t)
        for _, order in plan.commands:
            order.check(model)
        assert (model.version, len(model.events)) == before
    assert outcome(model) == outcome(plan.model())


@given(ANY_PLAN)
def test_a_command_given_live_is_the_command_given_in_advance(plan):
    live = plan.model(submit=False)
    for t_s, order in plan.commands:
        live.advance(t_s)
        live.submit(order)
    assert outcome(live) == outcome(plan.model())


@given(ANY_PLAN)
def test_a_runs_own_command_log_gives_the_run_again(plan):
    first = plan.model()
    digest, events, log = outcome(first)
    again = plan.model(submit=False)
    for entry in log:
        if entry["source"] != "inject":  # what standing orders gave they give again
            again.submit_at(entry["t"], COMMANDS.validate_python(entry["command"]), entry["source"])
    assert again.world.digest() != digest or again.duration_s == 0 or not len(again.world.session)
    repeated = outcome(again)
    assert repeated[0] == digest and repeated[2] == log
    assert repeated[1] == [e for e in events if e["kind"] != "command_refused" or e["source"] == "inject"]


@given(ANY_PLAN, TIMES)
def test_a_fork_equals_its_original_and_leaves_it_alone(plan, at_s):
    model = plan.model(submit=False)
    for t_s, order in plan.commands:
        if t_s <= at_s:
            model.advance(t_s)
            model.submit(order)
    model.advance(at_s)
    before = model.world.digest(), copy.deepcopy(model.events)
    twin = fork(model, at_s)
    assert twin.now_s == at_s
    assert twin.world.digest() == before[0]
    assert twin.events == [e for e in before[1] if e["kind"] != "command_refused" or e["source"] == "inject"]
    outcome(twin)
    assert (model.world.digest(), model.events, model.now_s) == (*before, at_s)


@given(ANY_PLAN, TIMES)
def test_a_copy_equals_a_fork_and_leaves_its_original_alone(plan, at_s):
    model = plan.model()
    model.advance(at_s)
    twin, again = model.copy(), plan.model()
    before = model.world.digest(), copy.deepcopy(model.events)
    ahead = outcome(twin)
    assert (model.world.digest(), model.events, model.now_s) == (*before, at_s)
    assert ahead == outcome(again) == outcome(model)
    for each in (model, twin, again):
        each.close_books()
    assert kpis(twin) == kpis(again) == kpis(model)


@given(ANY_PLAN, TIMES, ANY_COMMAND)
def test_branches_differ_only_after_the_command_that_differs(plan, at_s, order):
    model = plan.model()
    model.advance(END)
    one, other = fork(model, at_s), fork(model, at_s)
    assert one.world.digest() == other.world.digest()
    other.submit(order)
    ends = outcome(one), outcome(other)
    before = [[e for e in events if e["t"] < at_s] for _, events, _ in ends]
    assert before[0] == before[1]
    if other.commands == one.commands:
        assert ends[0][0] == ends[1][0], "a refused command made a difference"


def test_right_after_a_live_command_the_model_is_where_its_fork_is():
    """Who waited for the connector is plugged in when the command returns."""
    model = Model(scenario(zone()), visits(visit(arrival=10.0)))
    model.submit(command("out_of_service", connector="C-01"))
    model.advance(100.0)
    model.submit(command("back_in_service", connector="C-01"))
    assert kinds(model, "plugged_in") == [(100.0, "plugged_in", "car")]
    assert fork(model, 100.0).world.digest() == model.world.digest()


def test_a_fork_in_the_past_forgets_what_came_after():
    model = Model(scenario(zone()), visits(visit()))
    model.advance(1000.0)
    model.submit(command("set_connector_power", connector="C-01", kw=2.0))
    model.advance(2000.0)
    twin = fork(model, 900.0)
    assert twin.commands == [] and twin.now_s == 900.0
    assert fork(model, 1000.0).commands == model.commands


def test_injects_are_not_given_twice_to_a_fork():
    injects = [{"at": 500, "command": {"kind": "set_connector_power", "connector": "C-01", "kw": 3.0}}]
    model = Model(scenario(zone(), injects=injects), visits(visit()))
    model.advance(1000.0)
    twin = fork(model, 1000.0)
    assert twin.commands == model.commands and len(twin.commands) == 1
    assert twin.world.digest() == model.world.digest()


def generated(seed: int, vehicles: int):
    return from_dict({
        "name": "g", "start": START, "duration": "24h", "seed": seed, "strategy": "equal_share",
        "site": {"zones": [zone("z", 6, kind="CCS2", kw=50.0, feed_kw=20.0)]},
        "grid": {"import_limit_kw": 80.0},
        "sessions": {"kind": "generated", "groups": [
            {"use_case": "public", "vehicles": vehicles, "models": [{"model": "vw_id4"}]}]}}, "test")


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_seed_gives_the_same_run_and_another_seed_another(seed, vehicles):
    one, again, other = (Model(generated(s, vehicles)) for s in (seed, seed, seed + 1))
    assert outcome(one) == outcome(again)
    assert one.world.session.arrival_s.tolist() != other.world.session.arrival_s.tolist()


def test_branches_draw_the_same_visits_whatever_was_decided():
    """What-if comparisons are paired: arrivals and energies are those of the original."""
    model = Model(generated(3, 10))
    model.submit(command("set_strategy", strategy="v2g_price"))
    model.advance(model.duration_s)
    twin = fork(model, 0.0)
    twin.submit(command("set_limit", kw=10.0))
    twin.advance(twin.duration_s)
    for column in ("arrival_s", "departure_s", "arrival_kwh", "target_kwh"):
        np.testing.assert_array_equal(getattr(model.world.session, column),
                                      getattr(twin.world.session, column))


def test_models_side_by_side_do_not_disturb_each_other():
    alone = outcome(Model(load("evening_peak")))
    one, other = Model(load("evening_peak")), Model(load("evening_peak"))
    for k in range(24):
        one.advance(k * HOUR)
        other.advance(k * HOUR / 2)
        other.submit(command("set_limit", kw=100.0 + k))
    assert outcome(one) == alone
    assert outcome(other)[0] != alone[0]
