"""`voltyard debrief` and `voltyard records`: what a lesson's run has to teach, and who tried."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from game.cli_options import AsJson
from game.progress import Progress
from game.settings import load_settings
from sim.errors import InputError

RECORDS = "trainees.sqlite"
File = Annotated[Optional[Path], typer.Option(
    "--records", metavar="FILE", help=f"The records; default: {RECORDS} where config.toml has films go.")]


def train(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="A scenario with the table training.")],
    trainee: Annotated[Optional[str], typer.Option(
        metavar="NAME", help="Enter the attempt into the records under this name.")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Begin anew though an attempt broke off.")] = False,
    folder: Annotated[Optional[Path], typer.Option(
        "--out", metavar="DIR", help="Where run folders go; default: lessons/ where config.toml has films go.")] = None,
) -> None:
    """Train in the window: recorded and scored; an attempt that broke off can be gone on with there."""
    from game.preflight import has_display, require_graphics
    from sim.scenario import load

    scenario = load(lesson)
    if scenario.training is None:
        raise InputError(f"train: {scenario.name} is no lesson, expected a scenario with the table training")
    if not has_display():
        raise InputError("train: there is no display here; `voltyard run LESSON --commands FILE --out DIR` and "
                         "`voltyard debrief DIR` do without one")
    require_graphics(offscreen=False)
    settings = load_settings()
    from game.window import play as open_window

    for sitting in open_window(scenario, folder or settings.paths.out / "lessons", settings, anew, trainee):
        if sitting.exercise.over:
            debrief(sitting.keeper.folder, trainee=trainee)
        else:
            print(f"not over: `voltyard train {sitting.model.scenario.name}` goes on here")


def debrief(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that `run --out` wrote, of a lesson.")],
    output: Annotated[Optional[Path], typer.Option(
        "-o", "--output", metavar="DIR", help="Where to write; default: RUN_DIR/debrief.")] = None,
    trainee: Annotated[Optional[str], typer.Option(
        metavar="NAME", help="Whose attempt it was: enter it into the records under this name.")] = None,
    records: File = None,
    shown: Annotated[bool, typer.Option("--show", help="Go through its key moments in the window instead.")] = False,
    film: Annotated[bool, typer.Option(
        "--film", help="Make a film of its key moments too: film.toml, which may be edited, and film.mp4.")] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Put the film into the queue instead.")] = False,
    no_stills: Annotated[bool, typer.Option("--no-stills", help="Leave pictures out of the page.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what a lesson's run has to teach: a page, tables, xAPI statements, a film."""
    from sim.recording import versions
    from sim.training.debrief import debrief as tell
    from sim.training.export import write
    from sim.training.records import Records

    if queue and not film:
        raise InputError("--queue: expected --film, what to put there")
    if shown:
        return _show(run_dir)
    if film and not queue:
        from game.preflight import require_graphics

        require_graphics(offscreen=True)
    with Progress("debriefing", quiet=as_json or not sys.stderr.isatty()) as tick:
        told = tell(run_dir, tick)
    if trainee is not None:
        Records(_file(records)).add(trainee, told, run_dir, versions()["voltyard"])
    pictures, why = ({}, "") if no_stills else _stills(run_dir, told["moments"], as_json)
    out = output or run_dir / "debrief"
    files = write(told, out, trainee or "", pictures, why)
    if as_json:
        print(json.dumps(told))
        if film:
            _film(told, run_dir, out, trainee or "", queue, quiet=True)
        return
    sheet = told["sheet"]
    for part in sheet["objectives"]:
        print(f"{part['points']:6.1f} of {part['weight']:3.0f}  {part['title']}")
    for hint in sheet["hints"]:
        print(f"{-hint['points']:6.1f}         {hint['why']}")
    print(f"{sheet['points']:6.1f} points, {'passed' if sheet['passed'] else 'failed'} (pass mark "
          f"{sheet['pass_mark']:g}), {'verified' if told['verified'] else 'NOT verified'}")
    print(files[1])
    if film:
        print(_film(told, run_dir, out, trainee or "", queue))


def records(
    trainee: Annotated[Optional[str], typer.Option(metavar="NAME", help="Only this trainee's.")] = None,
    export: Annotated[Optional[Path], typer.Option(
        metavar="FILE", help="Write them to a file, .json or .csv.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Erase all of --trainee.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Simulate each run anew; exit 1 if a score differs.")] = False,
    file: File = None,
    as_json: AsJson = False,
) -> None:
    """Show, verify, export or erase the records of trainees."""
    from sim.training.records import COLUMNS, Records
    from sim.training.records import verify as differs

    kept = Records(_file(file))
    if delete:
        if trainee is None:
            raise InputError("--delete: expected --trainee NAME, whose records to erase")
        print(f"{kept.delete(trainee)} attempts of {trainee} erased")
        return
    attempts = kept.attempts(trainee)
    if verify:
        for attempt in attempts:
            attempt["verified"] = differs(attempt) or True
    if export is not None:
        _export(attempts, ("id", *COLUMNS), export)
    elif as_json:
        print(json.dumps(attempts))
    else:
        for one in attempts:
            proof = "" if not verify else ", verified" if one["verified"] is True else f", {one['verified']}"
            print(f"{one['id']:4d}  {one['trainee']:20s} {one['scenario']:20s} {one['points']:6.1f} points, "
                  f"{'passed' if one['passed'] else 'failed'}, {one['hints']} hints{proof}")
    if verify and any(one["verified"] is not True for one in attempts):
        raise typer.Exit(1)


def _show(folder: Path) -> None:
    """The debrief in the window."""
    from game.debriefing import begin
    from game.preflight import has_display, require_graphics

    if not has_display():
        raise InputError("debrief: there is no display here; without --show it writes a page")
    require_graphics(offscreen=False)
    with Progress("simulating", quiet=not sys.stderr.isatty()) as tick:
        branching, told = begin(folder, tick)
    from game.window import review

    review(branching, told, load_settings())


def _stills(folder: Path, moments: list[dict], quiet: bool) -> tuple[dict, str]:
    """Pictures of the key moments, or why there are none."""
    from game.preflight import require_graphics

    try:
        require_graphics(offscreen=True)
        from game.stills import stills

        with Progress("drawing", quiet=quiet or not sys.stderr.isatty()) as tick:
            return stills(folder, moments, load_settings().display.palette, tick), ""
    except InputError as error:
        return {}, str(error)


def _film(told: dict, folder: Path, out: Path, trainee: str, queued: bool, quiet: bool = False) -> str:
    """The film's shot list beside the page, and the film, or its place in the queue; in words where it is."""
    from game.cli_film import make
    from game.film.jobs import Jobs
    from game.film.request import Request
    from game.film.retelling import write

    shots, written = write(told, folder, out, trainee)
    if not quiet and not written:
        print(f"{shots}: is kept as it stands; delete it to have it written anew", file=sys.stderr)
    request = Request(str(folder), str(shots), tier="medium", palette=load_settings().display.palette)
    film = shots.with_suffix(".mp4")
    if not queued:
        return str(make(request, film, quiet=quiet))
    request.plan()
    return f"{film}: number {Jobs().add(request, film)} in the queue; `voltyard queue run` renders it"


def _file(given: Path | None) -> Path:
    return given or load_settings().paths.out / RECORDS


def _export(attempts: list[dict], columns: tuple[str, ...], path: Path) -> None:
    if path.suffix not in (".json", ".csv"):
        raise InputError(f"--export {path}: expected a name that ends in .json or .csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        if path.suffix == ".json":
            json.dump(attempts, file, indent=1, ensure_ascii=False)
            return
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(attempts)
