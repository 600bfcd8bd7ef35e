"""Weather: exact at any time, drawn by (seed, knot), and read from files; the sun where it is."""

from datetime import datetime, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import HOUR, scenario, visit, visits, zone

from sim.cold import cold_factor
from sim.errors import InputError
from sim.model import Model
from sim.production import pv_yield
from sim.scenario import from_dict
from sim.sun import Sun
from sim.weather import weather_of

DAY = 86400.0
PROCESS = {"kind": "process"}
SUMMER = "2026-06-21T00:00:00+02:00"


def weather(days=2.0, start=SUMMER, seed=1, **spec):
    return weather_of(scenario(start=start, seed=seed, weather=PROCESS | spec), days * DAY)


@pytest.mark.parametrize("latitude, longitude, noon, elevation", [
    # solar noon and noon elevation from 90 - |latitude - declination|, declination by the
    # Astronomical Almanac: +23.44 at the June solstice, -23.44 in December, 0 at the equinox
    (52.09, 5.12, "2026-06-21T11:41:20+00:00", 61.35),
    (52.09, 5.12, "2026-12-21T11:37:40+00:00", 14.47),
    (34.14, -118.13, "2026-03-20T20:00:00+00:00", 55.86),
    (-33.87, 151.21, "2026-12-22T01:53:30+00:00", 79.57)])
def test_the_noon_sun_stands_where_it_should(latitude, longitude, noon, elevation):
    noon = datetime.fromisoformat(noon)
    sun = Sun(latitude, longitude, noon)
    times = np.linspace(-DAY / 2, DAY / 2, 4001)
    east, north, up = sun.position(times)
    np.testing.assert_allclose(east**2 + north**2 + up**2, 1.0, rtol=1e-12)
    assert np.degrees(np.arcsin(up.max())) == pytest.approx(elevation, abs=0.3)
    assert abs(times[np.argmax(up)]) < 120.0  # the equation of time, to two minutes


def test_the_day_is_as_long_as_almanacs_say():
    """Utrecht at the solstices: 16 h 40 min and 7 h 45 min between the sun's centre rising and
    setting (without refraction and the disc's radius, some 10 minutes less than almanacs)."""
    for day, hours in (("2026-06-21", 16.5), ("2026-12-21", 7.55)):
        sun = Sun(52.09, 5.12, datetime.fromisoformat(f"{day}T00:00:00+00:00"))
        up = sun.position(np.arange(0.0, DAY, 60.0))[2]
        assert (up > 0).mean() * 24 == pytest.approx(hours, abs=0.15)


def test_clear_sky_and_panels():
    sun = Sun(52.09, 5.12, datetime(2026, 6, 21, tzinfo=timezone.utc))
    times = np.arange(0.0, DAY, 300.0)
    clear = sun.clear_sky(times)
    assert 850 < clear.max() < 950 and clear.min() == 0.0
    np.testing.assert_allclose(sun.on_panel(times, clear, 0.0, 180.0)[clear > 200], clear[clear > 200],
                               rtol=1e-9)
    south, north = (sun.on_panel(times, clear, 30.0, azimuth).sum() for azimuth in (180.0, 0.0))
    assert south > 1.15 * north
    morning, evening = (sun.on_panel(times, clear, 60.0, azimuth) for azimuth in (90.0, 270.0))
    assert times[morning.argmax()] < times[clear.argmax()] < times[evening.argmax()]


@given(st.lists(st.floats(0.0, 2 * DAY), min_size=1, max_size=20), st.integers(0, 5))
def test_asking_changes_nothing_and_order_does_not_matter(times, seed):
    one, other = weather(seed=seed), weather(seed=seed, days=5)
    for name in ("temperature_c", "ghi_w_m2", "wind_m_s"):
        forward = [float(getattr(one, name)(t)) for t in times]
        backward = [float(getattr(other, name)(t)) for t in reversed(times)][::-1]
        assert forward == backward  # and a longer run has the same first days
        assert np.array_equal(getattr(one, name)(np.array(times)), forward)


