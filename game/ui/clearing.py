"""What panels lie over, and what they leave of the picture."""

from __future__ import annotations

from game.framing import Area
from game.look import Look
from game.scene.placing import STRIP_SHARE
from game.ui import legend, strip, tabs
from game.ui.arrangement import GAP, HEAD, NARROW, WIDTH
from game.ui.dashboard import Dashboard, Rect
from game.ui.docks import LEFT, RIGHT
from game.ui.theme import MARGIN
from game.ui.widgets import Brush

LABEL, SPARE = 44.0, 64.0   # px at 720 lines: the hub's figure below the strip; what is selected keeps from panels
HEADINGS = 4    # in a dock


class Clearing:
    """The part of the panels that knows where they lie."""

    @property
    def covered(self) -> tuple[tuple[float, float, float, float], ...]:
        """What panels lie over, as labels know it: left, bottom, right, top, px from below."""
        if not self._visible or self._halved:
            return ()
        tall = self._size[1]
        return tuple((x, tall - y - height, x + width, tall - y) for x, y, width, height in self._rects)

    @property
    def shows(self) -> tuple[str, int] | None:
        """The selection for which panels were last laid out."""
        return self._shown.selected if self._shown is not None else None

    @property
    def rooms(self) -> tuple[Area, ...]:
        """Where a whole site may be seen."""
        return rooms(self._brush, self._size) if self._visible and not self.bare else (Area(),)

    @property
    def clearing(self) -> Area:
        """The middle that no panel lies over, where a selection is brought."""
        return middle(self._brush, self._size, self.dashboard, self.card_rect)

    def covers(self, position: tuple[float, float] | None) -> bool:
        """Whether a panel lies over a pixel, or ImGui keeps the pointer."""
        if position is None or not self._visible:
            return False
        x, y = position
        over = any(left <= x < left + width and top <= y < top + height
                   for left, top, width, height in self._rects)
        return self.dialog is not None or over or (position == self._pointer and self._layer.wants_mouse)


def rooms(brush: Brush, size: tuple[int, int]) -> tuple[Area, ...]:
    """Where a whole site may be seen in a picture of `size` pixels: right of the left dock, between strip and legend;
    in a narrow one, whose docks have headings only, below them as well."""
    px, (width, height) = brush.theme.px, size
    _, top, _, high = strip.rect(brush, size)
    label = LABEL * height / 720.0
    lowest = (legend.rect(brush, size, Look(), None)[1] if height >= px(legend.LOWEST) else height) - px(4.0)
    sides, right = px(MARGIN + WIDTH + 8.0), width - px(MARGIN)
    beside = _area(sides, right, lowest, max(top + high + label, STRIP_SHARE * height), size)
    if width >= px(NARROW):
        return (beside,)
    below = top + high + px(tabs.HEIGHT + 16.0 + HEADINGS * (HEAD + GAP)) + label
    return beside, _area(px(MARGIN), right, lowest, below, size)


def middle(brush: Brush, size: tuple[int, int], dashboard: Dashboard, card: Rect | None) -> Area:
    """The part of the picture that neither docks nor a card lie beside, above or below."""
    left, right, low, top = 0.0, float(size[0]), float(size[1]), rooms(brush, size)[0].top
    for dock, (x, y, width, _) in [*dashboard.places, *([(RIGHT, card)] if card is not None else [])]:
        if dock == LEFT:
            left = max(left, x + width)
        elif dock == RIGHT:
            right = min(right, x)
        else:
            low = min(low, y)
    spare, centre = SPARE * size[1] / 720.0, (left + right) / 2.0
    low = min(low - spare, size[1] * 0.9)
    area = _area(min(left + spare, centre), max(right - spare, centre), low, 0.0, size)
    return area._replace(top=max(top, area.bottom))


def _area(left: float, right: float, low: float, top: float, size: tuple[int, int]) -> Area:
    """Of edges in pixels from the upper left corner."""
    width, height = size
    return Area(2.0 * left / width - 1.0, 2.0 * right / width - 1.0, 1.0 - 2.0 * low / height,
                1.0 - 2.0 * top / height)
