"""The benchmark of the model's parts: exclusive times, the same run, a feeder that is one."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from cli import voltyard

from sim.bench_model import PILLARS, STREETS, bench_model, feeder, workload
from sim.errors import InputError
from sim.grid.feeder import FeederSpec, build
from sim.grid.powerflow import PowerFlow
from sim.history import History
from sim.model import Model
from sim.profile import PARTS, Stopwatch, profile


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self):
        self.t = 0.0

    def __call__(self) -> float:
        return self.t


class Work:
    """Does a tree of calls: (part, seconds before, inner trees, seconds after)."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self.own: dict[str, float] = {}

    def do(self, tree) -> None:
        getattr(self, tree[0])(tree)

    def a(self, tree) -> None:
        part, before, inner, after = tree
        self._clock.t += before
        for branch in inner:
            self.do(branch)
        self._clock.t += after
        self.own[part] = self.own.get(part, 0.0) + before + after

    b = c = a


SECONDS = st.integers(0, 1000).map(float)
TREES = st.recursive(
    st.tuples(st.sampled_from("abc"), SECONDS, st.just([]), SECONDS),
    lambda inner: st.tuples(st.sampled_from("abc"), SECONDS, st.lists(inner, max_size=4), SECONDS),
    max_leaves=12)


@given(st.lists(TREES, max_size=4))
def test_a_stopwatch_counts_each_part_without_what_runs_within_it(trees):
    clock = Clock()
    work, watch = Work(clock), Stopwatch(clock)
    for part in "abc":
        watch.time(work, part, part)
    for tree in trees:
        work.do(tree)
        clock.t += 5.0  # between outermost parts nobody's time runs
    assert watch.seconds == {part: work.own.get(part, 0.0) for part in "abc"}


def test_a_part_that_fails_hands_the_stopwatch_back():
    clock = Clock()

    class Broken:
        def outer(self):
            clock.t += 1.0
            with pytest.raises(ZeroDivisionError):
                self.inner()
            clock.t += 2.0

        def inner(self):
            clock.t += 4.0
            raise ZeroDivisionError

    broken, watch = Broken(), Stopwatch(clock)
    watch.time(broken, "outer", "outer")
    watch.time(broken, "inner", "inner")
    broken.outer()
    assert watch.seconds == {"outer": 3.0, "inner": 4.0}


def test_a_model_under_the_stopwatch_computes_the_same(tmp_path):
    scenario = workload(8, "v2g_price", tmp_path)
    digests, ticks = [], iter(range(10**9))
    for watched in (False, True):
        model = Model(scenario, history=History())
        seconds = profile(model, lambda: float(next(ticks))) if watched else {}
        model.advance(model.duration_s)
        model.close_books()
        digests.append(model.world.digest())
    assert digests[0] == digests[1]
    assert set(seconds) == set(PARTS) and all(seconds.values())


def test_the_benchs_day_is_one_that_a_grid_can_carry(tmp_path):
    model = Model(workload(30, "v2g_price", tmp_path))
    model.advance(model.duration_s)
    model.close_books()
    session, table = model.world.session, model.world.feeder
    assert session.discharged_kwh.sum() > 0.0 and session.charged_kwh.sum() > 0.0
    assert table.converged.all() and not any(e.count for e in model.meter.excess.values())
    assert len(set(model.world.vehicle.chemistry.tolist())) == 3


@pytest.mark.parametrize("fleet", [1, 1_000, 2_500])
def test_the_benchs_feeder_is_radial_and_grows_with_the_fleet(fleet):
    made = build(FeederSpec.model_validate(feeder(fleet)), "bench")
    nodes = len(made.node_names)
    assert nodes == STREETS * PILLARS + 1 == 100
    assert len(made.line_names) == nodes - 1 and len(set(made.line_to.tolist())) == nodes - 1
    full = np.full(nodes, 2.0 * fleet / nodes)
    state = PowerFlow(made).solve(full)
    assert state.converged and state.transformer_loading_pct < 100.0
    assert state.voltage_pu.min() > 0.9 and state.line_loading_pct.max() < 100.0


def test_parts_add_up_to_the_whole():
    row = bench_model(5, best_of=1)
    assert [entry["part"] for entry in row["parts"]] == list(PARTS)
    assert sum(entry["seconds"] for entry in row["parts"]) == pytest.approx(row["wall_s"])
    assert sum(entry["share"] for entry in row["parts"]) == pytest.approx(1.0)


def test_the_command_line_names_parts():
    done = voltyard("bench", "model", "--vehicles", 3, "--strategy", "equal_share", "--json")
    row, = json.loads(done.stdout)
    assert row["strategy"] == "equal_share" and row["vehicles"] == row["sessions"] == 3


def test_an_unknown_strategy_is_named():
    with pytest.raises(InputError, match="bench model: strategy: unknown strategy 'magic'"):
        bench_model(3, "magic")


def test_what_ifs_are_timed_at_each_fleet():
    done = voltyard("bench", "training", "--vehicles", "4", "--json")
    (row,) = json.loads(done.stdout)
    assert done.returncode == 0 and row["vehicles"] == 4
    for name in ("ahead", "fork", "back"):
        assert 0.0 < row[f"{name}_median_ms"] <= row[f"{name}_worst_ms"]
