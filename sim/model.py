"""The model: simpy moves vehicles in and out, closed forms move their batteries, one
vectorised pass decides their power.

Rare things are events on the timeline: arrivals, the end of a segment, departures, injects,
changes of price and base load. What touches everyone is a pass over columns: the control
decision at each interval and, for strategies that share, at each plug change. A segment's end
becomes an event only if it falls before the next control interval, so that a decision that
moves everybody does not reschedule everybody.

The columns are the truth and anyone may read them; `energy_at` and its kin give the state at
any time without moving anything. Only commands and the model itself write.
"""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable
from math import inf

import numpy as np

from entities.components import NONE, Phase, Reason
from sim import earnings, strategies
from sim.arrivals import Arrivals
from sim.build import build_world
from sim.capacity import Capacity
from sim.capacity_meter import CapacityMeter
from sim.commands import Command
from sim.conditions import Conditions
from sim.connectors import Connectors
from sim.demand_response import Calls
from sim.forecast import Forecast
from sim.fronts import Front
from sim.grid.lines import line_room
from sim.grid.phase_meter import PhaseMeter, network_of
from sim.grid.record import GridRecord
from sim.grid.site import SiteGrid
from sim.health import FleetHealth
from sim.incidents import Incidents
from sim.meter import Meter
from sim.orders import SOURCE, Orders
from sim.outages import Outages
from sim.power import Power
from sim.remark_commands import Remark
from sim.room import Room
from sim.rules import parse_condition
from sim.scenario import Scenario
from sim.sessions.load import load_visits
from sim.sessions.visits import Visits
from sim.stays import Stays
from sim.supervisor import Supervisor
from sim.system_frequency import SystemFrequency
from sim.timeline import Order, Timeline
from sim.timing import DAY_S, HOUR_S, seconds_after_midnight
from sim.view import View, observe

SATISFIED_KWH = 1e-3
"""A vehicle that misses its target by no more than this left satisfied."""


