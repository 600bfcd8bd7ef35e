"""Ageing: BLAST-Lite's own numbers, what always holds, and the fleet's hours, days and previews."""

import json
from dataclasses import fields
from math import erf, exp, pi, sqrt
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import BaseModel, ValidationError
from soc_traces import soc_at

from entities.components import Chemistry
from sim.battery.ageing import day as days
from sim.battery.ageing import lfp_sony
from sim.battery.ageing.fleet import FleetAgeing
from sim.battery.ageing.models import CELLS
from sim.battery.ageing.outlook import v2g_fade, wear_cost, years_left
from sim.battery.ageing.settings import AgeingSettings
from sim.battery.ageing.state import COLUMNS
from sim.battery.ageing.trade import wear_per_kwh
from sim.errors import from_validation

GOLDEN = Path(__file__).parent / "reference" / "blast_lite.json"
HOURS = np.arange(25.0)
COMMUTE = np.interp(HOURS, [0, 4, 8, 9, 17, 18, 24], [.5, .8, .8, .65, .65, .5, .5])
V2G = np.interp(HOURS, [0, 2, 7, 8, 9, 17, 18, 19, 22, 24],
                [.3, .3, .9, .9, .75, .9, .75, .75, .3, .3])
SETTINGS = AgeingSettings()
cells = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)

traces = arrays(float, (4, 25), elements=st.floats(0.0, 1.0, width=16))
weather = arrays(float, (4, 25), elements=st.floats(-25.0, 50.0, width=16))


def seasonal(day: int) -> np.ndarray:
    """Temperatures of a day's 25 points, as the golden file defines them."""
    hour = np.arange(24 * day, 24 * day + 25)
    return (15 + 10 * np.sin(2 * np.pi * (hour / 24 - 105) / 365)
            + 5 * np.sin(2 * np.pi * (hour % 24 - 9) / 24))


def lived(cell, soc, celsius, count=1, scalar=1.0, state=None):
    """The state after `count` days of a trace (n, 25) or (25,)."""
    soc, celsius = np.atleast_2d(soc), np.atleast_2d(celsius)
    soc, celsius = np.broadcast_arrays(soc, celsius)
    day = days.gather(cell, HOURS, soc, celsius)
    state = cell.new(len(soc)) if state is None else state
    for _ in range(count):
        state = cell.step(state, day, np.full(len(soc), scalar))
    return state


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text())["cases"], ids=lambda c: "-".join(
    str(c[key]) for key in ("blast_model", "soc_profile", "temperature", "days")))
def test_reproduces_blast_lite(case):
    cell = next(c for c in CELLS.values() if c.blast == case["blast_model"])
    soc = np.array(json.loads(GOLDEN.read_text())["soc_profiles_hourly_25pts"]
                   [case["soc_profile"]])[None]
    state, scalar = cell.new(1), np.array([case["degradation_scalar"]])
    for k in range(case["days"]):
        celsius = (seasonal(k) if case["temperature"] == "seasonal"
                   else np.full(25, float(case["temperature"][1:])))
        state = cell.step(state, days.gather(cell, HOURS, soc, celsius[None]), scalar)
    ours = {"q": state.soh, "q_t": 1 - state.calendar, "q_LLI_t": 1 - state.calendar,
            "q_EFC": 1 - state.cycling, "q_LLI_EFC": 1 - state.cycling,
            "q_BreakIn_EFC": 1 - state.break_in, "r": state.resistance,
            "r_LLI_t": 1 + state.calendar_resistance, "r_LLI_EFC": 1 + state.cycling_resistance}
    for name, value in case["outputs"].items():
        assert ours[name][0] == pytest.approx(value, rel=1e-9, abs=0), name
    assert state.fade[0] == pytest.approx(case["capacity_fade"], rel=1e-9, abs=0)
    assert state.efc[0] == pytest.approx(case["efc"], rel=1e-9, abs=0)
    assert state.days[0] == case["t_days"]


