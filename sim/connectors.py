"""The OCPP side of connectors: their status by the protocol's names, and the time spent in each.

Nothing else writes `connector.status` or `connector.vehicle`. Times are booked when a status
changes, so they are exact; `sim.uptime` reads them. For PREPARING_S after plugging in a station
reports Preparing, whatever flows already, so that statuses cost no energy. Nothing happens when
that ends: the column `status` has what comes after, and `reported` tells the two apart by
`prepared_s`. What a station reports while it is offline, its CSMS learns later; the columns hold
what is so.
"""

from __future__ import annotations

import copy

import numpy as np

from entities.components import (NAN, NONE, STATUS_TIMES, ConnectorKind, ErrorCode, OcppVersion,
                                 Status)
from entities.world import World
from sim.timeline import Timeline

PREPARING_S = 10.0
"""Cable, authorisation and handshake together; a prior."""

STATUS_NAMES = {Status.AVAILABLE: "Available", Status.PREPARING: "Preparing",
                Status.CHARGING: "Charging", Status.SUSPENDED_EV: "SuspendedEV",
                Status.SUSPENDED_EVSE: "SuspendedEVSE", Status.FINISHING: "Finishing",
                Status.RESERVED: "Reserved", Status.UNAVAILABLE: "Unavailable",
                Status.FAULTED: "Faulted"}
"""As OCPP 1.6 ChargePointStatus spells them."""

VERSION_NAMES = {OcppVersion.V1_6: "1.6", OcppVersion.V2_0_1: "2.0.1", OcppVersion.V2_1: "2.1"}
KIND_NAMES = {ConnectorKind.TYPE2: "Type 2", ConnectorKind.CCS1: "CCS1", ConnectorKind.CCS2: "CCS2",
              ConnectorKind.CHADEMO: "CHAdeMO", ConnectorKind.NACS: "NACS"}

AVAILABLE, PREPARING, CHARGING, SUSPENDED_EV, SUSPENDED_EVSE, FINISHING, RESERVED, UNAVAILABLE, \
    FAULTED = map(int, Status)  # plain, for they are compared and stored at every change


def reported(world: World, rows: np.ndarray, t_s: float) -> np.ndarray:
    """The `Status` that each of the connectors `rows` (n,) reports at `t_s`; int (n,)."""
    status = world.connector.status[rows]
    return np.where(has_transaction(status) & (t_s < world.connector.prepared_s[rows]),
                    Status.PREPARING, status)


def has_transaction(status: np.ndarray) -> np.ndarray:
    """Where a status is one that Preparing may stand for; bool (n,)."""
    return (status >= Status.CHARGING) & (status <= Status.SUSPENDED_EVSE)


