"""The optimum is a lower bound for every strategy that keeps the limits, and can be followed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import HOUR, SHARING, plans, scenario, visit, visits, zone

from sim import optimum as module
from sim.battery.curves import FLAT
from sim.compare import FIGURES, compare, gaps, strategy_names
from sim.dispatch import Horizon, Jobs, Peaks, Unsolved, dispatch
from sim.errors import InputError
from sim.model import Model
from sim.optimum import optimum, score, under
from sim.report import stress_kpis
from sim.scenario import load
from sim.sessions.load import load_visits

PRICES = {"kind": "series", "step": "1h", "values": [0.3, 0.1, 0.2, 0.5, 0.4, 0.2]}
SMALL = scenario(zone("z", 2, feed_kw=11.0, import_limit_kw=15.0), duration="6h", tariff=PRICES)
CARS = visits(visit("a", departure=5 * HOUR, stored=30.0), visit("b", 1800.0, 4 * HOUR, stored=20.0, target=45.0))


def finished(site, planned, name) -> Model:
    model = Model(under(site, name), planned)
    model.advance(model.duration_s)
    model.close_books()
    return model


def tolerance(best) -> float:
    """The solver's, and what preferring the early hours may cost."""
    turnover = np.abs(best.horizon.buy).max() * (best.jobs.draw_kwh.sum() + best.jobs.feed_kwh.sum())
    return 1e-5 * (1.0 + turnover) + 1e-6 * best.jobs.missing_price.max(initial=0.0)


@settings(max_examples=40)
@given(plans(most_cars=5, base_within_limit=True), st.sampled_from(SHARING))
def test_no_strategy_that_keeps_the_limits_beats_the_optimum(plan, name):
    site, planned = plan.scenario(), visits(*plan.cars)
    best = optimum(site, planned)
    assert best.exact
    assert score(finished(site, planned, name), best.missing_price) >= best.cost - tolerance(best)


@settings(max_examples=20)
@given(plans(most_cars=5, base_within_limit=True), st.sampled_from(SHARING), st.sampled_from([2.0, 15.0]),
       st.sampled_from([900.0, 1800.0]),
       st.sampled_from(["2026-03-10T00:07:00+01:00", "2026-03-31T21:50:00+02:00"]),
       st.sampled_from([0, module.MOST_CELLS]))
def test_nor_with_a_demand_charge(plan, name, price, interval_s, start, most_cells):
    """Quarters and halves of an hour that the run's start cuts, and a month that ends."""
    plan.raw |= {"start": start}
    plan.raw["tariff"] |= {"demand_per_kw": price, "demand_interval": interval_s}
    site, planned = plan.scenario(), visits(*plan.cars)
    most, module.MOST_CELLS = module.MOST_CELLS, most_cells
    try:
        best = optimum(site, planned)
        run = finished(site, planned, name)
    finally:
        module.MOST_CELLS = most
    assert score(run, best.missing_price) >= best.cost - tolerance(best) - 1e-5 * price


def test_the_optimum_flattens_what_a_demand_charge_is_paid_on():
    """11 kWh in three hours: a third in each costs 1.1 more than all in the cheapest, at 7.33 kW less."""
    tariff = PRICES | {"demand_per_kw": 6.0, "demand_period": "run"}
    site = scenario(zone(), duration="3h", tariff=tariff)
    car = visits(visit(departure=3 * HOUR, stored=29.0))
    best, level = optimum(site, car), 11.0 / 3.0
    assert best.cost == pytest.approx(level * 0.6 + 6.0 * level, abs=1e-4)
    assert best.demand_charge == pytest.approx(6.0 * level, abs=1e-4)
    assert score(finished(site, car, "optimal"), best.missing_price) == pytest.approx(best.cost, abs=1e-3)
    assert score(finished(site, car, "v2g_price"), best.missing_price) > best.cost + 6.0 * 7.0


def test_base_load_alone_pays_its_demand():
    site = scenario(zone(), duration="3h", tariff={"price": 0.2, "demand_per_kw": 6.0},
                    grid={"base_load": {"step": "1h", "values": [4.0, 9.0, 2.0]}})
    best = optimum(site, visits())
    assert best.cost == pytest.approx(54.0) == score(finished(site, visits(), "mpc"), best.missing_price)


