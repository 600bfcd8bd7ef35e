"""What befalls the charging network: faults, repairs, reservations, lost connections.

`sim.connectors` keeps the state; here is what follows from it for vehicles, queues and the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from entities.components import NONE, ErrorCode, Phase
from sim.failures import failures
from sim.timeline import Order

if TYPE_CHECKING:
    from sim.model import Model


class Incidents:
    """Acts on one model, at its present time. Connectors and stations are rows."""

    def __init__(self, model: Model):
        self._model = model

    def schedule(self) -> None:
        """Enter the faults that the scenario's own failure rate gives."""
        model = self._model
        if model.scenario.faults is None or not model.world.connector.slots:
            return
        for at, until, connector, error in failures(model.scenario.faults, model.scenario.seed,
                                                    model.world.connector.slots, model.duration_s):
            model.timeline.at(at, Order.INJECT, self._break_down, (until, connector, error))

    def fault(self, connector: int, error: ErrorCode) -> None:
        """A connector breaks down: OCPP ends its transaction, the vehicle stays plugged in."""
        model = self._model
        model.connectors.fault(connector, error)
        vehicle = model.world.connector.vehicle.item(connector)
        if vehicle != NONE:
            model.world.session.phase[model.world.vehicle.session.item(vehicle)] = Phase.STOPPED
        self._log("faulted", connector, error_code=error.name)
        model.serve(connector)

    def clear_fault(self, connector: int) -> None:
        """A connector is repaired. Who is plugged in needs a new transaction."""
        self._model.connectors.repair(connector)
        self._log("repaired", connector)
        self._model.serve(connector)

    def reserve(self, connector: int, until: float, vehicle: int) -> None:
        """Keep an empty connector for a vehicle (NONE: for nobody known) until then, s."""
        model = self._model
        model.connectors.reserve(connector, until, vehicle)
        model.serve(connector)

        def expire(_event) -> None:
            if model.world.connector.reserved_until_s.item(connector) == until:
                self._log("reservation_expired", connector)
                self.cancel_reservation(connector)
        model.timeline.at(until, Order.INJECT, expire)

    def cancel_reservation(self, connector: int) -> None:
        """Give a reserved connector back to everyone."""
        self._model.connectors.cancel(connector)
        self._model.serve(connector)

    def set_online(self, station: int, online: bool) -> None:
        """A station loses its connection or has it back; control reaches its connectors only
        while it is online."""
        for connector in self._model.connectors.set_online(station, online).tolist():
            self._model.touch(connector)

    def _break_down(self, event) -> None:
        """A fault of the scenario's own rate, unless the connector is broken already."""
        until, connector, error = event.value
        model = self._model
        if model.world.connector.error.item(connector):
            return
        model.enter(model.timeline.now)
        self.fault(connector, error)
        number = model.world.connector.faults.item(connector)

        def repaired(_event) -> None:
            row = model.world.connector
            if row.error.item(connector) and row.faults.item(connector) == number:
                model.enter(model.timeline.now)
                self.clear_fault(connector)
        model.timeline.at(until, Order.INJECT, repaired)

    def _log(self, kind: str, connector: int, **facts) -> None:
        self._model.events.append({
            "t": self._model.now_s, "kind": kind,
            "connector": self._model.world.connector.names[connector], **facts})
