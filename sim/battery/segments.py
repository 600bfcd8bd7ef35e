"""A battery between two events, in closed form.

A running segment holds the stored energy and battery-side power at its start, and the taper
constant k = dP/dE [1/h]. With tau hours since the start,

    P(tau) = P0 exp(k tau)        E(tau) = E0 + P0 (exp(k tau) - 1) / k     (E0 + P0 tau if k = 0)

The charge limit of the cells is flat up to taper_soc and falls linearly to zero at SoC 1
(ACN-Sim's Linear2StageBattery, Lee, Sharma and Low 2021), but never below a floor, because a
limit that reaches zero at SoC 1 never completes. `begin` finds the piece on which a battery
stands under a setpoint, and the energy and time at which it leaves it: the knee, the floor,
the target, or, feeding the grid, the least energy.

Each function works on rows of a vehicle table at once; `begin_one` is the same for a single
row in plain floats, because most events move one vehicle and numpy's price for an array of
one is ten times that of the arithmetic. A test holds the two together.
"""

from __future__ import annotations

from math import expm1, inf, log

import numpy as np

from entities.table import Table


def energy_at(vehicle: Table, rows: np.ndarray, t_s: float) -> np.ndarray:
    """Stored energy, kWh, shape (n,), at `t_s` (s, at or after the segments' start)."""
    tau_h = (t_s - vehicle.t0_s[rows]) / 3600.0
    rate = vehicle.rate_per_h[rows]
    effective_h = tau_h
    tapering = rate != 0.0
    if tapering.any():
        safe = np.where(tapering, rate, 1.0)
        effective_h = np.where(tapering, np.expm1(safe * tau_h) / safe, tau_h)
    energy = vehicle.energy0_kwh[rows] + vehicle.power0_kw[rows] * effective_h
    return np.where(t_s >= vehicle.crossing_s[rows], vehicle.crossing_kwh[rows], energy)


def power_at(vehicle: Table, rows: np.ndarray, t_s: float) -> np.ndarray:
    """Battery-side power, kW, shape (n,), positive charging."""
    rate = vehicle.rate_per_h[rows]
    power = vehicle.power0_kw[rows]
    if rate.any():
        power = power * np.exp(rate * ((t_s - vehicle.t0_s[rows]) / 3600.0))
    return power


def ac_power_at(vehicle: Table, rows: np.ndarray, t_s: float) -> np.ndarray:
    """Power at the connector, kW AC, shape (n,), positive charging."""
    return to_ac(vehicle, rows, power_at(vehicle, rows, t_s))


def to_ac(vehicle: Table, rows: np.ndarray, power_dc: np.ndarray) -> np.ndarray:
    """AC power or energy of a battery-side one: the one place where efficiency is applied."""
    return np.where(power_dc > 0.0, power_dc / vehicle.charge_efficiency[rows],
                    power_dc * vehicle.discharge_efficiency[rows])


