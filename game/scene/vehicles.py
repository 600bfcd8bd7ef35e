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

TEXELS = 5
CABLE_RINGS, CABLE_SIDES = 12, 4
HELD_KWH = 1e-6
NEVER_S = 1e9
# What of a vehicle is compared with the last upload; other columns change only with these.
WATCHED = ("place", "connector", "session", "t0_s", "energy0_kwh", "power0_kw", "rate_per_h",
           "crossing_s", "target_kwh", "capacity_kwh", "charge_efficiency", "deadline_s", "body")
# The scale of power and the comets, as assets/shaders/frame.glsl and stream.glsl have them.
FULL_KW, HALF_KW = 400.0, 2.0
SLOWEST_M_S, FASTEST_M_S = 2.5, 18.0
COMET_SPACING_M, COMET_RANKS = 4.0, 4


class Vehicles:
    """Five draws: shadows with light, bodies near and far, cables, charge bars.

    `xz` (slots, 2), `heading` (slots,) rad: where vehicles stood at the last upload;
    `present` the rows that are drawn, `active` those with power, ascending; `rearranged` whether the last upload
    changed who is where.
    """

    def __init__(self, root: NodePath, layout: Layout, posts: Buffer, near: int):
        self._layout, self.near = layout, near
        self.columns = Buffer("vehicles")
        self.shapes = Buffer("shapes")
        self._all = RowList("vehicles present")
        self._lists = (RowList("vehicles near"), RowList("vehicles far"))
        self.present = self.active = np.zeros(0, np.int64)
        self.xz = np.zeros((0, 2), np.float32)
        self.heading = np.zeros(0, np.float32)
        self.rearranged = True
        self._table = np.zeros((0, TEXELS, 4), np.float32)
        self._queue = np.zeros(0, np.int64)
        self._status = np.zeros(0, np.int32)
        self._seen: dict[str, np.ndarray] = {}
        self._epoch_s = 0.0

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

    def holds(self, row: int) -> bool:
        """Whether a row is drawn."""
        at = int(np.searchsorted(self.present, row))
        return at < len(self.present) and int(self.present[at]) == row

    def upload(self, world: World, epoch_s: float, real_s: float) -> None:
        """Take the columns of the rows that changed; sim times go up relative to `epoch_s`.

        `real_s` is when: comets keep their place on the path when a power steps.
        """
        vehicle = world.vehicle
        changed = self._changes(world, epoch_s)
        here = vehicle.alive & (vehicle.place != Place.AWAY)
        present = np.flatnonzero(here)
        plugged = here & (vehicle.place == Place.PLUGGED) & (vehicle.connector >= 0)
        waiting = np.flatnonzero(here & ~plugged)
        changed |= self._line_up(world, waiting)
        rows = np.flatnonzero(changed & here)
        self.rearranged = len(rows) > 0 and not np.array_equal(present, self.present)
        if len(rows):
            stood = self.xz[rows]
            self._pack(world, rows, plugged[rows], epoch_s, real_s)
            self.columns.write_rows(self._table, rows)
            self.rearranged |= not np.array_equal(self.xz[rows], stood)
        self.present = present
        self.active = np.flatnonzero(plugged & (vehicle.power0_kw != 0.0))
        self._all.set(self.present)
        self._shade.set_instances(len(self._all))

    def arrange(self, eye: np.ndarray) -> None:
        """Sort vehicles into near and far by their distance to the eye (3,)."""
        near, far = split(self.present, self.xz, eye, self.near)
        for rows, chosen in zip(self._lists, (near, far)):
            rows.set(chosen)
        for part, rows in ((self._bodies[0], self._lists[0]), (self._bodies[1], self._lists[1]),
                           (self._cables, self._lists[0]), (self._bars, self._lists[0])):
            part.set_instances(len(rows))

    def _changes(self, world: World, epoch_s: float) -> np.ndarray:
        """Which vehicles (slots,) differ from what was uploaded; remembers how they are now."""
        vehicle, connector = world.vehicle, world.connector
        if vehicle.slots != len(self._table):
            self._table = np.zeros((vehicle.slots, TEXELS, 4), np.float32)
            self.xz = self._table[:, 0, :2]
            self.heading = np.zeros(vehicle.slots)
            self._queue = np.zeros(0, np.int64)
            self._seen = {}
        if epoch_s != self._epoch_s or not self._seen:
            self._epoch_s, self._seen = epoch_s, {}
            changed = np.ones(vehicle.slots, bool)
        else:
            changed = np.zeros(vehicle.slots, bool)
            for name in WATCHED:
                differs = self._seen[name] != getattr(vehicle, name)
                if differs.any():
                    changed |= differs
                    np.copyto(self._seen[name], getattr(vehicle, name))
            if not np.array_equal(self._status, connector.status):
                guests = connector.vehicle[self._status != connector.status]
                changed[guests[guests >= 0]] = True
        if not self._seen:
            self._seen = {name: getattr(vehicle, name).copy() for name in WATCHED}
        self._status = connector.status.copy()
        return changed

    def _line_up(self, world: World, waiting: np.ndarray) -> np.ndarray:
        """Which vehicles (slots,) moved in the queue; gives the waiting their places."""
        vehicle = world.vehicle
        moved = np.zeros(vehicle.slots, bool)
        if len(waiting):
            visit = vehicle.session[waiting]
            if (visit >= 0).all():
                waiting = waiting[np.lexsort((visit, world.session.arrival_s[visit]))]
        if not np.array_equal(waiting, self._queue):
            self._queue, moved[waiting] = waiting, True
        return moved

    def _pack(self, world: World, rows: np.ndarray, plugged: np.ndarray, epoch_s: float,
              real_s: float) -> None:
        """Fill the table's rows; `plugged` (rows,)."""
        vehicle, table = world.vehicle, self._table
        at = np.where(plugged, vehicle.connector[rows], 0)
        packed = np.zeros((len(rows), TEXELS, 4), np.float32)
        heading = np.zeros(len(rows))
        if world.connector.slots:
            packed[:, 0, :2] = self._layout.bay_xyz[at][:, (0, 2)]
            heading = np.radians(self._layout.bay_heading[at])
        if not plugged.all():
            spots = np.zeros((vehicle.slots, 2))
            spots[self._queue] = self._layout.queue_xyz(np.arange(len(self._queue)))[:, (0, 2)]
            packed[~plugged, 0, :2] = spots[rows[~plugged]]
            heading[~plugged] = math.radians(self._layout.queue_heading)
        self.heading[rows] = heading
        packed[:, 0, 2], packed[:, 0, 3] = np.sin(heading), np.cos(heading)
        capacity = np.maximum(vehicle.capacity_kwh[rows], 1e-6)
        kw = vehicle.power0_kw[rows]
        packed[:, 1, 0] = vehicle.t0_s[rows] - epoch_s
        packed[:, 1, 1] = vehicle.energy0_kwh[rows]
        packed[:, 1, 2] = kw
        packed[:, 1, 3] = vehicle.rate_per_h[rows]
        # 1e9 s stands for never: infinity is not safe in every shader compiler.
        packed[:, 2, 0] = np.minimum(vehicle.crossing_s[rows] - epoch_s, NEVER_S)
        packed[:, 2, 1] = np.nan_to_num(vehicle.crossing_kwh[rows])
        packed[:, 2, 2] = 1.0 / capacity
        packed[:, 2, 3] = np.where(plugged, at, -1)
        packed[:, 3, 0] = charge = vehicle.charge_efficiency[rows]
        packed[:, 3, 1] = discharge = vehicle.discharge_efficiency[rows]
        packed[:, 3, 2] = vehicle.target_kwh[rows] / capacity
        packed[:, 3, 3] = 2 * vehicle.body[rows] + self._standby(world, rows, plugged, at)
        visit = vehicle.session[rows]
        packed[:, 4, 0] = -NEVER_S
        packed[:, 4, 1] = np.minimum(np.where(plugged, vehicle.deadline_s[rows], np.inf) - epoch_s,
                                     NEVER_S)
        guests = plugged & (visit >= 0)
        if guests.any():
            since = world.session.plugged_s[visit[guests]] - epoch_s
            packed[guests, 4, 0] = np.nan_to_num(since, nan=-NEVER_S)
        # Metres that a comet had run stay what they were when its speed changes.
        velocity = self._layout.hub_scale * comet_speed(np.where(kw >= 0.0, kw / charge,
                                                                 kw * discharge))
        before = table[rows, 4]
        run = before[:, 3] + (before[:, 2] - velocity) * real_s
        round_m = self._layout.hub_scale * COMET_SPACING_M * COMET_RANKS
        packed[:, 4, 2], packed[:, 4, 3] = velocity, np.fmod(run, round_m)
        table[rows] = packed

    @staticmethod
    def _standby(world: World, rows: np.ndarray, plugged: np.ndarray, at: np.ndarray):
        """1 where a vehicle without power waits for some, 0 where it is done or unable."""
        vehicle = world.vehicle
        wants = vehicle.energy0_kwh[rows] < vehicle.target_kwh[rows] - HELD_KWH
        able = np.ones(len(rows), bool)
        if world.connector.slots:
            able = world.connector.status[at] < Status.UNAVAILABLE
        return (wants & able & plugged) | (vehicle.place[rows] == Place.QUEUED)


def comet_speed(ac_kw: np.ndarray) -> np.ndarray:
    """Metres a second along the path at hub scale 1, positive to the hub, by AC power (n,)."""
    share = np.log1p(np.minimum(np.abs(ac_kw), FULL_KW) / HALF_KW) / math.log1p(FULL_KW / HALF_KW)
    return -np.sign(ac_kw) * (SLOWEST_M_S + (FASTEST_M_S - SLOWEST_M_S) * share)


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
