"""The film editor for real: clicks, drags and keys in a window that xdotool moves, and the file that comes of it."""

import json
import os
from pathlib import Path

import pytest
from windows import click, drag, press_all


@pytest.fixture
def window(process, tmp_path):
    opened = process()
    opened.open(tmp_path, "editor")
    opened.wait(lambda s: s["known"])
    return opened


def press(window, name):
    """A key, with the pointer over the picture."""
    left, top, width, height = window.state()["frame"]
    window.tool("mousemove", "--window", window.id, round(left + width / 2), round(top + height / 2))
    window.tool("key", name)


EDITING = ("n", "t", "e", "w", "alt+w", "space", "End", "ctrl+a", "BackSpace", "ctrl+z")


def grope(window, state):
    """Hands at what lies beside what is open: a key of the timeline, its ruler, the picture, and the wheel."""
    left, top, width, height = state["frame"]
    x, y = key_of(state, "camera", 1)
    drag(window, x, y, x + 1.5 * state["per_s"], y)
    click(window, state["left"] + 5.0 * state["per_s"], state["ruler"][1])
    window.tool("click", 4)
    drag(window, left + 8, top + 0.5 * height, left + 0.1 * width, top + 0.6 * height)
    window.tool("click", 5)
    for _ in range(4):
        window.state()


def key_of(state, track, number):
    x0, x1, y0, y1 = next(shape[2:] for shape in state["shapes"] if shape[:2] == [track, number])
    return (x0 + x1) / 2, (y0 + y1) / 2


def test_a_key_from_here_dragged_undone_redone_and_saved(window, tmp_path):
    first = window.state()
    assert first["camera"] == [2.0, 8.0] and first["film_s"] == 0.0
    click(window, first["left"] + 4.0 * first["per_s"], first["ruler"][1])
    window.wait(lambda s: s["film_s"] == 4.0 and s["behind"] == 0.0)
    left, top, width, height = first["frame"]
    drag(window, left + 0.4 * width, top + 0.5 * height, left + 0.6 * width, top + 0.5 * height)
    window.wait(lambda s: s["free"] and abs(s["yaw"] - first["yaw"]) > 5.0)
    turned = window.still()
    assert turned["seen_titles"] == [0]     # What a key from here will have over it.
    press(window, "shift+t")
    window.wait(lambda s: not s["seen_titles"])
    press(window, "k")
    state = window.wait(lambda s: s["camera"] == [2.0, 4.0, 8.0] and not s["free"])
    assert state["selected"] == [["camera", 1]] and state["dirty"]
    assert abs(state["key_yaw"] - state["yaw"]) % 360.0 < 0.1 and abs(state["yaw"] - turned["yaw"]) < 1.0

    x, y = key_of(state, "camera", 1)
    drag(window, x, y, x + 2.0 * state["per_s"], y)
    moved = window.wait(lambda s: s["camera"][1] > 5.5)
    assert moved["camera"][1] == pytest.approx(6.0, abs=0.2) and moved["camera"][::2] == [2.0, 8.0]
    assert moved["camera"][1] * 30 == pytest.approx(round(moved["camera"][1] * 30), abs=0.04)
    press(window, "ctrl+z")
    window.wait(lambda s: s["camera"] == [2.0, 4.0, 8.0])
    press(window, "ctrl+z")
    window.wait(lambda s: s["camera"] == [2.0, 8.0] and not s["dirty"])
    press(window, "ctrl+y")
    press(window, "ctrl+shift+z")
    window.wait(lambda s: s["camera"] == moved["camera"])

    press(window, "ctrl+s")
    window.wait(lambda s: not s["dirty"])
    from game.film.shots import load
    saved = load(str(tmp_path / "mine.toml"))
    assert [float(key.at) for key in saved.camera] == moved["camera"]
    assert "# Mine." in (tmp_path / "mine.toml").read_text() and os.listdir(tmp_path) == ["mine.toml"]


