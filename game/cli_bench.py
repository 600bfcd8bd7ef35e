"""`voltyard bench`: the benchmarks. Figures as tables, or as JSON (see README.md)."""

from __future__ import annotations

import json
from typing import Annotated, Optional

import typer

from game.cli_options import AsJson, Size, parsed_size
from sim.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Measure the simulation, or the picture.")
MOST = 1_000_000
Fleets = Annotated[Optional[list[int]], typer.Option("--vehicles", min=0, max=MOST, metavar="N")]
SomeFleets = Annotated[Optional[list[int]], typer.Option("--vehicles", min=1, max=MOST, metavar="N")]


@app.command()
def sim(vehicles: Fleets = None, as_json: AsJson = False) -> None:
    """Time simulated days: 5-minute control, uncontrolled, 1.5 sessions an EVSE."""
    from sim.bench import bench

    _show("bench sim", bench(vehicles or [1_000, 10_000, 50_000]), as_json)


@app.command()
def model(
    vehicles: SomeFleets = None,
    strategy: Annotated[str, typer.Option(help="Who decides.")] = "v2g_price",
    as_json: AsJson = False,
) -> None:
    """Time a day of everything, part by part: V2G, 100-node feeder, ageing, history."""
    from sim.bench_model import bench_model

    rows = [bench_model(fleet, strategy) for fleet in vehicles or [1_000]]
    if as_json:
        print(json.dumps(rows))
        return
    from game.tables import bench_table

    bench_table("bench model", [{key: value for key, value in row.items() if key != "parts"}
                                for row in rows])
    for row in rows:
        bench_table(f"{row['vehicles']:,} vehicles, {row['strategy']}", row["parts"])


@app.command()
def training(
    vehicles: SomeFleets = None,
    strategy: Annotated[str, typer.Option(help="Who decides.")] = "v2g_price",
    as_json: AsJson = False,
) -> None:
    """Time what-ifs in a day: a look two hours ahead, a fork anywhere, a step back into the past."""
    from sim.bench_training import bench_training

    _show("bench training", [bench_training(fleet, strategy) for fleet in vehicles or [200, 1_000]], as_json)


@app.command()
def scene(
    vehicles: Fleets = None,
    tier: Annotated[Optional[list[str]], typer.Option(
        help="low, medium, high or ultra; several times for several. Default: the window's.")] = None,
    size: Size = "1280x720",
    particles: Annotated[Optional[int], typer.Option(min=1, max=100_000, metavar="N", help=(
        "Of each flow in the crowd, at any number of vehicles. Default: the browser stack's, at its numbers."))] = None,
    as_json: AsJson = False,
) -> None:
    """Time frames offscreen, with panels, without, and with as many particles as the browser stack
    (`make bench-browser`) has. N = 0 is the shipped evening_peak."""
    from game.bench_scene import bench_scene
    from game.look import Look, Tier, named
    from game.preflight import require_graphics

    try:
        tiers = [named(Tier, text).name.lower() for text in tier or [Look().tier.name]]
    except ValueError as error:
        raise InputError(f"--tier: {error}") from None
    width_height = parsed_size(size)
    require_graphics(offscreen=True)
    _show("bench scene", bench_scene(vehicles or [0, 25, 100, 1_000, 10_000], tiers, size=width_height,
                                     particles=particles), as_json)


def _show(title: str, rows: list[dict], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows))
        return
    from game.tables import bench_table

    bench_table(title, rows)
