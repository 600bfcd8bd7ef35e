"""The window for real: an X server without a screen, a mouse and a keyboard that xdotool moves.

Run as a script this file is the application under test: it answers each line on its standard input,
the first of which opens the window, with the application's state as one line of JSON.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from game.preflight import (has_display, missing_libraries, no_context,  # noqa: E402
                            require_graphics)
from sim.errors import InputError  # noqa: E402

START_S = 6 * 3600.0
SITE = {
    "name": "window / test", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
    "site": {"zones": [{"name": "Z", "stations": [
        {"count": 4, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
    "sessions": {"kind": "generated", "groups": [
        {"use_case": "private", "vehicles": 12, "models": [{"model": "tesla_model_3_rwd"}]}]},
}


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


class Window:
    """The application in its own process, under its own X server; `open` begins it anew."""

    def __init__(self, display: str):
        self.env = {**os.environ, "DISPLAY": display}
        self.process = subprocess.Popen([sys.executable, __file__], env=self.env, text=True, cwd=ROOT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def open(self, out: Path) -> None:
        """A new window with a new model; pictures go to `out`, layouts beside it."""
        self.tool("mousemove", 2559, 1439)
        self.state({"open": str(out)})
        self.id = self.tool("search", "--name", "^Voltyard$").split()[-1]

    def tool(self, *words) -> str:
        return subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, text=True,
                              capture_output=True).stdout

    def state(self, order: dict | None = None) -> dict:
        """What the application shows; after it was opened, its model got a command, or its camera
        jumped to a pose."""
        self.process.stdin.write((json.dumps(order) if order else "") + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the window's process ended with {self.process.wait()}"
        return json.loads(line)

    def wait(self, reached) -> dict:
        """The first state for which `reached(state)` holds; fails after ten seconds."""
        for _ in range(200):
            state = self.state()
            if reached(state):
                return state
            time.sleep(0.05)
        pytest.fail(f"never reached; the last state is {state}")

    def still(self) -> dict:
        """The state once the camera rests."""
        seen = [None]

        def resting(state):
            seen.append(state["pose"])
            return seen[-1] == seen[-2]
        return self.wait(resting)

    def key(self, name: str) -> None:
        self.tool("mousemove", "--window", self.id, 640, 600)
        self.tool("key", name)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def display():
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.fail(f"{program} is missing: apt-get install -y xvfb xdotool")
    reader, writer = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "2560x1440x24",
                               "+extension", "GLX", "-nolisten", "tcp", "-noreset"],
                              pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def process(display):
    """The application's process, started again when it has ended."""
    running = []

    def one() -> Window:
        if running and running[0].process.poll() is not None:
            running.pop().close()
        if not running:
            running.append(Window(display))
        return running[0]
    yield one
    for left in running:
        left.close()


@pytest.fixture
def window(process, tmp_path):
    opened = process()
    opened.open(tmp_path / "out")
    return opened


def in_view(state) -> tuple[str, list[float]]:
    """A vehicle whose middle is in the open part of the picture, and its pixel."""
    width, height = state["size"]
    for name, (x, y) in sorted(state["vehicles"].items()):
        if 0.25 * width < x < 0.75 * width and 0.3 * height < y < 0.9 * height:
            if state["seen"][name]:
                return name, [x, y]
    pytest.fail(f"no vehicle in the middle of the picture: {state}")


def click(window, x, y):
    window.tool("mousemove", "--window", window.id, round(x), round(y))
    window.state()
    window.tool("click", 1)


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


# The application under test

def opened(out: Path):
    from game.app import App
    from game.ui.trace import Trace
    from sim.model import Model
    from sim.scenario import from_dict

    os.environ["XDG_CONFIG_HOME"] = str(out.parent / "home")
    scenario = from_dict(SITE, "window test")
    model = Model(scenario, history=Trace())
    app = App(scenario, model, out=out)
    model.advance(START_S)
    app.restart_clock()
    return app


def serve() -> None:
    from game.camera import Pose
    from sim.commands import COMMANDS

    app, last = None, time.perf_counter()
    while app is None or app.running:
        if app is not None:
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
        elif "kind" in order:
            app.submit(COMMANDS.validate_python(order))
        elif order:
            app.camera.jump_to(Pose(**order))
            app.frame(0.0)
        print(json.dumps(describe(app)), flush=True)
    if app is not None:
        app.close()


