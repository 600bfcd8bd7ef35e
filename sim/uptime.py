"""What became of connectors: availability, utilisation, efficiency, faults and repairs.

Shares are of the time since the start. A connector is up while it is neither Faulted nor
Unavailable and its station is online; required of public ports is more than 97 % of the time
[23 CFR 680.116].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from entities.components import NONE, STATUS_TIMES, ErrorCode, OcppVersion, Status
from entities.world import World
from sim.connectors import STATUS_NAMES, VERSION_NAMES, has_transaction, reported
from sim.timing import HOUR_S


@dataclass(frozen=True)
class Uptime:
    """Figures of some connectors; None where there is nothing to tell from.

    `efficiency_pct` is what came out over what went in at the chargers, both directions: battery
    side over AC while charging, AC over battery side while feeding. `mttr_h` is the mean time to
    repair of faults that were cleared, `mtbf_h` the time without fault per fault.
    """

    availability_pct: float | None
    utilisation_pct: float | None
    charging_pct: float | None
    efficiency_pct: float | None
    sessions: int
    faults: int
    mttr_h: float | None
    mtbf_h: float | None


def uptime(world: World, rows: np.ndarray, now_s: float) -> Uptime:
    """The figures of the connectors `rows` (n,) up to `now_s`. Energies are those that sessions
    have booked; times are exact."""
    return _figures(_record(world, now_s), rows, now_s)


class _Record(NamedTuple):
    """What became of each connector; times in s, energies in kWh, all (slots,)."""

    down: np.ndarray
    occupied: np.ndarray
    charging: np.ndarray
    faulted: np.ndarray
    into: np.ndarray
    out: np.ndarray
    sessions: np.ndarray
    faults: np.ndarray
    repairs: np.ndarray
    repair: np.ndarray


def _record(world: World, now_s: float) -> _Record:
    connector, session = world.connector, world.session
    slots = np.arange(connector.slots)
    visits = session.rows(session.connector != NONE)
    at = session.connector[visits]

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(at, values, connector.slots)

    plugged = np.minimum(session.departure_s[visits], now_s) - session.plugged_s[visits]
    return _Record(
        down=connector.down_s + (now_s - connector.booked_s) * ~up(world, slots),
        occupied=total(plugged),
        charging=time_in(world, slots, Status.CHARGING, now_s),
        faulted=time_in(world, slots, Status.FAULTED, now_s),
        into=total(session.charged_ac_kwh[visits] + session.discharged_kwh[visits]),
        out=total(session.charged_kwh[visits] + session.discharged_ac_kwh[visits]),
        sessions=np.bincount(at, minlength=connector.slots), faults=connector.faults,
        repairs=connector.repairs, repair=connector.repair_s)


def _figures(record: _Record, rows: np.ndarray, now_s: float) -> Uptime:
    own = _Record(*(values[rows].sum().item() for values in record))
    whole = now_s * len(rows)
    return Uptime(
        availability_pct=_share(whole - own.down, whole),
        utilisation_pct=_share(own.occupied, whole),
        charging_pct=_share(own.charging, whole),
        efficiency_pct=_share(own.out, own.into),
        sessions=own.sessions, faults=own.faults,
        mttr_h=own.repair / own.repairs / HOUR_S if own.repairs else None,
        mtbf_h=(whole - own.faulted) / own.faults / HOUR_S if own.faults else None)


def up(world: World, rows: np.ndarray) -> np.ndarray:
    """Which of the connectors `rows` (n,) are up now; bool (n,)."""
    connector = world.connector
    return (connector.status[rows] < Status.UNAVAILABLE) & world.station.online[connector.station[rows]]


def time_in(world: World, rows: np.ndarray, status: Status, now_s: float) -> np.ndarray:
    """Seconds that each of the connectors `rows` (n,) has spent in a status up to `now_s`."""
    connector = world.connector
    booked, since = getattr(connector, STATUS_TIMES[status])[rows], connector.booked_s[rows]
    preparing = np.where(has_transaction(connector.status[rows]), np.maximum(
        np.minimum(connector.prepared_s[rows], now_s) - since, 0.0), 0.0)
    if status == Status.PREPARING:
        return booked + preparing
    return booked + np.where(connector.status[rows] == status, now_s - since - preparing, 0.0)


def charging_network(world: World, now_s: float) -> dict:
    """The whole network up to `now_s`, JSON-ready: its figures, and those of each station and
    connector."""
    connector, station = world.connector, world.station
    rows, record = connector.rows(), _record(world, now_s)
    spent = {STATUS_NAMES[status]: time_in(world, np.arange(connector.slots), status, now_s)
             for status in Status}
    status = reported(world, np.arange(connector.slots), now_s)

    def told(row: int) -> dict:
        return {"id": connector.names[row], "status": STATUS_NAMES[Status(status.item(row))],
                "error_code": ErrorCode(connector.error.item(row)).name,
                **asdict(_figures(record, np.array([row]), now_s)),
                "status_s": {name: times.item(row) for name, times in spent.items()}}

    order = np.argsort(connector.station[rows], kind="stable")
    stations = station.rows()
    groups = np.split(rows[order], np.searchsorted(connector.station[rows][order], stations[1:])) \
        if len(stations) else []
    return {
        **asdict(_figures(record, rows, now_s)),
        "stations": [{"id": station.names[row],
                      "ocpp": VERSION_NAMES[OcppVersion(station.ocpp.item(row))],
                      "online": station.online.item(row), **asdict(_figures(record, own, now_s)),
                      "connectors": [told(each) for each in own.tolist()]}
                     for row, own in zip(stations.tolist(), groups)]}


def _share(part: float, whole: float) -> float | None:
    return 100.0 * float(part) / float(whole) if whole else None
