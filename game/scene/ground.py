"""Sky, ground and what lies flat on it: asphalt areas as one mesh, paint as decals."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from game.palette import Palette, rgb
from game.scene import meshes
from game.scene.buffers import BUNDLE, Buffer
from game.scene.blocks import ISLAND_HALF
from game.scene.layout import HUB_RADIUS, Layout, Slab
from game.scene.noise import noise
from game.scene.part import FLAT, GROUND, SKY, Part

ASPHALT, APRON = rgb("#2E3542"), rgb("#3B4454")
BAY, ISLAND = rgb("#39424F"), rgb("#4E596B")
PAINT, KERB, TRENCH = rgb("#AEBBD0"), rgb("#7484A0"), rgb("#10151F")
HUB_POOL = 0.42
MANY_BAYS = 600     # beyond it, marks too small to be seen are left out
# Rings of the ground by where its grid ends to be seen (assets/shaders/ring.glsl): shares of that
# near, and far 1 and the shares of the way from there to the end, in steps that grow.
NEAR_RINGS, FAR_RINGS, SIDES = (0.0, 0.1, 0.22, 0.38, 0.6, 1.0), (1.0, 1.15, 1.35, 1.65, 2.0), 24


class Ground:
    """Six draws: sky, the ground far away and near, slabs, paint in straight lines and in all other shapes."""

    def __init__(self, root: NodePath, layout: Layout, palette: Palette):
        self.buffer = Buffer("decals")
        self._layout, self._palette = layout, palette
        sky = Part(root, _sky_node(), "sky", "sky", SKY, two_sided=True)
        far = Part(root, _ring_node("far ground", FAR_RINGS), "ground_far", "ground_far", GROUND, two_sided=True)
        self._slabs = slabs = Part(root, _slabs(layout).geom_node("slabs"), "slab", "slab", GROUND, two_sided=True)
        # The uppermost first, so that no pixel of them is worked out twice.
        slabs.path.set_depth_test(True)
        slabs.path.set_depth_write(True)
        near = Part(root, _ring_node("ground", NEAR_RINGS), "ground", "ground", GROUND, two_sided=True)
        near.path.set_depth_test(True)
        lines = Part(root, meshes.quad_node("lines", BUNDLE), "stripe", "stripe", FLAT, two_sided=True,
                     bundle=BUNDLE)
        marks = Part(root, meshes.quad_node("decals", BUNDLE), "decal", "decal", FLAT, two_sided=True,
                     bundle=BUNDLE)
        self._lines, self._marks = lines, marks
        self._paint(paint(layout, palette))
        self.parts = [sky, far, slabs, near, lines, marks]
        self._noise = noise()
        root.set_shader_input("u_noise", self._noise)
        self.land = [sky, far, near]    # what is not the site's own
        self.soft = [marks]
        self._trenches = Buffer("trenches", channels=1)
        self._trench_kw = np.zeros(max(len(layout.islands), 1), np.float32)
        self._trenches.write(self._trench_kw)
        marks.inputs(u_trenches=self._trenches.texture)
        self.buffers = [self.buffer, self._trenches]

    def _paint(self, decals: np.ndarray) -> None:
        # Lines first: what is rounded, soft or lit lies upon them.
        plain = (decals[:, 1, 2:] == 0.0).all(axis=1) & (decals[:, 3, 1] == 0.0)
        ends, count = np.zeros((BUNDLE, 4, 4), np.float32), int(plain.sum())
        self.buffer.write(np.concatenate([decals[plain], ends, decals[~plain], ends]))
        self._lines.inputs(u_decals=self.buffer.texture).set_instances(count)
        self._marks.inputs(u_decals=self.buffer.texture, u_first=count + BUNDLE)
        self._marks.set_instances(len(decals) - count)

    def leave_road(self) -> None:
        """Have no road from now on: it is not the site's own, either."""
        node = self._slabs.path.node()
        node.remove_all_geoms()
        node.add_geoms_from(_slabs(self._layout, road=False).geom_node("slabs"))
        self._paint(paint(self._layout, self._palette, road=False))

    @property
    def noise_bytes(self) -> int:
        """Of the texture that makes surfaces uneven."""
        return self._noise.get_ram_image_size()

    def upload(self, trench_kw: np.ndarray) -> None:
        """Take the vehicles' power of each island, kW (islands,): its cable shines with it."""
        if len(trench_kw) and not np.array_equal(trench_kw, self._trench_kw):
            self._trench_kw = trench_kw
            self._trenches.write(trench_kw.astype(np.float32))


