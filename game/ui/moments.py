"""The panel of a debrief: where in the run one is, in words, and the way to the next moment."""

from __future__ import annotations

from game.ui.lesson import wrap
from game.ui.panel import Area, Moment, Panel
from game.ui.theme import PADDING, SMALL, TICK
from game.ui.widgets import Brush
from sim.timing import clock_label

LINE, ROW, BUTTON, GAP = 18.0, 20.0, 28.0, 8.0
AROUND = 4          # stops listed before and after
LETTERS, MOST_LINES = 42, 8
MARKS = {"loss": "warning", "alarm": "fault", "decision": "text", "inject": "quiet", "worst": "warning"}


class MomentsPanel(Panel):
    """The stop that is shown with all that was then, and those around it; a click goes there. Below them, what
    makes a film of all."""

    key, title = "moments", "Debrief"

    def __init__(self):
        self._rows: list[tuple] = []

    def work_out(self, moment: Moment) -> None:
        told = moment.debriefing
        self._rows = []
        if told is None:
            return
        start, here = moment.model.scenario.start, told.at(moment.t_s)
        verdict = {None: "so far", True: "passed", False: "failed"}[told.score.passed]
        self.title = f"Debrief  {told.score.points:.1f} of 100, {verdict}"
        stop = told.stops[here]
        self._place = f"{here + 1} of {len(told.stops)}"
        self._lines = [(kind if k == 0 else "", line) for kind, words in stop.lines
                       for k, line in enumerate(wrap(words, LETTERS))][:MOST_LINES]
        self._lost = stop.points
        self._ends = here == 0, here == len(told.stops) - 1
        first = min(max(here - AROUND, 0), max(len(told.stops) - 2 * AROUND - 1, 0))
        shown = enumerate(told.stops[first:first + 2 * AROUND + 1], first)
        self._rows = [(one.t_s, clock_label(one.t_s, start), one.head, one.points, k == here)
                      for k, one in shown]

    def height(self) -> float:
        if not self._rows:
            return 0.0
        return BUTTON + GAP + LINE * len(self._lines) + GAP + ROW * len(self._rows) + GAP + BUTTON

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        left, right = x + px(PADDING), x + width - px(PADDING)
        wide = px(76)
        for name, label, step, at, ends in (("last", "Before", -1, left, self._ends[0]),
                                            ("next", "Next", 1, right - wide, self._ends[1])):
            refusal = "there is none" if ends else None
            if brush.label_button(f"{name} moment", label, (at, y, wide, px(BUTTON - 4)), refusal):
                actions.step_event(step)
        words = self._place + (f", \u2212{self._lost:.1f} points" if self._lost else "")
        brush.text(x + (width - brush.width(words, SMALL)) / 2, y + px(17), words, SMALL,
                   "warning" if self._lost else "quiet")
        y += px(BUTTON + GAP)
        for kind, line in self._lines:
            if kind in MARKS:
                brush.mark(left + px(4), y + px(9), MARKS[kind])
            brush.text(left + px(14), y + px(13), brush.clip(line, right - left - px(14), SMALL), SMALL)
            y += px(LINE)
        y += px(GAP / 2)
        brush.line(left, y, right, y)
        y += px(GAP / 2)
        for t_s, clock, words, points, here in self._rows:
            if brush.button(f"moment {t_s}", (x + px(4), y, width - px(8), px(ROW))) and not here:
                actions.scrub(t_s)
            if here:
                brush.box(x + px(4), y, x + width - px(4), y + px(ROW), "hover", px(4))
            base, tone = y + px(14), "text" if here else "quiet"
            used = max(brush.text(left, base, clock, TICK, tone), px(34)) + px(8)
            lost = (brush.text(right, base, f"\u2212{points:.1f}", TICK, "warning", right=True) + px(8)
                    if points else 0.0)
            brush.text(left + used, base, brush.clip(words, right - left - used - lost, TICK), TICK, tone)
            y += px(ROW)
        y += px(GAP / 2)
        if brush.label_button("film moments", "Make a film of it", (left, y, right - left, px(BUTTON - 4))):
            actions.film_debrief()
