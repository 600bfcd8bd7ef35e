"""The frequency of the power system as a scenario gives it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.grid.frequency import System
from sim.schema.fields import Seconds


class FrequencySpec(System):
    """The system, and how the site's vehicles answer it.

    Bands, continental Europe's: standard range 50 mHz, largest instantaneous deviation 800 mHz
    (Regulation (EU) 2017/1485, annex III). Vehicles look at frequency every `response_interval`
    (1 s: full delivery of dynamic containment, Great Britain) and answer anew when it moved by
    `resolution_hz` (prior). The site stands for `sites_like_this` that answer alike; what else
    they and this one do is foreseen by the system's dispatch.
    """

    normal_band_hz: float = Field(0.05, gt=0)
    emergency_band_hz: float = Field(0.8, gt=0)
    response_interval: Annotated[Seconds, Field(ge=0.1)] = 1.0
    resolution_hz: float = Field(0.001, ge=0.0001)
    sites_like_this: float = Field(1.0, gt=0)

    @model_validator(mode="after")
    def _bands_ascend(self):
        if self.normal_band_hz >= self.emergency_band_hz:
            raise ValueError("normal_band_hz has to be below emergency_band_hz")
        return self
