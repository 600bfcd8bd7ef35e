"""Hands: what mouse and keys do to the camera, the clock and the selection.

The shell's window reports buttons by Panda's names, with the modifiers that were held in front
("shift-mouse1"). Offscreen nothing ever arrives.
"""

from __future__ import annotations

from direct.showbase.DirectObject import DirectObject

from game import keys
from game.picking import ClickTracker

ORBIT_DEG_PER_PX = 0.25
PAN_PER_HEIGHT = 0.7
FLY_PER_S = 0.6
TURN_DEG_PER_S = 70.0
TILT_DEG_PER_S = 40.0
BUTTONS = ("mouse1", "mouse2", "mouse3")
# Keys that act while held: (pan right, pan ahead, yaw, pitch).
HELD = {"w": (0, 1, 0, 0), "s": (0, -1, 0, 0), "a": (-1, 0, 0, 0), "d": (1, 0, 0, 0),
        "arrow_left": (0, 0, 1, 0), "arrow_right": (0, 0, -1, 0), "q": (0, 0, 1, 0),
        "e": (0, 0, -1, 0), "arrow_up": (0, 0, 0, 1), "arrow_down": (0, 0, 0, -1)}


class Controls(DirectObject):
    """Turns the window's events into calls on `app`, its camera and its panels.

    `app` has camera, size, hud (or None), click(x, y), interrupt() for a camera that moves by itself,
    type(key) and type_letters(letters) for what is typed, quit() and `keys`, actions without arguments by key name;
    REPEATED are those that act again while held.
    """

    def __init__(self, base, app):
        super().__init__()
        self._base = base
        self._app = app
        self._clicks = ClickTracker()
        self._drag: str | None = None
        self._pointer: tuple[float, float] | None = None
        self._held: set[str] = set()
        self._opened = self._struck = False
        self.listen(True)
        if hasattr(base.win, "set_close_request_event"):
            base.win.set_close_request_event("close request")
            self.accept("close request", app.quit)

    def listen(self, on: bool) -> None:
        """Take what mouse and keys say, or leave it to others; closing the window is always heard."""
        self._drag, self._held = None, set()
        for event, act in (("buttonDown", self._down), ("buttonUp", self._up), ("buttonHold", self._hold),
                           ("keystroke", self._stroke)):
            if on:
                self.accept(event, act)
            else:
                self.ignore(event)

    @property
    def drags(self) -> bool:
        """Whether a hand holds the picture, or keys move the camera."""
        return self._drag is not None or bool(self._held)

    def aim(self) -> None:
        """Tell the panels where the pointer is, before its buttons: where frames are slow, both come at once."""
        if self._app.hud is not None:
            self._app.hud.point(self._where())

    def update(self, dt_s: float) -> None:
        """Follow the pointer and the keys that are held."""
        self._opened = self._struck = False
        hud = self._app.hud
        if hud is not None and hud.modal:   # What opens lets go of what a hand has held till then.
            self._drag, self._held = None, set()
        self._follow()
        if hud is not None:
            hud.point(self._pointer)
        camera = self._app.camera
        for key in self._held:
            right, ahead, yaw, pitch = HELD[key]
            if right or ahead:
                camera.pan(right * FLY_PER_S * dt_s, ahead * FLY_PER_S * dt_s)
            if yaw or pitch:
                camera.orbit(yaw * TURN_DEG_PER_S * dt_s, pitch * TILT_DEG_PER_S * dt_s)

    def _follow(self) -> None:
        """Take where the pointer is, and drag by how far it came."""
        before, self._pointer = self._pointer, self._where()
        if before and self._pointer and self._drag:
            self._clicks.move(*self._pointer)
            self._dragged(self._pointer[0] - before[0], self._pointer[1] - before[1])

    def _where(self) -> tuple[float, float] | None:
        """The pointer's pixel; while dragging also outside of the window."""
        window = self._base.win
        if not hasattr(window, "get_pointer"):
            return None
        pointer = window.get_pointer(0)
        if not pointer.get_in_window() and not self._drag:
            return None
        return pointer.get_x(), pointer.get_y()

    def _dragged(self, dx: float, dy: float) -> None:
        camera, height = self._app.camera, self._app.size[1]
        if self._drag == "pan":
            camera.pan(-dx / height * PAN_PER_HEIGHT, dy / height * PAN_PER_HEIGHT)
        elif dx or dy:
            scale = 720.0 / height * ORBIT_DEG_PER_PX
            camera.orbit(dx * scale, dy * scale)

    def _down(self, name: str) -> None:
        modifiers, key = keys.name_of(name)
        hud = self._app.hud
        self._pointer = self._where()
        if hud is not None:
            hud.point(self._pointer)
            hud.stir()
        if key in BUTTONS or key.startswith("wheel"):
            if self._pointer is None or (hud is not None and hud.covers(self._pointer)):
                return
            self._app.interrupt()
            if key.startswith("wheel"):
                self._app.camera.zoom({"wheel_up": 1.0, "wheel_down": -1.0}.get(key, 0.0))
                return
            self._drag = "pan" if key == "mouse2" or "shift" in modifiers else "orbit"
            self._clicks.press(*self._pointer)
        elif hud is not None and hud.modal:
            self._app.type("-".join((*sorted(modifiers - {"shift"}), key)))
        elif hud is not None and hud.types and not (modifiers & {"control", "alt"}):
            self._app.type(key)
        elif "control" in modifiers:
            both = f"control-shift-{key}"
            self._act(both if "shift" in modifiers and both in self._app.keys else f"control-{key}")
        elif "shift" in modifiers and f"shift-{key}" in self._app.keys:
            self._act(f"shift-{key}")
        elif key in HELD:
            self._app.interrupt()
            self._held.add(key)
        else:
            self._act(key)

    def _hold(self, name: str) -> None:
        """A key is held and repeats itself: only where something is typed, or time is stepped."""
        modifiers, key = keys.name_of(name)
        hud = self._app.hud
        if key in BUTTONS or hud is None or hud.modal:
            return
        if hud.types:
            self._app.type(key)
        elif "shift" in modifiers and key in ("arrow_left", "arrow_right"):
            self._act(f"shift-{key}")
        elif not modifiers and key in self._app.REPEATED:
            self._act(key)

    def _stroke(self, letters: str) -> None:
        """What a key writes. The one that opened the command line is no part of it, whether the system
        tells what it writes before (X11) or after it tells of the key."""
        if not self._opened:
            self._app.type_letters(letters)
        self._opened, self._struck = False, True

    def _up(self, name: str) -> None:
        if self._app.hud is not None:
            self._app.hud.stir()
        self._held.discard(name)
        if name not in BUTTONS or self._drag is None:
            return
        # Where frames are slow, the way since the last one counts too.
        self._follow()
        where, self._drag = self._pointer, None
        if where is not None and self._clicks.release(*where) and name == "mouse1":
            self._app.click(*where)

    def _act(self, key: str) -> None:
        action, hud = self._app.keys.get(key), self._app.hud
        if action is not None:
            action()
            self._opened = hud is not None and hud.written_to and not self._struck
