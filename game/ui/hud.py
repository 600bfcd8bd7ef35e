"""The panels as a whole: what is shown, when it is worked out again, when it is drawn again."""

from __future__ import annotations

from typing import NamedTuple

from game.look import Look
from game.palette import Palette
from game.ui import alarms, cards, facts, notes, strip, theme
from game.ui.layer import ImguiLayer
from game.ui.widgets import Brush

REFRESH_S = 0.25
MESSAGE_S = 4.0
# ImGui spreads one burst of input over several frames: one for each press, move and release.
AWAKE_FRAMES = 4


class Shown(NamedTuple):
    """What the panels are to show. `selected` is (kind, row) or None."""

    t_s: float
    run: strip.Run
    selected: tuple[str, int] | None
    help_open: bool
    look: Look = Look()


class Hud:
    """Panels over a picture of `size` pixels.

    `actions` has toggle_pause(), slower(), faster(), toggle_help() and submit(command): what
    the panels' buttons do. Numbers change at most every REFRESH_S of real time; anything else
    at once.
    """

    def __init__(self, base, size: tuple[int, int], model, actions, palette: Palette):
        self._model = model
        self._actions = actions
        self._size = size
        self._layer = ImguiLayer(base, size)
        self._theme = theme.load(palette)
        self._theme.fit(size)
        self._brush = Brush(self._theme)
        self._message, self._message_s = "", 0.0
        self._age_s = REFRESH_S
        self._shown: Shown | None = None
        self._visible = True
        self._awake = AWAKE_FRAMES
        self._rects: list[tuple[float, float, float, float]] = []
        self._pointer: tuple[float, float] | None = None

    def resize(self, size: tuple[int, int]) -> None:
        """Fit to another picture."""
        self._size = size
        self._theme.fit(size)
        self._layer.resize(size)
        self._awake = AWAKE_FRAMES

    def point(self, position: tuple[float, float] | None) -> None:
        """The pointer's pixel, None outside."""
        if position == self._pointer:
            return
        if self.covers(position) or self.covers(self._pointer):
            self._awake = AWAKE_FRAMES
        self._pointer = position
        self._layer.point(position)

    def stir(self) -> None:
        """A button or key was used: panels must be drawn again for it to arrive."""
        self._awake = AWAKE_FRAMES

    def covers(self, position: tuple[float, float] | None) -> bool:
        """Whether a panel lies over a pixel, or ImGui keeps the pointer."""
        if position is None or not self._visible:
            return False
        x, y = position
        over = any(left <= x < left + width and top <= y < top + height
                   for left, top, width, height in self._rects)
        return over or (position == self._pointer and self._layer.wants_mouse)

    def show(self, visible: bool) -> None:
        """Draw the panels or leave them out."""
        self._visible = visible
        self._awake = AWAKE_FRAMES
        self._layer.show(visible)

    def say(self, text: str) -> None:
        """Show a message for MESSAGE_S."""
        self._message, self._message_s = text, MESSAGE_S
        self._awake = AWAKE_FRAMES

    def update(self, view: Shown, real_dt_s: float) -> None:
        """One frame of real time; draws only if something is new."""
        self._age_s += real_dt_s
        if self._message and self._message_s <= real_dt_s:
            self._awake = AWAKE_FRAMES
            self._message = ""
        self._message_s -= real_dt_s
        if self._shown is None or view[1:] != self._shown[1:] or self._age_s >= REFRESH_S:
            self._work_out(view)
            self._awake = max(self._awake, 1)
        if self._awake and self._visible:
            self._awake -= 1
            self._draw(view)

    def close(self) -> None:
        """Give the context back."""
        self._layer.close()

    def _work_out(self, view: Shown) -> None:
        self._site = facts.site_facts(self._model, view.t_s)
        self._card = facts.card(self._model, *view.selected, view.t_s) if view.selected else None
        self._alarms = alarms.words(self._model, view.t_s)
        self._shown, self._age_s = view, 0.0

    def _draw(self, view: Shown) -> None:
        brush, size = self._brush, self._size
        self._layer.begin()
        self._rects = [strip.rect(brush, size), notes.legend_rect(brush, size, view.look)]
        strip.draw(brush, size, self._site, view.run, self._actions)
        notes.draw_legend(brush, size, self._actions, view.look)
        if self._card is not None:
            self._rects.append(cards.rect(brush, size, self._card))
            cards.draw(brush, size, self._card, self._model, self._actions)
        if self._alarms:
            self._rects.append(alarms.rect(brush, size, self._alarms))
            alarms.draw(brush, size, self._alarms)
        if view.help_open:
            self._rects.append(notes.help_rect(brush, size))
            notes.draw_help(brush, size)
        if self._message:
            self._rects.append(notes.message_rect(brush, size, self._message, view.look))
            notes.draw_message(brush, size, self._message, view.look)
        self._layer.end()
