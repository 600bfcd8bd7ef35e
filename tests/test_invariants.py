"""What holds in every run: energy is conserved, bounds and limits are kept, the meter is right."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (ANY_COMMAND, COMMAND_STRATEGIES, HOUR, SHARING, command, fast_charging, kinds,
                    plans, scenario, stretches, trading, vehicle_kw, visit, visits, zone, zone_kw)

from entities.components import NONE, Phase
from sim.battery import segments
from sim.battery.curves import two_stage
from sim.history import History
from sim.model import SATISFIED_KWH, Model
from sim.results import results

ANY_PLAN = st.one_of(plans(commands=ANY_COMMAND), trading(), fast_charging())
TOLERANCE_KW = 1e-5
STEERED = plans(strategies=SHARING, base_within_limit=True, commands=st.one_of(
    *(orders for kind, orders in COMMAND_STRATEGIES.items()
      if kind not in ("set_strategy", "set_limit", "schedule", "watch"))))
KEEPING = st.one_of(STEERED, trading(base_within_limit=True), fast_charging(SHARING))


def finished(plan, history=None) -> Model:
    model = plan.model(history)
    model.advance(model.duration_s)
    model.close_books()
    return model


@given(ANY_PLAN)
def test_energy_balances_for_every_session_and_for_the_site(plan):
    model = finished(plan)
    session, vehicle = model.world.session, model.world.vehicle
    eta_c, eta_d = plan.raw["fleet"]["charge_efficiency"], plan.raw["fleet"]["discharge_efficiency"]
    plugged = session.rows(~np.isnan(session.plugged_s))
    stored = np.where(np.isnan(session.departure_kwh[plugged]),
                      segments.energy_at(vehicle, session.vehicle[plugged], model.now_s),
                      session.departure_kwh[plugged])
    balance = (session.arrival_kwh + session.charged_kwh - session.discharged_kwh)[plugged]
    np.testing.assert_allclose(balance, stored, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(session.charged_ac_kwh * eta_c, session.charged_kwh, rtol=1e-9)
    np.testing.assert_allclose(session.discharged_ac_kwh, session.discharged_kwh * eta_d, rtol=1e-9)
    untouched = session.rows(np.isnan(session.plugged_s))
    assert not session.charged_kwh[untouched].any() and not session.discharged_kwh[untouched].any()
    assert np.all(session.charged_kwh >= 0) and np.all(session.discharged_kwh >= 0)


@given(ANY_PLAN)
def test_meter_and_batteries_differ_by_the_losses_that_are_reported(plan):
    """The meter integrates power, the batteries tell what they hold: neither reads the sessions."""
    model = plan.model()
    model.meter.integrates = model.meter.integrates_net = True
    model.advance(model.duration_s)
    model.close_books()
    world, fleet = model.world, plan.raw["fleet"]
    arrived = world.session.rows(world.session.phase != Phase.PLANNED)
    stored = segments.energy_at(world.vehicle, world.session.vehicle[arrived], model.now_s)
    gained = float((stored - world.session.arrival_kwh[arrived]).sum())
    base = model.conditions.base.mean(0.0, np.array([model.now_s])).item() * model.now_s / HOUR
    kpis = results(model, 1.0)["kpis"]
    lost_in, lost_out = kpis["losses_charging_kwh"], kpis["losses_discharging_kwh"]
    assert model.meter.net_kwh - base == pytest.approx(gained + lost_in + lost_out, abs=1e-7)
    assert lost_in == pytest.approx((1.0 - fleet["charge_efficiency"])
                                    * kpis["energy_charged_ac_kwh"], abs=1e-9)
    assert lost_out == pytest.approx((1.0 - fleet["discharge_efficiency"])
                                     * kpis["energy_discharged_kwh"], abs=1e-9)


@given(ANY_PLAN)
def test_losses_are_what_lies_between_the_connectors_and_the_batteries(plan):
    model = finished(plan)
    told = results(model, 1.0)
    figures, sessions = told["kpis"], told["sessions"]
    for of in (figures, *sessions):
        assert of["losses_kwh"] == ((of["energy_charged_ac_kwh"] - of["energy_charged_kwh"])
                                    + (of["energy_discharged_kwh"] - of["energy_discharged_ac_kwh"]))
    fleet = plan.scenario().fleet
    lost = (figures["energy_charged_ac_kwh"] * (1.0 - fleet.charge_efficiency)
            + figures["energy_discharged_kwh"] * (1.0 - fleet.discharge_efficiency))
    assert figures["losses_kwh"] == pytest.approx(lost, rel=1e-9, abs=1e-9)
    assert math.fsum(of["losses_kwh"] for of in sessions) == pytest.approx(lost, rel=1e-9, abs=1e-9)


@given(ANY_PLAN)
def test_each_session_knows_the_most_that_it_drew_or_fed(plan):
    """From the history: power is highest as a segment begins or as it ends."""
    history = History()
    model = finished(plan, history)
    tape = history.take()["segments"]
    session, vehicles = model.world.session, model.world.vehicle
    for name in {car["vehicle"] for car in plan.cars}:
        mine = session.rows(session.vehicle == vehicles.find(name))
        of = np.flatnonzero(tape["vehicle"] == vehicles.find(name))
        ends = np.append(tape["t0_s"][of][1:], model.now_s)
        power = tape["power0_kw"][of]
        last = power * np.exp(tape["rate_per_h"][of] * (ends - tape["t0_s"][of]) / HOUR)
        most = np.abs(segments.to_ac(vehicles, np.full(2 * len(of), vehicles.find(name)),
                                     np.concatenate([power, last]))).max(initial=0.0)
        assert session.peak_kw[mine].max(initial=0.0) == pytest.approx(most, rel=1e-9, abs=1e-9)


@given(ANY_PLAN)
def test_sessions_add_up_to_the_integral_of_recorded_power(plan):
    """From the history alone: each segment's energy up to the next, drawn and fed apart."""
    history = History()
    model = finished(plan, history)
    tape = history.take()["segments"]
    eta_c, eta_d = plan.raw["fleet"]["charge_efficiency"], plan.raw["fleet"]["discharge_efficiency"]
    drawn = fed = 0.0
    for vehicle in np.unique(tape["vehicle"]) if len(tape["vehicle"]) else ():
        of = np.flatnonzero(tape["vehicle"] == vehicle)
        ends = np.append(tape["t0_s"][of][1:], model.now_s)
        for row, end in zip(of.tolist(), ends.tolist()):
            hours, rate = (end - tape["t0_s"][row]) / 3600.0, tape["rate_per_h"][row]
            moved = tape["power0_kw"][row] * (np.expm1(rate * hours) / rate if rate else hours)
            drawn += max(moved, 0.0) / eta_c
            fed -= min(moved, 0.0) * eta_d
    session = model.world.session
    assert drawn == pytest.approx(session.charged_ac_kwh.sum(), rel=1e-9, abs=1e-9)
    assert fed == pytest.approx(session.discharged_ac_kwh.sum(), rel=1e-9, abs=1e-9)


