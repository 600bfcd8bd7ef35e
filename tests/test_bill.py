"""The bill, V2G's earnings and CO2: lines add up, and figures follow from energies and factors."""

import csv
from datetime import datetime
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_production import sunny
from worlds import ANY_COMMAND, HOUR, START, command, plans, scenario, stretches, visit, visits, zone

from sim import earnings
from sim.carbon import DAYLIGHT, carbon_of, grid, local_factors
from sim.errors import InputError
from sim.footprint import renewable_share_now
from sim.model import Model
from sim.results import results
from sim.scenario import DATA_DIR, from_dict, load
from sim.steps import Steps

DAY = 86400.0
MOER = "carbon/caiso_sce_moer_2019-08.csv"


def finished(plan):
    model = plan.model()
    model.advance(model.duration_s)
    model.close_books()
    return model, results(model, 1.0)


@given(plans(commands=ANY_COMMAND) | sunny(commands=ANY_COMMAND))
def test_the_bill_adds_up_and_agrees_with_the_sessions(plan):
    model, outcome = finished(plan)
    kpis, lines = outcome["kpis"], outcome["kpis"]["bill"]
    assert kpis["bill_total"] == fsum(line["amount"] for line in lines)
    by = {line["line"]: line for line in lines}
    drawn = fsum(line["quantity"] for line in lines if line["line"].startswith("charging"))
    assert drawn == pytest.approx(kpis["energy_charged_ac_kwh"], rel=1e-9, abs=1e-9)
    fed = by.get("V2G", {"quantity": 0.0, "amount": 0.0})
    assert fed["quantity"] == pytest.approx(kpis["energy_discharged_ac_kwh"], rel=1e-9, abs=1e-9)
    assert -fed["amount"] == pytest.approx(kpis["v2g_revenue"], rel=1e-9, abs=1e-9)
    assert kpis["cost"] == pytest.approx(fsum(e["cost"] for e in outcome["sessions"]), abs=1e-9)
    assert kpis["v2g_net"] == pytest.approx(fsum(e["v2g_net"] for e in outcome["sessions"]), abs=1e-9)
    ledger = model.conditions.ledger.columns()
    if not ledger["scarcity"].any():
        charging = fsum(line["amount"] for line in lines if line["line"].startswith("charging"))
        assert charging == pytest.approx(kpis["cost"], rel=1e-9, abs=1e-9)
    everything = fsum((ledger["buy"] * (ledger["drawn_kwh"] + ledger["base_kwh"])).tolist())
    everything -= fsum((ledger["buy"] * (ledger["pv_kwh"] + ledger["wind_kwh"] - ledger["surplus_kwh"])).tolist())
    everything -= fsum((ledger["feed_in"] * ledger["surplus_kwh"]).tolist()) + kpis["v2g_revenue"]
    everything += fsum(line["amount"] for line in lines if line["line"].startswith("demand"))
    assert kpis["bill_total"] == pytest.approx(everything, rel=1e-9, abs=1e-7)


@given(sunny(commands=ANY_COMMAND))
def test_co2_balances_between_site_and_sessions(plan):
    """What the site caused by imports is what its uses caused less what did not come in."""
    model, outcome = finished(plan)
    ledger = model.conditions.ledger.columns()
    average = ledger["co2_average"]
    sessions = fsum(e["co2_caused_kg"] for e in outcome["sessions"])
    assert sessions + outcome["kpis"]["co2_base_load_kg"] == pytest.approx(
        outcome["kpis"]["co2_caused_kg"], rel=1e-9, abs=1e-6)
    assert all(e["co2_caused_kg"] >= 0.0 for e in outcome["sessions"])
    saved = ledger["fed_kwh"] + ledger["pv_kwh"] + ledger["wind_kwh"] - ledger["export_kwh"]
    caused = fsum(((ledger["drawn_kwh"] + ledger["base_kwh"] - saved) * average).tolist())
    imports = fsum((ledger["import_kwh"] * average).tolist())
    assert imports == pytest.approx(caused, rel=1e-9, abs=1e-6)
    kpis = outcome["kpis"]
    life_cycle = kpis["co2_kg"] - imports
    used = kpis["pv_kwh"] + kpis["wind_kwh"] - kpis["surplus_kwh"]
    assert 0.011 * used - 1e-6 <= life_cycle <= 0.041 * used + 1e-6
    share = kpis["renewable_share_pct"]
    assert share is None or 0.0 <= share <= 100.0 + 1e-9


