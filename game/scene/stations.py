"""Charging posts (one a connector) and power cabinets (one a station), lit by OCPP status."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from entities.components import Status
from entities.world import World
from game.palette import rgb
from game.scene import meshes
from game.scene.buffers import Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import SOLID, Part

SHELL, DARK, FOOT = rgb("#8793A8"), rgb("#1B2230"), rgb("#4A5569")
DISCHARGING = 2.5
POST_M, CABINET_M, FEWEST_PIXELS = 1.6, 1.0, 1.6
STRIP, MARK, LAMP = range(3)   # roles of shining faces in assets/shaders/post.vert
MARK_FOOT = 1.74


class Stations:
    """Four draws: posts and cabinets, near and far. `abnormal`: connectors that are unavailable or
    faulted, rows ascending; `post_status` and `near_posts` are what posts are drawn from, the latter
    the rows of those drawn in full."""

    def __init__(self, root: NodePath, layout: Layout, near: int):
        self._near = near
        self.rearranged = True
        self.abnormal = np.zeros(0, np.int64)
        self._alive = (0, 0)
        self._posts = _Placed(root, "posts", layout.connector_xyz, layout.bay_heading,
                              _post(), _far_post())
        self._cabinets = _Placed(root, "cabinets", layout.station_xyz, layout.station_heading,
                                 _cabinet(), _far_cabinet())
        self.post_places, self.post_status = self._posts.places, self._posts.shown
        self.near_posts = self._posts.lists[0]
        self.parts = self._posts.parts + self._cabinets.parts
        self.buffers = self._posts.buffers + self._cabinets.buffers

    def upload(self, world: World) -> None:
        """Take the status columns."""
        connector = world.connector
        status = connector.status.astype(np.float32)
        guest = connector.vehicle
        charging = np.flatnonzero((status == Status.CHARGING) & (guest >= 0))
        feeding = charging[world.vehicle.power0_kw[guest[charging]] < 0.0]
        status[feeding] = DISCHARGING
        self._posts.status(status)
        worst = np.zeros(world.station.slots, np.float32)
        self.abnormal = connector.rows(connector.status >= Status.UNAVAILABLE)
        np.maximum.at(worst, connector.station[self.abnormal], status[self.abnormal])
        self._cabinets.status(worst)
        self._posts.alive = connector.rows()
        self._cabinets.alive = world.station.rows()
        alive = (len(self._posts.alive), len(self._cabinets.alive))
        self.rearranged, self._alive = alive != self._alive, alive

    def arrange(self, eye: np.ndarray, pixel: float) -> None:
        """Sort rows into near and far by their distance to the eye (3,); `pixel` is the angle
        (rad) of one."""
        self._posts.arrange(eye, self._near, POST_M / (FEWEST_PIXELS * pixel))
        self._cabinets.arrange(eye, self._near, CABINET_M / (FEWEST_PIXELS * pixel))


class _Placed:
    """Rows of a table at fixed places, drawn with a near and a far mesh."""

    def __init__(self, root, name, xyz, heading, near_mesh, far_mesh):
        self.places = Buffer(f"{name} places")
        table = np.zeros((max(len(xyz), 1), 4), np.float32)
        if len(xyz):
            table[:, 0], table[:, 1], table[:, 2] = xyz[:, 0], xyz[:, 2], np.radians(heading)
        self.places.write(table)
        self._xz = table[:, :2]
        self.shown = Buffer(f"{name} status", channels=1)
        self._values = np.zeros(0, np.float32)
        self.lists = (RowList(f"{name} near"), RowList(f"{name} far"))
        self.alive = np.zeros(0, np.int64)
        self.parts = []
        for mesh, rows in zip((near_mesh, far_mesh), self.lists):
            part = Part(root, mesh.geom_node(name), "post", "flat", SOLID)
            part.inputs(u_places=self.places.texture, u_status=self.shown.texture,
                        u_rows=rows.buffer.texture)
            self.parts.append(part)
        self.buffers = [self.places, self.shown, *(rows.buffer for rows in self.lists)]

    def status(self, values: np.ndarray) -> None:
        if len(values) and not np.array_equal(values, self._values):
            self._values = values
            self.shown.write(values)

    def arrange(self, eye: np.ndarray, limit: int, farthest: float) -> None:
        near, far = split(self.alive, self._xz, eye, limit, farthest)
        for rows, part, chosen in zip(self.lists, self.parts, (near, far)):
            rows.set(chosen)
            part.set_instances(len(rows))


def split(rows: np.ndarray, xz: np.ndarray, eye: np.ndarray, limit: int,
          farthest: float = math.inf):
    """The `limit` rows nearest to the eye and the others up to `farthest` m away, both ascending;
    xz (slots, 2)."""
    if len(rows) <= limit:
        return rows, rows[:0]
    x, z = xz[rows, 0] - eye[0], xz[rows, 1] - eye[2]
    square = x * x + z * z
    reach = np.partition(square, limit)[limit]
    near = square < reach
    return rows[near], rows[~near & (square < farthest * farthest)]


def _post() -> meshes.Mesh:
    """A slim blade, dark face, a strip of light down its front and along its top."""
    mesh = meshes.Mesh()
    mesh.tint = (*FOOT, 0.0)
    mesh.box((-0.20, 0.0, -0.14), (0.20, 0.08, 0.14))
    mesh.tint = (*SHELL, 0.0)
    mesh.box((-0.15, 0.08, -0.09), (0.15, 1.62, 0.07))
    mesh.tint = (*DARK, 0.0)
    mesh.box((-0.13, 0.70, 0.07), (0.13, 1.56, 0.085))
    mesh.tint = (1.0, 1.0, 1.0, 1.0)
    mesh.box((-0.035, 0.16, 0.085), (0.035, 1.5, 0.105))
    mesh.box((-0.15, 1.62, -0.09), (0.15, 1.68, 0.085))
    mesh.tint = (*DARK, 0.0)
    mesh.box((-0.05, 0.90, 0.085), (0.05, 1.02, 0.17))
    mesh.box((0.15, 0.86, -0.05), (0.21, 1.10, 0.05))
    _mark(mesh)
    return mesh


def _mark(mesh: meshes.Mesh) -> None:
    """Nobody can charge here: a bar across the post's face and a cone on its top."""
    mesh.tint, mesh.data = (0.0, 0.0, 0.0, 1.0), (float(MARK), 0.0, 0.0, 0.0)
    mesh.box((-0.42, 1.16, 0.10), (0.42, 1.30, 0.18))
    mesh.prism(6, ((0.30, MARK_FOOT), (0.0, MARK_FOOT + 0.62)), cap=False)


