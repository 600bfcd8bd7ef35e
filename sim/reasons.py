"""Why plugged-in vehicles' power is what it is, and for how long each reason held in each session.

Nothing else writes `vehicle.reason`. Time is booked when a reason gives way to another, so hours are
exact: those of a session add up to its time at the connector.
"""

from __future__ import annotations

import numpy as np

from entities.components import Place, Reason
from entities.world import World
from sim.timeline import Timeline
from sim.timing import HOUR_S

WORDS = tuple(reason.name.lower() for reason in Reason)


class Reasons:
    """The reasons in one world."""

    def __init__(self, world: World, timeline: Timeline):
        self._world, self._timeline = world, timeline
        self._since_s = np.zeros(world.vehicle.slots)
        self._seconds = np.zeros((world.session.slots, len(Reason)))

    def grow(self) -> None:
        """Vehicles and sessions were added to the world."""
        vehicle, session = self._world.vehicle, self._world.session
        self._since_s = np.append(self._since_s, np.zeros(vehicle.slots - len(self._since_s)))
        self._seconds = np.append(
            self._seconds, np.zeros((session.slots - len(self._seconds), len(Reason))), axis=0)

    def begin(self, vehicle: int) -> None:
        """A vehicle was plugged in; nobody has decided yet."""
        self._since_s[vehicle] = self._timeline.now

    def put_one(self, vehicle: int, reason: Reason) -> None:
        """From now on `reason` holds for a vehicle."""
        vehicles, now = self._world.vehicle, self._timeline.now
        before = vehicles.reason.item(vehicle)
        if before != reason:
            self._seconds[vehicles.session.item(vehicle), before] += now - self._since_s.item(vehicle)
            self._since_s[vehicle] = now
            vehicles.reason[vehicle] = reason

    def put(self, rows: np.ndarray, reasons: np.ndarray | Reason) -> None:
        """`put_one` for many vehicles; codes of `Reason` (n,), or one for all."""
        vehicles, now = self._world.vehicle, self._timeline.now
        before = vehicles.reason[rows]
        changed = before != reasons
        if changed.any():
            others = rows[changed]
            self._seconds[vehicles.session[others], before[changed]] += now - self._since_s[others]
            self._since_s[others] = now
            vehicles.reason[rows] = reasons

    def end(self, vehicle: int) -> None:
        """A vehicle is unplugged."""
        self.put_one(vehicle, Reason.UNDECIDED)

    def hours(self, t_s: float) -> np.ndarray:
        """Hours up to `t_s`, now, for which each reason held: (sessions, reasons)."""
        vehicles, seconds = self._world.vehicle, self._seconds.copy()
        rows = np.flatnonzero(vehicles.place == Place.PLUGGED)
        seconds[vehicles.session[rows], vehicles.reason[rows]] += t_s - self._since_s[rows]
        return seconds / HOUR_S


def told(hours: np.ndarray) -> dict[str, float]:
    """Hours by reason (reasons,) in words, those that never held left out."""
    return {WORDS[code]: hours.item(code) for code in np.flatnonzero(hours).tolist()}
