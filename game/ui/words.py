"""Numbers and times as the panels spell them."""

from __future__ import annotations

from datetime import datetime

from sim.spelling import MINUS, THIN_SPACE, number, pretty  # noqa: F401 - spelt the same everywhere
from sim.timing import moment_at


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign always shown, except for zero."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def money(value: float) -> str:
    """An amount to the cent."""
    return number(value, 2)


def duration(seconds: float) -> str:
    """`3 h 05`, `12 min` or `40 s`."""
    minutes = int(seconds // 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"


def weekday_clock(t_s: float, now_s: float, start: datetime) -> str:
    """`18:30` today, `Wed 07:30` on another day."""
    moment, now = moment_at(t_s, start), moment_at(now_s, start)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%a %H:%M}"
