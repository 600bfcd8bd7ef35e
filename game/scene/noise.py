"""Smooth noise as a texture: what makes meadow, asphalt and clouds uneven (assets/shaders/noise.glsl)."""

from __future__ import annotations

from functools import cache

import numpy as np
from panda3d.core import SamplerState, Texture

CELLS = 64
TEXELS = 4      # of a cell, each way
SMALLER_SHARE, SMALLER_OFFSET = 0.35, 29


@cache
def noise() -> Texture:
    """Lumps of one size in red, with smaller ones upon them in green; 0..1, repeated without a seam after
    CELLS cells."""
    values = lumps()
    at = (np.arange(len(values)) * TEXELS + SMALLER_OFFSET) % len(values)
    rough = (1.0 - SMALLER_SHARE) * values + SMALLER_SHARE * values[np.ix_(at, at)]
    image = np.round(np.stack([values, rough], axis=-1) * 255.0).astype(np.uint8)
    texture = Texture("noise")
    texture.setup_2d_texture(len(values), len(values), Texture.T_unsigned_byte, Texture.F_rg)
    texture.set_ram_image(image.tobytes())
    texture.set_minfilter(SamplerState.FT_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    texture.set_wrap_u(SamplerState.WM_repeat)
    texture.set_wrap_v(SamplerState.WM_repeat)
    return texture


def lumps() -> np.ndarray:
    """Values 0..1 at the corners of CELLS by CELLS cells, eased between them, (side, side)."""
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
    return rows[:, cell] + (rows[:, after] - rows[:, cell]) * ease
