"""Power is dealt out like cards: one step each in turn, until the next step would not fit.

RoundRobin of ACN-Sim [Lee, Sharma and Low, IEEE Trans. Smart Grid 2021], whose step is 1 A and
whose turn goes by earliest deadline; ours is the scenario's `round_robin_step_kw`, and a vehicle's last step
is no more than it can draw.
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
_ROUNDING = 1e-9


def decide(view: View) -> Decision:
    """Steps dealt in turn."""
    want, step = view.want(), view.step_kw
    levels = np.ceil(want / step - _ROUNDING)
    order = np.argsort(view.deadline, kind="stable")
    if view.room.lines is not None:
        granted = Rows.of(view).deal(want, step, order)
        return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))
    stations, transformers = view.room.stations, view.room.transformers
    places = [(view.zone, view.room.zone_in)]
    if stations is not None:
        places.insert(0, (stations.of[view.connector], stations.into))
    if transformers is not None:
        places.append((transformers.of[view.connector], transformers.into))
    for place, rooms in places:
        for k in np.flatnonzero(np.isfinite(rooms)).tolist():
            queue = order[place[order] == k]
            levels[queue] = _deal(levels[queue], rooms[k] / step)
    if np.isfinite(view.room.site_in):
        levels[order] = _deal(levels[order], view.room.site_in / step)
    granted = np.minimum(levels * step, want)
    return Decision(view.offer(granted), why_drawing(view, want, granted, Reason.UNDECIDED))


def _deal(levels: np.ndarray, room: float) -> np.ndarray:
    """Whole steps for each of a queue that wants `levels` (n,), at most `room` together."""
    room = int(np.floor(max(room, 0.0) + _ROUNDING))
    if levels.sum() <= room:
        return levels
    low, high = 0, int(levels.max())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if np.minimum(levels, middle).sum() <= room else (low, middle)
    dealt = np.minimum(levels, low)
    next_in_turn = np.flatnonzero(levels > low)[: int(room - dealt.sum())]
    dealt[next_in_turn] += 1
    return dealt
