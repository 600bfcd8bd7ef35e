"""Where the docks' panels lie in a picture. No graphics: lengths are unscaled pixels.

The centre belongs to the scene, so what does not fit shows only its heading. Nothing lies over anything
else, and nothing is left out without a line that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from game.ui.docks import BOTTOM, LEFT, RIGHT, Seat
from game.ui.theme import MARGIN

PINNED = ("alerts",)
HEAD, GAP, WIDTH = 26.0, 6.0, 288.0
NARROW = 1000.0
# The bottom dock: narrower it goes below a side dock; a panel's widths; its height where a panel is dropped, and
# its share of the picture's at most, in the middle and below another dock.
LEAST_BOTTOM, LEAST_BESIDE, MOST_BESIDE = 340.0, 260.0, 480.0
BOTTOM_ROOM, MIDDLE_SHARE, BOTTOM_SHARE = 170.0, 0.6, 0.45
Box = tuple[float, float, float, float]


class Item(NamedTuple):
    """A panel that has something to show: the least and the whole height of its body, and whether its
    heading `yields` to panels that are open."""

    seat: Seat
    least: float
    body: float
    yields: bool = False


class Slot(NamedTuple):
    """Where a panel is shown in its dock: from `top`, `height` with its heading."""

    top: float
    height: float
    open: bool


class Column(NamedTuple):
    """A dock from the top down: a slot an item, None for one that is left out, the line that tells of
    those (None where all are there) and the height of all."""

    slots: list[Slot | None]
    more: Slot | None
    height: float


def arrange(items: Sequence[Item], room: float, narrow: bool) -> Column:
    """Fit a dock's panels into `room`.

    Those that are closed, or find no room for the least of their body, show their heading. A narrow
    picture has only one open, and only if a person touched it. Where there is no room for all headings,
    or none for the panel touched last, some are left out, and a line says how many. Panels of PINNED are
    never left out, and open before all others.
    """
    order = sorted(range(len(items)), key=lambda k: (
        items[k].seat.panel not in PINNED, -items[k].seat.touched, k))
    first = _first(items, order)
    best = None
    for step, kept in enumerate(_choices(items, order, room)):
        more = len(kept) < len(items)
        used = (len(kept) + more) * (HEAD + GAP) - GAP
        if used > room:
            continue
        bodies = _bodies(items, [k for k in order if k in kept], room - used, narrow)
        misses = sum(1 if items[k].seat.panel not in PINNED else len(items)
                     for k in first if items[k].seat.open and k not in bodies)
        opens = len(bodies) if step < 2 else -1  # a heading yields to another panel's body, else to nothing
        if best is None or (best[0], -len(best[2])) > (misses, -opens):
            best = misses, kept, bodies
    if best is None:
        best = 0, order[:1] if room >= HEAD else [], {}
    return _column(len(items), sorted(best[1]), best[2], room)


def _choices(items: Sequence[Item], order: list[int], room: float) -> Iterator[list[int]]:
    """Which to keep: all, those that do not yield, as many headings as fit around the one touched
    last, that one alone; at the least those of PINNED."""
    yield order
    yield [k for k in order if not items[k].yields or k in _first(items, order)]
    most = int((room + GAP) // (HEAD + GAP)) - 1
    pinned = [k for k in order if items[k].seat.panel in PINNED][:most]
    others = [k for k in range(len(items)) if k not in pinned]
    each = most - len(pinned)
    if others and each > 0:
        last = next(k for k in order if k not in pinned)
        page = others.index(last) // each * each
        yield [*pinned, *others[page:page + each]]
        yield [*pinned, last]
    if pinned:
        yield pinned


def _first(items: Sequence[Item], order: list[int]) -> list[int]:
    """Those of PINNED, and the one touched last."""
    pinned = [k for k in order if items[k].seat.panel in PINNED]
    return pinned + [k for k in order if k not in pinned and items[k].seat.touched][:1]


def _bodies(items: Sequence[Item], kept: list[int], room: float, narrow: bool) -> dict[int, float]:
    """Heights of the bodies that are open, of `kept` in the order in which they are served: those of `_first` have
    what they need or all there is, then whole ones are open, then others with what is left."""
    opened = [k for k in kept if items[k].seat.open]
    first = _first(items, opened)
    found: dict[int, float] = {}
    for some, part in ((first, True), (opened, False), (opened, True))[:1 if narrow else 3]:
        for k in some:
            least = items[k].least if part else items[k].body
            if k not in found and least <= room:
                found[k] = min(items[k].body, room)
                room -= found[k]
    return found


def _column(count: int, kept: list[int], bodies: dict[int, float], room: float) -> Column:
    slots: list[Slot | None] = [None] * count
    top = 0.0
    for k in kept:
        slots[k] = Slot(top, HEAD + bodies.get(k, 0.0), k in bodies)
        top += slots[k].height + GAP
    more = None
    if len(kept) < count and top + HEAD <= room + 1e-9:
        more = Slot(top, HEAD, False)
        top += HEAD + GAP
    return Column(slots, more, max(top - GAP, 0.0))


class Place(NamedTuple):
    """A panel's rectangle; whether it is open."""

    seat: Seat
    box: Box
    open: bool


