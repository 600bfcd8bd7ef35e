"""Standing orders: commands that a run gives itself, at a time or when a condition is met.

They are carried out as the last thing of an instant but for what operators do then, and logged as
injects, since a replay that has the order gives them again by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules import Condition, Watch
from sim.timeline import Order

if TYPE_CHECKING:
    from sim.commands import Command
    from sim.model import Model

SOURCE = "inject"


class Orders:
    """The standing orders of one model. `pending` are (time s or condition, command) of those that
    wait, in the order in which they were given."""

    def __init__(self, model: Model):
        self._model = model
        self._waiting: dict[int, tuple[float | Watch, Command]] = {}
        self._given = 0

    @property
    def pending(self) -> list[tuple[float | Condition, Command]]:
        return [(due.condition if isinstance(due, Watch) else due, command)
                for due, command in self._waiting.values()]

    def at(self, t_s: float, command: Command) -> None:
        """Have a command carried out at `t_s`, not before now."""
        self._schedule(t_s, self._enter(t_s, command))

    def when(self, condition: Condition, command: Command) -> None:
        """Have a command carried out once, at the first control tick at which the condition is met."""
        self._enter(Watch(condition), command)

    def look(self, now: float) -> None:
        """A control tick is done: carry out what it makes due."""
        for number, (due, command) in list(self._waiting.items()):
            if isinstance(due, Watch) and due.met(self._model):
                self._model.events.append({"t": now, "kind": "condition_met", "when": str(due.condition)})
                self._waiting[number] = now, command
                self._schedule(now, number)

    def _enter(self, due: float | Watch, command: Command) -> int:
        self._given += 1
        self._waiting[self._given] = due, command
        return self._given

    def _schedule(self, t_s: float, number: int) -> None:
        def act(_event) -> None:
            self._model.carry_out(self._waiting.pop(number)[1], SOURCE)
        self._model.timeline.at(t_s, Order.STANDING, act)