@settings(max_examples=15)
@given(plans(most_cars=5, base_within_limit=True), st.sampled_from(["v2g_price", "mpc", "optimal"]))
def test_nor_when_steps_are_long_and_stays_are_merged(plan, name):
    site, planned = plan.scenario(), visits(*plan.cars)
    exact = optimum(site, planned)
    most, module.MOST_CELLS = module.MOST_CELLS, 0
    try:
        best = optimum(site, planned)
        run = finished(site, planned, name)
    finally:
        module.MOST_CELLS = most
    assert not (best.exact and len(best.jobs)) and best.cost <= exact.cost + tolerance(exact)
    assert score(run, best.missing_price) >= best.cost - tolerance(best)
    assert not any(excess.count for excess in run.meter.excess.values())


@settings(max_examples=8)
@given(st.integers(1, 3), st.sampled_from([0.5, 0.9]), st.sampled_from([38.0, 45.0, 50.0]),
       st.sampled_from([0.0, 0.05]), st.sampled_from([0.9, 1.0]))
def test_where_feeding_pays_the_bound_is_tight_and_still_not_beaten(hours, dear, stored, wear, efficiency):
    """A full battery in dear hours, then cheap ones: to feed all the time and buy it back is the best."""
    site = scenario(zone(feed_kw=11.0), duration="12h",
                    tariff={"kind": "series", "step": "1h", "values": [dear] * hours + [0.1] * (12 - hours)},
                    fleet={"charge_efficiency": efficiency, "discharge_efficiency": efficiency,
                           "wear_cost_per_kwh": wear})
    car = visits(visit(departure=12 * HOUR, stored=stored, target=stored))
    best = optimum(site, car)
    scores = [score(finished(site, car, name), best.missing_price) for name in ("v2g_price", "mpc", "optimal")]
    assert min(scores) >= best.cost - tolerance(best)
    assert best.cost < 0.0 and max(scores) <= 0.98 * best.cost


@settings(max_examples=15)
@given(plans(most_cars=4, base_within_limit=True))
def test_the_optimal_strategy_reaches_the_optimum_where_nothing_tapers(plan):
    plan.raw["tariff"]["values"] = [abs(price) for price in plan.raw["tariff"]["values"]]
    for car in plan.cars:
        car["curve"] = FLAT
        car["arrival_kwh"] = min(car["arrival_kwh"], car["target_kwh"])
    plan.raw["fleet"]["min_soc"] = 0.0
    for limited in (plan.raw["grid"], *plan.raw["site"]["zones"]):
        limited["export_limit_kw"] = None  # it grants no neighbour's draw as room for feeding
    site, planned = plan.scenario(), visits(*plan.cars)
    best = optimum(site, planned)
    reached = score(finished(site, planned, "optimal"), best.missing_price)
    assert reached == pytest.approx(best.cost, abs=10.0 * tolerance(best) + 1e-3)


def test_a_case_by_hand():
    """One car, 11 kW, needs 11 kWh within three hours at 0.3, 0.1, 0.2: all in the second."""
    site = scenario(zone(), duration="3h", tariff=PRICES)
    best = optimum(site, visits(visit(departure=3 * HOUR, stored=29.0)))
    assert best.cost == pytest.approx(1.1, abs=1e-4)
    assert best.dispatch.drawn == pytest.approx([0.0, 11.0, 0.0], abs=1e-6)


def test_the_value_of_the_import_limit_is_what_a_kilowatt_saves():
    dear = scenario(zone(), duration="3h", tariff=PRICES, grid={"import_limit_kw": 5.0})
    car = visits(visit(departure=3 * HOUR, stored=29.0))
    eased = scenario(zone(), duration="3h", tariff=PRICES, grid={"import_limit_kw": 5.01})
    saved = optimum(dear, car).cost - optimum(eased, car).cost
    assert optimum(dear, car).dispatch.import_value.sum() == pytest.approx(saved / 0.01, rel=1e-3)


