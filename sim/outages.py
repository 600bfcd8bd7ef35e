"""What befalls feeders in a run: trips, lines out, derating, and their end.

Connectors without supply stop, and their vehicles go on by themselves when it is back; base load and
production there are gone meanwhile. The power flow is solved anew at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.timeline import Order

if TYPE_CHECKING:
    from sim.model import Model


class Outages:
    """Acts on the feeders (rows) of one model, at its present time. `until_s` is when what is done ends
    by itself, None: not."""

    def __init__(self, model: Model):
        self._model = model
        self._ends: dict[tuple, float] = {}

    def trip(self, feeder: int, tripped: bool, until_s: float | None = None) -> None:
        """A transformer trips, or is switched on again."""
        self._model.grid.supply.trip(feeder, tripped)
        self._supply_changed()
        self._end(("trip", feeder), until_s, lambda: self.trip(feeder, False))

    def line(self, feeder: int, line: int, closed: bool, until_s: float | None = None) -> None:
        """A line goes out, or is back."""
        self._model.grid.supply.switch(feeder, line, closed)
        self._supply_changed()
        self._end(("line", feeder, line), until_s, lambda: self.line(feeder, line, True))

    def derate(self, feeder: int, share: float, until_s: float | None = None) -> None:
        """A transformer has only that share of its rating."""
        self._model.world.feeder.rating_share[feeder] = share
        if self._model.capacity.keeps_transformers:
            self._model.supervisor.call_pass()
        self._model.look_at_grid()
        self._end(("rating", feeder), until_s, lambda: self.derate(feeder, 1.0))

    def _supply_changed(self) -> None:
        model = self._model
        supply = model.grid.supply
        for connector in supply.follow(model.now_s).tolist():
            model.serve(connector)
        model.conditions.connect(model.now_s, supply.base_share(), supply.production())
        model.enter_market()
        model.look_at_grid()

    def _end(self, what: tuple, until_s: float | None, undo: Callable[[], None]) -> None:
        """Have it undone at `until_s`, unless another command about the same comes before."""
        self._ends.pop(what, None)
        if until_s is None:
            return
        self._ends[what] = until_s

        def act(_event) -> None:
            if self._ends.get(what) == until_s:
                self._model.enter(until_s)
                undo()
        self._model.timeline.at(until_s, Order.INJECT, act)
