"""How fast the picture is: frames of an offscreen window while the model runs.

Each measurement has a process of its own, because there is one engine a process. The graphics
queue is emptied after each frame, so that a frame's time has its drawing in it, and only then, as
Panda's own `gl-finish` would after each draw call too.
"""

from __future__ import annotations

import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

SIZE = (1280, 720)
FRAMES, WARM_UP = 240, 40
SHIPPED = "evening_peak"
BUSY_TIME = "18:30"
SPEED = 60
DT_S = 1.0 / 60.0
# The fleet comes from 12:00 to 18:00 and leaves, as evenly, from 18:30 on.
COMING_S, STAY_S = 6 * 3600.0, 6.5 * 3600.0
CONNECTORS = 8  # a station

# The fleets and the particles of each vehicle that the browser stack is compared at; how fast that is
# must be measured on the same machine in the same run (benchmarks/browser).
BROWSER_FLEETS, BROWSER_PARTICLES = (25, 1_000), 200


class Picture(StrEnum):
    """What is drawn. Those that are alike have nothing but what the browser's scene has too."""

    WINDOW = "window"                       # with its panels
    SCENE = "scene"                         # without
    CROWD = "crowd"                         # with many particles a flow, each by itself
    ALIKE = "alike"                         # as many as the browser's, those of a flow strung on a ribbon
    ALIKE_APART = "alike, particles apart"  # as many, each by itself
    ALIKE_OWN = "alike, own particles"      # as many as our scene has by itself


