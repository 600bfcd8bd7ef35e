"""A question in the middle of the window, with its answers as buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from game.ui.lesson import wrap
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

WIDTH, HEAD, LINE, ROW, GAP = 624.0, 50.0, 19.0, 44.0, 8.0
LETTERS = 84


class Choice(NamedTuple):
    """An answer: its label, quiet words on what it means, and what it does."""

    label: str
    words: str
    act: Callable[[], object]


@dataclass
class Dialog:
    """`title` and `text` over `choices`, of which `chosen` is the one that Enter takes. Esc takes the last where
    `leave` allows it."""

    title: str
    text: str
    choices: list[Choice]
    leave: bool = False
    chosen: int = 0

    def key(self, name: str) -> None:
        """A key by Panda's name."""
        step = {"arrow_down": 1, "tab": 1, "arrow_up": -1}.get(name)
        if step:
            self.chosen = (self.chosen + step) % len(self.choices)
        elif name == "enter":
            self.choices[self.chosen].act()
        elif name == "escape" and self.leave:
            self.choices[-1].act()
        elif name.isdigit() and 1 <= int(name) <= len(self.choices):
            self.choices[int(name) - 1].act()

    def rect(self, brush: Brush, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Where it lies in a picture of `size` pixels."""
        px, lines = brush.theme.px, len(wrap(self.text, LETTERS))
        height = px(HEAD + LINE * lines + GAP + (ROW + GAP) * len(self.choices) + 28.0)
        width = min(px(WIDTH), size[0] - px(2 * MARGIN))
        return round((size[0] - width) / 2), round((size[1] - height) * 0.42), width, height

    def draw(self, brush: Brush, size: tuple[int, int]) -> None:
        """Draw it; a click takes an answer."""
        px = brush.theme.px
        area = x, y, width, height = self.rect(brush, size)
        with brush.panel("dialog", area, "card", True):
            left, room = x + px(PADDING + 4), width - px(2 * PADDING + 8)
            brush.text(left, y + px(32), self.title, LARGE, bold=True, room=room)
            y += px(HEAD)
            for line in wrap(self.text, LETTERS):
                brush.text(left, y + px(12), line, SMALL, "quiet", room=room)
                y += px(LINE)
            y += px(GAP)
            for k, choice in enumerate(self.choices):
                line = (left, y, room, px(ROW))
                taken = brush.button(f"choice {k}", line)
                brush.list.add_rect((left, y), (left + room, y + px(ROW)),
                                    brush.theme.color("text" if k == self.chosen else "line"), px(4), 0, px(1.0))
                brush.text(left + px(12), y + px(19), choice.label, BODY, bold=True, room=room - px(24))
                brush.text(left + px(12), y + px(36), choice.words, SMALL, "quiet", room=room - px(24))
                if taken:
                    choice.act()
                y += px(ROW + GAP)
            brush.text(left, y + px(12), "Arrows choose, Enter takes" + (", Esc goes back" if self.leave else ""),
                       SMALL, "quiet")
