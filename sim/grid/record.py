"""What the grid went through: each zone's and the hub's worst moment, hours at each stress level, and
each feeder's worst line. Taken at control ticks, and between two of them the first one holds."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from entities.world import World
from sim.grid.site import SiteGrid
from sim.grid.stress import Level, LimitedBy


@dataclass
class Worst:
    """The worst stress so far: its index, when it was reached first, what made it, in words too; of
    those past the index's end the farthest `beyond` it."""

    index: float = nan
    t_s: float = nan
    by: LimitedBy = LimitedBy.NOTHING
    words: str = ""
    beyond: float = 0.0

    def take(self, index: float, beyond: float, t_s: float, by: int, words: str) -> None:
        if (index, beyond) > (self.index, self.beyond) or self.index != self.index:
            self.index, self.beyond, self.t_s = index, beyond, t_s
            self.by, self.words = LimitedBy(by), words


class GridRecord:
    """The record of one world. `hub` and `zones` (by slot) have their worst moments, `level_s` the
    seconds of each zone at each level (zones, levels), `line_max_pct` each feeder's highest line
    loading (feeders,) and `line_max` whose it was ("" without lines)."""

    def __init__(self, world: World, grid: SiteGrid):
        self._world, self._grid = world, grid
        self.hub = Worst()
        self.zones = [Worst() for _ in range(world.zone.slots)]
        self.level_s = np.zeros((world.zone.slots, len(Level)))
        self.line_max_pct = np.full(len(grid.feeders), nan)
        self.line_max = [""] * len(grid.feeders)
        self._since_s = 0.0
        self._level = np.zeros(world.zone.slots, int)

    def take(self, t_s: float) -> None:
        """Take the state at a control tick."""
        zone, hub = self._world.zone, self._world.hub
        known = np.flatnonzero(~np.isnan(zone.stress))
        self.level_s[known, self._level[known]] += t_s - self._since_s
        self._since_s, self._level = t_s, zone.stress_level.copy()
        for row in known.tolist():
            name = zone.names[row]
            self.zones[row].take(zone.stress.item(row), self._grid.beyond[name], t_s,
                                 zone.stress_by.item(row), self._grid.words[name])
        if not np.isnan(hub.stress[0]):
            self.hub.take(hub.stress.item(0), self._grid.beyond["hub"], t_s, hub.stress_by.item(0),
                          self._grid.words["hub"])
        for k, (feeder, state) in enumerate(zip(self._grid.feeders, self._grid.states)):
            if len(state.line_loading_pct):
                line = int(np.argmax(state.line_loading_pct))
                loading = float(state.line_loading_pct[line])
                if not loading <= self.line_max_pct[k]:
                    self.line_max_pct[k], self.line_max[k] = loading, feeder.line_names[line]
