"""Panels of branches: the list, and how the one that is played differs from another. And a look ahead."""

from __future__ import annotations

import numpy as np

from game.foresight import sums
from game.ui.charts import Chart, clock_ticks
from game.ui.layer import vec
from game.ui.panel import Area, Moment, Panel
from game.ui.plot import plot, round_ticks
from game.ui.theme import PADDING, SMALL, TICK
from game.ui.widgets import Brush
from game.ui.words import signed
from sim.console import Compare, ShowBeside, Switch
from sim.timing import HOUR_S, clock_label
from sim.training.comparison import Difference

PITCH, FOOT, MOST = 24.0, 8.0, 8
PLOT, FIGURES = 92.0, 20.0
LABELS, AXIS = 20.0, 24.0  # pixels that the names of both sides and the hours below take


class BranchList(Panel):
    """Every branch, from when and of which; a click goes over to it, the button compares, and then shows
    both side by side."""

    key, title = "branches", "Branches"

    def __init__(self):
        self._lines: list[tuple] = []

    def work_out(self, moment: Moment) -> None:
        branching = moment.branching
        self._lines = []
        if branching is None or len(branching.tree.branches) < 2:
            return
        start = moment.model.scenario.start
        for branch in list(branching.tree.branches.values())[-MOST:]:
            words = ("from the beginning" if branch.parent is None else
                     f"from {branch.parent.name} {clock_label(branch.forked_s, start)}")
            if branch is branching.scored and branch is not branching.branch:
                words = f"scored, waits at {clock_label(branch.model.now_s, start)}"
            other = branching.other is not None and branch.name == branching.other.name
            self._lines.append((branch.name, words, branch is branching.branch, other))
        self.title = f"Branches  {len(branching.tree.branches)}"

    def height(self) -> float:
        return PITCH * len(self._lines) + FOOT if self._lines else 0.0

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        for name, words, played, other in self._lines:
            right, base = x + width - px(PADDING), y + px(16)
            if not played:
                label = "Beside" if other else "Compare"
                wide = brush.width(label, SMALL) + px(12)
                if brush.label_button(f"compare {name}", label, (right - wide, y + px(1), wide, px(20))):
                    actions.submit(ShowBeside() if other else Compare(name=name))
                right -= wide + px(8)
            if brush.button(f"branch {name}", (x + px(4), y, right - x - px(4), px(22))) and not played:
                actions.submit(Switch(name=name))
            if played:
                brush.list.add_circle_filled(vec(x + px(PADDING + 3), base - px(4)), px(3.5),
                                             brush.theme.color("text"), 12)
            left = x + px(PADDING + 14)
            left += brush.text(left, base, name, SMALL, bold=played, room=(right - left) * 0.55) + px(8)
            brush.text(left, base, brush.clip(words, right - left, SMALL), SMALL, "quiet")
            y += px(PITCH)


class DifferenceStrip(Chart):
    """Net power of both branches, and sums of what differs so far."""

    key, title, tall = "difference", "Difference", PLOT + 3 * FIGURES + 4.0
    ready = fits = False

    def work_out(self, moment: Moment) -> None:
        branching = moment.branching
        found = branching.difference() if branching is not None else None
        self.ready = found is not None and len(found.t_s) > 1
        if not self.ready:
            return
        self._found = upto(found, moment.t_s)
        self.ready = len(self._found.t_s) > 1
        if not self.ready:
            return
        self.title = f"{branching.branch.name} less {branching.other.name}"
        self._names = branching.branch.name, branching.other.name
        self._currency, self._t_s = moment.model.scenario.currency, moment.t_s
        since = max(min(self._found.since_s or self._found.t_s[0], moment.t_s - HOUR_S) - HOUR_S, 0.0)
        self._span = ((since - moment.t_s) / HOUR_S, 0.0)
        self._ticks = clock_ticks(moment.model.scenario.start, moment.t_s, *self._span)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, height) = brush.theme.px, area
        pair(brush, (x, y, width, px(PLOT)), self._found, self._t_s, self._span, self._ticks, self._names)
        figures(brush, (x + px(PADDING), y + px(PLOT), width - px(2 * PADDING), height - px(PLOT)), self._found,
                self._currency, 2)


def upto(found: Difference, t_s: float) -> Difference:
    """A difference up to `t_s` (s)."""
    n = int(np.searchsorted(found.t_s, t_s, side="right"))
    one, other, apart = ({name: values[:n] for name, values in side.items()}
                         for side in (found.one, found.other, found.apart))
    since = found.since_s if found.since_s is not None and found.since_s <= t_s else None
    return Difference(found.t_s[:n], one, other, apart, since)


def pair(brush: Brush, area: Area, found: Difference, t_s: float, span, ticks, names: tuple[str, str]) -> None:
    """Net power of both sides over hours from `t_s`: the other side bright, the one quiet."""
    px, (x, y, width, height) = brush.theme.px, area
    hours = (found.t_s - t_s) / HOUR_S
    seen = (hours >= span[0] - 0.1) & (hours <= span[1] + 0.1)
    values = np.concatenate([found.one["net_kw"][seen], found.other["net_kw"][seen], [0.0]])
    low, high = float(values.min()), float(values.max())
    margin = 0.2 * max(high - low, 5.0)
    above = min(px(LABELS) / max(height - px(AXIS), px(2 * LABELS)), 0.5)  # share of the plot that names take
    bounds = (low - (margin if low < 0 else 0.0), high + max(margin, max(high - low, 5.0) * above / (1.0 - above)))
    marks = tuple((v, signed(v, 0)) for v in round_ticks(*bounds, 3))
    room = (x + px(PADDING - 4), y, width - px(2 * PADDING - 6), height - px(4))
    with plot(brush, f"pair {names}", room, span, bounds, ticks, marks) as p:
        p.line(hours[seen], found.one["net_kw"][seen], "quiet", stairs=True)
        p.line(hours[seen], found.other["net_kw"][seen], "text", stairs=True)
        p.label(span[1], bounds[1], f"{names[0]}, kW", "text", right=True, below=True)
        p.label(span[0], bounds[1], names[1], "quiet", below=True)


def figures(brush: Brush, area: Area, found: Difference, currency: str, columns: int) -> None:
    """What differs, in columns of a label and a number: what is worse is a warning."""
    px, (x, y, width, _) = brush.theme.px, area
    each = (width - px(16) * (columns - 1)) / columns
    for k, (words, value, unit) in enumerate(sums(found)):
        left, base = x + (k % columns) * (each + px(16)), y + px(FIGURES * (k // columns) + 15)
        digits = 2 if unit == "money" or not unit else 1
        near = abs(value) < 0.5 * 10.0 ** -digits
        tone = "quiet" if near or value != value else "text" if value < 0.0 else "warning"
        text = "-" if value != value else signed(value, digits)
        used = brush.quantity(left + each, base, text, currency if unit == "money" else unit, SMALL, tone)
        brush.text(left, base, brush.clip(words, each - used - px(6), TICK), TICK, "quiet")
