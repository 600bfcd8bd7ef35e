"""The app that edits a film: its playhead leads the simulation and the camera, back as well as on.

The run is simulated ahead of what is seen as far as the film goes, a little in each frame; what is seen is its
past, so that a hand may go anywhere in the film and no frame waits. Where it has not come yet, the picture says
so and film time waits.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from game import homes
from game.app import App, LEAST_FRAME_S, MODEL_BUDGET_S, PAST_BUDGET_S
from game.camera import Pose
from game.demo.captions import Captions, in_place
from game.editor import fork_view
from game.editor.acts import Acts
from game.editor.branch import Branch
from game.editor.filing import Filing
from game.editor.figures import Figures
from game.editor.hud import EditorHud
from game.editor.keys import KEYS
from game.editor.overlay import PathView, path_key
from game.editor.playhead import Playhead
from game.editor.session import Session, time_words
from game.film.editing import Document, Spot
from game.film.faces import face_of
from game.film.shots import ShotList, wrong
from game.film.titles import Spoken, fork_names, spoken
from game.film.tracks import Tracks
from game.film.values import Values, spell
from game.film.yard import Yard
from game.look import Look, Tier
from game.palette import PALETTES
from game.scene.selection import named
from sim.console import text_of
from sim.run import parse_command
from sim.timing import moment_at

FIGURES_PER_S = 4
AHEAD_BUDGET_S = 0.012
RESTS_AFTER_S, RESTING_S = 1.0, 0.2
NEAREST_M = 1.5     # to which the free camera comes


class Editor(Acts, Filing, App):
    """Edits the list of `session`; `shell` is a window that an earlier app has left. Raises InputError for a list
    that does not fit its run, and for what the machine lacks."""

    FITS = False
    PANELS, KEYS, REPEATED = EditorHud, KEYS, (".", ",")

    def __init__(self, session: Session, *, offscreen: bool = False, shell=None, size: tuple[int, int] | None = None):
        display = session.settings.display
        self.session, self.guides, self.aspect = session, 0, 0
        self.free, self.path_shown, self.titles_shown, self._picked = False, True, True, None
        self.document, self.figures = None, Figures()
        self.first = Branch((models := session.run.models())[0])
        model, self.second = models[0], None
        super().__init__(session.run.scenario, model, size=size or display.size, offscreen=offscreen,
                         palette=display.palette, out=session.settings.paths.out, auto=display.tier is None,
                         look=Look(tier=Tier.MEDIUM if display.tier is None else display.tier),
                         panels=session.settings.ui, explore=True, shell=shell,
                         branching=self.first.branching)
        try:
            self.film_poses = homes.named(self.scenario, self.scene.layout)
            self.poses = {**self.poses, "default": self.film_poses["default"]}
            self.camera.nearest = NEAREST_M
            self._palette_name = display.palette
            self._fork_off(models)
            self.yard = Yard(self.scenario, self.scene.layout, model.world, self._stands)
            self.path = PathView()
            self._words: dict[int, Spoken] = {}
            self._figures_at: object = None
            self.check(session.shots)
            self.document = Document(session.shots, self.film_poses, self.check)
            self.playhead = Playhead(session.shots.film.duration)
            self._version, self._decided = -1, decided(session.shots)
            self._captions = Captions(self.shell.base, self.size, PALETTES[display.palette])
            self._fitted: object = None
            self._follow_list()
            self.moment = self.tracks.at(Fraction(0), self._stands)
            self._shown_pose, self._led = self.moment.pose, None
        except BaseException:
            App.close(self, keep_shell=shell is not None)
            raise

    # The list

    def check(self, shots: ShotList) -> None:
        """Raise InputError where a list cannot be filmed over this run, or over the one that its commands make."""
        if self.document is not None and decided(shots) != decided(self.document.shots):
            self.session.rerun(shots)
        tracks = Tracks(shots, self.scenario, self.film_poses, self.stands_named)
        last, until_s = tracks.sim_s(shots.film.duration), self.session.run.until_s
        if last > until_s:
            raise wrong(shots, "time", f"goes on to {time_words(last, self.scenario)}, the run ends at "
                        f"{time_words(until_s, self.scenario)}")
        values = [Values(self.model)] * (2 if shots.fork else 1)
        before = self.document.shots if self.document is not None else None
        # Figures that need closed books are dear: titles that were spelled already are not spelled again.
        alike = before is not None and bool(before.fork) == bool(shots.fork) and fonts(before) == fonts(shots)
        spelled = before.titles if alike else ()
        if shots.fork:
            fork_names(shots)
        for k, title in enumerate(shots.titles):
            if any(title is one for one in spelled):
                continue
            try:
                self._spell(title, values, shots)
            except ValueError as error:
                raise wrong(shots, f"titles.{k}", error) from None

    def _follow_list(self) -> None:
        """Take in what has changed in the list."""
        if self._version == self.document.version:
            return
        self._version, shots = self.document.version, self.document.shots
        if decided(shots) != self._decided:
            self._decided = decided(shots)
            self._rerun(shots)
        self.tracks = Tracks(shots, self.scenario, self.film_poses, self.stands_named)
        self.playhead.end = shots.film.duration
        self.playhead.seek(self.playhead.film_s)
        self._figures_at = None

    def scenario_s(self, sim) -> float:
        """Seconds since the start of what a time key says."""
        return self.scenario.seconds(sim)

    def clock_of_playhead(self) -> str | float:
        """The instant that the playhead shows, as a file says it."""
        return time_words(self.tracks.sim_s(self.playhead.film_s), self.scenario)

    def first_clock(self) -> str | float:
        """The scenario's start, as a file says it."""
        return time_words(0.0, self.scenario)

    @staticmethod
    def command_words(command) -> str:
        """A command of a list as one would type it."""
        return text_of(parse_command(command, "commands"))

    def _rerun(self, shots: ShotList) -> None:
        """Have the run that the list's commands make, from its start."""
        self.session = replace(self.session, run=self.session.rerun(shots))
        self.first = Branch((models := self.session.run.models())[0])
        self._model, self.branching = models[0], self.first.branching
        self.hud.go_over_to(self.branching)
        self._fork_off(models)
        self.restart_clock()

    def _fork_off(self, models: list) -> None:
        """Have a second branch to be seen, where there is one."""
        if self.second is not None:
            self.second.close()
        self.second = fork_view.ForkView(self.shell, models[1], self._palette_name) if len(models) > 1 else None
        self._fitted = None

    @property
    def branches(self) -> list[Branch]:
        """Those of the run, the first first."""
        return [self.first] + ([self.second.branch] if self.second is not None else [])

    # Frames

    def frame(self, real_dt_s: float) -> None:
        """One frame of the window. Whatever it raises, what is not saved is rescued first."""
        try:
            self._follow_list()
            super().frame(real_dt_s)
            self.hud.export.guess.feed(self._times.draw_s)
        except BaseException:
            self.rescue()
            raise

    def _fit(self) -> None:
        """Give the picture the part of the window that it has now."""
        lies, split = self.hud.layout, self.moment.split if self.second is not None else 1.0
        key = self.size, lies, split
        if key != self._fitted:
            self._fitted = key
            x, y, width, height = lies.frame
            own, self._other = lies.area(self.size), None
            if self.second is not None:
                own, self._other = self.second.areas(self.document.shots.fork, split, lies.frame, self.size)
            self.shell.eye.within = width / height
            self.shell.fill(own)
            self._captions.resize((int(width), int(height)), self.size, (int(x), int(y)))
            self.hud.stir()

    def _advance(self, real_dt_s: float) -> None:
        """Let film time pass, the run be simulated ahead, and what is seen come to the playhead."""
        head = self.playhead
        self._follow_list()
        if self.behind_s == 0.0:
            head.go_on(real_dt_s)
        wanted = self.tracks.sim_s(head.film_s)
        last = self.tracks.sim_s(head.end)
        branches = self.branches
        for branch in branches:
            ahead = head.playing and branch.known_s > wanted
            branch.prepare(last, (MODEL_BUDGET_S if ahead else AHEAD_BUDGET_S) / len(branches))
            branch.show(wanted, PAST_BUDGET_S / len(branches))
        self.clock.reach(self.first.known_s)
        self.moment = self.tracks.at(head.film_s, self._stands)
        self.look = replace(self.moment.look, tier=self.governor.tier)
        self._selected = None if head.playing else self._picked     # Who plays sees what the film marks, and no more.
        if self._selected is None and self.moment.select:
            self.select_named(self.moment.select)
        self.scene.name_things(self.moment.names)
        if self.path_shown and self.free:
            follows = any(key.follow for key in self.document.shots.camera)
            key = path_key(self._version, float(head.film_s) if follows else 0.0)
            self.path.work_out(self.tracks, self._stands, key)

    @property
    def least_frame_s(self) -> float:
        """A film that is being rendered has the machine while no hand is here."""
        rests = self.hud.export.rendering is not None and self.hud.untouched_s > RESTS_AFTER_S
        return RESTING_S if rests and not self.playhead.playing else LEAST_FRAME_S

    @property
    def behind_s(self) -> float:
        """How far what is seen is before the instant that the film shows here, s; negative: after it."""
        wanted = self.tracks.sim_s(self.playhead.film_s)
        return max((branch.behind_s(wanted) for branch in self.branches), key=abs)

    def _move_camera(self, real_dt_s: float) -> None:
        """A hand at the camera leaves the path."""
        if self._led is not None and not self.free and not self.camera.goes_to(self._led):
            self.free = True
            self.playhead.stand()

    def _show(self, pose: Pose, real_dt_s: float, at_once: bool = True) -> None:
        self._fit()
        if not self.free:
            pose = self._led = self.moment.pose
            self.camera.jump_to(pose)
        self.shell.open_lens(self.moment.fov)
        self._shown_pose = pose
        # Another model of the past is not to wait for its upload: until then it has nothing that stands anywhere.
        super()._show(pose, real_dt_s, at_once or self.model is not self._seen)
        self._captions.show(self._spoken() if self.titles_shown else [])    # Callouts as the lens stands now.
        if self.second is not None:
            self.second.update(self._other, self.moment.fov, self.shell.eye.within, self.real_s, pose,
                               self.selected, self.model.world, self.look, self.moment.names)

    def seen(self) -> tuple[Pose, float]:
        """What is seen now: a pose and its field of view (degrees)."""
        return (self.camera.shown if self.free else self.moment.pose), self.moment.fov

    def click(self, x: float, y: float) -> None:
        """Pick what is drawn at a pixel: a key of the path, or a thing."""
        left, top, _, _ = self.hud.layout.frame
        if self.free and self.path_shown:
            number = self.path.hit(x, y, self.hud._theme.scale)
            if number is not None:
                self.document.select(Spot("camera", number))
                return
        if x - left < self.shell.eye.size[0]:
            super().click(x - left, y - top)
            self._picked = self._selected

    def select(self, kind: str, row: int) -> None:
        super().select(kind, row)
        self._picked = self._selected

    def select_named(self, name: str) -> None:
        """Select as a film does: nobody's hand picked it."""
        before = self._picked
        super().select_named(name)
        self._picked = before

    def _stands(self, name: str) -> tuple[float, float, float]:
        return self.scene.place_of(self.model.world, *named(self.model.world, name))

    def type(self, key: str) -> None:
        """A key while something is typed: fields hear for themselves."""
        self.hud.type(key)

    def type_letters(self, letters: str) -> None:
        """Fields hear for themselves."""

    # What panels say

    def news(self) -> tuple:
        """Panels are drawn again when this is another."""
        head = self.playhead
        document, known_s = self.document, sum(branch.known_s for branch in self.branches)
        return (head.film_s, head.pace, document.version, document.selected, document.dirty, self.free, self.guides,
                self.aspect, self.path_shown, self.titles_shown, self._picked, round(known_s / 600.0),
                self._shown_pose, self.session.path)

    def clock_words(self) -> str:
        """What the simulation's clock shows at the playhead."""
        return f"{moment_at(self.tracks.sim_s(self.playhead.film_s), self.scenario.start):%a %H:%M:%S}"

    def behind_words(self) -> str:
        """Said where the picture has not come to the playhead yet."""
        if abs(self.behind_s) < 1.0:
            return ""
        return f"simulating, at {moment_at(self.model.now_s, self.scenario.start):%H:%M}"

    def known_film_s(self) -> float:
        """Up to which film time the run is known."""
        known, low, high = min(branch.known_s for branch in self.branches), 0.0, float(self.playhead.end)
        if self.tracks.sim_s(self.playhead.end) <= known:
            return high
        for _ in range(14):
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.tracks.sim_s(Fraction(middle)) <= known else (low, middle)
        return low

    @property
    def frame_px(self) -> int:
        """Pixels of the picture."""
        return self.shell.eye.size[0] * self.shell.eye.size[1]

    @property
    def tier_name(self) -> str:
        """How much the picture may cost."""
        return self.governor.tier.name.lower()

    # Words

    def _spoken(self) -> list[tuple[int, Spoken]]:
        seen = self.tracks.titles(self.playhead.film_s)
        key = int(self.real_s * FIGURES_PER_S), self.model.now_s if not self.playhead.playing else None
        if key != self._figures_at or any(k not in self._words for k, _, _ in seen):
            self._figures_at, values = key, self._values()
            self._words = {k: self._spell(title, values, self.document.shots) for k, title, _ in seen}
        said = in_place(seen, self._words, self.scene, self.model.world)
        if self.second is not None:
            closing = max((one.opacity for _, one in said if one.kind == "closing"), default=0.0)
            wide = round(self.hud.layout.frame[2])
            said += fork_view.names(self.document.shots, self.moment.split, wide, closing)
        return said

    def _values(self) -> list[Values]:
        return [Values(branch.shown) for branch in self.branches]

    def _spell(self, title, values: list[Values], shots: ShotList) -> Spoken:
        named_values = {name: value.about(title.of) for name, value in zip("ab", values)}
        return spoken(title, face_of(shots, title), lambda text: spell(text, named_values))

    def close(self, keep_shell: bool = False) -> None:
        """Give everything back."""
        self.hud.export.close()
        if self.second is not None:
            self.second.close()
        self.shell.eye.within = None
        self._captions.close()
        self.shell.open_lens()
        self.shell.fill((0.0, 1.0, 0.0, 1.0))
        super().close(keep_shell)


def fonts(shots: ShotList) -> tuple:
    """What of a list says how its titles are written."""
    return shots.film.font, shots.film.font_bold, shots.folder


def decided(shots: ShotList) -> tuple:
    """What of a list the run follows from."""
    return shots.commands, shots.fork.commands if shots.fork else None
