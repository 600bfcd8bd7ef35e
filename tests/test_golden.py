"""Numbers that ACN-Sim 0.3.3 and EV2Gym 2.0.0 produced, from scenarios written as a person would.

Both programs hold a decision for a whole period; the model here is exact in time. What that
makes of the comparison is said at each tolerance.
"""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.model import Model
from sim.results import results
from sim.run import run
from sim.scenario import from_dict

GOLDEN = Path(__file__).parent / "reference"
COLUMNS = ("id", "connector", "arrival", "departure", "capacity_kwh", "soc_arrival", "energy_kwh",
           "max_charge_kw", "max_discharge_kw")


SHARE = 0.005
"""No session's energy may differ by more, whatever the explanation."""


def golden(name: str) -> dict:
    return json.loads((GOLDEN / f"{name}.json").read_text())


def write_sessions(folder: Path, rows: list[tuple]) -> str:
    with open(folder / "sessions.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return "sessions.csv"


def simulate_acn(case: dict, strategy: str, folder: Path) -> dict:
    """An ACN-Sim case as a scenario: pilots are handed out by the connector's rating."""
    period = case["time"]["period_min"] * 60.0
    sessions = write_sessions(folder, [
        (s["id"], s["evse"], s["arrival"] * period, s["departure"] * period,
         s["battery"]["capacity_kwh"], s["battery"]["initial_kwh"] / s["battery"]["capacity_kwh"],
         s["requested_kwh"], s["battery"]["max_power_kw"], 0) for s in case["sessions"]])
    return run(from_dict({
        "name": case["id"], "start": case["time"]["start"] + "-07:00",
        "duration": case["time"]["n_periods"] * period, "control_interval": period,
        "strategy": strategy, "allocation": "rating",
        "round_robin_step_kw": case["site"]["voltage_v"] / 1000.0,
        "site": {"zones": [{"name": "garage", "stations": [
            {"connectors": [{"name": e["id"], "charge_kw": e["max_power_kw"]}]}
            for e in case["site"]["evses"]]}]},
        "grid": {"import_limit_kw": case["site"]["aggregate_limit"]["power_kw"]},
        "tariff": {"kind": "series", "step": period, "values": case["price"]["usd_per_kwh_by_period"]},
        "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "taper_soc": 1.0},
        "sessions": {"kind": "listed", "file": sessions},
    }, case["id"], folder))


@pytest.mark.parametrize("name, strategy", [
    ("acn_uncontrolled_linear", "uncontrolled"),
    ("acn_edf_limit", "earliest_deadline_first"),
    ("acn_rr_limit", "round_robin"),
])
def test_acn_sim(name, strategy, tmp_path):
    """Within the file's own tolerance, although a session that is done in the middle of a period
    frees its share at once here and at the period's end there."""
    case = golden(name)
    outcome = simulate_acn(case, strategy, tmp_path)
    tolerance, expected = case["tolerance"], case["expected"]
    energies = {s["id"]: s["energy_charged_kwh"] for s in outcome["sessions"]}
    for session in expected["per_session"]:
        energy = session["energy_kwh"]
        assert energies[session["id"]] == pytest.approx(
            energy, abs=min(tolerance["energy_kwh"], SHARE * energy))
    kpis = outcome["kpis"]
    assert kpis["energy_charged_kwh"] == pytest.approx(expected["total_energy_kwh"],
                                                       abs=tolerance["energy_kwh"])
    assert kpis["peak_import_kw"] == pytest.approx(expected["peak_power_kw"],
                                                   abs=tolerance["power_kw"])
    assert kpis["cost"] == pytest.approx(expected["energy_cost_usd"], abs=tolerance["cost_usd"])


def test_acn_caltech_day_on_its_network(tmp_path):
    """The real day on the 54-EVSE network, whole model. ACN-Sim's last period of a session holds
    what is left as a mean over the period, so its figures are those of our period means, to its
    own tolerance; and between two ticks ours are exact, so the same limits are exceeded, as far,
    and for as long but for the part of the last period in which nobody draws."""
    case = golden("acn_caltech_real_uncontrolled")
    expected, tolerance, period = case["expected"], case["tolerance"], case["time"]["period_min"] * 60.0
    periods, volts = case["time"]["n_periods"], case["site"]["voltage_v"]
    sessions = write_sessions(tmp_path, [
        (s["id"], s["evse"], s["arrival"] * period, s["departure"] * period,
         s["battery"]["capacity_kwh"], s["battery"]["initial_kwh"] / s["battery"]["capacity_kwh"],
         s["battery"]["capacity_kwh"] - s["battery"]["initial_kwh"], s["battery"]["max_power_kw"], 0)
        for s in case["sessions"]])
    model = Model(from_dict({
        "name": case["id"], "start": case["time"]["start"] + "-07:00",
        "duration": periods * period, "control_interval": period, "strategy": "uncontrolled",
        "site": {"zones": [{"name": "garage", "stations": [
            {"connectors": [{"name": e["id"], "charge_kw": e["allowed_current_a"][-1] * volts / 1000.0}]}
            for e in case["site"]["evses"]]}]},
        "grid": {"network": "caltech_garage"},
        "tariff": {"kind": "series", "step": period, "values": case["price"]["usd_per_kwh_by_period"]},
        "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "taper_soc": 1.0},
        "sessions": {"kind": "listed", "file": sessions}}, case["id"], tmp_path))
    session, network = model.world.session, model.phases.network
    drawn = np.zeros((periods + 1, 54))
    for k in range(1, periods + 1):
        model.advance(k * period)
        model.close_books()
        there = session.rows(session.connector >= 0)
        drawn[k] = np.bincount(session.connector[there], session.charged_ac_kwh[there], 54)
    amps = np.diff(drawn, axis=0) / (period / 3600.0) / network.kw_per_a
    outcome = results(model, 0.0)

    energies = {s["id"]: s["energy_charged_kwh"] for s in outcome["sessions"]}
    assert energies == pytest.approx({s["id"]: s["energy_kwh"] for s in expected["per_session"]},
                                     abs=tolerance["energy_kwh"])
    assert outcome["kpis"]["cost"] == pytest.approx(expected["energy_cost_usd"],
                                                    abs=tolerance["cost_usd"])
    np.testing.assert_allclose(amps @ network.kw_per_a, expected["aggregate_power_kw"],
                               atol=tolerance["power_kw"])
    assert dict(zip(network.limits, network.magnitudes(amps).max(0))) == pytest.approx(
        expected["constraint_max_current_a"], abs=tolerance["current_a"])
    over = dict(zip(network.limits, network.broken(amps).sum(0).tolist()))
    assert over == expected["constraint_violation_periods"]

    limits = {limit["name"]: limit for limit in outcome["network"]["limits"]}
    events = [e["limit"] for e in model.events if e["kind"] == "limit_exceeded"]
    for name, count in expected["constraint_violation_periods"].items():
        its = limits[name]
        assert its["excesses"] == events.count(name) and (its["excesses"] > 0) == (count > 0)
        assert its["excess_s"] == pytest.approx(count * period, abs=period * its["excesses"])
        if count:
            assert its["max_a"] == pytest.approx(expected["constraint_max_current_a"][name],
                                                 abs=tolerance["current_a"])
            assert its["worst_a"] == pytest.approx(its["max_a"] - its["limit_a"], abs=1e-9)
        else:
            assert expected["constraint_max_current_a"][name] <= its["max_a"] + tolerance["current_a"] \
                <= its["limit_a"]
    assert outcome["kpis"]["limit_excesses"] == len(events) > 0
    assert outcome["kpis"]["limit_excess_worst_a"] == pytest.approx(80.0, abs=1e-6)


def simulate_ev2gym(case: dict, folder: Path) -> dict:
    """An EV2Gym case as a scenario, its recorded actions as commands."""
    period, rating = case["time"]["period_min"] * 60.0, case["site"]["max_power_kw"]
    battery = case["sessions"][0]["battery"]
    sessions = write_sessions(folder, [
        (s["id"], f"E{s['evse']}", s["arrival"] * period, s["departure"] * period,
         s["battery"]["capacity_kwh"], s["battery"]["initial_kwh"] / s["battery"]["capacity_kwh"],
         s["desired_kwh"] - s["battery"]["initial_kwh"],
         s["battery"]["max_charge_kw"], s["battery"]["max_discharge_kw"])
        for s in case["sessions"]])
    volts = case["site"]["voltage_ll_v"] * math.sqrt(3) / 1000.0
    injects = [
        {"at": step * period, "command": {
            "kind": "set_connector_power", "connector": f"E{evse}",
            "kw": max(-rating, min(rating, round(action, 5) * case["site"]["max_current_a"] * volts))}}
        for step, actions in enumerate(case["actions"]) for evse, action in enumerate(actions)]
    return run(from_dict({
        "name": case["id"], "start": case["time"]["start"] + "+00:00",
        "duration": case["time"]["n_periods"] * period, "control_interval": period,
        "site": {"zones": [{"name": "site", "stations": [
            {"connectors": [{"name": f"E{k}", "charge_kw": rating, "discharge_kw": rating}]}
            for k in range(case["site"]["n_evse"])]}]},
        "tariff": {"kind": "series", "step": period, "values": case["price"]["charge_eur_per_kwh"]},
        "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "taper_soc": 1.0,
                  "min_soc": battery["min_kwh"] / battery["capacity_kwh"]},
        "sessions": {"kind": "listed", "file": sessions},
        "injects": injects,
    }, case["id"], folder))


