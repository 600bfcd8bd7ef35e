"""`voltyard edit`: the film editor."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from sim.errors import InputError


def edit(
    shots: Annotated[Optional[str], typer.Argument(
        metavar="[SHOTS]", show_default=False,
        help="A shot list: a shipped name or a TOML file. Default: a new one.")] = None,
    scenario: Annotated[Optional[str], typer.Option(
        metavar="SCENARIO_OR_RUN", help="What it shows: a shipped name, a TOML file or a run folder. Default: the "
        "list's own; of a new one that of the settings.")] = None,
) -> None:
    """Edit a film in a window: its camera, time, views, titles, sound and fork."""
    from game.editor.session import session_of
    from game.preflight import has_display, require_graphics

    session = session_of(shots, scenario)
    if not has_display():
        raise InputError("edit: there is no display here; a shot list is a text file, and `voltyard film --shots` "
                         "renders it")
    require_graphics(offscreen=False)
    from game.editor.editor import Editor

    editor = Editor(session)
    try:
        if session.settings.display.fullscreen:
            editor.shell.toggle_fullscreen()
        editor.run()
    finally:
        editor.close()
