"""Arguments and options that several commands of the command line have, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from game.settings import load_settings, parse_size
from sim.errors import InputError

Reference = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a TOML file.")]
Optionally = Annotated[Optional[str], typer.Argument(
    metavar="[SCENARIO]", help="A shipped name or a TOML file.", show_default=False)]
Seed = Annotated[Optional[int], typer.Option(min=0, help="Another seed.")]
Set = Annotated[Optional[list[str]], typer.Option(
    "--set", metavar="KEY=VALUE", help="Override a scenario key, e.g. grid.import_limit_kw=100.")]
Size = Annotated[str, typer.Option(metavar="WxH", help="Picture size in pixels.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, nothing else.")]


def load_scenario(reference: str | None, seed: int | None, overrides: list[str] | None,
                  sessions: Path | None = None):
    """The scenario of a reference, by default the settings' own; raises InputError."""
    from sim.scenario import load, parse_override
    from sim.sessions.load import scenario_from_sessions, with_sessions

    values = dict(parse_override(text) for text in overrides or ())
    if seed is not None:
        values["seed"] = seed
    if sessions is not None and reference is None:
        return scenario_from_sessions(sessions, values)
    loaded = load(reference or load_settings().start.scenario, values)
    return loaded if sessions is None else with_sessions(loaded, sessions)


def seen_model(reference: str, seed: int | None, overrides: list[str] | None):
    """A model to be seen: it keeps what charts show."""
    from game.ui.trace import Trace
    from sim.model import Model

    return Model(load_scenario(reference, seed, overrides), history=Trace())


def parsed_size(text: str) -> tuple[int, int]:
    """Pixels of --size; raises InputError."""
    try:
        return parse_size(text)
    except ValueError as error:
        raise InputError(f"--size {text}: {error}") from None
