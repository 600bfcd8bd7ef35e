"""Five body styles as tables of vertices that one mesh topology shares.

A body is a loft: cross sections from nose to tail, each a polyline from the left sill over the
roof to the right sill. A style is nothing but the numbers of its sections and wheels, so all
five draw in one call: the mesh holds only vertex numbers, the shader looks the style's vertex
up in the table. Axes: x right, y up, z towards the nose, metres, origin on the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from game.scene.facets import numbered, shared

PAINT, GLASS, TRIM, TYRE, RIM, HEAD, TAIL, ACCENT, ROOF = range(9)
WHEEL_SIDES, DISK_SIDES = 10, 8
ALL_SECTIONS, ALL_POINTS = tuple(range(12)), tuple(range(12))
MID_SECTIONS, MID_POINTS = (0, 1, 4, 5, 7, 8, 10, 11), (0, 2, 3, 4, 5, 6, 7, 8, 9, 11)
CREASE_COSINE = math.cos(math.radians(38.0))


@dataclass(frozen=True)
class Style:
    """A body's numbers, in metres; sections as (z, bottom, belt, top, width share, roof share)."""

    length: float
    width: float
    wheel: float
    axles: tuple[float, float]
    sections: tuple[tuple[float, float, float, float, float, float], ...]
    glazed_to: int = 8     # the section up to which the sides have windows

    @property
    def height(self) -> float:
        return max(s[3] for s in self.sections)


# Sections: 0 nose cap, 1 nose, 2 and 3 hood, 4 cowl, 5 to 7 roof, 8 foot of the rear glass,
# 9 deck, 10 tail, 11 tail cap.
STYLES = (
    Style(4.05, 1.78, 0.33, (1.27, -1.27), (   # compact
        (2.03, .34, .58, .64, .70, .66), (1.95, .26, .64, .74, .86, .74),
        (1.62, .24, .74, .86, .97, .78), (1.25, .24, .82, .95, 1.0, .80),
        (0.92, .24, .90, 1.01, 1.0, .80), (0.18, .24, .94, 1.49, 1.0, .70),
        (-.55, .24, .95, 1.54, 1.0, .71), (-1.30, .24, .96, 1.48, 1.0, .69),
        (-1.86, .26, .98, 1.06, .97, .72), (-1.93, .28, .94, 1.00, .95, .72),
        (-1.98, .30, .80, .86, .90, .72), (-2.02, .38, .62, .66, .80, .70))),
    Style(4.78, 1.87, 0.35, (1.45, -1.42), (   # sedan
        (2.39, .34, .56, .62, .66, .62), (2.30, .25, .62, .70, .84, .72),
        (1.90, .22, .71, .80, .97, .76), (1.35, .22, .78, .89, 1.0, .78),
        (0.95, .22, .86, .96, 1.0, .78), (0.10, .22, .90, 1.41, 1.0, .66),
        (-.50, .22, .91, 1.45, 1.0, .67), (-1.10, .22, .92, 1.38, 1.0, .65),
        (-1.85, .24, .94, 1.06, .98, .70), (-2.20, .26, .93, 1.02, .94, .72),
        (-2.32, .30, .78, .90, .88, .72), (-2.38, .38, .60, .66, .76, .68))),
    Style(4.72, 1.94, 0.39, (1.42, -1.42), (   # SUV
        (2.36, .42, .72, .80, .74, .68), (2.28, .32, .80, .92, .90, .78),
        (1.95, .30, .92, 1.05, 1.0, .82), (1.45, .30, .98, 1.11, 1.0, .83),
        (1.05, .30, 1.03, 1.16, 1.0, .83), (0.35, .30, 1.07, 1.67, 1.0, .75),
        (-.50, .30, 1.08, 1.72, 1.0, .76), (-1.55, .30, 1.09, 1.67, 1.0, .75),
        (-2.08, .32, 1.12, 1.22, .98, .78), (-2.18, .34, 1.06, 1.14, .96, .78),
        (-2.28, .36, .90, .98, .92, .78), (-2.35, .44, .70, .76, .84, .76))),
    Style(5.45, 2.02, 0.37, (1.72, -1.60), (   # van
        (2.72, .40, .74, .84, .78, .72), (2.66, .30, .84, .98, .92, .80),
        (2.45, .28, 1.00, 1.16, 1.0, .86), (2.20, .28, 1.10, 1.28, 1.0, .88),
        (2.02, .28, 1.16, 1.36, 1.0, .88), (1.30, .28, 1.22, 2.08, 1.0, .86),
        (0.42, .28, 1.22, 2.16, 1.0, .88), (-2.55, .28, 1.22, 2.16, 1.0, .88),
        (-2.64, .28, 1.20, 2.08, 1.0, .88), (-2.68, .30, 1.16, 1.96, .99, .88),
        (-2.70, .32, 1.00, 1.40, .98, .88), (-2.72, .40, .74, .84, .96, .86)), glazed_to=6),
    Style(12.0, 2.55, 0.48, (3.55, -2.75), (   # bus
        (6.00, .42, .90, 1.00, .90, .86), (5.94, .34, 1.05, 1.30, .97, .92),
        (5.88, .32, 1.15, 1.75, 1.0, .95), (5.84, .32, 1.18, 2.10, 1.0, .95),
        (5.80, .32, 1.20, 2.50, 1.0, .95), (5.62, .32, 1.22, 3.06, 1.0, .94),
        (2.00, .32, 1.22, 3.12, 1.0, .94), (-5.55, .32, 1.22, 3.12, 1.0, .94),
        (-5.88, .32, 1.22, 3.00, 1.0, .94), (-5.92, .34, 1.22, 2.60, 1.0, .94),
        (-5.96, .36, 1.10, 1.60, .98, .92), (-6.00, .42, .90, 1.00, .94, .90))),
)


