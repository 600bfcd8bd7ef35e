"""The OCPP network: statuses, faults, reservations, lost connections, and the time spent in each."""

import copy
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (ANY_COMMAND, HOUR, command, kinds, plans, scenario, stretches, visit, visits,
                    zone)

from entities.components import NONE, STATUS_TIMES, ErrorCode, Phase, Status
from sim.connectors import PREPARING_S, STATUS_NAMES, reported
from sim.errors import InputError
from sim.failures import CAUSES, failures
from sim.model import Model
from sim.results import results
from sim.schema.faults import Faults
from sim.strategies import NAMES
from sim.uptime import charging_network, time_in, uptime

RATES = st.sampled_from([None, {"mtbf": "40m", "mttr": "20m"}, {"mtbf": "3h", "mttr": "2h"}])


@st.composite
def troubled(draw):
    """Any plan, with or without a failure rate."""
    plan = draw(plans(commands=ANY_COMMAND))
    rate = draw(RATES)
    if rate is not None:
        plan.raw["faults"] = rate
    return plan


def one(cars=(visit(),), count=1, **more) -> Model:
    return Model(scenario(zone(count=count, **more.pop("zone", {})), **more), visits(*cars))


def status(model: Model, row: int = 0) -> Status:
    return Status(reported(model.world, np.array([row]), model.now_s).item())


def moments(model: Model):
    """`stretches`, parted where a connector is Preparing no more, with the statuses of each."""
    rows = model.world.connector.rows()
    for since, until in stretches(model):
        guests = model.world.connector.vehicle[model.world.connector.vehicle != NONE]
        ends = model.world.session.plugged_s[model.world.vehicle.session[guests]] + PREPARING_S
        edges = [since, *sorted({end for end in ends.tolist() if since < end < until}), until]
        for at, then in pairwise(edges):
            yield at, then, reported(model.world, rows, at).tolist()


@given(troubled())
def test_times_are_those_that_a_watcher_of_every_instant_finds(plan):
    model = plan.model()
    watched, down, occupied = defaultdict(float), defaultdict(float), defaultdict(float)
    for since, until, said in moments(model):
        connector = model.world.connector
        for row in connector.rows().tolist():
            watched[row, said[row]] += until - since
            online = model.world.station.online[connector.station[row]]
            down[row] += (until - since) * (connector.status[row] >= Status.UNAVAILABLE or not online)
            occupied[row] += (until - since) * (connector.vehicle[row] != NONE)
    world, now = model.world, model.now_s
    for row in world.connector.rows().tolist():
        alone = np.array([row])
        spent = [time_in(world, alone, each, now).item(0) for each in Status]
        assert spent == pytest.approx([watched[row, each] for each in Status], abs=1e-6)
        assert sum(spent) == pytest.approx(model.duration_s)
        figures = uptime(world, alone, now)
        assert figures.availability_pct == pytest.approx(100 * (1 - down[row] / now))
        assert figures.utilisation_pct == pytest.approx(100 * occupied[row] / now)


@given(troubled())
def test_a_status_says_what_is_so(plan):
    model = plan.model()
    for since, _, statuses in moments(model):
        world = model.world
        for row in world.connector.rows().tolist():
            said, guest = Status(statuses[row]), world.connector.vehicle.item(row)
            power = 0.0 if guest == NONE else world.vehicle.power0_kw.item(guest)
            assert (said == Status.FAULTED) == bool(world.connector.error[row])
            assert (world.connector.error[row] != 0) == (world.connector.faulted_at_s[row] <= since)
            if said in (Status.AVAILABLE, Status.RESERVED):
                assert guest == NONE
            if said in (Status.PREPARING, Status.CHARGING, Status.SUSPENDED_EV,
                        Status.SUSPENDED_EVSE, Status.FINISHING):
                assert guest != NONE
            assert power == 0.0 or said in (Status.CHARGING, Status.PREPARING)
            assert (said == Status.RESERVED) == (
                guest == NONE and world.connector.reserved_until_s[row] > since
                and said < Status.UNAVAILABLE)


@given(troubled())
def test_a_troubled_run_can_be_repeated(plan):
    ends = []
    for model in (plan.model(), plan.model()):
        model.advance(model.duration_s)
        model.close_books()
        ends.append((model.world.digest(), model.events, charging_network(model.world, model.now_s)))
    assert ends[0] == ends[1]


