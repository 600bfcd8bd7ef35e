"""Who leaves first is served first, at full power, until the room is used up.

The order of SortedSchedulingAlgo with earliest_deadline_first in ACN-Sim [Lee, Sharma and Low,
"ACN-Sim", IEEE Trans. Smart Grid 2021]; ties go by connector.
"""

import numpy as np

from sim.control import View, grant_in_order

KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> np.ndarray:
    """Full power in the order of departure, kW AC (n,)."""
    order = np.argsort(view.deadline, kind="stable")
    return view.offer(grant_in_order(view, view.want(), order))
