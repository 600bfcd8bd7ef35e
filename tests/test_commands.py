"""Commands: each is checked, then applied; refused ones are logged and change nothing."""

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import given
from pydantic import ValidationError
from worlds import (ANY_COMMAND, HOUR, START, command, kinds, plans, scenario, visit, visits, zone)

from entities.components import NONE, Phase, Status
from sim.commands import COMMANDS
from sim.errors import InputError
from sim.model import Model
from sim.results import results
from sim.scenario import from_dict
from sim.strategies import NAMES

ALL = {
    "set_strategy": {"strategy": "equal_share"},
    "set_limit": {"kw": 5.0},
    "set_connector_power": {"connector": "C-01", "kw": 2.0},
    "stop_session": {"connector": "C-01"},
    "start_session": {"connector": "C-01"},
    "out_of_service": {"connector": "C-01"},
    "back_in_service": {"connector": "C-01"},
    "price_override": {"price": 1.0, "duration": "1h"},
    "disturb_grid": {"mw": -100.0, "duration": "10m"},
    "fault_connector": {"connector": "C-01", "error_code": "GroundFailure"},
    "clear_fault": {"connector": "C-01"},
    "reserve_connector": {"connector": "C-02", "duration": "1h", "vehicle": "car"},
    "cancel_reservation": {"connector": "C-02"},
    "set_station_offline": {"station": "S-01", "offline": True},
    "dispatch": {"kw": 4.0, "duration": "1h"},
    "trip_transformer": {}, "close_transformer": {}, "derate_transformer": {"percent": 60.0},
    "line_outage": {"line": "L2"}, "line_back": {"line": "L2"},
    "heat_wave": {"kelvin": 8.0, "duration": "5h"},
    "cloud_front": {"percent": 20.0, "duration": "1h"}, "wind_ramp": {"percent": 30.0, "duration": "1h"},
    "shift_price": {"factor": 3.0, "duration": "1h"},
    "demand_response": {"kw": 5.0, "duration": "1h"}, "forecast_error": {"quantity": "load", "factor": 0.5},
    "arrival_surge": {"vehicles": 2}, "early_departures": {"vehicles": 1},
    "schedule": {"at": "02:00", "command": {"kind": "set_limit", "kw": 5.0}},
    "watch": {"when": "net < 0", "command": {"kind": "set_limit", "kw": 5.0}},
    "cancel_order": {"order": 1},
}
REMARKS = {  # see test_alarms.py and test_score.py
    "acknowledge_alarm": {}, "shelve_alarm": {"alarm": "queue", "duration": "1h"},
    "unshelve_alarm": {"alarm": "queue"}, "take_hint": {}, "tick_item": {"item": 1},
    "annotate": {"text": "a note"}, "take_over": {}, "give_back": {},
}


def running(at=600.0, count=1, feed_kw=0.0, **more) -> Model:
    """One car at C-01, charging with 11 kW."""
    model = Model(scenario(zone(count=count, feed_kw=feed_kw), **more), visits(visit()))
    model.advance(at)
    return model


def power(model: Model) -> float:
    return model.world.vehicle.power0_kw.item(0)


def test_the_union_holds_exactly_these_commands():
    tags = COMMANDS.json_schema()["discriminator"]["mapping"]
    assert sorted(tags) == sorted(ALL | REMARKS)


@pytest.mark.parametrize("raw", [
    {"kind": "pause"}, {"kind": "set_strategy", "strategy": "magic"},
    {"kind": "set_limit", "kw": -1.0}, {"kind": "set_limit"}, {"kind": "set_limit", "kw": math.nan},
    {"kind": "set_limit", "kw": math.inf},
    {"kind": "set_limit", "kw": 1.0, "direction": "up"}, {"kind": "set_connector_power", "kw": 1.0},
    {"kind": "set_connector_power", "connector": "C-01", "kw": math.inf},
    {"kind": "price_override", "price": 1.0, "duration": 0},
    {"kind": "price_override", "price": math.nan, "duration": "1h"},
    {"kind": "price_override", "price": 1.0, "duration": "soon"},
    {"kind": "disturb_grid"}, {"kind": "disturb_grid", "mw": math.nan},
    {"kind": "disturb_grid", "mw": -1.0, "duration": 0},
    {"kind": "stop_session", "connector": "C-01", "why": "because"},
    {"kind": "fault_connector", "connector": "C-01", "error_code": "Tired"},
    {"kind": "fault_connector", "connector": "C-01", "error_code": "NoError"},
    {"kind": "reserve_connector", "connector": "C-01"},
    {"kind": "reserve_connector", "connector": "C-01", "duration": "-1h"},
    {"kind": "set_station_offline"}, {}])
