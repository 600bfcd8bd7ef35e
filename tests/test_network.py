"""Three-phase networks in whole runs: limits kept by every strategy, excesses and unbalance told."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (COMMAND_STRATEGIES, HOUR, SHARING, command, kinds, plans, scenario,
                    stretches, visit, visits, zone)

from entities.components import Reason
from game.ui.facts import card, limited_by
from sim.alarms import Alarms
from sim.battery.curves import two_stage
from sim.granting import fill
from sim.granting import level as evened
from sim.grid import phases
from sim.grid.lines import Rows, line_room
from sim.grid.phase_meter import PhaseMeter
from sim.grid.stress import LimitedBy, part as stress_part
from sim.model import Model
from sim.results import results
from sim.room import Room
from sim.run import replay, run
from sim.scenario import load

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "three_phase" / "depot.toml"
CALTECH = phases.load("caltech_garage")
MIXED = """
name = "mixed"
voltage_v = 400.0
groups = [
    { wiring = "A", connectors = ["C-01"] },
    { wiring = "B", connectors = ["C-02"] },
    { wiring = "BC", connectors = ["C-03"] },
    { wiring = "ABC", connectors = ["C-04"] },
    { wiring = "C", connectors = ["C-05"] },
    { wiring = "AB", connectors = ["C-06"] },
]
limits = [
    { name = "line A", line = "A", limit_a = 30.0 },
    { name = "line B", line = "B", limit_a = 25.0 },
    { name = "line C", line = "C", limit_a = 40.0 },
    { name = "neutral", line = "N", limit_a = 20.0 },
    { name = "unbalance", line = "negative", limit_a = 12.0 },
]
"""


@pytest.fixture(scope="module")
def mixed_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "mixed.toml"
    path.write_text(MIXED)
    return str(path)


def check_limits(model: Model) -> None:
    """Written out from the columns, at every event and between events."""
    world, network = model.world, model.phases.network
    vehicle = world.vehicle
    for since, until in stretches(model):
        for t in np.linspace(since, until, 5):
            dc = vehicle.power0_kw * np.exp(vehicle.rate_per_h * (t - vehicle.t0_s) / HOUR)
            kw = np.where(dc > 0, dc / vehicle.charge_efficiency, dc * vehicle.discharge_efficiency)
            amps = np.zeros(world.connector.slots)
            there = np.flatnonzero(kw)
            amps[vehicle.connector[there]] = kw[there] / network.kw_per_a[vehicle.connector[there]]
            broken = network.broken(amps)
            assert not broken.any(), (t, [n for n, b in zip(network.limits, broken) if b],
                                      network.magnitudes(amps) - network.limit_a)
    model.close_books()
    assert not [e for e in kinds(model, "limit_exceeded")]
    assert not any(spells.count for spells in model.phases.excess)


STEERED = plans(strategies=SHARING, base_within_limit=True, commands=st.one_of(
    *(orders for kind, orders in COMMAND_STRATEGIES.items()
      if kind not in ("set_strategy", "set_limit", "schedule", "watch"))))


@settings(max_examples=50)
@given(STEERED)
def test_no_line_of_a_mixed_network_is_exceeded(mixed_file, plan):
    plan.raw["grid"]["network"] = mixed_file
    check_limits(plan.model())


RISING = ((0.0, 0.2), (0.3, 0.7), (0.6, 1.0), (0.6, 0.4), (1.0, 0.1))


@pytest.mark.parametrize("strategy", SHARING)
@settings(max_examples=5)
@given(st.data())
def test_no_limit_of_the_caltech_network_is_exceeded(strategy, data):
    """A crowd on few phases, which may feed: pods and the transformer's windings bind."""
    names = data.draw(st.permutations(CALTECH.connectors))[:data.draw(st.integers(1, 40))]
    if data.draw(st.booleans()):  # two phases alone, so that they hide each other on the delta side
        names = [n for n in names if CALTECH.lines[0, CALTECH.connectors.index(n)] != 0] or names
    seed = data.draw(st.integers(0, 2**16))
    draw = np.random.Generator(np.random.Philox(seed)).uniform
    cars = [visit(f"ev{k}", at := draw(0, 1) * HOUR, at + draw(0.2, 3) * HOUR, connector=name,
                  stored=draw(5, 45), target=draw(10, 50), curve=RISING if draw() < 0.4 else two_stage(draw(0.4, 1.0), 0.05),
                  ac_charge_kw=22.0, ac_discharge_kw=11.0 * (draw() < 0.5), battery_max_kw=22.0)
            for k, name in enumerate(names)]
    stations = [{"connectors": [{"name": n, "charge_kw": 22.0, "discharge_kw": 11.0}]}
                for n in CALTECH.connectors]
    plan = scenario({"name": "garage", "stations": stations}, strategy=strategy,
                    grid={"network": "caltech_garage"}, duration=3 * HOUR,
                    tariff={"kind": "series", "step": "20m", "sell_share": 0.95,
                            "values": [0.1, 0.5, 0.2, 0.6]})
    check_limits(Model(plan, visits(*cars)))


