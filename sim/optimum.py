"""The optimum of a scenario under perfect foresight: the yardstick of every strategy.

What is known beforehand is what happens whatever control decides: who is plugged in where, from
when to when, prices, base load, limits, and the commands that the scenario itself gives. It is
found by running the scenario once uncontrolled. The dispatch problem (`sim.dispatch`) is then
solved over all stays.

Every run that keeps the limits is a feasible point of that problem, so its score is never below
the optimum: energies are linear in average powers; a step that a vehicle is there for in part
allows it that part of its power; prices and limits change only between steps; the taper is left
out. That holds on any grid of steps that contains every change of price, base load and limits.
Small cases get an edge at every arrival and departure as well, and nothing is lost between what
is optimal and what can be done but the taper. Where that would be too large, steps are longer and
stays with the same steps, zone, wear and efficiency are merged into a class, which can only lower
the optimum further; `exact` says which it was. A three-phase network's limits are disks and no part
of the linear problem, nor are those of stations and transformers; it stays a bound without them. Operators' fixed setpoints and stopped
sessions are not foreseen. Score and optimum are those of charging and feeding at the tariff's
prices, and the demand charge, base load's own included; the worth of using one's own production is on
the bill, not here.
A scarcity adder depends on what one does oneself; `conditional` is true where there is one, and
the optimum then takes the prices of the uncontrolled run and bounds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entities.components import AC_PLUGS, Phase
from sim.battery import segments
from sim.demand import interval_starts, period_of
from sim.dispatch import Dispatch, Horizon, Jobs, Peaks, Unsolved, cells, dispatch
from sim.earnings import wear_assumed
from sim.errors import InputError
from sim.model import Model
from sim.scenario import Scenario
from sim.sessions.visits import Visits
from sim.steps import Steps
from sim.timing import seconds_after_midnight

MOST_CELLS = 40_000
"""Up to this many pairs of a stay and a step the problem is solved exactly."""
CUTS_OFF = ("trip_transformer", "line_outage")
LEAST_STEP_S = 1e-3
"""Arrivals and departures nearer than this to another edge get none of their own."""
COARSE_STEPS_S = (900.0, 3600.0)
MISSING_PRICES = 10.0
"""Energy missing at a departure costs this many times the highest price of the run, so that no
gain elsewhere is worth it, and what it adds to the demand charge if it is all that one interval
takes; at the run's end, when it can still be bought, the mean price."""


@dataclass(frozen=True)
class Optimum:
    """The optimal dispatch of a scenario. `cost` is its score (see `score`), currency; `job_of`
    gives each session's job (sessions,), -1 for who is never plugged in; `start_kwh` (sessions,)."""

    scenario: Scenario
    horizon: Horizon
    jobs: Jobs
    dispatch: Dispatch
    job_of: np.ndarray
    start_kwh: np.ndarray
    missing_price: np.ndarray
    exact: bool
    conditional: bool

    @property
    def cost(self) -> float:
        return self.dispatch.cost

    @property
    def demand_charge(self) -> float:
        """Its part of `cost`."""
        peaks = self.dispatch.peak_kw
        return 0.0 if peaks is None else self.scenario.tariff.demand_per_kw * float(peaks.sum())


def optimum(scenario: Scenario, visits: Visits) -> Optimum:
    """Solve a scenario. Raises InputError if the solver fails, which takes figures far from usual."""
    scout = Model(under(scenario, "uncontrolled"), visits)
    scout.advance(scenario.duration)
    stays = _Stays(scout)
    limits = _limits(scout)
    edges, exact = _grid(scout, stays, limits)
    horizon = _horizon(scout, limits, edges)
    jobs, job = _jobs(stays, horizon, exact)
    job_of = np.full(scout.world.session.slots, -1)
    job_of[stays.session] = job
    missing_price = np.zeros(scout.world.session.slots)
    missing_price[stays.session] = stays.missing_price
    try:
        solved = dispatch(horizon, jobs, _peaks(scout, horizon))
    except Unsolved as failure:
        raise InputError(f"{scenario.name}: no optimum was found ({failure}), expected prices and "
                         "limits of less extreme sizes") from None
    return Optimum(scenario, horizon, jobs, solved, job_of,
                   scout.world.session.arrival_kwh.copy(), missing_price, exact,
                   scenario.tariff.scarcity is not None)


def under(scenario: Scenario, strategy: str) -> Scenario:
    """The same scenario with every zone under one strategy."""
    zones = [zone.model_copy(update={"strategy": None}) for zone in scenario.site.zones]
    return scenario.model_copy(update={
        "strategy": strategy, "site": scenario.site.model_copy(update={"zones": zones})})


