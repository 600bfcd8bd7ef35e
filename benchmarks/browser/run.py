"""Our picture beside the browser stack, measured by turns in one run: the same number of vehicles and
of pixels, drawn by the same software rasteriser.

Each browser build draws into a canvas that is in no page, so that what the browser needs to show it
is not counted; neither is ours shown. Wall times are what a person sees, but other programs on the
machine add to them; CPU times, of all processes of the browser, are steadier.

    make bench-browser
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from game.bench_scene import BROWSER_FLEETS, Picture, bench_scene
from game.tables import bench_table

HERE = Path(__file__).resolve().parent
BUILDS = {"React-Three-Fiber": "fiber.jsx", "three.js, instanced by hand": "instanced.js"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# ANGLE upon Mesa's EGL: the rasteriser that draws our picture too.
FLAGS = ("--headless=new", "--no-sandbox", "--no-zygote", "--disable-gpu-sandbox",
         "--ignore-gpu-blocklist", "--use-gl=angle", "--use-angle=gl-egl", "--no-first-run",
         "--disable-background-timer-throttling", "--disable-renderer-backgrounding")
FRAMES, WARM_UP = dict(zip(BROWSER_FLEETS, (120, 30))), 10
OURS = (Picture.ALIKE, Picture.ALIKE_APART, Picture.ALIKE_OWN, Picture.CROWD, Picture.SCENE, Picture.WINDOW)
LIMIT_S = 300.0
TICK_MS = 1e3 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="best median of so many")
    parser.add_argument("--out", type=Path, default=Path("out/browser"),
                        help="takes packages, bundles and pictures")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    bundles, browser = prepare(given.out), find_browser()
    rows: list[dict] = []
    for _ in range(given.rounds):
        for count, frames in FRAMES.items():
            rows += [{"build": f"Voltyard, {row['picture']}", **row}
                     for row in bench_scene([count], ["medium"], OURS)]
            rows += [{"build": build, **measure(browser, bundle, count, frames, given.out)}
                     for build, bundle in bundles.items()]
    found = best(rows)
    if given.json:
        print(json.dumps(found))
        return
    bench_table("by turns on this machine, best of several medians", found)


def prepare(out: Path) -> dict[str, Path]:
    """Install the packages that package.json pins and bundle the builds; the bundles by name."""
    if shutil.which("npm") is None:
        sys.exit("bench-browser needs npm: apt-get install -y npm")
    out.mkdir(parents=True, exist_ok=True)
    for file in HERE.iterdir():
        if file.suffix in (".json", ".js", ".jsx"):
            shutil.copy(file, out)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=out, check=True)
    bundles = {}
    for name, file in BUILDS.items():
        bundles[name] = out / f"{Path(file).stem}.bundle.js"
        subprocess.run(["node_modules/.bin/esbuild", file, "--bundle", "--minify", "--log-level=error",
                        '--define:process.env.NODE_ENV="production"',
                        f"--outfile={bundles[name].name}"], cwd=out, check=True)
    return bundles


def find_browser() -> str:
    """The browser's path."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or sys.exit("bench-browser needs Chromium: apt-get install -y chromium")


def measure(browser: str, bundle: Path, vehicles: int, frames: int, out: Path) -> dict:
    """A build's frame_ms_median, frame_ms_p95, cpu_ms, draw_calls, triangles and renderer; its picture
    goes to `out`."""
    found, cpu_ms, ended = {}, [], threading.Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            script = self.path == "/bundle.js"
            body = bundle.read_bytes() if script else b"<script src=bundle.js></script>"
            self._answer(body, "text/javascript" if script else "text/html")

        def do_POST(self):
            said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/result":
                found.update(json.loads(said))
                ended.set()
            else:
                cpu_ms.append(_cpu_ms(running.pid))
            self._answer(b"", "text/plain")

        def _answer(self, body: bytes, kind: str):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            try:
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass    # the browser, which has said all, is gone

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = (f"http://127.0.0.1:{server.server_port}/?vehicles={vehicles}&frames={frames}"
               f"&warm={WARM_UP}&picture=1")
    with tempfile.TemporaryDirectory() as profile:
        running = subprocess.Popen([browser, *FLAGS, f"--user-data-dir={profile}", address],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            if not ended.wait(LIMIT_S):
                raise RuntimeError(f"{bundle.stem} at {vehicles} vehicles took over {LIMIT_S:.0f} s")
        finally:
            os.killpg(running.pid, 9)
            running.wait()
            server.shutdown()
    if "error" in found:
        raise RuntimeError(f"{bundle.stem}: {found['error']}")
    picture = found["picture"].split(",", 1)[1]
    (out / f"{bundle.name.split('.')[0]}-{vehicles}.png").write_bytes(base64.b64decode(picture))
    times = sorted(found["frame_ms"])
    return {"vehicles": vehicles, "frame_ms_median": statistics.median(times),
            "frame_ms_p95": times[int(0.95 * (len(times) - 1))],
            "cpu_ms": (cpu_ms[1] - cpu_ms[0]) / frames, "draw_calls": found["draw_calls"],
            "triangles": found["triangles"], "renderer": found["renderer"]}


def _cpu_ms(session: int) -> float:
    """CPU time so far of all processes of a session."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue    # ended meanwhile
        if int(fields[3]) == session:
            total += int(fields[11]) + int(fields[12])
    return total * TICK_MS


def best(rows: list[dict]) -> list[dict]:
    """The least median and CPU time of each build and fleet, and by how much is faster what of our scene is
    like the browser's, with as many particles, strung or apart, and with as many as ours has, and our whole scene."""
    found = []
    for vehicles in FRAMES:
        of_fleet = [row for row in rows if row["vehicles"] == vehicles]
        least = {build: {key: min(row[key] for row in of_fleet if row["build"] == build)
                         for key in ("frame_ms_median", "cpu_ms")}
                 for build in dict.fromkeys(row["build"] for row in of_fleet)}
        ours = {picture: least[f"Voltyard, {picture}"] for picture in Picture}
        for build, times in least.items():
            last = next(row for row in of_fleet if row["build"] == build)
            found.append({
                "vehicles": vehicles, "build": build, "frame_ms": round(times["frame_ms_median"], 1),
                "cpu_ms": round(times["cpu_ms"], 1), "draw_calls": last["draw_calls"],
                "renderer": last["renderer"],
                **{f"{name}_is_faster": round(times["frame_ms_median"] / ours[picture]["frame_ms_median"], 2)
                   for name, picture in (("alike", Picture.ALIKE), ("alike_particles_apart", Picture.ALIKE_APART),
                                         ("alike_own_particles", Picture.ALIKE_OWN), ("scene", Picture.SCENE))},
                "scene_by_cpu_time": round(times["cpu_ms"] / ours[Picture.SCENE]["cpu_ms"], 2)})
    return found


if __name__ == "__main__":
    main()
