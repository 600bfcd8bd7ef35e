"""The look of the panels: colours, three type sizes, an 8-pixel rhythm.

Lengths are given for a picture of 1280 x 720 pixels and by themselves grow with it. A smaller
picture keeps them down to 800 x 600, where the panels wrap, and shrinks them below that. A scale that
a person chose holds instead, as far as LEAST_ROOM is left: a picture of W x H pixels at scale s is
laid out as one of W/s x H/s at scale 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import imgui_bundle
from imgui_bundle import imgui, implot

from game.palette import Color, Palette

FONT_DIR = Path(imgui_bundle.__file__).parent / "assets" / "fonts" / "Roboto"
REFERENCE_SIZE, SMALLEST_SIZE = (1280.0, 720.0), (800.0, 600.0)
LEAST_ROOM = (700.0, 450.0)
LEAST_SCALE = 0.5
# ImGui counts a line's height: the letters of Roboto are 0.85 of it.
SMALL, BODY, LARGE = 14.0, 16.0, 22.0
TICK = 12.0
SIZES = (LARGE, BODY, SMALL)
UNIT, ROUNDING, PADDING, MARGIN = 8.0, 6.0, 12.0, 12.0

# Cards lie where the scene has labels, which must not show through.
PANEL_ALPHA, CARD_ALPHA = 0.92, 0.97
SHADE_ALPHA, VEIL_ALPHA, GUIDE_ALPHA = 0.45, 0.4, 0.55
# How pale the steps of a vehicle's bar are, as in assets/shaders/bar.vert.
BAR_PALE = 0.4
# Shares of the quiet text's colour, for lines and grounds that must stay behind it.
LINE, TRACK, HOVER, GRID = 0.22, 0.18, 0.16, 0.14


@dataclass
class Theme:
    """Colours as ImGui packs them, and lengths at the present `scale` in pixels: `own`, which a person
    chose, or the picture's where that is None."""

    regular: imgui.ImFont
    bold: imgui.ImFont
    colors: dict[str, int]
    scale: float = 1.0
    own: float | None = None

    def px(self, length: float) -> float:
        """A length of the design in whole pixels of this picture."""
        return float(round(length * self.scale))

    def color(self, tone: str) -> int:
        """A tone as ImGui packs colours."""
        return self.colors[tone]

    def fit(self, size: tuple[int, int]) -> None:
        """Scale to a picture of `size` pixels."""
        self.scale = scale_of(size, self.own)

    def choose(self, own: float | None, size: tuple[int, int]) -> bool:
        """Have a scale in a picture of `size` pixels, or the largest that fits; whether it does."""
        self.own = own
        self.fit(size)
        fits = own is None or own <= self.scale + 1e-9
        if not fits:  # a step down is one from what is seen
            self.own = self.scale
        return fits


def scale_of(size: tuple[int, int], own: float | None) -> float:
    """Pixels of a length of 1 in a picture of `size` pixels: `own` as far as that fits, or where it is
    None what fits best."""
    grown, kept, most = (min(size[0] / width, size[1] / height)
                         for width, height in (REFERENCE_SIZE, SMALLEST_SIZE, LEAST_ROOM))
    return max(grown, min(kept, 1.0), LEAST_SCALE) if own is None else min(own, max(most, LEAST_SCALE))


def load(palette: Palette) -> Theme:
    """The theme over a palette; adds the fonts to ImGui's present context."""
    fonts = imgui.get_io().fonts
    fonts.clear()
    regular = fonts.add_font_from_file_ttf(str(FONT_DIR / "Roboto-Regular.ttf"), BODY)
    bold = fonts.add_font_from_file_ttf(str(FONT_DIR / "Roboto-Bold.ttf"), BODY)
    style = imgui.get_style()
    style.window_border_size = 0.0
    style.disabled_alpha = 1.0
    style.window_padding = imgui.ImVec2(0.0, 0.0)
    style.window_min_size = imgui.ImVec2(1.0, 1.0)
    style.scrollbar_rounding = style.grab_rounding = 4.0
    nothing = imgui.ImVec4(0.0, 0.0, 0.0, 0.0)
    for part, share in ((imgui.Col_.scrollbar_bg, 0.0), (imgui.Col_.scrollbar_grab, 2.0 * LINE),
                        (imgui.Col_.scrollbar_grab_hovered, 3.0 * LINE),
                        (imgui.Col_.scrollbar_grab_active, 3.0 * LINE), (imgui.Col_.child_bg, 0.0)):
        style.set_color_(part, imgui.ImVec4(*palette.quiet, share) if share else nothing)
    style.set_color_(imgui.Col_.popup_bg, imgui.ImVec4(*palette.panel, CARD_ALPHA))
    style.set_color_(imgui.Col_.text, imgui.ImVec4(*palette.text, 1.0))
    plot = implot.get_style()
    plot.plot_border_size = 0.0
    plot.plot_min_size = imgui.ImVec2(8.0, 8.0)
    plot.major_tick_len = plot.minor_tick_len = imgui.ImVec2(0.0, 0.0)
    for part, share in ((implot.Col_.frame_bg, 0.0), (implot.Col_.plot_bg, 0.0),
                        (implot.Col_.axis_bg, 0.0), (implot.Col_.axis_grid, GRID),
                        (implot.Col_.axis_text, 1.0)):
        plot.set_color_(part, imgui.ImVec4(*palette.quiet, share) if share else nothing)
    return Theme(regular, bold, {
        "panel": packed(palette.panel, PANEL_ALPHA), "card": packed(palette.panel, CARD_ALPHA),
        "shade": packed(palette.panel, SHADE_ALPHA), "ground": packed(palette.ground),
        "veil": packed(palette.ground, VEIL_ALPHA), "guide": packed(palette.text, GUIDE_ALPHA),
        "text": packed(palette.text),
        "quiet": packed(palette.quiet), "line": packed(palette.quiet, LINE),
        "track": packed(palette.quiet, TRACK), "hover": packed(palette.quiet, HOVER),
        "feed": packed(palette.to_grid), "charge": packed(palette.from_grid),
        "wait": packed(palette.standby), "queue": packed(palette.standby), "fault": packed(palette.fault),
        "warning": packed(palette.warning), "closed": packed(palette.warning),
        "ready": packed(palette.quiet),
        "renewable": packed(palette.renewable),
        **{f"bar {k}": packed(between(color, palette.text, BAR_PALE)) for k, color in enumerate(palette.ramp)},
        **{f"step {k}": packed(color) for k, color in enumerate(palette.ramp)}})


def between(one: Color, other: Color, share: float) -> Color:
    """A colour that is `share` of the way from one to another."""
    return tuple(a + (b - a) * share for a, b in zip(one, other))


def packed(color: Color, alpha: float = 1.0) -> int:
    """A colour (red, green, blue) and alpha, all 0..1, as ImGui packs it."""
    red, green, blue = (round(part * 255) for part in color)
    return imgui.IM_COL32(red, green, blue, round(alpha * 255))
