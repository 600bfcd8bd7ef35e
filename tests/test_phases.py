"""Three-phase sites: ACN-Sim's Caltech network, and what headroom, scale and fill promise."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.grid import phases
from sim.grid.phases import NetworkSpec

GOLDEN = Path(__file__).parent / "reference"
CALTECH = phases.load("caltech_garage")


@pytest.fixture(scope="module")
def case() -> dict:
    return json.loads((GOLDEN / "acn_caltech_real_uncontrolled.json").read_text())


@pytest.fixture(scope="module")
def currents(case) -> np.ndarray:
    """Charging currents, A (periods, 54): each vehicle draws its station's most until it is full,
    the last period's draw being what is left, which is the rule that the file states."""
    volts, hours = case["site"]["voltage_v"], case["time"]["period_min"] / 60.0
    index = {e["id"]: i for i, e in enumerate(case["site"]["evses"])}
    most = [e["allowed_current_a"][-1] * volts / 1000.0 for e in case["site"]["evses"]]
    drawn = np.zeros((case["time"]["n_periods"], len(index)))
    for session in case["sessions"]:
        battery, evse = session["battery"], index[session["evse"]]
        stored = battery["initial_kwh"]
        for period in range(session["arrival"], session["departure"]):
            power = min(most[evse], battery["max_power_kw"],
                        (battery["capacity_kwh"] - stored) / hours)
            stored += power * hours
            drawn[period, evse] = power * 1000.0 / volts
    return drawn


def test_the_shipped_caltech_network_is_acn_sims(case):
    evses = case["site"]["evses"]
    network = CALTECH.select([e["id"] for e in evses])
    phasors = np.exp(1j * np.deg2rad([e["phase_angle_deg"] for e in evses]))
    rows = [[c["coefficients"].get(e["id"], 0.0) for e in evses]
            for c in case["site"]["constraints"]]
    assert len(CALTECH.connectors) == len(evses) == 54
    assert list(network.limits) == [c["id"] for c in case["site"]["constraints"]]
    np.testing.assert_allclose(network.matrix, np.array(rows) * phasors, atol=1e-12)
    np.testing.assert_allclose(network.limit_a,
                               [c["limit_a"] for c in case["site"]["constraints"]])
    np.testing.assert_allclose(network.kw_per_a, case["site"]["voltage_v"] / 1000.0)


def test_currents_and_broken_limits_of_the_real_day(case, currents):
    network = CALTECH.select([e["id"] for e in case["site"]["evses"]])
    expected, tolerance = case["expected"], case["tolerance"]
    np.testing.assert_allclose(currents @ network.kw_per_a, expected["aggregate_power_kw"],
                               atol=tolerance["power_kw"])
    worst = dict(zip(network.limits, network.magnitudes(currents).max(0)))
    assert worst == pytest.approx(expected["constraint_max_current_a"],
                                  abs=tolerance["current_a"])
    periods = dict(zip(network.limits, network.broken(currents).sum(0).tolist()))
    assert periods == expected["constraint_violation_periods"]
    assert periods["AV Pod"] == 29
    peak = currents[expected["peak_period"]]
    assert network.unbalance(peak, upward=True) == pytest.approx(
        expected["nema_current_unbalance_at_peak"], abs=tolerance["current_a"])


def mixed(**limits) -> phases.Network:
    """One connector of each wiring, under the given limits (`limit_a` by line)."""
    return phases.build(NetworkSpec.model_validate({
        "name": "mixed", "voltage_v": 400.0,
        "groups": [{"wiring": w, "connectors": [w.lower()]} for w in phases.ANGLE_DEG],
        "limits": [{"name": line, "line": line, "limit_a": limit}
                   for line, limit in limits.items()]}), "mixed.toml")


