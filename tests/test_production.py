"""PV and wind: yields, energies, limits that hold with them, and what is held back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (ANY_COMMAND, COMMAND_STRATEGIES, HOUR, SHARING, Plan, kinds, plans, scenario,
                    stretches, vehicle_kw, visit, visits, zone, zone_kw)

from sim.history import History
from sim.model import Model
from sim.production import pv_yield, wind_yield
from sim.results import results

TOLERANCE_KW = 1e-5
MORNING = "2026-06-21T08:00:00+02:00"


@st.composite
def sunny(draw, **how):
    """Plans with panels and turbines at the site and in its zones, on a summer's day."""
    plan = draw(plans(**how))
    raw = plan.raw | {"start": MORNING, "seed": draw(st.integers(0, 50)),
                      "weather": {"kind": "process", "cloud_cover": draw(st.sampled_from([0.1, 0.8])),
                                  "wind_m_s": draw(st.sampled_from([2.0, 9.0])),
                                  "temperature_c": draw(st.sampled_from([-15.0, 10.5]))},
                      "tariff": plan.raw["tariff"] | {"feed_in_price": 0.05, "demand_per_kw": 8.0,
                                                      "demand_interval": "13m"},
                      "carbon": {"average": "NL", "marginal": {"values": [0.3, 0.5]}}}
    if draw(st.booleans()):
        raw["tariff"] |= {"scarcity": {"capacity_kw": 30.0}}
    raw["site"] |= {"pv_kwp": draw(st.sampled_from([0.0, 40.0])),
                    "wind_kw": draw(st.sampled_from([0.0, 20.0]))}
    for part in raw["site"]["zones"]:
        part["pv_kwp"] = draw(st.sampled_from([0.0, 10.0, 60.0]))
    return Plan(raw, plan.cars, plan.commands)


STEERED = sunny(strategies=SHARING, base_within_limit=True, commands=st.one_of(
    *(orders for kind, orders in COMMAND_STRATEGIES.items()
      if kind not in ("set_strategy", "set_limit", "schedule", "watch"))))


def produced(world):
    """Production of each zone and of the site, kW."""
    return world.zone.pv_kw + world.zone.wind_kw, world.hub.pv_kw.item(0) + world.hub.wind_kw.item(0)


def area(values, hours):
    """By the trapezoid rule, of samples that are evenly spread over so many hours."""
    return float((values[1:] + values[:-1]).mean()) / 2 * hours


@pytest.mark.parametrize("panel, celsius, kw", [
    (0.0, 20.0, 0.0), (1000.0, 25.0 - 31.25, 0.86), (1000.0, 25.0, 0.86 * (1 - 0.0035 * 31.25)),
    (500.0, 0.0, 0.43 * (1 + 0.0035 * (25.0 - 15.625)))])
def test_pv_yield(panel, celsius, kw):
    assert pv_yield(np.array([panel]), np.array([celsius]))[0] == pytest.approx(kw)


def test_wind_yield_rises_with_the_cube_and_stops_in_a_storm():
    hub = 3.0 ** (1 / 7)  # 30 m over 10 m
    speeds = np.array([0.0, 3.0, 6.0, 12.0, 24.9, 25.1]) / hub
    assert wind_yield(speeds) == pytest.approx([0, 0, (216 - 27) / (1728 - 27), 1, 1, 0], abs=1e-9)


@settings(max_examples=40)
@given(STEERED)
def test_limits_hold_with_production(plan):
    model = plan.model()
    world, hub, limits = model.world, model.world.hub, model.world.zone
    for since, until in stretches(model):
        for t in np.linspace(since, until, 4):
            made, total = produced(world)
            net = zone_kw(world, t) - made
            assert np.all(net <= limits.import_limit_kw + TOLERANCE_KW), f"zone import at {t}"
            assert np.all(-net <= limits.export_limit_kw + TOLERANCE_KW), f"zone export at {t}"
            site = vehicle_kw(world, t).sum() + hub.base_kw.item(0) - total
            assert site <= hub.import_limit_kw.item(0) + TOLERANCE_KW, f"site import at {t}"
            assert -site <= hub.export_limit_kw.item(0) + TOLERANCE_KW, f"site export at {t}"
    model.close_books()
    assert not kinds(model, "limit_exceeded")


@given(sunny(strategies=["uncontrolled"]))
def test_inverters_keep_export_limits_whatever_the_strategy(plan):
    model = plan.model()
    for since, until in stretches(model):
        for t in np.linspace(since, until, 4):
            made, total = produced(model.world)
            net = zone_kw(model.world, t) - made
            assert np.all(-net <= model.world.zone.export_limit_kw + TOLERANCE_KW)
            site = vehicle_kw(model.world, t).sum() + model.world.hub.base_kw.item(0) - total
            assert -site <= model.world.hub.export_limit_kw.item(0) + TOLERANCE_KW