def test_limits_that_the_scenario_changes_are_foreseen():
    inject = {"at": 3600.0, "command": {"kind": "set_limit", "direction": "import", "kw": 4.0}}
    site = scenario(zone(), duration="3h", tariff=PRICES, injects=[inject])
    best = optimum(site, visits(visit(departure=3 * HOUR, stored=29.0)))
    assert best.dispatch.drawn == pytest.approx([3.0, 4.0, 4.0], abs=1e-6)


def test_a_priced_peak_is_flattened():
    two = np.array([0.2, 0.1])
    free = np.full(2, np.inf)
    horizon = Horizon(np.array([0.0, HOUR, 2 * HOUR]), two, two, np.array([1.0, 3.0]), free, free,
                      free[None], free[None])
    one = np.ones(1)
    jobs = Jobs(np.zeros(1, int), np.zeros(1, int), np.full(1, 2), 0 * one, 8 * one, 0 * one, 8 * one,
                one, one, 10 * one, 0 * one, np.full(2, 11.0), np.zeros(2))
    assert dispatch(horizon, jobs).drawn == pytest.approx([0.0, 8.0])
    flat = dispatch(horizon, jobs, Peaks.of_steps(horizon, 5.0))
    assert flat.drawn == pytest.approx([5.0, 3.0]) and flat.peak_kw == pytest.approx(6.0)


def test_only_whose_wear_the_gain_clears_is_dispatched_to_feed():
    prices, free = np.array([0.4, 0.375]), np.full(2, np.inf)
    horizon = Horizon(np.array([0.0, HOUR, 2 * HOUR]), prices, prices, np.zeros(2), free, free,
                      free[None], free[None])
    two, full = np.ones(2), np.full(2, 20.0)
    jobs = Jobs(np.zeros(2, int), np.zeros(2, int), np.full(2, 2), full, full, 0 * two, full,
                two, two, 10 * two, np.array([0.02, 0.03]), np.full(4, 11.0), np.full(4, 11.0))
    assert dispatch(horizon, jobs).fed == pytest.approx([11.0, 0.0, 0.0, 0.0])


def test_nobody_to_dispatch():
    assert optimum(load("empty_lot"), visits()).cost == 0.0


@pytest.mark.parametrize("name", ["mpc", "optimal", "valley_filling"])
def test_planners_repeat_themselves(name):
    digests = {finished(SMALL, CARS, name).world.digest() for _ in range(2)}
    assert len(digests) == 1


def test_compare_pairs_seeds():
    site = load("evening_peak", {"duration": "8h"})
    outcome = compare(site, ("equal_share", "v2g_price"), seeds=2)
    assert outcome["seeds"] == [site.seed, site.seed + 1]
    first, second = outcome["strategies"]
    untold = {"frequency_min_hz", "demand_charge"}
    assert all(first["difference"][f] == {"mean": 0.0, "low": 0.0, "high": 0.0}
               for f in set(FIGURES) - untold)
    assert all(entry["difference"][f] is None for entry in outcome["strategies"] for f in untold)
    apart = [b["net_cost"] - a["net_cost"] for a, b in zip(first["runs"], second["runs"])]
    assert second["difference"]["net_cost"]["mean"] == pytest.approx(np.mean(apart))
    assert second["difference"]["net_cost"]["low"] == pytest.approx(min(apart))
    for run in second["runs"]:
        assert run["net_cost"] == pytest.approx(run["cost"] - run["v2g_revenue"] + run["v2g_wear_assumed"])


def test_compare_counts_the_demand_charge():
    site = scenario(zone("z", 2), duration="6h",
                    tariff={"price": 0.2, "demand_per_kw": 6.0, "demand_period": "run"},
                    sessions={"kind": "generated", "groups": [{"use_case": "depot", "vehicles": 2,
                                                               "models": [{"model": "vw_id4"}]}]})
    for entry in compare(site, ("uncontrolled", "optimal"))["strategies"]:
        run, = entry["runs"]
        assert run["demand_charge"] == pytest.approx(6.0 * run["peak_import_kw"], rel=0.5)
        assert run["net_cost"] == pytest.approx(run["cost"] + run["demand_charge"])


