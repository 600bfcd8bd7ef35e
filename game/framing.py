"""From where given places fill a part of a picture: solved, not tried.

A picture's edge and the eye span a plane. That a place lies on the inner side of an edge of the part is one linear
inequality in where the eye stands: left and right bound it sideways, bottom and top bound it upwards, each pair by
how far ahead it stands. The eye goes as far ahead as both pairs allow.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from game.camera import Pose, vertical_fov

KEPT_PX = 36.0      # at 720 lines: what is seen keeps from panels and from the picture's sides
AIR = 0.35      # of the height that is left over, the share above


class Area(NamedTuple):
    """A part of a picture: edges from its middle, -1 left and bottom to 1 right and top."""

    left: float = -0.96
    right: float = 0.96
    bottom: float = -0.94
    top: float = 0.62


def framed(places: np.ndarray, middle: np.ndarray, area: Area, aspect: float, yaw: float, pitch: float) -> Pose:
    """The nearest pose, looking at the ground, from which all `places` (n, 3) m lie within `area` of a picture of
    that aspect, with `middle` (3,) half-way between its sides where there is room to choose. Places lie on
    the ground or above it; yaw and pitch (> 0) in degrees."""
    half = math.tan(math.radians(vertical_fov(aspect)) / 2.0)
    forward, right, up = axes = Pose((0.0, 0.0, 0.0), 1.0, yaw, pitch).axes()
    ahead, aside, above = (places @ axis for axis in axes)
    wide, high = half * aspect, half
    sides = _Pair(area.left * wide, area.right * wide, aside, ahead)
    ends = _Pair(area.bottom * high, area.top * high, above, ahead)
    at = min(sides.farthest, ends.farthest)
    (least, most), (lowest, highest) = sides.span(at), ends.span(at)
    centred = middle @ right - (area.left + area.right) / 2.0 * wide * (middle @ forward - at)
    eye = forward * at + right * min(max(centred, least), most) + up * (lowest + AIR * (highest - lowest))
    distance = float(eye[1]) / math.sin(math.radians(pitch))
    return Pose(tuple(map(float, eye + forward * distance)), distance, yaw, pitch)


class _Pair:
    """Two opposite edges, slopes `low` and `high` over the depth, and the places between them."""

    def __init__(self, low: float, high: float, across: np.ndarray, ahead: np.ndarray):
        self._low, self._high = low, high
        self._most, self._least = float((across - low * ahead).min()), float((across - high * ahead).max())

    @property
    def farthest(self) -> float:
        """How far ahead the eye may stand."""
        return (self._most - self._least) / (self._high - self._low)

    def span(self, ahead: float) -> tuple[float, float]:
        """Between what the eye may stand across, that far ahead."""
        return self._least + self._high * ahead, self._most + self._low * ahead


def shifted(pose: Pose, place: np.ndarray, clearing: Area, covered: tuple, size: tuple[int, int]) -> Pose | None:
    """The pose moved over the ground so that `place` (3,) m comes into `clearing`; None where it is in the picture
    of `size` pixels already, and under none of what is `covered` (left, bottom, right, top, px from below)."""
    width, height = size
    high = math.tan(math.radians(vertical_fov(width / height)) / 2.0)
    wide, away = high * width / height, place - pose.eye()
    ahead, aside, above = (float(away @ axis) for axis in pose.axes())
    if ahead > 0.0:
        x, y = (aside / ahead / wide + 1.0) * width / 2.0, (above / ahead / high + 1.0) * height / 2.0
        kept = KEPT_PX * height / 720.0
        clear = not any(left - kept < x < right + kept and low - kept < y < top + kept
                        for left, low, right, top in covered)
        if clear and kept < x < width - kept and kept < y < height - kept:
            return None
        x, y = 2.0 * x / width - 1.0, 2.0 * y / height - 1.0
    else:
        x, y = 0.0, 0.0
    # Over the ground nothing rises above the horizon.
    sine, cosine = math.sin(math.radians(pose.pitch)), math.cos(math.radians(pose.pitch))
    up = min(min(max(y, clearing.bottom), clearing.top) * high, 0.7 * sine / cosine)
    across = min(max(x, clearing.left), clearing.right) * wide
    on = (above - up * ahead) / (sine - up * cosine)
    right = aside - across * (ahead - on * cosine)
    yaw, (tx, ty, tz) = math.radians(pose.yaw), pose.target
    return replace(pose, target=(tx + right * math.cos(yaw) + on * math.sin(yaw), ty,
                                 tz + on * math.cos(yaw) - right * math.sin(yaw)))