def test_scrubbing_back_and_playing_shows_the_right_moment(window):
    state = window.state()

    def at(t):
        return state["left"] + t * state["per_s"]
    drag(window, at(1.0), state["ruler"][1], at(9.0), state["ruler"][1])
    there = window.wait(lambda s: s["film_s"] > 8.5 and s["behind"] == 0.0)
    assert there["seen_s"] == pytest.approx(there["wanted_s"], abs=1e-3)
    drag(window, at(9.0), state["ruler"][1], at(3.0), state["ruler"][1])
    back = window.wait(lambda s: s["film_s"] == pytest.approx(3.0, abs=0.2) and s["seen_s"] < there["seen_s"]
                       and s["behind"] == 0.0)
    assert back["seen_s"] == pytest.approx(back["wanted_s"], abs=1e-3)
    press(window, "period")
    window.wait(lambda s: s["frame_number"] == back["frame_number"] + 1)
    press(window, "space")
    window.wait(lambda s: s["playing"] and s["film_s"] > back["film_s"] + 0.3)
    press(window, "space")
    stopped = window.wait(lambda s: not s["playing"])
    assert stopped["seen_s"] > back["seen_s"]
    press(window, "End")
    window.wait(lambda s: s["film_s"] == 10.0)
    press(window, "shift+Up")
    window.wait(lambda s: s["film_s"] == 9.0)
    press_all(window, ("j", "j"))
    window.wait(lambda s: s["pace"] == -2 and s["film_s"] < 8.0 and s["seen_s"] < there["seen_s"])
    press(window, "l")
    window.wait(lambda s: s["pace"] == 1)
    press(window, "k")
    state = window.wait(lambda s: not s["playing"] and s["behind"] == 0.0)
    assert state["camera"] == [2.0, 8.0] and state["seen_s"] == pytest.approx(state["wanted_s"], abs=1e-3)
    press_all(window, ("Home", "j"))
    window.wait(lambda s: s["film_s"] == 0.0 and not s["playing"])


def test_titles_are_stretched_typed_and_deleted_and_what_is_wrong_is_refused(window):
    state = window.state()
    x0, x1, y0, y1 = next(shape[2:] for shape in state["shapes"] if shape[:2] == ["titles", 0])
    drag(window, x1, (y0 + y1) / 2, x1 + 2.0 * state["per_s"], (y0 + y1) / 2)
    state = window.wait(lambda s: s["titles"][0][1] > 5.5)
    assert state["titles"][0][0] == 1.0 and state["selected"] == [["titles", 0]]
    click(window, *state["field"]["Title"])
    window.wait(lambda s: s["typing"])
    press_all(window, ["ctrl+a"])
    window.tool("type", "--delay", "30", "Six {clock}")
    window.wait(lambda s: s["titles"][0][2] == "Six {clock}")
    window.tool("type", "--delay", "30", " {non")
    state = window.wait(lambda s: s["refused"])
    assert state["titles"][0][2].strip() == "Six {clock}" and state["refused"].startswith("titles.0")
    window.tool("key", "Escape")
    state = window.wait(lambda s: not s["typing"])
    x, y = key_of(state, "titles", 0)
    click(window, x, y)
    window.wait(lambda s: s["selected"] == [["titles", 0]])
    press(window, "Delete")
    window.wait(lambda s: not s["titles"] and not s["selected"])
    press(window, "ctrl+z")
    window.wait(lambda s: len(s["titles"]) == 1)


def test_what_is_open_takes_every_key_and_the_film_behind_it_stays(window, tmp_path):
    def film(state):
        return [state[name] for name in ("camera", "titles", "views", "film_s", "pose", "selected", "per_s", "free",
                                         "length", "scrolled")]
    state = window.state()
    press(window, "ctrl+shift+s")
    window.wait(lambda s: s["cards"] == ["PathCard"] and s["typing"])
    press_all(window, ["End"])
    window.tool("type", "/x")
    window.tool("key", "Return")
    refused = window.wait(lambda s: s["why"] and s["typing"])
    assert "mine.toml" in refused["why"]
    press_all(window, (*EDITING, "ctrl+a"))
    window.tool("type", "--delay", "8", str(tmp_path / "two"))
    window.tool("key", "Return")
    there = window.wait(lambda s: not s["cards"])
    assert (tmp_path / "two.toml").exists() and film(there) == film(state)
    for opened, card in (("ctrl+shift+s", "PathCard"), ("ctrl+e", "ExportCard"), ("m", "MovesCard")):
        press(window, opened)
        window.wait(lambda s: s["cards"] == [card])
        if card != "PathCard":
            press_all(window, ("n", "ctrl+a", "BackSpace"))
        if card == "ExportCard":
            grope(window, state)
        assert window.state()["cards"] == [card]
        window.tool("key", "Escape")
        assert film(window.wait(lambda s: not s["cards"] and not s["typing"])) == film(state)
    press(window, "F1")
    window.wait(lambda s: s["help"])
    press_all(window, ("n", "ctrl+a"))
    x, y = state["field"]["Length"]
    drag(window, x, y, x + 30, y)
    window.tool("key", "h")
    assert film(window.wait(lambda s: not s["help"])) == film(state)
    click(window, *key_of(state, "titles", 0))
    chosen = window.wait(lambda s: s["selected"] and "Kind" in s["field"])
    click(window, *chosen["field"]["Kind"])
    window.wait(lambda s: s["modal"])
    press_all(window, EDITING)
    window.tool("key", "Escape")
    assert film(window.wait(lambda s: not s["modal"])) == film(chosen)
    click(window, *chosen["field"]["Title"])    # A field that was typed into hears nothing more either.
    window.wait(lambda s: s["typing"])
    press_all(window, ("ctrl+e", "n"))
    window.tool("key", "Escape")
    assert film(window.wait(lambda s: not s["cards"] and not s["typing"])) == film(chosen)


