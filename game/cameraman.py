"""What the camera is led to: the whole site, places, what is selected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entities.components import Place
from game import homes
from game.beside import Beside
from game.camera import Pose
from game.framing import Area, shifted
from game.scene.selection import KINDS
from game.trainee import Trainee

TURN_DEG_PER_S = 4.0
CLOSE_M, PITCH = 16.0, 26.0     # from where a selection is looked at
# A post or a cabinet is looked at from its front, past the tail of who stands before it.
FRONT_M, FRONT_PITCH, FRONT_ASIDE_DEG = 9.0, 32.0, 25.0


class Cameraman(Trainee):
    """The part of the app that leads the camera. `FITS` says that the whole site is fitted to the picture and to
    what panels leave of it; else the named poses are a film's, whatever its size."""

    FITS = True
    _home_key: tuple | None = None
    _rows = 1       # of those who wait, that the whole site has had till now
    _looked_at: tuple | None = None     # the selection that was last seen to be in sight
    turning = following = False

    def frame_selection(self) -> None:
        """Fly to what is selected, or to the whole site."""
        pose = self._pose_of(self.selected) if self.selected else None
        self.camera.fly_to(pose or self.poses["default"])

    def show_site(self) -> None:
        """Fly back to where the camera began."""
        self.interrupt()
        self.camera.fly_to(self.poses["default"])

    def next_place(self, step: int) -> None:
        """Fly to the next camera of the scenario, or the one before (-1)."""
        self.interrupt()
        self._place = (self._place + step) % len(self.poses)
        name = list(self.poses)[self._place]
        self.camera.fly_to(self.poses[name])
        self._say(f"Camera: {name}")

    def keep_place(self) -> None:
        """Keep where the camera is as a place of this scenario."""
        try:
            name = self.places.keep(self.camera.shown)
        except OSError as error:
            return self._say(f"The place cannot be kept ({error.strerror})")
        self.poses[name] = self.places.poses[name]
        self._place = list(self.poses).index(name)
        self._say(f"Kept as {name}")

    def toggle_turning(self) -> None:
        """Turn around the target by itself, or stop."""
        self.turning = not self.turning

    def toggle_follow(self) -> None:
        """Keep the selection in the middle, or let it go."""
        self.following = not self.following and self.selected is not None
        self._say("Follows the selection" if self.following else "Follows nothing")

    def interrupt(self) -> None:
        """A hand took the camera: it no longer moves by itself."""
        self.turning = self.following = False

    def fit_halves(self) -> None:
        """Give the other branch half of the window where it is wanted beside this one, and all of it back."""
        wanted = self.branching is not None and self.branching.beside is not None
        if wanted != (self.beside is not None):
            self.shell.halve(wanted)
            if wanted:
                self.beside = Beside(self.shell, self.branching.beside.shown, self._palette)
            else:
                self.beside.close()
                self.beside = None
            self.hud.refresh()
        self.fit_site()

    def fit_site(self) -> None:
        """Have the whole site, with the rows in which vehicles have waited till now, where panels leave room for
        it; who looks at all of it goes on doing so."""
        if not self.FITS:
            return
        vehicle, layout = self.model.world.vehicle, self.scene.layout
        waiting = int(np.count_nonzero(vehicle.alive & (vehicle.place == Place.QUEUED)))
        self._rows = max(self._rows, layout.queued_rows(waiting))
        hud, (width, height) = self.hud, self.viewport
        panels = (hud.visible, hud.bare, hud.scale) if hud is not None else None
        key = panels, width, height, self._rows, self.beside is not None
        if key == self._home_key:
            return
        self._home_key, before = key, self.poses["default"]
        areas = hud.rooms if hud is not None else (Area(),)
        fitted = homes.named(self.scenario, layout, areas, width / height, self._rows * layout.queue_row)
        if self.beside is not None:
            fitted["default"] = homes.in_half(layout, self.viewport)
        self.poses |= fitted
        self.camera.settle(fitted["default"])
        if self.camera.goes_to(before):
            self.camera.fly_to(fitted["default"])

    def in_sight(self, pose: Pose) -> Pose | None:
        """From where what is selected is seen in the middle between panels, as `pose` looks; None where it is clear of
        them in that already, or nothing is selected."""
        found = self._box_of(self.selected) if self.selected else None
        hud = self.hud
        if found is None or hud is None or not hud.visible or hud.bare or self.beside is not None:
            return None
        return shifted(pose, np.asarray(found[0]), hud.clearing, hud.covered, self.viewport)

    def _move_camera(self, real_dt_s: float) -> None:
        """What the camera does by itself."""
        if self.turning:
            self.camera.orbit(TURN_DEG_PER_S * real_dt_s, 0.0)
        if self.following and self.selected is not None:
            found = self._box_of(self.selected)
            if found is not None:
                self.camera.track(tuple(map(float, found[0])))
        selected = self.selected
        if selected == self._looked_at or self.hud is not None and self.hud.shows != selected:
            return      # its panels are not laid out yet
        self._looked_at = selected
        if not (self.turning or self.following or self._controls.drags):
            pose = self.in_sight(self.camera.wanted)
            if pose is not None:
                self.camera.fly_to(pose)

    def _box_of(self, selected: tuple[str, int]) -> tuple[np.ndarray, np.ndarray, float] | None:
        """Centre (3,), half extents (3,) m and heading (degrees) of a selection; None where it is not there."""
        kinds, rows, *boxes = self.scene.pick_boxes(self.model.world)
        found = np.flatnonzero((kinds == KINDS.index(selected[0])) & (rows == selected[1]))
        return tuple(values[found[0]] for values in boxes) if len(found) else None

    def _pose_of(self, selected: tuple[str, int]) -> Pose | None:
        """From where a selection is looked at: a post or a cabinet from its front, on the side that is nearer."""
        box = self._box_of(selected)
        if box is None:
            return None
        center, half, heading = box
        yaw = self.camera.shown.yaw
        pose = Pose(tuple(map(float, center)), max(CLOSE_M, float(np.linalg.norm(half)) * 5.0), yaw, PITCH)
        if selected[0] not in ("connector", "station"):
            return pose
        fronts = [float(heading) + 180.0 + side * FRONT_ASIDE_DEG for side in (-1.0, 1.0)]
        nearer = min(fronts, key=lambda front: abs((front - yaw + 180.0) % 360.0 - 180.0))
        return replace(pose, distance=FRONT_M, pitch=FRONT_PITCH, yaw=nearer)
