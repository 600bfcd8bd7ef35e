"""The hub: a hexagonal plinth, six fins like a crown, and within them a luminous core in two gimbals.

What it tells: a ring of twenty segments fills with the share of the connection limit in use;
pillars beside it rise with the room left to draw (west) and to feed (east); the ring in the crown
shows the renewable share; the core pulses with the grid's stress; a board at its foot has the price.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from panda3d.core import NodePath

from game.palette import rgb
from game.scene import meshes
from game.scene.layout import HUB_CORE_Y, HUB_RADIUS
from game.scene.part import GLOW, SOLID, Part
from game.scene.price_board import PriceBoard, board

SEGMENTS = 20
RING_RADIUS = 5.1
STONE, STEEL, DARK = rgb("#4A566F"), rgb("#6B7993"), rgb("#262F40")
HEX = math.pi / 6.0
# Three flashes a second are the limit of WCAG 2.2, 2.3.1.
CALM_HZ, TENSE_HZ = 0.25, 2.5
PILLAR_RADIUS, PILLAR_AT, PILLAR_FOOT, PILLAR_M = 0.42, 9.2, 0.4, 6.4  # as in hub.vert
PILLAR_SIDES = ((6, 284.0), (7, 76.0))
CROWN_Y, CROWN_RADIUS, CROWN_PIECES = 12.3, 2.75, 60


class Hub:
    """Three draws: the monument, its light and the face of its price board."""

    def __init__(self, root: NodePath):
        monument = Part(root, _mesh().faceted_node("hub"), "hub", "facet", SOLID)
        halo = Part(root, meshes.quad_node("halo"), "halo", "halo", GLOW, two_sided=True)
        halo.set_instances(2)
        self._board = PriceBoard(root)
        self.parts = [monument, halo, self._board.part]
        self.soft = [halo]
        self.buffers = []
        self.pulse = Pulse()

    def show_price(self, price: str, unit: str) -> None:
        """Write a price on the board."""
        self._board.show(price, unit)


class Pulse:
    """The core's beat: faster with stress, and without a jump when that changes."""

    def __init__(self):
        self._turns = self._real_s = 0.0

    def turns(self, stress: float, real_s: float) -> float:
        """Turns made at `real_s`, the stress (0..1) having held since the call before."""
        rate = CALM_HZ + (TENSE_HZ - CALM_HZ) * min(max(stress, 0.0), 1.0)
        self._turns += rate * max(real_s - self._real_s, 0.0)
        self._real_s = real_s
        return self._turns


@cache
def _mesh() -> meshes.Mesh:
    mesh = meshes.Mesh()
    _plinth(mesh)
    for k in range(6):
        _fin(mesh, math.pi / 3.0 * (k + 0.5))
    _load_ring(mesh)
    _gimbal(mesh, 3, 2.75, 0.07)
    _gimbal(mesh, 4, 3.35, 0.055)
    _core(mesh)
    _crown(mesh)
    for role, middle in PILLAR_SIDES:
        for aside in (-24.0, 0.0, 24.0):
            _pillar(mesh, role, math.radians(middle + aside))
    board(mesh)
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
    steps = np.linspace(0.0, 1.0, 10)
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
    """Twenty blocks around the fins; the first stands south and they fill clockwise. Small marks
    outside at 70 % and 90 %."""
    mesh.tint = (*DARK, 0.0)
    step = 2.0 * math.pi / SEGMENTS
    for k in range(SEGMENTS):
        mesh.data = (2.0, k / SEGMENTS, 0.0, 0.0)
        _bow(mesh, math.pi + step * (k + 0.08), math.pi + step * (k + 0.92), 2,
             RING_RADIUS + 1.35, 0.20, HUB_CORE_Y)
    mesh.tint, mesh.data = (*STEEL, 0.7), (0.0, 0.0, 0.0, 0.0)
    for share in (0.7, 0.9):
        middle = math.pi + 2.0 * math.pi * share
        _bow(mesh, middle - 0.012, middle + 0.012, 1, RING_RADIUS + 1.75, 0.14, HUB_CORE_Y)


