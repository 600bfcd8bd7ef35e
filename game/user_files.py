"""JSON files in the user's folder: read with a clear error, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sim.errors import InputError


def read(path: Path, of: str) -> dict:
    """What the file holds, {} without one; InputError unless it is an object `of` something."""
    if not path.is_file():
        return {}
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    if not isinstance(saved, dict):
        raise InputError(f"{path}: expected {of} by name")
    return saved


def write(path: Path, data: dict) -> None:
    """Put `data` in the place of what was there; OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
