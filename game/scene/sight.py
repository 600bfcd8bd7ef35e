"""What an eye sees of rows on the ground: all of it is worked out for thousands at once."""

from __future__ import annotations

import math

import numpy as np

MARGIN_M = 15.0     # beyond the picture's edges: long shadows, and the way to the next arrangement
SWEEP_DEG = 5.0     # how far the eye may turn until then


class Sight:
    """An eye (3,) with axes (3, 3), rows right, up and forward, and a picture of `viewport` pixels;
    `pixel` is the angle (rad) of one."""

    def __init__(self, eye: np.ndarray, axes: np.ndarray, viewport: tuple[int, int], pixel: float):
        self.eye, self.axes, self.viewport, self.pixel = eye.copy(), axes.copy(), viewport, pixel
        right, up, forward = self.axes
        sides = []
        for across, pixels in ((right, viewport[0]), (up, viewport[1])):
            half = min(math.atan(pixel * pixels / 2.0) + math.radians(SWEEP_DEG), math.radians(85.0))
            sides += [forward * math.sin(half) + across * sign * math.cos(half) for sign in (-1.0, 1.0)]
        self._planes = np.array([*sides, forward])

    def still_holds(self, eye: np.ndarray, axes: np.ndarray, viewport: tuple[int, int], pixel: float,
                    moved_m: float) -> bool:
        """Whether an eye is so close to this one that what is seen need not be chosen anew."""
        return (math.dist(eye, self.eye) < moved_m
                and (viewport, pixel) == (self.viewport, self.pixel)
                and float(axes[2] @ self.axes[2]) > math.cos(math.radians(SWEEP_DEG / 2.0)))

    def sees(self, xz: np.ndarray) -> np.ndarray:
        """Which places (n, 2) on the ground are in the picture, or within MARGIN_M of it."""
        x, z = xz[:, 0] - self.eye[0], xz[:, 1] - self.eye[2]
        seen = np.ones(len(xz), bool)
        for a, b, c in self._planes:
            seen &= a * x + c * z > b * self.eye[1] - MARGIN_M
        return seen

    def reach(self, pixels_per_m: float) -> float:
        """How far away (m) a metre still has so many pixels; 0 of them: everywhere."""
        return 1.0 / (self.pixel * pixels_per_m) if pixels_per_m > 0.0 else math.inf

    def within(self, rows: np.ndarray, xz: np.ndarray, reach_m: float) -> np.ndarray:
        """Which of the rows are no further from the eye than that, (n,); xz (slots, 2)."""
        x, z = xz[rows, 0] - self.eye[0], xz[rows, 1] - self.eye[2]
        return x * x + z * z + self.eye[1] ** 2 <= reach_m * reach_m

    def split(self, rows: np.ndarray, xz: np.ndarray, limit: int,
              always: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Of the rows in sight the `limit` nearest, and the others, both ascending; xz (slots, 2).
        Rows with `always` (n,) count as seen wherever they are."""
        seen = self.sees(xz[rows])
        rows = rows[seen if always is None else seen | always]
        if len(rows) <= limit:
            return rows, rows[:0]
        x, z = xz[rows, 0] - self.eye[0], xz[rows, 1] - self.eye[2]
        square = x * x + z * z
        reach = np.partition(square, limit)[limit]
        near = square < reach
        return rows[near], rows[~near]


def merged(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The rows of both, ascending as both are."""
    return np.sort(np.concatenate([one, other]), kind="stable")  # merges runs; union1d hashes every row
