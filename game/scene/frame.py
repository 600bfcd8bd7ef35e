"""What all shaders share in a frame: one array of vec4, written in place."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
from panda3d.core import LVecBase4f, NodePath, PTA_LVecBase4f

from game.look import Look
from game.palette import Palette
from game.scene.layout import Layout
from game.scene.light import Light, Sky

SLOTS = 20
LIGHT_STEP_S = 20.0
FOG_AT_LEAST = 520.0
FOG_RADII = 6.0
DAY_CLARITY = 0.7
DRIFT_PER_S, DRIFT_WRAP = 0.0004, 256.0     # of clouds, in their own sizes


class Frame:
    """The uniforms `u_frame`, `u_palette` and `u_ramp` of assets/shaders/frame.glsl.

    Sim times are sent relative to `epoch_s`, which moves on with the uploads, so
    that float32 keeps milliseconds however long a scenario is.
    """

    def __init__(self, root: NodePath, layout: Layout, palette: Palette, weather=None):
        self._frame = PTA_LVecBase4f([LVecBase4f(0.0)] * SLOTS)
        self._values = np.frombuffer(memoryview(self._frame).cast("B"), np.float32).reshape(-1, 4)
        # The same frame with sun, sky and air turned off: what still shows shines by itself.
        self.dark = PTA_LVecBase4f([LVecBase4f(0.0)] * SLOTS)
        self._dark = np.frombuffer(memoryview(self.dark).cast("B"), np.float32).reshape(-1, 4)
        colors = PTA_LVecBase4f([LVecBase4f(*c, 1.0) for c in (
            palette.to_grid, palette.from_grid, palette.standby, palette.fault, palette.warning,
            palette.quiet, palette.text, palette.renewable)])
        root.set_shader_input("u_frame", self._frame)
        root.set_shader_input("u_palette", colors)
        root.set_shader_input("u_ramp", PTA_LVecBase4f([LVecBase4f(*c, 1.0) for c in palette.ramp]))
        self.palette = palette
        self.epoch_s = 0.0
        self.light: Light | None = None
        self._weather, self._sky = weather, None
        self.eye = np.zeros(3)
        self.axes = np.eye(3)
        self.viewport = (1, 1)
        self.pixel = 0.001
        self._light_step: int | None = None
        self._light_share = 1.0
        self._air_m = max(FOG_AT_LEAST, FOG_RADII * layout.radius)
        values = self._values
        values[11] = (*layout.hub_xyz, layout.hub_scale)
        values[14, 3] = values[18, 3] = 1.0

    def look(self, root: NodePath, camera: NodePath, viewport: tuple[int, int]) -> None:
        """Take the camera's pose and lens; `viewport` is the picture's size in pixels."""
        matrix = camera.get_mat(root)
        lens = _lens(camera)
        values = self._values
        self.eye[:] = matrix.get_row3(3)
        self.pixel = 2.0 * math.tan(math.radians(lens.get_vfov()) / 2.0) / viewport[1]
        self.axes[:] = [matrix.get_row3(k) for k in range(3)]
        self.viewport = viewport
        values[0, :3] = self.eye
        values[1, :3] = matrix.get_row3(0)
        values[2, :3] = matrix.get_row3(1)
        values[2, 3] = self.pixel
        values[15, :2] = viewport

    def be_under(self, weather) -> None:
        """Take the light of another weather."""
        self._weather, self._sky, self._light_step = weather, None, None

    def shine(self, pixels: int) -> None:
        """Bring `dark` up to date, for a picture whose pixels are that many times as wide."""
        self._dark[:] = self._values
        self._dark[4:11, :3] = 0.0
        self._dark[2, 3] *= pixels

    def pixels(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points (n, 3) are in the picture: pixels from its lower left corner (n, 2), and how
        deep (n,) m, below 0 behind the eye."""
        away = (points - self.eye) @ self.axes.T
        deep = away[:, 2]
        size = np.array(self.viewport)
        return (away[:, :2] / np.where(np.abs(deep) > 1e-6, deep, 1e-6)[:, None] / self.pixel
                + size / 2.0, deep)

    def rect(self, points: np.ndarray) -> tuple[float, float, float, float] | None:
        """What points (n, 3) span in the picture: left, bottom, right, top, px from below; None where one is behind the
        eye, or all are beside the picture."""
        at, deep = self.pixels(points)
        low, high = at.min(axis=0), at.max(axis=0)
        if deep.min() <= 0.0 or (high < 0.0).any() or (low > self.viewport).any():
            return None
        return *map(float, low), *map(float, high)

    def show(self, look: Look) -> None:
        """Set what is shown, and how."""
        self._values[16] = look.view, look.overlay, look.flow, look.tier
        self._values[18, 3] = look.flow_weight
        if look.light_share != self._light_share:
            self._light_share, self._light_step = look.light_share, None

    def clock(self, now_s: float, real_s: float, start: datetime) -> None:
        """Set the times; the light follows the local clock in steps of LIGHT_STEP_S."""
        self._values[0, 3] = real_s
        self._values[1, 3] = now_s - self.epoch_s
        step = int(now_s // LIGHT_STEP_S)
        if step != self._light_step:
            self._light_step = step
            if self._sky is None:
                self._sky = Sky(start, self._weather)
            self._set_light(self._sky.light(step * LIGHT_STEP_S))
            self._values[17, :2] = self.light.overcast, now_s * DRIFT_PER_S % DRIFT_WRAP

    def hub(self, color, load: float, over: bool, active: float, stream_gain: float) -> None:
        """The hub's colour, its load 0..1 of the limit, whether above it, activity 0..1."""
        self._values[12, :2] = load, over
        self._values[13] = (*color, active)
        self._values[14, 3] = stream_gain

    def signs(self, stress: float, pulse: float, renewable: float, band: int,
              headroom: tuple[float, float], net_kw: float) -> None:
        """What the hub shows besides: stress 0..1, turns its pulse has made, renewable share
        0..1 or NaN, rate band 0 to 2 or -1, shares left of the import and the export limit, and
        the way of the net power."""
        self._values[17] = stress, pulse % 1.0, -1.0 if math.isnan(renewable) else renewable, band
        self._values[18, :3] = *headroom, np.sign(net_kw)

    def prices(self, buy: float, sell: float, full: float) -> None:
        """Prices now (currency/kWh), and the money an hour that fills a bar (> 0)."""
        self._values[19, :3] = buy, sell, full

    def _set_light(self, light: Light) -> None:
        self.light = light
        values = self._values
        values[3] = (*light.key_direction, light.night)
        share = self._light_share
        values[4] = (*light.key * share, self._air_m * (1.0 + DAY_CLARITY * (1.0 - light.night)))
        values[5, :3] = light.ambient_sky * share
        values[6, :3] = light.ambient_ground * share
        values[7, :3] = light.horizon
        values[8, :3] = light.zenith
        values[9, :3] = light.glow
        values[10] = (*light.ground, light.stars)
        values[14, :3] = light.sun


def _lens(camera: NodePath):
    node = camera.node()
    if not hasattr(node, "get_lens"):
        node = camera.find("**/+LensNode").node()
    return node.get_lens()
