"""What stations draw and feed, and how a zone's power is shared out among them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from entities.components import NONE
from entities.world import World
from sim.battery.segments import ac_power_at

QUIET_KW = 0.05


class Loads(NamedTuple):
    """Each station's net power, kW AC, and its part of its zone's power, charging and feeding alike,
    in equal shares: 1 is as much as the mean of its zone; 0 where the zone is idle; (stations,)."""

    net_kw: np.ndarray
    share: np.ndarray


def loads(world: World, now_s: float) -> Loads:
    """The stations' loads at a time."""
    connector, station = world.connector, world.station
    plugged = np.flatnonzero(connector.vehicle != NONE)
    kw = ac_power_at(world.vehicle, connector.vehicle[plugged], now_s)
    at = connector.station[plugged]
    net = np.bincount(at, kw, station.slots)
    power = np.bincount(at, np.abs(kw), station.slots)
    rows = station.rows()
    zones = world.zone.slots
    total = np.bincount(station.zone[rows], power[rows], zones)
    count = np.bincount(station.zone[rows], minlength=zones)
    share, busy = np.zeros(station.slots), rows[total[station.zone[rows]] > QUIET_KW]
    zone = station.zone[busy]
    share[busy] = power[busy] * count[zone] / total[zone]
    return Loads(net, share)
