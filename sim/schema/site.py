"""Zones, stations and connectors of a scenario's site."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from entities.components import ConnectorKind, OcppVersion
from sim.schema.fields import Part, Power
from sim.strategies import NAMES as STRATEGY_NAMES

KINDS = {"Type2": ConnectorKind.TYPE2, "CCS1": ConnectorKind.CCS1, "CCS2": ConnectorKind.CCS2,
         "CHAdeMO": ConnectorKind.CHADEMO, "NACS": ConnectorKind.NACS}
OCPP = {"1.6": OcppVersion.V1_6, "2.0.1": OcppVersion.V2_0_1, "2.1": OcppVersion.V2_1}


def _one_of(value: str, allowed, what: str) -> str:
    if value not in allowed:
        raise ValueError(f"unknown {what} {value!r}, expected one of {', '.join(allowed)}")
    return value


StrategyName = Annotated[str, BeforeValidator(lambda v: _one_of(v, STRATEGY_NAMES, "strategy"))]
KindName = Annotated[str, BeforeValidator(lambda v: _one_of(v, KINDS, "connector kind"))]
OcppName = Annotated[str, BeforeValidator(lambda v: _one_of(str(v), OCPP, "OCPP version"))]


class ConnectorSpec(Part):
    """`count` connectors of one kind on a station. Names default to C-01, C-02, ..."""

    kind: KindName = "Type2"
    charge_kw: Power = 11.0
    discharge_kw: Power = 0.0
    count: int = Field(1, ge=1, le=100_000)
    name: str | None = None

    @model_validator(mode="after")
    def _one_name(self):
        if self.name is not None and self.count != 1:
            raise ValueError("a named connector has count = 1")
        return self


class StationSpec(Part):
    """`count` equal stations, each of which carries up to `max_kw` for all of its connectors. Names
    default to S-01, S-02, ..."""

    name: str | None = None
    count: int = Field(1, ge=1, le=100_000)
    ocpp: OcppName = "2.0.1"
    max_kw: Power | None = None
    connectors: list[ConnectorSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_name(self):
        if self.count != 1 and (self.name or any(c.name for c in self.connectors)):
            raise ValueError("a named station, or one with named connectors, has count = 1")
        return self


class ZoneSpec(Part):
    """A part of the site with its own limits, strategy and feeder (default: the site's)."""

    name: str
    strategy: StrategyName | None = None
    import_limit_kw: Power | None = None
    export_limit_kw: Power | None = None
    feeder: str | None = None
    pv_kwp: Power = 0.0
    wind_kw: Power = 0.0
    stations: list[StationSpec] = []


class Site(Part):
    """The site. Its own PV and wind stand outside the zones; panels are all tilted alike, by
    degrees from the horizontal and clockwise from north."""

    layout: Literal["depot", "wings"] = "depot"
    pv_kwp: Power = 0.0
    wind_kw: Power = 0.0
    pv_tilt_deg: Annotated[float, Field(ge=0, le=90)] = 30.0
    pv_azimuth_deg: Annotated[float, Field(ge=0, le=360)] = 180.0
    zones: list[ZoneSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self):
        named = {
            "zone": [z.name for z in self.zones],
            "station": [s.name for z in self.zones for s in z.stations if s.name],
            "connector": [c.name for z in self.zones for s in z.stations
                          for c in s.connectors if c.name],
        }
        for what, names in named.items():
            twice = [name for name in names if names.count(name) > 1]
            if twice:
                raise ValueError(f"two {what}s are named {twice[0]!r}")
        return self