def test_who_charges_from_the_roof_causes_what_the_roof_does():
    """Two cars, one at noon under the sun, one at night: the mix is that of the hour."""
    site = scenario(zone("z", 2, pv_kwp=500.0), duration="24h", start="2026-06-21T00:00:00+02:00",
                    weather={"kind": "process", "cloud_cover": 0.01}, carbon={"average": {
                        "values": [0.4 + 0.001 * hour for hour in range(24)]}, "marginal": 0.5})
    model = Model(site, visits(visit("night", 0.0, 4 * HOUR, stored=10.0, target=20.0),
                               visit("noon", 12 * HOUR, 16 * HOUR, stored=10.0, target=20.0)))
    model.advance(DAY)
    model.close_books()
    outcome = results(model, 1.0)
    night, noon = outcome["sessions"]
    assert night["co2_caused_kg"] == pytest.approx(10.0 * 0.4, rel=1e-3)
    assert noon["co2_caused_kg"] == pytest.approx(10.0 * local_factors()[0], rel=1e-9)
    kpis = outcome["kpis"]
    assert night["co2_caused_kg"] + noon["co2_caused_kg"] == pytest.approx(kpis["co2_caused_kg"])
    assert kpis["co2_base_load_kg"] == 0.0
    assert noon["co2_avoided_kg"] == kpis["co2_avoided_kg"] == 0.0


@pytest.mark.parametrize("ages", [True, False])
def test_vehicles_have_the_carbon_and_money_of_their_sessions(ages):
    model = Model(load("solar_carport", {"fleet.ageing.enabled": ages}))
    model.advance(DAY)
    model.close_books()
    outcome = results(model, 1.0)
    assert len(outcome["vehicles"]) == len(model.world.vehicle)
    assert all((vehicle["soh"] is None) != ages for vehicle in outcome["vehicles"])
    assert (outcome["kpis"]["wear_cost"] is None) != ages
    for key in ("co2_caused_kg", "co2_avoided_kg", "cost", "v2g_revenue", "v2g_net"):
        for vehicle in outcome["vehicles"]:
            of_mine = [s[key] for s in outcome["sessions"] if s["vehicle"] == vehicle["id"]]
            assert (vehicle[key] is None) == (None in of_mine)
            assert vehicle[key] is None or vehicle[key] == pytest.approx(fsum(of_mine))
    assert sum(v["co2_caused_kg"] for v in outcome["vehicles"]) > 0.0
    assert sum(v["v2g_net"] for v in outcome["vehicles"]) == pytest.approx(outcome["kpis"]["v2g_net"])


def test_without_carbon_nothing_is_known():
    model = Model(scenario(zone(feed_kw=11.0)), visits(visit()))
    model.advance(DAY)
    model.close_books()
    outcome = results(model, 1.0)
    for key in ("co2_kg", "co2_v2g_kg", "renewable_share_pct", "co2_caused_kg", "co2_avoided_kg",
                "co2_base_load_kg"):
        assert outcome["kpis"][key] is None
    assert outcome["sessions"][0]["co2_kg"] is None and outcome["sessions"][0]["co2_v2g_kg"] is None


def feeder(prices, **more):
    """A car that feeds at 11 kW in the dear hours and charges in the cheap ones, lossy."""
    site = scenario(zone(feed_kw=11.0), strategy="v2g_price", duration="8h",
                    fleet={"charge_efficiency": 0.9, "discharge_efficiency": 0.9, "min_soc": 0.1,
                           "taper_soc": 1.0, "wear_cost_per_kwh": 0.03},
                    tariff={"kind": "series", "values": prices, "sell_share": 0.8}, **more)
    return Model(site, visits(visit(stored=40.0, target=40.0, capacity_kwh=60.0)))


def test_v2g_net_is_revenue_less_buying_back_less_wear():
    """2 h at 0.5, then cheap: 22 kWh fed, 22/0.9 out of the battery, bought back at 0.1/0.9."""
    model = feeder([0.5, 0.5] + [0.1] * 6, carbon={"marginal": {"values": [0.6, 0.6] + [0.2] * 22}})
    model.advance(2 * HOUR)
    live = earnings.live(model, 1.5 * HOUR + HOUR / 2)
    assert live.today == live.total == pytest.approx(22 * 0.4 - 22 / 0.9 * (0.1 / 0.9 + 0.03))
    model.advance(8 * HOUR)
    model.close_books()
    out = 22 / 0.9
    session = results(model, 1.0)["sessions"][0]
    assert session["v2g_net"] == pytest.approx(22 * 0.4 - out * (0.1 / 0.9 + 0.03))
    assert session["co2_avoided_kg"] == -session["co2_v2g_kg"]
    assert session["co2_v2g_kg"] == pytest.approx(out * 0.2 / 0.9 - 22 * 0.6)
    assert session["co2_kg"] is None


