"""A branch of the run that is edited: simulated ahead of what is seen of it, and seen anywhere in its past."""

from __future__ import annotations

import time

from game.branching import SLICE_S, Branching
from game.clock import advance_in_slices
from sim.model import Model

SHORT_S = 600.0     # of simulated time that is gone on with, rather than begun again from a keyframe


class Branch:
    """A `model` as far as the film needs it. `shown` is the one that is seen."""

    def __init__(self, model: Model):
        self.branching = Branching(model, SHORT_S)

    @property
    def shown(self) -> Model:
        return self.branching.shown

    @property
    def known_s(self) -> float:
        """How far it is simulated."""
        return self.branching.played.now_s

    def prepare(self, until_s: float, budget_s: float) -> None:
        """Simulate on towards an instant, for about `budget_s` of wall time."""
        played = self.branching.played
        if played.now_s < until_s:
            advance_in_slices(played.advance, played.now_s, until_s, SLICE_S, budget_s, time.perf_counter)

    def show(self, t_s: float, budget_s: float) -> None:
        """Bring what is seen nearer to an instant, for about `budget_s`."""
        self.branching.show(min(t_s, self.known_s))
        self.branching.go_on(budget_s, time.perf_counter)

    def behind_s(self, t_s: float) -> float:
        """How far what is seen is before an instant, s; negative where it is behind it."""
        away = t_s - self.shown.now_s
        return away if abs(away) > 1e-6 else 0.0
