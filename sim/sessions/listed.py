"""Listed sessions: our own CSV, one visit a line.

id             optional, the line's place among the sessions if blank
connector      optional, any connector if blank
arrival        ISO time, 18:30, 1d 06:00 or seconds since the scenario's start; so departure
capacity_kwh   usable energy
soc_arrival    0..1
soc_target     0..1, or instead of it
energy_kwh     battery-side energy wanted on top of what it arrives with
max_charge_kw  most it draws at the connector
max_discharge_kw  optional, 0 if blank: most it feeds
vehicle        optional: its name (the session's id if blank), or a model of vehicles.toml,
               which then gives what capacity and power columns leave blank
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from entities.components import ALL_PLUGS, Chemistry, VehicleClass
from sim.errors import InputError
from sim.naming import connector_names
from sim.scenario import LONGEST_S, Scenario
from sim.schema.sessions import ListedSessions
from sim.sessions.files import LARGEST_KWH, Row, counted, csv_header, csv_rows, read_text, require_columns
from sim.sessions.queues import overlap_warnings
from sim.sessions.vehicles import VehicleModel, find_model
from sim.sessions.visits import LONGEST_STAY_S, Visits
from sim.timing import DAY_S, parse_time

COLUMNS = ("id", "connector", "arrival", "departure", "capacity_kwh", "soc_arrival",
           "soc_target", "energy_kwh", "max_charge_kw", "max_discharge_kw", "vehicle")


@dataclass(frozen=True, slots=True)
class Listing:
    """One line: seconds since the start, kWh in the battery, kW at an AC or DC connector."""

    row: Row
    id: str
    vehicle: str
    connector: str | None
    arrival_s: float
    departure_s: float
    capacity_kwh: float
    arrival_kwh: float
    target_kwh: float
    ac_charge_kw: float
    dc_charge_kw: float
    ac_discharge_kw: float
    dc_discharge_kw: float
    model: VehicleModel | None

    @property
    def battery(self) -> tuple[float, ...]:
        """What a vehicle keeps from visit to visit."""
        return (self.capacity_kwh, self.ac_charge_kw, self.dc_charge_kw,
                self.ac_discharge_kw, self.dc_discharge_kw)


def read_rows(path: Path) -> list[Row]:
    """The file's lines as text, with the columns checked; raises InputError."""
    text = read_text(path)
    header = csv_header(text)
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise InputError(f"{path}: line 1: unknown column {unknown[0]!r}, expected "
                         f"{', '.join(COLUMNS)}")
    require_columns(path, header, ("arrival",), ("departure",), ("capacity_kwh", "vehicle"),
                    ("soc_arrival",), ("soc_target", "energy_kwh"), ("max_charge_kw", "vehicle"))
    rows = csv_rows(path, text)
    if not rows:
        raise InputError(f"{path}: no sessions")
    return rows


def read_listed(path: Path, start: datetime) -> list[Listing]:
    """Every session of the file, in its order; raises InputError naming line and column."""
    listings = [_listing(row, k, start) for k, row in enumerate(read_rows(path))]
    _check_ids(listings)
    _check_vehicles(listings)
    return listings


def listed_visits(scenario: Scenario, options: ListedSessions, file: Path) -> Visits:
    """The listed visits; those that arrive after the scenario's end are left out."""
    listings = read_listed(file, scenario.start)
    site = set(connector_names(scenario))
    for listing in listings:
        if listing.connector is not None and listing.connector not in site:
            listing.row.fail("connector", f"the site has no connector {listing.connector!r}")
    kept = [listing for listing in listings if listing.arrival_s < scenario.duration]
    warnings = []
    if len(kept) < len(listings):
        warnings.append(f"{file.name}: left out {counted(len(listings) - len(kept))}, arriving after the end")

    fleet = scenario.fleet
    battery = [item.model.battery_max_kw if item.model
               else item.ac_charge_kw * fleet.charge_efficiency for item in kept]
    ids, connectors = [item.id for item in kept], [item.connector for item in kept]
    arrival = np.array([item.arrival_s for item in kept], float)
    departure = np.array([item.departure_s for item in kept], float)
    warnings += overlap_warnings(ids, connectors, arrival, departure)
    models = [item.model for item in kept]
    return Visits(
        id=ids,
        vehicle=[item.vehicle for item in kept],
        connector=connectors,
        zone=[None] * len(kept),
        arrival_s=arrival,
        departure_s=departure,
        arrival_kwh=np.array([item.arrival_kwh for item in kept], float),
        target_kwh=np.array([item.target_kwh for item in kept], float),
        capacity_kwh=np.array([item.capacity_kwh for item in kept], float),
        ac_charge_kw=np.array([item.ac_charge_kw for item in kept], float),
        dc_charge_kw=np.array([item.dc_charge_kw for item in kept], float),
        ac_discharge_kw=np.array([item.ac_discharge_kw for item in kept], float),
        dc_discharge_kw=np.array([item.dc_discharge_kw for item in kept], float),
        plugs=np.array([m.plugs if m else ALL_PLUGS for m in models], np.int32),
        battery_max_kw=np.array(battery, float),
        curve=[m.curve if m and m.curve else fleet.charge_curve for m in models],
        chemistry=np.array([m.chemistry if m else Chemistry.UNKNOWN for m in models], np.int32),
        body=np.array([m.body if m else VehicleClass.SEDAN for m in models], np.int32),
        recorded_kwh=np.full(len(kept), np.nan),
        warnings=warnings,
    )


