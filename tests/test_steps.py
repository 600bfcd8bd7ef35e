"""Prices and base loads: constant between known moments."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import START, scenario

from sim.errors import InputError
from sim.steps import Steps, base_load
from sim.tariffs import prices, selling_price

DAY = 86400.0
STEPS = Steps(np.array([0.0, 100.0, 200.0]), np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("t, value", [(0, 1), (99.9, 1), (100, 2), (199.9, 2), (200, 3), (1e9, 3)])
def test_a_value_holds_from_its_start_until_the_next(t, value):
    assert STEPS.at(t) == value


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(5, 9)), max_size=5))
def test_overrides_change_their_stretch_and_nothing_else(overrides):
    steps, plain = STEPS, {t: STEPS.at(t * 10.0) for t in range(60)}
    for start, length, value in overrides:
        steps = steps.override(start * 10.0, (start + length) * 10.0, float(value))
        plain |= {t: value for t in range(start, start + length)}
        assert np.all(np.diff(steps.starts) > 0)
    for t, value in plain.items():
        assert steps.at(t * 10.0) == value
        assert steps.at(t * 10.0 + 9.99) == value


@pytest.mark.parametrize("since, until, mean", [
    (0.0, 50.0, 1.0), (50.0, 150.0, 1.5), (0.0, 300.0, 2.0), (250.0, 260.0, 3.0),
    (150.0, 450.0, 8.5 / 3)])
def test_the_mean_weighs_values_by_how_long_they_hold(since, until, mean):
    assert STEPS.mean(since, np.array([until, until])).tolist() == pytest.approx([mean, mean])


def test_merging_joins_equal_neighbours():
    merged = Steps(np.arange(5.0), np.array([1.0, 1.0, 2.0, 2.0, 1.0])).merged()
    assert merged.starts.tolist() == [0.0, 2.0, 4.0]
    assert merged.values.tolist() == [1.0, 2.0, 1.0]


def test_a_constant_base_load():
    assert base_load(scenario(grid={"base_load": 12.5}), DAY).at(70_000.0) == 12.5


def test_a_base_load_profile_starts_at_midnight_and_repeats():
    profile = {"step": "6h", "values": [1.0, 2.0, 3.0, 4.0]}
    load = base_load(scenario(start="2026-01-14T15:00:00+01:00", grid={"base_load": profile}), 3 * DAY)
    for hours in np.arange(0.0, 48.0, 0.5):
        clock = (15 + hours) % 24
        assert load.at(hours * 3600.0) == 1.0 + clock // 6


def test_a_price_series_starts_with_the_scenario_and_repeats():
    price = prices(scenario(tariff={"kind": "series", "step": "1h", "values": [0.1, 0.2, 0.3]},
                                  start="2026-01-14T15:00:00+01:00"), 2 * DAY).buying
    assert [price.at(h * 3600.0) for h in range(7)] == [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1]


CLOCKS = st.integers(0, 24).map(lambda h: f"{h:02d}:00")


@given(st.lists(st.tuples(CLOCKS, CLOCKS, st.sampled_from([0.1, 0.4])), min_size=1, max_size=4),
       st.integers(0, 23))
def test_time_of_use_bands_hold_on_the_clock_whatever_the_start(bands, start_hour):
    start = datetime.fromisoformat(START) + timedelta(hours=start_hour)
    raw = {"kind": "time_of_use", "price": 0.25,
           "bands": [{"from": a, "to": b, "price": p} for a, b, p in bands]}
    held = [[begin <= h < end if begin < end else h >= begin or h < end for h in range(24)]
            for begin, end in ((int(a[:2]) % 24, int(b[:2])) for a, b, _ in bands)]
    if np.sum(held, axis=0).max() > 1:
        with pytest.raises(InputError, match="overlaps bands"):
            scenario(tariff=raw, start=start.isoformat())
        return
    price = prices(scenario(tariff=raw, start=start.isoformat()), 2 * DAY).buying
    for half_hours in range(0, 96):
        clock = (start_hour + half_hours / 2) % 24
        expected = 0.25
        for begin, end, value in bands:
            begin, end = int(begin[:2]) % 24, int(end[:2])
            if begin < end and begin <= clock < end or begin >= end and not end <= clock < begin:
                expected = value
        assert price.at(half_hours * 1800.0) == expected


@pytest.mark.parametrize("tariff, earned", [
    ({"kind": "flat", "price": 0.3, "sell_share": 0.5}, 0.1), ({"kind": "flat", "price": 0.3, "sell_price": 0.07}, 0.07),
    ({"kind": "flat", "price": 0.3}, 0.2)])
def test_the_selling_price_is_a_share_or_fixed(tariff, earned):
    assert selling_price(scenario(tariff=tariff), 0.2) == pytest.approx(earned)