def _far_post() -> meshes.Mesh:
    mesh = meshes.Mesh()
    mesh.tint = (*SHELL, 0.0)
    mesh.box((-0.15, 0.0, -0.09), (0.15, 1.55, 0.08))
    mesh.tint = (1.0, 1.0, 1.0, 1.0)
    mesh.face([(-0.17, 1.6, -0.12), (0.17, 1.6, -0.12), (0.17, 1.6, 0.12), (-0.17, 1.6, 0.12)])
    _mark(mesh)
    return mesh


def _cabinet() -> meshes.Mesh:
    """The station's power cabinet; its lamp is dark unless something is wrong."""
    mesh = meshes.Mesh()
    mesh.tint = (*FOOT, 0.0)
    mesh.box((-0.36, 0.0, -0.21), (0.36, 0.10, 0.21))
    mesh.tint = (*SHELL, 0.0)
    mesh.box((-0.32, 0.10, -0.18), (0.32, 0.92, 0.16))
    mesh.tint = (*DARK, 0.0)
    mesh.box((-0.34, 0.92, -0.20), (0.34, 0.97, 0.18))
    for k in range(4):
        y = 0.26 + 0.13 * k
        mesh.face([(0.26, y, -0.185), (-0.26, y, -0.185), (-0.26, y + 0.05, -0.185),
                   (0.26, y + 0.05, -0.185)][::-1])
    mesh.tint, mesh.data = (1.0, 1.0, 1.0, 1.0), (float(LAMP), 0.0, 0.0, 0.0)
    mesh.box((-0.24, 0.97, 0.01), (0.24, 1.0, 0.06))
    return mesh


def _far_cabinet() -> meshes.Mesh:
    mesh = meshes.Mesh()
    mesh.tint = (*SHELL, 0.0)
    mesh.box((-0.32, 0.0, -0.18), (0.32, 0.96, 0.16))
    return mesh
