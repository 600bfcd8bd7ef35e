"""What the panels say, computed from columns: words and numbers, no graphics.

Power is kW AC at the connector or the grid, + charges and - feeds; energy is battery-side kWh.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from entities.components import (AC_PLUGS, NONE, ConnectorKind, ErrorCode, OcppVersion, Phase, Place,
                                 Reason, Status, VehicleClass)
from game.doing import QUIET_KW, TONES, WORDS, Doing, can_feed, doing
from game.ui.charging_network import connector_rows, station_rows, status_name, status_row
from game.ui.condition import (frequency_rows, grid_rows, health_rows, network_rows,
                               strain_rows)
from game.ui.rows import Card, Row
from game.ui.surroundings import (carbon_rows, earning_rows, net_rows, production_rows, sky_rows,
                                  vehicle_carbon_rows, weather_rows)
from game.ui.words import duration, money, number, pretty, signed, weekday_clock
from sim.battery.segments import ac_power_at, cell_share, charge_limit_ac, energy_at, to_ac
from sim.connectors import KIND_NAMES, reported
from sim.strategies import NAMES as STRATEGY_NAMES
from sim.timing import moment_at

FULL_PCT = 99.9

REASON_WORDS = {Reason.CONNECTOR: ("rating", "connector"), Reason.ZONE_LIMIT: ("limit", "zone"),
                Reason.SITE_LIMIT: ("limit", "grid connection"), Reason.WEAR: ("wear", "battery"),
                Reason.STATION: ("limit", "station"), Reason.TARGET: ("target reached", ""), Reason.DEADLINE: ("time to spare", ""),
                Reason.GRID: ("grid support", ""), Reason.OPERATOR: ("setpoint", "fixed")}
BODY_NAMES = {VehicleClass.COMPACT: "Compact car", VehicleClass.SEDAN: "Sedan",
              VehicleClass.SUV: "SUV", VehicleClass.VAN: "Van", VehicleClass.BUS: "Bus"}


@dataclass(frozen=True)
class SiteFacts:
    """What the strip at the top and the legend show. Limits are infinite where there is none;
    `price_range` has the tariff's lowest and highest price of energy drawn; peaks (both positive) are the
    greatest net power so far. Those `ready` have what they came for and could feed."""

    name: str
    date: str
    clock: str
    net_kw: float
    charging_kw: float
    feeding_kw: float
    import_limit_kw: float
    export_limit_kw: float
    price_buy: str
    price_sell: str
    price_unit: str
    price_now: float
    price_range: tuple[float, float]
    plugged: int
    queued: int
    ready: int
    peak_import_kw: float
    peak_export_kw: float


def site_facts(model, t_s: float) -> SiteFacts:
    """The whole site at `t_s` (s since the start, at or after model.now_s)."""
    world, scenario = model.world, model.scenario
    hub, vehicle = world.hub, world.vehicle
    net, charging, feeding = model.site_power(t_s)
    plugged = vehicle.rows(vehicle.place == Place.PLUGGED)
    moment, prices = moment_at(t_s, scenario.start), model.conditions.buying.values
    return SiteFacts(
        pretty(scenario.name), f"{moment:%a} {moment.day} {moment:%b}", f"{moment:%H:%M:%S}",
        net, charging, feeding, float(hub.import_limit_kw[0]), float(hub.export_limit_kw[0]),
        number(hub.price_buy[0], 3), number(hub.price_sell[0], 3), f"{scenario.currency}/kWh",
        hub.price_buy.item(0), (float(prices.min()), float(prices.max())),
        len(plugged), int(np.count_nonzero(vehicle.alive & (vehicle.place == Place.QUEUED))),
        int(np.count_nonzero((doing(world, plugged, t_s) == Doing.READY) & can_feed(world, plugged))),
        max(model.meter.peak_import_kw, net), max(model.meter.peak_export_kw, -net))


def card(model, kind: str, row: int, t_s: float) -> Card:
    """The card of a live row: `kind` is vehicle, connector, station or hub. KeyError otherwise."""
    return CARDS[kind](model, row, t_s)


def tone_of(power_kw: float) -> str:
    """Azure charges, mint feeds, nothing special in between."""
    if abs(power_kw) < QUIET_KW:
        return "text"
    return "charge" if power_kw > 0 else "feed"


def vehicle_card(model, row: int, t_s: float) -> Card:
    """A vehicle: what it is doing, how full it is, its power, its session and what limits it."""
    world, scenario, vehicle = model.world, model.scenario, model.world.vehicle
    title = vehicle.names[row] or f"Vehicle {row}"
    body = BODY_NAMES[VehicleClass(vehicle.body[row])]
    v2g = " · V2G" if max(vehicle.ac_discharge_kw[row], vehicle.dc_discharge_kw[row]) > 0 else ""
    place, capacity = Place(vehicle.place[row]), float(vehicle.capacity_kwh[row])
    battery = Row("Battery", number(capacity, 1), "kWh")
    if place == Place.AWAY:
        return Card(body + v2g, title, "Away", "quiet", (battery,))
    connector, session = int(vehicle.connector[row]), int(vehicle.session[row])
    energy = float(energy_at(vehicle, np.array([row]), t_s)[0])
    power = float(ac_power_at(vehicle, np.array([row]), t_s)[0])
    if place == Place.QUEUED:
        energy, power = float(world.session.arrival_kwh[session]), 0.0
    now = Doing(doing(world, np.array([row]), t_s).item())
    rows = [Row("Power", signed(power), "kW AC", tone_of(power))]
    if connector != NONE:
        rows.append(Row("Limited by", *limited_by(model, row, energy, power)))
        if power >= 0.0 and energy < vehicle.target_kwh[row]:
            most = charge_limit_ac(world, np.array([row]), np.array([energy]))[0]
            rows.append(Row("Takes up to", number(most, 1), f"kW at {100 * energy / capacity:.0f} %"))
        rows.append(Row("Connector", world.connector.names[connector] or f"{connector}"))
    if session != NONE:
        rows += _session_rows(model, row, session, t_s, energy)
    leaves = float(vehicle.deadline_s[row])
    if math.isfinite(leaves):
        rows.append(Row("Leaves", weekday_clock(leaves, t_s, scenario.start),
                        f"in {duration(leaves - t_s)}" if leaves > t_s else "now"))
    rows += [battery, *health_rows(model, row, t_s), *vehicle_carbon_rows(model, row)]
    target = float(vehicle.target_kwh[row])
    return Card(body + v2g, title, WORDS[now], "ready" if v2g and now == Doing.READY else TONES[now], tuple(rows),
                energy / capacity if capacity else 0.0, target / capacity if capacity else None,
                world.connector.names[connector] if connector != NONE else None)


def limited_by(model, row: int, energy_kwh: float, power_kw: float) -> tuple[str, str]:
    """Why a plugged-in vehicle's power is what it is, and what kind of thing that is.

    Control says why in the column `reason`; what has happened since its decision (the taper, the
    target, the least charge) is seen here, and so is which part of the vehicle gives no more.
    """
    world, vehicle = model.world, model.world.vehicle
    connector = int(vehicle.connector[row])
    if not world.connector.in_service[connector]:
        return "out of service", ""
    if world.connector.error[connector]:
        return "fault", ErrorCode(world.connector.error[connector]).name
    if world.session.phase[vehicle.session[row]] == Phase.STOPPED:
        return "stopped", "no transaction"
    setpoint, reason = float(vehicle.setpoint_kw[row]), Reason(vehicle.reason[row])
    if abs(power_kw) < QUIET_KW and setpoint < 0:
        return "least charge kept", ""
    if abs(power_kw) < QUIET_KW and setpoint > 0 and energy_kwh >= vehicle.target_kwh[row] - 1e-6:
        return "target reached", ""
    if power_kw > 0 and vehicle.rate_per_h[row] != 0:
        return "taper" if vehicle.rate_per_h[row] < 0 else "charge curve", "battery"
    if reason == Reason.VEHICLE:
        return _vehicle_words(world, row, connector, energy_kwh, power_kw)
    if reason == Reason.PHASE_LIMIT and model.phases is not None:
        return model.phases.tightest(connector, model.now_s), "limit of the lines"
    if reason == Reason.TRANSFORMER:
        return _transformer_words(model, connector)
    if reason == Reason.PRICE:
        return "price", "sells" if power_kw < 0 else "stands by"
    if reason == Reason.OPERATOR and not world.station.online[world.connector.station[connector]]:
        return "last setpoint", "station offline"
    return REASON_WORDS.get(reason) or (_strategy_words(world, connector), "strategy")


def _transformer_words(model, connector: int) -> tuple[str, str]:
    """Which transformer holds a vehicle back: a winding of the network that is full, else its feeder's."""
    if model.phases is not None:
        name = model.phases.tightest(connector, model.now_s)
        row = model.phases.network.limits.index(name)
        if not model.capacity.keeps_transformers or model.phases.loading_pct(model.now_s)[row] > FULL_PCT:
            return name, "transformer"
    return "rating", f"transformer {model.capacity.transformer_of(connector)}"


