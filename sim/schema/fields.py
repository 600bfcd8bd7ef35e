"""What scenario keys are made of: types with their ranges, and the base of every table."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sim.timing import parse_clock, parse_duration


def _clock(text: str) -> str:
    if parse_clock(text) is None:
        raise ValueError(f"expected a clock time such as 17:00, not {text!r}")
    return text


Seconds = Annotated[float, BeforeValidator(parse_duration)]
Clock = Annotated[str, AfterValidator(_clock)]
Power = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Efficiency = Annotated[float, Field(gt=0, le=1)]
Price = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A table of a scenario: unknown keys and infinite numbers are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class LoadProfile(Part):
    """A load that repeats from the start's midnight on: values (kW) of `step` each."""

    step: Annotated[Seconds, Field(ge=1)] = 3600.0
    values: list[Power] = Field(min_length=1)
