"""Batteries between events: closed forms against integration, and against themselves."""

import json
from itertools import pairwise
from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds import curves

from entities.archetypes import ARCHETYPES
from entities.world import World
from sim.battery import segments
from sim.battery.curves import FLAT, add_curves, check_curve, two_stage

GOLDEN = Path(__file__).parent / "reference" / "acn_linear2stage.json"


def unit(low=0.0, high=1.0):
    return st.one_of(st.sampled_from([low, high]), st.floats(low, high))


@st.composite
def batteries(draw):
    capacity = draw(st.floats(5.0, 500.0))
    return {
        "capacity_kwh": capacity, "battery_max_kw": draw(st.floats(1.0, 350.0)),
        "curve": draw(curves()),
        "charge_efficiency": draw(unit(0.5)), "discharge_efficiency": draw(unit(0.5)),
        "target_kwh": capacity * draw(unit()), "energy_min_kwh": capacity * draw(unit()),
        "charge_cap_kw": draw(st.floats(0.5, 350.0)),
        "energy0_kwh": capacity * draw(unit()),
        "setpoint_kw": draw(st.one_of(st.just(0.0), st.floats(-100.0, -0.1), st.floats(0.1, 400.0))),
    }


def fleet(*cars: dict) -> World:
    world = World()
    slots = add_curves(world.curve, [car["curve"] for car in cars])
    columns = {name: [car[name] for car in cars] for name in cars[0]}
    world.vehicle.add(len(cars), **columns | {"curve": [slots[car["curve"]] for car in cars]})
    return world


def car(**more) -> dict:
    return {"capacity_kwh": 60.0, "battery_max_kw": 50.0, "curve": two_stage(0.8, 0.05),
            "charge_efficiency": 0.9, "discharge_efficiency": 0.9, "target_kwh": 60.0,
            "energy_min_kwh": 9.0, "charge_cap_kw": 50.0, "energy0_kwh": 30.0,
            "setpoint_kw": 50.0, **more}


def limit_kw(c: dict, energy: float, setpoint: float) -> float:
    """The charge limit as a person would write it down, battery side, kW."""
    if energy >= c["target_kwh"]:
        return 0.0
    soc = energy / c["capacity_kwh"]
    for (a, low), (b, high) in pairwise(c["curve"]):
        if a <= soc < b or soc >= b == 1.0 > a:
            cells = c["battery_max_kw"] * (low + (high - low) * (soc - a) / (b - a))
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


def pieces(world: World, row: int, t_s: float, energy: float, setpoint: float):
    """Begin segment after segment until one stands still; yields (start s, end s) of each."""
    while True:
        end = segments.begin_one(world, row, t_s, energy, setpoint)
        yield t_s, end
        if end == inf:
            return
        t_s, energy = end, world.vehicle.crossing_kwh.item(row)


def driven(world: World, row: int, hours: float, energy: float, setpoint: float,
           from_s: float = 0.0) -> float:
    """Stored energy after some hours of a constant setpoint, kWh."""
    for _, end in pieces(world, row, from_s, energy, setpoint):
        if end >= from_s + hours * 3600.0:
            return segments.energy_of_one(world.vehicle, row, from_s + hours * 3600.0)
    return energy


