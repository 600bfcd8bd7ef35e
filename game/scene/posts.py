"""Shapes of what stands on the islands: charging posts, one a connector, and stations' cabinets.

Faces that are more than matter carry a role in data.x for assets/shaders/post.vert. Signs have
their place in the atlas cell in data.yz, bars how far along a point is in data.y, plates (which
face the eye) their place in plate units in data.yz and what it is in data.w.
"""

from __future__ import annotations

from enum import IntEnum

from game.palette import rgb
from game.scene import meshes
from game.scene.signs import WORD_ASPECT

SHELL, DARK, GLASS, FOOT = rgb("#8793A8"), rgb("#1B2230"), rgb("#0A0E16"), rgb("#4A5569")
MARK_FOOT = 1.84
BAND = ((1.0 - 1.0 / WORD_ASPECT) / 2.0, (1.0 + 1.0 / WORD_ASPECT) / 2.0)


class Role(IntEnum):
    """Numbers of assets/shaders/post.vert."""

    BODY = 0
    MARK = 1
    LAMP = 2
    POWER = 3
    CAP = 4
    SESSION = 5
    ICON = 6
    PLUG = 7
    KIND = 8
    VERSION = 9
    LINK = 10
    SHARE = 11
    PLATE = 12
    STATION_PLATE = 13


class Piece(IntEnum):
    """What of a plate a face is."""

    BACK = 0
    SIGN = 1
    TRACK = 2
    FILL = 3
    LINK = 4


def post() -> meshes.Mesh:
    """A slim post: screen above, the connector's own face below it, lamps for session and power."""
    mesh = meshes.Mesh()
    _solid(mesh, FOOT, (-0.24, 0.0, -0.14), (0.24, 0.08, 0.14))
    _solid(mesh, SHELL, (-0.19, 0.08, -0.09), (0.19, 1.68, 0.07))
    _solid(mesh, DARK, (-0.17, 0.12, 0.07), (0.17, 1.64, 0.085))
    _sign(mesh, Role.ICON, -0.135, 1.335, 0.135, 1.605, 0.087)
    half = 0.155
    _sign(mesh, Role.KIND, -half, 1.21, half, 1.21 + 2.0 * half / WORD_ASPECT, 0.087, BAND)
    _solid(mesh, GLASS, (-0.16, 0.82, 0.085), (0.16, 1.14, 0.10))
    _sign(mesh, Role.PLUG, -0.15, 0.83, 0.15, 1.13, 0.102)
    _solid(mesh, DARK, (0.19, 0.86, -0.05), (0.25, 1.10, 0.05))
    _lamp(mesh, Role.SESSION, (-0.13, 0.755, 0.085), (0.13, 0.785, 0.095))
    _bar(mesh, Role.POWER, -0.045, 0.045, 0.16, 0.70, 0.095)
    _lamp(mesh, Role.CAP, (-0.19, 1.68, -0.09), (0.19, 1.74, 0.085))
    return mesh


def far_post() -> meshes.Mesh:
    """A post without its signs: shell, dark front with the bar of its power, cap."""
    mesh = meshes.Mesh()
    _solid(mesh, SHELL, (-0.19, 0.0, -0.09), (0.19, 1.68, 0.07))
    _as(mesh, Role.BODY, DARK, 0.0)
    mesh.face([(0.17, 0.12, 0.085), (-0.17, 0.12, 0.085), (-0.17, 1.64, 0.085), (0.17, 1.64, 0.085)])
    _bar(mesh, Role.POWER, -0.06, 0.06, 0.16, 0.70, 0.095)
    _as(mesh, Role.CAP, (1.0, 1.0, 1.0))
    mesh.face([(-0.2, 1.70, -0.12), (0.2, 1.70, -0.12), (0.2, 1.70, 0.12), (-0.2, 1.70, 0.12)])
    return mesh


def post_mark() -> meshes.Mesh:
    """Nobody can charge here: a bar across the post's face and a cone on its top."""
    mesh = meshes.Mesh()
    _as(mesh, Role.MARK)
    mesh.box((-0.44, 1.15, 0.10), (0.44, 1.28, 0.18))
    mesh.prism(6, ((0.30, MARK_FOOT), (0.0, MARK_FOOT + 0.62)), cap=False)
    return mesh


