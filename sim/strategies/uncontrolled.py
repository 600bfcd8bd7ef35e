"""As fast as possible, whatever the limits say: what happens when nobody steers."""

import numpy as np

from entities.components import Reason
from sim.deciding import hardware
from sim.strategies import Parameters
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = False
LOCAL = True


def decide(view: View) -> Decision:
    """Everyone is offered what vehicle and connector can do."""
    reason = np.where(view.energy < view.target, hardware(view), Reason.TARGET)
    return Decision(view.cap, reason.astype(np.int32))
