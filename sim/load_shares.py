"""How a zone's power is shared out among its stations."""

from __future__ import annotations

import numpy as np

from entities.components import NONE
from entities.world import World
from sim.battery.segments import ac_power_at

QUIET_KW = 0.05


def load_shares(world: World, now_s: float) -> np.ndarray:
    """Each station's part of its zone's power, charging and feeding alike, in equal shares
    (stations,): 1 is as much as the mean of its zone; 0 where the zone is idle."""
    connector, station = world.connector, world.station
    plugged = np.flatnonzero(connector.vehicle != NONE)
    power = np.zeros(station.slots)
    if len(plugged):
        np.add.at(power, connector.station[plugged],
                  np.abs(ac_power_at(world.vehicle, connector.vehicle[plugged], now_s)))
    rows = station.rows()
    zones = world.zone.slots
    total = np.bincount(station.zone[rows], power[rows], zones)
    count = np.bincount(station.zone[rows], minlength=zones)
    share, busy = np.zeros(station.slots), rows[total[station.zone[rows]] > QUIET_KW]
    zone = station.zone[busy]
    share[busy] = power[busy] * count[zone] / total[zone]
    return share
