"""The window: what it says where graphics are missing, and hands at it for real."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image
from windows import ROOT, click, in_view

from game.camera import Pose
from game.framing import Area, shifted
from game.preflight import has_display, missing_libraries, no_context, require_graphics
from sim.errors import InputError


def test_missing_libraries_are_named_with_the_command_that_installs_them(monkeypatch):
    def load(name):
        if name == "libEGL.so.1":
            raise OSError(name)
    monkeypatch.setattr(sys, "platform", "linux")
    assert missing_libraries(True, load) == {"libEGL.so.1": "libegl1"}
    assert missing_libraries(False, load) == {}
    require_graphics(False, load)
    with pytest.raises(InputError) as error:
        require_graphics(True, load)
    assert "libEGL.so.1" in str(error.value)
    assert "apt-get install -y libegl1 libgl1-mesa-dri" in str(error.value)


def test_a_missing_driver_is_named():
    def load(name):
        if name.startswith("libEGL_"):
            raise OSError(name)
    text = str(no_context(True, load))
    assert "libEGL_mesa.so.0" in text and "libegl-mesa0 libgl1-mesa-dri" in text
    assert "missing" not in str(no_context(True, lambda name: None))
    assert "libegl" not in str(no_context(False, load))


def test_a_display_without_the_library_to_ask_it_is_an_error(monkeypatch):
    def load(name):
        if name == "libX11.so.6":
            raise OSError(name)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    with pytest.raises(InputError, match="libX11.so.6.*apt-get install -y libgl1-mesa-dri libx11-6"):
        has_display(load)
    monkeypatch.delenv("DISPLAY")
    assert not has_display(load)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="EGL is asked on Linux only")
def test_no_driver_at_all_is_one_line(tmp_path):
    env = {**os.environ, "__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "game", "shot", "evening_peak", "--at", "18:00",
                           "-o", str(tmp_path / "x.png")], cwd=ROOT, env=env, text=True,
                          capture_output=True)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("voltyard: OpenGL gave no offscreen buffer")
    assert done.stderr.count("\n") == 1 and "libegl-mesa0" in done.stderr and not done.stdout


def test_a_display_that_does_not_answer_is_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":4711")
    assert not has_display()
    monkeypatch.delenv("DISPLAY")
    assert not has_display()


def test_the_pure_parts_need_no_graphics():
    pure = "game.clock, game.picking, game.ui.facts, game.preflight, game.camera, game.bench_scene"
    code = (f"import sys, {pure}\n"
            "print([n for n in sys.modules if n.split('.')[0] in "
            "('panda3d', 'ursina', 'imgui_bundle', 'direct', 'p3dimgui')])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, text=True,
                          capture_output=True)
    assert done.stdout.strip() == "[]"


def test_a_click_selects_and_escape_clears(window):
    name, at = in_view(window.still())
    click(window, *at)
    state = window.wait(lambda s: s["selected"] is not None)
    assert state["selected"] == ["vehicle", name]
    window.key("Escape")
    window.wait(lambda s: s["selected"] is None)


def test_a_click_on_a_panel_stays_there(window):
    before = window.still()
    click(window, 120, 40)
    time.sleep(0.2)
    assert window.state()["selected"] is None
    window.tool("mousemove", "--window", window.id, 640, 40, "click", 4, "click", 4)
    time.sleep(0.3)
    assert window.still()["pose"] == before["pose"]


def test_the_pause_button_pauses(window):
    x, y = window.state()["pause_button"]
    click(window, x, y)
    window.wait(lambda s: s["paused"])
    time.sleep(0.2)
    click(window, x, y)
    window.wait(lambda s: not s["paused"])


def test_a_card_button_gives_the_model_a_command(window):
    name, at = in_view(window.still())
    click(window, *at)
    window.wait(lambda s: s["selected"] == ["vehicle", name])
    # The second button of a plugged-in vehicle's card: Out of service, then Back in service.
    click(window, *window.state()["service_button"])
    window.wait(lambda s: s["out_of_service"] == 1)
    assert window.state()["selected"] == ["vehicle", name]
    window.tool("click", 1)
    window.wait(lambda s: s["out_of_service"] == 0)


def test_space_pauses_the_simulation_alone(window):
    window.key("space")
    paused = window.wait(lambda s: s["paused"])
    time.sleep(0.3)
    later = window.state()
    assert later["now_s"] == paused["now_s"] and later["real_s"] > paused["real_s"]
    window.key("space")
    window.wait(lambda s: s["now_s"] > paused["now_s"])


def test_keys_change_the_speed(window):
    assert window.state()["speed"] == 60
    window.key("plus")
    window.wait(lambda s: s["speed"] == 300)
    window.key("minus")
    window.wait(lambda s: s["speed"] == 60)
    window.key("bracketleft")
    window.wait(lambda s: s["speed"] == 10)
    window.key("bracketright")
    window.wait(lambda s: s["speed"] == 60)


def test_tab_selects_and_f_frames_and_r_returns(window):
    home = window.still()["pose"]
    window.key("Tab")
    first = window.wait(lambda s: s["selected"] is not None)["selected"]
    window.key("Tab")
    window.wait(lambda s: s["selected"] not in (None, first))
    window.key("f")
    window.wait(lambda s: s["pose"]["distance"] < 0.6 * home["distance"])
    window.key("r")
    window.wait(lambda s: s["pose"] == home)


def test_a_selection_under_its_own_card_comes_out_once(window):
    window.key("Tab")
    state = window.wait(lambda s: s["selected"] is not None)
    chosen = state["selected"][1]
    window.key("Escape")
    window.wait(lambda s: s["selected"] is None)
    home, place = Pose(**window.still()["pose"]), np.array(next(b[2] for b in state["boxes"] if b[1] == chosen))
    under = shifted(home, place, Area(0.75, 0.76, 0.2, 0.21), ((0.0, 0.0, 1280.0, 720.0),), (1280, 720))

    def back():
        window.state({"target": list(under.target), "distance": under.distance, "yaw": under.yaw, "pitch": under.pitch})
    back()
    assert window.still()["vehicles"][chosen][0] > 1100
    window.key("Tab")
    out = window.wait(lambda s: s["selected"] is not None and s["vehicles"][chosen][0] < 960)
    assert out["pose"]["yaw"] == under.yaw and out["pose"]["distance"] == pytest.approx(under.distance)
    back()      # As a hand may have put it there: what was selected before stays where it is.
    assert window.still()["vehicles"][chosen][0] > 1100


def test_a_drag_orbits_and_selects_nothing(window):
    before = window.still()
    _, (x, y) = in_view(before)
    window.tool("mousemove", "--window", window.id, round(x), round(y), "mousedown", 1)
    for step in range(1, 11):
        window.tool("mousemove", "--window", window.id, round(x) + 12 * step, round(y) + 3 * step)
        window.state()
    window.tool("mouseup", 1)
    after = window.still()
    assert after["selected"] is None
    assert after["pose"]["yaw"] - before["pose"]["yaw"] == pytest.approx(30.0, abs=4.0)
    assert after["pose"]["pitch"] - before["pose"]["pitch"] == pytest.approx(7.5, abs=1.5)
    assert after["pose"]["target"] == before["pose"]["target"]


def test_a_shift_drag_pans_and_the_wheel_zooms(window):
    before = window.still()["pose"]
    window.tool("mousemove", "--window", window.id, 640, 500, "keydown", "shift", "mousedown", 1)
    for step in range(1, 6):
        window.tool("mousemove", "--window", window.id, 640 + 20 * step, 500)
        window.state()
    window.tool("mouseup", 1, "keyup", "shift")
    after = window.still()["pose"]
    assert after["yaw"] == pytest.approx(before["yaw"], abs=1e-6)
    assert after["target"][0] < before["target"][0] - 1.0
    window.tool("click", 4)
    assert window.wait(lambda s: s["pose"]["distance"] < after["distance"] - 1.0)


@pytest.mark.parametrize("size", [(800, 600), (900, 800), (2560, 1440)])
def test_a_resized_window_keeps_the_picture_right(window, size):
    window.still()
    window.tool("windowsize", window.id, *size)
    state = window.wait(lambda s: s["size"] == list(size))
    assert state["aspect"] == pytest.approx(size[0] / size[1])
    name, at = in_view(window.still())
    click(window, *at)
    assert window.wait(lambda s: s["selected"] is not None)["selected"] == ["vehicle", name]


def test_help_opens_and_full_screen_fills_the_display(window):
    window.key("h")
    window.wait(lambda s: s["help"])
    window.key("Escape")
    window.wait(lambda s: not s["help"])
    window.key("F11")
    window.wait(lambda s: s["size"] == [2560, 1440])
    window.key("F11")
    window.wait(lambda s: s["size"] == [1280, 720])


def test_full_screen_gives_the_window_back_where_it_was(window):
    window.tool("windowmove", window.id, 130, 90)
    window.wait(lambda s: s["origin"] == [130, 90])
    window.key("F11")
    window.wait(lambda s: s["size"] == [2560, 1440])
    window.key("F11")
    window.wait(lambda s: s["size"] == [1280, 720] and s["origin"] == [130, 90])


def test_f12_saves_a_picture_each_time(window, tmp_path):
    window.key("space")
    window.wait(lambda s: s["paused"])
    for count in (1, 2):
        window.key("F12")
        window.wait(lambda s: len(list((tmp_path / "out").glob("window-test_*.png"))) == count)
    for path in (tmp_path / "out").iterdir():
        with Image.open(path) as picture:
            assert picture.size == (1280, 720) and picture.format == "PNG"


def test_control_q_quits(window):
    window.key("ctrl+q")
    assert window.process.wait(10) == 0
