"""Planned visits that want the same connector at the same time: who will have to wait."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


def overlap_warnings(ids: Sequence[str], connectors: Sequence[str | None],
                     arrival_s: Sequence[float], departure_s: Sequence[float]) -> list[str]:
    """One line for each visit that arrives before its connector is free, the first five of
    them spelled out and the others counted. A visit without a connector is queued behind nobody."""
    last: dict[str, tuple[float, str]] = {}
    found: list[str] = []
    for k in sorted(range(len(ids)), key=lambda k: (arrival_s[k], ids[k])):
        connector = connectors[k]
        if connector is None:
            continue
        until, holder = last.get(connector, (float("-inf"), ""))
        if arrival_s[k] < until:
            found.append(f"session {ids[k]} is queued behind {holder} on {connector}")
        if departure_s[k] > until:
            last[connector] = (departure_s[k], ids[k])
    if len(found) > _SHOWN:
        found[_SHOWN:] = [f"{len(found) - _SHOWN} more sessions are queued for their connector"]
    return found


def most_at_once(arrival_s: Sequence[float], departure_s: Sequence[float]) -> int:
    """The largest number of visits that are there at one time; one that leaves makes room
    for one that comes at the same moment."""
    moments = sorted([(t, 1) for t in arrival_s] + [(t, -1) for t in departure_s])
    present = most = 0
    for _, change in moments:
        present += change
        most = max(most, present)
    return most
