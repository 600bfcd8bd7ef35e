"""AC power flow: a case solved by hand, balances, and solves without a solution."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.grid import feeder as feeders
from sim.grid.feeder import FeederSpec
from sim.grid.powerflow import FeederState, PowerFlow

FIGURES = [name for name in FeederState.__dataclass_fields__ if name != "converged"]


def two_nodes(**transformer) -> feeders.Feeder:
    return feeders.build(FeederSpec.model_validate({
        "name": "two", "source": {"short_circuit_mva": 1e9},
        "transformer": {"node": "a", "rated_kva": 400.0, "hv_kv": 10.0, "lv_kv": 0.4,
                        "impedance_pct": 4.0, "load_loss_kw": 4.0, **transformer},
        "line_types": {"cable": {"r_ohm_per_km": 0.2, "x_ohm_per_km": 0.1, "ampacity_a": 270.0}},
        "nodes": [{"name": "a"}, {"name": "b"}],
        "lines": [{"from": "a", "to": "b", "type": "cable", "length_m": 100.0}]}), "two")


@pytest.fixture(scope="module")
def depot() -> PowerFlow:
    return PowerFlow(feeders.load("lv_depot"))


def test_two_nodes_by_hand():
    """One series impedance from a stiff source: the quadratic of the load's voltage."""
    p, q = 80e3, 20e3
    z = 0.02 + 0.01j + 0.4 ** 2 * 1e6 / 400e3 * (0.01 + 1j * np.sqrt(0.04 ** 2 - 0.01 ** 2))
    u1 = 400.0
    a = p * z.real + q * z.imag - u1 ** 2 / 2
    u2 = np.sqrt(-a + np.sqrt(a * a - abs(z) ** 2 * (p * p + q * q)))
    current = np.hypot(p, q) / (np.sqrt(3.0) * u2)
    state = PowerFlow(two_nodes()).solve(np.array([0.0, 80.0]), np.array([0.0, 20.0]))
    assert state.voltage_pu[1] == pytest.approx(u2 / 400.0, abs=1e-9)
    assert state.line_loading_pct[0] == pytest.approx(100.0 * current / 270.0, rel=1e-9)
    assert state.losses_kw == pytest.approx(3.0 * current ** 2 * z.real / 1e3, rel=1e-8)
    assert state.import_kw == pytest.approx(80.0 + state.losses_kw, rel=1e-9)


def test_a_tap_moves_the_voltage():
    volts = [PowerFlow(two_nodes(tap=tap)).state.voltage_pu[0] for tap in (-2, 0, 2)]
    assert volts == pytest.approx([1 / 0.95, 1.0, 1 / 1.05], abs=1e-6)


@given(st.lists(st.integers(-60, 60), min_size=9, max_size=9))
def test_energy_balances_and_losses_are_positive(depot, powers):
    state = depot.solve(np.array(powers), 0.1 * np.array(powers))
    assert state.converged
    assert state.import_kw == pytest.approx(sum(powers) + state.losses_kw, abs=1e-6)
    assert state.losses_kw > 0.9


def test_charging_lowers_and_feeding_raises_the_voltage(depot):
    idle = depot.solve(np.zeros(9)).voltage_pu
    assert (depot.solve(np.full(9, 20.0)).voltage_pu < idle).all()
    assert (depot.solve(np.full(9, -20.0)).voltage_pu > idle).all()


def test_a_batch_is_its_solves_one_by_one(depot):
    rng = np.random.default_rng(3)
    p, q = rng.uniform(-50, 50, (12, 9)), rng.uniform(-10, 10, (12, 9))
    batch = depot.solve_batch(p, q)
    for k in range(12):
        one = depot.solve(p[k], q[k])
        for name in FIGURES:
            np.testing.assert_allclose(getattr(batch, name)[k], getattr(one, name), atol=1e-7)


def test_a_solve_does_not_depend_on_those_before():
    p = np.linspace(0, 40, 9)
    fresh, used = (PowerFlow(feeders.load("lv_depot")) for _ in range(2))
    used.solve(3.0 * p)
    used.solve(p * 1e4)
    a, b = fresh.solve(p), used.solve(p)
    assert all(np.array_equal(getattr(a, name), getattr(b, name)) for name in FIGURES)


@pytest.mark.parametrize("bad", [1e5, np.nan, np.inf])
def test_without_a_solution_the_last_good_state_stands(depot, bad):
    good = depot.solve(np.full(9, 10.0))
    powers = np.full(9, 10.0)
    powers[4] = bad
    kept = depot.solve(powers)
    assert good.converged and not kept.converged
    assert all(np.array_equal(getattr(kept, name), getattr(good, name)) for name in FIGURES)
    assert depot.state is good


def test_bad_rows_of_a_batch_take_the_last_good_one(depot):
    before = depot.solve(np.full(9, 5.0))
    p = np.full((5, 9), 10.0)
    p[0], p[2], p[3, 0] = 1e5, 1e5, np.nan
    states = depot.solve_batch(p)
    assert states.converged.tolist() == [False, True, False, False, True]
    assert np.array_equal(states.voltage_pu[0], before.voltage_pu)
    assert np.array_equal(states.voltage_pu[3], states.voltage_pu[1])
    assert depot.state.losses_kw == states.losses_kw[4] and depot.state.converged


def test_a_ring_is_solved():
    ring = feeders.build(FeederSpec.model_validate({
        "name": "ring",
        "transformer": {"node": "a", "rated_kva": 400.0, "hv_kv": 10.0, "lv_kv": 0.4,
                        "impedance_pct": 4.0, "load_loss_kw": 4.0},
        "line_types": {"cable": {"r_ohm_per_km": 0.2, "x_ohm_per_km": 0.1, "ampacity_a": 270.0}},
        "nodes": [{"name": n} for n in "abc"],
        "lines": [{"from": a, "to": b, "type": "cable", "length_m": 100.0}
                  for a, b in ("ab", "bc", "ca")]}), "ring")
    state = PowerFlow(ring).solve(np.array([0.0, 30.0, 30.0]))
    assert state.voltage_pu[1] == pytest.approx(state.voltage_pu[2], abs=1e-9)
    assert state.line_loading_pct[1] == pytest.approx(0.0, abs=1e-6)


def test_the_solver_is_loaded_with_the_first_power_flow():
    program = ("import sys\nfrom sim.grid.powerflow import PowerFlow\nfrom sim.grid import feeder\n"
               "f = feeder.load('lv_depot')\nassert 'power_grid_model' not in sys.modules\n"
               "PowerFlow(f)\nassert 'power_grid_model' in sys.modules\n")
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])
