"""A look ahead, below the command line: net power with and without the command, and what it sums up to."""

from __future__ import annotations

from game.foresight import AHEAD_S, Foresight
from game.ui.branches import figures, pair
from game.ui.charts import clock_ticks
from game.ui.panel import Area
from game.ui.theme import PADDING, SMALL
from game.ui.widgets import Brush
from sim.timing import HOUR_S

CHART_SHARE = 0.46


def draw(brush: Brush, area: Area, look: Foresight, model) -> None:
    """Draw it; while it is looked for, that."""
    px, (x, y, width, height) = brush.theme.px, area
    brush.line(x, y, x + width, y)
    if look.ahead is None:
        brush.text(x, y + px(20), "looking ahead ...", SMALL, "quiet")
        return
    found = look.ahead.difference
    if len(found.t_s) < 2:
        brush.text(x, y + px(20), "the scenario ends before anything could differ", SMALL, "quiet")
        return
    split, first = width * CHART_SHARE, found.t_s[0]
    ticks = clock_ticks(model.scenario.start, first, 0.0, AHEAD_S / HOUR_S)
    pair(brush, (x - px(PADDING), y + px(2), split, height - px(2)), found, first, (0.0, (found.t_s[-1] - first) / HOUR_S),
         ticks, ("with", "without"))
    right = (x + split, y + px(2), width - split, height)
    figures(brush, right, found, model.scenario.currency, 2)
    news = len(look.ahead.events)
    words = (f"in 2 hours, {news} new event{'s' if news > 1 else ''}" if news else "in 2 hours, no new events"
             if found.since_s is not None else "changes nothing within 2 hours")
    brush.text(right[0], y + px(2 + 76), brush.clip(words, right[2], SMALL), SMALL, "quiet")
