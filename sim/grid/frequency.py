"""The frequency of the power system around the site, and the droop response to it.

The system is one rotating mass with the load's own damping, the primary reserve of all other
providers (first order) and the restoration that brings frequency back (integral action). With
df = f - f0 and u the imbalance (MW of generation too much, what the fleet feeds included):

    2 H S / f0 ddf/dt = u + p + s - D S df          swing equation (Kundur 1994, chapter 11)
    tau dp/dt = -K df - p                           primary reserve, K = reserve / its full df
    T ds/dt = -(K + D S) df                         restoration (secondary control)

While u stands the three are linear and the state at any later time is exact, by the matrix
exponential. Disturbances and what the fleet does are steps of u. The reserve is not capped: a
loss larger than the reserve (3,000 MW in the continental system) is beyond the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log2

import numpy as np
from pydantic import Field, model_validator

from sim.schema.fields import Part

_TAYLOR = 16
_STEP_S, _STEPS = 0.1, 1024
"""The pace at which a stretch is searched: swings faster than a step may be missed."""
_AT_REST = 1e-12
"""Hz/s (and the like of reserves) below which nothing moves any more."""


class System(Part):
    """A power system. Defaults: continental Europe at low load, by ENTSO-E's design of primary
    control (Operation Handbook, appendix 1): 150 GW, self-regulation 1 %/Hz, 3,000 MW of primary
    reserve fully delivered at 200 mHz; inertia constant 5 s and time constants are priors
    (63 % of the reserve after 10 s, 95 % after the required 30 s)."""

    nominal_hz: float = Field(50.0, gt=0)
    load_mw: float = Field(150_000.0, gt=0)
    inertia_s: float = Field(5.0, gt=0)
    damping_per_hz: float = Field(0.01, ge=0)
    reserve_mw: float = Field(3_000.0, ge=0)
    reserve_full_hz: float = Field(0.2, gt=0)
    reserve_s: float = Field(10.0, gt=0)
    restoration_s: float | None = Field(120.0, gt=0)


class Droop(Part):
    """A droop curve: nothing within `deadband_hz`, all of the bid from `full_hz` on."""

    deadband_hz: float = Field(ge=0)
    full_hz: float = Field(gt=0)

    @model_validator(mode="after")
    def _in_order(self):
        if self.deadband_hz >= self.full_hz:
            raise ValueError("deadband_hz lies below full_hz")
        return self


FCR = Droop(deadband_hz=0.010, full_hz=0.200)
"""Frequency containment reserve, continental Europe [regelleistung.net]."""


def droop_kw(deviation_hz: np.ndarray | float, bid_kw: np.ndarray | float,
             curve: Droop = FCR) -> np.ndarray:
    """What a bid delivers at a deviation of frequency: -bid clip(df / full, -1, 1), kW.

    In the convention of reserves: positive is power for the grid (less charging or more
    feeding), so it is subtracted from a vehicle's setpoint. Broadcasts.
    """
    deviation = np.asarray(deviation_hz, float)
    share = np.clip(deviation / curve.full_hz, -1.0, 1.0)
    return np.where(np.abs(deviation) <= curve.deadband_hz, 0.0, -np.asarray(bid_kw) * share)


@dataclass(frozen=True)
class Deviation:
    """The state at one time: `df_hz`, its slope (Hz/s), primary reserve and restoration (MW)."""

    df_hz: float
    slope_hz_per_s: float
    primary_mw: float
    restoration_mw: float


class Frequency:
    """The system's frequency, at rest at nominal until a first step. Times are seconds."""

    def __init__(self, system: System | None = None):
        self.system = system = system or System()
        self._stiffness = system.reserve_mw / system.reserve_full_hz
        own = system.damping_per_hz * system.load_mw
        # Powers are kept in units that are of the size of the frequency's deviations in Hz.
        self._unit = unit = self._stiffness + own or system.load_mw
        gain = system.nominal_hz / (2.0 * system.inertia_s * system.load_mw) * unit
        restoring = system.restoration_s
        self._matrix = np.array([
            [-gain * own / unit, gain, gain, gain],
            [-self._stiffness / unit / system.reserve_s, -1.0 / system.reserve_s, 0.0, 0.0],
            [-1.0 / restoring if restoring else 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0]])
        step = exponential(_STEP_S * self._matrix)
        rows = [np.eye(4)[0]]
        for _ in range(_STEPS):
            rows.append(rows[-1] @ step)
        self._rows = np.array(rows)
        self._slopes = self._rows @ self._matrix
        self._leap = exponential(_STEPS * _STEP_S * self._matrix)
        self._state = np.zeros(4)
        self._since_s = 0.0
        self._disturbance_mw = 0.0
        self._fleet_mw = 0.0

    @property
    def fleet_mw(self) -> float:
        """What the fleet feeds beyond its plan, as last told."""
        return self._fleet_mw

    def disturb(self, t_s: float, generation_mw: float) -> None:
        """From `t_s` on that much more generation (negative: a loss); steps add up."""
        self._disturbance_mw += generation_mw
        self._step(t_s)

    def respond(self, t_s: float, fleet_mw: float) -> None:
        """From `t_s` on the fleet feeds that much more than planned (negative: draws)."""
        self._fleet_mw = fleet_mw
        self._step(t_s)

    def at(self, t_s: float) -> Deviation:
        """The exact state at `t_s`, at or after the last step."""
        state = self._after(t_s)
        return Deviation(state.item(0), (self._matrix[0] @ state).item(),
                         state.item(1) * self._unit, state.item(2) * self._unit)

    def hz(self, t_s: np.ndarray | float) -> np.ndarray:
        """Frequency at times at or after the last step, same shape."""
        times = np.asarray(t_s, float) - self._since_s
        moved = exponential(times[..., None, None] * self._matrix) @ self._state
        return self.system.nominal_hz + moved[..., 0]

    def extreme(self, until_s: float, from_s: float | None = None) -> tuple[float, float]:
        """When, from `from_s` (default: the last step) to `until_s`, frequency is farthest from
        nominal, and what it is then (the nadir after a loss)."""
        times, df, _ = self._course(self._since_s if from_s is None else from_s, until_s)
        k = int(np.argmax(np.abs(df)))
        low, high = times.item(max(k - 1, 0)), times.item(min(k + 1, len(times) - 1))
        rising = self.at(low).slope_hz_per_s > 0.0
        if (self.at(high).slope_hz_per_s > 0.0) == rising:
            return times.item(k), self.system.nominal_hz + df.item(k)
        turn = self._first(lambda at: (at.slope_hz_per_s > 0.0) != rising, low, high)
        return turn, self.system.nominal_hz + self.at(turn).df_hz

    def steepest(self, until_s: float, from_s: float | None = None) -> float:
        """The highest rate of change between the same times, Hz/s, without its sign."""
        slopes = self._course(self._since_s if from_s is None else from_s, until_s)[2]
        return float(np.abs(slopes).max())

    def leaves(self, low_hz: float, high_hz: float, from_s: float, until_s: float,
               exact: bool = True) -> float:
        """The first time from `from_s` on at which the deviation lies below `low_hz` or above
        `high_hz`; infinite if that is not before `until_s`. Unless `exact`, up to a step late."""
        for times, df, _ in self._windows(from_s, until_s):
            out = (df < low_hz) | (df > high_hz)
            if not out.any():
                continue
            k = int(np.argmax(out))
            t_s = times.item(k)
            if k and exact:
                t_s = self._first(lambda at: not low_hz <= at.df_hz <= high_hz,
                                  times.item(k - 1), t_s)
            return t_s if t_s <= until_s else inf
        return inf

    def _windows(self, from_s: float, until_s: float):
        """Times, deviations and slopes step by step from `from_s` to `until_s` or a bit more; ends
        where the system is at rest."""
        state = self._after(from_s)
        while True:
            rests = np.abs(self._matrix @ state).max() < _AT_REST
            count = 1 if rests else min(_STEPS, ceil((until_s - from_s) / _STEP_S)) + 1
            yield (from_s + _STEP_S * np.arange(count), self._rows[:count] @ state,
                   self._slopes[:count] @ state)
            from_s += _STEPS * _STEP_S
            if rests or from_s >= until_s:
                return
            state = self._leap @ state

    def _course(self, from_s: float, until_s: float) -> list[np.ndarray]:
        """The same in whole, up to `until_s` exactly."""
        times, df, slope = map(np.concatenate, zip(*self._windows(from_s, until_s)))
        end, before = self.at(until_s), times < until_s
        return [np.append(values[before], last) for values, last in (
            (times, until_s), (df, end.df_hz), (slope, end.slope_hz_per_s))]

    def _first(self, holds, low_s: float, high_s: float) -> float:
        """Where `holds` of a state begins between a time at which it does not and one at which
        it does, to the last bit."""
        while low_s < (middle := (low_s + high_s) / 2.0) < high_s:
            low_s, high_s = (low_s, middle) if holds(self.at(middle)) else (middle, high_s)
        return high_s

    def _step(self, t_s: float) -> None:
        state = self._after(t_s)
        state[3] = (self._disturbance_mw + self._fleet_mw) / self._unit
        self._state, self._since_s = state, t_s

    def _after(self, t_s: float) -> np.ndarray:
        if t_s < self._since_s:
            raise ValueError(f"time {t_s} lies before the last step, at {self._since_s}")
        return exponential((t_s - self._since_s) * self._matrix) @ self._state


def exponential(matrix: np.ndarray) -> np.ndarray:
    """exp of square matrices, (..., k, k), by scaling, a Taylor polynomial, and squaring (Moler
    and Van Loan, SIAM Review 45, 2003); the polynomial is exact to rounding below norm 1/2."""
    matrix = np.asarray(matrix, float)
    norm = float(np.abs(matrix).sum(-1).max(initial=0.0))
    squarings = max(0, ceil(log2(norm)) + 1) if norm > 0.0 else 0
    scaled = matrix / 2.0 ** squarings
    one = np.broadcast_to(np.eye(matrix.shape[-1]), matrix.shape)
    result = one
    for k in range(_TAYLOR, 0, -1):
        result = one + scaled @ result / k
    for _ in range(squarings):
        result = result @ result
    return result
