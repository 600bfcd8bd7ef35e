"""The control pass: strategies decide setpoints for everyone at once, within the limits.

Strategies see a `View`, never the world. They give a `Decision`: setpoints (kW AC) and why; the
pass hands each strategy what room the limits leave and keeps the account. A charging vehicle
takes room for the most that it may come to draw until the next decision, which is at the next
interval at the latest, and one that feeds is constant until an event that calls for a new
decision. So a pass that respects the limits respects them until the next one; what charging may
fall to by then is what feeding may count on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from entities.components import NONE, Reason
from entities.world import World
from sim.battery import segments
from sim.grid.lines import Rows

if TYPE_CHECKING:
    from sim.capacity import Tier
    from sim.grid.lines import LineRoom
    from sim.steps import Steps

ROUNDING_KW = 1e-7
"""Sums of powers differ by less than this though they ought to be equal."""


@dataclass
class Room:
    """What the limits leave, kW AC: a zone's in arrays of shape (zones,), the site's scalar.

    `into` is how much more may be drawn, `out` how much more may be fed; `lines` is what the
    site's three-phase network leaves, where it has one, `stations` and `transformers` what theirs do.
    """

    zone_in: np.ndarray
    zone_out: np.ndarray
    site_in: float
    site_out: float
    lines: LineRoom | None = None
    stations: Tier | None = None
    transformers: Tier | None = None

    @property
    def tiers(self) -> list[Tier]:
        """Limits of stations and transformers, where there are any."""
        return [tier for tier in (self.stations, self.transformers) if tier is not None]

    @property
    def outward(self) -> Room:
        """Turned to feeding: what may be fed stands where grants of power look for room."""
        return replace(self, zone_in=self.zone_out, site_in=self.site_out,
                       lines=self.lines and replace(self.lines, outward=True),
                       stations=self.stations and self.stations.outward,
                       transformers=self.transformers and self.transformers.outward)

    @property
    def has_more(self) -> bool:
        """Whether there are limits besides those of zones and site, which linear programs know."""
        return not (self.lines is self.stations is self.transformers is None)

    def take(self, zone: np.ndarray, drawn: np.ndarray, fed: np.ndarray,
             assured: np.ndarray, connector: np.ndarray) -> None:
        """Book what vehicles draw now, feed, and are sure to draw until the next decision."""
        if self.lines is not None:
            self.lines = self.lines.beside(connector, drawn, fed)
        self.stations, self.transformers = (
            tier and tier.beside(connector, drawn, fed, assured) for tier in (self.stations, self.transformers))
        zones = len(self.zone_in)
        net_in = np.bincount(zone, drawn - fed, zones)
        net_out = np.bincount(zone, fed - assured, zones)
        self.zone_in = self.zone_in - net_in
        self.zone_out = self.zone_out - net_out
        self.site_in -= float(net_in.sum())
        self.site_out -= float(net_out.sum())

    def book(self, drawn: np.ndarray, fed: np.ndarray) -> None:
        """Book what zones (zones,) draw at most and feed, and count on none of the charging."""
        self.zone_in = self.zone_in - (drawn - fed)
        self.zone_out = self.zone_out - fed
        self.site_in -= float((drawn - fed).sum())
        self.site_out -= float(fed.sum())

    def is_exceeded(self) -> bool:
        """Whether a limit is, by more than a rounding."""
        return min(self.site_in, self.site_out, *self.zone_in.tolist(),
                   *self.zone_out.tolist()) < -ROUNDING_KW


class Crowd(NamedTuple):
    """Vehicles that are not to be decided and not shown: what those that need energy could draw
    together in each zone, and what all draw at most, net of what they feed; kW AC, (zones,) or 0. The
    room has them booked."""

    demand_kw: np.ndarray | float = 0.0
    drawn_kw: np.ndarray | float = 0.0


class Decision(NamedTuple):
    """What a strategy decided for n vehicles: setpoints, kW AC (n,), and a `Reason` each (n,);
    `planned` are the setpoints without an answer to the grid's frequency, where they differ."""

    setpoint: np.ndarray
    reason: np.ndarray
    planned: np.ndarray | None = None