@given(plans())
def test_without_trouble_the_network_is_always_available(plan):
    model = plan.model()
    model.advance(model.duration_s)
    model.close_books()
    figures = charging_network(model.world, model.now_s)
    if figures["stations"]:
        assert figures["availability_pct"] == 100.0 and figures["faults"] == 0
        assert figures["mttr_h"] is None and figures["mtbf_h"] is None
        assert figures["sessions"] == sum(s["sessions"] for s in figures["stations"])
    lossless = plan.raw["fleet"]["charge_efficiency"] == plan.raw["fleet"]["discharge_efficiency"] == 1
    if lossless and figures["efficiency_pct"] is not None:
        assert figures["efficiency_pct"] == pytest.approx(100.0)


def test_a_session_goes_through_the_statuses_of_the_protocol():
    model = one([visit(arrival=HOUR, departure=6 * HOUR, stored=10.0, target=21.0)])
    seen = []
    for since, _, (said,) in moments(model):
        if not seen or seen[-1][1] != said:
            seen.append((since, said))
    assert seen == [(0.0, Status.AVAILABLE), (HOUR, Status.PREPARING),
                    (HOUR + PREPARING_S, Status.CHARGING), (2 * HOUR, Status.SUSPENDED_EV),
                    (6 * HOUR, Status.AVAILABLE)]


def test_a_stopped_session_is_finishing_until_it_leaves():
    model = one()
    model.advance(HOUR)
    model.submit(command("stop_session", connector="C-01"))
    assert status(model) == Status.FINISHING
    model.advance(8 * HOUR)
    assert status(model) == Status.AVAILABLE


def test_who_waits_for_power_is_suspended_by_the_station():
    model = one(strategy="equal_share", grid={"import_limit_kw": 0.0})
    model.advance(0.0)
    assert status(model) == Status.PREPARING
    model.advance(PREPARING_S)
    assert status(model) == Status.SUSPENDED_EVSE


def test_a_fault_ends_the_transaction_and_a_new_one_needs_a_start():
    model = one([visit(), visit("late", arrival=2 * HOUR, departure=20 * HOUR)])
    model.advance(HOUR)
    model.submit(command("fault_connector", connector="C-01", error_code="GroundFailure"))
    row = model.world.connector
    assert status(model) == Status.FAULTED and row.error[0] == ErrorCode.GroundFailure
    assert model.world.session.phase[0] == Phase.STOPPED
    assert model.world.vehicle.power0_kw[0] == 0.0
    assert model.submit(command("start_session", connector="C-01")) == "C-01 is faulted"
    model.advance(2 * HOUR)
    model.submit(command("clear_fault", connector="C-01"))
    assert status(model) == Status.FINISHING and row.error[0] == ErrorCode.NoError
    assert model.submit(command("start_session", connector="C-01")) is None
    assert status(model) == Status.CHARGING
    assert kinds(model, "faulted", "repaired") == [(HOUR, "faulted", None), (2 * HOUR, "repaired", None)]
    figures = uptime(model.world, np.array([0]), model.now_s)
    assert (figures.faults, figures.mttr_h, figures.mtbf_h) == (1, 1.0, 1.0)
    assert figures.availability_pct == 50.0


def test_nobody_plugs_into_a_faulted_connector_and_who_waits_gets_it_repaired():
    model = one([visit(arrival=HOUR)])
    model.submit(command("fault_connector", connector="C-01"))
    model.advance(2 * HOUR)
    assert model.world.session.phase[0] == Phase.QUEUED and status(model) == Status.FAULTED
    model.submit(command("clear_fault", connector="C-01"))
    assert kinds(model, "plugged_in") == [(2 * HOUR, "plugged_in", "car")]


def test_a_fault_goes_before_being_out_of_service():
    model = one(())
    for order, said in (("out_of_service", Status.UNAVAILABLE), ("fault_connector", Status.FAULTED),
                        ("clear_fault", Status.UNAVAILABLE), ("back_in_service", Status.AVAILABLE)):
        assert model.submit(command(order, connector="C-01")) is None
        assert status(model) == said


def test_a_reserved_connector_is_for_its_vehicle():
    model = one([visit("other", arrival=HOUR), visit("guest", arrival=2 * HOUR)])
    model.submit(command("reserve_connector", connector="C-01", duration="3h", vehicle="guest"))
    assert status(model) == Status.RESERVED
    model.advance(2 * HOUR)
    assert kinds(model, "queued", "plugged_in") == [
        (HOUR, "queued", "other"), (2 * HOUR, "plugged_in", "guest")]
    model.advance(4 * HOUR)
    assert kinds(model, "reservation_expired") == [], "it was used"