def test_seeds_differ_and_marginals_are_as_asked():
    assert weather(seed=1).wind_m_s(1000.0) != weather(seed=2).wind_m_s(1000.0)
    long = weather(days=3 * 365, cloud_cover=0.55, wind_m_s=6.0, temperature_c=9.0)
    times = np.arange(0.0, 3 * 365 * DAY, 900.0)
    wind = long.wind_m_s(times)
    assert wind.mean() == pytest.approx(6.0, rel=0.05) and wind.min() >= 0.0
    assert (wind**2).mean() / wind.mean() ** 2 == pytest.approx(4.0 / np.pi, rel=0.05)  # Rayleigh
    assert long.temperature_c(times).mean() == pytest.approx(9.0, abs=0.5)
    through = long.ghi_w_m2(times) / np.maximum(long.sun.clear_sky(times), 1.0)
    by_day = through[long.sun.clear_sky(times) > 100.0]
    assert by_day.min() >= 0.25 - 1e-9 and by_day.max() <= 1.0 + 1e-9


def test_a_dutch_year_has_the_sun_that_is_measured():
    """About 1,040 kWh/m2 a year on the ground at De Bilt (KNMI), 900 to 1,050 kWh a kWp (PVGIS)."""
    year = weather(days=365, start="2026-01-01T00:00:00+01:00")
    times = np.arange(0.0, 365 * DAY, 900.0)
    ghi = year.ghi_w_m2(times)
    assert 980.0 < ghi.sum() / 4000.0 < 1100.0
    panel = year.sun.on_panel(times, ghi, 30.0, 180.0)
    assert 900.0 < pv_yield(panel, year.temperature_c(times)).sum() / 4.0 < 1050.0


def test_summer_is_warm_and_afternoons_are():
    times = np.arange(0.0, 365 * DAY, 3600.0)
    warm = weather(days=365, start="2026-01-01T00:00:00+01:00", noise_c=0.0).temperature_c(times)
    assert 190 < times[warm.argmax()] / DAY < 212
    assert warm.max() - warm.min() == pytest.approx(2 * (7.5 + 4.0), abs=0.2)
    assert 14.0 < times[:24][warm[:24].argmax()] / HOUR < 17.0
    south = weather(days=1, start="2026-01-15T00:00:00+10:00", noise_c=0.0, latitude=-33.9,
                    longitude=151.2)
    assert south.temperature_c(0.0) > weather(days=1, start="2026-01-15T00:00:00+01:00",
                                              noise_c=0.0).temperature_c(0.0)


def file_weather(tmp_path, text, **more):
    (tmp_path / "w.csv").write_text(text)
    raw = {"name": "x", "start": SUMMER, "duration": "2h",
           "site": {"zones": [{"name": "z"}]}, "weather": {"kind": "csv", "file": "w.csv"}, **more}
    return weather_of(from_dict(raw, "x", tmp_path), 2 * DAY)


def test_a_file_is_linear_between_its_rows(tmp_path):
    w = file_weather(tmp_path, "time,temperature_c,ghi_w_m2,wind_m_s\n2026-06-20T22:00:00Z,10,0,2\n"
                               "2026-06-21T01:00:00+02:00,20,300,4\n7200,0,600,3\n")
    assert [w.temperature_c(t) for t in (0, 1800, 3600, 5400, 7200)] == [10, 15, 20, 10, 0]
    assert w.ghi_w_m2(5400.0) == 450.0 and w.wind_m_s(1800.0) == 3.0
    assert w.temperature_c(9e4) == 0.0
    plain = file_weather(tmp_path, "time,temperature_c\n0,5\n7200,5\n")
    assert plain.ghi_w_m2(3600.0) == 0.0 and plain.wind_m_s(3600.0) == 0.0


@pytest.mark.parametrize("text, line, says", [
    ("", 1, "no column time"), ("time\n0\n", 1, "no column temperature_c"),
    ("time,temperature_c\n", 2, "no rows"),
    ("time,temperature_c\n0,mild\n7200,1\n", 2, "temperature_c: expected degrees"),
    ("time,temperature_c\n0,1\n7200,80\n", 3, "temperature_c: expected degrees"),
    ("time,temperature_c,ghi_w_m2\n0,1,-5\n7200,1,0\n", 2, "ghi_w_m2"),
    ("time,temperature_c\n2026-06-21T00:00:00,1\n7200,1\n", 2, "UTC offset"),
    ("time,temperature_c\nnan,1\n7200,1\n", 2, "UTC offset"),
    ("time,temperature_c\n0,1\n3600,1\n3600,1\n", 4, "overlaps"),
    ("time,temperature_c\n60,1\n7200,1\n", 2, "begins 60 s after"),
    ("time,temperature_c\n0,1\n7100,1\n", 3, "ends 100 s before"),
    ("time,temperature_c\n0,1\n7200\n", 3, "fields")])
