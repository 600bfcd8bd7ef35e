"""The grid's frequency while a run goes: steps of the imbalance, and who has to look when.

Between steps the state is a formula (`sim.grid.frequency`). A disturbance is a step, and so is
every change of what the vehicles give the grid beyond their plan, times the sites that this one
stands for. What they plan is foreseen by the system's dispatch, and so are arrivals and departures:
the many sites have them at other times.

Only what matters becomes an event: frequency leaves the normal band or comes back, leaves the
deadband or comes back, or has moved by the resolution since vehicles last answered. They answer at
most once a response interval, as a sampled controller does; at rest there are no events at all.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, copysign, inf

from entities.world import World
from sim.grid.frequency import Frequency
from sim.scenario import Scenario
from sim.timeline import Order, Timeline
from sim.timing import HOUR_S


class SystemFrequency:
    """The frequency of one run. `report(kind, t, where, **facts)` is told of bands left and
    entered. When vehicles have to answer, `on_moved()` says whether any do; who decides for them
    calls `answer` then."""

    def __init__(self, scenario: Scenario, world: World, timeline: Timeline, report: Callable,
                 on_moved: Callable[[], bool]):
        self.spec = spec = scenario.frequency
        self._swing = Frequency(spec)
        self._deadband_hz = scenario.strategies.droop.deadband_hz
        self._hub, self._timeline = world.hub, timeline
        self._report, self._on_moved = report, on_moved
        self._until_s = scenario.duration
        self._accounted_s = 0.0
        self._answered = (0.0, 0.0)
        self._outside_since: float | None = None
        self._farthest_hz = spec.nominal_hz
        self._plans = 0
        hub = world.hub
        for column in (hub.frequency_hz, hub.frequency_min_hz, hub.frequency_max_hz):
            column[0] = spec.nominal_hz
        for column in (hub.rocof_max_hz_per_s, hub.frequency_outside_s, hub.disturbance_mw,
                       hub.support_kw, hub.support_up_kwh, hub.support_down_kwh):
            column[0] = 0.0

    def deviation_hz(self, t_s: float) -> float:
        """Frequency less nominal, exact for `t_s` from now until the next event."""
        return self._swing.at(t_s).df_hz

    def disturb(self, mw: float, until_s: float | None = None) -> None:
        """From now on `mw` more generation (negative: less), until then or for good."""
        now = self._timeline.now
        self.account(now)
        self._hub.disturbance_mw[0] += mw
        self._swing.disturb(now, mw)
        if until_s is not None:
            self._timeline.at(until_s, Order.INJECT, lambda _event: self._end(mw))
        self._plan()

    def answer(self, support_kw: float) -> bool:
        """What the site's vehicles give the grid beyond their plan from now on, kW AC. Returns
        whether that is a step."""
        now = self._timeline.now
        self._answered = now, self.deviation_hz(now)
        steps = support_kw != self._hub.support_kw.item(0)
        if steps:
            self.account(now)
            self._hub.support_kw[0] = support_kw
            self._swing.respond(now, support_kw * self.spec.sites_like_this / 1000.0)
        self._plan()
        return steps

    def account(self, t_s: float) -> None:
        """Enter the stretch up to `t_s` into the hub's columns; no step may lie in it."""
        hub, since = self._hub, self._accounted_s
        if t_s > since:
            _, farthest = self._swing.extreme(t_s, since)
            hub.frequency_min_hz[0] = min(hub.frequency_min_hz.item(0), farthest)
            hub.frequency_max_hz[0] = max(hub.frequency_max_hz.item(0), farthest)
            hub.rocof_max_hz_per_s[0] = max(hub.rocof_max_hz_per_s.item(0),
                                            self._swing.steepest(t_s, since))
            if self._outside_since is not None:
                hub.frequency_outside_s[0] += t_s - since
                self._farthest_hz = max(self._farthest_hz, farthest, key=self._off_nominal)
            given_kwh = hub.support_kw.item(0) * (t_s - since) / HOUR_S
            hub.support_up_kwh[0] += max(given_kwh, 0.0)
            hub.support_down_kwh[0] += max(-given_kwh, 0.0)
            self._accounted_s = t_s
        hub.frequency_hz[0] = self.spec.nominal_hz + self.deviation_hz(t_s)

    def _end(self, mw: float) -> None:
        self._report("disturbance_ended", self._timeline.now, "grid", mw=mw)
        self.disturb(-mw)

    def _plan(self) -> None:
        """Give an event to the next moment at which something has to happen."""
        now, df = self._timeline.now, self.deviation_hz(self._timeline.now)
        since, seen = self._answered
        interval, by, look = self.spec.response_interval, self.spec.resolution_hz, inf
        if abs(df) > self._deadband_hz:
            moved = self._swing.leaves(seen - by, seen + by, now, self._until_s, exact=False)
            if moved < inf:
                steps = max(ceil((moved - since) / interval), 1)
                look = max(since + steps * interval, moved)
        look = min(look, max(self._leaves(df, self._deadband_hz, look), since + interval))
        band = self._leaves(df, self.spec.normal_band_hz, look)
        self._plans += 1
        if min(look, band) <= self._until_s:
            act = self._look if look <= band else self._cross
            self._timeline.at(min(look, band), Order.CONTROL, act, self._plans)

    def _leaves(self, df: float, band_hz: float, until_s: float) -> float:
        """When frequency, now off by `df`, crosses a band around nominal, s; inf if not until
        then."""
        low, high = -band_hz, band_hz
        if abs(df) > band_hz:
            low, high = (band_hz, inf) if df > 0.0 else (-inf, -band_hz)
        return self._swing.leaves(low, high, self._timeline.now, min(until_s, self._until_s))

    def _look(self, event) -> None:
        if event.value == self._plans:
            now = self._timeline.now
            self._see(now)
            if not self._on_moved():
                self.answer(0.0)

    def _cross(self, event) -> None:
        if event.value == self._plans:
            self._see(self._timeline.now)
            self._plan()

    def _see(self, now: float) -> None:
        """Notice on which side of the normal band frequency is."""
        self.account(now)
        df = self.deviation_hz(now)
        outside = abs(df) > self.spec.normal_band_hz
        if outside and self._outside_since is None:
            self._outside_since = now
            self._farthest_hz = self.spec.nominal_hz + df
            self._report("frequency_left_band", now, "grid",
                         beyond_hz=self.spec.nominal_hz + copysign(self.spec.normal_band_hz, df))
        elif not outside and self._outside_since is not None:
            self._report("frequency_restored", now, "grid", farthest_hz=self._farthest_hz,
                         outside_s=now - self._outside_since)
            self._outside_since = None

    def _off_nominal(self, hz: float) -> float:
        return abs(hz - self.spec.nominal_hz)