class Connectors:
    """Statuses, faults, reservations and connections of one world.

    Statuses change with every visit. So single values of these columns are read and written
    through memoryviews, several times as fast as arrays; the table must not grow meanwhile.
    """

    def __init__(self, world: World, timeline: Timeline):
        self._world = world
        self._timeline = timeline
        self._reserved: set[int] = set()  # connectors with a reservation, to find them quickly
        self._offline: set[int] = set()   # connectors whose station is
        self._bind()

    def __deepcopy__(self, memo: dict) -> Connectors:
        twin = memo[id(self)] = copy.copy(self)
        twin._world, twin._timeline = copy.deepcopy((self._world, self._timeline), memo)
        twin._reserved, twin._offline = set(self._reserved), set(self._offline)
        twin._bind()
        return twin

    def _bind(self) -> None:
        connector = self._world.connector
        self._status, self._vehicle = memoryview(connector.status), memoryview(connector.vehicle)
        self._error, self._in_service = memoryview(connector.error), memoryview(connector.in_service)
        self._powered = memoryview(connector.powered)
        self._spent = [memoryview(getattr(connector, name)) for name in STATUS_TIMES]
        self._booked_s, self._prepared_s = memoryview(connector.booked_s), memoryview(connector.prepared_s)

    def usable(self, connector: int) -> bool:
        """Whether it can give power: in service, supplied and without a fault."""
        return self._in_service[connector] and self._powered[connector] and not self._error[connector]

    def online(self, connector: int) -> bool:
        """Whether its station is connected."""
        return connector not in self._offline

    def keeps_for(self, connector: int) -> int | None:
        """The vehicle that a reserved connector is kept for, or NONE; None if it is not reserved."""
        row = self._world.connector
        if connector not in self._reserved or row.reserved_until_s.item(connector) <= self._timeline.now:
            return None
        return row.reserved_for.item(connector)

    def reserved_for(self, vehicle: int) -> list[int]:
        """Connectors that are kept for a vehicle, ascending."""
        return [row for row in sorted(self._reserved) if self.keeps_for(row) == vehicle]

    def plug(self, connector: int, vehicle: int) -> None:
        """A vehicle is plugged in; a reservation has served its purpose."""
        self._vehicle[connector] = vehicle
        self._prepared_s[connector] = self._timeline.now + PREPARING_S
        self._forget_reservation(connector)
        if connector in self._offline:
            self._world.connector.held_kw[connector] = self._world.vehicle.charge_cap_kw.item(vehicle)

    def unplug(self, connector: int) -> None:
        """Its vehicle has left; `follow_empty` says what that leaves."""
        self._vehicle[connector] = NONE
        if connector in self._offline:
            self._world.connector.held_kw[connector] = NAN

    def follow_empty(self, connector: int) -> bool:
        """Report the status of a connector with nobody plugged in. Whether it is free for everyone."""
        if self._error[connector]:
            status = FAULTED
        elif not (self._in_service[connector] and self._powered[connector]):
            status = UNAVAILABLE
        else:
            status = AVAILABLE if self.keeps_for(connector) is None else RESERVED
        self._report(connector, status)
        return status == AVAILABLE

    def follow_one(self, vehicle: int, power: float, energy: float) -> None:
        """Report the status of a vehicle's connector, at this power (kW) and stored energy (kWh)."""
        row = self._world.vehicle
        connector = row.connector.item(vehicle)
        if power:
            status = CHARGING
        elif row.enabled.item(vehicle):
            status = SUSPENDED_EV if energy >= row.target_kwh.item(vehicle) else SUSPENDED_EVSE
        elif self._error[connector]:
            status = FAULTED
        elif not (self._in_service[connector] and self._powered[connector]):
            status = UNAVAILABLE
        else:
            status = FINISHING
        self._report(connector, status)

    def follow(self, rows: np.ndarray, power: np.ndarray, energy: np.ndarray) -> None:
        """`follow_one` for many vehicles at once; arrays of shape (n,)."""
        world, vehicle = self._world, self._world.vehicle
        connector = vehicle.connector[rows]
        off = ~vehicle.enabled[rows]
        status = np.select(
            [off & (world.connector.error[connector] != ErrorCode.NoError),
             off & ~(world.connector.in_service[connector] & world.connector.powered[connector]), off, power != 0.0,
             energy >= vehicle.target_kwh[rows]],
            [Status.FAULTED, Status.UNAVAILABLE, Status.FINISHING, Status.CHARGING,
             Status.SUSPENDED_EV], Status.SUSPENDED_EVSE)
        other = status != world.connector.status[connector]
        for row, new in zip(connector[other].tolist(), status[other].tolist()):
            self._report(row, new)

    def set_online(self, station: int, online: bool) -> np.ndarray:
        """Connect a station or cut it off; returns its connectors, int (n,). While it is offline
        its vehicles keep the setpoints they have."""
        world, connector = self._world, self._world.connector
        rows = connector.rows(connector.station == station)
        for row in rows.tolist():
            self._book(row)
            guest = self._vehicle[row]
            connector.held_kw[row] = NAN if online or guest == NONE else \
                world.vehicle.setpoint_kw.item(guest)
        world.station.online[station] = online
        (self._offline.difference_update if online else self._offline.update)(rows.tolist())
        return rows

    def set_service(self, connector: int, in_service: bool) -> None:
        """Take a connector out of service, which ends its reservation, or put it back."""
        self._world.connector.in_service[connector] = in_service
        if not in_service:
            self._forget_reservation(connector)

    def fault(self, connector: int, error: ErrorCode) -> None:
        """A connector breaks down; its reservation ends."""
        row = self._world.connector
        row.error[connector] = error
        row.faulted_at_s[connector] = self._timeline.now
        row.faults[connector] += 1
        self._forget_reservation(connector)

    def repair(self, connector: int) -> None:
        """A fault is cleared."""
        row = self._world.connector
        row.repair_s[connector] += self._timeline.now - row.faulted_at_s.item(connector)
        row.repairs[connector] += 1
        row.error[connector] = ErrorCode.NoError
        row.faulted_at_s[connector] = NAN

    def reserve(self, connector: int, until_s: float, vehicle: int) -> None:
        """Keep an empty connector for a vehicle (NONE: for nobody known) until `until_s`."""
        row = self._world.connector
        row.reserved_until_s[connector], row.reserved_for[connector] = until_s, vehicle
        self._reserved.add(connector)
        self.follow_empty(connector)

    def cancel(self, connector: int) -> None:
        """End the reservation of an empty connector."""
        self._forget_reservation(connector)
        self.follow_empty(connector)

    def _forget_reservation(self, connector: int) -> None:
        if connector not in self._reserved:
            return
        self._reserved.remove(connector)
        self._world.connector.reserved_until_s[connector] = NAN
        self._world.connector.reserved_for[connector] = NONE

    def _report(self, connector: int, status: int) -> None:
        if status != self._status[connector]:
            self._book(connector)
            self._status[connector] = status

    def _book(self, connector: int) -> None:
        """Count the time since the last booking to what has held since then."""
        status, since, now = self._status[connector], self._booked_s[connector], self._timeline.now
        lasted = now - since
        self._booked_s[connector] = now
        if status >= UNAVAILABLE or connector in self._offline:
            self._world.connector.down_s[connector] += lasted
        if CHARGING <= status <= SUSPENDED_EVSE and since < self._prepared_s[connector]:
            preparing = min(self._prepared_s[connector], now) - since
            self._spent[PREPARING][connector] += preparing
            lasted -= preparing
        self._spent[status][connector] += lasted