def test_a_broken_file_is_refused_with_its_line(tmp_path, text, line, says):
    with pytest.raises(InputError) as caught:
        file_weather(tmp_path, text)
    message = str(caught.value)
    assert f"w.csv: line {line}: " in message and says in message and "\n" not in message


@pytest.mark.parametrize("celsius, factor", [(-60, 0.1), (-10, 0.496), (0, 0.64), (25, 1.0), (40, 1.0)])
def test_the_cold_factor(celsius, factor):
    assert cold_factor(np.array([celsius]))[0] == pytest.approx(factor)


def freezing(tmp_path, cold=None, **more):
    (tmp_path / "w.csv").write_text("time,temperature_c\n0,0\n7200,0\n7201,-20\n86400,-20\n")
    raw = {"name": "x", "start": SUMMER, "weather": {"kind": "csv", "file": "w.csv"},
           "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "taper_soc": 1.0,
                     **({} if cold is None else {"cold": cold})},
           "site": {"zones": [zone(kw=50.0, kind="CCS2")]}, **more}
    return Model(from_dict(raw, "x", tmp_path),
                 visits(visit(stored=0.0, target=50.0, battery_max_kw=10.0, departure=5 * HOUR)))


def test_cold_slows_charging_hour_by_hour(tmp_path):
    """6.4 kW at 0 degC for two hours, then 3.52 kW at -20 degC."""
    model = freezing(tmp_path)
    model.advance(1 * HOUR)
    assert model.site_power(1 * HOUR)[1] == pytest.approx(6.4)
    model.advance(6 * HOUR)
    assert model.world.session.departure_kwh[0] == pytest.approx(2 * 6.4 + 3 * 3.52, abs=1e-9)
    warm = freezing(tmp_path, cold=False)
    warm.advance(6 * HOUR)
    assert warm.world.session.departure_kwh[0] == pytest.approx(50.0)
    assert warm.world.hub.ambient_c[0] == -20.0


def test_without_weather_it_is_mild_and_dark():
    calm = weather_of(scenario(), DAY)
    assert calm.temperature_c(5.0) == 20.0 and calm.ghi_w_m2(5.0) == 0.0 == calm.wind_m_s(5.0)


@pytest.mark.parametrize("key, value", [
    ("weather.kind", "rainy"), ("weather.process.latitude", 91), ("weather.process.cloud_cover", 1.0),
    ("weather.process.wind_m_s", 0), ("weather.process.wind_shape", 0.5), ("weather.csv.file", ...),
    ("site.pv_kwp", -1), ("site.wind_kw", float("inf")), ("site.pv_tilt_deg", 100),
    ("site.zones.0.pv_kwp", "many"), ("fleet.cold", "very")])
def test_bad_keys_are_named(key, value):
    *parents, last = key.split(".")
    named = ".".join(part for part in key.split(".") if part not in ("process", "csv"))  # kinds are no keys
    raw = {"name": "x", "start": SUMMER, "site": {"zones": [zone()]}}
    if parents[0] == "weather" and len(parents) > 1:
        raw["weather"] = {"kind": parents.pop()}
    node = raw
    for part in parents:
        node = node[int(part)] if part.isdigit() else node.setdefault(part, {})
    if value is not ...:
        node[last] = value
    with pytest.raises(InputError) as caught:
        from_dict(raw, "s.toml")
    assert str(caught.value).startswith(f"s.toml: {named}: ") and "\n" not in str(caught.value)


@pytest.mark.parametrize("where", ["site", "zone"])
def test_panels_without_weather_are_refused(where):
    zones = [zone(**({"pv_kwp": 5} if where == "zone" else {}))]
    raw = {"name": "x", "start": SUMMER, "site": {"zones": zones, **({"wind_kw": 3} if where == "site" else {})}}
    with pytest.raises(InputError, match=r"s.toml: .*(site.wind_kw|site.zones.0.pv_kwp): needs the table weather"):
        from_dict(raw, "s.toml")
