"""What a run is judged by: its command log, its events, its history and its results.

The same is found in a model that runs, in one that is repeated and in a run folder, so that whoever
judges from either comes to the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.model import Model
from sim.optimum import optimum
from sim.recording import read, read_history
from sim.results import results
from sim.scenario import Scenario
from sim.sessions.load import load_visits
from sim.sessions.visits import Visits
from sim.training.course import Course


@dataclass(frozen=True)
class Evidence:
    """A run up to `until_s`. `series` are the columns of `sim.history.SERIES_COLUMNS`, `results` those of
    `sim.results`, which only a run that is over has."""

    scenario: Scenario
    until_s: float
    commands: list[dict]
    events: list[dict]
    series: dict[str, np.ndarray]
    results: dict | None


def evidence_of(model: Model, course: Course | None = None) -> Evidence:
    """What a model has to tell now. `course` is what it tells its ticks, by default its history. The model
    is only read."""
    over = model.now_s >= model.duration_s
    outcome = None
    if over:
        closed = model.copy()
        closed.close_books()
        outcome = results(closed, 0.0)
    events = closed.events if over else model.events
    return Evidence(model.scenario, model.now_s, model.commands, events,
                    (model.history if course is None else course).columns(), outcome)


def evidence_in(folder: Path) -> Evidence:
    """What a run folder has to tell, as it was left there. Raises InputError."""
    run = read(folder)
    series = read_history(folder, "series")
    over = run.results is not None and run.until_s >= run.scenario.duration
    return Evidence(run.scenario, run.until_s, run.log, run.events, series, run.results if over else None)


def played(scenario: Scenario, commands=(), visits: Visits | None = None) -> Model:
    """A finished run of a scenario under commands (t_s, command, source)."""
    model = Model(scenario, visits, Course())
    for t_s, command, source in commands:
        model.submit_at(t_s, command, source)
    model.advance(scenario.duration)
    return model


def solution(scenario: Scenario) -> list[tuple]:
    """A scenario's own reference solution, as `played` takes it."""
    return [(scenario.seconds(given.at), given.command, "reference") for given in scenario.solution]


@dataclass(frozen=True)
class Yardstick:
    """The optimum of a scenario: its `cost` (currency, see `sim.optimum.score`), what it has spent, wear
    included, by `t_s` (n,), its demand charge, and what a missing kWh costs by session. `conditional`: it
    takes the prices of an uncontrolled run and bounds nothing."""

    cost: float
    t_s: np.ndarray
    spent: np.ndarray
    demand_charge: float
    missing_price: dict[str, float]
    conditional: bool


def yardstick(scenario: Scenario, visits: Visits | None = None) -> Yardstick:
    """Solve a scenario; a fraction of a second for tens of vehicles. Raises InputError."""
    from sim.dispatch import cells

    visits = load_visits(scenario) if visits is None else visits
    best = optimum(scenario, visits)
    jobs, horizon, found = best.jobs, best.horizon, best.dispatch
    job, step = cells(jobs.first, jobs.last)
    worn = (jobs.wear_cost / jobs.discharge_efficiency)[job] * found.fed if len(job) else found.fed
    spent = np.bincount(step, horizon.buy[step] * found.drawn - horizon.sell[step] * found.fed + worn,
                        len(horizon.buy))
    return Yardstick(best.cost, horizon.edges, np.concatenate([[0.0], np.cumsum(spent)]),
                     best.demand_charge, dict(zip(visits.id, best.missing_price.tolist())), best.conditional)


def cost_of(evidence: Evidence, optimal: Yardstick) -> float:
    """What a finished run cost by the optimum's measure, as `sim.optimum.score` has it of a model."""
    figures = evidence.results["kpis"]
    missing = sum(optimal.missing_price[entry["id"]] * missing_kwh(entry)
                  for entry in evidence.results["sessions"] if entry["plugged_in_s"] is not None)
    return (figures["cost"] - figures["v2g_revenue"] + figures["v2g_wear_assumed"]
            + demand_charge_of(evidence) + missing)


def demand_charge_of(evidence: Evidence) -> float:
    """The demand charge on a finished run's bill, currency."""
    return sum(line["amount"] for line in evidence.results["kpis"]["bill"] if line["unit"] == "kW")


def missing_kwh(session: dict) -> float:
    """Battery-side energy that a session of the results still lacks, or lacked when it left."""
    return max(session["energy_requested_kwh"] - session["energy_charged_kwh"]
               + session["energy_discharged_kwh"], 0.0)
