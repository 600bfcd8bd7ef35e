"""The command line: `voltyard --help`. Commands that draw load the graphics when they start."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from game import cli_bench, cli_sessions, cli_training
from game.cli_options import AsJson, Optionally, Reference, Seed, Set, Size
from game.progress import Progress
from game.settings import load_settings, parse_size
from sim.errors import InputError

# A film's usual length, its speed, and which part of a scenario it shows.
FILM_S, FILM_SPEED, FILM_SHARES = 10.0, 600.0, (0.05, 0.25)

app = typer.Typer(
    name="voltyard", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A 3D simulation of vehicle-to-grid energy and the OCPP charging network behind it.")
app.add_typer(cli_bench.app, name="bench")
app.command()(cli_training.train)
app.command()(cli_training.debrief)
app.command()(cli_training.records)


@app.command()
def play(scenario: Optionally = None, seed: Seed = None, overrides: Set = None) -> None:
    """Open the interactive window."""
    from game.preflight import has_display, require_graphics

    if not has_display():
        raise InputError("play: there is no display here; `voltyard film` and `voltyard shot` "
                         "render without one")
    require_graphics(offscreen=False)
    settings = load_settings()
    model = _model(scenario or settings.start.scenario, seed, overrides)
    from game.app import play as open_window

    open_window(model.scenario, model, **dict(settings.display), speed=settings.start.speed,
                out=settings.paths.out, panels=settings.ui)


@app.command()
def run(
    scenario: Optionally = None,
    seed: Seed = None,
    until: Annotated[Optional[str], typer.Option(
        metavar="DUR_OR_TIME", help="Stop there: 6h, 90m, 18:30, 1d 06:00 or seconds.")] = None,
    strategy: Annotated[Optional[str], typer.Option(help="Put every zone under this strategy.")] = None,
    sessions: Annotated[Optional[Path], typer.Option(
        help="Sessions of this file instead; without SCENARIO the site is made from it.")] = None,
    commands: Annotated[Optional[Path], typer.Option(
        help="Commands to give, one JSON object a line: t and command.")] = None,
    solved: Annotated[bool, typer.Option("--solution", help="Give the commands of a lesson's reference solution.")] = False,
    overrides: Set = None,
    as_json: AsJson = False,
    out: Annotated[Optional[Path], typer.Option(metavar="DIR", help="Write the run folder.")] = None,
) -> None:
    """Simulate without a picture and report the figures."""
    from sim.run import parse_command, read_commands
    from sim.run import run as simulate

    loaded = _load(scenario, seed, overrides, sessions)
    timed = read_commands(commands, loaded) if commands else []
    if solved:
        if not loaded.solution:
            raise InputError(f"--solution: {loaded.name} has none, expected a lesson")
        from sim.training.evidence import solution

        timed += solution(loaded)
    if strategy is not None:
        command = parse_command({"kind": "set_strategy", "strategy": strategy}, "--strategy")
        timed.insert(0, (0.0, command, "cli"))
    until_s = None if until is None else _until(until, loaded)
    with Progress("simulating", quiet=as_json or not sys.stderr.isatty()) as tick:
        outcome = simulate(loaded, timed, until_s, out, tick)
    for warning in outcome["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)
    if as_json:
        print(json.dumps(outcome))
        return
    from game.tables import kpi_table

    kpi_table(outcome, loaded.currency)
    if out is not None:
        print(f"run folder: {out}")


@app.command()
def compare(
    scenario: Reference,
    strategies: Annotated[str, typer.Option(metavar="A,B,C", help="What to compare; differences are to the first.")],
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="How many seeds, from the scenario's own on.")] = 1,
    seed: Seed = None,
    overrides: Set = None,
    as_json: AsJson = False,
) -> None:
    """Run strategies on the same seeds and show their figures side by side."""
    from sim.compare import compare as run_all
    from sim.compare import strategy_names

    names, loaded = strategy_names(strategies), _load(scenario, seed, overrides)
    with Progress("comparing", quiet=as_json or not sys.stderr.isatty()) as tick:
        outcome = run_all(loaded, names, seeds, tick)
    if as_json:
        print(json.dumps(outcome))
        return
    from game.tables import compare_table

    compare_table(outcome)


@app.command()
def optimum(
    scenario: Reference,
    strategies: Annotated[Optional[str], typer.Option(metavar="A,B,C", help="Default: every strategy.")] = None,
    seed: Seed = None,
    overrides: Set = None,
    as_json: AsJson = False,
) -> None:
    """Find the optimum under perfect foresight, and how far each strategy stays from it."""
    from sim.compare import gaps, strategy_names
    from sim.strategies import NAMES

    names = NAMES if strategies is None else strategy_names(strategies)
    loaded = _load(scenario, seed, overrides)
    with Progress("comparing", quiet=as_json or not sys.stderr.isatty()) as tick:
        outcome = gaps(loaded, names, tick)
    if as_json:
        print(json.dumps(outcome))
        return
    from game.tables import gap_table

    gap_table(outcome)


@app.command()
def replay(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that `run --out` wrote.")],
    verify: Annotated[bool, typer.Option("--verify", help="Exit 1 at the first difference.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a recorded run anew from its scenario, seed and command log."""
    from sim.run import replay as simulate
    from sim.run import when

    again = simulate(run_dir, verify)
    recording = again.recording
    if verify and again.difference is not None:
        t_s, what = again.difference
        print(f"{run_dir}: differs first at {when(t_s, recording.scenario)}: {what}", file=sys.stderr)
        raise typer.Exit(1)
    if recording.cut is not None:
        raise InputError(f"{recording.cut}; replayed up to "
                         f"{when(recording.until_s, recording.scenario)}, all equal up to there"
                         if again.difference is None else
                         f"{recording.cut}; it differs first at "
                         f"{when(again.difference[0], recording.scenario)}: {again.difference[1]}")
    if as_json:
        print(json.dumps(again.results))
        return
    from game.tables import kpi_table

    kpi_table(again.results, recording.scenario.currency)
    if verify:
        print(f"verified: {len(recording.checksums)} checksums, {len(recording.events)} events and "
              f"the digest {again.results['digest']} are equal")