def _listing(row: Row, k: int, start: datetime) -> Listing:
    id = row.text("id") or str(k + 1)
    model = find_model(row.text("vehicle")) if row.text("vehicle") else None
    arrival, departure = (_seconds(row, column, start) for column in ("arrival", "departure"))
    if departure <= arrival:
        row.fail("departure", f"expected a time after the arrival, {row.text('arrival')}, "
                              f"not {row.text('departure')}")
    if departure - arrival > LONGEST_STAY_S or arrival > LONGEST_S:
        row.fail("departure", f"expected a stay of at most {LONGEST_STAY_S / DAY_S:.0f} days within "
                              f"{LONGEST_S / DAY_S:.0f}, not {row.text('departure')}")
    if model and not row.text("capacity_kwh"):
        capacity = model.capacity_kwh
    else:
        capacity = row.number("capacity_kwh", f"kWh, 0.01 to {LARGEST_KWH:,.0f}", low=0.01, high=LARGEST_KWH)
    arrival_kwh = capacity * row.number("soc_arrival", "a share from 0 to 1", 0.0, 1.0)
    return Listing(
        row=row,
        id=id,
        vehicle=id if model else row.text("vehicle") or id,
        connector=row.text("connector") or None,
        arrival_s=arrival,
        departure_s=departure,
        capacity_kwh=capacity,
        arrival_kwh=arrival_kwh,
        target_kwh=_target(row, capacity, arrival_kwh),
        ac_charge_kw=_power(row, "max_charge_kw", model.ac_kw if model else None),
        dc_charge_kw=_power(row, "max_charge_kw", model.dc_kw if model else None),
        ac_discharge_kw=_power(row, "max_discharge_kw", model.ac_v2g_kw if model else 0.0),
        dc_discharge_kw=_power(row, "max_discharge_kw", model.dc_v2g_kw if model else 0.0),
        model=model,
    )


def _seconds(row: Row, column: str, start: datetime) -> float:
    try:
        return parse_time(row.text(column), start)
    except (ValueError, OverflowError) as error:
        message = str(error)
        given = f", not {row.text(column)!r:.40}" if message.startswith("expected") else ""
        row.fail(column, message + given)


def _target(row: Row, capacity: float, arrival_kwh: float) -> float:
    soc, energy = row.text("soc_target"), row.text("energy_kwh")
    if bool(soc) == bool(energy):
        row.fail("soc_target", "expected either soc_target or energy_kwh"
                               + (", not both" if soc else ""))
    if soc:
        return capacity * row.number("soc_target", "a share from 0 to 1", 0.0, 1.0)
    room = capacity - arrival_kwh
    wanted = row.number("energy_kwh", f"kWh from 0 to {room:g}, what the battery has room for",
                        0.0, room * (1.0 + 1e-9))
    return min(arrival_kwh + wanted, capacity)


def _power(row: Row, column: str, default: float | None) -> float:
    if default is not None and not row.text(column):
        return default
    return row.number(column, "kW, at least 0", low=0.0)


def _check_ids(listings: list[Listing]) -> None:
    first: dict[str, Listing] = {}
    for listing in listings:
        other = first.setdefault(listing.id, listing)
        if other is not listing:
            listing.row.fail("id", f"{listing.id!r} stands in {other.row.place} already")


def _check_vehicles(listings: list[Listing]) -> None:
    """A vehicle that comes again has the same battery and has left before."""
    last: dict[str, Listing] = {}
    for listing in sorted(listings, key=lambda item: item.arrival_s):
        before = last.get(listing.vehicle)
        if before is not None:
            if before.departure_s > listing.arrival_s:
                listing.row.fail("vehicle", f"{listing.vehicle!r} is still here from "
                                            f"{before.row.place} when it arrives")
            if before.battery != listing.battery:
                listing.row.fail("vehicle", f"{listing.vehicle!r} has another capacity or power "
                                            f"in {before.row.place}")
        last[listing.vehicle] = listing