@given(st.lists(batteries(), min_size=1, max_size=8), st.floats(0.0, 1e6))
def test_begin_is_begin_one_for_many(cars, t_s):
    many, each = fleet(*cars), fleet(*cars)
    rows = np.arange(len(cars))
    energy, setpoint = many.vehicle.energy0_kwh.copy(), many.vehicle.setpoint_kw.copy()
    segments.begin(many, rows, t_s, energy, setpoint)
    ends = [segments.begin_one(each, k, t_s, *pair)
            for k, pair in enumerate(zip(energy.tolist(), setpoint.tolist()))]
    assert each.vehicle.crossing_s.tolist() == ends
    for column in ARCHETYPES["vehicle"]:
        np.testing.assert_allclose(getattr(many.vehicle, column.name),
                                   getattr(each.vehicle, column.name), rtol=1e-12, atol=0, err_msg=column.name)


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
def test_segments_join_on_the_curve(c):
    """Each begins where the last ended, at the power that curve and setpoint allow there, and
    comes to the power from which the next goes on, unless the curve steps there."""
    world, row, last_power = fleet(c), np.array([0]), None
    for count, (start, end) in enumerate(pieces(world, 0, 0.0, c["energy0_kwh"], c["setpoint_kw"])):
        power, energy = world.vehicle.power0_kw.item(0), world.vehicle.energy0_kwh.item(0)
        if end == inf:
            break
        if c["setpoint_kw"] > 0.0:
            assert power == pytest.approx(limit_kw(c, energy, c["setpoint_kw"]), rel=1e-9)
            at_step = any(abs(energy - c["capacity_kwh"] * a) < 1e-9 for (a, _), (b, _)
                          in pairwise(c["curve"]) if a == b)
            if last_power is not None and not at_step:
                assert power == pytest.approx(last_power, rel=1e-8), "power jumps inside a curve"
        last_power = segments.power_at(world.vehicle, row, end).item()
    assert count <= 2 * len(c["curve"])


@given(batteries())
def test_power_never_passes_the_setpoint_nor_the_curve(c):
    world, row, setpoint = fleet(c), np.array([0]), abs(c["setpoint_kw"])
    for start, end in pieces(world, 0, 0.0, c["energy0_kwh"], setpoint):
        for t in np.linspace(start, min(end, start + 1e6), 9)[:-1]:
            power = segments.power_at(world.vehicle, row, t).item()
            energy = segments.energy_of_one(world.vehicle, 0, t)
            assert power <= setpoint * c["charge_efficiency"] * (1.0 + 1e-9)
            assert power <= limit_kw(c | {"target_kwh": inf}, energy, 1e9) * (1.0 + 1e-6) or end == inf


@given(batteries(), st.floats(0.01, 5.0), st.floats(0.01, 1.0))
def test_the_look_ahead_bounds_what_is_drawn_under_any_setpoint(c, hours, share):
    """Highest and lowest limit against the path itself, at full power and at a share of it."""
    world, row = fleet(c), np.array([0])
    energy = np.array([c["energy0_kwh"]])
    highest = segments.highest_limit_ac(world, row, energy, hours).item()
    at_full, most = [], c["charge_cap_kw"]
    for setpoint in (most, share * most):
        for start, end in pieces(world, 0, 0.0, energy.item(), setpoint):
            for t in np.linspace(start, min(end, start + 1e6, hours * 3600.0), 9):
                if start <= t <= hours * 3600.0:
                    drawn = segments.ac_power_at(world.vehicle, row, t).item()
                    assert drawn <= highest * (1.0 + 1e-9)
                    at_full.append(drawn if setpoint == most else 0.0)
            if end > hours * 3600.0:
                break
    assert max(at_full) == pytest.approx(highest, rel=1e-6)


@given(batteries(), st.floats(0.0, 1.0))
def test_the_lowest_limit_is_that_of_the_way(c, share):
    world, row = fleet(c), np.array([0])
    c["target_kwh"] = world.vehicle.target_kwh[:] = c["capacity_kwh"] * 2.0
    energy = np.array([c["energy0_kwh"]])
    later = energy + share * 0.999 * (c["capacity_kwh"] - energy)
    lowest = segments.lowest_limit_ac(world, row, energy, later).item()
    way = np.linspace(energy, later, 500).ravel()
    least = min(limit_kw(c, e, 1e9) for e in way) / c["charge_efficiency"]
    assert lowest <= min(least, c["charge_cap_kw"]) * (1.0 + 1e-9)
    vertices = [limit_kw(c, e, 1e9) for e in (*way[[0, -1]],)] + [
        c["battery_max_kw"] * p for s, p in c["curve"] if energy[0] <= s * c["capacity_kwh"] <= later[0]]
    assert lowest >= min(min(vertices) / c["charge_efficiency"], c["charge_cap_kw"]) * (1.0 - 1e-9)


