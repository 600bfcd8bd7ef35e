"""The render queue: survives restarts, one that fails holds up nobody, one process at a time."""

import json
import os

import pytest
from cli import voltyard

from game.film.jobs import DONE, FAILED, WAITING, Jobs
from game.film.request import Request
from sim.errors import InputError

SMALL = ("--size", "64x64", "--fps", 2, "--tier", "low", "--frames", "0-1")


BACK = '''
film = {name = "back", scenario = "empty_lot", duration = 2}
time = [{at = 0, sim = "18:00"}, {at = 2, sim = "17:00"}]
'''


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))


def states():
    return [(job.number, job.state) for job in Jobs().all()]


def test_films_wait_render_and_stay_listed(tmp_path):
    good, bad = tmp_path / "good.mp4", tmp_path / "gone" / "bad.mp4"
    bad.parent.mkdir()
    assert voltyard("queue", "add", "empty_lot", "-o", bad, *SMALL).stdout == f"1: {bad}\n"
    assert voltyard("queue", "add", "empty_lot", "-o", good, *SMALL).returncode == 0
    assert states() == [(1, WAITING), (2, WAITING)]
    done = voltyard("queue", "add", "empty_lot", "-o", good, *SMALL)
    assert done.returncode == 2 and "film 2 of the queue becomes that file" in done.stderr
    bad.parent.rmdir()
    bad.parent.write_text("a file where the folder was")
    done = voltyard("queue", "run")
    assert done.returncode == 1 and f"{bad}: cannot be written" in done.stderr
    assert states() == [(1, FAILED), (2, DONE)] and good.is_file()
    assert "cannot be written" in Jobs().all()[0].why
    listed = voltyard("queue", "list").stdout
    assert "failed" in listed and "done" in listed and "empty_lot" in listed
    assert voltyard("queue", "run").returncode == 0     # nothing waits
    assert voltyard("queue", "remove", 1).returncode == 0
    assert states() == [(2, DONE)]


def test_what_does_not_fit_never_waits(tmp_path):
    done = voltyard("queue", "add", "evening_peak", "-o", tmp_path / "x.mp4", "--codec", "xvid")
    assert done.returncode == 2 and "--codec xvid" in done.stderr
    done = voltyard("queue", "add", "evening_peak", "-o", tmp_path / "x.gif")
    assert done.returncode == 2 and "x.gif: expected a name that ends in" in done.stderr
    (tmp_path / "back.toml").write_text(BACK)
    done = voltyard("queue", "add", "--shots", tmp_path / "back.toml", "-o", tmp_path / "x.mp4", *SMALL[:4])
    assert done.returncode == 2 and "back.toml: time.1.sim" in done.stderr
    assert "empty" in voltyard("queue", "list").stdout
    assert voltyard("queue", "remove", 3).stderr == "voltyard: queue: no film 3, expected one of none\n"


def test_two_do_not_render_the_same_queue(tmp_path):
    queue = Jobs()
    with queue.working():
        with pytest.raises(InputError, match=f"process {os.getpid()} is rendering it"):
            with Jobs().working():
                pass
    queue._lock.write_text("999999999")     # of a process that was killed
    with queue.working():
        pass
    assert not queue._lock.exists()


def test_a_film_that_fails_for_whatever_reason_holds_up_nobody(tmp_path, monkeypatch):
    for name in ("a.mp4", "b.mp4"):
        voltyard("queue", "add", "empty_lot", "-o", tmp_path / name, *SMALL)
    monkeypatch.setattr("game.film.render.Reel.frames", lambda *_: 1 / 0)
    done = voltyard("queue", "run")
    assert done.returncode == 1 and states() == [(1, FAILED), (2, FAILED)]
    assert "ZeroDivisionError" in Jobs().all()[0].why and "Traceback" not in done.stderr


def test_a_request_comes_back_from_its_words():
    request = Request("evening_peak", "what_if", 3, ("grid.import_limit_kw=200",), fps="60000/1001", crf=22)
    assert Request.of(json.loads(json.dumps(request.words()))) == request
    for wrong in ({"scenery": "evening_peak"}, {"size": 5}, {"crf": "a"}, {"supersample": "b"}):
        with pytest.raises(ValueError):
            Request.of(wrong)
    for frames in ("\N{SUPERSCRIPT TWO}-3", "9" * 5000, "3-2"):
        with pytest.raises(InputError, match="--frames"):
            Request("empty_lot", frames=frames).plan()


@pytest.mark.parametrize("held", ['[]', '{"1": {"state": "waiting"}}', '{"x": {}}', '{"1": 5}', "no json"])
def test_a_queue_that_is_none_is_named(held):
    path = Jobs()._path
    path.parent.mkdir(parents=True)
    path.write_text(held)
    done = voltyard("queue", "list")
    assert done.returncode == 2 and str(path) in done.stderr and done.stderr.count("\n") == 1
