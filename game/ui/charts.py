"""The chart panels: load against limits, price, stress, SoC, renewable share, the selected vehicle,
frames. Times are hours before and after now, as the model's own."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np

from entities.components import NONE, Place
from game.ui.panel import Area, Moment, Panel
from game.ui.plot import Ticks, alike, plot, round_ticks
from game.ui.theme import PADDING
from game.ui.trace import SITE_COLUMNS, figures, trace_of
from game.ui.widgets import Brush
from game.ui.words import number, signed
from sim.battery.segments import energy_at, to_ac
from sim.commands import SetLimit
from sim.timing import HOUR_S, moment_at

PAST_H, AHEAD_H = 6.0, 3.0
TICK_H = 3
BODY, LEAST_SHARE = 90.0, 0.8
POINTS = 145
LEAST_GAP_H = 1.5
NAME_SHARE, EDGE_SHARE = 0.12, 0.06
"""How much of a chart a short name takes, and how much of a clock's words is right of its tick."""


class Chart(Panel):
    """A plot in a panel; `ready` says whether there is anything to show."""

    tall, fits = BODY, True
    ready = True

    def height(self) -> float:
        return self.tall if self.ready else 0.0

    def least(self) -> float:
        return LEAST_SHARE * self.height()

    def plot(self, brush: Brush, area: Area, x, y, x_ticks: Ticks, y_ticks: Ticks):
        """The plot within the body's padding."""
        px, (left, top, width, height) = brush.theme.px, area
        room = (left + px(PADDING - 4), top, width - px(2 * PADDING - 6), height - px(4))
        return plot(brush, self.key, room, x, y, x_ticks, y_ticks)


class Timed(Chart):
    """A chart over the last hours, and those ahead as far as `ahead_h`."""

    ahead_h = 0.0
    column = ""

    def work_out(self, moment: Moment) -> None:
        model, self.t_s = moment.model, moment.t_s
        self.span = (max(-PAST_H, -max(self.t_s / HOUR_S, 1.0)), self.ahead_h)
        self.ticks = clock_ticks(model.scenario.start, self.t_s, *self.span)
        self.read(model)

    def read(self, model) -> None:
        """Look up the lines."""
        raise NotImplementedError

    def hours(self, times_s: np.ndarray) -> np.ndarray:
        """Times as the plot's x."""
        return (times_s - self.t_s) / HOUR_S

    def past(self, model, *names: str) -> list[np.ndarray]:
        """Columns of the trace within the span and of now, the time (h) first."""
        now = figures(model, self.t_s)
        trace = trace_of(model.history)
        ring = trace and trace.site
        columns = []
        times = ring.column("t_s") if ring is not None else np.empty(0)
        inside = (times > self.t_s + (self.span[0] - 1.0) * HOUR_S) & (times < self.t_s)
        for name in ("t_s", *names):
            before = ring.column(name)[inside] if ring is not None else np.empty(0)
            columns.append(np.append(before, now[SITE_COLUMNS.index(name)]))
        return [self.hours(columns[0]), *columns[1:]]


class Load(Timed):
    """Net power at the grid between its limits, and limits that are already ordered."""

    key, title, ahead_h = "load", "Load and limits, kW", AHEAD_H

    def read(self, model) -> None:
        self.x, self.net, *limits = self.past(model, "net_kw", "import_limit_kw", "export_limit_kw")
        self.limits = []
        for direction, sign, past in (("import", 1.0, limits[0]), ("export", -1.0, limits[1])):
            times, values = ahead_limits(model, direction, self.t_s, past[-1])
            xs = np.concatenate([self.x, self.hours(times), [self.ahead_h]])
            ys = sign * np.concatenate([past, values, values[-1:] if len(values) else past[-1:]])
            self.limits.append((xs, np.where(np.isfinite(ys), ys, np.nan), sign > 0))
        known = [self.net, *(ys[np.isfinite(ys)] for _, ys, _ in self.limits)]
        low, high = (f([f(part) for part in known if len(part)] + [0.0]) for f in (min, max))
        margin = 0.3 * max(high - low, 10.0)
        self.y = low - (margin if low < 0 else 0.0), high + margin

    def draw(self, brush: Brush, area: Area, actions) -> None:
        ticks = tuple((v, signed(v, 0)) for v in round_ticks(*self.y))
        with self.plot(brush, area, self.span, self.y, self.ticks, ticks) as p:
            for xs, ys, above in self.limits:
                p.limit(xs, ys, above, excess(self.net, ys, above))
            p.line(self.x, self.net, "text", filled=True)
            p.rule(0.0)
            for xs, ys, above in self.limits:
                if np.isfinite(ys[-1]):
                    p.label(self.ahead_h, ys[-1], f"limit {signed(ys[-1], 0)} kW", "quiet",
                            right=True, below=not above)
            # Clear of the limit's own label.
            low, high = self.y
            p.label(0.0, self.net[-1], f"{signed(self.net[-1], 0)} kW", "text",
                    below=bool(self.net[-1] > low + 0.6 * (high - low)))