@cells
@settings(max_examples=15)
@given(soc=traces, celsius=weather, count=st.integers(1, 4))
def test_fade_only_grows_and_stays_finite(cell, soc, celsius, count):
    before = lived(cell, soc, celsius, count)
    after = lived(cell, soc[::-1], celsius[::-1], 1, state=before)
    for name in ("calendar", "cycling", "break_in", "calendar_resistance", "efc", "days"):
        grown = getattr(after, name) - getattr(before, name)
        assert np.isfinite(grown).all() and (grown >= 0.0).all(), name
    assert (after.soh < 1.0).all() and (after.soh > 0.0).all()


@cells
@settings(max_examples=15)
@given(soc=traces, celsius=weather, order=st.permutations(range(4)))
def test_each_vehicle_ages_by_itself(cell, soc, celsius, order):
    together = lived(cell, soc, celsius, 3)
    shuffled = lived(cell, soc[order], celsius[order], 3)
    for name in COLUMNS:
        alone = [getattr(lived(cell, s, t, 3), name)[0] for s, t in zip(soc, celsius)]
        np.testing.assert_allclose(getattr(together, name), alone, rtol=1e-12)
        np.testing.assert_allclose(getattr(shuffled, name), getattr(together, name)[order],
                                   rtol=1e-12)


@cells
@given(gentle=st.floats(0.01, 0.3), hard=st.floats(0.3, 1.0))
def test_no_step_is_larger_than_a_new_batterys(cell, gentle, hard):
    first = lived(cell, gentle * COMMUTE, 5.0)
    new = lived(cell, hard * V2G, 30.0)
    after = lived(cell, hard * V2G, 30.0, state=first)
    assert after.calendar[0] - first.calendar[0] <= new.calendar[0] * (1 + 1e-12)
    if cell.name != "lfp_sony":  # its cycling law has p > 1 and grows faster with age
        assert after.cycling[0] - first.cycling[0] <= new.cycling[0] * (1 + 1e-12)


@cells
def test_rest_ages_by_time_alone_and_heat_and_charge_hasten_it(cell):
    rest = lived(cell, np.full(25, 0.5), 15.0, 30)
    assert rest.cycling[0] == 0.0 and rest.efc[0] == 0.0 and rest.calendar[0] > 0.0
    assert lived(cell, np.full(25, 0.5), 35.0, 30).calendar[0] > rest.calendar[0]
    assert lived(cell, np.full(25, 0.95), 15.0, 30).calendar[0] > rest.calendar[0]


def test_a_cold_spell_after_heat_halts_sony_fade_where_blast_has_no_number():
    cell = CELLS["lfp_sony"]
    hot = lived(cell, np.full(25, 0.9), 45.0, 1500)
    cold = lived(cell, np.full(25, 0.1), -25.0, 1, state=hot)
    assert cold.calendar[0] == hot.calendar[0]


def test_break_in_only_on_days_of_more_than_three_cycles():
    cell = CELLS["lfp_sony"]
    hard = np.where(np.arange(25) % 2 == 0, 0.2, 0.9)
    assert lived(cell, V2G, 25.0).break_in[0] == lfp_sony.BREAK_IN_START
    day = days.gather(cell, HOURS, hard[None], np.full((1, 25), 25.0))
    state = lived(cell, hard, 25.0)
    assert day.travel[0] / 2 > 3.0 and state.break_in[0] > 1000 * lfp_sony.BREAK_IN_START
    soc, u = 0.9, (0.9 - 0.5) / 0.208738181522897
    normal = exp(-u * u / 2) / sqrt(2 * pi) * (1 + erf(0.0583128906965484 * u / sqrt(2)))
    assert cell.rates(np.array([soc]), np.array([298.0]))[4, 0] == pytest.approx(normal, rel=1e-12)


@pytest.mark.parametrize("name, dollars", [
    ("nmc", 0.020), ("nca", 0.019), ("lfp_sony", 0.004), ("lfp_large", 0.030)])
