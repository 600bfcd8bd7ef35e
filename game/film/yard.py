"""A site as moves of the camera know it: where things stand by name, and what no camera may touch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from entities.world import World
from game import homes
from game.camera import Pose
from game.scene import bodies, lamps, renewables, surroundings, town
from game.scene.hub import PILLAR_AT, PILLAR_RADIUS
from game.scene.layout import BAY_LENGTH, HUB_HEIGHT, HUB_RADIUS, Layout
from game.scene.price_board import DISTANCE, HALF_WIDE
from game.scene.selection import named

Place = Callable[[str], tuple[float, float, float]]
FREE_M = 0.6            # that a camera keeps from everything
TREE_M, TREES_FROM = 9.6, 8.0   # of the tallest tree; metres outside the asphalt where they begin
CELLS, CELL_M = 12, 3.0         # of a site's radius; of the grid that stops are thinned to, at least
POST_M = 1.1            # the height at which a post is looked at


class Yard:
    """The site of `scenario` in `layout`. `place(name)` says where a vehicle stands now, (x, y, z) m; without
    it only what never moves has a place."""

    def __init__(self, scenario, layout: Layout, world: World, place: Place | None = None):
        self.layout, self._world, self._place = layout, world, place
        self.poses = homes.named(scenario, layout)
        self.home = self.poses["default"]
        self.scale = layout.hub_scale
        self.hub = layout.hub_xyz
        rows = world.vehicle.rows()
        tallest = bodies.dimensions()[world.vehicle.body[rows], 1] if len(rows) else np.array([2.0])
        self._tallest = float(tallest.max()) + FREE_M
        self._discs = self._things(scenario.site)
        self._lines = self._canopies(scenario.site)
        self._hall = surroundings.hall_of(layout)
        self._low, self._high = layout.bounds()

    def kind(self, name: str) -> str | None:
        """`vehicle`, `connector`, `station`, `zone` or `hub`; None where nothing has this name."""
        found = named(self._world, name)
        if found is not None:
            return found[0]
        return "zone" if self._world.zone.find(name) is not None else None

    def names(self, kind: str) -> list[str]:
        """All of a kind that have a name, in the site's order."""
        table = getattr(self._world, kind)
        return [table.names[row] for row in table.rows() if table.names[row]]

    def place(self, name: str) -> np.ndarray:
        """Where one looks to see it, (3,) m: a post's head, a hub's core, the middle of a zone's bays."""
        kind = self.kind(name)
        if kind == "zone":
            return self.bays(name).mean(axis=0) + (0.0, POST_M, 0.0)
        if kind == "hub":
            return self.hub + (0.0, 6.5 * self.scale, 0.0)
        if kind == "vehicle":
            return np.array(self._place(name)) if self._place else self.layout.queue_xyz(0) + (0.0, 0.8, 0.0)
        row = getattr(self._world, kind).find(name)
        return getattr(self.layout, f"{kind}_xyz")[row] + (0.0, POST_M, 0.0)

    def bays(self, zone: str) -> np.ndarray:
        """Where the bays of a zone are, (n, 3) m; the zone's label where it has none."""
        row, connector = self._world.zone.find(zone), self._world.connector
        rows = connector.rows(connector.zone == row)
        return self.layout.bay_xyz[rows] if len(rows) else self.layout.zone_xyz[[row]]

    def connector_of(self, name: str) -> int:
        """The row of a connector, or of a station's first."""
        world = self._world
        if self.kind(name) == "connector":
            return int(world.connector.find(name))
        rows = world.connector.rows(world.connector.station == world.station.find(name))
        return int(rows[0]) if len(rows) else -1

    def stops(self) -> np.ndarray:
        """Where vehicles may be, (n, 3) m: bays, lanes, gate, road and the waiting rows."""
        layout = self.layout
        shares = np.linspace(0.0, 1.0, 9)[:, None]
        lanes = [a + (b - a) * shares for a, b in layout.lanes]
        ring = [(slab.x, 0.0, slab.z) for slab in layout.slabs if not slab.kerb and layout.ring_radius]
        road = [(x, 0.0, layout.road.z) for x in np.linspace(-1.0, 1.0, 7) * layout.radius]
        gate = [(layout.gate_x, 0.0, layout.front_z)]
        bays = layout.bay_xyz[layout.bay_xyz[:, 1] == 0.0]
        waiting = layout.queue_xyz(np.arange(max(layout.queue_places, 1)))
        return np.concatenate([bays, *lanes, *([ring] if ring else []), road, gate, waiting])

    def thinned_stops(self) -> tuple[np.ndarray, float]:
        """Some of the stops, (n, 3) m, and how far from the nearest of them any other is at most, m."""
        cell = max(self.layout.radius / CELLS, CELL_M)
        stops = self.stops()
        _, first = np.unique(np.round(stops / cell).astype(int), axis=0, return_index=True)
        return stops[np.sort(first)], math.sqrt(2.0) * cell

    def floor(self, points: np.ndarray, around: float = 0.0, least: float = 0.0) -> np.ndarray:
        """The height (m) above which there is nothing over places of shape (n, 3) and `around` m beside them,
        shape (n,); single things that end below `least` do not count."""
        x, z = points[:, 0], points[:, 2]
        outside = (x < self._low[0] - TREES_FROM) | (x > self._high[0] + TREES_FROM) | (
            z > self._high[2] + TREES_FROM) | (z < self.layout.road.z - self.layout.road.half_z - TREES_FROM)
        height = np.where(outside, TREE_M, self._tallest)
        for foot, radius, top in (disc for disc in self._discs if disc[2] > least):
            away = np.hypot(x - foot[0], z - foot[1])
            height = np.where((away < radius + around) & (height < top), top, height)
        for a, b, reach, top in (line for line in self._lines if line[3] > least):
            way, past = b - a, np.stack([x, z], axis=1) - a
            share = np.clip(past @ way / max(float(way @ way), 1e-9), 0.0, 1.0)
            away = np.linalg.norm(past - share[:, None] * way, axis=1)
            height = np.where((away < reach + around) & (height < top), top, height)
        (x0, z0), (x1, z1), top = self._hall
        beside = (x > x0 - around) & (x < x1 + around) & (z > z0 - around) & (z < z1 + around)
        return np.where(beside, np.maximum(height, top), height)

    def clear(self, eyes: np.ndarray, free: float = FREE_M, beside: float = 0.0) -> bool:
        """Whether a camera at places of shape (n, 3), or up to `beside` m beside them, stays `free` m off
        everything."""
        lowest = float(eyes[:, 1].min()) - free
        return bool((eyes[:, 1] >= self.floor(eyes, free + beside, lowest) + free).all())

    def lifted(self, pose: Pose) -> Pose:
        """The pose, looking down as much more, and from as much further away, as it takes to touch nothing."""
        while not self.clear(pose.eye()[None]):
            pose = replace(pose, distance=pose.distance * (1.01 if pose.pitch < 60.0 else 1.1),
                           pitch=min(pose.pitch + 2.0, 86.0))
        return pose

    def _things(self, site) -> list[tuple[np.ndarray, float, float]]:
        """What stands on a round foot: its middle (x, z), radius and top, m."""
        s, layout = self.scale, self.layout
        hub = self.hub[[0, 2]]
        found = [(hub, (DISTANCE + HALF_WIDE) * s, 4.0 * s), (hub, (PILLAR_AT + PILLAR_RADIUS) * s, 7.6 * s),
                 (hub, (HUB_RADIUS + 0.5) * s, (HUB_HEIGHT + 0.5) * s)]
        found += [(np.array((lamp.x, lamp.z)), lamps.ARM_M + FREE_M, lamps.HIGH_M + 0.4)
                  for lamp in lamps.lamps(layout)]
        if site.wind_kw + sum(zone.wind_kw for zone in site.zones) > 0.0:
            foot, tall = renewables.turbine_spot(layout)[[0, 2]], max(0.8 * s, 1.0)
            found.append((foot, (renewables.BLADE_M + 2.0) * tall,
                          (renewables.TOWER_M + renewables.BLADE_M + 1.0) * tall))
        unit = max(layout.radius / 45.0, 1.0) ** 0.75
        found.append((hub + np.array(town.MIDDLE) * unit, (town.REACH_M + 20.0) * unit, town.HIGHEST_M * unit))
        return found

    def _canopies(self, site) -> list[tuple[np.ndarray, np.ndarray, float, float]]:
        """What stands along a line: its ends (x, z), how far it reaches to both sides, and its top, m."""
        layout, world = self.layout, self._world
        tall = max(0.75 * self.scale, 1.0)
        way = np.array((math.sin(math.radians(town.FREE_LINE_DEG)), math.cos(math.radians(town.FREE_LINE_DEG))))
        hub = self.hub[[0, 2]]
        first, last = hub + way * 62.0 * tall, hub + way * 1100.0 * tall
        found = [(hub, first, 9.0 * tall, 28.0 * tall), (first, last, 9.0 * tall, 40.0 * tall)]
        kwp = np.array([zone.pv_kwp for zone in site.zones] or [0.0])
        rows = world.connector.rows()
        for island in sorted({int(layout.connector_island[row]) for row in rows
                              if kwp[int(world.connector.zone[row])] > 0.0}):
            own = rows[layout.connector_island[rows] == island]
            a, b = layout.islands[island][:, [0, 2]]
            across = np.array(((b - a)[1], -(b - a)[0])) / np.linalg.norm(b - a)
            reach = np.abs((layout.bay_xyz[own][:, [0, 2]] - a) @ across).max() + BAY_LENGTH / 2.0 + FREE_M
            found.append((a, b, float(reach), renewables.HIGH_M + 0.3))
        return found