def test_a_move_of_the_library_goes_in_and_leaving_asks(window, tmp_path):
    press(window, "shift+Right")
    window.wait(lambda s: s["film_s"] == 1.0)
    press(window, "m")
    state = window.wait(lambda s: s["cards"] == ["MovesCard"] and s["moves"])
    click(window, *state["moves"]["orbit"])
    state = window.wait(lambda s: len(s["camera"]) > 2)
    assert state["camera"][0] == 1.0 and not state["cards"] and len(state["selected"]) >= 2
    press(window, "ctrl+q")
    window.wait(lambda s: s["asked"] == "This film is not saved")
    press_all(window, EDITING)
    x, y = key_of(state, "camera", 1)
    drag(window, x, y, x + state["per_s"], y)
    assert window.state()["camera"] == state["camera"]
    window.tool("key", "3")
    window.wait(lambda s: s["asked"] is None and s["running"])
    press(window, "ctrl+e")
    state = window.wait(lambda s: s["cards"] == ["ExportCard"])
    assert state["export"].startswith("300 frames of 1280x720")
    press(window, "Escape")
    window.wait(lambda s: not s["cards"])
    press(window, "g")
    press(window, "x")
    state = window.wait(lambda s: s["guides"] == 1 and s["aspect"] == 1)
    assert state["frame"][2] / state["frame"][3] == pytest.approx(4 / 3, abs=0.01)


def test_a_film_of_the_run_that_is_played_and_back_to_it(process, tmp_path):
    window = process()
    window.open(tmp_path, "play")
    for name in ("plus",) * 6:
        window.key(name)
    window.wait(lambda s: s["now_s"] > 5400.0 and s["speed"] > 1000)
    window.state({"kind": "set_limit", "direction": "import", "kw": 333.0})
    window.key("F3")
    window.key("Tab")
    window.key("c")
    played = window.wait(lambda s: s["view"] == "V2G" and s["selected"] and s["timeline"])
    window.key("ctrl+e")
    first = window.wait(lambda s: s.get("known"))
    assert first["film_s"] == 0.0 and len(first["camera"]) == 1 and first["wanted_s"] == 0.0
    press(window, "End")
    until = window.wait(lambda s: s["film_s"] == 30.0 and s["behind"] == 0.0)
    assert until["seen_s"] >= int(played["now_s"]) and until["limit_kw"] == 333.0
    left, top, width, height = first["frame"]
    drag(window, left + 0.4 * width, top + 0.5 * height, left + 0.6 * width, top + 0.5 * height)
    window.wait(lambda s: s["free"])
    press(window, "k")
    window.wait(lambda s: s["camera"] == [2.0, 30.0])
    press(window, "ctrl+s")
    window.wait(lambda s: s["cards"] == ["PathCard"] and s["typing"])
    window.tool("key", "Return")
    window.wait(lambda s: not s["cards"] and not s["dirty"])
    press(window, "ctrl+q")
    back = window.wait(lambda s: "now_s" in s)
    window.wait(lambda s: s["now_s"] > back["now_s"])
    assert played["now_s"] <= back["now_s"] <= until["seen_s"] + 2.0 * played["speed"]
    for name in ("speed", "view", "log", "limit_kw", "paused", "selected"):
        assert back[name] == played[name], name
    assert back["timeline"] and not back["paused"] and back["log"][-1] == ["operator", "set_limit"]
    window.key("space")
    paused = window.wait(lambda s: s["paused"])
    window.key("ctrl+e")
    window.wait(lambda s: s.get("known"))
    press(window, "ctrl+q")
    again = window.wait(lambda s: "now_s" in s)
    assert again["paused"] and again["now_s"] == paused["now_s"] and again["pose"] == paused["pose"]
    window.key("ctrl+q")
    assert window.process.wait(10) == 0

    from game.film.shots import load
    saved = load(str(tmp_path / "evening_peak.toml"))
    assert [float(key.at) for key in saved.camera] == [2.0, 30.0]
    given = [json.loads(line) for line in (Path(saved.film.run) / "commands.jsonl").read_text().splitlines()]
    assert given[-1]["source"] == "operator" and given[-1]["command"]["kw"] == 333.0
