"""What a branch remembers: the site's figures at each control tick, and what a chart keeps besides."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.history import SERIES_COLUMNS, columns, series_row


class Mark(NamedTuple):
    """How far a course had come: its rows, and the mark of what was kept besides."""

    rows: int
    also: Any


class Course:
    """A model's `history` that can be cut off and continued by another model.

    `also` is another history, told of the same; to be cut it needs `mark()`, how far it is, and
    `cut(mark)`, a copy of what it had then (see `game.ui.trace.Trace`).
    """

    def __init__(self, also=None):
        self.also = also
        self._rows: list[tuple] = []

    def segment(self, t_s: float, rows, vehicle) -> None:
        """Vehicles `rows` (a slot or an array of slots) began new segments at `t_s`."""
        if self.also is not None:
            self.also.segment(t_s, rows, vehicle)

    def sample(self, t_s: float, model) -> None:
        """Take the site's figures at `t_s`; of one instant the last count."""
        if self._rows and self._rows[-1][0] == t_s:
            self._rows.pop()
        self._rows.append(series_row(t_s, model))
        if self.also is not None:
            self.also.sample(t_s, model)

    def day(self, t_s: float, model) -> None:
        """An ageing day ended at `t_s`."""
        if self.also is not None:
            self.also.day(t_s, model)

    def __len__(self) -> int:
        return len(self._rows)

    def columns(self) -> dict[str, np.ndarray]:
        """The columns of `sim.history.SERIES_COLUMNS` so far, each (rows,)."""
        return columns(SERIES_COLUMNS, self._rows)

    def mark(self) -> Mark:
        """How far it is."""
        return Mark(len(self._rows), None if self.also is None else self.also.mark())

    def cut(self, mark: Mark) -> Course:
        """Another course with what this one had at a mark."""
        twin = Course(None if self.also is None else self.also.cut(mark.also))
        twin._rows = self._rows[:mark.rows]
        return twin