def _slabs(layout: Layout, road: bool = True) -> meshes.Mesh:
    """Road, asphalt, plaza, bays and islands, from the uppermost down; `data.y` counts from below."""
    mesh = meshes.Mesh()
    hub = layout.hub_xyz
    for near, far in _road_pieces(layout) if road else ():
        for x in (-(near + far) / 2.0, (near + far) / 2.0):
            _area(mesh, Slab(x, layout.road.z, (far - near) / 2.0, layout.road.half_z), ASPHALT, 0)
    for slab in layout.slabs:
        _area(mesh, slab, ASPHALT, 0)
    plaza = _plaza_radius(layout)
    for a, b in _turns(48):
        rings = (0.0, 0.45 * plaza, 0.75 * plaza, plaza)
        for low, high in zip(rings, rings[1:]):
            corners = ((low, a), (low, b), (high, b), (high, a))
            base = len(mesh.vertices)
            for radius, angle in corners:
                glow = HUB_POOL * (1.0 - radius / plaza) ** 1.5
                mesh.vertices.append((hub[0] + radius * math.sin(angle), 0.0,
                                      hub[2] + radius * math.cos(angle), 0.0, 1.0, 0.0,
                                      *APRON, 0.0, glow, 1.0, 0.0, 0.0))
            mesh.triangles += [(base, base + 1, base + 2), (base, base + 2, base + 3)]
    for (x, y, z), heading, (wide, long) in zip(layout.bay_xyz, layout.bay_heading, layout.bay_size):
        if y == 0.0:
            _area(mesh, Slab(x, z, wide / 2.0, long / 2.0, heading), BAY, 2)
    for a, b in layout.islands:
        middle, half = (a + b) / 2.0, np.linalg.norm(b - a) / 2.0
        heading = math.degrees(math.atan2(b[0] - a[0], b[2] - a[2]))
        _area(mesh, Slab(middle[0], middle[2], ISLAND_HALF, half, heading, 0.9), ISLAND, 3)
    mesh.triangles.reverse()
    return mesh


