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


class Usual:
    """A copy of a model that runs ahead of it without any command. Injects to come, and what an instructor
    has ordered, do not happen in it: nobody who operates knows them. The model itself is only read."""

    def __init__(self, model: Model):
        self._origin, self._since_s, self._known = model, model.now_s, len(model.events)
        self.model = ghost(model)

    def still_of(self, model: Model) -> bool:
        """Whether that model has gone the way that this one foresaw."""
        now_s, foreseen = model.now_s, self.model.commands
        until_now = next((n for n, entry in enumerate(foreseen) if entry["t"] > now_s), len(foreseen))
        return model is self._origin and self._since_s <= now_s and model.commands == foreseen[:until_now]

    @property
    def events(self) -> list[dict]:
        """What happened in it."""
        return self.model.events[self._known:]

    def go_on(self, until_s: float, by_s: float) -> bool:
        """Let `by_s` more seconds pass, at most up to `until_s`; whether it is there."""
        if self.model.now_s < until_s:
            self.model.advance(min(self.model.now_s + by_s, until_s))
        return self.model.now_s >= until_s


class Ghosts:
    """A look ahead that can be taken in slices, so that a window stays fluid: two copies of a model, one of
    which is given a command now; the other may have run ahead already (`usual`, which must be still of the
    model). `refusal` says why the command would be refused."""

    def __init__(self, model: Model, command: Command, duration_s: float, usual: Usual | None = None):
        self._known = len(model.events)
        self._usual = Usual(model) if usual is None else usual
        self._having = ghost(model)
        self._until_s = min(model.now_s + duration_s, model.duration_s)
        self.refusal = self._having.submit(command)

    def go_on(self, by_s: float) -> bool:
        """Let `by_s` more seconds pass, of those that are looked at; whether all have."""
        self._having.advance(min(self._having.now_s + by_s, self._until_s))
        return self._usual.go_on(self._having.now_s, by_s) and self._having.now_s >= self._until_s

    @property
    def ahead(self) -> Ahead:
        """What has been found so far."""
        usual = {_words(event) for event in self._usual.events}
        news = [event for event in self._having.events[self._known:]
                if event["kind"] != "command_refused" and _words(event) not in usual]
        return Ahead(self.refusal, difference(self._usual.model.history, self._having.history), news)


def ghost(model: Model) -> Model:
    """A copy that remembers its course from now on and knows what its operator does."""
    copy = model.copy(Course())
    copy.orders.foresee()
    return copy


def look_ahead(model: Model, command: Command, duration_s: float) -> Ahead:
    """What a command given now would change within `duration_s` (s); see `Ghosts`."""
    ghosts = Ghosts(model, command, duration_s)
    ghosts.go_on(duration_s)
    return ghosts.ahead


def _words(event: dict) -> str:
    return repr(sorted(event.items(), key=lambda item: item[0]))
