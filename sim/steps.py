"""A quantity that is constant between known moments: prices and base load are of this kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario import LoadProfile, Scenario
from sim.timing import DAY_S, parse_clock, seconds_after_midnight


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
        """Time averages from `from_s` to each of `to_s` (n,), which are later; (n,)."""
        first = self.index(from_s)
        starts, values = self.starts[first:].astype(float), self.values[first:]
        starts[0] = from_s
        before = np.concatenate([[0.0], np.cumsum(np.diff(starts) * values[:-1])])
        step = np.searchsorted(starts, to_s, side="right") - 1
        total = before[step] + (to_s - starts[step]) * values[step]
        return total / (to_s - from_s)

    def averages(self, edges: np.ndarray) -> np.ndarray:
        """Time averages between each of `edges` (k + 1,) s, ascending, and the next; (k,)."""
        total = self.mean(edges[0], edges[1:]) * (edges[1:] - edges[0])
        return np.diff(total, prepend=0.0) / np.diff(edges)

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
    return _repeat(np.array(profile.values), profile.step, midnight, horizon_s)


def buying_price(scenario: Scenario, horizon_s: float) -> Steps:
    """The tariff's buying price, currency/kWh, from the start to `horizon_s`."""
    tariff = scenario.tariff
    if tariff.kind == "flat":
        return Steps(np.zeros(1), np.array([tariff.price]))
    if tariff.kind == "series":
        return _repeat(np.array(tariff.values), tariff.step, 0.0, horizon_s)
    bands = [(parse_clock(b.start) % DAY_S, parse_clock(b.end), b.price) for b in tariff.bands]
    edges = sorted({0.0, *(b[0] for b in bands), *(b[1] % DAY_S for b in bands)})
    prices = [tariff.price] * len(edges)
    for start, end, price in bands:
        for k, edge in enumerate(edges):
            inside = start <= edge < end if start < end else edge >= start or edge < end
            if inside:
                prices[k] = price
    midnight = -seconds_after_midnight(scenario.start)
    days = int((horizon_s - midnight) // DAY_S) + 1
    starts = np.concatenate([midnight + day * DAY_S + np.array(edges) for day in range(days)])
    return Steps(starts, np.tile(prices, days)).merged()


def selling_price(scenario: Scenario, buying: float) -> float:
    """What a kWh fed from a vehicle earns when energy costs `buying`, currency/kWh."""
    fixed = scenario.tariff.sell_price
    return buying * scenario.tariff.sell_share if fixed is None else fixed


def _repeat(values: np.ndarray, step: float, first_s: float, horizon_s: float) -> Steps:
    count = int((horizon_s - first_s) // step) + 1
    starts = first_s + step * np.arange(count)
    return Steps(starts, values[np.arange(count) % len(values)]).merged()
