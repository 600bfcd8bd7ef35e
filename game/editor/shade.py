"""What lies between the film and what is open over it: a veil, below which no hand reaches."""

from __future__ import annotations

from imgui_bundle import imgui

from game.ui.layer import vec
from game.ui.widgets import Brush

NAME = "veil"


def draw(brush: Brush, size: tuple[int, int]) -> None:
    """Lay it over a picture of `size` pixels. It takes clicks, drags and the wheel, and does nothing with them."""
    with brush.panel(NAME, (0, 0, *size), None):
        brush.box(0, 0, *size, "veil")
        imgui.set_cursor_screen_pos(vec(0, 0))
        imgui.invisible_button(NAME, vec(*size))


def raise_below(*names: str) -> None:
    """Have it over all panels, and the windows of these names over it, the last one uppermost; those that were not
    drawn yet do not count. ImGui keeps that order."""
    for name in (NAME, *names):
        window = imgui.internal.find_window_by_name(name)
        if window is not None:
            imgui.internal.bring_window_to_display_front(window)
