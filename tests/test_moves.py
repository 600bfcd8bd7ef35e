"""Moves of the camera: valid keys, at rest at both ends, joined to where the camera is, and touching nothing."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.camera import Pose
from game.film.moves import MOVES, TAKES
from game.film.shots import from_dict
from game.film.tracks import CameraTrack
from game.film.yard import Yard
from game.scene.layout import Layout
from sim.errors import InputError
from sim.model import Model
from sim.scenario import load

SITES = ("evening_peak", "caltech_garage", "solar_carport")    # a depot, wings, canopies over bays
LOOKS = 257             # of a way, and not those at which it was tried


@cache
def yard_of(name: str) -> Yard:
    scenario = load(name)
    world = Model(scenario).world
    return Yard(scenario, Layout(scenario.site.layout, world), world)


def names_for(yard: Yard, needs: str) -> list[str | None]:
    kinds = {"site": (), "nothing": ()}.get(needs, [kind for kind in TAKES[needs] if kind])
    return [name for kind in kinds for name in yard.names(kind)] or ([None] if needs == "site" else [None, "hub"])


@st.composite
def asked(draw):
    yard = yard_of(draw(st.sampled_from(SITES)))
    move = draw(st.sampled_from(list(MOVES.values())))
    target = draw(st.sampled_from(names_for(yard, move.needs)))
    far = yard.layout.radius
    start = Pose((draw(st.floats(-far, far)), draw(st.floats(0.0, 8.0)), draw(st.floats(-far, far))),
                 draw(st.floats(6.0, 4.0 * far)), draw(st.floats(-720.0, 720.0)), draw(st.floats(2.0, 89.0)))
    return yard, move, target, start, draw(st.integers(1, 400)) / 8.0, draw(st.integers(2, 240)) / 8.0


def eyes_on(keys, yard: Yard, place) -> np.ndarray:
    track, first, last = CameraTrack(tuple(keys), yard.poses), keys[0].at, keys[-1].at
    return np.array([track.at(first + (last - first) * Fraction(k, LOOKS), lambda name: place)[0].eye()
                     for k in range(LOOKS + 1)])


@given(asked(), st.data())
def test_a_move_touches_nothing_on_its_way(asked, data):
    yard, move, target, start, at, duration = asked
    keys = move.make(yard, target, start, at, duration)
    places = yard.stops() if move.needs == "vehicle" else np.zeros((1, 3))
    place = places[data.draw(st.integers(0, len(places) - 1))]
    eyes = eyes_on(keys, yard, tuple(place))
    # As much room is kept as is asked for at the looks between which these lie.
    assert yard.clear(eyes, 0.3), (move.name, target)
    assert eyes[:, 1].min() > 1.0
    away = np.linalg.norm((eyes - yard.hub)[:, [0, 2]], axis=1)
    assert ((away > 7.0 * yard.scale) | (eyes[:, 1] > 15.0 * yard.scale)).all()


@given(asked())
def test_a_move_starts_where_the_camera_is_or_cuts_and_ends_in_time(asked):
    yard, move, target, start, at, duration = asked
    keys = move.make(yard, target, start, at, duration)
    assert keys[0].at == Fraction(at) and keys[-1].at == Fraction(at) + Fraction(duration)
    assert all(a.at < b.at for a, b in zip(keys, keys[1:]))
    assert keys[0].ease == keys[-1].ease == "rest" and not any(key.cut for key in keys[1:])
    if not keys[0].cut:
        pose, _ = CameraTrack(tuple(keys), yard.poses).at(keys[0].at, lambda name: (0.0, 0.0, 0.0))
        assert np.allclose(pose.eye(), start.eye(), atol=0.05 + 3e-4 * start.distance)
    assert move.cuts is False or keys[0].cut
    # They are a shot list's own keys, as a file has them.
    raw = {"film": {"name": "one", "duration": float(keys[-1].at)}, "time": [{"at": 0, "sim": 0}],
           "camera": [{**key.model_dump(exclude_defaults=True), "at": float(key.at)} for key in keys]}
    assert from_dict(raw, "one.toml").camera == tuple(keys)


@pytest.mark.parametrize("name", SITES)
def test_from_the_usual_camera_a_move_needs_no_cut(name):
    yard = yard_of(name)
    for move in MOVES.values():
        for target in names_for(yard, move.needs)[:40:9]:
            assert move.make(yard, target, yard.home, 0.0, 6.0)[0].cut == move.cuts, (move.name, target)


def test_what_a_move_cannot_take_is_one_clear_line():
    yard = yard_of("evening_peak")
    for name, target, words in (("dive", None, "dive: no target: expected a connector"),
                                ("dive", "X-99", "dive: nothing here is named 'X-99'"),
                                ("sweep", "C-01", "sweep: C-01: expected a zone"),
                                ("orbit", "POOL-01", "orbit: POOL-01: expected what never moves")):
        with pytest.raises(InputError, match=words):
            MOVES[name].make(yard, target, yard.home, 0.0, 4.0)