def connector_card(model, row: int, t_s: float) -> Card:
    """A connector: its OCPP status by the protocol's name, ratings, vehicle and override."""
    world, connector = model.world, model.world.connector
    station, vehicle = int(connector.station[row]), int(connector.vehicle[row])
    power = _power_of(world, np.array([vehicle]), t_s) if vehicle != NONE else 0.0
    override = float(connector.override_kw[row])
    rating = number(connector.charge_max_kw[row], 1)
    if connector.discharge_max_kw[row] > 0:
        rating = f"+{rating} / {signed(-connector.discharge_max_kw[row])}"
    rows = [status_row(world, row, t_s),
            Row("Power", signed(power), "kW AC", tone_of(power)),
            Row("Rating", rating, "kW AC"),
            Row("Vehicle", world.vehicle.names[vehicle] or f"{vehicle}") if vehicle != NONE
            else Row("Vehicle", "none", tone="quiet"),
            Row("Setpoint", signed(override), "kW fixed", "wait") if math.isfinite(override)
            else Row("Setpoint", _strategy_words(world, row)),
            Row("Station", world.station.names[station] or f"{station}"),
            *connector_rows(model, row, t_s)]
    state, tone = _connector_state(world, row, t_s)
    return Card(f"{KIND_NAMES[ConnectorKind(connector.kind[row])]} connector",
                connector.names[row] or f"Connector {row}", state, tone, tuple(rows),
                connector=connector.names[row])