def test_what_is_no_command_is_refused_by_its_schema(raw):
    with pytest.raises(ValidationError):
        COMMANDS.validate_python(raw)


@pytest.mark.parametrize("raw", [
    {"kind": "set_strategy", "strategy": "equal_share", "zone": "nowhere"},
    {"kind": "set_limit", "kw": 5.0, "zone": "nowhere"},
    {"kind": "set_connector_power", "connector": "C-99", "kw": 1.0},
    {"kind": "set_connector_power", "connector": "C-01", "kw": 11.1},
    {"kind": "set_connector_power", "connector": "C-01", "kw": -0.1},
    {"kind": "stop_session", "connector": "C-99"}, {"kind": "stop_session", "connector": "C-02"},
    {"kind": "start_session", "connector": "C-01"}, {"kind": "start_session", "connector": "C-99"},
    {"kind": "disturb_grid", "mw": -1.0}, {"kind": "out_of_service", "connector": "C-99"},
    {"kind": "back_in_service", "connector": "C-01"},
    {"kind": "back_in_service", "connector": "C-99"},
    {"kind": "fault_connector", "connector": "C-99"}, {"kind": "clear_fault", "connector": "C-01"},
    {"kind": "clear_fault", "connector": "C-99"},
    {"kind": "reserve_connector", "connector": "C-01", "duration": 60},
    {"kind": "reserve_connector", "connector": "C-99", "duration": 60},
    {"kind": "reserve_connector", "connector": "C-02", "duration": 60, "vehicle": "nobody"},
    {"kind": "cancel_reservation", "connector": "C-02"},
    {"kind": "cancel_reservation", "connector": "C-99"},
    {"kind": "set_station_offline", "station": "S-99"},
    {"kind": "set_station_offline", "station": "S-01", "offline": False}])
def test_a_refused_command_says_why_is_logged_and_changes_nothing(raw):
    model = running(count=2)
    order = COMMANDS.validate_python(raw)
    before, version, peak = model.world.digest(), model.version, model.meter.peak_import_kw
    why = order.check(model)
    assert why and model.world.digest() == before
    assert model.submit(order, "trainer") == why
    assert (model.world.digest(), model.version) == (before, version)
    assert model.meter.peak_import_kw == peak
    assert model.commands == []
    assert model.events[-1] == {"t": 600.0, "kind": "command_refused", "source": "trainer",
                                "command": order.model_dump(), "why": why}


@given(plans(commands=ANY_COMMAND))
def test_checking_never_changes_anything_and_foretells_the_answer(plan):
    model = plan.model(submit=False)
    for t_s, order in plan.commands:
        model.advance(t_s)
        before, version = model.world.digest(), model.version
        why = order.check(model)
        assert (model.world.digest(), model.version) == (before, version)
        assert model.submit(order) == why
        logged = [e for e in model.events if e["kind"].startswith("command")][-1]
        assert logged["t"] == t_s and logged["command"] == order.model_dump()
        assert (logged["kind"] == "command") == (why is None) and logged.get("why") == why
        if why is not None:
            assert model.world.digest() == before


def test_an_applied_command_is_in_the_log():
    model = running()
    order = command("set_limit", kw=5.0)
    assert model.submit(order, "trainer") is None
    assert model.commands == [{"t": 600.0, "source": "trainer", "command": order.model_dump()}]
    assert model.events[-1] == {"t": 600.0, "kind": "command", **model.commands[0]}


