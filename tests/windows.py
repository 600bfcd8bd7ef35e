"""The window for real: an X server without a screen, a mouse and a keyboard that xdotool moves, and the
application in a process of its own, which tells its state (`windows_served`)."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVED = Path(__file__).with_name("windows_served.py")


class Window:
    """The application in its own process, under its own X server; `open` begins it anew."""

    def __init__(self, display: str):
        self.env = {**os.environ, "DISPLAY": display}
        self.process = subprocess.Popen([sys.executable, str(SERVED)], env=self.env, text=True, cwd=ROOT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def open(self, folder: Path, app: str = "window") -> None:
        """A new window with one of the applications that `windows_served` knows; what it writes goes to
        `folder`, or beside it."""
        self.tool("mousemove", 2559, 1439)
        self.state({"open": str(folder), "app": app})
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
        """A key, with the pointer over the picture."""
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
    """A window in which the small site of `windows_served` is played."""
    opened = process()
    opened.open(tmp_path / "out")
    return opened


def click(window, x, y):
    window.tool("mousemove", "--window", window.id, round(x), round(y))
    window.state()
    window.tool("click", 1)


def drag(window, x0, y0, x1, y1):
    window.tool("mousemove", "--window", window.id, round(x0), round(y0))
    window.state()
    window.tool("mousedown", 1)
    window.state()
    for k in range(1, 7):
        window.tool("mousemove", "--window", window.id, round(x0 + (x1 - x0) * k / 6), round(y0 + (y1 - y0) * k / 6))
        window.state()
    window.tool("mouseup", 1)


def press_all(window, names):
    """Keys one after the other, each of them heard before the next."""
    for name in names:
        window.tool("key", name)
        for _ in range(3):  # A chord takes a frame to be heard and one to be let go.
            window.state()


def in_view(state) -> tuple[str, list[float]]:
    """A vehicle whose middle is in the open part of the picture, and its pixel."""
    width, height = state["size"]
    for name, (x, y) in sorted(state["vehicles"].items()):
        if 0.25 * width < x < 0.75 * width and 0.3 * height < y < 0.9 * height:
            if state["seen"][name]:
                return name, [x, y]
    pytest.fail(f"no vehicle in the middle of the picture: {state}")
