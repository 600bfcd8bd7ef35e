"""The command line drawn: one line, what it would do, what may come next."""

from __future__ import annotations

from game.ui.prompt import MOST_SHOWN, Prompt
from game.ui.theme import BODY, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

WIDTH, LINE, NOTE, ROW, TOP = 640.0, 40.0, 24.0, 22.0, 0.20
AHEAD = 84.0
NAME_SHARE = 0.34


def rect(brush: Brush, size: tuple[int, int], prompt: Prompt, ahead: bool) -> tuple[float, float, float, float]:
    """Where it lies in a picture of `size` pixels; `ahead`: with what the command would change."""
    px = brush.theme.px
    width = min(px(WIDTH), size[0] - px(2 * MARGIN))
    rows = min(len(prompt.candidates), MOST_SHOWN)
    height = px(LINE + NOTE + ROW * rows + (8.0 if rows else 0.0) + (AHEAD if ahead else 0.0))
    return round((size[0] - width) / 2), round(size[1] * TOP), width, height


def draw(brush: Brush, area: tuple[float, float, float, float], prompt: Prompt, mark: str,
         draw_ahead=None) -> None:
    """Draw it into `area`; `mark` stands before the line, `draw_ahead(brush, area)` fills the part below."""
    px, (x, y, width, height) = brush.theme.px, area
    with brush.panel("prompt", area, "card", True):
        tone = "quiet" if mark == ">" else "warning"
        left, base = x + px(PADDING), y + px(26)
        left += brush.text(left, base, mark, BODY, tone, bold=True) + px(8)
        room = x + width - px(PADDING) - left
        text, cursor = prompt.text, prompt.cursor
        while brush.width(text[:cursor], BODY) > room - px(4):
            text, cursor = text[1:], cursor - 1
        caret = left + brush.width(text[:cursor], BODY)
        brush.text(left, base, brush.clip(text, room, BODY), BODY)
        brush.line(caret + 1, base - px(14), caret + 1, base + px(4), "text", 1.5)
        words, tone = prompt.says
        brush.text(x + px(PADDING), y + px(LINE + 14), brush.clip(words, width - px(2 * PADDING), SMALL), SMALL, tone)
        y += px(LINE + NOTE)
        first = max(min(prompt.chosen - MOST_SHOWN + 1, len(prompt.candidates) - MOST_SHOWN), 0)
        for k, one in enumerate(prompt.candidates[first:first + MOST_SHOWN], first):
            line = (x + px(4), y, width - px(8), px(ROW))
            if k == prompt.chosen:
                brush.box(line[0], y, line[0] + line[2], y + px(ROW), "hover", px(4))
            if brush.button(f"candidate {k}", line):
                prompt.take(k)
                break
            base, split = y + px(16), x + px(PADDING) + width * NAME_SHARE
            tone = "text" if one.refusal is None else "quiet"
            brush.text(x + px(PADDING), base, brush.clip(one.text, width * NAME_SHARE - px(8), SMALL), SMALL, tone,
                       bold=True)
            meaning = one.meaning if one.refusal is None else one.refusal
            brush.text(split, base, brush.clip(meaning, x + width - px(PADDING) - split, SMALL), SMALL, "quiet")
            y += px(ROW)
        if draw_ahead is not None:
            draw_ahead(brush, (x + px(PADDING), area[1] + height - px(AHEAD), width - px(2 * PADDING), px(AHEAD - 6)))