@given(ANY_PLAN)
def test_state_of_charge_stays_within_its_bounds_at_every_instant(plan):
    model = plan.model()
    vehicle = model.world.vehicle
    rows = vehicle.rows()
    for since, until in stretches(model):
        for t in np.linspace(since, until, 5):
            energy = segments.energy_at(vehicle, rows, t)
            slack = 1e-9 * vehicle.capacity_kwh
            assert np.all(energy >= -slack) and np.all(energy <= vehicle.capacity_kwh + slack)
            charging, feeding = vehicle.power0_kw > 0, vehicle.power0_kw < 0
            assert np.all(energy[charging] <= (vehicle.target_kwh + slack)[charging])
            assert np.all(energy[feeding] >= (vehicle.energy_min_kwh - slack)[feeding])


@given(ANY_PLAN)
def test_nobody_exceeds_what_vehicle_and_connector_can_do(plan):
    model = plan.model()
    world = model.world
    for since, until in stretches(model):
        power = vehicle_kw(world, since)
        assert np.all(power <= world.vehicle.charge_cap_kw + 1e-9)
        assert np.all(-power <= world.vehicle.discharge_cap_kw + 1e-9)
        idle = ~world.vehicle.enabled
        assert not power[idle].any()


@settings(max_examples=40)
@given(KEEPING)
def test_limits_are_never_exceeded_by_strategies_that_keep_them(plan):
    model = plan.model()
    hub, limits = model.world.hub, model.world.zone
    for since, until in stretches(model):
        for t in np.linspace(since, until, 4):
            net = zone_kw(model.world, t)
            assert np.all(net <= limits.import_limit_kw + TOLERANCE_KW), f"zone import at {t}"
            assert np.all(-net <= limits.export_limit_kw + TOLERANCE_KW), f"zone export at {t}"
            site = net.sum() + hub.base_kw.item(0)
            assert site <= hub.import_limit_kw.item(0) + TOLERANCE_KW, f"site import at {t}"
            assert -site <= hub.export_limit_kw.item(0) + TOLERANCE_KW, f"site export at {t}"
    model.close_books()
    assert not kinds(model, "limit_exceeded")
    assert not any(excess.count for excess in model.meter.excess.values())


def test_a_site_limit_holds_though_another_zone_is_uncontrolled():
    model = Model(
        scenario(zone("free", strategy="uncontrolled"), zone("shared", 2, strategy="equal_share"),
                 grid={"import_limit_kw": 20.0}),
        visits(*(visit(f"s{k}", zone="shared") for k in range(2)),
               visit("late", zone="free", arrival=1000.0)))
    for since, _ in stretches(model):
        assert zone_kw(model.world, since).sum() <= 20.0 + TOLERANCE_KW, f"at {since}"


