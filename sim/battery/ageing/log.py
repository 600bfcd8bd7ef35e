"""A person's own recording of SoC and temperature: read, checked, resampled to hours, aged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from sim.battery.ageing import day as days
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.day import DAY_H, Day
from sim.battery.ageing.outlook import HORIZON_YEARS, YEAR_D
from sim.battery.ageing.state import State
from sim.errors import InputError
from sim.sessions.files import Row, csv_header, csv_rows, read_text, require_columns

COLDEST, WARMEST = -60.0, 100.0
"""Degrees Celsius beyond which a battery's temperature is a mistake in the file."""
GAP_H = 3.0
"""Samples further apart are reported as a gap."""
HOUR_S = 3600.0


@dataclass(frozen=True)
class Gap:
    """Hours without a sample, from `hour` after the recording's start on; bridged by a line."""

    hour: float
    hours: float


@dataclass(frozen=True)
class Log:
    """A recording at full hours 0, 1, ..., k: `soc` 0..1 and `celsius`, both (k + 1,).

    start: the first sample's time, None where times are seconds. samples: rows of the file.
    """

    start: datetime | None
    samples: int
    soc: np.ndarray
    celsius: np.ndarray
    gaps: tuple[Gap, ...]

    @property
    def hours(self) -> int:
        """Full hours that the recording lasts."""
        return len(self.soc) - 1


@dataclass(frozen=True)
class Lived:
    """A recording's days under one cell: stressors a day, and the states between them."""

    days: list[Day]
    states: list[State]
    years_left: float


def read_log(path: Path) -> Log:
    """The recording in a CSV with columns time (ISO, or seconds), soc (0..1), temperature
    (Celsius), any spacing. Raises InputError, one line with file, line and column."""
    text = read_text(path)
    require_columns(path, csv_header(text), ("time",), ("soc",), ("temperature",))
    rows = csv_rows(path, text)
    if len(rows) < 2:
        raise InputError(f"{path}: {len(rows)} samples, expected a recording of a day or more")
    seconds, start = _times(rows)
    soc = np.array([_soc(row) for row in rows])
    celsius = np.array([row.number("temperature", "degrees Celsius from -60 to 100", COLDEST,
                                   WARMEST) for row in rows])
    hours = (seconds - seconds[0]) / HOUR_S
    # A recording that ends a moment before the hour, by rounding of its times, has that hour.
    whole = math.floor(hours[-1] + 1e-6)
    if whole < DAY_H:
        raise InputError(f"{path}: lasts {hours[-1]:.1f} h, expected 24 h or more: ageing is "
                         "counted by the day")
    steps = np.diff(hours)
    gaps = tuple(Gap(float(hours[k]), float(steps[k])) for k in np.flatnonzero(steps > GAP_H))
    grid = np.arange(whole + 1.0)
    return Log(start, len(rows), np.interp(grid, hours, soc), np.interp(grid, hours, celsius), gaps)


def live(cell: Cell, log: Log, scalar: float, end_of_life: float, age_years: float) -> Lived:
    """What the recording does to a battery, day by day from its first sample on.

    age_years: how long the battery was used before like the recording's whole days. A last
    day that is not whole counts for its hours. years_left: how long after the recording the
    end of life comes if its whole days go on repeating; 0 where it is reached, inf beyond
    fifty years.
    """
    factor = np.full(1, scalar)
    recorded = [_day(cell, log, first) for first in range(0, log.hours, int(DAY_H))]
    whole = [day for day in recorded if day.hours == DAY_H]
    states = [cell.new(1)]
    for k in range(round(age_years * YEAR_D)):
        states[0] = cell.step(states[0], whole[k % len(whole)], factor)
    for day in recorded:
        states.append(cell.step(states[-1], day, factor))
    state, ahead = states[-1], 0
    while state.soh[0] > end_of_life and ahead < HORIZON_YEARS * YEAR_D:
        state = cell.step(state, whole[ahead % len(whole)], factor)
        ahead += 1
    return Lived(recorded, states, ahead / YEAR_D if state.soh[0] <= end_of_life else math.inf)


def _day(cell: Cell, log: Log, first: int) -> Day:
    """The stressors from the `first` hour on, of a day or what there is of it."""
    part = slice(first, first + int(DAY_H) + 1)
    soc = log.soc[None, part]
    return days.gather(cell, np.arange(float(soc.shape[1])), soc, log.celsius[None, part])


def _soc(row: Row) -> float:
    expected = "SoC from 0 to 1"
    value = row.number("soc", expected)
    if 1.0 < value <= 100.0:
        row.fail("soc", f"expected {expected}, not {row.text('soc')!r:.40}; if these are percent, "
                        "divide them by 100")
    return row.number("soc", expected, 0.0, 1.0)


def _times(rows: list[Row]) -> tuple[np.ndarray, datetime | None]:
    """Seconds of each row, ascending, and the moment of the first if times are ISO."""
    iso = not _is_number(rows[0].text("time"))
    values, moments = [], []
    for row in rows:
        if iso:
            moments.append(_moment(row))
            if (moments[-1].tzinfo is None) != (moments[0].tzinfo is None):
                row.fail("time", "some times have a UTC offset and some have none")
            value = (moments[-1] - moments[0]).total_seconds()
        else:
            value = row.number("time", "seconds, as in the first row")
        if values and value <= values[-1]:
            row.fail("time", f"{row.text('time')} is not after the row before it; expected "
                             "ascending times" + (" (with UTC offsets where clocks change)"
                                                  if iso and moments[0].tzinfo is None else ""))
        values.append(value)
    return np.array(values), moments[0] if iso else None


def _moment(row: Row) -> datetime:
    text = row.text("time")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        row.fail("time", f"expected an ISO time such as 2026-05-01T18:30 or seconds, not "
                         f"{text!r:.40}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
