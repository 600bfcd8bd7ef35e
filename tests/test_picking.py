"""The vectorised ray test, held against a slow one, and clicks against drags."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.camera import Pose
from game.picking import ClickTracker, cursor_ray, nearest, ray_distances

NORTH = np.array([0.0, 0.0, 1.0])


def test_a_box_ahead_is_hit_at_its_face_and_one_behind_is_not():
    distances = ray_distances((0, 0, 0), NORTH, [(0, 0, 10), (0, 0, -10), (5, 0, 10)],
                              [(1, 1, 2)] * 3, [0, 0, 0])
    assert distances == pytest.approx([8.0, np.inf, np.inf])


def test_from_inside_the_distance_is_zero():
    assert ray_distances((0, 0, 0), NORTH, [(0, 0, 0)], [(1, 1, 1)], [30]) == pytest.approx([0.0])


def test_headings_are_clockwise_from_north():
    long_box = [(0.5, 1.0, 4.0)]
    def from_west(heading):
        return ray_distances((-10, 0, 3), (1, 0, 0), [(0, 0, 0)], long_box, [heading])[0]
    assert from_west(0.0) == pytest.approx(9.5)
    assert from_west(90.0) == np.inf
    assert np.isfinite(ray_distances((-10, 0, 2), (1, 0, 0), [(0, 0, 0)], long_box, [45.0])[0])
    assert ray_distances((-10, 0, 2.5), (1, 0, 0), [(0, 0, 0)], long_box, [45.0])[0] == \
        pytest.approx(10 + 2.5 - 0.5 * math.sqrt(2))


def test_the_nearest_of_several_wins_and_none_is_none():
    centers, half = [(0, 0, 30), (0, 0, 10), (0, 0, 20)], [(1, 1, 1)] * 3
    assert nearest((0, 0, 0), NORTH, centers, half, [0, 10, 20]) == 1
    assert nearest((0, 0, 0), (0, 1, 0), centers, half, [0, 10, 20]) is None
    assert nearest((0, 0, 0), NORTH, np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0)) is None


@given(st.integers(0, 2 ** 31))
def test_it_agrees_with_sampling_along_the_ray(seed):
    rng = np.random.default_rng(seed)
    centers, half = rng.uniform(-10, 10, (20, 3)), rng.uniform(0.5, 3, (20, 3))
    headings, origin = rng.uniform(0, 360, 20), rng.uniform(-20, 20, 3)
    direction = rng.normal(size=3)
    direction /= np.linalg.norm(direction)
    distances = ray_distances(origin, direction, centers, half, headings)
    for box in range(20):
        angle = math.radians(headings[box])
        axes = np.array([[math.cos(angle), 0, -math.sin(angle)], [0, 1, 0],
                         [math.sin(angle), 0, math.cos(angle)]])
        along = np.linspace(0.0, 80.0, 4001)
        points = (origin + along[:, None] * direction - centers[box]) @ axes.T
        inside = (np.abs(points) <= half[box] - 1e-9).all(axis=1)
        if inside.any():
            assert distances[box] == pytest.approx(along[inside][0], abs=0.0201)
        elif np.isfinite(distances[box]):
            grazing = (np.abs(points) <= half[box] + 0.05).all(axis=1)
            assert grazing.any()


@given(st.floats(-0.99, 0.99), st.floats(-0.99, 0.99), st.floats(0.5, 2.5), st.floats(-180, 180),
       st.floats(2, 89))
def test_the_cursor_ray_projects_back_to_the_cursor(x, y, aspect, yaw, pitch):
    forward, right, up = Pose((0, 0, 0), 10, yaw, pitch).axes()
    ray = cursor_ray(forward, right, up, 38.0, aspect, x, y)
    half = math.tan(math.radians(19.0))
    assert np.linalg.norm(ray) == pytest.approx(1.0)
    assert ray @ right / (ray @ forward) / half / aspect == pytest.approx(x, abs=1e-9)
    assert ray @ up / (ray @ forward) / half == pytest.approx(y, abs=1e-9)


def test_a_click_stays_near_and_a_drag_that_returns_is_a_drag():
    clicks = ClickTracker()
    clicks.press(100, 100)
    assert clicks.release(102, 102)
    clicks.press(100, 100)
    clicks.move(140, 100)
    assert not clicks.release(100, 100)
    assert not clicks.release(100, 100)
    clicks.press(100, 100)
    assert not clicks.release(104, 100)
