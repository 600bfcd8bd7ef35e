"""Energy in flight for every active vehicle: particles, a tube with pulses, or a lightning arc.

Which of them, where each mark is and how many there are, the shaders work out from flow, time and
distance; here it is only decided how fine the ribbons are and how many particles there can be.
"""

from __future__ import annotations

import numpy as np
from panda3d.core import NodePath

from entities.world import World
from game.doing import can_feed
from game.look import Flow, Look, Tier
from game.quality import QUALITY
from game.scene import meshes
from game.scene.buffers import BUNDLE, Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import GLOW, Part
from game.scene.vehicles import Vehicles

# Pieces of a path and particles a stream, by how many streams there are.
DETAIL = ((150, 20, 16), (1500, 10, 8), (10**9, 8, 3))
# So many paths are drawn as lines at most: where more run beside each other, one stands for several.
MOST_GUIDES = 120
# So many beads an instance.
BEADS = 256
# From what power (kW) on a flow may be a tube or an arc, as in stream.glsl.
ARC_PIECES, TUBE_FROM_KW, ARC_FROM_KW = 24, 11.2, 50.0


class Streams:
    """Four draws: lines under particles, tubes, arcs and particles, at the detail that the number of
    streams allows."""

    def __init__(self, root: NodePath, layout: Layout, vehicles: Vehicles):
        self._root, self._vehicles = root, vehicles
        self._paths = Buffer("paths")
        self._paths.write(path_table(layout))
        self._rows = RowList("streams")
        self._guides, self._tubes = ([Part(root, meshes.strip_node(name, pieces), name, name, GLOW, two_sided=True)
                                      for _, pieces, _ in DETAIL] for name in ("guide", "ribbon"))
        self._particles = Part(root, meshes.dart_node("particles", BUNDLE), "spark", "spark", GLOW,
                               two_sided=True, bundle=BUNDLE)
        self._arcs = Part(root, meshes.strip_node("arcs", ARC_PIECES), "arc", "arc", GLOW,
                          two_sided=True)
        self._led, self._strong, self._strongest = (RowList(f"{name} streams")
                                                    for name in ("led", "strong", "strongest"))
        for parts, rows in ((self._guides, self._led), (self._tubes, self._strong),
                            ([self._arcs], self._strongest), ([self._particles], self._rows)):
            for part in parts:
                self._bind(part, rows)
        self.soft = self._guides
        self._crowd, self._strung = 0, False
        self.gain = 1.0
        self._detail, self._tier, self._flow = 0, Tier.MEDIUM, Flow.AUTO
        self._may_tube = self._may_arc = self._can_feed = np.zeros(0, np.int64)
        self._about_v2g = False
        for part in (*self._guides[1:], *self._tubes[1:]):
            part.path.hide()
        self._count()
        self.buffers = [self._paths, *(rows.buffer for rows in (self._rows, self._led, self._strong,
                                                                self._strongest))]

    @property
    def parts(self) -> list[Part]:
        return [self._guides[self._detail], self._tubes[self._detail], self._arcs, self._particles]

    @property
    def per_stream(self) -> int:
        """How many particles a stream can have."""
        return self._crowd or max(int(DETAIL[self._detail][2] * QUALITY[self._tier].particles), 2)

    def upload(self, world: World) -> None:
        """Take the vehicles that are active now."""
        active, vehicle = self._vehicles.active, world.vehicle
        self._can_feed = active[can_feed(world, active)]
        # Unless a segment's power rises, what begins below stays below.
        most = np.abs(vehicle.power0_kw[active]) / vehicle.charge_efficiency[active]
        rises = vehicle.rate_per_h[active] > 0.0
        self._may_tube, self._may_arc = active[(most > TUBE_FROM_KW) | rises], active[(most > ARC_FROM_KW) | rises]
        detail = next(k for k, (most, _, _) in enumerate(DETAIL) if len(active) <= most)
        if detail != self._detail:
            for parts in (self._guides, self._tubes):
                parts[self._detail].path.hide()
                parts[detail].path.show()
            self._detail = detail
            if self._strung:
                self._make_beads()
        self._count()
        # Many streams overlap: each gets dimmer, so that the whole does not blow out.
        self.gain = float(min(1.0, (70.0 / max(len(active), 1)) ** 0.42))

    def show(self, look: Look) -> None:
        """Take how flows are drawn, and how much that may cost."""
        told = look.tier, look.flow, look.about_v2g
        if told != (self._tier, self._flow, self._about_v2g):
            self._tier, self._flow, self._about_v2g = told
            self._count()

    def crowd(self, particles: int, strung: bool) -> None:
        """Let each stream carry so many particles, whatever its length, power and distance: a load to be
        measured, not a picture to be shown. They are beads, as a drop would be longer than the way to the next:
        a point each, or `strung` on a ribbon a stream."""
        self._crowd, self._strung = particles, strung
        self._make_beads()
        self._count()

    def _make_beads(self) -> None:
        self._particles.path.remove_node()
        self._particles = (
            Part(self._root, meshes.strip_node("strands", DETAIL[self._detail][1]), "strand", "strand", GLOW,
                 two_sided=True) if self._strung
            else Part(self._root, meshes.bead_node("beads", BEADS), "bead", "bead", GLOW, bundle=BEADS))
        self._bind(self._particles, self._rows)

    def _bind(self, part: Part, rows: RowList) -> None:
        self._vehicles.bind(part, rows)
        part.inputs(u_paths=self._paths.texture)

    def _count(self) -> None:
        self._particles.inputs(u_per_stream=self.per_stream)
        active = self._vehicles.active
        none, share = active[:0], -(-len(active) // MOST_GUIDES)
        kinds = {Flow.AUTO: (active, self._may_tube, self._may_arc), Flow.PARTICLES: (active, none, none),
                 Flow.TUBES: (none, active, none), Flow.ARCS: (none, none, active)}
        led, strong, strongest = kinds[self._flow]
        # Where the picture is about V2G, the line is all that there is of particles of those that cannot feed.
        self._rows.set((self._can_feed if self._about_v2g else active) if len(led) else none)
        # Which ones are drawn stays as it is while others come and go.
        self._led.set(led[led % max(share, 1) == 0])
        self._guides[self._detail].inputs(u_share=float(max(share, 1)))
        self._strong.set(strong)
        self._strongest.set(strongest)
        for part, rows in ((self._guides[self._detail], self._led), (self._tubes[self._detail], self._strong),
                           (self._arcs, self._strongest)):
            part.follow(rows)
        self._particles.follow(self._rows, 1 if self._strung else self.per_stream)


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