def test_a_step_is_taken_at_its_very_energy():
    """60 kWh at 50 kW up to SoC 0.5, from there 20 kW: 12 minutes to 30 kWh, then 90."""
    world = fleet(car(curve=((0.0, 1.0), (0.5, 1.0), (0.5, 0.4), (1.0, 0.4)), energy0_kwh=20.0))
    ends = [end / 60.0 for _, end in pieces(world, 0, 0.0, 20.0, 1e3)]
    assert ends == pytest.approx([12.0, 12.0 + 90.0, inf])


def test_a_rise_by_hand():
    """From half the power at SoC 0 to all of 50 kW at 1: P doubles along E, so ln 2 60/25 h."""
    world = fleet(car(curve=((0.0, 0.5), (1.0, 1.0)), energy0_kwh=0.0))
    (_, end), _ = pieces(world, 0, 0.0, 0.0, 1e3)
    assert end / 3600.0 == pytest.approx(np.log(2.0) * 60.0 / 25.0, rel=1e-12)
    assert world.vehicle.rate_per_h[0] == 0.0 and world.vehicle.energy0_kwh[0] == 60.0


@pytest.mark.parametrize("points, says", [
    ([], "two points"), ([[0.0, 1.0]], "two points"), ([[0.0, 1.0], [1.0]], "two points"),
    ([[0.0, float("nan")], [1.0, 1.0]], "finite"), ([[0.1, 1.0], [1.0, 1.0]], "SoC 0 to SoC 1"),
    ([[0.0, 1.0], [0.9, 1.0]], "SoC 0 to SoC 1"),
    ([[0.0, 1.0], [0.6, 1.0], [0.5, 1.0], [1.0, 1.0]], "ascending"),
    ([[0.0, 1.0], [1.0, 0.0]], "above 0"), ([[0.0, 1.2], [1.0, 1.0]], "at most 1"),
    ([[0.0, -0.2], [1.0, 1.0]], "above 0")])
def test_a_bad_curve_is_refused(points, says):
    with pytest.raises(ValueError, match=says):
        check_curve(points)


@given(curves())
def test_every_curve_of_the_generators_is_one(curve):
    check_curve(curve)
    check_curve(FLAT)


@given(batteries(), st.floats(0.0, 1e5))
def test_energy_is_monotone_and_the_crossing_is_hit_exactly(c, t_s):
    world, row = fleet(c), np.array([0])
    end = segments.begin_one(world, 0, t_s, c["energy0_kwh"], c["setpoint_kw"])
    if end == inf:
        assert world.vehicle.power0_kw[0] == 0.0 and isnan(world.vehicle.crossing_kwh[0])
        assert segments.energy_at(world.vehicle, row, t_s + 1e5).item() == c["energy0_kwh"]
        return
    sign = np.sign(world.vehicle.power0_kw[0])
    times = [t_s, *np.linspace(t_s, end, 40), end]
    energy = np.array([segments.energy_at(world.vehicle, row, t).item() for t in times])
    assert energy[0] == c["energy0_kwh"] and energy[-1] == world.vehicle.crossing_kwh[0]
    slack = 1e-12 * c["capacity_kwh"]
    assert np.all(np.diff(energy) * sign >= -slack)
    assert sign * (energy[-2] - energy[-1]) <= slack
    assert segments.energy_at(world.vehicle, row, end + 1.0).item() == world.vehicle.crossing_kwh[0]


@given(batteries(), unit())
def test_energy_of_one_is_energy_at(c, share):
    world = fleet(c)
    end = segments.begin_one(world, 0, 50.0, c["energy0_kwh"], c["setpoint_kw"])
    t = 50.0 + share * (min(end, 1e5) - 50.0)
    assert segments.energy_of_one(world.vehicle, 0, t) == pytest.approx(
        segments.energy_at(world.vehicle, np.array([0]), t).item(), rel=1e-13)


@given(batteries())
def test_soc_stays_between_least_and_target(c):
    world = fleet(c)
    for start, end in pieces(world, 0, 0.0, c["energy0_kwh"], c["setpoint_kw"]):
        for t in np.linspace(start, min(end, start + 1e6), 9):
            energy = segments.energy_of_one(world.vehicle, 0, t)
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
    world = fleet(c)
    half = driven(world, 0, hours, c["energy0_kwh"], c["setpoint_kw"])
    again = driven(world, 0, hours, half, c["setpoint_kw"], from_s=hours * 3600.0)
    assert again == pytest.approx(whole, rel=1e-9, abs=1e-9)


