"""Shot lists: exact keys, smooth curves that stay between their keys, and clear words for what is wrong."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.camera import Pose
from game.film import shots
from game.film.curves import Curve, Ease, Paced, level
from game.film.orbit import orbit
from game.film.tracks import Tracks, film_s, frame_count
from game.look import Overlay, Tier, View
from sim.errors import InputError
from sim.scenario import load

HOME = Pose((0.0, 0.0, 10.0), 80.0, 20.0, 35.0)
POSES = {"default": HOME, "hub": Pose((0.0, 5.0, 20.0), 50.0, 300.0, 13.0)}
SMOOTH = (Ease.THROUGH, Ease.REST)
numbers = st.integers(-1000, 1000).map(lambda n: n / 10.0)


@pytest.fixture(scope="module")
def evening():
    return load("evening_peak")


def listed(**tracks):
    raw = {"film": {"name": "test", "duration": 20}, "time": [{"at": 0, "sim": "17:00"},
                                                             {"at": 20, "sim": "20:00"}]}
    return shots.from_dict(raw | tracks, "test.toml")


def tracks_of(scenario, **given_tracks):
    return Tracks(listed(**given_tracks), scenario, POSES, lambda name: name in ("POOL-01", "POOL-02"))


def nowhere(_name):
    return (3.0, 0.0, 4.0)


@st.composite
def curves(draw, eases=SMOOTH, components=2):
    count = draw(st.integers(2, 6))
    steps = draw(st.lists(st.integers(1, 400), min_size=count, max_size=count))
    times = [Fraction(sum(steps[:k + 1]), 40) for k in range(count)]
    values = draw(st.lists(st.lists(numbers, min_size=components, max_size=components),
                           min_size=count, max_size=count))
    return Curve(times, np.array(values), [draw(st.sampled_from(eases)) for _ in times], draw(st.booleans()))


@given(curves(eases=tuple(Ease)))
def test_a_curve_is_exactly_its_keys_at_their_times(curve):
    for time, value in zip(curve.times, curve.values):
        assert np.array_equal(curve.at(time), value)
    assert np.array_equal(curve.at(curve.times[0] - 1), curve.values[0])
    assert np.array_equal(curve.at(curve.times[-1] + 1), curve.values[-1])


@given(curves(eases=tuple(Ease)), st.floats(0.0, 1.0))
def test_a_curve_never_passes_beyond_the_keys_beside_it(curve, share):
    for piece, (a, b) in enumerate(zip(curve.values, curve.values[1:])):
        value = curve.between(piece, share)
        assert (value >= np.minimum(a, b)).all() and (value <= np.maximum(a, b)).all()


@given(curves(), st.lists(st.floats(0.0, 1.0), min_size=2, max_size=12))
def test_between_two_keys_a_curve_goes_one_way(curve, shares):
    for piece, (a, b) in enumerate(zip(curve.values, curve.values[1:])):
        way = np.array([curve.between(piece, share) for share in sorted(shares)])
        assert (np.diff(way, axis=0) * np.sign(b - a) >= -1e-9).all()


@given(curves())
def test_speed_and_acceleration_do_not_jump_at_a_key(curve):
    for key in range(1, len(curve.times) - 1):
        sides = []
        for piece, ends in ((key - 1, (1.0, 1.0 - 1e-4, 1.0 - 2e-4)), (key, (0.0, 1e-4, 2e-4))):
            here, near, next_ = (curve.between(piece, share) for share in ends)
            step = 1e-4 * curve.spans[piece] * (1.0 if piece == key else -1.0)
            sides.append(((near - here) / step, (next_ - 2.0 * near + here) / step ** 2))
        scale = np.abs(np.diff(curve.values, axis=0) / curve.spans[:, None]).max() + 1.0
        assert np.allclose(sides[0][0], sides[1][0], atol=scale * 1e-2)
        assert np.abs(np.subtract(sides[0][1], sides[1][1])).max() < scale / curve.spans.min() * 1.0


@given(numbers, st.integers(1, 50))
def test_two_equal_keys_freeze(value, length):
    curve = Curve([Fraction(0), Fraction(5), Fraction(5 + length), Fraction(90)],
                  np.array([[value - 7.0], [value], [value], [value + 9.0]]), [Ease.THROUGH] * 4, False)
    for k in range(11):
        assert curve.at(5 + Fraction(length * k, 10))[0] == value


@settings(max_examples=4)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=5, unique=True))
def test_constant_speed_is_constant(points):
    times = [Fraction(3 * k * k) for k in range(len(points))]
    paced = Paced(Curve(times, np.array(points), [Ease.THROUGH] * len(points), True), lambda value: value)
    at = np.linspace(0.25, 0.75, 21)
    way = np.array([paced.at(Fraction(float(share)) * times[-1]) for share in at])
    length = paced._lengths[-1]
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    # A chord is shorter than its arc only where the path bends.
    assert (steps <= length * 0.025 / 0.82 * 1.01 + 1e-9).all()
    assert np.array_equal(paced.at(Fraction(0)), points[0])
    assert np.array_equal(paced.at(times[-1]), points[-1])


def test_the_pace_of_constant_speed_starts_and_ends_smoothly():
    assert (level(0.0), level(0.5), level(1.0)) == (0.0, 0.5, 1.0)
    way = np.array([level(share) for share in np.linspace(0.0, 1.0, 2001)])
    speed = np.diff(way) * 2000.0
    assert speed[0] < 1e-3 and speed[-1] < 1e-3 and (speed >= 0.0).all()
    assert np.abs(np.diff(speed)).max() < 0.02


@given(st.sampled_from([Fraction(24), Fraction(30), Fraction(60), Fraction(60000, 1001)]),
       st.integers(0, 60 * 3600))
def test_a_frame_stands_at_exactly_k_over_fps(fps, frame):
    assert film_s(frame, fps) * fps == frame
    assert frame_count(film_s(frame, fps), fps) == max(frame, 1)


def test_simulated_time_runs_by_its_keys_and_freezes(evening):
    tracks = tracks_of(evening, time=[{"at": 2, "sim": "17:00"}, {"at": "5.1", "sim": "18:15"},
                                      {"at": 8, "sim": "18:15"}, {"at": 20, "sim": "1d 06:00"}])
    assert tracks.sim_s(Fraction(0)) == tracks.sim_s(Fraction(2)) == 7200.0
    assert tracks.sim_s(Fraction(51, 10)) == tracks.sim_s(Fraction(7)) == tracks.sim_s(Fraction(8)) == 11700.0
    assert tracks.sim_s(Fraction(20)) == 15 * 3600.0
    shown = [tracks.sim_s(Fraction(k, 24)) for k in range(20 * 24 + 1)]
    assert shown == sorted(shown)


def test_a_straight_time_track_is_straight(evening):
    tracks = tracks_of(evening)
    assert tracks.sim_s(Fraction(5)) == pytest.approx(7200.0 + 2700.0, abs=1e-6)


def test_camera_keys_take_over_what_they_do_not_say(evening):
    tracks = tracks_of(evening, camera=[
        {"at": 0}, {"at": 4, "turn": 400.0, "dolly": 30.0}, {"at": 8, "look": "hub", "fov": 25.0},
        {"at": 12, "cut": True, "eye": [0.0, 10.0, -10.0], "target": [0.0, 0.0, 0.0], "roll": 10.0}])
    first, fov = tracks.camera(Fraction(0), nowhere)
    assert (first.target, first.yaw, first.pitch, fov) == (HOME.target, HOME.yaw, HOME.pitch, 38.0)
    assert first.distance == pytest.approx(HOME.distance)
    turned, _ = tracks.camera(Fraction(4), nowhere)
    assert (turned.yaw, turned.distance) == (420.0, pytest.approx(50.0))
    hub, fov = tracks.camera(Fraction(8), nowhere)
    assert (hub.yaw, fov) == (300.0, 25.0)      # 120 degrees on is as far as 240 back, and shorter
    before, _ = tracks.camera(Fraction(12) - Fraction(1, 10 ** 6), nowhere)
    assert before.target == pytest.approx(hub.target)
    cut, _ = tracks.camera(Fraction(12), nowhere)
    assert (cut.yaw, cut.roll) == (0.0, 10.0)
    assert cut.pitch == pytest.approx(45.0) and np.allclose(cut.eye(), (0.0, 10.0, -10.0))


def test_a_camera_that_follows_goes_with_what_it_follows(evening):
    tracks = tracks_of(evening, camera=[{"at": 0}, {"at": 4, "follow": "POOL-01", "distance": 12.0},
                                        {"at": 8}, {"at": 12, "follow": "POOL-02"}])
    for place in ((3.0, 0.0, 4.0), (-7.5, 0.0, 1.0)):
        pose, _ = tracks.camera(Fraction(6), lambda name: place if name == "POOL-01" else (50.0, 0.0, 0.0))
        assert pose.target == pytest.approx((place[0], 1.0, place[2]))
    places = {"POOL-01": (0.0, 0.0, 0.0), "POOL-02": (8.0, 0.0, 0.0)}
    pose, _ = tracks.camera(Fraction(10), places.get)
    assert pose.target[0] == pytest.approx(4.0)


def test_what_is_shown_changes_at_its_keys(evening):
    tracks = tracks_of(evening, view=[{"at": 2, "view": "v2g", "select": "POOL-01", "names": False},
                                      {"at": 4, "overlay": "soc", "tier": "medium"}, {"at": 6, "select": ""}])
    seen = [(m.look.view, m.look.overlay, m.look.tier, m.select) for m in
            (tracks.at(Fraction(t), nowhere) for t in (0, 2, 4, 6))]
    assert seen == [(View.INTEGRATED, Overlay.NONE, Tier.HIGH, None),
                    (View.V2G, Overlay.NONE, Tier.HIGH, "POOL-01"),
                    (View.V2G, Overlay.SOC, Tier.MEDIUM, "POOL-01"),
                    (View.V2G, Overlay.SOC, Tier.MEDIUM, None)]


def test_titles_fade_in_and_out(evening):
    tracks = tracks_of(evening, titles=[{"kind": "opening", "title": "T", "at": 1, "until": 5, "fade": 1.0}])
    opacity = [sum(o for *_, o in tracks.titles(Fraction(k, 4))) for k in range(4 * 6)]
    assert max(opacity) == 1.0 and opacity[:5] == [0.0] * 5 and opacity[20:] == [0.0] * 4
    assert np.abs(np.diff(opacity)).max() < 0.6 and math.isclose(opacity[6], 0.5)


@pytest.mark.parametrize("change, expected", [
    ({"camera": [{"at": 0}, {"at": 0}]}, "camera.1.at: is not after the key before, 0 s"),
    ({"camera": [{"at": 0, "look": "moon"}]}, "camera.0.look: no camera 'moon', expected one of default,"),
    ({"camera": [{"at": 0, "follow": "VAN"}]}, "camera.0.follow: nothing here is named 'VAN'"),
    ({"camera": [{"at": 0, "eye": [0, 1, 0]}]}, "camera.0: eye: needs a target"),
    ({"camera": [{"at": "soon"}]}, "camera.0.at: expected seconds of film"),
    ({"camera": [{"at": 0, "ease": "bouncy"}]}, "camera.0.ease"),
    ({"camera": [{"at": 21}]}, "camera.0.at: after the film's end at 20 s"),
    ({"time": [{"at": 0, "sim": "20:00"}, {"at": 5, "sim": "19:00"}]}, "time.1.sim: 19:00 is before 20:00"),
    ({"time": [{"at": 0, "sim": "25:61"}]}, "time.0.sim: expected a time"),
    ({"time": [{"at": 0, "sim": "2d 20:00"}]}, "time.0.sim: 2d 20:00 is after the scenario's end"),
    ({"view": [{"at": 0, "overlay": "heat"}]}, "view.0.overlay: expected one of none, flow, soc"),
    ({"view": [{"at": 0, "select": "VAN"}]}, "view.0.select: nothing here is named 'VAN'"),
    ({"titles": [{"kind": "opening", "title": "x", "at": 3, "until": 3}]},
     "titles.0: until: is not after at"),
    ({"titles": [{"kind": "figure", "at": 3, "until": 4}]}, "titles.0: value: a figure needs one"),
    ({"titles": [{"kind": "callout", "title": "x", "of": "VAN", "at": 3, "until": 4}]}, "titles.0.of"),
    ({"film": {"name": "x", "duration": 0}}, "film: duration: expected more than 0"),
    ({"music": {}}, "music: no such key"),
])
def test_what_is_wrong_is_said_with_file_and_key(evening, change, expected):
    with pytest.raises(InputError) as error:
        tracks_of(evening, **change)
    assert str(error.value).startswith("test.toml: " + expected.split(":")[0])
    assert expected in str(error.value) and "\n" not in str(error.value)


def test_shot_lists_that_are_not_there_are_named():
    with pytest.raises(InputError, match="no_such.toml: no such shot list file"):
        shots.load("no_such.toml")
    with pytest.raises(InputError, match="unknown shot list 'no_such'"):
        shots.load("no_such")


def test_a_film_without_a_shot_list_is_an_arc_between_two_stillnesses():
    run, shots_ = orbit("evening_peak", None, {}, "18:00", "19:00", None)
    tracks = Tracks(shots_, run.scenario, POSES, lambda name: False)
    assert shots_.film.duration == 10
    assert (tracks.sim_s(Fraction(0)), tracks.sim_s(Fraction(10))) == (10800.0, 14400.0)
    yaws = [tracks.camera(Fraction(k, 10), nowhere)[0].yaw for k in range(101)]
    assert yaws[:21] == [yaws[0]] * 21 and yaws[80:] == [yaws[-1]] * 21
    assert (np.diff(yaws) >= 0.0).all() and (yaws[0], yaws[-1]) == (HOME.yaw - 25.0, HOME.yaw + 25.0)
    assert tracks.camera(Fraction(10), nowhere)[0].distance == pytest.approx(0.86 * HOME.distance)


def test_a_short_orbit_uses_all_its_time():
    _, shots_ = orbit("evening_peak", None, {}, "18:00", "18:40", 600.0)
    assert shots_.film.duration == 4 and [key.at for key in shots_.camera] == [0, 4]


def test_an_orbit_of_a_flat_view_stays_above_the_ground():
    run, shots_ = orbit("evening_peak", None, {}, None, None, None)
    flat = {"default": Pose((0.0, 0.0, 0.0), 50.0, 0.0, 2.0)}
    pose, _ = Tracks(shots_, run.scenario, flat, lambda name: False).camera(Fraction(10), nowhere)
    assert pose.pitch == 2.0


@pytest.mark.parametrize("name", shots.shipped())
def test_shipped_films_are_worth_showing(name):
    """Each lasts 30 to 60 s, begins and ends in stillness, and its words do not follow too fast; a tour goes on."""
    shots_ = shots.load(name)
    film = shots_.film
    assert film.story.endswith(".")
    if not shots_.stops:
        assert 30 <= film.duration <= 60
        times = [key.at for key in shots_.camera]
        assert times[0] >= 2 or shots_.camera[1].at >= 2 and shots_.camera[1].ease == Ease.REST
        assert times[-1] <= film.duration - 2
        assert shots_.titles[-1].until == film.duration
    for title in shots_.titles:
        words = f"{title.title} {title.text}".split()
        if title.kind in ("opening", "lower_third"):
            assert float(title.until - title.at) >= 2.0 + 0.15 * len(words), title.title
    assert shots_.titles[-1].kind == "closing"
