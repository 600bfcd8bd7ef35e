"""Procedural geometry: quads, boxes, prisms and rings gathered into one mesh.

Faces are given counter-clockwise as seen from outside with x right, y up, z away from the
viewer, and are flat shaded. Every vertex carries position, normal, colour (rgb albedo, a: how
much of it shines by itself) and four free numbers (`data`) for its shader.
"""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import (Geom, GeomEnums, GeomNode, GeomPoints, GeomTriangles, GeomVertexArrayFormat,
                          GeomVertexData, GeomVertexFormat, InternalName)

from game.scene.facets import numbered, shared

_FIELDS = (("vertex", 3, GeomEnums.C_point), ("normal", 3, GeomEnums.C_normal),
           ("tint", 4, GeomEnums.C_other), ("data", 4, GeomEnums.C_other))


POSITION_ONLY = _FIELDS[:1]


class Mesh:
    """Collects faces; `geom_node` turns them into one draw."""

    def __init__(self):
        self.vertices: list[tuple] = []
        self.triangles: list[tuple[int, int, int]] = []
        self.tint = (0.5, 0.5, 0.5, 0.0)
        self.data = (0.0, 0.0, 0.0, 0.0)

    def face(self, points, normal=None) -> None:
        """A convex polygon of points (3,), flat unless a normal is given."""
        points = [tuple(map(float, p)) for p in points]
        if normal is None:
            normal = flat_normal(points)
        base = len(self.vertices)
        self.vertices += [(*p, *normal, *self.tint, *self.data) for p in points]
        self.triangles += [(base, base + k, base + k + 1) for k in range(1, len(points) - 1)]

    def box(self, low, high, bottom: bool = False) -> None:
        """An upright box from corner `low` to corner `high`."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        self.face([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)])
        self.face([(x1, y0, z1), (x0, y0, z1), (x0, y1, z1), (x1, y1, z1)])
        self.face([(x0, y0, z1), (x0, y0, z0), (x0, y1, z0), (x0, y1, z1)])
        self.face([(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)])
        self.face([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)])
        if bottom:
            self.face([(x0, y0, z1), (x1, y0, z1), (x1, y0, z0), (x0, y0, z0)])

    def prism(self, sides: int, levels, center=(0.0, 0.0), turn: float = 0.0,
              cap: bool = True) -> None:
        """A lathe of `sides` sides around y; levels are (radius, y) from bottom to top."""
        cx, cz = center
        rings = [[(cx + r * math.sin(a), y, cz + r * math.cos(a))
                  for a in (turn + 2.0 * math.pi * k / sides for k in range(sides))]
                 for r, y in levels]
        for low, high, (r_low, _), (r_high, _) in zip(rings, rings[1:], levels, levels[1:]):
            for k in range(sides):
                n = (k + 1) % sides
                # At a tip a side is a triangle.
                if r_high == 0.0:
                    self.face([low[n], low[k], high[k]])
                elif r_low == 0.0:
                    self.face([low[k], high[k], high[n]])
                else:
                    self.face([low[n], low[k], high[k], high[n]])
        if cap and levels[-1][0] > 0.0:
            self.face(rings[-1][::-1])

    def tube(self, path, radii, sides: int = 4) -> None:
        """A tube along points (n, 3) with a radius at each, without caps."""
        path = np.asarray(path, float)
        along = np.gradient(path, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        across = np.cross(along, np.where(np.abs(along[:, 1:2]) > 0.95, (1.0, 0.0, 0.0),
                                          (0.0, 1.0, 0.0)))
        across /= np.linalg.norm(across, axis=1, keepdims=True)
        other = np.cross(along, across)
        angle = (np.arange(sides) + 0.5) * 2.0 * math.pi / sides
        rings = (path[:, None] + np.asarray(radii, float).reshape(-1, 1, 1)
                 * (across[:, None] * np.cos(angle)[:, None] + other[:, None]
                    * np.sin(angle)[:, None]))
        for k, (low, high) in enumerate(zip(rings, rings[1:])):
            for s in range(sides):
                n = (s + 1) % sides
                points = [low[s], low[n], high[n], high[s]]
                outwards = sum(points) / 4.0 - (path[k] + path[k + 1]) / 2.0
                points = [p.tolist() for p in points]
                self.face(points if outwards @ flat_normal(points) > 0 else points[::-1])

    def geom_node(self, name: str) -> GeomNode:
        """All faces as one GeomNode, wound for ursina's left-handed axes."""
        table = np.array(self.vertices, np.float32).reshape(-1, 14)
        return geom_node(name, table, np.array(self.triangles, np.int64).reshape(-1, 3), _FIELDS)

    def faceted_node(self, name: str, bundle: int = 1) -> GeomNode:
        """The same for shaders whose colour is flat and whose corners go by vertex and data alone."""
        table = np.array(self.vertices, np.float32).reshape(-1, 14)
        kept, triangles = shared(numbered(table[:, [0, 1, 2, 10, 11, 12, 13]]), numbered(table[:, 3:]),
                                 np.array(self.triangles, np.int64).reshape(-1, 3))
        return geom_node(name, *bundled(table[kept], triangles, bundle), _FIELDS)


