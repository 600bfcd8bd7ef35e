"""Which parts of the feeders are out, and what that leaves without supply.

A tripped transformer or an island behind lines that are out has no voltage. A derated transformer
carries what it did with less cooling: its load counts against the rating that is left.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from entities.components import NONE
from entities.world import World
from sim.grid.feeder import Feeder, fed_nodes


class Supply:
    """The switching state of one world's feeders (rows of `world.feeder`). `closed` has the lines of each,
    bool (lines,), and `alive` its nodes that have voltage, bool (nodes,)."""

    def __init__(self, world: World, feeders: list[Feeder], nodes: list[np.ndarray],
                 connectors: list[np.ndarray], has_base: bool, report: Callable):
        self._world, self._feeders, self._report = world, feeders, report
        self._nodes, self._connectors, self._has_base = nodes, connectors, has_base
        self.closed = [np.ones(len(feeder.line_names), bool) for feeder in feeders]
        self.alive = [np.ones(len(feeder.node_names), bool) for feeder in feeders]
        self.why = [""] * len(feeders)

    def lines(self, name: str, feeder: str | None) -> list[tuple[int, int]]:
        """(feeder, line) of every line of that name, in one feeder or in all."""
        return [(k, its.line_names.index(name)) for k, its in enumerate(self._feeders)
                if name in its.line_names and feeder in (None, self._world.feeder.names[k])]

    def trip(self, feeder: int, tripped: bool) -> None:
        """A transformer's breaker opens or closes."""
        self._world.feeder.tripped[feeder] = tripped

    def switch(self, feeder: int, line: int, closed: bool) -> None:
        """A line goes out or comes back."""
        self.closed[feeder][line] = closed
        self._world.feeder.lines_out[feeder] = np.count_nonzero(~self.closed[feeder])

    def follow(self, t_s: float) -> np.ndarray:
        """Find anew what has supply; returns the connectors for which that changed, int (n,)."""
        world, connector, changed = self._world, self._world.connector, []
        for k, feeder in enumerate(self._feeders):
            before = connector.powered[self._connectors[k]]
            closed = self.closed[k]
            alive = fed_nodes(len(feeder.node_names), feeder.line_from[closed], feeder.line_to[closed])
            self.alive[k] = alive & (not world.feeder.tripped.item(k))
            after = self.alive[k][self._nodes[k]]
            connector.powered[self._connectors[k]] = after
            other = self._connectors[k][before != after]
            self.why[k] = self._cause(k)
            if len(other):
                kind = "supply_lost" if before.sum() > after.sum() else "supply_restored"
                self._report(kind, t_s, world.feeder.names[k], connectors=len(other), **(
                    {"why": self.why[k]} if kind == "supply_lost" else {}))
            changed.append(other)
        return np.concatenate(changed) if changed else np.zeros(0, np.int64)

    def base_share(self) -> float:
        """The share of the site's base load that has supply."""
        if not self._has_base:
            return 1.0
        return float(self._feeders[0].shares(self.alive[0]).sum())

    def production(self) -> np.ndarray:
        """Where production is connected: every zone, and the site's own; bool (zones + 1,). It stands at
        the busbar."""
        of_zone = self._world.zone.feeder
        busbar = np.array([alive[0] for alive in self.alive] or [True])
        zones = np.where(of_zone == NONE, True, busbar[np.maximum(of_zone, 0)])
        return np.append(zones, busbar[0] if self._has_base else True)

    def _cause(self, k: int) -> str:
        feeder = self._feeders[k]
        if self._world.feeder.tripped.item(k):
            return f"transformer {feeder.transformer.name} has tripped"
        out = [name for name, closed in zip(feeder.line_names, self.closed[k].tolist()) if not closed]
        return f"line {', '.join(out)} {'is' if len(out) == 1 else 'are'} out" if out else ""