@given(batteries())
def test_hours_to_target_is_the_time_that_the_segments_take(c):
    world = fleet(c)
    hours = segments.hours_to_target(world, np.array([0]), np.array([c["energy0_kwh"]])).item()
    *_, (end, _) = pieces(world, 0, 0.0, c["energy0_kwh"], c["charge_cap_kw"])
    assert hours == pytest.approx(end / 3600.0, rel=1e-9, abs=1e-12)


def test_hours_to_target_without_power_is_forever_and_at_the_target_none():
    cars = fleet(car(charge_cap_kw=0.0), car(energy0_kwh=60.0), car(battery_max_kw=0.0))
    hours = segments.hours_to_target(cars, np.arange(3), cars.vehicle.energy0_kwh)
    assert hours.tolist() == [inf, 0.0, inf]


@given(batteries())
def test_the_draw_limit_is_what_a_segment_at_full_cap_begins_with(c):
    world, row = fleet(c), np.array([0])
    limit = segments.charge_limit_ac(world, row, np.array([c["energy0_kwh"]])).item()
    segments.begin_one(world, 0, 0.0, c["energy0_kwh"], c["charge_cap_kw"])
    assert segments.ac_power_at(world.vehicle, row, 0.0).item() == pytest.approx(limit, rel=1e-9)


def test_efficiency_is_applied_once_on_the_way():
    world = fleet(car(setpoint_kw=10.0), car(setpoint_kw=-10.0))
    segments.begin(world, np.arange(2), 0.0, world.vehicle.energy0_kwh.copy(), world.vehicle.setpoint_kw.copy())
    assert world.vehicle.power0_kw.tolist() == pytest.approx([9.0, -10.0 / 0.9])
    assert segments.ac_power_at(world.vehicle, np.arange(2), 0.0).tolist() == pytest.approx([10.0, -10.0])


def test_a_taper_by_hand():
    """60 kWh, limit 50 kW falling from SoC 0.8: from 54 kWh half the limit is left, and half of
    that again after E = 54 + 6 (1 - exp(-50/12 t)), so ln 2 * 12/50 h later."""
    world = fleet(car(charge_cap_kw=1e3))
    segments.begin_one(world, 0, 0.0, 54.0, 1e3)
    assert world.vehicle.power0_kw[0] == pytest.approx(25.0)
    assert world.vehicle.rate_per_h[0] == pytest.approx(-50.0 / 12.0)
    t = np.log(2.0) * 12.0 / 50.0 * 3600.0
    assert segments.power_at(world.vehicle, np.array([0]), t).item() == pytest.approx(12.5)
    assert segments.energy_of_one(world.vehicle, 0, t) == pytest.approx(57.0)


TRACES = [t for t in json.loads(GOLDEN.read_text())["traces"] if t["charge_calculation"] == "continuous"]


@pytest.mark.parametrize("trace", TRACES, ids=[t["id"] for t in TRACES])
def test_acn_sims_two_stage_battery(trace):
    """Lee, Sharma and Low 2021: ACN-Sim's battery has no floor, so ours is set next to none."""
    world = fleet(car(
        capacity_kwh=trace["capacity_kwh"], target_kwh=trace["capacity_kwh"],
        battery_max_kw=trace["max_power_kw"],
        curve=two_stage(trace["transition_soc"], 1e-9), charge_efficiency=1.0,
        energy0_kwh=trace["initial_kwh"]))
    hours, energy = trace["period_min"] / 60.0, trace["initial_kwh"]
    soc, current = [energy / trace["capacity_kwh"]], []
    for period, pilot in enumerate(trace["pilot_a"]):
        power = pilot * trace["voltage_v"] / 1000.0
        after = driven(world, 0, hours, energy, power, from_s=period * hours * 3600.0)
        current.append((after - energy) / hours * 1000.0 / trace["voltage_v"])
        soc.append(after / trace["capacity_kwh"])
        energy = after
    np.testing.assert_allclose(soc, trace["expected"]["soc"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(current, trace["expected"]["avg_current_a"], rtol=0, atol=1e-6)