@pytest.mark.parametrize("kind", ALL)
def test_every_command_can_be_an_inject(kind):
    """The second of each pair undoes the first, where it takes one to allow the other."""
    before = {"start_session": "stop_session", "back_in_service": "out_of_service",
              "clear_fault": "fault_connector", "cancel_reservation": "reserve_connector",
              "close_transformer": "trip_transformer", "line_back": "line_outage",
              "cancel_order": "watch"}.get(kind)
    injects = [{"at": "00:05", "command": {"kind": before, **ALL[before]}}] if before else []
    injects.append({"at": "00:10", "command": {"kind": kind, **ALL[kind]}})
    model = Model(scenario(zone(count=2), injects=injects, frequency={}, grid={"feeder": "lv_depot"},
                           weather={"kind": "process"}), visits(visit()))
    model.advance(HOUR)
    assert [c["command"]["kind"] for c in model.commands] == [i["command"]["kind"] for i in injects]
    assert all(c["source"] == "inject" for c in model.commands)
    assert model.commands[-1]["t"] == 600.0


def test_an_inject_that_is_refused_is_logged_and_the_run_goes_on():
    model = Model(scenario(injects=[{"at": 60, "command": {"kind": "start_session", "connector": "C-01"}}]),
                  visits(visit()))
    model.advance(model.duration_s)
    assert [e["why"] for e in model.events if e["kind"] == "command_refused"] == ["C-01 has no stopped session"]
    assert "refused" in results(model, 1.0)["warnings"][0]
    assert model.world.session.departure_kwh[0] == 40.0


def test_set_strategy_of_one_zone_or_of_all():
    model = Model(scenario(zone("x"), zone("y")), visits())
    model.submit(command("set_strategy", strategy="v2g_price", zone="y"))
    assert [NAMES[k] for k in model.world.zone.strategy] == ["uncontrolled", "v2g_price"]
    model.submit(command("set_strategy", strategy="round_robin"))
    assert [NAMES[k] for k in model.world.zone.strategy] == ["round_robin"] * 2


def test_set_strategy_takes_hold_at_once():
    model = running(grid={"import_limit_kw": 4.0})
    assert power(model) == 11.0
    model.submit(command("set_strategy", strategy="equal_share"))
    assert power(model) == 4.0
    model.submit(command("set_strategy", strategy="uncontrolled"))
    assert power(model) == 11.0


@pytest.mark.parametrize("zone_name", [None, "z"])
def test_set_limit_takes_hold_at_once_and_can_be_lifted(zone_name):
    model = running(strategy="equal_share")
    model.submit(command("set_limit", kw=3.0, zone=zone_name))
    assert power(model) == 3.0
    model.submit(command("set_limit", kw=0.0, zone=zone_name))
    assert power(model) == 0.0
    model.submit(command("set_limit", kw=None, zone=zone_name))
    assert power(model) == 11.0
    table = model.world.hub if zone_name is None else model.world.zone
    assert table.import_limit_kw.item(0) == math.inf


def test_set_limit_export():
    model = running(feed_kw=11.0, strategy="equal_share")
    model.submit(command("set_connector_power", connector="C-01", kw=-8.0))
    assert power(model) == -8.0
    model.submit(command("set_limit", direction="export", kw=3.0))
    assert power(model) == -3.0


@pytest.mark.parametrize("strategy", NAMES)
def test_set_connector_power_goes_before_the_strategy_until_it_is_given_back(strategy):
    model = running(feed_kw=11.0, strategy=strategy)
    plain = power(model)
    for kw in (2.5, -4.0, 0.0):
        model.submit(command("set_connector_power", connector="C-01", kw=kw))
        assert power(model) == kw
    model.submit(command("set_connector_power", connector="C-01", kw=None))
    assert np.isnan(model.world.connector.override_kw[0])
    assert power(model) == plain


def test_a_fixed_power_waits_for_the_next_vehicle():
    model = Model(scenario(zone()), visits(visit(arrival=HOUR)))
    model.submit(command("set_connector_power", connector="C-01", kw=2.0))
    model.advance(HOUR)
    assert power(model) == 2.0


def test_stop_and_start_a_session():
    model = running()
    model.submit(command("stop_session", connector="C-01"))
    assert power(model) == 0.0 and model.world.session.phase[0] == Phase.STOPPED
    assert model.world.connector.status[0] == Status.FINISHING
    model.advance(HOUR)
    assert power(model) == 0.0, "control ticks leave a stopped session alone"
    model.submit(command("start_session", connector="C-01"))
    assert power(model) == 11.0 and model.world.session.phase[0] == Phase.ACTIVE
    assert model.world.connector.status[0] == Status.CHARGING
    assert model.world.session.charged_kwh[0] == pytest.approx(11.0 / 6)


