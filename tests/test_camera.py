"""The orbit camera: axes, limits, smoothing, flights, the film's arc."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.camera import (CLOSEST_M, FLIGHT_S, PITCH_RANGE, VERTICAL_FOV_DEG, OrbitCamera,
                         Pose, blend, ease, raised, vertical_fov)

HOME = Pose((0.0, 2.0, 0.0), 90.0, 10.0, 30.0)
poses = st.builds(Pose, st.tuples(*[st.floats(-50, 50)] * 3), st.floats(6, 300),
                  st.floats(-720, 720), st.floats(2, 89))


@given(poses)
def test_axes_are_orthonormal_and_the_eye_sees_the_target(pose):
    axes = np.array(pose.axes())
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)
    seen = (np.array(pose.target) - pose.eye()) @ axes.T
    assert seen == pytest.approx([pose.distance, 0.0, 0.0], abs=1e-6)


def test_yaw_zero_looks_north_and_ninety_looks_east():
    forward, right, _ = Pose((0, 0, 0), 10, 0, 2).axes()
    assert forward[2] > 0.99 and right == pytest.approx([1, 0, 0])
    assert Pose((0, 0, 0), 10, 90, 2).axes()[0][0] > 0.99
    assert Pose((0, 0, 0), 10, 0, 60).eye()[1] == pytest.approx(10 * math.sin(math.radians(60)))


@given(st.lists(st.tuples(st.sampled_from(["orbit", "pan", "zoom"]), st.floats(-500, 500),
                          st.floats(-500, 500)), max_size=20))
def test_no_input_leaves_the_limits(inputs):
    camera = OrbitCamera(HOME, 60.0)
    for what, a, b in inputs:
        camera.zoom(a / 50) if what == "zoom" else getattr(camera, what)(a, b)
        pose = camera.update(0.05)
    pose = camera.update(100.0)
    assert PITCH_RANGE[0] - 1e-6 <= pose.pitch <= PITCH_RANGE[1] + 1e-6
    assert CLOSEST_M - 1e-6 <= pose.distance <= camera.farthest + 1e-6
    assert math.hypot(pose.target[0], pose.target[2]) <= 60.0 + 1e-6


def test_smoothing_is_the_same_at_any_frame_rate():
    slow, fast = OrbitCamera(HOME, 60.0), OrbitCamera(HOME, 60.0)
    for camera in (slow, fast):
        camera.orbit(40.0, 12.0)
        camera.zoom(3.0)
    for _ in range(100):
        b = fast.update(0.001)
    a = slow.update(0.1)
    assert (a.yaw, a.pitch, a.distance) == pytest.approx((b.yaw, b.pitch, b.distance))


def test_a_flight_arrives_in_time_and_any_input_interrupts_it():
    camera = OrbitCamera(HOME, 60.0)
    goal = Pose((10.0, 1.0, -5.0), 30.0, 80.0, 20.0)
    camera.fly_to(goal)
    assert camera.update(FLIGHT_S) == goal and FLIGHT_S <= 0.3
    camera.fly_to(HOME)
    half_way = camera.update(FLIGHT_S / 2)
    camera.orbit(5.0, 0.0)
    assert camera.update(0.0) == half_way
    assert camera.update(10.0).yaw == pytest.approx(HOME.yaw + 5.0)


def test_blending_turns_the_short_way():
    a, b = Pose((0, 0, 0), 10, 350, 30), Pose((0, 0, 0), 40, 10, 30)
    middle = blend(a, b, 0.5)
    assert middle.yaw == pytest.approx(360.0) and middle.distance == pytest.approx(20.0)


def test_the_field_of_view_keeps_the_width_of_a_narrow_picture():
    assert vertical_fov(16 / 9) == pytest.approx(VERTICAL_FOV_DEG)
    width = [math.tan(math.radians(vertical_fov(a)) / 2) * a for a in (1.25, 1.0, 0.5)]
    assert width == pytest.approx([width[0]] * 3)


def test_easing_starts_and_ends_at_rest():
    assert (ease(-1.0), ease(0.0), ease(0.5), ease(1.0), ease(2.0)) == (0.0, 0.0, 0.5, 1.0, 1.0)
    assert ease(1e-3) < 1e-7 and 1.0 - ease(1.0 - 1e-3) < 1e-7


@given(st.floats(-180.0, 180.0), st.floats(-80.0, 80.0), st.floats(-179.0, 179.0))
def test_rolling_turns_the_picture_and_keeps_the_way_it_looks(yaw, pitch, roll):
    level, rolled = Pose((0.0, 0.0, 0.0), 9.0, yaw, pitch), Pose((0.0, 0.0, 0.0), 9.0, yaw, pitch, roll)
    forward, right, up = rolled.axes()
    assert np.allclose(forward, level.axes()[0]) and np.allclose(rolled.eye(), level.eye())
    assert np.allclose(np.array([forward, right, up]) @ np.array([forward, right, up]).T, np.eye(3), atol=1e-9)
    assert right @ level.axes()[1] == pytest.approx(math.cos(math.radians(roll)), abs=1e-9)


def test_a_raised_pose_sees_what_it_looked_at_further_up():
    up = raised(HOME, 0.15, 16 / 9)
    away = np.array(HOME.target) - up.eye()
    height = 2.0 * math.tan(math.radians(VERTICAL_FOV_DEG) / 2.0)
    assert away @ up.axes()[2] / (away @ up.axes()[0]) / height == pytest.approx(0.15, abs=0.005)
