"""Blocks of bays in their own frame: which bay of which island each connector gets.

A block's local x runs across its islands, local z to the hub; its hub-side edge is at z = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from entities.components import VehicleClass
from entities.world import World

BAY_PITCH = 3.3
BAY_LENGTH = 5.8
BUS_BAY_PITCH = 4.2
BUS_BAY_LENGTH = 12.8
ISLAND_HALF = 1.15
LANE_WIDTH = 6.2
SLANT_DEG = 14.0
CROSSING_EVERY = 24
CROSSING_WIDTH = 7.0
LONE_BAYS = 4


@dataclass
class Island:
    """A spine with bays on its sides (-1 left, 1 right); x is its place across the block."""

    zone: int
    pitch: float
    length: float
    sides: tuple[int, ...] = (1, -1)
    x: float = 0.0
    used: int = 0

    def reach(self, side: int) -> float:
        """Metres from the spine to the mouth of its bays on a side."""
        bay = self.length * math.cos(math.radians(SLANT_DEG)) + 0.9
        return ISLAND_HALF + (bay if side in self.sides else 0.6)

    def along(self, place: int) -> float:
        """Local z of the n-th bay from the hub; every CROSSING_EVERY bays a lane crosses."""
        return -(place + 0.5) * self.pitch - (place // CROSSING_EVERY) * CROSSING_WIDTH

    @property
    def end(self) -> float:
        """Local z of its far end."""
        return self.along(max(self.used, 1) - 1) - self.pitch / 2.0 - 0.6


@dataclass(frozen=True)
class ZonePlan:
    """What a block is planned from: stations are (slot, connector slots)."""

    slot: int
    stations: list
    pitch: float
    length: float

    @property
    def places(self) -> int:
        return sum(max(len(connectors), 1) for _, connectors in self.stations)

    @property
    def widest(self) -> int:
        return max((len(connectors) for _, connectors in self.stations), default=1) or 1

    def islands(self, per_side: int) -> int:
        return math.ceil(self.places / (2 * per_side))


class Block:
    """Islands in their own frame: local z runs to the hub, the hub-side edge is at z = 0.

    `stations` holds (slot, island, side, z), `connectors` (slot, island, side, place).
    """

    def __init__(self, zones: list[ZonePlan], per_side: int):
        self.islands: list[Island] = []
        self.stations: list[tuple] = []
        self.connectors: list[tuple] = []
        for k, zone in enumerate(zones):
            if zone.stations:
                # A few bays at the block's edge stand on one side, looking inwards.
                lone = len(zones) > 1 and zone.places <= LONE_BAYS and k in (0, len(zones) - 1)
                self._fill(zone, per_side, ((-1,) if k else (1,)) if lone else (1, -1))
        x = 0.0
        for left, right in zip(self.islands, self.islands[1:]):
            x += left.reach(1) + LANE_WIDTH + right.reach(-1)
            right.x = x
        for island in self.islands:
            island.x -= x / 2.0
        self.left = -x / 2.0 - (self.islands[0].reach(-1) if self.islands else 6.0)
        self.right = x / 2.0 + (self.islands[-1].reach(1) if self.islands else 6.0)
        self.depth = max((-island.end for island in self.islands), default=12.0)

    def _fill(self, zone: ZonePlan, per_side: int, sides: tuple[int, ...]) -> None:
        # Islands share a zone's bays evenly, as far as whole stations on one side allow.
        even = math.ceil(zone.places / (len(sides) * zone.islands(per_side)))
        room = min(math.ceil(even / zone.widest) * zone.widest, max(per_side, even))
        island, side, place = self._open(zone, sides), sides[0], 0
        for station, connectors in zone.stations:
            whole = len(connectors) <= room
            if place and (place >= room or whole and place + len(connectors) > room):
                island, side, place = self._turn(zone, island, side)
            spots = []
            for connector in connectors:
                if place >= room:
                    island, side, place = self._turn(zone, island, side)
                spots.append((connector, island, side, place))
                place += 1
                island.used = max(island.used, place)
            if not connectors:
                # A station without any takes a place too, so that none stands in another.
                island.used, place = max(island.used, place + 1), place + 1
            self.connectors += spots
            home = [spot for spot in spots if spot[1] is spots[0][1] and spot[2] == spots[0][2]]
            where = [spot[3] for spot in home] or [place - 1]
            at = home[0] if home else (None, island, side)
            self.stations.append((station, at[1], at[2],
                                  sum(map(at[1].along, where)) / len(where)))

    def _open(self, zone: ZonePlan, sides: tuple[int, ...]) -> Island:
        self.islands.append(Island(zone.slot, zone.pitch, zone.length, sides))
        return self.islands[-1]

    def _turn(self, zone: ZonePlan, island: Island, side: int) -> tuple[Island, int, int]:
        if side != island.sides[-1]:
            return island, island.sides[-1], 0
        return self._open(zone, island.sides), island.sides[0], 0


def plan(world: World) -> list[ZonePlan]:
    """Zones in slot order with their stations and the bays that their guests need."""
    connectors: dict[int, list[int]] = {}
    for row in world.connector.rows().tolist():
        connectors.setdefault(int(world.connector.station[row]), []).append(row)
    stations: dict[int, list] = {row: [] for row in world.zone.rows().tolist()}
    for row in world.station.rows().tolist():
        stations.setdefault(int(world.station.zone[row]), []).append((row, connectors.get(row, [])))
    buses = _bus_zones(world)
    return [ZonePlan(zone, own, BUS_BAY_PITCH if zone in buses else BAY_PITCH,
                  BUS_BAY_LENGTH if zone in buses else BAY_LENGTH)
            for zone, own in sorted(stations.items())]


def _bus_zones(world: World) -> set[int]:
    """Zones that a bus may come to, by the planned sessions and by who is plugged in now."""
    vehicle, session, connector = world.vehicle, world.session, world.connector
    is_bus = vehicle.alive & (vehicle.body == VehicleClass.BUS)
    visits = session.rows(is_bus[session.vehicle]) if vehicle.slots and session.slots else []
    everywhere = set(world.zone.rows().tolist())
    zones: set[int] = set()
    for row in visits:
        wanted, zone = int(session.requested_connector[row]), int(session.zone[row])
        if wanted >= 0:
            zones.add(int(connector.zone[wanted]))
        elif zone >= 0:
            zones.add(zone)
        else:
            return everywhere
    plugged = vehicle.rows(is_bus & (vehicle.connector >= 0)) if vehicle.slots else []
    return zones | {int(connector.zone[vehicle.connector[row]]) for row in plugged}


def best_block(zones: list[ZonePlan], wanted_ratio: float) -> Block:
    """The block whose width to depth comes nearest to the wanted ratio, little left empty."""
    places = sum(zone.places for zone in zones)
    best, chosen = math.inf, 4
    for per_side in range(4, 4 + int(math.sqrt(places) * 3.0)):
        width = sum(zone.islands(per_side) * (2.0 * Island(0, zone.pitch, zone.length).reach(1)
                                              + LANE_WIDTH) for zone in zones)
        room = sum(2 * per_side * zone.islands(per_side) for zone in zones)
        depth = max((min(per_side, math.ceil(zone.places / 2)) * zone.pitch for zone in zones
                     if zone.stations), default=1.0)
        score = (abs(math.log(max(width, 1.0) / depth / wanted_ratio))
                 + 0.3 * (1.0 - places / max(room, 1)))
        if score < best:
            best, chosen = score, per_side
    return Block(zones, chosen)