def dimensions() -> np.ndarray:
    """Half width, height, half length and wheel radius of each style, (5, 4) float32."""
    return np.array([(s.width / 2.0, s.height, s.length / 2.0, s.wheel) for s in STYLES],
                    np.float32)


@cache
def near_shapes() -> tuple[np.ndarray, np.ndarray]:
    """The full bodies: table (5, vertices, 8) of position, material, normal, 0; triangles (m, 3).
    Made once, and not to be written to."""
    return _joined([_body_faces(style) + _wheel_faces(style) for style in STYLES])


@cache
def mid_shapes() -> tuple[np.ndarray, np.ndarray]:
    """The bodies at a middle distance, as `near_shapes`: fewer sections, wheels that are disks."""
    faces = [_body_faces(style, MID_SECTIONS, MID_POINTS) + _disk_faces(style) for style in STYLES]
    return _joined(faces)


@cache
def far_shapes() -> tuple[np.ndarray, np.ndarray]:
    """The bodies as seen from afar, as `near_shapes`: what makes their outline, and a roof that tells
    their state. Each triangle has the look of its first vertex."""
    table, triangles = _joined([_far_faces(style) for style in STYLES])
    rows = table.transpose(1, 0, 2)
    places, looks = rows[:, :, :3], rows[:, :, 3:]
    kept, triangles = shared(*(numbered(part.reshape(len(rows), -1)) for part in (places, looks)), triangles[:, ::-1])
    return table[:, kept], triangles[:, ::-1]


def _joined(faces) -> tuple[np.ndarray, np.ndarray]:
    """Table and triangles of the same faces in every style."""
    corners = np.stack([_corners(style_faces) for style_faces in faces])
    counts = [len(points) for _, points, _ in faces[0]]
    # Corners that are the same in all five styles become one vertex.
    flat = np.round(corners.transpose(1, 0, 2).reshape(corners.shape[1], -1), 4)
    _, first, inverse = np.unique(flat, axis=0, return_index=True, return_inverse=True)
    return corners[:, first].astype(np.float32), _fans(counts, inverse.reshape(-1))


