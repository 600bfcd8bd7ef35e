"""Vehicles: the segment columns on the GPU, and everything that is drawn around each of them."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from entities.components import Place, Status
from entities.world import World
from game.scene import bodies, meshes
from game.scene.buffers import Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import FLAT, GLOW, SOLID, Part
from game.scene.stations import split

TEXELS = 4
CABLE_RINGS, CABLE_SIDES = 12, 4
HELD_KWH = 1e-6


class Vehicles:
    """Five draws: shadows with light, bodies near and far, cables, charge bars.

    `xz` (slots, 2), `heading` (slots,) rad: where vehicles stood at the last upload;
    `present` the rows that are drawn, `active` those with power, ascending.
    """

    def __init__(self, root: NodePath, layout: Layout, posts: Buffer, near: int):
        self._layout, self._near = layout, near
        self.columns = Buffer("vehicles")
        self.shapes = Buffer("shapes")
        self._all = RowList("vehicles present")
        self._lists = (RowList("vehicles near"), RowList("vehicles far"))
        self.present = self.active = np.zeros(0, np.int64)
        self.xz = np.zeros((0, 2), np.float32)
        self.heading = np.zeros(0, np.float32)
        self._table = np.zeros((0, TEXELS, 4), np.float32)

        dimensions = bodies.dimensions()
        near_table, near_triangles = bodies.near_shapes()
        far_table, far_triangles = bodies.far_shapes()
        self.shapes.write(np.concatenate([dimensions.reshape(-1), near_table.reshape(-1),
                                          far_table.reshape(-1)]))
        far_first = len(dimensions) + near_table.size // 4
        self._shade = Part(root, meshes.quad_node("shade"), "shade", "shade", FLAT, two_sided=True)
        self._bodies = (
            Part(root, _numbers("vehicles", near_table.shape[1], near_triangles[:, ::-1]),
                 "vehicle_near", "vehicle_near", SOLID),
            Part(root, _numbers("far vehicles", far_table.shape[1], far_triangles[:, ::-1]),
                 "vehicle_far", "vehicle_far", SOLID, two_sided=True))
        self._cables = Part(root, _cable_node(), "cable", "flat", SOLID, two_sided=True)
        self._bars = Part(root, meshes.quad_node("bars"), "bar", "bar", GLOW, two_sided=True)
        for part, table, first in zip(self._bodies, (near_table, far_table),
                                      (len(dimensions), far_first)):
            part.inputs(u_first=int(first), u_vertices=int(table.shape[1]))
        for part, rows in ((self._shade, self._all), (self._bodies[0], self._lists[0]),
                           (self._bodies[1], self._lists[1]), (self._cables, self._lists[0]),
                           (self._bars, self._lists[0])):
            self.bind(part, rows)
        self._cables.inputs(u_posts=posts.texture)
        self.parts = [self._shade, *self._bodies, self._cables, self._bars]
        self.buffers = [self.columns, self.shapes, self._all.buffer,
                        *(rows.buffer for rows in self._lists)]

    def bind(self, part: Part, rows: RowList) -> None:
        """Let a part read vehicles by the rows of a list."""
        part.inputs(u_vehicles=self.columns.texture, u_shapes=self.shapes.texture,
                    u_rows=rows.buffer.texture)

    def upload(self, world: World, epoch_s: float) -> None:
        """Take the columns; sim times go up relative to `epoch_s`."""
        vehicle = world.vehicle
        if len(self._table) != vehicle.slots:
            self._table = np.zeros((vehicle.slots, TEXELS, 4), np.float32)
        table = self._table
        self.present = vehicle.rows(vehicle.place != Place.AWAY)
        plugged = (vehicle.place == Place.PLUGGED) & (vehicle.connector >= 0)
        at = np.maximum(vehicle.connector, 0)
        self.heading = np.zeros(vehicle.slots)
        if world.connector.slots:
            table[:, 0, 0] = self._layout.bay_xyz[at, 0]
            table[:, 0, 1] = self._layout.bay_xyz[at, 2]
            self.heading = np.radians(self._layout.bay_heading[at])
        waiting = self.present[~plugged[self.present]]
        if len(waiting):
            visit = vehicle.session[waiting]
            if (visit >= 0).all():
                waiting = waiting[np.lexsort((visit, world.session.arrival_s[visit]))]
            spots = self._layout.queue_xyz(np.arange(len(waiting)))
            table[waiting, 0, 0], table[waiting, 0, 1] = spots[:, 0], spots[:, 2]
            self.heading[waiting] = math.radians(self._layout.queue_heading)
        table[:, 0, 2], table[:, 0, 3] = np.sin(self.heading), np.cos(self.heading)
        table[:, 1, 0] = vehicle.t0_s - epoch_s
        table[:, 1, 1] = vehicle.energy0_kwh
        table[:, 1, 2] = vehicle.power0_kw
        table[:, 1, 3] = vehicle.rate_per_h
        # 1e9 s stands for never: infinity is not safe in every shader compiler.
        table[:, 2, 0] = np.minimum(vehicle.crossing_s - epoch_s, 1e9)
        table[:, 2, 1] = np.nan_to_num(vehicle.crossing_kwh)
        table[:, 2, 2] = 1.0 / np.maximum(vehicle.capacity_kwh, 1e-6)
        table[:, 2, 3] = np.where(plugged, vehicle.connector, -1)
        table[:, 3, 0] = vehicle.charge_efficiency
        table[:, 3, 1] = vehicle.discharge_efficiency
        table[:, 3, 2] = vehicle.target_kwh / np.maximum(vehicle.capacity_kwh, 1e-6)
        table[:, 3, 3] = 2 * vehicle.body + self._standby(world, plugged)
        if vehicle.slots:
            self.columns.write(table)
        self.xz = table[:, 0, :2]
        self.active = self.present[(plugged & (vehicle.power0_kw != 0.0))[self.present]]
        self._all.set(self.present)
        self._shade.set_instances(len(self._all))

    def arrange(self, eye: np.ndarray) -> None:
        """Sort vehicles into near and far by their distance to the eye (3,)."""
        near, far = split(self.present, self.xz, eye, self._near)
        for rows, chosen in zip(self._lists, (near, far)):
            rows.set(chosen)
        for part, rows in ((self._bodies[0], self._lists[0]), (self._bodies[1], self._lists[1]),
                           (self._cables, self._lists[0]), (self._bars, self._lists[0])):
            part.set_instances(len(rows))

    @staticmethod
    def _standby(world: World, plugged: np.ndarray) -> np.ndarray:
        """1 where a vehicle without power waits for some, 0 where it is done or unable."""
        vehicle = world.vehicle
        wants = vehicle.energy0_kwh < vehicle.target_kwh - HELD_KWH
        able = np.ones(vehicle.slots, bool)
        if world.connector.slots:
            status = world.connector.status[np.maximum(vehicle.connector, 0)]
            able = (status != Status.FAULTED) & (status != Status.UNAVAILABLE)
        return (wants & able & plugged) | (vehicle.place == Place.QUEUED)


def _numbers(name: str, count: int, triangles: np.ndarray):
    """A mesh whose vertices carry nothing but their number."""
    table = np.zeros((count, 3), np.float32)
    table[:, 0] = np.arange(count)
    return meshes.geom_node(name, table, triangles, meshes.POSITION_ONLY)


def _cable_node():
    """A tube: vertices (share along, angle around, 0)."""
    share, angle = np.meshgrid(np.linspace(0.0, 1.0, CABLE_RINGS),
                               np.arange(CABLE_SIDES) * 2.0 * math.pi / CABLE_SIDES, indexing="ij")
    table = np.stack([share.ravel(), angle.ravel(), np.zeros(share.size)], axis=1)
    triangles = []
    for ring in range(CABLE_RINGS - 1):
        for side in range(CABLE_SIDES):
            a, b = ring * CABLE_SIDES + side, ring * CABLE_SIDES + (side + 1) % CABLE_SIDES
            triangles += [(a, b, b + CABLE_SIDES), (a, b + CABLE_SIDES, a + CABLE_SIDES)]
    return meshes.geom_node("cables", table, np.array(triangles), meshes.POSITION_ONLY)
