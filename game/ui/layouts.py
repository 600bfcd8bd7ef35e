"""Named layouts in the user's folder: `layouts.json` beside the settings."""

from __future__ import annotations

from pathlib import Path

from game import user_files
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
        user_files.write(self._path, self._saved)
        return self._path


def _read(path: Path) -> dict:
    saved = user_files.read(path, "layouts")
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
