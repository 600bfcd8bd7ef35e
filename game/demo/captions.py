"""A film's titles over the live picture: the same patches, placed by the same rules, as textures, which are
made only when their words change."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from panda3d.core import (CardMaker, ColorBlendAttrib, LMatrix4f, NodePath, SamplerState, Texture,
                          TransparencyAttrib)

from entities.world import World
from game.film.lettering import Patch, tinted
from game.film.titles import CLOSING_ALPHA, SCRIM_ALPHA, Rect, Spoken, Titles, scrim, shades
from game.palette import Palette
from game.scene.scene import Scene
from game.scene.selection import named

RING_PX, LINE_PX = 6.0, 1.2
SCRIM_ROWS = 256


def in_place(titles: Iterable, words: dict[int, Spoken], scene: Scene, world: World) -> list[tuple[int, Spoken]]:
    """Titles of a moment (number, title, opacity), said in `words` by number: callouts at what they are about, and
    left out where that is not in the picture."""
    said = []
    for k, title, opacity in titles:
        at = scene.pixel_of(world, *named(world, title.of)) if title.kind == "callout" else None
        if at is not None or title.kind != "callout":
            said.append((k, replace(words[k], opacity=opacity, at=at)))
    return said


class Captions:
    """Titles over the window of `base`, `size` pixels, below the panels."""

    def __init__(self, base, size: tuple[int, int], palette: Palette):
        self._palette = palette
        self._root: NodePath = base.render2d.attach_new_node("captions")
        self._root.set_bin("fixed", 0)
        self._root.set_transparency(TransparencyAttrib.M_none)
        self._root.set_attrib(ColorBlendAttrib.make(ColorBlendAttrib.M_add, ColorBlendAttrib.O_one,
                                                    ColorBlendAttrib.O_one_minus_incoming_alpha))
        self._cards: dict[object, _Card] = {}
        self._ground = self._solid(palette.ground)
        rows = scrim(SCRIM_ROWS)[:, None, None]
        self._lower = Patch(rows * np.array(palette.ground, np.float32), rows)
        self.resize(size)

    def resize(self, size: tuple[int, int], within: tuple[int, int] | None = None,
               at: tuple[int, int] = (0, 0)) -> None:
        """Fit to another picture, of `size` pixels; it may be a part of a window, `within`, with its upper left
        corner `at` a pixel of that."""
        self._size, self._titles = size, Titles(size, self._palette)
        self._unit = math.sqrt(size[0] * size[1] / (1280.0 * 720.0))
        width, height = within or size
        self._root.set_mat(LMatrix4f(2 / width, 0, 0, 0, 0, 2 / height, 0, 0, 0, 0, 1, 0,
                                     2 * at[0] / width - 1, 1 - 2 * at[1] / height, 0, 1))

    def show(self, spoken: list[tuple[int, Spoken]], taken: tuple[Rect, ...] = ()) -> None:
        """Show numbered titles and no others; they keep off what is `taken` (left, top, right, bottom)."""
        self._titles.taken = taken
        words = [one for _, one in spoken]
        lower, closing = shades(words)
        wanted = {}
        whole = (0, 0, *self._size)
        if lower > 0.0:
            wanted["lower"] = (self._lower, whole, SCRIM_ALPHA * lower, True)
        if closing > 0.0:
            wanted["closing"] = (self._ground, whole, CLOSING_ALPHA * closing, False)
        numbers = {id(one): number for number, one in spoken}
        for placed in self._titles.place(words):
            one, number = placed.spoken, numbers[id(placed.spoken)]
            if one.kind == "callout":
                line = self._solid(tinted(self._palette, one.tone))
                for k, rect in enumerate(self._leader(one.at, placed.rect)):
                    wanted[number, k] = (line, rect, one.opacity, False)
            wanted[number] = (placed.patch, placed.rect, one.opacity, False)
        for key in self._cards.keys() - wanted.keys():
            self._cards.pop(key).remove()
        for order, (key, (patch, rect, opacity, smooth)) in enumerate(wanted.items()):
            if key not in self._cards:
                self._cards[key] = _Card(self._root)
            self._cards[key].show(patch, rect, opacity, order, smooth)

    def clear(self) -> None:
        """Show none."""
        self.show([])

    def close(self) -> None:
        """Give everything back."""
        self._cards.clear()
        self._root.remove_node()

    def _leader(self, at: tuple[float, float], rect) -> list[tuple[int, int, int, int]]:
        """An upright line from a callout to above what it is about, and a square mark there."""
        x, y = round(at[0]), round(at[1])
        thick, radius = max(round(LINE_PX * self._unit), 1), max(round(RING_PX * self._unit / 2.0), 2)
        foot, head = (rect[3], y - radius) if y > rect[3] else (y + radius, rect[1])
        mark = (x - radius, y - radius, x + radius, y + radius)
        return [mark, (x, foot, x + thick, head)] if head > foot and rect[0] <= x <= rect[2] else [mark]

    @staticmethod
    def _solid(colour) -> Patch:
        return Patch(np.array(colour, np.float32).reshape(1, 1, 3), np.ones((1, 1, 1), np.float32))


class _Card:
    """A patch as a card; its texture is written anew when the patch is another."""

    def __init__(self, root: NodePath):
        maker = CardMaker("title")
        maker.set_frame(0.0, 1.0, -1.0, 0.0)
        self._path = root.attach_new_node(maker.generate())
        self._path.set_two_sided(True)
        self._patch: Patch | None = None
        self._shape = None

    def show(self, patch: Patch, rect: tuple[int, int, int, int], opacity: float, order: int,
             smooth: bool) -> None:
        """Lay it over `rect` (left, top, right, bottom, px); `smooth` where it is stretched."""
        if patch is not self._patch:
            self._write(patch, smooth)
        left, top, right, bottom = rect
        self._path.set_pos(left, -top, 0.0)
        self._path.set_scale(max(right - left, 1), max(bottom - top, 1), 1.0)
        self._path.set_color_scale(*[opacity] * 4)
        self._path.set_bin("fixed", order)

    def remove(self) -> None:
        self._path.clear_texture()
        self._path.remove_node()

    def _write(self, patch: Patch, smooth: bool) -> None:
        self._patch, shape = patch, patch.alpha.shape[:2]
        if shape != self._shape:
            self._shape, self._texture = shape, Texture("title")
            self._texture.setup_2d_texture(shape[1], shape[0], Texture.T_unsigned_byte, Texture.F_rgba8)
            kind = SamplerState.FT_linear if smooth else SamplerState.FT_nearest
            self._texture.set_minfilter(kind)
            self._texture.set_magfilter(kind)
            self._texture.set_wrap_u(SamplerState.WM_clamp)
            self._texture.set_wrap_v(SamplerState.WM_clamp)
            self._path.set_texture(self._texture)
        pixels = np.concatenate([patch.colour[..., ::-1], patch.alpha], axis=2)[::-1]
        self._texture.set_ram_image(np.rint(np.clip(pixels, 0.0, 1.0) * 255.0).astype(np.uint8).tobytes())
