"""The one door to sessions: the visits of a scenario, and scenarios made from a session file."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sim.scenario import Scenario, from_dict
from sim.schema.sessions import ListedSessions, RecordedSessions
from sim.sessions.files import csv_header, read_text
from sim.sessions.generated import generated_visits
from sim.sessions.listed import Listing, listed_visits, read_listed, read_rows
from sim.sessions.queues import most_at_once
from sim.sessions.recorded import DELIVERED, read_recorded, recorded_visits
from sim.sessions.visits import Visits, empty
from sim.timing import DAY_S

PLAIN_START = datetime(2026, 1, 1, tzinfo=timezone.utc)  # of lists that name no date
TYPE2_MOST_KW = 43.5  # 63 A, three phases, 400 V: IEC 62196-2's largest AC rating


def load_visits(scenario: Scenario) -> Visits:
    """The scenario's planned visits, sorted by (arrival, id).

    Raises InputError with one line that names the file, the line and what was expected.
    """
    source = scenario.sessions
    if source.kind == "recorded":
        visits = recorded_visits(scenario, source, scenario.data_path(source.file))
    elif source.kind == "listed":
        visits = listed_visits(scenario, source, scenario.data_path(source.file))
    elif source.kind == "generated":
        visits = generated_visits(scenario, source)
    else:
        visits = empty()
    return visits.in_order()


def session_kind(path: Path) -> str:
    """`recorded` for ACN-Data (JSON, or a CSV with its energy column), else `listed`."""
    text = read_text(path)
    is_recorded = text.lstrip()[:1] in ("{", "[") or DELIVERED in csv_header(text)
    return "recorded" if is_recorded else "listed"


def with_sessions(scenario: Scenario, path: str | Path) -> Scenario:
    """The scenario with its sessions replaced by those of a file.

    Options for sessions of the same kind are kept. Raises InputError for an unreadable file.
    """
    path = Path(path)
    kind = session_kind(path)
    if scenario.sessions.kind == kind:
        sessions = scenario.sessions.model_copy(update={"file": str(path.resolve())})
    elif kind == "recorded":
        sessions = RecordedSessions(kind=kind, file=str(path.resolve()))
    else:
        sessions = ListedSessions(kind=kind, file=str(path.resolve()))
    return scenario.model_copy(update={"sessions": sessions})


def scenario_from_sessions(path: str | Path,
                           overrides: dict[str, Any] | None = None) -> Scenario:
    """A site that is just what a session file needs: one connector a station, both named as
    in the file, each with the most power that its sessions can use and without losses.

    It starts at the first day's midnight in the file's own time offset (a list of plain
    seconds: 2026-01-01 UTC) and lasts whole days, to the last departure at least. Where
    sessions name no connector there are as many as are ever needed at once.
    """
    path = Path(path)
    kind = session_kind(path)
    raw = _recorded_site(path) if kind == "recorded" else _listed_site(path)
    raw |= {
        "name": path.stem,
        "strategy": "uncontrolled",
        "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0,
                  "ageing": {"enabled": kind == "listed"}},
        "sessions": {"kind": kind, "file": str(path.resolve())},
    }
    return from_dict(raw, str(path), path.parent, overrides)


def _recorded_site(path: Path) -> dict[str, Any]:
    records = read_recorded(path)
    start = _midnight(min(record.arrival for record in records))
    last = max(record.departure for record in records)
    connector = {"charge_kw": RecordedSessions.model_fields["max_charge_kw"].default}
    stations = sorted({record.station for record in records if record.station})
    blank = [record for record in records if not record.station]
    spare = most_at_once([r.arrival.timestamp() for r in blank],
                         [r.departure.timestamp() for r in blank])
    return {
        "story": f"{len(records)} recorded sessions, {start:%d %B %Y} on.",
        "start": start,
        "duration": _whole_days((last - start).total_seconds()),
        "site": _site(dict.fromkeys(stations, connector), spare, connector),
    }


def _listed_site(path: Path) -> dict[str, Any]:
    start = _listed_start(path)
    listings = read_listed(path, start)
    named: dict[str, list[Listing]] = {}
    for listing in listings:
        named.setdefault(listing.connector or "", []).append(listing)
    blank = named.pop("", [])
    spare = most_at_once([item.arrival_s for item in blank], [item.departure_s for item in blank])
    return {
        "story": f"{len(listings)} sessions listed in {path.name}.",
        "start": start,
        "duration": _whole_days(max(listing.departure_s for listing in listings)),
        "site": _site({name: _needs(named[name]) for name in sorted(named)}, spare, _needs(blank)),
    }


def _needs(listings: list[Listing]) -> dict[str, Any]:
    """A connector that serves these sessions, with the most power that any of them can use.
    Models that feed DC, or have no AC inlet, need their DC plug."""
    kind, charge, discharge = "Type2", 0.0, 0.0
    for item in listings:
        if item.model is not None and (item.model.dc_v2g_kw or not item.model.ac_kw):
            kind = next(kind for kind in item.model.kinds if kind != "Type2")
        elif item.model is None and item.dc_charge_kw > TYPE2_MOST_KW:
            kind = "CCS2"
    for item in listings:
        on_ac = kind == "Type2"
        charge = max(charge, item.ac_charge_kw if on_ac else item.dc_charge_kw)
        discharge = max(discharge, item.ac_discharge_kw if on_ac else item.dc_discharge_kw)
    return {"kind": kind, "charge_kw": charge, "discharge_kw": discharge}


def _listed_start(path: Path) -> datetime:
    """Midnight of the earliest date that an arrival names, else PLAIN_START."""
    dated = []
    for row in read_rows(path):
        try:
            moment = datetime.fromisoformat(row.text("arrival"))
        except ValueError:
            continue
        if not row.text("arrival").isdigit():  # 20260101 seconds are a number, not a date
            dated.append(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))
    return _midnight(min(dated)) if dated else PLAIN_START


def _midnight(moment: datetime) -> datetime:
    """Local midnight before `moment`, with its offset fixed."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))


def _whole_days(seconds: float) -> float:
    return max(1, math.ceil(seconds / DAY_S)) * DAY_S


def _site(connectors: dict[str, dict], spare: int, spare_connector: dict) -> dict[str, Any]:
    """One zone with the named connectors and `spare` further ones, each on its own station."""
    numbers = (f"EVSE-{k:02d}" for k in range(1, len(connectors) + spare + 1))
    free = [name for name in numbers if name not in connectors][:spare]
    stations = [{"name": name, "connectors": [{"name": name, **connector}]}
                for name, connector in [*connectors.items(), *((n, spare_connector) for n in free)]]
    return {"zones": [{"name": "site", "stations": stations}]}