def test_out_of_service_and_back():
    model = running()
    model.submit(command("out_of_service", connector="C-01"))
    assert power(model) == 0.0 and model.world.connector.status[0] == Status.UNAVAILABLE
    model.advance(HOUR)
    assert power(model) == 0.0
    model.submit(command("back_in_service", connector="C-01"))
    assert power(model) == 11.0 and model.world.connector.status[0] == Status.CHARGING


def test_a_session_started_on_a_connector_out_of_service_stays_without_power():
    model = running()
    for kind in ("stop_session", "out_of_service", "start_session"):
        assert model.submit(command(kind, connector="C-01")) is None
    assert power(model) == 0.0
    model.submit(command("back_in_service", connector="C-01"))
    assert power(model) == 11.0


def test_an_empty_connector_out_of_service_and_back():
    model = Model(scenario(zone()), visits())
    for kind, status in (("out_of_service", Status.UNAVAILABLE), ("back_in_service", Status.AVAILABLE)):
        model.submit(command(kind, connector="C-01"))
        assert model.world.connector.status[0] == status
        assert model.world.connector.vehicle[0] == NONE


def test_price_override_holds_for_its_duration_and_is_what_energy_costs():
    model = running(0.0, tariff={"kind": "flat", "price": 0.2, "sell_share": 0.5})
    model.advance(HOUR)
    model.submit(command("price_override", price=1.0, duration="30m"))
    assert (model.world.hub.price_buy[0], model.world.hub.price_sell[0]) == (1.0, 0.5)
    model.advance(1.5 * HOUR)
    assert model.world.hub.price_buy[0] == 0.2
    model.advance(2 * HOUR)
    model.close_books()
    assert model.world.session.cost[0] == pytest.approx(11.0 * (1.5 * 0.2 + 0.5 * 1.0))


def test_a_later_override_goes_before_an_earlier_one_and_hands_back_to_it():
    model = Model(scenario(tariff={"kind": "flat", "price": 0.2}), visits())
    prices = {}
    for t, order in [(0.0, ("price_override", 0.7, "3h")), (HOUR, ("price_override", 0.9, "1h"))]:
        model.advance(t)
        model.submit(command(order[0], price=order[1], duration=order[2]))
    for hours in (1.5, 2.0, 2.5, 3.0, 4.0):
        model.advance(hours * HOUR)
        prices[hours] = model.world.hub.price_buy.item(0)
    assert prices == {1.5: 0.9, 2.0: 0.7, 2.5: 0.7, 3.0: 0.2, 4.0: 0.2}


def test_the_scenario_refuses_an_inject_that_is_no_command():
    raw = {"name": "x", "start": START, "site": {"zones": [zone()]}}
    for inject, key in (({"at": "noon", "command": {"kind": "set_limit", "kw": 1}}, "injects.0.at"),
                        ({"at": 1, "command": {"kind": "set_limit", "kw": -1}}, "injects.0.command")):
        with pytest.raises(InputError, match=key):
            from_dict(copy.deepcopy(raw) | {"injects": [inject]}, "file.toml")


def test_an_excess_under_a_limit_that_is_lifted_ends_and_its_events_are_json():
    model = running(grid={"import_limit_kw": 5.0})
    model.submit(command("set_limit", kw=None))
    model.advance(HOUR)
    assert [k for _, k, _ in kinds(model, "limit_exceeded", "limit_restored")] == [
        "limit_exceeded", "limit_restored"]
    json.dumps(model.events, allow_nan=False)


@pytest.mark.parametrize("order, why", [
    ({"kind": "stop_session", "connector": "X"}, "no connector 'X'"),
    ({"kind": "set_limit", "kw": 5, "zone": "nowhere"}, "no zone 'nowhere'"),
])
def test_an_inject_that_names_what_is_not_there_is_refused_before_the_run(order, why):
    with pytest.raises(InputError, match=f"injects.0.command: {why}"):
        Model(scenario(injects=[{"at": 60, "command": order}]), visits())
