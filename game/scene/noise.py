"""Smooth noise as a texture: what makes meadow, asphalt and clouds uneven (assets/shaders/noise.glsl)."""

from __future__ import annotations

from functools import cache

import numpy as np
from panda3d.core import SamplerState, Texture

CELLS = 64
TEXELS = 4      # of a cell, each way


@cache
def noise() -> Texture:
    """Values 0..1 at the corners of CELLS by CELLS cells, eased between them; repeats without a seam."""
    # A hash of the corner's place, not a random draw: the same picture every time.
    x, z = np.meshgrid(*[np.arange(CELLS, dtype=np.uint32)] * 2, indexing="ij")
    mixed = (x * np.uint32(1597334677)) ^ (z * np.uint32(3812015801))
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(2246822519)
    corner = ((mixed >> np.uint32(8)) & np.uint32(0xFFFF)) / 65535.0
    share = (np.arange(CELLS * TEXELS) + 0.5) / TEXELS
    cell, ease = share.astype(int), share % 1.0
    ease = ease * ease * (3.0 - 2.0 * ease)
    after = (cell + 1) % CELLS
    rows = corner[cell] + (corner[after] - corner[cell]) * ease[:, None]
    image = rows[:, cell] + (rows[:, after] - rows[:, cell]) * ease
    texture = Texture("noise")
    texture.setup_2d_texture(len(share), len(share), Texture.T_unsigned_byte, Texture.F_red)
    texture.set_ram_image(np.round(image * 255.0).astype(np.uint8).tobytes())
    texture.set_minfilter(SamplerState.FT_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    texture.set_wrap_u(SamplerState.WM_repeat)
    texture.set_wrap_v(SamplerState.WM_repeat)
    return texture
