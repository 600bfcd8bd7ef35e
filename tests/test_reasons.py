"""What held power for how long, and the zones' part of results."""

import numpy as np
import pytest
from hypothesis import given, settings
from worlds import ANY_COMMAND, HOUR, kinds, plans, scenario, stretches, visit, visits, zone

from entities.components import Place, Reason
from sim.model import Model
from sim.reasons import WORDS
from sim.results import results
from sim.scenario import load


@settings(max_examples=40)
@given(plans(commands=ANY_COMMAND))
def test_hours_by_reason_are_those_that_the_columns_show(plan):
    model = plan.model()
    vehicle, seen = model.world.vehicle, np.zeros((model.world.session.slots, len(Reason)))
    for since, until in stretches(model):
        there = np.flatnonzero(vehicle.place == Place.PLUGGED)
        seen = np.pad(seen, ((0, model.world.session.slots - len(seen)), (0, 0)))  # a surge adds some
        seen[vehicle.session[there], vehicle.reason[there]] += (until - since) / HOUR
    hours = model.power.reasons.hours(model.now_s)
    assert np.allclose(hours, seen, atol=1e-9)
    session = model.world.session
    stay = np.minimum(session.departure_s, model.now_s) - session.plugged_s
    assert np.allclose(hours.sum(axis=1), np.nan_to_num(stay) / HOUR, atol=1e-9)


def test_results_name_what_held_a_session_back():
    site = scenario(zone("z", 1, import_limit_kw=5.0), strategy="equal_share", duration="8h")
    model = Model(site, visits(visit("car", HOUR, 7 * HOUR, stored=10.0, target=30.0)))
    model.advance(8 * HOUR)
    model.close_books()
    outcome = results(model, 1.0)
    session, = outcome["sessions"]
    assert session["limited_by"] == pytest.approx({"zone_limit": 4.0, "target": 2.0})
    assert outcome["kpis"]["limited_by_hours"] == session["limited_by"]
    assert set(session["limited_by"]) <= set(WORDS) and len(kinds(model, "completed")) == 1


def test_zones_tell_their_energies_limits_and_excesses():
    site = scenario(zone("a", 1, import_limit_kw=5.0), zone("b", 1), duration="4h")
    model = Model(site, visits(visit("one", zone="a"), visit("two", zone="b", target=21.0)))
    model.advance(4 * HOUR)
    model.close_books()
    a, b = results(model, 1.0)["zones"]
    assert (a["id"], a["sessions"], a["import_limit_kw"], a["import_excesses"]) == ("a", 1, 5.0, 1)
    assert a["import_excess_worst_kw"] == pytest.approx(6.0)
    assert a["import_excess_s"] == pytest.approx(30.0 / 11.0 * HOUR)
    assert (b["import_limit_kw"], b["import_excesses"]) == (None, 0)
    assert (a["energy_charged_ac_kwh"], b["energy_charged_ac_kwh"]) == pytest.approx((30.0, 11.0))
    assert a["stress"] is a["stress_hours"] is a["stress_max_words"] is None


def test_the_worst_moment_of_the_grid_is_told_in_words():
    model, worst = Model(load("evening_peak")), (0.0, "", 0.0)
    lines, deepest = 0.0, ""
    for tick in range(0, 86_401, 300):
        model.advance(tick)
        index = model.world.hub.stress.item(0)
        worst = max(worst, (index, model.grid.words["hub"], tick), key=lambda found: found[0])
        loading = model.grid.states[0].line_loading_pct
        if loading.max() > lines:
            lines, deepest = loading.max(), model.grid.feeders[0].line_names[int(np.argmax(loading))]
    model.close_books()
    outcome = results(model, 1.0)
    kpis, zones, (feeder,) = outcome["kpis"], outcome["zones"], outcome["feeders"]
    assert (kpis["stress_max"], kpis["stress_max_words"], kpis["stress_max_at_s"]) == worst
    assert kpis["stress_max_words"] != kpis["stress_words"] != ""
    assert (feeder["line_loading_max_pct"], feeder["line_loading_max_at"]) == (lines, deepest)
    assert all(sum(z["stress_hours"].values()) == pytest.approx(24.0) for z in zones)
    assert max(z["stress_max"] for z in zones) == kpis["stress_max"]
    assert sum(z["energy_charged_ac_kwh"] for z in zones) == pytest.approx(
        kpis["energy_charged_ac_kwh"])
    days = [v["dod_last_day"] for v in outcome["vehicles"]]
    assert max(days) > 0.1 and max(v["dod_today"] for v in outcome["vehicles"]) == 0.0
