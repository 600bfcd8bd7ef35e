"""The score of an exercise: points by objective, and for each point lost when and why.

A pure function of what a run leaves behind (`sim.training.evidence`): of a run that is still going it
says what has been lost so far, and of a run folder what was shown. Each objective loses at most its
weight, in the order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from sim.alarm import Priority
from sim.alarms import Alarms, alarms_of
from sim.schema.training import (AnyObjective, HandleAlarms, KeepCommitment, KeepCost, KeepLimits,
                                 ServeVehicles, SpareBatteries)
from sim.spelling import number, pretty
from sim.timing import HOUR_S, clock_label
from sim.training.evidence import Evidence, Yardstick, cost_of, demand_charge_of

LEAST = 1e-9
"""Losses below this many points are rounding."""


class Loss(NamedTuple):
    """Points lost, at which instant (s), and why in words."""

    t_s: float
    points: float
    why: str


@dataclass(frozen=True)
class ObjectiveScore:
    """One objective: points out of `weight`, all of 100. `pending`: it is judged when the run is over."""

    kind: str
    title: str
    weight: float
    points: float
    losses: list[Loss]
    pending: bool


@dataclass(frozen=True)
class Sheet:
    """The score sheet: `points` of 100, hints paid. `passed` is None while the run goes on."""

    points: float
    pass_mark: float
    passed: bool | None
    until_s: float
    objectives: list[ObjectiveScore]
    hints: list[Loss]

    @property
    def losses(self) -> list[Loss]:
        """Every point lost, in order of time."""
        return sorted([*(loss for part in self.objectives for loss in part.losses), *self.hints])

    def to_json(self) -> dict:
        """The same as plain lists and dicts."""
        raw = asdict(self)
        for part in [*raw["objectives"], {"losses": raw["hints"]}]:
            part["losses"] = [loss._asdict() for loss in part["losses"]]
        raw["hints"] = [loss._asdict() for loss in self.hints]
        return raw


def sheet(evidence: Evidence, optimal: Yardstick | None = None) -> Sheet:
    """The score sheet of a run. `optimal` is asked for by objectives on cost alone, which stay pending
    without it. Raises ValueError for a scenario that is no exercise."""
    training = evidence.scenario.training
    if training is None:
        raise ValueError(f"{evidence.scenario.name} has no table training")
    share = 100.0 / sum(goal.weight for goal in training.objectives)
    parts = []
    for goal in training.objectives:
        pending = isinstance(goal, KeepCost) and (evidence.results is None or optimal is None)
        found = [] if pending else _FIND[goal.kind](goal, evidence, optimal)
        losses = _within(goal.weight, found)
        kept = goal.weight - sum(loss.points for loss in losses)
        parts.append(ObjectiveScore(
            goal.kind, goal.title or TITLES[goal.kind], goal.weight * share, max(kept, 0.0) * share,
            [loss._replace(points=loss.points * share) for loss in losses], pending))
    hints = _hints(evidence)
    points = max(sum(part.points for part in parts) - sum(hint.points for hint in hints), 0.0)
    over = evidence.results is not None and not any(part.pending for part in parts)
    return Sheet(points, training.pass_mark, points >= training.pass_mark if over else None,
                 evidence.until_s, parts, hints)


TITLES = {"limits": "Within limits", "unserved": "Vehicles served", "cost": "Cost against the optimum",
          "commitment": "V2G commitment kept", "wear": "Batteries spared", "alarms": "Alarms handled in time"}


def _within(weight: float, losses: Iterable[Loss]) -> list[Loss]:
    """Losses in order of time, as far as the weight goes."""
    left, kept = weight, []
    for loss in sorted(losses):
        points = min(loss.points, left)
        if points > LEAST:
            kept.append(loss._replace(points=points))
            left -= points
    return kept


def _hints(evidence: Evidence) -> list[Loss]:
    taken = [entry["t"] for entry in evidence.commands if entry["command"]["kind"] == "take_hint"]
    return [Loss(t_s, hint.price, f"hint {k}")
            for k, (t_s, hint) in enumerate(zip(taken, evidence.scenario.training.hints), 1)]


# Limits

class Spell(NamedTuple):
    """A stretch outside a limit."""

    since_s: float
    until_s: float
    what: str


def spells(events: Iterable[dict], until_s: float) -> dict[str, list[Spell]]:
    """Stretches outside limits by kind (`limit`, `transformer`, `high`, `emergency`, `frequency`), from a
    run's events; those that go on end at `until_s`."""
    found: dict[str, list[Spell]] = {kind: [] for kind in ("limit", "transformer", "high", "emergency",
                                                           "frequency")}
    running: dict[tuple, tuple[float, str]] = {}

    def begin(kind: str, key, t_s: float, what: str) -> None:
        running.setdefault((kind, key), (t_s, what))

    def end(kind: str, key, t_s: float) -> None:
        since, what = running.pop((kind, key), (t_s, ""))
        if t_s > since:
            found[kind].append(Spell(since, t_s, what))

    for event in events:
        t_s, kind = event["t"], event["kind"]
        if kind in ("limit_exceeded", "limit_restored"):
            place = event.get("zone") or event.get("station") or event.get("feeder")
            key = event.get("limit") or (event["where"], place, event["direction"])
            what = event.get("limit") or " ".join(filter(None, (place, event["direction"])))
            (begin if kind == "limit_exceeded" else end)("limit", key, t_s, *([pretty(what)]
                                                         if kind == "limit_exceeded" else []))
        elif kind == "transformer_over":
            begin("transformer", (event["where"], event["what"]), t_s, f"{event['where']} {event['what']}")
        elif kind == "transformer_back":
            end("transformer", (event["where"], event["what"]), t_s)
        elif kind == "stress_level" and event["where"] == "hub":
            for level in ("high", "emergency"):
                if event["level"] == level:
                    begin(level, "hub", t_s, f"{level} stress, {event['words']}")
                else:
                    end(level, "hub", t_s)
        elif kind == "frequency_left_band":
            begin("frequency", "grid", t_s, "frequency")
        elif kind == "frequency_restored":
            end("frequency", "grid", t_s)
    for kind, key in list(running):
        end(kind, key, until_s)
    return found


