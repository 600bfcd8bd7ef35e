"""What just happened, in a small panel."""

from __future__ import annotations

from collections.abc import Sequence

from game.ui.theme import BODY, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

NOTE_HEIGHT, ECHO_RIGHT = 28.0, 296.0


Rect = tuple[float, float, float, float]


def message_rect(brush: Brush, size: tuple[int, int], text: str, within: Rect | None = None,
                 among: Sequence[Rect] = ()) -> Rect:
    """Where a message lies: in the middle of a window or of a part `within` it, below what is at the top, where it
    covers least of the panels `among` which it is."""
    px, (x, y, wide, high) = brush.theme.px, within or (0.0, 0.0, *size)
    width = min(brush.width(text, BODY) + px(2 * PADDING), wide - px(2 * MARGIN))
    left, first, tall = round(x + (wide - width) / 2), round(y + high * 0.28), px(NOTE_HEIGHT)

    def covered(top: float) -> float:
        return sum(max(min(left + width, a + c) - max(left, a), 0.0) * max(min(top + tall, b + d) - max(top, b), 0.0)
                   for a, b, c, d in among)
    tops = range(first, max(round(y + 0.7 * high), first + 1), max(round(px(8.0)), 1))
    return left, min(tops, key=covered), round(width), tall


def draw_message(brush: Brush, area: Rect, text: str) -> None:
    """Draw a message."""
    px = brush.theme.px
    with brush.panel("message", area, "card", True):
        brush.text(area[0] + px(PADDING), area[1] + px(19), text, BODY,
                   room=area[2] - px(2 * PADDING))


def echo_rect(brush: Brush, size: tuple[int, int], text: str,
              beside: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Where a command that was given is shown: right of the tabs, at most up to the right dock."""
    px = brush.theme.px
    left = beside[0] + beside[2] + px(8.0)
    room = max(size[0] - px(MARGIN + ECHO_RIGHT) - left, px(80.0))
    return left, beside[1], min(brush.width(text, SMALL) + px(2 * PADDING), room), beside[3]


def draw_echo(brush: Brush, area: tuple[float, float, float, float], text: str, tone: str = "text") -> None:
    """Draw it."""
    px = brush.theme.px
    with brush.panel("echo", area):
        brush.text(area[0] + px(PADDING), area[1] + px(18.0),
                   brush.clip(text, area[2] - px(2 * PADDING), SMALL), SMALL, tone)
