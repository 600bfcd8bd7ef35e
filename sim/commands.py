"""Everything that a person, a scenario or a peer may ask of a running model.

One typed union. `check(model)` says why a command would be refused, or None; `apply(model)`
does it at the model's present time. The model logs both outcomes. A new command is one class
here, or in a file of its field, entered in `Command`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field, TypeAdapter, field_validator

from entities.components import NAN, NONE, Phase
from sim.command_parts import CommandBase, Lasting, missing, unreachable
from sim.fleet_commands import ArrivalSurge, Dispatch, EarlyDepartures
from sim.grid_commands import (CloseTransformer, DerateTransformer, LineBack, LineOutage,
                               TripTransformer)
from sim.incident_commands import (CancelReservation, ClearFault, FaultConnector, ReserveConnector,
                                  SetStationOffline)
from sim.market_commands import DemandResponse, ForecastError, ShiftPrice
from sim.remark_commands import (AcknowledgeAlarm, Annotate, GiveBack, ShelveAlarm, TakeHint, TakeOver, TickItem,
                                 UnshelveAlarm)
from sim.schema.fields import Price
from sim.strategies import NAMES as STRATEGY_NAMES
from sim.timed_commands import CancelOrder, Schedule, WatchFor
from sim.weather_commands import CloudFront, HeatWave, WindRamp

if TYPE_CHECKING:
    from sim.model import Model

Finite = Annotated[float, Field(allow_inf_nan=False)]
LimitKw = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class SetStrategy(CommandBase):
    """Put a zone, or every zone, under another strategy."""

    kind: Literal["set_strategy"] = "set_strategy"
    strategy: str
    zone: str | None = None

    @field_validator("strategy")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in STRATEGY_NAMES:
            raise ValueError(f"unknown strategy {name!r}, expected one of {', '.join(STRATEGY_NAMES)}")
        return name

    def check(self, model: Model) -> str | None:
        return missing(model.world.zone, "zone", self.zone)

    def apply(self, model: Model) -> None:
        zone = model.world.zone
        rows = zone.rows() if self.zone is None else zone.find(self.zone)
        zone.strategy[rows] = STRATEGY_NAMES.index(self.strategy)
        model.touch_all()


class SetLimit(CommandBase):
    """Change the import or export limit (kW; null lifts it) of a zone, or of the whole site."""

    kind: Literal["set_limit"] = "set_limit"
    direction: Literal["import", "export"] = "import"
    kw: LimitKw | None
    zone: str | None = None

    def check(self, model: Model) -> str | None:
        return missing(model.world.zone, "zone", self.zone)

    def apply(self, model: Model) -> None:
        table, row = (model.world.hub, 0)
        if self.zone is not None:
            table, row = model.world.zone, model.world.zone.find(self.zone)
        limits = table.import_limit_kw if self.direction == "import" else table.export_limit_kw
        limits[row] = math.inf if self.kw is None else self.kw
        model.touch_all()


class SetConnectorPower(CommandBase):
    """Fix a connector's setpoint (kW AC, negative feeds the grid); null gives it back."""

    kind: Literal["set_connector_power"] = "set_connector_power"
    connector: str
    kw: Finite | None

    def check(self, model: Model) -> str | None:
        connector = model.world.connector
        refusal = unreachable(model, self.connector)
        if refusal or self.kw is None:
            return refusal
        row = connector.find(self.connector)
        if self.kw > connector.charge_max_kw[row]:
            return f"{self.connector} gives at most {connector.charge_max_kw[row]:g} kW"
        if -self.kw > connector.discharge_max_kw[row]:
            return f"{self.connector} takes back at most {connector.discharge_max_kw[row]:g} kW"
        return None

    def apply(self, model: Model) -> None:
        row = model.world.connector.find(self.connector)
        model.world.connector.override_kw[row] = NAN if self.kw is None else self.kw
        model.touch(row)


class StopSession(CommandBase):
    """End the transaction at a connector; the vehicle stays plugged in and draws nothing."""

    kind: Literal["stop_session"] = "stop_session"
    connector: str

    def check(self, model: Model) -> str | None:
        return _phase_refusal(model, self.connector, Phase.ACTIVE, "has no running session")

    def apply(self, model: Model) -> None:
        model.set_phase(model.world.connector.find(self.connector), Phase.STOPPED)


