"""What is under the cursor: one vectorised ray test against oriented boxes.

World axes are the picture's: x east, y up, z north, metres. Headings are degrees clockwise from
north as seen from above.
"""

from __future__ import annotations

import math

import numpy as np

CLICK_SLACK_PX = 4.0


def cursor_ray(forward, right, up, vertical_fov_deg: float, aspect: float,
               x: float, y: float) -> np.ndarray:
    """Unit direction, shape (3,), through the point (x, y) of the picture.

    x and y run from -1 (left, bottom) to 1 (right, top); forward, right and up are the camera's
    unit vectors, shape (3,).
    """
    half = math.tan(math.radians(vertical_fov_deg) / 2.0)
    ray = np.asarray(forward) + np.asarray(right) * (x * half * aspect) + np.asarray(up) * (y * half)
    return ray / np.linalg.norm(ray)


def ray_distances(origin, direction, centers, half_extents, headings_deg) -> np.ndarray:
    """Distance along the ray to each box, shape (n,); infinity where it is missed.

    origin and direction have shape (3,), direction is a unit vector. centers and half_extents
    have shape (n, 3), half extents along the box's own right, up and forward; headings_deg (n,).
    From inside a box the distance is 0.
    """
    centers = np.asarray(centers, float).reshape(-1, 3)
    half = np.asarray(half_extents, float).reshape(-1, 3)
    angle = np.radians(np.asarray(headings_deg, float))
    sine, cosine = np.sin(angle), np.cos(angle)
    away = np.asarray(origin, float) - centers
    along = np.asarray(direction, float)
    start = np.stack([away[:, 0] * cosine - away[:, 2] * sine, away[:, 1],
                      away[:, 0] * sine + away[:, 2] * cosine], axis=1)
    step = np.stack([along[0] * cosine - along[2] * sine, np.full(len(centers), along[1]),
                     along[0] * sine + along[2] * cosine], axis=1)
    # A ray parallel to a slab gets a step too small to matter instead of a division by zero.
    step = np.where(np.abs(step) < 1e-12, 1e-12, step)
    first, second = (-half - start) / step, (half - start) / step
    enter = np.minimum(first, second).max(axis=1)
    leave = np.maximum(first, second).min(axis=1)
    return np.where((leave >= enter) & (leave >= 0.0), np.maximum(enter, 0.0), np.inf)


def nearest(origin, direction, centers, half_extents, headings_deg) -> int | None:
    """Index of the nearest box that the ray hits, or None. Shapes as `ray_distances`."""
    distances = ray_distances(origin, direction, centers, half_extents, headings_deg)
    if not len(distances):
        return None
    index = int(np.argmin(distances))
    return index if np.isfinite(distances[index]) else None


class ClickTracker:
    """Tells a click from a drag: a click is released within CLICK_SLACK_PX of where it began."""

    def __init__(self):
        self._origin: tuple[float, float] | None = None
        self._far = False

    def press(self, x: float, y: float) -> None:
        """The button went down at a pixel."""
        self._origin, self._far = (x, y), False

    def move(self, x: float, y: float) -> None:
        """The pointer is at a pixel; once it went far, coming back makes no click."""
        if self._origin is not None and math.dist(self._origin, (x, y)) >= CLICK_SLACK_PX:
            self._far = True

    def release(self, x: float, y: float) -> bool:
        """The button went up at a pixel; whether that was a click."""
        self.move(x, y)
        clicked = self._origin is not None and not self._far
        self._origin = None
        return clicked
