"""Figures of a running model by name: what conditions, lessons and instructors ask for.

Each is read at the model's present time and changes nothing. What a scenario does not have is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from entities.components import NONE, Phase, Place, Status
from sim.battery import segments

if TYPE_CHECKING:
    from sim.model import Model

NAN = float("nan")


@dataclass(frozen=True)
class Quantity:
    """`read(model, zone)` gives its value; `zone` is a slot, NONE for the whole site, and only given
    to one that is known `by_zone`. `untold(model)` is why the model never tells it, or None."""

    meaning: str
    unit: str
    read: Callable[[Model, int], float]
    by_zone: bool = False
    untold: Callable[[Model], str | None] = lambda _model: None


def _of(table: str, column: str):
    return lambda model, zone: getattr(getattr(model.world, table), column).item(
        max(zone, 0) if table != "hub" else 0)


def _no_feeder(model: Model) -> str | None:
    return None if len(model.world.feeder) else "the scenario has no feeder"


def _no_frequency(model: Model) -> str | None:
    return None if model.frequency is not None else "the scenario has no frequency"


def _no_network(model: Model) -> str | None:
    return None if model.phases is not None else _no_feeder(model)


def _stress(model: Model, zone: int) -> float:
    return (model.world.hub.stress.item(0) if zone == NONE else model.world.zone.stress.item(zone))


def _net(model: Model, zone: int) -> float:
    return model.site_power(model.now_s)[0] if zone == NONE else model.meter.net_kw(model.now_s, zone)


def _use(model: Model, zone: int) -> float:
    table, row = (model.world.hub, 0) if zone == NONE else (model.world.zone, zone)
    net = _net(model, zone)
    limit = (table.import_limit_kw if net >= 0.0 else table.export_limit_kw).item(row)
    if limit == float("inf"):
        return NAN
    return 100.0 * abs(net) / limit if limit else (float("inf") if net else 0.0)


def _plugged(model: Model, zone: int) -> np.ndarray:
    world = model.world
    rows = np.flatnonzero(world.vehicle.place == Place.PLUGGED)
    return rows if zone == NONE else rows[world.connector.zone[world.vehicle.connector[rows]] == zone]


def _soc(model: Model, zone: int) -> float:
    rows, vehicle = _plugged(model, zone), model.world.vehicle
    if not len(rows):
        return NAN
    return 100.0 * float((segments.energy_at(vehicle, rows, model.now_s) / vehicle.capacity_kwh[rows]).mean())


def _connectors(status: Status):
    def count(model: Model, zone: int) -> float:
        connector = model.world.connector
        here = connector.status == status
        return float(np.count_nonzero(here if zone == NONE else here & (connector.zone == zone)))
    return count


def _feeder(column: str, worst):
    def read(model: Model, _zone: int) -> float:
        feeder = model.world.feeder
        return float(worst(getattr(feeder, column))) if len(feeder) else NAN
    return read


def _unserved(model: Model, _zone: int) -> float:
    session = model.world.session
    left = (session.phase == Phase.ENDED) | (session.phase == Phase.UNSERVED)
    return float(np.maximum(session.target_kwh[left] - session.departure_kwh[left], 0.0).sum())


QUANTITIES = {
    "stress": Quantity("stress index of the grid, 0 to 1", "", _stress, True, _no_network),
    "net": Quantity("net power, positive imports", "kW", _net, True),
    "import": Quantity("power drawn from the grid", "kW", lambda m, z: max(_net(m, z), 0.0), True),
    "export": Quantity("power fed to the grid", "kW", lambda m, z: max(-_net(m, z), 0.0), True),
    "use": Quantity("share of the import or export limit in use", "%", _use, True),
    "drawn": Quantity("power that vehicles draw", "kW",
                      lambda m, z: m.meter.flows_kw(m.now_s, z)[0], True),
    "fed": Quantity("power that vehicles feed", "kW", lambda m, z: m.meter.flows_kw(m.now_s, z)[1], True),
    "plugged": Quantity("vehicles plugged in", "", lambda m, z: float(len(_plugged(m, z))), True),
    "soc": Quantity("mean state of charge of those plugged in", "%", _soc, True),
    "queued": Quantity("vehicles queued for a connector", "", lambda m, z: float(
        np.count_nonzero(m.world.vehicle.place == Place.QUEUED))),
    "faulted": Quantity("connectors that are Faulted", "", _connectors(Status.FAULTED), True),
    "offline": Quantity("stations without connection", "", lambda m, z: float(
        np.count_nonzero(~m.world.station.online))),
    "unserved": Quantity("energy missing at departures so far", "kWh", _unserved),
    "price": Quantity("buying price of a kWh", "", _of("hub", "price_buy")),
    "ambient": Quantity("air temperature", "C", lambda m, z: m.ambient_c(m.now_s)),
    "frequency": Quantity("the grid's frequency", "Hz", lambda m, z: NAN if m.frequency is None else
                          m.frequency.spec.nominal_hz + m.frequency.deviation_hz(m.now_s),
                          untold=_no_frequency),
    "loading": Quantity("load of the worst transformer", "%", _feeder("loading_pct", np.max),
                        untold=_no_feeder),
    "hot_spot": Quantity("hot-spot of the hottest transformer", "C", _feeder("hot_spot_c", np.max),
                         untold=_no_feeder),
    "line_loading": Quantity("load of the worst line", "%", _feeder("line_loading_pct", np.max),
                             untold=_no_feeder),
    "voltage": Quantity("lowest voltage", "pu", _feeder("voltage_min_pu", np.min), untold=_no_feeder),
}