@settings(max_examples=30)
@given(plans(most_cars=6, commands=COMMAND_STRATEGIES["set_connector_power"]))
def test_every_excess_of_a_network_is_an_event_and_is_counted(mixed_file, plan):
    """Against a scan of each stretch, whatever strategies and operators do."""
    plan.raw["grid"]["network"] = mixed_file
    model = plan.model()
    network, running = model.phases.network, np.zeros(5, bool)
    counts, seconds, worst, most = np.zeros(5, int), np.zeros(5), np.zeros(5), np.zeros(5)
    for since, until in stretches(model):
        sums = network.magnitudes([model.phases.currents(t) for t in np.linspace(since, until, 60)])
        over = sums > network.limit_a + 1e-5
        counts += (over & ~np.vstack([running, over[:-1]])).sum(0)
        seconds += over.mean(0) * (until - since)
        worst = np.maximum(worst, (sums - network.limit_a).max(0))
        most, running = np.maximum(most, sums[[0, -1]].max(0)), over[-1]
    model.close_books()
    for j, spells in enumerate(model.phases.excess):
        told = [e for e in model.events if e["kind"] == "limit_exceeded"
                and e.get("limit") == network.limits[j]]
        assert spells.count == len(told) == counts[j], network.limits[j]
        if counts[j]:
            assert spells.seconds_until(model.now_s) == pytest.approx(seconds[j], rel=0.05, abs=120.0)
            assert spells.worst == pytest.approx(worst[j], rel=1e-3)
    np.testing.assert_allclose(model.phases.limit_max_a, most, rtol=1e-9, atol=1e-9)


def test_an_excess_that_begins_and_ends_between_two_events_is_found():
    """On the delta side AB hides a part of what BC draws. It tapers quickly, and its going raises
    the sum; BC tapers slowly and lowers it again. At both ends of the stretch the limit is kept."""
    network = phases.build(phases.NetworkSpec.model_validate({
        "name": "delta", "voltage_v": 1000.0,
        "groups": [{"wiring": "AB", "connectors": ["C-01"]}, {"wiring": "BC", "connectors": ["C-02"]}],
        "limits": [{"name": "primary", "limit_a": 9.0, "sum": {"AB": 1.0, "BC": 1.0}}]}), "delta")
    quick = visit("quick", connector="C-01", capacity_kwh=6.0, stored=3.0, target=6.0,
                  battery_max_kw=6.0, curve=two_stage(0.5, 1e-3))
    slow = visit("slow", connector="C-02", capacity_kwh=400.0, stored=200.0, target=399.0,
                 battery_max_kw=10.0, curve=two_stage(0.5, 1e-3))
    model = Model(scenario(zone(count=2), duration=3 * HOUR, control_interval=3 * HOUR,
                           fleet={"charge_efficiency": 1.0}),
                  visits(quick, slow))
    model.phases = PhaseMeter(model.world, network, model._report)
    model.advance(2.9 * HOUR)
    model.close_books()
    told = [(e["kind"], e["t"] / HOUR) for e in model.events if e["kind"].startswith("limit_")]
    assert [kind for kind, _ in told] == ["limit_exceeded", "limit_restored"]
    for _, t in told:
        a, b = 6.0 * np.exp(-2.0 * t), 10.0 * np.exp(-0.05 * t)
        assert abs(a + b * np.exp(-2j * np.pi / 3)) == pytest.approx(9.0, abs=2e-5)
    assert 0.5 < told[0][1] < 1.0 < 1.5 < told[1][1] < 2.5
    assert model.phases.excess[0].worst == pytest.approx(0.16, abs=0.04)


