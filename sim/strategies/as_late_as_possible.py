"""Nobody charges before it must: at full power, just in time to leave with its target.

The latest start counts the exact hours that the taper takes and how crowded the import limit
will be; it is checked at each control interval, so charging begins up to one interval, plus
`guard_intervals`, before the last moment. Batteries stand at a low state of charge for as long
as they can, which ages them least, and nobody has anything in hand when a plan changes.
ALAP of EV2Gym [Orfanoudakis et al., IEEE Trans. Intell. Transp. Syst. 2024].
"""

from typing import Annotated

import numpy as np
from pydantic import Field

from entities.components import Reason
from sim.deciding import why_drawing
from sim.granting import grant_in_order
from sim.pacing import pace
from sim.strategies import Parameters
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False


class PARAMETERS(Parameters):
    """`guard_intervals`: control intervals to start earlier than needed."""

    guard_intervals: Annotated[float, Field(ge=0)] = 0.0


def decide(view: View) -> Decision:
    """Full power for those who must, in the order of time to spare."""
    time = pace(view, view.parameters.guard_intervals)
    want = np.where(time.must_charge, view.want(), 0.0)
    granted = grant_in_order(view, want, time.order)
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.DEADLINE))
