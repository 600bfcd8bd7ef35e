"""The same vehicles the plain way: one ursina Entity a part, moved one by one from Python.

    python benchmarks/naive_ursina.py [--vehicles 25 --vehicles 100] [--json]

A vehicle is a body, a cabin, four wheels, a bar of its charge and 200 particles, each an Entity with a
transform of its own; ursina's stock models and unlit shader, a flat ground, no hub, posts, cables or
labels. Measured as `voltyard bench scene` measures (offscreen, 1280 x 720, the graphics queue emptied
after each frame), beside the scene with as many particles.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from game.bench_scene import BROWSER_PARTICLES, DT_S, SIZE, Picture, finisher  # noqa: E402

FRAMES, WARM_UP = 24, 4
ROW, GAP_M, LANE_M = 10, 3.5, 9.0


def measure(vehicles: int) -> dict:
    """Frames of so many vehicles: vehicles, entities, frame_ms_median, python_ms_median."""
    from panda3d.core import ClockObject, loadPrcFileData

    loadPrcFileData("bench", "notify-level-glgsg error\nload-display p3headlessgl\n"
                             "audio-library-name null\nprint-pipe-types 0\nnotify-level-egldisplay error\nnotify-level-device fatal\n"
                             "notify-level-pnmimage error")
    with contextlib.redirect_stdout(io.StringIO()):
        from ursina import Entity, Ursina, Vec3, application, camera, color
        base = Ursina(size=SIZE, window_type="offscreen", development_mode=False,
                      editor_ui_enabled=False)
    base.taskMgr.remove("igLoop")
    ClockObject.get_global_clock().set_mode(ClockObject.M_non_real_time)
    application.hot_reloader.enabled = False
    hub = Vec3(0.0, 9.0, 45.0)
    Entity(model="plane", scale=400, color=color.rgb32(20, 26, 40))
    particles, count = [], 0
    for k in range(vehicles):
        x, z = (k % ROW - ROW / 2) * GAP_M, -(k // ROW) * LANE_M
        for y, size, shade in ((0.65, (1.9, 0.7, 4.6), 190), (1.25, (1.6, 0.55, 2.4), 40)):
            Entity(model="cube", position=(x, y, z), scale=size, color=color.rgb32(shade, shade, shade))
        for dx, dz in ((-0.95, 1.4), (0.95, 1.4), (-0.95, -1.4), (0.95, -1.4)):
            Entity(model="sphere", position=(x + dx, 0.33, z + dz), scale=(0.2, 0.66, 0.66),
                   color=color.black)
        Entity(model="quad", position=(x, 2.2, z), scale=(1.6, 0.15), color=color.white, billboard=True)
        start = Vec3(x, 1.6, z)
        for share in range(BROWSER_PARTICLES):
            quad = Entity(model="quad", scale=0.18, color=color.azure, billboard=True)
            particles.append((quad, start, share / BROWSER_PARTICLES))
        count += 7 + BROWSER_PARTICLES
    camera.position, camera.fov = (0.0, 45.0, -70.0 - vehicles / ROW * LANE_M), 40
    camera.look_at(Vec3(0.0, 0.0, 0.0))
    frame_ms, python_ms, finish = [], [], finisher()
    for frame in range(WARM_UP + FRAMES):
        began = time.perf_counter()
        t = frame * DT_S
        base.taskMgr.step()
        for quad, start, offset in particles:
            share = (t * 0.2 + offset) % 1.0
            quad.position = start + (hub - start) * share + Vec3(0.0, 6.0 * math.sin(math.pi * share), 0.0)
        python_s = time.perf_counter() - began
        base.graphicsEngine.render_frame()
        finish()
        if frame >= WARM_UP:
            frame_ms.append((time.perf_counter() - began) * 1e3)
            python_ms.append(python_s * 1e3)
    return {"vehicles": vehicles, "entities": count,
            "frame_ms_median": round(statistics.median(frame_ms), 3),
            "python_ms_median": round(statistics.median(python_ms), 3)}


def run(*words) -> dict:
    done = subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, text=True, check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vehicles", type=int, action="append")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure is not None:
        print(json.dumps(measure(asked.measure)))
        return
    rows = []
    for vehicles in asked.vehicles or [25, 100]:
        naive = run(__file__, "--measure", vehicles)
        ours = run("-m", "game.bench_scene", vehicles, "medium", Picture.CROWD, time.time(),
                   *SIZE, BROWSER_PARTICLES)
        rows.append({**naive, "voltyard_ms": ours["frame_ms_median"],
                     "voltyard_python_ms": ours["python_ms_median"],
                     "times_faster": round(naive["frame_ms_median"] / ours["frame_ms_median"], 1)})
    if asked.json:
        print(json.dumps(rows))
        return
    from game.tables import bench_table

    bench_table("one Entity a part", rows)


if __name__ == "__main__":
    main()
