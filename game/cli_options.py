"""Arguments and options that several commands of the command line have."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

Reference = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a TOML file.")]
Optionally = Annotated[Optional[str], typer.Argument(
    metavar="[SCENARIO]", help="A shipped name or a TOML file.", show_default=False)]
Seed = Annotated[Optional[int], typer.Option(min=0, help="Another seed.")]
Set = Annotated[Optional[list[str]], typer.Option(
    "--set", metavar="KEY=VALUE", help="Override a scenario key, e.g. grid.import_limit_kw=100.")]
Size = Annotated[str, typer.Option(metavar="WxH", help="Picture size in pixels.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, nothing else.")]
