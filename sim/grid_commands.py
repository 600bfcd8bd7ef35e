"""Commands about feeders: what their transformers and lines may suffer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.command_parts import CommandBase, Lasting

if TYPE_CHECKING:
    from sim.model import Model

NO_FEEDER = "the scenario has no feeder"


class TripTransformer(Lasting):
    """A feeder's transformer trips: all behind it are without supply, for a while or until it is
    switched on."""

    kind: Literal["trip_transformer"] = "trip_transformer"
    feeder: str | None = None

    def check(self, model: Model) -> str | None:
        refusal = _unclear(model, self.feeder) or self.over(model)
        if refusal is None and model.world.feeder.tripped.item(_row(model, self.feeder)):
            return "it has tripped already"
        return refusal

    def apply(self, model: Model) -> None:
        model.outages.trip(_row(model, self.feeder), True, self.ends_s(model))


class CloseTransformer(CommandBase):
    """A transformer that has tripped is switched on again."""

    kind: Literal["close_transformer"] = "close_transformer"
    feeder: str | None = None

    def check(self, model: Model) -> str | None:
        refusal = _unclear(model, self.feeder)
        if refusal is None and not model.world.feeder.tripped.item(_row(model, self.feeder)):
            return "it has not tripped"
        return refusal

    def apply(self, model: Model) -> None:
        model.outages.trip(_row(model, self.feeder), False)


class DerateTransformer(Lasting):
    """A transformer may carry only a share of its rating, as with a broken fan; 100 % is all of it."""

    kind: Literal["derate_transformer"] = "derate_transformer"
    feeder: str | None = None
    percent: Annotated[float, Field(ge=1, le=100)]

    def check(self, model: Model) -> str | None:
        return _unclear(model, self.feeder) or self.over(model)

    def apply(self, model: Model) -> None:
        model.outages.derate(_row(model, self.feeder), self.percent / 100.0, self.ends_s(model))


class LineOutage(Lasting):
    """A line of a feeder is out; what only it feeds is without supply."""

    kind: Literal["line_outage"] = "line_outage"
    line: str
    feeder: str | None = None

    def check(self, model: Model) -> str | None:
        return (_unclear_line(model, self.line, self.feeder, out=False) or self.over(model))

    def apply(self, model: Model) -> None:
        feeder, line = model.grid.supply.lines(self.line, self.feeder)[0]
        model.outages.line(feeder, line, False, self.ends_s(model))


class LineBack(CommandBase):
    """A line that was out is back."""

    kind: Literal["line_back"] = "line_back"
    line: str
    feeder: str | None = None

    def check(self, model: Model) -> str | None:
        return _unclear_line(model, self.line, self.feeder, out=True)

    def apply(self, model: Model) -> None:
        model.outages.line(*model.grid.supply.lines(self.line, self.feeder)[0], True)


def _row(model: Model, feeder: str | None) -> int:
    return 0 if feeder is None else model.world.feeder.find(feeder)


def _unclear(model: Model, feeder: str | None) -> str | None:
    """Why it is not clear which feeder is meant, or None."""
    names = model.world.feeder.names
    if not names:
        return NO_FEEDER
    if feeder is None:
        return None if len(names) == 1 else f"which feeder: {', '.join(names)}?"
    return None if feeder in names else f"no feeder {feeder!r}"


def _unclear_line(model: Model, line: str, feeder: str | None, out: bool) -> str | None:
    if not len(model.world.feeder):
        return NO_FEEDER
    if feeder is not None and model.world.feeder.find(feeder) is None:
        return f"no feeder {feeder!r}"
    found = model.grid.supply.lines(line, feeder)
    if not found:
        return f"no line {line!r}"
    if len(found) > 1:
        return f"which feeder has the line {line}: {', '.join(model.world.feeder.names[k] for k, _ in found)}?"
    k, row = found[0]
    if model.grid.supply.closed[k].item(row) == out:
        return f"{line} is not out" if out else f"{line} is out already"
    return None
