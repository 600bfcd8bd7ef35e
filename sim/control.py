"""The control pass: strategies decide setpoints for everyone at once, within the limits.

Strategies see a `View`, never the world. They give a `Decision`: setpoints (kW AC) and why; the
pass hands each strategy what room the limits leave and keeps the account. Because a charging
vehicle's draw only falls until the next decision, and one that feeds is constant until an event
that calls for a new decision, a pass that respects the limits at its own moment respects them
until the next one; what charging may fall to by then is what feeding may count on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from entities.components import NONE, Reason
from entities.world import World
from sim.battery import segments

if TYPE_CHECKING:
    from sim.steps import Steps


@dataclass
class Room:
    """What the limits leave, kW AC: a zone's in arrays of shape (zones,), the site's scalar.

    `into` is how much more may be drawn, `out` how much more may be fed.
    """

    zone_in: np.ndarray
    zone_out: np.ndarray
    site_in: float
    site_out: float

    def take(self, zone: np.ndarray, drawn: np.ndarray, fed: np.ndarray,
             assured: np.ndarray) -> None:
        """Book what vehicles draw now, feed, and are sure to draw until the next decision."""
        zones = len(self.zone_in)
        net_in = np.bincount(zone, drawn - fed, zones)
        net_out = np.bincount(zone, fed - assured, zones)
        self.zone_in = self.zone_in - net_in
        self.zone_out = self.zone_out - net_out
        self.site_in -= float(net_in.sum())
        self.site_out -= float(net_out.sum())


class Decision(NamedTuple):
    """What a strategy decided for n vehicles: setpoints, kW AC (n,), and a `Reason` each (n,)."""

    setpoint: np.ndarray
    reason: np.ndarray


@dataclass
class View:
    """What a strategy may look at: n vehicles whose power it decides, in connector order.

    Arrays have shape (n,): energies kWh, powers kW AC and not negative but for `setpoint`, the
    present one, times s, `session` the row of each visit and `plugged` when it was plugged in.
    Hours are those to the target at full power: from now, and after feeding for one interval.
    `frequency_hz` of the grid and `stress` 0..1 of each zone (zones,) are None where nothing
    measures them; a zone that has no feeder has no stress, 0. `base` is the forecast of base load
    less production, `production` that of each zone's own, kW. `parameters` are the strategy's own,
    `memory` is what its `prepare` returned.
    """

    t_s: float
    interval_s: float
    by_rating: bool
    step_kw: float
    wear_cost: float
    buying: Steps
    selling: Steps
    base: Steps
    production: Steps
    room: Room
    zone: np.ndarray
    energy: np.ndarray
    target: np.ndarray
    least: np.ndarray
    capacity: np.ndarray
    deadline: np.ndarray
    rating: np.ndarray
    cap: np.ndarray
    feed_cap: np.ndarray
    draw_limit: np.ndarray
    setpoint: np.ndarray
    hours_needed: np.ndarray
    hours_after_feeding: np.ndarray
    charge_efficiency: np.ndarray
    discharge_efficiency: np.ndarray
    session: np.ndarray
    plugged: np.ndarray
    frequency_hz: float | None = None
    stress: np.ndarray | None = None
    parameters: Any = None
    memory: Any = None

    def __len__(self) -> int:
        return len(self.zone)

    def want(self) -> np.ndarray:
        """What to reserve for each if nothing held it back: what it would draw now or, where
        vehicles are unknown to control (`by_rating`), its connector's rating."""
        return np.where(self.energy < self.target, self.rating, 0.0) if self.by_rating \
            else self.draw_limit

    def offer(self, granted: np.ndarray) -> np.ndarray:
        """Setpoints for granted powers: who gets all it wants is offered its full cap, so that
        its segment need not be cut at every decision while it tapers."""
        if self.by_rating:
            return np.minimum(granted, self.cap)
        return np.where((granted >= self.want()) & (granted > 0.0), self.cap, granted)


_ROW_FIELDS = ("zone", "energy", "target", "least", "capacity", "deadline", "rating", "cap",
               "feed_cap", "draw_limit", "setpoint", "hours_needed", "hours_after_feeding",
               "charge_efficiency", "discharge_efficiency", "session", "plugged")


