"""Hours of the demo in minutes: laps of the tour with visitors in between, offscreen, with no waiting for the
wall clock. Prints memory, open files and scene nodes after each lap; exit code 1 if they grow.

    python benchmarks/soak.py [--hours 8] [--size 320x180] [--step 0.1]
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from statistics import median

from direct.showbase.MessengerGlobal import messenger

from game.demo.kiosk import Demo
from game.demo.showing import showing_of
from game.look import Tier
from game.settings import parse_size

WARM_LAPS = 3           # caches fill, the allocator settles
SETTLING_MB, GROWN_MB_AN_HOUR = 16.0, 1.0
VISITOR_KEYS = ("f3", "tab", "f", "c", "space", "h", "escape", "f6", "escape", "l", "y", "f2")


def resident_mb() -> float:
    """Memory of this process that is in use."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2 ** 20


def open_files() -> int:
    """Files, sockets and pipes that this process has open."""
    return len(os.listdir("/proc/self/fd"))


def visit(demo: Demo, step_s: float) -> float:
    """Somebody comes in the middle of the tour, presses keys, and goes; seconds until the tour is back."""
    passed, first = 0.0, demo.app
    for name in VISITOR_KEYS:
        messenger.send("buttonDown", [name])
        messenger.send("buttonUp", [name])
        for _ in range(5):
            demo.app.frame(step_s)
            passed += step_s
    while demo.app is first:
        demo.app.frame(step_s)
        passed += step_s
        if not demo.app.running:
            demo.turn()
    return passed


def lap(demo: Demo, step_s: float, visited: bool) -> float:
    """The tour to its end, with a visitor in the middle or without; seconds that passed."""
    passed, film = 0.0, demo.app.showing.shots.film
    while True:
        demo.app.frame(step_s)
        passed += step_s
        if not demo.app.running:
            demo.turn()
            return passed
        if visited and demo.app.tour.film_s > film.duration / 2:
            passed, visited = passed + visit(demo, step_s), False


def main() -> int:
    """Soak for as long as asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--hours", type=float, default=8.0, help="of shown time; default 8")
    asked.add_argument("--size", default="320x180", help="of the picture; default 320x180")
    asked.add_argument("--step", type=float, default=0.1, help="seconds a frame, at most 0.1; default 0.1")
    given = asked.parse_args()
    showing = showing_of(kiosk=True, loop=True)
    display = showing.settings.display.model_copy(update={"size": parse_size(given.size), "tier": Tier.LOW})
    showing = replace(showing, settings=showing.settings.model_copy(update={"display": display}))
    demo, passed_s, laps = Demo(showing, offscreen=True, announced=False), 0.0, []
    while passed_s < 3600.0 * given.hours or len(laps) < 2 * WARM_LAPS:
        passed_s += lap(demo, min(given.step, 0.1), len(laps) % 2 == 1)
        base = demo.app.shell.base
        nodes = sum(root.find_all_matches("**").get_num_paths() for root in (base.render, base.render2d))
        laps.append((passed_s / 3600.0, resident_mb(), open_files(), nodes))
        print("{:6.2f} h  {:7.1f} MB  {} files  {} nodes".format(*laps[-1]), flush=True)
    demo.close()
    settled = laps[WARM_LAPS:]
    half = len(settled) // 2
    hours = settled[-1][0] - settled[0][0]
    grown = median(row[1] for row in settled[half:]) - median(row[1] for row in settled[:half])
    leaked = settled[-1][2] > settled[0][2] or settled[-1][3] > settled[0][3]
    print(f"memory {grown:+.1f} MB from the first half to the second, over {hours:.2f} h; "
          f"files {settled[0][2]} to {settled[-1][2]}; nodes {settled[0][3]} to {settled[-1][3]}")
    return int(leaked or grown > SETTLING_MB + GROWN_MB_AN_HOUR * hours)


if __name__ == "__main__":
    sys.exit(main())
