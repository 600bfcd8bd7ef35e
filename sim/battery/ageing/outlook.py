"""What lies ahead of a battery, and what wear costs.

A pack is worn out at its end of life, a chosen share of the new capacity; a fade of f has
used up f / (1 - end_of_life) of its price. Prices are those of new packs.
"""

from __future__ import annotations

import numpy as np

from sim.battery.ageing.cell import Cell
from sim.battery.ageing.day import Day
from sim.battery.ageing.state import State

YEAR_D = 365.0
HORIZON_YEARS = 50.0
"""Lives that last longer are reported as unbounded."""
LIFE_YEARS = 8.0
"""Years over which the life-long wear of a kWh is averaged, as in the figures we compare with."""
_HALVINGS = 48


def wear_cost(fade: np.ndarray, capacity_kwh: np.ndarray, price_per_kwh: np.ndarray,
              end_of_life: float) -> np.ndarray:
    """What a fade costs, (n,), in the currency of the pack's price per kWh."""
    return fade * capacity_kwh * price_per_kwh / (1.0 - end_of_life)


def years_left(cell: Cell, state: State, day: Day, scalar: np.ndarray,
               end_of_life: float) -> np.ndarray:
    """Years to the end of life if every day is like this one, (n,); 0 where it is reached,
    inf beyond HORIZON_YEARS.

    By halving the span on the growth laws' closed form. It keeps the present capacity's
    throughput, where day by day it would fall with the capacity, so the end comes slightly
    too soon.
    """
    budget = 1.0 - end_of_life - state.break_in

    def left(days):
        calendar, cycling = cell.after(state, day, days, scalar)
        return calendar + cycling < budget

    low = np.zeros_like(state.calendar)
    high = np.full_like(low, HORIZON_YEARS * YEAR_D)
    unbounded = left(high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        alive = left(middle)
        low, high = np.where(alive, middle, low), np.where(alive, high, middle)
    years = np.where(state.fade >= 1.0 - end_of_life, 0.0, high / YEAR_D)
    return np.where(unbounded, np.inf, years)


def v2g_fade(cell: Cell, state: State, day: Day, without: Day,
             scalar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fade that V2G adds, by a pair of days with and without it: on this day, and on an
    average day of LIFE_YEARS lived like this one; both (n,), negative where V2G spares.

    `state` is that of the day's beginning, on both sides. Power laws take most from a young
    battery, so the first, which is part of the day's own fade, overstates what V2G costs in
    the end; the second is what a trade should be held against.
    """
    today = cell.step(state, day, scalar).fade - cell.step(state, without, scalar).fade
    days = np.full_like(today, LIFE_YEARS * YEAR_D)
    life = sum(cell.after(state, day, days, scalar)) - sum(
        cell.after(state, without, days, scalar))
    return today, life / days
