"""What V2G earns: revenue of fed energy, less winning it back (losses included), less wear.

A kWh taken from a battery has to be bought again. It is priced at what the session pays for a
battery-side kWh that it charges. While it has charged none yet, that is the price it can expect:
the mean of the cheapest hours of the stay ahead that its charging needs. One that left without
charging pays the tariff's mean over its stay. All contain the losses. Wear is what decisions
count for a battery-side kWh discharged, by vehicle (`vehicle.wear_per_kwh`). Figures are exact at any
time from the model's present to its next event, but for that expectation, and asking moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from sim.battery import segments


@dataclass(frozen=True)
class Earnings:
    """currency, (n,): `net` is revenue - energy - wear."""

    revenue: np.ndarray
    energy: np.ndarray
    wear: np.ndarray

    @property
    def net(self) -> np.ndarray:
        return self.revenue - self.energy - self.wear


@dataclass(frozen=True)
class Live:
    """The fleet's net earnings: a rate now (currency/h), since local midnight and in total."""

    per_hour_now: float
    today: float
    total: float


def of_sessions(model, rows: np.ndarray, t_s: float) -> Earnings:
    """What the sessions `rows` (n,) have earned with V2G up to `t_s`."""
    session, vehicle, hub = model.world.session, model.world.vehicle, model.world.hub
    drawn_ac, fed_ac, charged, fed = running(model, rows, t_s)
    charged = charged + session.charged_kwh[rows]
    fed = fed + session.discharged_kwh[rows]
    cost = session.cost[rows] + drawn_ac * hub.price_buy.item(0)
    revenue = session.revenue[rows] + fed_ac * hub.price_sell.item(0)
    price = _per_kwh(charged, cost, vehicle.charge_efficiency[session.vehicle[rows]],
                     _not_bought_yet(model, rows, t_s))
    return Earnings(revenue, np.where(fed > 0.0, fed * price, 0.0),
                    fed * vehicle.wear_per_kwh[session.vehicle[rows]])


def live(model, t_s: float) -> Live:
    """The fleet's V2G earnings as of `t_s`."""
    session, vehicle, hub = model.world.session, model.world.vehicle, model.world.hub
    total = total_net(model, t_s)
    feeding = np.flatnonzero(vehicle.power0_kw < 0.0)
    power = -segments.power_at(vehicle, feeding, t_s)
    rows = vehicle.session[feeding]
    price = _per_kwh(session.charged_kwh[rows], session.cost[rows],
                     vehicle.charge_efficiency[feeding], _not_bought_yet(model, rows, t_s))
    rate = power * (vehicle.discharge_efficiency[feeding] * hub.price_sell.item(0) - price
                    - vehicle.wear_per_kwh[feeding])
    return Live(fsum(rate.tolist()), total - model.net_at_midnight, total)


def wear_assumed(model) -> float:
    """Wear of what all sessions fed, as far as it is booked, by what decisions counted; currency."""
    session = model.world.session
    return fsum((session.discharged_kwh * model.world.vehicle.wear_per_kwh[session.vehicle]).tolist())


def total_net(model, t_s: float) -> float:
    """Net earnings of all sessions up to `t_s`, currency."""
    session, vehicle = model.world.session, model.world.vehicle
    rows = np.union1d(session.rows(session.discharged_kwh > 0.0),
                      vehicle.session[vehicle.power0_kw < 0.0]).astype(np.int64)
    return fsum(of_sessions(model, rows, t_s).net.tolist()) if len(rows) else 0.0


def co2_of_sessions(model, rows: np.ndarray) -> np.ndarray:
    """kg CO2-eq that V2G of the sessions `rows` caused (+) or avoided (-) by the marginal factor,
    losses included, as far as it is booked; NaN where the factor is unknown; (n,)."""
    session, vehicle = model.world.session, model.world.vehicle
    efficiency = vehicle.charge_efficiency[session.vehicle[rows]]
    factor = _per_kwh(session.charged_kwh[rows], session.co2_drawn_kg[rows], efficiency,
                      mean_of_stay(model.conditions.carbon.marginal, session, rows, model.now_s))
    fed = session.discharged_kwh[rows]
    return np.where(fed > 0.0, fed * factor - session.co2_fed_kg[rows], 0.0)


def mean_of_stay(curve, session, rows: np.ndarray, t_s: float) -> np.ndarray:
    """Mean of a step curve from plug-in to `t_s` or departure; (n,). Where nothing is plugged in,
    from the start."""
    since = np.nan_to_num(session.plugged_s[rows])
    return curve.means(since, np.maximum(np.minimum(t_s, session.departure_s[rows]), since + 1.0))


def cheapest_mean(curve, t_s: float, until_s: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Mean of a step curve over its cheapest `hours` (n,) from `t_s` until each of `until_s` (n,),
    which are later; over all of that time where it is not longer. At least an instant counts."""
    first, last = curve.index(t_s), curve.index(float(until_s.max(initial=t_s))) + 1
    starts = np.maximum(curve.starts[first:last], t_s)
    ends = np.append(curve.starts[first + 1:last], np.inf)
    ranking = np.argsort(curve.values[first:last], kind="stable")
    there = (np.minimum(ends, until_s[:, None]) - starts).clip(min=0.0)[:, ranking] / 3600.0
    before = np.cumsum(there, axis=1) - there
    used = np.minimum(np.maximum(hours, 1e-6)[:, None] - before, there).clip(min=0.0)
    return used @ curve.values[first:last][ranking] / used.sum(axis=1)


def _not_bought_yet(model, rows: np.ndarray, t_s: float) -> np.ndarray:
    """AC price of energy that the sessions `rows` (n,) have to buy and have not begun to; (n,)."""
    session, vehicle, buying = model.world.session, model.world.vehicle, model.conditions.buying
    price = mean_of_stay(buying, session, rows, t_s)
    cars = session.vehicle[rows]
    ahead = np.flatnonzero((vehicle.session[cars] == rows) & (vehicle.deadline_s[cars] > t_s)
                           & np.isfinite(vehicle.deadline_s[cars]))
    if len(ahead):
        cars = cars[ahead]
        hours = segments.hours_to_target(model.world, cars, segments.energy_at(vehicle, cars, t_s))
        price[ahead] = cheapest_mean(buying, t_s, vehicle.deadline_s[cars],
                                     np.where(np.isfinite(hours), hours, 0.0))
    return price


def running(model, rows: np.ndarray, t_s: float) -> tuple[np.ndarray, ...]:
    """Energies of running segments, not booked yet: drawn and fed AC, charged and discharged."""
    session, vehicle = model.world.session, model.world.vehicle
    cars = session.vehicle[rows]
    own = (vehicle.session[cars] == rows) & (vehicle.power0_kw[cars] != 0.0)
    moved = np.where(own, segments.energy_at(vehicle, cars, t_s) - vehicle.energy0_kwh[cars], 0.0)
    ac = segments.to_ac(vehicle, cars, moved)
    return (np.maximum(ac, 0.0), np.maximum(-ac, 0.0),
            np.maximum(moved, 0.0), np.maximum(-moved, 0.0))


def _per_kwh(charged: np.ndarray, total: np.ndarray, efficiency: np.ndarray,
             otherwise_ac: np.ndarray) -> np.ndarray:
    """`total` by battery-side kWh charged, or where none was, the AC figure with its losses."""
    any_yet = charged > 0.0
    return np.where(any_yet, total / np.where(any_yet, charged, 1.0), otherwise_ac / efficiency)
