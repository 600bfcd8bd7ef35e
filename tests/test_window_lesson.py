"""A trainee at a lesson for real: `voltyard train` with keys and clicks and an instructor beside, killed, resumed
by the window's question, played to its end, begun again, quit."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from windows import ROOT

from game.instructor.wire import Wire, choose, windows
from sim.training.records import Records


class Lesson:
    """`voltyard train first_lesson` in its own process."""

    def __init__(self, display, folder):
        self.env = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder / "home"),
                    "PYTHONPATH": str(ROOT)}
        self.folder = folder / "lessons"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "game", "train", "first_lesson", "--out", str(self.folder),
             "--trainee", "Ada"], env=self.env, cwd=folder, text=True, stdout=subprocess.PIPE)
        self.id = self.until(lambda: self.find())

    def find(self):
        found = subprocess.run(["xdotool", "search", "--name", "^Voltyard$"], env=self.env, text=True,
                               capture_output=True).stdout.split()
        return found[-1] if found else None

    def until(self, reached, most_s=30.0):
        """The first true value of `reached()`."""
        end = time.monotonic() + most_s
        while time.monotonic() < end:
            value = reached()
            if value:
                return value
            time.sleep(0.1)
        pytest.fail("never reached")

    def tool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, capture_output=True)

    def say(self, line):
        self.tool("key", "semicolon")
        time.sleep(0.3)
        self.tool("type", "--delay", "25", line)
        self.tool("key", "Return")

    def position(self, attempt):
        path = self.folder / f"first_lesson-{attempt:03d}" / "position.json"
        return json.loads(path.read_text())["t"] if path.exists() else 0.0

    def instruct(self, line):
        """What the window answers an instructor."""
        wire = Wire(choose(None))
        try:
            return wire.ask("say", line=line).get("done")
        finally:
            wire.close()

    def status(self):
        wire = Wire(choose(None))
        try:
            return wire.ask("status")
        finally:
            wire.close()

    def commands(self, attempt):
        path = self.folder / f"first_lesson-{attempt:03d}" / "commands.jsonl"
        return [json.loads(line)["command"]["kind"] for line in path.read_text().splitlines()]


def test_a_lesson_is_begun_killed_resumed_and_left(display, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    first = Lesson(display, tmp_path)
    first.until(lambda: (first.folder / "first_lesson-001" / "position.json").exists())
    assert first.position(1) == 0.0  # it waits until the briefing is read
    first.tool("mousemove", "--window", first.id, 640, 600)
    first.tool("key", "i")
    first.say("speed 300")
    first.say("strategy all equal_share")
    first.until(lambda: "set_strategy" in first.commands(1) and first.position(1) > 120.0)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    at = first.position(1)
    second = Lesson(display, tmp_path)
    assert not windows(), "a question is no run to instruct"
    second.tool("mousemove", "--window", second.id, 640, 600)
    second.tool("key", "Return")  # go on, the first answer
    line = second.process.stdout.readline()
    assert "first_lesson-001 broke off" in line and re.search(r"goes on at 17:\d\d", line)
    second.until(windows)
    assert second.position(2) >= at
    second.until(lambda: second.position(2) > at + 60.0)  # its clock runs again
    assert second.commands(2) == ["set_strategy"]
    assert second.instruct("take over") == "take over"
    second.say("strategy uncontrolled")
    second.tool("key", "Escape")
    second.tool("key", "space")
    told = second.status()
    assert told["taken_over"] and not told["paused"] and second.commands(2) == ["set_strategy", "take_over"]
    assert second.instruct("speed 3600") == "speed 3600"
    second.until(lambda: (second.folder / "first_lesson-002" / "results.json").exists())
    second.until(lambda: second.status()["exercise"]["passed"] is not None)
    kept = Records(tmp_path / "out" / "trainees.sqlite")
    second.until(lambda: kept.attempts("Ada"))  # while the sheet is still shown
    second.tool("key", "Return")  # again, the sheet's first button
    second.until(lambda: (second.folder / "first_lesson-003" / "position.json").exists())
    told = second.until(lambda: (lambda now: now["t"] == 0.0 and now)(second.status()))
    assert told["speed"] == 18 and told["paused"] and not told["taken_over"]
    second.tool("mousemove", "--window", second.id, 640, 600)
    second.tool("key", "ctrl+q")
    assert second.process.wait(10) == 0
    assert "not over" in second.process.stdout.read()
    assert len(kept.attempts("Ada")) == 1
    second.process.stdout.close()
    first.process.stdout.close()