class StartSession(CommandBase):
    """Start the transaction of a plugged-in vehicle again after it was stopped."""

    kind: Literal["start_session"] = "start_session"
    connector: str

    def check(self, model: Model) -> str | None:
        refusal = _phase_refusal(model, self.connector, Phase.STOPPED, "has no stopped session")
        if refusal is None and model.world.connector.error[model.world.connector.find(self.connector)]:
            return f"{self.connector} is faulted"
        return refusal

    def apply(self, model: Model) -> None:
        model.set_phase(model.world.connector.find(self.connector), Phase.ACTIVE)


class OutOfService(CommandBase):
    """Take a connector out of service: power stops, arrivals go elsewhere or wait."""

    kind: Literal["out_of_service"] = "out_of_service"
    connector: str

    def check(self, model: Model) -> str | None:
        refusal = unreachable(model, self.connector)
        if refusal is None and not model.world.connector.in_service[model.world.connector.find(self.connector)]:
            return f"{self.connector} is out of service already"
        return refusal

    def apply(self, model: Model) -> None:
        model.set_service(model.world.connector.find(self.connector), False)


class BackInService(CommandBase):
    """Put a connector back in service; who waits for it plugs in."""

    kind: Literal["back_in_service"] = "back_in_service"
    connector: str

    def check(self, model: Model) -> str | None:
        refusal = unreachable(model, self.connector)
        if refusal is None and model.world.connector.in_service[model.world.connector.find(self.connector)]:
            return f"{self.connector} is in service already"
        return refusal

    def apply(self, model: Model) -> None:
        model.set_service(model.world.connector.find(self.connector), True)


class PriceOverride(Lasting):
    """Set the buying price for a while; the selling price follows by the tariff's own rule."""

    MAY_STAND = False
    kind: Literal["price_override"] = "price_override"
    price: Price

    def check(self, model: Model) -> str | None:
        return self.over(model)

    def apply(self, model: Model) -> None:
        model.override_price(self.price, self.ends_s(model))


class DisturbGrid(Lasting):
    """Put the power system out of balance by `mw` (negative: generation is lost, or load comes
    on), for a while or for good."""

    kind: Literal["disturb_grid"] = "disturb_grid"
    mw: Finite

    def check(self, model: Model) -> str | None:
        if model.frequency is None:
            return "the scenario has no frequency, expected its table frequency"
        most = model.frequency.spec.load_mw
        return self.over(model) if abs(self.mw) <= most else f"the power system has {most:g} MW"

    def apply(self, model: Model) -> None:
        model.frequency.disturb(self.mw, self.ends_s(model))


Command = Annotated[
    Union[SetStrategy, SetLimit, SetConnectorPower, StopSession, StartSession,
          OutOfService, BackInService, PriceOverride, DisturbGrid, FaultConnector, ClearFault,
          ReserveConnector, CancelReservation, SetStationOffline, Dispatch, TripTransformer,
          CloseTransformer, DerateTransformer, LineOutage, LineBack, HeatWave, CloudFront, WindRamp,
          ShiftPrice, DemandResponse, ForecastError, ArrivalSurge, EarlyDepartures,
          AcknowledgeAlarm, ShelveAlarm, UnshelveAlarm, TakeHint, TickItem, Annotate, TakeOver,
          GiveBack, Schedule, WatchFor, CancelOrder],
    Field(discriminator="kind"),
]
for _later in (Schedule, WatchFor):
    _later.model_rebuild(_types_namespace={"Command": Command})
COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)


def _phase_refusal(model: Model, name: str, phase: Phase, otherwise: str) -> str | None:
    world = model.world
    refusal = unreachable(model, name)
    if refusal:
        return refusal
    vehicle = world.connector.vehicle[world.connector.find(name)]
    if vehicle == NONE or world.session.phase[world.vehicle.session[vehicle]] != phase:
        return f"{name} {otherwise}"
    return None