@pytest.mark.parametrize("ends", ["expiry", "cancel"])
def test_when_a_reservation_ends_who_waits_plugs_in(ends):
    model = one([visit("other", arrival=HOUR)])
    model.submit(command("reserve_connector", connector="C-01", duration="2h"))
    model.advance(1.5 * HOUR)
    assert kinds(model, "plugged_in") == []
    if ends == "cancel":
        model.submit(command("cancel_reservation", connector="C-01"))
    model.advance(4 * HOUR)
    at = 1.5 * HOUR if ends == "cancel" else 2 * HOUR
    assert kinds(model, "plugged_in") == [(at, "plugged_in", "other")]
    assert len(kinds(model, "reservation_expired")) == (ends == "expiry")


@pytest.mark.parametrize("order", ["fault_connector", "out_of_service"])
def test_a_reservation_ends_when_its_connector_fails(order):
    """OCPP 1.6, 5.13: it is terminated when the connector is set to Faulted or Unavailable."""
    model = one(())
    model.submit(command("reserve_connector", connector="C-01", duration="2h"))
    model.submit(command(order, connector="C-01"))
    assert model.connectors.keeps_for(0) is None
    assert np.isnan(model.world.connector.reserved_until_s[0])


def test_a_later_reservation_outlives_the_end_of_an_earlier_one():
    model = one(())
    model.submit(command("reserve_connector", connector="C-01", duration="1h"))
    model.submit(command("cancel_reservation", connector="C-01"))
    model.submit(command("reserve_connector", connector="C-01", duration="3h"))
    model.advance(HOUR)
    assert status(model) == Status.RESERVED
    model.advance(3 * HOUR)
    assert status(model) == Status.AVAILABLE


def test_the_plug_of_a_reservation_has_to_fit():
    model = one([visit("truck", plugs=1 << 2)])
    why = model.submit(command("reserve_connector", connector="C-01", duration="1h", vehicle="truck"))
    assert why == "the plug of truck does not fit C-01"


@pytest.mark.parametrize("strategy", NAMES)
def test_an_offline_station_holds_its_setpoints_until_it_is_back(strategy):
    model = one([visit(stored=5.0, target=45.0)], zone={"feed_kw": 11.0}, strategy=strategy)
    model.advance(HOUR)
    model.submit(command("set_connector_power", connector="C-01", kw=4.0))
    model.submit(command("set_station_offline", station="S-01"))
    for order in (command("set_connector_power", connector="C-01", kw=None),
                  command("stop_session", connector="C-01"), command("out_of_service", connector="C-01")):
        assert model.submit(order) == "C-01 cannot be reached: S-01 is offline"
    model.submit(command("set_strategy", strategy="uncontrolled"))
    model.advance(2 * HOUR)
    assert model.world.vehicle.power0_kw[0] == 4.0 and status(model) == Status.CHARGING
    assert uptime(model.world, np.array([0]), model.now_s).availability_pct == 50.0
    model.submit(command("set_station_offline", station="S-01", offline=False))
    model.submit(command("set_connector_power", connector="C-01", kw=None))
    assert model.world.vehicle.power0_kw[0] == 11.0
    assert np.isnan(model.world.connector.held_kw[0])


def test_limits_hold_for_offline_stations():
    model = one(strategy="equal_share")
    model.advance(HOUR)
    model.submit(command("set_station_offline", station="S-01"))
    model.submit(command("set_limit", kw=3.0))
    assert model.world.vehicle.power0_kw[0] == 3.0
    model.submit(command("set_limit", kw=None))
    assert model.world.vehicle.power0_kw[0] == 11.0


def test_who_comes_to_an_offline_station_charges_as_fast_as_it_can():
    model = one([visit(arrival=HOUR)], strategy="as_late_as_possible")
    model.submit(command("set_station_offline", station="S-01"))
    model.advance(HOUR)
    assert model.world.vehicle.power0_kw[0] == 11.0


