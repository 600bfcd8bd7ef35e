"""Spells above a limit: when they begin and end, how long they last, how far they go."""

from __future__ import annotations

from collections.abc import Callable


class Spells:
    """How often, how long, by how much one limit was exceeded. `worst` is in the limit's unit."""

    def __init__(self):
        self.count, self.seconds, self.worst = 0, 0.0, 0.0
        self._since: float | None = None

    @property
    def running(self) -> bool:
        return self._since is not None

    def seconds_until(self, t_s: float) -> float:
        """Seconds over the limit so far, a spell that still runs included."""
        return self.seconds + (t_s - self._since if self.running else 0.0)

    def follow(self, over: Callable[[float], float], since_s: float, t_s: float,
               tolerance: float, tell: Callable) -> None:
        """Account for a stretch between two events in which `over(t)`, what is above the limit,
        passes `tolerance` once at most. `tell(kind, t, **facts)` is told of begin and end."""
        begins, ends = over(since_s), over(t_s)
        if self.running and begins <= tolerance:
            self._stop(since_s, tell)
        if max(begins, ends) <= tolerance:
            return
        if not self.running:
            start = since_s if begins > tolerance else crossing(over, t_s, since_s, tolerance)
            self.count += 1
            self._since = start
            tell("limit_exceeded", start, over=max(begins, ends))
        self.worst = max(self.worst, begins, ends)
        if ends <= tolerance:
            self._stop(crossing(over, since_s, t_s, tolerance), tell)

    def _stop(self, t_s: float, tell: Callable) -> None:
        self.seconds += t_s - self._since
        self._since = None
        tell("limit_restored", t_s)


def crossing(over: Callable[[float], float], high_s: float, low_s: float,
             tolerance: float) -> float:
    """When `over` falls to `tolerance` between a time where it is above and one where it is not."""
    for _ in range(60):
        middle = (high_s + low_s) / 2
        if middle in (high_s, low_s):
            break
        high_s, low_s = (middle, low_s) if over(middle) > tolerance else (high_s, middle)
    return low_s
