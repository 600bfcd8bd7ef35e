"""The control pass: strategies decide setpoints for everyone at once, within the limits.

Strategies see a `View`, never the world. They give a `Decision`: setpoints (kW AC) and why; the
pass hands each strategy what room the limits leave and keeps the account. A charging vehicle
takes room for the most that it may come to draw until the next decision, which is at the next
interval at the latest, and one that feeds is constant until an event that calls for a new
decision. So a pass that respects the limits respects them until the next one; what charging may
fall to by then is what feeding may count on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entities.components import NONE, Reason
from entities.world import World
from sim.battery import segments
from sim.granting import grant_feed, grant_in_order
from sim.room import ROUNDING_KW
from sim.view import Decision, View, moved, part


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


def _overridden(view: View, override: np.ndarray, keeps_limits: bool) -> np.ndarray:
    """What operators fixed, within what vehicle, connector and (where kept) limits allow."""
    wanted = np.clip(override, -view.feed_cap, view.cap)
    if not keeps_limits:
        return wanted
    order = np.arange(len(view))
    drawn = grant_in_order(view, np.minimum(np.maximum(wanted, 0.0), view.draw_limit), order)
    fed = grant_feed(view, np.maximum(-wanted, 0.0), order)
    return np.where(wanted < 0.0, -fed, np.where(drawn >= view.draw_limit, np.maximum(wanted, 0.0), drawn))


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
