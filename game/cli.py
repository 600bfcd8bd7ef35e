"""The command line: `voltyard --help`. Commands that draw load the graphics when they start."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from game import cli_bench, cli_demo, cli_edit, cli_film, cli_instruct, cli_sessions, cli_training
from game.cli_options import AsJson, Optionally, Reference, Seed, Set, load_scenario
from game.given import within
from game.progress import Progress
from game.settings import load_settings
from sim.errors import InputError

app = typer.Typer(
    name="voltyard", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A 3D simulation of vehicle-to-grid energy and the OCPP charging network behind it.")
app.add_typer(cli_bench.app, name="bench")
app.command()(cli_training.train)
app.command()(cli_training.debrief)
app.command()(cli_training.records)
app.command()(cli_instruct.instruct)


@app.command()
def play(scenario: Optionally = None, seed: Seed = None, overrides: Set = None) -> None:
    """Open the interactive window; a run that broke off can be gone on with there."""
    from game.preflight import has_display, require_graphics

    if not has_display():
        raise InputError("play: there is no display here; `voltyard film` and `voltyard shot` "
                         "render without one")
    require_graphics(offscreen=False)
    settings = load_settings()
    loaded = load_scenario(scenario, seed, overrides)
    from game.window import play as open_window

    open_window(loaded, settings.paths.out / "sessions", settings)


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
        help="Commands to give, one a line: `at 18:30 limit site 250 kW`, or a JSON object with t and command.")] = None,
    solved: Annotated[bool, typer.Option("--solution", help="Give the commands of a lesson's reference solution.")] = False,
    overrides: Set = None,
    as_json: AsJson = False,
    out: Annotated[Optional[Path], typer.Option(metavar="DIR", help="Write the run folder.")] = None,
) -> None:
    """Simulate without a picture and report the figures."""
    from sim.run import parse_command, read_commands
    from sim.run import run as simulate

    loaded = load_scenario(scenario, seed, overrides, sessions)
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

    names, loaded = strategy_names(strategies), load_scenario(scenario, seed, overrides)
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
    loaded = load_scenario(scenario, seed, overrides)
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


app.command()(cli_film.shot)
app.command()(cli_film.film)
app.command()(cli_edit.edit)
app.add_typer(cli_film.queue_app, name="queue")


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


app.command()(cli_demo.demo)
app.command()(cli_demo.present)


def main() -> None:
    """Run the command line; one line on stderr and exit code 2 for whatever was wrong."""
    out = sys.stdout
    try:
        code = app(standalone_mode=False)
        out.flush()
    except InputError as error:
        _fail(str(error))
    except BrokenPipeError:
        _closed(out)
    except SystemExit:
        if sys.stdout is out:
            raise
        _closed(out)  # typer was told so, put a wrapper in its place and would exit with 1
    except (OSError, OverflowError, MemoryError, RecursionError) as error:
        _fail(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):  # typer's own complaints about the command line
            raise
        _fail(error.format_message())
    sys.exit(code or 0)


def _closed(out) -> None:
    """Nobody reads any more: end as a program does that the system stops for that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    sys.exit(141)


def _fail(message: str) -> None:
    """Say what was wrong; where a command alone was named its help has said so already."""
    if message:
        print("voltyard: " + " ".join(message.split()), file=sys.stderr)
    sys.exit(2)


def _until(text: str, scenario) -> float:
    from sim.timing import parse_duration

    try:
        text = str(parse_duration(text))
    except ValueError:
        pass
    return within(text, scenario, scenario.duration, "--until")