@given(st.floats(60.0, 1e6), st.floats(60.0, 1e6), st.integers(0, 2**40), st.integers(1, 5))
def test_failures_follow_one_another_and_are_keyed_by_connector(mtbf, mttr, seed, count):
    until = 20.0 * (mtbf + mttr)
    found = failures(Faults(mtbf=mtbf, mttr=mttr), seed, count, until)
    assert found == sorted(found) == failures(Faults(mtbf=mtbf, mttr=mttr), seed, count, until)
    for row in range(count):
        own = [(begins, ends) for begins, ends, at, _ in found if at == row]
        assert all(begins <= until and 2 / 3 * mttr <= (ends - begins) * (1 + 1e-9)
                   and ends - begins <= 4 / 3 * mttr * (1 + 1e-9) for begins, ends in own)
        assert all(ends < begins for (_, ends), (begins, _) in zip(own, own[1:]))
    assert [f for f in found if f[2] == 0] == failures(Faults(mtbf=mtbf, mttr=mttr), seed, 1, until)


def test_failures_keep_their_means_and_shares():
    found = failures(Faults(mtbf=1000.0, mttr=300.0), 7, 200, 100_000.0)
    begins, ends, row, causes = (np.array(values) for values in zip(*found))
    order = np.lexsort((begins, row))
    begins, ends, row = begins[order], ends[order], row[order]
    gaps = (begins[1:] - ends[:-1])[row[1:] == row[:-1]]
    assert gaps.mean() == pytest.approx(1000.0, rel=0.03)
    assert (ends - begins).mean() == pytest.approx(300.0, rel=0.01)
    whole = sum(share for share, _ in CAUSES)
    for share, cause in CAUSES:
        assert (causes == cause).mean() == pytest.approx(share / whole, abs=0.01)


def test_a_failure_rate_breaks_connectors_and_repairs_them():
    model = one(count=3, faults={"mtbf": "2h", "mttr": "1h"})
    model.advance(model.duration_s)
    expected = failures(model.scenario.faults, 1, 3, model.duration_s)
    assert [e["t"] for e in model.events if e["kind"] == "faulted"] == [f[0] for f in expected]
    figures = uptime(model.world, model.world.connector.rows(), model.now_s)
    assert figures.faults == len(expected) > 10
    done = [ends - begins for begins, ends, *_ in expected if ends <= model.duration_s]
    assert figures.mttr_h == pytest.approx(np.mean(done) / HOUR)


def test_a_fault_cleared_early_is_not_cleared_again():
    model = one(count=1, faults={"mtbf": "2h", "mttr": "1h"})
    first, second = failures(model.scenario.faults, 1, 1, model.duration_s)[:2]
    model.advance(first[0])
    model.submit(command("clear_fault", connector="C-01"))
    model.submit(command("fault_connector", connector="C-01"))
    model.advance(first[1] + 1.0)
    assert status(model) == Status.FAULTED, "this one is not the failure that was due for repair"
    model.submit(command("clear_fault", connector="C-01"))
    model.advance(second[0])
    assert status(model) == Status.FAULTED


@pytest.mark.parametrize("faults, key", [
    ({"mttr": "1h"}, "faults.mtbf"), ({"mtbf": 60, "mttr": 60}, "faults.mtbf: at most"), ({"mtbf": 0}, "faults.mtbf"),
    ({"mtbf": "1h", "rate": 2}, "faults.rate")])
def test_a_failure_rate_that_makes_no_sense_is_refused(faults, key):
    with pytest.raises(InputError, match=key):
        scenario(faults=copy.deepcopy(faults), duration="366d")


def test_the_results_tell_of_every_station_and_connector():
    model = one(count=2)
    model.advance(HOUR)
    model.submit(command("fault_connector", connector="C-02", error_code="OverVoltage"))
    model.advance(2 * HOUR)
    model.close_books()
    told = results(model, 1.0)["charging_network"]
    assert told["availability_pct"] == 75.0 and told["utilisation_pct"] == 50.0
    assert told["sessions"] == 1 and told["efficiency_pct"] == 100.0
    station, = told["stations"]
    assert (station["id"], station["ocpp"], station["online"]) == ("S-01", "2.0.1", True)
    first, second = station["connectors"]
    assert (first["status"], second["status"], second["error_code"]) == (
        "Charging", "Faulted", "OverVoltage")
    assert second["status_s"] == {name: HOUR if name in ("Available", "Faulted") else 0.0
                                  for name in STATUS_NAMES.values()}
    assert first["charging_pct"] == pytest.approx(100 * (1 - PREPARING_S / (2 * HOUR)))
    assert second["mttr_h"] is None and second["mtbf_h"] == 1.0


def test_there_is_a_time_for_every_status():
    assert len(STATUS_TIMES) == len(Status) == len(STATUS_NAMES) == 9
