"""System frequency: the swing equation's own facts, exactness, and droop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.grid.frequency import FCR, Droop, Frequency, System, droop_kw, exponential

losses = st.integers(-3000, 3000).map(float)


def test_the_first_slope_is_set_by_inertia():
    frequency = Frequency()
    frequency.disturb(10.0, -3000.0)
    at = frequency.at(10.0)
    assert at.df_hz == 0.0
    assert at.slope_hz_per_s == pytest.approx(-3000.0 * 50.0 / (2 * 5.0 * 150_000.0))


def test_without_restoration_it_settles_where_reserve_and_damping_balance():
    frequency = Frequency(System(restoration_s=None))
    frequency.disturb(0.0, -3000.0)
    at = frequency.at(600.0)
    assert at.df_hz == pytest.approx(-3000.0 / (15_000.0 + 1_500.0))
    assert at.primary_mw == pytest.approx(3000.0 * 15_000.0 / 16_500.0)


def test_restoration_brings_it_back():
    frequency = Frequency()
    frequency.disturb(0.0, -3000.0)
    at = frequency.at(3600.0)
    assert at.df_hz == pytest.approx(0.0, abs=1e-9)
    assert at.restoration_mw == pytest.approx(3000.0)
    assert at.primary_mw == pytest.approx(0.0, abs=1e-4)


def test_the_nadir_is_found_exactly():
    frequency = Frequency()
    frequency.disturb(0.0, -2000.0)
    when, hz = frequency.extreme(60.0)
    dense = frequency.hz(np.linspace(0.0, 60.0, 60_001))
    assert hz == pytest.approx(dense.min(), abs=1e-8) and hz <= dense.min()
    assert when == pytest.approx(np.argmin(dense) / 1000.0, abs=2e-3)
    assert frequency.at(when).slope_hz_per_s == pytest.approx(0.0, abs=1e-8)
    assert frequency.extreme(3.0) == (3.0, pytest.approx(float(frequency.hz(3.0))))


def test_more_inertia_and_a_fleet_that_feeds_lift_the_nadir():
    def nadir(system: System, fleet_mw: float) -> float:
        frequency = Frequency(system)
        frequency.disturb(0.0, -3000.0)
        frequency.respond(1.0, fleet_mw)
        return frequency.extreme(60.0)[1]
    base = nadir(System(), 0.0)
    assert nadir(System(inertia_s=8.0), 0.0) > base
    assert nadir(System(), 300.0) > base


@given(losses, st.integers(1, 600), st.integers(1, 9))
def test_exact_however_the_time_is_split(mw, seconds, tenths):
    whole, split = Frequency(), Frequency()
    for frequency in (whole, split):
        frequency.disturb(0.0, mw)
    split.disturb(seconds * tenths / 10.0, 0.0)
    a, b = whole.at(seconds), split.at(seconds)
    np.testing.assert_allclose([b.df_hz, b.primary_mw / 1e4, b.restoration_mw / 1e4],
                               [a.df_hz, a.primary_mw / 1e4, a.restoration_mw / 1e4], atol=1e-12)


def test_the_equations_hold():
    """Fourth-order Runge-Kutta on the equations as the module states them."""
    s = System(nominal_hz=60.0, load_mw=40_000.0, inertia_s=3.0, damping_per_hz=0.015,
               reserve_mw=800.0, reserve_full_hz=0.3, reserve_s=6.0, restoration_s=90.0)
    stiffness, own = s.reserve_mw / s.reserve_full_hz, s.damping_per_hz * s.load_mw

    def slope(x):
        df, p, r = x
        return np.array([(-500.0 + p + r - own * df) * s.nominal_hz / (2 * s.inertia_s * s.load_mw),
                         (-stiffness * df - p) / s.reserve_s,
                         -(stiffness + own) * df / s.restoration_s])

    x, h = np.zeros(3), 0.01
    for _ in range(3000):
        k1 = slope(x)
        k2 = slope(x + h / 2 * k1)
        k3 = slope(x + h / 2 * k2)
        k4 = slope(x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    frequency = Frequency(s)
    frequency.disturb(0.0, -500.0)
    at = frequency.at(30.0)
    np.testing.assert_allclose([at.df_hz, at.primary_mw, at.restoration_mw], x, rtol=1e-8)


def test_steps_add_up_and_can_be_taken_back():
    frequency = Frequency()
    frequency.disturb(0.0, -1000.0)
    frequency.respond(5.0, 400.0)
    frequency.disturb(9.0, 600.0)
    assert frequency.fleet_mw == 400.0
    assert frequency.at(5_000.0).restoration_mw == pytest.approx(0.0, abs=1e-6)
    with pytest.raises(ValueError, match="before the last step"):
        frequency.at(8.0)


def test_a_system_without_reserve_is_held_by_its_load_alone():
    frequency = Frequency(System(reserve_mw=0.0, restoration_s=None))
    frequency.disturb(0.0, -300.0)
    assert frequency.at(1000.0).df_hz == pytest.approx(-0.2)


def test_droop():
    deviations = np.array([-0.3, -0.2, -0.1, -0.011, -0.01, 0.0, 0.05, 0.2, 1.0])
    assert droop_kw(deviations, 10.0) == pytest.approx(
        [10.0, 10.0, 5.0, 0.55, 0.0, 0.0, -2.5, -10.0, -10.0])
    assert droop_kw(0.05, np.array([4.0, 8.0]), Droop(deadband_hz=0.0, full_hz=0.1)) == pytest.approx([-2.0, -4.0])
    assert FCR.full_hz == 0.2


@given(st.integers(-500, 500).map(lambda k: k / 1000), st.integers(0, 100))
def test_droop_opposes_the_deviation_and_never_exceeds_the_bid(deviation, bid):
    power = float(droop_kw(deviation, bid))
    assert abs(power) <= bid and power * deviation <= 0.0
    assert power == -float(droop_kw(-deviation, bid))


@given(st.lists(st.integers(-30, 30), min_size=9, max_size=9))
def test_the_matrix_exponential(entries):
    matrix = np.array(entries, float).reshape(3, 3) / 4.0
    once = exponential(matrix)
    size = np.abs(once).max() * np.abs(exponential(-matrix)).max()
    assert np.abs(once @ exponential(-matrix) - np.eye(3)).max() <= 1e-13 * size + 1e-12
    assert np.linalg.det(once) == pytest.approx(np.exp(np.trace(matrix)), rel=1e-12 * size + 1e-9)
    np.testing.assert_array_equal(exponential(np.stack([matrix, matrix]))[1], once)


@pytest.mark.parametrize("bad", [{"inertia_s": 0.0}, {"load_mw": float("nan")},
                                 {"restoration_s": -1.0}, {"colour": 1}])
def test_a_system_that_makes_no_sense_is_refused(bad):
    with pytest.raises(ValidationError):
        System(**bad)
    with pytest.raises(ValidationError, match="deadband_hz lies below full_hz"):
        Droop(deadband_hz=0.3, full_hz=0.2)
