"""What each tier of the picture affords: the one table that scene, post-processing and panels read."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from game.look import Tier


@dataclass(frozen=True)
class Quality:
    """near: vehicles that keep cables and bars, and posts that keep their signs. full_pixels,
    middle_pixels: of those near, which have their full body, and which one of fewer faces instead of
    the fewest: by the pixels that a metre has there. particles: of each energy
    stream, by those of MEDIUM. labels: vehicles that are named at once. samples: samples a pixel of a window.
    bloom: whether light spreads. shadow_texels: side of the shadow map, 0 for blob shadows.
    most_pixels: the scene is rendered smaller where the picture has more than these.
    """

    near: int
    full_pixels: float
    middle_pixels: float
    particles: float
    labels: int
    samples: int
    bloom: bool
    shadow_texels: int
    most_pixels: int

    def scale(self, size: tuple[int, int]) -> float:
        """The side of the rendered scene by that of a picture of `size` pixels, at most 1."""
        return min(1.0, sqrt(self.most_pixels / (size[0] * size[1])))


QUALITY = {
    Tier.LOW: Quality(60, 34.0, 12.0, 0.5, 6, 1, False, 0, 1280 * 720),
    Tier.MEDIUM: Quality(160, 26.0, 8.0, 1.0, 12, 1, False, 0, 1920 * 1080),
    Tier.HIGH: Quality(600, 0.0, 0.0, 2.0, 18, 4, True, 2048, 2560 * 1440),
    Tier.ULTRA: Quality(1200, 0.0, 0.0, 3.0, 24, 4, True, 4096, 3840 * 2160),
}


def automatic_tiers(software: bool) -> tuple[Tier, Tier]:
    """Where the governor begins, and how far up it may go by itself. Where the processor draws, HIGH
    costs five times what MEDIUM does, and a second to compile."""
    return (Tier.MEDIUM, Tier.MEDIUM) if software else (Tier.HIGH, Tier.ULTRA)