def charge_limit_ac(vehicle: Table, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Most that vehicle and connector draw at a stored energy, kW AC; 0 at the target."""
    capacity, ceiling = vehicle.capacity_kwh[rows], vehicle.battery_max_kw[rows]
    span = capacity * (1.0 - vehicle.taper_soc[rows])
    falling = np.where(span > 0.0, (capacity - energy) / np.where(span > 0.0, span, 1.0), 1.0)
    cells = ceiling * np.clip(falling, vehicle.taper_floor[rows], 1.0)
    limit = np.minimum(vehicle.charge_cap_kw[rows], cells / vehicle.charge_efficiency[rows])
    return np.where(energy < vehicle.target_kwh[rows], limit, 0.0)


def hours_to_target(vehicle: Table, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Hours from a stored energy to the target at full power, exact over the taper; (n,)."""
    cap = np.minimum(vehicle.charge_cap_kw[rows] * vehicle.charge_efficiency[rows],
                     vehicle.battery_max_kw[rows])
    knee, floor_energy, span, floor_kw = _landmarks(vehicle, rows, cap)
    target = vehicle.target_kwh[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = np.clip(np.minimum(knee, target) - energy, 0.0, None) / cap
        start = np.maximum(energy, knee)
        stop = np.minimum(floor_energy, target)
        capacity = vehicle.capacity_kwh[rows]
        bends = stop > start
        ratio = np.where(bends, (capacity - start) / np.where(bends, capacity - stop, 1.0), 1.0)
        taper = np.where(bends, span / vehicle.battery_max_kw[rows] * np.log(ratio), 0.0)
        crawl = np.clip(target - np.maximum(energy, np.maximum(floor_energy, knee)), 0.0, None)
        crawl = np.where(crawl > 0.0, crawl / np.minimum(cap, floor_kw), 0.0)
    return np.where(energy < target, flat + taper + crawl, 0.0)


def begin(vehicle: Table, rows: np.ndarray, t_s: float, energy: np.ndarray,
          setpoint: np.ndarray) -> None:
    """Start new segments at `t_s` from stored energies (kWh) under AC setpoints (kW); (n,)."""
    efficiency = vehicle.charge_efficiency[rows]
    ceiling = vehicle.battery_max_kw[rows]
    target = vehicle.target_kwh[rows]
    cap = np.minimum(np.maximum(setpoint, 0.0) * efficiency, ceiling)
    knee, floor_energy, span, floor_kw = _landmarks(vehicle, rows, cap)
    charging = (cap > 0.0) & (energy < target)
    flat = charging & (energy < knee)
    taper = charging & ~flat & (energy < floor_energy)
    floor = charging & ~flat & ~taper
    drain = np.minimum(setpoint, 0.0) / vehicle.discharge_efficiency[rows]
    least = vehicle.energy_min_kwh[rows]
    feeding = (drain < 0.0) & (energy > least)

    safe_span = np.where(taper, span, 1.0)
    power = np.where(flat, cap, 0.0)
    power = np.where(taper, ceiling * ((vehicle.capacity_kwh[rows] - energy) / safe_span), power)
    power = np.where(floor, np.minimum(cap, floor_kw), power)
    power = np.where(feeding, drain, power)
    bound = np.where(flat, np.minimum(knee, target),
                     np.where(taper, np.minimum(floor_energy, target), target))
    bound = np.where(feeding, least, bound)
    moving = charging | feeding
    rate = np.where(taper, -ceiling / safe_span, 0.0)
    safe_power = np.where(moving, power, 1.0)
    hours = (bound - energy) / safe_power
    if taper.any():
        remaining = np.where(taper, (vehicle.capacity_kwh[rows] - bound), 1.0)
        ratio = remaining / np.where(taper, vehicle.capacity_kwh[rows] - energy, 1.0)
        hours = np.where(taper, np.log(ratio) / np.where(taper, rate, 1.0), hours)

    vehicle.t0_s[rows] = t_s
    vehicle.energy0_kwh[rows] = energy
    vehicle.power0_kw[rows] = power
    vehicle.rate_per_h[rows] = rate
    vehicle.crossing_s[rows] = np.where(moving, t_s + hours * 3600.0, inf)
    vehicle.crossing_kwh[rows] = np.where(moving, bound, np.nan)
    vehicle.setpoint_kw[rows] = setpoint


def begin_one(vehicle: Table, row: int, t_s: float, energy: float, setpoint: float) -> float:
    """`begin` for one row; returns the time of its crossing, s."""
    power = rate = 0.0
    crossing, bound = inf, float("nan")
    if setpoint > 0.0:
        target = vehicle.target_kwh.item(row)
        ceiling = vehicle.battery_max_kw.item(row)
        cap = min(setpoint * vehicle.charge_efficiency.item(row), ceiling)
        if energy < target and cap > 0.0:
            capacity = vehicle.capacity_kwh.item(row)
            floor = vehicle.taper_floor.item(row)
            span = capacity * (1.0 - vehicle.taper_soc.item(row))
            floor_kw = floor * ceiling
            knee = capacity - span * (cap / ceiling) if cap > floor_kw else inf
            floor_energy = capacity - span * floor
            if energy < knee:
                power, bound = cap, min(knee, target)
                hours = (bound - energy) / power
            elif energy < floor_energy:
                power, rate = ceiling * ((capacity - energy) / span), -ceiling / span
                bound = min(floor_energy, target)
                hours = log((capacity - bound) / (capacity - energy)) / rate
            else:
                power, bound = min(cap, floor_kw), target
                hours = (bound - energy) / power
            crossing = t_s + hours * 3600.0
    elif setpoint < 0.0:
        least = vehicle.energy_min_kwh.item(row)
        if energy > least:
            power, bound = setpoint / vehicle.discharge_efficiency.item(row), least
            crossing = t_s + (bound - energy) / power * 3600.0
    vehicle.t0_s[row] = t_s
    vehicle.energy0_kwh[row] = energy
    vehicle.power0_kw[row] = power
    vehicle.rate_per_h[row] = rate
    vehicle.crossing_s[row] = crossing
    vehicle.crossing_kwh[row] = bound
    vehicle.setpoint_kw[row] = setpoint
    return crossing


def energy_of_one(vehicle: Table, row: int, t_s: float) -> float:
    """`energy_at` for one row, kWh."""
    if t_s >= vehicle.crossing_s.item(row):
        return vehicle.crossing_kwh.item(row)
    hours = (t_s - vehicle.t0_s.item(row)) / 3600.0
    rate = vehicle.rate_per_h.item(row)
    if rate:
        hours = expm1(rate * hours) / rate
    return vehicle.energy0_kwh.item(row) + vehicle.power0_kw.item(row) * hours


def _landmarks(vehicle: Table, rows: np.ndarray, cap: np.ndarray):
    """Where the falling limit meets `cap` (kW DC) and its floor (kWh), its width (kWh), and
    the floor (kW). Under a cap at or below the floor there is no knee."""
    capacity, ceiling = vehicle.capacity_kwh[rows], vehicle.battery_max_kw[rows]
    floor = vehicle.taper_floor[rows]
    span = capacity * (1.0 - vehicle.taper_soc[rows])
    floor_kw = floor * ceiling
    safe_ceiling = np.where(ceiling > 0.0, ceiling, 1.0)
    knee = np.where(cap > floor_kw, capacity - span * (cap / safe_ceiling), inf)
    return knee, capacity - span * floor, span, floor_kw
