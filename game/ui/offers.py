"""The commands that the card of something with a connector offers. No graphics."""

from __future__ import annotations

from sim.commands import BackInService, OutOfService, StartSession, StopSession

PAIRS = (((StopSession, "Stop session"), (StartSession, "Start session")),
         ((OutOfService, "Out of service"), (BackInService, "Back in service")))


def offers(model, connector: str) -> list[tuple]:
    """Of each pair of opposite commands the one that can be given now, its label and why it would be
    refused (None: it would not)."""
    found = []
    for pair in PAIRS:
        checked = [(command, label, command.check(model))
                   for command, label in ((make(connector=connector), label) for make, label in pair)]
        found.append(next((offer for offer in checked if offer[2] is None), checked[0]))
    return found
