"""The help card: every key, and what the scene's signs mean."""

from __future__ import annotations

from typing import NamedTuple

from game.keys import GROUPS, KEYS, Key
from game.ui import scene_signs
from game.ui.theme import LARGE, MARGIN, PADDING, SMALL, TICK
from game.ui.widgets import Brush

VEHICLES = (
    ("feed charge", "feeds the grid, charges"),
    ("wait", "standby: plugged in without power"),
    ("ready", "ready, can feed; no sign: ready, cannot"),
    ("queue", "queued for a connector"),
    ("closed fault", "its connector is out of service, faulted"),
    ("charge bar", "charge; steps: 20, 50, 80 %; tick: target"),
    ("hexagon triangle square", "NMC, NCA, LFP; orange: health below 80 %"),
    ("roof strip", "can feed the grid; no strip: cannot"),
)
ENERGY = (
    ("Particles", "flow up to 11 kW a vehicle; more with power"),
    ("Tubes", "flow of 22 to 50 kW; wider with power"),
    ("Arcs", "flow above 150 kW; they fork the way it goes"),
    ("Ring", "load of the limit; grows at 70 % and 90 %"),
    ("Pillars", "room left to draw (west), to feed (east)"),
    ("Crown", "renewable share of what is used"),
    ("Core", "beats with the grid's stress, or the load"),
    ("Board", "price; its bars: low, middle, high"),
)
COLUMN, KEY, HEAD, ROW, FOOT = 336.0, 76.0, 44.0, 20.0, 10.0
TIGHTEST = 15.0
MOST_COLUMNS = 3
Line = tuple[str, str]


class Sheet(NamedTuple):
    """What the card says: a table of keys by their groups, and signs."""

    title: str
    keys: tuple[Key, ...]
    groups: tuple[str, ...]
    signs: tuple[tuple[str, tuple[Line, ...]], ...] = ()


WINDOW = Sheet("Keys and signs", KEYS, GROUPS, (("Signs of energy", ENERGY), ("Signs of vehicles", VEHICLES)))
DRAWN = dict(VEHICLES)


def groups(sheet: Sheet = WINDOW) -> list[list[Line]]:
    """Lines of a key or sign and its words; each group begins with its heading, without words."""
    found = [[(group, ""), *((key.shown, key.words) for key in sheet.keys
                             if key.group == group and key.words)] for group in sheet.groups]
    return [*found, *([(heading, ""), *lines] for heading, lines in sheet.signs)]


def columns(count: int, sheet: Sheet = WINDOW) -> list[list[Line]]:
    """The groups in order, in `count` columns about equally long."""
    each, found = sum(map(len, groups(sheet))) / count, [[] for _ in range(count)]
    done = 0
    for lines in groups(sheet):
        found[min(int((done + len(lines) / 2.0) / each), count - 1)].extend(lines)
        done += len(lines)
    return found


def _fitted(brush: Brush, size: tuple[int, int], sheet: Sheet) -> tuple[list[list[Line]], float, float]:
    """Columns for a picture of `size` pixels, and the card's width and height."""
    px = brush.theme.px
    count = min(max(int((size[0] - px(2 * MARGIN)) / px(COLUMN)), 2), MOST_COLUMNS)
    lines = columns(count, sheet)
    width = min(px(COLUMN * count), size[0] - px(2 * MARGIN))
    height = min(px(HEAD + ROW * max(map(len, lines)) + FOOT), size[1] - px(2 * MARGIN))
    return lines, width, height


def rect(brush: Brush, size: tuple[int, int], sheet: Sheet = WINDOW) -> tuple[float, float, float, float]:
    """Where the card lies: in the middle, over everything."""
    _, width, height = _fitted(brush, size, sheet)
    return round((size[0] - width) / 2), round((size[1] - height) / 2), width, height


def draw(brush: Brush, size: tuple[int, int], sheet: Sheet = WINDOW) -> None:
    """Draw it, with lines closer together where the picture is low; where it is too low for that, they scroll."""
    px = brush.theme.px
    lines, width, height = _fitted(brush, size, sheet)
    area = x, y, _, _ = rect(brush, size, sheet)
    most, seen = max(map(len, lines)), height - px(HEAD + FOOT)
    pitch = max(seen / most, px(TIGHTEST))
    with brush.panel("help card", area, "card", True):
        brush.text(x + px(PADDING), y + px(28), sheet.title, LARGE, bold=True)
        if pitch * most <= seen + 1.0:
            return _columns(brush, lines, x, y + px(HEAD), width, pitch)
        with brush.scroll("help lines", (x, y + px(HEAD), width, seen), pitch * most) as top:
            _columns(brush, lines, x, top, width, pitch)


def _columns(brush: Brush, lines: list[list[Line]], x: float, top: float, width: float, pitch: float) -> None:
    px, letters = brush.theme.px, SMALL if pitch >= brush.theme.px(SMALL) else TICK
    for k, column in enumerate(lines):
        left = x + px(PADDING) + k * width / len(lines)
        room = width / len(lines) - px(PADDING + KEY + 8.0)
        for row, (name, words) in enumerate(column):
            base = top + (row + 0.72) * pitch
            if not words:
                brush.text(left, base, name, letters, "quiet", bold=True)
                continue
            if name in DRAWN:
                scene_signs.draw(brush, left, base - px(letters * 0.32), name)
            else:
                brush.text(left, base, name, letters, bold=True)
            brush.text(left + px(KEY), base, brush.clip(words, room, letters), letters, "quiet")
