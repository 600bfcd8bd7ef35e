"""The strip along the top: time and its speed, power at the grid, energy flows, price, queue."""

from __future__ import annotations

import math
from typing import NamedTuple

from game.ui.facts import SiteFacts, tone_of
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import number, signed

HEIGHT, ROW_PITCH = 60.0, 46.0
GAP = 20.0
LABEL_Y, VALUE_Y = 21.0, 45.0
LAG_SHARE = 0.9


class Run(NamedTuple):
    """How virtual time runs; `reached` is the speed that the machine keeps up."""

    speed: float
    paused: bool
    ended: bool
    reached: float
    past: bool = False

    @property
    def lags(self) -> bool:
        """Whether the speed asked for is missed by more than people need not know."""
        return not (self.paused or self.ended or self.past) and self.reached < LAG_SHARE * self.speed


def height(brush: Brush, size: tuple[int, int]) -> float:
    """Pixels that the strip is high in a picture of `size` pixels."""
    rows = len(_rows(brush, size))
    return brush.theme.px(HEIGHT if rows == 1 else ROW_PITCH * rows + 2.0)


def rect(brush: Brush, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where the strip lies in a picture of `size` pixels."""
    px = brush.theme.px
    width = max(_row_width(row) for row in _rows(brush, size))
    return px(MARGIN), px(MARGIN), px(width + 2 * PADDING), height(brush, size)


def draw(brush: Brush, size: tuple[int, int], facts: SiteFacts, run: Run, actions) -> None:
    """Draw it; `actions` has toggle_pause(), slower() and faster()."""
    px = brush.theme.px
    left, top, _, _ = area = rect(brush, size)
    rows = _rows(brush, size)
    with brush.panel("strip", area):
        if len(rows) > 1:
            top -= px((HEIGHT - ROW_PITCH) / 2)
        for row in rows:
            at = PADDING
            for index, section in enumerate(row):
                x = left + px(at)
                if index and section.rule:
                    rule = left + px(at - GAP / 2)
                    brush.line(rule, top + px(12), rule, top + px(HEIGHT - 12))
                section.draw(brush, x, top, px(section.width), facts, run, actions)
                at += section.width + GAP
            top += px(ROW_PITCH)


def _rows(brush: Brush, size: tuple[int, int]) -> tuple[tuple[Section, ...], ...]:
    """All sections in one row, or in two where the picture is too narrow, each without its last
    sections where even two are."""
    room = size[0] / brush.theme.scale - 2 * MARGIN - 2 * PADDING
    whole = (*FIRST_ROW, *SECOND_ROW)
    if _row_width(whole) <= room + 1e-6:
        return (whole,)
    rows = [FIRST_ROW, SECOND_ROW]
    for k, row in enumerate(rows):
        while len(row) > 1 and _row_width(row) > room:
            rows[k] = row = row[:-1]
    return tuple(rows)


def _row_width(row: tuple[Section, ...]) -> float:
    return sum(section.width for section in row) + GAP * (len(row) - 1)


def _time(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
    px = brush.theme.px
    date = f" · {facts.date}"
    used = brush.text(x, top + px(LABEL_Y),
                      brush.clip(facts.name, width - brush.width(date, SMALL), SMALL), SMALL, "quiet")
    brush.text(x + used, top + px(LABEL_Y), date, SMALL, "quiet")
    brush.text(x, top + px(VALUE_Y), facts.clock, LARGE, bold=True)


def _speed(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
    px = brush.theme.px
    side = px(28)
    y = top + (px(HEIGHT) - side) / 2
    if brush.button("pause", (x, y, side, side)):
        actions.toggle_pause()
    left, mid = x + px(9), y + side / 2
    tone = "wait" if run.paused or run.past else "text"
    if run.paused or run.ended or run.past:
        brush.list.add_triangle_filled((left, mid - px(7)), (left, mid + px(7)),
                                       (left + px(12), mid), brush.theme.color(tone))
    else:
        brush.box(left, mid - px(6), left + px(4), mid + px(6), tone)
        brush.box(left + px(7), mid - px(6), left + px(11), mid + px(6), tone)
    x += side + px(8)
    for name, sign, offset, act in (("slower", "\u2212", 0.0, actions.slower),
                                    ("faster", "+", width - px(36) - side, actions.faster)):
        if brush.button(name, (x + offset, y, side, side)):
            act()
        wide = brush.width(sign, LARGE)
        brush.text(x + offset + (side - wide) / 2, mid + px(7), sign, LARGE, "quiet")
    middle = x + (width - px(36)) / 2
    label = "the past" if run.past else "over" if run.ended else "paused" if run.paused else "speed"
    if run.lags:
        label = f"runs ×{float(f'{run.reached:.2g}'):g}"
    brush.text(middle - brush.width(label, SMALL) / 2, top + px(LABEL_Y), label, SMALL,
               "wait" if run.paused or run.past else "quiet")
    value = f"×{run.speed:g}"
    brush.text(middle - brush.width(value, BODY, True) / 2, top + px(VALUE_Y - 2), value, BODY,
               bold=True)


def _grid(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
    px = brush.theme.px
    brush.text(x, top + px(LABEL_Y), "Net at the grid", SMALL, "quiet")
    over = facts.net_kw > facts.import_limit_kw + 0.05 or -facts.net_kw > facts.export_limit_kw + 0.05
    brush.quantity(x + width, top + px(VALUE_Y), signed(facts.net_kw), "kW", LARGE,
                   "fault" if over else "text", bold=True, room=width)


def _limits(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
    """A bar around zero with the limits as strokes across it; past a limit it is a fault. Where there is no
    limit, the bar reaches to the greatest power so far."""
    px = brush.theme.px
    low, high = scale_ends(facts)
    zero = x + width * (-low / (high - low))
    y, thick = top + px(38), px(6)

    def place(kw: float) -> float:
        return x + width * min(max((kw - low) / (high - low), 0.0), 1.0)

    brush.box(x, y, x + width, y + thick, "track", px(3))
    inside = min(max(facts.net_kw, -facts.export_limit_kw), facts.import_limit_kw)
    brush.box(*sorted_span(zero, place(inside), y, thick), tone_of(facts.net_kw))
    if inside != facts.net_kw:
        brush.box(*sorted_span(place(inside), place(facts.net_kw), y, thick), "fault")
    brush.line(zero, y - px(3), zero, y + thick + px(3), "quiet")
    marks = []
    for limit, peak in ((-facts.export_limit_kw, -facts.peak_export_kw), (facts.import_limit_kw, facts.peak_import_kw)):
        limited = math.isfinite(limit)
        if limited or abs(peak) >= 0.05:
            marks.append((place(limit if limited else peak), limited,
                          signed(limit, 0) if limited else f"peak {signed(peak, 0)}"))
    for at, limited, _ in marks:
        brush.line(at, y - px(5), at, y + thick + px(5), "text" if limited else "quiet", 2.0 if limited else 1.0)
    told = [(at, limited, text, brush.width(text, SMALL)) for at, limited, text in marks]
    if sum(wide + px(8) for *_, wide in told) - px(8) > width:
        told = [one for one in told if one[1]] or told[-1:]
    lefts = side_by_side([at for at, *_ in told], [wide for *_, wide in told], x, x + width, px(8))
    for (_, _, text, _), left in zip(told, lefts):
        brush.text(left, top + px(LABEL_Y), text, SMALL, "quiet")
    if math.isinf(facts.import_limit_kw) and math.isinf(facts.export_limit_kw) and facts.peak_export_kw < 0.05:
        brush.text(x, top + px(LABEL_Y), "no limit", SMALL, "quiet")


def side_by_side(middles: list[float], widths: list[float], low: float, high: float, gap: float) -> list[float]:
    """Where texts begin that stand around `middles`, in order, between `low` and `high`: `gap` apart."""
    lefts = [min(max(at - wide / 2.0, low), high - wide) for at, wide in zip(middles, widths)]
    for k in range(1, len(lefts)):
        lefts[k] = max(lefts[k], lefts[k - 1] + widths[k - 1] + gap)
    for k in reversed(range(len(lefts))):
        lefts[k] = min(lefts[k], (lefts[k + 1] - gap if k + 1 < len(lefts) else high) - widths[k])
    return lefts


def scale_ends(facts: SiteFacts) -> tuple[float, float]:
    """The kW at both ends of the bar: a tenth beyond the limits, where there is none beyond the greatest power
    so far, or beyond what flows."""
    low = facts.export_limit_kw if math.isfinite(facts.export_limit_kw) else facts.peak_export_kw
    high = facts.import_limit_kw if math.isfinite(facts.import_limit_kw) else facts.peak_import_kw
    low, high = max(low, -facts.net_kw), max(high, facts.net_kw)
    spread = max(low + high, 10.0)
    return -low - spread * 0.05, high + spread * 0.05


def sorted_span(a: float, b: float, y: float, thick: float) -> tuple[float, float, float, float]:
    """A box between two positions, whichever comes first."""
    return min(a, b), y, max(a, b), y + thick


def _flow(label: str, tone: str, value):
    def section(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
        px = brush.theme.px
        kw = value(facts)
        alive = abs(kw) >= 0.05
        brush.mark(x + px(5), top + px(LABEL_Y - 4), tone)
        brush.text(x + px(14), top + px(LABEL_Y), label, SMALL, "quiet")
        brush.quantity(x + width, top + px(VALUE_Y), signed(kw), "kW", LARGE,
                       tone if alive else "quiet", bold=True, room=width)
    return section


def _price(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
    px = brush.theme.px
    half = (width - px(8)) / 2
    sell = x + half + px(8)
    brush.text(x, top + px(LABEL_Y), "Buy", SMALL, "quiet")
    wide = brush.text(sell, top + px(LABEL_Y), "Sell", SMALL, "quiet") + px(6)
    brush.text(x + width, top + px(LABEL_Y), facts.price_unit, SMALL, "quiet", right=True,
               room=half - wide)
    brush.text(x, top + px(VALUE_Y), facts.price_buy, LARGE, bold=True, room=half)
    brush.text(sell, top + px(VALUE_Y), facts.price_sell, LARGE, bold=True, room=half)


def _count(label: str, value, tone: str):
    def section(brush: Brush, x, top, width, facts: SiteFacts, run: Run, actions) -> None:
        px = brush.theme.px
        count = value(facts)
        brush.text(x, top + px(LABEL_Y), label, SMALL, "quiet")
        brush.text(x, top + px(VALUE_Y), number(count, 0), LARGE, tone if count else "quiet",
                   bold=True, room=width)
    return section


class Section(NamedTuple):
    """A part of the strip; `rule` draws a line before it."""

    width: float
    rule: bool
    draw: object


FIRST_ROW = (
    Section(164.0, False, _time),
    Section(148.0, True, _speed),
    Section(116.0, True, _grid),
    Section(140.0, False, _limits),
)
SECOND_ROW = (
    Section(112.0, True, _flow("Charging", "charge", lambda f: f.charging_kw)),
    Section(112.0, False, _flow("Feeding", "feed", lambda f: -f.feeding_kw)),
    Section(172.0, True, _price),
    Section(54.0, True, _count("Plugged", lambda f: f.plugged, "text")),
    Section(54.0, False, _count("Queued", lambda f: f.queued, "wait")),
)
