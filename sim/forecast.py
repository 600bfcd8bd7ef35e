"""What control foresees: the step curves of load, price and production, right unless an inject has it
that they are wrong. Until the next control tick everything is known; only what comes then may be off."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.conditions import Conditions
from sim.scenario import Scenario
from sim.steps import Steps
from sim.tariffs import selling_price


class Error(NamedTuple):
    """A curve times `factor` and `add` more, until `until_s` (inf: for good)."""

    factor: float
    add: float
    until_s: float


class Forecast:
    """The forecasts of one run. A curve is the same object as long as it is the same."""

    def __init__(self, scenario: Scenario, conditions: Conditions):
        self._scenario, self._conditions = scenario, conditions
        self._errors: dict[str, Error] = {}
        self._made: dict[str, tuple[tuple, Steps]] = {}

    def err(self, quantity: str, factor: float, add: float, until_s: float | None) -> None:
        """From now on "load", "price" or "production" is foreseen wrongly, or (1, 0) rightly."""
        self._errors[quantity] = Error(factor, add, np.inf if until_s is None else until_s)
        self._made.clear()

    def view(self, t_s: float) -> dict[str, Steps]:
        """`buying`, `selling`, `base` and `production` of a `sim.view.View` at `t_s`."""
        given = self._conditions
        seen = {"buying": given.buying, "selling": given.selling, "base": given.net_load,
                "production": given.zone_production}
        wrong = {name for name, error in self._errors.items()
                 if t_s < error.until_s and (error.factor, error.add) != (1.0, 0.0)}
        if not wrong:
            return seen
        interval = self._scenario.control_interval
        tick = int(t_s // interval) + 1
        known_s = tick * interval
        if "price" in wrong:
            buying = seen["buying"] = self._kept(
                "buying", (given.buying, tick), lambda: self._off("price", given.buying, known_s, -np.inf))
            seen["selling"] = self._kept("selling", (buying,), lambda: Steps(
                buying.starts, selling_price(self._scenario, buying.values)))
        if "production" in wrong:
            seen["production"] = self._kept(
                "zones", (given.zone_production, tick),
                lambda: self._off("production", given.zone_production, known_s, 0.0, of_site=False))
        if wrong & {"load", "production"}:
            seen["base"] = self._kept("base", (given.net_load, tick), lambda: self._net(wrong, known_s))
        return seen

    def _net(self, wrong: set[str], known_s: float) -> Steps:
        """Base load less production."""
        given = self._conditions
        base = self._off("load", given.base, known_s, 0.0) if "load" in wrong else given.base
        if not given.production.present:
            return base
        could = given.production.total()
        if "production" in wrong:
            could = self._off("production", could, known_s, 0.0)
        return base.plus(Steps(could.starts, -could.values))

    def _off(self, quantity: str, curve: Steps, known_s: float, least: float, of_site: bool = True) -> Steps:
        """The wrong curve; what is added is of the site as a whole."""
        error = self._errors[quantity]
        return curve.mapped(known_s, np.inf, lambda values: np.maximum(
            values * error.factor + (error.add if of_site else 0.0), least))

    def _kept(self, name: str, made_of: tuple, make: Callable[[], Steps]) -> Steps:
        """What was made last under that name, if it was made of the same."""
        before = self._made.get(name)
        if before is None or not _same(before[0], made_of):
            self._made[name] = made_of, make()
        return self._made[name][1]


def _same(one: tuple, other: tuple) -> bool:
    return all(a is b if isinstance(a, Steps) else a == b for a, b in zip(one, other))
