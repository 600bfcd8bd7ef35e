"""What an instructor may ask of a window: how it stands there, what a line means, to have it done.

Requests are JSON objects with `ask` (status, complete, consider, say); `Desk.answer` never raises for what
was asked. Commands go to the branch that is played, even while the trainee looks at its past, and into its
log as the instructor's. What moves the trainee's own view stays with the trainee.
"""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from game.ui.facts import site_facts
from game.ui.log import spoken, words
from sim.alarms import Alarms
from sim.console import (ListOrders, NotUnderstood, Pause, Resume, SetSpeed, complete, consider, parse,
                         text_of)
from sim.orders import INSTRUCTOR, SOURCE
from sim.remark_commands import remark_kinds, taken_over
from sim.spelling import number
from sim.timing import clock_label

OF_THE_VIEW = "that moves what the trainee sees, expected at the window itself"
HELP = (
    ("COMMAND", "now, in the words of the command line: transformer trip for 30m"),
    ("at 18:30 COMMAND", "at a time"),
    ("when stress > 0.9 for 10m COMMAND", "once a condition is met"),
    ("list, cancel 2", "what waits; take an order back"),
    ("take over, give back", "the trainee's commands are refused meanwhile"),
    ("note TEXT", "a private note at this instant, for the debrief"),
    ("pause, resume, speed 600", "the window's clock"),
    ("help, quit", "this; leave, the window goes on"),
)
MOST_NEWS = 200
FEED = frozenset((
    "command_refused", "transformer_over", "transformer_back", "supply_lost", "supply_restored", "stress_level",
    "faulted", "repaired", "frequency_left_band", "frequency_restored", "left_unserved", "condition_met",
    "limit_exceeded", "limit_restored"))


