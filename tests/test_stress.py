"""The stress index: what it is made of, its levels, and its words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.grid.record import Worst
from sim.grid.stress import (ANCHORS, BEGINS, CALM, HYSTERESIS, Level, LimitedBy, Reading, Stress,
                             assess, level, of_hub, part)

READING = Reading(transformer="T2", loading_pct=104.0, hot_spot_c=121.0, nodes=("N1", "N2"),
                  voltage_pu=(1.0, 0.97), lines=("L1",), line_loading_pct=(62.0,),
                  limits=("AV Pod",), limit_loading_pct=(50.0,))
indices = st.integers(0, 100).map(lambda k: k / 100)


def test_the_worst_figure_makes_it_and_is_named():
    stress = assess(READING)
    assert stress.limited_by == LimitedBy.HOT_SPOT
    assert stress.index == pytest.approx(0.81)
    assert stress.words == "transformer T2 at 104 %, hot-spot 121 °C"


@pytest.mark.parametrize("reading, limited_by, words", [
    (Reading(transformer="T1", loading_pct=90.0), LimitedBy.TRANSFORMER_LOADING,
     "transformer T1 at 90 %"),
    (Reading(nodes=("N1", "N2"), voltage_pu=np.array([0.99, 0.912])), LimitedBy.VOLTAGE,
     "voltage 0.912 pu at N2"),
    (Reading(nodes=("N1", "N2"), voltage_pu=[1.08, 0.95]), LimitedBy.VOLTAGE,
     "voltage 1.080 pu at N1"),
    (Reading(lines=("L1", "L2"), line_loading_pct=[20.0, 97.4]), LimitedBy.LINE,
     "line L2 at 97 %"),
    (Reading(limits=("AV Pod",), limit_loading_pct=[200.0]), LimitedBy.LIMIT,
     "AV Pod at 200 % of its limit"),
    (Reading(converged=False), LimitedBy.NO_SOLUTION,
     "no solution of the power flow: the feeder cannot carry its load"),
])
def test_words(reading, limited_by, words):
    stress = assess(reading)
    assert (stress.limited_by, stress.words) == (limited_by, words)


def test_calm():
    assert assess(Reading()) == CALM
    assert assess(Reading(transformer="T1", loading_pct=30.0, hot_spot_c=40.0, nodes=("N",),
                          voltage_pu=[1.0])) == CALM


@pytest.mark.parametrize("figure", ANCHORS)
def test_each_figure_runs_from_0_to_1_without_turning_back(figure):
    points = ANCHORS[figure]
    assert part(figure, np.array(points)) == pytest.approx([0.0, 0.4, 0.6, 0.8, 1.0])
    values = part(figure, np.linspace(points[0] - 1.0, points[-1] + 1.0, 500))
    assert (np.diff(values) >= 0.0).all() and values[0] == 0.0 and values[-1] == 1.0


def test_the_voltage_band_is_the_emergency():
    for volts in (0.9, 1.1):
        assert assess(Reading(nodes=("N",), voltage_pu=[volts])).index == pytest.approx(0.8)


def test_the_hub_is_as_stressed_as_its_worst_zone():
    zones = {"tour": CALM, "pool": Stress(0.7, LimitedBy.LINE, "line L2 at 95 %"),
             "buses": Stress(0.7, LimitedBy.VOLTAGE, "voltage 0.910 pu at N2")}
    assert of_hub(zones) == Stress(0.7, LimitedBy.LINE, "pool: line L2 at 95 %")
    assert of_hub({}) == of_hub({"tour": CALM}) == CALM


def test_past_the_end_of_the_index_the_one_farther_beyond_is_the_worst():
    reading = Reading(transformer="T1", loading_pct=160.0, limits=("AV Pod",), limit_loading_pct=[180.0])
    assert assess(reading).words == "AV Pod at 180 % of its limit"
    none = assess(Reading(converged=False))
    zones = {"a": assess(Reading(lines=("L1",), line_loading_pct=[125.0])), "b": assess(reading)}
    assert {its.index for its in (*zones.values(), none)} == {1.0}
    assert of_hub(zones).words == "b: AV Pod at 180 % of its limit"
    assert of_hub({**zones, "c": none}).limited_by == LimitedBy.NO_SOLUTION


def test_the_worst_moment_is_that_of_the_highest_stress_also_past_the_end_of_the_index():
    worst = Worst()
    for t_s, percent in enumerate([60.0, 125.0, 200.0, 150.0, 200.0, 10.0]):
        its = assess(Reading(limits=("AV Pod",), limit_loading_pct=[percent]))
        worst.take(its.index, its.beyond, t_s, its.limited_by, its.words)
    assert (worst.index, worst.t_s, worst.words) == (1.0, 2, "AV Pod at 200 % of its limit")


@given(indices, st.integers(0, 3))
def test_levels_follow_the_index_within_the_hysteresis(index, before):
    now = int(level(index, before))
    assert now == 0 or index >= BEGINS[now - 1] - HYSTERESIS
    assert now == 3 or index < BEGINS[now]
    if now < before:
        assert index < BEGINS[before - 1] - HYSTERESIS
    assert level(index, now) == now


def test_a_level_does_not_flicker():
    levels, now = [], np.zeros(1, int)
    for index in (0.3, 0.41, 0.39, 0.41, 0.36, 0.34, 0.61, 0.57, 0.85, 0.2):
        now = level(np.array([index]), now)
        levels.append(int(now[0]))
    assert levels == [0, 1, 1, 1, 1, 0, 2, 2, 3, 0]
    assert Level(levels[-2]) == Level.EMERGENCY
