"""Words as patches of colour: wrapped to the room they have, made smaller only where one word is too wide.

Pillow draws them, by its own layout and fonts that are given, never the system's, so that a patch is the same everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from game.film.faces import ROBOTO, Face, characters, composed, extent, is_drawn, needs_shaping
from game.palette import Color, Palette

LEADING, SHADOW_ALPHA = 1.24, 0.85
FINER = 4       # than the picture, drawn for the sake of round corners
LEAST_SHRINK = 0.4
NO_START = frozenset("、。，．：；？！）〕］｝〉》」』】〙〗”’…‥ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々〻,.:;?!)]}%°")
NO_END = frozenset("（〔［｛〈《「『【〘〖“‘([{")
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Run:
    """Words of one size (px), weight and tone (a colour's name in the palette), that take at least `room`."""

    text: str
    px: float
    bold: bool = False
    tone: str = "text"
    room: float = 0.0
    face: Face = ROBOTO

    def width(self) -> float:
        """Pixels to where the next run begins."""
        return max(sum(used.getlength(text) for used, text in self.spans()), self.room)

    def spans(self) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Its text in pieces of one font each: the face's own where it has the letters. Text whose letters depend on
        each other is one piece."""
        text, files = composed(self.text), self.face.files(self.bold)
        if needs_shaping(text):
            whole = next((path for path in files if all(ord(char) in characters(path) for char in text if is_drawn(char))),
                         files[0])
            return [(font(self.px, whole, True), text)]
        known = characters(files[0])
        if known.issuperset(map(ord, text)):
            return [(font(self.px, files[0]), text)]
        pieces = groupby(text, lambda char: ord(char) not in known)
        return [(font(self.px, files[lacks]), "".join(chars)) for lacks, chars in pieces]

    def reach(self) -> tuple[float, float]:
        """Pixels that it takes above its baseline, and in all."""
        above, below = extent(self.face.files(self.bold)[0])
        return self.px * max(above, 1.0), self.px * max(above + below, LEADING)


@dataclass(frozen=True)
class Line:
    """Runs on one baseline, with so many pixels of air above."""

    runs: tuple[Run, ...]
    above: float = 0.0

    def width(self) -> float:
        """Pixels from the first letter to the last."""
        return sum(run.width() for run in self.runs)

    @property
    def height(self) -> float:
        """Pixels from this baseline's line to the next."""
        return max(run.reach()[1] for run in self.runs)

    @property
    def above_base(self) -> float:
        """Of it, the pixels above the baseline."""
        return max(run.reach()[0] for run in self.runs)


@dataclass(frozen=True)
class Patch:
    """A piece of picture: premultiplied colour (height, width, 3) and opacity (height, width, 1), float32."""

    colour: np.ndarray
    alpha: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        return self.alpha.shape[1], self.alpha.shape[0]


@lru_cache(maxsize=128)
def font(px: float, path: Path, shaped: bool = False) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(path), px, layout_engine=layout)


def tinted(palette: Palette, tone: str) -> Color:
    """The colour of a tone."""
    return getattr(palette, tone)


def wrapped(runs: tuple[Run, ...], room: float, above: float = 0.0) -> list[Line]:
    """Runs on as many lines as `room` (px) makes of them; only a single run is broken, at its own line ends and
    where else a line may end."""
    parts = runs[0].text.splitlines() if len(runs) == 1 else []
    if len(parts) > 1:
        return [line for k, part in enumerate(parts)
                for line in wrapped((replace(runs[0], text=part),), room, 0.0 if k else above)]
    runs = tuple(replace(run, text=_LINE_ENDS.sub(" ", run.text)) for run in runs)
    line = Line(runs, above)
    shrink = 1.0
    while line.width() > room and (len(runs) > 1 or len(_words(runs[0].text)) < 2) and shrink > LEAST_SHRINK:
        shrink *= 0.94
        line = Line(tuple(replace(run, px=run.px * shrink, room=run.room * shrink) for run in runs), above)
    if line.width() <= room or len(runs) > 1:
        return [line]
    run, lines, so_far = line.runs[0], [], ""
    for word in _words(run.text):
        tried = so_far + word
        if so_far and replace(run, text=tried.strip()).width() > room:
            lines.append(so_far.strip())
            so_far = word.lstrip()
        else:
            so_far = tried
    lines.append(so_far.strip())
    widest = max(replace(run, text=text).width() for text in lines)
    if widest > room:
        smaller = replace(run, px=run.px * max(room / widest * 0.99, LEAST_SHRINK))
        return wrapped((smaller,), room, above) if smaller.px < run.px * 0.995 else [line]
    return [Line((replace(run, text=text),), above if k == 0 else 0.0)
            for k, text in enumerate(lines)]