def _bow(mesh: meshes.Mesh, since: float, until: float, pieces: int, radius: float, half: float,
         y: float, ends: bool = True) -> None:
    """A piece of a hoop, closed unless others adjoin its ends, with a square section of 2 `half`, between two angles (rad)."""
    rings = [[np.array((r * math.sin(a), y + up, r * math.cos(a)))
              for r, up in ((radius + half, -half), (radius + half, half),
                            (radius - half, half), (radius - half, -half))]
             for a in np.linspace(since, until, pieces + 1)]
    for low, high in zip(rings, rings[1:]):
        for p in range(4):
            n = (p + 1) % 4
            mesh.face([high[p], low[p], low[n], high[n]])
    if ends:
        mesh.face(rings[0])
        mesh.face(rings[-1][::-1])


def _crown(mesh: meshes.Mesh) -> None:
    """The ring of the renewable share, with a bead where its arc begins."""
    mesh.tint = (*DARK, 0.0)
    step = 2.0 * math.pi / CROWN_PIECES
    for k in range(CROWN_PIECES):
        mesh.data = (8.0, (k + 0.5) / CROWN_PIECES, 0.0, 0.0)
        _bow(mesh, step * k, step * (k + 1), 1, CROWN_RADIUS, 0.13, CROWN_Y, ends=False)
    mesh.data = (8.0, 0.0, 0.0, 0.0)
    _bow(mesh, -1.2 * step, 0.6 * step, 1, CROWN_RADIUS, 0.26, CROWN_Y)


def _pillar(mesh: meshes.Mesh, role: int, angle: float) -> None:
    """A shaft out of a collar, with seams and a cap of light; a rail behind it is as tall as it
    can become."""
    x, z = PILLAR_AT * math.sin(angle), PILLAR_AT * math.cos(angle)
    mesh.tint, mesh.data = (*STONE, 0.0), (0.0, 0.0, 0.0, 0.0)
    mesh.prism(6, ((0.80, 0.0), (0.72, PILLAR_FOOT)), (x, z), angle)
    out = (PILLAR_AT + 0.62) / PILLAR_AT
    mesh.tint = (*STEEL, 0.0)
    mesh.prism(4, ((0.07, 0.0), (0.07, PILLAR_FOOT + PILLAR_M)), (x * out, z * out), angle)
    mesh.tint = (*STEEL, 0.5)
    mesh.prism(4, ((0.2, PILLAR_FOOT + PILLAR_M), (0.2, PILLAR_FOOT + PILLAR_M + 0.12)),
               (x * out, z * out), angle)
    ring = [(x + PILLAR_RADIUS * math.sin(a), z + PILLAR_RADIUS * math.cos(a))
            for a in (angle + math.pi / 3.0 * k for k in range(6))]
    for k, (a, b) in enumerate(zip(ring, ring[1:] + ring[:1])):
        mesh.tint = (*STEEL, 0.0) if k % 2 else (*STEEL, 0.34)
        _rising(mesh, role, (x, z), b, a)
    mesh.tint, mesh.data = (*STEEL, 0.9), (float(role), 1.0, x, z)
    mesh.prism(6, ((PILLAR_RADIUS + 0.05, PILLAR_FOOT + 0.02), (PILLAR_RADIUS + 0.05, PILLAR_FOOT + 0.26),
                   (PILLAR_RADIUS - 0.1, PILLAR_FOOT + 0.36)), (x, z), angle)


def _rising(mesh: meshes.Mesh, role: int, axis, a, b) -> None:
    """One side of a shaft, between two corners; its upper edge goes where the pillar's top is."""
    base = len(mesh.vertices)
    mesh.data = (float(role), 0.0, *axis)
    mesh.face([(a[0], PILLAR_FOOT, a[1]), (b[0], PILLAR_FOOT, b[1]),
               (b[0], PILLAR_FOOT + 0.1, b[1]), (a[0], PILLAR_FOOT + 0.1, a[1])])
    for k in (base + 2, base + 3):
        mesh.vertices[k] = (*mesh.vertices[k][:10], float(role), 1.0, *axis)


def _gimbal(mesh: meshes.Mesh, role: int, radius: float, half: float) -> None:
    """A thin hoop around the core, one edge of it shining."""
    mesh.data = (float(role), 0.0, 0.0, 0.0)
    sides = 32
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
