"""The OCPP side of connectors: their status by the protocol's names, and the time spent in each.

Nothing else writes `connector.status` or `connector.vehicle`. Times are booked when something
changes, so they are exact; `sim.uptime` reads them. The status says what a charging station would
report: for PREPARING_S after plugging in a connector is Preparing, whatever flows already, so
that statuses cost no energy. What a station reports while it is offline, its CSMS learns later;
the columns hold what is so.
"""

from __future__ import annotations

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


class Connectors:
    """Statuses, faults, reservations and connections of one world."""

    def __init__(self, world: World, timeline: Timeline):
        self._world = world
        self._timeline = timeline
        self._reserved: set[int] = set()  # connectors with a reservation, to find them quickly

    def usable(self, connector: int) -> bool:
        """Whether it can give power: in service and without a fault."""
        row = self._world.connector
        return row.in_service.item(connector) and not row.error.item(connector)

    def online(self, connector: int) -> bool:
        """Whether its station is connected."""
        return self._world.station.online.item(self._world.connector.station.item(connector))

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
        row = self._world.connector
        self._book_one(connector)
        row.vehicle[connector] = vehicle
        self._forget_reservation(connector)
        if not self.online(connector):
            row.held_kw[connector] = self._world.vehicle.charge_cap_kw.item(vehicle)

    def unplug(self, connector: int) -> None:
        """Its vehicle has left; `follow_empty` says what that leaves."""
        self._book_one(connector)
        self._world.connector.vehicle[connector] = NONE
        self._world.connector.held_kw[connector] = NAN

    def follow_empty(self, connector: int) -> None:
        """Report the status of a connector with nobody plugged in."""
        if self._world.connector.error.item(connector):
            status = Status.FAULTED
        elif not self._world.connector.in_service.item(connector):
            status = Status.UNAVAILABLE
        else:
            status = Status.AVAILABLE if self.keeps_for(connector) is None else Status.RESERVED
        self._report(connector, status)

    def follow_one(self, vehicle: int, power: float, energy: float) -> None:
        """Report the status of a vehicle's connector, at this power (kW) and stored energy (kWh)."""
        world = self._world
        session = world.vehicle.session.item(vehicle)
        connector = world.vehicle.connector.item(vehicle)
        if world.vehicle.enabled.item(vehicle):
            if self._timeline.now < world.session.plugged_s.item(session) + PREPARING_S:
                status = Status.PREPARING
            elif power:
                status = Status.CHARGING
            elif energy >= world.vehicle.target_kwh.item(vehicle):
                status = Status.SUSPENDED_EV
            else:
                status = Status.SUSPENDED_EVSE
        elif world.connector.error.item(connector):
            status = Status.FAULTED
        elif not world.connector.in_service.item(connector):
            status = Status.UNAVAILABLE
        else:
            status = Status.FINISHING
        self._report(connector, status)

    def follow(self, rows: np.ndarray, power: np.ndarray, energy: np.ndarray) -> None:
        """`follow_one` for many vehicles at once; arrays of shape (n,)."""
        world, vehicle = self._world, self._world.vehicle
        connector = vehicle.connector[rows]
        preparing = self._timeline.now < world.session.plugged_s[vehicle.session[rows]] + PREPARING_S
        off = ~vehicle.enabled[rows]
        status = np.select(
            [off & (world.connector.error[connector] != ErrorCode.NoError),
             off & ~world.connector.in_service[connector], off, preparing, power != 0.0,
             energy >= vehicle.target_kwh[rows]],
            [Status.FAULTED, Status.UNAVAILABLE, Status.FINISHING, Status.PREPARING,
             Status.CHARGING, Status.SUSPENDED_EV], Status.SUSPENDED_EVSE)
        other = status != world.connector.status[connector]
        for row, new in zip(connector[other].tolist(), status[other].tolist()):
            self._report(row, new)

    def set_online(self, station: int, online: bool) -> np.ndarray:
        """Connect a station or cut it off; returns its connectors, int (n,). While it is offline
        its vehicles keep the setpoints they have."""
        world, connector = self._world, self._world.connector
        rows = connector.rows(connector.station == station)
        for row in rows.tolist():
            self._book_one(row)
            guest = connector.vehicle.item(row)
            connector.held_kw[row] = NAN if online or guest == NONE else \
                world.vehicle.setpoint_kw.item(guest)
        world.station.online[station] = online
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
        if status != self._world.connector.status.item(connector):
            self._book_one(connector)
            self._world.connector.status[connector] = status

    def _book_one(self, connector: int) -> None:
        """Count the time since the last booking to what has held since then."""
        row, now = self._world.connector, self._timeline.now
        elapsed = now - row.booked_s.item(connector)
        if elapsed <= 0.0:
            return
        status = row.status.item(connector)
        getattr(row, STATUS_TIMES[status])[connector] += elapsed
        if status >= Status.UNAVAILABLE or not self.online(connector):
            row.down_s[connector] += elapsed
        if row.vehicle.item(connector) != NONE:
            row.occupied_s[connector] += elapsed
        row.booked_s[connector] = now