def _words(text: str) -> list[str]:
    """Pieces of a text between which a line may end: words, each with its space before it, and single characters of
    scripts that have no spaces, but for what may not begin a line or end one (as JIS X 4051 has it)."""
    pieces: list[str] = []
    for k, word in enumerate(text.split()):
        begin = 0
        for at in range(1, len(word)):
            before, after = word[at - 1], word[at]
            if (_spaceless(before) or _spaceless(after)) and before not in NO_END and after not in NO_START:
                pieces.append((" " if k and not begin else "") + word[begin:at])
                begin = at
        pieces.append((" " if k and not begin else "") + word[begin:])
    return pieces


def _spaceless(char: str) -> bool:
    return east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"


def lettered(lines: list[Line], palette: Palette, unit: float, right: bool = False, bar: str | None = None,
             chip: float = 0.0) -> Patch:
    """Lines below each other, aligned left or right, over a soft shade of their own; with `bar` (a tone) a
    rule before them, with a `chip` a rounded ground behind them, of so much opacity."""
    pad, inset = round(14 * unit), round(14 * unit) if bar else 0
    wide = max((line.width() for line in lines), default=0.0)
    width = int(np.ceil(wide)) + 2 * pad + inset
    height = int(np.ceil(sum(line.height + line.above for line in lines))) + 2 * pad
    ink = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(ink)
    y = float(pad)
    for line in lines:
        y += line.above
        base = y + line.above_base
        x = width - pad - line.width() if right else float(pad + inset)
        for run in line.runs:
            at = x
            for used, text in run.spans():
                draw.text((at, base), text, fill=_packed(tinted(palette, run.tone)), font=used, anchor="ls")
                at += used.getlength(text)
            x += run.width()
        y += line.height
    if bar:
        draw.rectangle((pad, pad + round(2 * unit), pad + max(round(3 * unit), 1) - 1, height - pad - 1),
                       fill=_packed(tinted(palette, bar)))
    if chip:
        ground = Image.new("L", (width * FINER, height * FINER))
        ImageDraw.Draw(ground).rounded_rectangle((0, 0, width * FINER - 1, height * FINER - 1), round(6 * unit * FINER),
                                                 fill=255)
        ground = ground.reduce(FINER)
        return _over(ink, np.asarray(ground, np.float32) * np.float32(chip / 255.0), palette.panel)
    spread = Image.fromarray(_spread(np.asarray(ink.getchannel("A")), max(round(1.5 * unit), 1)))
    soft = np.asarray(spread.filter(ImageFilter.GaussianBlur(3.2 * unit)), np.float32)
    return _over(ink, np.minimum(soft * (2.3 / 255.0), 1.0) * SHADOW_ALPHA, palette.ground)


def _spread(ink: np.ndarray, by: int) -> np.ndarray:
    """The most of ink (height, width) within `by` pixels each way: along rows, then along columns, which is many
    times as fast as Pillow's filter."""
    for axis in (0, 1):
        most = ink.copy()
        for step in range(1, by + 1):
            before, after = (np.s_[:-step], np.s_[step:]) if axis == 0 else (np.s_[:, :-step], np.s_[:, step:])
            np.maximum(most[before], ink[after], out=most[before])
            np.maximum(most[after], ink[before], out=most[after])
        ink = most
    return ink


def _over(ink: Image.Image, ground: np.ndarray, colour: Color) -> Patch:
    letters = np.asarray(ink, np.float32) / 255.0
    cover = letters[..., 3:]
    under = ground[..., None] * (1.0 - cover)
    return Patch(letters[..., :3] * cover + np.array(colour, np.float32) * under, cover + under)


def _packed(colour: Color) -> tuple[int, int, int, int]:
    return (*(round(255 * channel) for channel in colour), 255)


def lay(picture: np.ndarray, patch: Patch, x: int, y: int, opacity: float) -> None:
    """Lay a patch on a picture (height, width, 3), uint8, in place; what lies outside is cut off."""
    height, width = picture.shape[:2]
    left, top = max(-x, 0), max(-y, 0)
    right, bottom = min(width - x, patch.size[0]), min(height - y, patch.size[1])
    if right <= left or bottom <= top or opacity <= 0.0:
        return
    colour = patch.colour[top:bottom, left:right]
    keep = np.float32(1.0) - patch.alpha[top:bottom, left:right, 0] * np.float32(opacity)
    under = picture[y + top:y + bottom, x + left:x + right]
    for channel in range(3):    # one at a time, along whole rows, takes half the time of all of them
        over = colour[..., channel] * np.float32(255.0 * opacity)
        under[..., channel] = np.rint(under[..., channel] * keep + over)