@given(ANY_PLAN)
def test_the_meters_peaks_are_the_highest_net_power_of_any_instant(plan):
    model = plan.model()
    highest = lowest = 0.0
    for since, until in stretches(model):
        for t in np.linspace(since, until, 5):
            net = zone_kw(model.world, t).sum() + model.world.hub.base_kw.item(0)
            highest, lowest = max(highest, net), min(lowest, net)
    model.close_books()
    assert model.meter.peak_import_kw == pytest.approx(highest, rel=1e-9, abs=1e-8)
    assert model.meter.peak_export_kw == pytest.approx(-lowest, rel=1e-9, abs=1e-8)


@given(ANY_PLAN)
def test_the_site_power_that_is_shown_is_the_sum_over_the_columns(plan):
    model = plan.model()
    for since, until in stretches(model):
        for t in (since, (since + until) / 2):
            net, drawn, fed = model.site_power(t)
            power = vehicle_kw(model.world, t)
            assert drawn == pytest.approx(power[power > 0].sum(), abs=1e-8)
            assert fed == pytest.approx(-power[power < 0].sum(), abs=1e-8)
            assert net == pytest.approx(power.sum() + model.world.hub.base_kw.item(0), abs=1e-8)


@settings(max_examples=40)
@given(st.one_of(plans(commands=ANY_COMMAND, most_cars=5), fast_charging()))
def test_every_excess_is_an_event_and_is_counted(plan):
    """Against a scan of each stretch, in which net power is convex: what lies between two samples
    is no excess of the import limit."""
    model = plan.model()
    world, samples, running, counted = model.world, 50, {}, {}
    for since, until in stretches(model):
        times = np.linspace(since, until, samples)
        net = np.array([zone_kw(world, t) for t in times])
        lines = {NONE: (net.sum(axis=1) + world.hub.base_kw.item(0), world.hub, 0)}
        lines |= {k: (net[:, k], world.zone, k) for k in world.zone.rows().tolist()}
        for where, (line, table, row) in lines.items():
            for direction, sign in (("import", 1.0), ("export", -1.0)):
                limit = getattr(table, f"{direction}_limit_kw").item(row)
                over = sign * line > limit + 1e-6
                key = where, direction
                tally = counted.setdefault(key, [0, 0.0, 0.0])
                starts = over & ~np.concatenate([[running.get(key, False)], over[:-1]])
                tally[0] += int(starts.sum())
                tally[1] += over.mean() * (until - since)
                tally[2] = max(tally[2], (sign * line - limit).max()) if limit < np.inf else tally[2]
                running[key] = bool(over[-1])
    model.close_books()
    for (where, direction), (count, seconds, worst) in counted.items():
        excess = model.meter.excess.get((where, direction))
        name = None if where == NONE else world.zone.names[where]
        events = [e for e in model.events if e["kind"] == "limit_exceeded"
                  and (e.get("zone"), e["direction"]) == (name, direction)]
        assert len(events) == count, (where, direction)
        assert (excess.count if excess else 0) == count
        if count:
            assert excess.seconds_until(model.now_s) == pytest.approx(seconds, rel=0.05, abs=60.0)
            assert excess.worst == pytest.approx(worst, rel=1e-6)


@given(ANY_PLAN)
def test_events_are_in_order_of_time(plan):
    model = finished(plan)
    times = [event["t"] for event in model.events]
    assert times == sorted(times)


def test_excesses_that_end_one_after_the_other_are_reported_in_that_order():
    """A taper from 50 kW comes below the zone's 20.4 kW before it comes below the site's 20."""
    car = visit(stored=30.0, target=50.0, curve=two_stage(0.5, 0.05))
    model = Model(scenario(zone("z", kw=50.0, kind="CCS2", import_limit_kw=20.4),
                           grid={"import_limit_kw": 20.0}), visits(car))
    model.advance(HOUR)
    ended = [(e["t"], e["where"]) for e in model.events if e["kind"] == "limit_restored"]
    assert [where for _, where in ended] == ["zone", "site"] and ended == sorted(ended)


