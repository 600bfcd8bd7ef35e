"""The bill's panel, and what cards tell of batteries, transformers and carbon: the figures of the results."""

import pytest
from worlds import HOUR

from game.look import Look
from game.ui.bill import Bill, bill_rows
from game.ui.facts import card
from game.ui.panel import Moment
from game.ui.summary import chemistry_rows
from game.ui.words import money, number
from sim.alarms import Alarms
from sim.model import Model
from sim.results import results
from sim.scenario import load


@pytest.fixture(scope="module")
def evening():
    """Up to 21:00, when a price has just changed."""
    model = Model(load("evening_peak", {"duration": "6h", "weather": {"kind": "process"},
                                        "carbon": {"average": "NL", "marginal": 0.3}}))
    model.advance(6 * HOUR)
    model.close_books()
    return model


def told(rows) -> dict:
    return {row.label: (row.value, row.unit) for row in rows}


def test_the_bill_is_that_of_the_results(evening):
    kpis, rows = results(evening, 1.0)["kpis"], told(bill_rows(evening, evening.now_s))
    assert rows["Booked up to"] == ("21:00", "") and len(kpis["bill"]) > 2
    for line in kpis["bill"]:
        label = line["line"][:1].upper() + line["line"][1:]
        assert rows[label] == (money(line["amount"]), f"{number(line['quantity'], 0)} {line['unit']}")
    assert rows["Total"] == (money(kpis["bill_total"]), "EUR")
    assert rows["CO2 caused"] == (number(kpis["co2_caused_kg"], 1), "kg")
    assert rows["by V2G"][0].lstrip("+") == number(kpis["co2_v2g_kg"], 1)


def test_it_is_added_up_only_when_the_books_have_changed(evening):
    panel = Bill()
    panel.work_out(Moment(evening, evening.now_s, None, Look(), Alarms(), None))
    before = panel.rows
    panel.work_out(Moment(evening, evening.now_s, None, Look(), Alarms(), None))
    assert panel.rows is before
    fresh = Model(load("empty_lot"))
    panel.work_out(Moment(fresh, 0.0, None, Look(), Alarms(), None))
    assert told(panel.rows) == {"Booked up to": ("00:00", ""), "Total": ("0.00", "EUR")}


def test_a_vehicles_card_tells_what_its_battery_lost_and_caused(evening):
    entry = max(results(evening, 1.0)["vehicles"], key=lambda vehicle: vehicle["v2g_revenue"])
    rows = told(card(evening, "vehicle", evening.world.vehicle.find(entry["id"]), evening.now_s).rows)
    assert rows["Lost by time, cycling"] == (
        f"{100 * entry['fade_calendar']:.2f} + {100 * entry['fade_cycling']:.2f}", "%")
    assert rows["Full cycles"] == (number(entry["efc"], 1), f"DoD today {100 * entry['dod_today']:.0f} %")
    row = evening.world.vehicle.find(entry["id"])
    assert rows["V2G wear"] == (number(evening.world.vehicle.wear_per_kwh[row], 3), "EUR/kWh assumed")
    assert rows["CO2 booked"] == (number(entry["co2_caused_kg"], 1),
                                  f"kg  V2G avoided {number(entry['co2_avoided_kg'], 1)}")


def test_the_fleets_health_counts_the_running_day(evening):
    kpis, rows = results(evening, 1.0)["kpis"], told(chemistry_rows(evening, evening.now_s))
    assert rows["Wear so far"] == (money(kpis["wear_cost"]), "EUR") and kpis["wear_cost"] > 1.0
    assert rows["V2G's part"] == (money(kpis["v2g_wear_cost"]), "EUR")
    nmc = next(value for label, (value, _) in rows.items() if label.startswith("NMC"))
    assert nmc == number(100.0 * kpis["soh_by_chemistry"]["NMC"], 3)
    later = told(chemistry_rows(evening, evening.now_s + 0.4 * HOUR))
    assert float(later["Wear so far"][0]) > float(rows["Wear so far"][0])


def test_the_hubs_card_tells_its_transformers_life_losses_and_sky(evening):
    rows = told(card(evening, "hub", 0, evening.now_s).rows)
    feeder, = results(evening, 1.0)["feeders"]
    assert rows["Transformer life"] == (number(feeder["life_used_h"], 2), "h used of 6.0 h")
    assert rows["Feeder losses"] == (number(evening.world.feeder.losses_kw.item(0), 1), "kW")
    weather = evening.conditions.weather
    assert rows["Irradiance"] == (number(float(weather.ghi_w_m2(evening.now_s)), 0),
                                  f"W/m²  wind {float(weather.wind_m_s(evening.now_s)):.1f} m/s")