def cabinet() -> meshes.Mesh:
    """The station's power cabinet: a screen with protocol version and connection, and a bar of its
    load beside an equal share's mark. Its lamp is dark unless something is wrong."""
    mesh = meshes.Mesh()
    _solid(mesh, FOOT, (-0.36, 0.0, -0.21), (0.36, 0.10, 0.21))
    _solid(mesh, SHELL, (-0.32, 0.10, -0.18), (0.32, 0.92, 0.16))
    _solid(mesh, DARK, (-0.34, 0.92, -0.20), (0.34, 0.97, 0.18))
    mesh.tint = (*DARK, 0.0)
    for k in range(4):
        y = 0.26 + 0.13 * k
        mesh.face([(0.26, y, -0.185), (-0.26, y, -0.185), (-0.26, y + 0.05, -0.185),
                   (0.26, y + 0.05, -0.185)][::-1])
    _solid(mesh, DARK, (-0.29, 0.42, 0.16), (0.29, 0.88, 0.172))
    _sign(mesh, Role.VERSION, -0.10, 0.63, 0.27, 0.63 + 0.37 / WORD_ASPECT, 0.174, BAND)
    _sign(mesh, Role.LINK, -0.28, 0.61, -0.12, 0.77, 0.174)
    _share_bar(mesh)
    _lamp(mesh, Role.LAMP, (-0.24, 0.97, 0.01), (0.24, 1.0, 0.06))
    return mesh


def far_cabinet() -> meshes.Mesh:
    mesh = meshes.Mesh()
    _solid(mesh, SHELL, (-0.32, 0.0, -0.18), (0.32, 0.96, 0.16))
    return mesh


def _as(mesh: meshes.Mesh, role: Role, color=(0.0, 0.0, 0.0), shines: float = 1.0) -> None:
    mesh.tint, mesh.data = (*color, shines), (float(role), 0.0, 0.0, 0.0)


def _solid(mesh: meshes.Mesh, color, low, high) -> None:
    _as(mesh, Role.BODY, color, 0.0)
    mesh.box(low, high)


def _lamp(mesh: meshes.Mesh, role: Role, low, high) -> None:
    _as(mesh, role, (1.0, 1.0, 1.0))
    mesh.box(low, high)


def _corners(mesh: meshes.Mesh, points, *data) -> None:
    """A face whose corners have data.yzw of their own."""
    mesh.face(points)
    count, role = len(points), mesh.data[0]
    for k, own in zip(range(-count, 0), zip(*data)):
        mesh.vertices[k] = (*mesh.vertices[k][:10], role, *own)


def _sign(mesh, role: Role, x0, y0, x1, y1, z, band=(0.0, 1.0)) -> None:
    """An icon or a word on a front; seen from there x runs to the left."""
    _as(mesh, role, GLASS, 0.0)
    low, high = band
    _corners(mesh, [(x1, y0, z), (x0, y0, z), (x0, y1, z), (x1, y1, z)],
             (0.0, 1.0, 1.0, 0.0), (low, low, high, high), (0.0,) * 4)


def _bar(mesh, role: Role, x0, x1, y0, y1, z) -> None:
    """A bar that fills upwards."""
    _as(mesh, role, GLASS, 0.0)
    _corners(mesh, [(x1, y0, z), (x0, y0, z), (x0, y1, z), (x1, y1, z)],
             (0.0, 0.0, 1.0, 1.0), (0.0,) * 4, (0.0,) * 4)


def _share_bar(mesh) -> None:
    """A bar that fills to the right, its middle an equal share."""
    _as(mesh, Role.SHARE, GLASS, 0.0)
    x, z = 0.26, 0.174
    _corners(mesh, [(x, 0.48, z), (-x, 0.48, z), (-x, 0.55, z), (x, 0.55, z)],
             (0.0, 1.0, 1.0, 0.0), (0.0,) * 4, (0.0,) * 4)
    _solid(mesh, SHELL, (-0.006, 0.46, 0.172), (0.006, 0.57, 0.178))


def _plate_face(mesh, piece: Piece, x0, y0, x1, y1, cut: float = 0.0) -> None:
    """A rectangle of a plate in plate units, its corners cut off."""
    points = [(x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut), (x1 - cut, y1),
              (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut)] if cut else \
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    _corners(mesh, [(x, y, 0.0) for x, y in points], [x for x, _ in points],
             [y for _, y in points], [float(piece)] * len(points))


def post_plate() -> meshes.Mesh:
    """A connector's status as a plate that faces the eye."""
    mesh = meshes.Mesh()
    _as(mesh, Role.PLATE)
    _plate_face(mesh, Piece.BACK, -1.0, -1.0, 1.0, 1.0, 0.25)
    _plate_face(mesh, Piece.SIGN, -0.8, -0.8, 0.8, 0.8)
    return mesh


def station_plate() -> meshes.Mesh:
    """Version above, share of the load below, and between them the link where that is asked for."""
    mesh = meshes.Mesh()
    _as(mesh, Role.STATION_PLATE)
    _plate_face(mesh, Piece.BACK, -1.7, -1.0, 1.7, 1.0, 0.25)
    _plate_face(mesh, Piece.SIGN, -1.5, 0.15 - 1.5 / WORD_ASPECT, 1.5, 0.15 + 1.5 / WORD_ASPECT)
    _plate_face(mesh, Piece.LINK, -0.95, -0.95, 0.95, 0.95)
    _plate_face(mesh, Piece.TRACK, -1.4, -0.80, 1.4, -0.52)
    _plate_face(mesh, Piece.FILL, -1.4, -0.80, 1.4, -0.52)
    return mesh
