"""What a panel is, and the simplest kind: rows of a label and a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from game.look import Look
from game.ui.frames import Frames
from game.ui.rows import Row
from game.ui.theme import PADDING
from game.ui.widgets import Brush
from sim.alarms import Alarms

PITCH, FOOT, LEAST = 20.0, 6.0, 66.0
Area = tuple[float, float, float, float]


class Moment(NamedTuple):
    """What a panel is worked out from: the model at `t_s`, what is selected ((kind, row) or None),
    how the picture is shown, and what the app measured of itself; the branches, the exercise and the
    debrief, where there are any."""

    model: object
    t_s: float
    selected: tuple[str, int] | None
    look: Look
    alerts: Alarms
    frames: Frames
    branching: object = None
    exercise: object = None
    instructing: bool = False
    debriefing: object = None


class Panel:
    """One panel. `work_out` looks at the model, at most a few times a second; `draw` only draws.
    Heights are unscaled pixels without the heading; 0 means that there is nothing to show."""

    key = title = ""
    fits = False
    """Whether it makes do with less room than its height; if not, its body scrolls there."""
    rest = 1
    """It is worked out at each refresh of so many: more where that takes long in a large fleet."""

    def work_out(self, moment: Moment) -> None:
        """Look up what is to be shown."""

    def height(self) -> float:
        """How high the body is."""
        raise NotImplementedError

    def content(self) -> float:
        """How high all that it has is; where that is more than its height, the body scrolls."""
        return self.height()

    def least(self) -> float:
        """The least height in which the body is of use."""
        return min(self.height(), LEAST)

    def draw(self, brush: Brush, area: Area, actions) -> None:
        """Draw the body into `area` (x, y, width, height; pixels)."""
        raise NotImplementedError


class Rows(Panel):
    """Rows that a function of (model, t_s) gives."""

    def __init__(self, key: str, title: str, find: Callable[[object, float], Sequence[Row]],
                 rest: int = 1):
        self.key, self.title, self.find, self.rest = key, title, find, rest
        self.rows: Sequence[Row] = ()

    def work_out(self, moment: Moment) -> None:
        self.rows = self.find(moment.model, moment.t_s)

    def height(self) -> float:
        return PITCH * len(self.rows) + FOOT if self.rows else 0.0

    def draw(self, brush: Brush, area: Area, actions) -> None:
        draw_rows(brush, area, self.rows)


def draw_rows(brush: Brush, area: Area, rows: Sequence[Row]) -> None:
    """Rows from the top of `area` down."""
    px, (x, y, width, _) = brush.theme.px, area
    for k, row in enumerate(rows):
        brush.row(x + px(PADDING), x + width - px(PADDING), y + px(PITCH * k + 15.0), row)