app.command()(cli_sessions.save)
app.command()(cli_sessions.resume)


@app.command()
def shot(
    scenario: Reference,
    at: Annotated[str, typer.Option(metavar="TIME", help="18:30, 1d 06:00 or seconds.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.png")],
    size: Size = "1280x720",
    camera: Annotated[Optional[str], typer.Option(metavar="NAME", help="A camera bookmark.")] = None,
    select: Annotated[Optional[str], typer.Option(metavar="ID", help="A vehicle, connector, station or hub.")] = None,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Leave the panels out.")] = False,
    view: Annotated[str, typer.Option(help="integrated, v2g, ocpp or performance.")] = "integrated",
    overlay: Annotated[str, typer.Option(
        help="none, flow, soc, load, voltage, price, health or connectivity.")] = "none",
    flow: Annotated[str, typer.Option(help="auto, particles, tubes or arcs.")] = "auto",
    tier: Annotated[str, typer.Option(help="low, medium, high or ultra.")] = "high",
    what_if: Annotated[Optional[list[str]], typer.Option(
        "--what-if", metavar="LINE", help="Beside the run show a branch with this command, "
        "`at 18:00 limit site 150 kW`; may be given several times.")] = None,
    seed: Seed = None,
    overrides: Set = None,
) -> None:
    """Render one still."""
    from sim.run import spelled_command

    model = _model(scenario, seed, overrides)
    at_s = _within(at, model.scenario, "--at")
    tried = [spelled_command(line, model.scenario, "--what-if") for line in what_if or ()]
    if tried and (no_ui or max(t_s for t_s, _, _ in tried) > at_s):
        raise InputError("--what-if: without panels nothing tells the branches apart, leave --no-ui out"
                         if no_ui else f"--what-if: expected commands before --at {at}")
    width_height = _size(size)
    look = _look(view=view, overlay=overlay, flow=flow, tier=tier)
    from game.app import shot as render

    settings = load_settings()
    render(model.scenario, model, at_s, output, width_height, camera, select, ui=not no_ui,
           palette=settings.display.palette, look=look, panels=settings.ui, instead=tried)
    print(output)


