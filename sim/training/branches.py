"""A named tree of branches of one run, each forked from another at any instant.

A branch is a model with its command log, and goes on by itself. Forking copies: the branch's last
keyframe (a copy of its model, parked there) before the instant is copied and given the log from there
on, so that a fork costs the time between two keyframes at most. That it is what scenario, seed and log
give is what tests prove. All branches have the same random draws, so they differ by decisions alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sim.model import Model
from sim.orders import SOURCE
from sim.run import give, repeat
from sim.training.course import Course, Mark

KEYFRAMES = 24
"""Into how many parts a scenario's duration is divided by keyframes."""


class Keyframe(NamedTuple):
    """A model parked where a branch has been, as it was before operators' commands of that instant,
    and how far the branch's course was then."""

    model: Model
    mark: Mark


@dataclass
class Branch:
    """`parent` is None for the first one, which `forked_s` (s) calls its beginning. `model` is where it
    is now, and tells `course`."""

    name: str
    parent: Branch | None
    forked_s: float
    model: Model
    course: Course
    keyframes: list[Keyframe] = field(default_factory=list)

    @property
    def decisions(self) -> list[tuple[int, dict]]:
        """(number in the log, entry) of what operators decided, without what the scenario gave."""
        return [(k, entry) for k, entry in enumerate(self.model.commands) if entry["source"] != SOURCE]


class Tree:
    """The branches of the run that `model` is in. Its history has to be a Course, or to tell `course`
    besides others (see `sim.history.Both`), which then are told of the first branch alone; where it has
    none it gets one.

    Branches are in the order of their making. What a branch is told (`branch.model.submit`) and how far
    it goes (`branch.model.advance`) concerns no other.
    """

    def __init__(self, model: Model, name: str = "main", course: Course | None = None):
        if model.history is None:
            model.tell(Course())
        self.branches: dict[str, Branch] = {}
        course = model.history if course is None else course
        self._add(Branch(name, None, model.now_s, model, course, _beginning(model, course)))

    def fork(self, of: Branch, name: str, at_s: float | None = None, before: int | None = None) -> Branch:
        """A new branch that has the past of another up to `at_s` (s, at most its present, which is the
        default), with all that was decided up to and at that instant; or up to command number `before`
        of its log, without that one. The other goes on as if nothing had been.

        Raises ValueError for a name that is taken, a time beyond the present and a number that the log
        does not have.
        """
        if name in self.branches or not name:
            raise ValueError(f"the name {name!r} is taken" if name else "a branch needs a name")
        model = self.state(of, at_s, before)
        kept = [frame for frame in of.keyframes if frame.model.now_s <= model.now_s]
        branch = Branch(name, of, model.now_s, model, model.history, kept)
        self._add(branch)
        return branch

    def stand_in(self, of: Branch) -> Branch:
        """A branch that is none of the tree, in the place of one that waits: the same up to now, and how
        that would go on if nobody decided anything more."""
        model = self.state(of)
        branch = Branch(of.name, of.parent, of.forked_s, model, model.history, list(of.keyframes))
        self._keep(branch)
        return branch

    def foresee(self, branch: Branch, known: Branch | None = None) -> None:
        """From now on nothing comes in `branch` that its operator cannot know of (see
        `sim.orders.Orders.foresee`); it is remembered so."""
        branch.model.orders.foresee(None if known is None else known.model)
        branch.keyframes.append(Keyframe(branch.model.copy(), branch.course.mark()))

    def state(self, of: Branch, at_s: float | None = None, before: int | None = None) -> Model:
        """A model of a branch's past, free to be looked at and to go on; arguments as in `fork`."""
        log = of.model.commands
        if before is not None:
            if not 0 <= before < len(log):
                raise ValueError(f"no command {before} in the log of {of.name}")
            at_s, log = log[before]["t"], log[:before]
        at_s = of.model.now_s if at_s is None else at_s
        if not 0.0 <= at_s <= of.model.now_s:
            raise ValueError(f"{of.name} has been from 0 to {of.model.now_s:g} s, not at {at_s:g} s")
        if at_s == of.model.now_s and len(log) == len(of.model.commands):
            return of.model.copy(of.course.cut(of.course.mark()))
        frame = _before(of, at_s, len(log))
        model = frame.model.copy(of.course.cut(frame.mark))
        repeat(log[len(model.commands):], model, at_s)
        return model

    def rewind(self, of: Branch, at_s: float) -> Model:
        """A model that stands at the last keyframe up to `at_s` and will go through what the branch has been
        through since, as far as it is advanced. Nobody is told of its ticks. Raises ValueError."""
        frame = _before(of, at_s, len(of.model.commands))
        model = frame.model.copy()
        give(of.model.commands[len(model.commands):], model)
        model.advance(model.now_s)  # the frame is as it was before what operators did at its instant
        return model

    def drop(self, branch: Branch) -> None:
        """Forget a branch; its children keep their past. Raises ValueError for the last one."""
        if len(self.branches) == 1:
            raise ValueError("the last branch stays")
        del self.branches[branch.name]

    def _add(self, branch: Branch) -> None:
        self.branches[branch.name] = branch
        self._keep(branch)

    def _keep(self, branch: Branch) -> None:
        if branch.parent is None or not branch.keyframes:
            self._park(branch)
        branch.model.every(branch.model.duration_s / KEYFRAMES, lambda _t: self._park(branch))

    def _park(self, branch: Branch) -> None:
        if not branch.keyframes or branch.keyframes[-1].model.now_s < branch.model.now_s:
            branch.keyframes.append(Keyframe(branch.model.copy(), branch.course.mark()))


def _beginning(model: Model, course: Course) -> list[Keyframe]:
    """The beginning of a run that has come some way, where its course knows it from there on: one that was
    resumed can be looked at and forked as if it had never broken off."""
    known = course.columns()["t_s"]
    if model.now_s == 0.0 or not len(known) or known[0] > 0.0:
        return []
    empty = Course(None if course.also is None else type(course.also)())
    return [Keyframe(Model(model.scenario, model.visits), empty.mark())]


def _before(branch: Branch, at_s: float, commands: int) -> Keyframe:
    """The last keyframe up to `at_s` with at most so many commands in its log."""
    frames = [frame for frame in branch.keyframes
              if frame.model.now_s <= at_s and len(frame.model.commands) <= commands]
    if not frames:
        raise ValueError(f"{branch.name} is known from {branch.keyframes[0].model.now_s:g} s on, not at {at_s:g} s")
    return frames[-1]
