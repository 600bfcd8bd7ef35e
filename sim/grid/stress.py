"""One stress index for a zone's grid and for the hub: 0 nobody notices, 1 it is about to trip.

The index is the worst of five figures, each mapped piecewise linearly between stated anchors:

| figure | 0 | 0.4 | 0.6 | 0.8 | 1 |
|---|---|---|---|---|---|
| transformer loading, % | 50 | 80 | 100 | 130 | 150 |
| hot-spot temperature, degrees C | 60 | 98 | 110 | 120 | 140 |
| voltage off nominal, pu | 0 | 0.06 | 0.08 | 0.10 | 0.15 |
| line loading, % of ampacity | 50 | 80 | 90 | 100 | 120 |
| limit of a panel or pod, % | 50 | 80 | 101 | 113 | 145 |

IEC 60076-7: 150 % limits the normal cyclic loading of distribution transformers; normal and
upgraded paper age at rate 1 at 98 and 110 degrees C, 120 limits normal cyclic loading and 140
long-time emergencies. EN 50160: the voltage stays within +-10 % for 95 % of the time and never
falls below -15 %. An ampacity is a continuous limit. A breaker's rating is one too, which strategies
may use to the full: IEC 60898-1 has it hold 113 % for an hour and trip within one at 145 %. The other
anchors are priors. A power flow without a solution counts as 1: the feeder cannot carry its load. So
does a zone with connectors that are without supply.

Levels begin at 0.4 (medium), 0.6 (high) and 0.8 (emergency); they rise at once and fall only when
the index is 0.05 below where they begin, so that they do not flicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from math import inf

import numpy as np


class Level(IntEnum):
    LOW = 0
    MEDIUM = 1
    HIGH = 2
    EMERGENCY = 3


class LimitedBy(IntEnum):
    """Which figure is the worst."""

    NOTHING = 0
    TRANSFORMER_LOADING = 1
    HOT_SPOT = 2
    VOLTAGE = 3
    LINE = 4
    LIMIT = 5
    NO_SOLUTION = 6
    NO_SUPPLY = 7


HOT_SPOT_LIMIT_C = 120.0
"""Limit of the hot-spot under normal cyclic loading, IEC 60076-7."""
BEGINS = np.array([0.4, 0.6, 0.8])
HYSTERESIS = 0.05
_INDEX = (0.0, 0.4, 0.6, 0.8, 1.0)
ANCHORS = {
    LimitedBy.TRANSFORMER_LOADING: (50.0, 80.0, 100.0, 130.0, 150.0),
    LimitedBy.HOT_SPOT: (60.0, 98.0, 110.0, 120.0, 140.0),
    LimitedBy.VOLTAGE: (0.0, 0.06, 0.08, 0.10, 0.15),
    LimitedBy.LINE: (50.0, 80.0, 90.0, 100.0, 120.0),
    LimitedBy.LIMIT: (50.0, 80.0, 101.0, 113.0, 145.0),
}


@dataclass(frozen=True, eq=False)
class Reading:
    """What is known of a zone's grid now; leave out what it does not have.

    `transformer` is its name, `loading_pct` and `hot_spot_c` its figures. Voltages (pu) stand at
    `nodes`, loadings (%) at `lines` and at `limits` (currents of a three-phase site over their
    limits). `converged` is that of the power flow.
    """

    transformer: str = ""
    loading_pct: float | None = None
    hot_spot_c: float | None = None
    nodes: Sequence[str] = ()
    voltage_pu: Sequence[float] | np.ndarray = ()
    lines: Sequence[str] = ()
    line_loading_pct: Sequence[float] | np.ndarray = ()
    limits: Sequence[str] = ()
    limit_loading_pct: Sequence[float] | np.ndarray = ()
    converged: bool = True


@dataclass(frozen=True)
class Stress:
    """The index 0..1, which figure makes it, and the same in words ("" at index 0). `beyond` tells
    apart what the index no longer does: how far the figure is past its last anchor, as a share of it."""

    index: float
    limited_by: LimitedBy
    words: str
    beyond: float = 0.0

    @property
    def rank(self) -> tuple[float, float]:
        """The greater, the worse."""
        return self.index, self.beyond


CALM = Stress(0.0, LimitedBy.NOTHING, "")


def part(figure: LimitedBy, value: np.ndarray | float) -> np.ndarray:
    """The index that one figure makes by itself: same shape as `value`, in its anchors' unit."""
    return np.interp(value, ANCHORS[figure], _INDEX)


def assess(reading: Reading) -> Stress:
    """The stress of one zone. Of equal figures the first in the order of LimitedBy counts;
    past their last anchors the one that is farther beyond its own."""
    if not reading.converged:
        return Stress(1.0, LimitedBy.NO_SOLUTION, "no solution of the power flow: the feeder "
                                                  "cannot carry its load", inf)
    worst = CALM
    for figure, value, words in _figures(reading):
        found = Stress(float(part(figure, value)), figure, words,
                       max(value / ANCHORS[figure][-1] - 1.0, 0.0))
        if found.rank > worst.rank:
            worst = found
    return worst


def of_hub(zones: Mapping[str, Stress]) -> Stress:
    """The hub's stress: that of its worst zone (the first of equals), which the words name."""
    return worst_of([replace(its, words=its.words and f"{name}: {its.words}")
                     for name, its in zones.items()])


def worst_of(several: Iterable[Stress]) -> Stress:
    """The highest, of equals the first; calm where there is none."""
    return max(several, key=lambda one: one.rank, default=CALM)


def level(index: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Levels after `before` (codes of Level) at stress indices of the same shape; int."""
    index = np.asarray(index, float)[..., None]
    up = np.count_nonzero(index >= BEGINS, -1)
    down = np.count_nonzero(index >= BEGINS - HYSTERESIS, -1)
    return np.clip(before, up, down)


def _figures(reading: Reading):
    """(figure, its value, words) of all that the reading has; of many places the worst one."""
    name = f"transformer {reading.transformer}".rstrip()
    facts = []
    if reading.loading_pct is not None:
        facts.append(f"at {reading.loading_pct:.0f} %")
    if reading.hot_spot_c is not None:
        facts.append(f"hot-spot {reading.hot_spot_c:.0f} °C")
    words = f"{name} {', '.join(facts)}"
    if reading.loading_pct is not None:
        yield LimitedBy.TRANSFORMER_LOADING, reading.loading_pct, words
    if reading.hot_spot_c is not None:
        yield LimitedBy.HOT_SPOT, reading.hot_spot_c, words
    if len(reading.voltage_pu):
        apart = np.abs(np.asarray(reading.voltage_pu) - 1.0)
        k = int(np.argmax(apart))
        yield (LimitedBy.VOLTAGE, apart.item(k),
               f"voltage {reading.voltage_pu[k]:.3f} pu at {reading.nodes[k]}")
    if len(reading.line_loading_pct):
        k = int(np.argmax(reading.line_loading_pct))
        yield (LimitedBy.LINE, float(reading.line_loading_pct[k]),
               f"line {reading.lines[k]} at {reading.line_loading_pct[k]:.0f} %")
    if len(reading.limit_loading_pct):
        k = int(np.argmax(reading.limit_loading_pct))
        yield (LimitedBy.LIMIT, float(reading.limit_loading_pct[k]),
               f"{reading.limits[k]} at {reading.limit_loading_pct[k]:.0f} % of its limit")
