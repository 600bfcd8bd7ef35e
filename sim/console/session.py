"""What a line may ask of whoever runs the session and not of the model: it changes no run."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field, TypeAdapter

from sim.command_parts import CommandBase

FASTEST = 3600.0


class SetSpeed(CommandBase):
    """Simulated seconds a second, from 1 to 3600."""

    kind: Literal["speed"] = "speed"
    factor: Annotated[float, Field(ge=1, le=FASTEST)]


class Pause(CommandBase):
    """Stop the clock."""

    kind: Literal["pause"] = "pause"


class Resume(CommandBase):
    """Let the clock go on."""

    kind: Literal["resume"] = "resume"


class Fork(CommandBase):
    """Begin another branch here, under a name."""

    kind: Literal["fork"] = "fork"
    name: Annotated[str, Field(min_length=1)]


class Switch(CommandBase):
    """Go over to another branch."""

    kind: Literal["switch"] = "switch"
    name: Annotated[str, Field(min_length=1)]


class Compare(CommandBase):
    """Compare with another branch, by name."""

    kind: Literal["compare"] = "compare"
    name: Annotated[str, Field(min_length=1)]


class ShowBeside(CommandBase):
    """Show another branch beside this one: the one named, or the one it is compared with."""

    kind: Literal["beside"] = "beside"
    name: Annotated[str, Field(min_length=1)] | None = None


class ShowAlone(CommandBase):
    """Show one branch alone again."""

    kind: Literal["alone"] = "alone"


class ShowPast(CommandBase):
    """Look at the recorded past at a TIME."""

    kind: Literal["show_past"] = "show_past"
    at: str | float


class ShowNow(CommandBase):
    """Back from the past to the present."""

    kind: Literal["show_now"] = "show_now"


class Undo(CommandBase):
    """Begin another branch at the instant before one's last command, without it."""

    kind: Literal["undo"] = "undo"


class Save(CommandBase):
    """Save the session so far as a scenario of that name."""

    kind: Literal["save"] = "save"
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\w[\w. -]*$")]


class ListOrders(CommandBase):
    """What waits to happen."""

    kind: Literal["list_orders"] = "list_orders"


SessionCommand = Annotated[Union[SetSpeed, Pause, Resume, Fork, Switch, Compare, ShowBeside, ShowAlone,
                                 ShowPast, ShowNow, Undo, Save, ListOrders],
                           Field(discriminator="kind")]
SESSION: TypeAdapter[SessionCommand] = TypeAdapter(SessionCommand)
