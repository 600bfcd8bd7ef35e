"""What panels are made of: text with quiet units, bars, marks, buttons.

Everything is drawn at absolute pixels into the present window's draw list, so that a number
that changes moves nothing. `at` is (x, y) of the top left corner unless a name says otherwise.
"""

from __future__ import annotations

import math
from contextlib import contextmanager

from imgui_bundle import imgui

from game.ui.layer import vec
from game.ui.rows import Row
from game.ui.status_marks import link_mark, status_mark
from game.ui.theme import BODY, ROUNDING, SIZES, SMALL, Theme

ELLIPSIS = "…"
# The colours of marks that are no tones themselves.
MARK_TONES = {"hexagon": "quiet", "triangle": "quiet",
              "square": "quiet", "unknown": "track", "none": "quiet"}

PANEL_FLAGS = (imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move
               | imgui.WindowFlags_.no_saved_settings | imgui.WindowFlags_.no_background
               | imgui.WindowFlags_.no_nav | imgui.WindowFlags_.no_bring_to_front_on_focus
               | imgui.WindowFlags_.no_focus_on_appearing)
TOP_FLAGS = PANEL_FLAGS & ~imgui.WindowFlags_.no_bring_to_front_on_focus


class Brush:
    """Draws with a theme into the present window."""

    def __init__(self, theme: Theme):
        self.theme = theme

    @contextmanager
    def panel(self, name: str, rect: tuple[float, float, float, float], ground: str | None = "panel",
              on_top: bool = False):
        """A window without decoration over `rect` (x, y, width, height) on a ground of the
        theme, or on the bare picture; `on_top` of those that are not."""
        x, y, width, height = rect
        imgui.set_next_window_pos(vec(x, y))
        imgui.set_next_window_size(vec(width, height))
        imgui.begin(name, None, TOP_FLAGS if on_top else PANEL_FLAGS)
        self.list = imgui.get_window_draw_list()
        if ground is not None:
            self.list.add_rect_filled(vec(x, y), vec(x + width, y + height),
                                      self.theme.color(ground), self.theme.px(ROUNDING))
        try:
            yield
        finally:
            imgui.end()

    @contextmanager
    def scroll(self, name: str, rect: tuple[float, float, float, float], whole: float):
        """A part of the present window over `rect` that holds `whole` pixels of height: the wheel and a thin
        bar at the right move it. Yields the y at which it begins, which is above the part once it has moved."""
        x, y, width, height = rect
        outer = self.list
        imgui.set_cursor_screen_pos(vec(x, y))
        imgui.push_style_var(imgui.StyleVar_.item_spacing, vec(0.0, 0.0))
        imgui.push_style_var(imgui.StyleVar_.scrollbar_size, self.theme.px(8))
        imgui.begin_child(name, vec(width - self.theme.px(2), height - self.theme.px(2)), 0,
                          imgui.WindowFlags_.no_nav | imgui.WindowFlags_.no_background)
        self.list = imgui.get_window_draw_list()
        top = imgui.get_cursor_screen_pos().y
        try:
            yield top
            imgui.set_cursor_screen_pos(vec(x, top))
            imgui.dummy(vec(1.0, whole))
        finally:
            imgui.end_child()
            imgui.pop_style_var(2)
            self.list = outer

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Pixels that a text takes."""
        imgui.push_font(self.theme.bold if bold else self.theme.regular, self.theme.px(size))
        wide = imgui.calc_text_size(text).x
        imgui.pop_font()
        return wide

    def clip(self, text: str, room: float, size: float, bold: bool = False) -> str:
        """The text, or as much of its beginning as `room` pixels hold and an ellipsis."""
        if self.width(text, size, bold) <= room:
            return text
        fits, fails = 0, len(text)
        while fails - fits > 1:
            middle = (fits + fails) // 2
            short = text[:middle].rstrip() + ELLIPSIS
            fits, fails = (middle, fails) if self.width(short, size, bold) <= room else (fits, middle)
        return text[:fits].rstrip() + ELLIPSIS

    def fit(self, text: str, room: float, size: float, bold: bool = False) -> tuple[str, float]:
        """The text and its size for `room` pixels: the next smaller sizes before an ellipsis."""
        sizes = [each for each in SIZES if each <= size]
        for each in sizes:
            if self.width(text, each, bold) <= room:
                return text, each
        return self.clip(text, room, sizes[-1], bold), sizes[-1]

    def text(self, x: float, baseline: float, text: str, size: float = BODY, tone: str = "text",
             bold: bool = False, right: bool = False, room: float = math.inf) -> float:
        """Text on a baseline, from x or ending at x, made to fit `room`; returns its width."""
        if room < math.inf:
            text, size = self.fit(text, room, size, bold)
        font, pixels = (self.theme.bold if bold else self.theme.regular), self.theme.px(size)
        width = self.width(text, size, bold)
        left = x - width if right else x
        top = baseline - font.get_font_baked(pixels).ascent
        self.list.add_text(font, pixels, vec(round(left), round(top)), self.theme.color(tone), text)
        return width

    def told(self, x: float, baseline: float, text: str, room: float, size: float = BODY, tone: str = "text",
             bold: bool = False) -> float:
        """A text of which `room` pixels may hold only the beginning; pointed at, it is told whole."""
        short = self.clip(text, room, size, bold)
        width, high = self.text(x, baseline, short, size, tone, bold), self.theme.px(size)
        if short != text and imgui.is_window_hovered() and imgui.is_mouse_hovering_rect(
                vec(x, baseline - high), vec(x + width, baseline + high * 0.3)):
            imgui.set_tooltip(text)
        return width

    def quantity(self, right: float, baseline: float, value: str, unit: str, size: float = BODY,
                 tone: str = "text", bold: bool = False, room: float = math.inf) -> float:
        """A number with its quieter, smaller unit, ending at `right`, made to fit `room`;
        returns their width."""
        used = 0.0
        if unit:
            gap = self.theme.px(4)
            left_over = room - gap - min(self.width(value, size, bold), room / 2)
            used = gap + self.text(right, baseline, unit, SMALL, "quiet", right=True,
                                   room=left_over + 1.0)
        return used + self.text(right - used, baseline, value, size, tone, bold, right=True,
                                room=room - used)

    def quantity_width(self, value: str, unit: str, size: float, bold: bool = False) -> float:
        """Pixels that a number with its unit takes."""
        tail = self.width(unit, SMALL) + self.theme.px(4) if unit else 0.0
        return self.width(value, size, bold) + tail

    def row(self, left: float, right: float, baseline: float, row: Row) -> None:
        """A label and its value; where both are too long each gets half, else the longer yields."""
        room = right - left - self.theme.px(8)
        label = self.width(row.label, SMALL)
        value = self.quantity_width(row.value, row.unit, BODY)
        if label + value > room:
            label, value = ((label, room - label) if label <= room / 2 else
                            (room - value, value) if value <= room / 2 else (room / 2, room / 2))
        self.text(left, baseline, row.label, SMALL, "quiet", room=label)
        self.quantity(right, baseline, row.value, row.unit, BODY, row.tone, room=value)

    def line(self, x0: float, y0: float, x1: float, y1: float, tone: str = "line",
             thick: float = 1.0) -> None:
        """A straight line."""
        self.list.add_line(vec(x0, y0), vec(x1, y1), self.theme.color(tone),
                           max(1.0, self.theme.px(thick)))

    def box(self, x0: float, y0: float, x1: float, y1: float, tone: str,
            rounding: float = 0.0) -> None:
        """A filled box."""
        self.list.add_rect_filled(vec(x0, y0), vec(x1, y1), self.theme.color(tone), rounding)

    def mark(self, x: float, y: float, tone: str) -> None:
        """The shape that goes with a tone, about 8 pixels wide, around its middle: a triangle
        that points to the grid (up) or to the vehicle (down), a circle stands by, a diamond is
        wrong, an open diamond warns, a split one is ready, an hourglass queues, a barred circle is closed; `step 0` to
        `step 3` are squares in the colours of an overlay; a hexagon, triangle and square stand for
        cells; `ocpp 0` to `ocpp 9` are statuses; links are linked or broken; a ring is everything else."""
        if tone.startswith("ocpp"):
            return status_mark(self, x, y, int(tone.split()[1]))
        if tone in ("linked", "broken"):
            return link_mark(self, x, y, tone == "linked")
        r, color = self.theme.px(4.5), self.theme.color(MARK_TONES.get(tone, tone))
        if tone == "feed":
            self.list.add_triangle_filled(vec(x - r, y + r * 0.8), vec(x + r, y + r * 0.8),
                                          vec(x, y - r), color)
        elif tone == "charge":
            self.list.add_triangle_filled(vec(x + r, y - r * 0.8), vec(x - r, y - r * 0.8),
                                          vec(x, y + r), color)
        elif tone == "warning":
            self.list.add_quad(vec(x, y - r), vec(x + r, y), vec(x, y + r), vec(x - r, y), color,
                               max(1.0, self.theme.px(1.5)))
        elif tone == "fault":
            r *= 1.1
            self.list.add_quad_filled(vec(x, y - r), vec(x + r, y), vec(x, y + r), vec(x - r, y),
                                      color)
            thin = max(1.0, self.theme.px(1.2)) / 2
            self.box(x - thin, y - r * 0.5, x + thin, y + r * 0.12, "card")
            self.box(x - thin, y + r * 0.32, x + thin, y + r * 0.32 + 2 * thin, "card")
        elif tone == "ready":
            slit = max(1.0, self.theme.px(1.0)) / 2
            for side in (-1.0, 1.0):
                corners = [vec(x - r + slit, y + side * slit), vec(x + r - slit, y + side * slit), vec(x, y + side * r)]
                self.list.add_triangle_filled(*(corners if side > 0.0 else corners[::-1]), color)
        elif tone == "wait":
            self.list.add_circle_filled(vec(x, y), r * 0.85, color, 16)
        elif tone == "queue":
            for side in (-1.0, 1.0):
                self.list.add_triangle_filled(vec(x - r * 0.8, y + side * r), vec(x, y),
                                              vec(x + r * 0.8, y + side * r), color)
        elif tone == "closed":
            self.list.add_circle_filled(vec(x, y), r, color, 16)
            self.box(x - r * 0.6, y - r * 0.22, x + r * 0.6, y + r * 0.22, "card")
        elif tone == "hexagon":
            self.list.add_ngon_filled(vec(x, y), r, color, 6)
        elif tone == "triangle":
            self.list.add_triangle_filled(vec(x - r, y + r * 0.8), vec(x + r, y + r * 0.8),
                                          vec(x, y - r), color)
        elif tone == "square" or tone == "unknown" or tone.startswith("step"):
            self.box(x - r * 0.9, y - r * 0.9, x + r * 0.9, y + r * 0.9,
                     MARK_TONES.get(tone, tone))
        else:
            self.list.add_circle(vec(x, y), r * 0.7, color, 16, max(1.0, self.theme.px(1.5)))

    def pointer(self, x: float, y: float, up: bool) -> None:
        """A small quiet triangle around a point: the order of a column."""
        r = self.theme.px(3.0) * (-1.0 if up else 1.0)
        corners = [vec(x - r, y - r * 0.6), vec(x + r, y - r * 0.6), vec(x, y + r * 0.8)]
        self.list.add_triangle_filled(*corners, self.theme.color("quiet"))

    def button(self, name: str, rect: tuple[float, float, float, float],
               enabled: bool = True) -> bool:
        """An empty button over `rect` that lights up under the pointer; whether it was hit."""
        x, y, width, height = rect
        imgui.set_cursor_screen_pos(vec(x, y))
        hit = imgui.invisible_button(name, vec(width, height))
        if enabled and imgui.is_item_hovered():
            self.box(x, y, x + width, y + height, "hover", self.theme.px(4))
        return hit and enabled

    def label_button(self, name: str, label: str, rect: tuple[float, float, float, float],
                     refusal: str | None = None) -> bool:
        """An outlined button with a text; when refused it is quiet and says why if pointed at."""
        x, y, width, height = rect
        hit = self.button(name, rect, refusal is None)
        self.list.add_rect(vec(x, y), vec(x + width, y + height), self.theme.color("line"),
                           self.theme.px(4), 0, 1.0)
        tone = "text" if refusal is None else "quiet"
        middle = x + (width - self.width(label, SMALL)) / 2
        self.text(middle, y + height / 2 + self.theme.px(SMALL) * 0.33, label, SMALL, tone)
        if refusal is not None and imgui.is_item_hovered():
            self.tooltip(refusal)
        return hit

    def tooltip(self, text: str, beside: tuple[float, float] | None = None) -> None:
        """Words at the pointer, above everything; or `beside` what lies between two x, where nothing is read."""
        px, pad = self.theme.px, vec(self.theme.px(10), self.theme.px(7))
        for part, value in ((imgui.StyleVar_.window_padding, pad), (imgui.StyleVar_.window_rounding, px(ROUNDING)),
                            (imgui.StyleVar_.popup_rounding, px(ROUNDING)),
                            (imgui.StyleVar_.popup_border_size, 1.0), (imgui.StyleVar_.window_border_size, 1.0)):
            imgui.push_style_var(part, value)
        imgui.push_style_color(imgui.Col_.popup_bg, self.theme.color("panel"))
        imgui.push_style_color(imgui.Col_.border, self.theme.color("line"))
        if beside is not None:
            left, right = beside
            wide = max(self.width(line, SMALL) for line in text.split("\n")) + 2 * pad.x
            fits = right + px(8) + wide <= imgui.get_io().display_size.x
            imgui.set_next_window_pos(vec(right + px(8) if fits else left - px(8) - wide,
                                          imgui.get_mouse_pos().y - px(14)))
        imgui.begin_tooltip()
        imgui.push_font(self.theme.regular, px(SMALL))
        imgui.push_text_wrap_pos(pad.x + px(420))
        imgui.text_unformatted(text)
        imgui.pop_text_wrap_pos()
        imgui.pop_font()
        imgui.end_tooltip()
        imgui.pop_style_color(2)
        imgui.pop_style_var(5)
