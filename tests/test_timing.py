"""Times and durations as people write them."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.timing import (clock_label, moment_at, parse_clock, parse_duration, parse_time,
                        seconds_after_midnight)

MIDNIGHT = datetime(2026, 1, 14, tzinfo=timezone(timedelta(hours=1)))
AFTERNOON = MIDNIGHT + timedelta(hours=15)


@pytest.mark.parametrize("text, seconds", [
    ("24h", 86400), ("90m", 5400), ("1h 30m", 5400), ("1h30m", 5400), ("2d", 172800),
    ("1.5h", 5400), ("45 s", 45), (" 10m ", 600), ("0", 0), (300, 300), (12.5, 12.5), ("1e3", 1000)])
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", [
    "", "h", "1x", "1h 30", "-5", "-5m", "inf", "nan", float("nan"), float("inf"), "1h-30m",
    "one hour", None, True, "18:30", "9" * 400 + "s", "9" * 400])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize("text, seconds", [
    ("00:00", 0), ("18:30", 66600), ("18:30:15", 66615), ("7:05", 25500), ("24:00", 86400)])
def test_clock_times(text, seconds):
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["24:01", "25:00", "12:60", "12:30:60", "1d 12:00", "12", "noon", ""])
def test_what_is_no_clock_time_is_none(text):
    assert parse_clock(text) is None


@pytest.mark.parametrize("text, seconds", [
    ("15:00", 0), ("18:30", 3.5 * 3600), ("14:59", 86340), ("0:00", 9 * 3600),
    ("1d 06:00", 15 * 3600), ("0d 16:00", 3600), ("2d 15:00", 2 * 86400), ("90", 90), (7.5, 7.5),
    ("2026-01-14T16:00:00+01:00", 3600), ("2026-01-14T15:00:00+00:00", 3600),
    ("2026-01-14T16:00", 3600), ("24:00", 9 * 3600), ("0d 24:00", 9 * 3600)])
def test_times_since_an_afternoon(text, seconds):
    assert parse_time(text, AFTERNOON) == seconds


def test_24_00_is_the_end_of_a_day_that_starts_at_midnight():
    assert parse_time("24:00", MIDNIGHT) == 86400
    assert parse_time("00:00", MIDNIGHT) == 0


@pytest.mark.parametrize("text", ["0d 14:00", "-1", "2026-01-14T14:59:00+01:00"])
def test_times_before_the_start_are_refused(text):
    with pytest.raises(ValueError, match="before the start"):
        parse_time(text, AFTERNOON)


@pytest.mark.parametrize("text", ["noon", "25:00", "1d 25:00", "12:61", "", "nan", "1d", None])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        parse_time(text, AFTERNOON)


@given(st.integers(0, 5 * 1440), st.integers(0, 1439))
def test_a_label_reads_back_as_its_time(minutes, started):
    start = MIDNIGHT + timedelta(minutes=started)
    label = clock_label(minutes * 60.0, start)
    read = label if "d" in label else f"0d {label}"
    assert parse_time(read, start) == minutes * 60.0


@given(st.integers(0, 10**6))
def test_a_moment_is_that_many_seconds_after_the_start(seconds):
    moment = moment_at(seconds, AFTERNOON)
    assert parse_time(moment.isoformat(), AFTERNOON) == seconds
    assert 0 <= seconds_after_midnight(moment) < 86400
