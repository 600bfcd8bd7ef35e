"""What a run has to teach, as data: key moments, the score sheet, each decision's worth, and the run
against its reference solution, against nobody acting and against the optimum.

What a decision was worth is what the score loses when the run is repeated without it alone: same
scenario, seed and all other commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.alarms import alarms_of
from sim.console import text_of
from sim.errors import InputError
from sim.orders import INSTRUCTOR, SOURCE
from sim.recording import read
from sim.remark_commands import ON_ALARMS, Remark
from sim.run import parse_command, replay
from sim.scenario import Scenario
from sim.sessions.load import load_visits
from sim.training.evidence import (Evidence, Yardstick, cost_of, evidence_in, evidence_of, played, solution,
                                   yardstick)
from sim.training.instructor import ORDERS, account, situation
from sim.training.lesson import ticked
from sim.training.score import Sheet, sheet

MOST_DECISIONS, MOST_LOSSES = 20, 10
CHARTS = ("t_s", "net_kw", "import_limit_kw", "export_limit_kw", "fed_kw", "base_kw", "stress", "price_buy",
          "spent", "missing_kwh", "v2g_wear", "transformer_loading_pct", "hot_spot_c", "frequency_hz")
Progress = Callable[[float, float], object]


def debrief(folder: Path, progress: Progress | None = None) -> dict:
    """The debrief of a run folder of an exercise, JSON-ready; README has its keys. Raises InputError for a
    folder that holds no run, a run that was cut off and a scenario that is no exercise."""
    found = read(folder)
    if found.scenario.training is None:
        raise InputError(f"{folder}: {found.scenario.name} is no exercise, expected the table training")
    if found.results is None or found.until_s < found.scenario.duration:
        raise InputError(f"{folder}: the run is not over, expected one up to its scenario's end")
    again, evidence = replay(folder, verify=True), evidence_in(folder)
    scenario, visits = evidence.scenario, load_visits(evidence.scenario)
    optimal = yardstick(scenario, visits) if _asks_for_cost(scenario) else None
    shown = sheet(evidence, optimal)
    commands = _given(evidence)
    mine = [k for k, (_, command, source) in enumerate(commands) if source != INSTRUCTOR
            and (not isinstance(command, Remark) or isinstance(command, ON_ALARMS))]
    repeated = [k for k in mine if not isinstance(commands[k][1], Remark)][:MOST_DECISIONS]
    total, done = len(repeated) + 2, 0

    def tried(given) -> tuple[Evidence, Sheet]:
        nonlocal done
        found = evidence_of(played(scenario, given, visits))
        done += 1
        if progress is not None:
            progress(done, total)
        return found, sheet(found, optimal)

    given = situation(evidence)
    idle, reference = tried(given), tried(sorted([*given, *solution(scenario)], key=lambda timed: timed[0]))
    decisions = []
    for k in mine:
        t_s, command, source = commands[k]
        if k in repeated:
            _, without = tried(commands[:k] + commands[k + 1:])
        elif isinstance(command, ON_ALARMS):  # nothing else would have happened without
            without = sheet(_unsaid(evidence, k), optimal)
        else:
            continue
        decisions.append({"t": t_s, "source": source, "text": text_of(command),
                          "worth": shown.points - without.points})
    again_sheet = sheet(evidence_of(played(scenario, commands, visits)), optimal)
    return {
        "format": 1, "scenario": scenario.name, "story": scenario.story, "seed": scenario.seed,
        "start": scenario.start.isoformat(), "until_s": evidence.until_s, "currency": scenario.currency,
        "digest": evidence.results["digest"],
        "verified": again.difference is None and again_sheet == shown,
        "briefing": scenario.training.briefing, "sheet": shown.to_json(),
        "runs": {
            "yours": _figures(evidence, shown, optimal),
            "reference": _figures(*reference, optimal) if scenario.solution else None,
            "nobody": _figures(*idle, optimal), "optimum_cost": optimal and optimal.cost},
        "decisions": decisions,
        "reference": [{"t": t_s, "text": text_of(command)} for t_s, command, _ in solution(scenario)],
        "moments": moments(evidence, shown),
        "alarms": _alarms(evidence),
        "checklist": _checklist(evidence),
        "notes": [{"t": entry["t"], "source": entry["source"], "text": entry["command"]["text"]}
                  for entry in evidence.commands
                  if entry["command"]["kind"] == "annotate" and entry["source"] != INSTRUCTOR],
        "instructor": account(evidence),
        "series": {"yours": _series(evidence), "nobody": _series(idle[0]),
                   "reference": _series(reference[0]) if scenario.solution else None},
    }


def moments(evidence: Evidence, shown: Sheet) -> list[dict]:
    """Where to look: `t`, `kind` (inject, decision, loss, alarm, worst, end), `text` and the points lost there,
    in order of time. The greatest losses, every inject and decision, urgent alarms, the worst moment."""
    found = [{"t": 0.0, "kind": "start", "text": "the run begins", "points": 0.0}]
    for entry in evidence.commands:
        command = parse_command(entry["command"], "command log")
        waits = entry["source"] == INSTRUCTOR and command.kind in (*ORDERS, "cancel_order")
        if not isinstance(command, Remark) and not waits:
            kind = "inject" if entry["source"] in (SOURCE, INSTRUCTOR) else "decision"
            found.append({"t": entry["t"], "kind": kind, "text": text_of(command), "points": 0.0})
    greatest = sorted(shown.losses, key=lambda loss: (-loss.points, loss.t_s))[:MOST_LOSSES]
    found += [{"t": loss.t_s, "kind": "loss", "text": loss.why, "points": loss.points} for loss in greatest]
    urgent = [alarm for alarm in alarms_of(evidence.events, evidence.commands, evidence.until_s).record
              if alarm.priority == 0][:MOST_LOSSES]
    found += [{"t": alarm.since_s, "kind": "alarm", "text": f"{alarm.source}: {alarm.text}", "points": 0.0}
              for alarm in urgent]
    stress = evidence.series["stress"]
    if np.isfinite(stress).any():
        at = int(np.nanargmax(stress))
        found.append({"t": float(evidence.series["t_s"][at]), "kind": "worst",
                      "text": f"the grid's highest stress, {stress[at]:.2f}", "points": 0.0})
    found.append({"t": evidence.until_s, "kind": "end", "text": "the run is over", "points": 0.0})
    return sorted(found, key=lambda moment: (moment["t"], moment["kind"] == "end"))


def _asks_for_cost(scenario: Scenario) -> bool:
    return any(goal.kind == "cost" for goal in scenario.training.objectives)


def _given(evidence: Evidence) -> list[tuple]:
    """What operators gave, as `played` takes it."""
    return [(entry["t"], parse_command(entry["command"], "command log"), entry["source"])
            for entry in evidence.commands if entry["source"] != SOURCE]


def _unsaid(evidence: Evidence, number: int) -> Evidence:
    """The same without command `number` of those that operators gave."""
    entry = [entry for entry in evidence.commands if entry["source"] != SOURCE][number]
    return replace(evidence, commands=[other for other in evidence.commands if other is not entry])


def _figures(evidence: Evidence, shown: Sheet, optimal: Yardstick | None) -> dict:
    kpis = evidence.results["kpis"]
    return {"points": shown.points, "passed": shown.passed,
            "objectives": {part.title: part.points for part in shown.objectives},
            "cost": optimal and cost_of(evidence, optimal),
            **{name: kpis[name] for name in (
                "energy_not_served_kwh", "peak_import_kw", "limit_excess_s", "stress_max", "v2g_wear_assumed",
                "v2g_net", "energy_discharged_ac_kwh")}}


def _alarms(evidence: Evidence) -> dict:
    known = alarms_of(evidence.events, evidence.commands, evidence.until_s)
    return {"figures": known.figures(evidence.until_s)._asdict(), "record": [
        {"t": alarm.since_s, "priority": alarm.priority.name.lower(), "source": alarm.source, "text": alarm.text,
         "noticed_s": alarm.noticed_s, "ended_s": alarm.ended_s} for alarm in known.record]}


def _checklist(evidence: Evidence) -> list[dict]:
    done = ticked(evidence.commands)
    return [{"text": text, "done": k in done}
            for k, text in enumerate(evidence.scenario.training.checklist, 1)]


def _series(evidence: Evidence) -> dict[str, list[float | None]]:
    return {name: [value if np.isfinite(value) else None for value in evidence.series[name].tolist()]
            for name in CHARTS if np.isfinite(evidence.series[name]).any()}
