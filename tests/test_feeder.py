"""A feeder's file: what is refused and how, and who hangs where."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.grid import feeder as feeders
from sim.grid.feeder import FEEDER_DIR, FeederSpec
from sim.tables import shipped

TABLE = {
    "name": "street",
    "transformer": {"node": "bus", "rated_kva": 100.0, "hv_kv": 10.0, "lv_kv": 0.4,
                    "impedance_pct": 4.0, "load_loss_kw": 1.5, "no_load_loss_kw": 0.2,
                    "no_load_current_pct": 0.5},
    "line_types": {"cable": {"r_ohm_per_km": 0.2, "x_ohm_per_km": 0.08, "c_nf_per_km": 250.0,
                             "ampacity_a": 270.0}},
    "nodes": [{"name": "end", "load_kw": 3.0, "stations": ["S-02"]},
              {"name": "bus"},
              {"name": "mid", "load_kw": 1.0, "connectors": ["C-9"], "zones": ["yard"]}],
    "lines": [{"from": "bus", "to": "mid", "type": "cable", "length_m": 50.0},
              {"from": "mid", "to": "end", "type": "cable", "length_m": 100.0, "parallel": 2}],
}


def table(**changes) -> dict:
    """TABLE with values replaced by dotted key (`lines__0__to`)."""
    raw = copy.deepcopy(TABLE)
    for key, value in changes.items():
        *parents, last = [int(k) if k.isdigit() else k for k in key.split("__")]
        part = raw
        for parent in parents:
            part = part[parent]
        part[last] = value
    return raw


def built(raw: dict) -> feeders.Feeder:
    return feeders.build(FeederSpec.model_validate(raw), "street.toml")


def as_toml(value) -> str:
    """Enough TOML for these tables, as inline values."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}" = {as_toml(v)}' for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@pytest.mark.parametrize("name", shipped(FEEDER_DIR))
def test_shipped_feeders_are_sound(name):
    feeder = feeders.load(name)
    assert feeder.name == name
    n, m = len(feeder.node_names), len(feeder.line_names)
    assert m == n - 1
    assert feeder.node_names[0] == feeder.transformer.node
    assert (feeder.r_ohm > 0).all() and (feeder.ampacity_a > 0).all()
    assert feeder.load_kw.sum() < feeder.transformer.rated_kva


def test_arrays_follow_the_table():
    feeder = built(TABLE)
    assert feeder.node_names == ("bus", "end", "mid")
    assert feeder.line_from.tolist() == [0, 2] and feeder.line_to.tolist() == [2, 1]
    assert feeder.line_names == ("bus-mid", "mid-end")
    assert feeder.r_ohm == pytest.approx([0.01, 0.01])
    assert feeder.x_ohm == pytest.approx([0.004, 0.004])
    assert feeder.c_farad == pytest.approx([12.5e-9, 50e-9])
    assert feeder.ampacity_a.tolist() == [270.0, 540.0]
    assert feeder.load_kvar == pytest.approx(feeder.load_kw * np.tan(np.arccos(0.95)))


