"""The row of buttons above the tracks: playing, where one is, and keys to add."""

from __future__ import annotations

from game.editor.layout import Rect
from game.editor.playhead import length_words
from game.ui.layer import vec
from game.ui.theme import BODY, SMALL, TICK
from game.ui.widgets import Brush

BUTTON, HIGH = 28.0, 24.0


def draw(brush: Brush, area: Rect, editor, timeline) -> None:
    """Draw it; buttons call the editor's actions."""
    px, (x, y, width, height) = brush.theme.px, area
    head, top = editor.playhead, y + (height - px(HIGH)) / 2
    at = x + px(12)
    for name, act, shape in (("start", editor.go_start, _start), ("back", lambda: editor.step_frame(-1), _back),
                             ("play", editor.toggle_play, _pause if head.playing else _play),
                             ("on", lambda: editor.step_frame(1), _on), ("end", editor.go_end, _end)):
        if brush.button(f"transport {name}", (at, top, px(BUTTON), px(HIGH))):
            act()
        shape(brush, at + px(BUTTON) / 2, y + height / 2, px(5.0), brush.theme.color("text"))
        at += px(BUTTON)
    base = y + height / 2 + px(6)
    at += px(10)
    brush.text(at, base, length_words(head.film_s, head.fps), BODY, bold=True)
    at += px(62)
    brush.text(at, base, f"of {length_words(head.end, head.fps)}", SMALL, "quiet")
    at += px(70)
    brush.text(at, base, f"frame {head.frame}", SMALL, "quiet")
    at += px(84)
    clock, beside = at, (editor.behind_words(), "wait")
    if not beside[0] and pace_words(head.pace):
        beside = (pace_words(head.pace), "quiet")
    elif not beside[0] and editor.picked_name():
        beside = (f"picked {editor.picked_name()}", "quiet")
    right = x + width - px(12)
    adds = (("Fork", editor.open_fork), ("Cue", editor.add_cue), ("Title", editor.add_title), ("View", editor.add_view),
            ("Time", editor.add_time), ("Camera", editor.key_here))
    fit = brush.width("Fit", SMALL) + px(18)
    if brush.label_button("fit", "Fit", (right - fit, top, fit, px(HIGH))):
        timeline.whole(head.end)
    right -= fit + px(14)
    for words, act in adds:
        wide = brush.width(words, SMALL) + px(16)
        if brush.label_button(f"add {words}", words, (right - wide, top, wide, px(HIGH))):
            act()
        right -= wide + px(4)
    said = [(editor.clock_words(), "text"), beside]
    for words, tone in said:    # As much as there is room for.
        wide = brush.width(words, SMALL)
        if words and clock + wide < right - px(8):
            brush.text(clock, base, words, SMALL, tone)
            clock += wide + px(12)
    if clock + brush.width("Key here", TICK) < right - px(12):
        brush.text(right - px(4), base - px(1), "Key here", TICK, "quiet", right=True)


def pace_words(pace: int) -> str:
    """How film time passes where it is not played as it is."""
    return "" if pace in (0, 1) else f"{'back' if pace < 0 else 'on'} \u00d7{abs(pace)}"


def _play(brush, x, y, r, color):
    brush.list.add_triangle_filled(vec(x - r * 0.8, y - r), vec(x - r * 0.8, y + r), vec(x + r, y), color)


def _pause(brush, x, y, r, color):
    for side in (-1, 1):
        brush.list.add_rect_filled(vec(x + side * r * 0.55 - r * 0.3, y - r), vec(x + side * r * 0.55 + r * 0.3, y + r),
                                   color)


def _on(brush, x, y, r, color):
    _arrow(brush, x, y, r, color, 1)


def _back(brush, x, y, r, color):
    _arrow(brush, x, y, r, color, -1)


def _start(brush, x, y, r, color):
    _arrow(brush, x + r * 0.3, y, r, color, -1)
    brush.list.add_rect_filled(vec(x - r * 1.1, y - r), vec(x - r * 0.75, y + r), color)


def _end(brush, x, y, r, color):
    _arrow(brush, x - r * 0.3, y, r, color, 1)
    brush.list.add_rect_filled(vec(x + r * 0.75, y - r), vec(x + r * 1.1, y + r), color)


def _arrow(brush, x, y, r, color, way):
    thick = max(1.0, r * 0.36)
    brush.list.add_line(vec(x - way * r * 0.45, y - r * 0.9), vec(x + way * r * 0.45, y), color, thick)
    brush.list.add_line(vec(x + way * r * 0.45, y), vec(x - way * r * 0.45, y + r * 0.9), color, thick)
