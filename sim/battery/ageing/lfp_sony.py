"""LFP, small: Sony-Murata US26650FTC1, 3 Ah (BLAST's Lfp_Gr_SonyMurata3Ah_Battery).

Tests: Naumann et al., J. Energy Storage 17 (2018) 153 (calendar) and J. Power Sources 451
(2020) 227666 (cycling); capacity fit: Gasper et al., J. Electrochem. Soc. 169 (2022) 080518.
Cycling was tested at 25 and 40 degrees Celsius only, and the fit knows no influence of
temperature on it. The cycling rate passes through zero near a depth of discharge of 0.18.

Equations: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

from dataclasses import dataclass
from math import erf, pi, sqrt

import numpy as np

from entities.components import Chemistry
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.laws import (graphite_potential, power_after, power_step, sigmoid_after,
                                     sigmoid_step)
from sim.battery.ageing.state import State, fresh

CALENDAR_K = 1.30510034211874e-4
CYCLING_P = 1.12847759334355
BREAK_IN_K, BREAK_IN_P = 0.00303553871631028, 1.43752162947637
BREAK_IN_EFC_PER_DAY = 3.0
BREAK_IN_START = 1e-10
GAS_CONSTANT = 8.3144


@dataclass(frozen=True, kw_only=True)
class SonyCell(Cell):
    """Calendar fade a sigmoid over days, cycling fade a power law over EFC, break-in a sigmoid
    over EFC on days of more than three full cycles; resistance grows with time and EFC."""

    def rates(self, soc, kelvin):
        potential = graphite_potential(soc)
        root2, root3 = np.sqrt(potential), np.cbrt(potential)
        root4 = np.sqrt(root2)
        cold = 1.0 / kelvin
        limit = 0.98968715129359 * np.exp(
            (-2881067.56019324 * cold + 8742.06309157261) * cold * root2)
        curvature = 0.000332850281062177 * np.exp(
            (734553185711.369 * cold - 3284991315.45121) * cold ** 3 * root3
            + (-2.8216157562078e-6 * kelvin + 0.0012722759365729) * kelvin ** 2 * root4)
        middle = soc - 0.5
        arrhenius = 3.4194e-10 * np.exp(-71827.0 / GAS_CONSTANT * (cold - 1.0 / 298.15))
        cubic = -3.3903 * middle ** 3 + 1.5604
        return np.stack([limit, curvature, arrhenius, cubic, _break_in_soc(soc)])

    def new(self, n):
        return fresh(n, BREAK_IN_START)

    def step(self, state, day, scalar):
        limit, curvature, arrhenius, cubic, skewed = day.mean_rates
        cycling_k, efc, c_rate = self._drive(state, day)
        days = day.hours / 24.0
        cycling_resistance = ((-0.002 * c_rate + 0.0021)
                              * (6.8477 * (day.dod - 0.5) ** 3 + 0.91882) * efc / 100.0)
        return State(
            state.calendar + scalar * sigmoid_step(
                state.calendar, np.float64(days), limit, CALENDAR_K, curvature),
            state.cycling + scalar * power_step(state.cycling, efc, cycling_k, CYCLING_P),
            state.break_in + scalar * _break_in(state.break_in, efc, days, day.dod, skewed),
            state.calendar_resistance + scalar * (arrhenius * cubic * days * 86_400.0),
            state.cycling_resistance + scalar * cycling_resistance,
            state.efc + efc, state.days + days)

    def after(self, state, day, days, scalar):
        limit, curvature = day.mean_rates[:2]
        cycling_k, efc, _ = self._drive(state, day)
        return (sigmoid_after(state.calendar, scalar * days, limit, CALENDAR_K, curvature),
                power_after(state.cycling, scalar * days * efc, cycling_k, CYCLING_P))

    def _drive(self, state, day):
        """The day's cycling k, as in y = k EFC^p, EFC and C-rate, each (n,)."""
        soh = state.soh
        dod, c_rate = day.dod, soh * day.c_rate
        speed = np.abs(-6.81260579372875e-6 + 2.59615973160844e-5 * dod
                       + 2.11559710307295e-6 * np.exp(dod ** 2 * c_rate ** 3))
        return speed ** CYCLING_P, soh * day.travel / 2.0, c_rate


def _break_in_soc(soc: np.ndarray) -> np.ndarray:
    """The break-in limit's factor of SoC: 2 phi(u) Phi(skew u), a skew normal density."""
    u = (soc - 0.5) / 0.208738181522897
    a = 0.0583128906965484 * u / sqrt(2.0)
    # |a| stays below 0.1, where five terms of the series of erf are exact to 1e-13.
    square = a * a
    tilt = 2.0 / sqrt(pi) * a * (1.0 - square * (1 / 3 - square * (
        1 / 10 - square * (1 / 42 - square / 216))))
    return np.exp(-0.5 * u * u) / sqrt(2.0 * pi) * (1.0 + tilt)


def _break_in(y, efc, days, dod, skewed):
    """Growth of the break-in fade, (n,); only where cycling is hard, which is rare.

    What a day has had so far is held against a whole day's three cycles, so that a preview
    never takes back what it has shown.
    """
    growth = np.zeros_like(y)
    for row in np.flatnonzero(efc > BREAK_IN_EFC_PER_DAY * max(days, 1.0)):
        u = (dod[row] - 0.5) / 1.1612626042821
        density = (np.exp(-0.5 * u * u) / sqrt(2.0 * pi)
                   * (1.0 + erf(-3.80744333129564 * u / sqrt(2.0))))
        limit = (0.582258029148225 * skewed[row] * density
                 * np.tanh(25.4130804598602 * dod[row] / 2.0))
        growth[row] = sigmoid_step(y[row:row + 1], efc[row:row + 1], np.abs(limit)[None],
                                   BREAK_IN_K, np.full(1, BREAK_IN_P))[0]
    return growth


CELL = SonyCell(
    name="lfp_sony", title="LFP, Sony-Murata 3 Ah", blast="Lfp_Gr_SonyMurata3Ah_Battery",
    chemistry=Chemistry.LFP, celsius=(20.0, 40.0), charge_c=1.0, discharge_c=2.0,
    vehicle_scalar=0.75,
    source="doi:10.1016/j.est.2018.01.019, doi:10.1016/j.jpowsour.2019.227666, "
           "doi:10.1149/1945-7111/ac86a8")
