"""What the last frames took, measured by the app while it runs on screen."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from game.look import Tier

FRAMES = 180


class Cost(NamedTuple):
    """One frame: wall seconds of the whole, of the model, of scene and panels, of drawing."""

    frame_s: float
    model_s: float
    scene_s: float
    draw_s: float


class Picture(NamedTuple):
    """What the scene takes: draw calls, instances, bytes of GPU buffers; its tier, how that is
    chosen and why it is that one."""

    draw_calls: int
    instances: int
    gpu_bytes: int
    tier: Tier
    mode: str
    why: str


class Frames:
    """The last FRAMES costs, and the picture as it is now (None before the first)."""

    def __init__(self):
        self.costs: deque[Cost] = deque(maxlen=FRAMES)
        self.picture: Picture | None = None

    def mean(self) -> Cost | None:
        """Means over what is kept; None where nothing was measured."""
        if not self.costs:
            return None
        return Cost(*(sum(column) / len(self.costs) for column in zip(*self.costs)))
