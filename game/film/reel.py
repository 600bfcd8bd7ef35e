"""Frames of a film as pictures: the stage led through them all, those wanted drawn, averaged and titled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np

from game.film.faces import face_of
from game.film.plan import Plan
from game.film.shots import Title, wrong
from game.film.stage import Stage
from game.film.titles import Spoken, Titles, fork_names, spoken
from game.film.tracks import Tracks, film_s
from game.film.values import Values, spell
from game.look import Look
from game.palette import PALETTES

FIGURES_PER_S = 4
SHUTTER = Fraction(1, 2)    # of a frame's time, that motion blur takes in
LIGHT = (np.arange(256, dtype=np.float32) / np.float32(255.0)) ** np.float32(2.2)
STEPS = 4096                # of the square root of light, which is fine enough where it is dark
ROOTS = np.rint(255.0 * (np.arange(STEPS) / (STEPS - 1.0)) ** (2.0 / 2.2)).astype(np.uint8)
BORDER_ALPHA = 0.55


class Reel:
    """The frames of a plan, in order. Raises InputError before the first where something does not fit."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self._models = plan.run.models()
        dearest = max([plan.tier, *(key.tier for key in plan.shots.view if key.tier is not None)])
        self._stage = Stage(plan.run.scenario, self._models, plan.size, plan.supersample, plan.palette,
                            Look(tier=dearest))
        try:
            self.tracks = Tracks(plan.shots, plan.run.scenario, self._stage.poses, self._stage.knows,
                                 plan.tier)
            until_s = self.tracks.sim_s(plan.film_s(plan.last))
            if until_s > plan.run.until_s:
                raise wrong(plan.shots, "time", f"goes on to {until_s:g} s, the run ends at "
                            f"{plan.run.until_s:g} s")
            self._titles = Titles(plan.size, PALETTES[plan.palette])
            self._speak_all()
            self._find_room()
        except BaseException:
            self.close()
            raise
        self._next = 0
        self._words: dict[int, Spoken] = {}

    def frames(self, wanted: Iterable[int]) -> Iterator[tuple[int, np.ndarray]]:
        """Number and picture, RGB uint8 (height, width, 3), of ascending frames not before the last ones."""
        for frame in wanted:
            while self._next < frame:
                self._go(self._next, frame)
            yield frame, self._go(frame, frame)

    def close(self) -> None:
        """Give the graphics back."""
        self._stage.close()

    def _go(self, frame: int, wanted: int) -> np.ndarray | None:
        """Lead the stage through a frame; its picture if it is the one that is wanted."""
        plan, stage = self.plan, self._stage
        t = plan.film_s(frame)
        if frame == 0:  # Uploads everything once, so that the first is no different from the others.
            stage.pass_by(self.tracks.at(t, stage.place))
        self._next = frame + 1
        light, at = None, {}
        for part in range(plan.blur):
            moment = self.tracks.at(t + part * SHUTTER / (plan.blur * plan.fps), stage.place)
            stage.pass_by(moment)
            if part == 0:
                split = moment.split
                if frame == self._figures_of(wanted):
                    self._words = self._speak(wanted)
                if frame == wanted:
                    about = {title.of for _, title, _ in self.tracks.titles(t) if title.kind == "callout"}
                    at = {name: stage.pixels(name) for name in about}
            if frame == wanted:
                drawn = self._compose(split)
                if plan.blur == plan.supersample == 1:
                    light = drawn
                else:
                    light = averaged(drawn, plan.supersample) + (0.0 if light is None else light)
        if light is None:
            return None
        picture = light if light.dtype == np.uint8 else pictured(light / np.float32(plan.blur))
        self._titles.draw(picture, self._spoken(t, at, split))
        return picture

    def _compose(self, split: float) -> np.ndarray:
        """The branches beside each other, large."""
        border = round(self.plan.size[0] * split) * self.plan.supersample
        width = self.plan.size[0] * self.plan.supersample
        if len(self._models) == 1 or border >= width:
            return self._stage.draw(0)
        if border <= 0:
            return self._stage.draw(1)
        a, b = self._stage.draw(0), self._stage.draw(1)
        if self.plan.shots.fork.layout == "swipe":
            picture = np.concatenate([a[:, :border], b[:, border:]], axis=1)
        else:
            left, right = (width - border) // 2, border // 2
            picture = np.concatenate([a[:, left:left + border], b[:, right:right + width - border]], axis=1)
        line = max(round(width / 1280.0), 1)
        text = np.array(PALETTES[self.plan.palette].text) * 255.0
        edge = picture[:, max(border - line, 0):border + line]
        edge[:] = np.rint(edge * (1.0 - BORDER_ALPHA) + text * BORDER_ALPHA).astype(np.uint8)
        return picture

    def _figures_of(self, frame: int) -> int:
        """The frame at which the figures of another are worked out: they change FIGURES_PER_S a second."""
        step = self.plan.film_s(frame) * FIGURES_PER_S // 1
        return ceil(Fraction(step, FIGURES_PER_S) * self.plan.fps)

    def _speak(self, frame: int) -> dict[int, Spoken]:
        """Titles with figures of now, as they stand until the figures' next change after a frame."""
        begin = self._figures_of(frame)
        end = film_s(begin, self.plan.fps) + Fraction(1, FIGURES_PER_S)
        values = [Values(model) for model in self._models]
        return {k: self._spell(k, title, values) for k, title in enumerate(self.plan.shots.titles)
                if title.at <= end and title.until > film_s(begin, self.plan.fps)}

    def _speak_all(self) -> None:
        values = [Values(model) for model in self._models]
        for k, title in enumerate(self.plan.shots.titles):
            self._spell(k, title, values)
        self._names = fork_names(self.plan.shots) if self.plan.shots.fork else ()

    def _find_room(self) -> None:
        """Titles of a time have to fit the picture; callouts, which follow what they are about, give way."""
        values = [Values(model) for model in self._models]
        said = {k: self._spell(k, title, values) for k, title in enumerate(self.plan.shots.titles)}
        for number, title in enumerate(self.plan.shots.titles):
            t = Fraction(title.at) + min(Fraction(title.fade), Fraction(title.until - title.at) / 2)
            beside = [said[k] for k, _, _ in self.tracks.titles(t) if k != number]
            width, height = self.plan.size
            if not self._titles.have_room([said[number]]):
                raise wrong(self.plan.shots, f"titles.{number}", f"does not fit into {width}x{height}")
            if not self._titles.have_room([said[number], *beside]):
                raise wrong(self.plan.shots, f"titles.{number}", "does not fit beside the other titles at "
                            f"{float(t):g} s in {width}x{height}")

    def _spell(self, number: int, title: Title, values: list[Values]) -> Spoken:
        named = {name: value.about(title.of) for name, value in zip("ab", values)}
        try:
            return spoken(title, face_of(self.plan.shots, title), lambda text: spell(text, named))
        except ValueError as error:
            raise wrong(self.plan.shots, f"titles.{number}", error) from None

    def _spoken(self, t: Fraction, at: dict, split: float) -> list[Spoken]:
        width = self.plan.size[0]
        border = round(width * split)
        said = []
        for k, title, opacity in self.tracks.titles(t):
            words, place = self._words[k], at.get(title.of) if title.kind == "callout" else None
            if place is not None and len(self._models) > 1 and border < width:
                swiped = self.plan.shots.fork.layout == "swipe"
                shifted = place[0] if swiped else place[0] - (width - border) // 2
                place = (shifted, place[1]) if 0.0 <= shifted <= border else None
            said.append(replace(words, opacity=opacity, at=place))
        if len(self._models) > 1 and 0 < border < width:
            closing = max((words.opacity for words in said if words.kind == "closing"), default=0.0)
            for name, within in zip(self._names, ((0.0, border), (border, width))):
                opacity = min(max((within[1] - within[0]) / width * 4.0 - 0.6, 0.0), 1.0 - closing)
                said.append(replace(name, opacity=opacity, within=within))
        return said


def frame_hash(picture: np.ndarray) -> str:
    """Of a picture's pixels."""
    return hashlib.sha256(np.ascontiguousarray(picture)).hexdigest()[:32]


def averaged(picture: np.ndarray, times: int) -> np.ndarray:
    """The light (0..1, float32) of a picture, each pixel the mean of `times` by `times`."""
    light = LIGHT[picture]
    if times == 1:
        return light
    height, width = picture.shape[0] // times, picture.shape[1] // times
    return light.reshape(height, times, width, times, 3).mean(axis=(1, 3), dtype=np.float32)


def pictured(light: np.ndarray) -> np.ndarray:
    """The picture of so much light."""
    fine = np.rint(np.sqrt(light) * np.float32(STEPS - 1.0)).astype(np.int32)
    return ROOTS[np.clip(fine, 0, STEPS - 1)]
