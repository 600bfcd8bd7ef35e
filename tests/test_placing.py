"""Labels never cover one another, nor the selected one, and keep their places."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.palette import PALETTES
from game.scene.captions import FAINTEST
from game.scene.labels import plate_alpha
from game.scene.placing import EDGE, Placing

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


def boxes(pixels, half, height, lifts, asides, kept):
    top = SIZE[1] * (1.0 - 136.0 / 720.0)
    y = np.minimum(pixels[:, 1], top) + lifts
    x = pixels[:, 0] + asides
    return np.stack([x - half, y, x + half, y + height], axis=1)[kept]


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
    lifts, asides, kept = placing.place(labels, pixels, deep, half, height, base, SIZE, 1.0)
    assert kept[0] and lifts[0] == base[0]
    assert not overlapping(boxes(pixels, half, height, lifts, asides, kept)).any()
    assert not kept[deep <= 0.0].any()
    again, asides_again, kept_again = placing.place(labels, pixels, deep, half, height, base, SIZE, 1.0)
    assert (kept_again == kept).all() and (again[kept] == lifts[kept]).all() and (asides_again == asides).all(), "labels jump"


def test_a_label_that_would_cover_another_is_raised_before_it_is_left_out():
    pixels, one = np.array([(600.0, 300.0)] * 5), np.ones(5)
    labels = [SimpleNamespace(key=k, fixed=k == 0) for k in range(5)]
    lifts, _, kept = Placing().place(labels, pixels, one, 50 * one, 20 * one, 8 * one, SIZE, 1.0)
    assert kept.tolist() == [True, True, True, False, False]
    assert (np.diff(lifts[:3]) > 20).all()


DOCK, CARD, BRACKET = (12.0, 130.0, 300.0, 600.0), (980.0, 300.0, 1268.0, 640.0), (500.0, 200.0, 620.0, 320.0)


@settings(max_examples=150, deadline=None)
@given(crowds())
def test_labels_stay_within_the_sides_clear_of_panels_and_of_what_is_kept_free(crowd):
    pixels, deep, half, height, base = crowd
    pixels[0], deep[0] = np.clip(pixels[0], (320, 50), (960, 500)), 20.0
    labels = [SimpleNamespace(key=k, fixed=k == 0) for k in range(len(pixels))]
    lifts, asides, kept = Placing().place(labels, pixels, deep, half, height, base, SIZE, 1.0, (DOCK, CARD), (BRACKET,))
    found = boxes(pixels, half, height, lifts, asides, kept)
    assert kept[0] and (found[:, 0] >= EDGE - 1.0).all() and (found[:, 2] <= SIZE[0] - EDGE + 1.0).all()
    assert (np.abs(asides) <= half + 1.0).all(), "a label has left its anchor"
    for k, panel in enumerate((DOCK, CARD, BRACKET)):
        met = overlapping(np.concatenate([[panel], found]))[0, 1:]
        assert not met[1:].any() and (k == 2 or not met[0]), "only the selected one may cover its own bracket"


def test_a_label_at_a_side_moves_inward_before_it_is_left_out():
    labels = [SimpleNamespace(key=k, fixed=k == 3) for k in range(4)]
    pixels = np.array([(1270.0, 700.0), (310.0, 400.0), (250.0, 400.0), (310.0, 250.0)])
    one = np.ones(4)
    _, asides, kept = Placing().place(labels, pixels, one, 50 * one, 20 * one, 8 * one, SIZE, 1.0, (DOCK,))
    assert kept.tolist() == [True, True, False, True] and asides[0] < -40 and asides[1] > 40 and asides[3] > 40


@pytest.mark.parametrize("palette", sorted(PALETTES))
@pytest.mark.parametrize("alpha", (FAINTEST, 0.85, 0.9, 1.0))
def test_the_quiet_words_of_the_faintest_label_can_be_read_on_its_plate_by_day(palette, alpha):
    colors, day = PALETTES[palette], np.array([0.6, 0.66, 0.72])
    plate = day + (np.array(colors.panel) - day) * plate_alpha(alpha)
    words = plate + (np.array(colors.quiet) - plate) * alpha

    def luminance(color):
        return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
    assert (luminance(words) + 0.05) / (luminance(plate) + 0.05) >= 3.0
