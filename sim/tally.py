"""What the fleet came to so far: energies, money, wear and what was missing, exact at any moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from entities.components import Phase
from sim import earnings


class Tally(NamedTuple):
    """From the start of the run on: AC energy drawn and fed by vehicles (kWh), what was paid for the
    one less what was earned with the other (currency), battery-side energy missing at departures
    (kWh), wear of what was fed by what decisions count with (currency)."""

    drawn_kwh: float
    fed_kwh: float
    spent: float
    missing_kwh: float
    v2g_wear: float


def tally(model, t_s: float) -> Tally:
    """The tally of a model at `t_s`, from now until its next event."""
    world, session = model.world, model.world.session
    moving = np.flatnonzero(world.vehicle.power0_kw)
    rows = world.vehicle.session[moving]
    drawn_ac, fed_ac, _, fed = earnings.running(model, rows, t_s)
    hub, wear = world.hub, world.vehicle.wear_per_kwh
    left = (session.phase == Phase.ENDED) | (session.phase == Phase.UNSERVED)
    missing = np.maximum(session.target_kwh[left] - session.departure_kwh[left], 0.0)
    drawn, given = float(drawn_ac.sum()), float(fed_ac.sum())
    return Tally(
        float(session.charged_ac_kwh.sum()) + drawn,
        float(session.discharged_ac_kwh.sum()) + given,
        float(session.cost.sum()) + drawn * hub.price_buy.item(0)
        - float(session.revenue.sum()) - given * hub.price_sell.item(0),
        float(missing.sum()),
        earnings.wear_assumed(model) + float((fed * wear[moving]).sum()))