def station_card(model, row: int, t_s: float) -> Card:
    """A station: protocol version, what its connectors do, and its power."""
    world = model.world
    connector = world.connector
    mine = connector.rows(connector.station == row)
    plugged = connector.vehicle[mine]
    power = _power_of(world, plugged[plugged != NONE], t_s)
    version = OcppVersion(world.station.ocpp[row])
    zone, most = int(world.station.zone[row]), model.capacity.station_kw.item(row)
    rows = [Row("Zone", world.zone.names[zone] or f"{zone}"),
            Row("Power", signed(power), "kW AC", tone_of(power)),
            Row("Rating", number(connector.charge_max_kw[mine].sum(), 1), "kW AC"),
            *([Row("Shares", number(most, 1), "kW AC")] if math.isfinite(most) else []),
            *station_rows(model, row, t_s)]
    for each in mine.tolist():
        vehicle = int(connector.vehicle[each])
        flow = _power_of(world, np.array([vehicle]), t_s) if vehicle != NONE else 0.0
        status = status_name(version, reported(world, np.array([each]), t_s).item())
        rows.append(Row(f"{connector.names[each] or each}  {status}",
                        signed(flow) if vehicle != NONE else "–",
                        "kW", tone_of(flow) if vehicle != NONE else "quiet"))
    busy = int(np.count_nonzero(plugged != NONE))
    return Card("Charging station", world.station.names[row] or f"Station {row}",
                f"{busy} of {len(mine)} in use", "text" if busy else "quiet", tuple(rows))


