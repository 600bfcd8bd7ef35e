"""Exercises: points lost by objective and instant, the same from a model, its replay and its folder."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from worlds import ANY_COMMAND, DURATION_H, HOUR, TIMES, command, plans, scenario, visit, visits, zone

from sim.errors import InputError
from sim.model import Model
from sim.optimum import optimum, score
from sim.results import kpis
from sim.run import repeat, replay, run
from sim.scenario import from_dict, load
from sim.training.course import Course
from sim.training.evidence import cost_of, evidence_in, evidence_of, played, yardstick
from sim.training.score import sheet, spells

TARIFF = {"kind": "series", "step": "1h", "values": [0.3, 0.1, 0.2, 0.5, 0.4, 0.2]}
CARS = (visit("a", departure=3 * HOUR, stored=20.0, target=45.0), visit("b", HOUR, 5 * HOUR, target=30.0))


def exercise(*objectives, cars=CARS, given=(), **more) -> Model:
    """A lesson of six hours at two connectors that can feed 11 kW, played to the end."""
    training = {"briefing": "Mind the limit.", "objectives": list(objectives),
                "hints": [{"text": "Look.", "price": 4.0}, {"text": "Do.", "price": 8.0}],
                "checklist": ["look", "act"]}
    site = scenario(zone(count=2, feed_kw=11.0), duration="6h", tariff=TARIFF, strategy="uncontrolled",
                    training=training, **more)
    return played(site, [(t_s, order, "trainee") for t_s, order in given], visits(*cars))


def one(model, optimal=None):
    (part,) = sheet(evidence_of(model), optimal).objectives
    return part


def test_minutes_outside_a_limit_cost_points_where_they_began():
    model = exercise({"kind": "limits", "weight": 200, "limit_per_minute": 1.0}, grid={"import_limit_kw": 15.0})
    part = one(model)
    (loss,) = part.losses
    both = model.meter.excess[(-1, "import")].seconds / 60.0
    assert loss.t_s == HOUR and loss.points == pytest.approx(both / 2)  # 200 points count as 100
    assert part.points == pytest.approx(100.0 - both / 2) and "Import above its limit" in loss.why


def test_a_spell_that_goes_on_counts_up_to_now():
    events = [{"t": 10.0, "kind": "limit_exceeded", "where": "site", "direction": "import"},
              {"t": 20.0, "kind": "stress_level", "where": "hub", "level": "high", "words": "T1"},
              {"t": 50.0, "kind": "stress_level", "where": "hub", "level": "emergency", "words": "T1"},
              {"t": 60.0, "kind": "transformer_over", "where": "T1", "what": "heat"},
              {"t": 65.0, "kind": "frequency_left_band"}, {"t": 68.0, "kind": "frequency_restored"},
              {"t": 90.0, "kind": "stress_level", "where": "hub", "level": "low", "words": ""}]
    found = {kind: [(s.since_s, s.until_s) for s in its] for kind, its in spells(events, 100.0).items()}
    assert found == {"limit": [(10.0, 100.0)], "high": [(20.0, 50.0)], "emergency": [(50.0, 90.0)],
                     "transformer": [(60.0, 100.0)], "frequency": [(65.0, 68.0)]}


def test_missing_energy_costs_points_at_the_departure_and_no_more_than_the_weight():
    stop = [(600.0, command("stop_session", connector="C-01"))]
    model = exercise({"kind": "unserved", "weight": 10, "per_kwh": 1.0, "free_kwh": 2.0}, given=stop)
    part, missing = one(model), kpis(model)["energy_not_served_kwh"]
    assert missing > 12.0 and part.points == 0.0
    assert [(loss.t_s, loss.points) for loss in part.losses] == [(3 * HOUR, 100.0)]
    assert "a left with" in part.losses[0].why


def test_a_commitment_is_kept_by_what_is_fed():
    goal = {"kind": "commitment", "weight": 10, "kw": 6.0, "begin": "01:00", "end": "02:00", "per_kwh": 1.0}
    feed = [(HOUR, command("set_connector_power", connector="C-01", kw=-4.0)),
            (2 * HOUR, command("set_connector_power", connector="C-01", kw=None))]
    nothing, some = one(exercise(goal)), one(exercise(goal, given=feed))
    assert nothing.points == pytest.approx(40.0)  # 6 kWh of 10 points
    assert some.points == pytest.approx(80.0) and some.losses[0].t_s == HOUR


def test_cost_is_told_by_the_optimum_and_hour_by_hour():
    goal = {"kind": "cost", "weight": 50, "free": 0.5, "none_at": 8.0}
    model = exercise(goal)
    planned = visits(*CARS)
    best, optimal = optimum(model.scenario, planned), yardstick(model.scenario, planned)
    closed = model.copy()
    closed.close_books()
    above = score(closed, best.missing_price) - best.cost
    assert optimal.cost == best.cost == pytest.approx(optimal.spent[-1], abs=1e-6)  # nothing is missing
    assert cost_of(evidence_of(model), optimal) - optimal.cost == pytest.approx(above, abs=1e-9)
    part = one(model, optimal)
    assert 0.5 < above < 8.0 and part.points == pytest.approx(100.0 * (8.0 - above) / 7.5)
    assert sum(loss.points for loss in part.losses) == pytest.approx(100.0 - part.points)
    assert part.losses[0].t_s == 0.0, "it charged at 0.30 in the first hour"
    assert one(model).pending and sheet(evidence_of(model)).passed is None


def test_wear_costs_what_was_fed():
    goal = {"kind": "wear", "weight": 10, "free": 0.05, "per_unit": 10.0}
    feed = [(HOUR, command("set_connector_power", connector="C-01", kw=-4.0))]
    part = one(exercise(goal, given=feed, fleet={"wear_cost_per_kwh": 0.1}))
    assert part.losses[0].t_s == HOUR and part.points < 100.0
    assert one(exercise(goal, fleet={"wear_cost_per_kwh": 0.1})).points == 100.0


@pytest.mark.parametrize("given, points", [
    ([], 50.0),
    ([(HOUR + 200.0, command("acknowledge_alarm"))], 100.0),
    ([(HOUR + 200.0, command("shelve_alarm", alarm="limit import", duration="1h"))], 100.0),
    ([(HOUR + 400.0, command("acknowledge_alarm"))], 50.0)])
def test_alarms_are_handled_in_time_or_not(given, points):
    goal = {"kind": "alarms", "weight": 10, "within": "5m", "per_alarm": 5.0}
    part = one(exercise(goal, given=given, grid={"import_limit_kw": 15.0}))
    assert part.points == points
    assert [loss.t_s for loss in part.losses] == [HOUR + 300.0] * (points < 100.0)


def test_hints_are_a_ladder_with_prices():
    goal = {"kind": "unserved", "weight": 1, "per_kwh": 0.0}
    hint = command("take_hint")
    model = exercise(goal, given=[(60.0, hint), (120.0, hint), (180.0, hint)])
    shown = sheet(evidence_of(model))
    assert [loss.points for loss in shown.hints] == [4.0, 8.0] and shown.points == 88.0
    assert model.submit(hint) == "no more hints" and model.submit(command("tick_item", item=2)) is None
    assert "2 items" in model.submit(command("tick_item", item=3))
    assert shown.passed is True and len(shown.losses) == 2


ALL = [{"kind": "limits", "weight": 30, "high_per_minute": 0.1, "transformer_per_minute": 0.2},
       {"kind": "unserved", "weight": 20, "per_kwh": 1.0}, {"kind": "cost", "weight": 20, "none_at": 60.0},
       {"kind": "commitment", "weight": 10, "kw": 30.0, "begin": "18:00", "end": "19:00", "per_kwh": 0.5},
       {"kind": "wear", "weight": 10, "per_unit": 1.0},
       {"kind": "alarms", "weight": 10, "within": "10m", "per_alarm": 1.0}]


def test_the_score_of_a_folder_and_of_its_replay_is_the_one_that_was_shown(tmp_path):
    plain = load("evening_peak")
    raw = plain.model_dump(mode="json", by_alias=True) | {
        "training": {"briefing": "b", "objectives": ALL, "hints": [{"text": "h", "price": 3}]}}
    site = from_dict(raw, "exercise", plain.folder)
    given = [(2.5 * HOUR, command("set_limit", kw=200.0), "trainee"),
             (2.6 * HOUR, command("take_hint"), "trainee"),
             (2.7 * HOUR, command("acknowledge_alarm"), "trainee")]
    optimal = yardstick(site)
    shown = sheet(evidence_of(played(site, given)), optimal)
    run(site, given, out=tmp_path / "run")
    left = sheet(evidence_in(tmp_path / "run"), optimal)
    assert left == shown and shown.passed is not None
    assert len(shown.losses) > 3 and shown.hints[0].points == 3.0
    again = replay(tmp_path / "run", verify=True)
    assert again.difference is None
    lost = sum(loss.points for loss in shown.losses)
    assert shown.points == pytest.approx(100.0 - lost)
    assert all(0.0 <= loss.t_s <= shown.until_s and loss.points > 0.0 and loss.why for loss in shown.losses)


MATTERS_TO_SCORES = st.one_of(ANY_COMMAND, st.sampled_from([
    command("take_hint"), command("acknowledge_alarm"), command("acknowledge_alarm", alarm="limit import"),
    command("shelve_alarm", alarm="queue", duration="20m")]))


@settings(max_examples=16)
@drawn(plans(), st.lists(st.tuples(TIMES, MATTERS_TO_SCORES), max_size=8), TIMES)
def test_a_score_from_the_log_is_the_one_that_was_shown(plan, orders, look_s):
    goals = [{"kind": "limits", "weight": 40, "limit_per_minute": 0.1}, ALL[1] | {"weight": 30},
             ALL[3] | {"begin": "02:00", "end": "04:00"}, *ALL[4:]]
    plan.raw["training"] = {"briefing": "b", "objectives": goals,
                            "hints": [{"text": "h", "price": 3}, {"text": "i", "price": 4}]}
    model, shown = plan.model(Course()), []
    for t_s, order in sorted([*orders, (look_s, None), (DURATION_H * HOUR, None)], key=lambda timed: timed[0]):
        model.advance(t_s)
        if order is not None:
            model.submit(order, "trainee")
        else:
            shown.append((t_s, copy.deepcopy(model.commands), sheet(evidence_of(model))))
    for t_s, log, was in shown:
        again = plan.model(Course())
        repeat(json.loads(json.dumps(log)), again, t_s)
        assert sheet(evidence_of(again)) == was
        assert was.points == pytest.approx(max(100.0 - sum(loss.points for loss in was.losses), 0.0))


def test_the_score_so_far_is_the_beginning_of_the_score():
    goal = {"kind": "limits", "weight": 100, "limit_per_minute": 0.5}
    site = exercise(goal, grid={"import_limit_kw": 15.0}).scenario
    model = Model(site, visits(*CARS), Course())
    shown = []
    for t_s in np.arange(0.0, 6.5 * HOUR, HOUR / 2):
        model.advance(t_s)
        shown.append(sheet(evidence_of(model)).points)
    assert shown == sorted(shown, reverse=True) and shown[0] == 100.0 > shown[-1]


@pytest.mark.parametrize("wrong, words", [
    ({"objectives": []}, "training.objectives"), ({"pass_mark": 101}, "training.pass_mark"),
    ({"objectives": [{"kind": "fun", "weight": 1}]}, "expected one of"),
    ({"objectives": [{"kind": "cost", "weight": 1, "free": 3, "none_at": 2}]}, "none_at has to be above free"),
    ({"objectives": [{"kind": "commitment", "weight": 1, "kw": 1, "begin": "01:00", "end": "26:00",
                      "per_kwh": 1}]}, "training.objectives.0.end"),
    ({"steps": [{"text": "x", "at": "2d 10:00"}]}, "training.steps.0.at")])
def test_a_table_that_is_wrong_is_refused_in_one_line(wrong, words):
    good = {"briefing": "b", "objectives": [{"kind": "unserved", "weight": 1, "per_kwh": 1}]}
    raw = {"name": "x", "start": "2026-01-14T00:00:00+01:00", "site": {"zones": [zone()]},
           "training": copy.deepcopy(good) | wrong}
    with pytest.raises(InputError, match=words):
        from_dict(raw, "my.toml")
