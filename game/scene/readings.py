"""The numbers that an overlay reads off every vehicle or station, each on a small plate."""

from __future__ import annotations

from functools import cache

import numpy as np
from panda3d.core import NodePath, SamplerState, Texture
from PIL import Image, ImageDraw, ImageFont

from game.look import Look, Overlay
from game.scene import meshes
from game.scene.buffers import BUNDLE, RowList
from game.scene.labels import font_file
from game.scene.part import GLOW, SHINE, Part
from game.scene.stations import Stations
from game.scene.vehicles import Vehicles

OF_VEHICLES = (Overlay.FLOW, Overlay.SOC, Overlay.PRICE, Overlay.HEALTH)
OF_STATIONS = (Overlay.LOAD, Overlay.VOLTAGE)
# Cells of the atlas as assets/shaders/reading.frag has them: pixels, and how high capitals are.
CHARACTERS, CELLS, CELL, CAPITAL = "0123456789+−.–", 16, (40, 64), 50


class Readings:
    """Two draws, of which at most one is shown: plates over vehicles, and over stations. As many as are
    drawn in full have one."""

    def __init__(self, root: NodePath, vehicles: Vehicles, stations: Stations):
        digits = _digits()
        self._shown: list[tuple[Part, RowList]] = []
        self._all = []
        for shader, rows in (("reading", vehicles.near_list), ("reading_station", stations.near_cabinets)):
            part = Part(root, meshes.quad_node(shader, BUNDLE), shader, "reading", GLOW, two_sided=True,
                        bundle=BUNDLE)
            vehicles.bind(part, rows)
            part.inputs(u_digits=digits, u_places=stations.cabinet_places.texture,
                        u_states=stations.cabinet_states.texture)
            # The nearer plate covers the farther one, and none shines.
            part.path.set_depth_write(True)
            part.path.hide(SHINE)
            part.path.hide()
            self._all.append((part, rows))
        self.buffers: list = []

    @property
    def parts(self) -> list[Part]:
        return [part for part, _ in self._shown]

    def show(self, look: Look) -> None:
        """Show those that the overlay asks for."""
        wanted = [pair for pair, overlays in zip(self._all, (OF_VEHICLES, OF_STATIONS))
                  if look.overlay in overlays]
        if wanted != self._shown:
            for part, _ in self._shown:
                part.path.hide()
            for part, _ in wanted:
                part.path.show()
            self._shown = wanted
        for part, rows in wanted:
            part.set_instances(len(rows))


@cache
def characters() -> Image.Image:
    """Coverage of CHARACTERS, one a cell, in a row."""
    width, height = CELL
    image = Image.new("L", (CELLS * width, height))
    pen, size = ImageDraw.Draw(image), 10
    while _height(font := ImageFont.truetype(str(font_file()), size)) < CAPITAL:
        size += 1
    base = height - (height - CAPITAL) / 2.0
    for k, character in enumerate(CHARACTERS):
        pen.text(((k + 0.5) * width, base), character, 255, font=font, anchor="ms", stroke_width=1)
    return image


def _height(font: ImageFont.FreeTypeFont) -> int:
    _, top, _, bottom = font.getbbox("0")
    return bottom - top


def _digits() -> Texture:
    image, texture = characters(), Texture("digits")
    texture.setup_2d_texture(image.width, image.height, Texture.T_unsigned_byte, Texture.F_red)
    texture.set_ram_image(np.ascontiguousarray(np.asarray(image)[::-1]).tobytes())
    texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    return texture
