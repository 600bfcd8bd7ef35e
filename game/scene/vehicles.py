"""Vehicles: the segment columns on the GPU, and everything that is drawn around each of them."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from entities.components import Phase, Place
from entities.world import World
from game.doing import at_rest, can_feed
from game.quality import Quality
from game.scene import bodies, meshes
from game.scene.buffers import BUNDLE, Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import FLAT, GLOW, SOLID, Part
from game.scene.routes import STEPS, Routes, pose_at
from game.scene.sight import Sight, merged

TEXELS = 5
# A vehicle is plugged in, queued or gone from one moment to the next; the picture lets it drive for
# so many simulated seconds from then on: a second of film at x60. Its cable hangs when it stands.
DRIVE_S = 60.0
REUSE_S = 1.0           # a drive's table is kept a little longer than float32 may look at it
SOH_STEP = 0.0001       # float32 holds 14 bits of it above the 10 of the rest
CABLE_RINGS = 11
NEVER_S = 1e9
# What of a vehicle is compared with the last upload; other columns change only with these.
WATCHED = ("place", "connector", "session", "t0_s", "energy0_kwh", "power0_kw", "rate_per_h",
           "crossing_s", "target_kwh", "capacity_kwh", "charge_efficiency", "body")
# The scale of power and the comets, as assets/shaders/frame.glsl and stream.glsl have them.
FULL_KW, HALF_KW = 400.0, 2.0
SLOWEST_M_S, FASTEST_M_S = 2.5, 18.0
COMET_SPACING_M, COMET_RANKS = 4.0, 4


class Vehicles:
    """Six draws: shadows with light, bodies full, at middle distance and far, cables, charge bars.

    `xz` (slots, 2), `heading` (slots,) rad: where vehicles that do not drive stand; `place` knows
    the others. `state` (slots,) their state codes, 0 where power decides;
    `present` the rows that are drawn, those that drive off among them, `active` those with power, ascending; `rearranged` whether the last upload
    changed who is where.
    """

    def __init__(self, root: NodePath, layout: Layout, posts: Buffer, quality: Quality):
        self._layout, self.quality = layout, quality
        self.columns = Buffer("vehicles")
        self.shapes = Buffer("shapes")
        self._all = RowList("vehicles present")
        self.near_list = RowList("vehicles near")
        self._by_detail = (RowList("vehicles full"), RowList("vehicles middle"), RowList("vehicles far"))
        self.present = self.active = np.zeros(0, np.int64)
        self.now_s = 0.0
        self.rearranged = True
        self._routes = Routes(layout)
        self.poses = Buffer("drives")
        self._tables = np.zeros((1, STEPS, 4), np.float32)
        self.poses.write(self._tables)
        self._resize(0)
        self._status = np.zeros(0, np.int32)
        self._seen: dict[str, np.ndarray] = {}
        self._epoch_s = 0.0

        dimensions = bodies.dimensions()
        shapes = (bodies.near_shapes(), bodies.mid_shapes(), bodies.far_shapes())
        self.shapes.write(np.concatenate([dimensions.reshape(-1), *(table.reshape(-1) for table, _ in shapes)]))
        self._shade = Part(root, meshes.quad_node("shade", BUNDLE), "shade", "shade", FLAT, two_sided=True,
                           bundle=BUNDLE)
        first, made = len(dimensions), []
        drawn_by = (("vehicle_near",) * 2, 1), (("vehicle_mid", "flat"), 1), (("vehicle_far", "facet"), BUNDLE)
        for (table, triangles), (shader, bundle) in zip(shapes, drawn_by):
            part = Part(root, _numbers("vehicles", table.shape[1], triangles[:, ::-1], bundle), *shader, SOLID,
                        bundle=bundle)
            made.append(part.inputs(u_first=int(first), u_vertices=int(table.shape[1])))
            first += table.size // 4
        self._bodies = tuple(made)
        self._cables = Part(root, _cable_node(), "cable", "flat", SOLID, two_sided=True)
        self._bars = Part(root, meshes.quad_node("bars", BUNDLE), "bar", "bar", GLOW, two_sided=True, bundle=BUNDLE)
        self._drawn = ((self._shade, self._all), *zip(self._bodies, self._by_detail),
                       (self._cables, self.near_list), (self._bars, self.near_list))
        for part, rows in self._drawn:
            self.bind(part, rows)
        self._cables.inputs(u_posts=posts.texture)
        self.parts = [self._shade, *self._bodies, self._cables, self._bars]
        self.soft = [self._shade]
        self.buffers = [self.columns, self.shapes, self.poses,
                        *(rows.buffer for rows in (self._all, self.near_list, *self._by_detail))]

    def bind(self, part: Part, rows: RowList) -> None:
        """Let a part read vehicles by the rows of a list."""
        part.inputs(u_vehicles=self.columns.texture, u_shapes=self.shapes.texture,
                    u_drives=self.poses.texture, u_rows=rows.buffer.texture)

    @property
    def near(self) -> np.ndarray:
        """The rows that have cables and bars, ascending."""
        return self._near_rows

    @property
    def counts(self) -> tuple[int, int, int]:
        """Vehicles drawn in full, drawn simply, and all that are here."""
        full, middle, far = (int(np.count_nonzero(rows.rows >= 0)) for rows in self._by_detail)
        return full, middle + far, len(self.present)

    def shown(self) -> np.ndarray:
        """The rows that are drawn at `now_s`, ascending."""
        return self.present[~self._gone(self.present)]

    def forget(self) -> None:
        """Take every row anew, as of a world never seen."""
        self._resize(len(self._table))

    def holds(self, row: int) -> bool:
        """Whether a row is drawn at `now_s`."""
        at = int(np.searchsorted(self.present, row))
        return (at < len(self.present) and int(self.present[at]) == row
                and not self._gone(self.present[at:at + 1])[0])

    def place(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where rows are at `now_s`: x and z (n, 2), headings (n,) rad; as vehicle.glsl has it."""
        xz, heading = self.xz[rows], self.heading[rows]
        driving = np.flatnonzero(self._drives_now(rows))
        if len(driving):
            moving = rows[driving]
            share = (self.now_s - self._drive_start[moving]) / DRIVE_S
            xz[driving], heading[driving] = pose_at(self._tables[self._drive[moving]], share)
        return xz, heading

    def drives(self, row: int) -> bool:
        """Whether a row is on its way at `now_s`."""
        return bool(self._drives_now(np.array([row]))[0])

    def _drives_now(self, rows: np.ndarray) -> np.ndarray:
        return (self._drive[rows] >= 0) & (self.now_s - self._drive_start[rows] < DRIVE_S)

    def _gone(self, rows: np.ndarray) -> np.ndarray:
        return self._leaving[rows] & ~self._drives_now(rows)

    def upload(self, world: World, now_s: float, epoch_s: float, real_s: float) -> None:
        """Take the columns of the rows that changed; sim times go up relative to `epoch_s`.

        `now_s` is the sim time, `real_s` when it is: comets keep their place on the path when a
        power steps.
        """
        self.now_s = now_s
        vehicle = world.vehicle
        changed = self._changes(world, epoch_s)
        leaving = self._leavers(world, now_s)
        here = (vehicle.alive & (vehicle.place != Place.AWAY)) | leaving
        present = np.flatnonzero(here)
        plugged = here & (vehicle.place == Place.PLUGGED) & (vehicle.connector >= 0)
        waiting = np.flatnonzero(here & ~plugged & ~leaving)
        changed |= leaving != self._leaving
        self._leaving = leaving
        changed |= self._line_up(world, waiting, now_s)
        rows = np.flatnonzero(changed & here)
        self.rearranged = len(rows) > 0 and not np.array_equal(present, self.present)
        if len(rows):
            stood = self.xz[rows]
            self._drive_on(world, rows, now_s)
            self._pack(world, rows, plugged[rows], epoch_s, real_s)
            self.columns.write_rows(self._table, rows)
            self.rearranged |= (not np.array_equal(self.xz[rows], stood)
                                or bool((self._drive[rows] >= 0).any()))
        self.present = present
        self.active = np.flatnonzero(plugged & (vehicle.power0_kw != 0.0))

    def arrange(self, sight: Sight) -> None:
        """Sort those in sight by how far they are; one that drives may come into sight any time."""
        near, rest = sight.split(self.present, self.xz, self.quality.near,
                                 always=self._drive[self.present] >= 0)
        self._near_rows = near
        full = sight.within(near, self.xz, sight.reach(self.quality.full_pixels))
        middle = ~full & sight.within(near, self.xz, sight.reach(self.quality.middle_pixels))
        far = merged(near[~full & ~middle], rest)
        self._all.set(merged(near, rest))
        self.near_list.set(near)
        for rows, chosen in zip(self._by_detail, (near[full], near[middle], far)):
            rows.set(chosen)
        for part, rows in self._drawn:
            part.follow(rows)

    def _changes(self, world: World, epoch_s: float) -> np.ndarray:
        """Which vehicles (slots,) differ from what was uploaded; remembers how they are now."""
        vehicle, connector = world.vehicle, world.connector
        if vehicle.slots != len(self._table):
            self._resize(vehicle.slots)
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

    def _resize(self, slots: int) -> None:
        """Forget what was known of the rows, for a table of so many."""
        self._table = np.zeros((slots, TEXELS, 4), np.float32)
        self.xz = np.zeros((slots, 2), np.float32)
        self.heading = np.zeros(slots)
        self.state = np.zeros(slots, np.int64)
        self._near_rows = self._queue = np.zeros(0, np.int64)
        self._leaving = np.zeros(slots, bool)
        self._spot = np.full(slots, -1)             # last known place in the queue
        self._spot_before = np.full(slots, -1)
        self._moved_s = np.full(slots, -NEVER_S)
        self._drive = np.full(slots, -1)            # number of the table it drives by
        self._drive_start = np.full(slots, -NEVER_S)
        self._free = list(range(len(self._tables)))
        self._seen = {}

    def _leavers(self, world: World, now_s: float) -> np.ndarray:
        """Which vehicles (slots,) left so short a time ago that they are still driving off."""
        vehicle, session = world.vehicle, world.session
        away = np.flatnonzero(vehicle.alive & (vehicle.place == Place.AWAY) & (vehicle.session >= 0)
                              & (vehicle.deadline_s <= now_s) & (vehicle.deadline_s > now_s - DRIVE_S))
        phase = session.phase[vehicle.session[away]]
        leaving = np.zeros(vehicle.slots, bool)
        leaving[away[(phase == Phase.ENDED) | (phase == Phase.UNSERVED)]] = True
        return leaving

    def _line_up(self, world: World, waiting: np.ndarray, now_s: float) -> np.ndarray:
        """Which vehicles (slots,) moved in the queue; gives the waiting their places."""
        vehicle = world.vehicle
        moved = np.zeros(vehicle.slots, bool)
        if len(waiting):
            visit = vehicle.session[waiting]
            if (visit >= 0).all():
                waiting = waiting[np.lexsort((visit, world.session.arrival_s[visit]))]
        if not np.array_equal(waiting, self._queue):
            spots = np.arange(len(waiting))
            up = np.isin(waiting, self._queue) & (self._spot[waiting] != spots)
            self._spot_before[waiting] = np.where(up, self._spot[waiting], -1)
            self._moved_s[waiting[up]] = now_s
            self._spot[waiting] = spots
            self._queue, moved[waiting] = waiting, True
        return moved

    def _drive_on(self, world: World, rows: np.ndarray, now_s: float) -> None:
        """Give those of `rows` that are on their way a table to drive by, and take it from others."""
        vehicle, session = world.vehicle, world.session
        over = np.flatnonzero((self._drive >= 0) & (self._drive_start + DRIVE_S + REUSE_S < now_s))
        self._free += self._drive[over].tolist()
        self._drive[over] = -1
        visit = vehicle.session[rows]
        rows, visit = rows[visit >= 0], visit[visit >= 0]
        place = vehicle.place[rows]
        start = np.select([place == Place.PLUGGED, place == Place.QUEUED],
                          [session.plugged_s[visit],
                           np.maximum(session.arrival_s[visit], self._moved_s[rows])],
                          vehicle.deadline_s[rows])
        driving = np.flatnonzero((start <= now_s) & (now_s - start < DRIVE_S))
        for row, at, since in zip(rows[driving].tolist(), visit[driving].tolist(),
                                  start[driving].tolist()):
            table = self._route(world, row, at, since)
            number = int(self._drive[row])
            if number < 0:
                if not self._free:
                    self._free = list(range(len(self._tables), 2 * len(self._tables)))
                    self._tables = np.concatenate([self._tables, np.zeros_like(self._tables)])
                number = self._free.pop()
            self._drive[row], self._drive_start[row] = number, since
            if not np.array_equal(self._tables[number], table):
                self._tables[number] = table
                self.poses.write_rows(self._tables, np.array([number]))

    def _route(self, world: World, row: int, visit: int, since: float) -> np.ndarray:
        """What a vehicle that came, moved up or left at `since` drives by."""
        vehicle, session = world.vehicle, world.session
        spot = max(int(self._spot[row]), 0)
        if vehicle.place[row] == Place.QUEUED:
            if since == self._moved_s[row] and self._spot_before[row] >= 0:
                return self._routes.move_up(int(self._spot_before[row]), spot)
            return self._routes.join_queue(spot)
        connector = int(session.connector[visit])
        if vehicle.place[row] == Place.AWAY:
            return self._routes.give_up(spot) if connector < 0 else self._routes.depart(connector)
        if session.arrival_s[visit] < since:
            return self._routes.call_up(spot, connector)
        return self._routes.arrive(connector)

    def _pack(self, world: World, rows: np.ndarray, plugged: np.ndarray, epoch_s: float,
              real_s: float) -> None:
        """Fill the table's rows; `plugged` (rows,)."""
        vehicle, table = world.vehicle, self._table
        at = np.where(plugged, vehicle.connector[rows], 0)
        bay, leaving = at.copy(), self._leaving[rows]
        if leaving.any():
            last = world.session.connector[vehicle.session[rows[leaving]]]
            bay[leaving] = last
        packed = np.zeros((len(rows), TEXELS, 4), np.float32)
        heading = np.zeros(len(rows))
        if world.connector.slots:
            packed[:, 0, :2] = self._layout.bay_xyz[bay][:, (0, 2)]
            heading = np.radians(self._layout.bay_heading[bay])
        in_line = ~plugged & ~(leaving & (bay >= 0))
        if in_line.any():
            spots = self._layout.queue_xyz(np.maximum(self._spot[rows[in_line]], 0))
            packed[in_line, 0, :2] = spots[:, (0, 2)]
            heading[in_line] = math.radians(self._layout.queue_heading)
        self.xz[rows], self.heading[rows] = packed[:, 0, :2], heading
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
        self.state[rows] = state = at_rest(world, rows)
        soh = np.clip(np.nan_to_num(vehicle.soh[rows]) / SOH_STEP + 0.5, 0, (1 << 14) - 1).astype(np.int64)
        packed[:, 3, 3] = (vehicle.body[rows] + (vehicle.chemistry[rows] << 3) + (state << 5)
                           + (can_feed(world, rows).astype(np.int64) << 8) + (leaving.astype(np.int64) << 9)
                           + (soh << 10))
        packed[:, 4, 0] = np.maximum(self._drive_start[rows] - epoch_s, -NEVER_S)
        packed[:, 4, 1] = self._drive[rows]
        # Metres that a comet had run stay what they were when its speed changes.
        velocity = self._layout.hub_scale * comet_speed(np.where(kw >= 0.0, kw / charge,
                                                                 kw * discharge))
        before = table[rows, 4]
        run = before[:, 3] + (before[:, 2] - velocity) * real_s
        round_m = self._layout.hub_scale * COMET_SPACING_M * COMET_RANKS
        packed[:, 4, 2], packed[:, 4, 3] = velocity, np.fmod(run, round_m)
        table[rows] = packed


