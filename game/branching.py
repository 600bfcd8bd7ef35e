"""Which branch of the run is played and which instant of it is shown. No graphics.

The present of a branch goes on; its past is shown by a copy of a keyframe that is advanced a little in each
frame until it is where the hand wants it, so that no frame waits for a simulation.
"""

from __future__ import annotations

from collections.abc import Callable

from game.clock import advance_in_slices
from game.ui.trace import Remembered, trace_of
from sim.model import Model
from sim.orders import INSTRUCTOR
from sim.training.branches import Branch, Tree
from sim.training.comparison import Difference, difference
from sim.training.course import Course

SLICE_S = 60.0


class Branching:
    """The tree of a model's branches, the `branch` that is played and the `other` that it is compared with
    (None: none). `played` is where the branch is, `shown` the model that is seen: the same, or one of its
    past. `series` are the branch's columns by control tick."""

    def __init__(self, model: Model):
        course = _course_of(model.history)
        if course is None:
            course = Course(model.history)
            model.tell(course)
        self.tree = Tree(model, course=course)
        self.branch: Branch = self.tree.branches["main"]
        self.other: Branch | None = None
        self._past: Model | None = None
        self._target_s = 0.0

    @property
    def played(self) -> Model:
        return self.branch.model

    @property
    def shown(self) -> Model:
        return self._past or self.branch.model

    @property
    def past(self) -> bool:
        """Whether the past is shown."""
        return self._past is not None

    @property
    def shown_s(self) -> float:
        """Which instant is shown, or is about to be (s); None where that is the present."""
        return self._target_s if self._past is not None else self.branch.model.now_s

    @property
    def earliest_s(self) -> float:
        """From when on the branch is known."""
        return self.branch.keyframes[0].model.now_s

    def show(self, t_s: float) -> None:
        """Show an instant of the past, or the present where that is what `t_s` (s) is."""
        t_s = max(t_s, self.earliest_s)
        if t_s >= self.played.now_s:
            return self.show_now()
        last = max(frame.model.now_s for frame in self.branch.keyframes if frame.model.now_s <= t_s)
        if self._past is None or not last <= self._past.now_s <= t_s:
            past = self.tree.rewind(self.branch, t_s)
            trace = trace_of(self.branch.course)
            past.tell(trace and Remembered(trace))
            self._past = past
        self._target_s = t_s

    def show_now(self) -> None:
        """Back to the present."""
        self._past = None

    def go_on(self, budget_s: float, wall: Callable[[], float]) -> float:
        """Bring the past nearer to the instant that is to be shown, for about `budget_s` of wall time.
        Returns the instant that is seen (s)."""
        if self._past is None:
            return self.played.now_s
        return advance_in_slices(self._past.advance, self._past.now_s, self._target_s, SLICE_S, budget_s, wall)

    def fork(self, name: str, before: int | None = None) -> Branch:
        """Begin another branch at the instant that is shown, or just before command number `before` of the log,
        and go over to it. Raises ValueError for a name that is taken."""
        origin = self.branch
        branch = self.tree.fork(origin, name, None if before is not None else self.shown_s, before)
        self.switch(name)
        self.other = origin
        return branch

    def switch(self, name: str) -> None:
        """Go over to a branch; the one before is what it is compared with. Raises ValueError."""
        branch = self.named(name)
        if branch is not self.branch:
            self.other, self.branch = self.branch, branch
        self.show_now()

    def compare(self, name: str) -> None:
        """Compare with a branch. Raises ValueError."""
        other = self.named(name)
        if other is self.branch:
            raise ValueError(f"{name} is the branch that is played")
        self.other = other

    def named(self, name: str) -> Branch:
        branch = self.tree.branches.get(name)
        if branch is None:
            raise ValueError(f"no branch {name!r}, expected one of {', '.join(self.tree.branches)}")
        return branch

    def next_name(self, step: int = 1) -> str:
        """The branch after the one that is played, in the order of their making."""
        names = list(self.tree.branches)
        return names[(names.index(self.branch.name) + step) % len(names)]

    def keep_up(self, budget_s: float, wall: Callable[[], float]) -> None:
        """Let the other branch go on to where this one is shown, for about `budget_s` of wall time."""
        if self.other is not None and self.other.model.now_s < self.shown_s:
            other = self.other.model
            advance_in_slices(other.advance, other.now_s, self.shown_s, SLICE_S, budget_s, wall)

    def difference(self) -> Difference | None:
        """The branch less the other one, where there is one."""
        return None if self.other is None else difference(self.other.course, self.branch.course)

    def next_event_s(self, step: int) -> float | None:
        """When what matters happens next (1) or happened last (-1) from the instant shown, or None: what
        operators decided, injects and what alarms begin or end with."""
        now = self.shown_s
        times = [event["t"] for event in self.played.events if matters(event)]
        later = [t for t in times if (t > now + 1e-6 if step > 0 else t < now - 1e-6)]
        return (min if step > 0 else max)(later, default=None)


MATTERS = frozenset((
    "command", "limit_exceeded", "limit_restored", "transformer_over", "transformer_back", "supply_lost",
    "supply_restored", "stress_level", "faulted", "repaired", "frequency_left_band", "frequency_restored",
    "left_unserved", "condition_met", "queued"))


def matters(event: dict) -> bool:
    """Whether an event is one to stop at: of MATTERS, and not what an instructor said."""
    return event["kind"] in MATTERS and event.get("source") != INSTRUCTOR


def _course_of(history) -> Course | None:
    """The course in a model's history, or None."""
    for part in (history, *getattr(history, "told", ())):
        if isinstance(part, Course):
            return part
    return None
