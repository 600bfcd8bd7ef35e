"""Alarms in the discipline of ISA-18.2: raised and ended by what happens, acknowledged and shelved by
people. No graphics.

An alarm is one cause that needs a person, by its key (`limit import`, `limit pool export`, `fault C-07`,
`offline S-1`, `stress`).
Everything follows from a run's events and from the acknowledgements in its command log, so that who
judges a run later finds the same alarms at the same times. Whoever looks at a running model can have
`refresh` bring forward what the model enters into its events only at the end of a stretch.

What gets worse asks again.
Figures (EEMUA 191, ISA-18.2 table 7): a flood begins with more than ten alarms in ten minutes and ends
below five; one to two in ten minutes is what a person can handle for long.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from entities.components import NONE
from sim.alarm import Alarm, Priority, State
from sim.grid.stress import HOT_SPOT_LIMIT_C
from sim.meter import TOLERANCE_KW
from sim.spelling import number, pretty
from sim.timing import HOUR_S, parse_duration

MOST = 100
RATE_S, FLOOD_BEGINS, FLOOD_ENDS = 600.0, 10, 5
NOTES = ("acknowledge_alarm", "shelve_alarm", "unshelve_alarm")


class Figures(NamedTuple):
    """How many alarms stand, ask to be acknowledged and are shelved; were raised in the last ten minutes,
    in the worst ten minutes, an hour on average; whether there is a flood, and how long there was one."""

    standing: int
    asking: int
    shelved: int
    in_ten_minutes: int
    worst_ten_minutes: int
    per_hour: float
    flood: bool
    flood_s: float


class Alarms:
    """The alarms of one run. `shown` are those that stand or ask, the worst first; `shelved` those put
    aside; `record` has every spell in the order of being raised."""

    def __init__(self):
        self._read = [0, 0]
        self._unserved = 0
        self._waiting: dict[str, None] = {}
        self._dark: dict[str, int] = {}  # connectors without supply, by feeder
        self._known: dict[str, Alarm] = {}
        self.record: list[Alarm] = []

    @property
    def shown(self) -> tuple[Alarm, ...]:
        return tuple(sorted((alarm for alarm in self._known.values()
                             if alarm.state != State.SHELVED), key=_rank))

    @property
    def shelved(self) -> tuple[Alarm, ...]:
        return tuple(sorted((alarm for alarm in self._known.values()
                             if alarm.state == State.SHELVED), key=_rank))

    @property
    def worst(self) -> Alarm | None:
        """The one to look at first."""
        return next(iter(self.shown), None)

    @property
    def sounding(self) -> int:
        """How many ask to be acknowledged."""
        return sum(not alarm.acknowledged for alarm in self.shown)

    def update(self, model, t_s: float) -> bool:
        """Take in what happened in a model up to `t_s`, its present; whether anything urgent or high
        is new."""
        before = {key: alarm.priority for key, alarm in self._known.items()
                  if alarm.active or not alarm.acknowledged}
        self.follow(model.events, model.commands, t_s)
        self.refresh(model, t_s)
        return any(alarm.priority < Priority.LOW and not alarm.acknowledged
                   and alarm.priority < before.get(alarm.key, Priority.LOW) for alarm in self.shown)

    def follow(self, events: list[dict], commands: list[dict], t_s: float = inf) -> Alarms:
        """Take in what stands in a run's events and command log beyond what is known; then it is `t_s`.
        Of one instant events come first."""
        # What the model enters later is never earlier than what it has entered (Model._report).
        fresh = events[self._read[0]:]
        notes = [entry for entry in commands[self._read[1]:] if entry["command"]["kind"] in NOTES]
        self._read = [len(events), len(commands)]
        for entry in sorted([*fresh, *notes], key=lambda entry: entry["t"]):
            self._expire(entry["t"])
            if "kind" in entry:
                handle = _HANDLERS.get(entry["kind"])
                if handle is not None:
                    handle(self, entry)
            else:
                self._note(entry["t"], entry["command"])
            self._forget()
        self._expire(t_s)
        return self

    def refresh(self, model, t_s: float) -> None:
        """Raise what exceeds its limit at `t_s` and is not in the model's events yet, and word what
        stands as it is now."""
        for (zone, direction), excess in model.meter.excess.items():
            kw = model.meter.net_kw(t_s, zone) * (1.0 if direction == "import" else -1.0)
            if kw > excess.limit_kw + TOLERANCE_KW:
                name = "" if zone == NONE else model.world.zone.names[zone]
                self._raise(_limit_key(name, direction), Priority.URGENT, t_s,
                            pretty(name) or "Grid connection",
                            _over(direction, kw, excess.limit_kw), ("hub", "hub"))
        for limit, kw, most in model.loads.exceeded(t_s) if model.loads is not None else ():
            self._raise(f"limit {limit.where} {limit.name} {limit.direction}", Priority.URGENT, t_s,
                        *_rated(limit.where, limit.name, _over(limit.direction, kw, most)))
        if model.phases is not None:
            for name, amps, limit in model.phases.exceeded(t_s):
                self._raise(f"limit {name} current", Priority.URGENT, t_s, name,
                            f"{number(amps, 0)} A, limit {number(limit, 0)} A", ("hub", "hub"))
        feeder = model.world.feeder
        for row in feeder.rows().tolist():
            for what, value in (("load", feeder.loading_pct), ("heat", feeder.hot_spot_c)):
                known = self._known.get(f"transformer {feeder.names[row]} {what}")
                if known is not None and known.active:
                    known.text = _transformer_words(what, value.item(row))

    def figures(self, t_s: float) -> Figures:
        """How the alarms do up to `t_s`."""
        times = [alarm.since_s for alarm in self.record if alarm.since_s <= t_s]
        count, worst, flood_since, flood_s = 0, 0, None, 0.0
        for at, step in sorted([(t, 1) for t in times] + [(t + RATE_S, -1) for t in times
                                                          if t + RATE_S <= t_s]):
            count += step
            worst = max(worst, count)
            if flood_since is None and count > FLOOD_BEGINS:
                flood_since = at
            elif flood_since is not None and count < FLOOD_ENDS:
                flood_s, flood_since = flood_s + at - flood_since, None
        if flood_since is not None:
            flood_s += t_s - flood_since
        return Figures(sum(alarm.active for alarm in self._known.values()), self.sounding,
                       len(self.shelved), count, worst, len(times) / max(t_s / HOUR_S, 1e-9),
                       flood_since is not None, flood_s)

    # What is done to alarms

    def _raise(self, key: str, priority: Priority, t_s: float, source: str, text: str,
               target=None, broken: bool = False) -> None:
        """It holds from `t_s` on; one that already does keeps its time and, if it is no worse now,
        its acknowledgement."""
        known = self._known.get(key)
        if known is None or not known.active:
            self._known[key] = Alarm(key, priority, t_s, source, text, target, broken)
            self.record.append(self._known[key])
            return
        known.text, known.target = text, target
        if priority < known.priority:
            known.acknowledged_s, known.noticed_s, known.asks_s = None, None, t_s
        elif t_s < known.since_s:  # it was brought forward, but not by all
            known.asks_s = known.since_s = t_s
        known.priority = priority

    def _end(self, key: str, t_s: float) -> None:
        known = self._known.get(key)
        if known is not None and known.active:
            known.ended_s = t_s

    def _note(self, t_s: float, command: dict) -> None:
        """A person acknowledges, shelves or takes up again."""
        key = command["alarm"]
        for alarm in list(self._known.values()):
            if key not in (None, alarm.key):
                continue
            if command["kind"] == "acknowledge_alarm":
                if not alarm.acknowledged and alarm.state != State.SHELVED:
                    alarm.acknowledged_s = t_s
                    alarm.noticed_s = t_s if alarm.noticed_s is None else alarm.noticed_s
            elif command["kind"] == "shelve_alarm":
                alarm.shelved_until_s = t_s + parse_duration(command["duration"])
                alarm.noticed_s = t_s if alarm.noticed_s is None else alarm.noticed_s
            else:
                alarm.shelved_until_s = None

    def _expire(self, t_s: float) -> None:
        for alarm in self._known.values():
            if alarm.shelved_until_s is not None and alarm.shelved_until_s <= t_s:
                alarm.shelved_until_s = None

    def _forget(self) -> None:
        """Those that are normal again, and the oldest of too many."""
        kept = [alarm for alarm in self._known.values() if alarm.state != State.NORMAL]
        if len(kept) > MOST:
            kept = sorted(kept, key=_rank)[:MOST]
        if len(kept) < len(self._known):
            self._known = {alarm.key: alarm for alarm in kept}

    # Events

    def _limit_exceeded(self, event: dict) -> None:
        key, source = _limit_of(event)
        if "limit_a" in event:
            amps = event["limit_a"] + event["over_a"]
            text = f"{number(amps, 0)} A, limit {number(event['limit_a'], 0)} A"
        elif event["limit_kw"] is not None:
            text = _over(event["direction"], event["limit_kw"] + event["over_kw"], event["limit_kw"])
        else:
            text = f"{number(event['over_kw'], 0)} kW above the limit"
        target = ("station", event["station"]) if event["where"] == "station" else ("hub", "hub")
        self._raise(key, Priority.URGENT, event["t"], source, text, target)

    def _limit_restored(self, event: dict) -> None:
        self._end(_limit_of(event)[0], event["t"])

    def _transformer_over(self, event: dict) -> None:
        self._raise(f"transformer {event['where']} {event['what']}", Priority.URGENT, event["t"],
                    event["where"], _transformer_words(event["what"], event["value"]), ("hub", "hub"))

    def _transformer_back(self, event: dict) -> None:
        self._end(f"transformer {event['where']} {event['what']}", event["t"])

    def _supply_lost(self, event: dict) -> None:
        self._dark[event["where"]] = self._dark.get(event["where"], 0) + event["connectors"]
        self._raise(f"supply {event['where']}", Priority.URGENT, event["t"], event["where"],
                    f"no supply: {event['why']}", ("hub", "hub"))

    def _supply_restored(self, event: dict) -> None:
        self._dark[event["where"]] -= event["connectors"]
        if self._dark[event["where"]] <= 0:
            self._end(f"supply {event['where']}", event["t"])

    def _stress(self, event: dict) -> None:
        if event["where"] != "hub":  # the hub's is the worst zone's: one cause, one alarm
            return
        level = event["level"]
        if level not in ("high", "emergency"):
            return self._end("stress", event["t"])
        worst = Priority.URGENT if level == "emergency" else Priority.HIGH
        self._raise("stress", worst, event["t"], "Grid stress", f"{level}, {event['words']}",
                    ("hub", "hub"))

    def _no_solution(self, event: dict) -> None:
        self._raise(f"power flow {event['where']}", Priority.HIGH, event["t"], event["where"],
                    "power flow has no solution", ("hub", "hub"))

    def _solution(self, event: dict) -> None:
        self._end(f"power flow {event['where']}", event["t"])

    def _frequency_left(self, event: dict) -> None:
        self._raise("frequency", Priority.URGENT, event["t"], "Frequency",
                    f"beyond {event['beyond_hz']:g} Hz", ("hub", "hub"))

    def _frequency_back(self, event: dict) -> None:
        self._end("frequency", event["t"])

    def _faulted(self, event: dict) -> None:
        name = event["connector"]
        self._raise(f"fault {name}", Priority.HIGH, event["t"], name, "faulted", ("connector", name), True)

    def _repaired(self, event: dict) -> None:
        self._end(f"fault {event['connector']}", event["t"])

    def _commanded(self, event: dict) -> None:
        """Stations that lose or regain their CSMS: a command in a model, whoever gives it."""
        command = event["command"]
        if command["kind"] == "set_station_offline":
            name = command["station"]
            if command["offline"]:
                self._raise(f"offline {name}", Priority.HIGH, event["t"], name, "offline",
                            ("station", name))
            else:
                self._end(f"offline {name}", event["t"])

    def _queued(self, event: dict) -> None:
        self._waiting[event["session"]] = None
        self._say_queue(event["t"])

    def _waits_no_more(self, event: dict) -> None:
        if event["session"] in self._waiting:
            del self._waiting[event["session"]]
            self._say_queue(event["t"])

    def _say_queue(self, t_s: float) -> None:
        if not self._waiting:
            return self._end("queue", t_s)
        count = len(self._waiting)
        self._raise("queue", Priority.LOW, t_s, "Queue",
                    f"{number(count, 0)} {'vehicles' if count > 1 else 'vehicle'} queued for a connector",
                    ("session", next(iter(self._waiting))))

    def _left_unserved(self, event: dict) -> None:
        self._waits_no_more(event)
        self._unserved += 1
        plural = "vehicles" if self._unserved > 1 else "vehicle"
        self._known.pop("unserved", None)
        self._raise("unserved", Priority.LOW, event["t"], "Queue",
                    f"{number(self._unserved, 0)} {plural} left without a charge")
        self._end("unserved", event["t"])


_HANDLERS = {
    "limit_exceeded": Alarms._limit_exceeded, "limit_restored": Alarms._limit_restored,
    "transformer_over": Alarms._transformer_over, "transformer_back": Alarms._transformer_back,
    "supply_lost": Alarms._supply_lost, "supply_restored": Alarms._supply_restored,
    "stress_level": Alarms._stress, "powerflow_not_converged": Alarms._no_solution,
    "powerflow_solved": Alarms._solution, "frequency_left_band": Alarms._frequency_left,
    "frequency_restored": Alarms._frequency_back, "faulted": Alarms._faulted,
    "repaired": Alarms._repaired, "command": Alarms._commanded, "queued": Alarms._queued, "plugged_in": Alarms._waits_no_more,
    "left_unserved": Alarms._left_unserved}


def alarms_of(events: Iterable[dict], commands: Iterable[dict], t_s: float) -> Alarms:
    """The alarms of a run from its events and command log, as of `t_s`."""
    return Alarms().follow(list(events), list(commands), t_s)


def locate(world, target: tuple[str, str]) -> tuple[str, int] | None:
    """The (kind, row) that an alarm's target is in a world, or None if it is gone."""
    kind, name = target
    row = getattr(world, kind).find(name)
    if row is not None and kind == "session":
        return "vehicle", world.session.vehicle.item(row)
    return None if row is None else (kind, row)


