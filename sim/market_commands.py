"""Commands about money and foresight: price shifts, demand-response calls, wrong forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from sim.command_parts import Duration, Lasting
from sim.demand_response import Call
from sim.schema.fields import MOST_PRICE, Charge, Power, Price
from sim.timing import parse_duration

if TYPE_CHECKING:
    from sim.model import Model

Factor = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


class ShiftPrice(Lasting):
    """Multiply the buying price and add to it for a while: a spike, or prices below zero. The selling
    price follows by the tariff's own rule."""

    MAY_STAND = False
    kind: Literal["shift_price"] = "shift_price"
    factor: Factor = 1.0
    add: Price = 0.0

    @model_validator(mode="after")
    def _shifts(self):
        if self.factor == 1.0 and self.add == 0.0:
            raise ValueError("expected a factor or something to add")
        return self

    def check(self, model: Model) -> str | None:
        refusal = self.over(model)
        if refusal is None:
            prices = model.conditions.buying.during(model.now_s, self.ends_s(model)) * self.factor + self.add
            if abs(prices).max() > MOST_PRICE:
                return f"prices stay within {MOST_PRICE:g} a kWh"
        return refusal

    def apply(self, model: Model) -> None:
        model.shift_price(self.factor, self.add, self.ends_s(model))


class DemandResponse(Lasting):
    """A call to keep the site's import at or below `kw` for a while, from `notice` from now on; the
    duration counts from then. It is left to the operator how. `reward` is paid by the share of control
    intervals kept, `penalty` charged for each kWh above."""

    MAY_STAND = False
    kind: Literal["demand_response"] = "demand_response"
    kw: Power
    notice: Duration | None = None
    reward: Charge = 0.0
    penalty: Charge = 0.0

    def ends_s(self, model: Model) -> float | None:
        notice_s = 0.0 if self.notice is None or self.duration is None else parse_duration(self.notice)
        return super().ends_s(model) + notice_s

    def check(self, model: Model) -> str | None:
        refusal = self.over(model)
        if refusal is None and self._begins_s(model) >= self.ends_s(model):
            return "it is over before it begins"
        if refusal is None and model.calls.active is not None:
            return "there is a call already"
        return refusal

    def apply(self, model: Model) -> None:
        model.calls.add(Call(self.kw, self._begins_s(model), self.ends_s(model), self.reward, self.penalty))

    def _begins_s(self, model: Model) -> float:
        return model.now_s + (0.0 if self.notice is None else parse_duration(self.notice))


class ForecastError(Lasting):
    """What control foresees of load, price or production is wrong from now on: times `factor`, and
    `add` more (kW, or currency/kWh). What is now it knows. Factor 1 and nothing to add: right again."""

    kind: Literal["forecast_error"] = "forecast_error"
    quantity: Literal["load", "price", "production"]
    factor: Factor = 1.0
    add: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0

    def check(self, model: Model) -> str | None:
        if self.quantity == "production" and not model.conditions.production.present:
            return "the scenario has no production"
        return self.over(model)

    def apply(self, model: Model) -> None:
        model.forecast.err(self.quantity, self.factor, self.add, self.ends_s(model))
        model.touch_all()
