"""Receding-horizon dispatch: the cheapest plan for who is here now, made anew all the time.

Every `replan_s`, and whenever limits or prices turn out otherwise, a linear program (`sim.dispatch`)
is solved over the next `horizon_s` for classes of vehicles that are alike in zone, time of
departure, time to spare, ability to feed and wear: energy bought and sold, wear, the limits with the
forecast base load, and on request a price on the highest import. Only what it says of the present
is done: a class's power goes to its members by least laxity, who feed by most. Whoever has no
time to spare charges at full power, whatever the plan, and nobody feeds who could not win it back if
all charged at once. Future arrivals are not foreseen; who
comes between two plans waits for the next. If base load alone breaks the import limit, those who
can spare energy feed it. Should the solver fail, which is an event, everyone charges by least laxity
until the next plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from entities.components import NONE, Reason
from sim.deciding import charge_in_order, follow
from sim.dispatch import Horizon, Jobs, Peaks, Unsolved, cells, dispatch
from sim.pacing import defend, pace, steady_power
from sim.sharing import spread
from sim.strategies import Inputs, Parameters, reaching
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False
_MISSING_PRICES = 10.0


class PARAMETERS(Parameters):
    """`horizon_s` of the plan, in steps of `step_s` for the first `near_s` and of `far_step_s` from
    then on; `replan_s` between plans; `laxity_classes` to tell apart; `demand_price` per kW of the
    horizon's highest import; `guard_intervals` to have charged before the departure."""

    horizon_s: Annotated[float, Field(gt=0)] = 86_400.0
    near_s: Annotated[float, Field(ge=0)] = 14_400.0
    step_s: Annotated[float, Field(gt=0)] = 1800.0
    far_step_s: Annotated[float, Field(gt=0)] = 3600.0
    replan_s: Annotated[float, Field(gt=0)] = 900.0
    laxity_classes: Annotated[int, Field(ge=1)] = 3
    demand_price: Annotated[float, Field(ge=0)] = 0.0
    guard_intervals: Annotated[float, Field(ge=0)] = 1.0


class Plan:
    """The present plan: the class of each visit (-1: none), and each class's draw and feed in each
    step between `edges` (s), kW (classes, steps)."""

    def __init__(self, visits: int, report: Callable):
        self.report = report
        self.failed = False
        self.of = np.full(visits, NONE)
        self.edges = np.zeros(2)
        self.draw_kw = self.feed_kw = np.zeros((0, 1))
        self.due_s = -np.inf
        self.premises: tuple = ()


def prepare(inputs: Inputs) -> Plan:
    """No plan yet."""
    return Plan(len(inputs.visits), inputs.report)


def decide(view: View) -> Decision:
    """What the plan says of the present, kept by a fresh one when it is due."""
    plan, own = view.memory, view.parameters
    plan.of = reaching(plan.of, view.session)
    time = pace(view, own.guard_intervals, planned=not view.scarce)
    premises = _premises(view)
    if view.t_s >= plan.due_s or premises != plan.premises:
        _renew(plan, view, time.slack)
        plan.premises, plan.due_s = premises, view.t_s + own.replan_s
    order = time.order
    if plan.failed:
        return charge_in_order(view, order)
    step = max(int(np.searchsorted(plan.edges, view.t_s, side="right")) - 1, 0)
    wanted = np.zeros(len(view))
    member = np.flatnonzero(plan.of[view.session] != NONE)
    if len(member) and step < plan.draw_kw.shape[1]:
        group = plan.of[view.session[member]]
        rank = np.empty(len(view), int)
        rank[order] = np.arange(len(view))
        queue = np.argsort(rank[member])
        idle = np.where(time.must_charge, 0.0, view.want())[member]
        spare = np.where(time.can_feed, view.feed_cap, 0.0)[member]
        wanted[member] = spread(group, plan.draw_kw[:, step], idle, queue) \
            - spread(group, plan.feed_kw[:, step], spare, queue[::-1])
    wanted = np.where(time.must_charge, view.want(), wanted)
    drawn, fed = np.maximum(wanted, 0.0), np.maximum(-wanted, 0.0)
    shed = defend(view, drawn, fed, time.can_feed & (wanted <= 0.0), order[::-1])
    wanted = np.where(shed > fed, -shed, wanted)
    cause = np.where(wanted > 0.0, Reason.PLAN, Reason.PRICE)
    return follow(view, wanted, order, np.where(shed > fed, Reason.SITE_LIMIT, cause))


