"""The quality governor on simulated loads: it settles, it does not pump, it says why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.governor import (CALM_S, MOST_CALM_S, SLOW, TARGET_S, FrameTime, Governor)
from game.look import Tier
from game.quality import QUALITY, automatic_tiers


def drive(governor, draw_s, seconds, noise=0.0, seed=0, model_s=0.0, pace_s=0.0, stall=0.0):
    """Feed `seconds` of frames whose drawing costs draw_s[tier], each with lognormal noise;
    `stall` is the share of frames ten times as slow, `pace_s` the display's period."""
    rng = np.random.default_rng(seed)
    passed = 0.0
    while passed < seconds:
        draw = draw_s[governor.tier] * np.exp(noise * rng.standard_normal())
        draw *= 10.0 if rng.random() < stall else 1.0
        wait = max(pace_s - model_s - 0.001 - draw, 0.0)
        # What a display holds back is found in the drawing, as drivers do.
        frame = FrameTime(model_s, 0.001, draw + wait)
        governor.feed(frame)
        passed += frame.whole_s
    return governor


costs = st.lists(st.floats(0.0005, 0.012), min_size=4, max_size=4).map(np.cumsum)


@settings(max_examples=8)
@given(costs, st.floats(0.0, 0.25), st.floats(0.0, 0.05), st.integers(0, 99))
def test_changes_get_rare_whatever_the_noise(draw_s, noise, stall, seed):
    governor = drive(Governor(Tier.MEDIUM), draw_s, 300.0, noise, seed, stall=stall)
    early = len(governor.history)
    assert early <= 12
    drive(governor, draw_s, 300.0, noise, seed + 1, stall=stall)
    assert len(governor.history) - early <= 6


@settings(max_examples=8)
@given(costs, st.sampled_from(Tier))
def test_a_steady_load_ends_at_a_tier_it_can_afford(draw_s, begin):
    governor = drive(Governor(begin), draw_s, 120.0)
    settled, passed = 0.0, 0.0
    while passed < 200.0:
        before = governor.tier
        drive(governor, draw_s, 1.0)
        passed += 1.0
        settled += before == governor.tier and (
            draw_s[before] + 0.001 <= SLOW * TARGET_S or before == Tier.LOW)
    # The rest is trying a tier that a steady display may hide room for.
    assert settled > 0.9 * passed


@settings(max_examples=8)
@given(costs, st.sampled_from(Tier))
def test_more_load_never_ends_at_a_higher_tier(draw_s, begin):
    light = drive(Governor(begin), draw_s, 90.0)
    heavy = drive(Governor(begin), draw_s * 3.0 + 0.004, 90.0)
    assert heavy.tier <= light.tier


def test_it_goes_down_soon_and_up_late():
    draw_s = [0.004, 0.008, 0.030, 0.040]
    governor = drive(Governor(Tier.HIGH), draw_s, 4.0)
    assert governor.tier == Tier.MEDIUM
    assert governor.history[0].at_s < 3.5
    assert governor.why == "31 ms a frame at high: medium"
    governor = Governor(Tier.LOW)
    drive(governor, [0.002] * 4, CALM_S - 1.5)
    assert governor.tier == Tier.LOW
    drive(governor, [0.002] * 4, 4.0 * CALM_S)
    assert governor.tier == Tier.ULTRA


def test_a_mistake_is_repeated_less_and_less_often():
    """MEDIUM leaves room, HIGH is too dear: an adversary for hysteresis alone."""
    governor = drive(Governor(Tier.MEDIUM), [0.002, 0.004, 0.030, 0.040], 3600.0)
    raised = [c.at_s for c in governor.history if c.tier == Tier.HIGH]
    waits = np.diff(raised)
    assert len(raised) <= 10
    assert (np.diff(waits) > -5.0).all() and waits[-1] > 10.0 * waits[0]
    assert waits[-1] <= MOST_CALM_S + 10.0


def test_a_paced_display_hides_the_room_and_is_tried_with_patience():
    governor = drive(Governor(Tier.MEDIUM), [0.002, 0.003, 0.006, 0.009], 15.0, pace_s=TARGET_S)
    assert governor.tier == Tier.MEDIUM
    drive(governor, [0.002, 0.003, 0.006, 0.009], 45.0, pace_s=TARGET_S)
    assert governor.tier == Tier.ULTRA


def test_a_single_stall_changes_nothing():
    governor = Governor(Tier.HIGH)
    for k in range(600):
        governor.feed(FrameTime(0.002, 0.001, 1.5 if k % 100 == 50 else 0.009))
    assert governor.tier == Tier.HIGH and not governor.history


def test_quality_stays_when_the_simulation_is_what_takes_the_time():
    governor = drive(Governor(Tier.HIGH), [0.004] * 4, 20.0, model_s=0.030)
    assert governor.tier == Tier.HIGH
    assert governor.why == "31 ms of 35 ms are not drawing: high stays"


def test_a_persons_choice_holds_until_it_is_given_back():
    governor = Governor(Tier.MEDIUM, chosen=Tier.ULTRA)
    drive(governor, [0.05] * 4, 20.0)
    assert (governor.tier, governor.mode, governor.why) == (Tier.ULTRA, "ultra", "chosen by hand")
    governor.choose(None)
    drive(governor, [0.05] * 4, 20.0)
    assert (governor.tier, governor.mode) == (Tier.LOW, "auto")
    modes = []
    for _ in range(6):
        modes.append(governor.mode)
        governor.cycle()
    assert modes == ["auto", "low", "medium", "high", "ultra", "auto"]


def test_automatic_choice_comes_back_within_its_bounds():
    governor = Governor(Tier.MEDIUM, chosen=Tier.ULTRA, ceiling=Tier.MEDIUM)
    assert governor.tier == Tier.ULTRA
    governor.choose(None)
    assert (governor.tier, governor.why) == (Tier.MEDIUM, "automatic goes up to medium here")


@given(st.lists(st.floats(0.0005, 0.2), min_size=1, max_size=400), st.sampled_from(Tier),
       st.sampled_from(Tier))
def test_it_stays_within_its_bounds(times, a, b):
    floor, ceiling = min(a, b), max(a, b)
    governor = Governor(Tier.MEDIUM, floor=floor, ceiling=ceiling)
    for seconds in times:
        assert floor <= governor.feed(FrameTime(0.0, 0.0, seconds)) <= ceiling


def test_each_tier_affords_at_least_what_the_one_below_does():
    tiers = [QUALITY[tier] for tier in Tier]
    for low, high in zip(tiers, tiers[1:]):
        for name in ("near", "particles", "labels", "samples", "bloom", "shadow_texels", "most_pixels"):
            assert getattr(high, name) >= getattr(low, name), name
    for software in (True, False):
        first, highest = automatic_tiers(software)
        assert first <= highest
    assert automatic_tiers(True)[0] < automatic_tiers(False)[0]


@pytest.mark.parametrize("tier", Tier)
def test_the_render_scale_keeps_to_the_pixels_it_may_draw(tier):
    quality = QUALITY[tier]
    assert quality.scale((640, 360)) == 1.0
    for size in ((1920, 1080), (3840, 2160), (7680, 4320)):
        scale = quality.scale(size)
        assert 0.0 < scale <= 1.0
        assert size[0] * size[1] * scale * scale <= quality.most_pixels * (1.0 + 1e-9) or scale == 1.0
