"""The card of the selected entity, at the right edge."""

from __future__ import annotations

from imgui_bundle import imgui

from game.ui import strip
from game.ui.layer import vec
from game.ui.offers import offers
from game.ui.rows import Card, Row
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

WIDTH = 288.0
HEAD, SOC, ROW, BUTTONS, FOOT = 84.0, 40.0, 20.0, 40.0, 10.0
LEAST_ROWS = 3


def rect(brush: Brush, size: tuple[int, int], card: Card, foot: float,
         spare: float = 0.0) -> tuple[float, float, float, float]:
    """Where a card lies in a picture of `size` pixels, above what begins at `foot`. Its rows scroll rather
    than take the `spare` (unscaled pixels) below it, as long as LEAST_ROWS are seen."""
    px = brush.theme.px
    room = (foot - _top(brush, size)) / brush.theme.scale - MARGIN - _around(card)
    seen = max(room - spare, min(LEAST_ROWS * ROW, room), ROW)
    return (size[0] - px(MARGIN + WIDTH), _top(brush, size), px(WIDTH),
            px(_around(card) + min(ROW * len(card.rows), seen)))


def _top(brush: Brush, size: tuple[int, int]) -> float:
    return brush.theme.px(MARGIN + 8.0) + strip.height(brush, size)


def _around(card: Card) -> float:
    """Height of all but the rows, in unscaled pixels."""
    return (HEAD + FOOT + (SOC if card.soc is not None else 0.0)
            + (BUTTONS if card.connector is not None else 0.0))


def draw(brush: Brush, area: tuple[float, float, float, float], card: Card, model, actions) -> None:
    """Draw it over `area`; `actions` has submit(command). A command that the model would refuse is quiet."""
    px = brush.theme.px
    with brush.panel("card", area, "card"):
        left, right = area[0] + px(PADDING), area[0] + area[2] - px(PADDING)
        y = area[1]
        room = right - left
        brush.text(left, y + px(22), card.kind, SMALL, "quiet", room=room)
        brush.text(left, y + px(46), card.title, LARGE, bold=True, room=room)
        brush.mark(left + px(5), y + px(65), card.tone)
        brush.text(left + px(16), y + px(70), card.state, BODY, card.tone, room=room - px(16))
        y += px(HEAD)
        if card.soc is not None:
            _battery(brush, left, right, y, card.soc, card.soc_target)
            y += px(SOC)
        seen = px(area[3] / brush.theme.scale - _around(card))
        whole = px(ROW * len(card.rows))
        if whole <= seen + 1.0:
            _rows(brush, left, right, y, card.rows)
        else:
            with brush.scroll("facts", (area[0], y, area[2], seen), whole) as top:
                _rows(brush, left, right, top, card.rows)
        y += min(whole, seen)
        if card.connector is not None:
            _buttons(brush, left, right, y + px(8), card.connector, model, actions)


def _rows(brush: Brush, left: float, right: float, y: float, rows: tuple[Row, ...]) -> None:
    px = brush.theme.px
    for k, row in enumerate(rows):
        if not imgui.is_rect_visible(vec(left, y + px(ROW * k)), vec(right, y + px(ROW * (k + 1)))):
            continue
        brush.line(left, y + px(ROW * k), right, y + px(ROW * k))
        brush.row(left, right, y + px(ROW * k + 15.0), row)


def _battery(brush: Brush, left: float, right: float, y: float, soc: float,
             target: float | None) -> None:
    """State of charge as a bar with the target as a stroke across it."""
    px = brush.theme.px
    wide = brush.quantity(right, y + px(8), f"{soc * 100:.1f}", "%", BODY, bold=True)
    brush.text(left, y + px(8), "State of charge", SMALL, "quiet")
    if target is not None:
        brush.text(right - wide - px(10), y + px(8), f"target {target * 100:.0f} %", SMALL, "quiet",
                   right=True)
    top, bottom = y + px(18), y + px(24)
    brush.box(left, top, right, bottom, "track", px(3))
    brush.box(left, top, left + (right - left) * min(max(soc, 0.0), 1.0), bottom, "text", px(3))
    if target is not None:
        at = left + (right - left) * min(target, 1.0)
        brush.line(at, top - px(4), at, bottom + px(4), "feed", 2.0)


def _buttons(brush: Brush, left: float, right: float, y: float, connector: str, model,
             actions) -> None:
    """The commands offered, side by side."""
    px = brush.theme.px
    width = (right - left - px(8)) / 2
    for index, (command, label, refusal) in enumerate(offers(model, connector)):
        area = (left + index * (width + px(8)), y, width, px(26))
        if brush.label_button(f"command {index}", label, area, refusal):
            actions.submit(command)
