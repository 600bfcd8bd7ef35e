"""Sun and sky: from above, gentle, by the calendar, the place and the weather."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.scene.light import Sky
from sim.scenario import load
from sim.sun import Sun
from sim.weather import Weather, weather_of

NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))
HOUR, DAY = 3600.0, 86400.0


def sky_on(day, weather=None):
    return Sky(NEW_YEAR + timedelta(days=day - 1), weather)


def weather_at(latitude, clear, day=172, longitude=15.0, t_s=0.0):
    sun = Sun(latitude, longitude, NEW_YEAR + timedelta(days=day - 1))
    one = np.ones(1)
    return Weather(np.full(1, t_s), 20.0 * one, clear * one, 0.0 * one, sun, of_clear_sky=True)


@settings(max_examples=100)
@given(st.floats(0.0, 24.0), st.integers(1, 365), st.floats(-66.0, 66.0), st.floats(0.25, 1.0))
def test_light_comes_from_above_and_changes_gently(hour, day, latitude, clear):
    sky = sky_on(day, weather_at(latitude, clear, day))
    now, soon = sky.light(hour * HOUR), sky.light(hour * HOUR + 300.0)
    assert now.key_direction[1] > 0.1
    assert np.linalg.norm(now.key_direction) == pytest.approx(1.0)
    for field in ("horizon", "zenith", "key", "ambient_sky", "ground"):
        before, after = getattr(now, field), getattr(soon, field)
        assert np.abs(before - after).max() < 0.12, field
        assert (before >= 0.0).all() and (before <= 1.0).all()
    assert 0.0 <= now.night <= 1.0


def test_the_sun_keeps_the_calendar():
    winter, summer = sky_on(14), sky_on(172)
    rise, sets = winter.sun_times(0)
    assert 8.0 < rise < 8.8 and 16.4 < sets < 17.0
    assert winter.light(18.5 * HOUR).night == 1.0 > summer.light(18.5 * HOUR).night
    assert sets - rise < 9.0 < 15.5 < np.diff(summer.sun_times(0))[0]
    south = sky_on(80).sun(12.62 * HOUR)
    assert abs(south[0]) < 0.02 and south[2] < -0.7 and south[1] == pytest.approx(0.64, abs=0.02)
    assert sky_on(80).sun(9.0 * HOUR)[0] > 0.5, "mornings come from the east"


@given(st.integers(0, 20), st.floats(-60.0, 60.0), st.integers(1, 365))
def test_the_sun_rises_and_sets_when_it_is_said_to(ahead, latitude, day):
    sky = sky_on(day, weather_at(latitude, 1.0, day))
    for at_h in sky.sun_times(ahead):
        assert abs(sky.sun(ahead * DAY + at_h * HOUR)[1]) < 0.03


def test_the_sun_is_that_of_the_scenarios_own_place():
    south = sky_on(172, weather_at(-45.0, 1.0)).sun(12.0 * HOUR)
    north = sky_on(172, weather_at(45.0, 1.0)).sun(12.0 * HOUR)
    assert south[2] > 0.7 and north[2] < -0.2
    assert sky_on(172, weather_at(-45.0, 1.0)).light(17.0 * HOUR).night > 0.5
    assert sky_on(172, weather_at(45.0, 1.0)).light(17.0 * HOUR).night < 0.2


@given(st.floats(8.0, 17.0), st.floats(0.25, 0.95))
def test_clouds_dim_the_key_and_take_the_colour(hour, clear):
    fair = sky_on(172, weather_at(50.0, 1.0)).light(hour * HOUR)
    dull = sky_on(172, weather_at(50.0, clear)).light(hour * HOUR)
    assert fair.overcast == 0.0 < dull.overcast <= 1.0
    assert dull.key.sum() < fair.key.sum() and dull.glow.sum() < fair.glow.sum()
    assert np.ptp(dull.zenith) < np.ptp(fair.zenith)
    # What light is left comes from the sky: the site does not go dark.
    assert dull.ambient_sky.sum() > 0.9 * fair.ambient_sky.sum()


def test_measured_irradiance_tells_how_clear_the_sky_is():
    start = NEW_YEAR + timedelta(days=171)
    sun = Sun(50.0, 15.0, start)
    hours = np.arange(0.0, 24.0, 0.5) * HOUR
    half = Weather(hours, 20.0 + 0.0 * hours, 0.5 * sun.clear_sky(hours), 0.0 * hours, sun)
    clearness = half.clearness(hours)
    assert clearness[24] == pytest.approx(0.5, abs=0.01)
    assert clearness[0] == clearness[-1] == 1.0
    assert np.abs(np.diff(clearness)).max() < 0.35


def test_the_shipped_carport_has_clear_and_cloudy_hours():
    scenario = load("solar_carport")
    sky = Sky(scenario.start, weather_of(scenario, scenario.duration))
    overcast = [sky.light(hour * HOUR).overcast for hour in range(0, 120, 2)]
    assert min(overcast) < 0.1 and max(overcast) > 0.8
