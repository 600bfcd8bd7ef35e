"""Which run folders are being written right now: a lock that the system gives back however a process ends."""

from __future__ import annotations

import os
from pathlib import Path

if os.name == "nt":
    import msvcrt

    def _take(file) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

NAME = "live.lock"


class Live:
    """Holds a folder until `release`, or until the process ends, in whatever way."""

    def __init__(self, folder: Path):
        self._path = folder / NAME
        self._file = open(self._path, "w", encoding="utf-8")
        _take(self._file)

    def release(self) -> None:
        """Nobody writes here any more."""
        if not self._file.closed:
            self._path.unlink(missing_ok=True)
            self._file.close()


def is_live(folder: Path) -> bool:
    """Whether somebody holds the folder now."""
    try:
        with open(folder / NAME, "r+", encoding="utf-8") as file:
            _take(file)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
