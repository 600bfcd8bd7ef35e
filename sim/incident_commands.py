"""Commands about the charging network: faults, reservations, lost connections.

Faults, their repair and lost connections happen to stations; reservations are asked of them and
need a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import field_validator

from entities.components import NONE, ErrorCode, Status
from sim.command_parts import CommandBase, Lasting, missing, unreachable
from sim.connectors import STATUS_NAMES, reported

if TYPE_CHECKING:
    from sim.model import Model

ERROR_CODES = tuple(code.name for code in ErrorCode if code)


class FaultConnector(CommandBase):
    """A connector becomes Faulted: its transaction ends, its vehicle stays plugged in."""

    kind: Literal["fault_connector"] = "fault_connector"
    connector: str
    error_code: str = "InternalError"

    @field_validator("error_code")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in ERROR_CODES:
            raise ValueError(f"unknown error code {name!r}, expected one of {', '.join(ERROR_CODES)}")
        return name

    def check(self, model: Model) -> str | None:
        refusal = missing(model.world.connector, "connector", self.connector)
        if refusal is None and model.world.connector.error[model.world.connector.find(self.connector)]:
            return f"{self.connector} is faulted already"
        return refusal

    def apply(self, model: Model) -> None:
        model.incidents.fault(model.world.connector.find(self.connector), ErrorCode[self.error_code])


class ClearFault(CommandBase):
    """A technician has repaired a connector."""

    kind: Literal["clear_fault"] = "clear_fault"
    connector: str

    def check(self, model: Model) -> str | None:
        refusal = missing(model.world.connector, "connector", self.connector)
        if refusal is None and not model.world.connector.error[model.world.connector.find(self.connector)]:
            return f"{self.connector} has no fault"
        return refusal

    def apply(self, model: Model) -> None:
        model.incidents.clear_fault(model.world.connector.find(self.connector))


class ReserveConnector(Lasting):
    """Keep an Available connector free for a vehicle, or without one for nobody that is known,
    until it comes or the time is over."""

    MAY_STAND = False
    kind: Literal["reserve_connector"] = "reserve_connector"
    connector: str
    vehicle: str | None = None

    def check(self, model: Model) -> str | None:
        world = model.world
        refusal = (unreachable(model, self.connector) or missing(world.vehicle, "vehicle", self.vehicle)
                   or self.over(model))
        if refusal:
            return refusal
        row = world.connector.find(self.connector)
        status = Status(reported(world, np.array([row]), model.now_s).item())
        if status != Status.AVAILABLE:
            return f"{self.connector} is {STATUS_NAMES[status]}"
        if self.vehicle is not None:
            plugs = world.vehicle.plugs.item(world.vehicle.find(self.vehicle))
            if not plugs >> world.connector.kind.item(row) & 1:
                return f"the plug of {self.vehicle} does not fit {self.connector}"
        return None

    def apply(self, model: Model) -> None:
        world = model.world
        model.incidents.reserve(world.connector.find(self.connector), self.ends_s(model),
                                NONE if self.vehicle is None else world.vehicle.find(self.vehicle))


class CancelReservation(CommandBase):
    """Give a reserved connector back to everyone."""

    kind: Literal["cancel_reservation"] = "cancel_reservation"
    connector: str

    def check(self, model: Model) -> str | None:
        refusal = unreachable(model, self.connector)
        if refusal is None and model.connectors.keeps_for(model.world.connector.find(self.connector)) is None:
            return f"{self.connector} is not reserved"
        return refusal

    def apply(self, model: Model) -> None:
        model.incidents.cancel_reservation(model.world.connector.find(self.connector))


class SetStationOffline(CommandBase):
    """A station loses its connection or has it back. Offline it works on by itself: vehicles keep
    their last setpoints within the limits, and new ones are let in and charge as they can."""

    kind: Literal["set_station_offline"] = "set_station_offline"
    station: str
    offline: bool = True

    def check(self, model: Model) -> str | None:
        station = model.world.station
        refusal = missing(station, "station", self.station)
        if refusal is None and station.online[station.find(self.station)] != self.offline:
            return f"{self.station} is {'offline' if self.offline else 'online'} already"
        return refusal

    def apply(self, model: Model) -> None:
        model.incidents.set_online(model.world.station.find(self.station), not self.offline)
