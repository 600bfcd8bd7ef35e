"""How fast the simulation is: a busy day, as ACN-Sim and EV2Gym can simulate it too.

Every EVSE has a morning session and every second one another in the afternoon: batteries
without losses or taper, 32 A at 208 V, 5-minute control, uncontrolled, and, because the other
programs know nothing finer, arrivals and departures on whole 5 minutes.
`benchmarks/oracles.py` runs the same sessions through all three.
"""

from __future__ import annotations

import time

import numpy as np

from entities.components import ALL_PLUGS
from sim.battery.curves import FLAT
from sim.model import Model
from sim.rng import Purpose, uniforms
from sim.scenario import Scenario, from_dict
from sim.sessions.visits import Visits
from sim.timing import DAY_S, HOUR_S

PERIOD_S = 300.0
EVSE_KW = 32 * 208 / 1000
CAPACITY_KWH = 60.0
BEST_OF = 5


def workload(evses: int, seed: int = 1) -> tuple[Scenario, Visits]:
    """A site of `evses` connectors and the visits of its day, one and a half an EVSE."""
    names = [f"E{k:05d}" for k in range(evses)]
    scenario = from_dict({
        "name": f"bench_{evses}", "start": "2026-01-15T00:00:00+00:00", "seed": seed,
        "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0,
                  "ageing": {"enabled": False}},
        "site": {"zones": [{"name": "site", "stations": [
            {"connectors": [{"name": name, "charge_kw": EVSE_KW}]} for name in names]}]},
    }, "bench")
    afternoon = evses // 2
    evse = np.concatenate([np.arange(evses), np.arange(afternoon)])
    u = uniforms(seed, Purpose.BENCH, len(evse), 3)
    late = np.arange(len(evse)) >= evses
    arrival = np.where(late, 15.0 + 3.0 * u[:, 0], 6.0 + 4.5 * u[:, 0]) * HOUR_S
    arrival = np.floor(arrival / PERIOD_S) * PERIOD_S
    stay = np.where(late, 1.0 + 4.0 * u[:, 1], 1.0 + 3.0 * u[:, 1]) * HOUR_S
    stay = np.floor(stay / PERIOD_S) * PERIOD_S
    energy = 4.0 + 21.0 * u[:, 2]
    n = len(evse)
    ids = [f"V{k:06d}" for k in range(n)]
    visits = Visits(
        id=ids, vehicle=ids, connector=[names[k] for k in evse], zone=[None] * n,
        arrival_s=arrival, departure_s=arrival + stay, arrival_kwh=CAPACITY_KWH - energy,
        target_kwh=np.full(n, CAPACITY_KWH), capacity_kwh=np.full(n, CAPACITY_KWH),
        ac_charge_kw=np.full(n, EVSE_KW), dc_charge_kw=np.full(n, EVSE_KW),
        ac_discharge_kw=np.zeros(n), dc_discharge_kw=np.zeros(n),
        plugs=np.full(n, ALL_PLUGS, np.int32), battery_max_kw=np.full(n, EVSE_KW),
        curve=[FLAT] * n, chemistry=np.zeros(n, np.int32), body=np.zeros(n, np.int32),
        recorded_kwh=np.full(n, np.nan))
    return scenario, visits.in_order()


def bench_sim(evses: int, best_of: int = BEST_OF) -> dict:
    """Time one day; the best of several. `wall_s` is the run, `build_s` what comes before it."""
    best: dict = {}
    scenario, visits = workload(evses)
    for _ in range(best_of):
        begun = time.perf_counter()
        model = Model(scenario, visits)
        built = time.perf_counter()
        model.advance(DAY_S)
        model.close_books()
        wall = time.perf_counter() - built
        if not best or wall < best["wall_s"]:
            best = {
                "vehicles": evses, "sessions": len(visits), "wall_s": wall,
                "build_s": built - begun, "us_per_session": wall / max(len(visits), 1) * 1e6,
                "times_real_time": DAY_S / wall,
                "energy_kwh": float(model.world.session.charged_kwh.sum()),
            }
    return best


def bench(fleets: list[int]) -> list[dict]:
    """`bench_sim` of each fleet size."""
    return [bench_sim(evses) for evses in fleets]
