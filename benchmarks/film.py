"""What a film's frame costs beside the scene's own, what a large one takes, and whether memory stays flat.

    python benchmarks/film.py ratio  [--tier medium] [--rounds 3]
    python benchmarks/film.py large  [--size 3840x2160] [--tier medium --tier high] [--frames 12]
    python benchmarks/film.py memory [--size 160x90] [--frames 10000]

`ratio` goes through the same frames of evening_peak by turns: the scene alone (drawn, not read back), encoding
alone, and as a film. `large` renders frames to a file, codec and all. `memory` renders an orbit over a whole day
and exits with 1 if memory grows by more than GROWN_MB from a tenth of it to its end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from panda3d.core import loadPrcFileData

# Mesa draws behind the caller's back; without this a frame would seem to cost nothing.
loadPrcFileData("bench", "gl-finish 1")

from game.film.codecs import ChunkWriter  # noqa: E402
from game.film.plan import Plan  # noqa: E402
from game.film.reel import Reel  # noqa: E402
from game.film.render import rendered  # noqa: E402
from game.film.request import Request  # noqa: E402
from game.film.stage import Stage  # noqa: E402
from game.film.tracks import Tracks  # noqa: E402
from game.film.work import Work  # noqa: E402
from game.look import Look  # noqa: E402

SHOTS, FIRST = "evening_peak", 336          # frames of its liveliest part, a whole number of chunks in
PARTS, GROWN_MB = 20, 8.0


def resident_mb() -> float:
    """Memory of this process that is in use."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2 ** 20


def scene_s(plan: Plan) -> list[float]:
    """Seconds of each frame of the scene alone: model, camera and drawing."""
    models = plan.run.models()
    stage = Stage(plan.run.scenario, models, plan.size, look=Look(tier=plan.tier))
    try:
        tracks = Tracks(plan.shots, plan.run.scenario, stage.poses, stage.knows, plan.tier)
        for frame in range(plan.first):
            stage.pass_by(tracks.at(plan.film_s(frame), stage.place))
        stage.draw()
        took = []
        for frame in plan.frames:
            began = time.perf_counter()
            stage.pass_by(tracks.at(plan.film_s(frame), stage.place))
            stage.shell.render()
            took.append(time.perf_counter() - began)
        return took
    finally:
        stage.close()


def encoding_s(plan: Plan, folder: Path) -> float:
    """Seconds a frame of encoding alone."""
    reel = Reel(plan)
    try:
        pictures = [picture.copy() for _, picture in reel.frames(plan.frames)]
    finally:
        reel.close()
    began = time.perf_counter()
    with ChunkWriter(folder / "alone.mp4", plan.codec, plan.crf, plan.size, plan.fps) as writer:
        for picture in pictures:
            writer.add(picture)
    return (time.perf_counter() - began) / len(pictures)


def film_s(plan: Plan, folder: Path) -> tuple[float, list[float]]:
    """Seconds a frame as a film, all in, and those of each frame up to its being handed on."""
    work = Work(folder / f"film{plan.tier}.mp4", plan)
    took, began = [], None
    for _ in rendered(work, work.chunks()):
        now = time.perf_counter()
        if began is None:
            first = began = now     # The first brings up the stage and passes by what comes before.
        took.append(now - began)
        began = now
    return (time.perf_counter() - first) / (len(took) - 1), took[1:]


def planned(size: str, tier: str, count: int) -> Plan:
    return Request(shots=SHOTS, size=size, fps="24", tier=tier, frames=f"{FIRST}-{FIRST + count - 1}").plan()


def ratio(tier: str, rounds: int) -> int:
    plan = planned("1280x720", tier, 48)
    found = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append((median(scene_s(plan)), encoding_s(plan, Path(folder)), film_s(plan, Path(folder))[0]))
        scene, encoding, film = found[-1]
        print(f"{number + 1}: scene {1e3 * scene:.1f} ms, encoding {1e3 * encoding:.1f} ms, film {1e3 * film:.1f} ms "
              f"a frame; load {os.getloadavg()[0]:.1f}", flush=True)
    scene, encoding, film = map(min, zip(*found))
    print(f"{tier}, the best of each: a film's frame takes {film / (scene + encoding):.2f} times scene plus encoding")
    return 0


def large(size: str, tiers: list[str], count: int) -> int:
    for tier in tiers:
        with tempfile.TemporaryDirectory() as folder:
            whole, took = film_s(planned(size, tier, count), Path(folder))
        print(f"{size}, {tier}: {whole:.2f} s a frame with encoding, median drawn {median(took):.2f} s, longest "
              f"{max(took):.2f} s of {len(took)}; load {os.getloadavg()[0]:.1f}", flush=True)
    return 0


def memory(size: str, count: int) -> int:
    day = Request("evening_peak", size=size, fps="30", tier="low", start="0", to=str(24 * 3600),
                  speed=24 * 3600 * 30 / count).plan()
    with tempfile.TemporaryDirectory() as folder:
        work, samples = Work(Path(folder) / "day.mp4", day), []
        for done, _ in enumerate(rendered(work, work.chunks()), 1):
            if done % (count // PARTS) == 0:
                samples.append(resident_mb())
                print(f"{done:6d} frames: {samples[-1]:.1f} MB, {len(os.listdir('/proc/self/fd'))} files open", flush=True)
    grown = samples[-1] - samples[PARTS // 10 - 1]
    print(f"{len(day.frames)} frames: {grown:+.1f} MB from a tenth to the end")
    return int(grown > GROWN_MB)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=("ratio", "large", "memory"))
    asked.add_argument("--tier", action="append")
    asked.add_argument("--size")
    asked.add_argument("--frames", type=int)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    if given.what == "ratio":
        return ratio((given.tier or ["medium"])[0], given.rounds)
    if given.what == "large":
        return large(given.size or "3840x2160", given.tier or ["medium", "high"], given.frames or 12)
    return memory(given.size or "160x90", given.frames or 10_000)


if __name__ == "__main__":
    sys.exit(main())
