"""Fields to edit something by: numbers that are dragged or typed, words, choices, in the look of the panels."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from math import isfinite
from typing import Any

from imgui_bundle import imgui

from game.ui.layer import vec
from game.ui.theme import PADDING, SMALL, TICK
from game.ui.widgets import Brush

ROW, FIELD, GAP, LABEL, BAR = 27.0, 22.0, 8.0, 86.0, 9.0
MOST_ROWS = 6   # of a field, beyond which it scrolls
NOT_GIVEN = "as before"
COLOURS = ((imgui.Col_.frame_bg, "track"), (imgui.Col_.frame_bg_hovered, "hover"),
           (imgui.Col_.frame_bg_active, "track"), (imgui.Col_.text, "text"), (imgui.Col_.header, "track"),
           (imgui.Col_.header_hovered, "hover"), (imgui.Col_.header_active, "track"), (imgui.Col_.border, "line"),
           (imgui.Col_.button, "track"), (imgui.Col_.button_hovered, "hover"), (imgui.Col_.button_active, "track"),
           (imgui.Col_.text_disabled, "quiet"), (imgui.Col_.input_text_cursor, "text"))


class Form:
    """Fields one below the other in an area, which scrolls where they do not fit. Within `over` an area; a
    field that a hand changed returns what it says now, else None."""

    def __init__(self, name: str):
        self._name, self._scroll, self._high = name, 0.0, 0.0
        self.refusals: dict[str, str] = {}
        self.given_up = ""      # what was typed into a field that a hand has left, and could not be taken
        self.places: dict[str, tuple[float, float]] = {}    # of each field's middle, px, as drawn last
        self.active = False     # whether a hand is at a field
        self.released = False   # whether it has just let go of one
        self.typing = False

    @contextmanager
    def over(self, brush: Brush, area: tuple[float, float, float, float]):
        """Have fields in an area (x, y, width, height) of the present window."""
        px, (x, y, width, height) = brush.theme.px, area
        self._brush, self._px = brush, px
        mouse = imgui.get_mouse_pos()
        most = max(self._high - height, 0.0)
        if imgui.is_window_hovered() and x <= mouse.x < x + width and y <= mouse.y < y + height:
            self._scroll -= imgui.get_io().mouse_wheel * px(48.0)
        self._scroll = min(max(self._scroll, 0.0), most)
        self.left, self.right = x + px(PADDING), x + width - px(PADDING)
        self.y = top = y - self._scroll
        self._was, self.active, self.typing = self.active, False, False
        imgui.push_font(brush.theme.regular, px(SMALL))
        pad = max((px(FIELD) - px(SMALL)) / 2.0, 1.0)
        for var, value in ((imgui.StyleVar_.frame_padding, vec(px(7.0), pad)),
                           (imgui.StyleVar_.window_padding, vec(px(6.0), px(6.0))),
                           (imgui.StyleVar_.item_spacing, vec(px(6.0), px(5.0)))):
            imgui.push_style_var(var, value)
        for var in (imgui.StyleVar_.frame_rounding, imgui.StyleVar_.popup_rounding):
            imgui.push_style_var(var, px(4.0))
        for part, tone in COLOURS:
            imgui.push_style_color(part, brush.theme.color(tone))
        imgui.push_clip_rect(vec(x, y), vec(x + width, y + height), True)
        try:
            yield self
        finally:
            imgui.pop_clip_rect()
            imgui.pop_style_color(len(COLOURS))
            imgui.pop_style_var(5)
            imgui.pop_font()
            self._high = self.y - top
            self.released = self._was and not self.active
            if most > 0.0:
                self._bar(brush, area, most)

    @property
    def high(self) -> float:
        """What the fields need to be seen all at once, px, as drawn last; 0 before."""
        return self._high

    def _bar(self, brush: Brush, area: tuple[float, float, float, float], most: float) -> None:
        """A bar at the right edge that says how much there is, and can be dragged."""
        px, (x, y, width, height) = brush.theme.px, area
        imgui.set_cursor_screen_pos(vec(x + width - px(BAR), y))
        imgui.invisible_button(self._id("bar"), vec(px(BAR), height))
        held, full = imgui.is_item_active(), max(self._high, height + 1.0)
        if held:
            self._scroll = min(max(self._scroll + imgui.get_io().mouse_delta.y * full / height, 0.0), most)
        bar = height * height / full
        at = y + (height - bar) * min(self._scroll / most, 1.0)
        right = x + width - px(2)
        brush.box(right - px(3), y, right, y + height, "track", px(1.5))
        brush.box(right - px(3), at, right, at + bar, "text" if held else "quiet", px(1.5))

    # Fields

    def number(self, label: str, value: float, step: float, shown: str = "%.2f", low: float = 0.0,
               high: float = 0.0) -> float | None:
        """A number that a hand drags by `step` a pixel, or types after a double click."""
        self._label(label)
        changed, to = imgui.drag_float(self._id(label), value, step, low, high, shown,
                                       imgui.SliderFlags_.always_clamp if low < high else 0)
        return to if self._done(label) and changed and isfinite(to) else None

    def words(self, label: str, value: str, hint: str = "") -> str | None:
        """A line of text."""
        self._label(label)
        changed, to = imgui.input_text_with_hint(self._id(label), hint, value)
        self.typing |= imgui.is_item_active()
        return to if self._done(label) and changed else None

    def sentence(self, label: str, value: str) -> str | None:
        """Words without a break, in all of the width and on as many lines as they need."""
        self._label("")
        self._room = self.right - self.left
        imgui.set_cursor_screen_pos(vec(self.left, self.y))
        to = self._several(label, value, 1, imgui.InputTextFlags_.ctrl_enter_for_new_line)
        return None if to is None else " ".join(to.split("\n"))

    def lines(self, label: str, value: str, rows: int) -> str | None:
        """Several lines of text, `rows` at least."""
        self._label(label)
        return self._several(label, value, rows)

    def _several(self, label: str, value: str, rows: int, flags: int = 0) -> str | None:
        room = self._room - self._px(18)
        needed = sum(max(len(wrapped(self._brush, line, room, SMALL)), 1) for line in value.split("\n"))
        high = self._px(SMALL) * 1.17 * min(max(rows, needed), MOST_ROWS) + self._px(FIELD - SMALL)
        changed, to = imgui.input_text_multiline(self._id(label), value, vec(self._room, high),
                                                   imgui.InputTextFlags_.word_wrap | flags)
        self.typing |= imgui.is_item_active()
        self.y += high - self._px(FIELD)
        return to if self._done(label) and changed else None

    def choice(self, label: str, options: Sequence[tuple[Any, str]], value: Any) -> Any | None:
        """One of several, (what it is, its words) each, in a list that opens; a tuple with what was chosen."""
        self._label(label)
        shown, found = next((words for what, words in options if what == value), str(value)), None
        if imgui.begin_combo(self._id(label), shown, imgui.ComboFlags_.no_arrow_button):
            self.active = True
            for what, words in options:
                if imgui.selectable(words, what == value)[0]:
                    found = (what,)
            if imgui.is_key_pressed(imgui.Key.escape):
                imgui.close_current_popup()
            imgui.end_combo()
        px, right, middle = self._px, self.right - self._px(12), self.y + self._px(FIELD / 2)
        self._brush.pointer(right, middle, False)
        self.y += px(ROW)
        return found

    def segments(self, label: str, options: Sequence[tuple[Any, str]], value: Any) -> Any | None:
        """One of a few, beside each other; a tuple with what was chosen."""
        self._label(label)
        x, y, px = self.right - self._room, self.y, self._px
        found, brush = None, self._brush
        widths = [brush.width(words, SMALL) for _, words in options]
        spare = max((self._room - sum(widths)) / len(options), px(6))
        share = self._room / (sum(widths) + spare * len(options))
        brush.box(x, y, self.right, y + px(FIELD), "track", px(4))
        left = x
        for k, (what, words) in enumerate(options):
            wide = (widths[k] + spare) * share
            area = (left, y, wide, px(FIELD))
            left += wide
            if what == value:
                brush.box(area[0] + 2, y + 2, area[0] + wide - 2, y + px(FIELD) - 2, "line", px(3))
            if brush.button(f"{self._id(label)} {k}", area):
                found = (what,)
            text, size = brush.fit(words, wide - px(4), SMALL)
            brush.text(area[0] + (wide - brush.width(text, size)) / 2, y + px(FIELD / 2 + 5), text, size,
                       "text" if what == value else "quiet")
        self.y += px(ROW)
        return found

    def toggles(self, label: str, options: Sequence[tuple[str, bool]]) -> int | None:
        """Things that are on or off, beside each other; the number of the one that was hit."""
        self._label(label)
        self._room = self._room if label else self.right - self.left
        x, px, hit, brush = self.right - self._room, self._px, None, self._brush
        wide = self._room / len(options)
        for k, (words, on) in enumerate(options):
            middle, r = self.y + px(FIELD / 2), px(5.0)
            if brush.button(f"{self._id(label)} {k}", (x + k * wide, self.y, wide - px(4), px(FIELD))):
                hit = k
            left = x + k * wide + px(6)
            brush.list.add_rect(vec(left, middle - r), vec(left + 2 * r, middle + r), brush.theme.color("quiet"),
                                px(2), 0, max(1.0, px(1.2)))
            if on:
                brush.box(left + px(2.5), middle - r + px(2.5), left + 2 * r - px(2.5), middle + r - px(2.5), "text",
                          px(1))
            brush.text(left + 2 * r + px(6), middle + px(5), words, SMALL, "text" if on else "quiet",
                       room=wide - px(32))
        self.y += px(ROW)
        return hit

    def buttons(self, options: Sequence[tuple[str, str | None]]) -> int | None:
        """Buttons beside each other, (label, why not or None) each; the number of the one that was hit."""
        px, hit = self._px, None
        wide = (self.right - self.left - px(6) * (len(options) - 1)) / len(options)
        for k, (words, refusal) in enumerate(options):
            area = (self.left + k * (wide + px(6)), self.y, wide, px(FIELD + 2))
            if self._brush.label_button(f"##{self._name} {words}", words, area, refusal):
                hit = k
        self.y += px(ROW + 4)
        return hit

    # Words between them

    def heading(self, words: str, quiet: str = "") -> None:
        """What the fields below are about."""
        self.y += self._px(10)
        wide = self._brush.text(self.left, self.y + self._px(12), words, SMALL, bold=True)
        if quiet:
            self._brush.text(self.left + wide + self._px(8), self.y + self._px(12), quiet, SMALL, "quiet",
                             room=max(self.right - self.left - wide - self._px(8), 1.0))
        self.y += self._px(22)

    def note(self, words: str, tone: str = "quiet") -> None:
        """A few words, on as many lines as they need."""
        for line in wrapped(self._brush, words, self.right - self.left, TICK):
            self._brush.text(self.left, self.y + self._px(11), line, TICK, tone)
            self.y += self._px(15)
        self.y += self._px(5)

    def refuse(self, label: str, why: str | None) -> None:
        """What is wrong with what was typed last into a field, or nothing any more."""
        self.refusals = {} if why is None else {label: why}

    def _label(self, label: str) -> None:
        px, brush = self._px, self._brush
        self._room = self.right - self.left - px(LABEL)
        brush.text(self.left, self.y + px(FIELD / 2 + 5), label, SMALL, "quiet", room=px(LABEL - 6))
        self.places[label] = self.right - self._room / 2, self.y + px(FIELD / 2)
        imgui.set_cursor_screen_pos(vec(self.right - self._room, self.y))
        imgui.set_next_item_width(self._room)

    def _id(self, label: str) -> str:
        return f"##{self._name} {label}"

    def _done(self, label: str) -> bool:
        """Go on below a field; True."""
        active = imgui.is_item_active()
        self.active |= active
        self.y += self._px(ROW)
        why = self.refusals.get(label)
        if why and active:
            self.note(why, "warning")
        elif why:
            self.given_up = f"{label}: {self.refusals.pop(label)}"
        return True


def wrapped(brush: Brush, words: str, room: float, size: float) -> list[str]:
    """Words on lines that are no wider than `room` pixels."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and brush.width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(brush.clip(word, room, size))
    return lines