def comet_speed(ac_kw: np.ndarray) -> np.ndarray:
    """Metres a second along the path at hub scale 1, positive to the hub, by AC power (n,)."""
    share = np.log1p(np.minimum(np.abs(ac_kw), FULL_KW) / HALF_KW) / math.log1p(FULL_KW / HALF_KW)
    return -np.sign(ac_kw) * (SLOWEST_M_S + (FASTEST_M_S - SLOWEST_M_S) * share)


def _numbers(name: str, count: int, triangles: np.ndarray, bundle: int):
    """A mesh whose vertices carry nothing but their number, and which copy they are of."""
    table = np.zeros((count, 3), np.float32)
    table[:, 0] = np.arange(count)
    return meshes.geom_node(name, *meshes.bundled(table, triangles, bundle), meshes.POSITION_ONLY)


def _cable_node():
    """A ribbon with a middle: vertices (share along, side -1, 0 or 1, 0)."""
    share, side = np.meshgrid(np.linspace(0.0, 1.0, CABLE_RINGS), (-1.0, 0.0, 1.0), indexing="ij")
    table = np.stack([share.ravel(), side.ravel(), np.zeros(share.size)], axis=1)
    triangles = [t for ring in range(CABLE_RINGS - 1) for a in (3 * ring, 3 * ring + 1)
                 for t in ((a, a + 1, a + 4), (a, a + 4, a + 3))]
    return meshes.geom_node("cables", table, np.array(triangles), meshes.POSITION_ONLY)