def _far_faces(style: Style):
    """Lower body, hood, windows, roof and both ends; the roof is an accent."""
    nose, cowl, front, rear, deck, tail = (_outline(style, style.sections[k]) for k in (0, 4, 5, 7, 8, 11))
    # Points of an outline: sills, belts and roof edges, left and right.
    faces = [(PAINT, (a[0], a[3], b[3], b[0]), 1) for a, b in ((nose, cowl), (cowl, deck), (deck, tail))]
    faces += [(PAINT, (a[8], a[11], b[11], b[8]), 2) for a, b in ((nose, cowl), (cowl, deck), (deck, tail))]
    return faces + [
        (PAINT, (nose[3], nose[8], cowl[8], cowl[3]), 3), (GLASS, (cowl[3], cowl[8], front[6], front[5]), 4),
        (ROOF, (front[5], front[6], rear[6], rear[5]), 5), (GLASS, (rear[5], rear[6], deck[8], deck[3]), 6),
        (PAINT, (deck[3], deck[8], tail[8], tail[3]), 3),
        (GLASS, (cowl[3], front[5], rear[5], deck[3]), 7), (GLASS, (cowl[8], deck[8], rear[6], front[6]), 8),
        (TRIM, (nose[11], nose[8], nose[3], nose[0]), 9), (TRIM, (tail[0], tail[3], tail[8], tail[11]), 9)]


def _outline(style: Style, section) -> list[tuple[float, float, float]]:
    """Twelve points of a cross section, from the left sill over the roof to the right sill."""
    z, bottom, belt, top, wide, roof = section
    half = style.width / 2.0
    edge = 0.09 if top - belt > 0.3 else 0.025
    right = [(half * wide * 0.90, bottom), (half * wide, bottom + 0.16),
             (half * wide, bottom + (belt - bottom) * 0.62), (half * wide * 0.955, belt),
             (half * wide * (roof + 0.02), top - edge), (half * wide * roof * 0.86, top)]
    return [(-x, y, z) for x, y in right] + [(x, y, z) for x, y in right[::-1]]


