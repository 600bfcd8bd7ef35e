"""The command line over the scene: what is typed, what may come next, what would be refused. No graphics.

Words and meaning are those of `sim.console`; a line is looked at again when it changes, not in each frame.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.console import Candidate, Considered, complete, consider

LONGEST, MOST_SHOWN, MOST_LINES = 200, 6, 100


class Prompt:
    """A line that is typed, with its `cursor`. `lines` are those that were sent or clicked before, oldest
    first, by whoever speaks now; `candidates` are what may stand at the cursor, `chosen` the one that Tab takes."""

    def __init__(self, complete: Callable = complete, consider: Callable = consider):
        self._complete, self._consider = complete, consider
        self.open = False
        self.text, self.cursor = "", 0
        self.instructs = False
        self._lines: dict[bool, list[str]] = {False: [], True: []}
        self.candidates: list[Candidate] = []
        self.chosen = 0
        self.considered = Considered(None)
        self.refusal: str | None = None
        self._model, self._barred = None, lambda _command: None
        self._at: int | None = None
        self._draft = ""

    @property
    def lines(self) -> list[str]:
        return self._lines[self.instructs]

    def begin(self, model, text: str = "", barred: Callable = lambda _command: None) -> None:
        """Open with a text; names and refusals are the model's, and `barred(command)` says why one cannot be
        given now, whatever the model says."""
        self.open, self._model, self._at, self._barred = True, model, None, barred
        self._put(text)

    def close(self) -> None:
        self.open = False
        self.text, self.candidates, self._model = "", [], None

    def remember(self, line: str) -> None:
        """A line was carried out, whoever said it."""
        if not self.lines or self.lines[-1] != line:
            self._lines[self.instructs] = [*self.lines, line][-MOST_LINES:]

    def insert(self, letters: str) -> None:
        """Letters at the cursor; what is not printable is left out."""
        letters = "".join(letter for letter in letters if letter.isprintable())
        if letters and len(self.text) + len(letters) <= LONGEST:
            self._put(self.text[:self.cursor] + letters + self.text[self.cursor:], self.cursor + len(letters))

    def key(self, name: str) -> str | None:
        """A key by Panda's name. Returns the line if it is to be carried out now."""
        text, cursor = self.text, self.cursor
        if name == "escape":
            self.close()
        elif name == "enter":
            return text.strip() or None
        elif name == "backspace" and cursor:
            self._put(text[:cursor - 1] + text[cursor:], cursor - 1)
        elif name == "delete":
            self._put(text[:cursor] + text[cursor + 1:], cursor)
        elif name in ("arrow_left", "arrow_right", "home", "end"):
            self._put(text, {"arrow_left": max(cursor - 1, 0), "arrow_right": min(cursor + 1, len(text)),
                             "home": 0, "end": len(text)}[name])
        elif name == "tab" and self.candidates:
            self.take(self.chosen)
        elif name in ("page_down", "page_up") and self.candidates:
            self.chosen = (self.chosen + (1 if name == "page_down" else -1)) % len(self.candidates)
        elif name in ("arrow_up", "arrow_down"):
            self._recall(-1 if name == "arrow_up" else 1)
        return None

    def take(self, number: int) -> None:
        """Complete the line by a candidate."""
        one = self.candidates[number]
        rest = self.text[one.end:].lstrip()
        head = self.text[:one.start] + one.text + " "
        self._put(head + rest, len(head))

    def look_again(self) -> None:
        """Whether the line would be refused now."""
        self.considered = self._consider(self.text, self._model, self.instructs)
        self.refusal = self.considered.refusal
        if self.refusal is None and self.considered.command is not None:
            self.refusal = self._barred(self.considered.command)

    def _recall(self, step: int) -> None:
        """The line before or after in what was said."""
        at = len(self.lines) if self._at is None else self._at
        if self._at is None:
            self._draft = self.text
        at = min(max(at + step, 0), len(self.lines))
        self._put(self.lines[at] if at < len(self.lines) else self._draft)
        self._at = at if at < len(self.lines) else None

    def _put(self, text: str, cursor: int | None = None) -> None:
        self.text = text
        self.cursor = len(text) if cursor is None else cursor
        self.chosen, self._at = 0, None
        self.candidates = [one for one in self._complete(text, self.cursor, self._model, self.instructs)
                           if text[one.start:one.end].lower() != one.text.lower()]
        self.look_again()

    @property
    def says(self) -> tuple[str, str]:
        """What stands below the line, and its tone: what it does, what is wrong or why not."""
        seen = self.considered
        if not self.text.strip():
            return "a command, Tab completes, Esc closes", "quiet"
        if seen.command is None:
            return seen.error or "", "quiet" if self.candidates or self.text[-1:] == " " else "warning"
        if self.refusal is not None:
            return f"would be refused: {self.refusal}", "fault"
        return f"Enter sends: {seen.text}", "text"
