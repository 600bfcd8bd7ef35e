"""Which connector an arrival gets, and who waits for which."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from entities.components import AC_PLUGS, NONE
from entities.world import World
from sim.connectors import Connectors
from sim.timeline import Order, Timeline


class Berths:
    """Free connectors and queues of one world. A queue is served in the order of arrival."""

    def __init__(self, world: World, timeline: Timeline, connectors: Connectors):
        self._world = world
        self._timeline = timeline
        self._connectors = connectors
        self._waiting: dict[int, dict[int, Callable]] = {}
        self._free: dict[tuple, list[int]] = {}
        connector = world.connector
        for row in connector.rows().tolist():
            self._free.setdefault(self._sort(row), []).append(row)

    def choose(self, session: int, vehicle: int) -> int:
        """The connector for a new arrival, or NONE if it has to wait.

        That is the one the session asks for; otherwise one that is reserved for it, or, of the
        free ones that fit, the one with the most discharge and then charge power for this vehicle.
        """
        asked = self._world.session.requested_connector.item(session)
        if asked != NONE:
            return asked if self._is_free(asked, vehicle) else NONE
        for kept in self._connectors.reserved_for(vehicle):
            if self._is_free(kept, vehicle) and self._fits(session, kept):
                return kept
        zone = self._world.session.zone.item(session)
        plugs = self._world.vehicle.plugs.item(vehicle)
        best, best_value = NONE, (-1.0, -1.0)
        for (heap_zone, kind, *_), heap in self._free.items():
            if not plugs >> kind & 1 or zone not in (NONE, heap_zone):
                continue
            while heap and not self._is_free(heap[0]):
                heappop(heap)
            if heap:
                charge, discharge = self.caps(vehicle, heap[0])
                if (discharge, charge) > best_value:
                    best, best_value = heap[0], (discharge, charge)
        return best

    def caps(self, vehicle: int, connector: int) -> tuple[float, float]:
        """Most that vehicle and connector together draw and feed, kW AC."""
        vehicles, connectors = self._world.vehicle, self._world.connector
        on_ac = AC_PLUGS >> connectors.kind.item(connector) & 1
        charge = vehicles.ac_charge_kw if on_ac else vehicles.dc_charge_kw
        discharge = vehicles.ac_discharge_kw if on_ac else vehicles.dc_discharge_kw
        return (min(charge.item(vehicle), connectors.charge_max_kw.item(connector)),
                min(discharge.item(vehicle), connectors.discharge_max_kw.item(connector)))

    def wait(self, session: int, callback: Callable) -> None:
        """Have `callback(event)` called with event.value (session, the connector's row) when the
        session's turn comes, with (session, NONE) when its time is up first."""
        asked = self._world.session.requested_connector.item(session)
        self._waiting.setdefault(asked, {})[session] = callback
        self._timeline.at(self._world.session.departure_s.item(session), Order.DEPARTURE,
                          self._time_is_up, session)

    def _time_is_up(self, event) -> None:
        asked = self._world.session.requested_connector.item(event.value)
        if event.value in self._waiting[asked]:
            self._call(self._waiting[asked], event.value, NONE)

    def _call(self, queue: dict[int, Callable], session: int, connector: int) -> None:
        self._timeline.at(self._timeline.now, Order.TURN, queue.pop(session), (session, connector))

    def release(self, connector: int) -> None:
        """A connector is free for everyone: call who waits for it, or note it free."""
        asked_here = self._waiting.get(connector, {})
        anywhere = self._waiting.get(NONE, {})
        candidates = [next((s for s in asked_here if self._stays(s)), None),
                      next((s for s in anywhere if self._fits(s, connector) and self._stays(s)), None)]
        session = min((s for s in candidates if s is not None), default=None)
        if session is None:
            heappush(self._free[self._sort(connector)], connector)
            return
        queue = asked_here if session in asked_here else anywhere
        self._call(queue, session, connector)

    def _fits(self, session: int, connector: int) -> bool:
        world = self._world
        plugs = world.vehicle.plugs.item(world.session.vehicle.item(session))
        return (world.session.zone.item(session) in (NONE, world.connector.zone.item(connector))
                and bool(plugs >> world.connector.kind.item(connector) & 1))

    def _sort(self, connector: int) -> tuple:
        """Connectors of one zone, kind and rating are alike to every vehicle."""
        row = self._world.connector
        return (row.zone.item(connector), row.kind.item(connector),
                row.charge_max_kw.item(connector), row.discharge_max_kw.item(connector))

    def _stays(self, session: int) -> bool:
        """Whether its time is not up at this very instant."""
        return self._world.session.departure_s.item(session) > self._timeline.now

    def _is_free(self, connector: int, vehicle: int = NONE) -> bool:
        """Whether anyone, or this very vehicle, may plug in."""
        if self._world.connector.vehicle.item(connector) != NONE or not self._connectors.usable(connector):
            return False
        kept_for = self._connectors.keeps_for(connector)
        return kept_for is None or kept_for == vehicle != NONE
