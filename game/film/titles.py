"""Titles over a frame: what they say, where they stand, and that they stay inside the safe area.

Lengths are for a picture of 1280 x 720 pixels and grow with the picture. Blocks that would meet move apart;
where the picture has no room for all of them, all become smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt

import numpy as np

from game.film.faces import ROBOTO, Face, face_of
from game.film.lettering import Line, Patch, Run, lay, lettered, tinted, wrapped
from game.film.shots import ShotList, Title, wrong
from game.palette import Palette

SAFE = 0.05                 # of each side, that titles leave free
GAP = 10
SMALLER, SMALLEST = 0.88, 0.3
WIDEST = {"opening": 0.82, "lower_third": 0.62, "figure": 0.42, "callout": 0.4, "closing": 0.9, "name": 0.4,
          "poster": 0.9, "plate": 0.7}
LOWER = ("opening", "lower_third", "poster", "plate")
CHIPS = {"callout": 0.86, "plate": 0.96}      # opacity of what they stand on
LIFT = 74                   # of a callout above what it is about
BAND = 16
SCRIM_FROM, SCRIM_ALPHA, CLOSING_ALPHA = 0.52, 0.78, 0.80

Rect = tuple[int, int, int, int]


@dataclass(frozen=True)
class Spoken:
    """A title with its figures put in. `at` is where what it is about is, in pixels from the upper left
    corner; None where it is not in the picture, and for titles that are about nothing."""

    kind: str
    opacity: float
    title: str = ""
    text: str = ""
    value: str = ""
    unit: str = ""
    lines: tuple[str, ...] = ()
    corner: str = "upper_right"
    tone: str = "text"
    at: tuple[float, float] | None = None
    within: tuple[float, float] | None = None   # a branch's name: from where to where its picture goes
    face: Face = ROBOTO

    def run(self, text: str, px: float, bold: bool = False, tone: str = "text", room: float = 0.0) -> Run:
        """Some of its words."""
        return Run(text, px, bold, tone, room, self.face)

    def refusal(self) -> str | None:
        """Why it cannot be written in its face, or None."""
        for name in ("title", "text", "value", "unit", "lines"):
            said = getattr(self, name)
            why = self.face.refusal(said if isinstance(said, str) else "".join(said))
            if why:
                return f"{name}: {why}"
        return None


@dataclass(frozen=True)
class Placed:
    """Where a title's patch lies; `rect` is left, top, right, bottom, px."""

    spoken: Spoken
    patch: Patch
    rect: Rect