class More(NamedTuple):
    """The line that tells of `count` panels of a dock which found no room; `next` is the one that comes
    up when it is hit."""

    dock: str
    box: Box
    count: int
    next: Seat


class Layout(NamedTuple):
    """Where everything lies, in unscaled pixels: the docks, panels and lines that tell of more."""

    docks: dict[str, Box]
    places: list[Place]
    more: list[More]


def lay_out(width: float, tops: tuple[float, float], foot: float, card: Box | None,
            items: dict[str, list[Item]]) -> Layout:
    """Lay the docks out in a picture `width` wide: the left one begins at tops[0], the right one at
    tops[1] or below the `card`, and none goes below `foot`.

    The bottom dock takes the middle. Where that is too narrow it goes on below one of the others,
    which end above it: the right one, or with a card the left one. No two rectangles meet.
    """
    narrow, far = width < NARROW, width - MARGIN
    right_top = tops[1] if card is None else card[1] + card[3] + 8.0
    inner, outer = MARGIN + WIDTH + 10.0, far - WIDTH - 10.0
    ends = {LEFT: foot, RIGHT: foot}
    if outer - inner >= LEAST_BOTTOM:
        low, high, under = inner, outer, ()
    elif card is None:
        low, high, under = inner, far, (RIGHT,)
    else:
        low, high, under = MARGIN, card[0] - 8.0, (LEFT,)
    if high - low < WIDTH and card is None:
        low, high, under = MARGIN, far, (LEFT, RIGHT)
    share = (foot - tops[0]) * (BOTTOM_SHARE if under else MIDDLE_SHARE)
    top, places, more = _bottom(items[BOTTOM], (low, high), foot, share, narrow)
    for dock in under:
        ends[dock] = top
    docks = {LEFT: (MARGIN, tops[0], WIDTH, max(ends[LEFT] - tops[0], 0.0)),
             RIGHT: (far - WIDTH, right_top, WIDTH, max(ends[RIGHT] - right_top, 0.0)),
             BOTTOM: (low, foot - min(BOTTOM_ROOM, share), high - low, min(BOTTOM_ROOM, share))}
    for dock in (LEFT, RIGHT):
        x, y, wide, room = docks[dock]
        column = arrange(items[dock], room, narrow)
        _take(dock, items[dock], column, (x, y, wide), places, more)
    return Layout(docks, places, more)


def _bottom(items: list[Item], span: tuple[float, float], foot: float, room: float,
            narrow: bool) -> tuple[float, list[Place], list[More]]:
    """The bottom dock's panels side by side, or one upon the other where they would be too narrow; where
    the docks above it end comes first."""
    places: list[Place] = []
    more: list[More] = []
    wide = span[1] - span[0]
    if not items or wide < HEAD or room < HEAD:
        return foot, places, more
    if len(items) > max(int((wide + GAP) // (LEAST_BESIDE + GAP)), 1):
        column, wide = arrange(items, room, narrow), min(wide, MOST_BESIDE)
        top = foot - column.height
        _take(BOTTOM, items, column, ((span[0] + span[1] - wide) / 2.0, top, wide), places, more)
        return top - GAP, places, more
    each = min((wide - GAP * (len(items) - 1)) / len(items), MOST_BESIDE)
    x = (span[0] + span[1] - len(items) * each - GAP * (len(items) - 1)) / 2.0
    for item in items:
        column = arrange([item], room, False)
        _take(BOTTOM, [item], column, (x, foot - column.height, each), places, more)
        x += each + GAP
    return min(place.box[1] for place in places) - GAP, places, more


def _take(dock: str, items: Sequence[Item], column: Column, at: tuple[float, float, float],
          places: list[Place], more: list[More]) -> None:
    """Add a column's panels, from `at` (x, y, width) on."""
    x, y, width = at
    shown = [k for k, slot in enumerate(column.slots) if slot is not None]
    for k in shown:
        slot = column.slots[k]
        places.append(Place(items[k].seat, (x, y + slot.top, width, slot.height), slot.open))
    if column.more is not None:
        hidden = [k for k in range(len(items)) if k not in shown]
        after = next((k for k in hidden if k > max(shown, default=-1)), hidden[0])
        more.append(More(dock, (x, y + column.more.top, width, HEAD), len(hidden), items[after].seat))
