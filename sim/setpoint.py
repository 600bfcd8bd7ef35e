"""A setpoint for many: an operator's power for a zone or the fleet, shared among its vehicles.

Targets, reserves and limits go before it. Whoever has no time to spare charges, and nobody feeds
who could not win it back or is down to its least energy; the others share what that leaves of the
setpoint in proportion to what each could move. What cannot be reached stays missing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from entities.components import NONE, Reason
from entities.world import World
from sim.deciding import follow
from sim.granting import grant_feed, grant_in_order
from sim.pacing import pace
from sim.view import Decision, View

GUARD_INTERVALS = 1.0
"""Control intervals to have charged before the departure."""


class Group(NamedTuple):
    """Zones (slots, ascending) whose vehicles share `kw` AC."""

    zones: np.ndarray
    kw: float

    def share(self, view: View, kw: float) -> Decision:
        """Setpoints of the view's vehicles that come to `kw` together, as near as may be."""
        time = pace(view, GUARD_INTERVALS)
        want = np.where(time.must_charge, view.want(), 0.0)
        missing = kw - float(want.sum())
        if missing > 0.0:
            could = grant_in_order(view, np.where(time.must_charge, 0.0, view.want()), time.order)
            wanted = want + _scaled(could, missing)
        else:
            could = grant_feed(view, np.where(time.can_feed & ~time.must_charge, view.feed_cap, 0.0),
                               time.order[::-1])
            wanted = want - _scaled(could, -missing)
        return follow(view, wanted, time.order, Reason.OPERATOR)


def groups(world: World) -> list[Group]:
    """Who shares a setpoint: each zone that has one of its own, then all others if the site has."""
    zone, hub = world.zone, world.hub
    own = ~np.isnan(zone.dispatch_kw)
    found = [Group(np.array([row]), zone.dispatch_kw.item(row)) for row in np.flatnonzero(own).tolist()]
    site_kw = hub.dispatch_kw.item(0)
    if site_kw == site_kw and not own.all():
        found.append(Group(np.flatnonzero(~own), site_kw))
    return found


def end_if_still(world: World, zone: int, until_s: float) -> bool:
    """End the setpoint of a zone (NONE: of the site) if it is the one that ends at `until_s`."""
    table, row = (world.hub, 0) if zone == NONE else (world.zone, zone)
    if table.dispatch_until_s.item(row) != until_s:
        return False
    table.dispatch_kw[row] = table.dispatch_until_s[row] = np.nan
    return True


def _scaled(could: np.ndarray, kw: float) -> np.ndarray:
    total = float(could.sum())
    return could * min(kw / total, 1.0) if total > 0.0 else could