class Titles:
    """Draws titles on pictures of `size` pixels in the colours of a palette."""

    def __init__(self, size: tuple[int, int], palette: Palette):
        self.size, self._palette = size, palette
        self._unit = sqrt(size[0] * size[1] / (1280.0 * 720.0))
        self.taken: tuple[Rect, ...] = ()   # what titles keep off besides each other
        self.safe = (round(size[0] * SAFE), round(size[1] * SAFE), size[0] - round(size[0] * SAFE),
                     size[1] - round(size[1] * SAFE))
        self._block = lru_cache(maxsize=48)(self._make)
        self._shadow = lru_cache(maxsize=2)(self._shade_of)

    def draw(self, picture: np.ndarray, spoken: list[Spoken]) -> None:
        """Draw on a picture (height, width, 3), uint8, in place."""
        self._shade(picture, spoken)
        for placed in self.place(spoken):
            if placed.spoken.kind == "callout":
                self._lead(picture, placed)
            lay(picture, placed.patch, placed.rect[0], placed.rect[1], placed.spoken.opacity)

    def draw_on_glass(self, picture: np.ndarray, spoken: list[Spoken]) -> np.ndarray:
        """A picture with straight alpha, (height, width, 4), uint8, with titles drawn upon it."""
        alpha = picture[..., 3:].astype(np.float32) / np.float32(255.0)
        colour = picture[..., :3] * alpha
        for placed in self.place(spoken):
            left, top, right, bottom = placed.rect
            cover = placed.patch.alpha * np.float32(placed.spoken.opacity)
            colour[top:bottom, left:right] *= 1.0 - cover
            colour[top:bottom, left:right] += placed.patch.colour * np.float32(255.0 * placed.spoken.opacity)
            alpha[top:bottom, left:right] += (1.0 - alpha[top:bottom, left:right]) * cover
        colour /= np.maximum(alpha, np.float32(1.0 / 255.0))
        return np.dstack([np.clip(np.rint(colour), 0, 255), np.rint(alpha * 255.0)]).astype(np.uint8)

    def place(self, spoken: list[Spoken]) -> list[Placed]:
        """Where titles stand: inside the safe area, and none over another. Where not even small ones have room,
        those that come last are left out."""
        spoken = [words for words in spoken if words.kind != "callout" or words.at is not None]
        shrink = 1.0
        while shrink >= SMALLEST:
            placed = self._try(spoken, self._unit * shrink)
            if placed is not None:
                return placed
            shrink *= SMALLER
        return self._try(spoken, self._unit * SMALLEST, all_of_them=False)

    def have_room(self, spoken: list[Spoken]) -> bool:
        """Whether all of these titles can stand together."""
        return len(self.place(spoken)) == len([words for words in spoken if words.kind != "callout" or words.at])

    def _try(self, spoken: list[Spoken], unit: float, all_of_them: bool = True) -> list[Placed] | None:
        placed: list[Placed] = []
        order = ("closing", "poster", "plate", "opening", "name", "lower_third", "figure", "callout")
        for words in sorted(spoken, key=lambda words: order.index(words.kind)):
            key = replace(words, opacity=1.0, at=None, within=None, corner=words.corner.partition("_")[2])
            room = WIDEST[words.kind]
            if self.size[0] < self.size[1]:
                room = min(1.25 * room, 0.9)
            patch = self._block(key, round(unit, 6), room * self.size[0])
            rect = self._free(words, patch, placed, unit)
            if rect is None and all_of_them:
                return None
            if rect is not None:
                placed.append(Placed(words, patch, rect))
        return placed

    def _free(self, words: Spoken, patch: Patch, placed: list[Placed], unit: float) -> Rect | None:
        """A place in the safe area that nothing else has."""
        left, top, right, bottom = self.safe
        wide, high = patch.size
        if wide > right - left or high > bottom - top:
            return None
        down = True
        if words.kind in LOWER:
            x, y, down = left, bottom - high, False
        elif words.kind == "closing":
            x, y = left, top + (bottom - top - high) // 2
        elif words.kind == "name":
            a, b = words.within
            x, y = round((a + b) / 2.0 - wide / 2.0), top
        elif words.kind == "callout":
            x, y = round(words.at[0] - 14 * unit), round(words.at[1] - LIFT * unit - high)
            down = y < top
        else:
            x = left if words.corner.endswith("left") else right - wide
            down = words.corner.startswith("upper")
            y = top if down else bottom - high
        x, y = min(max(x, left), right - wide), min(max(y, top), bottom - high)
        gap = round(GAP * unit)
        for _ in range(len(placed) + len(self.taken) + 1):
            met = [rect for rect in (*self.taken, *(other.rect for other in placed))
                   if _meet((x, y, x + wide, y + high), rect, gap)]
            if not met:
                return (x, y, x + wide, y + high)
            y = max(rect[3] for rect in met) + gap if down else min(rect[1] for rect in met) - gap - high
            if y < top or y + high > bottom:
                return None
        return None

    def _make(self, words: Spoken, unit: float, room: float) -> Patch:
        kind, tone = words.kind, words.tone
        build: Callable = {"opening": self._opening, "closing": self._closing, "figure": self._figure,
                           "poster": self._closing, "plate": self._closing}.get(
            kind, self._words)
        bar = "to_grid" if kind in ("opening", "poster", "plate") else "quiet" if tone == "text" else tone
        bar = bar if kind in (*LOWER, "callout") else None
        margin = round(14 * unit) * (3 if bar else 2)
        made = build(unit, room - margin, words)
        return lettered(made, self._palette, unit, words.corner == "right" and kind == "figure", bar,
                        chip=CHIPS.get(kind, 0.0))

    @staticmethod
    def _opening(unit: float, room: float, words: Spoken) -> list[Line]:
        made = wrapped((words.run(words.title, 54 * unit, True),), room)
        return made + (wrapped((words.run(words.text, 22 * unit, tone="quiet"),), room, 6 * unit) if words.text else [])

    @staticmethod
    def _words(unit: float, room: float, words: Spoken) -> list[Line]:
        large, small = {"lower_third": (30, 20), "name": (24, 17)}.get(words.kind, (19, 16))
        colour = words.tone if words.kind == "name" else "text"
        made = wrapped((words.run(words.title, large * unit, True, colour),), room) if words.title else []
        return made + (wrapped((words.run(words.text, small * unit),), room, 2 * unit) if words.text else [])

    @staticmethod
    def _figure(unit: float, room: float, words: Spoken) -> list[Line]:
        made = wrapped((words.run(words.title, 17 * unit),), room) if words.title else []
        runs = (words.run(words.value, 52 * unit, True, words.tone),)
        if words.unit:
            runs += (words.run(f" {words.unit}", 22 * unit),)     # no shade lies under it
        made += wrapped(runs, room)
        return made + (wrapped((words.run(words.text, 17 * unit),), room) if words.text else [])

    @staticmethod
    def _closing(unit: float, room: float, words: Spoken) -> list[Line]:
        run = words.run
        made = wrapped((run(words.title, 44 * unit, True),), room)
        if words.text:
            made += wrapped((run(words.text, 22 * unit, tone="quiet"),), room, 4 * unit)
        if words.value:
            made += wrapped((run(words.value, 18 * unit),), room, 4 * unit)
        parts = [[part.strip() for part in line.split("|")] + ["", ""] for line in words.lines]
        pairs = [(figure, label, own or words.tone) for figure, label, own, *_ in parts]
        figures = [run(figure, 30 * unit, True) for figure, label, _ in pairs if label]
        column = max((one.width() for one in figures), default=0.0) + 18 * unit
        labels = [run(label, 20 * unit, tone="quiet") for _, label, _ in pairs]
        beside = all(column + one.width() <= room for one in labels if one.text)
        for k, ((figure, label, colour), one) in enumerate(zip(pairs, labels)):
            above = (26 if k == 0 else 8) * unit
            if not label:
                made += wrapped((run(figure, 20 * unit),), room, above)
            elif beside:
                made.append(Line((run(figure, 30 * unit, True, colour, column), one), above))
            else:
                made += wrapped((run(figure, 30 * unit, True, colour),), room, above) + wrapped((one,), room)
        return made

    def _shade(self, picture: np.ndarray, spoken: list[Spoken]) -> None:
        """Darken what lies under words: the lower part for a title there, all of it for the last card."""
        first, kept, added = self._shadow(*picture.shape[:2], *shades(spoken))
        # Whole rows: numpy is many times as fast along them as along three channels. A few at a time stay in the cache.
        for row in range(0, len(kept), BAND):
            under, band = picture[first + row:first + row + BAND], np.s_[row:row + BAND]
            dimmed = under.reshape(len(under), -1).astype(np.uint16)
            dimmed *= kept[band]
            dimmed += added[band]
            dimmed >>= 8
            under[:] = dimmed.reshape(under.shape)

    def _shade_of(self, height: int, width: int, lower: float, closing: float) -> tuple[int, np.ndarray, np.ndarray]:
        """The first row that is darkened; of what lies under it, in 256ths, how much is kept in each row (n, 1) and
        what is added to each row's values (n, 3 width), uint16."""
        rows = scrim(height) * np.float32(SCRIM_ALPHA * lower) if lower > 0.0 else np.zeros(height, np.float32)
        rows = np.maximum(rows, np.float32(CLOSING_ALPHA * closing))
        first = int(np.argmax(rows > 0.0)) if rows.any() else height
        alpha = np.rint(rows[first:, None] * 256.0).astype(np.uint16)
        ground = np.rint(np.array(self._palette.ground) * 255.0).astype(np.uint16)
        added = alpha * np.tile(ground, width)
        added += np.uint16(128)
        return first, 256 - alpha, added

    def _lead(self, picture: np.ndarray, placed: Placed) -> None:
        """The line from a callout to what it is about, and a ring there."""
        unit, words = self._unit, placed.spoken
        x, y = words.at
        left, _, right, bottom = placed.rect
        from_x = min(max(x, left + 14 * unit), right - 14 * unit)
        from_y = bottom if y > bottom else placed.rect[1]
        thick, radius = max(1.2 * unit, 1.0), 6.0 * unit
        pad = int(radius + 4)
        x0, x1 = int(min(from_x, x)) - pad, int(max(from_x, x)) + pad
        y0, y1 = int(min(from_y, y)) - pad, int(max(from_y, y)) + pad
        grid_y, grid_x = np.mgrid[y0:y1, x0:x1].astype(np.float32) + 0.5
        way = np.array([x - from_x, y - from_y])
        length = max(float(np.hypot(*way)), 1e-3)
        along = ((grid_x - from_x) * way[0] + (grid_y - from_y) * way[1]) / length
        along = np.clip(along, 0.0, max(length - radius, 0.0))
        off = np.hypot(grid_x - from_x - along * way[0] / length, grid_y - from_y - along * way[1] / length)
        ring = np.abs(np.hypot(grid_x - x, grid_y - y) - radius)
        shape = np.minimum(off - thick / 2.0, ring - thick * 0.75)
        alpha = np.clip(0.5 - shape, 0.0, 1.0)[..., None].astype(np.float32)
        colour = np.array(tinted(self._palette, words.tone), np.float32)
        dark = 0.5 * np.clip(1.0 - (shape - 0.5) / (2.0 * unit), 0.0, 1.0)[..., None].astype(np.float32)
        under = dark * (1.0 - alpha)
        ground = np.array(self._palette.ground, np.float32)
        lay(picture, Patch(colour * alpha + ground * under, alpha + under), x0, y0, words.opacity)