@dataclass
class View:
    """What a strategy may look at: n vehicles whose power it decides, in connector order.

    Arrays have shape (n,): energies kWh, powers kW AC and not negative but for `setpoint`, the
    present one, times s, `session` the row of each visit and `plugged` when it was plugged in.
    `draw_limit` is the most that it would come to draw within an interval if nothing held it back,
    `most_kw` on the whole way to the target, an interval's feeding included.
    Hours are those to the target at full power: from now, and after feeding for one interval.
    `wear_cost` is what a battery-side kWh fed counts for, currency.
    `crowd` are others of the same strategy who are not to be decided; it is empty in a full pass.
    `deviation_hz` of the grid's frequency and `stress` 0..1 of each zone (zones,) are None where
    nothing measures them; a zone of which nothing is known has no stress, 0. `base` is the forecast of
    base load less production, `scarce` tells that an adder for what one draws oneself will move the
    prices and no plan can count on them, `production` that of each zone's own, kW. `parameters` are the
    strategy's own, `memory` is what its `prepare` returned.
    """

    t_s: float
    interval_s: float
    by_rating: bool
    step_kw: float
    buying: Steps
    selling: Steps
    base: Steps
    production: Steps
    room: Room
    connector: np.ndarray
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
    most_kw: np.ndarray
    setpoint: np.ndarray
    hours_needed: np.ndarray
    hours_after_feeding: np.ndarray
    charge_efficiency: np.ndarray
    discharge_efficiency: np.ndarray
    wear_cost: np.ndarray
    session: np.ndarray
    plugged: np.ndarray
    crowd: Crowd = Crowd()
    deviation_hz: float | None = None
    stress: np.ndarray | None = None
    scarce: bool = False
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


_ROW_FIELDS = ("connector", "zone", "energy", "target", "least", "capacity", "deadline", "rating", "cap",
               "feed_cap", "draw_limit", "most_kw", "setpoint", "hours_needed", "hours_after_feeding",
               "charge_efficiency", "discharge_efficiency", "wear_cost", "session", "plugged")


