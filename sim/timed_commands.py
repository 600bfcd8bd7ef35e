"""Commands about later ones: give a command at a time or when a condition is met, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator

from sim.command_parts import CommandBase, Time
from sim.errors import InputError
from sim.naming import misnaming
from sim.rules import parse_condition

if TYPE_CHECKING:
    from sim.commands import Command
    from sim.model import Model


def _condition(text: str) -> str:
    try:
        return str(parse_condition(text))
    except InputError as error:
        raise ValueError(f"not a condition: {error}") from None


ConditionText = Annotated[str, AfterValidator(_condition)]
"""A condition as `sim.rules` has it, in its own spelling."""


class _Later(CommandBase):
    command: Any

    @field_validator("command")
    @classmethod
    def _once(cls, command):
        if isinstance(command, _Later):
            raise ValueError(f"expected a command to carry out, not another {command.kind}")
        return command


class Schedule(_Later):
    """Give a command at a time."""

    kind: Literal["schedule"] = "schedule"
    at: Time
    command: Annotated["Command", Field()]  # noqa: F821 - the union that this is part of

    def check(self, model: Model) -> str | None:
        try:
            t_s = model.scenario.seconds(self.at)
        except ValueError as error:
            return f"at: {error}"
        if t_s < model.now_s:
            return f"{self.at} is over"
        if t_s > model.duration_s:
            return f"{self.at} is after the scenario's end"
        return misnaming(self.command, model.scenario)

    def apply(self, model: Model) -> None:
        model.orders.at(model.scenario.seconds(self.at), self.command)


class WatchFor(_Later):
    """Give a command once, at the first control tick at which a condition is met."""

    kind: Literal["watch"] = "watch"
    when: ConditionText
    command: Annotated["Command", Field()]  # noqa: F821

    def check(self, model: Model) -> str | None:
        return (parse_condition(self.when).refusal(model)
                or misnaming(self.command, model.scenario))

    def apply(self, model: Model) -> None:
        model.orders.when(parse_condition(self.when), self.command)


class CancelOrder(CommandBase):
    """Take a standing order back, by its number (see `sim.orders.Orders.standing`)."""

    kind: Literal["cancel_order"] = "cancel_order"
    order: int = Field(ge=1)

    def check(self, model: Model) -> str | None:
        numbers = [order.number for order in model.orders.standing]
        if self.order in numbers:
            return None
        waiting = f"expected one of {', '.join(map(str, numbers))}" if numbers else "none waits"
        return f"no order {self.order} waits, {waiting}"

    def apply(self, model: Model) -> None:
        model.orders.cancel(self.order)
