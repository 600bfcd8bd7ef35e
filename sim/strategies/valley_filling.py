"""Charging fills the valleys of the base load, so that the site's total is as flat as it can be.

The decentralised protocol of Gan, Topcu and Low ("Optimal decentralized protocol for electric
vehicle charging", IEEE Trans. Power Syst. 2013, algorithm 1): the site broadcasts its forecast
total load, base and charging, as a price over the steps ahead; each vehicle answers with the
profile that is cheapest for it while staying near its last one,

    p <- argmin sum_t (D_t + sum_n p_nt) / N * p_t + (p_t - p'_t)^2 / 2,   0 <= p <= P,  sum p = need

which is the projection of p' - price on its own constraints; repeated, the profiles converge to
the flattest total. Profiles are kept from one control interval to the next, so that a few
rounds each are enough. Whoever comes in between waits for the next, and whoever runs out of time
charges before anyone else. Prices play no part, and nobody feeds.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from entities.components import NONE, Reason
from sim.deciding import follow
from sim.pacing import pace, steady_power
from sim.strategies import Inputs, Parameters, reaching
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False
_HALVINGS = 30


class PARAMETERS(Parameters):
    """`step_s` and `horizon_s` of the profiles; `rounds` of broadcast and answer at each control
    interval; `guard_intervals` to have charged before the departure."""

    step_s: Annotated[float, Field(gt=0)] = 900.0
    horizon_s: Annotated[float, Field(gt=0)] = 86_400.0
    rounds: Annotated[int, Field(ge=1)] = 4
    guard_intervals: Annotated[float, Field(ge=0)] = 1.0


class Profiles:
    """The present profiles, kW AC (n, steps), of the visits whose row `of` gives (-1: none);
    `first` is the number of the first step since the scenario's start."""

    def __init__(self, visits: int):
        self.of = np.full(visits, NONE)
        self.first = 0
        self.kw = np.zeros((0, 0))
        self.due_s = -np.inf

    def at(self, session: np.ndarray, step: int) -> np.ndarray:
        """What the profiles of those visits say for a step, kW AC (n,); 0 without a profile."""
        row, column = self.of[session], step - self.first
        if not 0 <= column < self.kw.shape[1]:
            return np.zeros(len(session))
        return np.where(row != NONE, self.kw[np.maximum(row, 0), column], 0.0)

    def shifted(self, session: np.ndarray, first: int, steps: int) -> np.ndarray:
        """The profiles of those visits from step `first` on, kW AC (n, steps)."""
        kw = np.zeros((len(session), steps))
        known = np.flatnonzero(self.of[session] != NONE)
        past = first - self.first
        overlap = min(self.kw.shape[1] - past, steps)
        if len(known) and overlap > 0:
            kw[known, :overlap] = self.kw[self.of[session[known]], past:past + overlap]
        return kw


def prepare(inputs: Inputs) -> Profiles:
    """No profiles yet."""
    return Profiles(len(inputs.visits))


def decide(view: View) -> Decision:
    """What the profiles say for now, more for those who have no time to spare."""
    time = pace(view, view.parameters.guard_intervals)
    profiles, step_s = view.memory, view.parameters.step_s
    profiles.of = reaching(profiles.of, view.session)
    if view.t_s >= profiles.due_s:
        _revise(profiles, view, time.slack)
    planned = profiles.at(view.session, int(view.t_s // step_s))
    wanted = np.where(time.must_charge, view.want(), planned)
    return follow(view, wanted, time.order, Reason.PLAN)


def _revise(profiles: Profiles, view: View, slack: np.ndarray) -> None:
    """Some rounds of the protocol over the steps ahead."""
    step_s = view.parameters.step_s
    first = int(view.t_s // step_s)
    until = min(float(view.deadline.max()), view.t_s + view.parameters.horizon_s)
    steps = max(int(np.ceil(until / step_s)) - first, 1)
    edges = (first + np.arange(steps + 1)) * step_s
    edges[0] = view.t_s
    hours = np.diff(edges) / 3600.0
    leave = view.deadline - view.parameters.guard_intervals * view.interval_s
    here = (np.minimum(leave[:, None], edges[1:]) - edges[:-1]).clip(min=0.0) / 3600.0
    share = here / hours
    most = np.where(here > 0.0, steady_power(view)[:, None], 0.0)
    need = np.minimum(np.maximum(view.target - view.energy, 0.0) / view.charge_efficiency,
                      (most * here).sum(axis=1))
    base = view.base.averages(edges)
    kw = profiles.shifted(view.session, first, steps)
    for _ in range(view.parameters.rounds):
        total = base + (kw * share).sum(axis=0)
        kw = _nearest(kw - total / len(view), most, here, need)
    profiles.of[:] = NONE
    profiles.of[view.session] = np.arange(len(view))
    profiles.first, profiles.kw = first, kw
    profiles.due_s = view.t_s + view.interval_s


def _nearest(wish: np.ndarray, most: np.ndarray, hours: np.ndarray, need: np.ndarray) -> np.ndarray:
    """For each row the profile nearest to `wish` (n, steps) within 0 and `most` whose energy over
    `hours` is `need` (n,): clip(wish - level, 0, most), the level found by bisection."""
    low = (wish - most).min(axis=1, keepdims=True)
    high = wish.max(axis=1, keepdims=True)
    for _ in range(_HALVINGS):
        level = (low + high) / 2.0
        over = (np.clip(wish - level, 0.0, most) * hours).sum(axis=1) > need
        low = np.where(over[:, None], level, low)
        high = np.where(over[:, None], high, level)
    return np.clip(wish - high, 0.0, most)
