"""How fast the picture is: frames of an offscreen window with panels while the model runs.

Each fleet size is measured in a process of its own, because there is one engine a process. The
graphics queue is emptied after each frame, so that a frame's time has its drawing in it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from game.look import Look, Tier

SIZE = (1280, 720)
FRAMES, WARM_UP = 240, 40
SHIPPED = "evening_peak"
BUSY_TIME = "18:30"
SPEED = 60
DT_S = 1.0 / 60.0


def bench_scene(vehicles: list[int], tier: Tier = Tier.MEDIUM) -> list[dict]:
    """Measure each fleet size at a tier; 0 stands for the shipped scenario.

    Returns one dict each: vehicles, tier, plugged, frame_ms_median, frame_ms_p95, fps (of the
    median), python_ms_median, python_ms_p95, python_ms_mean,
    python_over_2ms_pct (share of frames; python is everything but drawing), draw_calls, instances,
    uploads_per_frame, gpu_bytes, target_bytes (buffers that are drawn into), renderer. Raises RuntimeError when a measurement fails.
    """
    paths = [str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    results = []
    for count in vehicles:
        done = subprocess.run([sys.executable, "-m", "game.bench_scene", str(count), tier.name], text=True,
                              env=env, stdout=subprocess.PIPE)
        if done.returncode:
            raise RuntimeError(f"the measurement of {count} vehicles ended with {done.returncode}")
        results.append(json.loads(done.stdout.splitlines()[-1]))
    return results


def synthetic(vehicles: int) -> dict:
    """The scenario, as parsed TOML, of a site with a connector for each of so many vehicles."""
    stations = max(1, -(-vehicles // 8))
    return {
        "name": f"bench_{vehicles}", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
        "strategy": "v2g_price",
        "site": {"zones": [{"name": "A", "stations": [{"count": stations, "connectors": [
            {"kind": "CCS2", "charge_kw": 22.0, "discharge_kw": 10.0, "count": 8}]}]}]},
        "grid": {"import_limit_kw": 6.0 * vehicles, "export_limit_kw": 4.0 * vehicles},
        "tariff": {"kind": "time_of_use", "price": 0.25,
                   "bands": [{"from": "17:00", "to": "21:00", "price": 0.45}]},
        "sessions": {"kind": "generated", "groups": [
            {"use_case": "private", "vehicles": vehicles, "models": [{"model": "vw_id4"}]}]},
    }


def _measure(vehicles: int, tier: Tier) -> dict:
    from panda3d.core import loadPrcFileData

    from game.app import App
    from game.ui.trace import Trace
    from sim.model import Model
    from sim.scenario import from_dict, load

    # Mesa draws behind the caller's back; without this a frame would seem to cost nothing.
    loadPrcFileData("bench", "gl-finish 1\nnotify-level-glgsg error")
    scenario = from_dict(synthetic(vehicles), "bench") if vehicles else load(SHIPPED)
    model = Model(scenario, history=Trace())
    model.advance(scenario.seconds(BUSY_TIME))
    app = App(scenario, model, size=SIZE, offscreen=True, look=Look(tier=tier))
    app.clock.speed = SPEED
    frame_ms, python_ms, uploads = [], [], 0
    for frame in range(WARM_UP + FRAMES):
        began = time.perf_counter()
        app.frame(DT_S)
        if frame >= WARM_UP:
            frame_ms.append((time.perf_counter() - began) * 1e3)
            python_ms.append(app.python_s * 1e3)
            uploads += app.scene.uploads_last_frame
    median = statistics.median(frame_ms)
    plugged = int((model.world.connector.vehicle >= 0).sum())
    return {
        "vehicles": vehicles or len(model.world.vehicle), "tier": tier.name.lower(), "plugged": plugged,
        "frame_ms_median": round(median, 3), "frame_ms_p95": round(_p95(frame_ms), 3),
        "fps": round(1e3 / median, 1), "python_ms_median": round(statistics.median(python_ms), 3),
        "python_ms_p95": round(_p95(python_ms), 3),
        "python_ms_mean": round(statistics.mean(python_ms), 3),
        "python_over_2ms_pct": round(100.0 * sum(ms > 2.0 for ms in python_ms) / FRAMES, 1),
        "draw_calls": app.scene.draw_calls,
        "instances": app.scene.instances, "uploads_per_frame": round(uploads / FRAMES, 3),
        "gpu_bytes": app.scene.gpu_bytes, "target_bytes": app.post.bytes,
        "renderer": app.shell.base.win.get_gsg().get_driver_renderer()}


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]), Tier[sys.argv[2]])))