def test_lines_carry_what_is_wired_to_them():
    network = mixed(A=32.0, B=32.0, C=32.0, N=20.0, negative=10.0)
    # Columns: A, B, C, AB, BC, CA, ABC.
    expected = np.array([[1, 0, 0, 1, 0, 1, 1],
                         [0, 1, 0, 1, 1, 0, 1],
                         [0, 0, 1, 0, 1, 1, 1],
                         [1, 1, 1, 0, 0, 0, 0],
                         [1 / 3] * 3 + [1 / np.sqrt(3)] * 3 + [0]])
    np.testing.assert_allclose(np.abs(network.matrix), expected, atol=1e-12)
    np.testing.assert_allclose(network.kw_per_a,
                               [0.4 / 3 ** 0.5] * 3 + [0.4] * 3 + [0.4 * 3 ** 0.5])
    balanced = network.magnitudes([10, 10, 10, 5, 5, 5, 7])
    assert balanced == pytest.approx([17 + 5 * np.sqrt(3)] * 3 + [0, 0], abs=1e-9)


def test_unbalance():
    network = mixed(A=32.0)
    assert network.unbalance([10, 10, 10, 0, 0, 0, 3]) == pytest.approx(0.0, abs=1e-12)
    assert network.unbalance([30, 0, 0, 0, 0, 0, 0]) == pytest.approx(2.0)
    assert network.unbalance([0, 15, 15, 0, 0, 0, 0]) == pytest.approx(1.0)
    assert network.unbalance([0, 15, 15, 0, 0, 0, 0], upward=True) == pytest.approx(0.5)
    assert network.unbalance(np.zeros((2, 7))).tolist() == [0.0, 0.0]


# Tenths of an ampere: numpy's errors are loud in tests, and denormal currents only underflow.
amperes = st.lists(st.integers(0, 400), min_size=54, max_size=54).map(lambda a: np.array(a) / 10)


@given(amperes, st.booleans())
def test_headroom_is_exact(drawn, feed):
    scaled = drawn * min(1.0, CALTECH.scale(drawn))
    room = CALTECH.headroom(scaled, feed)
    sign = -1.0 if feed else 1.0
    for i in range(0, 54, 7):
        step = np.zeros(54)
        step[i] = sign
        at = CALTECH.magnitudes(scaled + step * room[i])
        assert (at <= CALTECH.limit_a * (1 + 1e-9)).all()
        assert (at >= CALTECH.limit_a * (1 - 1e-9)).any()
        assert CALTECH.broken(scaled + step * (room[i] + 0.01)).any()


@given(amperes)
def test_a_broken_limit_is_not_made_worse(drawn):
    drawn = drawn + 20.0
    before = np.maximum(CALTECH.magnitudes(drawn), CALTECH.limit_a)
    room = CALTECH.headroom(drawn)
    for i in range(0, 54, 7):
        step = np.zeros(54)
        step[i] = room[i]
        assert (CALTECH.magnitudes(drawn + step) <= before * (1 + 1e-9)).all()


@given(amperes, amperes)
def test_scale_is_the_largest(drawn, other):
    fixed = other * min(1.0, CALTECH.scale(other)) * 0.5
    s = CALTECH.scale(drawn, fixed)
    if np.isinf(s):
        assert not drawn.any()
        return
    assert not CALTECH.broken(fixed + s * drawn).any()
    assert np.isclose(CALTECH.magnitudes(fixed + s * drawn), CALTECH.limit_a, rtol=1e-9).any()
    assert not CALTECH.broken(fixed + 0.5 * s * drawn).any()


@given(amperes, st.randoms(use_true_random=False), st.sampled_from([0.0, 6.0]))
def test_fill_grants_in_order_all_there_is(want, random, least):
    order = random.sample(range(54), 54)
    granted = CALTECH.fill(want, np.array(order), least=least)
    assert not CALTECH.broken(granted).any()
    assert (granted <= want).all() and (granted >= 0.0).all()
    assert ((granted == 0.0) | (granted >= least)).all()
    first = order[0]
    assert granted[first] == (min(want[first], 80.0) if want[first] >= least else 0.0)


def guarded_of(network: phases.Network) -> phases.Network:
    """The same site with limits that still hold when any connector draws less than granted."""
    rows, of = network.corners()
    return replace(network, matrix=rows, limit_a=network.limit_a[of],
                   limits=tuple(network.limits[j] for j in of.tolist()),
                   kinds=tuple(network.kinds[j] for j in of.tolist()))


