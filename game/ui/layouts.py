"""Named layouts in the user's folder: `layouts.json` beside the settings."""

from __future__ import annotations

import json
import os
from pathlib import Path

from game.look import View
from game.settings import user_folder
from game.ui.docks import BUILT_IN, DOCKS, Seat, Seating
from sim.errors import InputError

FILE_NAME = "layouts.json"


class Layouts:
    """The built-in layouts and those that a person saved. Raises InputError for a file that is
    not one of ours."""

    def __init__(self, folder: Path | None = None):
        self._path = (folder or user_folder()) / FILE_NAME
        self._saved = _read(self._path)

    @property
    def names(self) -> list[str]:
        return [*BUILT_IN, *(name for name in self._saved if name not in BUILT_IN)]

    def get(self, name: str) -> Seating:
        """A fresh seating of that name; InputError for an unknown one."""
        if name in self._saved:
            return _seating(self._saved[name])
        if name not in BUILT_IN:
            raise InputError(f"no layout {name!r}, expected one of {', '.join(self.names)}")
        return Seating(BUILT_IN[name]())

    def save(self, name: str, seating: Seating) -> Path:
        """Keep a seating under a name; OSError where it cannot be written."""
        self._saved[name] = seating.facts()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self._saved, indent=1) + "\n", encoding="utf-8")
        os.replace(part, self._path)
        return self._path


def _read(path: Path) -> dict:
    if not path.is_file():
        return {}
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    if not isinstance(saved, dict):
        raise InputError(f"{path}: expected layouts by name")
    for name, facts in saved.items():
        try:
            _seating(facts)
        except (TypeError, ValueError, KeyError, AttributeError):
            raise InputError(f"{path}: {name}: expected for each view a list of "
                             f"[panel, {' or '.join(DOCKS)}, open]") from None
    return saved


def _seating(facts: dict) -> Seating:
    """The seats of each view; a view that is missing has its standard ones."""
    seats = BUILT_IN["standard"]()
    for name, entries in facts.items():
        found = []
        for panel, dock, is_open in entries:
            if not (isinstance(panel, str) and dock in DOCKS and isinstance(is_open, bool)):
                raise ValueError
            found.append(Seat(panel, dock, is_open))
        seats[View[name.upper()]] = found
    return Seating(seats)
