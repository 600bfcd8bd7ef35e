"""Panels over two branches side by side: a plate for each, what is selected in both, and how they differ."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from game.scene.selection import twin
from game.ui import facts
from game.ui.branches import upto
from game.ui.charts import clock_ticks
from game.ui.lists import ALARM_MARKS
from game.ui.lanes import REMARKS
from game.ui.log import INSTRUCTOR, spoken
from game.ui.panel import Moment
from game.ui.plot import plot, round_ticks
from game.ui.rows import Card
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL, TICK
from game.ui.widgets import Brush
from game.ui.words import signed
from sim.alarm import Nature
from sim.alarms import Alarms
from sim.console import ShowAlone, Switch
from sim.timing import HOUR_S, clock_label
from sim.training.branches import Branch
from sim.training.comparison import decided_apart

PLATE, GAP, STRIP = 54.0, 8.0, 138.0
CARD_HEAD, ROW, ROWS, ACROSS, NARROWEST = 32.0, 19.0, 3, 3, 170.0
LEAST_H, MARGIN_H = 2.0, 0.5
Rect = tuple[float, float, float, float]


class Figure(NamedTuple):
    """A figure that is compared: its column, its words, its unit (money: the currency) and decimals, and
    whether it is a sum so far, whose difference is charted, since two courses would hide it."""

    column: str
    words: str
    unit: str
    digits: int
    so_far: bool = True


FIGURES = (Figure("net_kw", "Net power", "kW", 1, False), Figure("stress", "Grid stress", "", 2, False),
           Figure("spent", "Spent", "money", 2), Figure("missing_kwh", "Not served", "kWh", 1),
           Figure("v2g_wear", "V2G wear", "money", 2))


class Side(NamedTuple):
    """A branch as its plate and card tell of it: what it decided alone, how many alarms of each priority
    stand, what is selected (None: not there), and the rows of that which differ from the other side's."""

    name: str
    whence: str
    decided: str
    alarms: tuple[int, ...]
    card: Card | None
    apart: frozenset[str]


