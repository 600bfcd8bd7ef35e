"""What stands above and on a vehicle, drawn for the help card as assets/shaders/bar.frag draws it in the scene."""

from __future__ import annotations

from game.ui.layer import vec
from game.ui.widgets import Brush

BAR, ROOF = (52.0, 6.0), (40.0, 14.0)
STEPS, FILLED, TARGET = (0.2, 0.5, 0.8), 0.62, 0.8


def draw(brush: Brush, x: float, y: float, sign: str) -> None:
    """A sign from `x` on around the height `y` (pixels): marks of `Brush.mark`, "charge bar" or "roof strip"."""
    px = brush.theme.px
    if sign == "charge bar":
        _bar(brush, x, y)
    elif sign == "roof strip":
        _roof(brush, x, y)
    else:
        for k, mark in enumerate(sign.split()):
            brush.mark(x + px(5 + 20 * k), y, mark)


def _bar(brush: Brush, x: float, y: float) -> None:
    """How full, with notches at the steps that are reached, and the tick of what is wanted."""
    px, (wide, high) = brush.theme.px, map(brush.theme.px, BAR)
    top, low = y - high / 2, y + high / 2
    brush.box(x, top, x + wide, low, "track")
    brush.box(x, top, x + wide * FILLED, low, f"bar {sum(step <= FILLED for step in STEPS)}")
    for step in STEPS:
        if step < FILLED:
            brush.line(x + wide * step, top, x + wide * step, low, "ground")
    brush.line(x + wide * TARGET, top - px(3), x + wide * TARGET, low + px(3), "text", 1.5)


def _roof(brush: Brush, x: float, y: float) -> None:
    """A body from above: glass before and behind the roof, and the strip along it."""
    px, (wide, high) = brush.theme.px, map(brush.theme.px, ROOF)
    top, low = y - high / 2, y + high / 2
    brush.list.add_rect_filled(vec(x, top), vec(x + wide, low), brush.theme.color("line"), px(4))
    for left in (x + wide * 0.20, x + wide * 0.76):
        brush.box(left, top + px(2), left + px(3), low - px(2), "ground", px(1))
    brush.box(x + wide * 0.33, y - px(1.5), x + wide * 0.72, y + px(1.5), "feed", px(1))
