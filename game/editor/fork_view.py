"""The second branch beside the first in the editor's picture, each seen from its own middle, as in the film."""

from __future__ import annotations

from dataclasses import replace

from imgui_bundle import imgui

from game.beside import Beside
from game.camera import Pose
from game.editor.branch import Branch
from game.editor.layout import Rect
from game.film.shots import Fork, ShotList
from game.film.titles import Spoken, fork_names
from game.look import Look
from game.scene.selection import twin
from game.ui.layer import vec
from game.ui.widgets import Brush
from sim.model import Model

SIGNS_PER_S = 4.0
Area = tuple[float, float, float, float]


class ForkView:
    """The branch of `model` in the part of the picture that the list gives it."""

    def __init__(self, shell, model: Model, palette: str):
        self._shell, self._palette = shell, palette
        self.branch = Branch(model)
        self._beside: Beside | None = None

    def areas(self, fork: Fork, split: float, frame: Rect, size: tuple[int, int]) -> tuple[Area, Area | None]:
        """The parts of a window of `size` pixels that both branches have; None for one that is not seen. A
        border that is swiped over one view is drawn as a line over the branch that has more of it."""
        (width, height), (x, y, wide, high) = size, frame
        low, up = 1.0 - (y + high) / height, 1.0 - y / height
        whole = (x / width, (x + wide) / width, low, up)
        if fork.layout == "swipe":
            split = float(split >= 0.5)
        border = x + round(wide * split)
        if border >= x + wide:
            return whole, None
        if border <= x:
            return whole, whole
        return (x / width, border / width, low, up), (border / width, (x + wide) / width, low, up)

    def update(self, area: Area | None, fov: float, whole: float, real_s: float, pose: Pose, selected, world,
               look: Look, names: bool) -> None:
        """One frame of its part; None: it has none now. `whole` is the aspect of the picture."""
        if area is None:
            if self._beside is not None:
                self._beside.rest()
            return
        model = self.branch.shown
        if self._beside is None:
            self._beside = Beside(self._shell, model, self._palette)
        beside = self._beside
        beside.area, beside.eye.within = area, whole
        beside.eye.fill(area, self._shell.size)
        beside.eye.open_lens(fov)
        beside.scene.name_things(names)
        there = twin(selected, world, model.world) if selected is not None else None
        beside.update(model, real_s, pose, there, look, True, SIGNS_PER_S)

    def close(self) -> None:
        """Give its scene back."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None


def names(shots: ShotList, split: float, width: int, closing: float) -> list[tuple[int, Spoken]]:
    """The branches' names over their parts of a picture `width` pixels wide, as the film has them."""
    border, said = round(width * split), []
    if 0 < border < width:
        parts = ((0.0, border), (border, width))
        for k, (name, within) in enumerate(zip(fork_names(shots), parts)):
            opacity = min(max((within[1] - within[0]) / width * 4.0 - 0.6, 0.0), 1.0 - closing)
            said.append((-1 - k, replace(name, opacity=opacity, within=within)))
    return said


def border(brush: Brush, frame: Rect, split: float) -> None:
    """The line between both."""
    if 0.0 < split < 1.0:
        x = round(frame[0] + frame[2] * split)
        imgui.get_background_draw_list().add_line(vec(x, frame[1]), vec(x, frame[1] + frame[3]),
                                                  brush.theme.color("guide"), max(brush.theme.px(1.0), 1.0))
