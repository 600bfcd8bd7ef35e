"""The card of the selected entity, at the right edge."""

from __future__ import annotations

from game.ui import strip
from game.ui.offers import offers
from game.ui.rows import Card, Row
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

WIDTH = 288.0
HEAD, SOC, ROW, BUTTONS, FOOT = 84.0, 40.0, 20.0, 40.0, 10.0
TIGHTEST_ROW = 16.0


def rect(brush: Brush, size: tuple[int, int], card: Card, foot: float) -> tuple[float, float, float, float]:
    """Where a card lies in a picture of `size` pixels, above what begins at `foot`."""
    px = brush.theme.px
    rows, pitch = _fitted(brush, size, card, foot)
    return (size[0] - px(MARGIN + WIDTH), _top(brush, size), px(WIDTH),
            px(_around(card) + pitch * len(rows)))


def _top(brush: Brush, size: tuple[int, int]) -> float:
    return brush.theme.px(MARGIN + 8.0) + strip.height(brush, size)


def _around(card: Card) -> float:
    """Height of all but the rows, in unscaled pixels."""
    return (HEAD + FOOT + (SOC if card.soc is not None else 0.0)
            + (BUTTONS if card.connector is not None else 0.0))


def _fitted(brush: Brush, size: tuple[int, int], card: Card, foot: float) -> tuple[tuple[Row, ...], float]:
    """The rows that the picture has room for and their pitch, which shrinks before a row is left
    out; the last line then says how many are."""
    room = (foot - _top(brush, size)) / brush.theme.scale - MARGIN - _around(card)
    pitch = min(ROW, max(room / max(len(card.rows), 1), TIGHTEST_ROW))
    fit = max(int(room / pitch + 1e-6), 1)
    if len(card.rows) <= fit:
        return card.rows, pitch
    return (*card.rows[:fit - 1], Row("and more", f"{len(card.rows) - fit + 1}", tone="quiet")), pitch


def draw(brush: Brush, size: tuple[int, int], card: Card, foot: float, model, actions) -> None:
    """Draw it; `actions` has submit(command). A command that the model would refuse is quiet."""
    px = brush.theme.px
    area = rect(brush, size, card, foot)
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
        rows, pitch = _fitted(brush, size, card, foot)
        for row in rows:
            brush.line(left, y, right, y)
            brush.row(left, right, y + px(pitch / 2.0 + 5.0), row)
            y += px(pitch)
        if card.connector is not None:
            _buttons(brush, left, right, y + px(8), card.connector, model, actions)


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
