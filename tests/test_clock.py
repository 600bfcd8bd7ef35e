"""Real, virtual and film time stay apart."""

import pytest

from game.clock import (MAX_REAL_STEP_S, SPEEDS, VirtualClock, advance_in_slices)


def test_virtual_time_runs_at_its_speed():
    clock = VirtualClock(0.0, 86_400.0, 300)
    assert clock.target(0.02) == pytest.approx(6.0)
    assert clock.now_s == 0.0


def test_a_stall_does_not_jump():
    clock = VirtualClock(0.0, 86_400.0, 60)
    assert clock.target(30.0) == pytest.approx(60 * MAX_REAL_STEP_S)
    assert clock.target(-1.0) == 0.0


def test_pause_holds_and_the_end_is_the_end():
    clock = VirtualClock(100.0, 130.0, 3600)
    clock.toggle()
    assert clock.target(0.05) == 100.0
    clock.toggle()
    assert clock.target(0.05) == 130.0
    clock.reach(200.0)
    assert clock.now_s == 130.0 and clock.ended
    clock.reach(10.0)
    assert clock.now_s == 130.0


def test_speeds_step_through_the_list_and_stop_at_its_ends():
    clock = VirtualClock(0.0, 1.0, SPEEDS[0])
    clock.slower()
    assert clock.speed == SPEEDS[0] == 1
    seen = []
    for _ in SPEEDS:
        seen.append(clock.speed)
        clock.faster()
    assert tuple(seen) == SPEEDS and clock.speed == SPEEDS[-1] == 3600


def test_quick_slices_grow_and_reach_the_target():
    reached = []
    assert advance_in_slices(reached.append, 0.0, 40.0, 5.0, 1.0, lambda: 0.0) == 40.0
    assert reached == [5.0, 15.0, 35.0, 40.0]


def test_slow_slices_stay_short_and_the_budget_ends_them():
    wall, reached = [0.0], []

    def advance(t_s):
        reached.append(t_s)
        wall[0] += 0.4
    assert advance_in_slices(advance, 0.0, 1000.0, 5.0, 1.0, lambda: wall[0]) == 15.0
    assert reached == [5.0, 10.0, 15.0]


def test_the_speed_that_is_reached_is_measured():
    clock = VirtualClock(0.0, 86_400.0, 3600)
    assert clock.reached_speed == 3600
    for frame in range(64):
        clock.reach(clock.now_s + 10.0, 1.0 / 64.0)
    assert clock.reached_speed == pytest.approx(640.0)
    clock.slower()
    assert clock.reached_speed == clock.speed == 1800
    for frame in range(20):
        clock.reach(clock.now_s + 90.0, 0.05)
    assert clock.reached_speed == pytest.approx(1800.0)


def test_nothing_to_do_advances_nothing():
    assert advance_in_slices(pytest.fail, 5.0, 5.0, 300.0, 1.0, lambda: 0.0) == 5.0
