"""What the timeline shows of a branch, as numbers and words. No graphics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.ui.log import spoken
from sim.alarm import Nature, Priority
from sim.alarms import Alarms
from sim.orders import INSTRUCTOR, SOURCE
from sim.remark_commands import remark_kinds
from sim.timing import clock_label

REMARKS = remark_kinds()


class Spell(NamedTuple):
    """An alarm from when to when (s), how urgent, what it is, and its words."""

    since_s: float
    until_s: float
    priority: Priority
    nature: Nature
    words: str


class Tick(NamedTuple):
    """Something at an instant (s), and its words."""

    t_s: float
    words: str


class Lanes(NamedTuple):
    """`until_s` of `duration_s` is known. `t_s` (n,) and at those times net power (kW), its import limit (kW,
    inf: none) and how many connectors are in use, vehicles are queued and connectors are out of order; alarms,
    commands, injects, and where other branches begin."""

    since_s: float
    until_s: float
    duration_s: float
    connectors: int
    t_s: np.ndarray
    net_kw: np.ndarray
    limit_kw: np.ndarray
    plugged: np.ndarray
    queued: np.ndarray
    broken: np.ndarray
    alarms: list[Spell]
    commands: list[Tick]
    injects: list[Tick]
    forks: list[Tick]


class Follower:
    """Reads the lanes of whatever branch is played; what has been read is not read again."""

    def __init__(self):
        self._branch = None
        self._begin(None)

    def _begin(self, branch) -> None:
        self._branch, self._alarms, self._read = branch, Alarms(), 0
        self._commands: list[Tick] = []
        self._injects: list[Tick] = []

    def read(self, branching, instructing: bool = False) -> Lanes:
        """The lanes now; what the instructor said is there for the instructor alone."""
        branch, model = branching.branch, branching.played
        if (branch, instructing) != self._branch:
            self._begin((branch, instructing))
        start = model.scenario.start
        fresh, self._read = model.commands[self._read:], len(model.commands)
        for entry in fresh:
            if entry["source"] == INSTRUCTOR and not instructing or entry["command"]["kind"] in REMARKS:
                continue
            lane = self._injects if entry["source"] in (SOURCE, INSTRUCTOR) else self._commands
            lane.append(Tick(entry["t"], f"{clock_label(entry['t'], start)}  {spoken(entry['command'])}"))
        self._alarms.follow(model.events, model.commands, model.now_s)
        spells = [Spell(one.since_s, model.now_s if one.ended_s is None else one.ended_s, one.priority,
                        one.nature, f"{clock_label(one.since_s, start)}  {one.source}: {one.text}")
                  for one in self._alarms.record]
        columns = branch.course.columns()
        forks = [Tick(other.forked_s, f"{clock_label(other.forked_s, start)}  {other.name} begins")
                 for other in branching.tree.branches.values() if other.parent is not None]
        return Lanes(branching.earliest_s, model.now_s, model.duration_s, len(model.world.connector),
                     *(columns[name] for name in ("t_s", "net_kw", "import_limit_kw", "plugged", "queued")),
                     columns["faulted"] + columns["offline"], spells, self._commands, self._injects, forks)


def density(t_s: np.ndarray, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The largest of `values` (n,), each of which holds from its `t_s` until the next, in each stretch
    between `edges` (m + 1,) (s): (m,), NaN before the first and where nothing is known."""
    found = np.full(len(edges) - 1, np.nan)
    if not len(t_s):
        return found
    first = np.searchsorted(t_s, edges[:-1], side="right") - 1
    last = np.searchsorted(t_s, edges[1:], side="left")
    known = (last > 0) & (edges[:-1] <= t_s[-1])
    first = np.maximum(first, 0)
    starts = np.minimum(first, len(values) - 1)
    ends = np.maximum(np.minimum(last, len(values)), starts + 1)
    pairs = np.stack([starts, ends], axis=1).ravel()
    padded = np.append(values.astype(float), -np.inf)
    found[known] = np.maximum.reduceat(padded, pairs)[::2][known]
    return found
