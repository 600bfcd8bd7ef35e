"""Frequency droop: everyone charges at the pace that its stay allows, and leans on the frequency.

The base point is the even power that reaches the target when the vehicle leaves. Around it each
bids all that it can move, down to feeding at full power and up to charging at full power, in
proportion to the deviation,

    P = P_base + P_bid clip((f - f0) / df_max, -1, 1)       0 within the deadband

with our sign: a low frequency takes charging away and feeds, a high one adds charging. (The
literature counts power into the grid as positive and writes -P_bid.) Continental FCR: deadband
10 mHz, full delivery at 200 mHz [regelleistung.net]; Nordic FCR-N: 100 mHz. Whoever has no time
to spare charges at full power. What it would do at nominal frequency is its plan: the difference
is what it gives the grid.
"""

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from entities.components import Reason
from sim.deciding import follow
from sim.grid.frequency import Droop, droop_kw
from sim.pacing import pace, steady_power
from sim.strategies import Parameters
from sim.view import Decision, View

KEEPS_LIMITS = True
LOCAL = False
SIGNAL = "deviation_hz"


class PARAMETERS(Parameters):
    """`deadband_hz` and the deviation of full delivery `df_max_hz`; `bid_share` of what each can
    move; `guard_intervals` to have charged before the departure."""

    deadband_hz: Annotated[float, Field(ge=0)] = 0.01
    df_max_hz: Annotated[float, Field(gt=0)] = 0.2
    bid_share: Annotated[float, Field(ge=0, le=1)] = 1.0
    guard_intervals: Annotated[float, Field(ge=0)] = 1.0

    @model_validator(mode="after")
    def _band(self):
        if self.deadband_hz >= self.df_max_hz:
            raise ValueError("deadband_hz has to be below df_max_hz")
        return self


def decide(view: View) -> Decision:
    """The base point, and the droop around it."""
    own = view.parameters
    time = pace(view, own.guard_intervals)
    spare_h = np.maximum(time.stay - own.guard_intervals * view.interval_s / 3600.0, 0.0)
    pressed = time.hours >= spare_h
    base = steady_power(view) * np.where(pressed, 1.0, time.hours / np.where(pressed, 1.0, spare_h))
    base = np.where(view.energy < view.target, base, 0.0)
    base = np.where(time.must_charge, view.want(), base)
    planned = follow(view, base, time.order, Reason.PLAN)
    if abs(view.deviation_hz) <= own.deadband_hz:
        return planned
    room = np.maximum(view.want() - base, 0.0) if view.deviation_hz > 0.0 else \
        base + np.where(time.can_feed, view.feed_cap, 0.0)
    bid = own.bid_share * np.where(time.must_charge, 0.0, room)
    curve = Droop(deadband_hz=own.deadband_hz, full_hz=own.df_max_hz)
    answer = follow(view, base - droop_kw(view.deviation_hz, bid, curve), time.order, Reason.GRID)
    return answer._replace(planned=planned.setpoint)
