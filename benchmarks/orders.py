"""Do first come, earliest deadline, least laxity and round robin serve as ACN-Sim 0.3.3 does?

    python benchmarks/orders.py [--evse 40] [--limit-share 0.35] [--seed 1]

Both simulate the same day (`sim/bench.py`) under a limit on the sum of all power, that share of
what all connectors could draw. Pilots go by the connector's rating (`allocation = "rating"`), round
robin deals steps of 1 A.
Prints totals and the largest difference of a session; exits 1 if a session differs by more than
0.5 %.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from oracles import HERE, environment, plain

from sim.bench import EVSE_KW, workload
from sim.model import Model
from sim.optimum import under

ORDERS = {"fcfs": "first_come_first_served", "edf": "earliest_deadline_first",
          "llf": "least_laxity_first", "rr": "round_robin"}
VOLTAGE = 208
SHARE = 0.005


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evse", type=int, default=40)
    parser.add_argument("--limit-share", type=float, default=0.35)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "voltyard-oracles")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    python = environment(options.cache, "acn", ("acnportal==0.3.3",))
    scenario, visits = workload(options.evse, options.seed)
    limit = options.limit_share * options.evse * EVSE_KW
    work = options.cache / "orders.json"
    work.write_text(json.dumps(plain(visits, options.evse)), encoding="utf-8")
    limited = scenario.model_copy(update={
        "allocation": "rating", "round_robin_step_kw": VOLTAGE / 1000.0,
        "grid": scenario.grid.model_copy(update={"import_limit_kw": limit})})
    agree = True
    for order, strategy in ORDERS.items():
        done = subprocess.run([str(python), "-W", "ignore", str(HERE / "run_acn_sorted.py"), str(work),
                               order, repr(limit)], check=True, stdout=subprocess.PIPE, text=True)
        theirs = json.loads(done.stdout.splitlines()[-1])
        model = Model(under(limited, strategy), visits)
        model.advance(scenario.duration)
        model.close_books()
        session = model.world.session
        ours = dict(zip(session.names, session.charged_kwh.tolist()))
        apart = {name: abs(ours[name] - energy) for name, energy in theirs.items()}
        total, expected = sum(ours.values()), sum(theirs.values())
        within = sum(d <= SHARE * theirs[name] for name, d in apart.items())
        agree &= within == len(apart)
        print(f"{strategy}: {total:,.2f} kWh, ACN-Sim {expected:,.2f}; {within} of {len(apart)} "
              f"sessions within {SHARE:.1%}, most apart {max(apart.values()):.1e} kWh")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
