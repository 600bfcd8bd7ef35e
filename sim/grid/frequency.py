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
from math import ceil, log2

import numpy as np
from pydantic import Field, model_validator

from sim.schema.fields import Part

_TAYLOR = 16


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

FCR_N = Droop(deadband_hz=0.0, full_hz=0.100)
"""Frequency containment reserve for normal operation, Nordic system."""


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

    def extreme(self, until_s: float, step_s: float = 0.1) -> tuple[float, float]:
        """When, from the last step to `until_s`, frequency is farthest from nominal, and what it
        is then (the nadir after a loss); exact for swings slower than `step_s`."""
        count = max(2, ceil((until_s - self._since_s) / step_s) + 1)
        times = np.linspace(self._since_s, until_s, count)
        move = exponential((times[1] - times[0]) * self._matrix)
        states = [self._state]
        for _ in times[1:]:
            states.append(move @ states[-1])
        k = int(np.argmax(np.abs(np.array(states)[:, 0])))
        low, high = times.item(max(k - 1, 0)), times.item(min(k + 1, count - 1))
        rising = self.at(low).slope_hz_per_s > 0.0
        if (self.at(high).slope_hz_per_s > 0.0) == rising:
            return times.item(k), self.system.nominal_hz + states[k].item(0)
        while high - low > 1e-9 * max(1.0, high):
            middle = (low + high) / 2.0
            low, high = ((middle, high) if (self.at(middle).slope_hz_per_s > 0.0) == rising
                         else (low, middle))
        return low, self.system.nominal_hz + self.at(low).df_hz

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
