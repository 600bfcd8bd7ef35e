"""Stills: whole files or none, the same picture the same bytes, finer, cut out, and as posters."""

import numpy as np
import pytest
from cli import voltyard
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from game.camera import Pose, vertical_fov
from game.film.poster import cut_out, within_sides
from game.film.still import free_path, require_writable, write_png
from game.film.titles import SAFE
from sim.errors import InputError


def picture(k: int) -> np.ndarray:
    y, x = np.mgrid[0:90, 0:160]
    return np.stack([(x + 3 * k) % 256, (y * 2) % 256, np.full_like(x, 40)], -1).astype(np.uint8)


def shot(path, *words) -> np.ndarray:
    done = voltyard("shot", "evening_peak", "--at", "18:30", "-o", path, "--size", "320x180", "--tier", "low",
                    *words)
    assert (done.returncode, done.stdout) == (0, f"{path}\n"), done.stderr
    return np.asarray(Image.open(path)).astype(int)


def test_bad_paths_are_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "a.mp4", tmp_path, "/proc/a.mp4"):
        with pytest.raises(InputError) as error:
            require_writable(path, ".mp4")
        assert str(path) in str(error.value) and "\n" not in str(error.value)
    for name, suffix in (("a.jpg", ".png"), ("a.gif", ".mp4"), ("a", ".png")):
        with pytest.raises(InputError, match=f"{name}: expected a name that ends in {suffix}"):
            require_writable(tmp_path / name, suffix)
    assert require_writable(tmp_path / "new" / "a.PNG", ".png") == tmp_path / "new" / "a.PNG"
    assert require_writable(tmp_path / "new" / "a.png", ".png") == tmp_path / "new" / "a.png"


def test_the_same_picture_gives_the_same_png(tmp_path):
    for name in ("a.png", "b.png"):
        write_png(tmp_path / name, picture(7))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "b.png"]


def test_pictures_saved_by_hand_never_meet(tmp_path):
    seen = []
    for name in ("a/b c_01", "a/b c_01", "a/b c_01", "..", "Größe_1"):
        seen.append(free_path(tmp_path, name, ".png"))
        seen[-1].write_text("")
    assert [path.name for path in seen] == ["a-b-c_01.png", "a-b-c_01-2.png", "a-b-c_01-3.png",
                                            "picture.png", "Größe_1.png"]


def test_what_is_cut_out_comes_back_on_any_ground():
    draw = np.random.default_rng(3)
    colour, alpha = draw.uniform(0, 255, (40, 40, 3)), draw.uniform(0.0, 1.0, (40, 40, 1))
    alpha[:10], alpha[10:20] = 0.0, 1.0
    before = [np.rint(colour * alpha + ground * (1.0 - alpha)).astype(np.uint8) for ground in (0.0, 128.0)]
    glass = cut_out(*before).astype(float)
    again = glass[..., :3] * glass[..., 3:] / 255.0 + 128.0 * (1.0 - glass[..., 3:] / 255.0)
    assert glass[:10, :, 3].max() == 0.0 and glass[10:20, :, 3].min() == 255.0
    assert np.abs(again - before[1])[10:20].max() <= 1.0
    clear = glass[..., 3] - colour.max(axis=2) * alpha[..., 0] > 2.0    # not where light alone decides
    assert np.abs(again - before[1])[clear].max() <= 4.0


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return shot(tmp_path_factory.mktemp("still") / "plain.png", "--no-ui")


def test_a_finer_still_shows_the_same(tmp_path, plain):
    fine = shot(tmp_path / "fine.png", "--supersample", 2)
    assert fine.shape == plain.shape
    assert 0.2 < np.abs(fine - plain).mean() < 8.0


def test_a_still_that_is_cut_out_has_no_sky(tmp_path, plain):
    glass = shot(tmp_path / "glass.png", "--transparent", "--supersample", 1)
    assert glass.shape == (180, 320, 4)
    alpha = glass[..., 3]
    assert alpha[:30, :60].max() == 0           # where the sky was
    site = alpha[100:, 100:220]
    assert (site > 250).mean() > 0.9            # asphalt and vehicles stay
    assert np.abs(glass[100:, 100:220, :3] - plain[100:, 100:220])[site > 250].mean() < 2.0


def test_a_poster_has_its_title_inside_the_safe_area(tmp_path):
    poster = shot(tmp_path / "poster.png", "--poster")
    bright = poster.min(axis=2) > 200
    rows, columns = np.nonzero(bright[90:])
    assert len(rows) > 100
    assert columns.min() >= 320 * SAFE and rows.max() + 90 <= 180 * (1.0 - SAFE)


def test_a_poster_before_nothing_has_a_plate_for_its_words(tmp_path):
    glass = shot(tmp_path / "glass.png", "--poster", "--transparent", "--supersample", 1)
    alpha, x, y = glass[..., 3], round(320 * SAFE), round(180 * (1.0 - SAFE))
    assert alpha[y - 60:y - 2, x + 3:x + 120].min() >= 244
    assert alpha[y + 2:].max() == alpha[-30:, -60:].max() == 0      # no road, and no shade of one
    assert glass[y - 60:y, x:x + 60, :3].max(axis=2).max() > 200


@pytest.mark.parametrize("words, expected", [
    (["--supersample", "7"], "--supersample 7: expected 1 to 4"),
    (["--poster", "--select", "nobody"], "--select: nothing here is named 'nobody'"),
    (["--poster", "--camera", "nowhere"], "no camera 'nowhere', expected one of default"),
    (["--transparent", "--view", "x"], "--view x: expected one of"),
    (["--poster", "--font", "nope.ttf"], "--font: nope.ttf: no such file"),
    (["--font", "Roboto"], "--font: only a poster has words of its own"),
])
def test_what_is_wrong_with_a_still_is_said(tmp_path, words, expected):
    done = voltyard("shot", "evening_peak", "--at", "18:30", "-o", tmp_path / "x.png", *words)
    assert done.returncode == 2 and expected in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "x.png").exists()


@given(st.floats(-180.0, 180.0), st.floats(5.0, 60.0), st.floats(0.4, 2.4), st.floats(20.0, 400.0))
def test_what_is_cut_out_lies_within_the_sides(yaw, pitch, aspect, reach):
    corners = np.array([(x, 0.0, z) for x in (-reach, reach) for z in (-0.5 * reach, reach)])
    pose = within_sides(Pose((3.0, 1.0, -2.0), 60.0, yaw, pitch), corners, aspect)
    forward, right, _ = pose.axes()
    away = corners - pose.eye()
    half = np.tan(np.radians(vertical_fov(aspect)) / 2.0) * aspect
    assert (np.abs(away @ right) <= half * (away @ forward)).all() and pose.distance >= 60.0
