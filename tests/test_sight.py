"""Culling and level of detail: nothing in the picture is left out, little beside it is kept."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from game.camera import Pose
from game.scene.sight import MARGIN_M, SWEEP_DEG, Sight

VIEWPORT = (1280, 720)
PIXEL = 2.0 * math.tan(math.radians(19.0)) / VIEWPORT[1]
GRID = np.stack(np.meshgrid(np.arange(-300.0, 301.0, 12.0), np.arange(-300.0, 301.0, 12.0)),
                axis=-1).reshape(-1, 2)
ROWS = np.arange(len(GRID))
poses = st.builds(Pose, st.tuples(st.floats(-200, 200), st.just(0.0), st.floats(-200, 200)),
                  st.floats(6.0, 400.0), st.floats(-180.0, 180.0), st.floats(2.0, 89.0))


def sight_of(pose):
    forward, right, up = pose.axes()
    return Sight(pose.eye(), np.array([right, up, forward]), VIEWPORT, PIXEL)


def in_picture(sight, xz):
    away = np.stack([xz[:, 0], 0.0 * xz[:, 0], xz[:, 1]], axis=1) - sight.eye
    x, y, deep = sight.axes @ away.T
    return ((deep > 0.0) & (np.abs(x) < deep * PIXEL * VIEWPORT[0] / 2.0)
            & (np.abs(y) < deep * PIXEL * VIEWPORT[1] / 2.0))


@given(poses)
def test_what_is_in_the_picture_is_seen(pose):
    sight = sight_of(pose)
    assert sight.sees(GRID)[in_picture(sight, GRID)].all()


@settings(max_examples=40)
@given(poses, st.floats(-SWEEP_DEG / 2.2, SWEEP_DEG / 2.2), st.floats(-1.0, 1.0))
def test_it_stays_seen_while_the_arrangement_holds(pose, turn, step):
    sight = sight_of(pose)
    x, y, z = pose.target
    moved = Pose((x + step * MARGIN_M / 3.0, y, z), pose.distance, pose.yaw + turn, pose.pitch)
    other = sight_of(moved)
    if sight.still_holds(other.eye, other.axes, VIEWPORT, PIXEL, MARGIN_M / 2.0):
        assert sight.sees(GRID)[in_picture(other, GRID)].all()


def test_a_near_eye_keeps_few():
    sight = sight_of(Pose((0.0, 0.0, 0.0), 20.0, 40.0, 30.0))
    assert 0 < sight.sees(GRID).sum() < 0.15 * len(GRID)
    assert not sight.still_holds(sight.eye, sight.axes, (1920, 1080), PIXEL, 5.0)


@given(poses, st.integers(1, 400))
def test_near_and_far_share_what_is_seen(pose, limit):
    sight = sight_of(pose)
    near, far = sight.split(ROWS, GRID, limit)
    seen = ROWS[sight.sees(GRID)]
    square = ((GRID - sight.eye[[0, 2]]) ** 2).sum(axis=1)
    assert len(near) <= limit and not len(np.intersect1d(near, far))
    assert np.array_equal(np.union1d(near, far), seen)
    assert (np.diff(near) > 0).all() and (np.diff(far) > 0).all()
    if len(near) and len(far):
        assert square[near].max() <= square[far].min()


@given(poses, st.floats(1.0, 40.0))
def test_within_reach_a_metre_has_its_pixels(pose, pixels):
    sight = sight_of(pose)
    near = sight.within(ROWS, GRID, sight.reach(pixels))
    away = np.sqrt(((GRID - sight.eye[[0, 2]]) ** 2).sum(axis=1) + sight.eye[1] ** 2)
    assert (1.0 / (away[near] * PIXEL) >= pixels * 0.999).all()
    assert (1.0 / (away[~near] * PIXEL) <= pixels * 1.001).all()
    assert sight.within(ROWS, GRID, sight.reach(0.0)).all()


def test_what_drives_is_kept_wherever_it_is():
    sight = sight_of(Pose((0.0, 0.0, 0.0), 20.0, 0.0, 30.0))
    always = np.zeros(len(ROWS), bool)
    always[-3:] = True
    near, far = sight.split(ROWS, GRID, 10_000, always=always)
    assert set(ROWS[-3:]) <= set(near.tolist()) and not len(far)
