"""Connectors: who gets which, who waits, who leaves unserved."""

import numpy as np
import pytest
from worlds import HOUR, command, kinds, scenario, session_row, visit, visits, zone

from entities.components import NONE, ConnectorKind, Phase, Place, Status
from sim.errors import InputError
from sim.model import Model
from sim.results import results

CCS2 = 1 << ConnectorKind.CCS2
TYPE2 = 1 << ConnectorKind.TYPE2


def model_of(site, *entries, **more) -> Model:
    return Model(scenario(*site, **more), visits(*entries))


def connector_of(model, name: str) -> str | None:
    at = model.world.session.connector.item(session_row(model, name))
    return None if at == NONE else model.world.connector.names[at]


def phase(model, name: str) -> Phase:
    return Phase(model.world.session.phase[session_row(model, name)])


def test_a_taken_connector_makes_the_next_arrival_wait_until_it_is_free():
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("b", 600.0, 3 * HOUR))
    model.advance(1800.0)
    car = model.world.vehicle.find("b")
    assert phase(model, "b") == Phase.QUEUED
    assert model.world.vehicle.place[car] == Place.QUEUED
    assert model.world.vehicle.power0_kw[car] == 0.0
    assert model.world.vehicle.energy0_kwh[car] == 10.0, "what it holds can be seen while it waits"
    model.advance(model.duration_s)
    assert kinds(model, "queued", "plugged_in") == [
        (0.0, "plugged_in", "a"), (600.0, "queued", "b"), (HOUR, "plugged_in", "b")]
    assert model.world.session.plugged_s[session_row(model, "b")] == HOUR
    assert model.world.session.charged_kwh[session_row(model, "b")] == pytest.approx(22.0)


def test_a_queue_is_served_in_order_of_arrival():
    late = [visit(name, arrival, 20 * HOUR) for name, arrival in
            [("c", 300.0), ("a", 500.0), ("b", 100.0)]]
    model = model_of([zone()], visit("first", 0.0, HOUR), *late)
    served = []
    for name in ("b", "c", "a"):
        model.advance(20 * HOUR - 1)
        served = [session for _, _, session in kinds(model, "plugged_in")]
    assert served == ["first", "b"], "one connector: the second stays to the evening"
    model.advance(model.duration_s)
    left = kinds(model, "left_unserved")
    assert [s for _, _, s in left] == ["c", "a"] and all(t == 20 * HOUR for t, _, _ in left)


def test_a_queue_moves_up_each_time_the_connector_is_free():
    cars = [visit(f"q{k}", 60.0 * k, HOUR * (k + 1)) for k in range(5)]
    model = model_of([zone()], *cars)
    model.advance(model.duration_s)
    assert kinds(model, "plugged_in") == [(HOUR * k, "plugged_in", f"q{k}") for k in range(5)]


def test_who_waits_in_vain_leaves_unserved_with_what_it_brought():
    model = model_of([zone()], visit("a", 0.0, 5 * HOUR), visit("b", HOUR, 2 * HOUR, stored=12.0))
    model.advance(model.duration_s)
    row = session_row(model, "b")
    assert phase(model, "b") == Phase.UNSERVED
    assert kinds(model, "left_unserved") == [(2 * HOUR, "left_unserved", "b")]
    assert model.world.session.departure_kwh[row] == 12.0
    assert np.isnan(model.world.session.plugged_s[row])
    assert model.world.vehicle.place[model.world.vehicle.find("b")] == Place.AWAY


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_leaving_and_arriving_at_the_same_instant_is_no_queue(names):
    leaves, comes = names
    model = model_of([zone()], visit(leaves, 0.0, HOUR), visit(comes, HOUR, 2 * HOUR))
    model.advance(model.duration_s)
    assert not kinds(model, "queued")
    assert kinds(model, "plugged_in", "departed")[1:3] == [
        (HOUR, "departed", leaves), (HOUR, "plugged_in", comes)]


def test_one_vehicle_may_leave_and_come_back_at_the_same_instant():
    model = model_of([zone()], visit("a1", 0.0, HOUR, vehicle="car", stored=5.0),
                     visit("a2", HOUR, 2 * HOUR, vehicle="car", stored=20.0))
    model.advance(model.duration_s)
    assert len(model.world.vehicle) == 1
    assert model.world.session.departure_kwh.tolist() == pytest.approx([16.0, 31.0])


def test_those_who_wait_come_before_one_who_arrives_when_a_connector_is_free():
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("waits", 60.0, 3 * HOUR),
                     visit("comes", HOUR, 4 * HOUR))
    model.advance(model.duration_s)
    assert kinds(model, "plugged_in") == [
        (0.0, "plugged_in", "a"), (HOUR, "plugged_in", "waits"), (3 * HOUR, "plugged_in", "comes")]


@pytest.mark.parametrize("waits_from", [60.0, 3000.0])
def test_who_leaves_at_the_instant_a_connector_is_free_is_not_plugged_in_for_no_time(waits_from):
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("b", waits_from, HOUR))
    model.advance(model.duration_s)
    assert kinds(model, "plugged_in") == [(0.0, "plugged_in", "a")]
    assert phase(model, "b") == Phase.UNSERVED


def test_a_session_waits_for_the_connector_it_asks_for_though_others_are_free():
    model = model_of([zone(count=2)], visit("a", 0.0, HOUR, connector="C-01"),
                     visit("b", 60.0, 2 * HOUR, connector="C-01"), visit("c", 90.0, 2 * HOUR))
    model.advance(model.duration_s)
    assert connector_of(model, "c") == "C-02"
    assert kinds(model, "plugged_in")[-1] == (HOUR, "plugged_in", "b")
    assert connector_of(model, "b") == "C-01"


