"""`voltyard instruct`: the instructor's station, in a terminal beside the trainee's window."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Optional

import typer

from game.cli_options import AsJson
from sim.errors import InputError


def instruct(
    line: Annotated[Optional[str], typer.Argument(
        metavar="[LINE]", help="One command to give, in quotes; without it a screen, or lines from a pipe.")] = None,
    window: Annotated[Optional[int], typer.Option(
        "--window", metavar="PID", help="Which window, by its process; needed where more than one is open.")] = None,
    status: Annotated[bool, typer.Option("--status", help="Say how it stands there, and go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Instruct the trainee at a window on this machine: injects now, at a time or on a condition, hidden until
    they take effect; take over, give back, notes, pause and speed."""
    from game.instructor.desk import status_line
    from game.instructor.terminal import is_terminal, reply_to, speak, speak_lines
    from game.instructor.wire import Wire, choose

    if as_json and not status:
        raise InputError("instruct: --json: expected --status with it")
    wire = Wire(choose(window))
    try:
        if status:
            told = wire.ask("status")
            print(json.dumps(told) if as_json else status_line(told))
        elif line is not None:
            said, done = reply_to(wire, line)
            if not done:
                raise InputError(f"instruct: {said[0]}")
            print("\n".join(said))
        elif is_terminal():
            speak(wire)
        elif speak_lines(wire, sys.stdin, sys.stdout):
            raise typer.Exit(2)
    finally:
        wire.close()
