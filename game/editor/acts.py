"""What hands do in the editor: behind its keys, buttons, fields and the timeline."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from game.camera import Pose
from game.editor import fork_view, overlay
from game.editor.figures import in_braces
from game.editor.layout import ASPECTS
from game.editor.playhead import neighbour
from game.editor.refusals import UNFIT, refusal
from game.editor.session import speed_words, time_words
from game.film.editing import APART, TRACKS, Spot, keys_of, milli, neighbours
from game.film.moves import Move
from game.film.shots import Cue, SplitKey, TimeKey, Title, ViewKey
from game.film.values import Values
from game.scene.selection import named
from sim.errors import InputError

FROZEN_S = Fraction(2)
TITLE_S = Fraction(4)


class Acts:
    """The part of the editor that hands use; `game.editor.keys` names many of these methods."""

    copied: tuple = ()

    # Doing, and what is said of it

    def attempt(self, act, quiet: bool = False) -> str | None:
        """Do something to the document; why not, in one line, which is shown unless `quiet`, or None."""
        try:
            act()
        except UNFIT as error:
            why = refusal(error).removeprefix(f"{self.document.shots.source}: ").removeprefix("shots: ")
            if not quiet:
                self._say(why)
            return why
        return None

    def undo(self) -> None:
        """Take the last step back."""
        if not self.hud.typing:
            words = self.document.undo()
            self._say(f"Undone: {words}" if words else "Nothing to undo")
            self._follow_list()

    def redo(self) -> None:
        """Bring it again."""
        if not self.hud.typing:
            words = self.document.redo()
            self._say(f"Again: {words}" if words else "Nothing to redo")
            self._follow_list()

    # Playing

    def toggle_play(self) -> None:
        """Play in real time, along the path, or stand still."""
        self.playhead.toggle()
        if self.playhead.playing:
            self.back_to_path()

    def shuttle(self, way: int) -> None:
        """Play on (1) or back (-1) along the path, faster each time."""
        self.playhead.shuttle(way)
        self.back_to_path()

    def step_frame(self, frames: int) -> None:
        """Some frames on or back."""
        self.playhead.step(frames)

    def step_second(self, seconds: int) -> None:
        """A second on or back."""
        self.scrub_film(self.playhead.film_s + seconds)

    def step_key(self, way: int) -> None:
        """To the next key of any track, or the one before."""
        shots = self.document.shots
        times = {key.at for track in TRACKS for key in keys_of(shots, track)}
        to = neighbour(self.playhead.film_s, times | {Fraction(0), shots.film.duration}, way)
        if to is not None:
            self.scrub_film(to)

    def go_start(self) -> None:
        """To the first frame."""
        self.scrub_film(Fraction(0))

    def go_end(self) -> None:
        """To the last moment."""
        self.scrub_film(self.playhead.end)

    def scrub_film(self, t: Fraction) -> None:
        """Show a film time and stand still there."""
        self.playhead.stand()
        self.playhead.seek(t)

    # Keys

    def stop_or_key(self) -> None:
        """Stop what plays; where nothing does, a camera key from here."""
        if self.playhead.playing:
            return self.playhead.stand()
        self.key_here()

    def key_here(self) -> None:
        """A camera key where the playhead is, with what is seen now."""
        (pose, fov), follow = self.seen(), None if self.free else self._followed(self.playhead.film_s)
        if follow is not None:
            there = self._stands(follow)
            pose = replace(pose, target=tuple(p - q for p, q in zip(pose.target, there)))
        self.attempt(lambda: self.document.add_pose(self.playhead.film_s, pose, fov, follow))
        self.back_to_path()

    def _followed(self, t: Fraction) -> str | None:
        """What the camera follows all the way from the key before a film time to the next; None for nothing."""
        keys = self.document.shots.camera
        here = [k for k, key in enumerate(keys) if key.at <= t][-1:] + [k for k, key in enumerate(keys) if key.at > t][:1]
        names = {self.document.standing(k).follow for k in here}
        return names.pop() if len(names) == 1 else None

    def add_time(self) -> None:
        """A time key where the playhead is, at the moment that it shows."""
        at = milli(self.playhead.film_s)
        exact = self.tracks.sim_s(at)
        keys = [key for key in self.document.shots.time if key.at != at]
        number = sum(key.at < at for key in keys)
        low, high = neighbours([*keys[:number], TimeKey(at=at, sim=exact), *keys[number:]], number, self.scenario_s,
                               self.scenario.duration)
        sim = time_words(exact, self.scenario)
        if not low <= self.scenario_s(sim) <= high:
            sim = min(max(exact, low), high)
        self.attempt(lambda: self.document.add("time", TimeKey(at=at, sim=sim), "Time key"))

    def add_view(self) -> None:
        """A view key where the playhead is, with how it looks now."""
        look, at = self.moment.look, milli(self.playhead.film_s)
        self.attempt(lambda: self.document.add("view", ViewKey(at=at, view=look.view), "View key"))

    def add_title(self) -> None:
        """A lower third where the playhead is, and the playhead where it has come in, unless it plays."""
        end = self.document.shots.film.duration
        at = milli(min(self.playhead.film_s, max(end - 1, Fraction(0))))
        title = Title(kind="lower_third", at=at, until=milli(min(at + TITLE_S, end)) if end - at > APART else at + 1,
                      title="{clock}. Title")
        if self.attempt(lambda: self.document.add("titles", title, "Title")) is None and not self.playhead.playing:
            self.scrub_film(at + title.fade)

    def add_cue(self) -> None:
        """A soft tone where the playhead is."""
        self.attempt(lambda: self.document.add("cues", Cue(at=milli(self.playhead.film_s)), "Cue"))

    def open_fork(self) -> None:
        """A key of the fork where the playhead is; without a fork its fields, where one is added."""
        if self.document.shots.fork is None:
            from game.editor.film_fields import new_fork

            self.attempt(lambda: self.document.fork(new_fork(self)))
            self.document.select()
            return
        at = milli(self.playhead.film_s)
        key = SplitKey(at=at, share=round(self.tracks.split(at), 3))
        self.attempt(lambda: self.document.add("split", key, "Fork's key"))

    def add_at(self, track: str | None, t: Fraction) -> None:
        """A key of a track at a film time, and the playhead there; the camera's stands on the path."""
        self.scrub_film(t)
        self.moment = self.tracks.at(self.playhead.film_s, self._stands)
        if track == "camera":
            self.back_to_path()
        act = {"camera": self.key_here, "time": self.add_time, "view": self.add_view, "titles": self.add_title,
               "sound": self.add_cue, "fork": self.open_fork}.get(track)
        if act is not None:
            act()

    def delete(self) -> None:
        """Take out what is selected."""
        if self.document.selected:
            self.attempt(lambda: self.document.delete(self.document.selected))

    def copy(self) -> None:
        """Remember what is selected."""
        if self.document.selected and not self.hud.typing:
            self.copied = self.document.copied()
            self._say(f"Copied: {len(self.copied)} key{'s' if len(self.copied) > 1 else ''}")

    def paste(self) -> None:
        """Put what was copied in where the playhead is."""
        if self.copied and not self.hud.typing:
            self.attempt(lambda: self.document.paste(self.copied, self.playhead.film_s))

    def select_all(self) -> None:
        """Select every key."""
        if not self.hud.typing:
            shots = self.document.shots
            self.document.select(*(Spot(track, k) for track in TRACKS for k in range(len(keys_of(shots, track)))))

    def move_to(self, spot: Spot, at_s: float) -> None:
        """Have a key at a film time, as far as its neighbours let it."""
        by = Fraction(round(at_s * 1000), 1000) - self.document.key(spot).at
        self.attempt(lambda: self.document.move(by, f"{spot} at"))

    def go_to_key(self, spot: Spot) -> None:
        """Show the moment of a key, from the path."""
        self.scrub_film(self.document.key(spot).at)
        self.back_to_path()

    def set_from_view(self, spot: Spot) -> None:
        """Have a camera key show what is seen now."""
        pose, fov = self.seen()
        at = self.document.key(spot).at
        self.attempt(lambda: self.document.add_pose(at, pose, fov))

    def follow(self, spot: Spot, name: str | None) -> None:
        """Have a camera key look at something wherever it goes, from as far as it does now; or let it go."""
        at = self.document.standing(spot.number)
        there = self._stands(at.follow) if at.follow else (0.0, 0.0, 0.0)
        target = (0.0, 1.0, 0.0) if name else tuple(round(p + q, 2) for p, q in zip(at.target, there))
        fields = {"follow": name, "target": target, "look": None, "eye": None, "distance": round(at.distance, 2),
                  "dolly": 0.0, "closer": 0.0, "pitch": round(min(at.pitch, 89.0), 2), "rise": 0.0,
                  "yaw": round(at.yaw, 2), "turn": 0.0}
        self.attempt(lambda: self.document.change(spot, **fields))

    def set_sim(self, spot: Spot, sim_s: float) -> None:
        """Have a time key show an instant, as far as its neighbours let it."""
        keys = self.document.shots.time
        low, high = neighbours(keys, spot.number, self.scenario_s, self.scenario.duration)
        inside = min(max(sim_s, low), high)
        sim = time_words(inside, self.scenario)
        if not low <= self.scenario_s(sim) <= high:
            sim = inside
        self.attempt(lambda: self.document.change(spot, f"{spot} sim", sim=sim))

    def why_not_freeze(self, spot: Spot) -> str | None:
        """Why time cannot stand still behind a key; None if it can."""
        keys = self.document.shots.time
        after = keys[spot.number + 1].at if spot.number + 1 < len(keys) else self.document.shots.film.duration + APART
        return None if after - keys[spot.number].at > 2 * APART else "the next key is too near"

    def freeze(self, spot: Spot) -> None:
        """Let time stand still behind a key, for two seconds or as long as there is room."""
        keys, end = self.document.shots.time, self.document.shots.film.duration
        key = keys[spot.number]
        room = (keys[spot.number + 1].at - APART if spot.number + 1 < len(keys) else end) - key.at
        twin = TimeKey(at=milli(key.at + min(FROZEN_S, room)), sim=key.sim)
        self.attempt(lambda: self.document.add("time", twin, "Freeze"))

    def pace_words(self, spot: Spot) -> str:
        """How fast it goes from a time key to the next."""
        keys = self.document.shots.time
        if spot.number + 1 >= len(keys):
            return "The last key: time stands still from here on."
        a, b = keys[spot.number], keys[spot.number + 1]
        pace = speed_words(b.at - a.at, self.scenario_s(b.sim) - self.scenario_s(a.sim))
        return f"To the next key: {pace}" + ("." if pace == "frozen" else ", simulated against film time.")

    def figure_choices(self, of: str | None) -> list[tuple[str, str]]:
        """The figures that a title can say, (name, words) each; of what it is about, too."""
        found = named(self.model.world, of) if of else None
        return self.figures.choices(Values(self.model), found and found[0], of)

    def figure_words(self, name: str, of: str | None) -> str:
        """A figure as a title spells it."""
        try:
            return in_braces(name, Values(self.model, of)[name])
        except KeyError:    # What it is about is not here now: the list's check says so.
            return in_braces(name, None)

    # Moves

    def open_moves(self) -> None:
        """Show the library of moves."""
        self.hud.moves.open = not self.hud.moves.open
        self.hud.stir()

    def zone_names(self) -> list[str]:
        """The site's zones."""
        return self.yard.names("zone")

    def why_not_move(self, move: Move, zone: str | None) -> str | None:
        """Why a move cannot be made of what is picked; None if it can."""
        need = {"vehicle": "click a vehicle first", "connector": "click a connector first", "zone": "there is no zone"}
        return None if move.needs not in need or self._target(move, zone) else need[move.needs]

    def _target(self, move: Move, zone: str | None) -> str | None:
        """What a move is made of; a vehicle stands for the connector that it hangs at."""
        kind, name = (self.selected or ("",))[0], self.picked_name()
        if move.needs == "connector" and kind == "vehicle" and name:
            row = int(self.model.world.vehicle.connector[self.selected[1]])
            kind, name = ("connector", self.model.world.connector.names[row]) if row >= 0 else ("", None)
        kinds = {"vehicle": ("vehicle",), "connector": ("connector", "station")}.get(move.needs, ())
        return zone if move.needs == "zone" else name if kind in kinds else None

    def make_move(self, move: Move, zone: str | None, duration_s: float) -> None:
        """Put a move's keys in where the playhead is; it begins with what is seen."""
        at, end = milli(self.playhead.film_s), self.document.shots.film.duration
        target = self._target(move, zone)

        def insert() -> None:
            if end - at < Fraction(1, 2):
                raise InputError("a move needs half a second at least before the film's end")
            duration = min(Fraction(str(round(duration_s, 2))), end - at)
            self.document.insert(move.make(self.yard, target, self.seen()[0], float(at), float(duration)), move.label)
        if self.attempt(insert) is None:
            self._say(f"{move.label}: Space plays it")
        self.back_to_path()

    # Looking

    def back_to_path(self) -> None:
        """See what the film shows."""
        self.free, self._led = False, None

    def look_from_outside(self) -> None:
        """See the path and the site from beside it."""
        end = self.playhead.end
        eyes = [self.tracks.camera(end * k / 48, self._stands)[0].eye() for k in range(49)]
        home = self.film_poses["default"]
        around = np.array([*eyes, np.array(home.target)])
        middle = (around.min(axis=0) + around.max(axis=0)) / 2.0
        reach = float(np.linalg.norm(around - middle, axis=1).max())
        self.free = True
        far = 0.85 * reach / np.tan(np.radians(self.moment.fov / 2.0))
        self.camera.fly_to(Pose(tuple(map(float, middle)), max(far, home.distance), home.yaw + 38.0, 46.0))

    def toggle_path(self) -> None:
        """Draw the camera's path where it is seen from outside, or not."""
        self.path_shown = not self.path_shown
        self._say("The path is shown" if self.path_shown else "The path is not shown")

    def toggle_titles(self) -> None:
        """Have the film's titles over the picture, or not."""
        self.titles_shown = not self.titles_shown
        self._say("Titles are shown" if self.titles_shown else "Titles are not shown; the film has them all the same")

    def next_guides(self) -> None:
        """Thirds, safe areas, both, none."""
        self.guides = (self.guides + 1) % 4

    def next_aspect(self) -> None:
        """Another shape of the picture."""
        self.aspect = (self.aspect + 1) % len(ASPECTS)
        wide, high = ASPECTS[self.aspect]
        self._say(f"The picture is {wide}:{high}")

    @property
    def aspect_sides(self) -> tuple[int, int]:
        return ASPECTS[self.aspect]

    def picked_name(self) -> str | None:
        """The name of what a hand picked in the picture."""
        if self._picked is None or self._picked != self._selected or self.selected is None:
            return None
        kind, row = self.selected
        return "hub" if kind == "hub" else getattr(self.model.world, kind).names[row] or None

    def clear(self) -> None:
        """Have the panels again, else let go of what is picked or selected."""
        if not self.hud.visible:
            self.hud.show(True)
        elif self._picked is not None:
            self._picked = None
        else:
            self.document.select()

    def toggle_presentation(self) -> None:
        """The picture alone, or with panels."""
        self.hud.show(not self.hud.visible)

    # Drawn over the picture

    def draw_over(self, brush, frame) -> None:
        """Path, guides and a few words over the picture."""
        if self.free and self.path_shown and self.hud.visible:
            own = (*frame[:2], *self.shell.eye.size)
            lens = overlay.Lens(self._shown_pose, self.shell.vertical_fov_deg, own)
            chosen = {spot.number for spot in self.document.selected if spot.track == "camera"}
            self.path.draw(brush, lens, chosen, (self.moment.pose, self.moment.fov), frame[2] / frame[3])
        if self.second is not None:
            fork_view.border(brush, frame, self.moment.split)
        if self.guides:
            overlay.guides(brush, frame, self.guides)
        if self.free and self.hud.visible:
            overlay.words_over(brush, frame, "Free camera: K makes a key, R goes back to the path", "text")
        elif self.behind_words() and self.hud.visible:
            overlay.words_over(brush, frame, self.behind_words(), "wait")

    def stands_named(self, name: str) -> bool:
        """Whether something has this name."""
        return named(self.model.world, name) is not None
