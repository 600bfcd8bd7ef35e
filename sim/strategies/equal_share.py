"""Max-min fair sharing: everyone the same power, what one cannot use goes to the others."""

from entities.components import Reason
from sim.deciding import why_drawing
from sim.granting import grant_evenly
from sim.strategies import Parameters
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> Decision:
    """Equal shares of the room."""
    want = view.want()
    granted = grant_evenly(view, want)
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))
