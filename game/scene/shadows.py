"""The shadow map of the key light: one more draw of what is solid, seen from the light.

The map covers the whole site where the eye is far, and what lies before the eye where it is near.
Its size goes by steps and its place by whole texels, so that shadows stand still while the camera
moves.
"""

from __future__ import annotations

import math

import numpy as np
from panda3d.core import (Camera, FrameBufferProperties, GraphicsOutput, GraphicsPipe, LMatrix4f,
                          LPoint3f, LVector3f, NodePath, OrthographicLens, PTA_LMatrix4f,
                          SamplerState, Texture, WindowProperties)

from game.scene.part import SHADOW

SMALLEST_M, STEP = 26.0, 1.3
REACH_PER_DISTANCE = 1.0
HIGHEST_M = 45.0
BIAS = LMatrix4f(0.5, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.5, 0.5, 0.5, 1.0)
DEPTH_BYTES = 4
SORT = -40


class Shadows:
    """A depth buffer of `texels` squared; binds u_shadow and u_shadow_map on `root`.

    `radius` (m) is how far the site reaches from the origin. Raises RuntimeError when OpenGL gives
    no buffer.
    """

    def __init__(self, base, root: NodePath, texels: int, radius: float):
        self.texels, self._radius = texels, radius + HIGHEST_M / 2.0
        self._engine = base.graphicsEngine
        form = FrameBufferProperties()
        form.set_depth_bits(24)
        self._buffer = self._engine.make_output(
            base.pipe, "shadows", SORT, form, WindowProperties.size(texels, texels),
            GraphicsPipe.BF_refuse_window, base.win.get_gsg(), base.win)
        if self._buffer is None:
            raise RuntimeError("OpenGL gave no buffer for shadows")
        self.map = Texture("shadows")
        self.map.set_format(Texture.F_depth_component)
        self.map.set_minfilter(SamplerState.FT_shadow)
        self.map.set_magfilter(SamplerState.FT_shadow)
        self.map.set_wrap_u(SamplerState.WM_clamp)
        self.map.set_wrap_v(SamplerState.WM_clamp)
        self._buffer.add_render_texture(self.map, GraphicsOutput.RTM_bind_or_copy,
                                        GraphicsOutput.RTP_depth)
        self._lens = OrthographicLens()
        node = Camera("shadows", self._lens)
        node.set_camera_mask(SHADOW)
        self._camera = root.attach_new_node(node)
        self._buffer.make_display_region().set_camera(self._camera)
        self._root = root
        self._matrix = PTA_LMatrix4f([LMatrix4f()])
        root.set_shader_input("u_shadow", self._matrix)
        root.set_shader_input("u_shadow_map", self.map)

    @property
    def bytes(self) -> int:
        """Of the map."""
        return self.texels * self.texels * DEPTH_BYTES

    def follow(self, eye: np.ndarray, forward: np.ndarray, key: np.ndarray) -> None:
        """Cover what an eye (3,) that looks along `forward` sees; `key` (3,) points to the light."""
        away = min(-eye[1] / min(forward[1], -0.05), 3.0 * self._radius)
        reach = SMALLEST_M
        while reach < REACH_PER_DISTANCE * away and reach < self._radius:
            reach *= STEP
        center = np.zeros(3)
        if reach < self._radius:
            center = eye + forward * away
            center[1] = 0.0
        reach = min(reach, self._radius)
        deep = reach + HIGHEST_M
        self._lens.set_film_size(2.0 * reach, 2.0 * reach)
        self._lens.set_near_far(1.0, 4.0 * deep)
        camera = self._camera
        camera.set_pos(LPoint3f(*map(float, key * 2.0 * deep)))
        camera.look_at(self._root, LPoint3f(0.0), LVector3f(0.0, 0.0, 1.0))
        turn = camera.get_mat(self._root)
        texel = 2.0 * reach / self.texels
        snapped = np.zeros(3)
        for row in (0, 1):
            axis = np.array(turn.get_row3(row))
            snapped += axis * (math.floor(center @ axis / texel) * texel)
        camera.set_pos(LPoint3f(*map(float, snapped + key * 2.0 * deep)))
        self._matrix.set_element(0, self._root.get_mat(camera) * self._lens.get_projection_mat()
                                 * BIAS)

    def close(self) -> None:
        """Give the buffer back."""
        self._root.clear_shader_input("u_shadow")
        self._root.clear_shader_input("u_shadow_map")
        self._engine.remove_window(self._buffer)
        self._camera.remove_node()
        self.map.release_all()
