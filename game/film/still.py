"""Files that are either whole or not there: the path is tried first, the name comes last."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from sim.errors import InputError


def require_writable(path: str | Path, suffix: str) -> Path:
    """The path, once it ends in `suffix` and its folder exists and takes files; raises
    InputError, one line."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected a file to write")
    if path.suffix.lower() != suffix:
        raise InputError(f"{path}: expected a name that ends in {suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writable-"):
            pass
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


def free_path(folder: Path, name: str, suffix: str) -> Path:
    """A file in `folder` that is not there yet: `name` as far as it can be a file's name, with
    a number behind it from the second on."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "picture"
    path = folder / f"{stem}{suffix}"
    for number in itertools.count(2):
        if not path.exists():
            return path
        path = folder / f"{stem}-{number}{suffix}"


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
