"""Energy in flight: a ribbon with comet tails and their heads for every active vehicle."""

from __future__ import annotations

import numpy as np
from panda3d.core import NodePath

from game.scene import meshes
from game.scene.buffers import Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import GLOW, Part
from game.scene.vehicles import Vehicles

# Ribbon pieces and comet heads a stream, by how many streams there are.
DETAIL = ((150, 28, 16), (1500, 14, 8), (10**9, 8, 3))


class Streams:
    """Two draws: ribbons and sparks, at the detail that the number of streams allows."""

    def __init__(self, root: NodePath, layout: Layout, vehicles: Vehicles):
        self._vehicles = vehicles
        self._paths = Buffer("paths")
        self._paths.write(path_table(layout))
        self._rows = RowList("streams")
        self._ribbons = [Part(root, meshes.strip_node("ribbons", pieces), "ribbon", "ribbon", GLOW,
                              two_sided=True) for _, pieces, _ in DETAIL]
        self._sparks = Part(root, meshes.quad_node("sparks"), "spark", "spark", GLOW,
                            two_sided=True)
        for part in (*self._ribbons, self._sparks):
            vehicles.bind(part, self._rows)
            part.inputs(u_paths=self._paths.texture)
        self.gain = 1.0
        self._detail = -1
        self._show(0)
        self.buffers = [self._paths, self._rows.buffer]

    @property
    def parts(self) -> list[Part]:
        return [self._ribbons[self._detail], self._sparks]

    def upload(self) -> None:
        """Take the vehicles that are active now."""
        active = self._vehicles.active
        self._rows.set(active)
        detail = next(k for k, (most, _, _) in enumerate(DETAIL) if len(active) <= most)
        self._show(detail)
        self._ribbons[detail].set_instances(len(self._rows))
        self._sparks.set_instances(len(self._rows) * DETAIL[detail][2])
        # Many streams overlap: each gets dimmer, so that the whole does not blow out.
        self.gain = float(min(1.0, (70.0 / max(len(active), 1)) ** 0.42))

    def _show(self, detail: int) -> None:
        if detail == self._detail:
            return
        self._detail = detail
        for k, part in enumerate(self._ribbons):
            part.path.show() if k == detail else part.path.hide()
        self._sparks.inputs(u_per_stream=DETAIL[detail][2])


def path_table(layout: Layout) -> np.ndarray:
    """Control points of each connector's path, (connectors, 3, 4): toward the hub, and in the
    first texel's last channel the path's length (m)."""
    bends = layout.stream_xyz
    table = np.zeros((max(len(bends), 1), 3, 4), np.float32)
    if len(bends):
        start = layout.bay_xyz + (0.0, 1.4, 0.0)
        t = np.linspace(0.0, 1.0, 33)[:, None, None]
        r = 1.0 - t
        path = (r ** 3 * start + 3.0 * r * r * t * bends[:, 0] + 3.0 * r * t * t * bends[:, 1]
                + t ** 3 * bends[:, 2])
        table[:, :, :3] = bends
        table[:, 0, 3] = np.linalg.norm(np.diff(path, axis=0), axis=2).sum(axis=0)
    return table
