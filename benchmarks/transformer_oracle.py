"""Do our transformer temperatures agree with Alliander's transformer-thermal-model 0.6.0?

    python benchmarks/transformer_oracle.py [--cache DIR]

Runs random days of load and ambient temperature in steps of 1 to 60 minutes from a cold start,
indoors and outdoors, with sim/grid/transformer.py and with that program (installed into an
environment of its own on the first call). Temperatures must agree to 1e-9 K. It sums ageing as
if the temperature at the end of a step had held all through it: summed likewise, ours must agree
to 1e-9; how far that sum is from our integral is printed. Exits 1 if they disagree.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from oracles import HERE, environment
from sim.grid.transformer import Temperatures, Thermal, advance, ageing_rate

PACKAGES = ("transformer-thermal-model==0.6.0",)
TEMPERATURE_K = 1e-9
AGEING = 1e-9
PAPERS = {"NORMAL": False, "THERMAL_UPGRADED": True}


def cases(rng: np.random.Generator) -> list[dict]:
    """Days of which load and ambient change every hour, seen in steps of several lengths."""
    made = []
    for step, surcharge in ((1, 0.0), (1, 10.0), (5, 10.0), (15, 0.0), (60, 10.0)):
        minutes = np.arange(step, 1441, step)
        hour = (minutes - 1) // 60
        made.append({"step": step, "surcharge_k": surcharge,
                     "minutes": minutes.astype(float).tolist(),
                     "load": rng.uniform(0.0, 1.6, 24)[hour].tolist(),
                     "ambient_c": rng.uniform(-5.0, 35.0, 24)[hour].tolist()})
    return made


def ours(case: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Top-oil and hot-spot temperatures at the steps' ends, and days aged of PAPERS."""
    thermal = Thermal(surcharge_k=case["surcharge_k"], upgraded=np.array(list(PAPERS.values())))
    state = Temperatures(np.full(2, case["ambient_c"][0]), np.zeros(2), np.zeros(2))
    oil, hot, aged = [], [], np.zeros(2)
    for load, ambient in zip(case["load"], case["ambient_c"]):
        state, hours = advance(thermal, state, case["step"] * 60.0, np.full(2, load), ambient)
        oil.append(state.top_oil_c[0])
        hot.append(state.hot_spot_c[0])
        aged += hours / 24.0
    return np.array(oil), np.array(hot), aged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "voltyard-oracles")
    options = parser.parse_args()
    tried = cases(np.random.default_rng(1))
    python = environment(options.cache, "transformer-thermal-model", PACKAGES)
    work_file = options.cache / "transformers.json"
    work_file.write_text(json.dumps(tried), encoding="utf-8")
    done = subprocess.run([str(python), "-W", "ignore",
                           str(HERE / "run_transformer_thermal_model.py"), str(work_file)],
                          check=True, stdout=subprocess.PIPE, text=True)
    agree = True
    for case, expected in zip(tried, json.loads(done.stdout.splitlines()[-1])):
        oil, hot, aged = ours(case)
        apart = max(np.abs(oil - expected["top_oil_c"]).max(),
                    np.abs(hot - expected["hot_spot_c"]).max())
        theirs = np.array([expected["aged_days"][paper] for paper in PAPERS])
        summed = np.array([ageing_rate(hot, upgraded).sum() for upgraded in PAPERS.values()])
        ageing = np.abs(summed * case["step"] / 1440.0 / theirs - 1.0).max()
        agree &= bool(apart < TEMPERATURE_K and ageing < AGEING)
        print(f"steps of {case['step']:2d} min, surcharge {case['surcharge_k']:2.0f} K, hottest "
              f"{hot.max():.0f} degrees C: {apart:.1e} K, ageing {ageing:.1e}; its sum is "
              f"{100.0 * np.abs(theirs / aged - 1.0).max():.1f} % off the integral")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