def _body_faces(style: Style, sections=ALL_SECTIONS, points=ALL_POINTS):
    """Faces (material, corner points, smooth group) of the loft over these sections and points of their
    outlines, its caps and its lights."""
    rings = [_outline(style, section) for section in style.sections]
    faces = []
    for gap, after in zip(sections, sections[1:]):
        for strip, next_strip in zip(points, points[1:]):
            band = min(strip, 11 - next_strip)
            if band == 0 and points is MID_POINTS:
                band = 1
            material = PAINT
            if band == 0:
                material = TRIM
            elif band == 1 and gap in (0, 10):
                material = TRIM
            elif band == 2 and gap in (0, 1, 10):
                material = (TAIL if gap == 10 else HEAD) if gap != 1 else PAINT
            elif band == 3 and 4 <= gap < style.glazed_to:
                material = GLASS
            elif band == 3 and gap == 3 and style is STYLES[4]:
                material = GLASS
            elif band >= 4 and gap == 4 or band >= 3 and gap == 7 and style.glazed_to == 8:
                material = GLASS
            elif band >= 3 and style is STYLES[4] and gap in (2, 3):
                material = GLASS
            elif band == 4 and gap in (5, 6):
                material = ACCENT
            a, b = rings[gap], rings[after]
            faces.append((material, (a[strip], a[next_strip], b[next_strip], b[strip]), 1))
    nose, tail = rings[0], rings[-1]
    half = points[:len(points) // 2 + 1]
    for low, high in zip(half, half[1:]):
        lights = low == 2
        if low + high < 11:
            faces.append((HEAD if lights else TRIM, (nose[11 - low], nose[11 - high], nose[high], nose[low]), 2))
            faces.append((TAIL if lights else TRIM, (tail[low], tail[high], tail[11 - high], tail[11 - low]), 3))
    return faces


def _wheel_faces(style: Style):
    """A dark arch, a tyre and a rim at each of the four wheels."""
    faces = []
    half, radius = style.width / 2.0, style.wheel
    for z in style.axles:
        for side in (-1.0, 1.0):
            def ring(r, x):
                return [(side * x, radius + r * math.cos(a), z + r * math.sin(a) * side)
                        for a in (2.0 * math.pi * k / WHEEL_SIDES for k in range(WHEEL_SIDES))]
            arch = ring(radius * 1.16, half + 0.004)
            outer, inner = ring(radius, half + 0.012), ring(radius, half - 0.22)
            rim = ring(radius * 0.64, half + 0.013)
            faces.append((TRIM, tuple(p if p[1] > 0.26 else (p[0], 0.26, p[2]) for p in arch), 0))
            faces += [(TYRE, (inner[k], inner[(k + 1) % WHEEL_SIDES],
                              outer[(k + 1) % WHEEL_SIDES], outer[k]), 4)
                      for k in range(WHEEL_SIDES) if outer[k][1] < radius]
            faces.append((TYRE, tuple(outer), 0))
            faces.append((RIM, tuple(rim), 0))
    return faces


def _disk_faces(style: Style):
    """Each wheel as a tyre's disk and a rim upon it."""
    faces = []
    half, radius = style.width / 2.0, style.wheel
    angles = [2.0 * math.pi * (k + 0.5) / DISK_SIDES for k in range(DISK_SIDES)]
    for z in style.axles:
        for side in (-1.0, 1.0):
            for material, r, x in ((TYRE, radius * 1.08, half + 0.008), (RIM, radius * 0.6, half + 0.02)):
                faces.append((material, tuple((side * x, radius + r * math.cos(a), z + r * math.sin(a) * side)
                                              for a in angles[::1 if material == TYRE else 2]), 0))
    return faces


def _corners(faces) -> np.ndarray:
    """Rows (position, material, normal, 0) of all corners of all faces, (corners, 8)."""
    points = np.array([p for _, corner, _ in faces for p in corner])
    face_of = np.repeat(np.arange(len(faces)), [len(c) for _, c, _ in faces])
    normals = np.array([_normal(np.array(c)) for _, c, _ in faces])
    groups = np.array([g for _, _, g in faces])
    keys = np.round(points, 4)
    _, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)
    result = np.zeros((len(points), 8))
    result[:, :3] = points
    result[:, 3] = np.array([m for m, _, _ in faces])[face_of]
    order = np.argsort(place, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
        around = normals[face_of[same]]
        # Faces of one smooth group that meet at a flat angle share their normal.
        joined = ((around @ around.T > CREASE_COSINE)
                  & (groups[face_of[same]][:, None] == groups[face_of[same]][None])
                  & (groups[face_of[same]] > 0)[:, None]) | np.eye(len(same), dtype=bool)
        smooth = joined.astype(float) @ around
        result[same, 4:7] = smooth / np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-9)
    return result


def _normal(points: np.ndarray) -> np.ndarray:
    """Outward unit normal of a face given clockwise from outside in x right, y up, z ahead."""
    ways = points[1:] - points[0]
    total = np.cross(ways[:-1], ways[1:]).sum(axis=0)
    length = np.linalg.norm(total)
    return total / length if length > 1e-9 else np.array((0.0, 1.0, 0.0))


def _fans(counts: list[int], vertex: np.ndarray) -> np.ndarray:
    """Triangles (m, 3) of faces with these corner counts, corner to vertex by `vertex`."""
    triangles, base = [], 0
    for count in counts:
        triangles += [(base, base + k, base + k + 1) for k in range(1, count - 1)]
        base += count
    return vertex[np.array(triangles)]