def test_live_earnings_are_exact_between_events_and_restart_at_midnight():
    model = feeder([0.5, 0.5] + [0.1] * 6, start="2026-01-14T23:00:00+01:00")
    model.advance(0.5 * HOUR)
    before = model.world.digest()
    first, second = earnings.live(model, 0.5 * HOUR), earnings.live(model, 0.55 * HOUR)
    assert model.world.digest() == before
    assert second.total - first.total == pytest.approx(0.05 * first.per_hour_now, rel=1e-9)
    price = 0.1 / 0.9  # nothing has been bought back yet: the cheap hours ahead
    assert first.per_hour_now == pytest.approx(11 * 0.4 - 11 / 0.9 * (price + 0.03))
    model.advance(1.5 * HOUR)
    late = earnings.live(model, 1.5 * HOUR)
    assert late.today == pytest.approx(late.total / 3.0)


@pytest.mark.parametrize("period, kw", [("run", {"run": 11.0}), ("month", {"2026-01": 11.0, "2026-02": 5.5})])
def test_the_demand_charge_is_on_the_highest_quarter_of_each_period(period, kw):
    """11 kW for two hours before midnight of 31 January, and for 7.5 minutes after it."""
    site = scenario(zone(), start="2026-01-31T20:00:00+01:00", duration="8h", tariff={
        "kind": "flat", "demand_per_kw": 10.0, "demand_period": period})
    model = Model(site, visits(visit("a", arrival=HOUR, departure=3 * HOUR, stored=0.0),
                               visit("b", arrival=5 * HOUR, departure=5 * HOUR + 450.0, stored=0.0)))
    model.advance(8 * HOUR)
    model.close_books()
    lines = [x for x in results(model, 1.0)["kpis"]["bill"] if x["line"].startswith("demand")]
    assert {x["line"].split(", ")[1]: x["quantity"] for x in lines} == pytest.approx(kw)
    assert [x["amount"] for x in lines] == pytest.approx([10.0 * v for v in kw.values()])


def test_energy_is_billed_by_band_and_an_operators_price_is_one():
    site = scenario(zone(), duration="4h", grid={"base_load": 2.0}, tariff={
        "kind": "time_of_use", "price": 0.1, "bands": [{"name": "dear", "from": "01:00", "to": "02:00", "price": -0.4}]})
    model = Model(site, visits(visit(stored=0.0, target=50.0)))
    model.submit_at(3 * HOUR, command("price_override", price=1.0, duration="30m"))
    model.advance(4 * HOUR)
    model.close_books()
    bill = {x["line"]: (x["quantity"], x["amount"]) for x in results(model, 1.0)["kpis"]["bill"]}
    expected = {"charging, other times": (27.5, 2.75), "charging, dear": (11.0, -4.4),
                "charging, operator's price": (5.5, 5.5), "base load, other times": (5.0, 0.5),
                "base load, dear": (2.0, -0.8), "base load, operator's price": (1.0, 1.0)}
    assert set(bill) == set(expected)
    for line, figures in expected.items():
        assert bill[line] == pytest.approx(figures), line


@pytest.mark.parametrize("name, mean, renewable", [
    ("NL", 0.268, 0.47), ("DE", 0.381, 0.56), ("FR", 0.056, 0.27), ("US-CA", 0.249, 0.463)])
def test_shipped_grids(name, mean, renewable):
    mix = grid(name)
    assert mix.kg_per_kwh.mean() == pytest.approx(mean, abs=0.005)
    assert mix.renewable.mean() == pytest.approx(renewable, abs=0.02)
    assert mix.kg_per_kwh[12] < mix.kg_per_kwh[0] and mix.renewable[12] > mix.renewable[0]
    assert np.all(mix.renewable <= 1.0) and DAYLIGHT[0] == 0.0


def carbon(tmp_path, text="", start=START, duration="2h", **spec):
    (tmp_path / "f.csv").write_text(text)
    raw = {"name": "x", "start": start, "duration": duration, "site": {"zones": [zone()]}, "carbon": spec}
    return carbon_of(from_dict(raw, "my.toml", tmp_path), DAY)


def test_factors_as_given(tmp_path):
    made = carbon(tmp_path, "time,kg_per_kwh\n-60,0.1\n3600,0.3\n7200,0.2\n", average={"values": [0.4, 0.5]},
                  marginal={"file": "f.csv"}, renewable_share=0.4)
    assert [made.marginal.at(t) for t in (0, 3600, 7300)] == [0.1, 0.3, 0.2]
    assert [made.average.at(t) for t in (0, 3600, 7200)] == [0.4, 0.5, 0.4]
    assert made.renewable.at(0) == 0.4
    assert np.isnan(carbon(tmp_path, average=0.3).renewable.at(0.0))


