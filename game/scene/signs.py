"""What stations show on screens and plates: one atlas of icons and words, a cell each.

Cells are square and laid out in rows of COLUMNS; words use the middle band of theirs, WORD_ASPECT
times as wide as high. The numbers are those of assets/shaders/post.vert.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from panda3d.core import SamplerState, Texture
from PIL import Image, ImageDraw, ImageFont

from game.scene.labels import font_file
from sim.connectors import KIND_NAMES, VERSION_NAMES

COLUMNS, ROWS, CELL = 8, 4, 128
WORD_ASPECT = 2.7
STROKE = 13


@cache
def atlas() -> Texture:
    """Coverage of every sign, mipmapped."""
    image = Image.new("L", (COLUMNS * CELL, ROWS * CELL))
    signs = [_available, _preparing, _charging, _suspended_ev, _suspended_evse, _finishing,
             _reserved, _unavailable, _faulted, _feeding, _link, _broken_link,
             _type2, _ccs1, _ccs2, _chademo, _nacs]
    signs += [_word(text) for text in (*KIND_NAMES.values(), *VERSION_NAMES.values())]
    for number, draw in enumerate(signs):
        cell = Image.new("L", (2 * CELL, 2 * CELL))
        draw(_Pen(cell))
        image.paste(cell.resize((CELL, CELL), Image.Resampling.BOX),
                    (number % COLUMNS * CELL, number // COLUMNS * CELL))
    texture = Texture("signs")
    texture.setup_2d_texture(image.width, image.height, Texture.T_unsigned_byte, Texture.F_red)
    texture.set_ram_image(np.ascontiguousarray(np.asarray(image)[::-1]).tobytes())
    texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    texture.set_anisotropic_degree(4)
    return texture


class _Pen:
    """Draws into a cell twice as large; coordinates are of a cell, its middle at (0, 0), y up."""

    def __init__(self, cell: Image.Image):
        self.draw = ImageDraw.Draw(cell)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (CELL + 2.0 * x, CELL - 2.0 * y)

    def disc(self, x, y, radius, fill=255) -> None:
        (cx, cy), r = self.at(x, y), 2.0 * radius
        self.draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=fill)

    def ring(self, x, y, radius, stroke=STROKE) -> None:
        self.disc(x, y, radius)
        self.disc(x, y, radius - stroke, 0)

    def box(self, x0, y0, x1, y1, fill=255, radius=0.0) -> None:
        (ax, by), (bx, ay) = self.at(x0, y0), self.at(x1, y1)
        self.draw.rounded_rectangle((ax, ay, bx, by), 2.0 * radius, fill=fill)

    def shape(self, *points, fill=255) -> None:
        self.draw.polygon([self.at(*point) for point in points], fill=fill)

    def line(self, *points, stroke=STROKE, fill=255) -> None:
        self.draw.line([self.at(*point) for point in points], fill=fill, width=2 * stroke, joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, stroke / 2.0, fill)


def _available(pen: _Pen) -> None:
    pen.ring(0, 0, 40)


def _preparing(pen: _Pen) -> None:
    for x in (-38, 0, 38):
        pen.disc(x, 0, 14)


def _arrow(pen: _Pen, way: float) -> None:
    pen.shape((-46, 4 * way), (46, 4 * way), (0, 54 * way))
    pen.box(-17, min(-52 * way, 6 * way), 17, max(-52 * way, 6 * way))


def _charging(pen: _Pen) -> None:
    _arrow(pen, -1.0)


def _feeding(pen: _Pen) -> None:
    _arrow(pen, 1.0)


def _pause(pen: _Pen) -> None:
    pen.box(-19, -22, -6, 22)
    pen.box(6, -22, 19, 22)


def _suspended_ev(pen: _Pen) -> None:
    """Round: the vehicle pauses."""
    pen.ring(0, 0, 54, 11)
    _pause(pen)


def _suspended_evse(pen: _Pen) -> None:
    """Square: the station pauses."""
    pen.box(-52, -52, 52, 52, radius=10)
    pen.box(-41, -41, 41, 41, fill=0, radius=4)
    _pause(pen)


def _finishing(pen: _Pen) -> None:
    pen.line((-42, -2), (-12, -34), (46, 36), stroke=17)


def _reserved(pen: _Pen) -> None:
    pen.shape((-34, 54), (34, 54), (34, -54), (0, -22), (-34, -54))


def _unavailable(pen: _Pen) -> None:
    pen.disc(0, 0, 54)
    pen.box(-34, -11, 34, 11, fill=0)


def _faulted(pen: _Pen) -> None:
    pen.shape((0, 58), (-60, -48), (60, -48))
    pen.box(-7, -12, 7, 26, fill=0)
    pen.disc(0, -28, 8, 0)


def _half_link(pen: _Pen, x: float) -> None:
    pen.box(x - 32, -19, x + 32, 19, radius=19)
    pen.box(x - 21, -8, x + 21, 8, fill=0, radius=8)


def _link(pen: _Pen) -> None:
    _half_link(pen, -24)
    _half_link(pen, 24)
    pen.box(-22, -5, 22, 5)


def _broken_link(pen: _Pen) -> None:
    _half_link(pen, -28)
    _half_link(pen, 28)
    pen.box(-16, -30, 16, 30, fill=0)
    pen.line((-10, -42), (10, 42), stroke=9)


def _pins(pen: _Pen, radius: float, *places) -> None:
    for x, y in places:
        pen.disc(x, y, radius)


def _round_face(pen: _Pen, y: float, radius: float, flat: bool) -> None:
    pen.disc(0, y, radius)
    pen.disc(0, y, radius - 7, 0)
    if flat:
        pen.box(-radius, y + 0.66 * radius, radius, y + radius + 1, fill=0)
        pen.box(-0.75 * radius, y + 0.62 * radius, 0.75 * radius, y + 0.62 * radius + 7)


def _dc_block(pen: _Pen) -> None:
    """The two direct current pins that make it combined."""
    pen.box(-44, -58, 44, -8, radius=18)
    pen.box(-37, -51, 37, -15, fill=0, radius=12)
    _pins(pen, 13, (-20, -33), (20, -33))


def _type2(pen: _Pen) -> None:
    _round_face(pen, 0, 56, True)
    _pins(pen, 7, (-14, 22), (14, 22))
    _pins(pen, 9, (-32, 0), (0, 0), (32, 0), (-17, -28), (17, -28))


def _ccs1(pen: _Pen) -> None:
    _round_face(pen, 26, 34, False)
    _pins(pen, 7, (-13, 38), (13, 38))
    _pins(pen, 5, (-16, 20), (16, 20), (0, 12))
    _dc_block(pen)


def _ccs2(pen: _Pen) -> None:
    _round_face(pen, 26, 36, True)
    _pins(pen, 4, (-8, 38), (8, 38))
    _pins(pen, 5, (-20, 25), (0, 25), (20, 25), (-11, 9), (11, 9))
    _dc_block(pen)


def _chademo(pen: _Pen) -> None:
    _round_face(pen, 0, 58, False)
    _pins(pen, 15, (-28, 0), (28, 0))
    for y in (30, -30):
        pen.ring(0, y, 15, 5)
        _pins(pen, 4, (-5, y), (5, y))


def _nacs(pen: _Pen) -> None:
    pen.shape((-50, 40), (50, 40), (36, -46), (-36, -46))
    pen.shape((-41, 33), (41, 33), (30, -39), (-30, -39), fill=0)
    _pins(pen, 14, (-19, 12), (19, 12))
    _pins(pen, 7, (-19, -22), (0, -18), (19, -22))


def _word(text: str):
    def draw(pen: _Pen) -> None:
        size, width = 110, 2.0 * CELL - 12
        font = ImageFont.truetype(str(font_file()), size)
        fitting = math.floor(size * min(1.0, width / font.getlength(text)))
        font = ImageFont.truetype(str(font_file()), fitting)
        pen.draw.text((CELL, CELL), text, 255, font=font, anchor="mm", stroke_width=1)
    return draw
