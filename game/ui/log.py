"""The last events and commands that touched one entity, in words. No graphics."""

from __future__ import annotations

from typing import NamedTuple

from entities.components import NONE
from game.ui.words import pretty, weekday_clock
from sim.commands import COMMANDS
from sim.console import text_of
from sim.orders import INSTRUCTOR

MOST, LOOK_BACK = 8, 20_000
SITE_EVENTS = ("limit_exceeded", "limit_restored", "stress_level", "powerflow_not_converged",
               "powerflow_solved", "frequency_left_band", "frequency_restored", "disturbance_ended")

TONES = {**dict.fromkeys(("limit_exceeded", "transformer_over", "supply_lost", "frequency_left_band", "faulted"), "fault"),
         **dict.fromkeys(("powerflow_not_converged", "command_refused"), "warning"),
         **dict.fromkeys(("queued", "left_unserved"), "queue")}
STRESS = {"high": "warning", "emergency": "fault"}


class Entry(NamedTuple):
    """When, what, and a tone."""

    clock: str
    words: str
    tone: str = "text"


class History:
    """The newest MOST events, of the last LOOK_BACK, that touched what is selected. Each is looked
    at once."""

    def __init__(self):
        self._selected: tuple | None = None
        self._model = None
        self._read = 0
        self._found: list[dict] = []

    def entries(self, model, kind: str, row: int, t_s: float, instructing: bool = False) -> list[Entry]:
        """In words, the newest first; what the instructor said is there for the instructor alone."""
        selected = kind, row, instructing
        if selected != self._selected or model is not self._model:
            self._selected, self._model, self._found = selected, model, []
            self._read = max(len(model.events) - LOOK_BACK, 0)
        fresh, self._read = model.events[self._read:], len(model.events)
        if fresh:
            touches = _about(model, kind, row)
            self._found = (self._found + [
                event for event in fresh if touches(event)
                and (instructing or event.get("source") != INSTRUCTOR)])[-MOST:]
        return [Entry(weekday_clock(event["t"], t_s, model.scenario.start), words(event),
                      tone_of(event)) for event in reversed(self._found)]


def words(event) -> str:
    """An event in a few words."""
    kind = event["kind"]
    if kind in ("command", "command_refused"):
        text = spoken(event["command"])
        return f"{text}, refused" if kind == "command_refused" else f"{text} ({event['source']})"
    if kind == "stress_level":
        return f"Stress {event['level']}"
    where = event.get("connector") or event.get("zone") or event.get("station") or event.get("transformer")
    return f"{pretty(kind)}, {where}" if where else pretty(kind)


def spoken(command: dict) -> str:
    """A command of the log as one would type it."""
    return text_of(COMMANDS.validate_python(command))


def tone_of(event) -> str:
    """As the alarm that it raises."""
    if event["kind"] == "stress_level":
        return STRESS.get(event["level"], "text")
    return TONES.get(event["kind"], "text")


def _about(model, kind: str, row: int):
    """Whether an event touched an entity."""
    world = model.world
    if kind == "hub":
        return lambda event: (event["kind"] in SITE_EVENTS
                              or "command" in event and not event["command"].get("connector"))
    if kind == "vehicle":
        sessions = {world.session.names[s] for s in world.session.rows(
            world.session.vehicle == row).tolist()}
        at = world.vehicle.connector.item(row)
        connectors = {world.connector.names[at]} if at != NONE else set()
        since = world.session.plugged_s.item(world.vehicle.session.item(row)) if connectors else 0.0
    else:
        sessions, since = set(), 0.0
        mine = [row] if kind == "connector" else world.connector.rows(
            world.connector.station == row).tolist()
        connectors = {world.connector.names[c] for c in mine}
    station = world.station.names[row] if kind == "station" else ""

    def touches(event) -> bool:
        if event.get("session") in sessions or station and event.get("station") == station:
            return True
        if "command" in event:
            return event["t"] >= since and event["command"].get("connector") in connectors
        return kind != "vehicle" and event.get("connector") in connectors
    return touches
