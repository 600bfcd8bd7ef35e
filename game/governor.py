"""The quality governor: measured frame times choose the tier, rarely and with a reason.

A second of frames is judged by its median, so that a single stall decides nothing. A tier goes down
after SLOW_WINDOWS slow seconds. It goes up only after a calm stretch with room to spare, and a tier
that turned out too dear is left alone for twice as long each time. So changes get rarer the longer
a load stays as it is, whatever its noise.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from game.look import Tier

TARGET_S = 1.0 / 60.0
WINDOW_S, FEWEST_FRAMES = 1.0, 8
SLOW, FAR_TOO_SLOW, ROOM = 1.12, 2.5, 0.55
"""Times the target: above it a second is slow; above it two tiers go at once; below it there is room."""
PACED_SPREAD, PACED = 0.06, 1.04
"""A display paces frames when nine of ten differ by less than this share: then they hide how much
room there is, and only trying tells."""
SLOW_WINDOWS = 2
CALM_S, PACED_CALM_S, MOST_CALM_S = 6.0, 20.0, 900.0
REGRET_S = 60.0
LEAST_DRAW_SHARE = 0.35
KEPT_FRAMES, KEPT_CHANGES = 240, 32


@dataclass(frozen=True)
class FrameTime:
    """Seconds of one frame: the model, preparing the scene with its panels, drawing, and waiting
    that is no work."""

    model_s: float
    scene_s: float
    draw_s: float
    wait_s: float = 0.0

    @property
    def busy_s(self) -> float:
        """All but the waiting."""
        return self.model_s + self.scene_s + self.draw_s

    @property
    def whole_s(self) -> float:
        """From one frame to the next."""
        return self.busy_s + self.wait_s


@dataclass(frozen=True)
class Change:
    """At `at_s` of measured time the picture went to `tier`, because of `why`."""

    at_s: float
    tier: Tier
    why: str


class Governor:
    """Chooses the tier from `floor` to `ceiling`; `chosen` is a person's own choice among all, None for
    automatic.

    tier: what to draw with; why: in words; history: the last changes; frames: the last frame times;
    now_s: measured time so far.
    """

    def __init__(self, tier: Tier, chosen: Tier | None = None, floor: Tier = Tier.LOW,
                 ceiling: Tier = Tier.ULTRA, target_s: float = TARGET_S):
        self.floor, self.ceiling, self.target_s = floor, ceiling, target_s
        self.chosen: Tier | None = None
        self.tier = Tier(min(max(tier, floor), ceiling))
        self.why = f"begins at {_name(self.tier)}"
        self.history: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self.frames: deque[FrameTime] = deque(maxlen=KEPT_FRAMES)
        self.median_s = 0.0
        self.now_s = 0.0
        self._window: list[FrameTime] = []
        self._window_s = 0.0
        self._slow = 0
        self._calm_s = 0.0
        self._needed_s = CALM_S
        self._wary_s: dict[Tier, float] = {}
        self._raised_s = -REGRET_S
        if chosen is not None:
            self.choose(chosen)

    @property
    def mode(self) -> str:
        """`auto`, or the name of the tier that a person chose."""
        return "auto" if self.chosen is None else _name(self.chosen)

    @property
    def state(self) -> str:
        """What it waits for, in words."""
        if self.chosen is not None:
            return "held by hand"
        if self._slow:
            return f"slow, {self._slow} of {SLOW_WINDOWS} s"
        if self.tier == self.floor and self.median_s > SLOW * self.target_s:
            return "as low as it goes"
        if self.tier == self.ceiling:
            return "as high as it goes here"
        return f"calm, {self._calm_s:.0f} of {self._needed_s:.0f} s"

    def choose(self, tier: Tier | None) -> None:
        """Hold a tier; None gives the choice back to the measurement."""
        self.chosen = tier
        self._forget()
        if tier is None:
            within = Tier(min(max(self.tier, self.floor), self.ceiling))
            if within != self.tier:
                self._change(within, f"automatic goes up to {_name(self.ceiling)} here")
            else:
                self.why = f"automatic, {_name(self.tier)} so far"
        else:
            self._change(tier, "chosen by hand")

    def cycle(self) -> None:
        """The next of automatic, low, medium, high, ultra."""
        order = [None, *Tier]
        self.choose(order[(order.index(self.chosen) + 1) % len(order)])

    def feed(self, frame: FrameTime) -> Tier:
        """Take one frame's times; the tier for the next frame."""
        self.frames.append(frame)
        self.now_s += frame.whole_s
        self._window.append(frame)
        self._window_s += frame.whole_s
        if self._window_s >= WINDOW_S and len(self._window) >= FEWEST_FRAMES:
            window, passed_s = self._window, self._window_s
            self._window, self._window_s = [], 0.0
            self.median_s = median(f.whole_s for f in window)
            if self.chosen is None:
                self._judge(window, passed_s)
        return self.tier

    def _judge(self, window: list[FrameTime], passed_s: float) -> None:
        busy = median(f.busy_s for f in window)
        wholes = sorted(f.whole_s for f in window)
        spread = wholes[int(0.95 * (len(wholes) - 1))] - wholes[int(0.05 * (len(wholes) - 1))]
        paced = (self.median_s <= PACED * self.target_s and spread <= PACED_SPREAD * self.target_s)
        if busy > SLOW * self.target_s:
            self._calm_s = 0.0
            self._slow += 1
            if self._slow >= SLOW_WINDOWS:
                self._lower(busy, median(f.draw_s for f in window))
            return
        self._slow = 0
        roomy = busy < ROOM * self.target_s
        self._calm_s = self._calm_s + passed_s if roomy or paced else 0.0
        if self.tier < self.ceiling:
            above = Tier(self.tier + 1)
            self._needed_s = max(CALM_S if roomy else PACED_CALM_S, self._wary_s.get(above, 0.0))
            if self._calm_s >= self._needed_s:
                self._raised_s = self.now_s
                self._change(above, f"{_ms(busy)} a frame at {_name(self.tier)}: room for {_name(above)}")

    def _lower(self, busy: float, draw: float) -> None:
        self._slow = 0
        if self.tier == self.floor:
            self.why = f"{_ms(busy)} a frame at {_name(self.tier)}, the lowest"
            return
        if draw < LEAST_DRAW_SHARE * busy:
            self.why = f"{_ms(busy - draw)} of {_ms(busy)} are not drawing: {_name(self.tier)} stays"
            return
        # Rising was a mistake if it is taken back soon: the next try waits twice as long.
        if self.now_s - self._raised_s < REGRET_S:
            wary = self._wary_s.get(self.tier, CALM_S)
            self._wary_s[self.tier] = min(2.0 * max(wary, PACED_CALM_S), MOST_CALM_S)
        else:
            self._wary_s[self.tier] = max(self._wary_s.get(self.tier, 0.0), PACED_CALM_S)
        below = Tier(max(self.tier - (2 if busy > FAR_TOO_SLOW * self.target_s else 1), self.floor))
        self._change(below, f"{_ms(busy)} a frame at {_name(self.tier)}: {_name(below)}")

    def _change(self, tier: Tier, why: str) -> None:
        self.tier, self.why = tier, why
        self.history.append(Change(self.now_s, tier, why))
        self._forget()

    def _forget(self) -> None:
        """Measure anew: what was measured belongs to another tier."""
        self._window, self._window_s = [], 0.0
        self._slow, self._calm_s = 0, 0.0


def _name(tier: Tier) -> str:
    return tier.name.lower()


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"
