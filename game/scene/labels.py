"""Text in the scene: constant pixel size, one draw for all of it.

Glyphs are drawn once into an atlas at the size they are shown at, so text is pixel-exact at any
resolution. A label is an anchor in the world, a title and a quieter value beside it, on a dark
plate with a leader down to its anchor.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from panda3d.core import NodePath, Texture
from PIL import Image, ImageDraw, ImageFont

from game.palette import Color, Palette
from game.scene import meshes
from game.scene.buffers import BUNDLE, Buffer
from game.scene.frame import Frame
from game.scene.part import LABEL, Part
from game.scene.placing import STRIP_SHARE, Placing

GLYPHS = "".join(map(chr, range(32, 127))) + "·–−→←↑↓€°äöüÄÖÜß…"
ATLAS_WIDTH = 1024
SIZES = {"small": 12.0, "body": 13.5, "title": 15.5}
PLATE_ALPHA, DENSER = 0.72, 0.45
REFERENCE_HEIGHT = 720.0


@dataclass(frozen=True)
class Label:
    """Text at a place: `title` in `color`, `value` quieter after it, raised by `lift` pixels.

    `key` tells it from others over time; a `fixed` one is never raised or left out.
    """

    anchor: tuple[float, float, float]
    title: str
    value: str = ""
    color: Color | None = None
    size: str = "body"
    lift: float = 18.0
    alpha: float = 1.0
    dot: Color | None = None
    key: tuple = ()
    fixed: bool = False


class Labels:
    """One draw. `show` takes all labels of the moment, what matters most first; those that find
    no room are left out."""

    def __init__(self, root: NodePath, palette: Palette):
        self._palette = palette
        self._glyphs = Buffer("glyphs")
        self._placing = Placing()
        self._asked: tuple | None = None
        self._scale = 0.0
        self._atlas = Texture("glyph atlas")
        self._part = Part(root, meshes.quad_node("labels", BUNDLE), "label", "label", LABEL, two_sided=True,
                          bundle=BUNDLE)
        self._part.inputs(u_glyphs=self._glyphs.texture, u_atlas=self._atlas, u_strip=STRIP_SHARE)
        self.shown: tuple[Label, ...] = ()
        self.boxes = np.zeros((0, 4))
        self.parts = [self._part]
        self.buffers = [self._glyphs]

    @property
    def atlas_bytes(self) -> int:
        return self._atlas.get_x_size() * self._atlas.get_y_size()

    def show(self, labels: tuple[Label, ...], frame: Frame, covered: tuple = (), kept_free: tuple = ()) -> None:
        """Draw these labels, none under what is `covered` nor on what is `kept_free`; text grows with the picture's
        height. `shown` are then those that found room, `boxes` (n, 4) their plates: left, bottom, right, top, in
        pixels."""
        scale = max(frame.viewport[1] / REFERENCE_HEIGHT, 0.75)
        asked = labels, frame.viewport, frame.eye.tobytes(), frame.axes.tobytes(), covered, kept_free
        if asked == self._asked:
            return
        self._asked = asked
        if scale != self._scale:
            self._make_atlas(scale)
        text = _Text(labels, self._index, self._fonts)
        anchors = np.array([label.anchor for label in labels]).reshape(-1, 3)
        gap, pad, dot = round(6 * scale), round(8 * scale), round(9 * scale)
        dots = np.array([dot if label.dot else 0 for label in labels])
        wide = dots + text.width[0::2] + text.width[1::2] + np.where(text.width[1::2] > 0, gap, 0)
        half = np.round(wide / 2.0)
        high = np.array([round(SIZES[label.size] * 1.62 * scale) for label in labels])
        base = np.array([round(label.lift * scale) for label in labels])
        pixels, deep = frame.pixels(anchors)
        base, aside, kept = self._placing.place(labels, pixels, deep, half + pad, high, base, frame.viewport,
                                                scale, covered, kept_free)
        alpha = np.array([label.alpha for label in labels])
        plates = np.zeros((2, len(labels), 16), np.float32)
        texts = np.zeros((len(labels), 16), np.float32)
        plates[:, :, :3] = texts[:, :3] = anchors
        # The leader from the anchor up, then the plate.
        plates[0, :, 3:8] = np.stack([np.ones(len(labels)), np.full(len(labels), -0.5 * scale),
                                      np.zeros(len(labels)), np.full(len(labels), 0.5 * scale), base], 1)
        plates[0, :, 12:15], plates[0, :, 15] = self._palette.quiet, 0.7 * alpha * (base > 0)
        plates[1, :, 3] = 5.0 * scale
        plates[1, :, 4:8] = box = np.stack([aside - half - pad, base, aside + wide - half + pad, base + high], 1)
        plates[1, :, 12:15], plates[1, :, 15] = self._palette.panel, plate_alpha(alpha)
        texts[:, 3] = 3.0 * scale
        middle = base + high / 2.0
        texts[:, 4:8] = np.stack([aside - half, middle - 3.0 * scale, aside - half + 6.0 * scale,
                                  middle + 3.0 * scale], 1)
        texts[:, 12:15] = [label.dot or (0.0, 0.0, 0.0) for label in labels] or np.zeros((0, 3))
        texts[:, 15] = alpha * (dots > 0)
        start = np.stack([dots - half, dots - half + text.width[0::2] + gap], axis=1)
        start = (start + aside[:, None]).ravel()
        colors = np.array([(*(c or self._palette.text), label.alpha) for label in labels
                           for c in (label.color, self._palette.quiet)]).reshape(-1, 4)
        letters = text.rows(np.repeat(anchors, 2, axis=0), start,
                            np.repeat(base + np.round(high * 0.31), 2), colors)
        rows = np.concatenate([plates[:, kept].reshape(-1, 16), texts[kept],
                               letters[np.repeat(kept, 2)[text.segment]]])
        self.shown = tuple(label for label, keep in zip(labels, kept) if keep)
        self.boxes = (box + np.concatenate([pixels, pixels], axis=1))[kept]
        if not len(rows):
            rows = np.zeros((1, 16), np.float32)
        self._glyphs.write(np.concatenate([rows, np.zeros((BUNDLE, 16))]).astype(np.float32))
        self._part.set_instances(len(rows))

    def _make_atlas(self, scale: float) -> None:
        """Take the glyphs at this scale: 13.5 px letters at 720 lines."""
        self._scale = scale
        rows, pixels, self._fonts = _glyphs(scale)
        self._atlas.setup_2d_texture(ATLAS_WIDTH, rows, Texture.T_unsigned_byte, Texture.F_red)
        self._atlas.set_ram_image(pixels)
        self._atlas.set_minfilter(Texture.FT_nearest)
        self._atlas.set_magfilter(Texture.FT_nearest)
        self._index = {character: k for k, character in enumerate(GLYPHS)}


def plate_alpha(alpha):
    """Of the plate under letters of that alpha: the fainter they are, the denser, so that they can be read by day."""
    return PLATE_ALPHA + DENSER * (1.0 - alpha)


@cache
def _glyphs(scale: float) -> tuple[int, bytes, np.ndarray]:
    """All glyphs at this scale: the rows of their atlas, its pixels, and of each size and glyph (sizes,
    glyphs, 9) advance, offset and size (pixels), then the place in the atlas."""
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
            places.append((advance, x0, -y1, width, height, x, y))
            x += width + 2
    rows = y + tallest
    pixels = np.ascontiguousarray(np.asarray(image)[:rows][::-1]).tobytes()
    table = np.array([
        (round(advance), left, bottom, width, height, px / ATLAS_WIDTH,
         1.0 - (py + height) / rows, (px + width) / ATLAS_WIDTH, 1.0 - py / rows)
        for advance, left, bottom, width, height, px, py in places])
    return rows, pixels, table.reshape(len(SIZES), len(GLYPHS), 9)


class _Text:
    """Titles and values of labels, two segments each, laid out all at once."""

    def __init__(self, labels: tuple[Label, ...], index: dict[str, int], fonts: np.ndarray):
        sizes = list(SIZES)
        texts = [text for label in labels for text in (label.title, label.value)]
        size = [sizes.index(which) for label in labels for which in
                (label.size, "small" if label.size != "title" else "body")]
        unknown = index["?"]
        glyph = np.array([index.get(c, unknown) for text in texts for c in text], np.int64)
        counts = np.array([len(text) for text in texts], np.int64)
        self.segment = np.repeat(np.arange(len(texts)), counts)
        self._font = fonts[np.array(size, np.int64)[self.segment], glyph].reshape(-1, 9)
        end = np.cumsum(self._font[:, 0])
        before = np.concatenate([[0.0], end])
        first = np.concatenate([[0], np.cumsum(counts)])
        self.width = before[first[1:]] - before[first[:-1]]
        self._x = before[:-1] - before[first[:-1]][self.segment]

    def rows(self, anchors, x, y, colors) -> np.ndarray:
        """Texels (letters, 16) of all letters; anchors, x, y and colours by segment."""
        font, segment = self._font, self.segment
        left = x[segment] + self._x + font[:, 1]
        bottom = y[segment] + font[:, 2]
        return np.concatenate([
            anchors[segment], np.zeros((len(segment), 1)), left[:, None], bottom[:, None],
            (left + font[:, 3])[:, None], (bottom + font[:, 4])[:, None], font[:, 5:9],
            colors[segment]], axis=1)


def font_file() -> Path:
    """Roboto, as imgui_bundle ships it."""
    spec = importlib.util.find_spec("imgui_bundle")
    if spec is None or spec.origin is None:
        raise RuntimeError("imgui_bundle is not installed: no font for the scene's labels")
    return Path(spec.origin).parent / "assets" / "fonts" / "Roboto" / "Roboto-Regular.ttf"
