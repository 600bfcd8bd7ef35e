"""Strategies side by side on the same seeds: figures, paired differences, gaps to the optimum."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim import report
from sim.capacity import station_limits
from sim.errors import InputError
from sim.model import Model
from sim.optimum import Optimum, optimum, score, under
from sim.results import kpis
from sim.scenario import Scenario
from sim.sessions.load import load_visits
from sim.strategies import NAMES

FIGURES = ("cost", "v2g_revenue", "demand_charge", "net_cost", "v2g_wear_assumed", "v2g_wear_cost",
           "energy_discharged_kwh",
           "peak_import_kw", "limit_excess_s", "stress_hours", "energy_not_served_kwh",
           "sessions_satisfied_pct", "frequency_min_hz")
"""What is compared, as keys of the JSON; money in the scenario's currency, `net_cost` is cost less
revenue plus the demand charge and the wear that decisions assume, `v2g_wear_cost` what the ageing model makes of it,
`stress_hours` are those at level high or emergency. None: the scenario does not
tell."""

Progress = Callable[[float, float], object]


def strategy_names(text: str) -> tuple[str, ...]:
    """The strategies of a comma-separated list; raises InputError for one that is unknown."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in NAMES:
            raise InputError(f"--strategies: unknown strategy {name!r}, expected some of "
                             f"{', '.join(NAMES)}")
    if not names or len(set(names)) != len(names):
        raise InputError("--strategies: expected names of different strategies, such as "
                         "equal_share,v2g_price")
    return names


def compare(scenario: Scenario, strategies: Sequence[str], seeds: int = 1,
            progress: Progress | None = None) -> dict:
    """Run every strategy on `seeds` seeds, the scenario's own and those after it.

    Returns JSON-ready `{"scenario", "currency", "seeds": [...], "strategies": [{"name", "mean":
    {figure: value}, "difference": {figure: {"mean", "low", "high"}}, "runs": [{"seed", ...}]}]}`.
    Differences are to the first strategy, seed by seed; low and high are the least and the
    greatest of them. Figures that the scenario does not tell are null, and so are their
    differences.
    """
    numbers = [scenario.seed + k for k in range(seeds)]
    runs: dict[str, list[dict]] = {name: [] for name in strategies}
    for k, seed in enumerate(numbers):
        seeded = scenario.model_copy(update={"seed": seed})
        visits = load_visits(seeded)
        for j, name in enumerate(strategies):
            runs[name].append({"seed": seed, **_figures(_finished(seeded, visits, name))})
            if progress is not None:
                progress(k * len(strategies) + j + 1, seeds * len(strategies))
    first = runs[strategies[0]]
    return {"scenario": scenario.name, "currency": scenario.currency, "seeds": numbers,
            "strategies": [
                {"name": name,
                 "mean": {f: _mean([run[f] for run in runs[name]]) for f in FIGURES},
                 "difference": {f: _difference(f, runs[name], first) for f in FIGURES},
                 "runs": runs[name]} for name in strategies]}


def gaps(scenario: Scenario, strategies: Sequence[str], progress: Progress | None = None) -> dict:
    """The optimum of a scenario and how far each strategy stays from it on the same visits.

    Returns JSON-ready `{"scenario", "seed", "currency", "optimum": {"cost", "demand_charge", "exact",
    "conditional", "missing_kwh", "energy_discharged_ac_kwh", "steps", "jobs",
    "import_limit_value", "network_left_out", "ratings_left_out"}, "strategies": [{"name", "score", "gap",
    "keeps_limits", "energy_not_served_kwh"}]}`. Scores are as `sim.optimum.score` defines them;
    `import_limit_value` is what one more kW of the site's limit all the time would save;
    `network_left_out`: there is a three-phase network, not in the bound; `ratings_left_out`: the same of
    stations' and transformers' limits.
    """
    visits = load_visits(scenario)
    best = optimum(scenario, visits)
    entries = []
    for k, name in enumerate(strategies):
        model = _finished(scenario, visits, name)
        figures, scored = kpis(model), score(model, best.missing_price)
        entries.append({"name": name, "score": scored, "gap": scored - best.cost,
                        "keeps_limits": not figures["limit_excesses"],
                        "energy_not_served_kwh": figures["energy_not_served_kwh"]})
        if progress is not None:
            progress(k + 1, len(strategies))
    return {"scenario": scenario.name, "seed": scenario.seed, "currency": scenario.currency,
            "optimum": _optimum_facts(best), "strategies": entries}


def _optimum_facts(best: Optimum) -> dict:
    return {"cost": best.cost, "demand_charge": best.demand_charge, "exact": best.exact, "conditional": best.conditional,
            "missing_kwh": float(best.dispatch.missing.sum()),
            "energy_discharged_ac_kwh": float(best.dispatch.fed.sum()),
            "steps": len(best.horizon.buy), "jobs": len(best.jobs),
            "import_limit_value": float(best.dispatch.import_value.sum()),
            "network_left_out": best.scenario.grid.network is not None,
            "ratings_left_out": best.scenario.grid.keep_transformers or bool(
                np.isfinite(station_limits(best.scenario)).any())}


def _finished(scenario: Scenario, visits, strategy: str) -> Model:
    model = Model(under(scenario, strategy), visits)
    model.advance(scenario.duration)
    model.close_books()
    return model


def _figures(model: Model) -> dict:
    """The compared figures of a finished run."""
    figures = kpis(model)
    stress = report.stress_kpis(model)["stress_hours"]
    charge = model.conditions.demand_charge()
    figures |= {"demand_charge": None if model.conditions.demand is None else charge,
                "net_cost": figures["cost"] - figures["v2g_revenue"] + figures["v2g_wear_assumed"] + charge,
                "v2g_wear_cost": report.battery_kpis(report.vehicles(model))["v2g_wear_cost"],
                "stress_hours": stress and stress["high"] + stress["emergency"],
                **report.frequency_kpis(model)}
    return {name: figures[name] for name in FIGURES}


def _mean(values: list[float | None]) -> float | None:
    return None if None in values else float(np.mean(values))


def _difference(figure: str, runs: list[dict], first: list[dict]) -> dict | None:
    if first[0][figure] is None:
        return None
    apart = np.array([run[figure] - other[figure] for run, other in zip(runs, first)])
    return {"mean": float(apart.mean()), "low": float(apart.min()), "high": float(apart.max())}
