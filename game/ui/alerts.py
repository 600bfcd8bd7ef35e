"""What needs a person: raised by events and by the state, kept until it has passed and somebody
has acknowledged it (the states of ISA-18.2). No graphics.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from entities.components import NONE, Place, Status
from game.ui.words import number, pretty
from sim.grid.stress import HOT_SPOT_LIMIT_C
from sim.meter import TOLERANCE_KW

MOST = 100


class Severity(IntEnum):
    """The lower the more urgent."""

    URGENT = 0
    HIGH = 1
    LOW = 2


@dataclass
class Alert:
    """`target` is (kind, row) of what it is about, None where nothing in the scene is; `ended_s` None
    while it lasts."""

    key: tuple
    severity: Severity
    since_s: float
    source: str
    text: str
    target: tuple[str, int] | None = None
    ended_s: float | None = None
    acknowledged: bool = False

    @property
    def active(self) -> bool:
        return self.ended_s is None


class Alerts:
    """Follows one model. `shown` are all that are active or not yet acknowledged, the worst first."""

    def __init__(self):
        self._read = 0
        self._unserved = 0
        self._known: dict[tuple, Alert] = {}

    @property
    def shown(self) -> tuple[Alert, ...]:
        return tuple(sorted(self._known.values(), key=_rank))

    @property
    def worst(self) -> Alert | None:
        """The one to look at first."""
        return min(self._known.values(), key=_rank, default=None)

    @property
    def sounding(self) -> int:
        """How many ask to be acknowledged."""
        return sum(not alert.acknowledged for alert in self._known.values())

    def update(self, model, t_s: float) -> bool:
        """Take in what happened up to `t_s`; whether anything urgent or high is new."""
        before = {key: alert.severity for key, alert in self._known.items()
                  if alert.active or not alert.acknowledged}
        # What the model enters later is never earlier than what it has entered (Model._report).
        events, self._read = model.events[self._read:], len(model.events)
        for event in events:
            handle = _HANDLERS.get(event["kind"])
            if handle is not None:
                handle(self, model, event)
        self._limits(model, t_s)
        self._transformers(model, t_s)
        self._connectors(model, t_s)
        self._queue(model, t_s)
        self._forget()
        return any(alert.severity < Severity.LOW and not alert.acknowledged
                   and alert.severity < before.get(key, Severity.LOW)
                   for key, alert in self._known.items())

    def acknowledge(self, alert: Alert | None = None) -> None:
        """Acknowledge one, or all; what has also ended is gone."""
        for each in [alert] if alert is not None else list(self._known.values()):
            each.acknowledged = True
        self._forget()

    def raise_(self, key: tuple, severity: Severity, t_s: float, source: str, text: str,
               target=None) -> None:
        """It holds from `t_s` on; one that already does keeps its time and, if it is no worse now,
        its acknowledgement."""
        known = self._known.get(key)
        if known is not None and known.active:
            known.text, known.target = text, target
            known.acknowledged &= severity >= known.severity
            known.severity = severity
            return
        self._known[key] = Alert(key, severity, t_s, source, text, target)

    def end(self, key: tuple, t_s: float) -> None:
        """It has passed."""
        known = self._known.get(key)
        if known is not None and known.active:
            known.ended_s = t_s

    def _only(self, kind: str, keys: set[tuple], t_s: float) -> None:
        """All active ones of a kind but `keys` have passed."""
        for key, alert in self._known.items():
            if key[0] == kind and alert.active and key not in keys:
                alert.ended_s = t_s

    def _limits(self, model, t_s: float) -> None:
        keys = set()
        for (zone, direction), excess in model.meter.excess.items():
            kw = model.meter.net_kw(t_s, zone) * (1.0 if direction == "import" else -1.0)
            if kw > excess.limit_kw + TOLERANCE_KW:
                key = "limit", "" if zone == NONE else model.world.zone.names[zone], direction
                text = (f"{pretty(direction)} {number(kw, 0)} kW, "
                        f"limit {number(excess.limit_kw, 0)} kW")
                self.raise_(key, Severity.URGENT, t_s, pretty(key[1]) or "Grid connection", text,
                            ("hub", 0))
                keys.add(key)
        if model.phases is not None:
            for name, amps, limit in model.phases.exceeded(t_s):
                key = "limit", name, "current"
                self.raise_(key, Severity.URGENT, t_s, name,
                            f"{number(amps, 0)} A, limit {number(limit, 0)} A", ("hub", 0))
                keys.add(key)
        self._only("limit", keys, t_s)

    def _transformers(self, model, t_s: float) -> None:
        """Those that are fuller than their rating or hotter than their limit."""
        feeder, keys = model.world.feeder, set()
        for row in feeder.rows().tolist():
            name, full, hot = feeder.names[row], feeder.loading_pct.item(row), feeder.hot_spot_c.item(row)
            for what, over, text in (
                    ("load", full > 100.0, f"transformer at {number(full, 0)} % of its rating"),
                    ("heat", hot > HOT_SPOT_LIMIT_C, f"hot-spot {number(hot, 0)} °C, "
                     f"limit {number(HOT_SPOT_LIMIT_C, 0)} °C")):
                if over:
                    keys.add(("transformer", name, what))
                    self.raise_(("transformer", name, what), Severity.URGENT, t_s, name, text, ("hub", 0))
        self._only("transformer", keys, t_s)

    def _connectors(self, model, t_s: float) -> None:
        connector, keys = model.world.connector, set()
        for row in np.flatnonzero(connector.alive & (connector.status == Status.FAULTED)).tolist():
            key = "fault", row
            self.raise_(key, Severity.HIGH, t_s, connector.names[row] or f"Connector {row}",
                        "faulted", ("connector", row))
            keys.add(key)
        self._only("fault", keys, t_s)

    def _queue(self, model, t_s: float) -> None:
        vehicle = model.world.vehicle
        waiting = np.flatnonzero(vehicle.alive & (vehicle.place == Place.QUEUED))
        if len(waiting):
            plural = "vehicles wait" if len(waiting) > 1 else "vehicle waits"
            self.raise_(("queue",), Severity.LOW, t_s, "Queue",
                        f"{number(len(waiting), 0)} {plural} for a connector",
                        ("vehicle", int(waiting[0])))
        else:
            self.end(("queue",), t_s)

    def _forget(self) -> None:
        """Those that are over and known, and the oldest of too many."""
        kept = [alert for alert in self._known.values() if alert.active or not alert.acknowledged]
        if len(kept) > MOST:
            kept = sorted(kept, key=_rank)[:MOST]
        self._known = {alert.key: alert for alert in kept}

    # Events

    def _limit_exceeded(self, model, event) -> None:
        key, source = _limit_of(event)
        over = (f"{number(event['over_kw'], 0)} kW" if event.get("over_kw") is not None
                else f"{number(event.get('over_a') or 0.0, 0)} A")
        self.raise_(key, Severity.URGENT, event["t"], source, f"{over} above the limit", ("hub", 0))

    def _limit_restored(self, model, event) -> None:
        self.end(_limit_of(event)[0], event["t"])

    def _stress(self, model, event) -> None:
        if event["where"] != "hub":  # the hub's is the worst zone's: one cause, one alarm
            return
        key, level = ("stress",), event["level"]
        if level not in ("high", "emergency"):
            return self.end(key, event["t"])
        worst = Severity.URGENT if level == "emergency" else Severity.HIGH
        self.raise_(key, worst, event["t"], "Grid stress", f"{level}, {event['words']}", ("hub", 0))

    def _no_solution(self, model, event) -> None:
        self.raise_(("power flow", event["where"]), Severity.HIGH, event["t"], event["where"],
                    "power flow has no solution", ("hub", 0))

    def _solution(self, model, event) -> None:
        self.end(("power flow", event["where"]), event["t"])

    def _frequency_left(self, model, event) -> None:
        self.raise_(("frequency",), Severity.URGENT, event["t"], "Frequency",
                    f"beyond {event['beyond_hz']:g} Hz", ("hub", 0))

    def _frequency_back(self, model, event) -> None:
        self.end(("frequency",), event["t"])

    def _left_unserved(self, model, event) -> None:
        self._unserved += 1
        plural = "vehicles" if self._unserved > 1 else "vehicle"
        self._known[("unserved",)] = Alert(
            ("unserved",), Severity.LOW, event["t"], "Queue",
            f"{number(self._unserved, 0)} {plural} left without a charge", None, event["t"])


_HANDLERS = {
    "limit_exceeded": Alerts._limit_exceeded, "limit_restored": Alerts._limit_restored,
    "stress_level": Alerts._stress, "powerflow_not_converged": Alerts._no_solution,
    "powerflow_solved": Alerts._solution, "frequency_left_band": Alerts._frequency_left,
    "frequency_restored": Alerts._frequency_back, "left_unserved": Alerts._left_unserved}


def _limit_of(event) -> tuple[tuple, str]:
    """The key of a limit's alert, and its source in words."""
    if event["where"] == "network":
        return ("limit", event["limit"], "current"), event["limit"]
    zone = event.get("zone") or ""
    return ("limit", zone, event["direction"]), pretty(zone) or "Grid connection"


def _rank(alert: Alert) -> tuple:
    return alert.acknowledged, not alert.active, alert.severity, -alert.since_s
