"""What commands are made of: their base, and the refusals that several share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sim.model import Model


class CommandBase(BaseModel):
    """Fields of a command; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def missing(table, what: str, name: str | None) -> str | None:
    """Why a name cannot be meant, or None."""
    return None if name is None or table.find(name) is not None else f"no {what} {name!r}"


def unreachable(model: Model, connector: str) -> str | None:
    """Why a connector cannot be told anything: there is none, or its station is offline."""
    world = model.world
    row = world.connector.find(connector)
    if row is None:
        return missing(world.connector, "connector", connector)
    if not model.connectors.online(row):
        station = world.connector.station.item(row)
        return f"{connector} cannot be reached: {world.station.names[station]} is offline"
    return None
