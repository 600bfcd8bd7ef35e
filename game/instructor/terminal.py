"""The instructor's terminal: the screen kept up to date, keys taken; or plain lines where there is none."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

from game.instructor.desk import HELP, status_line
from game.instructor.screen import FAULT, MINE, PLAIN, QUIET, Span, screen
from game.instructor.wire import Wire
from game.ui.prompt import Prompt
from sim.console import Candidate, Considered
from sim.errors import InputError

REFRESH_S = 0.5
MOST_NEWS = 500
KEYS = {"\n": "enter", "\r": "enter", "\t": "tab", "\x7f": "backspace", "\b": "backspace", "\x1b": "escape",
        "\x01": "home", "\x05": "end"}
QUIT = ("quit", "exit")


def reply_to(wire: Wire, line: str) -> tuple[list[str], bool]:
    """Have a line done; what to say of it, and whether it was done."""
    answer = wire.ask("say", line=line)
    if "error" in answer:
        return [answer["error"]], False
    if answer.get("refusal"):
        return [f"refused: {answer['refusal']}"], False
    return answer.get("lines") or [f"done: {answer['done']}"], True


def help_lines() -> list[str]:
    """The instructor's words, a line each."""
    return [f"{said:<36} {meaning}" for said, meaning in HELP]


def speak_lines(wire: Wire, lines: TextIO, out: TextIO) -> int:
    """Lines from a pipe or file, an answer to each; how many were not done."""
    failed = 0
    for line in map(str.strip, lines):
        if not line or line.startswith("#"):
            continue
        if line in QUIT:
            break
        if line == "help":
            said, done = help_lines(), True
        elif line == "status":
            said, done = [status_line(wire.ask("status"))], True
        else:
            said, done = reply_to(wire, line)
        failed += not done
        print("\n".join(said), file=out, flush=True)
    return failed


class Remote:
    """Completion and meaning of a line, asked of the window."""

    def __init__(self, wire: Wire):
        self._wire = wire

    def complete(self, line: str, cursor: int, _model=None, _instructs: bool = True) -> list[Candidate]:
        answer = self._wire.ask("complete", line=line, cursor=cursor)
        return [Candidate(**one) for one in answer.get("candidates", ())]

    def consider(self, line: str, _model=None, _instructs: bool = True) -> Considered:
        if line.strip() in ("help", *QUIT):
            return Considered(line.strip(), line.strip())
        answer = self._wire.ask("consider", line=line)
        if "command" not in answer:
            return Considered(None, error=answer.get("error"))
        return Considered(answer["text"] if answer["command"] else None, answer["text"], answer["error"],
                          answer["start"], answer["end"], answer["refusal"])


def speak(wire: Wire) -> None:
    """The full screen, until `quit`. Raises InputError when the window is gone."""
    try:
        import curses
    except ImportError:
        raise InputError("instruct: there is no curses here; give lines on the standard input") from None
    os.environ.setdefault("ESCDELAY", "25")
    curses.wrapper(_Terminal(curses, wire).run)


class _Terminal:
    def __init__(self, curses, wire: Wire):
        self._curses, self._wire = curses, wire
        remote = Remote(wire)
        self._prompt = Prompt(remote.complete, remote.consider)
        self._prompt.begin(None)
        self._told: dict = {}
        self._news: list[dict] = []
        self._since = None
        self._reply = [Span("  help tells what may be said; Tab completes, Up recalls, quit leaves", QUIET)]

    def run(self, window) -> None:
        curses = self._curses
        self._styles = self._colours()
        window.timeout(100)
        window.keypad(True)
        looked, fresh = 0.0, True
        while True:
            if fresh or time.monotonic() - looked >= REFRESH_S:
                self._look()
                looked = time.monotonic()
                self._draw(window)
                fresh = False
            try:
                key = window.get_wch()
            except curses.error:
                continue
            except KeyboardInterrupt:
                return
            if self._key(key):
                return
            fresh = True

    def _key(self, key) -> bool:
        """Take a key; whether that ends it."""
        curses, prompt = self._curses, self._prompt
        names = {curses.KEY_UP: "arrow_up", curses.KEY_DOWN: "arrow_down", curses.KEY_LEFT: "arrow_left",
                 curses.KEY_RIGHT: "arrow_right", curses.KEY_BACKSPACE: "backspace", curses.KEY_DC: "delete",
                 curses.KEY_HOME: "home", curses.KEY_END: "end", curses.KEY_NPAGE: "page_down",
                 curses.KEY_PPAGE: "page_up", curses.KEY_ENTER: "enter"}
        name = names.get(key) if isinstance(key, int) else KEYS.get(key)
        if key == "\x04" and not prompt.text:
            return True
        if name == "escape":
            prompt.begin(None)
        elif name is None:
            isinstance(key, str) and prompt.insert(key)
        else:
            line = prompt.key(name)
            if line is not None:
                return self._send(line)
        return False

    def _send(self, line: str) -> bool:
        prompt = self._prompt
        if line in QUIT:
            return True
        if line == "help":
            self._show(help_lines())
            prompt.begin(None)
            return False
        said, done = reply_to(self._wire, line)
        if not done:
            prompt.look_again()
            prompt.refusal = said[0].removeprefix("refused: ")
            return False
        prompt.remember(line)
        prompt.begin(None)
        if len(said) > 1:
            self._show(said)
        self._reply = [Span("  " + said[0], MINE)]
        return False

    def _show(self, lines: list[str]) -> None:
        """Lines among what happened."""
        clock = self._told.get("clock", "")[:5]
        self._news += [{"clock": clock, "kind": "note", "who": "", "text": text} for text in lines]
        self._reply = []

    def _look(self) -> None:
        self._told = self._wire.ask("status", since=self._since)
        if self._since is not None and self._told["since"][0] != self._since[0]:
            self._news.append({"clock": self._told["clock"][:5], "kind": "event", "who": "",
                               "text": f"the trainee goes over to branch {self._told['since'][0]}"})
        self._since = self._told["since"]
        self._news = [*self._news, *self._told["news"]][-MOST_NEWS:]

    def _draw(self, window) -> None:
        height, width = window.getmaxyx()
        shown = screen(self._told, self._news, self._prompt, self._reply, width, height)
        window.erase()
        for row, line in enumerate(shown.lines[:height]):
            column = 0
            for span in line:
                text = span.text[:max(width - column - (1 if row == height - 1 else 0), 0)]
                try:
                    window.addstr(row, column, text, self._styles.get(span.style, 0))
                except self._curses.error:
                    pass  # the last cell of a terminal cannot be written without scrolling
                column += len(text)
        try:
            window.move(min(shown.cursor[0], height - 1), min(shown.cursor[1], width - 1))
        except self._curses.error:
            pass
        window.refresh()

    def _colours(self) -> dict[str, int]:
        curses = self._curses
        styles = {PLAIN: 0, QUIET: curses.A_DIM, "bold": curses.A_BOLD, "warn": curses.A_BOLD, FAULT: curses.A_BOLD,
                  MINE: 0}
        if curses.has_colors():
            curses.use_default_colors()
            for k, (style, colour) in enumerate((("warn", curses.COLOR_YELLOW), (FAULT, curses.COLOR_RED),
                                                 (MINE, curses.COLOR_CYAN)), 1):
                curses.init_pair(k, colour, -1)
                styles[style] = curses.color_pair(k) | (curses.A_BOLD if style == FAULT else 0)
        return styles


def is_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()
