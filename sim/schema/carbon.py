"""What energy from the grid causes, as a scenario gives it. Factors are kg CO2-eq per kWh."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any, Union

from pydantic import AfterValidator, Discriminator, Field, Tag

import assets
from sim.schema.fields import Part, Seconds, Share

GRIDS = assets.ROOT / "data" / "grid_mixes.toml"
Factor = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class FactorProfile(Part):
    """Factors of `step` each from the start's midnight on, repeating."""

    step: Annotated[Seconds, Field(ge=1)] = 3600.0
    values: list[Factor] = Field(min_length=1)


class FactorFile(Part):
    """A CSV with the columns time and kg_per_kwh; each row holds until the next."""

    file: str


def shipped_grids() -> dict[str, Any]:
    """The tables of grid_mixes.toml: `factors` by source and `grids` by name."""
    return tomllib.loads(GRIDS.read_text(encoding="utf-8"))


def _known_grid(name: str) -> str:
    names = shipped_grids()["grids"]
    if name not in names:
        raise ValueError(f"unknown grid {name!r}, expected a factor or one of {', '.join(names)}")
    return name


def _form(value: Any) -> str:
    """Which of its forms a factor is given in, so that a complaint is about that one."""
    if isinstance(value, str):
        return "(grid)"
    if isinstance(value, dict):
        return "(file)" if "file" in value else "(profile)"
    return {FactorFile: "(file)", FactorProfile: "(profile)"}.get(type(value), "(number)")


def _form_without_grid(value: Any) -> str:
    return "(number)" if isinstance(value, str) else _form(value)


_Number = Annotated[Factor, Tag("(number)")]
_Profile = Annotated[FactorProfile, Tag("(profile)")]
_Grid = Annotated[str, AfterValidator(_known_grid), Tag("(grid)")]
_File = Annotated[FactorFile, Tag("(file)")]


class Carbon(Part):
    """`average` is the factor by which use is reported: a grid of grid_mixes.toml by name, a
    number, or a profile. `renewable_share` (0..1) of the grid comes with a named grid and is
    unknown otherwise unless it is given. `marginal` is the factor of a kWh more or less, by
    which V2G is judged: a number, a profile or a file. What is not given is reported as
    unknown."""

    average: Annotated[Union[_Number, _Profile, _Grid], Discriminator(_form)] | None = None
    renewable_share: Share | None = None
    marginal: Annotated[Union[_Number, _Profile, _File],
                        Discriminator(_form_without_grid)] | None = None
