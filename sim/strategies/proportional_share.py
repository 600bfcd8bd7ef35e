"""When there is not room for all, everyone gets the same share of what it could draw.

A vehicle that can draw 22 kW gets twice the power of one that can draw 11 kW, where
`equal_share` would give both the same: stations and zones are scaled down to their limits first, then all to
the site's, and on a three-phase network those on a full line to what it carries. Proportional
fairness of rates with equal weights per kW [Kelly, Maulloo and Tan, "Rate control for communication
networks", J. Oper. Res. Soc. 1998].
"""

import numpy as np

from entities.components import Reason
from sim.deciding import why_drawing
from sim.grid.lines import Rows
from sim.strategies import Parameters
from sim.view import Decision, View

PARAMETERS = Parameters
KEEPS_LIMITS = True
LOCAL = False


def decide(view: View) -> Decision:
    """Wants, scaled down to the room."""
    want = view.want()
    stations, transformers = view.room.stations, view.room.transformers
    granted = want if stations is None else stations.scale(view.connector, want)
    zones = np.bincount(view.zone, granted, len(view.room.zone_in))
    granted = granted * _share(view.room.zone_in, zones)[view.zone]
    if transformers is not None:
        granted = transformers.scale(view.connector, granted)
    granted = granted * _share(np.array([view.room.site_in]), granted.sum(keepdims=True))
    if view.room.lines is not None:
        granted = Rows.of(view).rise(granted, np.where(granted > 0.0, granted, 1.0))
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))


def _share(room: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The share 0..1 of what is wanted that there is room for."""
    tight = wanted > np.maximum(room, 0.0)
    return np.where(tight, np.maximum(np.where(tight, room, 0.0), 0.0)
                    / np.where(tight, wanted, 1.0), 1.0)