def excess(net: np.ndarray, limit: np.ndarray, above: bool) -> np.ndarray:
    """Where a limit (n,) was exceeded until the next of the times, of which `net` (m,) is known for the first
    up to now."""
    broken = np.zeros(len(limit), bool)
    past = len(net) - 1
    broken[:past] = net[:past] > limit[:past] if above else net[:past] < limit[:past]
    return broken


class Price(Timed):
    """Prices of energy drawn and fed, past and ahead."""

    key, title, ahead_h = "price", "Price", 12.0

    def read(self, model) -> None:
        self.lines = []
        self.title = f"Price, {model.scenario.currency}/kWh"
        since, until = (self.t_s + h * HOUR_S for h in self.span)
        for name, curve, tone in (("buy", model.conditions.buying, "text"),
                                  ("sell", model.conditions.selling, "feed")):
            if name == "sell" and not model.world.connector.discharge_max_kw.any():
                continue
            first, last = curve.index(since), curve.index(until) + 1
            xs = self.hours(np.append(np.maximum(curve.starts[first:last], since), until))
            ys = np.append(curve.values[first:last], curve.values[last - 1])
            self.lines.append((name, xs, ys, tone, float(curve.at(self.t_s))))
        low = min(0.0, *(ys.min() for _, _, ys, _, _ in self.lines))
        high = max(ys.max() for _, _, ys, _, _ in self.lines)
        self.y = low, high + 0.32 * max(high - low, 0.01)  # a name fits above the line

    def draw(self, brush: Brush, area: Area, actions) -> None:
        ticks = tuple((v, number(v, 2)) for v in round_ticks(*self.y, 3))
        with self.plot(brush, area, self.span, self.y, self.ticks, ticks) as p:
            p.rule(0.0)
            for name, xs, ys, tone, now in self.lines:
                p.line(xs, ys, tone, stairs=True)
            if len(self.lines) == 2 and np.allclose(self.lines[0][2], self.lines[1][2]):
                p.label(self.span[1], self.lines[0][2][-1], "buy and sell", "text", right=True)
                return
            for k, (name, xs, ys, tone, now) in enumerate(self.lines):
                x, y = level(xs, ys, NAME_SHARE * (self.span[1] - self.span[0]))
                p.label(x, y, name, tone, below=k == 1)


def level(xs: np.ndarray, ys: np.ndarray, wide: float) -> tuple[float, float]:
    """Where stairs of points (n,) first stay on one side of now and level for `wide`, else where for longest."""
    edges = np.unique(np.concatenate([xs, [0.0]]).clip(xs[0], xs[-1]))
    runs = np.diff(edges)
    k = int(np.argmax(runs >= wide)) if (runs >= wide).any() else int(np.argmax(runs))
    return float(edges[k]), float(ys[np.searchsorted(xs, edges[k], side="right") - 1])


