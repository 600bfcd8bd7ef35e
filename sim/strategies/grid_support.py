"""Relief for a stressed grid: the more stress in a zone, the less its vehicles draw.

Everyone shares the room equally, and each zone takes a share of that. While its stress is above
`relax_at` the share goes down at each control interval, by up to `give_up` of it where the stress
is `full_at` or more, and past nothing into feeding; below `relax_at` it comes back by up to
`win_back`. Stress follows what was decided an interval ago, so that steps of this kind settle and
a share that followed the stress itself would swing between all and nothing (additive increase,
multiplicative decrease: Studli, Crisostomi, Middleton and Shorten, Int. J. Control 85, 2012).
Nobody is asked for more than it can win back before it leaves: whoever has no time to spare charges
at full power.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from entities.components import Reason
from sim.deciding import follow, why_drawing
from sim.granting import grant_evenly
from sim.pacing import pace
from sim.strategies import Inputs, Parameters
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False
SIGNAL = "stress"
_LEAST_SHARE = 0.25
"""A share below this, and feeding, moves in the same steps as this."""


class PARAMETERS(Parameters):
    """The stress 0..1 above which a zone gives way (`relax_at`) and where it does so fastest
    (`full_at`); the part of its share that it gives up (`give_up`) and the part of the whole that
    it wins back (`win_back`) at most in an interval; `guard_intervals` to have charged before the
    departure."""

    relax_at: Annotated[float, Field(ge=0, le=1)] = 0.5
    full_at: Annotated[float, Field(ge=0, le=1)] = 0.8
    give_up: Annotated[float, Field(gt=0, le=1)] = 0.5
    win_back: Annotated[float, Field(gt=0, le=1)] = 0.1
    guard_intervals: Annotated[float, Field(ge=0)] = 1.0

    @model_validator(mode="after")
    def _ascends(self):
        if self.relax_at >= self.full_at:
            raise ValueError("relax_at has to be below full_at")
        return self


class Shares:
    """Each zone's share, (zones,): 1 is all of its room, 0 nothing, -1 feeding all it can."""

    def __init__(self, zones: int):
        self.share = np.ones(zones)
        self._interval = 0

    def follow(self, view: View) -> np.ndarray:
        """The shares at a view; they move once a control interval."""
        interval, own = ceil(view.t_s / view.interval_s), view.parameters
        if interval > self._interval:
            over = (view.stress - own.relax_at) / (own.full_at - own.relax_at)
            down = own.give_up * np.clip(over, 0.0, 1.0) * np.maximum(self.share, _LEAST_SHARE)
            up = own.win_back * np.clip(-over, 0.0, 1.0) * (interval - self._interval)
            self.share = np.clip(self.share - down + up, -1.0, 1.0)
            self._interval = interval
        return self.share


def prepare(inputs: Inputs) -> Shares:
    """Full shares to begin with."""
    return Shares(len(inputs.scenario.site.zones))


def decide(view: View) -> Decision:
    """Equal shares of the room, times each zone's share of it; feeding below nothing."""
    time = pace(view, view.parameters.guard_intervals)
    share = view.memory.follow(view)[view.zone]
    even = grant_evenly(view, view.want())
    wanted = even * np.maximum(share, 0.0) \
        + np.where(time.can_feed, view.feed_cap, 0.0) * np.minimum(share, 0.0)
    wanted = np.where(time.must_charge, view.want(), wanted)
    shared = why_drawing(view, view.want(), even, Reason.UNDECIDED)
    return follow(view, wanted, time.order,
                  np.where(share < 1.0, Reason.GRID, shared))
