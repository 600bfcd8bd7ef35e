"""Charge when energy is cheap, feed the grid when it is dear, leave with the target.

For each vehicle the price steps of its remaining stay are ranked from the cheapest. It charges
now if the cheaper steps do not hold the hours it still needs. It feeds now if what a kWh earns
clears what it costs to buy back in the dearest step that it would have to charge in, losses
and wear included,

    sell * eta_d - buy / eta_c > wear          [an engineering rule; see physics reference 3]

and if the stay is long enough to win that energy back. Nobody begins to feed who has not an
interval's energy to spare, or one who was just drained would feed each crumb that it charges.
Whoever has no hours to spare charges before anyone else; hours are counted as `sim.pacing` does.
If the site would draw more than its limit all the same, because of its base load, those who can
spare energy feed it whatever the price.
"""

from typing import Annotated

import numpy as np
from pydantic import Field

from entities.components import Reason
from sim.deciding import why_drawing, why_feeding
from sim.granting import grant_feed, grant_in_order
from sim.pacing import defend, pace
from sim.strategies import Parameters
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False
APART = True
CRUMB_KWH = 1e-9


class PARAMETERS(Parameters):
    """`guard_intervals`: control intervals to have charged before the departure."""

    guard_intervals: Annotated[float, Field(ge=0)] = 2.0


def decide(view: View) -> Decision:
    """Setpoints of both signs."""
    time = pace(view, view.parameters.guard_intervals)
    spare = view.energy - view.least
    begins = spare >= view.feed_cap / view.discharge_efficiency * (view.interval_s / 3600.0)
    goes_on = (view.setpoint < 0.0) & (spare > CRUMB_KWH)
    can_feed = time.can_feed & (begins | goes_on)
    sell_now = view.selling.at(view.t_s)
    cheaper_hours, buy_back = _rank_steps(view, time.hours_fed)
    gain = sell_now * view.discharge_efficiency - buy_back / view.charge_efficiency
    feed = can_feed & (gain > view.wear_cost)
    charge = time.must_charge | (~feed & (cheaper_hours < time.hours))

    want = np.where(charge, view.want(), 0.0)
    sell = np.where(feed, view.feed_cap, 0.0)
    drawn = grant_in_order(view, want, time.order)
    fed = grant_feed(view, sell, time.order[::-1])
    fed = np.maximum(fed, defend(view, drawn, fed, can_feed & ~charge, time.order[::-1]))
    reason = np.where(feed | (fed > 0.0),
                      why_feeding(view, sell, fed, np.where(feed, Reason.PRICE, Reason.SITE_LIMIT)),
                      why_drawing(view, want, drawn, Reason.PRICE))
    worn_out = can_feed & ~feed & ~charge & (fed <= 0.0) & (gain > 0.0)
    return Decision(np.where(fed > 0.0, -fed, view.offer(drawn)),
                    np.where(worn_out, Reason.WEAR, reason).astype(np.int32))


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
