"""From what a strategy asks to a decision: powers granted within the room, and why.

Who gets all that it can take is held by its own hardware; who gets less than its strategy asked
for, by the limit with the least room left; otherwise the strategy's own reason counts.
"""

from __future__ import annotations

import numpy as np

from entities.components import Reason
from sim.granting import grant_beside_feed, grant_feed, grant_in_order
from sim.grid.lines import LineRoom
from sim.room import Room
from sim.view import Decision, View

_ROUNDING_KW = 1e-9
_LEAST_KW = 1e-6
"""Powers below this are nothing: differences of energies that ought to be equal."""


def charge_in_order(view: View, order: np.ndarray) -> Decision:
    """Full power to one after the other in `order` (n,), until the room is used up."""
    want = view.want()
    granted = grant_in_order(view, want, order)
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))


def follow(view: View, wanted: np.ndarray, order: np.ndarray, cause) -> Decision:
    """The powers `wanted`, kW AC (n,) of both signs, as far as there is room for them.

    Charging is granted in `order` (n,), feeding in the reverse of it; what is fed makes room for
    charging. `cause` is the strategy's reason, one or (n,).
    """
    wanted = np.where(np.abs(wanted) < _LEAST_KW, 0.0, wanted)
    asked = np.minimum(np.maximum(wanted, 0.0), view.want())
    sell = np.minimum(np.maximum(-wanted, 0.0), view.feed_cap)
    fed = grant_feed(view, sell, order[::-1])
    drawn = grant_beside_feed(view, asked, order, fed)
    reason = np.where(sell > 0.0, why_feeding(view, sell, fed, cause),
                      why_drawing(view, asked, drawn, cause, fed))
    return Decision(np.where(fed > 0.0, -fed, view.offer(drawn)), reason)


def why_drawing(view: View, asked: np.ndarray, granted: np.ndarray, otherwise,
                fed: np.ndarray | float = 0.0) -> np.ndarray:
    """Reasons, int32 (n,), for drawing `granted` when the strategy asked for `asked`, kW AC.

    `otherwise` is the strategy's reason, one or (n,), for asking less than the vehicle takes;
    `fed` is what feeding beside it adds to the room.
    """
    full = granted >= view.draw_limit - _ROUNDING_KW
    short = granted < asked - _ROUNDING_KW
    lines = view.room.lines and view.room.lines.beside(
        view.connector, granted, np.broadcast_to(fed, granted.shape))
    limit = _tightest(view, granted - fed, view.room, lines)
    reason = np.where(full, hardware(view), np.where(short, limit, otherwise))
    return np.where(view.energy >= view.target, Reason.TARGET, reason).astype(np.int32)


def why_feeding(view: View, asked: np.ndarray, granted: np.ndarray, cause) -> np.ndarray:
    """Reasons, int32 (n,), for feeding `granted` when `asked` was wanted because of `cause`."""
    short = granted < asked - _ROUNDING_KW
    room = view.room.outward
    lines = room.lines and room.lines.beside(view.connector, np.zeros(len(view)), granted)
    limit = _tightest(view, granted, room, lines)
    return np.where(short, limit, cause).astype(np.int32)


def hardware(view: View) -> np.ndarray:
    """Whether the vehicle or the connector is what gives no more; (n,)."""
    at_rating = np.minimum(view.draw_limit, view.cap) >= view.rating - _ROUNDING_KW
    return np.where(at_rating, Reason.CONNECTOR, Reason.VEHICLE)


def _tightest(view: View, moved: np.ndarray, room: Room, lines: LineRoom | None) -> np.ndarray:
    """Of each vehicle's station, zone and transformer, the site and its network's `lines` (which count
    `moved` already), the one with the least room left to draw (n,), of equals the innermost; (n,)."""
    zone_left = (room.zone_in - np.bincount(view.zone, moved, len(room.zone_in)))[view.zone]
    site_left = room.site_in - float(moved.sum())
    reason = np.where(zone_left <= site_left, Reason.ZONE_LIMIT, Reason.SITE_LIMIT)
    least = np.minimum(zone_left, site_left)
    if room.transformers is not None:
        left = room.transformers.beside(view.connector, moved, 0.0).left(view.connector)
        reason = np.where((left < zone_left) & (left <= site_left), Reason.TRANSFORMER, reason)
        least = np.minimum(least, left)
    if room.stations is not None:
        left = room.stations.beside(view.connector, moved, 0.0).left(view.connector)
        reason, least = np.where(left <= least, Reason.STATION, reason), np.minimum(least, left)
    if lines is None:
        return reason
    left, which = lines.tightest(view.connector)
    return np.where(left < least, which, reason)
