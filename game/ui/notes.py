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
    ("G", "flows by power, as particles, tubes or arcs"),
    ("Ctrl Q", "quit"),
)
SIGNS = (
    ("Particles", "flow up to 11 kW a vehicle; more with power"),
    ("Tubes", "flow of 22 to 50 kW; wider with power"),
    ("Arcs", "flow above 150 kW; they fork the way it goes"),
    ("Ring", "load of the limit; grows at 70 % and 90 %"),
    ("Pillars", "room left to draw (west), to feed (east)"),
    ("Crown", "renewable share of what is used"),
    ("Core", "beats with the grid's stress, or the load"),
    ("Board", "price; its bars: low, middle, high"),
)
HELP_WIDTH, HELP_HEAD, HELP_ROW = 376.0, 42.0, 20.0
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
    """Where the help card lies: at the left edge, below the strip. What the signs mean stands
    below the keys, or beside them in a picture too low for that."""
    px = brush.theme.px
    top = px(MARGIN + 8.0) + strip.height(brush, size)
    keys, signs = (px(HELP_HEAD + HELP_ROW * len(rows)) for rows in (HELP, SIGNS))
    if top + keys + signs + px(8.0) <= legend_rect(brush, size)[1]:
        return px(MARGIN), top, px(HELP_WIDTH), keys + signs + px(8.0)
    return px(MARGIN), top, px(2.0 * HELP_WIDTH), keys + px(8.0)


def draw_help(brush: Brush, size: tuple[int, int]) -> None:
    """Draw the keys and what the scene's signs mean."""
    px = brush.theme.px
    area = help_rect(brush, size)
    beside = area[2] > px(HELP_WIDTH)
    with brush.panel("help card", area, "card"):
        x, y = area[0] + px(PADDING), area[1]
        below = _draw_rows(brush, x, y, "Keys and mouse", HELP)
        _draw_rows(brush, x + px(HELP_WIDTH) * beside, y if beside else below, "Signs", SIGNS)


def _draw_rows(brush: Brush, x: float, y: float, heading: str, rows) -> float:
    """A heading and rows of a name and its words; returns where they end."""
    px = brush.theme.px
    brush.text(x, y + px(28), heading, LARGE, bold=True)
    y += px(HELP_HEAD)
    for name, words in rows:
        brush.text(x, y + px(14), name, SMALL, bold=True)
        brush.text(x + px(68), y + px(14), words, SMALL, "quiet")
        y += px(HELP_ROW)
    return y


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
