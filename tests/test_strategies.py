"""What every strategy owes, and what tells each from the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from test_control import decide, view
from worlds import ANY_COMMAND, HOUR, SHARING, command, plans, scenario, stretches, visit, visits, zone

from entities.components import Phase, Reason
from sim.errors import InputError
from sim.model import SATISFIED_KWH, Model
from sim.optimum import under
from sim.scenario import from_dict
from sim.steps import Steps
from sim.strategies import NAMES, Parameters, grid_support, modules


@pytest.mark.parametrize("module", modules(), ids=NAMES)
def test_a_strategy_explains_itself_and_its_parameters(module):
    assert len(module.__doc__.strip()) > 60
    assert issubclass(module.PARAMETERS, Parameters)
    for name in module.PARAMETERS.model_fields:
        assert f"`{name}`" in module.PARAMETERS.__doc__, f"{name} is not explained"


@pytest.mark.parametrize("tables, key", [
    ({"magic": {}}, "strategies.magic"), ({"mpc": {"colour": 1}}, "strategies.mpc.colour"),
    ({"v2g_price": {"guard_intervals": -1}}, "strategies.v2g_price.guard_intervals"),
    ({"droop": {"deadband_hz": 0.5}}, "deadband_hz"), ({"equal_share": {"x": 1}}, "equal_share.x")])
def test_unknown_strategies_and_keys_are_refused_by_name(tables, key):
    raw = {"name": "x", "start": "2026-01-14T00:00:00+01:00", "site": {"zones": [{"name": "z"}]}}
    with pytest.raises(InputError, match="my.toml: .*" + key.replace(".", r"\.")):
        from_dict({**raw, "strategies": tables}, "my.toml")


def test_parameters_reach_their_strategy():
    start = {}
    for guard in (0.0, 6.0):
        site = scenario(zone(), strategy="as_late_as_possible", duration="5h",
                        strategies={"as_late_as_possible": {"guard_intervals": guard}})
        model = Model(site, visits(visit(departure=4 * HOUR, stored=29.0)))
        model.advance(model.duration_s)
        start[guard] = model.world.session.completed_s[0]
    assert start[0.0] == pytest.approx(4 * HOUR, abs=300.0)
    assert start[6.0] == pytest.approx(3.5 * HOUR, abs=300.0)


@pytest.mark.parametrize("name", SHARING)
@settings(max_examples=12)
@given(plan=plans(most_cars=4))
def test_without_limits_everyone_leaves_with_the_target_who_could(name, plan):
    for part in plan.raw["site"]["zones"]:
        part |= {"import_limit_kw": None, "export_limit_kw": None}
    plan.raw["grid"] |= {"import_limit_kw": None, "export_limit_kw": None}
    ends = []
    for strategy in (name, "uncontrolled"):
        model = Model(under(plan.scenario(), strategy), visits(*plan.cars))
        model.advance(model.duration_s)
        ends.append(model.world.session)
    session, ideal = ends
    left = session.rows((session.phase == Phase.ENDED) & (ideal.departure_kwh >= ideal.target_kwh))
    missing = session.target_kwh[left] - session.departure_kwh[left]
    assert np.all(missing <= SATISFIED_KWH), [session.names[row] for row in left]


@settings(max_examples=20)
@given(plans(most_cars=4, commands=ANY_COMMAND))
def test_everyone_plugged_in_has_a_reason_and_nobody_else(plan):
    model = plan.model()
    vehicle, world = model.world.vehicle, model.world
    for _ in stretches(model):
        plugged = vehicle.connector != -1
        assert np.all(vehicle.reason[plugged] != Reason.UNDECIDED)
        assert np.all(vehicle.reason[~plugged] == Reason.UNDECIDED)
        steered = np.flatnonzero(plugged & vehicle.enabled)
        override = world.connector.override_kw[vehicle.connector[steered]]
        fixed = steered[~np.isnan(override)]
        assert np.isin(vehicle.reason[fixed], (Reason.OPERATOR, Reason.TARGET)).all()


@pytest.mark.parametrize("name, facts, reasons", [
    ("equal_share", dict(site_in=20.0), [Reason.SITE_LIMIT] * 2),
    ("equal_share", dict(site_in=20.0, zone_in=(12.0,)), [Reason.ZONE_LIMIT] * 2),
    ("round_robin", dict(zone_in=(12.0,)), [Reason.ZONE_LIMIT] * 2),
    ("equal_share", dict(rating=[11.0, 22.0]), [Reason.CONNECTOR, Reason.VEHICLE]),
    ("earliest_deadline_first", dict(energy=[20.0, 40.0], draw_limit=[8.0, 0.0]),
     [Reason.VEHICLE, Reason.TARGET]),
    ("as_late_as_possible", dict(hours_needed=[0.5, 10.0]), [Reason.DEADLINE, Reason.CONNECTOR]),
    ("v2g_price", dict(hours_needed=[0.5, 9.9]), [Reason.PRICE, Reason.CONNECTOR])])
def test_reasons(name, facts, reasons):
    dear = Steps(np.array([0.0, 3600.0]), np.array([0.5, 0.1]))
    assert decide(name, view(2, buying=dear, selling=FREE, **facts)).reason.tolist() == reasons


FREE = Steps(np.zeros(1), np.array([0.0]))


def test_selling_that_does_not_pay_for_wear_says_so():
    late = Steps(np.array([0.0, 3600.0]), np.array([0.5, 0.15]))
    shown = view(1, buying=late, selling=late, hours_needed=0.5, deadline=50_000.0, wear_cost=0.36)
    assert decide("v2g_price", shown).reason.tolist() == [Reason.WEAR]


def test_first_come_goes_first_and_least_laxity_goes_first():
    shown = view(3, plugged=[900.0, 300.0, 600.0], site_in=15.0)
    assert decide("first_come_first_served", shown).setpoint.tolist() == [0.0, 11.0, 4.0]
    shown = view(3, hours_needed=[1.0, 3.0, 2.0], site_in=15.0)
    assert decide("least_laxity_first", shown).setpoint.tolist() == [0.0, 11.0, 4.0]


def test_proportional_shares_scale_with_what_each_could_draw():
    shown = view(3, draw_limit=[11.0, 22.0, 11.0], cap=22.0, zone=[0, 0, 1],
                 zone_in=(16.5, np.inf), site_in=22.0)
    assert decide("proportional_share", shown).setpoint == pytest.approx([4.4, 8.8, 8.8])


def test_valley_filling_flattens_the_total():
    """Two cars with time enough between them fill the valley of the base load to one level."""
    base = [20.0, 10.0, 5.0, 5.0, 15.0, 20.0]
    site = scenario(zone("z", 4), strategy="valley_filling", duration="6h",
                    grid={"base_load": {"step": "1h", "values": base}})
    cars = [visit(f"c{k}", departure=6 * HOUR, stored=20.0, target=28.75) for k in range(4)]
    model = Model(site, visits(*cars))
    totals = []
    for k in range(1, 6 * 12):
        model.advance(k * 300.0 - 1.0)
        totals.append(model.site_power(model.now_s)[0])
    assert max(totals) <= 21.5, "charging rises above the peaks of the base load"
    assert np.ptp(totals[15:50]) < 2.0
    assert not np.isnan(model.world.session.completed_s).any() or model.now_s < 6 * HOUR


@pytest.mark.parametrize("hz, leans", [(50.005, 0), (49.9, -1), (50.1, 1), (49.0, -2), (51.0, 2)])
def test_droop_leans_on_the_frequency(hz, leans):
    """At half its pace: half the deviation moves half of what there is on that side."""
    shown = view(1, deviation_hz=hz - 50.0, hours_needed=2.0, deadline=4 * HOUR + 300.0)
    setpoint = decide("droop", shown).setpoint[0]
    pace = min(10.0 * 2.0 / 2.0, 11.0) / 2.0
    expected = pace + (leans / 2) * (11.0 - pace if leans > 0 else pace + 11.0)
    assert setpoint == pytest.approx(expected, abs=0.01)


def test_droop_charges_who_has_no_time_whatever_the_frequency():
    shown = view(1, deviation_hz=-1.0, hours_needed=2.0, deadline=2.0 * HOUR)
    assert decide("droop", shown).setpoint.tolist() == [11.0]


def relieved(stresses, **facts) -> list[float]:
    """What one car under `grid_support` draws as its zone's stress goes through the intervals."""
    memory, powers = grid_support.Shares(1), []
    for k, stress in enumerate(stresses):
        shown = view(1, stress=np.array([stress]), t_s=300.0 * k, **facts)
        shown.parameters, shown.memory = grid_support.PARAMETERS(), memory
        powers.append(grid_support.decide(shown).setpoint.item(0))
    return powers