@pytest.mark.parametrize("text, spec, says", [
    ("", {"average": "Atlantis"}, "my.toml: carbon.average: unknown grid 'Atlantis', expected a factor or one of NL"),
    ("", {"average": -1}, "my.toml: carbon.average"), ("", {"renewable_share": 2}, "carbon.renewable_share"),
    ("", {"marginal": {"file": "none.csv"}}, "none.csv: cannot be read"),
    ("time,kg_per_kwh\n0,0.1\n3600,9\n", {"marginal": {"file": "f.csv"}}, "f.csv: line 3: kg_per_kwh"),
    ("time,kg_per_kwh\n0,0.1\n600,0.2\n", {"marginal": {"file": "f.csv"}}, "f.csv: line 3: time: the series ends")])
def test_bad_carbon_is_refused(tmp_path, text, spec, says):
    with pytest.raises(InputError) as caught:
        carbon(tmp_path, text, **spec)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_the_shipped_marginal_series_is_the_recorded_month(tmp_path):
    """CAISO SCE, August 2019: mean 309 g, from 199 at 8 h to 461 at 19 h of the local clock."""
    made = carbon(tmp_path, start="2019-08-01T00:00:00-07:00", duration="31d", marginal={"file": MOER})
    assert made.marginal.at(0.0) > 0.0
    with open(DATA_DIR / MOER, encoding="utf-8") as file:
        rows = [(datetime.fromisoformat(r["time"]), float(r["kg_per_kwh"])) for r in csv.DictReader(file)]
    assert np.mean([kg for _, kg in rows]) == pytest.approx(0.3087, abs=1e-4)
    by_hour = [np.mean([kg for t, kg in rows if (t.hour - 7) % 24 == h]) for h in range(24)]
    assert (np.argmin(by_hour), np.argmax(by_hour)) == (8, 19)
    assert [min(by_hour), max(by_hour)] == pytest.approx([0.199, 0.461], abs=1e-3)


def test_the_renewable_share_of_now():
    model = Model(scenario(zone(pv_kwp=5.0), start="2026-06-21T12:00:00+02:00", grid={"base_load": 8.0},
                           weather={"kind": "process"}, carbon={"average": 0.3, "renewable_share": 0.5}), visits())
    for since, until in stretches(model):
        made = model.world.hub.pv_kw.item(0)
        if since < 4 * HOUR:
            assert 0.0 < made < 8.0
        assert renewable_share_now(model, since) == pytest.approx((made + 0.5 * (8.0 - made)) / 8.0)


@given(st.lists(st.tuples(st.floats(60.0, 7200.0), st.floats(-1.0, 1.0)), min_size=1, max_size=8),
       st.floats(0.0, 0.99), st.floats(1.0, 20000.0), st.floats(0.0, 8.0))
def test_the_cheapest_hours_ahead_are_those_of_a_fine_scan(steps, begun, stay, hours):
    """Against sorting the price of each of 20,000 slices of the stay."""
    starts = np.concatenate([[0.0], np.cumsum([length for length, _ in steps])[:-1]])
    curve = Steps(starts, np.array([price for _, price in steps]))
    t_s = begun * steps[0][0]
    found = earnings.cheapest_mean(curve, t_s, np.array([t_s + stay]), np.array([hours]))[0]
    slices = np.sort(curve.values[np.searchsorted(
        starts, t_s + stay * (np.arange(20_000) + 0.5) / 20_000, side="right") - 1])
    taken = max(min(round(hours * 3600.0 / stay * 20_000), 20_000), 1)
    assert found == pytest.approx(slices[:taken].mean(), abs=0.02)
    assert slices[0] - 1e-9 <= found <= slices.mean() + 1e-3


def test_feeding_a_dear_evening_to_recharge_in_a_cheap_night_earns_while_it_feeds():
    model = Model(scenario(zone(feed_kw=10.0), strategy="v2g_price", start="2026-01-14T18:00:00+01:00",
                           tariff={"kind": "time_of_use", "price": 0.10, "sell_share": 1.0,
                                   "bands": [{"from": "17:00", "to": "21:00", "price": 0.50}]}),
                  visits(visit(arrival=0.0, departure=14 * HOUR, stored=40.0, target=40.0)))
    model.advance(HOUR)
    assert model.world.vehicle.power0_kw[0] < 0.0
    live = earnings.live(model, HOUR)
    assert live.per_hour_now > 0.0 and live.total > 0.0
    model.advance(14 * HOUR)
    model.close_books()
    assert earnings.total_net(model, model.now_s) > 0.0