class BesideView:
    """What is drawn over both halves; `ready` once it is worked out."""

    def __init__(self):
        self.ready = False
        self._alarms: dict[int, Alarms] = {}

    def work_out(self, moment: Moment) -> None:
        """Look up both sides at the instant that is shown."""
        branching = moment.branching
        glances = ((branching.branch, branching.shown, moment.t_s),
                   (branching.other, branching.beside.shown, branching.beside.shown.now_s))
        logs = decided_apart(branching.branch, branching.other, moment.t_s)
        picks = [moment.selected, None]
        if moment.selected is not None:
            picks[1] = twin(moment.selected, branching.shown.world, branching.beside.shown.world)
        cards = [facts.card(model, *pick, t_s) if pick is not None else None
                 for pick, (_, model, t_s) in zip(picks, glances)]
        apart = frozenset(row.label for rows in _told_apart(*cards) for row in rows)
        followed = {}
        sides = []
        for (branch, model, t_s), log, card in zip(glances, logs, cards):
            alarms = followed[id(model)] = self._alarms.get(id(model)) or Alarms()
            alarms.update(model, t_s)
            standing = [alarm.nature for alarm in alarms.shown if alarm.active]
            decided = _decided(log, model.scenario.start, moment.instructing)
            whence = _whence(branch) if abs(t_s - moment.t_s) < 1.0 else (
                f"on its way, {clock_label(t_s, model.scenario.start)}")
            sides.append(Side(branch.name, whence, decided,
                              tuple(standing.count(nature) for nature in Nature), card, apart))
        self._alarms = followed
        self.sides = tuple(sides)
        self.selected = moment.selected is not None
        self._compare(branching, moment.t_s)
        self.ready = True

    def _compare(self, branching, t_s: float) -> None:
        found = upto(branching.difference(), t_s)
        scenario = branching.shown.scenario
        self.currency, self._t_s = scenario.currency, t_s
        parted = max(one.forked_s for one in (branching.branch, branching.other))
        since = found.since_s if found.since_s is not None else min(parted, t_s)
        first = max(min(since - MARGIN_H * HOUR_S, t_s - LEAST_H * HOUR_S), 0.0)
        self._span = (min((first - t_s) / HOUR_S, -0.1), 0.0)
        self._ticks = clock_ticks(scenario.start, t_s, *self._span)
        hours = (found.t_s - t_s) / HOUR_S
        seen = hours >= self._span[0] - 0.1
        self._hours = np.append(hours[seen], 0.0)
        self._lines, self.now = {}, {}
        for figure in FIGURES:
            lines = []
            for values, model in ((found.other, branching.shown), (found.one, branching.beside.shown)):
                its = values[figure.column]
                last = (model.site_power(model.now_s)[0] if figure.column == "net_kw" else
                        float(its[-1]) if len(its) else math.nan)
                lines.append(np.append(its[seen], last))
            self._lines[figure.column] = lines
            self.now[figure.column] = (float(lines[0][-1]), float(lines[1][-1]))

    # Drawing

    def draw(self, brush: Brush, size: tuple[int, int], below: float, foot: float, actions) -> list[Rect]:
        """Draw it between what ends at `below` and what begins at `foot`; returns what it covers."""
        px = brush.theme.px
        middle, margin, gap = round(size[0] / 2.0), px(MARGIN), px(GAP)
        strip = (margin, foot - px(STRIP) - gap, size[0] - 2 * margin, px(STRIP))
        high = px(PLATE + (CARD_HEAD + ROW * ROWS + 4.0 if self.selected else 0.0))
        wide = middle - margin - px(1)
        plates = (margin, below + gap, wide, high), (middle + px(1), below + gap, wide, high)
        with brush.panel("divider", (middle - px(1), below + gap, px(2), strip[1] - below - gap), "card"):
            pass
        for k, (side, area) in enumerate(zip(self.sides, plates)):
            self._plate(brush, area, side, k == 0, actions)
        self._strip(brush, strip)
        return [strip, *plates]

    def _plate(self, brush: Brush, area: Rect, side: Side, played: bool, actions) -> None:
        px, (x, y, width, height) = brush.theme.px, area
        with brush.panel(f"plate {played}", area):
            left, right, base = x + px(PADDING), x + width - px(PADDING), y + px(21)
            label = "This one alone" if played else "Play this one"
            wide = brush.width(label, SMALL) + px(20)
            if brush.label_button(f"plate button {played}", label, (right - wide, y + px(6), wide, px(22))):
                actions.submit(ShowAlone() if played else Switch(name=side.name))
            right -= wide + px(12)
            for nature, count in zip(Nature, side.alarms):
                if count:
                    right -= brush.text(right, base, f"{count}", SMALL, "text", right=True) + px(9)
                    brush.mark(right, base - px(5), ALARM_MARKS[nature])
                    right -= px(13)
            if played:
                brush.list.add_circle_filled((left + px(4), base - px(5)), px(3.5),
                                             brush.theme.color("text"), 12)
                left += px(15)
            left += brush.text(left, base, side.name, BODY, bold=True, room=(right - left) * 0.6) + px(10)
            brush.text(left, base, brush.clip(side.whence, right - left, SMALL), SMALL, "quiet")
            brush.text(x + px(PADDING), y + px(43), brush.clip(side.decided, width - px(2 * PADDING), SMALL),
                       SMALL)
            if self.selected:
                top = y + px(PLATE)
                brush.line(x + px(PADDING), top, x + width - px(PADDING), top)
                self._card(brush, (x + px(PADDING), top, width - px(2 * PADDING), height - px(PLATE)), side)

    def _card(self, brush: Brush, area: Rect, side: Side) -> None:
        """What is selected, in a line, and the facts that differ before others, in columns."""
        px, (x, y, width, _), card = brush.theme.px, area, side.card
        base = y + px(21)
        if card is None:
            brush.text(x, base, "not in this branch", SMALL, "quiet")
            return
        left = x + brush.text(x, base, card.title, BODY, bold=True, room=width * 0.4) + px(10)
        brush.mark(left + px(5), base - px(5), card.tone)
        left += px(16)
        left += brush.text(left, base, card.state, SMALL, card.tone, room=x + width - left) + px(10)
        if card.soc is not None:
            left += px(4)
            wide = brush.quantity_width(f"{card.soc * 100:.1f}", "%", BODY)
            brush.quantity(left + wide, base, f"{card.soc * 100:.1f}", "%", BODY)
            left += wide + px(10)
        brush.text(x + width, base, brush.clip(card.kind, x + width - left, SMALL), SMALL, "quiet",
                   right=True)
        kept = sorted(range(len(card.rows)), key=lambda k: (card.rows[k].label not in side.apart, k))
        across = max(min(int(width / px(NARROWEST)), ACROSS), 1)
        each = (width - px(20) * (across - 1)) / across
        for k, at in enumerate(sorted(kept[:ROWS * across])):
            row = card.rows[at]
            column, line = divmod(k, ROWS)
            near = x + column * (each + px(20))
            brush.row(near, near + each, y + px(CARD_HEAD + ROW * line + 13.0),
                      row if row.label in side.apart else replace(row, tone="quiet"))

    def _strip(self, brush: Brush, area: Rect) -> None:
        px, (x, y, width, height) = brush.theme.px, area
        with brush.panel("differences", area):
            mine, theirs = (side.name for side in self.sides)
            left, base = x + px(PADDING), y + px(17)
            for words, tone, filled in ((mine, "text", False), (theirs, "quiet", False),
                                        (f"{mine} less {theirs}, so far", "text", True)):
                brush.line(left, base - px(4), left + px(16), base - px(4), tone, 2.0)
                if filled:
                    brush.box(left, base - px(4), left + px(16), base + px(1), "track")
                left += px(21)
                left += brush.text(left, base, brush.clip(words, width * 0.3, TICK), TICK, tone) + px(18)
            each = (width - px(2 * PADDING)) / len(FIGURES)
            top = y + px(20)
            for k, figure in enumerate(FIGURES):
                left = x + px(PADDING) + k * each
                if k:
                    brush.line(left - px(PADDING), top + px(8), left - px(PADDING), y + height - px(10))
                self._figure(brush, (left, top, each - px(2 * PADDING if k < len(FIGURES) - 1 else 0.0),
                                     y + height - top), figure)

    def _figure(self, brush: Brush, area: Rect, figure: Figure) -> None:
        px, (x, y, width, height) = brush.theme.px, area
        unit = self.currency if figure.unit == "money" else figure.unit
        mine, theirs = self.now[figure.column]
        less = mine - theirs
        near = not abs(less) >= 0.5 * 10.0 ** -figure.digits
        used = brush.text(x, y + px(22), figure.words, SMALL, "quiet") + px(6)
        words = "-" if less != less else signed(0.0 if near else less, figure.digits)
        tone = "quiet" if near else "text" if less < 0.0 else "warning"
        brush.quantity(x + width, y + px(24), words, unit, LARGE, tone, bold=True, room=width - used)
        if less == less:
            right = x + width - px(12) - brush.text(x + width, y + px(41), signed(theirs, figure.digits),
                                                    SMALL, "quiet", right=True)
            brush.text(right, y + px(41), signed(mine, figure.digits), SMALL, right=True)
            self._chart(brush, (x - px(4), y + px(46), width + px(6), height - px(49)), figure)

    def _chart(self, brush: Brush, area: Rect, figure: Figure) -> None:
        lines = self._lines[figure.column]
        if figure.so_far:
            lines = [lines[0] - lines[1]]
        known = np.concatenate([line[np.isfinite(line)] for line in lines])
        low, high = min(float(known.min()), 0.0), max(float(known.max()), 0.0)
        if high - low < 1.0:
            low, high = (low, low + 1.0) if high > 0.0 or low == 0.0 else (high - 1.0, high)
        margin = 0.12 * (high - low)
        bounds = low - (margin if low < 0.0 else 0.0), high + margin
        digits = 0 if high - low > 4.0 else 1
        marks = tuple((v, signed(v, digits)) for v in round_ticks(*bounds, 2))
        with plot(brush, f"beside {figure.column}", area, self._span, bounds, self._ticks, marks) as p:
            for line, tone in zip(lines[::-1], ("quiet", "text")[-len(lines):]):
                p.line(self._hours, line, tone, stairs=not figure.so_far, filled=figure.so_far)


def _whence(branch: Branch) -> str:
    if branch.parent is None:
        return "from the beginning"
    return f"from {branch.parent.name} at {clock_label(branch.forked_s, branch.model.scenario.start)}"


def _decided(log: list[dict], start, instructing: bool) -> str:
    """What was decided in one branch alone, in words."""
    said = [f"{clock_label(entry['t'], start)} {spoken(entry['command'])}" for entry in log
            if entry["command"]["kind"] not in REMARKS and (instructing or entry["source"] != INSTRUCTOR)]
    return "   ".join(said) or "no command of its own"


def _told_apart(one: Card | None, other: Card | None):
    """Rows of each card that the other has not, or has otherwise."""
    if one is None or other is None:
        return (one or other).rows if one or other else (), ()
    mine, theirs = ({row.label: (row.value, row.unit) for row in card.rows} for card in (one, other))
    return ([row for row in one.rows if theirs.get(row.label) != mine[row.label]],
            [row for row in other.rows if mine.get(row.label) != theirs[row.label]])
