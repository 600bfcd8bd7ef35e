"""Where a tour stands: its film time, its stops, whether it pauses. No graphics, no model."""

from __future__ import annotations

from fractions import Fraction

from game.film.shots import ShotList, Stop, wrong
from sim.errors import InputError

MICRO = 1_000_000


class Tour:
    """A shot list as it is shown live, from a stop on. Film time is kept in whole microseconds, so that it is
    as exact after hours as at the start. Raises InputError for a list without stops, or with a fork."""

    def __init__(self, shots: ShotList, start: int = 0):
        if not shots.stops or shots.stops[0].at != 0:
            raise wrong(shots, "stops", "expected the names of a tour's stops, the first at 0")
        if shots.fork is not None:
            raise wrong(shots, "fork", "a tour has one branch")
        self.stops: tuple[Stop, ...] = shots.stops
        self._end = shots.film.duration
        self._micro = 0
        self.paused = False
        self.enter(start)

    @property
    def film_s(self) -> Fraction:
        """The film time, s."""
        return Fraction(self._micro, MICRO)

    @property
    def ended(self) -> bool:
        """Whether its last moment is shown."""
        return self.film_s >= self._end

    @property
    def here(self) -> int:
        """The number of the stop that is shown."""
        return max(k for k, stop in enumerate(self.stops) if stop.at <= self.film_s)

    def enter(self, number: int) -> None:
        """Go to a stop's first moment."""
        self._micro = int(self.stops[number].at * MICRO)

    def go_on(self, real_dt_s: float) -> None:
        """Let so much time pass, unless it pauses; it stays at its last moment."""
        if not self.paused:
            self._micro = min(self._micro + round(max(real_dt_s, 0.0) * MICRO), int(self._end * MICRO))

    def number(self, name: str) -> int:
        """The stop of a name. Raises InputError."""
        for k, stop in enumerate(self.stops):
            if stop.name == name.strip().lower():
                return k
        raise InputError(f"no stop {name!r}, expected one of {', '.join(stop.name for stop in self.stops)}")
