"""Names of a site's stations and connectors, which sessions, commands and pictures refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario


def station_names(scenario: Scenario) -> list[str]:
    """Every station's name in the site's order; unnamed ones are S-01, S-02, ..."""
    return _numbered("S", [station.name for zone in scenario.site.zones
                           for station in zone.stations for _ in range(station.count)])


def connector_names(scenario: Scenario) -> list[str]:
    """Every connector's name in the site's order; unnamed ones are C-01, C-02, ..."""
    return _numbered("C", [spec.name for zone in scenario.site.zones for station in zone.stations
                           for _ in range(station.count) for spec in station.connectors
                           for _ in range(spec.count)])


def misnaming(command, scenario: Scenario) -> str | None:
    """What a command, or one that it gives later, names that the site does not have, in words, or
    None."""
    later = getattr(command, "command", None)
    if later is not None:
        return misnaming(later, scenario)
    zone, connector = getattr(command, "zone", None), getattr(command, "connector", None)
    if zone is not None and zone not in [z.name for z in scenario.site.zones]:
        return f"no zone {zone!r}"
    if connector is not None and connector not in connector_names(scenario):
        return f"no connector {connector!r}"
    station = getattr(command, "station", None)
    if station is not None and station not in station_names(scenario):
        return f"no station {station!r}"
    return None


def _numbered(letter: str, given: list[str | None]) -> list[str]:
    """`given` with a number for each None: as many digits as the longest needs, leaving out
    names that are taken."""
    digits, taken, number = max(2, len(str(len(given)))), set(given), 0
    names = []
    for name in given:
        while name is None:
            number += 1
            candidate = f"{letter}-{number:0{digits}d}"
            name = None if candidate in taken else candidate
        names.append(name)
    return names