def test_wear_of_v2g_over_eight_years_is_the_published_derivation(name, dollars):
    """Eight seasonal years with and without V2G, at the pack's price and the cell's scalar."""
    profiles = json.loads(GOLDEN.read_text())["soc_profiles_hourly_25pts"]
    soc = np.array([profiles["commute"], profiles["v2g"]])
    cell = CELLS[name]
    state, scalar = cell.new(2), np.full(2, cell.vehicle_scalar)
    year = [days.gather(cell, HOURS, soc, np.tile(seasonal(k), (2, 1))) for k in range(365)]
    for k in range(2920):
        state = cell.step(state, year[k % 365], scalar)
    price = SETTINGS.price(cell.chemistry)
    cost = wear_cost(state.fade, np.ones(2), np.full(2, price), 0.8)
    fed = 2920 * (0.9 - 0.3 - 0.15)  # what the V2G profile feeds beyond its evening drive
    assert (cost[1] - cost[0]) / fed == pytest.approx(dollars, abs=0.0006)
    chosen = AgeingSettings(model={cell.chemistry.name: name})
    assert wear_per_kwh(np.array([cell.chemistry]), chosen)[0] == pytest.approx(
        (cost[1] - cost[0]) / fed, rel=1e-9)


def test_what_a_trade_counts_follows_price_scalar_and_end_of_life():
    codes = np.array([Chemistry.LFP, Chemistry.UNKNOWN, Chemistry.NMC])
    usual = wear_per_kwh(codes, SETTINGS)
    assert usual[1] == usual[2] != usual[0]
    dear = AgeingSettings(pack_price={"NMC": 256.0}, end_of_life=0.7)
    np.testing.assert_allclose(wear_per_kwh(codes, dear), usual * [2 / 3, 4 / 3, 4 / 3])
    hard = AgeingSettings(scalar={"NMC": 2.0 * SETTINGS.degradation_scalar(Chemistry.NMC)})
    assert wear_per_kwh(codes, hard)[1] > 1.3 * usual[1]


@cells
def test_years_left_agree_with_living_them(cell):
    scalar = np.full(1, cell.vehicle_scalar)
    day = days.gather(cell, HOURS, V2G[None], np.full((1, 25), 28.0))
    state = lived(cell, V2G, 28.0, 60, cell.vehicle_scalar)
    years = years_left(cell, state, day, scalar, 0.9)[0]
    alive = 0
    while state.soh[0] > 0.9:
        state, alive = cell.step(state, day, scalar), alive + 1
    assert years <= alive / 365 * 1.01 and years == pytest.approx(alive / 365, rel=0.12)
    assert years_left(cell, state, day, scalar, 0.9)[0] == 0.0
    rest = days.gather(cell, HOURS, np.full((1, 25), 0.1), np.full((1, 25), -20.0))
    assert years_left(cell, cell.new(1), rest, scalar, 0.5)[0] == np.inf


@cells
def test_v2g_wear_is_the_difference_that_it_makes(cell):
    day, without = (days.gather(cell, HOURS, soc[None], np.full((1, 25), 15.0))
                    for soc in (V2G, COMMUTE))
    state, one = lived(cell, COMMUTE, 15.0, 700), np.ones(1)
    today, life = v2g_fade(cell, state, day, without, one)
    assert today[0] == cell.step(state, day, one).fade[0] - cell.step(state, without, one).fade[0]
    assert life[0] > 0.0
    same = v2g_fade(cell, state, day, day, one)
    assert same[0][0] == same[1][0] == 0.0


def fleet():
    """Two vehicles of each chemistry, the unknown one included."""
    return FleetAgeing(np.arange(8) % 4, np.full(8, 60.0), SETTINGS)


@settings(max_examples=8)
@given(soc=arrays(float, (8, 49), elements=st.floats(0.0, 1.0, width=16)),
       fed=arrays(float, (8, 48), elements=st.floats(0.0, 5.0, width=16)))
