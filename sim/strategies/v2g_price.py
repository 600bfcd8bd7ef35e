"""Charge when energy is cheap, feed the grid when it is dear, leave with the target.

For each vehicle the price steps of its remaining stay are ranked from the cheapest. It charges
now if the cheaper steps do not hold the hours it still needs. It feeds now if what a kWh earns
clears what it costs to buy back in the dearest step that it would have to charge in, losses
and wear included,

    sell * eta_d - buy / eta_c > wear          [an engineering rule; see physics reference 3]

and if the stay is long enough to win that energy back. Nobody begins to feed who has not an
interval's energy to spare, or one who was just drained would feed each crumb that it charges.
Whoever has no hours to spare charges before anyone else. Hours are counted at the power that
the import limit and the base load's profile leave each if all charge at once, so that a crowd
that waits for the night does not find the night too short. If the site would draw more than its limit all the same, because of its base load, those who
can spare energy feed it whatever the price.
"""

import numpy as np

from sim.control import View, grant_feed, grant_in_order

KEEPS_LIMITS = True
LOCAL = False
GUARD_INTERVALS = 2.0
CRUMB_KWH = 1e-9


def decide(view: View) -> np.ndarray:
    """Setpoints of both signs, kW AC (n,)."""
    dt = view.interval_s / 3600.0
    stay = np.maximum(view.deadline - view.t_s, 0.0) / 3600.0
    crowding = _crowding(view)
    hours = view.hours_needed * crowding
    hours_fed = view.hours_after_feeding * crowding
    slack = stay - hours - GUARD_INTERVALS * dt
    slack_fed = stay - hours_fed - GUARD_INTERVALS * dt

    must_charge = (slack <= dt) & (view.energy < view.target)
    spare = view.energy - view.least
    begins = spare >= view.feed_cap / view.discharge_efficiency * dt
    goes_on = (view.setpoint < 0.0) & (spare > CRUMB_KWH)
    can_feed = (view.feed_cap > 0.0) & (begins | goes_on) & (slack_fed > dt)
    sell_now = view.selling.at(view.t_s)
    cheaper_hours, buy_back = _rank_steps(view, hours_fed)
    gain = sell_now * view.discharge_efficiency - buy_back / view.charge_efficiency
    feed = can_feed & (gain > view.wear_cost)
    charge = must_charge | (~feed & (cheaper_hours < hours))

    order = np.argsort(slack, kind="stable")
    drawn = grant_in_order(view, np.where(charge, view.want(), 0.0), order)
    fed = grant_feed(view, np.where(feed, view.feed_cap, 0.0), order[::-1])
    fed = np.maximum(fed, _defend(view, drawn, fed, can_feed & ~charge, order[::-1]))
    return np.where(fed > 0.0, -fed, view.offer(drawn))


def _crowding(view: View) -> np.ndarray:
    """How many times longer charging takes for each when all who need energy draw at once, in
    the room that base load leaves on average until it departs; (n,)."""
    if not np.isfinite(view.room.site_in):
        return np.ones(len(view))
    demand = float(np.where(view.energy < view.target, view.cap, 0.0).sum())
    until = np.maximum(view.deadline, view.t_s + view.interval_s)
    room = view.room.site_in + view.base.at(view.t_s) - view.base.mean(view.t_s, until)
    return np.maximum(1.0, demand / np.maximum(room, 1.0))


def _rank_steps(view: View, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each vehicle: hours of its stay that are cheaper than now, and the price of the
    dearest step it charges in if it needs `hours` from the next step on (inf: no such step)."""
    first = view.buying.index(view.t_s)
    last = view.buying.index(float(view.deadline.max())) + 1
    starts = np.maximum(view.buying.starts[first:last], view.t_s)
    ends = np.append(view.buying.starts[first + 1:last], np.inf)
    price = view.buying.values[first:last]
    available = (np.minimum(ends, view.deadline[:, None]) - starts).clip(min=0.0) / 3600.0
    ranking = np.argsort(price, kind="stable")
    held = np.cumsum(available[:, ranking], axis=1)
    rank_of_now = int(np.flatnonzero(ranking == 0)[0])
    cheaper = held[:, rank_of_now] - available[:, 0]
    later = held.copy()
    later[:, rank_of_now:] -= available[:, :1]
    enough = later >= hours[:, None]
    enough[:, rank_of_now] = False
    dearest = price[ranking][np.argmax(enough, axis=1)]
    return cheaper, np.where(enough.any(axis=1), dearest, np.inf)


def _defend(view: View, drawn: np.ndarray, fed: np.ndarray, able: np.ndarray,
            order: np.ndarray) -> np.ndarray:
    """What those who are `able` must feed so that base load keeps within the import limit;
    those who feed already come first, so that both together keep the export limits."""
    excess = float(drawn.sum() - fed.sum() - view.room.site_in)
    if not np.isfinite(excess) or excess <= 0.0:
        return np.zeros(len(view))
    order = np.concatenate([order[fed[order] > 0.0], order[fed[order] <= 0.0]])
    spare = grant_feed(view, np.where(able, view.feed_cap, 0.0), order)
    queue = spare[order]
    shed = np.zeros(len(view))
    shed[order] = np.clip(excess + fed.sum() - (np.cumsum(queue) - queue), 0.0, queue)
    return shed
