"""Lamps along the edges of the asphalt and the road: where they stand, and the light they throw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from game.palette import rgb
from game.scene import meshes
from game.scene.layout import Layout

POLE = rgb("#3A4456")
WARM = (1.0, 0.80, 0.52)
APART_M, ASIDE_M, ROAD_APART_M = 25.0, 0.9, 38.0
HIGH_M, ARM_M = 5.6, 1.7
SHORTEST_M = 8.0        # a slab's half length, from which it gets lamps
MOST = 160
CLEAR_SHARE = 0.55      # of the radius: no pole stands right before the usual camera


@dataclass(frozen=True)
class Lamp:
    """Foot x and z, and the unit vector along which its arm reaches out."""

    x: float
    z: float
    toward: tuple[float, float]

    @property
    def head(self) -> tuple[float, float]:
        """x and z below the light."""
        return self.x + ARM_M * self.toward[0], self.z + ARM_M * self.toward[1]


def lamps(layout: Layout) -> list[Lamp]:
    """All lamps of a site; larger sites have them further apart."""
    spots = []
    wide = max(layout.hub_scale, 1.0)
    for slab in layout.slabs:
        if slab.half_z < SHORTEST_M:
            continue
        angle = math.radians(slab.heading)
        right, ahead = (math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))
        count = max(round(2.0 * slab.half_z / (APART_M * wide)), 1)
        for side in (-1.0, 1.0):
            out = side * (slab.half_x + ASIDE_M)
            for k in range(count):
                along = slab.half_z * (2.0 * (k + 0.5) / count - 1.0)
                spots.append(Lamp(slab.x + right[0] * out + ahead[0] * along,
                                  slab.z + right[1] * out + ahead[1] * along,
                                  (-side * right[0], -side * right[1])))
    road = layout.road
    count = int(layout.radius * 1.6 / (ROAD_APART_M * wide))
    spots += [Lamp(k * ROAD_APART_M * wide, road.z - road.half_z - ASIDE_M, (0.0, 1.0))
              for k in range(-count, count + 1)
              if abs(k) * ROAD_APART_M * wide > CLEAR_SHARE * layout.radius]
    free = [lamp for lamp in spots
            if not any(slab.covers(lamp.x, lamp.z, 0.4) for slab in layout.slabs)]
    return free[:: max(1, math.ceil(len(free) / MOST))]


def build(mesh: meshes.Mesh, lamp: Lamp) -> None:
    """A slim pole with an arm; the light is on at night."""
    foot, (tx, tz) = np.array((lamp.x, 0.0, lamp.z)), lamp.toward
    top, tip = foot + (0.0, HIGH_M, 0.0), foot + (ARM_M * tx, HIGH_M + 0.18, ARM_M * tz)
    mesh.tint, mesh.data = (*POLE, 0.0), (0.0, 0.0, 0.0, 0.0)
    mesh.tube([foot, top], [0.075, 0.05], 4)
    mesh.tube([top, tip], [0.05, 0.035], 3)
    mesh.tint, mesh.data = (*WARM, 0.95), (1.0, 0.0, 0.0, 0.0)
    x, y, z = tip
    mesh.box((x - 0.22, y - 0.10, z - 0.22), (x + 0.22, y, z + 0.22), bottom=True)
    mesh.tint, mesh.data = (*POLE, 0.0), (0.0, 0.0, 0.0, 0.0)
    mesh.box((x - 0.26, y, z - 0.26), (x + 0.26, y + 0.05, z + 0.26))