def score(model: Model, missing_price: np.ndarray) -> float:
    """What a finished run cost by the optimum's measure, currency: energy bought less sold, wear
    of what was fed, the demand charge, and energy missing at `missing_price` (sessions,) per kWh."""
    session = model.world.session
    rows = session.rows(~np.isnan(session.plugged_s))
    present = session.phase[rows] != Phase.ENDED
    stored = np.where(present,
                      segments.energy_at(model.world.vehicle, session.vehicle[rows], model.now_s),
                      session.departure_kwh[rows])
    missing = np.maximum(session.target_kwh[rows] - stored, 0.0)
    return float(session.cost.sum() - session.revenue.sum()
                 + wear_assumed(model) + model.conditions.demand_charge()
                 + (missing * missing_price[rows]).sum())


class _Stays:
    """Who is plugged in when and with what: arrays (n,), in the order of sessions."""

    def __init__(self, scout: Model):
        world, session = scout.world, scout.world.session
        plugged = ~np.isnan(session.plugged_s)
        self.session = rows = session.rows(plugged & (session.plugged_s < scout.duration_s))
        vehicle, connector = session.vehicle[rows], session.connector[rows]
        on_ac = (AC_PLUGS >> world.connector.kind[connector] & 1).astype(bool)
        vehicles, connectors = world.vehicle, world.connector
        self.zone = connectors.zone[connector]
        self.begin = session.plugged_s[rows]
        self.end = np.minimum(session.departure_s[rows], scout.duration_s)
        self.draw_kw = np.minimum(
            np.where(on_ac, vehicles.ac_charge_kw[vehicle], vehicles.dc_charge_kw[vehicle]),
            connectors.charge_max_kw[connector])
        self.charge_efficiency = vehicles.charge_efficiency[vehicle]
        self.draw_kw = np.minimum(self.draw_kw,
                                  vehicles.battery_rated_kw[vehicle] / self.charge_efficiency)
        self.feed_kw = np.minimum(
            np.where(on_ac, vehicles.ac_discharge_kw[vehicle], vehicles.dc_discharge_kw[vehicle]),
            connectors.discharge_max_kw[connector])
        self.discharge_efficiency = vehicles.discharge_efficiency[vehicle]
        self.wear_cost = vehicles.wear_per_kwh[vehicle]
        self.start = session.arrival_kwh[rows]
        self.target = session.target_kwh[rows]
        self.least = np.minimum(vehicles.energy_min_kwh[vehicle], self.start)
        self.most = np.maximum(self.target, self.start)
        prices = np.concatenate([scout.conditions.buying.values, scout.conditions.selling.values])
        highest = float(np.abs(prices).max()) or 1.0
        mean = float(scout.conditions.buying.mean(0.0, np.array([scout.duration_s]))[0])
        leaves = session.departure_s[rows] <= scout.duration_s
        tariff = scout.scenario.tariff
        alone = tariff.demand_per_kw / (tariff.demand_interval / 3600.0) / self.charge_efficiency
        self.missing_price = np.where(leaves, MISSING_PRICES * highest + alone,
                                      max(mean, 0.0) / self.charge_efficiency)

    def __len__(self) -> int:
        return len(self.session)


def _limits(scout: Model) -> dict[str, Steps]:
    """Limits over time by their name: the site's as `site_in`, `site_out`, and those of zones,
    of shape (zones,), as `zone_in`, `zone_out`. As the scenario's injects change them."""
    grid, zones = scout.scenario.grid, scout.scenario.site.zones
    kw = {"site_in": np.array([grid.import_limit_kw], float),
          "site_out": np.array([grid.export_limit_kw], float),
          "zone_in": np.array([zone.import_limit_kw for zone in zones], float),
          "zone_out": np.array([zone.export_limit_kw for zone in zones], float)}
    track = {name: ([0.0], [np.where(np.isnan(v), np.inf, v)]) for name, v in kw.items()}
    for entry in scout.commands:
        order = entry["command"]
        if order["kind"] != "set_limit":
            continue
        side = "in" if order["direction"] == "import" else "out"
        starts, values = track[("site_" if order["zone"] is None else "zone_") + side]
        changed = values[-1].copy()
        row = 0 if order["zone"] is None else scout.world.zone.find(order["zone"])
        changed[row] = np.inf if order["kw"] is None else order["kw"]
        starts.append(entry["t"])
        values.append(changed)
    return {name: Steps(np.array(starts), np.array(values)) for name, (starts, values) in track.items()}


