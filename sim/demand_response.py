"""Demand-response calls: a level of import to keep, what that pays, and what was kept.

Import counts as the mean of a control interval, or of the part of it within the call.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from entities.components import NAN
from sim.timeline import Order
from sim.timing import HOUR_S

if TYPE_CHECKING:
    from sim.model import Model

TOLERANCE_KW = 1e-6


@dataclass
class Call:
    """One call, from `begins_s` until `ends_s`; `kept_s` and `above_kwh` grow as it goes."""

    kw: float
    begins_s: float
    ends_s: float
    reward: float
    penalty: float
    kept_s: float = 0.0
    above_kwh: float = 0.0

    @property
    def pays(self) -> float:
        """What has been earned by it, in the scenario's currency; negative: it costs."""
        return self.reward * self.kept_s / (self.ends_s - self.begins_s) - self.penalty * self.above_kwh


class Calls:
    """The calls of one model. `active` is the one that is announced or runs, `done` those before."""

    def __init__(self, model: Model):
        self._model = model
        self.active: Call | None = None
        self.done: list[Call] = []
        self._counting = False
        self._since_s = self._energy_kwh = 0.0

    @property
    def all(self) -> list[Call]:
        """Every call so far, in order."""
        return self.done + ([self.active] if self.active else [])

    def add(self, call: Call) -> None:
        """A call comes in."""
        self.active = call
        hub = self._model.world.hub
        hub.call_kw[0], hub.call_begins_s[0], hub.call_ends_s[0] = call.kw, call.begins_s, call.ends_s
        meter = self._model.meter
        meter.integrates = meter.integrates_net = True
        self._model.timeline.at(call.begins_s, Order.INJECT, self._begin)
        self._model.timeline.at(call.ends_s, Order.INJECT, self._end)

    def tick(self, t_s: float) -> None:
        """A control interval is over; the meter has come this far."""
        if self._counting and t_s > self._since_s:
            self._count(t_s)

    def _begin(self, _event) -> None:
        now = self._model.now_s
        self._model.enter(now)
        self._counting = True
        self._since_s, self._energy_kwh = now, self._model.meter.net_kwh

    def _end(self, _event) -> None:
        now, call = self._model.now_s, self.active
        self._model.enter(now)
        self.tick(now)
        self._counting, self.active = False, None
        self.done.append(call)
        hub = self._model.world.hub
        hub.call_kw[0] = hub.call_begins_s[0] = hub.call_ends_s[0] = NAN
        self._model.events.append({"t": now, "kind": "call_ended", **asdict(call), "pays": call.pays})

    def _count(self, t_s: float) -> None:
        energy, call = self._model.meter.net_kwh, self.active
        hours = (t_s - self._since_s) / HOUR_S
        above = (energy - self._energy_kwh) / hours - call.kw
        if above <= TOLERANCE_KW:
            call.kept_s += t_s - self._since_s
        else:
            call.above_kwh += above * hours
        self._since_s, self._energy_kwh = t_s, energy


def bill_lines(calls: list[Call]) -> list[dict]:
    """Lines of the bill as `sim.bill` has them: what calls pay, and what missing them costs."""
    kept = sum(call.kept_s for call in calls) / HOUR_S
    above = sum(call.above_kwh for call in calls)
    lines = []
    if kept:
        lines.append({"line": "demand response kept", "quantity": kept, "unit": "h", "amount": -sum(
            call.pays + call.penalty * call.above_kwh for call in calls)})
    if above:
        lines.append({"line": "demand response missed", "quantity": above, "unit": "kWh", "amount": sum(
            call.penalty * call.above_kwh for call in calls)})
    return lines
