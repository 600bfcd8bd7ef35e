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

from entities.world import World
from game.scene.blocks import (BAY_LENGTH, ISLAND_HALF, LANE_WIDTH, SLANT_DEG, Block, ZonePlan,
                               best_block, plan)

HUB_RADIUS = 7.0
HUB_HEIGHT = 15.0
HUB_CORE_Y = 8.4
HUB_CLEARANCE = 8.0
ROAD_WIDTH = 7.0
QUEUE_PITCH, QUEUE_INSET, QUEUE_ROWS = 3.4, 4.0, 8
QUEUE_GAP = 1.4         # between two who wait
QUEUE_EXIT = 5.0        # kept free at the head of the rows, to turn out of them
RING_STEP_DEG = 10.0
MARGIN = 1.0
FRONT_WIDTH = 7.0       # the cross lane at the far end of a block, from which its lanes branch off
FRONT_TRACK = 3.0       # from that lane's outer edge to its middle
DRIVEWAY_HALF = 4.2
HEAD_ROOM = 3.2         # asphalt beyond a block's hub-side edge
WING_SPAN_DEG = 74.0
NOWHERE = (0.0, -1000.0, 0.0)
# Half extents of what stands on an island: width, height, depth as seen from its front.
POST_HALF = (0.22, 0.85, 0.17)
CABINET_HALF = (0.36, 0.50, 0.21)
POST_AT, CABINET_AT = ISLAND_HALF - 0.32, 0.36  # metres from the spine
# Cabinets stand this far along the island from the middle of their bays, the two sides opposite
# ways: clear of the middle post, and of each other to the eye.
CABINET_ASIDE = 0.7


@dataclass(frozen=True)
class Slab:
    """A rounded rectangle on the ground: centre x and z, half extents, corner radius (m)."""

    x: float
    z: float
    half_x: float
    half_z: float
    heading: float = 0.0
    radius: float = 0.0

    def covers(self, x: float, z: float, margin: float = 0.0) -> bool:
        """Whether a place lies on it, or within `margin` m; corners count as square."""
        angle = math.radians(self.heading)
        x, z = x - self.x, z - self.z
        along, aside = x * math.sin(angle) + z * math.cos(angle), x * math.cos(angle) - z * math.sin(angle)
        return abs(aside) < self.half_x + margin and abs(along) < self.half_z + margin
    kerb: bool = True


