"""The application: one scenario's model, seen and steered.

The same `App` runs in a window and offscreen. A frame goes one way: clock, model, scene, panels,
picture. What a person decides goes back one way: `model.submit`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from entities.table import StaleId
from game import homes, keys
from game.beside import Beside
from game.branching import Branching, matters
from game.camera import OrbitCamera, Pose
from game.clock import VirtualClock, advance_in_slices
from game.controls import Controls
from game.debriefing import Debriefing
from game.exercise import Exercise
from game.film.still import require_writable, write_png
from game.keeping import Keeper
from game.governor import FrameTime, Governor
from game.look import Look, Tier
from game.palette import PALETTES
from game.person import Person
from game.places import Places
from game.post import Post
from game.preflight import require_graphics
from game.quality import QUALITY, automatic_tiers
from game.scene.scene import Scene
from game.scene.selection import twin
from game.settings import Ui
from game.shell import Shell
from game.signs import Signs, signs
from game.ui.frames import Content, Cost, Picture
from game.ui.hud import Hud, Shown
from game.ui.strip import Run
from sim.errors import InputError
from sim.run import TimedCommand

WINDOW_SIZE = (1280, 720)
MODEL_SLICE_S = 1.0
MODEL_BUDGET_S = 0.006
PAST_BUDGET_S = 0.016   # with what it takes to go back to the keyframe before
AHEAD_BUDGET_S = 0.1    # while nothing is typed: a look ahead of half a second of computing is there within one
LEAST_FRAME_S = 1.0 / 144.0     # where nothing waits for the display, no more than anyone can see
STILL_REAL_S = 1.0
REACH = 1.25     # of a site's radius: how far from its middle the camera may look
SIGNS_PER_S = 4.0
MOST_CHANGES = 4


class App(Person):
    """Shows `model`, a model of `scenario`, in `size` pixels.

    `ui` adds the panels, `speed` is one of SPEEDS, `out` is the
    folder that takes pictures saved by hand, `look` what is shown at first; with `auto` its tier
    does not count: measured frame times choose. `panels` is how panels are; charts show what the
    model's history remembers, if it is a `Trace`. With `explore`, by default on screen, its past can be
    looked at and branches forked from it; `branching` are its branches, where they are known already. With a
    `debriefing` its stops are gone through, from the first. An `exercise` of the model shows its briefing
    first, a `keeper` keeps its run. `shell` is a window that an earlier app has left. Raises InputError when
    the machine lacks what it needs. There can be one at a time.
    """
    PANELS, KEYS, REPEATED, least_frame_s = Hud, keys.KEYS, (), LEAST_FRAME_S

    def __init__(self, scenario, model, *, size: tuple[int, int] = WINDOW_SIZE,
                 offscreen: bool = False, ui: bool = True,
                 palette: str = "standard", speed: float = 60, out: Path = Path("out"),
                 look: Look = Look(), auto: bool = False, panels: Ui = Ui(),
                 explore: bool | None = None, exercise: Exercise | None = None,
                 keeper: Keeper | None = None, shell: Shell | None = None,
                 branching: Branching | None = None, debriefing: Debriefing | None = None):
        require_graphics(offscreen)
        self.scenario, self._model, self._palette = scenario, model, palette
        explore = not offscreen if explore is None else explore
        self.branching = branching or (Branching(model) if ui and explore else None)
        self._seen, self.exercise, self.keeper, self.debriefing = model, exercise, keeper, None
        self.station = self.desk = None
        self.seeking: int | None = None
        self.sought_s = 0.0  # wall time that this frame's hand on the timeline has taken
        self.shell = shell or Shell(size, offscreen)
        self.scene = Scene(self.shell.root, scenario, model.world, palette,
                           model.conditions.weather)
        self.post = Post(self.shell.eye, self.scene)
        self.beside: Beside | None = None
        first, highest = automatic_tiers(self.shell.software)
        self.governor = Governor(first, chosen=None if auto else look.tier, ceiling=highest)
        self._times = FrameTime(0.0, 0.0, 0.0)
        layout = self.scene.layout
        self.poses = homes.named(scenario, layout)
        if ui and not offscreen:
            self.places = Places(scenario.name)
            self.poses |= self.places.poses
        self.camera = OrbitCamera(self.poses["default"], layout.radius * REACH)
        self.clock = VirtualClock(model.now_s, model.duration_s, speed)
        self.out, self.look = out, look
        self.help_open = False
        self._place = 0
        self.running = True
        self.real_s = self.python_s = 0.0
        self._selected: tuple[str, int] | None = None
        self._signs, self._signs_key, self._told_key = Signs(), -1, -1
        self._acted = True
        self.hud = (self.PANELS(self.shell.base, self.shell.size, model, self, PALETTES[palette], panels,
                                self.branching) if ui else None)
        self.fit_site()
        self.camera.jump_to(self.poses["default"])
        if exercise is not None:
            self.clock.run_at(exercise.training.speed or speed)
            self.clock.paused = not exercise.begun
            self.hud.teach(exercise)
            if self.branching is not None and not exercise.over:
                self.branching.scored = self.branching.branch
        if debriefing is not None:
            self.clock.paused = self.hud.timeline.open = True
            self.be_debriefed(debriefing)
            self.scrub(debriefing.stops[0].t_s)
        self.keys = keys.actions(self, self.KEYS)
        self._controls = Controls(self.shell.base, self)

    @property
    def model(self):
        """What is seen: the branch that is played, or a moment of its past."""
        return self._model if self.branching is None else self.branching.shown

    @property
    def now_s(self) -> float:
        """The instant that is seen, s since the start."""
        past = self.branching is not None and self.branching.past
        return self.model.now_s if past else self.clock.now_s

    def restart_clock(self) -> None:
        """Go on from where the branch that is played now is."""
        before, played = self.clock, self.branching.played
        self.clock = VirtualClock(played.now_s, played.duration_s, before.speed)
        self.clock.paused = before.paused

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the picture, width and height."""
        return self.shell.size

    @property
    def selected(self) -> tuple[str, int] | None:
        """(kind, row) of what is selected, None when nothing is or it is gone."""
        if self._selected is None:
            return None
        kind, entity = self._selected
        try:
            return kind, getattr(self.model.world, kind).row(entity)
        except StaleId:
            self._selected = None
            return None

    @property
    def viewport(self) -> tuple[int, int]:
        """Pixels of the scene's picture, by which letters and lines are measured."""
        return self.shell.eye.size

    @property
    def selected_beside(self) -> tuple[str, int] | None:
        """(kind, row) of the same in the branch beside, by its name; None where it is not."""
        if self.selected is None or self.beside is None:
            return None
        return twin(self.selected, self.model.world, self.branching.beside.shown.world)

    def frame(self, real_dt_s: float) -> None:
        """One frame of the window: `real_dt_s` of real time passes."""
        began = time.perf_counter()
        done = self._times
        if done.busy_s:
            self.governor.feed(replace(done, wait_s=max(real_dt_s - done.busy_s, 0.0)))
        self._controls.aim()
        self.shell.step(real_dt_s)
        self._controls.update(real_dt_s)
        if self.station is not None and self.station.serve(self.desk.answer):
            self._acted = True
        self._move_camera(real_dt_s)
        stepped = time.perf_counter()
        self._advance(real_dt_s)
        advanced = time.perf_counter()
        self.real_s += real_dt_s
        self._show(self.camera.update(real_dt_s), real_dt_s, at_once=self._acted)
        self._acted = False
        shown = time.perf_counter()
        self.python_s = shown - began
        self.shell.render()
        model_s, drawn_s = advanced - stepped, time.perf_counter() - shown
        self._times = FrameTime(model_s, self.python_s - model_s, drawn_s)
        if self.hud is not None:
            self.hud.frames.costs.append(Cost(real_dt_s, model_s, self.python_s - model_s, drawn_s))

    def frame_at(self, t_s: float, real_s: float, pose: Pose) -> None:
        """One frame of a film or a still: virtual time, picture time and pose as given."""
        self.model.advance(t_s)
        self.clock.reach(t_s)
        step, self.real_s = max(real_s - self.real_s, 0.0), real_s
        self.shell.step(step)
        self.camera.jump_to(pose)
        self._show(pose, step)
        self.shell.render()

    def _advance(self, real_dt_s: float) -> None:
        """Let simulated time pass, or bring the past nearer that is to be shown."""
        wall = time.perf_counter
        if self.branching is not None and self.branching.past:
            self.branching.go_on(max(PAST_BUDGET_S - self.sought_s, 0.0), wall)
            self.sought_s = 0.0
        elif self.seeking is not None and not self.clock.ended:
            self._seek(wall)
        elif self.branching is not None:
            self.clock.reach(self.branching.advance(self.clock.target(real_dt_s), MODEL_SLICE_S,
                                                    MODEL_BUDGET_S, wall), real_dt_s)
        else:
            self.clock.reach(advance_in_slices(self.model.advance, self.clock.now_s,
                                               self.clock.target(real_dt_s), MODEL_SLICE_S,
                                               MODEL_BUDGET_S, wall), real_dt_s)
        self.follow_asides()
        if self.exercise is not None:
            self.follow_exercise(real_dt_s)
        elif self.keeper is not None:
            self.keeper.follow(real_dt_s)
        if self.branching is not None:
            self.branching.keep_up(MODEL_BUDGET_S, wall)
            if self.hud.foresee(self.branching.played, real_dt_s, AHEAD_BUDGET_S):
                self.hud.stir()

    def _seek(self, wall) -> None:
        """Run to the next event that matters, for about MODEL_BUDGET_S, and pause there."""
        until = wall() + MODEL_BUDGET_S
        model = self.model
        while wall() < until and model.now_s < model.duration_s:
            model.advance(min(model.timeline.peek(), model.duration_s))
            fresh = model.events[self.seeking:]
            if any(map(matters, fresh)):
                self.seeking, self.clock.paused, self._acted = None, True, True
                break
        self.clock.reach(model.now_s)
        if self.clock.ended:
            self.seeking = None

    def run(self) -> None:
        """Show frames until the window is closed."""
        last = time.perf_counter()
        while self.running:
            now = time.perf_counter()
            self.frame(now - last)
            last = now
            time.sleep(max(0.0, self.least_frame_s - (time.perf_counter() - now)))

    def close(self, keep_shell: bool = False) -> None:
        """Give everything in the window back, and the window itself, unless another app is to have it."""
        self._controls.ignoreAll()
        if self.hud is not None:
            self.hud.close()
        if self.beside is not None:
            self.beside.close()
            self.shell.halve(False)
        self.post.clear()
        self.scene.destroy()
        if not keep_shell:
            self.shell.close()

    # Frames

    def pose_named(self, name: str | None) -> Pose:
        """A camera by name; None is the whole site. InputError for an unknown one."""
        pose = self.poses.get(name or "default")
        if pose is None:
            raise InputError(f"no camera {name!r}, expected one of {', '.join(self.poses)}")
        return pose

    def _show(self, pose: Pose, real_dt_s: float, at_once: bool = True) -> None:
        if self.shell.follow_size() and self.hud is not None:
            self.hud.resize(self.size)
        self.fit_halves()
        self.shell.place_camera(pose)
        if self.governor.tier != self.look.tier:
            self.look = replace(self.look, tier=self.governor.tier)
        if self.model is not self._seen:
            self._seen, self._signs_key = self.model, -1
            self.scene.forget(self.model.conditions.weather)
            if self.hud is not None:
                self.hud.turn_to(self.model)
        selected, now_s = self.selected, self.now_s
        self.scene.viewport = self.viewport
        self.scene.covered = self.hud.covered if self.hud is not None else ()
        self.scene.update(self.model.world, now_s, self.model.version, self.real_s,
                          self.shell.camera, selected, self.scenario.start, self.look,
                          self._read_signs(), at_once)
        self.post.fit(QUALITY[self.look.tier])
        if self.beside is not None:
            self.beside.update(self.branching.beside.shown, self.real_s, pose, self.selected_beside,
                               self.look, at_once, SIGNS_PER_S)
        if self.hud is not None and self._told_key != self._signs_key:
            self._told_key = self._signs_key
            self._tell_frames()
        if self.hud is not None:
            past = self.branching is not None and self.branching.past
            run = Run(self.clock.speed, self.clock.paused, self.clock.ended and not past,
                      self.clock.reached_speed, past)
            self.hud.update(Shown(now_s, run, selected, self.help_open, self.look),
                            real_dt_s)

    def _read_signs(self) -> Signs:
        """What the hub tells, worked out at most SIGNS_PER_S times a second."""
        key = int(self.real_s * SIGNS_PER_S)
        if key != self._signs_key:
            self._signs_key, self._signs = key, signs(self.model, self.now_s)
        return self._signs

    def _tell_frames(self) -> None:
        """Let the panels know what is drawn, and how the simulation runs."""
        scene, governor, frames = self.scene, self.governor, self.hud.frames
        full, simple, unseen = scene.vehicles_drawn
        content = Content(scene.draw_calls, scene.instances, scene.gpu_bytes, full, simple, unseen,
                          scene.flowing, scene.particles, scene.names)
        changes = tuple((governor.now_s - change.at_s, change.tier, change.why)
                        for change in list(governor.history)[:-MOST_CHANGES - 1:-1])
        frames.picture = Picture(content, QUALITY[governor.tier].scale(self.size), governor.tier,
                                 governor.mode, governor.why, governor.state, changes)
        if not self.shell.offscreen:
            frames.tally(self.real_s, self.clock.speed, self.clock.reached_speed,
                         self.model.timeline.processed)