@pytest.mark.parametrize("changes, complaint", [
    ({"lines__1__to": "nowhere"}, "lines.1.to: no node 'nowhere'"),
    ({"lines__0__from": "nowhere"}, "lines.0.from: no node 'nowhere'"),
    ({"lines__1__to": "mid"}, "lines.1.to: the line ends where it starts"),
    ({"lines": TABLE["lines"][:1]}, "nodes.0.name: node 'end' is an island"),
    ({"lines__0__type": "rope"}, "lines.0.type: no line type 'rope', expected one of cable"),
    ({"nodes__0__name": "mid"}, "nodes.2.name: two nodes are named 'mid'"),
    ({"transformer__node": "x"}, "transformer.node: no node 'x'"),
    ({"transformer__impedance_pct": 1.0}, "transformer.impedance_pct: at least 1.5"),
    ({"transformer__no_load_current_pct": 0.1}, "transformer.no_load_current_pct: at least 0.2"),
    ({"transformer__tap": 3}, "transformer.tap: from -2 to 2, not 3"),
    ({"transformer__hv_kv": 0.4}, "transformer.hv_kv: above lv_kv"),
    ({"line_types__cable__r_ohm_per_km": 0.0}, "line_types.cable.r_ohm_per_km: "),
    ({"line_types__cable__x_ohm_per_km": -0.1}, "line_types.cable.x_ohm_per_km: "),
    ({"line_types__cable__ampacity_a": float("inf")}, "line_types.cable.ampacity_a: "),
    ({"lines__0__length_m": float("nan")}, "lines.0.length_m: "),
    ({"nodes__0__load_kw": float("nan")}, "nodes.0.load_kw: "),
    ({"spread": ["x"]}, "spread.0: no node 'x'"),
    ({"nodes__1__stations": ["S-02"]}, "nodes.1.stations.0: 'S-02' already hangs"),
    ({"nodes__1__color": "red"}, "nodes.1.color: no such key"),
])
def test_refused_with_file_and_key(changes, complaint, tmp_path):
    path = tmp_path / "street.toml"
    path.write_text("\n".join(f"{k} = {as_toml(v)}" for k, v in table(**changes).items()))
    with pytest.raises(InputError) as refusal:
        feeders.load("street.toml", tmp_path)
    assert str(refusal.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(refusal.value)


def test_unknown_names_and_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="unknown feeder 'nope', expected .* lv_depot"):
        feeders.load("nope")
    with pytest.raises(InputError, match="nope.toml: no such feeder file"):
        feeders.load("nope.toml")
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(InputError, match="bad.toml: not valid TOML"):
        feeders.load(tmp_path / "bad.toml")


def test_the_most_precise_name_counts():
    feeder = built(TABLE)
    places = feeder.place(["C-9", "C-8", "C-7", "C-6"], ["S-02", "S-02", "S-01", "S-01"],
                          ["yard", "yard", "yard", "yard"])
    assert [feeder.node_names[k] for k in places] == ["mid", "end", "mid", "mid"]


def test_names_that_the_site_lacks_and_homeless_stations_are_refused():
    feeder = built(TABLE)
    with pytest.raises(InputError, match=r"nodes.0.stations.0: the site has no station 'S-02'"):
        feeder.place(["C-9"], ["S-01"], ["yard"])
    with pytest.raises(InputError, match="spread: no node is given for station 'S-03'"):
        feeder.place(["C-9", "C-1", "C-2"], ["S-01", "S-02", "S-03"], ["yard", "yard", "annex"])


@given(st.integers(1, 40), st.integers(1, 5))
def test_stations_are_dealt_in_even_blocks(stations, nodes):
    raw = table(nodes=[{"name": f"n{k}"} for k in range(nodes)], transformer__node="n0",
                spread=[f"n{k}" for k in range(nodes)],
                lines=[{"from": "n0", "to": f"n{k}", "type": "cable", "length_m": 10.0}
                       for k in range(1, nodes)])
    names = [f"S{k}" for k in range(stations) for _ in range(2)]
    places = built(raw).place([f"C{k}" for k in range(2 * stations)], names, ["z"] * len(names))
    assert (np.diff(places) >= 0).all()
    assert (places[::2] == places[1::2]).all()
    if stations >= nodes:
        assert np.ptp(np.bincount(places, minlength=nodes)) <= 2


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_base_load_is_shared_without_loss(total):
    p, q = built(TABLE).spread_load(np.array(total))
    assert p.shape == q.shape == (len(total), 3)
    assert p.sum(1) == pytest.approx(total)
    assert p[:, 1] == pytest.approx(3 * p[:, 2])


def test_without_loads_the_base_load_stands_at_the_busbar():
    feeder = built(table(nodes__0__load_kw=0.0, nodes__2__load_kw=0.0))
    p, q = feeder.spread_load(12.0)
    assert p.tolist() == [12.0, 0.0, 0.0] and q.tolist() == [0.0, 0.0, 0.0]
