"""Batteries between events: closed forms against integration, and against themselves."""

import json
from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.archetypes import ARCHETYPES
from entities.table import Table
from sim.battery import segments

GOLDEN = Path(__file__).parent / "reference" / "acn_linear2stage.json"


def unit(low=0.0, high=1.0):
    return st.one_of(st.sampled_from([low, high]), st.floats(low, high))


@st.composite
def batteries(draw):
    capacity = draw(st.floats(5.0, 500.0))
    return {
        "capacity_kwh": capacity, "battery_max_kw": draw(st.floats(1.0, 350.0)),
        "taper_soc": draw(unit()), "taper_floor": draw(unit(0.01)),
        "charge_efficiency": draw(unit(0.5)), "discharge_efficiency": draw(unit(0.5)),
        "target_kwh": capacity * draw(unit()), "energy_min_kwh": capacity * draw(unit()),
        "charge_cap_kw": draw(st.floats(0.5, 350.0)),
        "energy0_kwh": capacity * draw(unit()),
        "setpoint_kw": draw(st.one_of(st.just(0.0), st.floats(-100.0, -0.1), st.floats(0.1, 400.0))),
    }


def fleet(*cars: dict) -> Table:
    table = Table(ARCHETYPES["vehicle"])
    table.add(len(cars), **{name: [car[name] for car in cars] for name in cars[0]})
    return table


def car(**more) -> dict:
    return {"capacity_kwh": 60.0, "battery_max_kw": 50.0, "taper_soc": 0.8, "taper_floor": 0.05,
            "charge_efficiency": 0.9, "discharge_efficiency": 0.9, "target_kwh": 60.0,
            "energy_min_kwh": 9.0, "charge_cap_kw": 50.0, "energy0_kwh": 30.0,
            "setpoint_kw": 50.0, **more}


def limit_kw(c: dict, energy: float, setpoint: float) -> float:
    """The charge limit as a person would write it down, battery side, kW."""
    if energy >= c["target_kwh"]:
        return 0.0
    span = c["capacity_kwh"] * (1.0 - c["taper_soc"])
    share = (c["capacity_kwh"] - energy) / span if span > 0.0 else 1.0
    cells = c["battery_max_kw"] * min(1.0, max(c["taper_floor"], share))
    return min(setpoint * c["charge_efficiency"], cells)


def integrated(c: dict, hours: float, steps: int = 400) -> float:
    """Stored energy after some hours by Runge and Kutta's fourth order, kWh."""
    energy, h, setpoint = c["energy0_kwh"], hours / steps, c["setpoint_kw"]
    for _ in range(steps):
        k1 = limit_kw(c, energy, setpoint)
        k2 = limit_kw(c, energy + h / 2 * k1, setpoint)
        k3 = limit_kw(c, energy + h / 2 * k2, setpoint)
        k4 = limit_kw(c, energy + h * k3, setpoint)
        energy += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return min(energy, max(c["target_kwh"], c["energy0_kwh"]))


def pieces(table: Table, row: int, t_s: float, energy: float, setpoint: float):
    """Begin segment after segment until one stands still; yields (start s, end s) of each."""
    while True:
        end = segments.begin_one(table, row, t_s, energy, setpoint)
        yield t_s, end
        if end == inf:
            return
        t_s, energy = end, table.crossing_kwh.item(row)


def driven(table: Table, row: int, hours: float, energy: float, setpoint: float,
           from_s: float = 0.0) -> float:
    """Stored energy after some hours of a constant setpoint, kWh."""
    for _, end in pieces(table, row, from_s, energy, setpoint):
        if end >= from_s + hours * 3600.0:
            return segments.energy_of_one(table, row, from_s + hours * 3600.0)
    return energy


@given(st.lists(batteries(), min_size=1, max_size=8), st.floats(0.0, 1e6))
def test_begin_is_begin_one_for_many(cars, t_s):
    many, each = fleet(*cars), fleet(*cars)
    rows = np.arange(len(cars))
    energy, setpoint = many.energy0_kwh.copy(), many.setpoint_kw.copy()
    segments.begin(many, rows, t_s, energy, setpoint)
    ends = [segments.begin_one(each, k, t_s, *pair)
            for k, pair in enumerate(zip(energy.tolist(), setpoint.tolist()))]
    assert each.crossing_s.tolist() == ends
    for column in ARCHETYPES["vehicle"]:
        np.testing.assert_allclose(getattr(many, column.name), getattr(each, column.name),
                                   rtol=1e-12, atol=0, err_msg=column.name)