def describe(app) -> dict:
    """The state that the tests look at; vehicles are where their middles are drawn."""
    from game.picking import nearest
    from game.scene.selection import KINDS
    from game.ui.strip import FIRST_ROW, GAP
    from game.ui.theme import MARGIN, PADDING

    import numpy as np

    pose, (width, height) = app.camera.shown, app.size
    forward, right, up = pose.axes()
    kinds, rows, centers, half, headings = app.scene.pick_boxes(app.model.world)
    half_height = np.tan(np.radians(app.shell.vertical_fov_deg) / 2.0)
    vehicles, seen = {}, {}
    boxes = [[KINDS[kind], getattr(app.model.world, KINDS[kind]).names[row], *box]
             for kind, row, *box in zip(kinds.tolist(), rows.tolist(), centers.tolist(), half.tolist(),
                                        headings.tolist())]
    for index in np.flatnonzero(kinds == KINDS.index("vehicle")):
        away = centers[index] - pose.eye()
        depth = away @ forward
        name = app.model.world.vehicle.names[rows[index]]
        vehicles[name] = ((away @ right / depth / half_height * height / width + 1.0) * width / 2.0,
                          (1.0 - away @ up / depth / half_height) * height / 2.0)
        direction = away / np.linalg.norm(away)
        seen[name] = (nearest(pose.eye(), direction, centers, half, headings) == int(index)
                      and not app.hud.covers(vehicles[name]))
    selected = app.selected
    if selected is not None:
        selected = [selected[0], getattr(app.model.world, selected[0]).names[selected[1]]]
    lens = app.shell.lens
    origin = app.shell.base.win.get_properties().get_origin()
    return {"size": list(app.size), "origin": [origin.x, origin.y], "selected": selected, "speed": app.clock.speed,
            "paused": app.clock.paused, "now_s": app.now_s, "real_s": app.real_s,
            "out_of_service": int((~app.model.world.connector.in_service).sum()),
            "help": app.help_open, "vehicles": vehicles, "seen": seen, "boxes": boxes,
            "fov": app.shell.vertical_fov_deg, "aspect": lens.get_aspect_ratio(),
            "pause_button": [MARGIN + PADDING + FIRST_ROW[0].width + GAP + 14, 42],
            "pose": {"target": list(pose.target), "distance": pose.distance, "yaw": pose.yaw,
                     "pitch": pose.pitch},
            **describe_panels(app), **describe_past(app)}


def describe_past(app) -> dict:
    """What is typed, which instant of which branch is seen, and where the timeline lies."""
    hud, branching = app.hud, app.branching
    line = hud.timeline
    shown = line.open and line.lanes is not None
    return {
        "prompt": [hud.prompt.open, hud.prompt.text, *hud.prompt.says], "said": hud.prompt.lines,
        "seen_s": app.now_s, "past": branching.past, "target_s": branching.shown_s,
        "played_s": branching.played.now_s, "branch": branching.branch.name,
        "beside": branching.beside and branching.beside.branch.name,
        "branches": list(branching.tree.branches), "other": branching.other and branching.other.name,
        "ahead": hud.foresight.ahead is not None,
        "limit_kw": app.model.world.hub.import_limit_kw.item(0),
        "plugged": int((app.model.world.vehicle.connector >= 0).sum()),
        "log": [[entry["source"], entry["command"]["kind"]] for entry in branching.played.commands],
        "timeline": shown and [*line.track(hud._brush, app.size), line.rect(hud._brush, app.size)[1] + 30.0,
                               line.lanes.duration_s],
        "ticks": shown and [tick.words for tick in line.lanes.commands + line.lanes.injects]}


def describe_panels(app) -> dict:
    """Panels, tabs and alarms: what they say and where they lie."""
    from game.ui import legend, tabs
    from game.ui.cards import BUTTONS, FOOT

    hud, model = app.hud, app.model
    brush, dashboard = hud._brush, hud.dashboard
    px = brush.theme.px
    card = hud.card_rect
    table = dashboard.table()
    names = model.world.tables[table.kind].names if table is not None else []
    below = px(12) + hud._rects[0][3]
    return {
        "view": app.look.view.name, "overlay": app.look.overlay.name, "panels_shown": hud.visible,
        "tabs": {view.name: rect for view, rect in
                 tabs.rects(brush, app.size, below, app.look.view).items()},
        "panels": {seat.panel: [list(rect), shown, seat.dock]
                   for seat, rect, shown in dashboard._places},
        "flow": app.look.flow.name,
        "legend": " ".join(entry.words for entry in legend.entries(app.look, hud._site)),
        "measured": {row.label: row.value for key in ("performance", "drawn", "pace")
                     for row in dashboard.panels[key].rows},
        "focus": dashboard.focus, "scale": hud.scale, "layout": hud._layout,
        "turning": app.turning, "following": app.following, "sound": hud.chime.on,
        "played": hud.chime.played,
        "alarms": [[alert.source, alert.acknowledged, alert.active] for alert in hud.alerts.shown],
        "table": [names[row] for row in table.rows] if table is not None else [],
        "sorted": table is not None and [table.sort_by, table.descending, table.filter],
        "bounds": [max(rect[k] + rect[k + 2] for rect in hud._rects) for k in (0, 1)],
        "service_button": card and [card[0] + card[2] * 0.75,
                                    card[1] + card[3] - px(FOOT + BUTTONS - 8 - 13)]}


if __name__ == "__main__":
    serve()
