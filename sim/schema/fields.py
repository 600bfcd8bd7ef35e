"""What scenario keys are made of: types with their ranges, and the base of every table."""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from sim.timing import parse_clock, parse_duration


def _clock(text: str) -> str:
    if parse_clock(text) is None:
        raise ValueError(f"expected a clock time such as 17:00, not {text!r}")
    return text


Seconds = Annotated[float, BeforeValidator(parse_duration)]
Clock = Annotated[str, AfterValidator(_clock)]
MOST_KW = 1e9
MOST_PRICE = 1e4
"""Prices a kWh lie within +- this, in any currency: beyond it sums lose cents to rounding."""

Power = Annotated[float, Field(ge=0, le=MOST_KW, allow_inf_nan=False)]
Celsius = Annotated[float, Field(ge=-60, le=60)]
Share = Annotated[float, Field(ge=0, le=1)]
Efficiency = Annotated[float, Field(gt=0, le=1)]
Price = Annotated[float, Field(ge=-MOST_PRICE, le=MOST_PRICE, allow_inf_nan=False)]
Charge = Annotated[float, Field(ge=0, le=MOST_PRICE, allow_inf_nan=False)]
"""A price that nobody is paid for taking."""


class Part(BaseModel):
    """A table of a scenario: unknown keys and infinite numbers are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class LoadProfile(Part):
    """A load that repeats from the start's midnight on: values (kW) of `step` each."""

    step: Annotated[Seconds, Field(ge=1)] = 3600.0
    values: list[Power] = Field(min_length=1)


def _form_of_load(value: Any) -> str:
    return "(profile)" if isinstance(value, dict | LoadProfile) else "(number)"


Load = Annotated[Union[Annotated[Power, Tag("(number)")], Annotated[LoadProfile, Tag("(profile)")]],
                 Discriminator(_form_of_load)]
"""A load, kW, or its profile. Complaints leave tags in parentheses out, see sim.errors."""
