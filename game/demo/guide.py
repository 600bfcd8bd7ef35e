"""The app that is led: a tour's moments over a model that runs, until somebody takes the controls."""

from __future__ import annotations

import math
import time
from dataclasses import replace

from panda3d.core import WindowProperties

from game import homes
from game.app import MODEL_BUDGET_S, MODEL_SLICE_S, App
from game.demo.captions import Captions, in_place
from game.demo.showing import Showing
from game.demo.tour import Tour
from game.demo.watch import CLICKER, Lock, Silence, Watch
from game.film.faces import face_of
from game.film.shots import wrong
from game.film.titles import Spoken, spoken
from game.film.tracks import Tracks
from game.film.values import Values, spell
from game.look import Look, Tier
from game.palette import PALETTES
from game.scene.selection import named
from sim.console import Save
from sim.errors import InputError

FIGURES_PER_S = 4
WARNED_S = 10.0
KIOSK_REFUSES = "Not in a kiosk"
KIOSK_STAYS = "This is a kiosk: leaving it needs its key"
SAVES_NOTHING = "a kiosk saves nothing"


class Guide(App):
    """One visit: the tour from stop number `start` on, and whatever a visitor then makes of its model.

    When it has run, `restart` is the stop from which another one is to begin, None for none. Raises
    InputError for a list that does not fit, and for what the machine lacks.
    """

    def __init__(self, showing: Showing, start: int = 0, *, offscreen: bool = False, shell=None):
        display, settings = showing.settings.display, showing.settings
        self.showing = showing
        self.restart: int | None = None
        self.touring = True
        self.tour = Tour(showing.shots, start)
        super().__init__(showing.run.scenario, showing.run.models()[0], size=display.size,
                         offscreen=offscreen, palette=display.palette, speed=settings.start.speed,
                         out=settings.paths.out, auto=display.tier is None,
                         look=Look(tier=Tier.MEDIUM if display.tier is None else display.tier),
                         panels=settings.ui, explore=True, shell=shell)
        self._captions = Captions(self.shell.base, self.size, PALETTES[display.palette])
        self._lock, self._silence = Lock(showing.key), Silence(showing.silence_s)
        self._watch = Watch(self.shell.base, self._lock)
        self._words: dict[int, Spoken] = {}
        self._figures_at = -1
        self.tracks = Tracks(showing.shots, self.scenario, homes.named(self.scenario, self.scene.layout),
                             lambda name: named(self.model.world, name) is not None)
        self._spell_all()
        self._controls.listen(False)
        self.hud.bare = True
        self._hide_pointer(showing.kiosk)
        self._catch_up()

    # The tour

    def enter_stop(self, number: int) -> None:
        """Show the tour from a stop on; where its model is past that, or a visitor changed it, a new one."""
        if self.touring and self.tracks.sim_s(self.tour.stops[number].at) >= self.model.now_s:
            self.tour.enter(number)
            self._catch_up()
        else:
            self.restart, self.running = number, False

    def take_over(self) -> None:
        """The visitor has the controls from now on, with all panels."""
        self.touring = False
        self._captions.clear()
        self._controls.listen(True)
        self._hide_pointer(False)
        self.shell.open_lens()
        self.scene.name_things(True)
        self._selected, self.look = None, replace(self.look, view=self.look.view)
        self.clock.paused = False
        self.clock.run_at(self.showing.settings.start.speed)
        self.hud.technology.open = self.hud.bare = False
        self._tell_silence()
        self.hud.refresh()

    def _advance(self, real_dt_s: float) -> None:
        """Let the tour go on, or the visitor's own time."""
        stirred, pressed = self._watch.look(real_dt_s)
        if self._lock.opened or not self.showing.kiosk and self.touring and "control-q" in pressed:
            self.running = False
            return
        if self.touring and not self.showing.kiosk and pressed and pressed[-1] in CLICKER:
            self.step(CLICKER[pressed[-1]])
            stirred = False
        if self.touring and stirred:
            self.take_over()
        if not self.touring:
            super()._advance(real_dt_s)
            if self._silence.go_on(real_dt_s, stirred):
                self.enter_stop(self.tour.here)
            self._tell_silence()
        elif self.running:
            self._lead(real_dt_s)

    def step(self, by: int) -> str | None:
        """To the next stop (+1) or the one before (-1); returns why not, or None."""
        to = (self.tour.here if self.restart is None else self.restart) + by
        if to == len(self.tour.stops) and self.showing.loop:
            to = 0
        if not 0 <= to < len(self.tour.stops):
            return "this is the last stop" if by > 0 else "this is the first stop"
        self.enter_stop(to)
        return None

    def _lead(self, real_dt_s: float) -> None:
        """Show the tour's next moment. Its time waits for a model that cannot keep up."""
        tour = self.tour
        if self.clock.now_s >= self.tracks.sim_s(tour.film_s):
            tour.go_on(min(real_dt_s, 0.1))
        reached = self.branching.advance(self.tracks.sim_s(tour.film_s), MODEL_SLICE_S, MODEL_BUDGET_S,
                                         time.perf_counter)
        self.clock.reach(reached, real_dt_s)
        self.branching.keep_up(MODEL_BUDGET_S, time.perf_counter)
        moment = self.tracks.at(tour.film_s, self._stands)
        self.look = replace(moment.look, tier=self.governor.tier)
        self._selected = None
        if moment.select:
            self.select_named(moment.select)
        self.scene.name_things(moment.names)
        self.shell.open_lens(moment.fov)
        self.camera.jump_to(moment.pose)
        card = tour.stops[tour.here].card
        if card != self.hud.technology.open:
            self.hud.technology.open = card
            self.hud.stir()
        if tour.ended and self.showing.loop and not tour.paused:
            self.restart, self.running = 0, False

    def _catch_up(self) -> None:
        """Bring the model to the tour's moment at once."""
        self.clock.reach(self.branching.advance(self.tracks.sim_s(self.tour.film_s), MODEL_SLICE_S, math.inf,
                                                time.perf_counter))

    def _show(self, pose, real_dt_s: float, at_once: bool = True) -> None:
        before = self.size
        super()._show(pose, real_dt_s, at_once)
        if self.size != before:
            self._captions.resize(self.size)
        if self.touring:
            self._captions.show(self._spoken(), self.hud.beside_titles)

    def _stands(self, name: str) -> tuple[float, float, float]:
        return self.scene.place_of(self.model.world, *named(self.model.world, name))

    # Words

    def _spoken(self) -> list[tuple[int, Spoken]]:
        """Titles of now; their figures change FIGURES_PER_S times a second."""
        seen = self.tracks.titles(self.tour.film_s)
        at = int(self.real_s * FIGURES_PER_S)
        if at != self._figures_at or any(k not in self._words for k, _, _ in seen):
            self._figures_at, values = at, Values(self.model)
            self._words = {k: self._spell(title, values) for k, title, _ in seen}
        return in_place(seen, self._words, self.scene, self.model.world)

    def _spell(self, title, values: Values) -> Spoken:
        return spoken(title, face_of(self.showing.shots, title), lambda text: spell(text, {"a": values.about(title.of)}))

    def _spell_all(self) -> None:
        values = Values(self.model)
        for k, title in enumerate(self.showing.shots.titles):
            try:
                self._spell(title, values)
            except ValueError as error:
                raise wrong(self.showing.shots, f"titles.{k}", error) from None

    def _tell_silence(self) -> None:
        """Say beside the tabs when the tour goes on."""
        left, limit = self._silence.left_s, self.showing.silence_s
        after = "a minute" if limit == 60.0 else f"{limit:g} s"
        words = (f"The tour goes on in {math.ceil(left)} s" if left < min(WARNED_S, limit / 2.0) else
                 f"Yours. After {after} of silence the tour goes on")
        if words != self.hud.standing:
            self.hud.standing = words
            self.hud.stir()

    # The presenter

    def present(self, act: str, name: str | None = None) -> dict:
        """Do what a presenter asks (next, previous, pause, jump, status): how it stands then, or why not."""
        refusal = None
        if act in ("next", "previous"):
            refusal = self.step(1 if act == "next" else -1)
        elif act == "jump":
            try:
                self.enter_stop(self.tour.number(str(name)))
            except InputError as error:
                refusal = str(error)
        elif act == "pause" and self.touring:
            self.tour.paused = not self.tour.paused
        elif act == "pause":
            refusal = "a visitor has the controls; next, previous or jump take them back"
        elif act != "status":
            refusal = f"{act!r:.40}: expected next, previous, pause, jump or status"
        return {"refusal": refusal} if refusal else self._standing()

    def _standing(self) -> dict:
        tour, going = self.tour, self.restart is not None
        here = self.restart if going else tour.here
        shown = self._spoken() if self.touring and not going else []
        said = [one.title for _, one in shown if one.kind in ("lower_third", "opening", "closing")]
        return {"stops": [stop.name for stop in tour.stops], "stop": here, "paused": tour.paused,
                "touring": self.touring or going, "said": said[-1] if said else None,
                "film_s": float(tour.stops[here].at if going else tour.film_s),
                "of_s": float(self.showing.shots.film.duration)}

    # What a kiosk keeps to itself

    def quit(self) -> None:
        """Leave, but for a kiosk, which only its key opens."""
        if self.showing.kiosk:
            self._say(KIOSK_STAYS)
        else:
            super().quit()

    def barred(self, command) -> str | None:
        """Saving is, in a kiosk."""
        if self.showing.kiosk and isinstance(command, Save):
            return SAVES_NOTHING
        return super().barred(command)

    def toggle_fullscreen(self) -> None:
        self._unless_kiosk(super().toggle_fullscreen)

    def toggle_instructor(self) -> None:
        self._unless_kiosk(super().toggle_instructor)

    def save_picture(self) -> None:
        self._unless_kiosk(super().save_picture)

    def keep_place(self) -> None:
        self._unless_kiosk(super().keep_place)

    def name_layout(self) -> None:
        self._unless_kiosk(super().name_layout)

    def _unless_kiosk(self, act) -> None:
        if self.showing.kiosk:
            self._say(KIOSK_REFUSES)
        else:
            act()

    def _hide_pointer(self, hidden: bool) -> None:
        if not self.shell.offscreen:
            properties = WindowProperties()
            properties.set_cursor_hidden(hidden)
            self.shell.base.win.request_properties(properties)

    def close(self, keep_shell: bool = False) -> None:
        """Give everything back."""
        self._watch.close()
        self._captions.close()
        self.shell.open_lens()
        super().close(keep_shell)