class Desk:
    """Answers for `app`, which is an Operator."""

    def __init__(self, app):
        self._app = app
        self._model, self._alarms = None, Alarms()

    @property
    def model(self):
        """The model that the trainee operates, at its present."""
        app = self._app
        return app.model if app.branching is None else app.branching.played

    def answer(self, request: dict) -> dict:
        """The answer to a request, JSON-ready."""
        act = {"status": self._status, "complete": self._complete, "consider": self._consider,
               "say": self._say}.get(str(request.get("ask")))
        if act is None:
            return {"error": f"ask: {request.get('ask')!r:.40}, expected status, complete, consider or say"}
        try:
            return act(request)
        except (TypeError, ValueError) as error:
            return {"error": str(error)}

    def _complete(self, request: dict) -> dict:
        line = str(request.get("line", ""))
        found = complete(line, int(request.get("cursor", len(line))), self.model, instructs=True)
        return {"candidates": [asdict(one) for one in found]}

    def _consider(self, request: dict) -> dict:
        seen = consider(str(request.get("line", "")), self.model, instructs=True)
        refusal = seen.refusal or (OF_THE_VIEW if _of_the_view(seen.command) else None)
        return asdict(seen) | {"command": seen.command is not None, "refusal": refusal}

    def _say(self, request: dict) -> dict:
        """Do what a line says: `done` in its own words, or `error` (not understood) or `refusal`."""
        try:
            command = parse(str(request.get("line", "")), self.model)
        except NotUnderstood as error:
            return {"error": str(error)}
        if isinstance(command, ListOrders):
            return {"done": text_of(command), "lines": self.waiting() or ["nothing waits"]}
        refusal = OF_THE_VIEW if _of_the_view(command) else self._app.obey_as(INSTRUCTOR, command)
        return {"refusal": refusal} if refusal else {"done": text_of(command)}

    def waiting(self) -> list[str]:
        """What waits to happen, in words: orders by number, then the scenario's injects."""
        model, found = self.model, []
        for order in model.orders.standing:
            due = f"at {self._clock(order.due)}" if isinstance(order.due, float) else f"when {order.due}"
            whose = {INSTRUCTOR: "", SOURCE: "   (the scenario's)"}.get(order.giver, f"   (the {order.giver}'s)")
            found.append(f"{order.number}  {due}  {text_of(order.command)}{whose}")
        for inject in model.scenario.injects:
            if inject.when is None and model.scenario.seconds(inject.at) > model.now_s:
                found.append(f"-  at {self._clock(model.scenario.seconds(inject.at))}  {text_of(inject.command)}   "
                             "(the scenario's)")
        return found

    def _status(self, request: dict) -> dict:
        app, model = self._app, self.model
        if model is not self._model:
            self._model, self._alarms = model, Alarms()
        self._alarms.update(model, model.now_s)
        site, hub, branching = site_facts(model, model.now_s), model.world.hub, app.branching
        stress = hub.stress.item(0)
        return {
            "scenario": site.name, "t": model.now_s, "clock": site.clock, "date": site.date,
            "speed": app.clock.speed, "paused": app.clock.paused, "ended": app.clock.ended,
            "past": self._clock(branching.shown_s) if branching is not None and branching.past else None,
            "branch": None if branching is None or branching.branch.parent is None else branching.branch.name,
            "net_kw": site.net_kw, "limit_kw": site.import_limit_kw if isfinite(site.import_limit_kw) else None,
            "stress": stress if isfinite(stress) else None, "plugged": site.plugged, "queued": site.queued,
            "taken_over": taken_over(model.commands), "exercise": self._exercise(),
            "alarms": [{"clock": self._clock(one.since_s), "priority": one.priority.name.lower(),
                        "nature": one.nature.value, "text": f"{one.source}: {one.text}", "acknowledged": one.acknowledged, "active": one.active}
                       for one in self._alarms.shown],
            "waiting": self.waiting(), **self._news(request.get("since"))}

    def _exercise(self) -> dict | None:
        exercise = self._app.exercise
        if exercise is None:
            return None
        taken, _ = exercise.hints
        done, steps, score = len(exercise.lesson.done_s), len(exercise.training.steps), exercise.score
        step = exercise.lesson.step
        return {"begun": exercise.begun, "points": score and score.points, "pass_mark": exercise.training.pass_mark,
                "passed": score and score.passed, "hints": len(taken), "of_hints": len(exercise.training.hints),
                "step": step and f"step {done + 1} of {steps}: {step.text}"}

    def _news(self, since: Any) -> dict:
        """What came into log and events since an earlier answer's `since`, the newest last."""
        model, name = self.model, "" if self._app.branching is None else self._app.branching.branch.name
        known = since if isinstance(since, list) and len(since) == 3 and since[0] == name else [name, 0, 0]
        found = [(entry["t"], "note" if entry["command"]["kind"] in remark_kinds() else "command", entry["source"],
                  spoken(entry["command"])) for entry in model.commands[int(known[1]):]]
        found += [(event["t"], "event", event.get("source", ""), words(event))
                  for event in model.events[int(known[2]):] if event["kind"] in FEED]
        found = sorted(found, key=lambda one: one[0])[-MOST_NEWS:]
        return {"since": [name, len(model.commands), len(model.events)],
                "news": [{"clock": self._clock(t_s), "kind": kind, "who": who, "text": text}
                         for t_s, kind, who, text in found]}

    def _clock(self, t_s: float) -> str:
        return clock_label(t_s, self.model.scenario.start)


def status_line(told: dict) -> str:
    """A status in one line of text."""
    parts = [told["scenario"], f"{told['date']} {told['clock']}",
             "over" if told["ended"] else "paused" if told["paused"] else f"x{told['speed']:g}",
             f"{number(told['net_kw'], 1)} kW" + (f" of {number(told['limit_kw'], 0)}" if told["limit_kw"] else "")]
    if told["stress"] is not None:
        parts.append(f"stress {number(told['stress'], 2)}")
    exercise = told["exercise"]
    if told["branch"] is not None:
        parts.append(f"on branch {told['branch']}" + (", not scored" if exercise else ""))
    if exercise and exercise["points"] is not None:
        parts.append(f"score {number(exercise['points'], 1)}")
    parts.append(f"{len(told['alarms'])} alarms, {sum(not one['acknowledged'] for one in told['alarms'])} new")
    if told["taken_over"]:
        parts.append("you have the controls")
    return " | ".join(parts)


def _of_the_view(command) -> bool:
    session = command is not None and not hasattr(command, "check")
    return session and not isinstance(command, (Pause, Resume, SetSpeed, ListOrders))