def test_of_those_who_ask_for_it_and_those_who_take_any_the_first_to_arrive_goes_first():
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("any", 60.0, 2 * HOUR),
                     visit("asks", 90.0, 3 * HOUR, connector="C-01"))
    model.advance(model.duration_s)
    assert kinds(model, "plugged_in")[1:] == [
        (HOUR, "plugged_in", "any"), (2 * HOUR, "plugged_in", "asks")]


def test_a_vehicle_whose_plug_fits_nowhere_waits_and_leaves():
    model = model_of([zone(kind="Type2")], visit("a", 0.0, HOUR, plugs=CCS2))
    model.advance(model.duration_s)
    assert phase(model, "a") == Phase.UNSERVED
    assert kinds(model, "queued", "left_unserved") == [(0.0, "queued", "a"), (HOUR, "left_unserved", "a")]


def test_a_free_connector_goes_to_the_first_in_the_queue_that_fits():
    model = model_of([zone("ac"), zone("dc", kind="CCS2")], visit("a", 0.0, HOUR, plugs=TYPE2),
                     visit("d", 0.0, 9 * HOUR, plugs=CCS2), visit("dc", 60.0, 3 * HOUR, plugs=CCS2),
                     visit("ac", 90.0, 3 * HOUR, plugs=TYPE2))
    model.advance(model.duration_s)
    assert kinds(model, "plugged_in")[-1] == (HOUR, "plugged_in", "ac")
    assert phase(model, "dc") == Phase.UNSERVED


def test_a_session_stays_in_the_zone_it_is_meant_for():
    model = model_of([zone("x"), zone("y")], visit("a", 0.0, HOUR, zone="y"),
                     visit("b", 60.0, 2 * HOUR, zone="y"))
    model.advance(model.duration_s)
    assert connector_of(model, "a") == connector_of(model, "b") == "C-02"
    assert kinds(model, "queued") == [(60.0, "queued", "b")]


def test_an_arrival_takes_the_connector_with_most_discharge_then_charge_power_for_it():
    site = [zone("slow", kw=3.7), zone("fast", kw=22.0), zone("both", kw=3.7, feed_kw=3.7)]
    model = model_of(site, visit("a"), visit("b"), visit("c"))
    model.advance(0.0)
    assert [connector_of(model, name) for name in "abc"] == ["C-03", "C-02", "C-01"]


def test_the_better_of_two_connectors_is_found_within_one_station_too():
    mixed = {"name": "z", "stations": [{"connectors": [
        {"charge_kw": 3.7}, {"charge_kw": 22.0}, {"charge_kw": 22.0, "discharge_kw": 11.0}]}]}
    model = model_of([mixed], visit("a"), visit("b"), visit("c"))
    model.advance(0.0)
    assert [connector_of(model, name) for name in "abc"] == ["C-03", "C-02", "C-01"]


def test_equal_connectors_are_taken_in_their_order_and_again_when_free():
    model = model_of([zone(count=3)], visit("a", 0.0, HOUR), visit("b", 1.0, 9 * HOUR),
                     visit("c", 2.0, 9 * HOUR), visit("d", HOUR + 1, 9 * HOUR))
    model.advance(model.duration_s)
    assert [connector_of(model, name) for name in "abcd"] == ["C-01", "C-02", "C-03", "C-01"]


def test_an_arrival_passes_by_a_connector_that_is_out_of_service():
    model = model_of([zone(count=2)], visit("a", 100.0), visit("b", 200.0, 2 * HOUR))
    assert model.submit(command("out_of_service", connector="C-01")) is None
    model.advance(300.0)
    assert connector_of(model, "a") == "C-02" and phase(model, "b") == Phase.QUEUED
    model.submit(command("back_in_service", connector="C-01"))
    model.advance(300.0)
    assert connector_of(model, "b") == "C-01"
    assert model.world.session.plugged_s[session_row(model, "b")] == 300.0


def test_a_connector_that_fails_under_a_vehicle_is_not_given_to_the_queue():
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("b", 60.0, 5 * HOUR))
    model.advance(100.0)
    model.submit(command("out_of_service", connector="C-01"))
    model.advance(2 * HOUR)
    assert phase(model, "a") == Phase.ENDED and phase(model, "b") == Phase.QUEUED
    assert model.world.connector.status[0] == Status.UNAVAILABLE
    model.submit(command("back_in_service", connector="C-01"))
    model.advance(3 * HOUR)
    assert phase(model, "b") == Phase.ACTIVE
    assert model.world.session.plugged_s[session_row(model, "b")] == 2 * HOUR


def test_who_waits_is_counted():
    model = model_of([zone()], visit("a", 0.0, HOUR), visit("b", 60.0, 2 * HOUR),
                     visit("c", 90.0, 2 * HOUR))
    model.advance(model.duration_s)
    kpis = results(model, 1.0)["kpis"]
    assert (kpis["sessions"], kpis["sessions_queued"], kpis["sessions_unserved"]) == (3, 2, 1)


def test_a_site_without_connectors_serves_nobody_and_nothing_breaks():
    model = model_of([zone(count=0)], visit("a", 0.0, HOUR), visit("b", 0.0, 2 * HOUR))
    model.advance(model.duration_s)
    assert [s for _, _, s in kinds(model, "left_unserved")] == ["a", "b"]


def test_a_visit_cannot_ask_for_a_connector_that_its_plug_does_not_fit():
    with pytest.raises(InputError, match="'C-01'"):
        model_of([zone()], visit("a", 0.0, HOUR, connector="C-01", plugs=CCS2))
