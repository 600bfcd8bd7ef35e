"""Max-min fair sharing: everyone the same power, what one cannot use goes to the others."""

import numpy as np

from sim.control import View, grant_evenly

KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> np.ndarray:
    """Equal shares of the room, kW AC (n,)."""
    return view.offer(grant_evenly(view, view.want()))