def hub_card(model, row: int, t_s: float) -> Card:
    """The grid connection: what its net power is made of, limits, prices and who decides."""
    world, scenario = model.world, model.scenario
    hub = world.hub
    net, charging, feeding = model.site_power(t_s)
    strategies = sorted({STRATEGY_NAMES[code] for code in world.zone.strategy[world.zone.rows()]})
    unit = f"{scenario.currency}/kWh"
    state = ("Importing" if net > QUIET_KW else "Exporting" if net < -QUIET_KW else "Balanced")
    rows = (Row("Net", signed(net), "kW", tone_of(net)),
            Row("Vehicles charge", signed(charging), "kW AC", tone_of(charging)),
            Row("Vehicles feed", signed(-feeding), "kW AC", tone_of(-feeding)),
            Row("Base load", number(hub.base_kw[row], 1), "kW"),
            *production_rows(model),
            Row("Import limit", *limit_words(hub.import_limit_kw[row])),
            Row("Export limit", *limit_words(hub.export_limit_kw[row])),
            Row("Buy", number(hub.price_buy[row], 3), unit),
            Row("Sell", number(hub.price_sell[row], 3), unit),
            *earning_rows(model, t_s), *carbon_rows(model, t_s), *weather_rows(model, t_s),
            *sky_rows(model, t_s), Row("Strategy", ", ".join(pretty(name) for name in strategies)), *grid_rows(model),
            *strain_rows(model, t_s), *network_rows(model, t_s), *frequency_rows(model, t_s))
    return Card("Grid connection", "Hub", state, tone_of(net), rows)


CARDS = {"vehicle": vehicle_card, "connector": connector_card, "station": station_card,
         "hub": hub_card}


def limit_words(limit_kw: float) -> tuple[str, str]:
    """Value and unit of a limit."""
    return (number(limit_kw, 0), "kW") if math.isfinite(limit_kw) else ("none", "")


def _power_of(world, vehicles: np.ndarray, t_s: float) -> float:
    return float(ac_power_at(world.vehicle, vehicles, t_s).sum())


def _connector_state(world, row: int, t_s: float) -> tuple[str, str]:
    """What its vehicle is doing, or why there is none."""
    connector, vehicle = world.connector, int(world.connector.vehicle[row])
    if vehicle != NONE:
        now = Doing(doing(world, np.array([vehicle]), t_s).item())
    elif connector.status[row] == Status.FAULTED:
        now = Doing.FAULTED
    elif not connector.in_service[row]:
        now = Doing.OUT_OF_SERVICE
    else:
        return ("Reserved", "text") if connector.status[row] == Status.RESERVED else ("Free", "quiet")
    return WORDS[now], TONES[now]


def _session_rows(model, row: int, session: int, t_s: float, energy: float) -> list[Row]:
    """Energy and money of the visit so far: the books up to the segment, and the segment."""
    world = model.world
    vehicle, books, hub = world.vehicle, world.session, world.hub
    running = energy - float(vehicle.energy0_kwh[row])
    if vehicle.place[row] != Place.PLUGGED:
        running = 0.0
    running_ac = float(to_ac(vehicle, np.array([row]), np.array([running]))[0])
    cost = float(books.cost[session]) + max(running_ac, 0.0) * float(hub.price_buy[0])
    earned = float(books.revenue[session]) + max(-running_ac, 0.0) * float(hub.price_sell[0])
    charged = float(books.charged_kwh[session]) + max(running, 0.0)
    fed = float(books.discharged_kwh[session]) + max(-running, 0.0)
    currency = model.scenario.currency
    rows = [Row("Charged", signed(charged), "kWh"),
            Row("Fed", signed(-fed), "kWh"),
            Row("Cost", money(cost), currency),
            Row("V2G earnings", money(earned), currency, "feed" if earned >= 0.005 else "text")]
    return rows + net_rows(model, session, t_s) if fed > 0.0 else rows


def _vehicle_limit_kw(world, row: int, connector: int) -> float:
    vehicle = world.vehicle
    on_ac = AC_PLUGS >> int(world.connector.kind[connector]) & 1
    return float((vehicle.ac_charge_kw if on_ac else vehicle.dc_charge_kw)[row])


def _vehicle_words(world, row: int, connector: int, energy: float, power: float) -> tuple[str, str]:
    """Which part of the vehicle gives no more."""
    vehicle = world.vehicle
    if power < 0:
        return "inverter", "vehicle"
    share = float(cell_share(world, np.array([row]), np.array([energy]))[0])
    cells = share * float(vehicle.battery_max_kw[row] / vehicle.charge_efficiency[row])
    if cells >= _vehicle_limit_kw(world, row, connector):
        return "charger", "vehicle"
    return ("cells" if share >= 1.0 else "charge curve"), "battery"


def _strategy_words(world, connector: int) -> str:
    return pretty(STRATEGY_NAMES[world.zone.strategy[world.connector.zone[connector]]])
