"""Where the editor's parts lie in a window. Lengths are for 1280 x 720 pixels and grow with the window."""

from __future__ import annotations

from typing import NamedTuple

BAR, SIDE, FOOT, EDGE = 44.0, 296.0, 226.0, 10.0
ASPECTS = ((16, 9), (4, 3), (1, 1), (9, 16))
Rect = tuple[float, float, float, float]


class Layout(NamedTuple):
    """Rectangles (x, y, width, height), px: what stands at the edges, and the film's `frame` in between."""

    bar: Rect
    side: Rect
    foot: Rect
    frame: Rect

    def area(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """The frame as shares of a window of `size` pixels: left, right, bottom, top."""
        (width, height), (x, y, wide, high) = size, self.frame
        return x / width, (x + wide) / width, 1.0 - (y + high) / height, 1.0 - y / height


def layout(size: tuple[int, int], scale: float, aspect: tuple[int, int]) -> Layout:
    """The parts of a window of `size` pixels for a film of an aspect (width to height)."""
    width, height = size
    bar, side, foot, edge = (round(length * scale) for length in (BAR, SIDE, FOOT, EDGE))
    side, foot = min(side, width // 2), min(foot, height // 2)
    room = max(width - side - 2 * edge, 16), max(height - bar - foot - 2 * edge, 16)
    wide = min(room[0], room[1] * aspect[0] / aspect[1])
    wide, high = max(round(wide), 8), max(round(wide * aspect[1] / aspect[0]), 8)
    x = edge + (room[0] - wide) // 2
    y = bar + edge + (room[1] - high) // 2
    return Layout((0, 0, width, bar), (width - side, bar, side, height - bar - foot), (0, height - foot, width, foot),
                  (x, y, wide, high))


def inside(rect: Rect, point: tuple[float, float] | None) -> bool:
    """Whether a pixel is in a rectangle."""
    return point is not None and rect[0] <= point[0] < rect[0] + rect[2] and rect[1] <= point[1] < rect[1] + rect[3]