@given(batteries(), st.floats(0.01, 10.0))
def test_the_closed_form_is_the_integral_of_the_charge_limit(c, hours):
    c["setpoint_kw"] = abs(c["setpoint_kw"])
    got = driven(fleet(c), 0, hours, c["energy0_kwh"], c["setpoint_kw"])
    step_error = 350.0 * hours / 400 * 2e-2
    assert got == pytest.approx(integrated(c, hours), abs=1e-6 * c["capacity_kwh"] + step_error)


@pytest.mark.parametrize("hours", [0.1, 0.8, 1.5, 4.0])
def test_the_closed_form_is_the_integral_to_nine_digits(hours):
    got = driven(fleet(car()), 0, hours, 30.0, 50.0)
    assert got == pytest.approx(integrated(car(), hours, 4_000), rel=1e-9)


@given(batteries())
def test_there_are_at_most_three_pieces_and_they_join(c):
    table = fleet(c)
    last_power, count = None, 0
    for start, end in pieces(table, 0, 0.0, c["energy0_kwh"], c["setpoint_kw"]):
        power = table.power0_kw.item(0)
        if last_power is not None and end < inf:
            assert power == pytest.approx(last_power, rel=1e-9), "power jumps inside a taper"
        count += end < inf
        if end < inf:
            last_power = segments.power_at(table, np.array([0]), end).item()
    assert count <= 3


@given(batteries(), st.floats(0.0, 1e5))
def test_energy_is_monotone_and_the_crossing_is_hit_exactly(c, t_s):
    table, row = fleet(c), np.array([0])
    end = segments.begin_one(table, 0, t_s, c["energy0_kwh"], c["setpoint_kw"])
    if end == inf:
        assert table.power0_kw[0] == 0.0 and isnan(table.crossing_kwh[0])
        assert segments.energy_at(table, row, t_s + 1e5).item() == c["energy0_kwh"]
        return
    sign = np.sign(table.power0_kw[0])
    times = [t_s, *np.linspace(t_s, end, 40), end]
    energy = np.array([segments.energy_at(table, row, t).item() for t in times])
    assert energy[0] == c["energy0_kwh"] and energy[-1] == table.crossing_kwh[0]
    slack = 1e-12 * c["capacity_kwh"]
    assert np.all(np.diff(energy) * sign >= -slack)
    assert sign * (energy[-2] - energy[-1]) <= slack
    assert segments.energy_at(table, row, end + 1.0).item() == table.crossing_kwh[0]


@given(batteries(), unit())
def test_energy_of_one_is_energy_at(c, share):
    table = fleet(c)
    end = segments.begin_one(table, 0, 50.0, c["energy0_kwh"], c["setpoint_kw"])
    t = 50.0 + share * (min(end, 1e5) - 50.0)
    assert segments.energy_of_one(table, 0, t) == pytest.approx(
        segments.energy_at(table, np.array([0]), t).item(), rel=1e-13)


@given(batteries())
def test_soc_stays_between_least_and_target(c):
    table = fleet(c)
    for start, end in pieces(table, 0, 0.0, c["energy0_kwh"], c["setpoint_kw"]):
        for t in np.linspace(start, min(end, start + 1e6), 9):
            energy = segments.energy_of_one(table, 0, t)
            slack = 1e-12 * c["capacity_kwh"]
            if c["setpoint_kw"] > 0:
                assert c["energy0_kwh"] - slack <= energy
                assert energy <= max(c["target_kwh"], c["energy0_kwh"]) + slack
            else:
                assert energy <= c["energy0_kwh"] + slack
                assert energy >= min(c["energy_min_kwh"], c["energy0_kwh"]) - slack


