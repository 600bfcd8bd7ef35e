"""From where a site is seen as a whole, and the cameras that a scenario names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from game.camera import Pose, farther
from game.framing import Area, framed
from game.scene.blocks import BAY_LENGTH
from game.scene.layout import HUB_HEIGHT, HUB_RADIUS, QUEUE_GAP, Layout

PITCH, OVERVIEW_PITCH = 16.0, 62.0    # the first leaves the horizon in the picture
USUAL_ASPECT = 16.0 / 9.0
TALL_M, BUS_TALL_M = 2.6, 3.4   # of what stands in a bay, with its sign
ROUND = 24      # places around the hub
HALF_LOWER = 0.07  # of the distance: how far a half of the window looks beyond the site


def named(scenario, layout: Layout, areas: tuple[Area, ...] = (Area(),), aspect: float = USUAL_ASPECT,
          waiting: int = 0) -> dict[str, Pose]:
    """The built-in cameras and the scenario's own, which may replace them; its `overview` without a target only says
    from which side. What shows the whole site has it in one of `areas` of a picture of that aspect, with the first
    row of those who wait, or the rows of so many `waiting`."""
    def fitted(yaw: float, pitch: float) -> Pose:
        return whole(layout, areas, aspect, waiting, yaw, pitch)

    home, hub = fitted(0.0, PITCH), tuple(map(float, layout.hub_xyz))
    poses = {
        "default": home,
        "hub": Pose((hub[0], 5.0, hub[2]), 52.0, home.yaw + 24.0, 13.0),
        "overview": fitted(0.0, OVERVIEW_PITCH)}
    for bookmark in scenario.cameras:
        aims = bookmark.name != "overview" or "target" in bookmark.model_fields_set
        poses[bookmark.name] = (Pose(bookmark.target, bookmark.distance, bookmark.yaw, bookmark.pitch) if aims else
                                fitted(bookmark.yaw, bookmark.pitch))
    return poses


def whole(layout: Layout, areas: tuple[Area, ...] = (Area(),), aspect: float = USUAL_ASPECT, waiting: int = 0,
          yaw: float = 0.0, pitch: float = PITCH) -> Pose:
    """The site as near as it is all in one of `areas`."""
    places = standing(layout, waiting)
    return min((framed(places, layout.hub_xyz, area, aspect, yaw, pitch) for area in areas),
               key=lambda pose: pose.distance)


def standing(layout: Layout, waiting: int = 0) -> np.ndarray:
    """What is to be seen of a site, (n, 3) m: corners of what may stand in its bays and in the rows of so many
    who wait, one row at least, posts, names of zones, the hub's foot and top."""
    scale, angle = layout.hub_scale, np.arange(ROUND) * (2.0 * np.pi / ROUND)
    foot = np.stack([np.sin(angle), 0.0 * angle, np.cos(angle)], axis=1) * (HUB_RADIUS * scale)
    rows = np.flatnonzero(layout.bay_xyz[:, 1] == 0.0)
    tall = np.where(layout.bay_size[rows, 1] > BAY_LENGTH, BUS_TALL_M, TALL_M)
    queue = layout.queue_xyz(np.arange(layout.queued_rows(waiting) * layout.queue_row))
    length = layout.queue_step - QUEUE_GAP
    lengths, widths = np.full(len(queue), length), np.full(len(queue), 2.0)
    return np.concatenate([
        layout.hub_xyz + foot, [layout.hub_xyz + (0.0, HUB_HEIGHT * scale, 0.0)], layout.connector_xyz[rows],
        layout.zone_xyz,
        _corners(layout.bay_xyz[rows], layout.bay_heading[rows], *layout.bay_size[rows].T, tall),
        _corners(queue, np.full(len(queue), layout.queue_heading), widths, lengths, np.full(len(queue), TALL_M))])


def in_half(layout: Layout, size: tuple[int, int]) -> Pose:
    """The whole site in half a window, `size` pixels, below what lies over it there."""
    pose = whole(layout)
    distance, (x, y, z) = pose.distance * farther(*size), pose.target
    return replace(pose, distance=distance, target=(x, y, z + HALF_LOWER * distance))


def _corners(at: np.ndarray, heading: np.ndarray, width: np.ndarray, length: np.ndarray,
             tall: np.ndarray) -> np.ndarray:
    """Of upright boxes on the ground at (n, 3), (8 n, 3) m; headings in degrees."""
    angle = np.radians(heading)
    along = np.stack([np.sin(angle), 0.0 * angle, np.cos(angle)], axis=1) * (length / 2.0)[:, None]
    aside = np.stack([np.cos(angle), 0.0 * angle, -np.sin(angle)], axis=1) * (width / 2.0)[:, None]
    top = np.stack([0.0 * tall, tall, 0.0 * tall], axis=1)
    return np.concatenate([at + a * along + b * aside + c * top for a in (-1, 1) for b in (-1, 1) for c in (0, 1)])