def bench_scene(vehicles: list[int], tiers: list[str], pictures: Iterable[Picture] = Picture,
                size: tuple[int, int] = SIZE, particles: int | None = None) -> list[dict]:
    """Measure each picture of each fleet size at each tier; 0 stands for the shipped scenario. `particles`
    a flow are the crowd's and measured at any fleet size; without, as many as the browser's, at its sizes.

    Returns one dict each: tier, vehicles, picture, plugged, flowing, particles (room for that many a
    flow), width, height, first_frame_s (from the process's start, without the hours that the model
    simulates first), frame_ms_median, frame_ms_p95, fps (of the median), cpu_ms (of all threads, a
    frame), python_ms_median, python_ms_p95, python_ms_mean, python_over_2ms_pct (share of frames; python is everything but drawing),
    draw_calls, instances, uploads_per_frame, gpu_bytes, target_bytes (buffers that are drawn
    into), renderer. Raises RuntimeError when a
    measurement fails.
    """
    paths = [str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    results = []
    for tier in tiers:
        for count in vehicles:
            for picture in pictures:
                if not (picture in (Picture.WINDOW, Picture.SCENE) or count in BROWSER_FLEETS
                        or picture == Picture.CROWD and particles):
                    continue
                many = particles if picture == Picture.CROWD and particles else BROWSER_PARTICLES
                words = count, tier, picture, repr(time.time()), *size, many
                done = subprocess.run([sys.executable, "-m", "game.bench_scene", *map(str, words)],
                                      text=True, env=env, stdout=subprocess.PIPE)
                if done.returncode:
                    raise RuntimeError(f"the measurement of {count} vehicles at tier {tier} ended with "
                                       f"{done.returncode}")
                results.append(json.loads(done.stdout.splitlines()[-1]))
    return results


def synthetic(vehicles: int, folder: Path) -> dict:
    """The scenario, as parsed TOML, of a site where so many vehicles are plugged in at BUSY_TIME, most
    with power; its sessions are a file in `folder`."""
    stations = max(1, -(-vehicles // CONNECTORS))
    listed = folder / "sessions.csv"
    with open(listed, "w", encoding="utf-8") as file:
        file.write("vehicle,arrival,departure,soc_arrival,soc_target\n")
        for k in range(vehicles):
            arrival = COMING_S * k / vehicles
            # Wants about all that it can get until it leaves.
            file.write(f"vw_id4,{arrival:.3f},{arrival + STAY_S:.3f},0.15,0.95\n")
    return {
        "name": f"bench_{vehicles}", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
        "strategy": "v2g_price",
        "site": {"zones": [{"name": "A", "stations": [{"count": stations, "connectors": [
            {"kind": "CCS2", "charge_kw": 11.0, "discharge_kw": 10.0, "count": CONNECTORS}]}]}]},
        "grid": {"import_limit_kw": 12.0 * vehicles, "export_limit_kw": 12.0 * vehicles},
        "tariff": {"kind": "time_of_use", "price": 0.45,
                   "bands": [{"from": "17:30", "to": "21:00", "price": 0.25}]},
        "sessions": {"kind": "listed", "file": str(listed)},
    }


def _measure(vehicles: int, tier: str, picture: Picture, started_s: float, size: tuple[int, int],
             particles: int) -> dict:
    from panda3d.core import loadPrcFileData

    from game.app import App
    from game.look import Flow, Look, Tier, named
    from game.ui.trace import Trace
    from sim.model import Model
    from sim.scenario import from_dict, load

    loadPrcFileData("bench", "notify-level-glgsg error")
    with tempfile.TemporaryDirectory() as folder:
        scenario = (from_dict(synthetic(vehicles, Path(folder)), "bench") if vehicles
                    else load(SHIPPED))
        model = Model(scenario, history=Trace())
    before = time.time()
    model.advance(scenario.seconds(BUSY_TIME))
    simulated_s = time.time() - before
    crowd = picture in (Picture.CROWD, Picture.ALIKE, Picture.ALIKE_APART)
    look = Look(tier=named(Tier, tier), flow=Flow.PARTICLES if crowd else Flow.AUTO)
    app = App(scenario, model, size=size, offscreen=True, ui=picture == Picture.WINDOW, look=look)
    if crowd:
        app.scene.crowd(particles, strung=picture == Picture.ALIKE)
    if picture in (Picture.ALIKE, Picture.ALIKE_APART, Picture.ALIKE_OWN):
        app.scene.bare()
    app.clock.speed = SPEED
    finish = finisher()
    frame_ms, python_ms, uploads, first_frame_s = [], [], 0, 0.0
    for frame in range(WARM_UP + FRAMES):
        if frame == WARM_UP:
            cpu_s = time.process_time()
        began = time.perf_counter()
        app.frame(DT_S)
        finish()  # drawing goes on behind the caller's back
        if frame == 0:
            first_frame_s = time.time() - started_s - simulated_s
        if frame >= WARM_UP:
            frame_ms.append((time.perf_counter() - began) * 1e3)
            python_ms.append(app.python_s * 1e3)
            uploads += app.scene.uploads_last_frame
    cpu_ms = (time.process_time() - cpu_s) * 1e3 / FRAMES
    median = statistics.median(frame_ms)
    return {
        "tier": tier, "vehicles": vehicles or len(model.world.vehicle), "picture": str(picture),
        "plugged": int((model.world.connector.vehicle >= 0).sum()), "flowing": app.scene.flowing,
        "particles": app.scene.particles,
        "width": size[0], "height": size[1], "first_frame_s": round(first_frame_s, 2),
        "frame_ms_median": round(median, 3), "frame_ms_p95": round(_p95(frame_ms), 3),
        "fps": round(1e3 / median, 1), "cpu_ms": round(cpu_ms, 3),
        "python_ms_median": round(statistics.median(python_ms), 3),
        "python_ms_p95": round(_p95(python_ms), 3),
        "python_ms_mean": round(statistics.mean(python_ms), 3),
        "python_over_2ms_pct": round(100.0 * sum(ms > 2.0 for ms in python_ms) / FRAMES, 1),
        "draw_calls": app.scene.draw_calls,
        "instances": app.scene.instances, "uploads_per_frame": round(uploads / FRAMES, 3),
        "gpu_bytes": app.scene.gpu_bytes, "target_bytes": app.post.bytes,
        "renderer": app.shell.base.win.get_gsg().get_driver_renderer()}


def finisher() -> Callable[[], None]:
    """OpenGL's glFinish, of the context that is current where it is called."""
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    return ctypes.CFUNCTYPE(None)(egl.eglGetProcAddress(b"glFinish"))


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    _count, _tier, _picture, _started_s, _width, _height, _particles = sys.argv[1:]
    print(json.dumps(_measure(int(_count), _tier, Picture(_picture), float(_started_s),
                              (int(_width), int(_height)), int(_particles))))
