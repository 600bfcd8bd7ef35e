"""The film editor for real: clicks, drags and keys in a window that xdotool moves, and the file that comes of it.

Run as a script this file is the editor under test: it answers each line on its standard input with its state as
one line of JSON.
"""

import json
import os
import select
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import test_window  # noqa: E402
from test_window import Window, click, display  # noqa: E402, F401  (a fixture)


@pytest.fixture(scope="module")
def process(display):  # noqa: F811
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_window, "__file__", __file__)
        running = Window(display)
    yield running
    running.close()


@pytest.fixture
def window(process, tmp_path):
    process.open(tmp_path)
    process.wait(lambda s: s["known"])
    return process


def drag(window, x0, y0, x1, y1, *, keys=()):
    window.tool("mousemove", "--window", window.id, round(x0), round(y0))
    window.state()
    window.tool("mousedown", 1)
    window.state()
    for k in range(1, 7):
        window.tool("mousemove", "--window", window.id, round(x0 + (x1 - x0) * k / 6), round(y0 + (y1 - y0) * k / 6))
        window.state()
    window.tool("mouseup", 1)


def press(window, name):
    """A key, with the pointer over the picture."""
    left, top, width, height = window.state()["frame"]
    window.tool("mousemove", "--window", window.id, round(left + width / 2), round(top + height / 2))
    window.tool("key", name)


EDITING = ("n", "t", "e", "w", "alt+w", "space", "End", "ctrl+a", "BackSpace", "ctrl+z")


def press_all(window, names):
    """Keys one after the other, each of them heard before the next."""
    for name in names:
        window.tool("key", name)
        for _ in range(3):  # A chord takes a frame to be heard and one to be let go.
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
    press(window, "j")
    window.wait(lambda s: s["film_s"] == 9.0)
    press(window, "Home")
    window.wait(lambda s: s["film_s"] == 0.0)


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
        return [state[name] for name in ("camera", "titles", "views", "film_s", "pose", "selected")]
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
        assert window.state()["cards"] == [card]
        window.tool("key", "Escape")
        window.wait(lambda s: not s["cards"] and not s["typing"])
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


# The editor under test

MINE = """# Mine.

[film]
name = "Mine"
duration = 10
scenario = "evening_peak"

[[camera]]
at = 2
look = "default"
ease = "rest"

[[camera]]
at = 8
turn = 40

[[time]]
at = 1
sim = "17:00"

[[time]]
at = 9
sim = "18:00"

[[titles]]
kind = "lower_third"
at = 1
until = 4
title = "Five"
"""


def opened(folder: Path):
    from game.editor.editor import Editor
    from game.editor.session import session_of

    os.environ["XDG_CONFIG_HOME"] = str(folder.parent / "home")
    (folder / "mine.toml").write_text(MINE)
    return Editor(session_of(str(folder / "mine.toml"), None))


def serve() -> None:
    app, last = None, time.perf_counter()
    while True:
        if app is not None and app.running:
            now = time.perf_counter()
            app.frame(now - last)
            last = now
        if not select.select([sys.stdin], [], [], 0.0 if app is not None else None)[0]:
            continue
        line = sys.stdin.readline()
        if not line:
            break
        order = json.loads(line) if line.strip() else {}
        if "open" in order:
            if app is not None:
                app.close()
            app, last = opened(Path(order["open"])), time.perf_counter()
            app.frame(0.0)
        print(json.dumps(describe(app)), flush=True)
    if app is not None:
        app.close()


def describe(app) -> dict:
    """The state that the tests look at."""
    hud, document, head = app.hud, app.document, app.playhead
    line, form = hud.tracks, hud.inspector.form
    shots, chosen = document.shots, document.selected
    camera = [spot.number for spot in chosen if spot.track == "camera"]
    top = hud.layout.foot[1] + hud._theme.px(34.0)
    pose = app._shown_pose
    return {
        "known": app.known_film_s() == float(head.end), "film_s": float(head.film_s), "playing": head.playing,
        "frame_number": head.frame, "behind": app.behind_s, "seen_s": app.model.now_s,
        "wanted_s": app.tracks.sim_s(head.film_s), "free": app.free, "yaw": pose.yaw, "pose": [*pose.target, pose.yaw],
        "dirty": document.dirty,
        "camera": [float(key.at) for key in shots.camera], "selected": [list(spot) for spot in chosen],
        "key_yaw": document.standing(camera[0]).yaw if camera else None,
        "titles": [[float(title.at), float(title.until), title.title] for title in shots.titles],
        "frame": list(hud.layout.frame), "left": line._left, "per_s": line._per_s,
        "ruler": [line._left, top + hud._theme.px(14.0)],
        "shapes": [[*shape.spot, shape.x0, shape.x1, shape.y0, shape.y1] for shape in line.shapes
                   if not shape.edge],
        "views": [float(key.at) for key in shots.view], "modal": hud.modal, "why": hud.path.why,
        "typing": hud.typing, "field": form.places, "refused": next(iter(form.refusals.values()), ""),
        "cards": [type(card).__name__ for card in hud.cards if card.open], "moves": hud.moves.places,
        "asked": hud.dialog and hud.dialog.title, "running": app.running,
        "export": hud.export.summary(app)[0] if hud.export.open else "", "guides": app.guides, "aspect": app.aspect,
        "second": app.second is not None, "message": hud._message}


if __name__ == "__main__":
    serve()
