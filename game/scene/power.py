"""Power of the site at a time, from the segments: constant ones summed once, tapers each frame."""

from __future__ import annotations

import numpy as np

from entities.world import World
from game.scene.layout import Layout

IDLE_KW = 0.05


def segment_ac_kw(world: World, rows: np.ndarray, now_s: float) -> np.ndarray:
    """Power at the connector of vehicles at a sim time, kW AC, shape of `rows`.

    Battery-side P(t) = power0 exp(rate (t - t0)); 0 past the crossing that ends a segment.
    """
    v = world.vehicle
    hours = np.maximum(now_s - v.t0_s[rows], 0.0) / 3600.0
    kw = v.power0_kw[rows] * np.exp(v.rate_per_h[rows] * hours)
    kw = np.where(now_s > v.crossing_s[rows], 0.0, kw)
    return np.where(kw >= 0.0, kw / v.charge_efficiency[rows], kw * v.discharge_efficiency[rows])


class Power:
    """Net power at the grid connection and its limits, of one upload of the columns."""

    def __init__(self):
        self.import_limit_kw = self.export_limit_kw = np.inf
        self.last_kw = 0.0
        self._steady_kw = 0.0
        self._changing: tuple | None = None

    def upload(self, world: World, active: np.ndarray) -> None:
        """Take the columns of the active vehicles (rows) and of the hub."""
        v = world.vehicle
        changes = (v.rate_per_h[active] != 0.0) | np.isfinite(v.crossing_s[active])
        steady, moving = active[~changes], active[changes]
        self._steady_kw = float(segment_ac_kw(world, steady, 0.0).sum())
        sign = v.power0_kw[moving]
        side = np.where(sign >= 0.0, 1.0 / v.charge_efficiency[moving],
                        v.discharge_efficiency[moving])
        self._changing = (v.t0_s[moving], sign * side, v.rate_per_h[moving] / 3600.0,
                          v.crossing_s[moving])
        rows = world.hub.rows()[:1]
        for row in rows.tolist():
            self._steady_kw += float(world.hub.base_kw[row] - world.hub.pv_kw[row]
                                     - world.hub.wind_kw[row])
            self.import_limit_kw = float(world.hub.import_limit_kw[row])
            self.export_limit_kw = float(world.hub.export_limit_kw[row])

    def net_kw(self, now_s: float) -> float:
        """AC power at the grid connection, positive from the grid."""
        total = self._steady_kw
        if self._changing is not None and len(self._changing[0]):
            t0, kw, rate, crossing = self._changing
            total += float((kw * np.exp(rate * (now_s - t0)) * (now_s <= crossing)).sum())
        self.last_kw = total
        return total

    @staticmethod
    def trench_kw(world: World, active: np.ndarray, now_s: float, layout: Layout) -> np.ndarray:
        """Net AC power of the vehicles at each island, kW (islands,)."""
        island = layout.connector_island[world.vehicle.connector[active]]
        return np.bincount(island, segment_ac_kw(world, active, now_s), len(layout.islands))

    def limit_share(self) -> float:
        """Net power as a share of its direction's limit, 0 where there is none."""
        limit = self.export_limit_kw if self.last_kw < 0.0 else self.import_limit_kw
        if limit <= 0.0:
            return np.inf if abs(self.last_kw) > IDLE_KW else 0.0
        return abs(self.last_kw) / limit

    def headroom(self) -> tuple[float, float]:
        """Shares of the import and the export limit that are still free, 0..1; 1 without one."""
        return (_free(self.last_kw, self.import_limit_kw), _free(-self.last_kw, self.export_limit_kw))


def _free(kw: float, limit_kw: float) -> float:
    if limit_kw == np.inf:
        return 1.0
    return min(max(1.0 - kw / limit_kw, 0.0), 1.0) if limit_kw > 0.0 else 0.0
