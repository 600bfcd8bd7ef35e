"""Charts in the panels' own style over ImPlot: few lines, names at the lines, a limit as a limit."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
from imgui_bundle import imgui, implot

from game.ui.layer import vec
from game.ui.theme import TICK
from game.ui.widgets import Brush

FLAGS = (implot.Flags_.canvas_only | implot.Flags_.no_inputs | implot.Flags_.no_frame)
AXIS = implot.AxisFlags_.no_highlight | implot.AxisFlags_.no_menus | implot.AxisFlags_.lock
BEYOND_LIMIT, UNDER_LINE = 0.16, 0.12
Ticks = tuple[tuple[float, str], ...]


class Plot:
    """Draws into the plot that is begun. x and y are in the plot's units, tones of the theme."""

    def __init__(self, brush: Brush, x: tuple[float, float], y: tuple[float, float]):
        self._brush, self._x, self._y = brush, x, y
        self._count = 0

    def line(self, xs: np.ndarray, ys: np.ndarray, tone: str, weight: float = 1.6,
             stairs: bool = False, filled: bool = False) -> None:
        """A line through points (n,), broken where ys is NaN; `stairs` holds each value until
        the next, `filled` shades down to zero."""
        xs, ys = np.ascontiguousarray(xs, float), np.ascontiguousarray(ys, float)
        color = self._color(tone)
        if filled:
            implot.plot_shaded(self._name(), xs, np.nan_to_num(ys), 0.0, implot.Spec(
                fill_color=color, fill_alpha=UNDER_LINE, line_color=imgui.ImVec4(0, 0, 0, 0)))
        draw = implot.plot_stairs if stairs else implot.plot_line
        draw(self._name(), xs, ys, implot.Spec(line_color=color,
                                               line_weight=self._brush.theme.scale * weight))

    def bars(self, xs: np.ndarray, ys: np.ndarray, width: float, tone: str) -> None:
        """Bars of a width around xs (n,)."""
        implot.plot_bars(self._name(), np.ascontiguousarray(xs, float),
                         np.ascontiguousarray(ys, float), width,
                         implot.Spec(fill_color=self._color(tone), fill_alpha=0.75,
                                     line_color=imgui.ImVec4(0, 0, 0, 0)))

    def limit(self, xs: np.ndarray, ys: np.ndarray, above: bool = True, broken: np.ndarray | None = None) -> None:
        """A limit that holds from each x until the next: a line, and a shade where nobody may be;
        loud from those x on, until the next, where it is `broken` (n,)."""
        self._limit(xs, ys, above, "quiet")
        if broken is not None and broken.any():
            self._limit(xs, np.where(broken, ys, np.nan), above, "fault")

    def _limit(self, xs: np.ndarray, ys: np.ndarray, above: bool, tone: str) -> None:
        xs, ys = np.ascontiguousarray(xs, float), np.ascontiguousarray(ys, float)
        if len(xs) > 1:  # a shade follows points, a limit stands and jumps
            xs, ys = np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]
        edge = np.full(len(xs), self._y[1] if above else self._y[0])
        known = np.isfinite(ys)
        implot.plot_shaded(self._name(), xs, np.where(known, ys, edge), edge, implot.Spec(
            fill_color=self._color(tone), fill_alpha=BEYOND_LIMIT,
            line_color=imgui.ImVec4(0, 0, 0, 0)))
        implot.plot_line(self._name(), xs, np.where(known, ys, np.nan), implot.Spec(
            line_color=self._color(tone), line_weight=self._brush.theme.scale * 1.4))

    def rule(self, x: float) -> None:
        """A thin upright line: now."""
        xs, ys = np.array([x, x]), np.array(self._y, float)
        implot.plot_line(self._name(), xs, ys, implot.Spec(line_color=self._color("quiet"),
                                                           line_weight=1.0))

    def label(self, x: float, y: float, text: str, tone: str = "quiet", right: bool = False,
              below: bool = False, middle: bool = False) -> None:
        """A text at a point, kept within the plot: right of it, left of it (`right`: it ends there), or around
        it. It covers what is drawn before."""
        brush, at = self._brush, implot.plot_to_pixels(x, y)
        low, size = implot.get_plot_pos(), implot.get_plot_size()
        wide = brush.width(text, TICK)
        left = at.x - wide / 2.0 if middle else at.x - wide - 4.0 if right else at.x + 4.0
        left = min(max(left, low.x + 2.0), low.x + size.x - wide - 2.0)
        base = at.y + brush.theme.px(12.0) if below else at.y - brush.theme.px(4.0)
        base = min(max(base, low.y + brush.theme.px(10.0)), low.y + size.y - brush.theme.px(2.0))
        px = brush.theme.px
        brush.box(left - px(2.0), base - px(10.0), left + wide + px(2.0), base + px(3.0), "card")
        brush.text(left, base, text, TICK, tone)

    def _color(self, tone: str) -> imgui.ImVec4:
        return imgui.color_convert_u32_to_float4(self._brush.theme.color(tone))

    def _name(self) -> str:
        self._count += 1
        return f"##{self._count}"


@contextmanager
def plot(brush: Brush, name: str, area: tuple[float, float, float, float], x: tuple[float, float],
         y: tuple[float, float], x_ticks: Ticks, y_ticks: Ticks):
    """A plot over `area` (x, y, width, height) of the present window; yields a `Plot`, with the
    ranges `x` and `y` and ticks (place, words)."""
    left, top, width, height = area
    theme = brush.theme
    imgui.set_cursor_screen_pos(vec(left, top))
    imgui.push_font(theme.regular, theme.px(TICK))
    style = implot.get_style()
    style.plot_padding = vec(theme.px(2.0), theme.px(3.0))
    style.label_padding = vec(theme.px(4.0), theme.px(2.0))
    begun = implot.begin_plot(f"##{name}", vec(width, height), FLAGS)
    try:
        if begun:
            implot.setup_axis(implot.ImAxis_.x1, "", AXIS | implot.AxisFlags_.no_grid_lines)
            implot.setup_axis(implot.ImAxis_.y1, "", AXIS)
            implot.setup_axes_limits(*x, *y, imgui.Cond_.always)
            for axis, ticks in ((implot.ImAxis_.x1, x_ticks), (implot.ImAxis_.y1, y_ticks)):
                implot.setup_axis_ticks(axis, [at for at, _ in ticks], [text for _, text in ticks])
            yield Plot(brush, x, y)
    finally:
        if begun:
            implot.end_plot()
        imgui.pop_font()


def alike(brush: Brush, *axes: Ticks) -> list[Ticks]:
    """Ticks of plots one above the other with words as wide as the widest of all, so that they begin at one x."""
    wide = max((brush.width(words, TICK) for ticks in axes for _, words in ticks), default=0.0)
    space = brush.width(" ", TICK)
    return [tuple((at, " " * round((wide - brush.width(words, TICK)) / space) + words) for at, words in ticks)
            for ticks in axes]


def round_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """At most `most` + 1 round numbers from low to high."""
    span = max(high - low, 1e-9)
    step = 10.0 ** np.floor(np.log10(span / most))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if span / (step * factor) <= most:
            step *= factor
            break
    first = np.ceil(low / step - 1e-9) * step
    return [float(first + k * step) for k in range(int((high - first) / step + 1e-9) + 1)]
