"""Relief for a stressed grid: the more stress in a zone, the less its vehicles draw.

Up to the stress `relax_at` everyone shares the room equally. From there to `full_at` charging
falls linearly, and who can feed goes on from its full draw to its full feed-in. Nobody is
asked for more than it can win back before it leaves: whoever has no time to spare charges at full
power.
"""

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from entities.components import Reason
from sim.control import Decision, View, grant_evenly
from sim.deciding import follow, why_drawing
from sim.pacing import pace
from sim.strategies import Parameters

KEEPS_LIMITS = True
LOCAL = False
SIGNAL = "stress"


class PARAMETERS(Parameters):
    """The stress 0..1 at which relief begins (`relax_at`) and is complete (`full_at`);
    `guard_intervals` to have charged before the departure."""

    relax_at: Annotated[float, Field(ge=0, le=1)] = 0.6
    full_at: Annotated[float, Field(ge=0, le=1)] = 0.9
    guard_intervals: Annotated[float, Field(ge=0)] = 1.0

    @model_validator(mode="after")
    def _ascends(self):
        if self.relax_at >= self.full_at:
            raise ValueError("relax_at has to be below full_at")
        return self


def decide(view: View) -> Decision:
    """Equal shares, less the relief that each zone's stress calls for."""
    own = view.parameters
    time = pace(view, own.guard_intervals)
    relief = np.clip((view.stress - own.relax_at) / (own.full_at - own.relax_at), 0.0, 1.0)[view.zone]
    share = grant_evenly(view, view.want())
    wanted = share - relief * (share + np.where(time.can_feed, view.feed_cap, 0.0))
    wanted = np.where(time.must_charge, view.want(), wanted)
    shared = why_drawing(view, view.want(), share, Reason.UNDECIDED)
    return follow(view, wanted, np.argsort(time.slack, kind="stable"),
                  np.where(relief > 0.0, Reason.GRID, shared))
