"""A battery between two events, in closed form.

A running segment holds the stored energy and battery-side power at its start, and the constant
k = dP/dE [1/h], which is that of the piece of the charge curve it is on: falling, flat or rising.
With tau hours since the start,

    P(tau) = P0 exp(k tau)        E(tau) = E0 + P0 (exp(k tau) - 1) / k     (E0 + P0 tau if k = 0)

and from E0 to E1 it takes ln(P1 / P0) / k hours (gain / P0 if k = 0). `begin` finds the piece on
which a battery stands under a setpoint, and the energy and time at which it leaves it: the end of
the piece, the knee where curve and setpoint meet, the target, or, feeding the grid, the least
energy. Held by its setpoint it passes from piece to piece as long as the curve is above.

Each function works on rows of a vehicle table at once, those that need the charge curve on a
world's; `begin_one` is the same for a single row in plain floats, because most events move one
vehicle and numpy's price for an array of one is ten times that of the arithmetic. A test holds
the two together.
"""

from __future__ import annotations

from math import expm1, inf, log1p, nan

import numpy as np

from entities.table import Table
from entities.world import World

_SURELY = 1.0 + 1e-9
"""A look ahead goes this much farther, so that no rounding hides what happens at its end."""

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


def cell_share(world: World, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Share of their greatest power that cells take at a stored energy, (n,)."""
    return _share_at(world, rows, energy, _piece_at(world, rows, energy))


def charge_limit_ac(world: World, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Most that vehicle and connector draw at a stored energy, kW AC (n,); 0 at the target."""
    return _limit_ac(world, rows, energy, cell_share(world, rows, energy))


def highest_limit_ac(world: World, rows: np.ndarray, energy: np.ndarray,
                     hours: float) -> np.ndarray:
    """Most that `charge_limit_ac` comes to within `hours` from now, kW AC (n,): what to reserve
    for those whose curve rises as they charge. Full power gets farthest, so less draws no more."""
    vehicle, piece = world.vehicle, _piece_at(world, rows, energy)
    limit = _limit_ac(world, rows, energy, _share_at(world, rows, energy, piece))
    rises = world.curve.rises[piece]
    who = np.flatnonzero(rises & (limit > 0.0) & (limit < vehicle.charge_cap_kw[rows]))
    left = np.full(len(who), hours * _SURELY)
    energy = energy[who]
    while len(who):
        mine = rows[who]
        power, rate, bound, takes = _charge(world, mine, energy, _full_power(vehicle, mine))
        whole = takes <= left
        gained = np.where(whole, bound - energy, 0.0)
        reached = np.where(whole, power + rate * gained,
                           power * np.exp(rate * np.where(whole, 0.0, left)))
        most = np.maximum(power, reached) / vehicle.charge_efficiency[mine]
        limit[who] = np.maximum(limit[who], np.minimum(most, vehicle.charge_cap_kw[mine]))
        goes_on = whole & (bound < vehicle.target_kwh[mine])
        who, energy, left = who[goes_on], bound[goes_on], (left - takes)[goes_on]
    return limit


def lowest_limit_ac(world: World, rows: np.ndarray, energy: np.ndarray,
                    later: np.ndarray) -> np.ndarray:
    """Least that `charge_limit_ac` comes to from a stored energy to a `later` one below the
    target, kW AC (n,)."""
    curve = world.curve
    piece, then = _piece_at(world, rows, energy), _piece_at(world, rows, later)
    share = _share_at(world, rows, later, then)
    rises = np.flatnonzero(curve.rises[piece])
    if len(rises):
        here = _share_at(world, rows[rises], energy[rises], piece[rises])
        share[rises] = np.minimum(share[rises], here)
        between = then > piece
        while between.any():
            ends, starts = curve.share_to[piece], curve.share_from[np.minimum(piece + 1, then)]
            share = np.where(between, np.minimum(share, np.minimum(ends, starts)), share)
            piece = piece + between
            between = then > piece
    return _limit_ac(world, rows, later, share)


def hours_to_target(world: World, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Hours from a stored energy to the target at full power, exact over the curve; (n,)."""
    vehicle = world.vehicle
    cap, target = _full_power(vehicle, rows), vehicle.target_kwh[rows]
    hours = np.where((energy < target) & (cap <= 0.0), inf, 0.0)
    who = np.flatnonzero((energy < target) & (cap > 0.0))
    energy = energy[who]
    while len(who):
        _, _, bound, takes = _charge(world, rows[who], energy, cap[who])
        hours[who] += takes
        goes_on = bound < target[who]
        who, energy = who[goes_on], bound[goes_on]
    return hours


def begin(world: World, rows: np.ndarray, t_s: float, energy: np.ndarray,
          setpoint: np.ndarray) -> None:
    """Start new segments at `t_s` from stored energies (kWh) under AC setpoints (kW); (n,)."""
    vehicle = world.vehicle
    power, rate = np.zeros(len(rows)), np.zeros(len(rows))
    bound, hours = np.full(len(rows), nan), np.full(len(rows), inf)
    cap = np.minimum(setpoint * vehicle.charge_efficiency[rows], vehicle.battery_max_kw[rows])
    who = np.flatnonzero((cap > 0.0) & (energy < vehicle.target_kwh[rows]))
    if len(who):
        power[who], rate[who], bound[who], hours[who] = \
            _charge(world, rows[who], energy[who], cap[who])
    least = vehicle.energy_min_kwh[rows]
    who = np.flatnonzero((setpoint < 0.0) & (energy > least))
    if len(who):
        power[who] = setpoint[who] / vehicle.discharge_efficiency[rows[who]]
        bound[who] = least[who]
        hours[who] = (bound[who] - energy[who]) / power[who]

    vehicle.t0_s[rows] = t_s
    vehicle.energy0_kwh[rows] = energy
    vehicle.power0_kw[rows] = power
    vehicle.rate_per_h[rows] = rate
    vehicle.crossing_s[rows] = t_s + hours * 3600.0
    vehicle.crossing_kwh[rows] = bound
    vehicle.setpoint_kw[rows] = setpoint


def begin_one(world: World, row: int, t_s: float, energy: float, setpoint: float) -> float:
    """`begin` for one row; returns the time of its crossing, s."""
    vehicle = world.vehicle
    power = rate = 0.0
    crossing, bound = inf, nan
    if setpoint > 0.0:
        target = vehicle.target_kwh.item(row)
        cap = min(setpoint * vehicle.charge_efficiency.item(row), vehicle.battery_max_kw.item(row))
        if energy < target and cap > 0.0:
            power, rate, bound = _stretch_one(world, row, energy, cap)
            bound = min(bound, target)
            hours = (bound - energy) / power
            if rate:
                hours = log1p(rate * hours) / rate
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


def _full_power(vehicle: Table, rows: np.ndarray) -> np.ndarray:
    """Most that the cells get whatever the curve says, kW DC (n,)."""
    return np.minimum(vehicle.charge_cap_kw[rows] * vehicle.charge_efficiency[rows],
                      vehicle.battery_max_kw[rows])


def _limit_ac(world: World, rows: np.ndarray, energy: np.ndarray, share: np.ndarray) -> np.ndarray:
    """What cells that take a `share` of their greatest power let vehicle and connector draw."""
    vehicle = world.vehicle
    cells = vehicle.battery_max_kw[rows] * share / vehicle.charge_efficiency[rows]
    return np.where(energy < vehicle.target_kwh[rows],
                    np.minimum(vehicle.charge_cap_kw[rows], cells), 0.0)


def _piece_at(world: World, rows: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """The piece of each charge curve on which a stored energy lies; slots (n,)."""
    curve, capacity, first = world.curve, world.vehicle.capacity_kwh[rows], world.vehicle.curve[rows]
    piece = np.searchsorted(curve.key, 2.0 * first + energy / capacity, side="right")
    piece = np.minimum(piece, curve.end[first])
    # The search may be off by a rounding: where a piece ends counts to the bit.
    piece += (energy >= capacity * curve.soc_to[piece]) & (piece < curve.end[first])
    piece -= (energy < capacity * curve.soc_from[piece]) & (piece > first)
    return piece


def _share_at(world: World, rows: np.ndarray, energy: np.ndarray, piece: np.ndarray) -> np.ndarray:
    curve, capacity = world.curve, world.vehicle.capacity_kwh[rows]
    along = energy - capacity * curve.soc_from[piece]
    return curve.share_from[piece] + curve.slope[piece] * (along / capacity)


def _charge(world: World, rows: np.ndarray, energy: np.ndarray, cap: np.ndarray):
    """Charging from stored energies below the target under caps above 0 (kW DC): power, dP/dE,
    the energy up to which both hold and the hours until then; each (n,)."""
    power, rate, bound = _stretch(world, rows, energy, cap)
    bound = np.minimum(bound, world.vehicle.target_kwh[rows])
    hours = (bound - energy) / power
    bends = np.flatnonzero(rate)
    if len(bends):
        hours[bends] = np.log1p(rate[bends] * hours[bends]) / rate[bends]
    return power, rate, bound, hours


def _stretch(world: World, rows: np.ndarray, energy: np.ndarray, cap: np.ndarray):
    """`_charge` without the target and the hours."""
    vehicle, curve = world.vehicle, world.curve
    capacity, ceiling = vehicle.capacity_kwh[rows], vehicle.battery_max_kw[rows]
    piece, share = _piece_at(world, rows, energy), cap / ceiling
    slope, end = curve.slope[piece], capacity * curve.soc_to[piece]
    knee = _knee(curve, piece, capacity, share)
    held = np.where(slope < 0.0, energy < knee,
                    np.where(slope > 0.0, energy >= knee, share <= curve.share_from[piece]))
    bound = np.where(knee > energy, np.minimum(knee, end), end)
    free = ceiling * _share_at(world, rows, energy, piece)
    on = np.flatnonzero(held & (bound == end) & (piece < curve.end[piece]))
    if len(on):
        bound[on] = _falls_below(curve, piece[on], capacity[on], share[on])
    return (np.where(held, cap, np.minimum(free, cap)),
            np.where(held, 0.0, slope * ceiling / capacity), bound)


def _falls_below(curve: Table, piece: np.ndarray, capacity: np.ndarray,
                 share: np.ndarray) -> np.ndarray:
    """Stored energy at which a curve falls below a share after a piece, or ends, kWh (n,)."""
    last = curve.end[piece]
    ahead = np.minimum(piece[:, None] + np.arange(1, (last - piece).max() + 1), last[:, None])
    below = curve.least[ahead] < share[:, None]
    there = ahead[np.arange(len(ahead)), below.argmax(axis=1)]
    knee = np.minimum(_knee(curve, there, capacity, share), capacity * curve.soc_to[there])
    falls = np.where(share > curve.share_from[there], capacity * curve.soc_from[there], knee)
    return np.where(below.any(axis=1), falls, capacity * curve.soc_to[last])


def _knee(curve: Table, piece: np.ndarray, capacity: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Stored energy at which the line of a piece meets a share, kWh (n,); -inf if it is flat."""
    slope = curve.slope[piece]
    slopes = slope != 0.0
    rise = share - curve.share_from[piece]
    return np.where(slopes, capacity * curve.soc_from[piece]
                    + rise * capacity / np.where(slopes, slope, 1.0), -inf)


def _stretch_one(world: World, row: int, energy: float, cap: float) -> tuple[float, float, float]:
    """`_stretch` for one row."""
    vehicle, curve = world.vehicle, world.curve
    capacity, ceiling = vehicle.capacity_kwh.item(row), vehicle.battery_max_kw.item(row)
    piece, share = vehicle.curve.item(row), cap / ceiling
    last = curve.end.item(piece)
    while energy >= (end := capacity * curve.soc_to.item(piece)) and piece < last:
        piece += 1
    slope, share_from = curve.slope.item(piece), curve.share_from.item(piece)
    bound = end
    if slope:
        start = capacity * curve.soc_from.item(piece)
        knee = start + (share - share_from) * capacity / slope
        if knee > energy:
            bound = min(knee, end)
        if (energy < knee) == (slope > 0.0):
            free = ceiling * (share_from + slope * ((energy - start) / capacity))
            return min(free, cap), slope * ceiling / capacity, bound
    elif share > share_from:
        return ceiling * share_from, 0.0, bound
    if bound < end or piece == last:
        return cap, 0.0, bound
    while piece < last:
        piece += 1
        if curve.least.item(piece) < share:
            break
    bound = capacity * curve.soc_to.item(piece)
    if curve.least.item(piece) < share:
        start, share_from = capacity * curve.soc_from.item(piece), curve.share_from.item(piece)
        if share > share_from:
            return cap, 0.0, start
        bound = min(start + (share - share_from) * capacity / curve.slope.item(piece), bound)
    return cap, 0.0, bound
