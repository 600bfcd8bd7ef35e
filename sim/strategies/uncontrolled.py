"""As fast as possible, whatever the limits say: what happens when nobody steers."""

import numpy as np

from sim.control import View

KEEPS_LIMITS = False
LOCAL = True


def decide(view: View) -> np.ndarray:
    """Everyone is offered what vehicle and connector can do, kW AC (n,)."""
    return view.cap
