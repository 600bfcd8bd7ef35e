"""Marks on the ground: which bays are free, taken, reserved or closed."""

from __future__ import annotations

import numpy as np
from panda3d.core import NodePath

from game.scene import meshes
from game.scene.buffers import BUNDLE, Buffer
from game.scene.layout import Layout
from game.scene.part import FLAT, Part
from game.scene.stations import Stations


class Bays:
    """One draw, of the bays whose posts are drawn in full."""

    def __init__(self, root: NodePath, layout: Layout, stations: Stations):
        self._near = stations.near_posts
        self._places = Buffer("bays")
        table = np.zeros((max(len(layout.bay_xyz), 1), 2, 4), np.float32)
        if len(layout.bay_xyz):
            table[:, 0, :2] = layout.bay_xyz[:, (0, 2)]
            table[:, 0, 2] = np.radians(layout.bay_heading)
            table[:, 1, :2] = layout.bay_size / 2.0
        self._places.write(table)
        self._part = Part(root, meshes.quad_node("bays", BUNDLE), "bay", "bay", FLAT, two_sided=True,
                          bundle=BUNDLE)
        self._part.inputs(u_bays=self._places.texture, u_states=stations.post_states.texture,
                          u_rows=self._near.buffer.texture)
        self.parts = [self._part]
        self.buffers = [self._places]

    def arrange(self) -> None:
        """Follow the posts, which were sorted anew."""
        self._part.set_instances(len(self._near))
