"""When control decides, and for whom.

At each control tick, and when prices, base load, limits or an operator change something, a full
pass decides for everyone. When someone comes, goes or is done, that depends on the strategies in
force:

- where all are local, nobody else is touched;
- where each strategy decides a vehicle apart from the others (`APART`: they matter to it only
  through the room that limits leave), a review takes the place of the pass. It decides newcomers
  alone in the room that the others leave, and calls the full pass if a limit could be exceeded
  without one, or if a limit holds back anyone's charging, a newcomer's or, since the last pass,
  another's. What could begin to feed may wait for the next tick;
- else there is a full pass, for shares depend on who is there.

Where inverters may have to hold production back there are no reviews, for only a full pass tells
them what vehicles leave; nor are there on a three-phase network, or where stations or transformers
have limits.

No limit is exceeded after a review: it takes the room from the meter's bounds, charging at the
most it can be for what may be drawn and at nothing for what may be fed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isnan

import numpy as np

from entities.components import Reason
from entities.world import World
from sim import control
from sim.capacity import Capacity
from sim.grid.lines import LineRoom
from sim.meter import Meter
from sim.power import Power
from sim.production import Inverters
from sim.room import Crowd, Room
from sim.setpoint import groups
from sim.timeline import Order, Timeline
from sim.view import demand_kw, moved


class Supervisor:
    """Control of one world. `inverters.room()` and `lines` (None without a three-phase network) are
    what limits leave when no vehicle moves power, `capacity` those of stations and transformers, and `view(rows, room, may_turn)` what strategies see; `by_rating` says that control reserves
    connectors' ratings, so that nobody is decided apart; `interval_s` is the time between ticks. `answer(kw)` is told after each full pass
    what of it answers the grid's frequency, kW AC. `hears` says whether any strategy would."""

    def __init__(self, world: World, timeline: Timeline, power: Power, strategies: tuple,
                 meter: Meter, by_rating: bool, interval_s: float, inverters: Inverters,
                 lines: LineRoom | None, capacity: Capacity, view: Callable, answer: Callable[[float], None]):
        self._world = world
        self._timeline = timeline
        self._power = power
        self._strategies = strategies
        self._meter = meter
        self._by_rating = by_rating
        self._interval_s = interval_s
        self._inverters = inverters
        self._lines = lines
        self._capacity = capacity
        self._view = view
        self._answer = answer
        self._asleep = True
        self._pass_due = False
        self._may_turn = True
        self._held_back = False
        self._demand_kw = np.zeros(world.zone.slots)
        self.look_up_strategies()

    def look_up_strategies(self) -> None:
        """Call when a zone's strategy, a limit or a setpoint that many share was changed."""
        chosen = [self._strategies[code] for code in self._world.zone.strategy.tolist()]
        self._holds_back = self._inverters.may_hold_back()
        self.hears = any(strategy.signal == "deviation_hz" for strategy in chosen)
        self._apart = np.array([strategy.apart for strategy in chosen])
        self._dispatched = bool(groups(self._world))
        self._all_local = not (self._holds_back or self._dispatched) and all(
            strategy.local for strategy in chosen)
        self._all_apart = not (
            self._by_rating or self._holds_back or self._dispatched or self._lines is not None or self._capacity.present) and all(
            strategy.local or strategy.apart for strategy in chosen)

    def offers_cap(self, connector: int) -> bool:
        """Whether who plugs in there simply gets its cap."""
        row = self._world.connector
        return (not self._dispatched and self._strategies[self._world.zone.strategy.item(row.zone.item(connector))].local
                and isnan(row.override_kw.item(connector)) and isnan(row.held_kw.item(connector)))

    def call_pass(self, may_turn: bool = True) -> None:
        """Have everyone decided once at the end of this instant. Others than those who feed may
        begin to if any caller of this instant says so: see `sim.view.observe`."""
        self._pass_due = True
        self._wake(may_turn)

    def call_review(self, may_turn: bool = True) -> None:
        """Someone came, went or is done: have decided anew at the end of this instant whose
        power depends on it."""
        if self._all_local or not self._all_apart:
            self._pass_due = True
        self._wake(may_turn)

    def share_anew(self, may_turn: bool = True) -> None:
        """`call_review`, where the one concerned needs no decision itself."""
        if not self._all_local:
            self.call_review(may_turn)

    def decide_if_due(self) -> None:
        """Do what was called for, if it has not been done."""
        if self._pass_due:
            self.decide()
        elif not self._asleep:
            self._review()

    def tick(self) -> None:
        """The regular full pass."""
        self._may_turn = True
        self.decide()

    def decide(self) -> None:
        """The full pass: everyone's setpoint, and new segments where it changed."""
        self._asleep, self._pass_due, self._held_back = True, False, False
        world, support_kw = self._world, 0.0
        self._demand_kw = np.zeros(world.zone.slots)
        rows = control.enabled_rows(world)
        if self._all_local:
            setpoint = control.caps(world, rows)
            changed = np.flatnonzero(setpoint != world.vehicle.setpoint_kw[rows])
            if len(changed):
                self._power.reasons.put(rows[changed], control.cap_reasons(world, rows[changed]))
                self._follow(rows, setpoint)
        elif len(rows) or self._holds_back:
            view = self._view(rows, self._room(), self._may_turn)
            decided = control.decide(world, view, rows, self._strategies, groups(world))
            if self._all_apart:
                self._held_back = control.charging_held_back(view, decided)
                self._demand_kw = demand_kw(view, self._apart[view.zone])
            self._power.reasons.put(rows, decided.reason)
            if self.hears:
                support_kw = float((moved(view, decided.planned)
                                    - moved(view, decided.setpoint)).sum())
            if self._holds_back:
                self._inverters.hold_back(view.room)
            self._follow(rows, decided.setpoint)
        self._may_turn = False
        self._answer(support_kw)

    def _room(self) -> Room:
        room = replace(self._inverters.room(), lines=self._lines)
        if self._capacity.present:
            room.stations = self._capacity.stations()
            room.transformers = self._capacity.behind_transformers(*self._inverters.sure_and_possible)
        return room

    def _wake(self, may_turn: bool) -> None:
        self._may_turn |= may_turn
        if self._asleep:
            self._asleep = False
            self._timeline.at(self._timeline.now, Order.CONTROL, lambda _event: self.decide_if_due())

    def _review(self) -> None:
        """Decide newcomers alone, or everyone where that does not do.

        The crowd that newcomers belong to needs what it did at the last pass, and what came since.
        """
        world, vehicle = self._world, self._world.vehicle
        if self._held_back or control.any_fixed(world):
            return self.decide()
        room = self._room()
        drawn, fed = self._meter.bounds(self._timeline.now, self._interval_s)
        room.book(drawn, fed)
        if room.is_exceeded():
            return self.decide()
        new = np.flatnonzero(vehicle.enabled & (vehicle.reason == Reason.UNDECIDED))
        if len(new):
            new = new[np.argsort(vehicle.connector[new])]
            crowd = Crowd(self._demand_kw, np.where(self._apart, drawn - fed, 0.0))
            view = replace(self._view(new, room, self._may_turn), crowd=crowd)
            decided = control.decide(world, view, new, self._strategies)
            if control.charging_held_back(view, decided):
                return self.decide()
            self._demand_kw = self._demand_kw + demand_kw(view, self._apart[view.zone])
            self._power.reasons.put(new, decided.reason)
            self._follow(new, decided.setpoint)
        self._asleep, self._may_turn = True, False

    def _follow(self, rows: np.ndarray, setpoint: np.ndarray) -> None:
        """Begin new segments where the setpoints, kW AC (n,), are new."""
        changed = np.flatnonzero(setpoint != self._world.vehicle.setpoint_kw[rows])
        if len(changed):
            self._power.restart(rows[changed], self._power.settle(rows[changed]), setpoint[changed])
