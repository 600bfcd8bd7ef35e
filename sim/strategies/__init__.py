"""Control strategies, one file each. To add one: write the file, enter its name in `NAMES`.

A strategy is a module named as the strategy, with

- a docstring that explains it in a paragraph;
- `PARAMETERS`, a `Parameters` class with defaults, which a scenario sets in `[strategies.NAME]`;
- `decide(view) -> Decision` for the n vehicles of a `sim.view.View`: setpoints and reasons;
- `KEEPS_LIMITS`, whether it stays within the room it is given;
- `LOCAL`, whether everyone is simply offered its cap, so that a plug-in needs no pass over the
  others;
- if it answers something measured, `SIGNAL`, the field of the view that has it. Where that is None
  it does what `equal_share` does;
- if it decides a vehicle apart from the others, who matter to it only through the room that limits
  leave and through `view.crowd`, `APART = True`: see `sim.supervisor`;
- if it has to remember or foresee something, `prepare(inputs) -> memory`, called before its first
  decision with what the run was built from. What it returns is the view's `memory` from then on.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, create_model

if TYPE_CHECKING:
    from sim.view import Decision, View
    from sim.scenario import Scenario
    from sim.sessions.visits import Visits

NAMES = ("uncontrolled", "equal_share", "earliest_deadline_first", "round_robin", "v2g_price",
         "as_late_as_possible", "first_come_first_served", "least_laxity_first",
         "proportional_share", "valley_filling", "droop", "grid_support", "mpc", "optimal")


class Parameters(BaseModel):
    """What a scenario may set of a strategy; the base of every `PARAMETERS`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Inputs:
    """What a run was built from: all that can be known of it beforehand. `report(kind, t, where,
    **facts)` enters an event into the run's log; by default nobody is told."""

    scenario: Scenario
    visits: Visits
    report: Callable = lambda *_, **__: None


class Strategy:
    """A registered strategy as one run uses it, with its parameters and its memory."""

    def __init__(self, name: str, inputs: Inputs):
        self._module = import_module(f"{__name__}.{name}")
        self._inputs = inputs
        self._parameters = getattr(inputs.scenario.strategies, name)
        self._prepare = getattr(self._module, "prepare", None)
        self._memory: Any = None
        self.keeps_limits: bool = self._module.KEEPS_LIMITS
        self.local: bool = self._module.LOCAL
        self.signal: str | None = getattr(self._module, "SIGNAL", None)
        self.apart: bool = getattr(self._module, "APART", False)

    def __deepcopy__(self, memo: dict) -> Strategy:
        twin = memo[id(self)] = copy.copy(self)
        twin._inputs = copy.deepcopy(self._inputs, memo)
        twin._memory = copy.deepcopy(self._memory, memo)
        return twin

    def decide(self, view: View) -> Decision:
        """Setpoints and reasons of the vehicles that the view shows."""
        if self.signal is not None and getattr(view, self.signal) is None:
            return import_module(f"{__name__}.equal_share").decide(view)
        if self._prepare is not None:
            self._memory, self._prepare = self._prepare(self._inputs), None
        return self._module.decide(replace(view, parameters=self._parameters, memory=self._memory))


def reaching(rows: np.ndarray, sessions: np.ndarray) -> np.ndarray:
    """A memory that has a row for each session, -1 where it has none, long enough for `sessions`: more
    may have come than a run began with."""
    more = int(sessions.max(initial=-1)) + 1 - len(rows)
    return rows if more <= 0 else np.append(rows, np.full(more, -1))


def for_run(scenario: Scenario, visits: Visits, report: Callable) -> tuple[Strategy, ...]:
    """Every strategy, in the order of `NAMES`, with fresh memory. See `Inputs`."""
    inputs = Inputs(scenario, visits, report)
    return tuple(Strategy(name, inputs) for name in NAMES)


def modules() -> tuple:
    """The strategy modules in the order of `NAMES`."""
    return tuple(import_module(f"{__name__}.{name}") for name in NAMES)


def tables() -> type[Parameters]:
    """The schema of a scenario's `strategies`: one optional table a strategy."""
    return create_model("Strategies", __base__=Parameters, **{
        name: (module.PARAMETERS, module.PARAMETERS()) for name, module in zip(NAMES, modules())})
