"""What a vehicle is doing: the one word for each state, which the scene's signs and the panels share."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from entities.components import Place, Status
from entities.world import World
from sim.battery.segments import ac_power_at

QUIET_KW = 0.05     # less at the connector is no power
HELD_KWH = 1e-6


class Doing(IntEnum):
    """The codes of assets/shaders/vehicle.glsl."""

    READY = 0
    """Plugged in with the energy it came for, no power; or not here."""
    CHARGING = 1
    FEEDING = 2
    STANDBY = 3
    """Plugged in without power, wants energy."""
    QUEUED = 4
    """Here, waits for a connector."""
    OUT_OF_SERVICE = 5
    FAULTED = 6


WORDS = {Doing.READY: "Ready", Doing.CHARGING: "Charging", Doing.FEEDING: "Feeding", Doing.STANDBY: "Standby",
         Doing.QUEUED: "Queued", Doing.OUT_OF_SERVICE: "Out of service", Doing.FAULTED: "Faulted"}
TONES = {Doing.READY: "text", Doing.CHARGING: "charge", Doing.FEEDING: "feed", Doing.STANDBY: "wait",
         Doing.QUEUED: "queue", Doing.OUT_OF_SERVICE: "closed", Doing.FAULTED: "fault"}


def at_rest(world: World, rows: np.ndarray) -> np.ndarray:
    """The `Doing` (n,) of vehicles `rows` (n,) as far as their power does not tell."""
    vehicle = world.vehicle
    plugged = vehicle.place[rows] == Place.PLUGGED
    wants = vehicle.energy0_kwh[rows] < vehicle.target_kwh[rows] - HELD_KWH
    status = np.zeros(len(rows), np.int32)
    if world.connector.slots:
        status = np.where(plugged, world.connector.status[vehicle.connector[rows]], Status.AVAILABLE)
    return np.select([vehicle.place[rows] == Place.QUEUED, status == Status.FAULTED,
                      status >= Status.UNAVAILABLE, wants & plugged],
                     [Doing.QUEUED, Doing.FAULTED, Doing.OUT_OF_SERVICE, Doing.STANDBY], Doing.READY)


def doing(world: World, rows: np.ndarray, t_s: float) -> np.ndarray:
    """The `Doing` (n,) of vehicles `rows` (n,) at `t_s`."""
    power = np.where(world.vehicle.place[rows] == Place.PLUGGED, ac_power_at(world.vehicle, rows, t_s), 0.0)
    return np.select([power > QUIET_KW, power < -QUIET_KW], [Doing.CHARGING, Doing.FEEDING], at_rest(world, rows))


def can_feed(world: World, rows: np.ndarray) -> np.ndarray:
    """Which vehicles `rows` (n,) can feed the grid; bool (n,)."""
    vehicle = world.vehicle
    return np.maximum(vehicle.ac_discharge_kw[rows], vehicle.dc_discharge_kw[rows]) > 0.0
