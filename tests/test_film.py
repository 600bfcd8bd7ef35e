"""Films and stills: whole files or none, exact frames, the same frame the same bytes."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from game.film.encode import FilmWriter
from game.film.still import free_path, require_writable, write_png
from sim.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
RENDER = """
import sys
from game.app import film, shot
from sim.model import Model
from sim.scenario import from_dict
raw = {"name": "film_test", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
       "site": {"zones": [{"name": "Z", "stations": [
           {"count": 2, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
       "sessions": {"kind": "generated", "groups": [
           {"use_case": "private", "vehicles": 4, "models": [{"model": "tesla_model_3_rwd"}]}]}}
scenario = from_dict(raw, "film test")
folder, size = sys.argv[1], (320, 180)
seen = []
film(scenario, Model(scenario), f"{folder}/film.mp4", 21600.0, 21600.0 + 240.0, 24, size, 600.0,
     lambda done, total: seen.append((done, total)))
assert seen == [(k, 10) for k in range(1, 11)], seen
shot(scenario, Model(scenario), 21600.0, f"{folder}/still.png", size, "hub", "hub")
shot(scenario, Model(scenario), 21600.0, f"{folder}/bare.png", size, ui=False)
"""


def picture(k: int) -> np.ndarray:
    y, x = np.mgrid[0:90, 0:160]
    return np.stack([(x + 3 * k) % 256, (y * 2) % 256, np.full_like(x, 40)], -1).astype(np.uint8)


def decoded(path) -> list[np.ndarray]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def test_frame_k_stands_at_k_over_fps(tmp_path):
    with FilmWriter(tmp_path / "a.mp4", (160, 90), 24) as writer:
        for k in range(30):
            writer.add(picture(k))
    with av.open(str(tmp_path / "a.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        times = [frame.pts * frame.time_base for frame in film.decode(stream)]
    assert times == [Fraction(k, 24) for k in range(30)]
    data = (tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_what_comes_out_is_what_went_in(tmp_path):
    with FilmWriter(tmp_path / "a.mp4", (160, 90), 30) as writer:
        for k in range(5):
            writer.add(picture(0))
    difference = decoded(tmp_path / "a.mp4")[4].astype(int) - picture(0)
    assert np.abs(difference).mean() < 6.0


def test_a_film_has_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "a.mp4"
    with pytest.raises(ZeroDivisionError):
        with FilmWriter(path, (160, 90), 30) as writer:
            writer.add(picture(0))
            assert not path.exists()
            raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_broken_film_spares_the_one_before(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"the film before")
    with pytest.raises(KeyboardInterrupt):
        with FilmWriter(path, (160, 90), 30):
            raise KeyboardInterrupt
    assert path.read_bytes() == b"the film before"


def test_bad_paths_and_sizes_are_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "a.mp4", tmp_path, "/proc/a.mp4"):
        with pytest.raises(InputError) as error:
            FilmWriter(path, (160, 90), 30)
        assert str(path) in str(error.value) and "\n" not in str(error.value)
    with pytest.raises(InputError, match="even"):
        FilmWriter(tmp_path / "a.mp4", (161, 90), 30)
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


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """Two folders with the same film and stills, rendered by two processes."""
    folders = []
    for name in "ab":
        folder = tmp_path_factory.mktemp(name)
        subprocess.run([sys.executable, "-c", RENDER, str(folder)], check=True, cwd=ROOT)
        folders.append(folder)
    return folders


def test_two_renders_are_the_same_to_the_byte(rendered):
    a, b = rendered
    for name in ("film.mp4", "still.png", "bare.png"):
        assert (a / name).read_bytes() == (b / name).read_bytes(), name


def test_a_rendered_film_has_every_frame_and_shows_something(rendered):
    frames = decoded(rendered[0] / "film.mp4")
    assert len(frames) == 10 and frames[0].shape == (180, 320, 3)
    assert all(frame.std() > 5.0 for frame in frames)


def test_a_film_has_its_title_in_the_lower_third(rendered):
    titled = decoded(rendered[0] / "film.mp4")[0]
    bright = titled.min(axis=2) > 170
    rows, columns = np.nonzero(bright[120:])
    assert len(rows) > 40 and columns.min() < 60
