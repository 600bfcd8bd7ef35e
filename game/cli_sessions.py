"""Commands about recorded sessions: save one as a scenario, go on with one that broke off."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Optional

import typer

from game.cli_options import AsJson
from game.progress import Progress

RunDir = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that `run --out` wrote.")]


def save(
    run_dir: RunDir,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.toml")],
    name: Annotated[Optional[str], typer.Option(help="Its name; default: the file's.")] = None,
    story: Annotated[Optional[str], typer.Option(help="One sentence on it.")] = None,
) -> None:
    """Save a recorded session as a scenario that makes the same run."""
    from sim.recording import read
    from sim.saving import save_scenario

    recording = read(run_dir)
    if recording.cut is not None:
        print(f"warning: {recording.cut}", file=sys.stderr)
    save_scenario(output, recording.scenario, recording.commands, name, story)
    print(output)


def resume(
    run_dir: RunDir,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Record into this new run folder.")],
    to_damage: Annotated[bool, typer.Option(
        "--to-damage", help="Of a run that differs from its record, go on where it was equal last.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that broke off, to the end."""
    from game.tables import kpi_table
    from sim.results import results
    from sim.resuming import resume as go_on
    from sim.run import when

    with Progress("simulating", quiet=as_json or not sys.stderr.isatty()) as tick:
        began = time.perf_counter()
        resumed = go_on(run_dir, out, to_damage, progress=tick)
        model = resumed.model
        if resumed.lost:
            print(f"warning: {resumed.lost}", file=sys.stderr)
        print(f"resumed at {when(model.now_s, model.scenario)}", file=sys.stderr)
        model.advance(resumed.recording.planned_s)
        model.close_books()
        outcome = results(model, time.perf_counter() - began)
        resumed.recorder.finish(outcome)
    if as_json:
        print(json.dumps(outcome))
        return
    kpi_table(outcome, model.scenario.currency)
    print(f"run folder: {out}")
