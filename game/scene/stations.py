"""Charging posts (one a connector) and power cabinets (one a station) by what OCPP says of them."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from entities.components import NONE, Phase, Status
from entities.world import World
from game.scene import meshes, posts, signs
from game.scene.buffers import Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import SOLID, Part
from game.scene.sight import Sight
from sim.load_shares import loads

DISCHARGING = 2.5
POST_M, CABINET_M, FEWEST_PIXELS = 1.6, 1.0, 1.6


# Where the plates of assets/shaders/post.vert stand: metres up, and towards the bay.
PLATE_Y, PLATE_AHEAD = 2.15, 0.75


class Stations:
    """Four draws: posts and cabinets, near and far. `abnormal`: connectors that are unavailable or
    faulted; `offline`: stations without connection; rows ascending. `post_states` and `near_posts` are
    what posts are drawn from, the latter the rows of those drawn in full."""

    def __init__(self, root: NodePath, layout: Layout, near: int):
        self.near_limit = near
        self.rearranged = True
        self.abnormal = self.offline = np.zeros(0, np.int64)
        self._alive = (0, 0)
        self._posts = _Placed(root, "posts", layout.connector_xyz, layout.bay_heading,
                              posts.post(), posts.far_post())
        self._cabinets = _Placed(root, "cabinets", layout.station_xyz, layout.station_heading,
                                 posts.cabinet(), posts.far_cabinet())
        self.post_places, self.post_states = self._posts.places, self._posts.states
        self.post_table, self.near_posts = self._posts.table, self._posts.lists[0]
        self.cabinet_places, self.cabinet_states = self._cabinets.places, self._cabinets.states
        self.near_cabinets = self._cabinets.lists[0]
        self.parts = self._posts.parts + self._cabinets.parts
        self.buffers = self._posts.buffers + self._cabinets.buffers
        atlas = signs.atlas()
        for part in self.parts:
            full = part in (self._posts.parts[0], self._cabinets.parts[0])
            part.inputs(u_signs=atlas, u_station=float(part in self._cabinets.parts), u_full=float(full))

    def plate_xyz(self, row: int) -> tuple[float, float, float]:
        """Where a connector's plate stands."""
        x, z, heading, _ = self.post_table[row].tolist()
        return (x + PLATE_AHEAD * math.sin(heading), PLATE_Y, z + PLATE_AHEAD * math.cos(heading))

    def follow(self, vehicles) -> None:
        """Read the power of guests from the vehicles' own columns."""
        for part in self.parts:
            part.inputs(u_vehicles=vehicles.columns.texture, u_shapes=vehicles.shapes.texture,
                        u_drives=vehicles.poses.texture)

    def upload(self, world: World, now_s: float, epoch_s: float) -> None:
        """Take the network's columns. Shares of the load are those at `now_s` (s); the power of
        each connector, and when it is Preparing no more (counted from `epoch_s`), is for the shader."""
        connector, station = world.connector, world.station
        guest, online = connector.vehicle, station.online.astype(np.float32)
        status = connector.status.astype(np.float32)
        charging = np.flatnonzero((status == Status.CHARGING) & (guest != NONE))
        status[charging[world.vehicle.power0_kw[guest[charging]] < 0.0]] = DISCHARGING
        net_kw, share = loads(world, now_s)
        self.abnormal = connector.rows(connector.status >= Status.UNAVAILABLE)
        self.offline = station.rows(~station.online)
        prepared = np.where((guest != NONE) & (connector.prepared_s > now_s),
                            connector.prepared_s - epoch_s, -1.0)
        self._posts.show(status, connector.kind, guest, connector.charge_max_kw,
                         online[connector.station], _sessions(world), share[connector.station], prepared)
        worst = np.zeros(station.slots, np.float32)
        np.maximum.at(worst, connector.station[self.abnormal], status[self.abnormal])
        self._cabinets.show(worst, station.ocpp, -1.0, net_kw, online, _voltages(world), share, -1.0)
        self._posts.alive = connector.rows()
        self._cabinets.alive = station.rows()
        alive = (len(self._posts.alive), len(self._cabinets.alive))
        self.rearranged, self._alive = alive != self._alive, alive

    def arrange(self, sight: Sight) -> None:
        """Sort rows in sight into near and far; what is too small to be seen is left out."""
        least = FEWEST_PIXELS * sight.pixel
        self._posts.arrange(sight, self.near_limit, POST_M / least)
        self._cabinets.arrange(sight, self.near_limit, CABINET_M / least)


def _sessions(world: World) -> np.ndarray:
    """1 where a transaction runs, (connectors,)."""
    guest = world.connector.vehicle
    plugged = np.flatnonzero(guest != NONE)
    visit = world.vehicle.session[guest[plugged]]
    running = np.zeros(len(guest), np.float32)
    running[plugged] = 1.0
    known = plugged[visit != NONE]
    running[known] = world.session.phase[visit[visit != NONE]] == Phase.ACTIVE
    return running


def _voltages(world: World) -> np.ndarray:
    """Of each station's connectors the voltage furthest off nominal, pu (stations,); -1 where none is
    known."""
    connector = world.connector
    rows = connector.rows(np.isfinite(connector.voltage_pu))
    furthest_last = rows[np.argsort(np.abs(connector.voltage_pu[rows] - 1.0), kind="stable")]
    found = np.full(world.station.slots, -1.0)
    found[connector.station[furthest_last]] = connector.voltage_pu[furthest_last]
    return found


class _Placed:
    """Rows of a table at fixed places, drawn with a near and a far mesh. A row has two texels of
    state: status, kind, guest, rating (a station's: its net power; kW); online, session (a station's:
    its voltage, pu), share of the load, and until when it is Preparing (s since the epoch of the frame;
    -1: it is not)."""

    def __init__(self, root, name, xyz, heading, near_mesh: meshes.Mesh, far_mesh: meshes.Mesh):
        self.places = Buffer(f"{name} places")
        table = np.zeros((max(len(xyz), 1), 4), np.float32)
        if len(xyz):
            table[:, 0], table[:, 1], table[:, 2] = xyz[:, 0], xyz[:, 2], np.radians(heading)
        self.places.write(table)
        self.table = table
        self.states = Buffer(f"{name} states")
        self._shown = np.zeros((0, 2, 4), np.float32)
        self.lists = (RowList(f"{name} near"), RowList(f"{name} far"))
        self.alive = np.zeros(0, np.int64)
        self.parts = []
        for mesh, rows in zip((near_mesh, far_mesh), self.lists):
            part = Part(root, mesh.geom_node(name), "post", "post", SOLID)
            part.inputs(u_places=self.places.texture, u_states=self.states.texture,
                        u_rows=rows.buffer.texture)
            self.parts.append(part)
        self.buffers = [self.places, self.states, *(rows.buffer for rows in self.lists)]

    def show(self, status: np.ndarray, kind, guest, rating, online, session, share,
             prepared) -> None:
        """Take the states of all slots; one value may stand for all but `status`."""
        table = np.zeros((len(status), 2, 4), np.float32)
        for k, values in enumerate((status, kind, guest, rating, online, session, share,
                                    prepared)):
            table[:, k // 4, k % 4] = values
        if len(table) and not np.array_equal(table, self._shown):
            self._shown = table
            self.states.write(table)

    def arrange(self, sight: Sight, limit: int, farthest: float) -> None:
        near, far = sight.split(self.alive, self.table[:, :2], limit, farthest)
        for rows, part, chosen in zip(self.lists, self.parts, (near, far)):
            rows.set(chosen)
            part.set_instances(len(rows))
