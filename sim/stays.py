"""What happens to vehicles one by one: they come, wait, plug in, are done, leave."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from entities.components import NONE, Phase, Place, Reason
from sim.battery import segments
from sim.berths import Berths
from sim.timeline import Order

if TYPE_CHECKING:
    from sim.model import Model


class Stays:
    """Comings and goings of one model, each an event at its own time."""

    def __init__(self, model: Model):
        self._model, self._world = model, model.world
        self._timeline, self._connectors = model.timeline, model.connectors
        self._berths = Berths(model.world, model.timeline, model.connectors)

    def expect(self, session: int) -> None:
        """Give an event to the arrival of a planned session, in order; the one after follows then."""
        if session < len(self._model.visits):
            arrival = self._world.session.arrival_s.item(session)
            if arrival <= self._model.duration_s:
                self._timeline.at(arrival, Order.ARRIVAL, self._arrive, session)

    def _arrive(self, event) -> None:
        self.expect(event.value + 1)
        self.receive(event)

    def receive(self, event) -> None:
        """A vehicle comes, planned or not, and waits for a connector if it must; the event has its
        session."""
        session, world, now = event.value, self._world, self._timeline.now
        self._model.enter(now)
        vehicle = world.session.vehicle.item(session)
        world.vehicle.session[vehicle] = session
        world.vehicle.target_kwh[vehicle] = world.session.target_kwh.item(session)
        world.vehicle.deadline_s[vehicle] = world.session.departure_s.item(session)
        connector = self._berths.choose(session, vehicle)
        if connector == NONE:
            segments.begin_one(world, vehicle, now, world.session.arrival_kwh.item(session), 0.0)
            self._queue_up(session, vehicle)
            self._berths.wait(session, self._come_up)
        else:
            self._take_place(session, connector)

    def _come_up(self, event) -> None:
        """A waiting vehicle gets its connector, or leaves without one."""
        session, connector = event.value
        self._model.enter(self._timeline.now)
        if connector == NONE:
            self._leave_unserved(session, self._world.session.vehicle.item(session))
        else:
            self._take_place(session, connector)

    def _take_place(self, session: int, connector: int) -> None:
        """Plug in, to leave when it planned to."""
        self._plug_in(session, self._world.session.vehicle.item(session), connector)
        self._timeline.at(self._world.session.departure_s.item(session), Order.DEPARTURE,
                          self._depart_as_planned, session)

    def _depart_as_planned(self, event) -> None:
        if self._world.session.phase.item(event.value) != Phase.ENDED:  # it has not left earlier
            self.depart(event.value)

    def _plug_in(self, session: int, vehicle: int, connector: int) -> None:
        world, now = self._world, self._timeline.now
        vehicles = world.vehicle
        vehicles.charge_cap_kw[vehicle], vehicles.discharge_cap_kw[vehicle] = \
            self._berths.caps(vehicle, connector)
        vehicles.place[vehicle] = Place.PLUGGED
        self._model.power.reasons.begin(vehicle)
        vehicles.connector[vehicle] = connector
        vehicles.enabled[vehicle] = True
        self._connectors.plug(connector, vehicle)
        world.session.connector[session] = connector
        world.session.plugged_s[session] = now
        world.session.phase[session] = Phase.ACTIVE
        self._log(now, "plugged_in", session, connector)
        energy = world.session.arrival_kwh.item(session)
        if energy >= vehicles.target_kwh.item(vehicle):
            self.complete(session)
        if self._model.supervisor.offers_cap(connector):
            rated = vehicles.charge_cap_kw.item(vehicle) >= world.connector.charge_max_kw.item(connector)
            self._model.power.reasons.put_one(vehicle, Reason.CONNECTOR if rated else Reason.VEHICLE)
            self._model.power.begin(vehicle, energy, vehicles.charge_cap_kw.item(vehicle))
            self._model.supervisor.share_anew()
        else:
            self._model.power.begin(vehicle, energy, 0.0)
            self._model.supervisor.call_review()

    def on_crossing(self, event) -> None:
        """A segment ended by itself: knee, end of a piece, target, or least energy."""
        vehicle, now = event.value, self._timeline.now
        vehicles = self._world.vehicle
        if vehicles.crossing_s.item(vehicle) != now:
            return
        self._model.enter(now)
        energy = self._model.power.settle_one(vehicle)
        self._model.power.begin(vehicle, energy, vehicles.setpoint_kw.item(vehicle))
        if not vehicles.power0_kw.item(vehicle):
            self._model.supervisor.share_anew(may_turn=False)

    def complete(self, session: int) -> None:
        """A vehicle has what it came for."""
        if isnan(self._world.session.completed_s.item(session)):
            self._world.session.completed_s[session] = self._timeline.now
            self._log(self._timeline.now, "completed", session,
                      self._world.session.connector.item(session))

    def depart(self, session: int) -> None:
        """A plugged-in vehicle leaves."""
        world, now = self._world, self._timeline.now
        vehicle = world.session.vehicle.item(session)
        self._model.enter(now)
        connector = world.vehicle.connector.item(vehicle)
        energy = self._model.power.settle_one(vehicle)
        world.vehicle.place[vehicle] = Place.AWAY  # before the last segment, by which a history knows it left
        self._model.power.rest(vehicle, energy)
        world.session.departure_kwh[session] = energy
        world.session.phase[session] = Phase.ENDED
        world.vehicle.connector[vehicle] = NONE
        world.vehicle.enabled[vehicle] = False
        self._model.power.reasons.end(vehicle)
        self._connectors.unplug(connector)
        self._log(now, "departed", session, connector,
                  missing_kwh=max(world.session.target_kwh.item(session) - energy, 0.0))
        self.vacate(connector)
        self._model.supervisor.share_anew()

    def vacate(self, connector: int) -> None:
        """Nobody is plugged in: call who waits, if the connector is free for them."""
        free = self._connectors.follow_empty(connector)
        self._model.power.version += 1
        if free:
            self._berths.release(connector)

    def _queue_up(self, session: int, vehicle: int) -> None:
        self._world.vehicle.place[vehicle] = Place.QUEUED
        self._world.session.phase[session] = Phase.QUEUED
        self._model.power.version += 1
        self._log(self._timeline.now, "queued", session,
                  self._world.session.requested_connector.item(session))

    def _leave_unserved(self, session: int, vehicle: int) -> None:
        world = self._world
        world.vehicle.place[vehicle] = Place.AWAY
        world.session.phase[session] = Phase.UNSERVED
        world.session.departure_kwh[session] = world.session.arrival_kwh.item(session)
        self._model.power.version += 1
        self._log(self._timeline.now, "left_unserved", session,
                  world.session.requested_connector.item(session),
                  missing_kwh=max(world.session.target_kwh.item(session)
                                  - world.session.arrival_kwh.item(session), 0.0))

    def _log(self, t_s: float, kind: str, session: int, connector: int, **facts) -> None:
        self._model.events.append({
            "t": t_s, "kind": kind, "session": self._world.session.names[session],
            "connector": None if connector == NONE else self._world.connector.names[connector], **facts})
