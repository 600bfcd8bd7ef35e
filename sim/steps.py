"""A quantity that is constant between known moments: prices, base load, production and carbon
factors are of this kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.scenario import Scenario
from sim.schema.fields import LoadProfile
from sim.timing import seconds_after_midnight


@dataclass(frozen=True)
class Steps:
    """`values[j]` holds from `starts[j]` until the next start; starts ascend from 0 s or
    before, values may have any shape (n, ...)."""

    starts: np.ndarray
    values: np.ndarray

    def at(self, t_s: float):
        """The value that holds at `t_s`."""
        return self.values[self.index(t_s)]

    def index(self, t_s: float) -> int:
        """The step that holds at `t_s`."""
        return max(int(np.searchsorted(self.starts, t_s, side="right")) - 1, 0)

    def mean(self, from_s: float, to_s: np.ndarray) -> np.ndarray:
        """Time averages from `from_s` to each of `to_s` (n,), which are later; (n, ...)."""
        first = self.index(from_s)
        starts, values = self.starts[first:].astype(float), self.values[first:].T
        starts[0] = from_s
        before = np.zeros(values.shape)
        np.cumsum(np.diff(starts) * values[..., :-1], axis=-1, out=before[..., 1:])
        step = np.searchsorted(starts, to_s, side="right") - 1
        total = before[..., step] + (to_s - starts[step]) * values[..., step]
        return (total / (to_s - from_s)).T

    def averages(self, edges: np.ndarray) -> np.ndarray:
        """Time averages between each of `edges` (k + 1,) s, ascending, and the next; (k, ...)."""
        total = self.mean(edges[0], edges[1:]).T * (edges[1:] - edges[0])
        return (np.diff(total, prepend=0.0) / np.diff(edges)).T

    def means(self, from_s: np.ndarray, to_s: np.ndarray) -> np.ndarray:
        """Time averages from each `from_s` to its `to_s` (n,), which is later; (n,)."""
        before = np.concatenate([[0.0], np.cumsum(np.diff(self.starts) * self.values[:-1])])

        def integral(t_s: np.ndarray) -> np.ndarray:
            step = np.maximum(np.searchsorted(self.starts, t_s, side="right") - 1, 0)
            return before[step] + (t_s - self.starts[step]) * self.values[step]
        return (integral(to_s) - integral(from_s)) / (to_s - from_s)

    def plus(self, other: Steps) -> Steps:
        """The sum of two such quantities."""
        starts = np.union1d(self.starts, other.starts)
        starts = starts[starts >= max(self.starts[0], other.starts[0])]
        mine = self.values[np.searchsorted(self.starts, starts, side="right") - 1]
        return Steps(starts, mine + other.values[np.searchsorted(other.starts, starts, side="right") - 1])

    def until(self, t_s: float, later: Steps) -> Steps:
        """The same through `t_s`, and `later` from its first step after that on."""
        after = later.starts > t_s
        mine = self.starts <= t_s
        return Steps(np.concatenate([self.starts[mine], later.starts[after]]),
                     np.concatenate([self.values[mine], later.values[after]]))

    def raised(self, start_s: float, end_s: float, by: float) -> Steps:
        """The same and `by` more from `start_s` until `end_s`."""
        return self.plus(Steps(np.array([min(self.starts[0], start_s), start_s, end_s]),
                               np.array([0.0, by, 0.0])))

    def mapped(self, start_s: float, end_s: float, change: Callable[[np.ndarray], np.ndarray]) -> Steps:
        """The same with `change` done to the values from `start_s` until `end_s` (inf: to the end)."""
        edges = [edge for edge in (start_s, end_s) if edge < np.inf]
        starts = np.union1d(self.starts, edges)
        starts = starts[starts >= self.starts[0]]
        values = self.values[np.searchsorted(self.starts, starts, side="right") - 1]
        within = (starts >= start_s) & (starts < end_s)
        changed = values.astype(float)
        changed[within] = change(values[within])
        return Steps(starts, changed)

    def during(self, start_s: float, end_s: float) -> np.ndarray:
        """The values that hold at some time from `start_s` until `end_s`; (k, ...)."""
        first, last = self.index(start_s), int(np.searchsorted(self.starts, end_s, side="left"))
        return self.values[first:max(last, first + 1)]

    def override(self, start_s: float, end_s: float, value) -> Steps:
        """The same with `value` from `start_s` until `end_s`."""
        after = self.at(end_s)
        keep = (self.starts < start_s) | (self.starts > end_s)
        starts = np.concatenate([self.starts[keep], [start_s, end_s]])
        values = np.concatenate([self.values[keep], [value, after]])
        order = np.argsort(starts, kind="stable")
        return Steps(starts[order], values[order])

    def merged(self) -> Steps:
        """The same with equal neighbours joined, so that no step is without a change."""
        new = np.ones(len(self.values), bool)
        new[1:] = self.values[1:] != self.values[:-1]
        return Steps(self.starts[new], self.values[new])


def base_load(scenario: Scenario, horizon_s: float) -> Steps:
    """The site's base load, kW, from the start to `horizon_s`."""
    profile = scenario.grid.base_load
    if not isinstance(profile, LoadProfile):
        return Steps(np.zeros(1), np.array([float(profile)]))
    midnight = -seconds_after_midnight(scenario.start)
    return repeat(np.array(profile.values), profile.step, midnight, horizon_s)


def repeat(values: np.ndarray, step: float, first_s: float, horizon_s: float) -> Steps:
    """`values` of `step` s each over and over, from `first_s` to `horizon_s`."""
    count = int((horizon_s - first_s) // step) + 1
    starts = first_s + step * np.arange(count)
    return Steps(starts, values[np.arange(count) % len(values)]).merged()
