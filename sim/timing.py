"""Times and durations as people write them. Inside the model time is float seconds."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

DAY_S = 86_400.0
HOUR_S = 3_600.0
_UNITS = {"s": 1.0, "m": 60.0, "h": HOUR_S, "d": DAY_S}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_CLOCK = re.compile(r"(?:(\d+)d\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?")


def parse_duration(value: str | float) -> float:
    """Seconds of `24h`, `90m`, `1h 30m`, `2d`, or a plain number of seconds, at least 0.

    Raises ValueError for anything else.
    """
    text = str(value).strip()
    parts = _DURATION.findall(text)
    if parts and not _DURATION.sub("", text).strip():
        seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    else:
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
    if not 0.0 <= seconds < math.inf:
        raise ValueError("expected a duration such as 24h, 90m or 1h 30m")
    return seconds


def parse_clock(text: str) -> float | None:
    """Seconds after midnight of `18:30` or `18:30:15` (24:00 is allowed), None if it is none."""
    match = _CLOCK.fullmatch(text.strip())
    if not match or match[1]:
        return None
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    total = hours * HOUR_S + minutes * 60.0 + seconds
    return total if minutes < 60 and seconds < 60 and total <= DAY_S else None


def parse_time(value: str | float, start: datetime) -> float:
    """Seconds since `start` of a TIME.

    `18:30` is the first moment from the start on when the clock shows it, `24:00` the end of
    the start's day; `1d 06:00` is
    that clock time on the day after the start's day; a number is seconds since the start;
    an ISO date and time stands for itself (its offset defaults to the start's).
    Raises ValueError for anything else and for a time before the start.
    """
    text = str(value).strip()
    since_midnight = seconds_after_midnight(start)
    match = _CLOCK.fullmatch(text)
    if match:
        clock = parse_clock(text.split()[-1])
        if clock is not None and match[1]:
            seconds = int(match[1]) * DAY_S + clock - since_midnight
        elif clock is not None:
            seconds = clock - since_midnight if clock == DAY_S else (clock - since_midnight) % DAY_S
        else:
            seconds = None
    else:
        seconds = _number_or_iso(text, start)
    if seconds is None:
        raise ValueError("expected a time such as 18:30, 1d 06:00, an ISO time or seconds")
    if not math.isfinite(seconds):
        raise ValueError("expected a time such as 18:30, 1d 06:00, an ISO time or seconds")
    if seconds < 0.0:
        raise ValueError(f"{text} is before the start, {start:%Y-%m-%d %H:%M}")
    return seconds


def seconds_after_midnight(moment: datetime) -> float:
    """Seconds between local midnight and `moment`."""
    return (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()


def clock_label(seconds: float, start: datetime) -> str:
    """`18:30`, with `1d ` before it from the second day on."""
    days, rest = divmod(seconds_after_midnight(start) + seconds, DAY_S)
    label = f"{int(rest // HOUR_S):02d}:{int(rest % HOUR_S // 60):02d}"
    return f"{int(days)}d {label}" if days else label


def moment_at(seconds: float, start: datetime) -> datetime:
    """The datetime `seconds` after `start`."""
    return start + timedelta(seconds=seconds)


def _number_or_iso(text: str, start: datetime) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=start.tzinfo)
    return (moment - start).total_seconds()
