"""How far a long command is: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time


class Progress:
    """`with Progress("rendering") as tick: tick(done, total)`; on stderr, or nowhere if `quiet`. With
    `unit`, how many of them a second, too."""

    def __init__(self, what: str, quiet: bool = False, unit: str = ""):
        self._what, self._quiet, self._unit = what, quiet, unit
        self._bar = self._task = None
        self._tenths = 0

    def __enter__(self):
        self._began = time.perf_counter()
        if self._quiet:
            return lambda done, total: None
        if not sys.stderr.isatty():
            return self._line
        from rich.console import Console
        from rich.progress import BarColumn, Progress as Bar, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn

        self._bar = Bar(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
                        TimeRemainingColumn(), TextColumn("{task.fields[pace]}"), console=Console(stderr=True),
                        transient=True)
        self._bar.start()
        self._task = self._bar.add_task(self._what, total=None, pace="")
        return lambda done, total: self._bar.update(self._task, completed=done, total=total,
                                                    pace=self._pace(done))

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _line(self, done: float, total: float) -> None:
        tenths = int(10 * done / total) if total else 10
        if tenths > self._tenths:
            self._tenths = tenths
            spent = time.perf_counter() - self._began
            left = f", {self._pace(done)}, {clock(spent * (total - done) / done)} left" if self._unit else ""
            print(f"{self._what} {10 * tenths} %{left}", file=sys.stderr, flush=True)

    def _pace(self, done: float) -> str:
        """`3.1 frames/s`, nothing without a unit."""
        spent = time.perf_counter() - self._began
        return f"{done / spent:.3g} {self._unit}/s" if self._unit and spent > 0.0 else ""


def clock(seconds: float) -> str:
    """`1:02:03`, or `2:03` below an hour."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
