"""How long each part of the model takes: a day with everything on.

A depot of vehicles that mostly can feed back, an import and an export limit that bind, prices by
time of use, a feeder of 100 nodes, ageing and history. Limits, base load and feeder grow with the
fleet, so that fleets differ in size alone.
"""

from __future__ import annotations

import json
import time
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from sim import tables
from sim.grid.feeder import FEEDER_DIR, FeederSpec
from sim.history import History
from sim.model import Model
from sim.profile import profile
from sim.scenario import Scenario, from_dict
from sim.sessions.load import load_visits
from sim.timing import DAY_S

BEST_OF = 3
STREETS, PILLARS, APART_M = 9, 11, 30.0
"""Cables from the busbar, distribution pillars along each, and metres between two: 100 nodes."""

CABLE = "NAYY 4x150 SE"
FLEET = 1_000
"""Vehicles that a transformer of `RATED_KVA` and `CABLES` in each street are made for."""

RATED_KVA, CABLES = 2_500.0, 2
EVENING_KW = (0.14, 0.14, 0.15, 0.20, 0.23, 0.16, 0.10, 0.08)
"""Base load by 3 h from midnight, kW a vehicle (prior: a building that peaks in the evening)."""


def feeder(fleet: int) -> dict:
    """The table of a radial feeder of 100 nodes, with source and cable of `lv_depot` and its
    transformer enlarged to the fleet, at the same losses and impedance a kVA."""
    spec, _ = tables.read("lv_depot", "feeder", FEEDER_DIR, FeederSpec)
    depot = spec.model_dump(by_alias=True)
    times = max(1, ceil(fleet / FLEET))
    larger = times * RATED_KVA / depot["transformer"]["rated_kva"]
    transformer = {key: value * larger if key in ("rated_kva", "load_loss_kw", "no_load_loss_kw")
                   else value for key, value in depot["transformer"].items()}
    rows = [[f"{street}.{pillar}" for street in range(1, STREETS + 1)]
            for pillar in range(1, PILLARS + 1)]  # who comes early takes turns with the streets
    pillars = [name for row in rows for name in row]
    lines = [{"from": start, "to": end, "type": CABLE, "length_m": APART_M,
              "parallel": CABLES * times}
             for street in zip(*rows) for start, end in zip(("busbar", *street), street)]
    return {"name": "bench", "spread": pillars, "source": depot["source"],
            "transformer": transformer | {"node": "busbar"},
            "line_types": {CABLE: depot["line_types"][CABLE]},
            "nodes": [{"name": "busbar"}, *({"name": name, "load_kw": 1.0} for name in pillars)],
            "lines": lines}


def workload(fleet: int, strategy: str, folder: Path) -> Scenario:
    """The scenario of `fleet` vehicles; writes its feeder's file into `folder`."""
    (folder / "bench.toml").write_text(_toml(feeder(fleet)), encoding="utf-8")
    return from_dict({
        "name": f"bench_model_{fleet}", "start": "2026-01-15T12:00:00+01:00", "seed": 1,
        "strategy": strategy,
        "site": {"zones": [{"name": "depot", "stations": [
            {"count": fleet, "ocpp": "2.1",
             "connectors": [{"kind": "CCS2", "charge_kw": 11.0, "discharge_kw": 11.0}]}]}]},
        "grid": {"import_limit_kw": 2.2 * fleet, "export_limit_kw": 1.0 * fleet,
                 "feeder": "bench.toml", "ambient_c": 5.0,
                 "base_load": {"step": "3h", "values": [fleet * kw for kw in EVENING_KW]}},
        "tariff": {"kind": "time_of_use", "price": 0.26, "sell_share": 0.9, "bands": [
            {"from": "22:00", "to": "06:00", "price": 0.14},
            {"from": "17:00", "to": "20:00", "price": 0.48}]},
        "sessions": {"kind": "generated", "groups": [
            {"use_case": "depot", "vehicles": fleet, "zone": "depot", "prefix": "V", "models": [
                {"model": "vw_id4", "share": 4}, {"model": "hyundai_ioniq_5", "share": 3},
                {"model": "byd_dolphin", "share": 2}, {"model": "tesla_model_3_lr", "share": 1}]}]},
    }, "bench model", folder)


def bench_model(fleet: int, strategy: str = "v2g_price", best_of: int = BEST_OF) -> dict:
    """Time one day of `fleet` (>= 1) vehicles; the best of several. `parts` is a list of part,
    seconds and share, and the seconds add up to `wall_s`; `build_s` is what comes before the run.
    Raises InputError for an unknown strategy."""
    best: dict = {}
    with TemporaryDirectory() as folder:
        scenario = workload(fleet, strategy, Path(folder))
        visits = load_visits(scenario)
        for _ in range(best_of):
            begun = time.perf_counter()
            model = Model(scenario, visits, History())
            built = time.perf_counter()
            seconds = profile(model, time.perf_counter)
            model.advance(DAY_S)
            model.close_books()
            wall = sum(seconds.values())
            if not best or wall < best["wall_s"]:
                session = model.world.session
                best = {
                    "vehicles": fleet, "strategy": strategy, "nodes": STREETS * PILLARS + 1,
                    "sessions": len(visits), "wall_s": wall, "build_s": built - begun,
                    "times_real_time": DAY_S / wall,
                    "energy_charged_kwh": float(session.charged_kwh.sum()),
                    "energy_discharged_kwh": float(session.discharged_kwh.sum()),
                    "parts": [{"part": part, "seconds": s, "share": s / wall}
                              for part, s in seconds.items()],
                }
    return best


def _toml(table: dict, name: str = "") -> str:
    """A table whose scalars and lists of scalars TOML writes as JSON does."""
    lines, inner = [], []
    for key, value in table.items():
        place = f"{name}.{json.dumps(key)}" if name else json.dumps(key)
        if isinstance(value, dict):
            inner.append(f"\n[{place}]\n" + _toml(value, place))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            inner += [f"\n[[{place}]]\n" + _toml(entry, place) for entry in value]
        else:
            lines.append(f"{json.dumps(key)} = {json.dumps(value)}\n")
    return "".join(lines + inner)
