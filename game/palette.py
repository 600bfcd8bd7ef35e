"""The picture's colours by meaning, in two palettes. sRGB, 0..1.

`standard` is the house palette; `safe` follows Okabe and Ito (2008) and stays apart for all
common colour deficiencies. The scene, the panels and the charts all read from here.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[float, float, float]


def rgb(text: str) -> Color:
    """`#2EE6A6` as three floats in 0..1."""
    value = int(text.lstrip("#"), 16)
    return ((value >> 16) / 255.0, (value >> 8 & 255) / 255.0, (value & 255) / 255.0)


@dataclass(frozen=True)
class Palette:
    """One colour a meaning."""

    name: str
    to_grid: Color
    from_grid: Color
    standby: Color
    renewable: Color
    warning: Color
    fault: Color
    ramp: tuple[Color, Color, Color, Color]     # of an overlay's steps, from low to high; ever lighter
    ground: Color = rgb("#0B1020")
    night: Color = rgb("#111A33")
    panel: Color = rgb("#0E1526")
    text: Color = rgb("#E8EEF9")
    quiet: Color = rgb("#8A97B1")


PALETTES = {
    "standard": Palette("standard", to_grid=rgb("#2EE6A6"), from_grid=rgb("#3AA0FF"),
                        standby=rgb("#FFB020"), renewable=rgb("#A8E05F"),
                        warning=rgb("#FF8A3D"), fault=rgb("#FF4D5E"),
                        ramp=(rgb("#6B4FA0"), rgb("#B065A8"), rgb("#E59CA0"), rgb("#FBE3C0"))),
    "safe": Palette("safe", to_grid=rgb("#009E73"), from_grid=rgb("#56B4E9"),
                    standby=rgb("#E69F00"), renewable=rgb("#F0E442"),
                    warning=rgb("#D55E00"), fault=rgb("#CC79A7"),
                    ramp=(rgb("#36548A"), rgb("#777A80"), rgb("#B4A767"), rgb("#FFEA46"))),
}
