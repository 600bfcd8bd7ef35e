"""What became of connectors: availability, utilisation, efficiency, faults and repairs.

Shares are of the time since the start. A connector is up while it is neither Faulted nor
Unavailable and its station is online; required of public ports is more than 97 % of the time
[23 CFR 680.116].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from entities.components import STATUS_TIMES, ErrorCode, OcppVersion, Status
from entities.world import World
from sim.connectors import STATUS_NAMES, VERSION_NAMES
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
    connector, session = world.connector, world.session
    since = now_s - connector.booked_s[rows]
    down = connector.down_s[rows] + since * ~up(world, rows)
    occupied = connector.occupied_s[rows] + since * (connector.vehicle[rows] >= 0)
    charging, faulted = (time_in(world, rows, status, now_s)
                         for status in (Status.CHARGING, Status.FAULTED))
    visits = session.rows(np.isin(session.connector, rows)) if session.slots else np.zeros(0, int)
    into = session.charged_ac_kwh[visits].sum() + session.discharged_kwh[visits].sum()
    out = session.charged_kwh[visits].sum() + session.discharged_ac_kwh[visits].sum()
    faults, repairs = int(connector.faults[rows].sum()), int(connector.repairs[rows].sum())
    whole = now_s * len(rows)
    return Uptime(
        availability_pct=_share(whole - down.sum(), whole),
        utilisation_pct=_share(occupied.sum(), whole),
        charging_pct=_share(charging.sum(), whole),
        efficiency_pct=_share(out, into),
        sessions=len(visits), faults=faults,
        mttr_h=float(connector.repair_s[rows].sum()) / repairs / HOUR_S if repairs else None,
        mtbf_h=float(whole - faulted.sum()) / faults / HOUR_S if faults else None)


def up(world: World, rows: np.ndarray) -> np.ndarray:
    """Which of the connectors `rows` (n,) are up now; bool (n,)."""
    connector = world.connector
    return (connector.status[rows] < Status.UNAVAILABLE) & world.station.online[connector.station[rows]]


def time_in(world: World, rows: np.ndarray, status: Status, now_s: float) -> np.ndarray:
    """Seconds that each of the connectors `rows` (n,) has spent in a status up to `now_s`."""
    connector = world.connector
    running = np.where(connector.status[rows] == status, now_s - connector.booked_s[rows], 0.0)
    return getattr(connector, STATUS_TIMES[status])[rows] + running


def charging_network(world: World, now_s: float) -> dict:
    """The whole network up to `now_s`, JSON-ready: its figures, and those of each station and
    connector."""
    connector, station = world.connector, world.station
    rows = connector.rows()
    order = np.argsort(connector.station[rows], kind="stable")
    stations = station.rows()
    groups = np.split(rows[order], np.searchsorted(connector.station[rows][order], stations[1:])) \
        if len(stations) else []
    return {
        **asdict(uptime(world, rows, now_s)),
        "stations": [{"id": station.names[row],
                      "ocpp": VERSION_NAMES[OcppVersion(station.ocpp.item(row))],
                      "online": station.online.item(row), **asdict(uptime(world, own, now_s)),
                      "connectors": [_connector(world, each, now_s) for each in own.tolist()]}
                     for row, own in zip(stations.tolist(), groups)]}


def _connector(world: World, row: int, now_s: float) -> dict:
    connector, one = world.connector, np.array([row])
    return {"id": connector.names[row], "status": STATUS_NAMES[Status(connector.status.item(row))],
            "error_code": ErrorCode(connector.error.item(row)).name,
            **asdict(uptime(world, one, now_s)),
            "status_s": {STATUS_NAMES[status]: time_in(world, one, status, now_s).item(0)
                         for status in Status}}


def _share(part: float, whole: float) -> float | None:
    return 100.0 * float(part) / float(whole) if whole else None
