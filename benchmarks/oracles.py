"""How fast is Voltyard beside ACN-Sim 0.3.3 and EV2Gym 2.0.0?

    python benchmarks/oracles.py [--evse 1000] [--seed 1] [--repeat 3] [--json]

Each program simulates the same day (see sim/bench.py: 1,000 EVSE and 1,500 sessions, 5-minute
control, charging uncontrolled), best of `repeat` by CPU time of its process. The first call
installs the two programs into environments of their own below `--cache`, since each wants
other versions of numpy, and EV2Gym imports packages that it does not declare. Only their
simulation loops are timed; ours is timed with the building of its world. The energy that each
delivers is compared, so that all are known to have done the same work: EV2Gym may differ by
the 0.01 kWh to which it rounds each vehicle up in each period. Exits 1 if energies disagree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from sim.bench import EVSE_KW, PERIOD_S, workload  # noqa: E402
from sim.model import Model  # noqa: E402
from sim.scenario import Scenario  # noqa: E402
from sim.sessions.visits import Visits  # noqa: E402
from sim.timing import DAY_S  # noqa: E402

ORACLES = {
    "ACN-Sim 0.3.3": ("run_acn.py", "acn", ("acnportal==0.3.3",)),
    "EV2Gym 2.0.0": ("run_ev2gym.py", "ev2gym", ("ev2gym==2.0.0", "numpy==1.26.4", "pandas<3",
                                                 "pandapower", "numba", "psutil", "multicopula",
                                                 "setuptools<70")),
}
ENERGY_TOLERANCE = 0.01 / (EVSE_KW * PERIOD_S / 3600)  # EV2Gym rounds up to 0.01 kWh a period


def environment(cache: Path, name: str, packages: tuple[str, ...]) -> Path:
    """The Python of an environment that has the packages, made if it is not there yet."""
    folder = cache / name
    python = folder / "bin" / "python"
    installed = folder / "installed"
    if not installed.exists() or installed.read_text() != "\n".join(packages):
        print(f"installing {packages[0]} into {folder} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", *packages], check=True)
        installed.write_text("\n".join(packages))
    return python


def run_oracle(cache: Path, script: str, name: str, packages: tuple[str, ...],
               work_file: Path, repeat: int) -> dict:
    """{'cpu_s': [...], 'sessions', 'energy_kwh'} of one program, in a process of its own."""
    python = environment(cache, name, packages)
    threads = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([str(python), "-W", "ignore", str(HERE / script), str(work_file),
                           str(repeat)], check=True, stdout=subprocess.PIPE, text=True,
                          env=threads)
    return json.loads(done.stdout.splitlines()[-1])


def plain(visits: Visits, evses: int) -> dict:
    """The workload as the runners read it: times in periods, energies in kWh."""
    periods = (visits.arrival_s / PERIOD_S, visits.departure_s / PERIOD_S)
    return {
        "n_evse": evses, "period_min": int(PERIOD_S / 60), "periods": int(DAY_S / PERIOD_S),
        "max_kw": EVSE_KW,
        "sessions": [
            {"id": name, "evse": int(connector[1:]), "arrival": round(arrival),
             "departure": round(departure), "capacity_kwh": capacity, "arrival_kwh": stored}
            for name, connector, arrival, departure, capacity, stored in zip(
                visits.id, visits.connector, *(p.tolist() for p in periods),
                visits.capacity_kwh.tolist(), visits.arrival_kwh.tolist())]}


def run_ours(scenario: Scenario, visits: Visits, repeat: int) -> dict:
    """The same figures for Voltyard."""
    seconds = []
    for _ in range(repeat):
        start = time.process_time()
        model = Model(scenario, visits)
        model.advance(scenario.duration)
        model.close_books()
        seconds.append(time.process_time() - start)
    return {"cpu_s": seconds, "sessions": len(visits),
            "energy_kwh": float(model.world.session.charged_kwh.sum())}


def compare(evses: int, seed: int, cache: Path, repeat: int) -> list[dict]:
    """One entry a program: name, best cpu_s, sessions, energy_kwh, and times as slow as ours."""
    cache.mkdir(parents=True, exist_ok=True)
    work_file = cache / "sessions.json"
    scenario, visits = workload(evses, seed)
    work_file.write_text(json.dumps(plain(visits, evses)), encoding="utf-8")
    results = [{"program": "Voltyard", **run_ours(scenario, visits, max(repeat, 5))}]
    for program, (script, name, packages) in ORACLES.items():
        results.append({"program": program,
                        **run_oracle(cache, script, name, packages, work_file, repeat)})
    for result in results:
        result["cpu_s"] = min(result["cpu_s"])
        result["ratio"] = result["cpu_s"] / results[0]["cpu_s"]
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evse", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "voltyard-oracles")
    parser.add_argument("--json", action="store_true", help="JSON on stdout alone")
    options = parser.parse_args()
    results = compare(options.evse, options.seed, options.cache, options.repeat)
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        table = Table("program", "CPU s", "times ours", "sessions", "energy kWh",
                      title=f"{options.evse} EVSE, one day, 5-minute control, uncontrolled")
        for r in results:
            table.add_row(r["program"], f"{r['cpu_s']:.3f}", f"{r['ratio']:.1f}",
                          f"{r['sessions']:,}", f"{r['energy_kwh']:,.1f}")
        Console().print(table)
    ours = results[0]["energy_kwh"]
    agree = all(abs(r["energy_kwh"] - ours) <= ENERGY_TOLERANCE * ours for r in results)
    if not agree:
        print(f"delivered energies differ by more than {ENERGY_TOLERANCE:.1%}", file=sys.stderr)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
