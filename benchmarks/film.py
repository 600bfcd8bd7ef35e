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

from game.bench_scene import finisher
from game.film.codecs import ChunkWriter
from game.film.plan import Plan
from game.film.reel import Reel
from game.film.render import rendered
from game.film.request import Request
from game.film.stage import Stage
from game.film.tracks import Tracks
from game.film.work import Work
from game.look import Look

SHOTS, FIRST = "evening_peak", 336          # frames of its liveliest part, a whole number of chunks in
PARTS, GROWN_MB = 20, 8.0


def resident_mb() -> float:
    """Memory of this process that is in use."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2 ** 20


class Spent:
    """Wall and processor time (s) since it was made, over a number of frames."""

    def __init__(self):
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def each(self, frames: int) -> tuple[float, float]:
        return (time.perf_counter() - self._wall) / frames, (time.process_time() - self._cpu) / frames


def scene_alone(plan: Plan) -> tuple[float, float]:
    """Wall and processor time of a frame of the scene alone: model, camera and drawing."""
    stage = Stage(plan.run.scenario, plan.run.models(), plan.size, look=Look(tier=plan.tier))
    try:
        tracks = Tracks(plan.shots, plan.run.scenario, stage.poses, stage.knows, plan.tier)
        for frame in range(plan.first):
            stage.pass_by(tracks.at(plan.film_s(frame), stage.place))
        stage.draw()
        finish, spent = finisher(), Spent()
        for frame in plan.frames:
            stage.pass_by(tracks.at(plan.film_s(frame), stage.place))
            stage.shell.render()
            finish()  # drawing goes on behind the caller's back
        return spent.each(len(plan.frames))
    finally:
        stage.close()


def encoding_alone(plan: Plan, folder: Path) -> tuple[float, float]:
    """The same of encoding alone."""
    reel = Reel(plan)
    try:
        pictures = [picture.copy() for _, picture in reel.frames(plan.frames)]
    finally:
        reel.close()
    spent = Spent()
    with ChunkWriter(folder / "alone.mp4", plan.codec, plan.crf, plan.size, plan.fps) as writer:
        for picture in pictures:
            writer.add(picture)
    return spent.each(len(pictures))


def filmed(plan: Plan, folder: Path) -> tuple[tuple[float, float], list[float]]:
    """The same as a film, all in, and the wall time of each frame up to its being handed on."""
    work = Work(folder / f"film{plan.tier}.mp4", plan)
    took, spent, began = [], None, 0.0
    for _ in rendered(work, work.chunks()):
        if spent is None:
            spent = Spent()     # The first brings up the stage and passes by what comes before.
        else:
            took.append(time.perf_counter() - began)
        began = time.perf_counter()
    return spent.each(len(took)), took


def planned(size: str, tier: str, count: int) -> Plan:
    return Request(shots=SHOTS, size=size, fps="24", tier=tier, frames=f"{FIRST}-{FIRST + count - 1}").plan()


def ratio(tier: str, rounds: int) -> int:
    plan = planned("1280x720", tier, 48)
    found = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            parts = scene_alone(plan), encoding_alone(plan, Path(folder)), filmed(plan, Path(folder))[0]
        found.append(parts)
        words = ", ".join(f"{name} {1e3 * wall:.1f} ({1e3 * cpu:.1f})"
                          for name, (wall, cpu) in zip(("scene", "encoding", "film"), parts))
        print(f"{number + 1}: {words} ms a frame (of processor); load {os.getloadavg()[0]:.1f}", flush=True)
    for k, name in enumerate(("wall", "processor")):
        scene, encoding, film = (min(parts[part][k] for parts in found) for part in range(3))
        print(f"{tier}, the best of each, {name} time: a film's frame takes {film / (scene + encoding):.2f} times "
              "scene plus encoding")
    return 0


def large(size: str, tiers: list[str], count: int) -> int:
    for tier in tiers:
        with tempfile.TemporaryDirectory() as folder:
            (whole, cpu), took = filmed(planned(size, tier, count), Path(folder))
        print(f"{size}, {tier}: {whole:.2f} s a frame with encoding ({cpu:.2f} s of processor), longest up to its "
              f"being handed on {max(took):.2f} s of {len(took)}; load {os.getloadavg()[0]:.1f}", flush=True)
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