def granting(room_of=(np.inf,), site=np.inf, n=12, feeds=False, seed=0):
    """Rows and a room over Caltech connectors, mixed over all phases."""
    connector = np.random.Generator(np.random.Philox(seed)).permutation(54)[:n]
    lines = line_room(CALTECH, np.full(54, feeds))
    zone_in = np.array(room_of)
    room = Room(zone_in, np.full(len(zone_in), np.inf), site, np.inf, lines)
    return Sized(room=room, connector=connector, zone=np.arange(n) % len(room_of))


class Sized(SimpleNamespace):
    """What `Rows.of` needs of a view."""

    def __len__(self) -> int:
        return len(self.zone)


def kept(view, kw, keep=1.0) -> bool:
    amps = np.zeros(54)
    amps[view.connector] = kw * keep / CALTECH.kw_per_a[view.connector]
    by_zone = np.bincount(view.zone, kw, len(view.room.zone_in))
    return not CALTECH.broken(amps).any() and np.all(by_zone <= view.room.zone_in + 1e-6) \
        and kw.sum() <= view.room.site_in + 1e-6


WANTS = st.lists(st.sampled_from([0.0, 3.0, 6.656, 22.0, 60.0]), min_size=2, max_size=50).map(np.array)
ROOMS = st.sampled_from([np.inf, 0.0, 30.0, 120.0])


@given(WANTS, ROOMS, ROOMS, st.integers(0, 2**16))
def test_three_ways_of_granting_keep_all_limits_whoever_stops(want, room, site, seed):
    view = granting((room, np.inf), site, len(want), seed=seed)
    rng = np.random.Generator(np.random.Philox(seed))
    order = rng.permutation(len(want))
    given_out = {"fill": Rows.of(view).fill(want, order), "rise": Rows.of(view).rise(want, np.ones(len(want))),
                 "share": Rows.of(view).rise(want, np.where(want > 0, want, 1.0)),
                 "deal": Rows.of(view).deal(want, 0.5, order)}
    for way, kw in given_out.items():
        assert np.all((0.0 <= kw) & (kw <= want)), way
        for keep in (1.0, *rng.uniform(0, 1, (5, len(want))), *rng.integers(0, 2, (5, len(want)))):
            assert kept(view, kw, keep), way
    rose = given_out["rise"]
    short = np.flatnonzero(rose < want - 1e-9)
    for i in short[:5].tolist():  # max-min fair: it only had more if someone with no more had less
        more = rose.copy()
        more[i] += 1e-3
        others = rose > rose[i] + 1e-6
        more[others] = 0.0
        assert not Rows.of(view)._fits(more), i


@given(WANTS, ROOMS, ROOMS, st.integers(0, 2**16))
def test_where_lines_are_wide_it_is_what_zones_and_site_alone_give(want, room, site, seed):
    view = granting((room, np.inf), site, len(want), seed=seed)
    view.room.lines = replace(view.room.lines, limit=view.room.lines.limit * 1e6)
    order = np.random.Generator(np.random.Philox(seed)).permutation(len(want))
    filled, level = want.copy(), want.copy()
    if np.isfinite(room):
        first = order[view.zone[order] == 0]
        filled[first] = fill(want[first], room)
        level[view.zone == 0] = evened(want[view.zone == 0], room)
    if np.isfinite(site):
        filled[order] = fill(filled[order], site)
        level = evened(level, site)
    np.testing.assert_allclose(Rows.of(view).fill(want, order), filled, atol=1e-6)
    np.testing.assert_allclose(Rows.of(view).rise(want, np.ones(len(want))), level, atol=1e-6)