def test_the_preview_ends_where_the_day_does(soc, fed):
    ageing, warm = fleet(), np.full(8, 22.0)
    fed = np.concatenate([np.zeros((8, 1)), np.cumsum(fed, axis=1)], axis=1)
    ageing.begin(soc[:, 0], warm)
    for first in (0, 24):
        before = ageing.state.fade.copy()
        for hour in range(1, 24):
            ageing.sample(hour, soc[:, first + hour], warm, fed[:, first + hour])
        end = first + 24
        preview = ageing.preview(24, soc[:, end], warm, fed[:, end])
        assert np.array_equal(ageing.state.fade, before), "a preview changes nothing"
        ageing.sample(24, soc[:, end], warm, fed[:, end])
        health = ageing.end_day()
        for name in ("soh", "calendar", "cycling", "efc", "dod", "fade_today", "wear_today",
                     "v2g_wear_today", "v2g_wear_per_kwh", "outside_tested_range"):
            np.testing.assert_array_equal(getattr(preview, name), getattr(health, name), name)
        assert np.array_equal(ageing.state.soh, health.soh)
        assert np.allclose(health.soh, 1 - health.calendar - health.cycling, atol=1e-15)


def test_the_preview_moves_while_one_watches():
    ageing, warm, fed = fleet(), np.full(8, 22.0), np.zeros(8)
    ageing.begin(np.full(8, V2G[0]), warm)
    shown = []
    for hour in range(1, 25):
        for part in (0.25, 0.5, 0.75, 1.0):
            soc = np.full(8, V2G[hour - 1] + part * (V2G[hour] - V2G[hour - 1]))
            shown.append(ageing.preview(hour - 1 + part, soc, warm, fed).fade_today)
        ageing.sample(hour, soc, warm, fed)
    grown = np.diff(shown, axis=0)
    assert (grown > 0.0).all()


def test_a_fleet_ages_as_its_cells_do():
    new = AgeingSettings(age_years=0)
    ageing, warm = FleetAgeing(np.arange(4), np.full(4, 60.0), new), np.full(4, 25.0)
    ageing.begin(np.full(4, V2G[0]), warm)
    for _ in range(3):
        for hour in range(1, 25):
            ageing.sample(hour, np.full(4, V2G[hour]), warm, np.zeros(4))
        ageing.end_day()
    for row, chemistry in enumerate((Chemistry.UNKNOWN, Chemistry.NMC, Chemistry.NCA,
                                     Chemistry.LFP)):
        cell = new.cell(chemistry)
        alone = lived(cell, V2G, 25.0, 3, cell.vehicle_scalar)
        for name in COLUMNS:
            assert getattr(ageing.state, name)[row] == pytest.approx(getattr(alone, name)[0],
                                                                     rel=1e-12), name


def test_ten_thousand_vehicles_age_a_day_in_a_third_of_a_second():
    n = 10_000
    ageing = FleetAgeing(np.arange(n) % 4, np.full(n, 60.0), SETTINGS)
    began, warm, none = process_time(), np.full(n, 20.0), np.zeros(n)
    ageing.begin(np.full(n, V2G[0]), warm)
    for hour in range(1, 25):
        ageing.sample(hour, np.full(n, V2G[hour]), warm, none)
    ageing.end_day()
    assert process_time() - began < 0.3