def _limit_of(event: dict) -> tuple[str, str]:
    """The key of a limit's alarm, and its source in words."""
    if event["where"] == "network":
        return f"limit {event['limit']} current", event["limit"]
    if event["where"] in ("station", "transformer"):
        name = event.get("station") or event["feeder"]
        return f"limit {event['where']} {name} {event['direction']}", _rated(event["where"], name, "")[0]
    zone = event.get("zone") or ""
    return _limit_key(zone, event["direction"]), pretty(zone) or "Grid connection"


def _rated(where: str, name: str, text: str) -> tuple[str, str, tuple[str, str]]:
    """Source, text and target of the alarm of a station's or transformer's rating."""
    return (name, text, ("station", name)) if where == "station" else (
        f"Transformer of {name}", text, ("hub", "hub"))


def _limit_key(zone: str, direction: str) -> str:
    return f"limit {zone} {direction}" if zone else f"limit {direction}"


def _over(direction: str, kw: float, limit_kw: float) -> str:
    return f"{pretty(direction)} {number(kw, 0)} kW, limit {number(limit_kw, 0)} kW"


def _transformer_words(what: str, value: float) -> str:
    if what == "load":
        return f"transformer at {number(value, 0)} % of its rating"
    return f"hot-spot {number(value, 0)} °C, limit {number(HOT_SPOT_LIMIT_C, 0)} °C"


def _rank(alarm: Alarm) -> tuple:
    return alarm.acknowledged, not alarm.active, alarm.priority, -alarm.since_s
