"""The scene on a film's stage: no panels and no hands, only moments that a shot list asks for.

What a frame shows may depend on the frames before it (comets keep their place when a power steps, labels
their height). So a stage is led through every frame from the first on, and draws those that are wanted:
a frame is the same whichever others are drawn.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from panda3d.core import LVecBase4f, PTA_LVecBase4f

from game.app import App
from game.film.tracks import Moment
from game.look import Look
from game.post import Post
from game.quality import Quality
from game.scene.scene import Scene
from game.scene.selection import named
from sim.errors import InputError


class Stage(App):
    """Shows `models`, one or two branches of a run of `scenario`, in pictures of `size` pixels drawn
    `supersample` times as wide and high. Raises InputError where OpenGL cannot."""

    FITS = False

    def __init__(self, scenario, models: list, size: tuple[int, int], supersample: int = 1,
                 palette: str = "standard", look: Look = Look()):
        large = size[0] * supersample, size[1] * supersample
        super().__init__(scenario, models[0], size=large, offscreen=True, ui=False, palette=palette,
                         look=look)
        self.models = models
        self._fits(large)
        self._scenes = [self.scene]
        self._scenes += [Scene(self.shell.root, scenario, model.world, palette, model.conditions.weather)
                         for model in models[1:]]
        self.picture_size, self._supersample = size, supersample
        self._shown = _Shown(self)
        self.post = _Whole(Post(self.shell.eye, self._shown))
        self._branch, self._warm = 0, False
        self.shell.take_pictures()

    @property
    def viewport(self) -> tuple[int, int]:
        return self.picture_size

    def knows(self, name: str) -> bool:
        """Whether an entity has this name."""
        return named(self.models[0].world, name) is not None

    def place(self, name: str) -> tuple[float, float, float]:
        """Where an entity stood, in the first branch, when a frame was last prepared; (x, y, z) m."""
        world = self.models[0].world
        return self._scenes[0].place_of(world, *named(world, name))

    def pass_by(self, moment: Moment) -> None:
        """Go on to a moment, no earlier than the last, without drawing it."""
        step, self.real_s = max(float(moment.film_s) - self.real_s, 0.0), float(moment.film_s)
        for model in self.models:
            model.advance(moment.sim_s)
        self.clock.reach(moment.sim_s)
        self.shell.step(step)
        self.shell.open_lens(moment.fov)
        self.look = moment.look
        self.governor.tier = moment.look.tier
        for branch in reversed(range(len(self.models))):
            self._turn_to(branch)
            self._selected = None
            if moment.select:
                self.select_named(moment.select)
            self.scene.name_things(moment.names)
            self._show(moment.pose, step)

    def draw(self, branch: int = 0) -> np.ndarray:
        """The moment last gone to, of a branch: RGB uint8 (height, width, 3) of the large picture."""
        if branch != self._branch:
            self._turn_to(branch)
        if not self._warm:  # Buffers are made by the first frame that is drawn.
            self._warm = True
            self.shell.render()
        self.shell.render()
        return self.shell.picture()

    def cut_out(self):
        """Leave sky and land out from now on; see Scene.cut_out."""
        return self._scenes[0].cut_out()

    def site_corners(self) -> np.ndarray:
        """The corners of the site's ground, (4, 3) m."""
        low, high = self._scenes[0].layout.bounds()
        return np.array([(x, 0.0, z) for x in (low[0], high[0]) for z in (low[2], high[2])])

    def pixels(self, name: str) -> tuple[float, float] | None:
        """Where an entity is in the first branch's picture, pixels from its upper left corner; None where
        it is not in it."""
        return self._scenes[0].pixel_of(self.models[0].world, *named(self.models[0].world, name))

    def _turn_to(self, branch: int) -> None:
        self._branch = branch
        for k, scene in enumerate(self._scenes):
            (scene.show if k == branch else scene.hide)()
        self.scene = self._scenes[branch]
        self._model = self._seen = self.models[branch]
        self._signs_key = -1
        self._shown.turn()

    def _fits(self, large: tuple[int, int]) -> None:
        most = self.shell.base.win.get_gsg().get_max_texture_dimension()
        given = self.shell.size
        if given != large or (most > 0 and max(large) > most):
            limit = f"at most {most} pixels a side" if most > 0 else f"{given[0]}x{given[1]}"
            self.close()
            raise InputError(f"--size: OpenGL here draws {limit}, and supersampled this picture needs "
                             f"{large[0]}x{large[1]}")


class _Whole:
    """Post-processing that never draws the scene smaller: a film takes the time it needs."""

    def __init__(self, post: Post):
        self._post = post

    def fit(self, quality: Quality) -> None:
        self._post.fit(replace(quality, most_pixels=1 << 40))

    def clear(self) -> None:
        self._post.clear()


class _Shown:
    """Whichever scene is shown, for post-processing, which is built once for both."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self.dark = PTA_LVecBase4f([LVecBase4f(0.0)] * len(stage.scene.frame.dark))
        self._dark = memoryview(self.dark).cast("B")
        self._pixels = 1

    @property
    def frame(self) -> _Shown:
        return self

    @property
    def light(self):
        return self._stage.scene.frame.light

    def shine(self, pixels: int) -> None:
        """Bring `dark` up to date with the scene that is shown."""
        self._pixels = pixels
        self.turn()

    def turn(self) -> None:
        frame = self._stage.scene.frame
        if frame.light is None:
            return
        frame.shine(self._pixels)
        self._dark[:] = memoryview(frame.dark).cast("B")
