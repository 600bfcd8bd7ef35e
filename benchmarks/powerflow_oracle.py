"""Does our power flow agree with pandapower?

    python benchmarks/powerflow_oracle.py [--cache DIR]

Solves the shipped feeders, a tap off neutral, a ring and a random tree of 100 nodes at seven
operating points each with sim/grid/powerflow.py and with pandapower (installed into an
environment of its own on the first call), and CIGRE's benchmark as pandapower itself tables it.
Prints the largest differences; exits 1 if a voltage differs by 1e-4 pu or more.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from oracles import HERE, environment
from sim.grid import feeder as feeders
from sim.grid.feeder import Feeder, FeederSpec, SourceSpec
from sim.grid.powerflow import PowerFlow

PANDAPOWER = ("pandapower==3.5.6", "numba")
TOLERANCE_PU = 1e-4
CABLE = {"r_ohm_per_km": 0.208, "x_ohm_per_km": 0.080, "c_nf_per_km": 261.0, "ampacity_a": 270.0}
TRANSFORMER = {"node": "N0", "rated_kva": 400.0, "hv_kv": 10.0, "lv_kv": 0.4,
               "impedance_pct": 4.0, "load_loss_kw": 5.3, "no_load_loss_kw": 0.95,
               "no_load_current_pct": 0.2375}


def synthetic(name: str, parents: list[int], closing: list[tuple[int, int]] = ()) -> Feeder:
    """A feeder of 30 m cables from each node's parent, and lines that close rings."""
    nodes = [{"name": f"N{k}", "load_kw": 2.0} for k in range(len(parents) + 1)]
    pairs = [(parent, k + 1) for k, parent in enumerate(parents)] + list(closing)
    return feeders.build(FeederSpec.model_validate({
        "name": name, "transformer": TRANSFORMER, "line_types": {"cable": CABLE}, "nodes": nodes,
        "lines": [{"from": f"N{a}", "to": f"N{b}", "type": "cable", "length_m": 30.0}
                  for a, b in pairs]}), name)


def cases(rng: np.random.Generator) -> list[Feeder]:
    """The feeders to solve."""
    depot = feeders.load("lv_depot")
    tapped = replace(depot, name="lv_depot, tap +2",
                     transformer=depot.transformer.model_copy(update={"tap": 2}))
    tree = synthetic("tree of 100", [int(rng.integers(max(0, k - 8), k + 1)) for k in range(99)])
    ring = synthetic("ring of 8", list(range(7)), [(7, 0)])
    return [depot, tapped, feeders.load("cigre_lv_residential"), tree, ring]


def points(feeder: Feeder, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Seven operating points, (7, n) each: no load, usual load, 1.3 times that, feeding it, and
    three at random with vehicles charging, feeding, and both."""
    p, q = feeder.load_kw, feeder.load_kvar
    span = 0.5 * feeder.transformer.rated_kva / len(p)
    lots = [rng.uniform(low, high, len(p)) for low, high in ((0, 2), (-2, 0), (-2, 2))]
    return (np.array([0 * p, p, 1.3 * p, -p] + [p / 2 + span * lot for lot in lots]),
            np.array([0 * q, q, 1.3 * q, -q] + [q / 2 + 0.2 * span * lot for lot in lots]))


def plain(feeder: Feeder, at: tuple[np.ndarray, np.ndarray]) -> dict:
    """A feeder and its points as the runner reads them."""
    return {"nodes": list(feeder.node_names), "source": feeder.source.model_dump(),
            "transformer": feeder.transformer.model_dump(),
            "lines": [list(row) for row in zip(*(
                getattr(feeder, name).tolist() for name in
                ("line_from", "line_to", "r_ohm", "x_ohm", "c_farad", "ampacity_a")))],
            "points": [[p.tolist(), q.tolist()] for p, q in zip(*at)]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "voltyard-oracles")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    tried = [(feeder, points(feeder, rng)) for feeder in cases(rng)]
    python = environment(options.cache, "pandapower", PANDAPOWER)
    work_file = options.cache / "feeders.json"
    work_file.write_text(json.dumps([plain(*case) for case in tried]), encoding="utf-8")
    done = subprocess.run([str(python), "-W", "ignore", str(HERE / "run_pandapower.py"),
                           str(work_file)], check=True, stdout=subprocess.PIPE, text=True)
    theirs = json.loads(done.stdout.splitlines()[-1])

    worst = 0.0
    for (feeder, at), expected in zip(tried, theirs["cases"]):
        ours = PowerFlow(feeder).solve_batch(*at)
        apart = {key: float(np.abs(getattr(ours, key) - [e[key] for e in expected]).max())
                 for key in expected[0]}
        print(f"{feeder.name:22s} {len(feeder.node_names):4d} nodes, {len(expected)} points, "
              f"voltage {ours.voltage_pu.min():.3f} to {ours.voltage_pu.max():.3f} pu: "
              f"{apart['voltage_pu']:.1e} pu, {apart['line_loading_pct']:.1e} % of ampacity, "
              f"{apart['losses_kw']:.1e} kW of losses")
        worst = max(worst, apart["voltage_pu"]) if ours.converged.all() else np.inf
    stiff = replace(feeders.load("cigre_lv_residential"),
                    source=SourceSpec(short_circuit_mva=1e9))
    volts = PowerFlow(stiff).solve(stiff.load_kw, stiff.load_kvar).voltage_pu
    apart = max(abs(u - theirs["cigre"][name]) for name, u in zip(stiff.node_names, volts))
    print(f"CIGRE LV residential as pandapower tables it: {apart:.1e} pu")
    worst = max(worst, apart)
    print(f"largest difference of a voltage: {worst:.1e} pu, allowed below {TOLERANCE_PU:g}")
    return 0 if worst < TOLERANCE_PU else 1


if __name__ == "__main__":
    sys.exit(main())
