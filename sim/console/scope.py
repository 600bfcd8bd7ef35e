"""What a line may name, and from when its clock times count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Union

from entities.components import NONE, Place
from sim.connectors import STATUS_NAMES
from sim.naming import connector_names, station_names

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario

    Source = Union[Model, Scenario, None]


@dataclass
class Scope:
    """Names by what they are of ("zone", "station", "connector", "vehicle", "feeder", "line"); what is
    missing there may have any name. `told(what, name)` is a word on one, for completion. `instructs`: an
    instructor speaks, who has `orders` that wait, (number, words)."""

    names: dict[str, list[str]] = field(default_factory=dict)
    start: datetime | None = None
    now_s: float = 0.0
    told: Callable[[str, str], str] = lambda _what, _name: ""
    instructs: bool = True
    orders: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, source: Source, instructs: bool = True) -> Scope:
        """That of a model at its present time, of a scenario at its start, or of nothing known."""
        if source is None:
            return cls(instructs=instructs)
        if hasattr(source, "world"):
            world = source.world
            names = {what: getattr(world, what).names
                     for what in ("zone", "station", "connector", "vehicle", "feeder")}
            lines = {name: None for feeder in source.grid.feeders for name in feeder.line_names}
            orders = tuple((str(order.number), order.command.kind.replace("_", " "))
                           for order in source.orders.standing) if instructs else ()
            return cls({**names, "line": list(lines)}, source.scenario.start, source.now_s,
                       lambda what, name: _told(source, what, name), instructs, orders)
        return cls({"zone": [zone.name for zone in source.site.zones],
                    "station": station_names(source), "connector": connector_names(source)},
                   source.start, instructs=instructs)

    def find(self, what: str, text: str) -> str | None:
        """The name that is meant, whatever its case if only one is; None if there is none."""
        known = self.names.get(what)
        if known is None or text in known:
            return text
        alike = [name for name in known if name.lower() == text.lower()]
        return alike[0] if len(alike) == 1 else None


def _told(model: Model, what: str, name: str) -> str:
    world = model.world
    if what == "connector":
        row = world.connector.find(name)
        guest = world.connector.vehicle.item(row)
        status = STATUS_NAMES[world.connector.status.item(row)]
        return status if guest == NONE else f"{status}, {world.vehicle.names[guest]}"
    if what == "vehicle":
        row = world.vehicle.find(name)
        place = Place(world.vehicle.place.item(row))
        at = world.vehicle.connector.item(row)
        return f"at {world.connector.names[at]}" if at != NONE else place.name.lower()
    if what == "station":
        return "online" if world.station.online.item(world.station.find(name)) else "offline"
    if what == "zone":
        return f"{model.meter.net_kw(model.now_s, world.zone.find(name)):.0f} kW now"
    return ""