@given(WANTS, st.booleans(), st.integers(0, 2**16))
def test_beside_feeding_no_line_is_exceeded_whatever_charging_falls_to(want, draw_first, seed):
    view = granting(n=len(want), feeds=True, seed=seed)
    rng = np.random.Generator(np.random.Philox(seed))
    who = rng.integers(0, 2, len(want)).astype(bool)
    flows = {"drawn": np.zeros(len(want)), "fed": np.zeros(len(want))}
    lines = view.room.lines
    for way in ("drawn", "fed") if draw_first else ("fed", "drawn"):
        beside = lines.beside(view.connector, flows["drawn"], flows["fed"])
        view.room.lines = replace(beside, outward=way == "fed")
        flows[way] = Rows.of(view).fill(np.where(who == (way == "fed"), want, 0.0),
                                        rng.permutation(len(want)))
    assert lines.beside(view.connector, flows["drawn"], flows["fed"]).kept
    for keep in (0.0, 1.0, *rng.uniform(0, 1, (8, len(want))), *rng.integers(0, 2, (8, len(want)))):
        amps = np.zeros(54)
        amps[view.connector] = (flows["drawn"] * keep - flows["fed"]) / CALTECH.kw_per_a[view.connector]
        assert not CALTECH.broken(amps).any()


def test_who_feeds_beside_one_that_draws_on_another_phase_feeds_less(mixed_file):
    """One on A has to charge at 4 kW (17 A of the neutral's 20) while one on B sells at a high
    price: 120 degrees apart and of opposite sign, their currents add up in the neutral."""
    model = Model(scenario(zone(count=6, feed_kw=11.0), strategy="v2g_price",
                           grid={"network": mixed_file}, fleet={"wear_cost_per_kwh": 0.01},
                           tariff={"kind": "series", "step": "1h", "values": [0.9] + [0.1] * 23}),
                  visits(visit("hurried", connector="C-01", departure=HOUR, ac_charge_kw=4.0),
                         visit("seller", connector="C-02", departure=20 * HOUR, stored=50.0,
                               target=50.0)))
    model.advance(600.0)
    drawn, fed = model.phases.currents(600.0)[:2]
    assert drawn == pytest.approx(4000.0 * 3 ** 0.5 / 400.0)
    # |a + b exp(60 deg)| = 20 in the neutral, where b alone might be 20
    assert -fed == pytest.approx((-drawn + (4 * 400.0 - 3 * drawn ** 2) ** 0.5) / 2, rel=1e-6)
    assert model.world.vehicle.reason[1] == Reason.PHASE_LIMIT
    assert not model.phases.exceeded(600.0)


def test_who_is_held_back_by_a_line_is_told_so(mixed_file):
    """A at 22 kW would carry 95 A of 30; the zone has room."""
    model = Model(scenario(zone(count=6, kw=22.0), strategy="equal_share",
                           grid={"network": mixed_file}),
                  visits(visit(connector="C-01", ac_charge_kw=22.0)))
    model.advance(HOUR)
    assert model.world.vehicle.reason[0] == Reason.PHASE_LIMIT
    assert model.phases.currents(HOUR)[0] == pytest.approx(20.0)  # the neutral is the narrowest
    assert limited_by(model, 0, 20.0, 4.6) == ("neutral", "limit of the lines")
    rows = {row.label: (row.value, row.unit) for row in card(model, "hub", 0, HOUR).rows}
    assert rows["Lines A, B, C"] == ("20, 0, 0", "A") and rows["Unbalance"] == ("200", "%")
    assert rows["neutral"] == ("20", "of 20 A")


