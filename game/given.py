"""Times that a person gives in an option, checked."""

from __future__ import annotations

from sim.errors import InputError


def within(text: str, scenario, until_s: float, option: str) -> float:
    """Seconds since the start of a TIME of an option, at most `until_s`; raises InputError."""
    try:
        t_s = scenario.seconds(text)
    except ValueError as error:
        raise InputError(f"{option} {text}: {error}") from None
    if t_s > until_s:
        raise InputError(f"{option}: {text} is after the scenario's end, {until_s / 3600:g} h after its start")
    return t_s
