"""The town that the grid serves: low blocks beyond the trees, taller towards its middle, with lit
windows at night. It stands on streets of its own, clear of the line of towers, and never tells
anything of a run."""

from __future__ import annotations

import math

import numpy as np

from game.palette import rgb
from game.scene import meshes
from game.scene.layout import Layout

WALLS = (rgb("#39445A"), rgb("#333D50"), rgb("#424A5C"), rgb("#2F3949"))
ROOF = rgb("#262F40")
WINDOWS = ((1.0, 0.80, 0.52), (1.0, 0.88, 0.68), (0.78, 0.88, 1.0))
STREET_M = 27.0             # from house to house
TURN_DEG = 11.0             # of the streets, from north
REACH_M = 330.0             # from the middle of the town to its last houses
MIDDLE = (-70.0, 400.0)     # of the town, metres east and north of the hub
CLOSEST_M = 135.0           # to the hub
BUILT = 0.50                # of the plots
HIGHEST_M, LOWEST_M, STOREY_M = 40.0, 4.5, 3.2
GABLED_M = 8.0              # lower houses have a ridge
LIT = 0.30                  # of the windows
PANE_M, APART_M = 1.5, 3.4  # a window's width, and from one to the next
AIR = -0.35                 # the town recedes as if it were this much further away
FREE_LINE_DEG, FREE_M = 17.0, 16.0  # kept clear below the towers


def build(mesh: meshes.Mesh, layout: Layout) -> None:
    """Add all houses."""
    rng = np.random.default_rng(7)
    unit = max(layout.radius / 45.0, 1.0) ** 0.75
    turn = math.radians(TURN_DEG)
    line = np.array((math.sin(math.radians(FREE_LINE_DEG)), math.cos(math.radians(FREE_LINE_DEG))))
    steps = int(REACH_M / STREET_M)
    for a in range(-steps, steps + 1):
        for b in range(-steps, steps + 1):
            chance, tall, wide, deep, wall, aside = rng.random(6)
            away = math.hypot(a, b) * STREET_M / REACH_M
            if away > 1.0 or chance > BUILT * (1.15 - away * away):
                continue
            along, across = b * STREET_M, a * STREET_M + (aside - 0.5) * 8.0
            spot = np.array((MIDDLE[0] + across * math.cos(turn) + along * math.sin(turn),
                             MIDDLE[1] - across * math.sin(turn) + along * math.cos(turn)))
            beside = abs(spot[0] * line[1] - spot[1] * line[0])
            if np.linalg.norm(spot) < CLOSEST_M or beside < FREE_M:
                continue
            centre = layout.hub_xyz[[0, 2]] + spot * unit
            high = LOWEST_M + (HIGHEST_M - LOWEST_M) * tall ** 3 * max(1.0 - 1.25 * away, 0.12)
            half = np.array((4.0 + 5.0 * wide, 3.8 + 3.0 * deep))
            _house(mesh, centre, half * unit, high * unit, turn, WALLS[int(wall * len(WALLS))], unit, rng)


def _house(mesh: meshes.Mesh, centre, half, high: float, turn: float, wall, unit: float,
           rng: np.random.Generator) -> None:
    """A block, or a house with a ridge, with rows of windows on the side that looks to the site."""
    right, ahead = np.array((math.cos(turn), -math.sin(turn))), np.array((math.sin(turn), math.cos(turn)))

    def at(x: float, y: float, z: float):
        flat = centre + right * x + ahead * z
        return flat[0], y, flat[1]

    (w, d), top = half, high
    mesh.tint, mesh.data = (*wall, 0.0), (0.0, AIR, 0.0, 0.0)
    corners = ((-w, -d), (w, -d), (w, d), (-w, d))
    for (x0, z0), (x1, z1) in zip(corners, corners[1:] + corners[:1]):
        mesh.face([at(x0, 0.0, z0), at(x1, 0.0, z1), at(x1, top, z1), at(x0, top, z0)])
    if high < GABLED_M * unit:
        ridge = top + 0.55 * d
        for side in (-1.0, 1.0):
            mesh.face([at(side * -w, top, -side * d), at(side * -w, top, side * d), at(side * -w, ridge, 0.0)])
        mesh.tint = (*ROOF, 0.0)
        mesh.face([at(-w, top, -d), at(w, top, -d), at(w, ridge, 0.0), at(-w, ridge, 0.0)])
        mesh.face([at(w, top, d), at(-w, top, d), at(-w, ridge, 0.0), at(w, ridge, 0.0)])
    else:
        mesh.tint = (*ROOF, 0.0)
        mesh.face([at(x, top, z) for x, z in corners])
    storey, pane, apart = STOREY_M * unit, PANE_M * unit, APART_M * unit
    for level in range(max(int(high / storey), 1)):
        low = storey * level + 0.36 * storey
        for middle in np.arange(-w + apart / 2.0, w - pane / 2.0, apart):
            if rng.random() > LIT:
                continue
            shine = np.array(WINDOWS[int(rng.integers(len(WINDOWS)))]) * rng.uniform(0.25, 0.7)
            mesh.tint, mesh.data = (*shine, 0.9), (1.0, AIR, 0.0, 0.0)
            a, b, z, up = middle - pane / 2.0, middle + pane / 2.0, -d - 0.4 * unit, low + 0.4 * storey
            mesh.face([at(a, low, z), at(b, low, z), at(b, up, z), at(a, up, z)])
