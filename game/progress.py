"""How far a long command is: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys


class Progress:
    """`with Progress("rendering") as tick: tick(done, total)`; on stderr, or nowhere if `quiet`."""

    def __init__(self, what: str, quiet: bool = False):
        self._what, self._quiet = what, quiet
        self._bar = self._task = None
        self._tenths = 0

    def __enter__(self):
        if self._quiet:
            return lambda done, total: None
        if not sys.stderr.isatty():
            return self._line
        from rich.console import Console
        from rich.progress import BarColumn, Progress as Bar, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn

        self._bar = Bar(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
                        TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._bar.start()
        self._task = self._bar.add_task(self._what, total=None)
        return lambda done, total: self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _line(self, done: float, total: float) -> None:
        tenths = int(10 * done / total) if total else 10
        if tenths > self._tenths:
            self._tenths = tenths
            print(f"{self._what} {10 * tenths} %", file=sys.stderr, flush=True)
