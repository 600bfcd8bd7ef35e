"""Sky, ground, and everything painted on it: asphalt, bays, lanes, trenches, the road."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from game.palette import Palette, rgb
from game.scene import meshes
from game.scene.buffers import Buffer
from game.scene.layout import HUB_RADIUS, Layout
from game.scene.part import FLAT, GROUND, SKY, Part

ASPHALT = rgb("#3A4457")
APRON = rgb("#465168")
BAY = rgb("#4B576E")
PAINT = rgb("#AEBBD0")
TRENCH = rgb("#10151F")
ISLAND = rgb("#5A6780")
FAR = 9000.0


class Ground:
    """Three draws: sky, ground, decals."""

    def __init__(self, root: NodePath, layout: Layout, palette: Palette):
        self.buffer = Buffer("decals")
        decals = paint(layout, palette)
        self.buffer.write(decals)
        ground = Part(root, _ground_node(), "ground", "ground", GROUND, two_sided=True)
        marks = Part(root, meshes.quad_node("decals"), "decal", "decal", FLAT, two_sided=True)
        marks.inputs(u_decals=self.buffer.texture).set_instances(len(decals))
        sky = Part(root, _sky_node(), "sky", "sky", SKY, two_sided=True)
        sky.path.set_depth_write(False)
        self.parts = [ground, marks, sky]
        self.buffers = [self.buffer]


def paint(layout: Layout, palette: Palette) -> np.ndarray:
    """All decals of a site, (n, 4, 4) float32 as assets/shaders/decal.vert reads them."""
    decals: list[tuple] = []

    def add(x, z, half_x, half_z, color, alpha=1.0, heading=0.0, radius=0.0, soft=0.0, shine=0.0,
            kerb=0.0):
        angle = math.radians(heading)
        decals.append((x, z, math.sin(angle), math.cos(angle), half_x, half_z, radius, soft,
                       *color, alpha, shine, kerb, 0.0, 0.0))

    def line(a, b, half, color, alpha=1.0, shine=0.0, radius=0.0, soft=0.0, kerb=0.0):
        (ax, _, az), (bx, _, bz) = a, b
        length = math.hypot(bx - ax, bz - az)
        add((ax + bx) / 2.0, (az + bz) / 2.0, half, length / 2.0, color, alpha,
            math.degrees(math.atan2(bx - ax, bz - az)), radius, soft, shine, kerb)

    hub, scale = layout.hub_xyz, layout.hub_scale
    plaza = (HUB_RADIUS + 4.5) * scale
    road = layout.road
    # In pieces that grow with distance, as the air is interpolated along each.
    ends = [0.0, *(layout.radius * 1.7 ** k for k in range(12))]
    for near, far in zip(ends, ends[1:]):
        for x in (-(near + far) / 2.0, (near + far) / 2.0):
            add(x, road.z, (far - near) / 2.0, road.half_z, ASPHALT)
            for side in (-1.0, 1.0):
                add(x, road.z + side * (road.half_z - 0.35), (far - near) / 2.0, 0.06, PAINT, 0.5)
    for k in range(-60, 61):
        add(road.x + k * 9.0, road.z, 1.6, 0.07, PAINT, 0.55)
    for slab in layout.slabs:
        _driveway(add, layout, slab)
        add(slab.x, slab.z, slab.half_x, slab.half_z, ASPHALT, 1.0, slab.heading, slab.radius,
            kerb=0.16)
    add(hub[0], hub[2], plaza, plaza, APRON, 1.0, 0.0, plaza, kerb=0.16 * scale)
    for share in (0.965, 0.80):
        _ring(add, hub, plaza * share, 0.05 * scale, PAINT, 0.28)
    for lane in layout.lanes:
        _dashes(line, lane)
    _bays(add, layout)
    for island in layout.islands:
        line(island[0], island[1], 0.95, ISLAND, radius=0.85, kerb=0.1)
    for trench in layout.trenches:
        line(trench[0], trench[1], 0.36 * scale, TRENCH)
        for side in (-1.0, 1.0):
            _edge(line, trench, side * 0.36 * scale, 0.035 * scale, palette.quiet, 0.55)
        line(trench[0], trench[1], 0.05 * scale, palette.quiet, 0.30, shine=0.4)
    _shadow(add, layout)
    return np.array(decals, np.float32).reshape(-1, 4, 4)


def _driveway(add, layout: Layout, slab) -> None:
    """Asphalt that joins a slab to the road when the slab lies square to it."""
    if abs(math.sin(math.radians(slab.heading))) > 0.01:
        return
    south = slab.z - slab.half_z
    gap = south - (layout.road.z + layout.road.half_z)
    if 0.0 < gap < 30.0:
        for side in (-1.0, 1.0):
            add(slab.x + side * (slab.half_x - 8.0), south - gap / 2.0 + 0.5, 4.2, gap / 2.0 + 1.2,
                ASPHALT)


def _bays(add, layout: Layout) -> None:
    half_length, half_width = layout.bay_length / 2.0, layout.bay_pitch / 2.0
    for (x, _, z), heading in zip(layout.bay_xyz, layout.bay_heading):
        if not math.isfinite(x) or abs(x) > FAR:
            continue
        angle = math.radians(heading)
        ahead, right = (math.sin(angle), math.cos(angle)), (math.cos(angle), -math.sin(angle))
        add(x, z, half_width - 0.16, half_length, BAY, 0.55, heading, 0.25)
        for side in (-1.0, 1.0):
            add(x + right[0] * side * half_width, z + right[1] * side * half_width, 0.055,
                half_length, PAINT, 0.62, heading)
        # A chevron at the mouth of the bay points the way in.
        for side in (-1.0, 1.0):
            cx = x + ahead[0] * (half_length - 0.5) + right[0] * side * 0.22
            cz = z + ahead[1] * (half_length - 0.5) + right[1] * side * 0.22
            add(cx, cz, 0.05, 0.34, PAINT, 0.40, heading + side * 45.0)


def _dashes(line, lane: np.ndarray) -> None:
    a, b = lane
    length = float(np.linalg.norm(b - a))
    for k in range(int(length // 5.0)):
        start, end = a + (b - a) * (k * 5.0 + 1.2) / length, a + (b - a) * (k * 5.0 + 3.4) / length
        line(start, end, 0.055, PAINT, 0.42)


def _ring(add, center, radius: float, half: float, color, alpha: float) -> None:
    pieces = 72
    reach = math.pi * radius / pieces
    for k in range(pieces):
        angle = 2.0 * math.pi * k / pieces
        add(center[0] + radius * math.sin(angle), center[2] + radius * math.cos(angle), reach, half,
            color, alpha, math.degrees(angle))


def _edge(line, trench: np.ndarray, aside: float, half: float, color, alpha: float) -> None:
    along = (trench[1] - trench[0]) / max(float(np.linalg.norm(trench[1] - trench[0])), 1e-9)
    across = np.array((along[2], 0.0, -along[0])) * aside
    line(trench[0] + across, trench[1] + across, half, color, alpha, shine=0.25)


def _shadow(add, layout: Layout) -> None:
    """Soft contact shadows of the things that stand still."""
    black = (0.0, 0.0, 0.0)
    for x, _, z in layout.connector_xyz:
        add(x, z, 0.16, 0.16, black, 0.5, 0.0, 0.16, 0.5)
    for (x, _, z), heading in zip(layout.station_xyz, layout.station_heading):
        add(x, z, 0.45, 0.34, black, 0.5, heading, 0.2, 0.6)
    reach = HUB_RADIUS * layout.hub_scale
    add(layout.hub_xyz[0], layout.hub_xyz[2], reach, reach, black, 0.6, 0.0, reach,
        3.0 * layout.hub_scale)


def _ground_node():
    """A disk of rings around the eye, finer where it is near."""
    radii, sides = (0.0, 60.0, 400.0, 2000.0, FAR), 24
    angle = np.arange(sides) * 2.0 * math.pi / sides
    points = np.concatenate([np.stack([r * np.sin(angle), 0.0 * angle, r * np.cos(angle)], axis=1)
                             for r in radii])
    quads = [(k * sides + a, k * sides + (a + 1) % sides, (k + 1) * sides + (a + 1) % sides,
              (k + 1) * sides + a) for k in range(len(radii) - 1) for a in range(sides)]
    triangles = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])
    return meshes.geom_node("ground", points, triangles, meshes.POSITION_ONLY)


def _sky_node():
    """A coarse dome of unit radius, a little below the horizon too."""
    sides, rows = 24, (-8.0, 0.0, 12.0, 35.0, 60.0, 90.0)
    points = [(math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e))
              for e in map(math.radians, rows)
              for a in (2.0 * math.pi * k / sides for k in range(sides))]
    quads = [(k * sides + a, k * sides + (a + 1) % sides, (k + 1) * sides + (a + 1) % sides,
              (k + 1) * sides + a) for k in range(len(rows) - 1) for a in range(sides)]
    triangles = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])
    return meshes.geom_node("sky", np.array(points), triangles, meshes.POSITION_ONLY)