def _area(mesh: meshes.Mesh, slab: Slab, color, layer: int) -> None:
    mesh.tint, mesh.data = (*color, 0.0), (0.0, layer, 0.0, 0.0)
    points = [(x, 0.0, z) for x, z in _outline(slab)]
    pieces = [points]
    if len(points) > 4:
        # Rounded corners by themselves: one fan over all would be slivers as long as the slab.
        quarters = [points[k:k + len(points) // 4] for k in range(0, len(points), len(points) // 4)]
        (a, b, c, d) = ((quarter[0], quarter[-1]) for quarter in quarters)
        pieces = [*quarters, [*a, *b], [a[0], b[1], c[0], d[1]], [*c, *d]]
    for piece in pieces:
        mesh.face(piece, normal=(0.0, 1.0, 0.0))


def _outline(slab: Slab) -> list[tuple[float, float]]:
    """Corners of a rounded rectangle, counter-clockwise from above."""
    angle = math.radians(slab.heading)
    sine, cosine = math.sin(angle), math.cos(angle)
    radius = min(slab.radius, slab.half_x, slab.half_z)
    points = []
    for quarter, (sx, sz) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for k in range(7 if radius > 0.0 else 1):
            turn = math.pi / 2.0 * (quarter + k / 6.0)
            x = sx * (slab.half_x - radius) + radius * math.cos(turn)
            z = sz * (slab.half_z - radius) + radius * math.sin(turn)
            points.append((slab.x + x * cosine + z * sine, slab.z + z * cosine - x * sine))
    return points


def paint(layout: Layout, palette: Palette, road: bool = True) -> np.ndarray:
    """All decals of a site, (n, 4, 4) float32 as assets/shaders/decal.vert reads them."""
    decals: list[tuple] = []

    def add(x, z, half_x, half_z, color, alpha=1.0, heading=0.0, radius=0.0, soft=0.0, shine=0.0,
            trench=0.0):
        angle = math.radians(heading)
        decals.append((x, z, math.sin(angle), math.cos(angle), half_x, half_z, radius, soft,
                       *color, alpha, shine, trench, 0.0, 0.0))

    def line(a, b, half, color, alpha=1.0, **more):
        length = math.hypot(b[0] - a[0], b[-1] - a[-1])
        add((a[0] + b[0]) / 2.0, (a[-1] + b[-1]) / 2.0, half, length / 2.0, color, alpha,
            math.degrees(math.atan2(b[0] - a[0], b[-1] - a[-1])), **more)

    def edge(slab, half, color, alpha):
        points = _outline(slab)
        for a, b in zip(points, points[1:] + points[:1]):
            line(a, b, half, color, alpha)

    hub, scale, middle = layout.hub_xyz, layout.hub_scale, layout.road
    for near, far in _road_pieces(layout) if road else ():
        for x in (-(near + far) / 2.0, (near + far) / 2.0):
            for side in (-1.0, 1.0):
                add(x, middle.z + side * (middle.half_z - 0.35), (far - near) / 2.0, 0.06, PAINT, 0.5)
    for k in range(-60, 61) if road else ():
        add(k * 9.0, middle.z, 1.6, 0.07, PAINT, 0.55)
    for slab in layout.slabs:
        if slab.kerb:
            edge(slab, 0.09, KERB, 0.75)
    for share, alpha in ((1.0, 0.8), (0.955, 0.3), (0.80, 0.3)):
        for a, b in _turns(44):
            radius = _plaza_radius(layout) * share
            line((hub[0] + radius * math.sin(a), hub[2] + radius * math.cos(a)),
                 (hub[0] + radius * math.sin(b), hub[2] + radius * math.cos(b)),
                 0.07 * scale, KERB, alpha)
    for lane in layout.lanes:
        for a, b in _dashes(lane):
            line(a, b, 0.055, PAINT, 0.42)
    _bay_marks(add, layout)
    for a, b in layout.islands:
        middle, half = (a + b) / 2.0, np.linalg.norm(b - a) / 2.0
        edge(Slab(middle[0], middle[2], ISLAND_HALF, half,
                  math.degrees(math.atan2(b[0] - a[0], b[2] - a[2])), 0.9), 0.045, KERB, 0.9)
    for k, (a, b) in enumerate(layout.trenches):
        line(a, b, 0.36 * scale, TRENCH)
        aside = np.array((b[2] - a[2], 0.0, a[0] - b[0])) / max(np.linalg.norm(b - a), 1e-9)
        for side in (-0.36 * scale, 0.36 * scale):
            line(a + aside * side, b + aside * side, 0.035 * scale, KERB, 0.6)
        line(a, b, 0.07 * scale, KERB, 0.8, trench=1.0 + k // 2)
    _shadows(add, layout)
    return np.array(decals, np.float32).reshape(-1, 4, 4)


def _bay_marks(add, layout: Layout) -> None:
    """Lines between the bays."""
    few = len(layout.bay_xyz) <= MANY_BAYS
    for (x, y, z), heading, (wide, long) in zip(layout.bay_xyz, layout.bay_heading, layout.bay_size):
        if y != 0.0:
            continue
        angle = math.radians(heading)
        right = (math.cos(angle), -math.sin(angle))
        for side in (-1.0, 1.0) if few else (1.0,):
            add(x + right[0] * side * wide / 2.0, z + right[1] * side * wide / 2.0, 0.055, long / 2.0,
                PAINT, 0.62, heading)


def _dashes(lane: np.ndarray):
    a, b = lane
    length = float(np.linalg.norm(b - a))
    for k in range(int(length // 5.0)):
        yield tuple(a + (b - a) * (k * 5.0 + at) / length for at in (1.2, 3.4))


def _shadows(add, layout: Layout) -> None:
    """Soft contact shadows of what stands still."""
    black = (0.0, 0.0, 0.0)
    few = len(layout.bay_xyz) <= MANY_BAYS
    for x, y, z in layout.connector_xyz:
        if y == 0.0 and few:
            add(x, z, 0.16, 0.16, black, 0.5, 0.0, 0.16, 0.5)
    for (x, y, z), heading in zip(layout.station_xyz, layout.station_heading):
        if y == 0.0 and few:
            add(x, z, 0.36, 0.26, black, 0.5, heading, 0.2, 0.5)
    reach = HUB_RADIUS * layout.hub_scale
    add(layout.hub_xyz[0], layout.hub_xyz[2], reach, reach, black, 0.45, 0.0, reach,
        2.2 * layout.hub_scale)


def _road_pieces(layout: Layout) -> list[tuple[float, float]]:
    """From where to where, both ways; longer ones further away, as air is linear along each."""
    ends = [0.0, *(layout.radius * 1.6 ** k for k in range(12))]
    return list(zip(ends, ends[1:]))


def _plaza_radius(layout: Layout) -> float:
    return (HUB_RADIUS + 4.5) * layout.hub_scale


def _turns(pieces: int) -> list[tuple[float, float]]:
    """Angles from and to of each piece of a full turn."""
    step = 2.0 * math.pi / pieces
    return [(k * step, (k + 1) * step) for k in range(pieces)]


def _ring_node(name: str, radii):
    """Rings around the eye; the air between two of them is interpolated."""
    angle = np.arange(SIDES) * 2.0 * math.pi / SIDES
    points = np.concatenate([np.stack([r * np.sin(angle), 0.0 * angle, r * np.cos(angle)], axis=1)
                             for r in radii])
    return meshes.geom_node(name, points, _grid(len(radii), SIDES), meshes.POSITION_ONLY)


def _sky_node():
    """A coarse dome of unit radius; the shader lowers its lowest row to where the ground ends."""
    sides, rows = 24, (-4.0, 0.0, 6.0, 14.0, 26.0, 42.0, 62.0, 90.0)
    points = [(math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e))
              for e in map(math.radians, rows)
              for a in (2.0 * math.pi * k / sides for k in range(sides))]
    return meshes.geom_node("sky", np.array(points), _grid(len(rows), sides),
                            meshes.POSITION_ONLY)


def _grid(rows: int, sides: int) -> np.ndarray:
    """Triangles (m, 3) between rows of `sides` points that close in a circle."""
    quads = [(k * sides + a, k * sides + (a + 1) % sides, (k + 1) * sides + (a + 1) % sides,
              (k + 1) * sides + a) for k in range(rows - 1) for a in range(sides)]
    return np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])