class Model:
    """One run of one scenario. `world` are its columns, `now_s` how far it is.

    `grid_record` has what it went through. `events` is what happened, in order of time: dicts with `t`
    (s) and `kind`. `connectors` has their statuses, `incidents` befall them. `grid` has the feeders,
    `phases` follows the three-phase network, `loads` the limits of stations and transformers that
    `capacity` has (None where it has none), `health` the batteries' ageing and `frequency` the power
    system's (all three None if off). `history` is told of segments, ticks and days as they go (see
    sim.history; None: nobody is). `commands` is the command log: dicts with `t`, `source` and `command`,
    of those that were applied; `journal` is called whenever it has grown. `stays` come and go, `orders`
    stand, `outages`, `arrivals` and `calls` are what befalls feeders, visits and the market, `forecast`
    what control foresees.
    """

    def __init__(self, scenario: Scenario, visits: Visits | None = None, history=None):
        self.scenario = scenario
        self.visits = load_visits(scenario) if visits is None else visits
        self.world = build_world(scenario, self.visits)
        self.duration_s = scenario.duration
        self.events: list[dict] = []
        self.commands: list[dict] = []
        self.journal: Callable[[], None] | None = None
        self.timeline = Timeline()
        self.history = history
        self.conditions = Conditions(scenario, self.world, scenario.duration + DAY_S)
        self.net_at_midnight = 0.0  # see sim.earnings
        self.meter = Meter(self.world, self._report)
        network = network_of(self.world, scenario)
        self.phases = network and PhaseMeter(self.world, network, self._report)
        self.grid = SiteGrid(self.world, scenario, self._report, self.ambient_c(0.0), self.phases)
        self.grid_record = GridRecord(self.world, self.grid)
        self.capacity = Capacity(self.world, scenario, self.grid.feeders, self.grid.has_base)
        self.loads = CapacityMeter(self.world, self.capacity, self._report) if self.capacity.present else None
        self.connectors = Connectors(self.world, self.timeline)
        self.stays = Stays(self)
        self.power = Power(self.world, self.timeline, self.meter, self.connectors, self.stays.on_crossing,
                           self.stays.complete, history)
        self.incidents = Incidents(self)
        self.orders = Orders(self)
        self.outages = Outages(self)
        self.arrivals = Arrivals(self)
        self.calls = Calls(self)
        self.forecast = Forecast(scenario, self.conditions)
        self._instant_s = 0.0
        self.conditions.start(self.meter, self.power)
        self.supervisor = Supervisor(
            self.world, self.timeline, self.power, strategies.for_run(scenario, self.visits, self._report),
            self.meter, scenario.allocation == "rating", scenario.control_interval,
            self.conditions.inverters,
            network and line_room(network, self.world.connector.discharge_max_kw > 0.0), self.capacity,
            self._view, self._answer_frequency)
        self.health = None
        if scenario.fleet.ageing.enabled:
            self.health = FleetHealth(self.world, scenario, self.ambient_c)
            self.timeline.at(HOUR_S, Order.CHECKPOINT, self._sample_health)
        self.frequency = None
        if scenario.frequency is not None:
            self.frequency = SystemFrequency(scenario, self.world, self.timeline, self._report,
                                             self._on_frequency)
        self._schedule()

    @property
    def version(self) -> int:
        """A number that changes whenever a column does."""
        return self.power.version

    @property
    def now_s(self) -> float:
        """Seconds since the start up to which everything has happened."""
        return self.timeline.now

    def advance(self, t_s: float) -> None:
        """Let everything up to and including `t_s` (at most the duration) happen."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            self.timeline.run_through(min(max(t_s, self.now_s), self.duration_s))
        finally:
            if collecting:
                gc.enable()

    def submit(self, command: Command, source: str = "operator") -> str | None:
        """Apply a command now. Returns why it was refused, in words, or None; both are logged."""
        self.advance(self.now_s)
        refusal = self.carry_out(command, source)
        self.advance(self.now_s)
        return refusal

    def submit_at(self, t_s: float, command: Command, source: str = "operator") -> None:
        """Have a command submitted when the model reaches `t_s`, as `submit` would then."""
        self.timeline.at(t_s, Order.OPERATOR, lambda _event: self.carry_out(command, source))

    def every(self, interval_s: float, callback) -> None:
        """Call `callback(t_s)` every `interval_s` after all else has happened then, from 0 on or, in
        a model that runs, from the next multiple on. Who looks on so is not in a copy."""
        self.timeline.watch(int(-(-self.now_s // interval_s)), interval_s, self.duration_s, callback)

    def copy(self, history=None) -> Model:
        """Another model of the same run at the same moment, which goes on by itself; the original is
        only read. `history` is told of the copy's segments and ticks, nobody of its log. Scenario,
        visits and what has been logged are shared, for nobody writes them."""
        memo = {id(self.scenario): self.scenario, id(self.visits): self.visits}
        memo |= {id(log): log.copy() for log in (self.events, self.commands)}
        memo |= {id(self.world): self.world.copy()}
        memo |= {id(mine): its for mine, its in zip(self.world.tables.values(),
                                                    memo[id(self.world)].tables.values())}
        if self.history is not None:
            memo[id(self.history)] = object() if history is None else history
        twin = memo[id(self)] = copy.copy(self)
        twin.journal = None
        for name, part in vars(self).items():
            if name != "journal":
                setattr(twin, name, copy.deepcopy(part, memo))
        twin.tell(history)
        return twin

    def tell(self, history) -> None:
        """Have another history (None: nobody) told of segments and ticks from now on."""
        self.history = history
        self.power.tell(history)

    def ambient_c(self, t_s: float) -> float:
        """Air temperature at `t_s`, degrees Celsius: the weather's, or else the grid's own."""
        return self.conditions.ambient_c(t_s)

    def site_power(self, t_s: float) -> tuple[float, float, float]:
        """(net at the grid with base load and production, drawn by vehicles, fed by vehicles),
        kW AC, exact for `t_s` from now until the next event."""
        drawn, fed = self.meter.flows_kw(t_s)
        hub = self.world.hub
        load = hub.base_kw.item(0) - hub.pv_kw.item(0) - hub.wind_kw.item(0)
        return load + drawn - fed, drawn, fed

    def close_books(self) -> None:
        """Account for the stretch since the last event, so that peaks and excesses hold up to
        now, and for energy and money of segments that still run."""
        self.enter(self.now_s)
        rows = self.power.moving()
        energy = self.power.settle(rows)
        self.conditions.close(self.now_s)
        self.power.restart(rows, energy, self.world.vehicle.setpoint_kw[rows])
        if self.frequency is not None:
            self.frequency.account(self.now_s)

    # What commands may do

    def touch(self, connector: int) -> None:
        """Control has to look again because something about this connector changed."""
        self.power.version += 1
        self.supervisor.call_pass()

    def touch_all(self) -> None:
        """Control has to look again because a limit or a strategy changed."""
        self.power.version += 1
        self.meter.watch()
        self.supervisor.look_up_strategies()
        self.supervisor.call_pass()

    def set_phase(self, connector: int, phase: Phase) -> None:
        """Stop or resume the transaction of the vehicle at a connector."""
        vehicle = self.world.connector.vehicle.item(connector)
        self.world.session.phase[self.world.vehicle.session.item(vehicle)] = phase
        self._enable(vehicle)

    def set_service(self, connector: int, in_service: bool) -> None:
        """Take a connector out of service or put it back."""
        self.connectors.set_service(connector, in_service)
        self.serve(connector)

    def serve(self, connector: int) -> None:
        """Whether a connector gives power, or to whom, has changed: act on its vehicle, or call
        who waits for it."""
        vehicle = self.world.connector.vehicle.item(connector)
        if vehicle != NONE:
            self._enable(vehicle)
        else:
            self.stays.vacate(connector)

    def override_price(self, price: float, end: float) -> None:
        """Another buying price from now on until `end`, s."""
        self.conditions.override_price(self.now_s, end, price)
        self.timeline.at(end, Order.PRICE, self.enter_market)
        self.enter_market()

    def shift_price(self, factor: float, add: float, end: float) -> None:
        """The buying price times `factor` and `add` more, from now on until `end`, s."""
        self.conditions.shift_price(self.now_s, end, factor, add)
        self.timeline.at(end, Order.PRICE, self.enter_market)
        self.enter_market()

    def change_weather(self, front: Front) -> None:
        """A front passes that nobody foresaw."""
        for due in self.conditions.pass_over(front).tolist():
            self.timeline.at(due, Order.PRICE, self.enter_market)
        self.touch_all()

    def grow(self, vehicles: np.ndarray) -> None:
        """Vehicles (rows) and sessions were added: whoever keeps something of each has to know."""
        self.meter.grow()
        self.power.reasons.grow()
        self.conditions.ledger.grow()
        if self.health is not None:
            self.health.grow(vehicles, self.now_s)
        self.power.version += 1

    def look_at_grid(self) -> None:
        """Have the power flow solved anew at the end of this instant."""
        def look(_event) -> None:
            self.grid.step(self.now_s, self.ambient_c(self.now_s))
            self.grid_record.take(self.now_s)
            self.power.version += 1
        self.timeline.at(self.now_s, Order.CHECKPOINT, look)
        self._sample_soon()

    # The timeline's events

    def _schedule(self) -> None:
        self.stays.expect(0)
        self.timeline.at(0.0, Order.CONTROL, self._control_tick, 0)
        changes = self.conditions.changes()
        for change in changes[(changes > 0) & (changes <= self.duration_s)].tolist():
            self.timeline.at(change, Order.PRICE, self.enter_market)
        if self.conditions.demand is not None:
            for edge in self.conditions.demand.edges(self.duration_s):
                self.timeline.at(edge, Order.PRICE, self._end_demand_interval)
        midnight = DAY_S - seconds_after_midnight(self.scenario.start)
        while midnight <= self.duration_s:
            self.timeline.at(midnight, Order.CHECKPOINT, self._on_midnight)
            midnight += DAY_S
        for inject in self.scenario.injects:
            self._prepare_inject(inject)
        self.incidents.schedule()

    def _prepare_inject(self, inject) -> None:
        if inject.when is not None:
            self.orders.when(parse_condition(inject.when), inject.command)
        elif inject.as_operator:
            self.timeline.at(self.scenario.seconds(inject.at), Order.OPERATOR,
                             lambda _event: self.orders.blind or self.carry_out(inject.command, SOURCE))
        else:
            self.timeline.at(self.scenario.seconds(inject.at), Order.INJECT,
                             lambda _event: self.orders.blind or self._obey(inject.command, SOURCE))

    def _control_tick(self, event) -> None:
        interval, k = self.scenario.control_interval, event.value
        now = k * interval
        self.enter(now)
        self.meter.refresh(now)
        self.calls.tick(now)
        self.power.window_s = -inf
        if self.conditions.tick(now):
            self.enter_market()
        self.supervisor.tick()
        self.power.watch_crossings((k + 1) * interval)
        self.grid.step(now, self.ambient_c(now))
        self.grid_record.take(now)
        if self.frequency is not None:
            self.frequency.account(now)
        if self.history is not None:
            self.history.sample(now, self)
        self.orders.look(now)
        if (k + 1) * interval <= self.duration_s:
            self.timeline.at((k + 1) * interval, Order.CONTROL, self._control_tick, k + 1)

    def _sample_health(self, _event) -> None:
        now = self.timeline.now
        if self.health.sample(now) and self.history is not None:
            self.history.day(now, self)
        if now + HOUR_S <= self.duration_s:
            self.timeline.at(now + HOUR_S, Order.CHECKPOINT, self._sample_health)

    def _end_demand_interval(self, _event) -> None:
        self.enter(self.timeline.now)
        self.conditions.demand.close(self.timeline.now)

    def _on_midnight(self, _event) -> None:
        self.net_at_midnight = earnings.total_net(self, self.timeline.now)

    # Power

    def _on_frequency(self) -> bool:
        """Frequency moved: who hears it answers, and the history tells. Whether any do."""
        hears = self.supervisor.hears
        if hears:
            self.enter(self.now_s)
            self.supervisor.call_pass()
        self._sample_soon()
        return hears

    def _answer_frequency(self, support_kw: float) -> None:
        """Tell the power system what vehicles give it beyond plan."""
        if self.frequency is not None and self.frequency.answer(support_kw):
            self._sample_soon()

    def _sample_soon(self) -> None:
        """Have the history take the site's figures at the end of this instant."""
        if self.history is not None:
            self.timeline.at(self.now_s, Order.CHECKPOINT, self._take_sample)

    def _take_sample(self, _event) -> None:
        if self.history is not None:
            self.history.sample(self.now_s, self)

    def _view(self, rows: np.ndarray, room: Room, may_turn: bool) -> View:
        """What strategies see of the vehicles `rows` in that room: see `sim.view.observe`."""
        world, scenario = self.world, self.scenario
        stress = world.zone.stress
        known = ~np.isnan(stress)
        return observe(
            world, rows, self.timeline.now, may_turn, interval_s=scenario.control_interval,
            by_rating=scenario.allocation == "rating", scarce=scenario.tariff.scarcity is not None,
            step_kw=scenario.round_robin_step_kw,
            **self.forecast.view(self.timeline.now), room=room,
            deviation_hz=self.frequency and self.frequency.deviation_hz(self.timeline.now),
            stress=np.where(known, stress, 0.0) if known.any() else None)

    def _enable(self, vehicle: int) -> None:
        """Let control decide for a vehicle, or take its power away, as its state says."""
        world = self.world
        connector = world.vehicle.connector.item(vehicle)
        active = world.session.phase.item(world.vehicle.session.item(vehicle)) == Phase.ACTIVE
        world.vehicle.enabled[vehicle] = active and self.connectors.usable(connector)
        self.power.reasons.put_one(vehicle, Reason.OPERATOR)
        self.power.begin(vehicle, self.power.settle_one(vehicle), 0.0)
        self.supervisor.call_pass()

    # Prices and other conditions, commands, the log

    def enter_market(self, _event=None) -> None:
        """Prices, factors or base load change: close the books on what was and let it hold."""
        self.enter(self.now_s)
        rows = self.power.moving()
        energy = self.power.settle(rows)
        self.conditions.close(self.now_s)
        self.conditions.enter(self.now_s)
        self.power.version += 1
        self.power.restart(rows, energy, self.world.vehicle.setpoint_kw[rows])
        self.supervisor.call_pass()

    def enter(self, now: float) -> None:
        """Before the first change at an instant: the meter accounts for what lies behind."""
        if now > self._instant_s:
            self.meter.leave(self._instant_s, now)
            if self.phases is not None:
                self.phases.leave(self._instant_s, now)
            if self.loads is not None:
                self.loads.leave(self._instant_s, now)
            self._instant_s = now

    def carry_out(self, command: Command, source: str) -> str | None:
        """Apply a command within the present instant, and have decided what it calls for. Returns
        why it was refused, or None; for who acts on the timeline, others `submit`."""
        refusal = self._obey(command, source)
        self.supervisor.decide_if_due()
        return refusal

    def _obey(self, command: Command, source: str) -> str | None:
        entry = {"t": self.now_s, "source": source, "command": command.model_dump()}
        refusal = command.check(self)
        remark = isinstance(command, Remark)  # changes nothing, so is no event and parts no stretch
        if refusal is not None:
            if not remark:
                self.events.append({"t": self.now_s, "kind": "command_refused", **entry, "why": refusal})
            return refusal
        if not remark:
            self.enter(self.now_s)
            self.orders.giver = source
            command.apply(self)
        self.commands.append(entry)
        if self.journal is not None:
            self.journal()
        if not remark:
            self.events.append({"t": self.now_s, "kind": "command", **entry})
        return None

    def _report(self, kind: str, t_s: float, where: str, **facts) -> None:
        """Enter what the meter found in the stretch behind, in its place in time."""
        place = len(self.events)
        while place and self.events[place - 1]["t"] > t_s:
            place -= 1
        self.events.insert(place, {"t": t_s, "kind": kind, "where": where, **facts})
