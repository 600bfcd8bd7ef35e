"""What the editor draws over the picture and a film never has: the camera's path with its keys, and guides."""

from __future__ import annotations

from fractions import Fraction
from math import tan, radians
from typing import NamedTuple

import numpy as np
from imgui_bundle import imgui

from game.camera import Pose
from game.editor.layout import Rect
from game.film.titles import SAFE
from game.ui.layer import vec
from game.ui.theme import TICK
from game.ui.widgets import Brush

NEAR_M = 0.5
STEPS = 160                 # of the path's line
BODY_SHARE = 0.035          # of its distance from the eye, that a camera's mark is deep
LEAST_M, MOST_M = 0.6, 9.0
ACTION_SAFE = 0.035         # of each side; titles have SAFE
CATCH_PX = 14.0


class Lens(NamedTuple):
    """From where and how wide the picture is seen; `frame` is where it lies, px."""

    pose: Pose
    fov: float
    frame: Rect

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of the window (n, 2) of points (n, 3) m, and how deep they are (n,) m."""
        forward, right, up = self.pose.axes()
        away = points - self.pose.eye()
        deep = away @ forward
        x, y, width, height = self.frame
        scale = height / 2.0 / tan(radians(self.fov) / 2.0)
        safe = np.where(np.abs(deep) < 1e-6, 1e-6, deep)
        at = np.stack([x + width / 2.0 + away @ right / safe * scale,
                       y + height / 2.0 - away @ up / safe * scale], axis=1)
        return at, deep

    def segment(self, a: np.ndarray, b: np.ndarray) -> tuple | None:
        """The two pixels of what is before the eye of a line between two points; None where nothing is."""
        forward, eye = self.pose.axes()[0], self.pose.eye()
        da, db = float((a - eye) @ forward), float((b - eye) @ forward)
        if da < NEAR_M and db < NEAR_M:
            return None
        if da < NEAR_M:
            a = a + (b - a) * ((NEAR_M - da) / (db - da))
        elif db < NEAR_M:
            b = b + (a - b) * ((NEAR_M - db) / (da - db))
        at, _ = self.project(np.array([a, b]))
        return at[0], at[1]


class PathView:
    """The camera's path of the tracks as they are; worked out anew when they change."""

    def __init__(self):
        self._key, self._eyes, self._keys = None, np.zeros((0, 3)), []
        self.marks: list[tuple[float, float, int]] = []

    def work_out(self, tracks, place, key) -> None:
        """Look up the path, if `key` says that it is another."""
        if key == self._key:
            return
        self._key = key
        shots = tracks.shots
        first, last = shots.camera[0].at, shots.camera[-1].at
        times = sorted({first + (last - first) * k / STEPS for k in range(STEPS + 1)}
                       | {one.at for one in shots.camera})
        poses = [tracks.camera(t, place)[0] for t in times]
        self._times, self._eyes = times, np.array([pose.eye() for pose in poses])
        self._keys = [tracks.camera(one.at, place) for one in shots.camera]
        self._cuts = {one.at for one in shots.camera if one.cut}

    def draw(self, brush: Brush, lens: Lens, chosen: set[int], now: tuple[Pose, float], aspect: float) -> None:
        """Draw line, keys and the playhead's camera over the picture."""
        paper, theme = imgui.get_background_draw_list(), brush.theme
        x, y, width, height = lens.frame
        paper.push_clip_rect(vec(x, y), vec(x + width, y + height), True)
        at, deep = lens.project(self._eyes)
        line, dark = theme.color("text"), theme.color("shade")
        for k in range(len(self._times) - 1):
            if self._times[k + 1] in self._cuts or deep[k] < NEAR_M or deep[k + 1] < NEAR_M:
                continue
            a, b = vec(*map(float, at[k])), vec(*map(float, at[k + 1]))
            paper.add_line(a, b, dark, theme.px(4.0))
            paper.add_line(a, b, line, max(theme.px(1.6), 1.0))
        self.marks = []
        for number, (pose, fov) in enumerate(self._keys):
            tone = "wait" if number in chosen else "quiet"
            self._camera(paper, theme, lens, pose, fov, aspect, tone, number in chosen)
            (pixel,), (depth,) = lens.project(pose.eye()[None])
            if depth > NEAR_M and x <= pixel[0] <= x + width and y <= pixel[1] <= y + height:
                self.marks.append((float(pixel[0]), float(pixel[1]), number))
        self._camera(paper, theme, lens, *now, aspect, "text", True)
        for px, py, number in self.marks:
            words = str(number + 1)
            half = theme.px(8.0)
            paper.add_circle_filled(vec(px, py), half, theme.color("panel"), 20)
            paper.add_circle(vec(px, py), half, theme.color("wait" if number in chosen else "text"), 20,
                             max(theme.px(1.4), 1.0))
            wide = brush.width(words, TICK)
            font, pixels = theme.regular, theme.px(TICK)
            paper.add_text(font, pixels, vec(round(px - wide / 2), round(py - pixels * 0.56)),
                           theme.color("wait" if number in chosen else "text"), words)
        paper.pop_clip_rect()

    def hit(self, x: float, y: float, scale: float) -> int | None:
        """The key whose mark is at a pixel."""
        near = [(abs(mx - x) + abs(my - y), number) for mx, my, number in self.marks]
        best = min(near, default=None)
        return best[1] if best is not None and best[0] <= CATCH_PX * scale else None

    @staticmethod
    def _camera(paper, theme, lens: Lens, pose: Pose, fov: float, aspect: float, tone: str, bold: bool) -> None:
        """A camera as its frustum, and a line down to the ground below it."""
        eye = pose.eye()
        far = float(np.linalg.norm(eye - lens.pose.eye()))
        if far < NEAR_M:
            return
        deep = min(max(BODY_SHARE * far, LEAST_M), MOST_M)
        forward, right, up = pose.axes()
        half = tan(radians(fov) / 2.0) * deep
        corners = [eye + forward * deep + right * sx * half * aspect + up * sy * half
                   for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        tip = eye + forward * deep + up * half * 1.7
        edges = [(eye, corner) for corner in corners]
        edges += [(corners[k], corners[(k + 1) % 4]) for k in range(4)] + [(corners[2], tip), (tip, corners[3])]
        thick = max(theme.px(1.8 if bold else 1.2), 1.0)
        for a, b in edges:
            found = lens.segment(a, b)
            if found is not None:
                paper.add_line(vec(*map(float, found[0])), vec(*map(float, found[1])), theme.color(tone), thick)
        foot = lens.segment(eye, np.array([eye[0], 0.0, eye[2]]))
        if foot is not None:
            paper.add_line(vec(*map(float, foot[0])), vec(*map(float, foot[1])), theme.color("line"), 1.0)


THIRDS, SAFES = 1, 2


def guides(brush: Brush, frame: Rect, which: int) -> None:
    """Thirds, and the areas in which action and titles are safe, over the picture; `which` are they of THIRDS and
    SAFES together."""
    paper, theme, (x, y, width, height) = imgui.get_background_draw_list(), brush.theme, frame
    dark, light = theme.color("shade"), theme.color("guide")
    if which & THIRDS:
        for k in (1, 2):
            for a, b in (((x + width * k / 3, y), (x + width * k / 3, y + height)),
                         ((x, y + height * k / 3), (x + width, y + height * k / 3))):
                paper.add_line(vec(a[0] + 1, a[1] + 1), vec(b[0] + 1, b[1] + 1), dark, 1.0)
                paper.add_line(vec(*a), vec(*b), light, 1.0)
    if which & SAFES:
        for share, words in ((ACTION_SAFE, "action"), (SAFE, "titles")):
            dx, dy = round(width * share), round(height * share)
            for off, tone in ((1, dark), (0, light)):
                paper.add_rect(vec(x + dx + off, y + dy + off), vec(x + width - dx + off, y + height - dy + off), tone)
            font, pixels = theme.regular, theme.px(TICK)
            wide = brush.width(words, TICK)
            down = -pixels - 1 if words == "action" else 2
            paper.add_text(font, pixels, vec(x + width - dx - wide - theme.px(4), y + height - dy - pixels - 2
                                             if words == "titles" else y + dy + down + pixels + 2), light, words)
        middle, r = (x + width / 2, y + height / 2), theme.px(7.0)
        for dx, dy in ((r, 0.0), (0.0, r)):
            paper.add_line(vec(middle[0] - dx, middle[1] - dy), vec(middle[0] + dx, middle[1] + dy), light, 1.0)


def surround(brush: Brush, size: tuple[int, int], frame: Rect) -> None:
    """What lies around the picture, and its edge."""
    paper, (x, y, width, height), (w, h) = imgui.get_background_draw_list(), frame, size
    ground = brush.theme.color("ground")
    for x0, y0, x1, y1 in ((0, 0, w, y), (0, y + height, w, h), (0, y, x, y + height), (x + width, y, w, y + height)):
        paper.add_rect_filled(vec(x0, y0), vec(x1, y1), ground)


def words_over(brush: Brush, frame: Rect, words: str, tone: str) -> None:
    """A few words in the picture's upper left corner, on a plate above where titles may be."""
    paper, theme, (x, y, _, _) = imgui.get_background_draw_list(), brush.theme, frame
    px, wide = theme.px, brush.width(words, TICK)
    x0, y0 = x + px(3), y + px(2)
    paper.add_rect_filled(vec(x0, y0), vec(x0 + wide + px(14), y0 + px(18)), theme.color("panel"), px(4))
    paper.add_text(theme.regular, px(TICK), vec(round(x0 + px(7)), round(y0 + px(3))), theme.color(tone), words)


def path_key(version: int, place_s: float) -> tuple[int, Fraction]:
    """By what a path is another: the list, and where what it follows stands."""
    return version, Fraction(round(place_s * 2.0), 2)
