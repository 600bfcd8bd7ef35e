"""What strategies see, and what they say: a `View` of vehicles, never the world, and a `Decision`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from entities.world import World
from sim.battery import segments
from sim.room import Crowd, Room

if TYPE_CHECKING:
    from sim.steps import Steps


class Decision(NamedTuple):
    """What a strategy decided for n vehicles: setpoints, kW AC (n,), and a `Reason` each (n,);
    `planned` are the setpoints without an answer to the grid's frequency, where they differ."""

    setpoint: np.ndarray
    reason: np.ndarray
    planned: np.ndarray | None = None


@dataclass
class View:
    """What a strategy may look at: n vehicles whose power it decides, in connector order.

    Arrays have shape (n,): energies kWh, powers kW AC and not negative but for `setpoint`, the
    present one, times s, `session` the row of each visit and `plugged` when it was plugged in.
    `draw_limit` is the most that it would come to draw within an interval if nothing held it back,
    `most_kw` on the whole way to the target, an interval's feeding included.
    Hours are those to the target at full power: from now, and after feeding for one interval.
    `wear_cost` is what a battery-side kWh fed counts for, currency.
    `crowd` are others of the same strategy who are not to be decided; it is empty in a full pass.
    `deviation_hz` of the grid's frequency and `stress` 0..1 of each zone (zones,) are None where
    nothing measures them; a zone of which nothing is known has no stress, 0. `base` is the forecast of
    base load less production, `scarce` tells that an adder for what one draws oneself will move the
    prices and no plan can count on them, `production` that of each zone's own, kW. `parameters` are the
    strategy's own, `memory` is what its `prepare` returned.
    """

    t_s: float
    interval_s: float
    by_rating: bool
    step_kw: float
    buying: Steps
    selling: Steps
    base: Steps
    production: Steps
    room: Room
    connector: np.ndarray
    zone: np.ndarray
    energy: np.ndarray
    target: np.ndarray
    least: np.ndarray
    capacity: np.ndarray
    deadline: np.ndarray
    rating: np.ndarray
    cap: np.ndarray
    feed_cap: np.ndarray
    draw_limit: np.ndarray
    most_kw: np.ndarray
    setpoint: np.ndarray
    hours_needed: np.ndarray
    hours_after_feeding: np.ndarray
    charge_efficiency: np.ndarray
    discharge_efficiency: np.ndarray
    wear_cost: np.ndarray
    session: np.ndarray
    plugged: np.ndarray
    crowd: Crowd = Crowd()
    deviation_hz: float | None = None
    stress: np.ndarray | None = None
    scarce: bool = False
    parameters: Any = None
    memory: Any = None

    def __len__(self) -> int:
        return len(self.zone)

    def want(self) -> np.ndarray:
        """What to reserve for each if nothing held it back: what it would draw now or, where
        vehicles are unknown to control (`by_rating`), its connector's rating."""
        return np.where(self.energy < self.target, self.rating, 0.0) if self.by_rating \
            else self.draw_limit

    def offer(self, granted: np.ndarray) -> np.ndarray:
        """Setpoints for granted powers: who gets all it wants is offered its full cap, so that
        its segment need not be cut at every decision while it tapers."""
        if self.by_rating:
            return np.minimum(granted, self.cap)
        return np.where((granted >= self.want()) & (granted > 0.0), self.cap, granted)

_ROW_FIELDS = ("connector", "zone", "energy", "target", "least", "capacity", "deadline", "rating", "cap",
               "feed_cap", "draw_limit", "most_kw", "setpoint", "hours_needed", "hours_after_feeding",
               "charge_efficiency", "discharge_efficiency", "wear_cost", "session", "plugged")


def observe(world: World, rows: np.ndarray, t_s: float, may_turn: bool, interval_s: float,
            **common) -> View:
    """The view of the vehicles `rows` (n,) at `t_s`; `common` are the scalar fields.

    Unless they `may_turn`, those that do not feed already are shown as unable to. Else two that
    recharge and feed by turns, each when the other is done, would call for decisions without
    end.
    """
    vehicle = world.vehicle
    energy = segments.energy_at(vehicle, rows, t_s)
    least, feed_cap = vehicle.energy_min_kwh[rows], vehicle.discharge_cap_kw[rows]
    fed = feed_cap / vehicle.discharge_efficiency[rows] * (interval_s / 3600.0)
    if not may_turn:
        feed_cap = np.where(vehicle.setpoint_kw[rows] < 0.0, feed_cap, 0.0)
    drained = np.minimum(energy, np.maximum(energy - fed, least))
    hours_after_feeding = segments.hours_to_target(world, rows, drained)
    way_h = float(hours_after_feeding[np.isfinite(hours_after_feeding)].max(initial=interval_s / 3600.0))
    return View(
        t_s=t_s,
        interval_s=interval_s,
        connector=vehicle.connector[rows],
        zone=world.connector.zone[vehicle.connector[rows]],
        energy=energy,
        target=vehicle.target_kwh[rows],
        least=least,
        capacity=vehicle.capacity_kwh[rows],
        deadline=vehicle.deadline_s[rows],
        rating=world.connector.charge_max_kw[vehicle.connector[rows]],
        cap=vehicle.charge_cap_kw[rows],
        feed_cap=feed_cap,
        draw_limit=segments.highest_limit_ac(world, rows, energy, interval_s / 3600.0),
        most_kw=segments.highest_limit_ac(world, rows, drained, way_h),
        setpoint=vehicle.setpoint_kw[rows],
        hours_needed=segments.hours_to_target(world, rows, energy),
        hours_after_feeding=hours_after_feeding,
        charge_efficiency=vehicle.charge_efficiency[rows],
        discharge_efficiency=vehicle.discharge_efficiency[rows],
        wear_cost=vehicle.wear_per_kwh[rows],
        session=vehicle.session[rows],
        plugged=world.session.plugged_s[vehicle.session[rows]],
        **common,
    )


def part(view: View, which: np.ndarray) -> View:
    """The view of those vehicles for which the mask holds (or of the given ascending indices)."""
    if len(which) == len(view) and which.dtype != bool:
        return view
    return replace(view, **{name: getattr(view, name)[which] for name in _ROW_FIELDS})


def moved(view: View, setpoint: np.ndarray) -> np.ndarray:
    """What setpoints move now, kW AC (n,)."""
    return np.where(setpoint > 0.0, np.minimum(setpoint, view.draw_limit),
                    np.where(view.energy > view.least, setpoint, 0.0))


def full_kw(view: View) -> np.ndarray:
    """The most room that each takes on its way to the target, kW AC (n,)."""
    return view.rating if view.by_rating else view.most_kw


def demand_kw(view: View, which: np.ndarray) -> np.ndarray:
    """What those of the view (mask (n,)) that need energy, or may after feeding, could draw together
    in each zone, kW AC (zones,)."""
    needs = (view.energy < view.target) | ((view.feed_cap > 0.0) & (view.energy > view.least))
    return np.bincount(view.zone, np.where(needs & which, full_kw(view), 0.0),
                       len(view.room.zone_in))
