"""Follows the optimum that perfect foresight finds: the yardstick, not something one could run.

Before its first decision it solves the whole scenario, every visit and price of it known (see
`sim.optimum`), and then moves each vehicle to the stored energy that the solution has at the end
of the present step. Where stays were merged into classes, a class's energy goes to its members in
the order of time to spare. The solution leaves tapers, a three-phase network and limits of stations
and transformers out: whoever they concern charges at full power when the crowd leaves it no time to
spare, and feeds only what it can win back; commands that the scenario did not foresee are answered
only by that and by the limits. Where an export limit leaves room only beside what neighbours draw,
the solution feeds them and the strategy does not.
"""

from __future__ import annotations

import numpy as np

from entities.components import Reason
from sim.deciding import follow
from sim.pacing import pace, steady_power
from sim.sharing import spread
from sim.strategies import Inputs, Parameters, reaching
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False
GUARD_INTERVALS = 1.0
"""Held back where the solution leaves something out."""


def prepare(inputs: Inputs):
    """The optimum of the scenario, a `sim.optimum.Optimum`."""
    from sim.optimum import optimum

    return optimum(inputs.scenario, inputs.visits)


def decide(view: View) -> Decision:
    """The power that leads to the planned energy at the end of the present step."""
    unseen = (steady_power(view) < view.draw_limit * (1.0 - 1e-9)) | view.room.has_more
    seen = not unseen.any()
    time = pace(view, 0.0 if seen else GUARD_INTERVALS, planned=seen)
    wanted = _planned(view, time.order)
    if not seen:
        wanted = np.where(time.can_feed, wanted, np.maximum(wanted, 0.0))
    wanted = np.where(time.must_charge & unseen, view.want(), wanted)
    cause = np.where(wanted > 0.0, Reason.PLAN, Reason.PRICE)
    return follow(view, wanted, time.order, cause)


def _planned(view: View, order: np.ndarray) -> np.ndarray:
    """The plan's power for each, kW AC (n,) of both signs; 0 for who is not in it."""
    plan = view.memory
    jobs, edges = plan.jobs, plan.horizon.edges
    wanted = np.zeros(len(view))
    step = int(np.searchsorted(edges, view.t_s, side="right")) - 1
    job = reaching(plan.job_of, view.session)[view.session]
    known = np.flatnonzero(job >= 0)
    known = known[(jobs.first[job[known]] <= step) & (step < jobs.last[job[known]])]
    if step >= len(edges) - 1 or not len(known):
        return wanted
    present, group = np.unique(job[known], return_inverse=True)
    cell = jobs.offset[present] + step - jobs.first[present]
    hours = (edges[step + 1] - view.t_s) / 3600.0

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values, len(present))

    stored = summed(view.energy[known])
    coming = np.where(jobs.first[present] == step,
                      jobs.start[present] - summed(plan.start_kwh[view.session[known]]), 0.0)
    gain = plan.dispatch.stored[cell] - stored - coming
    if not plan.exact:  # some may have left a class in its last step, with their targets
        leaving = jobs.last[present] == step + 1
        gain = np.where(leaving, summed(view.target[known]) - stored, gain)
    charge = np.maximum(gain, 0.0) / jobs.charge_efficiency[present] / hours
    feed = np.maximum(-gain, 0.0) * jobs.discharge_efficiency[present] / hours
    feed = np.minimum(feed, plan.dispatch.fed[cell] / plan.horizon.hours[step])
    rank = np.empty(len(view), int)
    rank[order] = np.arange(len(view))
    queue = np.argsort(rank[known])
    wanted[known] = (spread(group, charge, view.want()[known], queue)
                     - spread(group, feed, np.where(view.energy > view.least, view.feed_cap, 0.0)[known],
                              queue[::-1]))
    return wanted
