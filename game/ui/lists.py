"""Panels that are lists: the last events of the selected entity, and the alarms."""

from __future__ import annotations

from imgui_bundle import imgui

from game.ui.layer import vec
from game.ui.lesson import wrap
from game.ui.log import History
from game.ui.panel import Area, Moment, Panel
from game.ui.theme import PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import weekday_clock
from sim.alarm import Nature
from sim.alarms import FLOOD_ENDS

PITCH, LINE, FOOT = 20.0, 17.0, 8.0
LETTERS = 38
"""How many letters a clock and a line beside it hold."""
ALERT_PITCH, MOST_ALERTS = 24.0, 4
ALARM_MARKS = {Nature.FAULT: "fault", Nature.WARNING: "warning", Nature.NOTICE: "queue"}


class Log(Panel):
    """What last happened to the selected."""

    key, title = "log", "Events and commands"

    def __init__(self):
        self._history, self._entries = History(), []

    def work_out(self, moment: Moment) -> None:
        found = (self._history.entries(moment.model, *moment.selected, moment.t_s, moment.instructing)
                 if moment.selected is not None else [])
        self._entries = [(entry, wrap(entry.words, LETTERS - len(entry.clock))) for entry in found]

    def height(self) -> float:
        return (sum(PITCH + LINE * (len(lines) - 1) for _, lines in self._entries) + FOOT
                if self._entries else 0.0)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        for entry, lines in self._entries:
            base = y + px(14.0)
            used = brush.text(x + px(PADDING), base, entry.clock, SMALL, "quiet")
            left = x + px(PADDING) + max(used + px(8), px(44))
            if entry.tone != "text":
                brush.mark(left + px(4), base - px(4), entry.tone)
                left += px(14)
            for k, line in enumerate(lines):
                brush.told(left, base + px(LINE) * k, line, x + width - px(PADDING) - left, SMALL)
            y += px(PITCH) + px(LINE) * (len(lines) - 1)


class AlertList(Panel):
    """Alarms, the most urgent first: shape and colour say what each is, bold that it is not acknowledged."""

    key, title = "alerts", "Alarms"

    def __init__(self):
        self._lines = []

    def work_out(self, moment: Moment) -> None:
        shown = moment.alerts.shown
        start = moment.model.scenario.start
        self._lines = [(alert, weekday_clock(alert.since_s, moment.t_s, start)) for alert in shown]
        waiting = moment.alerts.sounding
        aside, figures = len(moment.alerts.shelved), moment.alerts.figures(moment.t_s)
        rate = f", {'a flood of ' * figures.flood}{figures.in_ten_minutes} in 10 min"
        self.title = (f"Alarms  {len(shown)}" + (f", {waiting} new" if waiting else "")
                      + (f", {aside} shelved" if aside else "")
                      + (rate if figures.flood or figures.in_ten_minutes >= FLOOD_ENDS else ""))

    def height(self) -> float:
        # Half a line more tells that there are more.
        return ALERT_PITCH * min(len(self._lines), MOST_ALERTS + 0.5) + FOOT if self._lines else 0.0

    def content(self) -> float:
        return ALERT_PITCH * len(self._lines) + FOOT

    def least(self) -> float:
        return min(ALERT_PITCH + FOOT, self.height())

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        for k, (alert, clock) in enumerate(self._lines):
            top, base = y + px(ALERT_PITCH * k), y + px(ALERT_PITCH * k + 16.0)
            if not imgui.is_rect_visible(vec(x, top), vec(x + width, top + px(ALERT_PITCH))):
                continue
            right = x + width - px(PADDING)
            if not alert.acknowledged:
                label = "Acknowledge"
                wide = brush.width(label, SMALL) + px(12)
                if brush.label_button(f"ack {alert.key}", label,
                                      (right - wide, top + px(1), wide, px(20))):
                    actions.acknowledge(alert)
                right -= wide + px(8)
                wide = brush.width("Shelve", SMALL) + px(12)
                if brush.label_button(f"shelve {alert.key}", "Shelve", (right - wide, top + px(1), wide, px(20))):
                    actions.shelve(alert)
                right -= wide + px(8)
            if brush.button(f"alert {alert.key}", (x + px(4), top, right - x - px(4), px(22))):
                actions.go_to(alert)
            mark = ALARM_MARKS[alert.nature]
            tone = "quiet" if alert.acknowledged or not alert.active else "text" if mark == "queue" else mark
            brush.mark(x + px(PADDING + 4), base - px(5), mark if alert.active else "text")
            left = x + px(PADDING + 16)
            left += brush.text(left, base, clock, SMALL, "quiet") + px(8)
            state = "" if alert.active else "over: "
            words = f"{alert.source}  {state}{alert.text}"
            bold = alert.active and not alert.acknowledged
            brush.told(left, base, words, right - left, SMALL, tone, bold)
