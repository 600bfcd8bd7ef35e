"""Columns on the GPU: buffer textures that a shader reads with texelFetch."""

from __future__ import annotations

import numpy as np
from panda3d.core import GeomEnums, Texture

# The most copies of a shape that one instance holds (game/scene/part.py).
BUNDLE = 16
_FORMATS = {1: Texture.F_r32, 4: Texture.F_rgba32}


class Buffer:
    """A growable buffer texture of float32 texels with 1 or 4 channels."""

    def __init__(self, name: str, channels: int = 4):
        self.texture = Texture(name)
        self.channels = channels
        self.texels = 0
        self.uploads = 0
        self._grow(1)

    @property
    def bytes(self) -> int:
        return self.texels * self.channels * 4

    def write(self, values: np.ndarray) -> None:
        """Upload `values`, float32 with any shape that holds whole texels, from texel 0 on."""
        flat = values.reshape(-1)
        if len(flat) > self.texels * self.channels:
            self._grow(len(flat) // self.channels * 5 // 4 + 1)
        view = np.frombuffer(memoryview(self.texture.modify_ram_image()).cast("B"), np.float32)
        view[: len(flat)] = flat
        self.uploads += 1

    def write_rows(self, table: np.ndarray, rows: np.ndarray) -> None:
        """Upload those rows of `table` anew, float32 (n, texels, channels), the rest as it was."""
        if table.size > self.texels * self.channels:
            self.write(table)
            return
        view = np.frombuffer(memoryview(self.texture.modify_ram_image()).cast("B"), np.float32)
        view[: table.size].reshape(table.shape)[rows] = table[rows]
        self.uploads += 1

    def _grow(self, texels: int) -> None:
        self.texels = texels
        self.texture.setup_buffer_texture(texels, Texture.T_float, _FORMATS[self.channels],
                                          GeomEnums.UH_dynamic)


class RowList:
    """Which table rows the instances of a part stand for; -1 ends an empty list.

    The list is never shorter than one entry: where nothing is shown, its only instance collapses in
    the vertex shader. So do the entries behind its end, which complete a bundle.
    """

    def __init__(self, name: str):
        self.buffer = Buffer(name, channels=1)
        self.rows = np.full(1, -2, np.int64)

    def set(self, rows: np.ndarray) -> bool:
        """Use these rows, int (n,); uploads only when they differ. True when they did."""
        if not len(rows):
            rows = np.array([-1])
        if np.array_equal(rows, self.rows):
            return False
        self.rows = rows.copy()
        self.buffer.write(np.concatenate([rows, np.full(BUNDLE, -1)]).astype(np.float32))
        return True

    @property
    def empty(self) -> bool:
        """Whether it stands for no rows."""
        return self.rows[0] < 0

    def __len__(self) -> int:
        return len(self.rows)