@pytest.mark.parametrize("name", ["ev2gym_afap", "ev2gym_alap", "ev2gym_v2g_price_rule"])
def test_ev2gym(name, tmp_path):
    """EV2Gym's recorded actions, given as commands. It rounds the stored energy up to 0.01 kWh
    after each step with current; its own sum of these crumbs of a session, `phantom_kwh`, is all
    that lies between."""
    case = golden(name)
    outcome = simulate_ev2gym(case, tmp_path)
    ours = {s["id"]: s for s in outcome["sessions"]}
    crumbs = 0.0
    for session in case["expected"]["per_session"]:
        bound = session["phantom_kwh"] + 1e-6
        crumbs += bound
        got, charged = ours[session["id"]], session["charged_kwh"]
        assert got["energy_charged_kwh"] == pytest.approx(charged, abs=min(bound, SHARE * charged))
        assert got["energy_discharged_kwh"] == pytest.approx(abs(session["discharged_kwh"]), abs=1e-6)
        assert got["soc_departure"] * case["sessions"][0]["battery"]["capacity_kwh"] == pytest.approx(
            session["final_kwh"], abs=bound)
    profit = outcome["kpis"]["v2g_revenue"] - outcome["kpis"]["cost"]
    dearest = max(case["price"]["charge_eur_per_kwh"])
    assert profit == pytest.approx(case["expected"]["stats"]["total_profits"], abs=crumbs * dearest)
