"""What makes energy on the site: glass canopies with solar cells over the bays of zones that have
panels, and a turbine where there is wind power. What they make shows as light on their edges."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath

from entities.world import World
from game.palette import rgb
from game.scene import meshes
from game.scene.buffers import Buffer
from game.scene.layout import HUB_RADIUS, Layout
from game.scene.part import GLOW, PICTURE, SHINE, SOLID, Part

STEEL, CELL, BLADE = rgb("#5B677C"), rgb("#101D3A"), rgb("#A9B4C6")
INNER_M, OVERHANG_M = 0.45, 0.2         # of a roof's half, from the spine and past the bays
LOW_M, HIGH_M = 4.1, 5.0                # a roof's height at the spine and at its outer edge
BENT_M = 7.5                            # from one column to the next
MODULE_M, GAP_M, ROWS = 2.3, 0.09, 3
MANY_BAYS = 600                         # beyond it modules are as long as four
BEAM, EDGE = 0.10, 0.05
TOWER_M, BLADE_M, TURNING_SHARE = 17.0, 6.4, 0.02


class Renewables:
    """Up to three draws: canopies' steel with the turbine's tower, their glass, the rotor."""

    def __init__(self, root: NodePath, layout: Layout, world: World, site):
        self._kwp = np.array([zone.pv_kwp for zone in site.zones] or [0.0])
        self._wind_kw = site.wind_kw + sum(zone.wind_kw for zone in site.zones)
        self._made = Buffer("made", channels=1)
        self._shares = np.zeros(len(self._kwp) + 1, np.float32)
        self._made.write(self._shares)
        steel, glass, roof = meshes.Mesh(), meshes.Mesh(), meshes.Mesh()
        for zone, island in _islands_with_panels(layout, world, self._kwp):
            _canopy(steel, glass, roof, layout, island, 1.0 + zone)
        hub = turbine_spot(layout) if self._wind_kw > 0.0 else None
        self.parts = []
        if hub is not None:
            hub = _tower(steel, hub, layout)
        if steel.vertices:
            self.parts.append(Part(root, steel.faceted_node("steel"), "made", "facet", SOLID))
        if glass.vertices:
            caster = Part(root, roof.faceted_node("roofs"), "solid", "facet", SOLID, two_sided=True)
            # Shades what stands below, but is seen through the glass only.
            caster.path.hide(PICTURE | SHINE)
            self.parts += [caster, Part(root, glass.geom_node("glass"), "glass", "glass", GLOW,
                                        two_sided=True)]
        if hub is not None:
            rotor = Part(root, _rotor(layout).faceted_node("rotor"), "rotor", "facet", SOLID, two_sided=True)
            self.parts.append(rotor.inputs(u_axle=tuple(map(float, hub))))
        for part in self.parts:
            part.inputs(u_made=self._made.texture)
        self.buffers = [self._made]

    def upload(self, world: World) -> None:
        """Take what zones and site make now, as shares of what they could at most; wind comes first."""
        if not self.parts:
            return
        hub = world.hub
        shares = np.zeros_like(self._shares)
        wind = float(hub.wind_kw[0]) / self._wind_kw if self._wind_kw else 0.0
        shares[0] = wind if wind > TURNING_SHARE else 0.0
        rows = world.zone.rows()
        shares[1 + rows] = np.clip(world.zone.pv_kw[rows] / np.maximum(self._kwp[rows], 1e-6), 0.0, 1.0)
        if not np.array_equal(shares, self._shares):
            self._shares = shares
            self._made.write(shares)


def _islands_with_panels(layout: Layout, world: World, kwp: np.ndarray):
    """(zone, island) of every island whose zone has panels."""
    rows = world.connector.rows()
    pairs = {(int(world.connector.zone[row]), int(layout.connector_island[row])) for row in rows}
    return [(zone, island) for zone, island in sorted(pairs) if kwp[zone] > 0.0]


def _canopy(steel: meshes.Mesh, glass: meshes.Mesh, roof: meshes.Mesh, layout: Layout, island: int,
            zone: float) -> None:
    """Two wings of glass that rise from the island's spine outwards, on columns along it."""
    a, b = layout.islands[island]
    along = (b - a) / np.linalg.norm(b - a)
    across = np.array((along[2], 0.0, -along[0]))
    up = np.array((0.0, 1.0, 0.0))
    rows = np.flatnonzero((layout.connector_island == island) & (layout.bay_xyz[:, 1] == 0.0))
    place = layout.bay_xyz[rows] - a
    heading = np.radians(layout.bay_heading[rows])
    nose = np.stack([np.sin(heading), 0.0 * heading, np.cos(heading)], axis=1)
    half_wide, half_long = layout.bay_size[rows, 0] / 2.0, layout.bay_size[rows, 1] / 2.0
    far = np.abs(place @ across) + half_long * np.abs(nose @ across)
    side_of = np.sign(place @ across)
    reach_along = half_wide * np.abs(nose @ across) + half_long * np.abs(nose @ along)
    start = float((place @ along - reach_along).min())
    end = float((place @ along + reach_along).max())
    bents = max(int((end - start) / BENT_M) + 1, 2)
    module = MODULE_M * (4.0 if len(layout.bay_xyz) > MANY_BAYS else 1.0)
    steel.data, steel.tint = (0.0, 0.0, 0.0, 0.0), (*STEEL, 0.0)
    wings = [(side, float(far[side_of == side].max()) + OVERHANG_M) for side in (-1.0, 1.0)
             if (side_of == side).any()]
    for k in range(bents):
        at = a + along * (start + 0.6 + (end - start - 1.2) * k / (bents - 1))
        steel.tube([at, at + up * LOW_M], [0.15, 0.12], 6)
        for side, out in wings:
            tip = at + across * (side * out) + up * HIGH_M
            steel.tube([at + up * (LOW_M - 0.25), tip - up * 0.12], [0.12, 0.06], 4)
    for side, out in wings:
        def point(s, t):
            """A place on the wing: s along the island (m), t 0 at the spine to 1 outside."""
            return (a + along * s + across * (side * (INNER_M + (out - INNER_M) * t))
                    + up * (LOW_M + (HIGH_M - LOW_M) * t))

        steel.data, steel.tint = (0.0, 0.0, 0.0, 0.0), (*STEEL, 0.0)
        for t in (0.0, 0.5, 1.0):
            steel.tube([point(start, t) - up * 0.06, point(end, t) - up * 0.06], [BEAM * 0.6] * 2, 4)
        # The outer edge carries the light of what is made.
        steel.data, steel.tint = (zone, 0.0, 0.0, 0.0), (*STEEL, 1.0)
        steel.tube([point(start, 1.0) + up * 0.05, point(end, 1.0) + up * 0.05], [EDGE] * 2, 4)
        count = max(round((end - start) / module), 1)
        step = (end - start) / count
        glass.tint, glass.data = (*CELL, 0.0), (zone, 0.0, 0.0, 0.0)
        for k in range(count):
            for row in range(ROWS):
                s0, s1 = start + step * k + GAP_M / 2.0, start + step * (k + 1) - GAP_M / 2.0
                margin = GAP_M / (out - INNER_M) / 2.0
                t0, t1 = row / ROWS + margin, (row + 1) / ROWS - margin
                corners = [point(s0, t0), point(s1, t0), point(s1, t1), point(s0, t1)]
                glass.face(corners if side > 0.0 else corners[::-1])
        roof.face([point(start, 0.0), point(end, 0.0), point(end, 1.0), point(start, 1.0)])