def _limits(goal: KeepLimits, evidence: Evidence, _optimal) -> list[Loss]:
    words = {"limit": "{} above its limit", "transformer": "transformer {} above its limit", "high": "{}",
             "emergency": "{}", "frequency": "{} outside its band"}
    losses = []
    for kind, stretches in spells(evidence.events, evidence.until_s).items():
        rate = getattr(goal, f"{kind}_per_minute")
        for spell in stretches:
            minutes = (spell.until_s - spell.since_s) / 60.0
            losses.append(Loss(spell.since_s, rate * minutes,
                               f"{words[kind].format(spell.what)} for {number(minutes, 1)} min"))
    return losses


# The other objectives

def _unserved(goal: ServeVehicles, evidence: Evidence, _optimal) -> list[Loss]:
    free, losses = goal.free_kwh, []
    for event in evidence.events:
        kwh = event.get("missing_kwh", 0.0)
        counted = max(kwh - free, 0.0)
        free = max(free - kwh, 0.0)
        if counted:
            losses.append(Loss(event["t"], goal.per_kwh * counted,
                               f"{event['session']} left with {number(kwh, 1)} kWh missing"))
    return losses


def _cost(goal: KeepCost, evidence: Evidence, optimal: Yardstick) -> list[Loss]:
    """What is above the optimum, at the hours that spent more than the optimum did by then, and energy that is
    missing at its departures."""
    above = cost_of(evidence, optimal) - optimal.cost
    lost = goal.weight * float(np.clip((above - goal.free) / (goal.none_at - goal.free), 0.0, 1.0))
    if lost <= LEAST:
        return []
    series, currency = evidence.series, evidence.scenario.currency
    edges = np.append(np.arange(0.0, evidence.until_s, HOUR_S), evidence.until_s)
    mine = np.interp(edges, series["t_s"], series["spent"] + series["v2g_wear"])
    more = np.maximum(np.diff(mine - np.interp(edges, optimal.t_s, optimal.spent)), 0.0)
    parts = [(t_s, extra, f"{number(extra, 2)} {currency} more than the optimum in the hour from "
              f"{clock_label(t_s, evidence.scenario.start)}")
             for t_s, extra in zip(edges[:-1].tolist(), more.tolist())]
    for event in evidence.events:
        worth = event.get("missing_kwh", 0.0) * optimal.missing_price.get(event.get("session"), 0.0)
        parts.append((event["t"], worth, f"{event.get('session')} left without all its energy"))
    demand = max(demand_charge_of(evidence) - optimal.demand_charge, 0.0)
    parts.append((evidence.until_s, demand,
                  f"{number(demand, 2)} {currency} more of demand charge than the optimum"))
    whole = sum(worth for _, worth, _ in parts) or 1.0
    return [Loss(t_s, lost * worth / whole, why) for t_s, worth, why in parts]


def _commitment(goal: KeepCommitment, evidence: Evidence, _optimal) -> list[Loss]:
    scenario, series = evidence.scenario, evidence.series
    begin, end = scenario.seconds(goal.begin), min(scenario.seconds(goal.end), evidence.until_s)
    if end <= begin:
        return []
    inside = series["t_s"][(series["t_s"] > begin) & (series["t_s"] < end)]
    edges = np.concatenate([[begin], inside, [end]])
    fed = np.diff(np.interp(edges, series["t_s"], series["fed_kwh"]))
    short = np.maximum(goal.kw * np.diff(edges) / HOUR_S - fed, 0.0)
    return [Loss(t_s, goal.per_kwh * kwh, f"{number(kwh, 1)} kWh of the commitment not fed")
            for t_s, kwh in zip(edges[:-1].tolist(), short.tolist()) if kwh > 1e-6]


def _wear(goal: SpareBatteries, evidence: Evidence, _optimal) -> list[Loss]:
    series, currency = evidence.series, evidence.scenario.currency
    edges = np.append(np.arange(0.0, evidence.until_s, HOUR_S), evidence.until_s)
    beyond = np.maximum(np.interp(edges, series["t_s"], series["v2g_wear"]) - goal.free, 0.0)
    return [Loss(t_s, goal.per_unit * worn, f"wear of {number(worn, 2)} {currency} in the hour from "
                 f"{clock_label(t_s, evidence.scenario.start)}")
            for t_s, worn in zip(edges[:-1].tolist(), np.diff(beyond).tolist()) if worn > LEAST]


def _alarms(goal: HandleAlarms, evidence: Evidence, _optimal) -> list[Loss]:
    known: Alarms = alarms_of(evidence.events, evidence.commands, evidence.until_s)
    losses = []
    for alarm in known.record:
        due = alarm.asks_s + goal.within
        handled = min((t for t in (alarm.noticed_s, alarm.ended_s) if t is not None), default=np.inf)
        if alarm.priority <= Priority[goal.priority.upper()] and handled > due < evidence.until_s:
            losses.append(Loss(due, goal.per_alarm, f"alarm not handled in time: {alarm.source}, {alarm.text}"))
    return losses


_FIND: dict[str, Callable[[AnyObjective, Evidence, Yardstick | None], list[Loss]]] = {
    "limits": _limits, "unserved": _unserved, "cost": _cost, "commitment": _commitment, "wear": _wear,
    "alarms": _alarms}
