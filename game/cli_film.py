"""`voltyard film`, `shot` and `queue`: films and stills, without a window."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from game.cli_options import Reference, Seed, Set, Size, parsed_size, seen_model
from game.given import within
from game.progress import Progress
from game.settings import load_settings
from sim.errors import InputError

queue_app = typer.Typer(no_args_is_help=True, help="Films that wait to be rendered; survives restarts.")

Shown = Annotated[Optional[str], typer.Argument(
    metavar="[RUN_OR_SCENARIO]", show_default=False,
    help="A shipped name, a TOML file or a run folder; with --shots by default the list's own.")]
Output = Annotated[Path, typer.Option(
    "-o", "--output", metavar="FILE", help="NAME.mp4; .mov for prores and png.")]
Shots = Annotated[Optional[str], typer.Option(
    metavar="NAME_OR_FILE", help="A shot list: a shipped name or a TOML file. Default: an orbit.")]
From = Annotated[Optional[str], typer.Option(
    "--from", metavar="TIME", help="Of an orbit. Default: the start; 5 % of the scenario if neither --to nor "
    "--speed is given.")]
To = Annotated[Optional[str], typer.Option(
    "--to", metavar="TIME", help="Of an orbit. Default: 10 s of film; 25 % of the scenario if neither --from "
    "nor --speed is given.")]
Speed = Annotated[Optional[float], typer.Option(
    metavar="X", min=0.001, help="Of an orbit: simulated seconds a film second; default 600, or so that "
    "--from to --to lasts 10 s.")]
Fps = Annotated[str, typer.Option(metavar="RATE", help="Frames a second: 24, 30, 60 or 60000/1001.")]
SUPERSAMPLE = typer.Option(metavar="1-4", help="Draw so many times as wide and high: smoother edges.")
Supersample = Annotated[int, SUPERSAMPLE]
MotionBlur = Annotated[int, typer.Option(metavar="N", help="Average so many moments in each frame.")]
CodecName = Annotated[str, typer.Option("--codec", metavar="NAME", help="h264, h265, av1, prores or png.")]
Crf = Annotated[Optional[int], typer.Option(metavar="N", help="Quality, less is better; default by codec.")]
Frames = Annotated[Optional[str], typer.Option(metavar="A-B", help="Only these frames.")]
Jobs = Annotated[int, typer.Option(metavar="N", help="Processes that render, 1 to 64.")]
TierName = Annotated[str, typer.Option("--tier", help="low, medium, high or ultra.")]
FilmTier = Annotated[str, typer.Option(
    "--tier", help="low, medium, high or ultra; from high on with shadows and bloom, which takes a processor "
    "twice as long.")]


def film(
    scenario: Shown = None,
    output: Output = ...,
    shots: Shots = None,
    start: From = None,
    to: To = None,
    speed: Speed = None,
    fps: Fps = "30",
    size: Size = "1280x720",
    supersample: Supersample = 1,
    motion_blur: MotionBlur = 1,
    codec: CodecName = "h264",
    crf: Crf = None,
    frames: Frames = None,
    jobs: Jobs = 1,
    verify: Annotated[int, typer.Option(
        "--verify", min=0, metavar="N", help="Render N frames, drawn at random, again and compare them; "
        "exit 1 if any differs.")] = 0,
    tier: FilmTier = "medium",
    seed: Seed = None,
    overrides: Set = None,
) -> None:
    """Render a film of a shot list, or an orbit. The same command goes on after a kill."""
    request = _request(scenario, shots, start, to, speed, fps, size, supersample, motion_blur, codec, crf,
                       frames, tier, seed, overrides)
    print(make(request, output, jobs))
    if verify:
        _verify(request, output, verify)


def _request(scenario, shots, start, to, speed, fps, size, supersample, motion_blur, codec, crf, frames, tier,
             seed, overrides):
    from game.film.request import Request

    return Request(scenario, shots, seed, tuple(overrides or ()), size, fps, codec, crf, supersample,
                   motion_blur, frames, tier, load_settings().display.palette, start, to, speed)


def make(request, output: Path, jobs: int = 1, quiet: bool = False) -> Path:
    """Render a request with a word on stderr of how far it is; the film's path. Raises InputError."""
    from game.film.render import render, target
    from game.film.request import processes

    jobs, plan = processes(jobs), request.plan()
    target(plan, output)
    with Progress("rendering", quiet, unit="frames") as tick:
        def told(done: int, total: int) -> None:
            if done == 1 and not quiet:
                many = f"{len(plan.frames)} frame{'s' if len(plan.frames) > 1 else ''}"
                print(f"{plan.shots.film.name}: {many} of {plan.size[0]}x{plan.size[1]}; "
                      f"how far it is: {output}.work/thumbnail.png", file=sys.stderr)
            tick(done, total)
        render(plan, output, jobs, told)
    return output


def _verify(request, output: Path, count: int) -> None:
    from game.film.render import verify
    from game.film.work import Work

    plan = request.plan()
    with Progress("verifying", unit="frames") as tick:
        differing = verify(plan, Work(output, plan), count, tick)
    if differing:
        print(f"{output}: differs when rendered again: frames {', '.join(map(str, differing))}",
              file=sys.stderr)
        raise typer.Exit(1)
    print(f"verified: {min(count, len(plan.frames))} frames are the same when rendered again")


