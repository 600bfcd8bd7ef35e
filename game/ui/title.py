"""The title of a film: scenario, weekday and clock in the lower third, without a panel."""

from __future__ import annotations

from game.palette import Palette
from game.ui import theme
from game.ui.layer import ImguiLayer
from game.ui.theme import BODY, LARGE
from game.ui.widgets import Brush
from game.ui.words import pretty
from sim.timing import moment_at

LEFT, BOTTOM, LINE = 48.0, 56.0, 26.0
SHADOW = ((-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.0, 2.0))
CHANGES_PER_S = 4


class Title:
    """A title over a picture of `size` pixels; its clock changes CHANGES_PER_S times a second."""

    def __init__(self, base, size: tuple[int, int], scenario, palette: Palette):
        self._size, self._scenario = size, scenario
        self._layer = ImguiLayer(base, size)
        self._theme = theme.load(palette)
        self._theme.fit(size)
        self._brush = Brush(self._theme)
        self._drawn = -1

    def update(self, t_s: float, film_s: float) -> None:
        """Show the moment `t_s` (s since the start) of the simulation at `film_s` of the film."""
        change = int(film_s * CHANGES_PER_S + 1e-6)
        if change != self._drawn:
            self._drawn = change
            self._draw(moment_at(t_s, self._scenario.start))

    def close(self) -> None:
        """Give the context back."""
        self._layer.close()

    def _draw(self, moment) -> None:
        brush, px, (width, height) = self._brush, self._theme.px, self._size
        name = pretty(self._scenario.name)
        self._layer.begin()
        with brush.panel("title", (0.0, 0.0, width, height), None):
            x, base = px(LEFT), height - px(BOTTOM)
            room = width - 2 * px(LEFT)
            for dx, dy in SHADOW:
                self._write(x + dx, base + dy, name, moment, room, "shade", "shade")
            self._write(x, base, name, moment, room, "text", "quiet")
        self._layer.end()

    def _write(self, x: float, base: float, name: str, moment, room: float, tone: str,
               quiet: str) -> None:
        brush, px = self._brush, self._theme.px
        brush.text(x, base - px(LINE), name, LARGE, tone, bold=True, room=room)
        used = brush.text(x, base, f"{moment:%a}", BODY, quiet)
        brush.text(x + used + px(8), base, f"{moment:%H:%M}", BODY, tone)
