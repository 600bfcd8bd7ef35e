"""The small panels: what the colours mean, what the keys do, what just happened."""

from __future__ import annotations

from game.look import Look, Overlay
from game.ui import strip
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

LEGEND = (("feed", "feeds the grid"), ("charge", "charges"), ("wait", "waits"),
          ("queue", "in the queue"), ("closed", "out of service"), ("fault", "faulted"))
# What an overlay's colours mean, from low to high, with the limits of assets/shaders/vehicle.glsl.
SCALES = {
    Overlay.SOC: ("State of charge", ("below 20 %", "20 to 50", "50 to 80", "80 % and more")),
    Overlay.HEALTH: ("State of health", ("below 80 %", "80 to 90", "90 to 95", "95 % and more")),
}
CELLS = (("hexagon", "NMC"), ("triangle", "NCA"), ("square", "LFP"))
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
    ("K", "quality"),
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
NOTE_HEIGHT, LEGEND_ROW = 28.0, 22.0


def _entries(look: Look) -> tuple[str, list[tuple[str, str]]]:
    """A heading, and the legend's marks (tones, steps or shapes) with their words."""
    if look.overlay not in SCALES:
        return "", list(LEGEND)
    name, steps = SCALES[look.overlay]
    entries = [(f"step {k}", words) for k, words in enumerate(steps)]
    if look.overlay == Overlay.HEALTH:
        entries += [("unknown", "unknown"), *CELLS]
    return name, entries


def legend_rect(brush: Brush, size: tuple[int, int],
                look: Look = Look()) -> tuple[float, float, float, float]:
    """Where the legend lies in a picture of `size` pixels: at the bottom, of one line, or of more
    where the picture is too narrow for it."""
    px = brush.theme.px
    lines = _lines(brush, size, look)
    width = max(sum(wide for _, _, wide in line) for line in lines) + px(2 * PADDING)
    high = px(NOTE_HEIGHT + LEGEND_ROW * (len(lines) - 1))
    return px(MARGIN), size[1] - px(MARGIN) - high, width, high


def _lines(brush: Brush, size: tuple[int, int], look: Look) -> list[list[tuple[str, str, float]]]:
    """Marks, words and widths, broken into the lines that fit; the last entry is the hint."""
    px = brush.theme.px
    heading, entries = _entries(look)
    pieces = [("", heading, brush.width(heading, SMALL) + px(18))] if heading else []
    pieces += [(tone, words, px(34) + brush.width(words, SMALL)) for tone, words in entries]
    pieces.append(("", HINT, brush.width(HINT, SMALL)))
    room, lines, used = size[0] - px(2 * MARGIN + 2 * PADDING), [[]], 0.0
    for piece in pieces:
        if lines[-1] and used + piece[2] > room:
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += piece[2]
    return lines


def draw_legend(brush: Brush, size: tuple[int, int], actions, look: Look = Look()) -> None:
    """Draw it; `actions` has toggle_help()."""
    px = brush.theme.px
    area = legend_rect(brush, size, look)
    with brush.panel("legend", area):
        y = area[1]
        for line in _lines(brush, size, look):
            x = area[0] + px(PADDING)
            for tone, words, wide in line:
                if words == HINT:
                    if brush.button("help", (x - px(6), y + px(4), wide + px(12), px(20))):
                        actions.toggle_help()
                    brush.text(x, y + px(18), words, SMALL, "quiet")
                elif not tone:
                    brush.text(x, y + px(18), words, SMALL, bold=True)
                else:
                    brush.mark(x + px(5), y + px(14), tone)
                    brush.text(x + px(16), y + px(18), words, SMALL)
                x += wide
            y += px(LEGEND_ROW)


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


def message_rect(brush: Brush, size: tuple[int, int], text: str,
                 look: Look = Look()) -> tuple[float, float, float, float]:
    """Where a message lies: above the legend."""
    px = brush.theme.px
    return (px(MARGIN), legend_rect(brush, size, look)[1] - px(NOTE_HEIGHT + 8.0),
            min(brush.width(text, BODY) + px(2 * PADDING), size[0] - px(2 * MARGIN)),
            px(NOTE_HEIGHT))


def draw_message(brush: Brush, size: tuple[int, int], text: str, look: Look = Look()) -> None:
    """Draw a message."""
    px = brush.theme.px
    area = message_rect(brush, size, text, look)
    with brush.panel("message", area, "card"):
        brush.text(area[0] + px(PADDING), area[1] + px(19), text, BODY,
                   room=area[2] - px(2 * PADDING))
