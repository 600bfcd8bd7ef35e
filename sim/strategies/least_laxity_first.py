"""Who has the least time to spare is served first, at full power, until the room is used up.

Laxity is the time until departure less the time that charging to the target takes at full power
[Dertouzos and Mok, IEEE Trans. Software Eng. 1989; least_laxity_first of ACN-Sim, Lee, Sharma and
Low 2021]. Whoever waits loses laxity and whoever charges keeps it, so that vehicles take turns;
ties go by connector.
"""

import numpy as np

from sim.deciding import charge_in_order
from sim.strategies import Parameters
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> Decision:
    """Full power in the order of laxity."""
    laxity = view.deadline - view.t_s - 3600.0 * view.hours_needed
    return charge_in_order(view, np.argsort(laxity, kind="stable"))