def _premises(view: View) -> tuple:
    """What a plan rests on that a command may change: limits and prices."""
    site = view.room.site_in + float(view.base.at(view.t_s))
    return (round(site, 6) if np.isfinite(site) else site, id(view.buying))


def _renew(plan: Plan, view: View, slack: np.ndarray) -> None:
    """A new plan, or the event that there is none."""
    try:
        _make(plan, view, slack)
        plan.failed = False
    except Unsolved as failure:
        plan.failed = True
        plan.report("plan_failed", view.t_s, "mpc", why=str(failure))


def _make(plan: Plan, view: View, slack: np.ndarray) -> None:
    """A new plan for those that the view shows."""
    own = view.parameters
    edges = _edges(view)
    horizon = _horizon(view, edges)
    leave = np.maximum(view.deadline - own.guard_intervals * view.interval_s, edges[1])
    last = np.clip(np.searchsorted(edges, leave, side="left"), 1, len(edges) - 1)
    spare = np.floor(np.clip(slack / np.maximum(view.hours_needed, 0.1), 0.0, 1.0)
                     * (own.laxity_classes - 1) + 0.5)
    spare = np.where(view.energy < view.target, spare, own.laxity_classes)
    keys = np.stack([view.zone, last, spare, view.feed_cap > 0.0, view.wear_cost])
    group = np.unique(keys, axis=1, return_inverse=True)[1].ravel()
    count = int(group.max()) + 1
    one = np.zeros(count, int)
    one[group] = np.arange(len(view))
    members = np.bincount(group, minlength=count)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values, count)

    vehicle, step = cells(np.zeros(len(view), int), last)
    here = (np.minimum(leave[vehicle], edges[step + 1]) - edges[step]).clip(min=0.0) / 3600.0
    cell = (np.cumsum(last[one]) - last[one])[group[vehicle]] + step
    total = int(last[one].sum())
    highest = max(float(np.abs(horizon.buy).max()), float(np.abs(horizon.sell).max())) or 1.0
    efficiency = summed(view.charge_efficiency) / members
    ends_later = view.deadline[one] > edges[-1]
    jobs = Jobs(
        view.zone[one], np.zeros(count, int), last[one], summed(view.energy), summed(view.target),
        summed(np.minimum(view.least, view.energy)), summed(np.maximum(view.target, view.energy)),
        efficiency, summed(view.discharge_efficiency) / members,
        np.where(ends_later, max(float(horizon.buy.mean()), 0.0) / efficiency,
                 _MISSING_PRICES * highest),
        view.wear_cost[one],
        np.bincount(cell, steady_power(view)[vehicle] * here, total),
        np.bincount(cell, view.feed_cap[vehicle] * here, total))
    solved = dispatch(horizon, jobs, Peaks.of_steps(horizon, own.demand_price))
    job, at = cells(jobs.first, jobs.last)
    plan.edges = edges
    plan.draw_kw = np.zeros((count, len(edges) - 1))
    plan.feed_kw = np.zeros((count, len(edges) - 1))
    net = (solved.drawn - solved.fed) / horizon.hours[at]
    plan.draw_kw[job, at], plan.feed_kw[job, at] = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    plan.of[:] = NONE
    plan.of[view.session] = group


def _edges(view: View) -> np.ndarray:
    """Steps from now on: fine ones, coarse ones, and every change of the buying price."""
    own, now = view.parameters, view.t_s
    end = now + min(own.horizon_s, max(float(view.deadline.max()) - now, own.step_s))
    near = np.arange(now // own.step_s + 1, (now + own.near_s) // own.step_s + 1) * own.step_s
    far = np.arange((now + own.near_s) // own.far_step_s + 1, end // own.far_step_s + 1) * own.far_step_s
    inner = np.concatenate([near, far, view.buying.starts])
    return np.concatenate([[now], np.unique(inner[(inner > now) & (inner < end)]), [end]])


def _horizon(view: View, edges: np.ndarray) -> Horizon:
    """Prices, forecast base load and production, and the limits as they are now."""
    steps = len(edges) - 1
    room = view.room
    base = view.base.averages(edges)
    base_now = float(view.base.at(view.t_s))
    made = (view.production.averages(edges) - view.production.at(view.t_s)).T
    return Horizon(edges, view.buying.averages(edges), view.selling.averages(edges), base,
                   np.full(steps, room.site_in + base_now), np.full(steps, room.site_out - base_now),
                   room.zone_in[:, None] + made, room.zone_out[:, None] - made)
