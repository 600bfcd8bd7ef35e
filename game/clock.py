"""Three clocks that are never mixed up.

Real time is what the wall shows, virtual time is what the simulation shows, film time is what
the finished film shows. A stall of the machine is real time only: it is clamped away before it
can reach virtual time, and film time never sees it (`game.film.tracks`: frame k is at k / fps).
"""

from __future__ import annotations

from collections.abc import Callable

SPEEDS = (1, 10, 60, 300, 600, 1800, 3600)
MAX_REAL_STEP_S = 0.1
RATE_WINDOW_S = 1.0
QUICK_SHARE = 0.1


class VirtualClock:
    """Seconds of the simulation, running at `speed` virtual seconds a real second.

    `now_s` never passes `end_s` and never runs backwards. `speed` is one of SPEEDS and what is
    asked for; `reached_speed` is what the last full second of real time brought, which is less
    where the machine cannot keep up.
    """

    def __init__(self, now_s: float, end_s: float, speed: float = 60):
        self.now_s = min(now_s, end_s)
        self.end_s = end_s
        self.speed = self.reached_speed = speed
        self.paused = False
        self._real_s = self._virtual_s = 0.0

    @property
    def ended(self) -> bool:
        """Whether the scenario is over."""
        return self.now_s >= self.end_s

    def target(self, real_dt_s: float) -> float:
        """Where virtual time would be after `real_dt_s` of real time; moves nothing.

        A step longer than MAX_REAL_STEP_S counts as that: the machine stalled.
        """
        if self.paused:
            return self.now_s
        step = min(max(real_dt_s, 0.0), MAX_REAL_STEP_S)
        return min(self.now_s + step * self.speed, self.end_s)

    def reach(self, now_s: float, real_dt_s: float = 0.0) -> None:
        """Set the time that the model has reached, for which `real_dt_s` of real time passed."""
        before = self.now_s
        self.now_s = min(max(now_s, self.now_s), self.end_s)
        if self.paused or self.ended:
            return
        self._real_s += real_dt_s
        self._virtual_s += self.now_s - before
        if self._real_s >= RATE_WINDOW_S:
            self.reached_speed = self._virtual_s / self._real_s
            self._real_s = self._virtual_s = 0.0

    def toggle(self) -> None:
        """Pause, or run again."""
        self.paused = not self.paused
        self.run_at(self.speed)

    def faster(self) -> None:
        """One step up in SPEEDS."""
        self.run_at(next((speed for speed in SPEEDS if speed > self.speed), SPEEDS[-1]))

    def slower(self) -> None:
        """One step down in SPEEDS."""
        self.run_at(next((speed for speed in reversed(SPEEDS) if speed < self.speed), SPEEDS[0]))

    def run_at(self, speed: float) -> None:
        """Run at a speed and measure anew; until then it counts as reached."""
        self.speed = self.reached_speed = speed
        self._real_s = self._virtual_s = 0.0


def advance_in_slices(advance: Callable[[float], object], now_s: float, target_s: float,
                      slice_s: float, budget_s: float, wall: Callable[[], float]) -> float:
    """Advance a model towards `target_s` in slices, for about `budget_s` of wall time.

    Returns the time reached: `target_s`, or less when the budget ran out, so that a busy hour
    slows virtual time down instead of freezing the picture. The first slice is `slice_s` long
    and always done; each is twice as long as the last while a slice takes little of the budget.
    """
    began = before = wall()
    step_s = slice_s
    while now_s < target_s:
        now_s = min(now_s + step_s, target_s)
        advance(now_s)
        after = wall()
        if after - began >= budget_s:
            break
        step_s = step_s * 2.0 if after - before < budget_s * QUICK_SHARE else slice_s
        before = after
    return now_s