class Share(Timed):
    """A figure between 0 and 1 over time; hidden where it is unknown."""

    def __init__(self, key: str, title: str, column: str, tone: str, words: str,
                 marks: tuple[tuple[float, str], ...] = (), of: float = 1.0):
        self.key, self.title, self.column = key, title, column
        self._tone, self._words, self._marks, self._of = tone, words, marks, of

    def read(self, model) -> None:
        self.x, self.values = self.past(model, self.column)
        self.ready = bool(np.isfinite(self.values[-1]))

    def draw(self, brush: Brush, area: Area, actions) -> None:
        ticks = self._marks or tuple((v, f"{100 * v:.0f} %") for v in (0.0, 0.5, 1.0))
        with self.plot(brush, area, self.span, (0.0, 1.08), self.ticks, ticks) as p:
            p.line(self.x, self.values, self._tone, filled=True)
            p.label(0.0, self.values[-1], self._words.format(self._of * self.values[-1]), "text", right=True)


class Charge(Chart):
    """How full the plugged-in batteries are: vehicles by SoC."""

    key, title = "soc", "State of charge"

    def work_out(self, moment: Moment) -> None:
        vehicle = moment.model.world.vehicle
        here = vehicle.rows(vehicle.place == Place.PLUGGED)
        soc = energy_at(vehicle, here, moment.t_s) / vehicle.capacity_kwh[here]
        self.counts, _ = np.histogram(np.clip(soc, 0.0, 1.0), 10, (0.0, 1.0))
        self.mean = float(soc.mean()) if len(soc) else math.nan

    def draw(self, brush: Brush, area: Area, actions) -> None:
        top = max(int(self.counts.max()), 1) * 1.25
        x_ticks = ((0.0, "0"), (0.5, "50"), (1.0, "100 %"))
        y_ticks = tuple((v, number(v, 0)) for v in round_ticks(0.0, top, 3) if v == int(v))
        with self.plot(brush, area, (0.0, 1.09), (0.0, top), x_ticks, y_ticks) as p:  # "100 %" fits in
            p.bars(np.arange(10) / 10 + 0.05, self.counts, 0.085, "quiet")
            if math.isfinite(self.mean):
                p.rule(self.mean)
                p.label(self.mean, top, f"mean {100 * self.mean:.0f} %", "text", right=self.mean > 0.5, below=True)


class Course(Timed):
    """State of charge and power of the selected vehicle, or of the one at the selected connector."""

    key, title, tall = "course", "Its last hours", 112.0
    ready = False

    def read(self, model) -> None:
        self.lines = []

    def work_out(self, moment: Moment) -> None:
        super().work_out(moment)
        model, row = moment.model, vehicle_of(moment)
        trace = trace_of(model.history)
        self.ready = row is not None and trace is not None
        if not self.ready:
            return
        vehicle = model.world.vehicle
        times = self.t_s + np.linspace(self.span[0], 0.0, POINTS) * HOUR_S
        energy, power = trace.course(vehicle, row, times)
        self.x, self.soc = self.hours(times), energy / vehicle.capacity_kwh.item(row)
        self.known = np.isfinite(power)
        self.gaps = gaps(self.x, self.known)
        self.kw = to_ac(vehicle, np.full(len(power), row), np.nan_to_num(power))
        top = max(5.0, 1.15 * float(np.abs(self.kw).max()))
        self.y = -top if self.kw.min() < -0.05 else 0.0, top

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (left, top, width, height) = brush.theme.px, area
        half = height * 0.46
        shares, powers = alike(brush, ((0.0, "0"), (1.0, "100 %")),
                               tuple((v, signed(v, 0)) for v in round_ticks(*self.y, 2)))
        with plot(brush, "soc course", (left + px(8), top, width - px(18), half), self.span,
                  (0.0, 1.12), (), shares) as p:
            p.line(self.x, self.soc, "text", filled=True)
            if np.isfinite(self.soc[-1]):
                p.label(0.0, self.soc[-1], f"{100 * self.soc[-1]:.0f} %", "text", right=True,
                        below=bool(self.soc[-1] > 0.5))
            for middle in self.gaps:
                p.label(middle, 0.4, "not plugged in", middle=True)
        with plot(brush, "kw course", (left + px(8), top + half, width - px(18),
                                       height - half - px(4)), self.span, self.y, self.ticks, powers) as p:
            for kw, tone in ((np.maximum(self.kw, 0.0), "charge"), (np.minimum(self.kw, 0.0), "feed")):
                if kw.any():
                    p.line(self.x, np.where(self.known, kw, np.nan), tone, stairs=True, filled=True)
            p.label(0.0, self.y[1], "kW AC", right=True, below=True)


