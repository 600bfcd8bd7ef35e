"""Which branch of the run is played, which instant of it is shown, and what it is compared with.
No graphics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf

from game.clock import advance_in_slices
from game.glance import Glance
from sim.model import Model
from sim.orders import INSTRUCTOR
from sim.run import TimedCommand
from sim.training.branches import Branch, Tree
from sim.training.comparison import Difference, difference
from sim.training.course import Course


SLICE_S = 60.0


class Branching:
    """The tree of a model's branches, the `branch` that is played and the `other` that it is compared with
    (None: none). `played` is where the branch is, `shown` the model that is seen: the same, or one of its
    past. `beside` looks at the other branch while both are seen. `scored` is a branch that counts (None: none
    does): it waits while another is played, a stand-in shows how it would go on, and what is forked has only
    those injects that have come in it already. `short_s` as for a Glance at the first branch."""

    def __init__(self, model: Model, short_s: float = 0.0):
        course = _course_of(model.history)
        if course is None:
            course = Course(model.history)
            model.tell(course)
        self.tree = Tree(model, course=course)
        self._glance = Glance(self.tree, self.tree.branches["main"], short_s)
        self.scored: Branch | None = None
        self.other: Branch | None = None
        self.beside: Glance | None = None

    @property
    def branch(self) -> Branch:
        return self._glance.branch

    @property
    def played(self) -> Model:
        return self.branch.model

    @property
    def shown(self) -> Model:
        return self._glance.shown

    @property
    def past(self) -> bool:
        """Whether the past is shown."""
        return self._glance.past

    @property
    def shown_s(self) -> float:
        """Which instant is shown, or is about to be (s)."""
        return self._glance.shown_s

    @property
    def earliest_s(self) -> float:
        """From when on the branch is known."""
        return self._glance.earliest_s

    def show(self, t_s: float) -> None:
        """Show an instant of the past, or the present where that is what `t_s` (s) is."""
        self._glance.show(t_s)

    def show_now(self) -> None:
        """Back to the present."""
        self._glance.show_now()

    def go_on(self, budget_s: float, wall: Callable[[], float]) -> float:
        """Bring the past nearer to the instant that is to be shown, for about `budget_s` of wall time.
        Returns the instant that is seen (s)."""
        return self.advance(self.shown_s, SLICE_S, budget_s, wall)

    def advance(self, t_s: float, slice_s: float, budget_s: float, wall: Callable[[], float]) -> float:
        """Let what is shown come nearer to `t_s` (s) as `game.clock.advance_in_slices` does, in step with
        the other branch where that is beside it: who is behind goes first. Returns the instant that is
        seen (s)."""
        glances = [self._glance]
        if self.beside is not None:
            self.beside.show(t_s)
            glances.append(self.beside)

        def step(until_s: float) -> None:
            for glance in glances:
                glance.advance(until_s)

        advance_in_slices(step, min(glance.reached_s for glance in glances), t_s, slice_s, budget_s, wall)
        return self.shown.now_s

    def fork(self, name: str, before: int | None = None) -> Branch:
        """Begin another branch at the instant that is shown, or just before command number `before` of the log,
        and go over to it. Raises ValueError for a name that is taken."""
        origin = self.branch
        branch = self.tree.fork(origin, name, None if before is not None else self.shown_s, before)
        if self.scored is not None:
            self.tree.foresee(branch, self.scored)
        self.switch(name)
        return branch

    def switch(self, name: str) -> None:
        """Go over to a branch; the one before is what it is compared with. Raises ValueError."""
        branch, before = self.named(name), self.branch
        if branch is not before:
            self._glance = Glance(self.tree, branch)
            self._compare(before)
        self.show_now()

    def compare(self, name: str) -> None:
        """Compare with a branch. Raises ValueError."""
        other = self.named(name)
        if other is self.branch:
            raise ValueError(f"{name} is the branch that is played")
        self._compare(other)

    def show_beside(self, on: bool) -> None:
        """Look at the other branch as well, or no longer. Raises ValueError where there is none."""
        if on and self.other is None:
            if len(self.tree.branches) < 2:
                raise ValueError("there is no other branch: fork one")
            self.compare(self.next_name())
        self.beside = Glance(self.tree, self.other) if on else None

    def try_out(self, name: str, commands: Iterable[TimedCommand], until_s: float) -> None:
        """Fork a branch when the first of `commands` (time s, command, source) is given, give it them all,
        and see both at `until_s`, the new one first. Raises ValueError for commands that are later than that and
        for one that is refused."""
        commands = sorted(commands, key=lambda one: one[0])
        if not commands or not commands[-1][0] <= until_s:
            raise ValueError("expected commands, none after the instant that is shown")
        self.played.advance(commands[0][0])
        self.fork(name)
        for t_s, command, source in commands:
            self.played.advance(t_s)
            refusal = self.played.submit(command, source)
            if refusal:
                raise ValueError(refusal)
        self.show_beside(True)
        self.advance(until_s, inf, inf, lambda: 0.0)

    def _compare(self, other: Branch) -> None:
        if other is self.scored:
            other = self.tree.stand_in(other)
            self.tree.foresee(other)
        self.other = other
        if self.beside is not None:
            self.beside = Glance(self.tree, other)

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
        """Let the other branch go on to where this one is shown, for about `budget_s` of wall time, if it is
        not beside it."""
        if self.other is not None and self.beside is None and self.other.model.now_s < self.shown_s:
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
