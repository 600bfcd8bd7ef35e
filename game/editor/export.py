"""The export card: how the film is to be rendered, what that comes to, and how far it is."""

from __future__ import annotations

import os
import statistics
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from game.editor.cards import beside, parts, room_for
from game.editor.fields import Form
from game.editor.layout import Rect
from game.editor.refusals import UNFIT, refusal
from game.film.rendering import Rendering
from game.film.codecs import CODECS
from game.film.jobs import Jobs
from game.film.render import target
from game.film.request import MOST_JOBS, Request, processes
from game.film.writing import found_from, save
from game.progress import clock
from game.ui.theme import LARGE, PADDING
from game.ui.widgets import Brush
from sim.errors import InputError

WIDTH, HEIGHT = 440.0, 400.0
TIERS = ("low", "medium", "high", "ultra")
SIZES = {(16, 9): ("1280x720", "1920x1080", "3840x2160"), (4, 3): ("960x720", "1440x1080", "2880x2160"),
         (1, 1): ("720x720", "1080x1080", "2160x2160"), (9, 16): ("720x1280", "1080x1920", "2160x3840")}
RATES = (("24000/1001", "23.98"), ("24", "24"), ("25", "25"), ("30000/1001", "29.97"), ("30", "30"), ("50", "50"),
         ("60000/1001", "59.94"), ("60", "60"))
DEARER = {"low": 0.8, "medium": 1.0, "high": 2.0, "ultra": 3.0}     # a frame, against medium
FRAMES = 60     # of which the window's drawing time is the median


class Guess:
    """What a frame takes here: from what the window's own frames took, and once a film was rendered, from that."""

    def __init__(self):
        self._taken_s: deque = deque(maxlen=FRAMES)
        self._cpu_s = time.process_time()
        self._films: dict[int, float] = {}  # by the number of processes

    def feed(self, drawn_s: float) -> None:
        """A frame of the window was drawn; where the processor draws, what it did counts."""
        now = time.process_time()
        self._taken_s.append(max(drawn_s, (now - self._cpu_s) / (os.cpu_count() or 1)))
        self._cpu_s = now

    def learn(self, request: Request, jobs: int, frames: int, spent_s: float) -> None:
        """A film was rendered."""
        if frames:
            self._films[jobs] = spent_s / frames / _weight(request, request.picture().size)

    def frame_s(self, request: Request, jobs: int, size: tuple[int, int], window_px: int,
                tier: str) -> tuple[float, int] | None:
        """Seconds a frame of a film may take, and with how many processes that was measured; None where nothing was
        measured yet."""
        known = max((count for count in self._films if count <= jobs), default=0)
        if known:
            return self._films[known] * _weight(request, size), known
        if not self._taken_s:
            return None
        return statistics.median(self._taken_s) / max(window_px, 1) / DEARER[tier] * _weight(request, size), 1


def _weight(request: Request, size: tuple[int, int]) -> float:
    """By what a film's frame is dearer than another's: pixels that are drawn, and how."""
    return size[0] * size[1] * request.supersample ** 2 * request.motion_blur * DEARER[request.tier]


