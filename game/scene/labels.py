"""Text in the scene: constant pixel size, one draw for all of it.

Glyphs are drawn once into an atlas at the size they are shown at, so text is pixel-exact at any
resolution. A label is an anchor in the world, a title and a quieter value beside it, on a dark
plate with a leader down to its anchor.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from panda3d.core import NodePath, Texture
from PIL import Image, ImageDraw, ImageFont

from game.palette import Color, Palette
from game.scene import meshes
from game.scene.buffers import Buffer
from game.scene.part import LABEL, Part

GLYPHS = "".join(map(chr, range(32, 127))) + "·–−→←↑↓€°äöüÄÖÜß…"
ATLAS_WIDTH = 1024
SIZES = {"small": 12.0, "body": 13.5, "title": 15.5}
PLATE_ALPHA = 0.72
REFERENCE_HEIGHT = 720.0


@dataclass(frozen=True)
class Label:
    """Text at a place: `title` in `color`, `value` quieter after it, raised by `lift` pixels."""

    anchor: tuple[float, float, float]
    title: str
    value: str = ""
    color: Color | None = None
    size: str = "body"
    lift: float = 18.0
    alpha: float = 1.0
    dot: Color | None = None


class Labels:
    """One draw. `show` takes all labels of the moment; unchanged ones cost nothing."""

    def __init__(self, root: NodePath, palette: Palette):
        self._palette = palette
        self._glyphs = Buffer("glyphs")
        self._shown: tuple[Label, ...] | None = None
        self._scale = 0.0
        self._font: dict[str, dict[str, tuple]] = {}
        self._atlas = Texture("glyph atlas")
        self._part = Part(root, meshes.quad_node("labels"), "label", "label", LABEL, two_sided=True)
        self._part.inputs(u_glyphs=self._glyphs.texture, u_atlas=self._atlas)
        self.parts = [self._part]
        self.buffers = [self._glyphs]

    @property
    def atlas_bytes(self) -> int:
        return self._atlas.get_x_size() * self._atlas.get_y_size()

    @property
    def shown(self) -> tuple[Label, ...]:
        return self._shown or ()

    def show(self, labels: tuple[Label, ...], viewport_height: int) -> None:
        """Draw these labels; text grows with the picture's height."""
        scale = max(viewport_height / REFERENCE_HEIGHT, 0.75)
        if scale != self._scale:
            self._make_atlas(scale)
        elif labels == self._shown:
            return
        self._shown = labels
        plates: list[tuple] = []
        texts: list[tuple] = []
        for label in labels:
            self._compose(label, plates, texts)
        rows = np.array(plates + texts or [(0.0,) * 16], np.float32)
        self._glyphs.write(rows)
        self._part.set_instances(len(rows))

    def _compose(self, label: Label, plates: list, texts: list) -> None:
        scale, palette = self._scale, self._palette
        small = "small" if label.size != "title" else "body"
        gap, pad = round(6 * scale), round(8 * scale)
        dot = round(9 * scale) if label.dot else 0
        width = dot + self._width(label.title, label.size)
        if label.value:
            width += gap + self._width(label.value, small)
        half, height = round(width / 2.0), round(SIZES[label.size] * 1.62 * scale)
        base = round(label.lift * scale)
        left, anchor = -half, label.anchor
        if label.lift > 0.0:
            plates.append((*anchor, 1.0, -0.5 * scale, 0.0, 0.5 * scale, base, 0, 0, 0, 0,
                           *palette.quiet, 0.7 * label.alpha))
        plates.append((*anchor, 5.0 * scale, left - pad, base, left + width + pad, base + height,
                       0, 0, 0, 0, *palette.panel, PLATE_ALPHA * label.alpha))
        if label.dot:
            middle, r = base + height / 2.0, 3.0 * scale
            texts.append((*anchor, r, left, middle - r, left + 2 * r, middle + r, 0, 0, 0, 0,
                          *label.dot, label.alpha))
        line = base + round(height * 0.31)
        x = self._write(texts, anchor, left + dot, line, label.title, label.size,
                        (*(label.color or palette.text), label.alpha))
        if label.value:
            self._write(texts, anchor, x + gap, line, label.value, small,
                        (*palette.quiet, label.alpha))

    def _write(self, texts: list, anchor, x: float, y: float, text: str, size: str, color) -> float:
        font = self._font[size]
        for character in text:
            advance, left, bottom, width, height, uv = font.get(character, font["?"])
            if width:
                texts.append((*anchor, 0.0, x + left, y + bottom, x + left + width,
                              y + bottom + height, *uv, *color))
            x += advance
        return x

    def _width(self, text: str, size: str) -> float:
        font = self._font[size]
        return sum(font.get(c, font["?"])[0] for c in text)

    def _make_atlas(self, scale: float) -> None:
        """Draw all glyphs at this scale: 13.5 px letters at 720 lines."""
        self._scale = scale
        fonts = {name: ImageFont.truetype(str(font_file()), round(size * scale))
                 for name, size in SIZES.items()}
        tallest = max(sum(f.getmetrics()) for f in fonts.values()) + 2
        image = Image.new("L", (ATLAS_WIDTH, tallest * 3 * 12))
        pen, x, y = ImageDraw.Draw(image), 1, 1
        places = []
        for name, font in fonts.items():
            digit = max(font.getlength(d) for d in "0123456789")
            for character in GLYPHS:
                x0, y0, x1, y1 = font.getbbox(character, anchor="ls")
                width, height = max(x1 - x0, 0), max(y1 - y0, 0)
                if x + width + 2 > ATLAS_WIDTH:
                    x, y = 1, y + tallest
                pen.text((x - x0, y - y0), character, 255, font=font, anchor="ls")
                # Tabular figures: every digit takes the widest digit's room.
                advance = digit if character.isdigit() else font.getlength(character)
                places.append((name, character, advance, x0, -y1, width, height, x, y))
                x += width + 2
        rows = y + tallest
        pixels = np.asarray(image)[:rows][::-1]
        self._atlas.setup_2d_texture(ATLAS_WIDTH, rows, Texture.T_unsigned_byte, Texture.F_red)
        self._atlas.set_ram_image(np.ascontiguousarray(pixels).tobytes())
        self._atlas.set_minfilter(Texture.FT_nearest)
        self._atlas.set_magfilter(Texture.FT_nearest)
        self._font = {name: {} for name in fonts}
        for name, character, advance, left, bottom, width, height, px, py in places:
            uv = (px / ATLAS_WIDTH, 1.0 - (py + height) / rows,
                  (px + width) / ATLAS_WIDTH, 1.0 - py / rows)
            self._font[name][character] = (round(advance), left, bottom, width, height, uv)


def font_file() -> Path:
    """Roboto, as imgui_bundle ships it."""
    spec = importlib.util.find_spec("imgui_bundle")
    if spec is None or spec.origin is None:
        raise RuntimeError("imgui_bundle is not installed: no font for the scene's labels")
    return Path(spec.origin).parent / "assets" / "fonts" / "Roboto" / "Roboto-Regular.ttf"
