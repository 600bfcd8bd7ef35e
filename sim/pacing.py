"""Time to spare: who must charge now to leave with its target, and who can afford to feed.

Hours are counted at the power that the import limit and the base load's profile leave each if
all charge at once, so that a crowd that waits for the night does not find the night too short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.control import View, grant_feed


@dataclass(frozen=True)
class Pace:
    """Arrays of shape (n,), hours: `stay` until departure, `hours` of charging still needed and
    `hours_fed` after feeding for an interval, `slack` between stay and hours. `must_charge` holds
    for who would run out of slack before the next decision, `can_feed` for who would not even
    after feeding."""

    stay: np.ndarray
    hours: np.ndarray
    hours_fed: np.ndarray
    slack: np.ndarray
    must_charge: np.ndarray
    can_feed: np.ndarray


def pace(view: View, guard_intervals: float, crowded: bool = True) -> Pace:
    """How much time everyone has, less a guard of that many control intervals. A strategy that
    plans within the limits itself counts hours as if there were no crowd."""
    dt = view.interval_s / 3600.0
    stay = np.maximum(view.deadline - view.t_s, 0.0) / 3600.0
    factor = crowding(view) if crowded else 1.0
    hours, hours_fed = view.hours_needed * factor, view.hours_after_feeding * factor
    slack = stay - hours - guard_intervals * dt
    slack_fed = stay - hours_fed - guard_intervals * dt
    return Pace(stay, hours, hours_fed, slack,
                must_charge=(slack <= dt) & (view.energy < view.target),
                can_feed=(view.feed_cap > 0.0) & (view.energy > view.least) & (slack_fed > dt))


def crowding(view: View) -> np.ndarray:
    """How many times longer charging takes for each when all who need energy draw at once, in
    the room that base load leaves on average until it departs; (n,)."""
    if not np.isfinite(view.room.site_in):
        return np.ones(len(view))
    demand = view.crowd.demand_kw + float(np.where(view.energy < view.target, view.cap, 0.0).sum())
    until = np.maximum(view.deadline, view.t_s + view.interval_s)
    room = view.room.site_in + view.crowd.drawn_kw + view.base.at(view.t_s) - view.base.mean(view.t_s, until)
    return np.maximum(1.0, demand / np.maximum(room, 1.0))


def defend(view: View, drawn: np.ndarray, fed: np.ndarray, able: np.ndarray,
           order: np.ndarray) -> np.ndarray:
    """What those who are `able` must feed so that base load keeps within the import limit, kW
    AC (n,); those who feed already come first, so that both together keep the export limits."""
    excess = float(drawn.sum() - fed.sum() - view.room.site_in)
    if not np.isfinite(excess) or excess <= 0.0:
        return np.zeros(len(view))
    order = np.concatenate([order[fed[order] > 0.0], order[fed[order] <= 0.0]])
    spare = grant_feed(view, np.where(able, view.feed_cap, 0.0), order)
    queue = spare[order]
    shed = np.zeros(len(view))
    shed[order] = np.clip(excess + fed.sum() - (np.cumsum(queue) - queue), 0.0, queue)
    return shed


def spread(group: np.ndarray, amount: np.ndarray, most: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Deal each group's `amount` (groups,) to its members, one after the other in `order` (n,), up
    to `most` (n,) each; `group` (n,) numbers them. What all cannot take is left; (n,)."""
    queue = order[np.argsort(group[order], kind="stable")]
    mine, room = group[queue], most[queue]
    before = np.cumsum(room) - room
    head = np.searchsorted(mine, np.arange(len(amount)))
    before = before - before[np.minimum(head, len(queue) - 1)][mine]
    dealt = np.zeros(len(group))
    dealt[queue] = np.clip(amount[mine] - before, 0.0, room)
    return dealt


def steady_power(view: View) -> np.ndarray:
    """The constant power that reaches the target in the time that full power with its taper
    takes, kW AC (n,): what a plan in whole steps may count on. The cap where nothing is needed."""
    needed = np.maximum(view.target - view.energy, 0.0) / view.charge_efficiency
    tapering = np.isfinite(view.hours_needed) & (view.hours_needed > 0.0)
    return np.where(tapering, np.minimum(needed / np.where(tapering, view.hours_needed, 1.0),
                                         view.cap), view.cap)
