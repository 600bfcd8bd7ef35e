"""A camera and the part of the window that it fills."""

from __future__ import annotations

import numpy as np
from panda3d.core import Camera, DisplayRegion, LVecBase3f, NodePath, PerspectiveLens

from game.camera import VERTICAL_FOV_DEG, Pose, vertical_fov
from game.scene.part import NAMES, PICTURE

NEAR_M, FAR_M = 0.5, 6000.0
WHOLE, LEFT, RIGHT = (0.0, 1.0, 0.0, 1.0), (0.0, 0.5, 0.0, 1.0), (0.5, 1.0, 0.0, 1.0)
"""Parts of a window: left, right, bottom and top as shares of it."""


class Eye:
    """Sees what is under the top of its camera's graph, all that `root` hangs from, through a camera of its
    own into `regions` of `base`'s window. `size` is the picture's in pixels (width, height); where it is the middle
    of a larger one, `within` is the aspect of that."""

    def __init__(self, base, root: NodePath, camera: NodePath, regions: list[DisplayRegion],
                 offscreen: bool):
        self.base, self.root, self.camera, self.offscreen = base, root, camera, offscreen
        self._regions = regions
        self.lens = PerspectiveLens()
        self.lens.set_near_far(NEAR_M, FAR_M)
        camera.node().set_lens(self.lens)
        camera.node().set_camera_mask(PICTURE | NAMES)
        # Sky and ground cover every pixel: where the processor draws, each clearing that is left out is a
        # millisecond.
        for region in regions:
            region.set_clear_depth_active(False)
        self.area, self.size = WHOLE, (0, 0)
        self.within: float | None = None

    @classmethod
    def another(cls, base, offscreen: bool) -> Eye:
        """An eye upon a root of its own in the same window, which no other eye sees."""
        root = NodePath("voltyard beside")
        camera = root.attach_new_node(Camera("beside"))
        region = base.win.make_display_region()
        region.set_camera(camera)
        return cls(base, root, camera, [region], offscreen)

    def fill(self, area: tuple[float, float, float, float], window: tuple[int, int]) -> bool:
        """Fill a part of a window of that many pixels; whether the picture's size is another."""
        left, right, bottom, top = (int(share * side + 0.5)  # as Panda rounds regions
                                    for share, side in zip(area, (*window[:1] * 2, *window[1:] * 2)))
        size = max(right - left, 1), max(top - bottom, 1)
        if (area, size) == (self.area, self.size):
            return False
        self.area, self.size = area, size
        for region in self._regions:
            region.set_dimensions(*area)
        self.open_lens()
        return True

    def open_lens(self, fov_deg: float = VERTICAL_FOV_DEG) -> None:
        """See so much (degrees) from top to bottom; a narrow picture more, so that its width is kept."""
        aspect = self.size[0] / self.size[1]
        self.vertical_fov_deg = vertical_fov(self.within or aspect, fov_deg)
        self.lens.set_aspect_ratio(aspect)
        self.lens.set_min_fov(self.vertical_fov_deg if aspect >= 1.0 else
                              _other_fov(self.vertical_fov_deg, aspect))

    def place(self, pose: Pose) -> None:
        """Look from a pose."""
        self.camera.set_pos(LVecBase3f(*map(float, pose.eye())))
        self.camera.set_hpr(LVecBase3f(-pose.yaw, -pose.pitch, pose.roll))  # in ursina's left-handed, y-up axes

    def draw_scene(self, straight: bool) -> None:
        """Draw the scene straight into the window, names and all, or leave that to others."""
        for region in self._regions:
            region.set_active(straight)
        self.camera.node().set_camera_mask(PICTURE | NAMES if straight else PICTURE)

    def close(self) -> None:
        """Give the regions and all that hangs from the root back."""
        for region in self._regions:
            self.base.win.remove_display_region(region)
        self.root.remove_node()


def _other_fov(fov_deg: float, ratio: float) -> float:
    return float(np.degrees(2.0 * np.arctan(np.tan(np.radians(fov_deg) / 2.0) * ratio)))
