"""Charging posts (one a connector) and power cabinets (one a station) by what OCPP says of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from panda3d.core import NodePath

from entities.components import NONE, Phase, Status
from entities.world import World
from game.look import Look, Overlay, View
from game.quality import Quality
from game.scene import meshes, posts, signs
from game.scene.buffers import BUNDLE, Buffer, RowList
from game.scene.layout import Layout
from game.scene.part import SOLID, Part
from game.scene.sight import Sight, merged
from sim.load_shares import loads

DISCHARGING = 2.5
NONE_SHOWN = np.zeros(0, np.int64)


# Where the plates of assets/shaders/post.vert stand: metres up, and towards the bay.
PLATE_Y, PLATE_AHEAD = 2.15, 0.75


class Stations:
    """Seven draws: posts and cabinets, each near, far and their plates, and marks on posts out of
    service. `abnormal`: connectors that are unavailable or faulted; `offline`: stations without
    connection; rows ascending. `post_states` and `near_posts` are what posts are drawn from, the latter
    the rows of the nearest."""

    def __init__(self, root: NodePath, layout: Layout, quality: Quality):
        self.quality, self._look = quality, Look()
        self.rearranged = True
        self.abnormal = self.offline = np.zeros(0, np.int64)
        self._known: tuple | None = None
        self._posts = _Placed(root, "posts", layout.connector_xyz, layout.bay_heading,
                              posts.post(), posts.far_post(), posts.post_plate())
        self._marks = self._posts.add(root, posts.post_mark(), "post_far", "facet")
        self._cabinets = _Placed(root, "cabinets", layout.station_xyz, layout.station_heading,
                                 posts.cabinet(), posts.far_cabinet(), posts.station_plate())
        self.post_places, self.post_states = self._posts.places, self._posts.states
        self.post_table, self.near_posts = self._posts.table, self._posts.nearest
        self.cabinet_places, self.cabinet_states = self._cabinets.places, self._cabinets.states
        self.near_cabinets = self._cabinets.nearest
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
        trouble = (self.abnormal.tobytes(), self.offline.tobytes())
        self.rearranged |= (alive, trouble) != self._known
        self._known = alive, trouble

    def show(self, look: Look) -> None:
        """Take what is shown: it decides which plates are."""
        if (look.view, look.overlay) != (self._look.view, self._look.overlay):
            self._look, self.rearranged = look, True

    def arrange(self, sight: Sight) -> None:
        """Sort rows in sight into near and far; none is left out."""
        self.rearranged = False
        posts = self._posts.arrange(sight, self.quality)
        cabinets = self._cabinets.arrange(sight, self.quality)
        network = self._look.view == View.OCPP
        self._posts.show_plates(posts if network else NONE_SHOWN)
        asked = network or self._look.overlay == Overlay.CONNECTIVITY
        # Load and voltage stand there as numbers, see readings.py.
        numbers = self._look.overlay in (Overlay.LOAD, Overlay.VOLTAGE)
        self._cabinets.show_plates(NONE_SHOWN if numbers else cabinets if asked
                                   else np.intersect1d(cabinets, self.offline))
        self._marks.show(np.intersect1d(posts, self.abnormal))


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
    """Rows of a table at fixed places, drawn with a near and a far mesh, and plates. A row has two texels
    of state: status, kind, guest, rating (a station's: its net power; kW); online, session (a station's:
    its voltage, pu), share of the load, and until when it is Preparing (s since the epoch of the frame;
    -1: it is not)."""

    def __init__(self, root, name, xyz, heading, near: meshes.Mesh, far: meshes.Mesh,
                 plate: meshes.Mesh):
        self.places = Buffer(f"{name} places")
        table = np.zeros((max(len(xyz), 1), 4), np.float32)
        if len(xyz):
            table[:, 0], table[:, 1], table[:, 2] = xyz[:, 0], xyz[:, 2], np.radians(heading)
        self.places.write(table)
        self.table = table
        self.states = Buffer(f"{name} states")
        self._shown = np.zeros((0, 2, 4), np.float32)
        self.nearest = RowList(f"{name} nearest")
        self.alive = np.zeros(0, np.int64)
        self.parts = []
        self.buffers = [self.places, self.states, self.nearest.buffer]
        self._near = self.add(root, near, "post", "post")
        self._far = self.add(root, far, "post_far", "facet")
        self._plates = self.add(root, plate, "post", "post")

    def add(self, root, mesh: meshes.Mesh, vertex: str, fragment: str) -> _Drawn:
        """One more mesh, for rows of its own."""
        bundle = BUNDLE if fragment == "facet" else 1
        node = mesh.faceted_node("posts", bundle) if bundle > 1 else mesh.geom_node("posts")
        drawn = _Drawn(Part(root, node, vertex, fragment, SOLID, bundle=bundle), RowList("posts"))
        drawn.part.inputs(u_places=self.places.texture, u_states=self.states.texture,
                          u_rows=drawn.rows.buffer.texture)
        self.parts.append(drawn.part)
        self.buffers.append(drawn.rows.buffer)
        return drawn

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

    def arrange(self, sight: Sight, quality: Quality) -> np.ndarray:
        """Sort what is in sight; its rows, ascending."""
        near, far = sight.split(self.alive, self.table[:, :2], quality.near)
        self.nearest.set(near)
        full = sight.within(near, self.table[:, :2], sight.reach(quality.full_pixels))
        self._near.show(near[full])
        self._far.show(merged(near[~full], far))
        return merged(near, far)

    def show_plates(self, rows: np.ndarray) -> None:
        """Draw the plates of these rows."""
        self._plates.show(rows)


class _Drawn(NamedTuple):
    """A part, and the rows that its instances stand for."""

    part: Part
    rows: RowList

    def show(self, rows: np.ndarray) -> None:
        self.rows.set(rows)
        self.part.follow(self.rows)
