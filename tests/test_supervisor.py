"""When control decides for whom: newcomers alone between ticks, everyone where a limit is at stake."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_control import view
from worlds import COMMAND_STRATEGIES, HOUR, fast_charging, kinds, plans, scenario, stretches, vehicle_kw, visit
from worlds import visits, zone, zone_kw

from sim.crowding import Limits, hours_left
from sim.model import Model
from sim.room import Crowd, Room
from sim.strategies import v2g_price
from sim.view import demand_kw, part

DEAR_FIRST = {"kind": "series", "step": "2h", "values": [0.6, 0.1, 0.1, 0.1], "sell_share": 0.9}
MINUTE = 60.0


@pytest.fixture
def decisions(monkeypatch):
    """What v2g_price was asked: (time, how many vehicles, the demand of its crowd)."""
    asked, decide = [], v2g_price.decide

    def spy(shown):
        asked.append((shown.t_s, len(shown), float(np.sum(shown.crowd.demand_kw))))
        return decide(shown)
    monkeypatch.setattr(v2g_price, "decide", spy)
    return asked


def between_ticks(asked) -> list[tuple]:
    return [entry for entry in asked if entry[0] % 300.0]


def model(*cars, import_kw, tariff=DEAR_FIRST) -> Model:
    site = scenario(zone(feed_kw=11.0, count=len(cars)), strategy="v2g_price", tariff=tariff,
                    grid={"import_limit_kw": import_kw}, duration="8h")
    return Model(site, visits(*cars))


def urgent(name, arrival, hours=1.0, **more) -> dict:
    """A car that has to draw 11 kW all the time until it leaves."""
    return visit(name, arrival, arrival + hours * HOUR, stored=5.0, target=5.0 + 11.0 * hours, **more)


def power(run: Model, name: str) -> float:
    session = run.world.session
    return vehicle_kw(run.world, run.now_s)[session.vehicle[session.find(name)]]


@settings(max_examples=90)
@given(st.one_of(
    plans(strategies=["v2g_price"], most_cars=9, base_within_limit=True, commands=st.one_of(
        *(COMMAND_STRATEGIES[kind] for kind in ("price_override", "stop_session", "start_session",
                                                "set_connector_power", "out_of_service",
                                                "set_station_offline")))),
    fast_charging(["v2g_price"], most_cars=7)))
def test_no_limit_is_exceeded_though_most_changes_are_only_reviewed(plan):
    run = plan.model()
    hub, limits = run.world.hub, run.world.zone
    for since, until in stretches(run):
        for t in (since, until):
            net = zone_kw(run.world, t)
            site = net.sum() + hub.base_kw.item(0)
            assert np.all(net <= limits.import_limit_kw + 1e-6), f"zone import at {t}"
            assert np.all(-net <= limits.export_limit_kw + 1e-6), f"zone export at {t}"
            assert site <= hub.import_limit_kw.item(0) + 1e-6, f"site import at {t}"
            assert -site <= hub.export_limit_kw.item(0) + 1e-6, f"site export at {t}"
    run.close_books()
    assert not kinds(run, "limit_exceeded")


@given(plans(strategies=["v2g_price", "uncontrolled"], most_cars=9))
def test_between_events_everyone_plugged_in_has_been_decided(plan):
    run = plan.model()
    vehicle = run.world.vehicle
    for _ in stretches(run):
        assert (vehicle.reason[vehicle.enabled] != 0).all()


def test_a_newcomer_that_fits_is_decided_alone_and_sees_its_crowd(decisions):
    run = model(visit("early", stored=20.0, departure=7 * HOUR), urgent("late", 7 * MINUTE),
                import_kw=100.0)
    run.advance(7 * MINUTE)
    assert between_ticks(decisions) == [(7 * MINUTE, 1, 11.0)]
    assert power(run, "late") == 11.0


def test_a_newcomer_whose_charging_does_not_fit_is_decided_with_all_others(decisions):
    run = model(urgent("early", 0.0, hours=2.0), urgent("late", 7 * MINUTE), import_kw=15.0)
    run.advance(7 * MINUTE)
    assert [count for _, count, _ in between_ticks(decisions)] == [1, 2]
    assert power(run, "early") + power(run, "late") == pytest.approx(15.0)


def test_when_one_is_done_who_was_held_back_gets_its_power_at_once(decisions):
    run = model(visit("first", stored=10.0, target=11.1, departure=0.5 * HOUR),
                visit("second", departure=7 * HOUR), import_kw=11.0,
                tariff={"kind": "series", "step": "4h", "values": [0.1, 0.6]})
    run.advance(5.9 * MINUTE)
    assert power(run, "first") == 11.0 and power(run, "second") == 0.0
    run.advance(6.1 * MINUTE)
    assert power(run, "first") == 0.0 and power(run, "second") == 11.0
    assert [count for _, count, _ in between_ticks(decisions)] == [2]


def test_who_charges_beside_a_feeder_is_cut_the_moment_that_it_is_empty(decisions):
    """22 kW fit under a limit of 11 while one feeds 11; the meter sees no excess after."""
    run = model(visit("feeder", stored=11.0 * 13.0 / 60.0, target=1.0),
                urgent("a", 11 * MINUTE), urgent("b", 12 * MINUTE), import_kw=11.0)
    run.advance(12 * MINUTE)
    assert [power(run, name) for name in ("feeder", "a", "b")] == [-11.0, 11.0, 11.0]
    assert between_ticks(decisions) == [(11 * MINUTE, 1, 11.0), (12 * MINUTE, 1, 22.0)]
    run.advance(13.1 * MINUTE)
    assert power(run, "a") + power(run, "b") == pytest.approx(11.0)
    run.advance(run.duration_s)
    run.close_books()
    assert not kinds(run, "limit_exceeded")


def test_a_departure_that_no_limit_minds_calls_for_no_decision(decisions):
    run = model(visit("stays", stored=20.0, departure=7 * HOUR), urgent("goes", 0.0, hours=0.12),
                import_kw=100.0)
    run.advance(10 * MINUTE - 1.0)
    assert kinds(run, "departed") and not between_ticks(decisions)


def test_strategies_that_share_decide_everyone_at_every_change():
    site = scenario(zone(count=2), strategy="equal_share", grid={"import_limit_kw": 11.0})
    run = Model(site, visits(visit("a"), visit("b", arrival=7 * MINUTE)))
    run.advance(7 * MINUTE)
    assert vehicle_kw(run.world, run.now_s).tolist() == [5.5, 5.5]


@given(st.lists(st.tuples(st.floats(0.0, 50.0), st.sampled_from([3.7, 11.0, 22.0]),
                          st.floats(-22.0, 22.0)), min_size=2, max_size=12),
       st.floats(1.0, 100.0))
def test_a_newcomer_feels_the_crowd_as_much_alone_as_among_all(others, site_kw):
    energy, cap, net = map(np.array, zip(*others))
    net[0] = 0.0  # the newcomer
    everyone = view(len(others), energy=energy, most_kw=cap, site_in=site_kw)
    alone = part(everyone, np.arange(1))
    alone.room = Room(np.array([np.inf]), np.array([np.inf]), site_kw - net.sum(), np.inf)
    rest = np.arange(len(others)) > 0
    alone.crowd = Crowd(demand_kw(everyone, rest), np.array([net.sum()]))

    def hours(shown):
        may = (shown.energy < shown.target) | (shown.energy > shown.least)
        return hours_left(shown, may, np.zeros(len(shown)), Limits.of(shown))[0]
    assert hours(alone)[0] == pytest.approx(hours(everyone)[0], rel=1e-9)
