"""Standing orders: commands that a run gives itself, at a time or when a condition is met.

They are carried out as the last thing of an instant but for what operators do then, and logged as
injects, since a replay that has the order gives them again by itself. Who gave an order stays known, so
that one of the instructor's can be kept from the trainee until it takes effect.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from sim.rules import Condition, Watch
from sim.timeline import Order

if TYPE_CHECKING:
    from sim.commands import Command
    from sim.model import Model

SOURCE, INSTRUCTOR = "inject", "instructor"
"""Whose commands they are in the log: the run's own, and those of who trains others."""


class Standing(NamedTuple):
    """An order that waits: its number, the time (s) or condition, the command, and whose it is."""

    number: int
    due: float | Condition
    command: Command
    giver: str


class Orders:
    """The standing orders of one model. `pending` are (time s or condition, command) of those that
    wait, in the order in which they were given. `giver` is whose the next one is."""

    def __init__(self, model: Model):
        self._model = model
        self._waiting: dict[int, tuple[float | Watch, Command, str]] = {}
        self._given = 0
        self.giver = SOURCE
        self._known_s = inf

    @property
    def pending(self) -> list[tuple[float | Condition, Command]]:
        return [(order.due, order.command) for order in self.standing]

    @property
    def standing(self) -> list[Standing]:
        """Those that wait, with their numbers and givers."""
        return [Standing(number, due.condition if isinstance(due, Watch) else due, command, giver)
                for number, (due, command, giver) in self._waiting.items()]

    def cancel(self, number: int) -> None:
        """Take an order back; KeyError if none of that number waits."""
        del self._waiting[number]

    @property
    def blind(self) -> bool:
        """Whether an inject of this instant is not carried out (see `foresee`)."""
        return self._model.now_s > self._known_s

    def foresee(self, known: Model | None = None) -> None:
        """Of a copy that looks ahead for an operator: let nothing come that the operator cannot know of,
        neither injects nor what an instructor has ordered, but for what has come already in `known`, the
        run as the operator has seen it."""
        self._known_s = -inf if known is None else known.now_s
        unknown = self.standing if known is None else known.orders.standing
        for order in self.standing:
            if order.giver in (SOURCE, INSTRUCTOR) and order in unknown:
                self.cancel(order.number)

    def at(self, t_s: float, command: Command) -> None:
        """Have a command carried out at `t_s`, not before now."""
        self._schedule(t_s, self._enter(t_s, command))

    def when(self, condition: Condition, command: Command) -> None:
        """Have a command carried out once, at the first control tick at which the condition is met."""
        self._enter(Watch(condition), command)

    def look(self, now: float) -> None:
        """A control tick is done: carry out what it makes due."""
        for number, (due, command, giver) in list(self._waiting.items()):
            if isinstance(due, Watch) and due.met(self._model):
                self._model.events.append({"t": now, "kind": "condition_met", "when": str(due.condition)})
                self._waiting[number] = now, command, giver
                self._schedule(now, number)

    def _enter(self, due: float | Watch, command: Command) -> int:
        self._given += 1
        self._waiting[self._given] = due, command, self.giver
        return self._given

    def _schedule(self, t_s: float, number: int) -> None:
        def act(_event) -> None:
            if number in self._waiting:
                self._model.carry_out(self._waiting.pop(number)[1], SOURCE)
        self._model.timeline.at(t_s, Order.STANDING, act)
