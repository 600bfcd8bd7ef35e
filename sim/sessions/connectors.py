"""The names of a site's connectors, which sessions refer to."""

from __future__ import annotations

from sim.scenario import Scenario


def connector_names(scenario: Scenario) -> list[str]:
    """Every connector's name in the site's order.

    Unnamed ones are C-01, C-02, ...: as many digits as the number of connectors needs,
    leaving out names that are taken.
    """
    given = [spec.name for zone in scenario.site.zones for station in zone.stations
             for _ in range(station.count) for spec in station.connectors
             for _ in range(spec.count)]
    digits, taken, number = max(2, len(str(len(given)))), set(given), 0
    names = []
    for name in given:
        while name is None:
            number += 1
            candidate = f"C-{number:0{digits}d}"
            name = None if candidate in taken else candidate
        names.append(name)
    return names
