"""What makes the site a place: hills, the line to the grid, trees, lamps, a depot hall."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from game.palette import rgb
from game.scene import meshes, town
from game.scene.buffers import Buffer
from game.scene.lamps import build, lamps
from game.scene.layout import Layout
from game.scene.part import FLAT, GLOW, SOLID, Part

STEEL, WALL, ROOF, LEAF, TRUNK = (rgb("#4A566B"), rgb("#465065"), rgb("#222A3A"), rgb("#2C4440"),
                                  rgb("#2A2B30"))
WARM = (1.0, 0.78, 0.46)
# Crowns: (radius, height) from below, how wide by the tree's height, and their shade of green.
CROWNS = ((((0.5, 0.20), (1.0, 0.40), (0.7, 0.72), (0.0, 1.0)), 0.26, (1.0, 1.0, 1.0)),
          (((0.55, 0.28), (1.0, 0.50), (0.92, 0.72), (0.5, 0.88), (0.0, 0.94)), 0.36, (1.12, 1.10, 0.86)),
          (((0.6, 0.12), (1.0, 0.34), (0.55, 0.76), (0.0, 1.12)), 0.17, (0.82, 0.92, 0.96)))
SPAN, TOWERS = 120.0, 9
FARTHEST_HILLS = 1.6     # times as far as around a small site: within the camera's range
# From the third tower on, braces are too thin to be seen from the site.
BRACED, WIRE_PIECES = 2, 6
ARMS = ((24.0, 7.5), (29.0, 5.8), (34.0, 4.2))


class Surroundings:
    """Three draws: solids, wires, the lamps' light on the ground."""

    def __init__(self, root: NodePath, layout: Layout):
        rng = np.random.default_rng(20)
        mesh, wires = meshes.Mesh(), meshes.Mesh()
        _hills(mesh, layout)
        _towers(mesh, wires, layout)
        _hall(mesh, layout)
        town.build(mesh, layout)
        _trees(mesh, layout, rng)
        stand = lamps(layout)
        for lamp in stand:
            build(mesh, lamp)
        solid = Part(root, mesh.faceted_node("surroundings"), "solid", "facet", SOLID)
        air = Part(root, wires.geom_node("wires"), "line", "line", GLOW, two_sided=True)
        self._heads = Buffer("lamps")
        heads = np.zeros((max(len(stand), 1), 4), np.float32)
        heads[:len(stand), :2] = np.array([lamp.head for lamp in stand]).reshape(-1, 2)
        self._heads.write(heads)
        pools = Part(root, meshes.quad_node("pools"), "pool", "pool", FLAT, two_sided=True)
        pools.inputs(u_lamps=self._heads.texture).set_instances(len(heads))
        self.parts = [solid, air, pools]
        self.buffers = [self._heads]


def _hills(mesh: meshes.Mesh, layout: Layout) -> None:
    """Two ridges all around the horizon."""
    unit = min(max(layout.radius / 45.0, 1.0) ** 0.75, FARTHEST_HILLS)
    for distance, height, color, seed, thin in ((2600.0, 150.0, "#2A3B4C", 1.3, 0.62),
                                                (1500.0, 62.0, "#22323C", 4.1, 0.55)):
        mesh.data = (0.0, thin, 0.0, 0.0)
        mesh.tint = (*rgb(color), 0.0)
        sides, points = 144, []
        for k in range(sides):
            a = 2.0 * math.pi * k / sides
            h = 0.5 + 0.27 * math.sin(3.0 * a + seed) + 0.15 * math.sin(7.0 * a + 2.1 * seed) \
                + 0.09 * math.sin(17.0 * a + seed) + 0.04 * math.sin(39.0 * a)
            # Low to the north, where the hub stands against the sky.
            h = max(h, 0.12) * (1.0 - 0.45 * max(math.cos(a), 0.0) ** 6)
            points.append((a, h * height))
        for k in range(sides):
            (a, ha), (b, hb) = points[k], points[(k + 1) % sides]
            at = [(unit * r * math.sin(c), unit * h, unit * r * math.cos(c))
                  for c, r, h in ((a, distance, 0.0), (b, distance, 0.0),
                                  (b, distance * 1.15, hb), (a, distance * 1.15, ha))]
            mesh.face(at)