def test_wear_of_v2g_falls_on_those_who_feed():
    ageing, warm = fleet(), np.full(8, 15.0)
    feeders = np.arange(8) >= 4
    ageing.begin(np.full(8, COMMUTE[0]), warm)
    fed_kwh = np.zeros(8)
    for _ in range(2):
        for hour in range(1, 25):
            low = feeders & (19 <= hour < 23)
            fed_kwh = fed_kwh + np.where(feeders & (hour == 19), 12.0, 0.0)
            ageing.sample(hour, COMMUTE[hour] - 0.2 * low, warm, fed_kwh)
        health = ageing.end_day()
    assert (health.v2g_wear_today[:4] == 0.0).all() and np.isnan(health.v2g_wear_per_kwh[:4]).all()
    assert (health.v2g_wear_today[4:] > 0.0).all()
    assert (health.v2g_wear_today <= health.wear_today).all()
    np.testing.assert_allclose(health.v2g_wear_per_kwh[4:], health.v2g_wear_today[4:] / 12.0)
    assert ((health.v2g_life_wear_per_kwh[4:] > 0.002)
            & (health.v2g_life_wear_per_kwh[4:] < 0.05)).all()
    assert (health.years_left[4:] < health.years_left[:4]).all()


def test_the_flag_says_what_left_the_tested_range():
    cell = CELLS["nca"]
    fast = np.interp(HOURS, [0, 1, 2, 24], [0.1, 0.8, 0.8, 0.8])
    for soc, celsius, hot, quick in ((COMMUTE, 25.0, False, False), (COMMUTE, 40.0, True, False),
                                     (fast, 25.0, False, True), (1 - fast, 25.0, False, False)):
        day = days.gather(cell, HOURS, soc[None], np.full((1, 25), celsius))
        assert days.outside_temperature(cell, day)[0] == hot
        assert days.outside_c_rate(cell, day)[0] == quick


def test_traces_follow_recorded_segments_exactly():
    segments = {"t0_s": np.array([3600.0, 7200.0, 7200.0, 9000.0]),
                "vehicle": np.array([0, 1, 0, 0]), "energy0_kwh": np.array([20.0, 40.0, 30.0, 38.0]),
                "power0_kw": np.array([10.0, 0.0, 20.0, -5.0]),
                "rate_per_h": np.array([0.0, 0.0, -0.5, 0.0])}
    soc = soc_at(segments, 3600.0 * np.array([0, 1, 1.5, 2, 2.25, 3]), np.array([60.0, 80.0, 50.0]),
                 np.array([12.0, 24.0, 25.0]))
    bend = (30.0 + 20.0 * (1 - exp(-0.5 * 0.25)) / 0.5) / 60.0
    np.testing.assert_allclose(soc, [[.2, 20 / 60, 25 / 60, .5, bend, 35.5 / 60],
                                     [.3, .3, .3, .5, .5, .5], [.5] * 6])


def test_settings_choose_and_refuse():
    class Fleet(BaseModel):
        ageing: AgeingSettings = AgeingSettings()

    chosen = Fleet.model_validate({"ageing": {"model": {"LFP": "lfp_sony"}, "scalar": {"NMC": 1.5},
                                              "pack_price": {"LFP": 70}}}).ageing
    assert chosen.cell(Chemistry.LFP).name == "lfp_sony"
    assert chosen.degradation_scalar(Chemistry.LFP) == 0.75
    assert chosen.cell(Chemistry.UNKNOWN).name == "nmc"
    assert chosen.degradation_scalar(Chemistry.UNKNOWN) == 1.5
    assert chosen.price(Chemistry.LFP) == 70.0 and chosen.price(Chemistry.NCA) == 128.0
    for wrong, expected in (
            ({"model": {"LFP": "gold"}}, "ageing.model.LFP: unknown ageing model 'gold'"),
            ({"model": {"LTO": "nmc"}}, "ageing.model.LTO: no such key"),
            ({"end_of_life": 1.0}, "ageing.end_of_life"),
            ({"scalar": {"NMC": float("inf")}}, "ageing.scalar.NMC"),
            ({"pack_price": {"NMC": -1}}, "ageing.pack_price.NMC"),
            ({"age_years": "old"}, "ageing.age_years")):
        with pytest.raises(ValidationError) as error:
            Fleet.model_validate({"ageing": wrong})
        assert expected in str(from_validation("x.toml", error.value))


def test_every_state_column_is_named():
    assert tuple(f.name for f in fields(CELLS["nmc"].new(1))) == COLUMNS