def test_an_excess_is_shown_as_an_alarm(mixed_file):
    model = Model(scenario(zone(count=6, kw=22.0, import_limit_kw=20.0), grid={"network": mixed_file}),
                  visits(visit(connector="C-01", departure=2 * HOUR, ac_charge_kw=23.0)))
    model.advance(0.5 * HOUR)
    alerts = Alarms()
    assert alerts.update(model, model.now_s)
    assert {(alert.source, alert.text) for alert in alerts.shown} == {
        ("neutral", "95 A, limit 20 A"), ("line A", "95 A, limit 30 A"),
        ("unbalance", "32 A, limit 12 A"), ("Z", "Import 22 kW, limit 20 kW"),
        ("Grid stress", "emergency, neutral at 476 % of its limit")}
    model.advance(2 * HOUR)
    assert not alerts.update(model, model.now_s)
    assert [alert.active for alert in alerts.shown] == [False] * 5
    model.submit(command("acknowledge_alarm"))
    alerts.update(model, model.now_s)
    assert alerts.shown == ()


def test_limits_count_in_the_stress_of_hub_and_zones_without_a_feeder(mixed_file):
    site = scenario(zone("z", count=6, kw=22.0), grid={"network": mixed_file})
    model = Model(site, visits(visit(connector="C-01", departure=2 * HOUR, ac_charge_kw=23.0)))
    model.advance(0.5 * HOUR)
    hub, held = model.world.hub, model.world.zone
    assert hub.stress[0] == held.stress[0] == 1.0 and hub.stress_by[0] == LimitedBy.LIMIT
    assert model.grid.words["hub"] == model.grid.words["z"] == "neutral at 476 % of its limit"
    rows = {row.label: row for row in card(model, "hub", 0, model.now_s).rows}
    assert rows["Stress"].unit == "emergency" and rows[""].value == model.grid.words["hub"]
    model.advance(3 * HOUR)
    assert hub.stress[0] == 0.0 and model.grid.words["hub"] == ""
    kpis = results(model, 1.0)["kpis"]
    assert kpis["stress_max"] == 1.0 and kpis["stress_hours"]["emergency"] == pytest.approx(17 / 12)
    assert sum(kpis["stress_hours"].values()) == pytest.approx(3.0)


def test_a_zone_answers_for_the_limits_that_count_it(tmp_path):
    """Two pods of one phase each: the full one stresses its own zone and the hub, not the other."""
    (tmp_path / "pods.toml").write_text("""
name = "pods"
voltage_v = 400.0
groups = [{ wiring = "A", connectors = ["a"] }, { wiring = "B", connectors = ["b"] }]
limits = [{ name = "pod a", limit_a = 50.0, sum = { a = 1.0 } },
          { name = "pod b", limit_a = 50.0, sum = { b = 1.0 } }]
""")
    model = Model(scenario(zone("a", count=2), zone("b", count=2),
                           grid={"network": str(tmp_path / "pods.toml")}),
                  visits(visit(connector="C-01", ac_charge_kw=10.4)))
    model.advance(0.5 * HOUR)
    percent = 100.0 * 10.4 / (0.4 / 3 ** 0.5) / 50.0
    index = float(stress_part(LimitedBy.LIMIT, percent))
    assert model.world.zone.stress.tolist() == pytest.approx([index, 0.0]) and 0.4 < index < 0.8
    assert model.world.hub.stress[0] == pytest.approx(index)
    assert model.grid.words == {"hub": "pod a at 90 % of its limit",
                                "a": "pod a at 90 % of its limit", "b": ""}


