"""From where a site is seen as a whole, and the cameras that a scenario names."""

from __future__ import annotations

from dataclasses import replace

from game.camera import Pose, aside, farther

OVERVIEW_PITCH = 62.0
DOCK_SHARE = 0.20  # of the width, about what the left dock takes
HALF_LOWER = 0.07  # of the distance: how far a half of the window looks beyond the site


def named(scenario, layout) -> dict[str, Pose]:
    """The built-in cameras and the scenario's own, which may replace them."""
    home = _pose(layout.default_camera)
    hub = tuple(map(float, layout.hub_xyz))
    poses = {
        "default": home,
        "hub": Pose((hub[0], 5.0, hub[2]), 52.0, home.yaw + 24.0, 13.0),
        "overview": Pose(home.target, home.distance * 1.05, home.yaw, OVERVIEW_PITCH)}
    for bookmark in scenario.cameras:
        poses[bookmark.name] = Pose(bookmark.target, bookmark.distance, bookmark.yaw, bookmark.pitch)
    return poses


def beside_dock(layout, size: tuple[int, int]) -> Pose:
    """The whole site beside the left dock of a window of `size` pixels."""
    return aside(_pose(layout.camera(1.0 - DOCK_SHARE)), DOCK_SHARE / 2.0, size[0] / size[1])


def in_half(layout, size: tuple[int, int]) -> Pose:
    """The whole site in half a window, `size` pixels, below what lies over it there."""
    pose = _pose(layout.camera())
    distance, (x, y, z) = pose.distance * farther(*size), pose.target
    return replace(pose, distance=distance, target=(x, y, z + HALF_LOWER * distance))


def _pose(view: dict) -> Pose:
    return Pose(view["target"], view["distance"], view["yaw"], view["pitch"])