class ExportCard:
    """`request` is what is chosen. It renders in a process of its own, or puts the film into the queue."""

    WINDOW, KEY = "export", "control-e"     # the key closes it

    def __init__(self, palette: str):
        self.open = False
        self.request, self.jobs = Request(tier="medium", palette=palette), 1
        self.out, self._aspect = "out/film.mp4", None
        self.rendering: Rendering | None = None
        self.words, self.tone = "", "quiet"
        self.guess = Guess()
        self._form, self._foot, self._began = Form("export"), Form("export foot"), 0.0

    def rect(self, brush: Brush, size: tuple[int, int]) -> Rect:
        """Where it lies: at the right edge, so that the picture stays to be seen."""
        return beside(brush, size, WIDTH, room_for(brush, self._form, self._foot, HEIGHT))

    def prepare(self, name: str, folder: Path, aspect: tuple[int, int]) -> None:
        """Open it for a film of a name."""
        self.open, self.words = True, ""
        if aspect != self._aspect:  # What was chosen for another shape does not fit this one.
            self._aspect, self.request = aspect, replace(self.request, size=SIZES[aspect][0])
        if self.out == "out/film.mp4":
            self.out = str(folder / f"{name}.mp4")

    def look(self) -> bool:
        """Take in how far a film is; whether there is news."""
        if self.rendering is None:
            return False
        before = self.rendering.done
        self.rendering.look()
        if self.rendering.ended:
            done, self.rendering = self.rendering, None
            if not done.why:
                self.guess.learn(*self._asked, done.done, time.perf_counter() - self._began)
            self._say(done.why or f"Done: {done.out}", "warning" if done.why else "feed")
            return True
        return self.rendering.done != before

    def close(self) -> None:
        """End what is being rendered; finished parts stay."""
        if self.rendering is not None:
            self.rendering.stop()
            self.rendering = None

    def progress_words(self) -> str:
        """How far the film is that is being rendered."""
        film = self.rendering
        if film is None:
            return ""
        if not film.total or not film.done:
            return "Export: preparing"
        left = (time.perf_counter() - self._began) * (film.total - film.done) / film.done
        return f"Export: {film.done} of {film.total} frames, {clock(left)} left"

    # The card

    def draw(self, brush: Brush, area: Rect, editor) -> None:
        """Draw it and take what is chosen."""
        px, (x, y, width, height) = brush.theme.px, area
        with brush.panel(self.WINDOW, area, "card", True):
            brush.list.add_rect((x, y), (x + width, y + height), brush.theme.color("line"), px(6), 0, 1.0)
            brush.text(x + px(PADDING + 4), y + px(31), "Export", LARGE, bold=True)
            body, below = parts(brush, area, self._foot)
            with self._form.over(brush, body) as form:
                self._fields(form, editor)
            with self._foot.over(brush, below) as form:
                self._sum(form, editor)
                self._acts(form, brush, editor)

    def _fields(self, form: Form, editor) -> None:
        request, aspect = self.request, editor.aspect_sides

        sizes = [(one, one) for one in SIZES[aspect]]
        for label, own, name, usual, hint in (("Size", "Own size", "size", sizes, "1920x1080"),
                                              ("Frames a s", "Own rate", "fps", RATES, "60000/1001")):
            self._take(name, form.segments(label, usual, getattr(request, name)))
            to = form.words(own, getattr(request, name), hint)
            self._take(name, (to.strip(),) if to else None)
        self._take("tier", form.segments("Quality", [(one, one.capitalize()) for one in TIERS], request.tier))
        times = [(k, f"{k} x") for k in (1, 2, 3, 4)]
        self._take("supersample", form.segments("Supersample", times, request.supersample))
        moments = [(k, "off" if k == 1 else str(k)) for k in (1, 4, 8, 16)]
        self._take("motion_blur", form.segments("Motion blur", moments, request.motion_blur))
        to = form.segments("Codec", [(name, name) for name in CODECS], request.codec)
        if to:
            codec = CODECS[to[0]]
            self.request = replace(request, codec=to[0], crf=None)
            out = Path(self.out)
            self.out = str(out.with_suffix(codec.suffixes[0]) if out.name else out)
        codec = CODECS.get(self.request.codec)
        if codec is not None and codec.crf is not None:
            crf = codec.crf if request.crf is None else request.crf
            to = form.number("CRF", crf, 0.1, "%.0f  less is better", 0.0, float(codec.worst))
            self._take("crf", None if to is None else (round(to),))
        to = form.words("Frames", request.frames or "", "all, or A-B")
        self._take("frames", None if to is None else (to.strip() or None,))
        cores = os.cpu_count() or 1
        shown = f"%.0f  on {cores} core{'s' if cores > 1 else ''}"
        to = form.number("Processes", self.jobs, 0.03, shown, 1.0, float(MOST_JOBS))
        if to is not None:
            self.jobs, self.words = round(to), ""
        to = form.words("File", self.out, "film.mp4")
        self.out = self.out if to is None else to

    def _take(self, name: str, chosen) -> None:
        if chosen is not None:
            self.request, self.words = replace(self.request, **{name: chosen[0]}), ""

    def _sum(self, form: Form, editor) -> None:
        """What it comes to, or what is wrong."""
        form.y += form._px(6)
        words, tone = self.summary(editor)
        if self.rendering is not None:
            words, tone = self.progress_words(), "text"
        elif self.words:
            words, tone = self.words, self.tone
        form.note(words, tone)

    def summary(self, editor) -> tuple[str, str]:
        """How many frames and about how long, or why not, and in what tone."""
        try:
            frames, size = editor.frames_of(self.request)
            processes(self.jobs)
        except UNFIT as error:
            return refusal(error).removeprefix("--"), "warning"     # a card has fields, not options
        guess = self.guess.frame_s(self.request, self.jobs, size, editor.frame_px, editor.tier_name)
        about = ""
        if guess is not None:
            each, by = guess
            many = f" with {by} process{'es' if by > 1 else ''}" if by < self.jobs else ""
            about = f", about {clock(each * frames)} on this machine{many}"
        return f"{frames} frames of {size[0]}x{size[1]}{about}.", "quiet"

    def _acts(self, form: Form, brush: Brush, editor) -> None:
        if self.rendering is not None:
            film, (left, right) = self.rendering, (form.left, form.right)
            share = film.done / film.total if film.total else 0.0
            px = brush.theme.px
            brush.box(left, form.y, right, form.y + px(6), "track", px(3))
            brush.box(left, form.y, left + (right - left) * share, form.y + px(6), "text", px(3))
            form.y += px(16)
            hit = form.buttons((("Stop", None), ("Close, it goes on", None)))
            if hit == 0:
                self.close()
                self._say("Stopped. Finished parts stay; the same export goes on from there.", "quiet")
            elif hit == 1:
                self.open = False
            return
        hit = form.buttons((("Render now", None), ("Into the queue", None), ("Close", None)))
        if hit == 2:
            self.open = False
        elif hit is not None:
            try:
                self._start(editor, hit == 1)
            except UNFIT as error:
                self._say(refusal(error), "warning")

    def _start(self, editor, queued: bool) -> None:
        """Have the film rendered. The list as it is now lies beside the film, and is what is rendered."""
        out = Path(self.out).expanduser()
        editor.frames_of(self.request)
        if out.suffix.lower() not in CODECS[self.request.codec].suffixes:
            raise InputError(f"{out}: expected a name that ends in {' or '.join(CODECS[self.request.codec].suffixes)}")
        Jobs().require_free(out)    # Its list is not to be changed.
        shots = out.with_name(f"{out.name}.shots.toml")
        save(found_from(editor.document.shots, shots.parent), shots)
        request = replace(self.request, shots=str(shots.resolve()))
        plan = request.plan()
        target(plan, out)
        if queued:
            number = Jobs().add(request, out)
            many = f" --jobs {self.jobs}" if self.jobs > 1 else ""
            self._say(f"In the queue as number {number}; `voltyard queue run{many}` renders it.", "feed")
        else:
            self.rendering, self._began = Rendering(request, out.resolve(), self.jobs), time.perf_counter()
            self._asked = request, self.jobs

    def _say(self, words: str, tone: str) -> None:
        self.words, self.tone = words, tone