@app.command()
def film(
    scenario: Reference,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.mp4")],
    start: Annotated[Optional[str], typer.Option("--from", metavar="TIME", help="Default: the start; 5 % of the "
        "scenario if neither --to nor --speed is given.")] = None,
    to: Annotated[Optional[str], typer.Option("--to", metavar="TIME", help="Default: 10 s of film; 25 % of the "
        "scenario if neither --from nor --speed is given.")] = None,
    fps: Annotated[int, typer.Option(min=1, max=120)] = 30,
    size: Size = "1280x720",
    speed: Annotated[Optional[float], typer.Option(
        metavar="X", min=0.001, help="Simulated seconds a film second; default 600, or so that "
        "--from to --to lasts 10 s.")] = None,
    tier: Annotated[str, typer.Option(help="low, medium, high or ultra.")] = "high",
    seed: Seed = None,
    overrides: Set = None,
) -> None:
    """Render an orbiting film; frame k shows exactly k/fps seconds of film."""
    model = _model(scenario, seed, overrides)
    from_s, to_s, speed = _film_span(model.scenario, start, to, speed)
    _film(model, output, from_s, to_s, fps, _size(size), speed, _look(tier=tier))
    print(output)


@app.command()
def scenarios(
    check: Annotated[Optional[Path], typer.Option(metavar="FILE", help="Validate a scenario file.")] = None,
) -> None:
    """List the shipped scenarios, or check one of your own."""
    from sim.model import Model
    from sim.scenario import load, shipped

    if check is not None:
        model = Model(load(str(check)))
        world = model.world
        print(f"{check}: {model.scenario.name}: {len(world.connector)} connectors, "
              f"{len(world.session)} sessions, {model.scenario.duration / 3600:g} h: valid")
        return
    from game.tables import scenario_table

    scenario_table([load(name) for name in shipped()])


@app.command()
def battery(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns time (ISO or seconds), "
                                         "soc (0 to 1), temperature (Celsius).")],
    chemistry: Annotated[Optional[str], typer.Option(
        metavar="NMC|NCA|LFP", help="Cell chemistry; default NMC.")] = None,
    model: Annotated[Optional[str], typer.Option(
        metavar="NAME", help="Ageing model: nmc, nca, lfp_large or lfp_sony.")] = None,
    scalar: Annotated[Optional[float], typer.Option(
        min=0.01, max=100.0, help="Degradation scalar; 1 is the laboratory cell. Default: the "
        "model's own for vehicles.")] = None,
    end_of_life: Annotated[float, typer.Option(
        min=0.5, max=0.95, help="Share of the new capacity where life ends.")] = 0.8,
    age: Annotated[float, typer.Option(
        metavar="YEARS", min=0.0, max=30.0, help="Years of like use before the recording.")] = 0.0,
    as_json: AsJson = False,
    plot: Annotated[Optional[Path], typer.Option(metavar="FILE.png", help="Draw a chart.")] = None,
) -> None:
    """What your own recording of SoC and temperature did to a battery."""
    from game.battery_report import report

    report(file, chemistry, model, scalar, end_of_life, age, as_json, plot)


@app.command()
def demo(
    scenario: Optionally = None,
    out: Annotated[Optional[Path], typer.Option(
        metavar="DIR", help="Where film and stills go; default: config.toml's.")] = None,
) -> None:
    """The main job: the window where there is a display, otherwise a film and three stills."""
    from game.film.still import require_writable
    from game.preflight import has_display, require_graphics

    if has_display():
        play(scenario)
        return
    require_graphics(offscreen=True)
    settings = load_settings()
    scenario, out = scenario or settings.start.scenario, out or settings.paths.out
    duration = _load(scenario, None, None).duration
    film_path = require_writable(out / f"{Path(scenario).stem}.mp4", ".mp4")
    print("No display here: rendering a film and three stills.")
    film(scenario, film_path)
    stills = []
    for name, share, camera in (("arrivals", 0.1, None), ("peak", 0.16, "hub"), ("night", 0.45, None)):
        stills.append(out / f"{Path(scenario).stem}-{name}.png")
        shot(scenario, f"{share * duration}", stills[-1], camera=camera)
    print(f"The film and the stills are in {out.resolve()}")


