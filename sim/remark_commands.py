"""Commands that change nothing of what happens: what a person noticed, asked or noted.

They stand in the command log, so that a run that is repeated has them too and whoever judges it knows
them, and nowhere else: neither columns nor events nor what the meter adds up know of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from sim.command_parts import CommandBase
from sim.orders import INSTRUCTOR
from sim.timing import parse_duration

if TYPE_CHECKING:
    from sim.model import Model


class Remark(CommandBase):
    """Their base."""

    def check(self, model: Model) -> str | None:
        return None

    def apply(self, model: Model) -> None:
        pass


class AcknowledgeAlarm(Remark):
    """Take note of an alarm, by its key, or of all (see sim.alarms)."""

    kind: Literal["acknowledge_alarm"] = "acknowledge_alarm"
    alarm: str | None = None


class ShelveAlarm(Remark):
    """Put an alarm aside for a while."""

    kind: Literal["shelve_alarm"] = "shelve_alarm"
    alarm: str
    duration: str | float

    @field_validator("duration")
    @classmethod
    def _positive(cls, value: str | float) -> str | float:
        if parse_duration(value) <= 0:
            raise ValueError("expected a duration above 0")
        return value


class UnshelveAlarm(Remark):
    """Take a shelved alarm up again."""

    kind: Literal["unshelve_alarm"] = "unshelve_alarm"
    alarm: str


ON_ALARMS = (AcknowledgeAlarm, ShelveAlarm, UnshelveAlarm)
"""What a person does about an alarm itself: its record, and the score for it, change."""


class TakeHint(Remark):
    """Buy the next hint of an exercise."""

    kind: Literal["take_hint"] = "take_hint"

    def check(self, model: Model) -> str | None:
        training = model.scenario.training
        if training is None or not training.hints:
            return "the scenario has no hints"
        taken = sum(entry["command"]["kind"] == self.kind for entry in model.commands)
        return None if taken < len(training.hints) else "no more hints"


class TickItem(Remark):
    """Tick an item of an exercise's checklist, or take the tick back."""

    kind: Literal["tick_item"] = "tick_item"
    item: int = Field(ge=1)
    done: bool = True

    def check(self, model: Model) -> str | None:
        training = model.scenario.training
        items = 0 if training is None else len(training.checklist)
        return None if self.item <= items else f"the checklist has {items} items"


class Annotate(Remark):
    """A note for the debrief."""

    kind: Literal["annotate"] = "annotate"
    text: str = Field(min_length=1, max_length=500)


class TakeOver(Remark):
    """The instructor has the controls from now on: who trains is refused (see `taken_over`)."""

    kind: Literal["take_over"] = "take_over"

    def check(self, model: Model) -> str | None:
        return "the instructor has the controls already" if taken_over(model.commands) else None


class GiveBack(Remark):
    """The trainee has the controls again."""

    kind: Literal["give_back"] = "give_back"

    def check(self, model: Model) -> str | None:
        return None if taken_over(model.commands) else "the trainee has the controls"


def remark_kinds() -> frozenset[str]:
    """The kinds of commands that change nothing."""
    return frozenset(kind.model_fields["kind"].default for kind in Remark.__subclasses__())


def taken_over(commands: list[dict]) -> bool:
    """Whether by a command log the instructor has the controls."""
    for entry in reversed(commands):
        if entry["source"] == INSTRUCTOR and entry["command"]["kind"] in ("take_over", "give_back"):
            return entry["command"]["kind"] == "take_over"
    return False
