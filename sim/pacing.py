"""Time to spare: who must charge now to leave with its target, and who can afford to feed.

Hours are counted at the power that the limits leave each if all charge at once (`sim.crowding`), so
that a crowd that waits for the night does not find the night too short. Before anyone feeds, all
who may feed are counted as if they had, and as charging it back together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.crowding import Limits, hours_left
from sim.granting import grant_feed
from sim.view import View

_NEVER_H = 1e6


@dataclass(frozen=True)
class Pace:
    """Arrays of shape (n,), hours: `stay` until departure, `hours` of charging still needed and
    `hours_fed` after feeding for an interval, at the pace that the crowd leaves, and `slack`, hours
    of full power to spare. `must_charge` holds for who would run out of slack before the next
    decision, `can_feed` for who would not even after feeding. `order` serves the least slack
    first: indices (n,)."""

    stay: np.ndarray
    hours: np.ndarray
    hours_fed: np.ndarray
    slack: np.ndarray
    must_charge: np.ndarray
    can_feed: np.ndarray
    order: np.ndarray


def pace(view: View, guard_intervals: float, planned: bool = False) -> Pace:
    """How much time everyone has, less a guard of that many control intervals. Whose own plan keeps
    zone and site limits (`planned`) is crowded by the network alone, but for feeding."""
    dt = view.interval_s / 3600.0
    guard = guard_intervals * dt
    stay = np.maximum(view.deadline - view.t_s, 0.0) / 3600.0
    needs = view.energy < view.target
    limits = Limits.of(view, planned)
    left, pressed = hours_left(view, needs, view.hours_needed + guard, limits)
    factor = _factor(stay, left)
    alone = stay - guard - view.hours_needed
    slack = np.where(pressed, alone, left - guard - view.hours_needed)
    order = np.lexsort((slack, ~pressed))
    may_feed = (view.feed_cap > 0.0) & (view.energy > view.least) & ~pressed
    can_feed, fed_factor = may_feed, factor
    if may_feed.any():
        hours = np.where(may_feed, view.hours_after_feeding, view.hours_needed) + guard
        left, behind = hours_left(view, needs | (may_feed & (view.hours_after_feeding > 0.0)),
                                  hours + np.where(may_feed, dt, 0.0), limits)
        can_feed = may_feed & ~behind & (stay > dt)
        fed_factor = _factor(stay, left)
    return Pace(stay, view.hours_needed * factor, view.hours_after_feeding * fed_factor, slack,
                needs & (pressed | (slack <= dt)), can_feed, order)


def _factor(stay: np.ndarray, left: np.ndarray) -> np.ndarray:
    """How many times longer than at full power charging takes, (n,) >= 1."""
    return np.clip(stay / np.maximum(left, 1.0 / _NEVER_H), 1.0, _NEVER_H)


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


def steady_power(view: View) -> np.ndarray:
    """The constant power that reaches the target in the time that full power with its taper
    takes, kW AC (n,): what a plan in whole steps may count on. The cap where nothing is needed."""
    needed = np.maximum(view.target - view.energy, 0.0) / view.charge_efficiency
    tapering = np.isfinite(view.hours_needed) & (view.hours_needed > 0.0)
    return np.where(tapering, np.minimum(needed / np.where(tapering, view.hours_needed, 1.0),
                                         view.cap), view.cap)