def main() -> None:
    """Run the command line; one line on stderr and exit code 2 for whatever was wrong."""
    try:
        code = app(standalone_mode=False)
    except InputError as error:
        _fail(str(error))
    except (OSError, OverflowError, MemoryError, RecursionError) as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        _fail(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):  # typer's own complaints about the command line
            raise
        _fail(error.format_message())
    sys.exit(code or 0)


def _fail(message: str) -> None:
    print("voltyard: " + " ".join(message.split()), file=sys.stderr)
    sys.exit(2)


def _load(reference: str | None, seed: int | None, overrides: list[str] | None,
          sessions: Path | None = None):
    from sim.scenario import load, parse_override
    from sim.sessions.load import scenario_from_sessions, with_sessions

    values = dict(parse_override(text) for text in overrides or ())
    if seed is not None:
        values["seed"] = seed
    if sessions is not None and reference is None:
        return scenario_from_sessions(sessions, values)
    loaded = load(reference or load_settings().start.scenario, values)
    return loaded if sessions is None else with_sessions(loaded, sessions)


def _model(reference: str, seed: int | None, overrides: list[str] | None):
    """A model to be seen: it keeps what charts show."""
    from game.ui.trace import Trace
    from sim.model import Model

    return Model(_load(reference, seed, overrides), history=Trace())


def _until(text: str, scenario) -> float:
    from sim.timing import parse_duration

    try:
        text = str(parse_duration(text))
    except ValueError:
        pass
    return _within(text, scenario, "--until")


def _within(text: str, scenario, option: str) -> float:
    try:
        t_s = scenario.seconds(text)
    except ValueError as error:
        raise InputError(f"{option} {text}: {error}") from None
    if t_s > scenario.duration:
        raise InputError(f"{option}: {text} is after the scenario's end, "
                         f"{scenario.duration / 3600:g} h after its start")
    return t_s


def _film_span(scenario, start: str | None, to: str | None,
               speed: float | None) -> tuple[float, float, float]:
    """The film's start and end (s) and its speed, from whichever of them are given."""
    if start is None and to is None and speed is None:
        from_s, to_s = (share * scenario.duration for share in FILM_SHARES)
        return from_s, to_s, (to_s - from_s) / FILM_S
    from_s = 0.0 if start is None else _within(start, scenario, "--from")
    if from_s >= scenario.duration:
        raise InputError(f"--from: {start} is the scenario's end")
    if to is None:
        speed = speed or FILM_SPEED
        return from_s, min(from_s + FILM_S * speed, scenario.duration), speed
    to_s = _within(to, scenario, "--to")
    if to_s <= from_s:
        raise InputError(f"--to: {to} is not after --from")
    return from_s, to_s, speed or (to_s - from_s) / FILM_S


def _look(**names: str):
    from game.look import Flow, Look, Overlay, Tier, View, named

    kinds, chosen = {"view": View, "overlay": Overlay, "flow": Flow, "tier": Tier}, {}
    for option, text in names.items():
        try:
            chosen[option] = named(kinds[option], text)
        except ValueError as error:
            raise InputError(f"--{option} {text}: {error}") from None
    return Look(**chosen)


def _size(text: str) -> tuple[int, int]:
    try:
        return parse_size(text)
    except ValueError as error:
        raise InputError(f"--size {text}: {error}") from None


def _film(model, output: Path, from_s: float, to_s: float, fps: int, size: tuple[int, int],
          speed: float, look) -> None:
    if size[0] % 2 or size[1] % 2:
        raise InputError(f"--size {size[0]}x{size[1]}: a film needs an even width and height")
    from game.app import film as render

    with Progress("rendering") as tick:
        render(model.scenario, model, output, from_s, to_s, fps, size, speed, progress=tick,
               palette=load_settings().display.palette, look=look)
