"""A setpoint for many: shared within targets, reserves and limits, and it ends by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (COMMAND_STRATEGIES, HOUR, SHARING, command, plans, scenario, stretches, vehicle_kw, visit,
                    visits, zone, zone_kw)

from entities.components import Reason
from sim.model import Model


def fleet(strategy="equal_share", feed_kw=11.0, stay=12 * HOUR, **more) -> Model:
    cars = [visit(f"v{k}", departure=stay, stored=20.0 + k, target=30.0) for k in range(4)]
    model = Model(scenario(zone("a", 2, feed_kw=feed_kw), zone("b", 2, feed_kw=feed_kw), strategy=strategy, **more),
                  visits(*cars))
    model.advance(600.0)
    return model


@pytest.mark.parametrize("strategy", ["uncontrolled", "equal_share", "v2g_price", "droop"])
@pytest.mark.parametrize("kw", [-30.0, -4.0, 0.0, 7.0, 44.0])
def test_the_fleet_moves_what_it_is_told(strategy, kw):
    model = fleet(strategy)
    model.submit(command("dispatch", kw=kw, duration="30m"))
    power = vehicle_kw(model.world, model.now_s)
    assert power.sum() == pytest.approx(kw)
    assert (np.sign(power) * np.sign(kw) >= 0.0).all(), "nobody works against it"
    model.advance(model.now_s + 1500.0)
    assert vehicle_kw(model.world, model.now_s).sum() == pytest.approx(kw)
    assert set(model.world.vehicle.reason.tolist()) <= {Reason.OPERATOR, Reason.CONNECTOR, Reason.VEHICLE, Reason.TARGET}


def test_it_ends_by_itself_and_the_strategy_is_back():
    model, plain = fleet(), fleet()
    model.submit(command("dispatch", kw=-20.0, until="00:20"))
    assert model.world.hub.dispatch_until_s[0] == 1200.0
    for run in (model, plain):
        run.advance(1300.0)
    assert np.isnan(model.world.hub.dispatch_kw[0])
    assert [e["t"] for e in model.events if e["kind"] == "dispatch_ended"] == [1200.0]
    np.testing.assert_allclose(vehicle_kw(model.world, 1300.0), vehicle_kw(plain.world, 1300.0))


def test_another_one_takes_its_place_and_off_ends_it():
    model = fleet()
    model.submit(command("dispatch", kw=-20.0, duration="10m"))
    model.submit(command("dispatch", kw=-8.0))
    model.advance(2 * HOUR)
    assert model.world.hub.dispatch_kw[0] == -8.0, "the first one's end was not the second's"
    model.submit(command("dispatch", kw=None))
    assert np.isnan(model.world.hub.dispatch_kw[0])
    assert not [e for e in model.events if e["kind"] == "dispatch_ended"]


def test_a_zones_own_goes_before_the_fleets():
    model = fleet()
    model.submit(command("dispatch", kw=10.0))
    model.submit(command("dispatch", kw=-6.0, zone="b"))
    np.testing.assert_allclose(zone_kw(model.world, model.now_s), [10.0, -6.0])


def test_what_an_operator_fixed_counts_within_it():
    model = fleet()
    model.submit(command("set_connector_power", connector="C-01", kw=5.0))
    model.submit(command("dispatch", kw=-12.0))
    power = vehicle_kw(model.world, model.now_s)
    assert power[model.world.connector.vehicle[0]] == 5.0 and power.sum() == pytest.approx(-12.0)


def test_who_has_no_time_to_spare_charges_all_the_same():
    model = fleet(stay=1.5 * HOUR)  # 7 to 10 kWh to charge with 11 kW, twice the guard gone
    model.submit(command("dispatch", kw=-44.0))
    model.advance(1.5 * HOUR)
    assert (model.world.session.departure_kwh >= 30.0 - 1e-6).all()


def test_limits_go_before_it():
    model = fleet()
    model.submit(command("set_limit", direction="export", kw=5.0))
    model.submit(command("dispatch", kw=-30.0))
    assert vehicle_kw(model.world, model.now_s).sum() == pytest.approx(-5.0)
    model.submit(command("set_limit", kw=6.0, zone="a"))
    model.submit(command("dispatch", kw=40.0))
    assert zone_kw(model.world, model.now_s)[0] <= 6.0 + 1e-9


def test_what_connectors_cannot_do_is_refused():
    model = fleet(feed_kw=11.0)
    assert "give at most 44 kW" in command("dispatch", kw=44.1).check(model)
    assert "take back at most 22 kW" in command("dispatch", kw=-23.0, zone="b").check(model)
    assert "no setpoint" in command("dispatch", kw=None).check(model)
    assert "is over" in command("dispatch", kw=3.0, until="00:05").check(model)


@settings(max_examples=40)
@given(plans(strategies=SHARING, base_within_limit=True, commands=st.one_of(
    COMMAND_STRATEGIES["dispatch"], COMMAND_STRATEGIES["out_of_service"])))
def test_no_limit_is_exceeded_and_nobody_below_its_least(plan):
    run = plan.model()
    hub, limits = run.world.hub, run.world.zone
    for since, until in stretches(run):
        for t in (since, until):
            net = zone_kw(run.world, t)
            site = net.sum() + hub.base_kw.item(0)
            assert np.all(net <= limits.import_limit_kw + 1e-6) and np.all(-net <= limits.export_limit_kw + 1e-6)
            assert site <= hub.import_limit_kw.item(0) + 1e-6 and -site <= hub.export_limit_kw.item(0) + 1e-6
