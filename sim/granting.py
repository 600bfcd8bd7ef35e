"""Power granted within the room that limits leave: one after the other, evenly, and for feeding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.grid.lines import Rows
from sim.view import View


def grant_in_order(view: View, want: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Give each what it wants, one after the other in `order`, until its lines, its station, its zone,
    its transformer or the site are full."""
    stations, transformers = view.room.stations, view.room.transformers
    if view.room.lines is not None:
        return Rows.of(view).fill(want, order)
    granted = want.copy() if stations is None else stations.fill(view.connector, want, order)
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            queue = order[view.zone[order] == zone]
            granted[queue] = fill(granted[queue], max(room, 0.0))
    if transformers is not None:
        granted = transformers.fill(view.connector, granted, order)
    if np.isfinite(view.room.site_in):
        granted[order] = fill(granted[order], max(view.room.site_in, 0.0))
    return granted


def grant_evenly(view: View, want: np.ndarray) -> np.ndarray:
    """Max-min fair shares within each station, zone and transformer, then within the site; on a network
    at once."""
    stations, transformers = view.room.stations, view.room.transformers
    if view.room.lines is not None:
        return Rows.of(view).rise(want, np.ones(len(view)))
    granted = want.copy() if stations is None else stations.level(view.connector, want)
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            here = np.flatnonzero(view.zone == zone)
            granted[here] = level(granted[here], max(room, 0.0))
    if transformers is not None:
        granted = transformers.level(view.connector, granted)
    if np.isfinite(view.room.site_in):
        granted = level(granted, max(view.room.site_in, 0.0))
    return granted


def grant_beside_feed(view: View, want: np.ndarray, order: np.ndarray,
                      fed: np.ndarray) -> np.ndarray:
    """`grant_in_order` where the vehicles of this view feed `fed` (kW AC, n) at the same time,
    which makes as much more room; it holds until an event that calls for a new decision."""
    zone_fed = np.bincount(view.zone, fed, len(view.room.zone_in))
    room = replace(view.room, zone_in=view.room.zone_in + zone_fed,
                   site_in=view.room.site_in + float(fed.sum()))
    if room.lines is not None:
        room.lines = room.lines.beside(view.connector, np.zeros(len(view)), fed)
    room.stations, room.transformers = (
        tier and tier.beside(view.connector, 0.0, fed) for tier in (room.stations, room.transformers))
    return grant_in_order(replace(view, room=room), want, order)


def grant_feed(view: View, want: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Let each feed what it wants in `order` until the export limits are reached, kW AC."""
    able = np.where(view.energy > view.least, want, 0.0)
    return grant_in_order(replace(view, room=view.room.outward), able, order)


def fill(want: np.ndarray, room: float) -> np.ndarray:
    """Grant in sequence until `room` is used up."""
    return np.clip(room - (np.cumsum(want) - want), 0.0, want)


def level(want: np.ndarray, room: float) -> np.ndarray:
    """Max-min fair: everyone up to one water level, nobody more than wanted."""
    if want.sum() <= room:
        return want
    ascending = np.sort(want)
    count = len(want)
    below = np.concatenate([[0.0], np.cumsum(ascending)[:-1]])
    levels = (room - below) / (count - np.arange(count))
    short = levels <= ascending
    if not short.any():  # the room lacks no more than a rounding
        return want
    return np.minimum(want, levels[np.argmax(short)])