def grant_in_order(view: View, want: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Give each what it wants, one after the other in `order`, until zone and site are full."""
    granted = want.copy()
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            queue = order[view.zone[order] == zone]
            granted[queue] = _fill(want[queue], max(room, 0.0))
    if np.isfinite(view.room.site_in):
        granted[order] = _fill(granted[order], max(view.room.site_in, 0.0))
    return granted


def grant_evenly(view: View, want: np.ndarray) -> np.ndarray:
    """Max-min fair shares within each zone, then within the site."""
    granted = want.copy()
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            here = np.flatnonzero(view.zone == zone)
            granted[here] = _level(want[here], max(room, 0.0))
    if np.isfinite(view.room.site_in):
        granted = _level(granted, max(view.room.site_in, 0.0))
    return granted


def grant_beside_feed(view: View, want: np.ndarray, order: np.ndarray,
                      fed: np.ndarray) -> np.ndarray:
    """`grant_in_order` where the vehicles of this view feed `fed` (kW AC, n) at the same time,
    which makes as much more room; it holds until an event that calls for a new decision."""
    zone_fed = np.bincount(view.zone, fed, len(view.room.zone_in))
    room = replace(view.room, zone_in=view.room.zone_in + zone_fed,
                   site_in=view.room.site_in + float(fed.sum()))
    return grant_in_order(replace(view, room=room), want, order)


def observe(world: World, rows: np.ndarray, t_s: float, may_turn: bool, interval_s: float,
            **common) -> View:
    """The view of the vehicles `rows` (n,) at `t_s`; `common` are the scalar fields.

    Unless they `may_turn`, those that do not feed already are shown as unable to. Else two that
    recharge and feed by turns, each when the other is done, would call for decisions without
    end.
    """
    vehicle = world.vehicle
    energy = segments.energy_at(vehicle, rows, t_s)
    least, feed_cap = vehicle.energy_min_kwh[rows], vehicle.discharge_cap_kw[rows]
    fed = feed_cap / vehicle.discharge_efficiency[rows] * (interval_s / 3600.0)
    if not may_turn:
        feed_cap = np.where(vehicle.setpoint_kw[rows] < 0.0, feed_cap, 0.0)
    return View(
        t_s=t_s,
        interval_s=interval_s,
        zone=world.connector.zone[vehicle.connector[rows]],
        energy=energy,
        target=vehicle.target_kwh[rows],
        least=least,
        capacity=vehicle.capacity_kwh[rows],
        deadline=vehicle.deadline_s[rows],
        rating=world.connector.charge_max_kw[vehicle.connector[rows]],
        cap=vehicle.charge_cap_kw[rows],
        feed_cap=feed_cap,
        draw_limit=segments.charge_limit_ac(vehicle, rows, energy),
        setpoint=vehicle.setpoint_kw[rows],
        hours_needed=segments.hours_to_target(vehicle, rows, energy),
        hours_after_feeding=segments.hours_to_target(
            vehicle, rows, np.minimum(energy, np.maximum(energy - fed, least))),
        charge_efficiency=vehicle.charge_efficiency[rows],
        discharge_efficiency=vehicle.discharge_efficiency[rows],
        session=vehicle.session[rows],
        plugged=world.session.plugged_s[vehicle.session[rows]],
        **common,
    )


def part(view: View, which: np.ndarray) -> View:
    """The view of those vehicles for which the mask holds (or of the given indices)."""
    return replace(view, **{name: getattr(view, name)[which] for name in _ROW_FIELDS})


def enabled_rows(world: World) -> np.ndarray:
    """Vehicles that control decides for, in connector order; int (n,)."""
    plugged = world.connector.vehicle
    rows = plugged[plugged != NONE]
    return rows[world.vehicle.enabled[rows]]


def fixed_kw(world: World, connectors: np.ndarray) -> np.ndarray:
    """Setpoints that stand whatever strategies decide, kW AC (n,): what an offline station holds,
    else what an operator fixed; NaN where there is neither."""
    held, override = world.connector.held_kw[connectors], world.connector.override_kw[connectors]
    return np.where(np.isnan(held), override, held)


def caps(world: World, rows: np.ndarray) -> np.ndarray:
    """Setpoints where nobody shares: each its cap, or what an operator fixed; kW AC (n,)."""
    vehicle = world.vehicle
    override = fixed_kw(world, vehicle.connector[rows])
    cap = vehicle.charge_cap_kw[rows]
    free = np.isnan(override)
    if free.all():
        return cap
    return np.where(free, cap, np.clip(override, -vehicle.discharge_cap_kw[rows], cap))


def cap_reasons(world: World, rows: np.ndarray) -> np.ndarray:
    """The `Reason` of each vehicle (n,) that is given what `caps` gives."""
    vehicle, connector = world.vehicle, world.vehicle.connector[rows]
    free = np.isnan(fixed_kw(world, connector))
    reason = np.where(vehicle.charge_cap_kw[rows] < world.connector.charge_max_kw[connector],
                      Reason.VEHICLE, Reason.CONNECTOR)
    return np.where(free, reason, Reason.OPERATOR)


def decide(world: World, view: View, rows: np.ndarray, strategies: tuple) -> Decision:
    """Setpoints, kW AC (n,), and reasons (n,) of the vehicles `rows` that `view` shows.

    `strategies` are `sim.strategies.Strategy`s in the registry's order; zones are decided in
    that order, each with the room that the ones before it left. An operator's override goes
    before its strategy.
    """
    setpoint, reason = np.zeros(len(rows)), np.zeros(len(rows), np.int32)
    override = fixed_kw(world, world.vehicle.connector[rows])
    chosen = world.zone.strategy[view.zone]
    for code, strategy in enumerate(strategies):
        of_mine = chosen == code
        if not of_mine.any():
            continue
        fixed = np.flatnonzero(of_mine & ~np.isnan(override))
        if len(fixed):
            reason[fixed] = Reason.OPERATOR
            _settle_on(view, rows, fixed, setpoint,
                       _overridden(part(view, fixed), override[fixed], strategy.keeps_limits), world)
        free = np.flatnonzero(of_mine & np.isnan(override))
        if len(free):
            decided = strategy.decide(part(view, free))
            reason[free] = decided.reason
            _settle_on(view, rows, free, setpoint, decided.setpoint, world)
    return Decision(setpoint, reason)


def _overridden(view: View, override: np.ndarray, keeps_limits: bool) -> np.ndarray:
    """What operators fixed, within what vehicle, connector and (where kept) limits allow."""
    wanted = np.clip(override, -view.feed_cap, view.cap)
    if not keeps_limits:
        return wanted
    order = np.arange(len(view))
    drawn = grant_in_order(view, np.minimum(np.maximum(wanted, 0.0), view.draw_limit), order)
    fed = grant_feed(view, np.maximum(-wanted, 0.0), order)
    return np.where(wanted < 0.0, -fed, np.where(drawn >= view.draw_limit, np.maximum(wanted, 0.0), drawn))


def grant_feed(view: View, want: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Let each feed what it wants in `order` until the export limits are reached, kW AC."""
    able = np.where(view.energy > view.least, want, 0.0)
    outward = replace(view, room=replace(view.room, zone_in=view.room.zone_out,
                                         site_in=view.room.site_out))
    return grant_in_order(outward, able, order)


def _settle_on(view: View, rows: np.ndarray, who: np.ndarray, setpoint: np.ndarray,
               decided: np.ndarray, world: World) -> None:
    """Enter decided setpoints and take their room."""
    setpoint[who] = decided
    mine = part(view, who)
    drawn = np.minimum(np.maximum(decided, 0.0), mine.draw_limit)
    fed = np.where(mine.energy > mine.least, np.maximum(-decided, 0.0), 0.0)
    view.room.take(mine.zone, drawn, fed, _assured(world, rows[who], mine, drawn))


def _assured(world: World, rows: np.ndarray, view: View, drawn: np.ndarray) -> np.ndarray:
    """The least that vehicles drawing `drawn` still draw at the next decision, kW AC.

    One that completes before then calls for a decision itself, so only the taper counts.
    """
    later = np.minimum(view.energy + drawn * view.charge_efficiency * view.interval_s / 3600.0,
                       np.nextafter(view.target, -np.inf))
    return np.minimum(drawn, segments.charge_limit_ac(world.vehicle, rows, np.maximum(later, view.energy)))


def _fill(want: np.ndarray, room: float) -> np.ndarray:
    """Grant in sequence until `room` is used up."""
    return np.clip(room - (np.cumsum(want) - want), 0.0, want)


def _level(want: np.ndarray, room: float) -> np.ndarray:
    """Max-min fair: everyone up to one water level, nobody more than wanted."""
    if want.sum() <= room:
        return want
    ascending = np.sort(want)
    count = len(want)
    below = np.concatenate([[0.0], np.cumsum(ascending)[:-1]])
    levels = (room - below) / (count - np.arange(count))
    short = levels <= ascending
    if not short.any():  # the room lacks no more than a rounding
        return want
    return np.minimum(want, levels[np.argmax(short)])
