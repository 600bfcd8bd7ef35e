"""Files that are either whole or not there: the path is tried first, the name comes last."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from sim.errors import InputError


def require_writable(path: str | Path) -> Path:
    """The path, once its folder exists and takes files; raises InputError, one line."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected a file to write")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writable-"):
            pass
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


def partial_path(path: Path) -> Path:
    """Where a file is written until it is whole: beside it, so that renaming is one step."""
    return path.with_name(f".{path.stem}-{os.getpid()}.part{path.suffix}")


def write_png(path: str | Path, picture: np.ndarray) -> None:
    """Write RGB uint8 of shape (height, width, 3). The same picture gives the same bytes."""
    path = Path(path)
    partial = partial_path(path)
    try:
        Image.fromarray(picture).save(partial, "PNG", compress_level=6)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
