"""The engine: ursina on Panda3D, started the same way on screen and offscreen.

ursina owns the window and its events; what it adds for beginners (counters, editor menu, hot
reload, full-screen overlay) is switched off, and its camera stays unused: the picture is seen
through one camera of ours that a `Pose` places.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
from panda3d.core import (ClockObject, LVecBase3f, MultiplexStream, NodePath, Notify,
                          PerspectiveLens, WindowProperties, loadPrcFileData)
from panda3d.direct import throw_new_frame

from game.camera import VERTICAL_FOV_DEG, Pose, vertical_fov
from game.preflight import has_sound, no_context
from game.scene.part import NAMES, PICTURE

NEAR_M, FAR_M = 0.5, 6000.0
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
        self.camera: NodePath = self.base.cam
        self.camera.reparent_to(self.base.render)
        self.lens = PerspectiveLens()
        self.lens.set_near_far(NEAR_M, FAR_M)
        self.camera.node().set_lens(self.lens)
        self.camera.node().set_camera_mask(PICTURE | NAMES)
        # Sky and ground cover every pixel, and panels have no depth: where the processor draws, each
        # clearing that is left out is a millisecond.
        self.base.win.set_clear_color_active(False)
        self.base.win.set_clear_stencil_active(False)
        for region in self.base.win.get_display_regions():
            region.set_clear_depth_active(False)
        self._direct = [region for region in self.base.win.get_display_regions()
                        if region.get_camera() == self.camera]
        self.size = (0, 0)
        self.follow_size()

    @property
    def software(self) -> bool:
        """Whether OpenGL is computed on the processor."""
        renderer = self.base.win.get_gsg().get_driver_renderer().lower()
        return any(name in renderer for name in ("llvmpipe", "softpipe", "swrast"))

    def follow_size(self) -> bool:
        """Fit the lens to the window's present size; whether that has changed."""
        size = (max(self.base.win.get_x_size(), 1), max(self.base.win.get_y_size(), 1))
        if size == self.size:
            return False
        self.size = size
        self.open_lens()
        return True

    def open_lens(self, fov_deg: float = VERTICAL_FOV_DEG) -> None:
        """See so much (degrees) from top to bottom; a narrow picture more, so that its width is kept."""
        aspect = self.size[0] / self.size[1]
        self.vertical_fov_deg = vertical_fov(aspect, fov_deg)
        self.lens.set_aspect_ratio(aspect)
        self.lens.set_min_fov(self.vertical_fov_deg if aspect >= 1.0 else
                              _other_fov(self.vertical_fov_deg, aspect))

    def place_camera(self, pose: Pose) -> None:
        """Look from a pose."""
        self.camera.set_pos(LVecBase3f(*map(float, pose.eye())))
        self.camera.set_hpr(LVecBase3f(*_heading_pitch_roll(pose)))

    def step(self, dt_s: float) -> None:
        """Let `dt_s` of engine time pass: input, events and tasks, no rendering."""
        self._clock.set_dt(max(dt_s, LEAST_DT_S))
        self.base.taskMgr.step()

    def render(self) -> None:
        """Draw one frame."""
        self.base.graphicsEngine.render_frame()
        throw_new_frame()

    def picture(self) -> np.ndarray:
        """The frame drawn last: RGB, uint8, shape (height, width, 3), first row at the top."""
        texture = self.base.win.get_screenshot()
        height, width = texture.get_y_size(), texture.get_x_size()
        # BGRA as it lies in memory: asking Panda for RGB would convert pixel by pixel.
        data = np.frombuffer(texture.get_ram_image(), np.uint8).reshape(height, width, -1)
        return data[::-1, :, 2::-1].copy()

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

    def draw_scene(self, straight: bool) -> None:
        """Draw the scene straight into the window, names and all, or leave that to others."""
        for region in self._direct:
            region.set_active(straight)
        self.camera.node().set_camera_mask(PICTURE | NAMES if straight else PICTURE)

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


def _heading_pitch_roll(pose: Pose) -> tuple[float, float, float]:
    """A pose's angles as Panda counts them in ursina's left-handed, y-up axes."""
    return -pose.yaw, -pose.pitch, pose.roll


def _other_fov(fov_deg: float, ratio: float) -> float:
    return float(np.degrees(2.0 * np.arctan(np.tan(np.radians(fov_deg) / 2.0) * ratio)))