@given(sunny(commands=ANY_COMMAND))
def test_energies_at_the_grid_are_the_integrals_of_its_power(plan):
    """Against a fine scan of each stretch; and the site's balance closes to rounding."""
    model = plan.model()
    imported = exported = surplus = pv = wind = 0.0
    for since, until in stretches(model):
        hours = (until - since) / HOUR
        times = np.linspace(since, until, 41)
        power = np.array([vehicle_kw(model.world, t) for t in times]).reshape(41, -1)
        load = model.world.hub.base_kw.item(0)
        made = produced(model.world)[1]
        net = power.sum(axis=1) + load - made
        assert model.site_power(since)[0] == pytest.approx(net[0], abs=1e-8)
        left = made - load - np.maximum(power, 0.0).sum(axis=1)
        imported += area(np.maximum(net, 0.0), hours)
        exported += area(np.maximum(-net, 0.0), hours)
        surplus += area(np.maximum(left, 0.0), hours)
        pv += model.world.hub.pv_kw.item(0) * hours
        wind += model.world.hub.wind_kw.item(0) * hours
    model.close_books()
    kpis = results(model, 1.0)["kpis"]
    close = {"rel": 2e-3, "abs": 2e-2}
    assert kpis["grid_import_kwh"] == pytest.approx(imported, **close)
    assert kpis["grid_export_kwh"] == pytest.approx(exported, **close)
    assert kpis["surplus_kwh"] == pytest.approx(surplus, **close)
    assert kpis["pv_kwh"] == pytest.approx(pv, rel=1e-9) and kpis["wind_kwh"] == pytest.approx(wind, rel=1e-9)
    ledger = model.conditions.ledger.columns()
    base = ledger["base_kwh"].sum()
    assert kpis["grid_import_kwh"] - kpis["grid_export_kwh"] == pytest.approx(
        base + kpis["energy_charged_ac_kwh"] - kpis["energy_discharged_ac_kwh"]
        - kpis["pv_kwh"] - kpis["wind_kwh"], rel=1e-9, abs=1e-7)
    assert model.meter.net_kwh == pytest.approx(
        kpis["grid_import_kwh"] - kpis["grid_export_kwh"], rel=1e-9, abs=1e-7)


@settings(max_examples=15)
@given(sunny(commands=ANY_COMMAND))
def test_the_same_run_twice_gives_the_same_digest_and_bill(plan):
    def outcome():
        model = plan.model(History())
        model.advance(model.duration_s)
        model.close_books()
        made = results(model, 1.0)
        return made["digest"], made["kpis"], made["sessions"]
    assert outcome() == outcome()


SUNNY = {"kind": "process", "cloud_cover": 0.05, "noise_c": 0.0}


def day(duration="24h", panels=100.0, cars=(), **more):
    model = Model(scenario(zone(), start="2026-06-21T00:00:00+02:00", duration=duration, weather=SUNNY,
                           site={"pv_kwp": panels, "zones": [zone(pv_kwp=more.pop("in_zone", 0.0))]},
                           **more), visits(*cars))
    model.advance(model.duration_s)
    model.close_books()
    return model, results(model, 1.0)["kpis"]


def test_a_clear_summer_day_yields_what_panels_do_in_the_netherlands():
    """5 to 7 kWh a kWp on a clear day in June (PVGIS, fixed 30 degrees, south)."""
    _, kpis = day()
    assert 5.0 < kpis["pv_kwh"] / 100.0 < 7.2
    assert kpis["self_consumption_pct"] == 0.0 and kpis["grid_export_kwh"] == pytest.approx(kpis["pv_kwh"])


def test_what_the_site_uses_itself_is_not_bought():
    model, kpis = day(grid={"base_load": 20.0})
    assert kpis["pv_kwh"] - kpis["surplus_kwh"] + kpis["grid_import_kwh"] == pytest.approx(24 * 20.0)
    assert 30.0 < kpis["self_consumption_pct"] < 60.0


def test_production_is_held_back_at_the_export_limit():
    model, kpis = day(grid={"export_limit_kw": 30.0})
    assert model.meter.peak_export_kw == pytest.approx(30.0)
    assert kpis["limit_excesses"] == 0
    assert kpis["pv_kwh"] < 0.75 * day()[1]["pv_kwh"]


def test_the_same_capacity_in_a_zone_counts_for_the_zone():
    model, kpis = day(panels=0.0, in_zone=100.0)
    assert kpis["pv_kwh"] == pytest.approx(day()[1]["pv_kwh"])
    model, kpis = day(panels=0.0, in_zone=100.0, cars=[visit(arrival=12 * HOUR, departure=15 * HOUR)])
    assert kpis["grid_import_kwh"] == pytest.approx(0.0, abs=1e-9)


def test_held_production_has_the_means_of_the_weather():
    fine = day(control_interval="1m")[1]["pv_kwh"]
    assert day(control_interval="1h")[1]["pv_kwh"] == pytest.approx(fine, rel=2e-3)


@pytest.mark.parametrize("strategy", ["mpc", "optimal", "v2g_price"])
def test_production_beyond_a_zones_export_limit_is_held_back_by_who_plans_too(strategy):
    """More sun than the zone may export asks nobody to charge, and leaves the plan possible."""
    model = Model(
        scenario(start="2026-06-21T00:00:00+02:00", weather=SUNNY, strategy=strategy, site={"zones": [
            zone(pv_kwp=60.0, export_limit_kw=5.0)]}),
        visits(visit(arrival=10 * HOUR, departure=17 * HOUR)))
    model.advance(model.duration_s)
    model.close_books()
    kpis = results(model, 1.0)["kpis"]
    assert not kinds(model, "limit_exceeded") and kpis["energy_not_served_kwh"] < 1e-3
    assert kpis["pv_kwh"] < 0.5 * 60.0 * 5.0
