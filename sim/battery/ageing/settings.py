"""How a scenario sets ageing: `[fleet.ageing]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from entities.components import Chemistry
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.models import CELLS


def _known(value):
    if value not in CELLS:
        raise ValueError(f"unknown ageing model {value!r}, expected one of {', '.join(CELLS)}")
    return value


ModelName = Annotated[str, BeforeValidator(_known)]
Scalar = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PackPrice = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Models(_Part):
    """Which model ages which chemistry. The choice for LFP moves the wear of V2G about
    eightfold; the large prismatic cell is what vehicle packs are made of."""

    NMC: ModelName = "nmc"
    NCA: ModelName = "nca"
    LFP: ModelName = "lfp_large"


class PackPrices(_Part):
    """Prices of new packs per kWh: USD, BloombergNEF 2025; NCA as NMC (prior)."""

    NMC: PackPrice = 128.0
    NCA: PackPrice = 128.0
    LFP: PackPrice = 81.0


class Scalars(_Part):
    """Degradation scalars; where none is set, the cell's own `vehicle_scalar` counts."""

    NMC: Scalar | None = None
    NCA: Scalar | None = None
    LFP: Scalar | None = None


class AgeingSettings(_Part):
    """`[fleet.ageing]`. Vehicles of unknown chemistry age and cost as NMC, the commonest.

    end_of_life: share of the new capacity at which a pack is worn out (prior). age_years: how
    long each vehicle was in ordinary use before the run (prior); growth laws take most from
    new batteries, so a fleet that starts new shows wear that no fleet has. enabled: off where
    nothing is known of the batteries.
    """

    enabled: bool = True
    model: Models = Models()
    pack_price: PackPrices = PackPrices()
    scalar: Scalars = Scalars()
    end_of_life: Annotated[float, Field(ge=0.5, le=0.95)] = 0.8
    age_years: Annotated[float, Field(ge=0, le=30)] = 2.0

    def cell(self, chemistry: int) -> Cell:
        """The model of a chemistry's code."""
        return CELLS[getattr(self.model, _named(chemistry))]

    def price(self, chemistry: int) -> float:
        """Price of a new pack per kWh, by the chemistry's code."""
        return getattr(self.pack_price, _named(chemistry))

    def degradation_scalar(self, chemistry: int) -> float:
        """What multiplies every change of a chemistry's code."""
        chosen = getattr(self.scalar, _named(chemistry))
        return self.cell(chemistry).vehicle_scalar if chosen is None else chosen


def _named(chemistry: int) -> str:
    known = Chemistry(chemistry)
    return (Chemistry.NMC if known is Chemistry.UNKNOWN else known).name
