"""Where a trainee is in a lesson: tutorial steps, hints bought, checklist. Follows one model."""

from __future__ import annotations

from sim.model import Model
from sim.rules import Watch, parse_condition
from sim.schema.training import Hint, Step


class Lesson:
    """The lesson of a model's scenario. `done_s` are the times (s) at which steps were done, in order; a
    command or event counts for one step, and not before the step before was done. Conditions are looked at
    when `update` is called; everything else follows from log and events."""

    def __init__(self, model: Model):
        self.training = model.scenario.training
        self.done_s: list[float] = []
        self._read = {"command": 0, "event": 0}
        self._met: dict[str, float] = {}
        self._watch: Watch | None = None

    @property
    def step(self) -> Step | None:
        """The step to be done now, None when all are."""
        steps = self.training.steps if self.training else []
        return steps[len(self.done_s)] if len(self.done_s) < len(steps) else None

    def update(self, model: Model) -> bool:
        """Take in what has happened; whether a step was done."""
        before = len(self.done_s)
        while self.step is not None and self._is_done(self.step, model):
            self.done_s.append(max(self._met.values()))
            self._met, self._watch = {}, None
        return len(self.done_s) > before

    def _is_done(self, step: Step, model: Model) -> bool:
        kinds = {"command": [(entry["t"], entry["command"]["kind"]) for entry in model.commands],
                 "event": [(event["t"], event["kind"]) for event in model.events]}
        since = self.done_s[-1] if self.done_s else 0.0
        for what, log in kinds.items():
            wanted = getattr(step, what)
            if wanted is None or what in self._met:
                continue
            for number in range(self._read[what], len(log)):
                if log[number][1] == wanted and log[number][0] >= since:
                    self._met[what], self._read[what] = log[number][0], number + 1
                    break
        if step.at is not None and model.now_s >= model.scenario.seconds(step.at):
            self._met["at"] = max(model.scenario.seconds(step.at), since)
        if step.when is not None and "when" not in self._met:
            self._watch = self._watch or Watch(parse_condition(step.when))
            if self._watch.met(model):
                self._met["when"] = model.now_s
        return all(getattr(step, what) is None or what in self._met
                   for what in ("command", "event", "at", "when"))


def hints_taken(model: Model) -> list[Hint]:
    """The hints that were bought, in order."""
    count = sum(entry["command"]["kind"] == "take_hint" for entry in model.commands)
    return model.scenario.training.hints[:count] if model.scenario.training else []


def ticked(commands: list[dict]) -> set[int]:
    """Numbers (from 1) of the checklist's items that are ticked in a command log."""
    done: dict[int, bool] = {}
    for entry in commands:
        if entry["command"]["kind"] == "tick_item":
            done[entry["command"]["item"]] = entry["command"]["done"]
    return {item for item, is_done in done.items() if is_done}
