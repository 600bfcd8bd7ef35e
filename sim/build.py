"""From a scenario and its visits to a world in which nothing has happened yet."""

from __future__ import annotations

import numpy as np

from entities.components import NONE
from entities.table import Table
from entities.world import World
from sim.battery.ageing.trade import wear_per_kwh
from sim.battery.curves import add_curves
from sim.errors import InputError
from sim.naming import connector_names, misnaming, station_names
from sim.rules import parse_condition
from sim.scenario import WEAR_UNKNOWN, Scenario
from sim.schema.site import KINDS, OCPP
from sim.sessions.visits import Visits
from sim.strategies import NAMES as STRATEGY_NAMES


def build_world(scenario: Scenario, visits: Visits) -> World:
    """All rows of a run: hub, zones, stations, connectors, vehicles (away), planned sessions.

    Raises InputError when an inject or a visit names a connector or zone that the site does not
    have, or a visit a connector that its vehicle cannot plug into.
    """
    for k, inject in enumerate(scenario.injects):
        misnamed = misnaming(inject.command, scenario)
        if misnamed:
            raise InputError(f"{scenario.name}: injects.{k}.command: {misnamed}")
        zones = [] if inject.when is None else [part.zone for part in parse_condition(inject.when).parts]
        unknown = {zone for zone in zones if zone} - {zone.name for zone in scenario.site.zones}
        if unknown:
            raise InputError(f"{scenario.name}: injects.{k}.when: no zone {min(unknown)!r}")
    world = World()
    world.hub.add(1, ["hub"], import_limit_kw=_limit(scenario.grid.import_limit_kw),
                  export_limit_kw=_limit(scenario.grid.export_limit_kw))
    _add_site(world, scenario)
    _add_vehicles(world, scenario, visits)
    _add_sessions(world, visits)
    _check_plugs(world)
    return world


def _limit(kw: float | None) -> float:
    return np.inf if kw is None else kw


def _add_site(world: World, scenario: Scenario) -> None:
    station_rows: list[tuple] = []
    connector_rows: list[tuple] = []
    for zone_row, zone in enumerate(scenario.site.zones):
        strategy = STRATEGY_NAMES.index(zone.strategy or scenario.strategy)
        world.zone.add(1, [zone.name], import_limit_kw=_limit(zone.import_limit_kw),
                       export_limit_kw=_limit(zone.export_limit_kw), strategy=strategy)
        for spec in (s for s in zone.stations for _ in range(s.count)):
            for c in (c for c in spec.connectors for _ in range(c.count)):
                connector_rows.append((len(station_rows), zone_row, KINDS[c.kind],
                                       c.charge_kw, c.discharge_kw))
            station_rows.append((zone_row, OCPP[spec.ocpp]))
    _add_rows(world.station, station_names(scenario), ("zone", "ocpp"), station_rows)
    _add_rows(world.connector, connector_names(scenario),
              ("station", "zone", "kind", "charge_max_kw", "discharge_max_kw"), connector_rows)


def _add_rows(table: Table, names: list[str], columns: tuple[str, ...], rows: list[tuple]) -> None:
    if rows:
        table.add(len(rows), names, **dict(zip(columns, zip(*rows))))


def _add_vehicles(world: World, scenario: Scenario, visits: Visits) -> None:
    first = np.unique(np.array(visits.vehicle, dtype=object).astype(str), return_index=True)[1] \
        if len(visits) else np.zeros(0, int)
    first.sort()
    capacity = visits.capacity_kwh[first]
    curves = [visits.curve[k] for k in first.tolist()]
    slots = add_curves(world.curve, curves)
    world.vehicle.add(
        len(first), [visits.vehicle[k] for k in first],
        body=visits.body[first], plugs=visits.plugs[first],
        ac_charge_kw=visits.ac_charge_kw[first], dc_charge_kw=visits.dc_charge_kw[first],
        ac_discharge_kw=visits.ac_discharge_kw[first],
        dc_discharge_kw=visits.dc_discharge_kw[first], capacity_kwh=capacity,
        energy_min_kwh=capacity * scenario.fleet.min_soc,
        battery_max_kw=visits.battery_max_kw[first],
        battery_rated_kw=visits.battery_max_kw[first], curve=[slots[curve] for curve in curves],
        chemistry=visits.chemistry[first],
        wear_per_kwh=_wear(scenario, visits.chemistry[first]),
        charge_efficiency=scenario.fleet.charge_efficiency,
        discharge_efficiency=scenario.fleet.discharge_efficiency,
        energy0_kwh=visits.arrival_kwh[first])


def _wear(scenario: Scenario, chemistry: np.ndarray) -> np.ndarray:
    """What decisions count for a kWh that V2G takes, currency (n,): the scenario's figure, else
    that of the ageing model."""
    fleet = scenario.fleet
    if fleet.wear_cost_per_kwh is not None:
        return np.full(len(chemistry), fleet.wear_cost_per_kwh)
    if fleet.ageing.enabled:
        return wear_per_kwh(chemistry, fleet.ageing)
    return np.full(len(chemistry), WEAR_UNKNOWN)


def _add_sessions(world: World, visits: Visits) -> None:
    world.session.add(
        len(visits), visits.id,
        vehicle=[world.vehicle.find(name) for name in visits.vehicle],
        requested_connector=_slots(world.connector, "connector", visits.connector),
        zone=_slots(world.zone, "zone", visits.zone),
        arrival_s=visits.arrival_s, departure_s=visits.departure_s,
        arrival_kwh=visits.arrival_kwh, target_kwh=visits.target_kwh)


def _check_plugs(world: World) -> None:
    session = world.session
    asking = session.rows(session.requested_connector != NONE)
    kind = world.connector.kind[session.requested_connector[asking]]
    misfits = asking[(world.vehicle.plugs[session.vehicle[asking]] >> kind & 1) == 0]
    if len(misfits):
        row = misfits[0]
        connector = world.connector.names[session.requested_connector[row]]
        raise InputError(f"sessions: {session.names[row]}: its plug does not fit the connector "
                         f"{connector!r}")


def _slots(table: Table, what: str, names: list[str | None]) -> list[int]:
    slots = [NONE if name is None else table.find(name) for name in names]
    if None in slots:
        raise InputError(f"sessions: the site has no {what} {names[slots.index(None)]!r}")
    return slots