def geom_node(name: str, table: np.ndarray, triangles: np.ndarray, fields=_FIELDS) -> GeomNode:
    """A GeomNode of vertex rows (n, floats) laid out as `fields` and triangles (m, 3), or points (m, 1)."""
    layout = GeomVertexArrayFormat()
    for field, width, contents in fields:
        layout.add_column(InternalName.make(field), width, GeomEnums.NT_float32, contents)
    form = GeomVertexFormat()
    form.add_array(layout)
    data = GeomVertexData(name, GeomVertexFormat.register_format(form), GeomEnums.UH_static)
    data.unclean_set_num_rows(len(table))
    view = memoryview(data.modify_array(0)).cast("B").cast("f")
    np.frombuffer(view, np.float32)[:] = np.ascontiguousarray(table, np.float32).reshape(-1)
    primitive = (GeomTriangles if triangles.shape[1] == 3 else GeomPoints)(GeomEnums.UH_static)
    primitive.set_index_type(GeomEnums.NT_uint32)
    indices = primitive.modify_vertices(triangles.size)
    indices.unclean_set_num_rows(triangles.size)
    view = memoryview(indices).cast("B").cast("I")
    np.frombuffer(view, np.uint32)[:] = triangles.astype(np.uint32).reshape(-1)
    geom = Geom(data)
    geom.add_primitive(primitive)
    node = GeomNode(name)
    node.add_geom(geom)
    return node


def strip_node(name: str, segments: int) -> GeomNode:
    """A flat ribbon: vertices (share along 0..1, side -1 or 1, 0), `segments` quads."""
    share = np.repeat(np.linspace(0.0, 1.0, segments + 1), 2)
    side = np.tile((-1.0, 1.0), segments + 1)
    table = np.stack([share, side, np.zeros_like(share)], axis=1)
    k = 2 * np.arange(segments)[:, None]
    triangles = np.concatenate([k + (0, 1, 2), k + (2, 1, 3)], axis=1).reshape(-1, 3)
    return geom_node(name, table, triangles, POSITION_ONLY)


def quad_node(name: str, bundle: int = 1) -> GeomNode:
    """Quads with corners (-1, -1, copy) to (1, 1, copy)."""
    table = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32)
    return geom_node(name, *bundled(table, np.array([(0, 1, 2), (0, 2, 3)]), bundle), POSITION_ONLY)


def dart_node(name: str, bundle: int = 1) -> GeomNode:
    """Triangles with corners (-1, 0, copy) and (1, -1, copy), (1, 1, copy)."""
    table = np.array([(-1, 0, 0), (1, -1, 0), (1, 1, 0)], np.float32)
    return geom_node(name, *bundled(table, np.array([(0, 1, 2)]), bundle), POSITION_ONLY)


def bead_node(name: str, bundle: int = 1) -> GeomNode:
    """Points (0, 0, copy)."""
    return geom_node(name, *bundled(np.zeros((1, 3), np.float32), np.zeros((1, 1), np.int64), bundle), POSITION_ONLY)


def bundled(table: np.ndarray, triangles: np.ndarray, copies: int) -> tuple[np.ndarray, np.ndarray]:
    """So many copies of vertex rows (n, floats) and triangles (m, 3) or points (m, 1); the last number of each row becomes
    the copy's."""
    rows = np.tile(table, (copies, 1))
    if copies > 1:
        rows[:, -1] = np.repeat(np.arange(copies), len(table))
    return rows, (triangles + len(table) * np.arange(copies)[:, None, None]).reshape(-1, triangles.shape[1])


def flat_normal(points) -> tuple[float, float, float]:
    """Outward unit normal of a convex face of points (3,), in axes where z points away from the
    viewer; upright for a face without area. In plain floats: a scene asks for thousands."""
    (x0, y0, z0), *others = points
    x = y = z = 0.0
    for (x1, y1, z1), (x2, y2, z2) in zip(others, others[1:]):
        ax, ay, az, bx, by, bz = x1 - x0, y1 - y0, z1 - z0, x2 - x0, y2 - y0, z2 - z0
        x, y, z = x - (ay * bz - az * by), y - (az * bx - ax * bz), z - (ax * by - ay * bx)
    length = math.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 1.0, 0.0)
