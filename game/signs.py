"""What the hub tells that no column holds: the price as it is written, how dear it is, and how green."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.ui.words import number
from sim.footprint import renewable_share_now

LOW, MIDDLE, HIGH, UNKNOWN = 0, 1, 2, -1


@dataclass(frozen=True)
class Signs:
    """The buying price and its unit as text; its rate band; the renewable share of what the site
    uses, 0..1, NaN where it is unknown; the tariff's highest buying price, 0 where it is unknown."""

    price: str = ""
    unit: str = ""
    band: int = UNKNOWN
    renewable: float = float("nan")
    high: float = 0.0


def signs(model, t_s: float) -> Signs:
    """The signs of a model at `t_s` (s since the start, at or after model.now_s)."""
    price = model.world.hub.price_buy.item(0)
    return Signs(number(price, 3), f"{model.scenario.currency}/kWh",
                 rate_band(price, model.conditions.buying.values), renewable_share_now(model, t_s),
                 max(float(model.conditions.buying.values.max()), 0.0))


def rate_band(price: float, prices: np.ndarray) -> int:
    """LOW, MIDDLE or HIGH: the third of the tariff's own different prices that `price` is in,
    by the middle of its rank. A flat tariff is in the middle."""
    own = np.unique(prices)
    rank = (np.searchsorted(own, price, "left") + np.searchsorted(own, price, "right")) / 2.0
    share = rank / len(own)
    return LOW if share < 1.0 / 3.0 else HIGH if share > 2.0 / 3.0 else MIDDLE