def shot(
    scenario: Reference,
    at: Annotated[str, typer.Option(metavar="TIME", help="18:30, 1d 06:00 or seconds.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.png")],
    size: Size = "1280x720",
    camera: Annotated[Optional[str], typer.Option(metavar="NAME", help="A camera bookmark.")] = None,
    select: Annotated[Optional[str], typer.Option(
        metavar="ID", help="A vehicle, connector, station or hub.")] = None,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Leave the panels out.")] = False,
    view: Annotated[str, typer.Option(help="integrated, v2g, ocpp or performance.")] = "integrated",
    overlay: Annotated[str, typer.Option(
        help="none, flow, soc, load, voltage, price, health or connectivity.")] = "none",
    flow: Annotated[str, typer.Option(help="auto, particles, tubes or arcs.")] = "auto",
    tier: TierName = "high",
    supersample: Annotated[Optional[int], SUPERSAMPLE] = None,
    transparent: Annotated[bool, typer.Option(
        "--transparent", help="The site alone, with alpha; no panels.")] = False,
    poster: Annotated[bool, typer.Option("--poster", help="With a title block instead of panels.")] = False,
    font: Annotated[Optional[str], typer.Option(
        metavar="FILE.ttf", help="What the title block is written in: a file, Roboto, Droid Sans or Inconsolata.")] = None,
    what_if: Annotated[Optional[list[str]], typer.Option(
        "--what-if", metavar="LINE", help="Beside the run show a branch with this command, "
        "`at 18:00 limit site 150 kW`; may be given several times.")] = None,
    seed: Seed = None,
    overrides: Set = None,
) -> None:
    """Render one still. Finer than 1, transparent or as a poster it has no panels."""
    model = seen_model(scenario, seed, overrides)
    at_s = within(at, model.scenario, model.duration_s, "--at")
    width_height = parsed_size(size)
    look = _look(view=view, overlay=overlay, flow=flow, tier=tier)
    if supersample is None:
        supersample = 2 if transparent or poster else 1
    if not 1 <= supersample <= 4:
        raise InputError(f"--supersample {supersample}: expected 1 to 4")
    if font is not None and not poster:
        raise InputError("--font: only a poster has words of its own, expected --poster")
    bare = no_ui or supersample > 1 or transparent or poster
    tried = _tried(what_if, model.scenario, at, at_s, bare)
    settings = load_settings()
    if supersample > 1 or transparent or poster:
        from game.film.poster import still

        still(model.scenario, model, at_s, output, width_height, camera=camera, select=select,
              palette=settings.display.palette, look=look, supersample=supersample, transparent=transparent,
              poster=poster, font=font)
        print(output)
        return
    from game.app import shot as render

    render(model.scenario, model, at_s, output, width_height, camera, select, ui=not no_ui,
           palette=settings.display.palette, look=look, panels=settings.ui, instead=tried)
    print(output)


def _tried(lines: list[str] | None, scenario, at: str, at_s: float, bare: bool) -> list:
    """The commands of --what-if."""
    from sim.run import spelled_command

    tried = [spelled_command(line, scenario, "--what-if") for line in lines or ()]
    if tried and bare:
        raise InputError("--what-if: expected panels, as nothing else tells the branches apart")
    if tried and max(t_s for t_s, _, _ in tried) > at_s:
        raise InputError(f"--what-if: expected commands before --at {at}")
    return tried


def _look(**names: str):
    from game.look import Flow, Look, Overlay, Tier, View, named

    kinds, chosen = {"view": View, "overlay": Overlay, "flow": Flow, "tier": Tier}, {}
    for option, text in names.items():
        try:
            chosen[option] = named(kinds[option], text)
        except ValueError as error:
            raise InputError(f"--{option} {text}: {error}") from None
    return Look(**chosen)


@queue_app.command()
def add(
    scenario: Shown = None,
    output: Output = ...,
    shots: Shots = None,
    start: From = None,
    to: To = None,
    speed: Speed = None,
    fps: Fps = "30",
    size: Size = "1280x720",
    supersample: Supersample = 1,
    motion_blur: MotionBlur = 1,
    codec: CodecName = "h264",
    crf: Crf = None,
    frames: Frames = None,
    tier: FilmTier = "medium",
    seed: Seed = None,
    overrides: Set = None,
) -> None:
    """Put a film at the queue's end; the options are those of `voltyard film`."""
    from game.film.jobs import Jobs as Waiting
    from game.film.render import check, target

    request = _request(scenario, shots, start, to, speed, fps, size, supersample, motion_blur, codec, crf,
                       frames, tier, seed, overrides)
    plan = request.plan()
    target(plan, output)
    check(plan)
    print(f"{Waiting().add(request, output)}: {output}")


@queue_app.command("list")
def list_all() -> None:
    """What waits, what is done, and what went wrong."""
    from game.film.jobs import Jobs as Waiting
    from game.tables import job_table

    job_table(Waiting().all())


@queue_app.command("run")
def run_all(jobs: Jobs = 1) -> None:
    """Render all that waits, one after the other; one that fails does not hold up the next."""
    from game.film.jobs import Jobs as Waiting

    waiting, failed = Waiting(), 0
    with waiting.working():
        while (job := waiting.next()) is not None:
            print(f"{job.number}: {job.output}", file=sys.stderr)
            try:
                print(make(job.request, Path(job.output), jobs))
            except Exception as error:  # whatever it is, the next ones are no worse for it
                why = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
                failed += 1
                print(f"voltyard: {' '.join(why.split())}", file=sys.stderr)
                waiting.close(job.number, why)
            else:
                waiting.close(job.number)
    if failed:
        raise typer.Exit(1)


@queue_app.command()
def remove(number: Annotated[int, typer.Argument(metavar="N", help="As `queue list` counts.")]) -> None:
    """Take a film out of the queue; what it has rendered stays."""
    from game.film.jobs import Jobs as Waiting

    Waiting().remove(number)