def gaps(x_h: np.ndarray, known: np.ndarray) -> list[float]:
    """The middles of the stretches without a value that are LEAST_GAP_H long, from the first value on; of
    all where there is none."""
    first = int(np.argmax(known)) if known.any() else 0
    edges = np.flatnonzero(np.diff(np.concatenate([[True], known[first:], [True]]).astype(int)))
    ends = [(x_h[first + a], x_h[min(first + b, len(x_h) - 1)]) for a, b in zip(edges[::2], edges[1::2])]
    return [float(a + b) / 2.0 for a, b in ends if b - a >= LEAST_GAP_H]


FRAME_PARTS = (("model", "charge"), ("scene", "feed"), ("drawing", "text"))


class FrameTimes(Chart):
    """Milliseconds of the last frames: the model, then scene and panels, then drawing on top."""

    key, title, tall = "frames", "Frame time", 120.0
    ready = False

    def work_out(self, moment: Moment) -> None:
        costs = np.array(moment.frames.costs)
        self.ready = len(costs) > 1
        if self.ready:
            self.ms = 1e3 * np.cumsum(costs[:, 1:], axis=1)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        # A single long frame must not flatten all others.
        top = max(20.0, 1.4 * float(np.percentile(self.ms[:, -1], 95)))
        xs = np.arange(len(self.ms)) - len(self.ms) + 1.0
        y_ticks = tuple((v, number(v, 0)) for v in round_ticks(0.0, top, 3))
        with self.plot(brush, area, (xs[0], 0.0), (0.0, top), (), y_ticks) as p:
            for k, (_, tone) in enumerate(FRAME_PARTS):
                p.line(xs, self.ms[:, k], tone, weight=1.2)
            p.limit(np.array([xs[0], 0.0]), np.full(2, 1e3 / 60.0))
            for k, (name, tone) in enumerate(FRAME_PARTS):
                p.label(xs[0] + k * len(xs) * 0.25, top, name, tone, below=True)
            p.label(0.0, 1e3 / 60.0, "60 fps", right=True)


def vehicle_of(moment: Moment) -> int | None:
    """The vehicle that the selection is about."""
    if moment.selected is None:
        return None
    kind, row = moment.selected
    if kind == "connector":
        row = moment.model.world.connector.vehicle.item(row)
    return row if kind in ("vehicle", "connector") and row != NONE else None


def clock_ticks(start, t_s: float, low_h: float, high_h: float) -> Ticks:
    """Full hours of the local clock, each TICK_H, as (hours from now, words)."""
    now = moment_at(t_s, start)
    first = (now + timedelta(hours=low_h)).replace(minute=0, second=0, microsecond=0)
    step = TICK_H * (1 if high_h - low_h <= 12 else 2)
    ticks = []
    for k in range(int(high_h - low_h) + 2):
        moment = first + timedelta(hours=k)
        at = (moment - now).total_seconds() / HOUR_S
        if low_h <= at <= high_h - EDGE_SHARE * (high_h - low_h) and moment.hour % step == 0:
            ticks.append((at, f"{moment:%H:%M}"))
    return tuple(ticks)


def ahead_limits(model, direction: str, t_s: float, now_kw: float) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and values (kW) of limits of the site that the scenario orders for later."""
    times, values = [t_s], [now_kw]
    for inject in model.scenario.injects:
        if inject.at is None:  # it depends
            continue
        command, at = inject.command, model.scenario.seconds(inject.at)
        if (isinstance(command, SetLimit) and command.zone is None and at > t_s
                and command.direction == direction and at <= t_s + AHEAD_H * HOUR_S):
            times.append(at)
            values.append(math.inf if command.kw is None else command.kw)
    order = np.argsort(times, kind="stable")
    return np.array(times)[order], np.array(values)[order]
