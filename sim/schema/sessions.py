"""Where a scenario's sessions come from: recorded, listed, generated, or nowhere."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field

from sim.schema.fields import Part, Share


class NoSessions(Part):
    kind: Literal["none"] = "none"


class RecordedSessions(Part):
    """ACN-Data as CSV or API JSON. Batteries are not recorded: each vehicle has `capacity_kwh`
    (larger if the session needs it) and leaves full when it gets its energy (priors)."""

    kind: Literal["recorded"]
    file: str
    energy: Literal["delivered", "requested"] = "delivered"
    capacity_kwh: Annotated[float, Field(gt=0)] = 60.0
    max_charge_kw: Annotated[float, Field(gt=0)] = 6.656


class ListedSessions(Part):
    """Our own CSV; the README documents its columns."""

    kind: Literal["listed"]
    file: str


class ModelShare(Part):
    model: str
    share: Annotated[float, Field(ge=1e-6, le=1e6)] = 1.0


class SessionGroup(Part):
    """Vehicles that come once a day for as many days as the scenario lasts."""

    use_case: Literal["private", "public", "workplace", "depot"]
    vehicles: int = Field(ge=1, le=1_000_000)
    zone: str | None = None
    prefix: str = "EV"
    models: list[ModelShare] = Field(min_length=1)
    target_soc: Share = 0.9


class GeneratedSessions(Part):
    """Arrival, stay and energy drawn jointly from the fleet's use cases."""

    kind: Literal["generated"]
    groups: list[SessionGroup] = Field(min_length=1)


Sessions = Annotated[Union[NoSessions, RecordedSessions, ListedSessions, GeneratedSessions],
                     Field(discriminator="kind")]
