"""The small panels: what the colours mean, what just happened."""

from __future__ import annotations

from game.look import Look, Overlay
from game.ui.theme import BODY, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

LEGEND = (("feed", "feeds the grid"), ("charge", "charges"), ("wait", "waits"),
          ("queue", "in the queue"), ("closed", "out of service"), ("fault", "faulted"))
# What an overlay's colours mean, from low to high, with the limits of assets/shaders/vehicle.glsl.
SCALES = {
    Overlay.SOC: ("State of charge", ("below 20 %", "20 to 50", "50 to 80", "80 % and more")),
    Overlay.HEALTH: ("State of health", ("below 80 %", "80 to 90", "90 to 95", "95 % and more")),
}
CELLS = (("hexagon", "NMC"), ("triangle", "NCA"), ("square", "LFP"))
HINT = "F1  help"
NOTE_HEIGHT, LEGEND_ROW = 28.0, 22.0
LOWEST = 450.0  # a lower picture has no room for the legend


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


def message_rect(brush: Brush, size: tuple[int, int],
                 text: str) -> tuple[float, float, float, float]:
    """Where a message lies: in the middle, below what is at the top, where neither dock is."""
    px = brush.theme.px
    width = min(brush.width(text, BODY) + px(2 * PADDING), size[0] - px(2 * MARGIN))
    return round((size[0] - width) / 2), round(size[1] * 0.28), round(width), px(NOTE_HEIGHT)


def draw_message(brush: Brush, size: tuple[int, int], text: str) -> None:
    """Draw a message."""
    px = brush.theme.px
    area = message_rect(brush, size, text)
    with brush.panel("message", area, "card", True):
        brush.text(area[0] + px(PADDING), area[1] + px(19), text, BODY,
                   room=area[2] - px(2 * PADDING))