def test_compare_counts_hours_of_high_stress_and_tells_null_where_nothing_is_known():
    site = load("evening_peak", {"duration": "8h"})
    visiting = load_visits(site)
    for entry in compare(site, ("uncontrolled", "grid_support"))["strategies"]:
        model = Model(under(site, entry["name"]), visiting)
        model.advance(model.duration_s)
        hours = stress_kpis(model)["stress_hours"]
        assert entry["mean"]["stress_hours"] == hours["high"] + hours["emergency"]
        assert (entry["mean"]["stress_hours"] > 1.0) == (entry["name"] == "uncontrolled")
    entry, = compare(load("empty_lot"), ("equal_share",))["strategies"]
    assert entry["mean"]["stress_hours"] is entry["difference"]["stress_hours"] is None


def test_gaps_name_the_optimum_and_who_exceeds_limits():
    outcome = gaps(load("evening_peak"), ("uncontrolled", "v2g_price", "mpc", "optimal"))
    entry = {e["name"]: e for e in outcome["strategies"]}
    assert not entry["uncontrolled"]["keeps_limits"] and entry["mpc"]["keeps_limits"]
    assert -1e-6 <= entry["optimal"]["gap"] < entry["mpc"]["gap"] < entry["v2g_price"]["gap"]
    assert outcome["optimum"]["exact"] and outcome["optimum"]["import_limit_value"] >= 0.0


@pytest.mark.parametrize("text", ["", ",", "mpc,magic", "mpc,mpc"])
def test_lists_of_strategies_are_checked(text):
    with pytest.raises(InputError, match="--strategies"):
        strategy_names(text)


@pytest.mark.parametrize("price", [1e4, -1e4, 1e-6])
@pytest.mark.parametrize("limit_kw", [1e-9, 1e-5, 15.0])
def test_prices_and_limits_of_any_size_are_solved(price, limit_kw):
    site = scenario(zone("z", 2, feed_kw=11.0), duration="6h", grid={"import_limit_kw": limit_kw},
                    tariff={"price": price})
    best = optimum(site, CARS)
    model = finished(site, CARS, "mpc")
    assert not [e for e in model.events if e["kind"] == "plan_failed"]
    scale = max(abs(price), abs(best.cost))
    assert np.isfinite(best.cost) and score(model, best.missing_price) > best.cost - 1e-5 * scale
    expected = module.MISSING_PRICES * abs(price) * (10.0 + 25.0)
    assert limit_kw > 1e-3 or best.cost == pytest.approx(expected, rel=1e-4)


def no_solution(*_):
    raise Unsolved("HiGHS: Solve error")


def test_without_a_solution_mpc_charges_by_least_laxity_and_says_so(monkeypatch):
    monkeypatch.setattr("sim.strategies.mpc.dispatch", no_solution)
    model, like = finished(SMALL, CARS, "mpc"), finished(SMALL, CARS, "least_laxity_first")
    failed = [e for e in model.events if e["kind"] == "plan_failed"]
    assert failed[0] == {"t": 0.0, "kind": "plan_failed", "where": "mpc", "why": "HiGHS: Solve error"}
    assert len(failed) >= 20, "it tries again every quarter of an hour while someone is there"
    assert np.array_equal(model.world.session.charged_kwh, like.world.session.charged_kwh)


def test_without_a_solution_there_is_no_optimum_but_one_line(monkeypatch):
    monkeypatch.setattr(module, "dispatch", no_solution)
    with pytest.raises(InputError, match="no optimum was found .HiGHS: Solve error., expected prices"):
        gaps(SMALL, ("mpc",))


def test_mpc_serves_everyone_where_scarcity_always_makes_now_dearer_than_later():
    """An adder stands for the next interval only, so each plan waits for the one after."""
    entry, = compare(load("evening_peak", {"tariff.scarcity.voll": "9"}), ("mpc",))["strategies"]
    assert entry["mean"]["energy_not_served_kwh"] < 1e-6 and entry["mean"]["sessions_satisfied_pct"] == 100.0
