"""Commands that the sky gives: heat, clouds and wind that nobody foresaw until they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from sim.command_parts import Duration, Lasting
from sim.fronts import Front, Sky
from sim.timing import parse_duration

if TYPE_CHECKING:
    from sim.model import Model


class _Passing(Lasting):
    """What comes over `ramp`, stays, and goes over `ramp` again, all within its time."""

    MAY_STAND: ClassVar[bool] = False
    SKY: ClassVar[Sky]
    ramp: Duration = "10m"

    def check(self, model: Model) -> str | None:
        refusal = self.over(model)
        if refusal is None and self.SKY != Sky.HEAT and model.conditions.weather.sun is None:
            return "the scenario has no weather"
        if refusal is None and 2.0 * parse_duration(self.ramp) > self.ends_s(model) - model.now_s:
            return "it ends before it has come and gone: expected a shorter ramp"
        return refusal

    def apply(self, model: Model) -> None:
        model.change_weather(Front(self.SKY, model.now_s, self.ends_s(model), parse_duration(self.ramp),
                                   self.amount))


class HeatWave(_Passing):
    """The air is `kelvin` warmer (negative: colder) for a while."""

    SKY = Sky.HEAT
    kind: Literal["heat_wave"] = "heat_wave"
    kelvin: Annotated[float, Field(ge=-25, le=25)]
    ramp: Duration = "1h"

    @property
    def amount(self) -> float:
        return self.kelvin


class CloudFront(_Passing):
    """Clouds let through only a share of the irradiance for a while."""

    SKY = Sky.LIGHT
    kind: Literal["cloud_front"] = "cloud_front"
    percent: Annotated[float, Field(ge=0, le=100)]

    @property
    def amount(self) -> float:
        return self.percent / 100.0


class WindRamp(_Passing):
    """The wind is a share of what it would be, less or more, for a while."""

    SKY = Sky.WIND
    kind: Literal["wind_ramp"] = "wind_ramp"
    percent: Annotated[float, Field(ge=0, le=500)]

    @property
    def amount(self) -> float:
        return self.percent / 100.0
