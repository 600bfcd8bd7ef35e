"""Tariffs as data: what energy costs, what fed energy earns, what power costs."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Field, model_validator

from sim.schema.fields import Charge, Clock, Part, Price, Seconds
from sim.timing import DAY_S, parse_clock

DAYS = {"all": (False, True), "weekdays": (False,), "weekends": (True,)}
"""Which days a band holds on, as values of `is it Saturday or Sunday`."""


class Scarcity(Part):
    """An adder when the connection runs short, in the form of ERCOT's operating reserve demand
    curve: voll * (1 - Phi((1 - loading - margin) / spread)), at most `cap`.

    Value of lost load 9 per kWh [ERCOT 2014: $9,000/MWh]; margin, spread and cap are priors.
    `capacity_kw` is the rating that loading refers to; default: the import limit.
    """

    voll: Charge = 9.0
    margin: Annotated[float, Field(ge=0, le=1)] = 0.05
    spread: Annotated[float, Field(gt=0, le=1)] = 0.08
    cap: Charge = 1.0
    capacity_kw: Annotated[float, Field(gt=0)] | None = None


class _Terms(Part):
    """What every kind of tariff has besides its energy price.

    Fed energy of vehicles earns `sell_price`, or `sell_share` of the buying price; surplus
    production of the site `feed_in_price` or `feed_in_share`, by default the same as vehicles.
    The demand charge is paid on the highest mean import of a `demand_interval` of each
    calendar month, or of the whole run.
    """

    sell_share: Annotated[float, Field(ge=0, le=100)] = 1.0
    sell_price: Price | None = None
    feed_in_share: Annotated[float, Field(ge=0, le=100)] | None = None
    feed_in_price: Price | None = None
    demand_per_kw: Charge = 0.0
    demand_interval: Annotated[Seconds, Field(ge=1)] = 900.0
    demand_period: Literal["month", "run"] = "month"
    scarcity: Scarcity | None = None


class TariffBand(Part):
    """A price from one clock time to another, past midnight if `to` is earlier, on those days
    and in those months (1 to 12) that the clock's own date belongs to."""

    name: str | None = None
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    price: Price
    days: Literal["all", "weekdays", "weekends"] = "all"
    months: list[Annotated[int, Field(ge=1, le=12)]] = Field(list(range(1, 13)), min_length=1)

    @property
    def label(self) -> str:
        """Its name, or its times."""
        return self.name or f"{self.start}-{self.end}"

    def holds_on(self, month: int, weekend: bool) -> bool:
        return month in self.months and weekend in DAYS[self.days]

    def spans(self) -> list[tuple[float, float]]:
        """Seconds of the day from and to which it holds."""
        start, end = parse_clock(self.start) % DAY_S, parse_clock(self.end)
        if start < end:
            return [(start, end)]
        return [span for span in ((0.0, end), (start, DAY_S)) if span[0] < span[1]]


class FlatTariff(_Terms):
    kind: Literal["flat"] = "flat"
    price: Price = 0.25


class TimeOfUseTariff(_Terms):
    """`price` holds where no band does; without it the bands have to fill every day. Bands that
    overlap are refused."""

    kind: Literal["time_of_use"]
    price: Price | None = None
    bands: list[TariffBand] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_overlap_no_gap(self):
        for (j, one), (k, other) in combinations(enumerate(self.bands), 2):
            if not (set(one.months) & set(other.months) and
                    set(DAYS[one.days]) & set(DAYS[other.days])):
                continue
            for a, b in ((a, b) for a in one.spans() for b in other.spans()):
                since, until = max(a[0], b[0]), min(a[1], b[1])
                if since < until:
                    raise ValueError(f"bands.{k}: overlaps bands.{j} from {_clock(since)} "
                                     f"to {_clock(until)}")
        if self.price is None:
            self._no_gap()
        return self

    def _no_gap(self) -> None:
        for month in range(1, 13):
            for weekend in (False, True):
                reached = 0.0
                for since, until in sorted(span for band in self.bands
                                           if band.holds_on(month, weekend)
                                           for span in band.spans()):
                    if since > reached:
                        break
                    reached = until
                if reached < DAY_S:
                    day = "weekends" if weekend else "weekdays"
                    raise ValueError(f"bands: no price from {_clock(reached)} on {day} of month "
                                     f"{month}, expected another band or a price for the rest")


class SeriesTariff(_Terms):
    """Prices of `step` each from the scenario's start on, repeating; or those of a CSV `file`
    with the columns time and price (a kWh) or price_per_mwh."""

    kind: Literal["series"]
    step: Annotated[Seconds, Field(ge=1)] = 3600.0
    values: list[Price] | None = Field(None, min_length=1)
    file: str | None = None

    @model_validator(mode="after")
    def _one_source(self):
        if (self.values is None) == (self.file is None):
            raise ValueError("values: expected either values or a file")
        return self


def _flat_unless_told(value: Any) -> Any:
    """A table without `kind` is flat, unless it has a key of another kind."""
    if isinstance(value, dict) and not value.keys() & {"kind", "bands", "step", "values", "file"}:
        return {"kind": "flat", **value}
    return value


Tariff = Annotated[
    Annotated[Union[FlatTariff, TimeOfUseTariff, SeriesTariff], Field(discriminator="kind")],
    BeforeValidator(_flat_unless_told)]


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"
