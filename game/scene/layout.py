"""Where everything stands: pure geometry from the site's layout and its tables.

Coordinates are the picture's: x east, y up, z north, metres, ground at y = 0. Headings are
degrees clockwise from north, so a heading h looks along (sin h, 0, cos h).

A site is made of blocks. A block has islands that run towards the hub, bays slanted on both
sides of each island, posts at the heads of the bays, cabinets on the island's spine and lanes
between the islands. `depot` is one block south of the hub; `wings` gives each zone its own
block and fans the blocks around the hub.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from entities.components import VehicleClass
from entities.world import World

BAY_PITCH = 3.3
BAY_LENGTH = 5.8
BUS_BAY_PITCH = 4.2
BUS_BAY_LENGTH = 12.8
ISLAND_HALF = 0.95
LANE_WIDTH = 6.2
SLANT_DEG = 14.0
CROSSING_EVERY = 24
CROSSING_WIDTH = 7.0
HUB_RADIUS = 7.0
HUB_HEIGHT = 15.0
HUB_CORE_Y = 8.4
HUB_CLEARANCE = 8.0
ROAD_WIDTH = 7.0
MARGIN = 1.0
WING_SPAN_DEG = 74.0
VERTICAL_FOV_DEG = 38.0
ASPECT = 16.0 / 9.0
CAMERA_PITCH = 17.5
NOWHERE = (0.0, -1000.0, 0.0)


@dataclass(frozen=True)
class Slab:
    """A rounded rectangle on the ground: centre x and z, half extents, corner radius (m)."""

    x: float
    z: float
    half_x: float
    half_z: float
    heading: float = 0.0
    radius: float = 0.0


class _Block:
    """Islands in their own frame: local z runs to the hub, the hub-side edge is at z = 0."""

    def __init__(self, groups, per_side: int, pitch: float, length: float):
        """`groups`: one list of (station slot, connector slots) a zone."""
        self.per_side, self.pitch, self.length = per_side, pitch, length
        self.stations: list[tuple[int, float, float, float]] = []
        self.connectors: list[tuple[int, float, float, int, int]] = []
        self.island_zone: list[int] = []
        for zone, stations in groups:
            self._fill(zone, stations)
        self.reach = length * math.cos(math.radians(SLANT_DEG)) + 0.9
        self.island_pitch = 2.0 * (ISLAND_HALF + self.reach) + LANE_WIDTH
        islands = max(len(self.island_zone), 1)
        self.width = islands * self.island_pitch
        self.depth = -self.along(per_side - 1) + pitch

    def along(self, place: int) -> float:
        """Local z of the n-th bay from the hub; every CROSSING_EVERY bays a lane crosses."""
        return -(place + 0.5) * self.pitch - (place // CROSSING_EVERY) * CROSSING_WIDTH

    def across(self, island: int) -> float:
        return (island - (len(self.island_zone) - 1) / 2.0) * self.island_pitch

    def _fill(self, zone: int, stations) -> None:
        island, side, place = None, 1, 0
        for station, connectors in stations:
            left = self.per_side - place
            whole = len(connectors) <= self.per_side
            if island is None or left <= 0 or (whole and len(connectors) > left):
                island, side, place = self._next_side(zone, island, side)
            spots = []
            for connector in connectors:
                if place >= self.per_side:
                    island, side, place = self._next_side(zone, island, side)
                spots.append((connector, island, side, place))
                place += 1
            self.connectors += [(c, *spot) for c, *spot in spots]
            home = [spot for spot in spots if spot[1:3] == spots[0][1:3]] or [(0, island, side, 0)]
            middle = sum(self.along(spot[3]) for spot in home) / len(home)
            self.stations.append((station, home[0][1], home[0][2], middle))

    def _next_side(self, zone: int, island: int | None, side: int) -> tuple[int, int, int]:
        if island is not None and side == 1:
            return island, -1, 0
        self.island_zone.append(zone)
        return len(self.island_zone) - 1, 1, 0


class Layout:
    """Positions of all parts of a site.

    Arrays over a table have its number of slots as first length; dead slots lie far below
    ground. hub_xyz (3,); station_xyz, connector_xyz, bay_xyz (n, 3); station_heading,
    bay_heading (n,) degrees, a bay's heading is where a parked vehicle's nose points;
    islands, lanes, trenches (k, 2, 3) centre lines; zone_xyz (zones, 3) label anchors;
    stream_xyz (connectors, 3, 3) the last three control points of the energy path, which
    starts at the vehicle and ends at the hub's core; slabs of asphalt; radius (m).
    """

    def __init__(self, kind: str, world: World):
        """`kind` is `depot` or `wings`; raises ValueError for anything else."""
        if kind not in ("depot", "wings"):
            raise ValueError(f"unknown layout {kind!r}, expected depot or wings")
        self.kind = kind
        vehicles = world.vehicle
        buses = bool((vehicles.body[vehicles.alive] == VehicleClass.BUS).any())
        self.bay_pitch = BUS_BAY_PITCH if buses else BAY_PITCH
        self.bay_length = BUS_BAY_LENGTH if buses else BAY_LENGTH
        self.lane_width = LANE_WIDTH
        self.station_xyz = np.tile(NOWHERE, (world.station.slots, 1))
        self.station_heading = np.zeros(world.station.slots)
        self.connector_xyz = np.tile(NOWHERE, (world.connector.slots, 1))
        self.bay_xyz = self.connector_xyz.copy()
        self.bay_heading = np.zeros(world.connector.slots)
        self.zone_xyz = np.zeros((world.zone.slots, 3))
        self.stream_xyz = np.tile(NOWHERE, (world.connector.slots, 3, 1))
        self.slabs: list[Slab] = []
        self._islands: list[np.ndarray] = []
        self._lanes: list[np.ndarray] = []
        self._trenches: list[np.ndarray] = []
        groups = self._groups(world)
        total = sum(len(c) for _, stations in groups for _, c in stations)
        self.hub_scale = max(1.0, (total / 60.0) ** 0.3)
        self.hub_xyz = np.zeros(3)
        if kind == "wings" and len(groups) > 1:
            self._wings(groups)
        else:
            self._depot(groups)
        self._road()
        self._centre()
        self.islands = _lines(self._islands)
        self.lanes = _lines(self._lanes)
        self.trenches = _lines(self._trenches)
        self._streams(world)
        self.default_camera = self._camera()

    def queue_xyz(self, k) -> np.ndarray:
        """Where the k-th waiting vehicle stands, shape (..., 3); k may be an array."""
        k = np.asarray(k)
        step = self.bay_length + 1.4
        per_row = max(int((2.0 * self._road_half - 8.0) // step), 1)
        row, place = k // per_row, k % per_row
        x = self._road_x + self._road_half - 6.0 - place * step
        z = self._road_z - row * 3.4
        return np.stack([x + 0.0 * k, 0.0 * k, z + 0.0 * k], axis=-1)

    @property
    def queue_heading(self) -> float:
        """Where waiting vehicles look, degrees."""
        return 90.0

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner of everything built, shapes (3,)."""
        corners = [self.hub_xyz + (sx * HUB_RADIUS * self.hub_scale, 0.0,
                                   sz * HUB_RADIUS * self.hub_scale)
                   for sx in (-1, 1) for sz in (-1, 1)]
        corners.append(self.hub_xyz + (0.0, HUB_HEIGHT * self.hub_scale, 0.0))
        for slab in self.slabs:
            for sx in (-1, 1):
                for sz in (-1, 1):
                    dx, dz = _turn(sx * slab.half_x, sz * slab.half_z, slab.heading)
                    corners.append((slab.x + dx, 0.0, slab.z + dz))
        points = np.array(corners)
        return points.min(axis=0), points.max(axis=0)

    def _groups(self, world: World):
        connectors: dict[int, list[int]] = {}
        for row in world.connector.rows().tolist():
            connectors.setdefault(int(world.connector.station[row]), []).append(row)
        groups: dict[int, list] = {row: [] for row in world.zone.rows().tolist()}
        for row in world.station.rows().tolist():
            groups.setdefault(int(world.station.zone[row]), []).append(
                (row, connectors.get(row, [])))
        return sorted(groups.items())

    def _block(self, groups, wanted_ratio: float) -> _Block:
        """The block whose width to depth comes nearest to the wanted ratio, little left empty."""
        needed = [sum(max(len(c), 1) for _, c in stations) for _, stations in groups]
        reach = self.bay_length * math.cos(math.radians(SLANT_DEG)) + 0.9
        island_pitch = 2.0 * (ISLAND_HALF + reach) + LANE_WIDTH
        best, per_side = math.inf, 4
        for n in range(4, 4 + int(math.sqrt(sum(needed)) * 3.0)):
            islands = max(sum(math.ceil(count / (2 * n)) for count in needed), 1)
            empty = 1.0 - sum(needed) / (islands * 2 * n)
            score = abs(math.log(islands * island_pitch / (n * self.bay_pitch) / wanted_ratio))
            if score + 1.5 * empty < best:
                best, per_side = score + 1.5 * empty, n
        return _Block(groups, per_side, self.bay_pitch, self.bay_length)

    @property
    def _hub_gap(self) -> float:
        return (HUB_RADIUS + HUB_CLEARANCE) * self.hub_scale

    def _depot(self, groups) -> None:
        block = self._block(groups, 1.5)
        self._place(block, 0.0, -self._hub_gap, 0.0)

    def _wings(self, groups) -> None:
        blocks = [self._block([group], 0.8) for group in groups]
        arc = math.radians(min(WING_SPAN_DEG * len(blocks), 320.0))
        near, far = self._hub_gap, 100.0 * self._hub_gap
        spans = [0.0] * len(blocks)
        for _ in range(60):
            middle = (near + far) / 2.0
            spans = [2.0 * math.atan2(b.width / 2.0 + 2.0, middle) for b in blocks]
            near, far = (near, middle) if sum(spans) <= arc else (middle, far)
        gap, share = far, arc / sum(spans)
        at = math.pi - arc / 2.0
        for block, span in zip(blocks, spans):
            angle = at + span * share / 2.0
            at += span * share
            self._place(block, math.sin(angle) * gap, math.cos(angle) * gap,
                        math.degrees(angle) + 180.0)

    def _place(self, block: _Block, x0: float, z0: float, heading: float) -> None:
        """Put a block down with the middle of its hub-side edge at (x0, z0)."""
        def world_xz(x, z):
            dx, dz = _turn(x, z, heading)
            return x0 + dx, z0 + dz

        for slot, island, side, place in block.connectors:
            x, z = block.across(island), block.along(place)
            head_x = x + side * ISLAND_HALF
            out = 90.0 + SLANT_DEG if side > 0 else 270.0 - SLANT_DEG
            dx, dz = _turn(0.0, 1.0, out)
            away = self.bay_length / 2.0 + 0.75
            px, pz = world_xz(head_x - side * 0.35, z)
            self.connector_xyz[slot] = (px, 0.0, pz)
            bx, bz = world_xz(head_x + dx * away, z + dz * away)
            self.bay_xyz[slot] = (bx, 0.0, bz)
            self.bay_heading[slot] = (out + heading) % 360.0
        for slot, island, side, z in block.stations:
            x, z = world_xz(block.across(island) - side * 0.12, z)
            self.station_xyz[slot] = (x, 0.0, z)
            self.station_heading[slot] = ((90.0 if side > 0 else 270.0) + heading) % 360.0
        for island in range(len(block.island_zone)):
            x = block.across(island)
            self._islands.append(_line(world_xz(x, -block.depth), world_xz(x, -0.4)))
            start = world_xz(x, -0.4)
            away = math.hypot(start[0], start[1])
            keep = HUB_RADIUS * self.hub_scale * 0.93 / away
            self._trenches.append(_line(world_xz(x, -block.depth), start))
            self._trenches.append(_line(start, (start[0] * keep, start[1] * keep)))
        for lane in range(len(block.island_zone) + 1):
            x = block.across(0) + (lane - 0.5) * block.island_pitch
            self._lanes.append(_line(world_xz(x, -block.depth - 2.0), world_xz(x, 1.0)))
        cx, cz = world_xz(0.0, -block.depth / 2.0)
        self.slabs.append(Slab(cx, cz, block.width / 2.0 + LANE_WIDTH / 2.0 + MARGIN,
                               block.depth / 2.0 + MARGIN + 1.0, heading, 4.0))
        for zone in dict.fromkeys(block.island_zone):
            rows = [i for i, z in enumerate(block.island_zone) if z == zone]
            x = sum(block.across(i) for i in rows) / len(rows)
            zx, zz = world_xz(x, -block.depth - MARGIN)
            self.zone_xyz[zone] = (zx, 0.0, zz)

    def _road(self) -> None:
        """The public road south of everything, where vehicles wait."""
        low, high = self.bounds()
        self._road_x = (low[0] + high[0]) / 2.0
        self._road_half = max((high[0] - low[0]) / 2.0, 20.0)
        self._road_z = low[2] - ROAD_WIDTH / 2.0 - 1.5

    def _centre(self) -> None:
        """Shift everything so that the middle of the site is the origin."""
        low, high = self.bounds()
        low = low - (0.0, 0.0, ROAD_WIDTH + 1.5)
        shift = -(low + high) / 2.0
        shift[1] = 0.0
        self.hub_xyz = self.hub_xyz + shift
        for array in (self.station_xyz, self.connector_xyz, self.bay_xyz, self.zone_xyz,
                      *self._islands, *self._lanes, *self._trenches):
            array += shift
        self.slabs = [Slab(s.x + shift[0], s.z + shift[2], s.half_x, s.half_z, s.heading,
                           s.radius) for s in self.slabs]
        self._road_x += shift[0]
        self._road_z += shift[2]
        self.road = Slab(0.0, self._road_z, 4000.0, ROAD_WIDTH / 2.0)
        size = (high - low) / 2.0
        self.radius = float(math.hypot(size[0], size[2]))

    def _streams(self, world: World) -> None:
        """Control points that gather each island's paths above its spine, then at the core."""
        rows = world.connector.rows()
        if not len(rows):
            return
        scale = self.hub_scale
        core = self.hub_xyz + (0.0, HUB_CORE_Y * scale, 0.0)
        bay = self.bay_xyz[rows]
        post = self.connector_xyz[rows]
        gates = self.islands[:, 1]
        gate = gates[np.argmin(_line_distance(post, self.islands), axis=1)]
        reach = np.linalg.norm(gate - post, axis=1, keepdims=True)
        whole = np.linalg.norm(core - bay, axis=1, keepdims=True)
        first = post + (gate - post) * 0.22
        first[:, 1] = 2.6 + 0.075 * whole[:, 0]
        second = gate + (core - gate) * 0.40
        second[:, 1] = (HUB_CORE_Y * 0.62) * scale + 0.05 * reach[:, 0]
        towards = gate - core
        towards[:, 1] = 0.0
        towards /= np.linalg.norm(towards, axis=1, keepdims=True)
        last = core + towards * 1.1 * scale
        self.stream_xyz[rows] = np.stack([first, second, last], axis=1)

    def _camera(self) -> dict:
        """The view of the whole site: the hub a third from the top, air above, horizon seen."""
        low, high = self.bounds()
        low = low - (0.0, 0.0, ROAD_WIDTH)
        top = self.hub_xyz + (0.0, (HUB_HEIGHT + 2.5) * self.hub_scale, 0.0)
        points = np.array([(x, 0.0, z) for x in (low[0], high[0]) for z in (low[2], high[2])]
                          + [top])
        half = math.tan(math.radians(VERTICAL_FOV_DEG) / 2.0)
        pitch = math.radians(CAMERA_PITCH)
        forward = np.array([0.0, -math.sin(pitch), math.cos(pitch)])
        up = np.array([0.0, math.cos(pitch), math.sin(pitch)])
        target = np.array([self.hub_xyz[0], 0.0, 0.0])
        distance = 20.0
        for _ in range(400):
            # The hub's waist decides where to look, the corners how far away to stand.
            eye = target - forward * distance
            waist = self.hub_xyz + (0.0, 4.0 * self.hub_scale, 0.0) - eye
            aim = (waist @ up) / (waist @ forward) / half
            target[2] += (aim - 0.36) * distance * 0.2
            away = points - eye
            deep = np.maximum(away @ forward, 1.0)
            wide = np.abs(away[:, 0]) / deep / half / ASPECT
            tall = np.abs(away @ up) / deep / half
            fill = max(wide.max() / 1.18, tall[:4].max() / 0.86, tall[4] / 0.94)
            distance *= min(max(fill ** 0.2, 0.9), 1.1)
        return {"target": (float(target[0]), 0.0, float(target[2])),
                "distance": float(distance), "yaw": 0.0, "pitch": CAMERA_PITCH}


def _turn(x: float, z: float, heading: float) -> tuple[float, float]:
    """A local vector turned clockwise by `heading` degrees."""
    angle = math.radians(heading)
    sine, cosine = math.sin(angle), math.cos(angle)
    return x * cosine + z * sine, z * cosine - x * sine


def _line(a: tuple[float, float], b: tuple[float, float]) -> np.ndarray:
    return np.array([(a[0], 0.0, a[1]), (b[0], 0.0, b[1])])


def _lines(lines: list[np.ndarray]) -> np.ndarray:
    return np.array(lines).reshape(-1, 2, 3)


def _line_distance(points: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Distance from each point (n, 3) to each segment (k, 2, 3), shape (n, k)."""
    along = lines[:, 1] - lines[:, 0]
    away = points[:, None] - lines[None, :, 0]
    share = np.clip((away * along).sum(-1) / np.maximum((along * along).sum(-1), 1e-9), 0.0, 1.0)
    return np.linalg.norm(away - share[..., None] * along, axis=-1)
