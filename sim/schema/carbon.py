"""What energy from the grid causes, as a scenario gives it. Factors are kg CO2-eq per kWh."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.schema.fields import Part, Seconds, Share

Factor = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class FactorProfile(Part):
    """Factors of `step` each from the start's midnight on, repeating."""

    step: Seconds = Field(3600.0, gt=0)
    values: list[Factor] = Field(min_length=1)


class FactorFile(Part):
    """A CSV with the columns time and kg_per_kwh; each row holds until the next."""

    file: str


class Carbon(Part):
    """`average` is the factor by which use is reported: a grid of grid_mixes.toml by name, a
    number, or a profile. `renewable_share` (0..1) of the grid comes with a named grid and is
    unknown otherwise unless it is given. `marginal` is the factor of a kWh more or less, by
    which V2G is judged. What is not given is reported as unknown."""

    average: str | Factor | FactorProfile | None = None
    renewable_share: Share | None = None
    marginal: Factor | FactorProfile | FactorFile | None = None
