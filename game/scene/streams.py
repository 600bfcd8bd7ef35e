"""Energy in flight for every active vehicle: particles, a tube with pulses, or a lightning arc.

Which of them, where each mark is and how many there are, the shaders work out from flow, time and
distance; here it is only decided how fine the ribbons are and how many particles there can be.
"""

from __future__ import annotations

import numpy as np
from panda3d.core import NodePath

from entities.world import World
from game.look import Flow, Look, Tier
from game.quality import QUALITY
from game.scene import meshes
from game.scene.buffers import Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import GLOW, Part
from game.scene.vehicles import Vehicles

# Ribbon pieces and particles a stream, by how many streams there are.
DETAIL = ((150, 28, 16), (1500, 14, 8), (10**9, 8, 3))
ARC_PIECES, ARC_FROM_KW, SLOT_M = 24, 50.0, 2.0  # as in stream.glsl


class Streams:
    """Three draws: ribbons, arcs and sparks, at the detail that the number of streams allows."""

    def __init__(self, root: NodePath, layout: Layout, vehicles: Vehicles):
        self._vehicles = vehicles
        self._paths = Buffer("paths")
        self._paths.write(path_table(layout))
        self._rows = RowList("streams")
        self._ribbons = [Part(root, meshes.strip_node("ribbons", pieces), "ribbon", "ribbon", GLOW,
                              two_sided=True) for _, pieces, _ in DETAIL]
        self._sparks = Part(root, meshes.quad_node("sparks"), "spark", "spark", GLOW,
                            two_sided=True)
        self._arcs = Part(root, meshes.strip_node("arcs", ARC_PIECES), "arc", "arc", GLOW,
                          two_sided=True)
        self._strong = RowList("strong streams")
        for part in (*self._ribbons, self._arcs, self._sparks):
            vehicles.bind(part, self._strong if part is self._arcs else self._rows)
            part.inputs(u_paths=self._paths.texture)
        self._sparks.inputs(u_fill=0.0)
        self._crowd = 0
        self.gain = 1.0
        self._detail, self._tier, self._flow = 0, Tier.MEDIUM, Flow.AUTO
        self._may_arc = np.zeros(0, np.int64)
        for part in self._ribbons[1:]:
            part.path.hide()
        self._count()
        self.buffers = [self._paths, self._rows.buffer, self._strong.buffer]

    @property
    def parts(self) -> list[Part]:
        return [self._ribbons[self._detail], self._arcs, self._sparks]

    @property
    def per_stream(self) -> int:
        """How many particles a stream can have."""
        return self._crowd or max(int(DETAIL[self._detail][2] * QUALITY[self._tier].particles), 2)

    def upload(self, world: World) -> None:
        """Take the vehicles that are active now."""
        active, vehicle = self._vehicles.active, world.vehicle
        self._rows.set(active)
        # Unless a segment's power rises, what begins below stays below.
        most = np.abs(vehicle.power0_kw[active]) / vehicle.charge_efficiency[active]
        self._may_arc = active[(most > ARC_FROM_KW) | (vehicle.rate_per_h[active] > 0.0)]
        detail = next(k for k, (most, _, _) in enumerate(DETAIL) if len(active) <= most)
        if detail != self._detail:
            self._ribbons[self._detail].path.hide()
            self._ribbons[detail].path.show()
            self._detail = detail
        self._count()
        # Many streams overlap: each gets dimmer, so that the whole does not blow out.
        self.gain = float(min(1.0, (70.0 / max(len(active), 1)) ** 0.42))

    def show(self, look: Look) -> None:
        """Take how flows are drawn, and how much that may cost."""
        if (look.tier, look.flow) != (self._tier, self._flow):
            self._tier, self._flow = look.tier, look.flow
            self._count()

    def crowd(self, particles: int, layout: Layout) -> None:
        """Let each stream carry so many particles, whatever its length, power and distance: a load to
        be measured, not a picture to be shown."""
        self._crowd = particles
        table = path_table(layout)
        table[:, 0, 3] = particles * SLOT_M * layout.hub_scale
        self._paths.write(table)
        self._sparks.inputs(u_fill=1.0)
        self._count()

    def _count(self) -> None:
        self._ribbons[self._detail].set_instances(len(self._rows))
        self._sparks.inputs(u_per_stream=self.per_stream)
        self._sparks.set_instances(len(self._rows) * self.per_stream)
        chosen = {Flow.AUTO: self._may_arc, Flow.ARCS: self._vehicles.active}
        self._strong.set(chosen.get(self._flow, self._may_arc[:0]))
        self._arcs.set_instances(len(self._strong))


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
