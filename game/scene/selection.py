"""Boxes for picking, and the bracket drawn around the one that is selected."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import LVecBase4f, NodePath, PTA_LVecBase4f

from entities.world import World
from game.scene import bodies, meshes
from game.scene.layout import Layout
from game.scene.part import LABEL, Part
from game.scene.vehicles import Vehicles

KINDS = ("vehicle", "connector", "station", "hub")
RING_SIDES = 64


def named(world: World, name: str) -> tuple[str, int] | None:
    """Kind and row of the vehicle, connector, station or hub of a name; None if there is none."""
    for kind in KINDS[:3]:
        row = getattr(world, kind).find(name)
        if row is not None:
            return kind, row
    return ("hub", 0) if name.lower() == "hub" else None


class Selection:
    """One draw, over everything: eight corner brackets and a ring on the ground."""

    def __init__(self, root: NodePath):
        self._box = PTA_LVecBase4f([LVecBase4f(0.0)] * 2)
        self._values = np.frombuffer(memoryview(self._box).cast("B"), np.float32).reshape(-1, 4)
        self._part = Part(root, _mesh().geom_node("selection"), "select", "select", LABEL,
                          two_sided=True)
        self._part.inputs(u_box=self._box)
        self._part.path.stash()
        self.parts = [self._part]
        self.buffers = []

    def show(self, box: tuple | None) -> None:
        """Mark a box (centre (3,), half extents (3,), heading in degrees), or nothing."""
        if box is None:
            self._part.path.stash()
            return
        self._part.path.unstash()
        center, half, heading = box
        self._values[0] = (*center, math.radians(heading))
        self._values[1, :3] = half


class Boxes:
    """Oriented boxes of all that can be picked, by kind and row."""

    def __init__(self, layout: Layout, vehicles: Vehicles):
        self._layout, self._vehicles = layout, vehicles
        self._dimensions = bodies.dimensions().astype(float)

    def all(self, world: World):
        """Kinds (n,) as indices into KINDS, rows (n,), centres (n, 3) and half extents (n, 3)
        in metres, headings (n,) in degrees."""
        rows = (self._vehicles.shown(), world.connector.rows(), world.station.rows(),
                world.hub.rows()[:1])
        boxes = [self.of(world, kind, r) for kind, r in zip(KINDS, rows)]
        return (np.repeat(np.arange(4), [len(r) for r in rows]), np.concatenate(rows),
                *(np.concatenate([box[k] for box in boxes]) for k in range(3)))

    def of(self, world: World, kind: str, rows: np.ndarray):
        """Centres (n, 3), half extents (n, 3), headings (n,) of rows of one kind."""
        if kind == "vehicle":
            size = self._dimensions[world.vehicle.body[rows]]
            xz, heading = self._vehicles.place(rows)
            half = size[:, :3] * (1.0, 0.5, 1.0)
            return (np.stack([xz[:, 0], half[:, 1], xz[:, 1]], axis=1), half,
                    np.degrees(heading))
        return self._layout.boxes(kind, rows)


def box_corners(center: np.ndarray, half: np.ndarray, heading: float) -> np.ndarray:
    """The corners of an oriented box, (8, 3) m; heading in degrees."""
    angle, signs = math.radians(heading), 2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0
    x, y, z = (signs * half).T
    sine, cosine = math.sin(angle), math.cos(angle)
    return center + np.stack([x * cosine + z * sine, y, z * cosine - x * sine], axis=1)


def _mesh() -> meshes.Mesh:
    """Rows as assets/shaders/select.vert reads them: brackets, then the ring."""
    mesh = meshes.Mesh()

    def strip(points) -> None:
        base = len(mesh.vertices)
        for position, arm, data in points:
            for side in (-1.0, 1.0):
                mesh.vertices.append((*position, 0.0, 1.0, 0.0, *arm, 0.0, data[0], side, *data[1:]))
        for k in range(len(points) - 1):
            i = base + 2 * k
            mesh.triangles.extend([(i, i + 1, i + 2), (i + 2, i + 1, i + 3)])

    for corner in np.ndindex(2, 2, 2):
        signs = np.array(corner) * 2.0 - 1.0
        for axis in range(3):
            arm = np.zeros(3)
            arm[axis] = -signs[axis]
            way = (float(axis == 0), float(axis == 1))
            strip([(signs, np.zeros(3), (0.0, *way)), (signs, arm, (0.0, *way))])
    ring = [((2.0 * math.pi * k / RING_SIDES, 0.0, 0.0), np.zeros(3), (1.0, 0.0, 0.0))
            for k in range(RING_SIDES + 1)]
    strip(ring)
    return mesh


def twin(selected: tuple[str, int], world: World, other: World) -> tuple[str, int] | None:
    """(kind, row) in another branch's world of what is `selected` in one's own: of the same name, or the same
    row where it has none. None where there is no such thing."""
    kind, row = selected
    name, table = getattr(world, kind).names[row], getattr(other, kind)
    found = table.find(name) if name else row if table.alive[row:row + 1].any() else None
    return None if found is None else (kind, found)
