"""What the last frames took, measured by the app while it runs on screen."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from game.look import Tier

FRAMES = 180
RATE_S = 2.0


class Cost(NamedTuple):
    """One frame: wall seconds of the whole, of the model, of scene and panels, of drawing."""

    frame_s: float
    model_s: float
    scene_s: float
    draw_s: float


class Content(NamedTuple):
    """What the scene draws: calls, instances, bytes of GPU buffers; vehicles with their full body, with
    a simple one, and here but out of sight; flows and the most particles that one has; names."""

    draw_calls: int
    instances: int
    gpu_bytes: int
    full: int
    simple: int
    unseen: int
    flows: int
    particles: int
    names: int


class Picture(NamedTuple):
    """What the scene draws, in how many pixels by those of the picture; its tier, how that is chosen,
    why it is that one, what the governor waits for, and its last changes (real s ago, tier, why)."""

    content: Content
    scale: float
    tier: Tier
    mode: str
    why: str
    state: str
    changes: tuple[tuple[float, Tier, str], ...] = ()


class Pace(NamedTuple):
    """How the simulation runs: the speed asked for and reached, events a real second and so far."""

    speed: float
    reached: float
    events_per_s: float
    events: int


class Frames:
    """The last FRAMES costs, and the picture as it is now (None before the first)."""

    def __init__(self):
        self.costs: deque[Cost] = deque(maxlen=FRAMES)
        self.picture: Picture | None = None
        self.pace: Pace | None = None
        self._counts: deque[tuple[float, int]] = deque()

    def tally(self, real_s: float, speed: float, reached: float, events: int) -> None:
        """Take how far the simulation is; rates are those of the last RATE_S of real time."""
        counts = self._counts
        counts.append((real_s, events))
        while len(counts) > 2 and counts[1][0] <= real_s - RATE_S:
            counts.popleft()
        passed = real_s - counts[0][0]
        rate = (events - counts[0][1]) / passed if passed > 0.0 else 0.0
        self.pace = Pace(speed, reached, rate, events)

    def mean(self) -> Cost | None:
        """Means over what is kept; None where nothing was measured."""
        if not self.costs:
            return None
        return Cost(*(sum(column) / len(self.costs) for column in zip(*self.costs)))

    def slowest_s(self) -> float:
        """What one frame in twenty took at least."""
        whole = sorted(cost.frame_s for cost in self.costs)
        return whole[int(0.95 * (len(whole) - 1))] if whole else 0.0