def test_grid_support_gives_way_while_there_is_stress_and_comes_back():
    assert relieved([0.5] * 3) == [11.0] * 3
    down = relieved([0.9] * 20)
    assert down[:3] == [11.0, 5.5, 2.75] and np.all(np.diff(down) <= 0.0) and down[-1] == -11.0
    assert relieved([0.9] * 20, feed_cap=0.0)[-1] == 0.0
    assert relieved([0.65] * 2) == pytest.approx([11.0, 8.25])
    back = relieved([0.9, 0.9, 0.9, 0.0, 0.35, 0.5])
    assert back[2:] == pytest.approx([2.75, 3.85, 4.4, 4.4])
    assert relieved([0.9] * 20, deadline=6000.0)[-1] == 11.0, "pressed"


def test_grid_support_relieves_a_weak_feeder_and_nobody_goes_short():
    """Thirty cars with 22 kW each behind 400 kVA, and time enough."""
    cars = [visit(f"c{k}", arrival=HOUR + 120.0 * k, departure=12 * HOUR, target=45.0,
                  dc_discharge_kw=11.0) for k in range(30)]
    site = scenario(zone(kind="CCS2", kw=22.0, feed_kw=11.0, count=30),
                    grid={"feeder": "lv_depot", "base_load": 60.0})
    stressed = {}
    for strategy in ("uncontrolled", "grid_support"):
        model = Model(under(site, strategy), visits(*cars))
        model.advance(model.duration_s)
        hub, session = model.world.hub, model.world.session
        stressed[strategy] = (hub.high_s + hub.emergency_s).item(0) / HOUR
        assert np.all(session.target_kwh - session.departure_kwh <= SATISFIED_KWH)
    assert stressed["uncontrolled"] > 1.5
    assert stressed["grid_support"] < 0.2 * stressed["uncontrolled"]


@pytest.mark.parametrize("name", ["droop", "grid_support"])
def test_without_a_signal_the_room_is_shared_equally(name):
    shown = view(3, site_in=20.0)
    assert decide(name, shown).setpoint.tolist() == decide("equal_share", shown).setpoint.tolist()


def test_two_that_feed_and_recharge_by_turns_come_to_an_end():
    """A crowd at a tight limit under `mpc`, where each that is done makes room for another to feed."""
    prices = {"kind": "series", "step": "1h", "values": [0.5, 0.1, 0.5, 0.1, 0.5, 0.1]}
    site = scenario(zone("z", 12, feed_kw=11.0), strategy="mpc", duration="6h", tariff=prices,
                    grid={"import_limit_kw": 30.0})
    cars = [visit(f"c{k}", arrival=137.0 * k, departure=(3 + k / 4) * HOUR, stored=30.0 + k) for k in range(12)]
    model = Model(site, visits(*cars))
    model.submit(command("price_override", price=0.9, duration="30m"))
    passes = sum(1 for _ in stretches(model))
    assert passes < 2000
