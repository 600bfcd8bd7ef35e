"""Two branches over time, and a look ahead at what one command would change.

Both are read from what the branches remember, at the control ticks that both have been at. Since
branches have the same random draws, every difference follows from decisions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.commands import Command
from sim.model import Model
from sim.training.branches import Branch
from sim.training.course import Course

FIGURES = ("net_kw", "stress", "spent", "missing_kwh", "v2g_wear", "fed_kwh", "v2g_net")
"""What is compared, as columns of the history: power at the grid now, the hub's stress now; money,
unserved energy, wear, energy fed and V2G's net earnings so far."""


@dataclass(frozen=True)
class Difference:
    """`t_s` (n,) are the times; `one` and `other` have each of FIGURES then, `apart` other less one,
    (n,) each, NaN where a scenario does not tell. `since_s` is when the first of them differs, or
    None."""

    t_s: np.ndarray
    one: dict[str, np.ndarray]
    other: dict[str, np.ndarray]
    apart: dict[str, np.ndarray]
    since_s: float | None


def difference(one: Course, other: Course) -> Difference:
    """How two branches of one run differ over time."""
    mine, theirs = one.columns(), other.columns()
    t_s, here, there = np.intersect1d(mine["t_s"], theirs["t_s"], return_indices=True)
    left = {name: mine[name][here] for name in FIGURES}
    right = {name: theirs[name][there] for name in FIGURES}
    apart = {name: right[name] - left[name] for name in FIGURES}
    differs = np.any([np.nan_to_num(values) != 0.0 for values in apart.values()], axis=0)
    since = float(t_s[np.argmax(differs)]) if differs.any() else None
    return Difference(t_s, left, right, apart, since)


def decided_apart(one: Branch, other: Branch, until_s: float) -> tuple[list[dict], list[dict]]:
    """What operators decided in each of two branches of one run since their logs part, up to `until_s` (s):
    entries of the logs."""
    logs = [[entry for _, entry in branch.decisions] for branch in (one, other)]
    same = 0
    while same < min(map(len, logs)) and logs[0][same] == logs[1][same]:
        same += 1
    mine, theirs = ([entry for entry in log[same:] if entry["t"] <= until_s] for log in logs)
    return mine, theirs


@dataclass(frozen=True)
class Ahead:
    """The next hours without a command (`one`) and with it (`other`). `refusal` says why it would be
    refused now, and then nothing differs; `events` are those that happen with it alone."""

    refusal: str | None
    difference: Difference
    events: list[dict]


class Ghosts:
    """A look ahead that can be taken in slices, so that a window stays fluid: two copies of a model, one of
    which is given a command now. The model itself is only read. `refusal` says why it would be refused.
    Injects to come, and what an instructor has ordered, happen in neither: nobody who operates knows them."""

    def __init__(self, model: Model, command: Command, duration_s: float):
        self._known = len(model.events)
        self._without, self._having = model.copy(Course()), model.copy(Course())
        for each in (self._without, self._having):
            each.orders.foresee()
        self._until_s = min(model.now_s + duration_s, model.duration_s)
        self.refusal = self._having.submit(command)

    def go_on(self, by_s: float) -> bool:
        """Let `by_s` more seconds pass, of those that are looked at; whether all have."""
        for each in (self._without, self._having):
            each.advance(min(each.now_s + by_s, self._until_s))
        return self._having.now_s >= self._until_s

    @property
    def ahead(self) -> Ahead:
        """What has been found so far."""
        usual = [_words(event) for event in self._without.events[self._known:]]
        news = [event for event in self._having.events[self._known:]
                if event["kind"] != "command_refused" and _words(event) not in usual]
        return Ahead(self.refusal, difference(self._without.history, self._having.history), news)


def look_ahead(model: Model, command: Command, duration_s: float) -> Ahead:
    """What a command given now would change within `duration_s` (s); see `Ghosts`."""
    ghosts = Ghosts(model, command, duration_s)
    ghosts.go_on(duration_s)
    return ghosts.ahead


def _words(event: dict) -> str:
    return repr(sorted(event.items(), key=lambda item: item[0]))