def turbine_spot(layout: Layout) -> np.ndarray:
    """Beside the hub, off the asphalt."""
    reach = HUB_RADIUS * layout.hub_scale
    spots = [layout.hub_xyz + (math.sin(turn) * away, 0.0, math.cos(turn) * away)
             for away in (3.2 * reach, 4.5 * reach, 6.0 * reach)
             for turn in np.radians((62.0, 40.0, 85.0, -62.0, -40.0, 12.0))]
    free = [spot for spot in spots if not any(slab.covers(spot[0], spot[2], 6.0) for slab in layout.slabs)]
    return (free or spots)[0]


def _tower(mesh: meshes.Mesh, foot: np.ndarray, layout: Layout) -> np.ndarray:
    """The turbine's tower and nacelle; where the rotor's axle is, (3,)."""
    scale = max(layout.hub_scale * 0.8, 1.0)
    top = TOWER_M * scale
    mesh.data, mesh.tint = (0.0, 0.0, 0.0, 0.0), (*BLADE, 0.0)
    mesh.prism(12, ((0.62 * scale, 0.0), (0.5 * scale, 0.5 * top), (0.3 * scale, top)),
               (foot[0], foot[2]), cap=False)
    x, z = foot[0], foot[2]
    mesh.box((x - 0.4 * scale, top - 0.35 * scale, z - 0.9 * scale),
             (x + 0.4 * scale, top + 0.45 * scale, z + 1.3 * scale), bottom=True)
    mesh.data, mesh.tint = (-1.0, 0.0, 0.0, 0.0), (*BLADE, 1.0)
    mesh.box((x - 0.41 * scale, top + 0.28 * scale, z - 0.5 * scale),
             (x + 0.41 * scale, top + 0.36 * scale, z + 1.1 * scale))
    return np.array((x, top + 0.05 * scale, z - 1.1 * scale))


def _rotor(layout: Layout) -> meshes.Mesh:
    """Three blades around the axle, which points to the viewer's side of the site."""
    scale = max(layout.hub_scale * 0.8, 1.0)
    mesh = meshes.Mesh()
    mesh.tint = (*BLADE, 0.0)
    mesh.tube([(0.0, 0.0, 0.3 * scale), (0.0, 0.0, -0.25 * scale), (0.0, 0.0, -0.5 * scale)],
              [0.34 * scale, 0.30 * scale, 0.04 * scale], 8)
    for k in range(3):
        turn = 2.0 * math.pi * k / 3.0
        out = np.array((math.sin(turn), math.cos(turn), 0.0))
        side = np.array((out[1], -out[0], 0.0))
        outline = [(0.10, 0.05), (0.20, 0.42), (0.55, 0.26), (1.0, 0.06)]
        for (r0, w0), (r1, w1) in zip(outline, outline[1:]):
            corners = [out * (r0 * BLADE_M * scale) + side * (-0.10 * scale),
                       out * (r0 * BLADE_M * scale) + side * (w0 * scale) + (0.0, 0.0, 0.12 * scale),
                       out * (r1 * BLADE_M * scale) + side * (w1 * scale) + (0.0, 0.0, 0.05 * scale),
                       out * (r1 * BLADE_M * scale) + side * (-0.10 * scale)]
            mesh.face(corners)
    return mesh
