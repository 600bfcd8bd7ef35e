"""Where in the film one is, and how hands move there. No graphics."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

MICRO = 1_000_000
STALL_S = 0.5   # of real time that may be missed at once; more is a machine that stalled
FASTEST = 4     # times real time, on or back


class Playhead:
    """The film time that is shown, from 0 to `end` (s). It is kept in whole microseconds while it plays, and is
    exactly a frame of `fps` frames a second where it was stepped. `pace` is how many seconds of film go by in one of
    real time: 0 where it stands still, negative where it plays back."""

    def __init__(self, end: Fraction, fps: Fraction = Fraction(30)):
        self.end, self.fps = end, fps
        self.film_s = Fraction(0)
        self.pace = 0

    @property
    def playing(self) -> bool:
        """Whether film time passes, on or back."""
        return self.pace != 0

    @property
    def frame(self) -> int:
        """The frame that is shown."""
        return floor(self.film_s * self.fps)

    def seek(self, t: Fraction) -> None:
        """Go to a film time within the film."""
        self.film_s = min(max(Fraction(t), Fraction(0)), self.end)

    def stand(self) -> None:
        """Stand still."""
        self.pace = 0

    def step(self, frames: int) -> None:
        """Go so many frames on, or back, and stand still."""
        self.stand()
        at = self.film_s * self.fps
        whole = floor(at) if frames > 0 else ceil(at)
        self.seek(Fraction(whole + frames) / self.fps)

    def toggle(self) -> None:
        """Play, from the start where it is at the end; or stand still."""
        if not self.playing and self.film_s >= self.end:
            self.film_s = Fraction(0)
        self.pace = 0 if self.playing else 1

    def shuttle(self, way: int) -> None:
        """Play on (1) or back (-1); where it goes that way already, twice as fast, up to FASTEST."""
        self.pace = way * min(2 * abs(self.pace), FASTEST) if self.pace * way > 0 else way

    def go_on(self, real_dt_s: float) -> None:
        """Let so much real time pass while it plays; it stops at the end, and back at the start."""
        if self.playing:
            passed = Fraction(round(min(max(real_dt_s, 0.0), STALL_S) * MICRO), MICRO)
            self.seek(self.film_s + passed * self.pace)
            if self.film_s == (self.end if self.pace > 0 else 0):
                self.stand()


def snapped(t: Fraction, others: Iterable[Fraction], reach: Fraction, fps: Fraction) -> Fraction:
    """The nearest of other times (s) within `reach` of `t`, else the nearest frame's."""
    near = min(others, key=lambda other: abs(other - t), default=None)
    if near is not None and abs(near - t) <= reach:
        return near
    return Fraction(round(t * fps)) / fps


def neighbour(t: Fraction, times: Iterable[Fraction], way: int) -> Fraction | None:
    """The next of the times after `t` (1), or the last before it (-1)."""
    later = [time for time in times if (time > t if way > 0 else time < t)]
    return (min if way > 0 else max)(later, default=None)


def length_words(t: Fraction, fps: Fraction) -> str:
    """`0:12.40`, as a film time reads."""
    minutes, rest = divmod(float(t), 60.0)
    return f"{int(minutes)}:{rest:05.2f}"
