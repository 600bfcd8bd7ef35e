"""Labels never cover one another, nor the selected one, and keep their places."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from game.scene.placing import Placing

SIZE = (1280, 720)


@st.composite
def crowds(draw):
    count = draw(st.integers(1, 60))
    random = np.random.default_rng(draw(st.integers(0, 2 ** 32 - 1)))
    pixels = random.uniform((-100, -100), (1380, 820), (count, 2))
    if draw(st.booleans()):
        pixels = pixels[:1] + (pixels - pixels[:1]) * 0.1
    return (pixels, random.uniform(-5.0, 60.0, count), random.uniform(20.0, 140.0, count),
            random.uniform(15.0, 30.0, count), random.integers(0, 2, count) * 18.0)


def boxes(pixels, half, height, lifts, kept):
    top = SIZE[1] * (1.0 - 136.0 / 720.0)
    y = np.minimum(pixels[:, 1], top) + lifts
    return np.stack([pixels[:, 0] - half, y, pixels[:, 0] + half, y + height], axis=1)[kept]


def overlapping(boxes):
    left, bottom, right, top = boxes.T
    meet = ((left[:, None] < right) & (left < right[:, None])
            & (bottom[:, None] < top) & (bottom < top[:, None]))
    return meet & ~np.eye(len(boxes), dtype=bool)


@settings(max_examples=150, deadline=None)
@given(crowds())
def test_no_label_covers_another_and_the_selected_one_is_always_there(crowd):
    pixels, deep, half, height, base = crowd
    pixels[0], deep[0] = np.clip(pixels[0], (150, 50), (1100, 500)), 20.0
    labels = [SimpleNamespace(key=k, fixed=k == 0) for k in range(len(pixels))]
    placing = Placing()
    lifts, kept = placing.place(labels, pixels, deep, half, height, base, SIZE, 1.0)
    assert kept[0] and lifts[0] == base[0]
    assert not overlapping(boxes(pixels, half, height, lifts, kept)).any()
    assert not kept[deep <= 0.0].any()
    again, kept_again = placing.place(labels, pixels, deep, half, height, base, SIZE, 1.0)
    assert (kept_again == kept).all() and (again[kept] == lifts[kept]).all(), "labels jump"


def test_a_label_that_would_cover_another_is_raised_before_it_is_left_out():
    pixels, one = np.array([(600.0, 300.0)] * 5), np.ones(5)
    labels = [SimpleNamespace(key=k, fixed=k == 0) for k in range(5)]
    lifts, kept = Placing().place(labels, pixels, one, 50 * one, 20 * one, 8 * one, SIZE, 1.0)
    assert kept.tolist() == [True, True, True, False, False]
    assert (np.diff(lifts[:3]) > 20).all()
