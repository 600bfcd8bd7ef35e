"""The small panels: what the colours mean, what the keys do, what just happened."""

from __future__ import annotations

from game.ui import strip
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

LEGEND = (("feed", "feeds the grid"), ("charge", "charges"), ("wait", "waits"))
HINT = "H  help"
HELP = (
    ("Space", "pause or run"),
    ("+  \u2212", "faster, slower"),
    ("Click", "select a vehicle, connector, station or the hub"),
    ("Tab", "next vehicle"),
    ("Esc", "clear the selection"),
    ("F", "frame the selection"),
    ("R", "the whole site"),
    ("Drag", "orbit; with Shift or the middle button pan"),
    ("Wheel", "closer, farther"),
    ("W A S D", "move; arrows and Q E turn"),
    ("F11", "full screen"),
    ("F12", "save a picture"),
    ("Ctrl Q", "quit"),
)
HELP_WIDTH, HELP_HEAD, HELP_ROW = 376.0, 44.0, 24.0
NOTE_HEIGHT = 28.0


def legend_rect(brush: Brush, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where the legend lies in a picture of `size` pixels."""
    px = brush.theme.px
    width = sum(px(16) + brush.width(words, SMALL) + px(18) for _, words in LEGEND)
    width += brush.width(HINT, SMALL) + px(2 * PADDING)
    return px(MARGIN), size[1] - px(MARGIN + NOTE_HEIGHT), width, px(NOTE_HEIGHT)


def draw_legend(brush: Brush, size: tuple[int, int], actions) -> None:
    """Draw it; `actions` has toggle_help()."""
    px = brush.theme.px
    area = legend_rect(brush, size)
    with brush.panel("legend", area):
        x, base = area[0] + px(PADDING), area[1] + px(18)
        for tone, words in LEGEND:
            brush.mark(x + px(5), area[1] + px(14), tone)
            x += px(16) + brush.text(x + px(16), base, words, SMALL) + px(18)
        wide = brush.width(HINT, SMALL)
        if brush.button("help", (x - px(6), area[1] + px(4), wide + px(12), px(20))):
            actions.toggle_help()
        brush.text(x, base, HINT, SMALL, "quiet")


def help_rect(brush: Brush, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where the help card lies: at the left edge, below the strip."""
    px = brush.theme.px
    return (px(MARGIN), px(MARGIN + 8.0) + strip.height(brush, size), px(HELP_WIDTH),
            px(HELP_HEAD + HELP_ROW * len(HELP) + 8.0))


def draw_help(brush: Brush, size: tuple[int, int]) -> None:
    """Draw the keys."""
    px = brush.theme.px
    area = help_rect(brush, size)
    with brush.panel("help card", area, "card"):
        x, y = area[0] + px(PADDING), area[1]
        brush.text(x, y + px(28), "Keys and mouse", LARGE, bold=True)
        y += px(HELP_HEAD)
        for key, words in HELP:
            brush.text(x, y + px(15), key, SMALL, bold=True)
            brush.text(x + px(68), y + px(15), words, SMALL, "quiet")
            y += px(HELP_ROW)


def message_rect(brush: Brush, size: tuple[int, int],
                 text: str) -> tuple[float, float, float, float]:
    """Where a message lies: above the legend."""
    px = brush.theme.px
    return (px(MARGIN), size[1] - px(MARGIN + 2 * NOTE_HEIGHT + 8.0),
            min(brush.width(text, BODY) + px(2 * PADDING), size[0] - px(2 * MARGIN)),
            px(NOTE_HEIGHT))


def draw_message(brush: Brush, size: tuple[int, int], text: str) -> None:
    """Draw a message."""
    px = brush.theme.px
    area = message_rect(brush, size, text)
    with brush.panel("message", area, "card"):
        brush.text(area[0] + px(PADDING), area[1] + px(19), text, BODY,
                   room=area[2] - px(2 * PADDING))
