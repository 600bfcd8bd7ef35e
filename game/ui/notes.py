"""The small panels: what the colours mean, what the keys do, what just happened."""

from __future__ import annotations

from game.keys import GROUPS, KEYS
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL, TICK
from game.ui.widgets import Brush

LEGEND = (("feed", "feeds the grid"), ("charge", "charges"), ("wait", "waits"))
HINT = "F1  help"
HELP_WIDTH, HELP_HEAD, HELP_ROW, HELP_KEY = 720.0, 44.0, 21.0, 84.0
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


def _help_columns() -> list[list[tuple[str, str]]]:
    """(key, words) in two columns of groups; a heading has no words."""
    groups = []
    for group in GROUPS:
        lines = [(key.shown, key.words) for key in KEYS if key.group == group and key.words]
        groups.append([(group, ""), *lines])
    half, columns = sum(map(len, groups)) / 2.0, [[], []]
    for lines in groups:
        columns[len(columns[0]) + len(lines) / 2.0 > half].extend(lines)
    return columns


def help_rect(brush: Brush, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where the help card lies: in the middle, over everything; one column where it is narrow."""
    px = brush.theme.px
    width = min(px(HELP_WIDTH), size[0] - px(2 * MARGIN))
    height = min(px(HELP_HEAD + HELP_ROW * max(map(len, _help_columns())) + 10.0),
                 size[1] - px(2 * MARGIN))
    return round((size[0] - width) / 2), round((size[1] - height) / 2), width, height


def draw_help(brush: Brush, size: tuple[int, int]) -> None:
    """Draw the keys, closer together where the picture is low."""
    px = brush.theme.px
    area = x, y, width, height = help_rect(brush, size)
    columns = _help_columns()
    pitch = (height - px(HELP_HEAD + 10.0)) / max(map(len, columns))
    size_of = SMALL if pitch >= brush.theme.px(SMALL) else TICK
    with brush.panel("help card", area, "card"):
        brush.text(x + px(PADDING), y + px(28), "Keys and mouse", LARGE, bold=True)
        for k, lines in enumerate(columns):
            left, top = x + px(PADDING) + k * width / 2.0, y + px(HELP_HEAD)
            room = width / 2.0 - px(2 * PADDING + HELP_KEY)
            for row, (key, words) in enumerate(lines):
                base = top + row * pitch + pitch * 0.72
                brush.text(left, base, key, size_of, "text" if words else "quiet", bold=bool(words))
                brush.text(left + px(HELP_KEY), base, brush.clip(words, room, size_of), size_of,
                           "quiet")


def message_rect(brush: Brush, size: tuple[int, int],
                 text: str) -> tuple[float, float, float, float]:
    """Where a message lies: in the middle, a third from the top, where neither dock is."""
    px = brush.theme.px
    width = min(brush.width(text, BODY) + px(2 * PADDING), size[0] - px(2 * MARGIN))
    return round((size[0] - width) / 2), round(size[1] * 0.28), round(width), px(NOTE_HEIGHT)


def draw_message(brush: Brush, size: tuple[int, int], text: str) -> None:
    """Draw a message."""
    px = brush.theme.px
    area = message_rect(brush, size, text)
    with brush.panel("message", area, "card"):
        brush.text(area[0] + px(PADDING), area[1] + px(19), text, BODY,
                   room=area[2] - px(2 * PADDING))
