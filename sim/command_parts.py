"""What commands are made of: their base, and the refusals that several share."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from sim.timing import parse_duration, parse_time

if TYPE_CHECKING:
    from sim.model import Model

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def _duration(value: str | float) -> str | float:
    if parse_duration(value) <= 0:
        raise ValueError("expected a duration above 0")
    return value


def _time(value: str | float) -> str | float:
    parse_time(value, _EPOCH)  # whether it is before the scenario's start is for `check`
    return value


Duration = Annotated[str | float, AfterValidator(_duration)]
"""A duration above 0 as people write it, or seconds."""
Time = Annotated[str | float, AfterValidator(_time)]
"""A TIME as people write it, or seconds since the start."""


class CommandBase(BaseModel):
    """Fields of a command; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lasting(CommandBase):
    """A command that ends by itself, after `duration` or at `until`; without either it stands for
    good, where `MAY_STAND` allows that."""

    MAY_STAND: ClassVar[bool] = True
    duration: Duration | None = None
    until: Time | None = None

    @model_validator(mode="after")
    def _one_end(self):
        if self.duration is not None and self.until is not None:
            raise ValueError("expected either duration or until, not both")
        if not self.MAY_STAND and self.duration is None and self.until is None:
            raise ValueError("expected duration or until")
        return self

    def ends_s(self, model: Model) -> float | None:
        """When it ends if it begins now, s since the start; None: it does not."""
        if self.duration is not None:
            return model.now_s + parse_duration(self.duration)
        return None if self.until is None else model.scenario.seconds(self.until)

    def over(self, model: Model) -> str | None:
        """Why it cannot end as it says, or None."""
        try:
            ends = self.ends_s(model)
        except ValueError as error:
            return f"until: {error}"
        return None if ends is None or ends > model.now_s else f"{self.until} is over"


def missing(table, what: str, name: str | None) -> str | None:
    """Why a name cannot be meant, or None."""
    return None if name is None or table.find(name) is not None else f"no {what} {name!r}"


def unreachable(model: Model, connector: str) -> str | None:
    """Why a connector cannot be told anything: there is none, or its station is offline."""
    world = model.world
    row = world.connector.find(connector)
    if row is None:
        return missing(world.connector, "connector", connector)
    if not world.connector.powered.item(row):
        return f"{connector} cannot be reached: it has no supply"
    if not model.connectors.online(row):
        station = world.connector.station.item(row)
        return f"{connector} cannot be reached: {world.station.names[station]} is offline"
    return None