@settings(max_examples=40)
@given(plans(strategies=["v2g_price"], commands=COMMAND_STRATEGIES["price_override"]))
def test_v2g_lets_everyone_leave_with_the_target_who_could(plan):
    """Without limits, whoever full power from plug-in on would have filled is filled."""
    for part in plan.raw["site"]["zones"]:
        part |= {"import_limit_kw": None, "export_limit_kw": None}
    plan.raw["grid"] |= {"import_limit_kw": None, "export_limit_kw": None}
    model = plan.model()
    at_full_power = plan.model(submit=False)
    full = command("set_strategy", strategy="uncontrolled")
    at_full_power.submit(full)
    for run in (model, at_full_power):
        run.advance(run.duration_s)
    session, ideal = model.world.session, at_full_power.world.session
    for row in session.rows((session.phase == Phase.ENDED) & (ideal.phase == Phase.ENDED)).tolist():
        if ideal.departure_kwh[row] >= ideal.target_kwh[row] and \
                session.connector[row] == ideal.connector[row]:
            missing = session.target_kwh[row] - session.departure_kwh[row]
            assert missing <= SATISFIED_KWH, session.names[row]


@pytest.mark.parametrize("cells_kw", [2.0, 5.0, 60.0])
@pytest.mark.parametrize("stored", [48.0, 55.0, 60.0])
def test_v2g_counts_on_winning_energy_back_no_faster_than_the_cells_take_it(cells_kw, stored):
    """A full battery that feeds at 11 kW comes back through its taper, at a fraction of that."""
    site = scenario(zone(feed_kw=11.0), strategy="v2g_price", duration="4h",
                    fleet={"min_soc": 0.1},
                    tariff={"kind": "series", "step": "30m", "values": [0.9] * 2 + [0.1] * 20})
    for departure in np.arange(0.3, 3.5, 0.1) * HOUR:
        car = visit(departure=departure, stored=stored, target=60.0, capacity_kwh=60.0,
                    curve=two_stage(0.8, 0.05), battery_max_kw=cells_kw)
        model = Model(site, visits(car))
        model.advance(model.duration_s)
        needed = segments.hours_to_target(model.world, np.array([0]), np.array([stored]))
        if needed * HOUR < departure:
            assert model.world.session.departure_kwh[0] >= 60.0 - SATISFIED_KWH, f"at {departure} s"


@given(ANY_PLAN)
def test_a_session_that_reached_its_target_says_when(plan):
    """At the moment that it says, the vehicle held its target."""
    history = History()
    model = finished(plan, history)
    tape = history.take()["segments"]
    session = model.world.session
    for row in session.rows(~np.isnan(session.completed_s)).tolist():
        at = (tape["vehicle"] == session.vehicle[row]) & (tape["t0_s"] == session.completed_s[row])
        assert tape["energy0_kwh"][at].max() >= session.target_kwh[row]
    reached = tape["energy0_kwh"] >= model.world.vehicle.target_kwh[tape["vehicle"]]
    for vehicle in np.unique(tape["vehicle"][reached]) if reached.any() else ():
        assert not np.isnan(session.completed_s[session.vehicle == vehicle]).any()


@pytest.mark.parametrize("strategy", SHARING)
def test_reaching_the_target_at_the_very_moment_of_a_tick_is_noticed(strategy):
    """Energies for which the end of charging and the tick meet up to a rounding."""
    plan = scenario(zone(), strategy=strategy, fleet={
        "charge_efficiency": 0.7, "discharge_efficiency": 0.7, "taper_floor": 1.0})
    first = 1 + SHARING.index(strategy) % 6  # each strategy its own, equal_share all
    for twelfths in range(1, 60) if strategy == "equal_share" else range(first, 60, 6):
        stored = 40.0 - 11.0 * 0.7 * twelfths / 12.0
        model = Model(plan, visits(visit(stored=stored)))
        model.advance(8 * HOUR)  # it has left
        assert not np.isnan(model.world.session.completed_s[0]), f"from {stored} kWh"
        assert model.world.session.departure_kwh[0] == pytest.approx(40.0, abs=1e-9)


def test_a_zone_may_be_called_site_and_the_site_s_limit_still_counts():
    model = Model(scenario(zone("site"), grid={"import_limit_kw": 5.0}), visits(visit()))
    model.advance(HOUR)
    model.close_books()
    assert model.meter.excess[NONE, "import"].count == 1
    assert kinds(model, "limit_exceeded")


def test_dear_energy_that_is_cheap_to_buy_is_traded_without_end_of_the_run():
    """Where feeding earns more than charging costs at the same hour, a vehicle that was drained
    charges again; it must not feed each crumb of it."""
    cars = [visit(f"car{k}", arrival=k * 700.0, departure=20 * HOUR, stored=20.0 + k,
                  ac_discharge_kw=7.0 + k) for k in range(3)]
    model = Model(scenario(zone(feed_kw=11.0, count=3), strategy="v2g_price",
                           tariff={"kind": "flat", "price": 0.25, "sell_price": 0.6},
                           fleet={"min_soc": 0.15}), visits(*cars))
    model.advance(20 * HOUR)
    assert model.power.version < 20_000
    assert (model.world.session.departure_kwh >= model.world.session.target_kwh - 1e-3).all()
