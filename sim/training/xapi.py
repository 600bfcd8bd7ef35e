"""A debrief as xAPI statements (ADL, xAPI 1.0.3), for a learning record store.

Ids are made from the run's digest and times are those of the scenario, so that the same run gives the
same statements whenever they are written.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sim.spelling import pretty
from sim.timing import moment_at

HOME = "https://voltyard.invalid/trainees"
VERBS = "http://adlnet.gov/expapi/verbs/"
ACTIVITY = "http://adlnet.gov/expapi/activities/"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://voltyard.invalid")


def statements(told: dict, trainee: str) -> list[dict]:
    """Statements about a debrief (`sim.training.debrief`): attempted, each objective scored, passed or
    failed."""
    start = datetime.fromisoformat(told["start"])
    run = str(uuid.uuid5(_NAMESPACE, f"{told['digest']} {trainee}"))
    exercise = f"https://voltyard.invalid/exercises/{told['scenario']}"
    parts = told["sheet"]["objectives"]
    entries = [("attempted", exercise, pretty(told["scenario"]), "simulation", None, 0.0)]
    entries += [("scored", f"{exercise}/objectives/{k}", part["title"], "objective",
                 {"score": _points(part["points"], part["weight"])}, told["until_s"])
                for k, part in enumerate(parts, 1)]
    passed = bool(told["sheet"]["passed"])
    entries.append(("passed" if passed else "failed", exercise, pretty(told["scenario"]), "simulation", {
        "score": _points(told["sheet"]["points"], 100.0), "success": passed, "completion": True,
        "duration": f"PT{told['until_s']:.0f}S"}, told["until_s"]))
    return [{
        "id": str(uuid.uuid5(_NAMESPACE, f"{run} {k}")),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": trainee}},
        "verb": {"id": VERBS + verb, "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": what,
                   "definition": {"type": ACTIVITY + kind, "name": {"en": name}}},
        **({"result": result} if result else {}),
        "context": {"registration": run, "platform": "Voltyard"},
        "timestamp": moment_at(t_s, start).isoformat(),
    } for k, (verb, what, name, kind, result, t_s) in enumerate(entries)]


def _points(points: float, most: float) -> dict:
    return {"raw": points, "min": 0.0, "max": most, "scaled": min(max(points / most, 0.0), 1.0)}
