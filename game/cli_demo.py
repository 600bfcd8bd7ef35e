"""`voltyard demo` and `voltyard present`: a tour that shows itself, and its remote."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from game import cli_film
from game.cli_options import Optionally, load_scenario
from game.settings import load_settings
from sim.errors import InputError

SHORTEST_KEY, LONGEST_KEY = 3, 24


def demo(
    scenario: Optionally = None,
    out: Annotated[Optional[Path], typer.Option(
        metavar="DIR", help="Where film and stills go; default: config.toml's.")] = None,
    tour: Annotated[bool, typer.Option("--tour", help="A tour that shows itself, in a window.")] = False,
    kiosk: Annotated[bool, typer.Option(
        "--kiosk", help="The tour over the whole screen, left by its key alone.")] = False,
    loop: Annotated[bool, typer.Option("--loop", help="Begin the tour anew at its end.")] = False,
    key: Annotated[Optional[str], typer.Option(
        metavar="WORD", help="A kiosk is left by typing this; without it by Ctrl Shift Q.")] = None,
    silence: Annotated[Optional[float], typer.Option(
        metavar="S", min=5.0, max=3600.0, help="So long nobody does anything before the tour goes on; "
        "default 60.")] = None,
    shots: Annotated[Optional[str], typer.Option(
        metavar="NAME_OR_FILE", help="The tour's shot list, one with stops; default tour.")] = None,
) -> None:
    """The main job: the window where there is a display, otherwise a film and three stills.

    With --tour or --kiosk a tour that shows itself. Any key, click or move of the mouse hands the controls to
    the visitor; when nobody has done anything for a minute, the tour goes on with a fresh model.
    """
    if not (tour or kiosk):
        for option, given in (("--loop", loop), ("--key", key), ("--silence", silence), ("--shots", shots)):
            if given not in (None, False):
                raise InputError(f"demo: {option}: expected --tour or --kiosk with it")
        return _main_job(scenario, out)
    if out is not None:
        raise InputError("demo: --out: a tour writes nothing")
    if key is not None and not kiosk:
        raise InputError("demo: --key: expected --kiosk with it")
    if key is not None and not (SHORTEST_KEY <= len(key) <= LONGEST_KEY and key.isascii() and key.isalnum()):
        raise InputError(f"demo: --key: expected {SHORTEST_KEY} to {LONGEST_KEY} letters and digits")
    from game.demo.showing import showing_of

    showing = showing_of(scenario, shots, kiosk=kiosk, loop=loop, key=key, silence_s=silence or 60.0)
    from game.preflight import has_display, require_graphics

    if not has_display():
        raise InputError("demo: there is no display here for a tour; `voltyard film --shots tour` renders it")
    require_graphics(offscreen=False)
    from game.demo.kiosk import Demo

    shown = Demo(showing)
    try:
        shown.run()
    finally:
        shown.close()


def present(
    act: Annotated[Optional[str], typer.Argument(
        metavar="[next|previous|pause|jump|status]", show_default=False,
        help="Without it a console that takes one a line.")] = None,
    stop: Annotated[Optional[str], typer.Argument(
        metavar="[STOP]", help="Where to jump.", show_default=False)] = None,
    window: Annotated[Optional[int], typer.Option(
        "--window", metavar="PID", help="Which window, by its process; needed where there are several.")] = None,
) -> None:
    """A tour's remote, on the same machine: next, previous, pause, jump to a stop."""
    from game.demo.remote import ACTS, ask, converse
    from game.instructor.wire import Wire, choose

    if act is not None and act not in ACTS:
        raise InputError(f"present: {act}: expected {', '.join(ACTS[:-1])} or {ACTS[-1]}")
    if (act == "jump") != (stop is not None):
        raise InputError("present: jump: expected the name of a stop" if act == "jump" else
                         f"present: {act}: takes no {stop!r}")
    wire = Wire(choose(window, tour=True), "present")
    try:
        if act is None:
            if not converse(wire, sys.stdin, sys.stdout):
                raise typer.Exit(2)
            return
        said, done = ask(wire, act, stop)
        if not done:
            raise InputError(f"present: {said}")
        print(said)
    finally:
        wire.close()


def _main_job(scenario: str | None, out: Path | None) -> None:
    """A window, or a film and stills where there is no display."""
    from game.film.still import require_writable
    from game.preflight import has_display, require_graphics

    if has_display():
        from game.cli import play

        return play(scenario)
    require_graphics(offscreen=True)
    settings = load_settings()
    scenario, out = scenario or settings.start.scenario, out or settings.paths.out
    duration = load_scenario(scenario, None, None).duration
    film_path = require_writable(out / f"{Path(scenario).stem}.mp4", ".mp4")
    print("No display here: rendering a film and three stills.")
    cli_film.film(scenario, film_path, tier="high")
    stills = []
    for name, share, camera in (("arrivals", 0.1, None), ("peak", 0.16, "hub"), ("night", 0.45, None)):
        stills.append(out / f"{Path(scenario).stem}-{name}.png")
        cli_film.shot(scenario, f"{share * duration}", stills[-1], camera=camera)
    print(f"The film and the stills are in {out.resolve()}")
