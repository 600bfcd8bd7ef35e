"""Commands about many vehicles at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from entities.components import NAN, NONE
from sim.command_parts import CommandBase, Duration, Lasting, missing
from sim.setpoint import end_if_still
from sim.timeline import Order
from sim.timing import parse_duration

if TYPE_CHECKING:
    from sim.model import Model


class Dispatch(Lasting):
    """Have the vehicles of a zone, or of the whole site, move `kw` AC together (negative feeds) for a
    while: see `sim.setpoint`. Null gives them back to their strategies."""

    kind: Literal["dispatch"] = "dispatch"
    kw: Annotated[float, Field(allow_inf_nan=False)] | None
    zone: str | None = None

    @model_validator(mode="after")
    def _end_of_something(self):
        if self.kw is None and (self.duration is not None or self.until is not None):
            raise ValueError("nothing to end: kw is null")
        return self

    def check(self, model: Model) -> str | None:
        world = model.world
        refusal = missing(world.zone, "zone", self.zone) or self.over(model)
        if refusal:
            return refusal
        place = self.zone or "the site"
        table, row = _place(model, self.zone)
        if self.kw is None:
            nothing = table.dispatch_kw.item(row) != table.dispatch_kw.item(row)
            return f"{place} has no setpoint" if nothing else None
        here = slice(None) if self.zone is None else world.connector.zone == row
        most, least = (float(column[here].sum()) for column in (
            world.connector.charge_max_kw, world.connector.discharge_max_kw))
        if self.kw > most:
            return f"the connectors of {place} give at most {most:g} kW"
        return f"the connectors of {place} take back at most {least:g} kW" if -self.kw > least else None

    def apply(self, model: Model) -> None:
        table, row = _place(model, self.zone)
        ends = self.ends_s(model)
        table.dispatch_kw[row] = NAN if self.kw is None else self.kw
        table.dispatch_until_s[row] = NAN if ends is None else ends
        model.touch_all()
        if ends is None:
            return

        def end(_event) -> None:
            if end_if_still(model.world, NONE if self.zone is None else row, ends):
                model.enter(model.now_s)
                model.events.append({"t": model.now_s, "kind": "dispatch_ended", "zone": self.zone})
                model.touch_all()
        model.timeline.at(ends, Order.INJECT, end)


def _place(model: Model, zone: str | None):
    return (model.world.hub, 0) if zone is None else (model.world.zone, model.world.zone.find(zone))


class ArrivalSurge(CommandBase):
    """More vehicles than planned come `within` a time, each like one of the plan."""

    kind: Literal["arrival_surge"] = "arrival_surge"
    vehicles: Annotated[int, Field(ge=1, le=10_000)]
    zone: str | None = None
    within: Duration = "30m"
    stay: Duration | None = None

    def check(self, model: Model) -> str | None:
        refusal = missing(model.world.zone, "zone", self.zone)
        if refusal is None and not len(model.visits):
            return "the scenario has no vehicles that more could be like"
        return refusal

    def apply(self, model: Model) -> None:
        model.arrivals.surge(self.vehicles, parse_duration(self.within), _zone(model, self.zone),
                             None if self.stay is None else parse_duration(self.stay))


class EarlyDepartures(CommandBase):
    """Some of the vehicles plugged in leave `within` a time, earlier than they planned; announced or
    not until they go."""

    kind: Literal["early_departures"] = "early_departures"
    vehicles: Annotated[int, Field(ge=1, le=1_000_000)]
    zone: str | None = None
    within: Duration = "30m"
    announced: bool = False

    def check(self, model: Model) -> str | None:
        refusal = missing(model.world.zone, "zone", self.zone)
        if refusal is None and not len(model.arrivals.leaving(_zone(model, self.zone))):
            return "nobody is plugged in there"
        return refusal

    def apply(self, model: Model) -> None:
        model.arrivals.leave(self.vehicles, parse_duration(self.within), _zone(model, self.zone),
                             self.announced)


def _zone(model: Model, name: str | None) -> int:
    return NONE if name is None else model.world.zone.find(name)
