"""The hub: a hexagonal plinth, six fins like a crown, a luminous core within two gimbals, and a
ring of twenty segments that fills with the share of the connection limit in use."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from game.palette import rgb
from game.scene import meshes
from game.scene.layout import HUB_CORE_Y, HUB_RADIUS
from game.scene.part import GLOW, SOLID, Part

SEGMENTS = 20
RING_RADIUS = 5.1
STONE, STEEL, DARK = rgb("#4A566F"), rgb("#6B7993"), rgb("#262F40")
HEX = math.pi / 6.0


class Hub:
    """Two draws: the monument and its light."""

    def __init__(self, root: NodePath):
        monument = Part(root, _mesh().geom_node("hub"), "hub", "flat", SOLID)
        halo = Part(root, meshes.quad_node("halo"), "halo", "halo", GLOW, two_sided=True)
        halo.set_instances(2)
        self.parts = [monument, halo]
        self.buffers = []


def _mesh() -> meshes.Mesh:
    mesh = meshes.Mesh()
    _plinth(mesh)
    for k in range(6):
        _fin(mesh, math.pi / 3.0 * (k + 0.5))
    _load_ring(mesh)
    _gimbal(mesh, 3, 2.75, 0.07)
    _gimbal(mesh, 4, 3.35, 0.055)
    _core(mesh)
    return mesh


def _plinth(mesh: meshes.Mesh) -> None:
    """Three terraces with a seam of light under each edge."""
    for low, high, bottom, top in ((HUB_RADIUS, 6.8, 0.0, 0.5), (5.7, 5.5, 0.62, 1.15),
                                   (4.3, 4.1, 1.27, 1.85)):
        mesh.tint, mesh.data = (*STONE, 0.0), (0.0, 0.0, 0.0, 0.0)
        mesh.prism(6, ((low, bottom), (low, top - 0.12), (high, top)), turn=HEX)
        mesh.tint, mesh.data = (*STONE, 0.9), (5.0, 0.0, 0.0, 0.0)
        mesh.prism(6, ((high - 0.9, top), (high - 0.9, top + 0.12)), turn=HEX, cap=False)
    mesh.tint, mesh.data = (*DARK, 0.0), (0.0, 0.0, 0.0, 0.0)
    mesh.prism(6, ((2.2, 1.85), (1.5, 3.4), (1.05, 4.6), (1.2, 4.9)), turn=HEX)
    mesh.tint, mesh.data = (*STONE, 1.0), (5.0, 0.0, 0.0, 0.0)
    mesh.prism(6, ((1.0, 4.9), (0.5, 5.3)), turn=HEX)


def _fin(mesh: meshes.Mesh, angle: float) -> None:
    """A blade that leans in and closes above the core, with a line of light on its inner edge."""
    steps = np.linspace(0.0, 1.0, 13)
    radius = 5.05 - 0.2 * steps + 1.05 * np.sin(steps * math.pi * 0.9) - 3.4 * steps ** 3
    height = 1.1 + 13.4 * steps
    width = 0.55 * (1.0 - steps) ** 0.8 + 0.05
    depth = 0.62 * (1.0 - steps * 0.8) + 0.04
    out = np.array((math.sin(angle), 0.0, math.cos(angle)))
    side = np.array((math.cos(angle), 0.0, -math.sin(angle)))
    up = np.array((0.0, 1.0, 0.0))
    spine = radius[:, None] * out + height[:, None] * up
    outer, inner = spine + depth[:, None] * out * 0.5, spine - depth[:, None] * out * 0.5
    left, right = inner - side * width[:, None] / 2.0, inner + side * width[:, None] / 2.0
    mesh.tint, mesh.data = (*STEEL, 0.0), (0.0, 0.0, 0.0, 0.0)
    for k in range(len(steps) - 1):
        n = k + 1
        mesh.face([outer[k], right[k], right[n], outer[n]][::-1])
        mesh.face([left[k], outer[k], outer[n], left[n]][::-1])
        mesh.face([right[k], left[k], left[n], right[n]][::-1])
    mesh.tint, mesh.data = (*STEEL, 0.85), (5.0, 0.0, 0.0, 0.0)
    near = inner - out * 0.015
    strip = (width * 0.16 + 0.03)[:, None] * side
    for k in range(len(steps) - 1):
        n = k + 1
        mesh.face([near[k] + strip[k], near[k] - strip[k], near[n] - strip[n],
                   near[n] + strip[n]][::-1])
    edge = outer + out * 0.012
    strip = 0.035 * side
    mesh.tint = (*STEEL, 0.5)
    for k in range(len(steps) - 1):
        n = k + 1
        mesh.face([edge[k] - strip, edge[k] + strip, edge[n] + strip, edge[n] - strip][::-1])


def _load_ring(mesh: meshes.Mesh) -> None:
    """Twenty blocks around the fins; the first stands south and they fill clockwise."""
    mesh.tint = (*DARK, 0.0)
    step = 2.0 * math.pi / SEGMENTS
    for k in range(SEGMENTS):
        mesh.data = (2.0, k / SEGMENTS, 0.0, 0.0)
        rings = []
        for part in range(4):
            a = math.pi + step * (k + 0.08 + 0.84 * part / 3.0)
            rings.append([np.array((r * math.sin(a), HUB_CORE_Y + y, r * math.cos(a)))
                          for r, y in ((RING_RADIUS + 1.55, -.20), (RING_RADIUS + 1.55, .20),
                                       (RING_RADIUS + 1.15, .20), (RING_RADIUS + 1.15, -.20))])
        for low, high in zip(rings, rings[1:]):
            for p in range(4):
                n = (p + 1) % 4
                mesh.face([high[p], low[p], low[n], high[n]])
        mesh.face(rings[0])
        mesh.face(rings[-1][::-1])


def _gimbal(mesh: meshes.Mesh, role: int, radius: float, half: float) -> None:
    """A thin hoop around the core, one edge of it shining."""
    mesh.data = (float(role), 0.0, 0.0, 0.0)
    sides = 48
    rings = []
    for k in range(sides):
        a = 2.0 * math.pi * k / sides
        rings.append([np.array((r * math.sin(a), HUB_CORE_Y + y, r * math.cos(a)))
                      for r, y in ((radius + half, -half), (radius + half, half),
                                   (radius - half, half), (radius - half, -half))])
    for k in range(sides):
        low, high = rings[k], rings[(k + 1) % sides]
        for p in range(4):
            mesh.tint = (*STEEL, 0.9) if p in (0, 2) else (*STEEL, 0.0)
            n = (p + 1) % 4
            mesh.face([high[p], low[p], low[n], high[n]])


def _core(mesh: meshes.Mesh) -> None:
    """A cut crystal, twelve-sided, taller than wide."""
    mesh.tint, mesh.data = (0.1, 0.12, 0.16, 0.0), (1.0, 0.0, 0.0, 0.0)
    y = HUB_CORE_Y
    mesh.prism(6, ((0.0, y - 2.5), (1.15, y - 0.75), (1.5, y), (1.15, y + 0.75), (0.0, y + 2.5)),
               cap=False)