def grant_in_order(view: View, want: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Give each what it wants, one after the other in `order`, until its lines, its station, its zone,
    its transformer or the site are full."""
    stations, transformers = view.room.stations, view.room.transformers
    if view.room.lines is not None:
        return Rows.of(view).fill(want, order)
    granted = want.copy() if stations is None else stations.fill(view.connector, want, order)
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            queue = order[view.zone[order] == zone]
            granted[queue] = _fill(granted[queue], max(room, 0.0))
    if transformers is not None:
        granted = transformers.fill(view.connector, granted, order)
    if np.isfinite(view.room.site_in):
        granted[order] = _fill(granted[order], max(view.room.site_in, 0.0))
    return granted


def grant_evenly(view: View, want: np.ndarray) -> np.ndarray:
    """Max-min fair shares within each station, zone and transformer, then within the site; on a network
    at once."""
    stations, transformers = view.room.stations, view.room.transformers
    if view.room.lines is not None:
        return Rows.of(view).rise(want, np.ones(len(view)))
    granted = want.copy() if stations is None else stations.level(view.connector, want)
    for zone, room in enumerate(view.room.zone_in):
        if np.isfinite(room):
            here = np.flatnonzero(view.zone == zone)
            granted[here] = _level(granted[here], max(room, 0.0))
    if transformers is not None:
        granted = transformers.level(view.connector, granted)
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
    if room.lines is not None:
        room.lines = room.lines.beside(view.connector, np.zeros(len(view)), fed)
    room.stations, room.transformers = (
        tier and tier.beside(view.connector, 0.0, fed) for tier in (room.stations, room.transformers))
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
    drained = np.minimum(energy, np.maximum(energy - fed, least))
    hours_after_feeding = segments.hours_to_target(world, rows, drained)
    way_h = float(hours_after_feeding[np.isfinite(hours_after_feeding)].max(initial=interval_s / 3600.0))
    return View(
        t_s=t_s,
        interval_s=interval_s,
        connector=vehicle.connector[rows],
        zone=world.connector.zone[vehicle.connector[rows]],
        energy=energy,
        target=vehicle.target_kwh[rows],
        least=least,
        capacity=vehicle.capacity_kwh[rows],
        deadline=vehicle.deadline_s[rows],
        rating=world.connector.charge_max_kw[vehicle.connector[rows]],
        cap=vehicle.charge_cap_kw[rows],
        feed_cap=feed_cap,
        draw_limit=segments.highest_limit_ac(world, rows, energy, interval_s / 3600.0),
        most_kw=segments.highest_limit_ac(world, rows, drained, way_h),
        setpoint=vehicle.setpoint_kw[rows],
        hours_needed=segments.hours_to_target(world, rows, energy),
        hours_after_feeding=hours_after_feeding,
        charge_efficiency=vehicle.charge_efficiency[rows],
        discharge_efficiency=vehicle.discharge_efficiency[rows],
        wear_cost=vehicle.wear_per_kwh[rows],
        session=vehicle.session[rows],
        plugged=world.session.plugged_s[vehicle.session[rows]],
        **common,
    )


def part(view: View, which: np.ndarray) -> View:
    """The view of those vehicles for which the mask holds (or of the given ascending indices)."""
    if len(which) == len(view) and which.dtype != bool:
        return view
    return replace(view, **{name: getattr(view, name)[which] for name in _ROW_FIELDS})


def enabled_rows(world: World) -> np.ndarray:
    """Vehicles that control decides for, in connector order; int (n,)."""
    plugged = world.connector.vehicle
    rows = plugged[plugged != NONE]
    return rows[world.vehicle.enabled[rows]]


def fixed_kw(world: World, connectors: np.ndarray) -> np.ndarray:
    """Setpoints that stand whatever strategies decide, kW AC (n,): what an offline station holds,
    else what an operator fixed; NaN where there is neither."""
    override = world.connector.override_kw[connectors]
    if world.station.online.all():
        return override
    held = world.connector.held_kw[connectors]
    return np.where(np.isnan(held), override, held)


def any_fixed(world: World) -> bool:
    """Whether any setpoint stands whatever strategies decide."""
    connector = world.connector
    return not (np.isnan(connector.held_kw).all() and np.isnan(connector.override_kw).all())


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


def moved(view: View, setpoint: np.ndarray) -> np.ndarray:
    """What setpoints move now, kW AC (n,)."""
    return np.where(setpoint > 0.0, np.minimum(setpoint, view.draw_limit),
                    np.where(view.energy > view.least, setpoint, 0.0))


def decide(world: World, view: View, rows: np.ndarray, strategies: tuple, shared=()) -> Decision:
    """What is decided for the vehicles `rows` that `view` shows.

    `strategies` are `sim.strategies.Strategy`s in the registry's order; zones are decided in
    that order, each with the room that the ones before it left. An operator's override goes
    before a setpoint that many share (`shared`: `sim.setpoint.Group`s), and that before the strategy.
    """
    setpoint, reason = np.zeros(len(rows)), np.zeros(len(rows), np.int32)
    override = fixed_kw(world, world.vehicle.connector[rows])
    is_fixed = ~np.isnan(override)
    planned = np.full(len(rows), np.nan)

    def fix(of_mine: np.ndarray, keeps_limits: bool) -> None:
        fixed = np.flatnonzero(of_mine & is_fixed)
        if len(fixed):
            reason[fixed] = Reason.OPERATOR
            wanted = _overridden(part(view, fixed), override[fixed], keeps_limits)
            if keeps_limits:
                wanted, reason[fixed] = _beside_own_draw(part(view, fixed), wanted, reason[fixed])
            _settle_on(view, rows, fixed, setpoint, wanted, world)

    def leave_to(of_mine: np.ndarray, choose, keeps_limits: bool) -> None:
        free = np.flatnonzero(of_mine & ~is_fixed)
        if len(free):
            decided = choose(part(view, free))
            if keeps_limits:
                kept, why = _beside_own_draw(part(view, free), decided.setpoint, decided.reason)
                decided = decided._replace(setpoint=kept, reason=why)
            reason[free] = decided.reason
            if decided.planned is not None:
                planned[free] = decided.planned
            _settle_on(view, rows, free, setpoint, decided.setpoint, world)

    left = np.ones(len(rows), bool)
    for group in shared:
        of_mine = np.isin(view.zone, group.zones)
        fix(of_mine, True)
        rest_kw = group.kw - float(moved(view, setpoint)[of_mine & is_fixed].sum())
        leave_to(of_mine, lambda mine, group=group, kw=rest_kw: group.share(mine, kw), True)
        left &= ~of_mine
    chosen = world.zone.strategy[view.zone]
    for code, strategy in enumerate(strategies):
        of_mine = left & (chosen == code)
        if of_mine.any():
            fix(of_mine, strategy.keeps_limits)
            leave_to(of_mine, strategy.decide, strategy.keeps_limits)
    return Decision(setpoint, reason, np.where(np.isnan(planned), setpoint, planned))


def charging_held_back(view: View, decided: Decision) -> bool:
    """Whether a limit keeps anyone of the view from charging as its strategy would; `view.room`
    is what the decision left.

    One that stands still because of a limit may have wanted to feed. It wanted to charge only if
    charging fills what room there is without those who feed.
    """
    still = (decided.setpoint >= 0.0) & ((decided.reason == Reason.ZONE_LIMIT)
                                         | (decided.reason == Reason.SITE_LIMIT))
    if not still.any():
        return False
    fed = np.maximum(-decided.setpoint, 0.0)
    zone_in = view.room.zone_in - np.bincount(view.zone, fed, len(view.room.zone_in))
    return bool(view.room.site_in - fed.sum() <= ROUNDING_KW
                or (zone_in[view.zone[still]] <= ROUNDING_KW).any())


def full_kw(view: View) -> np.ndarray:
    """The most room that each takes on its way to the target, kW AC (n,)."""
    return view.rating if view.by_rating else view.most_kw


def demand_kw(view: View, which: np.ndarray) -> np.ndarray:
    """What those of the view (mask (n,)) that need energy, or may after feeding, could draw together
    in each zone, kW AC (zones,)."""
    needs = (view.energy < view.target) | ((view.feed_cap > 0.0) & (view.energy > view.least))
    return np.bincount(view.zone, np.where(needs & which, full_kw(view), 0.0),
                       len(view.room.zone_in))


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
    return grant_in_order(replace(view, room=view.room.outward), able, order)


def _beside_own_draw(view: View, setpoint: np.ndarray,
                     reason: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same setpoints and reasons, with less feeding where it does not fit the network beside
    what the same vehicles draw. On lines feeding need not make room for charging: phasors of two
    phases may add up to more than each."""
    lines = view.room.lines
    if lines is None or not (setpoint < 0.0).any():
        return setpoint, reason
    drawn, fed = _flows(view, setpoint)
    if lines.beside(view.connector, drawn, fed).kept:
        return setpoint, reason
    beside = replace(view.room, lines=lines.beside(view.connector, drawn, np.zeros(len(view))))
    less = grant_feed(replace(view, room=beside), fed, np.arange(len(view)))
    cut = less < fed
    full = replace(lines, outward=True).beside(view.connector, drawn, less)
    return np.where(cut, -less, setpoint), np.where(cut, full.tightest(view.connector)[1], reason)


def _settle_on(view: View, rows: np.ndarray, who: np.ndarray, setpoint: np.ndarray,
               decided: np.ndarray, world: World) -> None:
    """Enter decided setpoints and take their room."""
    setpoint[who] = decided
    mine = part(view, who)
    drawn, fed = _flows(mine, decided)
    view.room.take(mine.zone, drawn, fed, _assured(world, rows[who], mine, drawn), mine.connector)


def _flows(view: View, setpoint: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What vehicles draw and feed at these setpoints, kW AC (n,) each."""
    return (np.minimum(np.maximum(setpoint, 0.0), view.draw_limit),
            np.where(view.energy > view.least, np.maximum(-setpoint, 0.0), 0.0))


def _assured(world: World, rows: np.ndarray, view: View, drawn: np.ndarray) -> np.ndarray:
    """The least that vehicles drawing up to `drawn` come to draw until the next decision, kW AC.

    One that completes before then calls for a decision itself, so only the curve counts.
    """
    later = np.minimum(view.energy + drawn * view.charge_efficiency * view.interval_s / 3600.0,
                       np.nextafter(view.target, -np.inf))
    return np.minimum(drawn, segments.lowest_limit_ac(world, rows, view.energy,
                                                      np.maximum(later, view.energy)))


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
