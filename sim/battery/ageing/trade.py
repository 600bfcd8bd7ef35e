"""What a kWh that V2G takes from a battery costs in wear: what a trade is held against.

Eight seasonal years are lived twice, commuting by day, with and without V2G in the evening, by the
chosen cell at its degradation scalar. The fade that V2G adds, at the pack's price, over what it fed,
is the cost of a kWh: for NMC at $128/kWh $0.020, NCA $0.019, LFP (large prismatic, $81/kWh) $0.030,
LFP (Sony) $0.004 [derived from NREL BLAST-Lite and BloombergNEF 2025]. It is known before the run
and the same for all vehicles of a chemistry; what V2G came to cost is the ageing's own account.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.battery.ageing import day as days
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.outlook import LIFE_YEARS, YEAR_D
from sim.battery.ageing.settings import AgeingSettings

HOURS = np.arange(25.0)
COMMUTE = np.interp(HOURS, [0, 4, 8, 9, 17, 18, 24], [.5, .8, .8, .65, .65, .5, .5])
V2G = np.interp(HOURS, [0, 2, 7, 8, 9, 17, 18, 19, 22, 24],
                [.3, .3, .9, .9, .75, .9, .75, .75, .3, .3])
"""SoC along a day at home and at work without V2G, and with it."""
FED = 0.9 - 0.3 - 0.15
"""What the second feeds beyond its evening drive, share of the capacity."""


def seasonal_c(day: int) -> np.ndarray:
    """Temperatures of a day's 25 points, degrees Celsius: yearly 15 +- 10, daily +- 5."""
    hour = np.arange(24 * day, 24 * day + 25)
    return (15 + 10 * np.sin(2 * np.pi * (hour / 24 - 105) / 365)
            + 5 * np.sin(2 * np.pi * (hour % 24 - 9) / 24))


def wear_per_kwh(chemistry: np.ndarray, settings: AgeingSettings) -> np.ndarray:
    """The cost of a battery-side kWh discharged by vehicles of these codes (n,), in the currency
    of the packs' prices; (n,)."""
    cost = np.zeros(len(chemistry))
    for code in np.unique(chemistry).tolist():
        fade = fade_per_capacity_fed(settings.cell(code), settings.degradation_scalar(code))
        cost[chemistry == code] = fade * settings.price(code) / (1.0 - settings.end_of_life)
    return cost


@lru_cache(maxsize=64)
def fade_per_capacity_fed(cell: Cell, scalar: float) -> float:
    """Fade that V2G adds for each time that it feeds the battery's whole new capacity, >= 0."""
    year = int(YEAR_D)
    both = np.tile(np.stack([COMMUTE, V2G]), (year, 1))
    warm = np.repeat([seasonal_c(k) for k in range(year)], 2, axis=0)
    gathered = days.gather(cell, HOURS, both, warm)
    lived = [days.part(gathered, slice(2 * k, 2 * k + 2)) for k in range(year)]
    state, scalars = cell.new(2), np.full(2, scalar)
    count = int(LIFE_YEARS * YEAR_D)
    for k in range(count):
        state = cell.step(state, lived[k % year], scalars)
    without, with_v2g = state.fade.tolist()
    return max(with_v2g - without, 0.0) / (count * FED)
