"""What the instructor did in a run: injects and what became of them, taking over, notes. For the debrief.

Injects of the instructor are part of the situation that a trainee is judged in, as the scenario's own are.
"""

from __future__ import annotations

from html import escape

from sim.console import text_of
from sim.orders import INSTRUCTOR, SOURCE
from sim.remark_commands import Remark
from sim.run import parse_command
from sim.timing import clock_label
from sim.training.evidence import Evidence

ORDERS = ("schedule", "watch")


def account(evidence: Evidence) -> list[dict]:
    """What the instructor said, in order: `t`, `kind` (inject, order, control, note), `text`, and the `outcome`
    of an order in words, empty for the rest."""
    numbers, found = _numbers(evidence), []
    for k, entry in enumerate(evidence.commands):
        if entry["source"] != INSTRUCTOR:
            continue
        raw = entry["command"]
        command = parse_command(raw, "command log")
        kind = ("order" if raw["kind"] in ORDERS else "note" if raw["kind"] == "annotate"
                else "control" if isinstance(command, Remark) or raw["kind"] == "cancel_order" else "inject")
        text = raw["text"] if kind == "note" else text_of(command)
        found.append({"t": entry["t"], "kind": kind, "text": text,
                      "outcome": _outcome(evidence, k, numbers[k]) if kind == "order" else ""})
    return found


def situation(evidence: Evidence) -> list[tuple]:
    """The instructor's commands as `sim.training.evidence.played` takes them."""
    return [(entry["t"], parse_command(entry["command"], "command log"), INSTRUCTOR)
            for entry in evidence.commands if entry["source"] == INSTRUCTOR]


def section(told: dict, clock) -> str:
    """The account as a part of the debrief's page; nothing where the instructor did nothing."""
    def said(one: dict) -> str:
        return escape(one["text"]) if one["kind"] == "note" else f"<code>{escape(one['text'])}</code>"

    rows = "".join(
        f'<tr><td class="t">{clock(one["t"])}</td><td class="k quiet">{one["kind"]}</td>'
        f'<td>{said(one)}</td><td class="quiet">{escape(one["outcome"])}</td></tr>' for one in told["instructor"])
    if not rows:
        return ""
    return ("<h2>The instructor</h2><p class=\"quiet\">Hidden from the trainee until it took effect; the runs beside "
            f"the trainee's had the same injects.</p><table>{rows}</table>")


def _numbers(evidence: Evidence) -> dict[int, int]:
    """The number of each order by its place in the log; the scenario's conditions have the first ones."""
    first = sum(inject.when is not None for inject in evidence.scenario.injects)
    places = [k for k, entry in enumerate(evidence.commands) if entry["command"]["kind"] in ORDERS]
    return {k: first + number for number, k in enumerate(places, 1)}


def _outcome(evidence: Evidence, k: int, number: int) -> str:
    entry, start = evidence.commands[k], evidence.scenario.start
    order = entry["command"]
    for later in evidence.commands[k + 1:]:
        if later["command"] == {"kind": "cancel_order", "order": number}:
            return f"taken back at {clock_label(later['t'], start)}"
    due = evidence.scenario.seconds(order["at"]) if order["kind"] == "schedule" else None
    given = [event for event in evidence.events if event.get("source") == SOURCE
             and event.get("command") == order["command"] and event["t"] >= entry["t"]]
    for event in given:
        if due in (None, event["t"]):
            at = clock_label(event["t"], start)
            return f"took effect at {at}" if event["kind"] == "command" else f"refused at {at}: {event['why']}"
    return "the condition was never met" if due is None else "the run ended before"
