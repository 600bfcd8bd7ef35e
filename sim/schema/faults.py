"""How often connectors break down by themselves, as a scenario gives it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.schema.fields import Part, Seconds


class Faults(Part):
    """`mtbf`: mean time between the faults of a connector, from repair to fault; `mttr`: mean time
    to repair (a technician comes within 24 to 48 h [Electrification Institute])."""

    mtbf: Annotated[Seconds, Field(ge=60.0)]
    mttr: Annotated[Seconds, Field(ge=60.0)] = 36 * 3600.0
