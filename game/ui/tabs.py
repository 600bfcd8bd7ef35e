"""The view modes as tabs with their keys, below the strip. Where the picture is narrow only the
chosen one has its name."""

from __future__ import annotations

from game.keys import VIEW_KEYS
from game.look import View
from game.ui.arrangement import NARROW
from game.ui.theme import MARGIN, SMALL, TICK
from game.ui.widgets import Brush

HEIGHT, PAD, BETWEEN = 28.0, 12.0, 6.0
NAMES = {View.INTEGRATED: "Integrated", View.V2G: "V2G", View.OCPP: "OCPP",
         View.PERFORMANCE: "Performance"}


def rects(brush: Brush, size: tuple[int, int], top: float,
          chosen: View) -> dict[View, tuple[float, float, float, float]]:
    """Where each tab lies, below `top`."""
    px, found = brush.theme.px, {}
    x, narrow = px(MARGIN), size[0] < brush.theme.px(NARROW)
    for view, name in NAMES.items():
        width = px(2 * PAD) + brush.width(VIEW_KEYS[view].upper(), TICK)
        if view == chosen or not narrow:
            width += px(BETWEEN) + brush.width(name, SMALL, True)
        found[view] = (x, top + px(8.0), round(width), px(HEIGHT))
        x += round(width)
    return found


def rect(brush: Brush, size: tuple[int, int], top: float, chosen: View) -> tuple[float, float, float, float]:
    """What the tabs cover."""
    all_of = list(rects(brush, size, top, chosen).values())
    x, y, _, height = all_of[0]
    return x, y, all_of[-1][0] + all_of[-1][2] - x, height


def draw(brush: Brush, size: tuple[int, int], top: float, chosen: View, actions) -> None:
    """Draw them; the chosen one is bold and underlined. `actions` has show_view(view)."""
    px = brush.theme.px
    with brush.panel("tabs", rect(brush, size, top, chosen)):
        narrow = size[0] < px(NARROW)
        for view, (x, y, width, height) in rects(brush, size, top, chosen).items():
            if brush.button(f"tab {view.name}", (x, y, width, height)):
                actions.show_view(view)
            here, base = view == chosen, y + px(18.0)
            left = x + px(PAD)
            if here or not narrow:
                left += px(BETWEEN) + brush.text(left, base, NAMES[view], SMALL,
                                                 "text" if here else "quiet", bold=here)
            brush.text(left, base, VIEW_KEYS[view].upper(), TICK, "quiet")
            if here:
                brush.box(x + px(PAD), y + height - px(3.0), x + width - px(PAD), y + height, "text",
                          px(1.5))
