"""An exercise as a scenario gives it: briefing, objectives, pass mark, hints, checklist, tutorial.

Objectives share out points by weight; what goes wrong takes points away, each at its instant (see
sim.training.score). Whatever the weights add up to counts as 100.
"""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field, model_validator

from sim.schema.fields import Part, Power, Seconds
from sim.timed_commands import ConditionText

Weight = Annotated[float, Field(gt=0, le=1e6)]
Rate = Annotated[float, Field(ge=0, le=1e6)]
Level = Literal["urgent", "high", "low"]


class Objective(Part):
    """What all have: points by `weight`, and a title."""

    title: str = ""
    weight: Weight


class KeepLimits(Objective):
    """Weighted time outside limits: points for each minute in which a limit of site, a zone or the network
    is exceeded, a transformer is above its rating or hot-spot limit, the hub's stress is high or an
    emergency, frequency is outside its normal band."""

    kind: Literal["limits"]
    limit_per_minute: Rate = 1.0
    transformer_per_minute: Rate = 0.0
    high_per_minute: Rate = 0.0
    emergency_per_minute: Rate = 0.0
    frequency_per_minute: Rate = 0.0


class ServeVehicles(Objective):
    """Points for each kWh (battery-side) that is missing at departures, beyond `free_kwh`."""

    kind: Literal["unserved"]
    per_kwh: Rate
    free_kwh: Rate = 0.0


class KeepCost(Objective):
    """What the run cost by the measure of `voltyard optimum`, against the optimum: all points up to `free`
    above it, none from `none_at` on; the scenario's currency."""

    kind: Literal["cost"]
    free: Rate = 0.0
    none_at: Annotated[float, Field(gt=0, le=1e9)]

    @model_validator(mode="after")
    def _ascend(self):
        if self.free >= self.none_at:
            raise ValueError("none_at has to be above free")
        return self


class KeepCommitment(Objective):
    """Vehicles feed at least `kw` on average of every control interval from `begin` to `end` (TIMEs); points
    for each kWh less."""

    kind: Literal["commitment"]
    kw: Annotated[Power, Field(gt=0)]
    begin: str
    end: str
    per_kwh: Rate


class SpareBatteries(Objective):
    """Points for wear of what V2G takes, by what decisions count with: by unit of currency beyond `free`."""

    kind: Literal["wear"]
    free: Rate = 0.0
    per_unit: Rate


class HandleAlarms(Objective):
    """Points for each alarm of that priority or a more urgent one that is neither acknowledged nor shelved
    nor over `within` that time from when it asked."""

    kind: Literal["alarms"]
    within: Seconds
    priority: Level = "high"
    per_alarm: Rate


AnyObjective = Annotated[
    Union[KeepLimits, ServeVehicles, KeepCost, KeepCommitment, SpareBatteries, HandleAlarms],
    Field(discriminator="kind")]


class Hint(Part):
    """One step of the ladder of hints; `price` in points of 100."""

    text: str
    price: Annotated[float, Field(ge=0, le=100)] = 0.0


class Step(Part):
    """A step of a tutorial, done when all that it names has come since the step before: a command of that
    kind in the log, an event of that kind, that clock time (TIME), a condition as injects have them."""

    text: str
    command: str | None = None
    event: str | None = None
    at: str | float | None = None
    when: ConditionText | None = None

    @model_validator(mode="after")
    def _names_something(self):
        if all(value is None for value in (self.command, self.event, self.at, self.when)):
            raise ValueError("expected one of command, event, at and when")
        return self


class Training(Part):
    """The table `training` of a scenario; `speed` is what the window begins with, simulated seconds a second."""

    briefing: str
    pass_mark: Annotated[float, Field(ge=0, le=100)] = 70.0
    speed: Annotated[float, Field(ge=1, le=3600)] | None = None
    objectives: list[AnyObjective] = Field(min_length=1)
    hints: list[Hint] = []
    checklist: list[str] = []
    steps: list[Step] = []