def _towers(mesh: meshes.Mesh, wires: meshes.Mesh, layout: Layout) -> None:
    """Lattice towers that carry the site's connection north-east over the horizon."""
    scale = max(layout.hub_scale * 0.75, 1.0)
    way = np.array((math.sin(math.radians(17.0)), 0.0, math.cos(math.radians(17.0))))
    side = np.array((way[2], 0.0, -way[0]))
    feet = [layout.hub_xyz + way * (70.0 + SPAN * k) * scale for k in range(TOWERS)]
    mesh.tint, mesh.data = (*STEEL, 0.0), (0.0, 0.0, 0.0, 0.0)
    hooks = []
    for number, foot in enumerate(feet):
        for sx in (-1.0, 1.0):
            for sz in (-1.0, 1.0):
                legs = [foot + (side * sx * r + way * sz * r) * scale + (0.0, y * scale, 0.0)
                        for r, y in ((2.6, 0.0), (1.0, 20.0), (0.35, 38.0))]
                mesh.tube(legs, [0.16 * scale] * 3, 3)
        for k in range(5 if number < BRACED else 0):
            low, high = 4.0 * k, 4.0 * (k + 1)
            for sx in (-1.0, 1.0):
                r0, r1 = 2.6 - 0.08 * low, 2.6 - 0.08 * high
                brace = [foot + (side * sx * r0 - way * r0) * scale + (0.0, low * scale, 0.0),
                         foot + (side * -sx * r1 - way * r1) * scale + (0.0, high * scale, 0.0)]
                mesh.tube(brace, [0.07 * scale] * 2, 3)
        for y, reach in ARMS:
            arm = [foot + side * s * reach * scale + (0.0, y * scale, 0.0)
                   for s in (-1.0, 0.0, 1.0)]
            mesh.tube(arm, [0.08 * scale, 0.22 * scale, 0.08 * scale], 3)
        hooks.append([foot + side * s * reach * scale + (0.0, (y - 0.8) * scale, 0.0)
                      for y, reach in ARMS for s in (-1.0, 1.0)])
    top = layout.hub_xyz + (0.0, 14.2 * layout.hub_scale, 0.0)
    for low, high in zip([[top] * 6, *hooks], hooks):
        for a, b in zip(low, high):
            _wire(wires, a, b, 0.045 * np.linalg.norm(b - a))


def _wire(mesh: meshes.Mesh, a, b, sag: float) -> None:
    """A hanging wire as a strip that the shader turns to the viewer."""
    shares = np.linspace(0.0, 1.0, WIRE_PIECES + 1)
    hang = (4.0 * sag * shares * (1.0 - shares))[:, None] * (0.0, 1.0, 0.0)
    path = a + (b - a) * shares[:, None] - hang
    along = np.gradient(path, axis=0)
    mesh.tint = (0.42, 0.48, 0.58, 0.75)
    base = len(mesh.vertices)
    for p, d in zip(path, along):
        for s in (-1.0, 1.0):
            mesh.vertices.append((*p, *d, *mesh.tint, s, 0.05, 0.8, 0.0))
    for k in range(len(path) - 1):
        i = base + 2 * k
        mesh.triangles += [(i, i + 1, i + 2), (i + 2, i + 1, i + 3)]


def hall_of(layout: Layout) -> tuple[tuple[float, float], tuple[float, float], float]:
    """The hall west of the hub: its lowest and its highest corner (x, z), and the top of its roof, m."""
    scale = max(layout.hub_scale * 0.8, 1.0)
    x1 = layout.hub_xyz[0] - 17.0 * layout.hub_scale - 4.0
    # Beside the plaza of a depot, behind that of wings, whose blocks stand all around.
    z0 = layout.hub_xyz[2] + (-3.0 if layout.kind == "depot" else 16.0) * scale
    return (x1 - 26.0 * scale, z0), (x1, z0 + 11.0 * scale), 5.2 * scale + 0.42 * scale + 1.3 * scale


