"""H.264 by PyAV. The film appears under its name only when it is whole."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np

from game.film.still import partial_path, require_writable
from sim.errors import InputError

QUALITY_CRF = "18"
PRESET = "veryfast"
# With macroblock trees x264 gives other bytes for the same pictures now and then.
SAME_EVERY_TIME = "mbtree=0"


class FilmWriter:
    """Takes pictures one by one and writes an MP4 (H.264, yuv420p, index in front). The same
    pictures give the same bytes.

    Raises InputError before anything is drawn when the path cannot be written or the size is
    odd. Use as a context manager: leaving it by an exception leaves no file behind.
    """

    def __init__(self, path: str | Path, size: tuple[int, int], fps: int):
        self.path = require_writable(path, ".mp4")
        if size[0] % 2 or size[1] % 2:
            raise InputError(f"{size[0]}x{size[1]}: a film's width and height are even")
        self._partial = partial_path(self.path)
        self._container = av.open(str(self._partial), "w", format="mp4",
                                  options={"movflags": "faststart"})
        self._stream = self._container.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": QUALITY_CRF, "preset": PRESET,
                                "x264-params": SAME_EVERY_TIME}

    def add(self, picture: np.ndarray) -> None:
        """Append one frame: RGB uint8 of shape (height, width, 3)."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        for packet in self._stream.encode(frame):
            self._container.mux(packet)

    def __enter__(self) -> FilmWriter:
        return self

    def __exit__(self, kind, error, trace) -> None:
        try:
            if kind is None:
                for packet in self._stream.encode():
                    self._container.mux(packet)
            self._container.close()
            if kind is None:
                os.replace(self._partial, self.path)
        finally:
            self._partial.unlink(missing_ok=True)