def shot(scenario, model, at_s: float, out: str | Path, size: tuple[int, int] = WINDOW_SIZE,
         camera_name: str | None = None, select: str | None = None, ui: bool = True,
         palette: str = "standard", look: Look = Look(tier=Tier.HIGH),
         panels: Ui = Ui(), instead: Sequence[TimedCommand] = (), shell: Shell | None = None) -> None:
    """Write one still of the model at `at_s` (s since the start) to a PNG file; with commands given
    `instead`, the branch that they make of the run, and the run beside it. An offscreen `shell` of that
    size may draw several one after the other.

    Raises InputError for an unknown camera or entity, a command that is refused, or a path that cannot be
    written.
    """
    out = require_writable(out, ".png")
    app = App(scenario, model, size=size, offscreen=True, ui=ui, palette=palette, look=look,
              panels=panels, explore=bool(instead), shell=shell)
    try:
        if instead:
            app.try_out(instead, at_s)
        app.model.advance(at_s)
        app.fit_site()
        pose = app.pose_named(camera_name)
        if select is not None:
            app.select_named(select)
        # Panels have all their glyphs from the second frame on; the first need not draw the scene.
        app.shell.root.hide()
        app.frame_at(at_s, STILL_REAL_S, pose)
        clear = app.in_sight(pose) if camera_name is None else None
        if clear is not None:
            pose = clear
            app.scene.relabel()
        app.shell.root.show()
        app.frame_at(at_s, STILL_REAL_S, pose)
        write_png(out, app.shell.picture())
    finally:
        app.close(keep_shell=shell is not None)

