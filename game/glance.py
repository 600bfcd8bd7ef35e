"""One branch of the run at any instant that it knows, or where it is now. No graphics.

The present of a branch goes on; its past is shown by a copy of a keyframe, which whoever looks advances a
little in each frame until it is where the hand wants it, so that no frame waits for a simulation.
"""

from __future__ import annotations

from game.ui.trace import Remembered, trace_of
from sim.model import Model
from sim.training.branches import KEYFRAMES, Branch, Tree


RUNGS, SHORTEST_S = 8, 60.0
"""Into how many parts the way from a keyframe is divided by copies, and how long (s) they are at least."""


class Glance:
    """A look at `branch` of a tree, at its present first. A way of up to `short_s` (s) is gone on with though a
    keyframe lies on it, because another model has to be uploaded whole; only for a tree whose branches know all
    injects. Who goes back step by step would go through the way from the keyframe at every step: copies along it are
    kept meanwhile, from the nearest of which the next step begins; and what is seen stays until that has come."""

    def __init__(self, tree: Tree, branch: Branch, short_s: float = 0.0):
        self._tree, self.branch, self._short_s = tree, branch, short_s
        self._past: Model | None = None
        self._coming: Model | None = None   # the past that takes its place once it has come to the instant
        self._target_s = 0.0
        self._rungs: list[Model] = []
        self._parks_at: list[float] = []    # where the past leaves a copy of itself on its way, s

    @property
    def shown(self) -> Model:
        """The model that is seen: the branch's own, or one of its past."""
        return self._past or self.branch.model

    @property
    def past(self) -> bool:
        """Whether the past is shown."""
        return self._past is not None

    @property
    def shown_s(self) -> float:
        """Which instant is shown, or is about to be (s)."""
        return self._target_s if self._past is not None else self.branch.model.now_s

    @property
    def reached_s(self) -> float:
        """How far that is which is to come there (s)."""
        return (self._coming or self.shown).now_s

    @property
    def earliest_s(self) -> float:
        """From when on the branch is known."""
        return self.branch.keyframes[0].model.now_s

    def show(self, t_s: float) -> None:
        """Show an instant of the past, or the present where that is what `t_s` (s) is."""
        t_s = max(t_s, self.earliest_s)
        if t_s >= self.branch.model.now_s:
            return self.show_now()
        last = max(frame.model.now_s for frame in self.branch.keyframes if frame.model.now_s <= t_s)
        if self._past is None or not min(last, t_s - self._short_s) <= self.reached_s <= t_s:
            step_s = self.shown_s - t_s
            self._begin(last, t_s, 0.0 < step_s <= 0.5 * self.branch.model.duration_s / KEYFRAMES)
        self._target_s = t_s

    def _begin(self, frame_s: float, t_s: float, back: bool) -> None:
        """Have a past that will come to an instant: from the keyframe before, at `frame_s`, or from nearer. `back`
        says that there will be others, a little earlier each."""
        self._rungs = [rung for rung in self._rungs if frame_s <= rung.now_s <= t_s]
        self._parks_at = []
        if self._rungs:
            model = self._rungs[-1].copy()
        else:
            model = self._tree.rewind(self.branch, t_s)
            part_s = (t_s - frame_s) / RUNGS
            if back and part_s >= SHORTEST_S:
                self._parks_at = [frame_s + k * part_s for k in range(1, RUNGS)]
        trace = trace_of(self.branch.course)
        model.tell(trace and Remembered(trace))
        stays = back and self._past is not None and model.now_s < t_s
        self._past, self._coming = (self._past, model) if stays else (model, None)

    def advance(self, t_s: float) -> None:
        """Let it come nearer to the instant that is to be shown, up to `t_s`."""
        model = self._coming or self.shown
        while self._parks_at and self._parks_at[0] <= t_s:
            model.advance(self._parks_at.pop(0))
            self._rungs.append(model.copy())
        if model.now_s < t_s:
            model.advance(t_s)
        if self._coming is not None and model.now_s >= self._target_s:
            self._past, self._coming = model, None

    def show_now(self) -> None:
        """Back to the present."""
        self._past = self._coming = None
        self._rungs, self._parks_at = [], []
