"""Time series that people hand in as CSV: prices, weather, carbon factors.

The first column is `time`: ISO with its UTC offset, or seconds since the scenario's start. Rows
ascend. Every complaint names file, line and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.sessions.files import Row, csv_header, csv_rows, read_text, require_columns
from sim.timing import HOUR_S

TIME = "time"


class Field(NamedTuple):
    """A column: its name, what is expected in it, its range, and whether it has to be there."""

    name: str
    expected: str
    low: float
    high: float
    required: bool = True


@dataclass(frozen=True)
class Series:
    """Rows of a file: `times_s` (n,) ascend, seconds since the scenario's start; `columns` has
    values (n,) by name; `rows` say where each stands."""

    times_s: np.ndarray
    columns: dict[str, np.ndarray]
    rows: list[Row]

    def covers(self, until_s: float, end_s: float) -> None:
        """Raises InputError unless the first row is at or before the start and the last value
        holds until the scenario's end: until `until_s`, which is not before `end_s`."""
        if self.times_s[0] > 0.0:
            self.rows[0].fail(TIME, f"the series begins {_span(self.times_s[0])} after the "
                                    "scenario's start")
        if until_s < end_s:
            self.rows[-1].fail(TIME, f"the series ends {_span(end_s - until_s)} before the scenario")


def read_series(path: Path, start: datetime, *fields: Field) -> Series:
    """The file's rows; a column that is not required and not there is left out.

    Raises InputError for a file that cannot be read, has no rows, lacks a column, has a value
    out of range, or times that do not ascend.
    """
    text = read_text(path)
    header = csv_header(text)
    require_columns(path, header, (TIME,), *((f.name,) for f in fields if f.required))
    rows = csv_rows(path, text)
    if not rows:
        raise InputError(f"{path}: line 2: no rows, expected at least one")
    times = [_seconds(row, start) for row in rows]
    for k in range(1, len(rows)):
        if times[k] <= times[k - 1]:
            rows[k].fail(TIME, f"overlaps the row before, expected a later time, "
                               f"not {rows[k].text(TIME)!r:.40}")
    columns = {f.name: np.array([row.number(f.name, f.expected, f.low, f.high) for row in rows])
               for f in fields if f.name in header}
    return Series(np.array(times), columns, rows)


def _span(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < HOUR_S else f"{seconds / HOUR_S:.6g} h"


def _seconds(row: Row, start: datetime) -> float:
    text = row.text(TIME)
    try:
        seconds = float(text)
        if isfinite(seconds):
            return seconds
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        row.fail(TIME, "expected an ISO time with its UTC offset or seconds since the "
                       f"scenario's start, not {text!r:.40}")
    return (moment - start).total_seconds()
