"""Max-min fair sharing: everyone the same power, what one cannot use goes to the others."""

from entities.components import Reason
from sim.control import Decision, View, grant_evenly
from sim.deciding import why_drawing
from sim.strategies import Parameters

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> Decision:
    """Equal shares of the room."""
    want = view.want()
    granted = grant_evenly(view, want)
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))
