"""The engine: ursina on Panda3D, started the same way on screen and offscreen.

ursina owns the window and its events; what it adds for beginners (counters, editor menu, hot
reload, full-screen overlay) is switched off, and its camera stays unused: the picture is seen
through an `Eye` of ours that a `Pose` places.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
from panda3d.core import (ClockObject, GraphicsOutput, MultiplexStream, NodePath, Notify, PerspectiveLens, Texture,
                          WindowProperties, loadPrcFileData)
from panda3d.direct import throw_new_frame

from game.camera import VERTICAL_FOV_DEG, Pose
from game.eye import LEFT, WHOLE, Eye
from game.preflight import has_sound, no_context

LEAST_DT_S = 1e-4
QUIET_PRC = """
print-pipe-types 0
notify-level-egldisplay error
notify-level-device fatal
notify-level-pnmimage error
notify-level-ShowBase error
"""


class Shell:
    """One window or offscreen buffer with a camera. There can be one at a time.

    `size` is in pixels (width, height). Raises InputError when OpenGL gives no context.
    """

    def __init__(self, size: tuple[int, int], offscreen: bool):
        self.offscreen = offscreen
        loadPrcFileData("voltyard", QUIET_PRC)
        loadPrcFileData("voltyard", f"load-display {'p3headlessgl' if offscreen else 'pandagl'}")
        loadPrcFileData("voltyard", "audio-library-name "
                        f"{'p3openal_audio' if not offscreen and has_sound() else 'null'}")
        self.base = _start_ursina(size, offscreen)
        if self.base.win is None:
            raise no_context(offscreen)
        # Frames are rendered by `render`, so that the rest of a frame can be told from it.
        self.base.taskMgr.remove("igLoop")
        # Engine time follows the dt that `step` is given, not the wall.
        self._clock = ClockObject.get_global_clock()
        self._clock.set_mode(ClockObject.M_non_real_time)
        self.root: NodePath = self.base.render.attach_new_node("voltyard")
        self.base.cam.reparent_to(self.base.render)
        # Panels have no depth; for the rest see Eye.
        self.base.win.set_clear_color_active(False)
        self.base.win.set_clear_stencil_active(False)
        for region in self.base.win.get_display_regions():
            region.set_clear_depth_active(False)
        self.eye = Eye(self.base, self.root, self.base.cam, [
            region for region in self.base.win.get_display_regions()
            if region.get_camera() == self.base.cam], offscreen)
        self.size, self._area = (0, 0), WHOLE
        self._taken: Texture | None = None
        self.follow_size()

    @property
    def camera(self) -> NodePath:
        """Where the scene is seen from."""
        return self.eye.camera

    @property
    def lens(self) -> PerspectiveLens:
        """What the scene is seen through."""
        return self.eye.lens

    @property
    def vertical_fov_deg(self) -> float:
        """How much of the scene is seen from top to bottom, degrees."""
        return self.eye.vertical_fov_deg

    @property
    def software(self) -> bool:
        """Whether OpenGL is computed on the processor."""
        renderer = self.base.win.get_gsg().get_driver_renderer().lower()
        return any(name in renderer for name in ("llvmpipe", "softpipe", "swrast"))

    def follow_size(self) -> bool:
        """Fit to the window's present size; whether that has changed."""
        size = (max(self.base.win.get_x_size(), 1), max(self.base.win.get_y_size(), 1))
        self.eye.fill(self._area, size)
        changed, self.size = size != self.size, size
        return changed

    def halve(self, on: bool) -> None:
        """Let the scene have the left half of the window, or all of it."""
        self.fill(LEFT if on else WHOLE)

    def fill(self, area: tuple[float, float, float, float]) -> None:
        """Let the scene have a part of the window: left, right, bottom and top as shares of it."""
        self._area = area
        self.follow_size()

    def open_lens(self, fov_deg: float = VERTICAL_FOV_DEG) -> None:
        """See so much (degrees) from top to bottom; a narrow picture more, so that its width is kept."""
        self.eye.open_lens(fov_deg)

    def place_camera(self, pose: Pose) -> None:
        """Look from a pose."""
        self.eye.place(pose)

    def step(self, dt_s: float) -> None:
        """Let `dt_s` of engine time pass: input, events and tasks, no rendering."""
        self._clock.set_dt(max(dt_s, LEAST_DT_S))
        self.base.taskMgr.step()

    def render(self) -> None:
        """Draw one frame."""
        self.base.graphicsEngine.render_frame()
        throw_new_frame()

    def take_pictures(self) -> None:
        """Have every frame that is drawn taken into the same memory, for `picture`: where all are wanted, that is
        faster than asking for each."""
        self._taken = Texture("taken")
        self.base.win.add_render_texture(self._taken, GraphicsOutput.RTM_copy_ram, GraphicsOutput.RTP_color)

    def picture(self) -> np.ndarray:
        """The frame drawn last: RGB, uint8, shape (height, width, 3), first row at the top."""
        texture = self._taken or self.base.win.get_screenshot()
        height, width = texture.get_y_size(), texture.get_x_size()
        # BGRA as it lies in memory: asking Panda for RGB would convert pixel by pixel, and numpy turns one channel
        # at a time four times as fast as all of them.
        data = np.frombuffer(texture.get_ram_image(), np.uint8).reshape(height, width, -1)[::-1]
        picture = np.empty((height, width, 3), np.uint8)
        for channel in range(3):
            picture[..., channel] = data[..., 2 - channel]
        return picture

    def toggle_fullscreen(self) -> None:
        """Between the whole display and a window; does nothing offscreen."""
        if self.offscreen:
            return
        properties = WindowProperties()
        full = not self.base.win.get_properties().get_fullscreen()
        properties.set_fullscreen(full)
        if full:
            self._windowed = self.size, self.base.win.get_properties().get_origin()
            pipe = self.base.pipe
            properties.set_size(pipe.get_display_width(), pipe.get_display_height())
        else:
            size, origin = self._windowed
            properties.set_size(*size)
            properties.set_origin(origin)
        self.base.win.request_properties(properties)

    def close(self) -> None:
        """Give the window and the context back, so that another one can be opened."""
        self.base.destroy()


# `ursina.Ursina` hands out its first instance for ever, even a destroyed one; the class of that
# instance makes new ones.
_ursina_class: type | None = None


def _start_ursina(size: tuple[int, int], offscreen: bool):
    """A bare ursina; what it and Panda say while they start is dropped."""
    global _ursina_class
    with contextlib.redirect_stdout(io.StringIO()), _panda_silent():
        from ursina import Ursina, application, camera, mouse, window
        application.print_info = application.print_warnings = False
        try:
            make = _ursina_class or Ursina
            base = make(title="Voltyard", borderless=False, fullscreen=False, size=size,
                        vsync=True, development_mode=True, editor_ui_enabled=False,
                        window_type="offscreen" if offscreen else "onscreen")
        except Exception as error:
            # ShowBase raises a bare Exception when no pipe or window can be had.
            raise no_context(offscreen) from error
        _ursina_class = type(base)
        window.editor_ui.enabled = False
        window.input_entity.enabled = False
        application.hot_reloader.enabled = False
        mouse.enabled = False
        camera.overlay.enabled = False
        camera.ui_display_region.set_active(False)
    return base


_nowhere = MultiplexStream()


@contextlib.contextmanager
def _panda_silent():
    """Panda's own words are dropped: what goes wrong while it starts is said in one line."""
    notify = Notify.ptr()
    before = notify.get_ostream_ptr()
    notify.set_ostream_ptr(_nowhere, False)
    try:
        yield
    finally:
        notify.set_ostream_ptr(before, False)
