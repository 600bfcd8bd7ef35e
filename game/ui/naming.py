"""The name of a layout while it is typed. No graphics."""

from __future__ import annotations

LONGEST = 24


class Naming:
    """`text` is what was typed so far, None while nobody is asked."""

    def __init__(self):
        self.text: str | None = None

    @property
    def says(self) -> str:
        """The question with what was typed."""
        return f"Name of this layout: {self.text}_   Enter saves, Esc does not"

    def write(self, letters: str) -> None:
        """Letters as they were written, capitals and all."""
        self.text = (self.text + "".join(filter(str.isprintable, letters)))[:LONGEST]

    def key(self, name: str) -> str | None:
        """A key by Panda's name. Returns the name once it is given, "" where it is given up, else None."""
        given = self.text.strip()
        if name == "backspace":
            self.text = self.text[:-1]
        if name == "escape" or name == "enter" and given:
            self.text = None
            return given if name == "enter" else ""
        return None
