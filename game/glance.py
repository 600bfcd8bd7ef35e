"""One branch of the run at any instant that it knows, or where it is now. No graphics.

The present of a branch goes on; its past is shown by a copy of a keyframe, which whoever looks advances a
little in each frame until it is where the hand wants it, so that no frame waits for a simulation.
"""

from __future__ import annotations

from game.ui.trace import Remembered, trace_of
from sim.model import Model
from sim.training.branches import Branch, Tree


class Glance:
    """A look at `branch` of a tree, at its present first. A way of up to `short_s` (s) is gone on with though a
    keyframe lies on it, because another model has to be uploaded whole; only for a tree whose branches know all
    injects."""

    def __init__(self, tree: Tree, branch: Branch, short_s: float = 0.0):
        self._tree, self.branch, self._short_s = tree, branch, short_s
        self._past: Model | None = None
        self._target_s = 0.0

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
    def earliest_s(self) -> float:
        """From when on the branch is known."""
        return self.branch.keyframes[0].model.now_s

    def show(self, t_s: float) -> None:
        """Show an instant of the past, or the present where that is what `t_s` (s) is."""
        t_s = max(t_s, self.earliest_s)
        if t_s >= self.branch.model.now_s:
            return self.show_now()
        last = max(frame.model.now_s for frame in self.branch.keyframes if frame.model.now_s <= t_s)
        if self._past is None or not min(last, t_s - self._short_s) <= self._past.now_s <= t_s:
            past = self._tree.rewind(self.branch, t_s)
            trace = trace_of(self.branch.course)
            past.tell(trace and Remembered(trace))
            self._past = past
        self._target_s = t_s

    def show_now(self) -> None:
        """Back to the present."""
        self._past = None
