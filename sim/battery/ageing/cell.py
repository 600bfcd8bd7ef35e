"""What an ageing model is: rates from SoC and temperature, and a day's step from stressors.

To add a cell, write a file with a `Cell` in it and enter it in `models`.

Source: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from entities.components import Chemistry
from sim.battery.ageing.laws import power_after, power_step
from sim.battery.ageing.state import State, fresh

if TYPE_CHECKING:
    from sim.battery.ageing.day import Day


@dataclass(frozen=True, kw_only=True)
class Cell(ABC):
    """One ageing model.

    `name` is what scenarios call it, `blast` its class in BLAST-Lite. `celsius`, `charge_c`
    and `discharge_c` (1/h) bound its cycling tests. `vehicle_scalar` is the degradation scalar
    that brings the laboratory fit to cars on the road, by NREL's own example where there is
    one, else 1.
    """

    name: str
    title: str
    blast: str
    chemistry: Chemistry
    celsius: tuple[float, float]
    charge_c: float
    discharge_c: float
    vehicle_scalar: float = 1.0
    source: str

    @abstractmethod
    def rates(self, soc: np.ndarray, kelvin: np.ndarray) -> np.ndarray:
        """What has to be averaged over time, of SoC and K (n,); shape (m, n)."""

    @abstractmethod
    def step(self, state: State, day: Day, scalar: np.ndarray) -> State:
        """The state after a day's stressors, or after what there is of them so far.

        `scalar` (n,) multiplies every change. Throughput and C-rate are of the present
        capacity: BLAST multiplies both by Q.
        """

    @abstractmethod
    def after(self, state: State, day: Day, days: np.ndarray,
              scalar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Calendar and cycling fade (n,) if the like of `day` is lived for `days` (n,) more.

        Closed form of the growth laws at the present capacity's throughput.
        """

    def new(self, n: int) -> State:
        """The state of n new batteries."""
        return fresh(n)


@dataclass(frozen=True, kw_only=True)
class PowerLawCell(Cell):
    """Calendar fade k x^p over days, cycling fade k x^p over EFC.

    calendar_rate(soc, K) is the calendar k; the cycling k is heat(K) load(DoD, C), heat being
    averaged over the day. x is days / calendar_unit and EFC / cycling_unit.
    """

    calendar_rate: Callable
    calendar_p: float
    calendar_unit: float = 1.0
    heat: Callable
    load: Callable
    cycling_p: float
    cycling_unit: float = 1.0

    def rates(self, soc, kelvin):
        return np.stack([self.calendar_rate(soc, kelvin), self.heat(kelvin)])

    def step(self, state, day, scalar):
        calendar_k, cycling_k, efc = self._drive(state, day)
        days = day.hours / 24.0
        return State(
            state.calendar + scalar * power_step(
                state.calendar, days / self.calendar_unit, calendar_k, self.calendar_p),
            state.cycling + scalar * power_step(
                state.cycling, efc / self.cycling_unit, cycling_k, self.cycling_p),
            state.break_in, state.calendar_resistance, state.cycling_resistance,
            state.efc + efc, state.days + days)

    def after(self, state, day, days, scalar):
        calendar_k, cycling_k, efc = self._drive(state, day)
        return (power_after(state.calendar, scalar * days / self.calendar_unit, calendar_k,
                            self.calendar_p),
                power_after(state.cycling, scalar * days * efc / self.cycling_unit, cycling_k,
                            self.cycling_p))

    def _drive(self, state: State, day: Day):
        """The day's calendar k, cycling k and EFC, each (n,)."""
        soh = state.soh
        calendar_k, heat = day.mean_rates
        return calendar_k, heat * self.load(day.dod, soh * day.c_rate), soh * day.travel / 2.0
