"""What a battery has behind it: fade by cause, resistance growth, cycles and days."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

COLUMNS = ("calendar", "cycling", "break_in", "calendar_resistance", "cycling_resistance",
           "efc", "days")


@dataclass(frozen=True, slots=True)
class State:
    """One column a quantity, each of shape (n,).

    calendar, cycling, break_in: shares of the new capacity lost to time, to cycling, and to
    the first hard cycles (LFP Sony only). calendar_resistance, cycling_resistance: growth as
    shares of the new resistance (LFP Sony only). efc: equivalent full cycles of the new
    capacity. days: age.
    """

    calendar: np.ndarray
    cycling: np.ndarray
    break_in: np.ndarray
    calendar_resistance: np.ndarray
    cycling_resistance: np.ndarray
    efc: np.ndarray
    days: np.ndarray

    @property
    def soh(self) -> np.ndarray:
        """State of health: capacity over new capacity, (n,)."""
        return 1.0 - self.calendar - self.cycling - self.break_in

    @property
    def fade(self) -> np.ndarray:
        """Share of the new capacity that is lost, (n,)."""
        return self.calendar + self.cycling + self.break_in

    @property
    def resistance(self) -> np.ndarray:
        """Resistance over new resistance, (n,)."""
        return 1.0 + self.calendar_resistance + self.cycling_resistance

    def take(self, rows) -> State:
        """The state of some rows (indices or a mask)."""
        return State(*(getattr(self, f.name)[rows] for f in fields(self)))

    def put(self, rows, other: State) -> None:
        """Write the state of some rows in place."""
        for f in fields(self):
            getattr(self, f.name)[rows] = getattr(other, f.name)


def fresh(n: int, break_in: float = 0.0) -> State:
    """New batteries."""
    columns = {name: np.zeros(n) for name in COLUMNS}
    columns["break_in"] = np.full(n, break_in)
    return State(**columns)
