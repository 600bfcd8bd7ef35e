"""The site alone, without sky and land, before a ground of one colour."""

from __future__ import annotations

from panda3d.core import LVecBase3f, NodePath

from game.scene import meshes
from game.scene.part import SKY, Part


class Cutout:
    """Takes `away` (parts) out of the picture, and puts a ground behind the rest under `root`."""

    def __init__(self, root: NodePath, away: list[Part]):
        for part in away:
            part.path.hide()
        self._ground = Part(root, meshes.quad_node("backdrop"), "finish", "backdrop", SKY, two_sided=True)
        self._ground.path.set_bin("fixed", -1)
        self.before(0.0)

    def before(self, grey: float) -> None:
        """Have a ground of so much light (0..1)."""
        self._ground.inputs(u_colour=LVecBase3f(grey))