@given(batteries(), st.floats(0.01, 5.0))
def test_cutting_a_run_of_segments_anywhere_changes_nothing(c, hours):
    whole = driven(fleet(c), 0, 2 * hours, c["energy0_kwh"], c["setpoint_kw"])
    table = fleet(c)
    half = driven(table, 0, hours, c["energy0_kwh"], c["setpoint_kw"])
    again = driven(table, 0, hours, half, c["setpoint_kw"], from_s=hours * 3600.0)
    assert again == pytest.approx(whole, rel=1e-9, abs=1e-9)


@given(batteries())
def test_hours_to_target_is_the_time_that_the_segments_take(c):
    table = fleet(c)
    hours = segments.hours_to_target(table, np.array([0]), np.array([c["energy0_kwh"]])).item()
    *_, (end, _) = pieces(table, 0, 0.0, c["energy0_kwh"], c["charge_cap_kw"])
    assert hours == pytest.approx(end / 3600.0, rel=1e-9, abs=1e-12)


def test_hours_to_target_without_power_is_forever_and_at_the_target_none():
    cars = fleet(car(charge_cap_kw=0.0), car(energy0_kwh=60.0), car(battery_max_kw=0.0))
    hours = segments.hours_to_target(cars, np.arange(3), cars.energy0_kwh)
    assert hours.tolist() == [inf, 0.0, inf]


@given(batteries())
def test_the_draw_limit_is_what_a_segment_at_full_cap_begins_with(c):
    table, row = fleet(c), np.array([0])
    limit = segments.charge_limit_ac(table, row, np.array([c["energy0_kwh"]])).item()
    segments.begin_one(table, 0, 0.0, c["energy0_kwh"], c["charge_cap_kw"])
    assert segments.ac_power_at(table, row, 0.0).item() == pytest.approx(limit, rel=1e-9)


def test_efficiency_is_applied_once_on_the_way():
    table = fleet(car(setpoint_kw=10.0), car(setpoint_kw=-10.0))
    segments.begin(table, np.arange(2), 0.0, table.energy0_kwh.copy(), table.setpoint_kw.copy())
    assert table.power0_kw.tolist() == pytest.approx([9.0, -10.0 / 0.9])
    assert segments.ac_power_at(table, np.arange(2), 0.0).tolist() == pytest.approx([10.0, -10.0])


def test_a_taper_by_hand():
    """60 kWh, limit 50 kW falling from SoC 0.8: from 54 kWh half the limit is left, and half of
    that again after E = 54 + 6 (1 - exp(-50/12 t)), so ln 2 * 12/50 h later."""
    table = fleet(car(charge_cap_kw=1e3))
    segments.begin_one(table, 0, 0.0, 54.0, 1e3)
    assert table.power0_kw[0] == pytest.approx(25.0)
    assert table.rate_per_h[0] == pytest.approx(-50.0 / 12.0)
    t = np.log(2.0) * 12.0 / 50.0 * 3600.0
    assert segments.power_at(table, np.array([0]), t).item() == pytest.approx(12.5)
    assert segments.energy_of_one(table, 0, t) == pytest.approx(57.0)


TRACES = [t for t in json.loads(GOLDEN.read_text())["traces"] if t["charge_calculation"] == "continuous"]


@pytest.mark.parametrize("trace", TRACES, ids=[t["id"] for t in TRACES])
def test_acn_sims_two_stage_battery(trace):
    """Lee, Sharma and Low 2021: ACN-Sim's battery has no floor, so ours is set next to none."""
    table = fleet(car(
        capacity_kwh=trace["capacity_kwh"], target_kwh=trace["capacity_kwh"],
        battery_max_kw=trace["max_power_kw"], taper_soc=trace["transition_soc"],
        taper_floor=1e-9, charge_efficiency=1.0, energy0_kwh=trace["initial_kwh"]))
    hours, energy = trace["period_min"] / 60.0, trace["initial_kwh"]
    soc, current = [energy / trace["capacity_kwh"]], []
    for period, pilot in enumerate(trace["pilot_a"]):
        power = pilot * trace["voltage_v"] / 1000.0
        after = driven(table, 0, hours, energy, power, from_s=period * hours * 3600.0)
        current.append((after - energy) / hours * 1000.0 / trace["voltage_v"])
        soc.append(after / trace["capacity_kwh"])
        energy = after
    np.testing.assert_allclose(soc, trace["expected"]["soc"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(current, trace["expected"]["avg_current_a"], rtol=0, atol=1e-6)