def _hall(mesh: meshes.Mesh, layout: Layout) -> None:
    """A long low hall west of the hub: dark roof with skylights, warm windows at night."""
    scale = max(layout.hub_scale * 0.8, 1.0)
    (x0, z0), (x1, z1), _ = hall_of(layout)
    length, height = x1 - x0, 5.2 * scale
    mesh.data = (0.0, 0.0, 0.0, 0.0)
    mesh.tint = (*WALL, 0.0)
    mesh.box((x0, 0.0, z0), (x1, height, z1))
    mesh.tint = (*ROOF, 0.0)
    mesh.box((x0 - 0.5, height, z0 - 0.8), (x1 + 0.5, height + 0.4 * scale, z1 + 0.5))
    doors = 7
    for k in range(doors):
        a = x0 + length * (k + 0.16) / doors
        b = x0 + length * (k + 0.84) / doors
        mesh.tint, mesh.data = (*ROOF, 0.0), (0.0, 0.0, 0.0, 0.0)
        mesh.box((a, 0.0, z0 - 0.05), (b, height * 0.62, z0))
        warm = np.array(WARM) * (0.75 if k % 3 else 0.45)
        mesh.tint, mesh.data = (*warm, 0.85), (1.0, 0.0, 0.0, 0.0)
        mesh.face([(a, height * 0.70, z0 - 0.06), (b, height * 0.70, z0 - 0.06),
                   (b, height * 0.86, z0 - 0.06), (a, height * 0.86, z0 - 0.06)])
        mesh.tint, mesh.data = (0.06, 0.10, 0.19, 0.0), (0.0, 0.0, 0.0, 0.0)
        y = height + 0.42 * scale
        mesh.face([(a, y + 0.1, z0 + 0.6), (b, y + 0.1, z0 + 0.6), (b, y + 1.3 * scale, z1 - 1.0),
                   (a, y + 1.3 * scale, z1 - 1.0)])


def _trees(mesh: meshes.Mesh, layout: Layout, rng: np.random.Generator) -> None:
    """Trees along the road's far side and scattered in a belt around the site."""
    low, high = layout.bounds()
    mesh.data = (0.0, 0.0, 0.0, 0.0)
    width = high[0] - low[0]
    spots = []
    for k in range(26):
        spots.append((low[0] - 40.0 + (width + 80.0) * k / 25.0 + rng.uniform(-2, 2),
                      high[2] + rng.uniform(14.0, 46.0)))
    for _ in range(150):
        angle, away = rng.uniform(0.0, 2.0 * math.pi), rng.uniform(1.25, 4.5) * layout.radius
        spots.append((math.sin(angle) * away, math.cos(angle) * away))
    for x, z in spots:
        inside = low[0] - 8.0 < x < high[0] + 8.0 and low[2] - 30.0 < z < high[2] + 6.0
        near_road = abs(z - layout.road.z) < 9.0
        before_camera = abs(x) < layout.radius * 0.9 and z < low[2]
        near_hall = (-80.0 * layout.hub_scale < x < 0.0
                     and abs(z - layout.hub_xyz[2]) < 14.0 * layout.hub_scale)
        if inside or near_road or before_camera or near_hall:
            continue
        _tree(mesh, x, z, rng.uniform(4.5, 8.5), rng.uniform(0.8, 1.15), rng.uniform(0.0, 1.0))


def _tree(mesh: meshes.Mesh, x: float, z: float, height: float, shade: float, turn: float) -> None:
    """A pointed tree, a round one or a slim one, by its turn 0..1."""
    mesh.tint = (*TRUNK, 0.0)
    mesh.prism(3, ((0.26, 0.0), (0.0, height * 0.6)), (x, z), turn, cap=False)
    crown, wide, autumn = CROWNS[int(turn * len(CROWNS))]
    mesh.tint = (*(np.array(LEAF) * shade * autumn), 0.0)
    mesh.prism(6, [(height * wide * r, height * y) for r, y in crown], (x, z), turn * 6.0, cap=False)