@given(amperes, st.integers(0, 2 ** 30))
def test_guarded_limits_hold_whoever_stops(want, seed):
    guarded = guarded_of(CALTECH)
    granted = guarded.fill(want, np.arange(54))
    rng = np.random.default_rng(seed)
    for kept in (rng.uniform(0, 1, (20, 54)), rng.integers(0, 2, (20, 54))):
        assert not CALTECH.broken(granted * kept).any()


def test_guarding_matters_and_is_tight():
    """On the delta side two phases 120 degrees apart hide each other; guarded, the most that
    any of them going away can make is counted, and no more."""
    groups = [{"wiring": w, "connectors": [w.lower()]} for w in ("AB", "BC")]
    network = phases.build(NetworkSpec.model_validate({
        "name": "delta", "voltage_v": 208.0, "groups": groups,
        "limits": [{"name": "primary", "limit_a": 10.0, "sum": {"AB": 1.0, "BC": 1.0}}]}), "delta")
    both = np.array([11.0, 11.0])
    assert network.magnitudes(both) == pytest.approx([11.0])
    assert network.fill([12.0, 12.0], np.array([0, 1]), fixed=0.0).tolist() == pytest.approx(
        [10.0, 10.0])
    alternating = network.fill([20.0, 20.0], np.array([0, 1]), fixed=np.array([0.0, 5.0]))
    assert network.magnitudes(alternating + [0.0, 5.0])[0] <= 10.0 + 1e-9
    assert network.broken(alternating * [1.0, 0.0]).any()
    guarded = guarded_of(network)
    assert not network.broken(guarded.fill([20.0, 20.0], np.array([0, 1]))).any()
    for currents in product((0.0, 4.0, 9.0), repeat=2):
        subsets = [network.magnitudes(np.array(currents) * keep)[0]
                   for keep in product((0, 1), repeat=2)]
        assert guarded.magnitudes(currents).max() == pytest.approx(max(subsets))


@pytest.mark.parametrize("change, complaint", [
    ({"limits": [{"name": "x", "limit_a": 10.0}]}, "limits.0: expected either line or sum"),
    ({"limits": [{"name": "x", "limit_a": 0.0, "line": "A"}]}, "limits.0.limit_a: "),
    ({"limits": [{"name": "x", "limit_a": 1.0, "sum": {"pod": 1.0}}]},
     "limits.0.sum: no connector, group or wiring 'pod'"),
    ({"limits": [{"name": "x", "limit_a": 1.0, "line": "A", "of": ["pod"]}]},
     "limits.0.of: no connector, group or wiring 'pod'"),
    ({"limits": [{"name": "x", "limit_a": 1.0, "line": "N"}]},
     "limits.0: 'x' counts no connector"),
    ({"groups": [{"wiring": "AB", "connectors": ["1", "1"]}]},
     "groups.0.connectors.1: '1' is there twice"),
    ({"groups": [{"wiring": "AD", "connectors": ["1"]}]}, "groups.0.wiring: "),
    ({"groups": [{"name": "AB", "wiring": "AB", "connectors": ["1"]}]},
     "groups.0.name: the name 'AB' is taken"),
])
def test_refused_with_file_and_key(change, complaint, tmp_path):
    raw = {"name": "site", "voltage_v": 208.0,
           "groups": [{"wiring": "AB", "connectors": ["1"]}],
           "limits": [{"name": "x", "limit_a": 1.0, "line": "A"}], **change}
    path = tmp_path / "site.toml"
    path.write_text("\n".join(f"{k} = {_inline(v)}" for k, v in raw.items()))
    with pytest.raises(InputError) as refusal:
        phases.load(path)
    assert str(refusal.value).startswith(f"{path}: {complaint}")


def _inline(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}" = {_inline(v)}' for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)


def test_a_connector_that_the_network_lacks_is_refused():
    with pytest.raises(InputError, match="caltech_garage.toml: groups: no connector 'X-1'"):
        CALTECH.select(["CA-320", "X-1"])
