"""Conditions on figures of a run, and commands that wait for one or for a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import COMMAND_STRATEGIES, HOUR, command, kinds, plans, scenario, visit, visits, zone

from entities.components import NONE
from sim.errors import InputError
from sim.model import Model
from sim.quantities import QUANTITIES
from sim.rules import SIGNS, Comparison, Condition, Watch, parse_condition
from sim.run import fork
from sim.scenario import load

COMPARISONS = st.builds(
    lambda name, place, sign, number: Comparison(name, place if QUANTITIES[name].by_zone else None, sign, number),
    st.sampled_from(sorted(QUANTITIES)), st.sampled_from([None, "z0", "a b", "for"]),
    st.sampled_from(sorted(SIGNS)), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(COMPARISONS, min_size=1, max_size=3).map(tuple), st.sampled_from([None, "10m", "1h 30m", "2d"]))
def test_a_condition_is_what_its_text_says(parts, lasting):
    condition = Condition(parts, lasting)
    assert parse_condition(str(condition)) == condition


@pytest.mark.parametrize("text, wrong", [
    ("", "word 1"), ("sterss > 1", "word 1 'sterss'"), ("stress 1", "word 2 '1'"), ("stress >", "word 3"),
    ("stress > much", "word 3 'much'"), ("stress > nan", "word 3"), ("price of z > 1", "word 2 'of'"),
    ("stress > 1 for", "word 5"), ("stress > 1 or price > 2", "word 4 'or'"), ("stress > 1 for 0m", "word 5"),
    ('"stress" > 1', "word 1")])
def test_what_is_no_condition_names_the_word(text, wrong):
    with pytest.raises(InputError, match=wrong):
        parse_condition(text)


def test_figures_are_those_of_the_model():
    model = Model(load("evening_peak"))
    model.advance(3.5 * HOUR)
    before = model.world.digest(), model.version
    net, drawn, fed = model.site_power(model.now_s)
    values = {name: quantity.read(model, NONE) for name, quantity in QUANTITIES.items()}
    assert (values["net"], values["drawn"], values["fed"]) == (net, drawn, fed)
    assert values["import"] - values["export"] == net and values["import"] * values["export"] == 0.0
    assert values["use"] == pytest.approx(100.0 * abs(net) / (250.0 if net > 0 else 150.0))
    assert values["stress"] == model.world.hub.stress[0] and values["price"] == 0.48
    assert values["frequency"] != values["frequency"], "there is none"
    of_zones = [sum(QUANTITIES[name].read(model, z) for z in range(3)) for name in ("fed", "drawn", "plugged")]
    assert of_zones == pytest.approx([fed, drawn, values["plugged"]])
    assert (model.world.digest(), model.version) == before


def test_a_condition_has_to_hold_at_every_tick_for_as_long_as_it_says():
    model = Model(scenario(zone(count=2)), visits(
        visit("a", 0.0, 1800.0, stored=0.0), visit("b", 2400.0, 7200.0, stored=0.0)))
    watch = Watch(parse_condition("drawn > 5 kW for 10m"))
    met = []
    for k in range(20):
        model.advance(300.0 * k)
        met.append(watch.met(model))
    held = [300.0 * k < 1800.0 or 300.0 * k >= 2400.0 for k in range(20)]
    assert met == [all(held[max(k - 2, 0):k + 1]) and k >= 2 for k in range(20)]


def running(**more) -> Model:
    return Model(scenario(zone(count=3), **more), visits(visit("a"), visit("b", 1000.0), visit("c", 3000.0)))


def limits(model):
    return [(c["t"], c["source"]) for c in model.commands if c["command"]["kind"] == "set_limit"]


def test_a_watch_gives_its_command_once_at_the_first_tick_at_which_it_is_met():
    model = running(injects=[{"when": "drawn > 20 kW", "command": "limit site 15 kW"}])
    model.advance(2 * HOUR)
    assert limits(model) == [(1200.0, "inject")]
    assert [e["t"] for e in model.events if e["kind"] == "condition_met"] == [1200.0]
    assert model.world.hub.import_limit_kw[0] == 15.0 and model.orders.pending == []


def test_a_command_at_a_time():
    model = running()
    model.advance(700.0)
    assert model.submit(command("schedule", at="01:00", command=command("set_limit", kw=5.0))) is None
    assert model.orders.pending == [(HOUR, command("set_limit", kw=5.0))]
    model.advance(2 * HOUR)
    assert limits(model) == [(HOUR, "inject")]
    past = command("schedule", at="01:00", command=command("set_limit", kw=5.0))
    assert "is over" in past.check(model)
    assert "no zone" in command("schedule", at="03:00", command=command("set_limit", kw=5.0, zone="x")).check(model)
    assert "no zone" in command("watch", when="stress of x > 1", command=command("set_limit", kw=5.0)).check(model)
    for figure, why in (("stress", "no feeder"), ("hot_spot", "no feeder"), ("frequency", "no frequency")):
        never = command("watch", when=f"net > 1 and {figure} > 1", command=command("set_limit", kw=5.0))
        assert f"there is no {figure}: the scenario has {why}" == never.check(model)


def test_a_refused_command_of_an_order_is_logged_and_the_run_goes_on():
    model = running(injects=[{"when": "plugged >= 1", "command": "start C-01"}])
    model.advance(HOUR)
    assert [e["why"] for e in model.events if e["kind"] == "command_refused"] == ["C-01 has no stopped session"]


@settings(max_examples=12)
@given(plans(commands=st.one_of(COMMAND_STRATEGIES["watch"], COMMAND_STRATEGIES["schedule"])),
       st.integers(0, 72).map(lambda k: k * 300.0 + 1.0))
def test_orders_that_wait_go_into_a_fork(plan, at_s):
    plan.commands = [(t_s, order) for t_s, order in plan.commands if t_s <= at_s]
    model = plan.model()
    model.advance(at_s)
    twin = fork(model, at_s)
    assert twin.orders.pending == model.orders.pending and twin.commands == model.commands
    for run in (model, twin):
        run.advance(run.duration_s)
    assert twin.world.digest() == model.world.digest() and twin.commands == model.commands
    assert kinds(twin, "command") == kinds(model, "command")


@pytest.mark.parametrize("inject, wrong", [
    ({"command": "stop C-01"}, "injects.0: expected either at or when"),
    ({"at": "01:00", "when": "net > 1", "command": "stop C-01"}, "injects.0: expected either at or when"),
    ({"when": "nett > 1", "command": "stop C-01"}, "injects.0.when: not a condition: word 1 'nett'"),
    ({"when": "net > 1", "command": "stp C-01"}, "injects.0.command: word 1 'stp'")])
def test_bad_injects_are_told_in_one_line(inject, wrong):
    with pytest.raises(InputError, match=wrong):
        scenario(zone(), injects=[inject])


def test_a_condition_on_a_zone_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="injects.0.when: no zone 'x'"):
        Model(scenario(zone(), injects=[{"when": "net of x > 1", "command": "stop C-01"}]), visits())