def spoken(title: Title, face: Face, spell: Callable[[str], str]) -> Spoken:
    """A title of a shot list with its figures put in by `spell`; raises ValueError for one that its face cannot
    write."""
    said = Spoken(title.kind, 1.0, spell(title.title), spell(title.text), spell(title.value), spell(title.unit),
                  tuple(map(spell, title.lines)), title.corner, title.tone, face=face)
    why = said.refusal()
    if why:
        raise ValueError(why)
    return said


def fork_names(shots: ShotList) -> tuple[Spoken, ...]:
    """The names of a fork's branches over their pictures; raises InputError."""
    face = face_of(shots)
    for k, name in enumerate(shots.fork.names):
        why = face.refusal(name)
        if why:
            raise wrong(shots, f"fork.names.{k}", why)
    return tuple(Spoken("name", 1.0, name, tone=tone, face=face)
                 for name, tone in zip(shots.fork.names, ("to_grid", "warning")))


def shades(spoken: list[Spoken]) -> tuple[float, float]:
    """How much of the lower part's shade, and of the last card's over all, there is; 0 to 1."""
    return (max((words.opacity for words in spoken if words.kind in LOWER), default=0.0),
            max((words.opacity for words in spoken if words.kind == "closing"), default=0.0))


def scrim(height: int) -> np.ndarray:
    """How dark the shade under titles at the bottom is, 0 to 1 of SCRIM_ALPHA, in each row (height,), float32."""
    down = np.arange(height, dtype=np.float32) / height
    share = np.clip((down - SCRIM_FROM) / (1.0 - SCRIM_FROM), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _meet(a: Rect, b: Rect, gap: int) -> bool:
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap
