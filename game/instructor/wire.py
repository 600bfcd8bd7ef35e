"""The instructor's side: which windows there are, and asking one of them."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path

from game.instructor.station import announced
from sim.errors import InputError

PATIENCE_S = 15.0
NOBODY = "instruct: no window is open here; `voltyard train LESSON` or `voltyard play` opens one"
NO_TOUR = "present: no tour is shown here; `voltyard demo --tour` or `--kiosk` begins one"


@dataclass(frozen=True)
class Window:
    """A window as it announces itself."""

    pid: int
    port: int
    token: str
    scenario: str
    folder: str | None
    path: Path
    tour: bool = False

    @property
    def words(self) -> str:
        return f"{self.pid}: {self.scenario}" + (f", {self.folder}" if self.folder else "")


def windows() -> list[Window]:
    """Windows that are announced, by process; what a killed one left behind is cleared away."""
    found = []
    for path in sorted(announced().glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            one = Window(int(told["pid"]), int(told["port"]), str(told["token"]), str(told["scenario"]),
                         told.get("folder"), path, bool(told.get("tour")))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        try:
            socket.create_connection(("127.0.0.1", one.port), 1.0).close()
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            continue
        except OSError:
            pass
        found.append(one)
    return found


def choose(pid: int | None, tour: bool = False) -> Window:
    """The window of a process, or the only one there is; of those that show a `tour`, or of all. Raises
    InputError."""
    who, nobody = ("present", NO_TOUR) if tour else ("instruct", NOBODY)
    there = [one for one in windows() if one.tour or not tour]
    if not there:
        raise InputError(nobody)
    found = there if pid is None else [one for one in there if one.pid == pid]
    if not found:
        raise InputError(f"{who}: --window {pid}: no such window, expected one of "
                         f"{', '.join(str(one.pid) for one in there)}")
    if len(found) > 1:
        raise InputError(f"{who}: more than one window is open, choose by --window PID: "
                         + "; ".join(one.words for one in found))
    return found[0]


class Wire:
    """A connection to a window. Raises InputError where it does not answer."""

    def __init__(self, window: Window, who: str = "instruct"):
        self.window, self._who = window, who
        try:
            self._socket = socket.create_connection(("127.0.0.1", window.port), PATIENCE_S)
            self._file = self._socket.makefile("rwb")
            self._exchange({"token": window.token})
        except OSError as error:
            raise InputError(f"{who}: window {window.pid} does not answer ({error})") from None

    def ask(self, what: str, **facts) -> dict:
        """Ask the window's desk (`game.instructor.desk`)."""
        try:
            return self._exchange({"ask": what, **facts})
        except OSError as error:
            raise InputError(f"{self._who}: the window has closed or does not answer ({error})") from None

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _exchange(self, request: dict) -> dict:
        self._file.write(json.dumps(request).encode() + b"\n")
        self._file.flush()
        line = self._file.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("it hung up")
        return json.loads(line)
