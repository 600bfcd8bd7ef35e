"""The timeline at the bottom edge: the recorded past with its lanes, and where in it one looks.

From the top: net power with its limit; connectors in use by density, amber where vehicles are queued, red where
connectors are out of order; alarms; commands and injects; the clock. A drag shows the past.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from imgui_bundle import imgui

from game.ui.lanes import Follower, Lanes, density
from game.ui.layer import vec
from game.ui.lists import ALARM_MARKS
from game.ui.theme import MARGIN, PADDING, SMALL, TICK
from game.ui.widgets import Brush
from sim.timing import HOUR_S, moment_at

POWER, LANE, GAP, CLOCK, TOP = 30.0, 9.0, 4.0, 16.0, 8.0
HEIGHT = TOP + POWER + 3 * (LANE + GAP) + CLOCK + GAP
NAMES, SIDE = 86.0, 74.0
STRETCH = 3.0  # pixels of the connectors' lane that share one figure
CATCH = 5.0
Rect = tuple[float, float, float, float]


class Timeline:
    """The strip; `open` shows it."""

    def __init__(self):
        self.open = False
        self._follower = Follower()
        self.lanes: Lanes | None = None

    def work_out(self, branching, instructing: bool) -> None:
        """Look up the lanes."""
        self.lanes = self._follower.read(branching, instructing)

    def rect(self, brush: Brush, size: tuple[int, int]) -> Rect:
        """Where it lies in a picture of `size` pixels."""
        px = brush.theme.px
        return px(MARGIN), size[1] - px(MARGIN + HEIGHT), size[0] - px(2 * MARGIN), px(HEIGHT)

    def track(self, brush: Brush, size: tuple[int, int]) -> tuple[float, float]:
        """The pixels (x) between which time runs."""
        px, (x, _, width, _) = brush.theme.px, self.rect(brush, size)
        return x + px(NAMES), x + width - px(SIDE)

    def draw(self, brush: Brush, size: tuple[int, int], shown_s: float, past: bool, start, actions) -> None:
        """Draw it; `actions` has scrub(t_s) and show_now()."""
        px, lanes = brush.theme.px, self.lanes
        area = x, y, width, height = self.rect(brush, size)
        left, right = self.track(brush, size)
        self._left, self._per_s = left, (right - left) / lanes.duration_s
        with brush.panel("timeline", area):
            self._scrub(brush, (left, y, right - left, height), actions)
            known = self.at(lanes.until_s)
            top = y + px(TOP)
            brush.box(left, top, right, y + height - px(CLOCK + GAP), "track")
            brush.box(left, top, known, y + height - px(CLOCK + GAP), "track")
            self._power(brush, top, known)
            brush.text(x + px(PADDING), top + px(12), "Net power", TICK, "quiet")
            top += px(POWER + GAP)
            for name, draw in (("Connectors", self._connectors), ("Alarms", self._alarms),
                               ("Commands", self._commands)):
                brush.text(x + px(PADDING), top + px(LANE), name, TICK, "quiet")
                draw(brush, top, px(LANE))
                top += px(LANE + GAP)
            self._clock(brush, y + height - px(GAP), left, right, start)
            self._forks(brush, y + px(TOP), top)
            at = self.at(shown_s)
            brush.line(at, y + px(3), at, y + height - px(CLOCK), "wait" if past else "text", 2.0)
            r = px(4)
            brush.list.add_triangle_filled(vec(at - r, y + px(2)), vec(at + r, y + px(2)), vec(at, y + px(2) + r),
                                           brush.theme.color("wait" if past else "text"))
            self._now(brush, right + px(8), y + px(TOP), past, shown_s, start, actions)
            self._tell(brush)

    def at(self, t_s: float) -> float:
        """The pixel (x) of an instant, as drawn last."""
        return self._left + t_s * self._per_s

    def _scrub(self, brush: Brush, area: Rect, actions) -> None:
        imgui.set_cursor_screen_pos(vec(area[0], area[1]))
        imgui.invisible_button("scrub", vec(area[2], area[3]))
        self._hovered = imgui.is_item_hovered()
        if imgui.is_item_active():
            mouse = imgui.get_mouse_pos()
            t_s = (mouse.x - self._left) / self._per_s
            if t_s != getattr(self, "_asked", None):
                self._asked = t_s
                actions.scrub(min(max(t_s, self.lanes.since_s), self.lanes.until_s))
        else:
            self._asked = None

    def _power(self, brush: Brush, top: float, known: float) -> None:
        px, lanes = brush.theme.px, self.lanes
        if len(lanes.t_s) < 2:
            return
        finite = lanes.limit_kw[np.isfinite(lanes.limit_kw)]
        low = min(float(lanes.net_kw.min()), 0.0)
        high = max(float(lanes.net_kw.max()), float(finite.max()) if len(finite) else 0.0, low + 1.0)
        scale = px(POWER - 2) / (high - low)

        def y(kw):
            return top + px(POWER - 1) - (kw - low) * scale

        step = max(len(lanes.t_s) // 600, 1)
        xs, ys = self.at(lanes.t_s[::step]), y(lanes.net_kw[::step])
        points = [vec(float(a), float(b)) for a, b in zip(xs, ys)]
        brush.list.add_polyline(points, brush.theme.color("text"), 0, px(1.4))
        limits = np.where(np.isfinite(lanes.limit_kw), y(lanes.limit_kw), np.nan)[::step]
        jumps = np.flatnonzero(np.append(True, (limits[1:] != limits[:-1]) & ~(np.isnan(limits[1:])
                                                                              & np.isnan(limits[:-1]))))
        for k, first in enumerate(jumps):
            until = xs[jumps[k + 1]] if k + 1 < len(jumps) else known
            if np.isfinite(limits[first]):
                brush.line(float(xs[first]), float(limits[first]), float(until), float(limits[first]), "quiet")
        if low < 0.0:
            brush.line(self._left, y(0.0), known, y(0.0), "line")

    def _connectors(self, brush: Brush, top: float, high: float) -> None:
        lanes, wide = self.lanes, brush.theme.px(STRETCH)
        count = int((self.at(lanes.until_s) - self._left) // wide)
        if count < 1 or not lanes.connectors:
            return
        edges = np.arange(count + 1) * wide / self._per_s
        use = density(lanes.t_s, lanes.plugged, edges) / lanes.connectors
        queued, broken = (density(lanes.t_s, values, edges) for values in (lanes.queued, lanes.broken))
        color = imgui.color_convert_u32_to_float4(brush.theme.color("text"))
        for k in np.flatnonzero(np.nan_to_num(use) + np.nan_to_num(queued) + np.nan_to_num(broken) > 0.0).tolist():
            x = self._left + k * wide
            shade = imgui.color_convert_float4_to_u32(imgui.ImVec4(color.x, color.y, color.z,
                                                                   0.08 + 0.72 * min(float(use[k]), 1.0)))
            brush.list.add_rect_filled(vec(x, top), vec(x + wide, top + high), shade)
            if queued[k] > 0.0:
                brush.box(x, top, x + wide, top + high * 0.35, "wait")
            if broken[k] > 0.0:
                brush.box(x, top + high * 0.65, x + wide, top + high, "fault")

    def _alarms(self, brush: Brush, top: float, high: float) -> None:
        for spell in sorted(self.lanes.alarms, key=lambda one: -one.priority):
            x0 = self.at(spell.since_s)
            x1 = max(self.at(spell.until_s), x0 + brush.theme.px(3))
            inset = high * 0.18 * int(spell.priority)
            brush.box(x0, top + inset, x1, top + high, ALARM_MARKS[spell.nature])
            self._point(x0, x1, top, high, spell.words)

    def _commands(self, brush: Brush, top: float, high: float) -> None:
        r, middle = high * 0.5, top + high * 0.5
        for tick in self.lanes.injects:
            x = self.at(tick.t_s)
            brush.list.add_triangle_filled(vec(x - r, top), vec(x + r, top), vec(x, top + high),
                                           brush.theme.color("quiet"))
            self._point(x - r, x + r, top, high, tick.words)
        for tick in self.lanes.commands:
            x = self.at(tick.t_s)
            brush.list.add_circle_filled(vec(x, middle), r, brush.theme.color("text"), 12)
            self._point(x - r, x + r, top, high, tick.words)

    def _forks(self, brush: Brush, top: float, bottom: float) -> None:
        for tick in self.lanes.forks:
            x = self.at(tick.t_s)
            brush.line(x, top, x, bottom, "renewable", 1.5)
            self._point(x - 2, x + 2, top, brush.theme.px(POWER), tick.words)

    def _clock(self, brush: Brush, base: float, left: float, right: float, start) -> None:
        hours = self.lanes.duration_s / HOUR_S
        room = (right - left) / brush.theme.px(56)
        step = next((step for step in (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168) if hours / step <= room), 336)
        first = moment_at(0.0, start)
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        since = (first - midnight).total_seconds() / HOUR_S
        k = int(-(-since // step))
        while (k * step - since) <= hours:
            x = self.at((k * step - since) * HOUR_S)
            words = f"{midnight + timedelta(hours=k * step):%H:%M}"
            wide = brush.width(words, TICK)
            brush.text(min(max(x - wide / 2, left), right - wide), base, words, TICK, "quiet")
            k += 1

    def _now(self, brush: Brush, x: float, y: float, past: bool, shown_s: float, start, actions) -> None:
        px = brush.theme.px
        room = px(SIDE - 8 - PADDING)
        brush.text(x, y + px(14), f"{moment_at(shown_s, start):%H:%M:%S}", SMALL, "wait" if past else "text", True)
        if past:
            if brush.label_button("to now", "Now", (x, y + px(24), room, px(22))):
                actions.show_now()
            brush.text(x, y + px(62), "the past", TICK, "wait")
        else:
            brush.text(x, y + px(32), "now", SMALL, "quiet")

    def _point(self, x0: float, x1: float, top: float, high: float, words: str) -> None:
        """Words of what is drawn there, if it is pointed at."""
        if self._hovered:
            mouse = imgui.get_mouse_pos()
            if x0 - CATCH <= mouse.x <= x1 + CATCH and top - 2 <= mouse.y <= top + high + 2:
                self._words = [*getattr(self, "_words", []), words]

    def _tell(self, brush: Brush) -> None:
        words, self._words = getattr(self, "_words", []), []
        if words:
            brush.tooltip("\n".join(words[-6:]))
