"""What a three-phase network carries while a run goes: its lines, its unbalance, every excess.

Between two events each current only falls or only rises, but phasors may cancel, so a limit's sum
may rise while all that it is made of falls. Whether a limit can have been exceeded in between is
bounded by the corners that the change of the currents spans (see `Network.corners`); where the
bound does not tell, the stretch is halved, down to `SHORTEST_S`. Base load and production stand
before the network and are not on its lines.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from entities.world import World
from sim.battery import segments
from sim.excess import Spells
from sim.grid import phases
from sim.grid.phases import Network
from sim.scenario import Scenario

LINES = ("A", "B", "C")
SHORTEST_S = 1.0


def network_of(world: World, scenario: Scenario) -> Network | None:
    """The scenario's network, its connectors as the world's rows; None where it has none.

    Raises InputError if the file is not valid or lacks a connector of the site.
    """
    if scenario.grid.network is None:
        return None
    connector = world.connector
    return phases.load(scenario.grid.network, scenario.folder).select(
        list(connector.names), [world.station.names[k] for k in connector.station.tolist()],
        [world.zone.names[k] for k in connector.zone.tolist()])


class PhaseMeter:
    """Follows a world on a network. `report(kind, t, where, **facts)` is told of every excess.

    `excess` are the spells above each limit (A), `limit_max_a` (m,) the highest current of each so
    far and `line_max_a` (3,) of the lines A, B, C, as found at events and just before them.
    Unbalance is `Network.unbalance`: `unbalance_max`, `unbalance_mean` over the time in which
    current flows (NaN: none yet), and `unbalance_max_a`, the largest deviation itself.
    """

    def __init__(self, world: World, network: Network, report: Callable):
        self.network = network
        self._world, self._report = world, report
        self._corners, of = network.corners(beside=True)
        self._first = np.searchsorted(of, np.arange(len(network.limits)))
        self._of = of
        self._all = np.concatenate([network.matrix, network.lines])
        self._margin = phases.margin(network.limit_a)
        self.excess = [Spells() for _ in network.limits]
        self.limit_max_a = np.zeros(len(network.limits))
        self.line_max_a = np.zeros(3)
        self.unbalance_max = self.unbalance_max_a = 0.0
        self._unbalance_s = self._flowing_s = 0.0

    @property
    def unbalance_mean(self) -> float:
        return self._unbalance_s / self._flowing_s if self._flowing_s else float("nan")

    def currents(self, t_s: float) -> np.ndarray:
        """Each connector's current, A, negative feeding; (n,), from the last event to the next."""
        vehicle = self._world.vehicle
        amps = np.zeros(len(self.network.connectors))
        rows = np.flatnonzero(vehicle.power0_kw)
        at = vehicle.connector[rows]
        amps[at] = segments.ac_power_at(vehicle, rows, t_s) / self.network.kw_per_a[at]
        return amps

    def loading_pct(self, t_s: float) -> np.ndarray:
        """Current of each limit over what it allows, % (m,)."""
        return 100.0 * self.network.magnitudes(self.currents(t_s)) / self.network.limit_a

    def exceeded(self, t_s: float) -> list[tuple[str, float, float]]:
        """(name, its current, limit) of each limit that is exceeded, A, the worst first."""
        found = self.network.magnitudes(self.currents(t_s))
        over = np.flatnonzero(found > self.network.limit_a + self._margin)
        over = over[np.argsort(-(found / self.network.limit_a)[over], kind="stable")]
        return [(self.network.limits[j], found.item(j), self.network.limit_a.item(j))
                for j in over.tolist()]

    def tightest(self, connector: int, t_s: float) -> str:
        """The limit that leaves a connector the least room now, by name."""
        currents = self.currents(t_s)
        matrix = self.network.matrix
        sums = phases.weighted(matrix, currents)
        sign = -1.0 if currents[connector] < 0.0 else 1.0
        left = phases.room(self.network.limit_a, sums, sign * matrix[:, connector:connector + 1])
        return self.network.limits[int(np.argmin(left[:, 0]))]

    def leave(self, since_s: float, t_s: float) -> None:
        """Account for the stretch from the event at `since_s` to the next, at `t_s`."""
        before = self.currents(since_s)
        tapers = (self._world.vehicle.rate_per_h != 0.0).any()
        after = self.currents(t_s) if tapers else before
        found = np.abs(phases.weighted(self._all, np.stack([before, after])))
        limits, lines = found[:, :-3], found[:, -3:]
        np.maximum(self.limit_max_a, limits.max(0), out=self.limit_max_a)
        np.maximum(self.line_max_a, lines.max(0), out=self.line_max_a)
        self._balance(lines, t_s - since_s)
        most = self._most(before, after) if tapers else limits[0]
        at_stake = most > self.network.limit_a + self._margin
        for j, spells in enumerate(self.excess):
            if at_stake[j] or spells.running:
                for since, until in self._pieces(j, since_s, t_s):
                    spells.follow(partial(self._over, j), since, until, self._margin.item(j),
                                  partial(self._tell, j))

    def _balance(self, lines: np.ndarray, duration_s: float) -> None:
        mean = lines.mean(1, keepdims=True)
        apart = np.abs(lines - mean).max(1)
        flows = mean[:, 0] > phases.FEASIBLE_A
        share = np.where(flows, apart / np.where(flows, mean[:, 0], 1.0), 0.0)
        self.unbalance_max = max(self.unbalance_max, share.max().item())
        self.unbalance_max_a = max(self.unbalance_max_a, apart.max().item())
        if flows[0]:
            self._unbalance_s += share.mean().item() * duration_s
            self._flowing_s += duration_s

    def _most(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """The most that each limit's sum can be while currents go from the one to the other, each
        its own way; A (m,)."""
        low, span = np.minimum(before, after), np.abs(before - after)
        sums = phases.weighted(self.network.matrix, low)[self._of] \
            + phases.weighted(self._corners, span)
        return np.maximum.reduceat(np.abs(sums), self._first)

    def _pieces(self, j: int, since_s: float, t_s: float):
        """Parts of a stretch in each of which limit j is kept, or exceeded, all the time, or that
        are short."""
        before, after = self.currents(since_s), self.currents(t_s)
        row, bound = self.network.matrix[j], (self.network.limit_a + self._margin).item(j)
        here = self._corners[self._of == j]
        low, span = np.minimum(before, after), np.abs(before - after)
        most = np.abs((row * low).sum() + phases.weighted(here, span)).max()
        least = abs((row * low).sum()) - (np.abs(row) * span).sum()
        if most <= bound or least > bound or t_s - since_s <= SHORTEST_S:
            yield since_s, t_s
            return
        middle = (since_s + t_s) / 2.0
        yield from self._pieces(j, since_s, middle)
        yield from self._pieces(j, middle, t_s)

    def _over(self, j: int, t_s: float) -> float:
        return abs((self.network.matrix[j] * self.currents(t_s)).sum()).item() - self.network.limit_a.item(j)

    def _tell(self, j: int, kind: str, t_s: float, over: float | None = None) -> None:
        facts = {} if over is None else {"over_a": over}
        self._report(kind, t_s, "network", **facts, limit=self.network.limits[j],
                     limit_a=self.network.limit_a.item(j))
