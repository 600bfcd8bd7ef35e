"""A command of ours that runs in a process of its own while the window goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable

GENTLE = 10     # by how much it lets others go first


class Aside:
    """`voltyard WORDS`, started at once and out of the window's way. Once it has ended `poll` calls `done` with
    the last line of what it printed, or `failed` with why it could not."""

    def __init__(self, words: list[str], done: Callable[[str], object], failed: Callable[[str], object]):
        self._done, self._failed = done, failed
        # Files and no pipes: it goes on where the window is closed.
        self._out, self._err = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen([sys.executable, "-m", "game", *words], stdin=subprocess.DEVNULL,
                                         stdout=self._out, stderr=self._err)
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, GENTLE)

    def poll(self) -> bool:
        """Whether it has ended; then what is to be said has been said."""
        if self._process.poll() is None:
            return False
        with self._out, self._err:
            said = self._err if self._process.returncode else self._out
            said.seek(0)
            lines = said.read().strip().splitlines()
        (self._failed if self._process.returncode else self._done)(lines[-1].removeprefix("voltyard: ") if lines else "")
        return True
