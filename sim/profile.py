"""Where a run's time goes: each part of a model under one stopwatch, exclusive of the others.

Methods are wrapped on the very objects of the one model that is measured, so that any other model
runs as if this file did not exist. A model that is measured computes the same (tests/test_bench.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from sim.model import Model

PARTS = ("events", "control", "battery", "meter", "grid", "ageing", "history")
"""What the time of a run is divided into. `events`: the timeline with arrivals, departures and all
that is in no other part. `control`: views and strategies. `battery`: segments settled and begun.
`meter`: peaks, limits and the site's books. `grid`: power flow, transformer and stress."""


class Stopwatch:
    """Seconds by part in `seconds`. Parts nest: while an inner one runs the outer one stands still,
    so that all together are the time between entering the outermost part and leaving it.

    `clock()` tells the time in seconds; only its differences count.
    """

    def __init__(self, clock: Callable[[], float]):
        self.seconds: dict[str, float] = {}
        self._clock = clock
        self._outer: list[str] = []
        self._since = 0.0

    def time(self, owner: object, part: str, *methods: str) -> None:
        """Count what these methods of `owner` take as `part` from now on."""
        self.seconds.setdefault(part, 0.0)
        for name in methods:
            setattr(owner, name, self._timed(getattr(owner, name), part))

    def _timed(self, method: Callable, part: str) -> Callable:
        seconds, outer, clock = self.seconds, self._outer, self._clock

        @wraps(method)
        def timed(*arguments, **named):
            now = clock()
            if outer:
                seconds[outer[-1]] += now - self._since
            self._since = now
            outer.append(part)
            try:
                return method(*arguments, **named)
            finally:
                now = clock()
                seconds[outer.pop()] += now - self._since
                self._since = now

        return timed


def profile(model: Model, clock: Callable[[], float]) -> dict[str, float]:
    """Seconds by part (see `PARTS`), counted as `model` goes on from here."""
    watch = Stopwatch(clock)
    watch.seconds.update(dict.fromkeys(PARTS, 0.0))
    watch.time(model, "events", "advance", "close_books")
    watch.time(model.supervisor, "control", "tick", "decide_if_due")
    watch.time(model.power, "battery", "begin", "rest", "restart", "settle", "settle_one", "moving",
               "watch_crossings")
    watch.time(model.meter, "meter", "leave", "change_one", "recount", "refresh", "watch")
    watch.time(model.conditions, "meter", "close", "enter", "tick")
    watch.time(model.grid, "grid", "step")
    if model.health is not None:
        watch.time(model.health, "ageing", "sample")
    if model.history is not None:
        watch.time(model.history, "history", "segment", "sample")
    return watch.seconds
