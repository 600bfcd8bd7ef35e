"""Who was plugged in first is served first, at full power, until the room is used up.

The order of SortedSchedulingAlgo with first_come_first_served in ACN-Sim [Lee, Sharma and Low,
"ACN-Sim", IEEE Trans. Smart Grid 2021]; ties go by connector.
"""

import numpy as np

from sim.deciding import charge_in_order
from sim.strategies import Parameters
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> Decision:
    """Full power in the order of plugging in."""
    return charge_in_order(view, np.argsort(view.plugged, kind="stable"))
