"""Rows about the OCPP network: statuses by the protocol's names, availability, faults, load shares."""

from __future__ import annotations

import math

import numpy as np

from entities.components import NONE, ErrorCode, OcppVersion, Status
from game.ui.rows import Row
from game.ui.words import duration, number, weekday_clock
from sim.load_shares import loads
from sim.connectors import STATUS_NAMES, VERSION_NAMES, reported
from sim.timing import HOUR_S
from sim.uptime import Uptime, uptime

STATUS_2X = {status: name if status in (Status.AVAILABLE, Status.RESERVED, Status.UNAVAILABLE,
                                        Status.FAULTED) else "Occupied"
             for status, name in STATUS_NAMES.items()}
CHARGING_STATES = {Status.PREPARING: "EVConnected", Status.CHARGING: "Charging",
                   Status.SUSPENDED_EV: "SuspendedEV", Status.SUSPENDED_EVSE: "SuspendedEVSE",
                   Status.FINISHING: "EVConnected"}
REQUIRED_PCT = 97.0  # of the time, each port [23 CFR 680.116]


def status_name(version: OcppVersion, status: int) -> str:
    """A connector status as that protocol version spells it; 2.x knows only Occupied."""
    names = STATUS_NAMES if version == OcppVersion.V1_6 else STATUS_2X
    return names[Status(status)]


def short_status(version: OcppVersion, status: int) -> str:
    """A status in one word that tells it apart: where 2.x says Occupied, the charging state."""
    name = status_name(version, status)
    return CHARGING_STATES[Status(status)] if name == "Occupied" else name


def full_status(version: OcppVersion, status: int) -> str:
    """Status and charging state as that protocol version spells them."""
    return f"OCPP {VERSION_NAMES[version]}: {status_words(version, status)}"


def status_words(version: OcppVersion, status: int) -> str:
    """The same without the version."""
    name, short = status_name(version, status), short_status(version, status)
    return name + (f", {short}" if short != name else "")


def status_row(world, row: int, t_s: float) -> Row:
    """A connector's status at `t_s`; beside it the error code of a fault, or what 2.x calls the transaction's
    charging state."""
    connector = world.connector
    status = Status(reported(world, np.array([row]), t_s).item())
    version = OcppVersion(world.station.ocpp[connector.station[row]])
    beside = "" if version == OcppVersion.V1_6 else CHARGING_STATES.get(status, "")
    if status == Status.FAULTED:
        beside = ErrorCode(connector.error[row]).name
    tone = {Status.FAULTED: "fault", Status.UNAVAILABLE: "warning"}.get(status, "text")
    return Row("OCPP status", status_name(version, status), beside, tone)


def connector_rows(model, row: int, t_s: float) -> list[Row]:
    """What befell a connector, up to `t_s`."""
    world, connector = model.world, model.world.connector
    rows = []
    if connector.reserved_until_s[row] > t_s:
        guest = int(connector.reserved_for[row])
        until = weekday_clock(connector.reserved_until_s[row], t_s, model.scenario.start)
        rows.append(Row("Reserved", "for nobody known" if guest == NONE else
                        world.vehicle.names[guest] or f"{guest}", f"until {until}"))
    if not world.station.online[connector.station[row]]:
        held = connector.held_kw[row]
        rows.append(Row("Station offline", "works by itself" if math.isnan(held) else
                        "holds its setpoint", "", "warning"))
    return rows + uptime_rows(uptime(world, np.array([row]), t_s))


def station_rows(model, row: int, t_s: float) -> list[Row]:
    """A station's connection, its share of the zone's load and what befell its connectors."""
    world = model.world
    online = bool(world.station.online[row])
    share = loads(world, t_s).share[row]
    mine = world.connector.rows(world.connector.station == row)
    return [Row("OCPP", VERSION_NAMES[OcppVersion(world.station.ocpp[row])],
                "online" if online else "offline", "text" if online else "warning"),
            Row("Load", f"{number(share, 2)} ×", "an equal share in its zone"),
            *uptime_rows(uptime(world, mine, t_s))]


def uptime_rows(figures: Uptime) -> list[Row]:
    """Availability, use, and faults if there were any."""
    if figures.availability_pct is None:
        return []
    short = figures.availability_pct < REQUIRED_PCT
    rows = [Row("Available", number(figures.availability_pct, 1), "% of the time",
                "warning" if short else "text"),
            Row("Sessions", f"{figures.sessions}", f"in use {figures.utilisation_pct:.0f} % of the time")]
    if figures.faults:
        repaired = "not repaired yet" if figures.mttr_h is None else \
            f"repaired in {duration(figures.mttr_h * HOUR_S)}"
        rows.append(Row("Faults", f"{figures.faults}", repaired))
    return rows


def charging_network_rows(model, t_s: float) -> list[Row]:
    """The whole network up to `t_s`; energies are those booked so far."""
    world = model.world
    connector, station = world.connector, world.station
    figures = uptime(world, connector.rows(), t_s)
    offline = len(station.rows(~station.online))
    faulted = len(connector.rows(connector.status == Status.FAULTED))
    rows = [Row("Stations online", f"{len(station) - offline}", f"of {len(station)}",
                "warning" if offline else "text"),
            Row("Faulted", f"{faulted}", f"of {len(connector)} connectors",
                "fault" if faulted else "text"), *uptime_rows(figures)]
    if figures.efficiency_pct is not None:
        rows.append(Row("Efficiency", number(figures.efficiency_pct, 1), "%"))
    if figures.mtbf_h is not None:
        rows.append(Row("Between faults", duration(figures.mtbf_h * HOUR_S), "per connector"))
    return rows
