"""One alarm: a spell of a cause that needs a person, and what it is in (ISA-18.2, figure 7): active and not
yet acknowledged; active and acknowledged; over and not yet acknowledged; shelved, out of sight for a while;
normal, which is no alarm."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Priority(IntEnum):
    """The lower the more urgent."""

    URGENT = 0
    HIGH = 1
    LOW = 2


class Nature(StrEnum):
    """What an alarm is, by which it is coloured wherever it is drawn. How urgent it is, is another matter."""

    FAULT = "fault"
    """Broken, without supply, or beyond a limit."""
    WARNING = "warning"
    """Near a limit, or not known."""
    NOTICE = "notice"
    """People have to wait."""


class State(StrEnum):
    """What an alarm is in."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "over, unacknowledged"
    SHELVED = "shelved"
    NORMAL = "normal"


@dataclass
class Alarm:
    """One spell of a cause. `target` is (kind, name) of what it is about (a session stands for its
    vehicle), None where nothing in the scene is; `broken` that it stands for something that is; `asks_s` since when it asks to be acknowledged,
    `acknowledged_s` when it was, `noticed_s` when that was or it was shelved, `ended_s` when it passed,
    `shelved_until_s` until when it is aside."""

    key: str
    priority: Priority
    since_s: float
    source: str
    text: str
    target: tuple[str, str] | None = None
    broken: bool = False
    ended_s: float | None = None
    asks_s: float = field(default=0.0)
    acknowledged_s: float | None = None
    noticed_s: float | None = None
    shelved_until_s: float | None = None

    def __post_init__(self):
        self.asks_s = self.since_s

    @property
    def active(self) -> bool:
        return self.ended_s is None

    @property
    def acknowledged(self) -> bool:
        return self.acknowledged_s is not None

    @property
    def nature(self) -> Nature:
        if self.broken or self.priority == Priority.URGENT:
            return Nature.FAULT
        return Nature.WARNING if self.priority == Priority.HIGH else Nature.NOTICE

    @property
    def state(self) -> State:
        if self.shelved_until_s is not None:
            return State.SHELVED
        if self.active:
            return State.ACKNOWLEDGED if self.acknowledged else State.UNACKNOWLEDGED
        return State.NORMAL if self.acknowledged else State.RETURNED
