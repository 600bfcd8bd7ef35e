"""The other branch's half of the window: a scene of its own, seen from the same place at the same time."""

from __future__ import annotations

from game.camera import Pose
from game.eye import RIGHT, Eye
from game.look import Look
from game.post import Post
from game.quality import QUALITY
from game.scene.scene import Scene
from game.shell import Shell
from game.signs import Signs, signs
from sim.model import Model


class Beside:
    """Shows a branch of the run that `model` is of in `area`, the right half of the window if not told
    otherwise; shaders are shared with the first half, all else is its own and goes with `close`."""

    def __init__(self, shell: Shell, model: Model, palette: str):
        self._shell, self._seen = shell, model
        self.eye = Eye.another(shell.base, shell.offscreen)
        self.area = RIGHT
        self.eye.fill(self.area, shell.size)
        self.scene = Scene(self.eye.root, model.scenario, model.world, palette, model.conditions.weather)
        self._post = Post(self.eye, self.scene)
        self._signs, self._signs_key = Signs(), -1

    def update(self, model: Model, real_s: float, pose: Pose, selected: tuple[str, int] | None, look: Look,
               at_once: bool, signs_per_s: float) -> None:
        """One frame: the branch's `model` at its own present, from a pose; the rest as for a scene."""
        self.eye.fill(self.area, self._shell.size)
        self.eye.place(pose)
        if model is not self._seen:
            self._seen, self._signs_key = model, -1
            self.scene.forget(model.conditions.weather)
        key = int(real_s * signs_per_s)
        if key != self._signs_key:
            self._signs_key, self._signs = key, signs(model, model.now_s)
        self.scene.viewport = self.eye.size
        self.scene.update(model.world, model.now_s, model.version, real_s, self.eye.camera, selected,
                          model.scenario.start, look, self._signs, at_once)
        self._post.fit(QUALITY[look.tier])

    def rest(self) -> None:
        """Draw nothing until the next update."""
        self._post.rest()

    def close(self) -> None:
        """Give the half and everything in it back."""
        self._post.clear()
        self.scene.destroy()
        self.eye.close()