def _grid(scout: Model, stays: _Stays, limits: dict[str, Steps]) -> tuple[np.ndarray, bool]:
    """The edges of the steps, s, and whether each stay begins and ends on one, to the
    millisecond."""
    end = scout.duration_s
    fixed = np.concatenate([[0.0, end], scout.conditions.buying.starts, scout.conditions.net_load.starts,
                            *(steps.starts for steps in limits.values())])
    fixed = np.unique(fixed[(fixed >= 0.0) & (fixed <= end)])
    charged = interval_starts(scout.scenario, end) if scout.conditions.demand else fixed
    edges = np.unique(np.concatenate([fixed, charged, stays.begin, stays.end]))
    gaps = np.diff(edges, prepend=-np.inf, append=np.inf)
    edges = edges[(np.minimum(gaps[:-1], gaps[1:]) > LEAST_STEP_S) | np.isin(edges, fixed)
                  | np.isin(edges, charged)]
    first, last = _span(edges, stays)
    if (last - first).sum() <= MOST_CELLS:
        return edges, True
    for step_s in COARSE_STEPS_S:
        whole = -seconds_after_midnight(scout.scenario.start) % step_s
        edges = np.unique(np.concatenate([fixed, np.arange(whole, end, step_s)]))
        first, last = _span(edges, stays)
        kinds = np.unique(np.stack([stays.zone, first, last, stays.feed_kw > 0.0,
                                    stays.wear_cost]), axis=1)
        if (kinds[2] - kinds[1]).sum() <= MOST_CELLS:
            break
    return edges, False


def _span(edges: np.ndarray, stays: _Stays) -> tuple[np.ndarray, np.ndarray]:
    """The steps [first, last) in which each stay is there; (n,)."""
    return (np.searchsorted(edges, stays.begin, side="right") - 1,
            np.searchsorted(edges, stays.end, side="left"))


def _horizon(scout: Model, limits: dict[str, Steps], edges: np.ndarray) -> Horizon:
    starts = edges[:-1]

    def of(steps: Steps) -> np.ndarray:
        return steps.values[np.maximum(np.searchsorted(steps.starts, starts, side="right") - 1, 0)]

    made = of(scout.conditions.zone_production).T
    return Horizon(edges, of(scout.conditions.buying), of(scout.conditions.selling), of(scout.conditions.net_load),
                   of(limits["site_in"])[:, 0], of(limits["site_out"])[:, 0],
                   of(limits["zone_in"]).T + made, of(limits["zone_out"]).T - made)


def _peaks(scout: Model, horizon: Horizon) -> Peaks | None:
    """The demand charge. A window lasts from one instant at which both a step and an interval of the
    charge begin to the next: its mean import is no more than the peaks of its intervals. Base load that
    a command may cut off is not counted on."""
    scenario, end = scout.scenario, scout.duration_s
    if scout.conditions.demand is None:
        return None
    starts = interval_starts(scenario, end)
    begins = starts[np.isin(starts, horizon.edges)]
    window = np.searchsorted(begins, horizon.edges[:-1], side="right") - 1
    names = [period_of(scenario, t_s) for t_s in starts.tolist()]
    periods, of_start = np.unique(names, return_inverse=True)
    hours = np.zeros((len(begins), len(periods)))
    np.add.at(hours, (np.searchsorted(begins, starts, side="right") - 1, of_start),
              scenario.tariff.demand_interval / 3600.0)
    cut = any(entry["command"]["kind"] in CUTS_OFF for entry in scout.commands)
    base = np.minimum(horizon.base, 0.0) if cut else horizon.base
    return Peaks(scenario.tariff.demand_per_kw, window, hours,
                 np.bincount(window, base * horizon.hours, len(begins)))


def _jobs(stays: _Stays, horizon: Horizon, exact: bool) -> tuple[Jobs, np.ndarray]:
    """The jobs of the stays, and the number of each stay's job (n,)."""
    first, last = _span(horizon.edges, stays)
    if exact:
        job = np.arange(len(stays))
    else:
        keys = np.stack([stays.zone, first, last, stays.charge_efficiency,
                         stays.discharge_efficiency, stays.feed_kw > 0.0, stays.missing_price,
                         stays.wear_cost])
        job = np.unique(keys, axis=1, return_inverse=True)[1].ravel()
    count = int(job.max()) + 1 if len(job) else 0
    one = np.zeros(count, int)
    one[job[::-1]] = np.arange(len(stays))[::-1]

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(job, values, count)

    stay, step = cells(first, last)
    there = (np.minimum(stays.end[stay], horizon.edges[step + 1])
             - np.maximum(stays.begin[stay], horizon.edges[step])) / 3600.0
    length = (last - first)[one]
    cell = (np.cumsum(length) - length)[job[stay]] + step - first[stay]
    total = int(length.sum())
    return Jobs(
        stays.zone[one], first[one], last[one], summed(stays.start), summed(stays.target),
        summed(stays.least), summed(stays.most), stays.charge_efficiency[one],
        stays.discharge_efficiency[one], stays.missing_price[one], stays.wear_cost[one],
        np.bincount(cell, stays.draw_kw[stay] * there, total),
        np.bincount(cell, stays.feed_kw[stay] * there, total)), job