def test_results_tell_of_lines_and_unbalance(mixed_file):
    """An hour at 5 kW on A and then one at 5 kW on all three phases."""
    model = Model(scenario(zone(count=6), duration=4 * HOUR, grid={"network": mixed_file}),
                  visits(visit("a", connector="C-01", departure=HOUR, ac_charge_kw=2.0),
                         visit("b", HOUR, 2 * HOUR, connector="C-04", ac_charge_kw=6.0)))
    model.advance(model.duration_s)
    model.close_books()
    found = results(model, 1.0)
    one, three = 2000.0 / 400.0 * 3 ** 0.5, 6000.0 / 400.0 / 3 ** 0.5
    assert found["kpis"]["line_max_a"] == pytest.approx({"A": max(one, three), "B": three, "C": three})
    assert found["kpis"]["unbalance_max"] == pytest.approx(2.0)
    assert found["kpis"]["unbalance_mean"] == pytest.approx(1.0)
    assert found["kpis"]["unbalance_max_a"] == pytest.approx(one * 2 / 3)
    assert found["kpis"]["limit_excesses"] == 0
    limits = {limit["name"]: limit for limit in found["network"]["limits"]}
    assert limits["neutral"]["max_a"] == pytest.approx(one)
    assert limits["unbalance"]["max_a"] == pytest.approx(one / 3)
    without = Model(scenario(duration=HOUR), visits())
    without.advance(HOUR)
    assert results(without, 1.0)["network"] is None
    assert results(without, 1.0)["kpis"]["unbalance_mean"] is None


@pytest.mark.parametrize("file, grid, complaint", [
    ("short.toml", "short.toml", "short.toml: groups: no connector 'C-02', expected it, its station or "
                                 "its zone in a group"),
    (None, "nowhere.toml", "nowhere.toml: no such network file"),
    (None, "nowhere", "unknown network 'nowhere', expected a path to a TOML file or one of "
                      "caltech_garage"),
])
def test_a_network_that_does_not_fit_is_one_line_and_exit_2(file, grid, complaint, tmp_path):
    if file:
        (tmp_path / file).write_text(
            'name = "short"\nvoltage_v = 400.0\ngroups = [{ wiring = "A", connectors = ["C-01"] }]\n'
            'limits = [{ name = "A", line = "A", limit_a = 10.0 }]\n')
    (tmp_path / "site.toml").write_text(
        'name = "site"\nstart = 2026-01-14T00:00:00+01:00\n[[site.zones]]\nname = "z"\n'
        'stations = [{ connectors = [{ count = 2 }] }]\n[grid]\nnetwork = "%s"\n' % grid)
    done = subprocess.run([sys.executable, "-m", "game", "run", str(tmp_path / "site.toml"), "--json"],
                          capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and complaint in done.stderr


def test_a_run_with_a_network_of_its_own_is_recorded_whole(tmp_path):
    """The file goes into the folder, and history has the line currents of each tick."""
    loaded = load_example({"duration": "12h"})
    run(loaded, out=tmp_path / "run")
    assert (tmp_path / "run" / "network.toml").is_file()
    with duckdb.connect() as database:
        series = database.execute(
            f"SELECT * FROM read_parquet('{tmp_path}/run/history/series-*.parquet')").fetchnumpy()
    assert len(series["t_s"]) == 145 and series["line_b_a"].max() > 50.0
    assert np.nanmax(series["unbalance"]) > 0.3
    assert not replay(tmp_path / "run", verify=True).difference


def load_example(overrides=None):
    return load(str(EXAMPLE), overrides)


def test_the_example_of_the_readme_limits_its_unbalance():
    """Charging freely breaks neutral and unbalance limits; every strategy that shares keeps them
    and everyone leaves with its energy all the same."""
    free, shared = (Model(load_example({"strategy": name})) for name in ("uncontrolled", "equal_share"))
    for model in (free, shared):
        model.advance(model.duration_s)
        model.close_books()
    broken = {e["limit"] for e in free.events if e["kind"] == "limit_exceeded"}
    assert {"unbalance", "neutral"} <= broken
    assert not [e for e in shared.events if e["kind"] == "limit_exceeded"]
    assert results(shared, 1.0)["kpis"]["sessions_satisfied_pct"] == 100.0
    limits = shared.phases.network.limits
    assert shared.phases.limit_max_a[limits.index("unbalance")] == pytest.approx(20.0, abs=1e-5)
