"""The price board at the hub's foot, as at a filling station: the price, and how dear that is."""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import NodePath, Texture
from PIL import Image, ImageDraw, ImageFont

from game.palette import rgb
from game.scene import meshes
from game.scene.labels import font_file
from game.scene.part import SOLID, Part

CASE = rgb("#39445A")
# Half width, height of the lower and the upper edge, half depth (m); where it stands, where it looks.
HALF_WIDE, LOW, HIGH, HALF_DEEP = 2.4, 1.0, 3.4, 0.16
DISTANCE, BEARING, FACING = 10.5, math.radians(235.0), math.radians(192.0)
PIXELS = (352, 256)
NUMBER_PX, UNIT_PX = 122, 50
UNIT_SHADE = 150


class PriceBoard:
    """One draw: both faces. The case belongs to the monument."""

    def __init__(self, root: NodePath):
        mesh = meshes.Mesh()
        for side in (1.0, -1.0):
            _face(mesh, side)
        self._shown: tuple[str, str] | None = None
        self._texture = Texture("price")
        self._texture.setup_2d_texture(*PIXELS, Texture.T_unsigned_byte, Texture.F_red)
        self._texture.set_minfilter(Texture.FT_linear_mipmap_linear)
        self._texture.set_wrap_u(Texture.WM_clamp)
        self._texture.set_wrap_v(Texture.WM_clamp)
        self.part = Part(root, mesh.geom_node("price"), "hub_price", "hub_price", SOLID)
        self.part.inputs(u_price=self._texture)
        self.show("", "")

    def show(self, price: str, unit: str) -> None:
        """Write a number and its unit, unless they stand there already."""
        if (price, unit) == self._shown:
            return
        self._shown = price, unit
        image = Image.new("L", PIXELS)
        pen = ImageDraw.Draw(image)
        for text, size, y, shade in ((price, NUMBER_PX, 150, 255), (unit, UNIT_PX, 218, UNIT_SHADE)):
            font = ImageFont.truetype(str(font_file()), size)
            while size > 12 and font.getlength(text) > PIXELS[0] - 16:
                size -= 4
                font = ImageFont.truetype(str(font_file()), size)
            pen.text((PIXELS[0] - 14, y), text, shade, font=font, anchor="rs")
        self._texture.set_ram_image(np.ascontiguousarray(np.asarray(image)[::-1]).tobytes())


def corners(hub_xyz: np.ndarray, scale: float) -> np.ndarray:
    """Of what is written on, at a hub of that scale, (4, 3) m."""
    return hub_xyz + scale * np.array([_placed(x, y, 0.0) for x in (-HALF_WIDE, HALF_WIDE) for y in (LOW, HIGH)])


def board(mesh: meshes.Mesh) -> None:
    """The case on two feet."""
    mesh.tint, mesh.data = (*CASE, 0.0), (0.0, 0.0, 0.0, 0.0)
    for low, high in (((-HALF_WIDE - 0.14, LOW - 0.14), (HALF_WIDE + 0.14, HIGH + 0.14)),
                      ((-HALF_WIDE + 0.5, 0.0), (-HALF_WIDE + 0.8, LOW - 0.14)),
                      ((HALF_WIDE - 0.8, 0.0), (HALF_WIDE - 0.5, LOW - 0.14))):
        first = len(mesh.vertices)
        mesh.box((low[0], low[1], -HALF_DEEP), (high[0], high[1], HALF_DEEP), bottom=True)
        for k in range(first, len(mesh.vertices)):
            x, y, z, nx, ny, nz, *rest = mesh.vertices[k]
            mesh.vertices[k] = (*_placed(x, y, z), *(_turned(nx, ny, nz)), *rest)


def _face(mesh: meshes.Mesh, side: float) -> None:
    """What is written on, in front (1) or behind (-1): data is the place on it, 0..1."""
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    first = len(mesh.vertices)
    # From in front of it, what looks south has east at its right.
    mesh.face([_placed(side * (2.0 * u - 1.0) * -HALF_WIDE, LOW + v * (HIGH - LOW),
                       side * (HALF_DEEP + 0.012)) for u, v in corners])
    for k, (u, v) in enumerate(corners):
        mesh.vertices[first + k] = (*mesh.vertices[first + k][:10], u, v, 0.0, 0.0)


def _turned(x: float, y: float, z: float) -> tuple[float, float, float]:
    sine, cosine = math.sin(FACING), math.cos(FACING)
    return x * cosine + z * sine, y, z * cosine - x * sine


def _placed(x: float, y: float, z: float) -> tuple[float, float, float]:
    dx, _, dz = _turned(x, y, z)
    return DISTANCE * math.sin(BEARING) + dx, y, DISTANCE * math.cos(BEARING) + dz