class Layout:
    """Positions of all parts of a site.

    Arrays over a table have its number of slots as first length; dead slots lie far below
    ground. hub_xyz (3,); station_xyz, connector_xyz, bay_xyz (n, 3); station_heading,
    bay_heading (n,) degrees, a bay's heading is where a parked vehicle's nose points; bay_size
    (n, 2) width and length (m);
    islands, lanes, trenches (k, 2, 3) centre lines, two trenches an island; connector_island
    (connectors,) the island it stands on; zone_xyz (zones, 3) label anchors;
    lane_foot, lane_way (connectors, 2) where the middle of a bay's lane meets the cross lane, and
    the lane's direction to the hub; lane_end (connectors,) how far along it a vehicle's middle may
    come (m); gate_x, front_z where the drive from the road meets the cross lane; ring_radius (m) of
    the road around the hub that takes its place between wings, 0 where there is none;
    stream_xyz (connectors, 3, 3) the last three control points of the energy path, which
    starts at the vehicle and ends at the hub's core; slabs of asphalt; radius (m).
    """

    def __init__(self, kind: str, world: World):
        """`kind` is `depot` or `wings`; raises ValueError for anything else."""
        if kind not in ("depot", "wings"):
            raise ValueError(f"unknown layout {kind!r}, expected depot or wings")
        self.kind = kind
        self.station_xyz = np.tile(NOWHERE, (world.station.slots, 1))
        self.station_heading = np.zeros(world.station.slots)
        self.connector_xyz = np.tile(NOWHERE, (world.connector.slots, 1))
        self.bay_xyz = self.connector_xyz.copy()
        self.bay_heading = np.zeros(world.connector.slots)
        self.bay_size = np.zeros((world.connector.slots, 2))
        self.zone_xyz = np.zeros((world.zone.slots, 3))
        self.stream_xyz = np.tile(NOWHERE, (world.connector.slots, 3, 1))
        self.connector_island = np.zeros(world.connector.slots, np.int64)
        self.lane_foot = np.zeros((world.connector.slots, 2))
        self.lane_way = np.zeros((world.connector.slots, 2))
        self.lane_end = np.zeros(world.connector.slots)
        self.ring_radius = 0.0
        self.slabs: list[Slab] = []
        self._islands: list[np.ndarray] = []
        self._lanes: list[np.ndarray] = []
        self._trenches: list[np.ndarray] = []
        zones = plan(world)
        self.queue_step = max((zone.length for zone in zones), default=BAY_LENGTH) + QUEUE_GAP
        self.hub_scale = max(1.0, (len(world.connector) / 60.0) ** 0.3)
        self.hub_xyz = np.zeros(3)
        if kind == "wings" and len(zones) > 1:
            self._wings(zones)
        else:
            self._depot(best_block(zones, 1.3))
        self._waiting_room(world)
        self._road()
        self._centre()
        self.islands = _lines(self._islands)
        self.lanes = _lines(self._lanes)
        self.trenches = _lines(self._trenches)
        self._streams(world)

    def queue_xyz(self, k) -> np.ndarray:
        """Where the k-th waiting vehicle stands, shape (..., 3); k may be an array."""
        k = np.asarray(k)
        row, place = k // self.queue_row, k % self.queue_row
        x = self._queue_head[0] - place * self.queue_step
        z = self._queue_head[1] - row * QUEUE_PITCH
        return np.stack([x + 0.0 * k, 0.0 * k, z + 0.0 * k], axis=-1)

    @property
    def queue_places(self) -> int:
        """How many places are painted for those who wait."""
        return self.queue_row * self._queue_rows

    def queued_rows(self, waiting: int) -> int:
        """How many painted rows so many who wait stand in, one at least."""
        return min(max(math.ceil(waiting / self.queue_row), 1), self._queue_rows)

    @property
    def queue_exit_x(self) -> float:
        """Where vehicles turn out of the waiting rows, at their head."""
        return self._queue_head[0] + self.queue_step / 2.0 + 2.0

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

    def boxes(self, kind: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Boxes around what never moves, kind `connector`, `station` or `hub`: centres (n, 3),
        half extents (n, 3), headings (n,) degrees."""
        if kind == "hub":
            half = np.array((HUB_RADIUS, HUB_HEIGHT / 2.0, HUB_RADIUS)) * self.hub_scale
            xyz, heading = np.tile(self.hub_xyz, (len(rows), 1)), np.zeros(len(rows))
        elif kind == "connector":
            half, xyz, heading = np.array(POST_HALF), self.connector_xyz[rows], self.bay_heading[rows]
        else:
            half, xyz = np.array(CABINET_HALF), self.station_xyz[rows]
            heading = self.station_heading[rows]
        return xyz + (0.0, half[1], 0.0), np.tile(half, (len(rows), 1)).reshape(-1, 3), heading

    @property
    def _hub_gap(self) -> float:
        return (HUB_RADIUS + HUB_CLEARANCE) * self.hub_scale

    def _wings(self, zones: list[ZonePlan]) -> None:
        blocks = [best_block([zone], 0.8) for zone in zones]
        arc = math.radians(min(WING_SPAN_DEG * len(blocks), 320.0))
        near, far = self._hub_gap, 100.0 * self._hub_gap
        spans = [0.0] * len(blocks)
        for _ in range(60):
            middle = (near + far) / 2.0
            spans = [2.0 * math.atan2((b.right - b.left + LANE_WIDTH) / 2.0 + 2.0, middle)
                     for b in blocks]
            near, far = (near, middle) if sum(spans) <= arc else (middle, far)
        gap, share = far, arc / sum(spans)
        self.ring_radius = FRONT_TRACK + max(
            math.hypot(gap + b.depth + front_width(b) - 2.0 * FRONT_TRACK,
                       (b.right - b.left) / 2.0 + LANE_WIDTH) for b in blocks)
        first = at = math.pi - arc / 2.0
        for block, span in zip(blocks, spans):
            angle = at + span * share / 2.0
            at += span * share
            self._place(block, math.sin(angle) * gap, math.cos(angle) * gap,
                        math.degrees(angle) + 180.0, gap)
        pieces = max(math.ceil((at - first) / math.radians(RING_STEP_DEG)), 1)
        half = (at - first) / pieces / 2.0
        for k in range(pieces):
            angle = first + (2 * k + 1) * half
            self.slabs.append(Slab(math.sin(angle) * self.ring_radius,
                                   math.cos(angle) * self.ring_radius,
                                   (self.ring_radius + FRONT_TRACK) * math.tan(half), FRONT_TRACK,
                                   math.degrees(angle), kerb=False))

    def _depot(self, block: Block) -> None:
        """One block south of the hub; its cross lane is where the gate's drive ends."""
        self._place(block, 0.0, -self._hub_gap, 0.0)
        self.gate_x = block.left - LANE_WIDTH / 2.0
        self.front_z = -self._hub_gap - block.depth - front_width(block) + FRONT_TRACK
        self._lanes.append(_line((self.gate_x, self.front_z),
                                 (block.right + LANE_WIDTH / 2.0, self.front_z)))

    def _place(self, block: Block, x0: float, z0: float, heading: float,
               gap: float = 0.0) -> None:
        """Put a block down with the middle of its hub-side edge at (x0, z0), `gap` from the hub
        where a ring road leads to it."""
        def world_xz(x, z):
            dx, dz = _turn(x, z, heading)
            return x0 + dx, z0 + dz

        for slot, island, side, place in block.connectors:
            z = island.along(place)
            head = island.x + side * ISLAND_HALF
            out = 90.0 + SLANT_DEG if side > 0 else 270.0 - SLANT_DEG
            dx, dz = _turn(0.0, 1.0, out)
            away = island.length / 2.0 + 0.75
            px, pz = world_xz(island.x + side * POST_AT, z)
            self.connector_xyz[slot] = (px, 0.0, pz)
            bx, bz = world_xz(head + dx * away, z + dz * away)
            self.bay_xyz[slot] = (bx, 0.0, bz)
            self.bay_heading[slot] = (out + heading) % 360.0
            self.bay_size[slot] = (island.pitch, island.length)
            lane = island.x + side * (island.reach(side) + LANE_WIDTH / 2.0)
            if gap:
                foot = gap - math.sqrt(max(self.ring_radius ** 2 - lane * lane, 0.0))
            else:
                foot = -block.depth - front_width(block) + FRONT_TRACK
            self.lane_foot[slot] = world_xz(lane, foot)
            self.lane_way[slot] = _turn(0.0, 1.0, heading)
            self.lane_end[slot] = HEAD_ROOM + 0.6 - island.length / 2.0 - foot
        for slot, island, side, z in block.stations:
            x, z = world_xz(island.x + side * CABINET_AT, z + side * CABINET_ASIDE)
            self.station_xyz[slot] = (x, 0.0, z)
            self.station_heading[slot] = ((90.0 if side > 0 else 270.0) + heading) % 360.0
        for island in block.islands:
            far, gate = world_xz(island.x, island.end), world_xz(island.x, -0.4)
            keep = HUB_RADIUS * self.hub_scale * 0.93 / math.hypot(*gate)
            self._islands.append(_line(far, gate))
            self._trenches.append(_line(far, gate))
            self._trenches.append(_line(gate, (gate[0] * keep, gate[1] * keep)))
        lanes = [block.left - LANE_WIDTH / 2.0, block.right + LANE_WIDTH / 2.0]
        lanes += [left.x + left.reach(1) + LANE_WIDTH / 2.0 for left in block.islands[:-1]]
        for x in lanes:
            self._lanes.append(_line(world_xz(x, -block.depth), world_xz(x, 0.0)))
        front = self.ring_radius - gap if gap else block.depth + front_width(block)
        cx, cz = world_xz((block.left + block.right) / 2.0, (HEAD_ROOM - front) / 2.0)
        self.slabs.append(Slab(cx, cz, (block.right - block.left) / 2.0 + LANE_WIDTH + MARGIN,
                               (HEAD_ROOM + front) / 2.0, heading, 4.0))
        for zone in dict.fromkeys(island.zone for island in block.islands):
            own = [island for island in block.islands if island.zone == zone]
            x = sum(island.x for island in own) / len(own)
            zx, zz = world_xz(x, min(island.end for island in own) - 1.6)
            self.zone_xyz[zone] = (zx, 0.0, zz)

    def _waiting_room(self, world: World) -> None:
        """Rows before the site where vehicles wait, beside the gate's drive: as many as planned
        visits may need at most, when the vehicles on site outnumber the connectors."""
        low, high = self.bounds()
        top, strip = low[2], 0.0
        if self.ring_radius:
            # The ring is reached in its middle; a lane of its own leads from the rows to the gate.
            self.gate_x, self.front_z, strip = 0.0, top - FRONT_TRACK, 2.0 * FRONT_TRACK
        left = self.gate_x + DRIVEWAY_HALF
        half = max((high[0] - left - QUEUE_INSET) / 2.0, (self.queue_step + QUEUE_EXIT) / 2.0 + 2.0)
        self.queue_row = max(int((2.0 * half - 2.0 - QUEUE_EXIT) // self.queue_step), 1)
        visits = world.session.rows()
        when = np.concatenate([world.session.arrival_s[visits], world.session.departure_s[visits]])
        steps = np.repeat((1, -1), len(visits))[np.lexsort((np.repeat((1, 0), len(visits)), when))]
        most = int(np.cumsum(steps).max(initial=0)) - len(world.connector)
        rows = min(max(math.ceil(most / self.queue_row), 1), QUEUE_ROWS)
        self._queue_rows = rows
        depth = strip + rows * QUEUE_PITCH + 0.4
        self._queue_head = np.array((left + 2.0 * half - QUEUE_EXIT - self.queue_step / 2.0,
                                     top - strip - 0.2 - QUEUE_PITCH / 2.0))
        self.slabs.append(Slab(left + half, top - depth / 2.0, half, depth / 2.0, 0.0, 1.2))

    def _road(self) -> None:
        """The public road south of everything, and the drive from it to the site."""
        low, _ = self.bounds()
        self._road_z = low[2] - ROAD_WIDTH / 2.0 - 1.5
        end = self.front_z + FRONT_TRACK * (1.5 if self.ring_radius else -0.5)
        self.slabs.append(Slab(self.gate_x, (end + low[2] - 1.6) / 2.0, DRIVEWAY_HALF,
                               (end - low[2] + 1.6) / 2.0, kerb=False))

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
                           s.radius, s.kerb) for s in self.slabs]
        self._queue_head += shift[[0, 2]]
        self.lane_foot += shift[[0, 2]]
        self.gate_x += shift[0]
        self.front_z += shift[2]
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
        island = self.connector_island[rows] = np.argmin(_line_distance(post, self.islands), axis=1)
        gate = gates[island]
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


def front_width(block: Block) -> float:
    """Of the cross lane at a block's far end: the noses of its last bays stand in it."""
    longest = max((island.length for island in block.islands), default=BAY_LENGTH)
    return FRONT_WIDTH + 0.25 * (longest - BAY_LENGTH)


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
