"""What a command that is being typed would change in the next hours, found a little in each frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model import Model
from sim.remark_commands import Remark
from sim.timing import HOUR_S
from sim.training.comparison import Ahead, Ghosts, Usual

AHEAD_S, PATIENCE_S, SLICE_S = 2 * HOUR_S, 0.2, 60.0
TYPING_BUDGET_S = 0.01


class Foresight:
    """Looks ahead at the command of `ask`, once it has been the same for PATIENCE_S. `ahead` is what is
    known, None until all of it is. What comes without any command is looked for from when `ask` is told that
    somebody is about to command, so that half of the answer is there before the question."""

    def __init__(self):
        self.ahead: Ahead | None = None
        self._asked: tuple | None = None
        self._waited_s = 0.0
        self._ghosts: Ghosts | None = None
        self._usual: Usual | None = None
        self._expecting = False

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None and self.ahead is None

    def ask(self, model: Model, command, expecting: bool = True) -> None:
        """The command that stands there now, or None; `expecting` says that one may soon. Asked anew once
        another has been given."""
        self._expecting = expecting
        if isinstance(command, Remark) or not hasattr(command, "check"):
            command = None
        asked = command and (id(model), len(model.commands), command)
        if asked != self._asked:
            self._asked, self._waited_s = asked, 0.0
            self.ahead = self._ghosts = None

    def go_on(self, model: Model, real_dt_s: float, budget_s: float, wall: Callable[[], float]) -> bool:
        """Look further, for about `budget_s` of wall time, less while there is no command to answer; whether
        the answer has just come."""
        if not self._expecting:
            self._usual = self._ghosts = None
            return False
        if self._ghosts is None and (self._usual is None or not self._usual.still_of(model)):
            self._usual = Usual(model)
        self._waited_s += real_dt_s
        asked = self.busy and self._waited_s >= PATIENCE_S
        if asked and self._ghosts is None:
            self._ghosts = Ghosts(model, self._asked[-1], AHEAD_S, self._usual)
        until_s = min(model.now_s + AHEAD_S, model.duration_s)
        until = wall() + (budget_s if asked else min(budget_s, TYPING_BUDGET_S))
        while not (self._ghosts.go_on(SLICE_S) if asked else self._usual.go_on(until_s, SLICE_S)):
            if wall() >= until:
                return False
        if asked:
            self.ahead, self._ghosts = self._ghosts.ahead, None
        return asked


def sums(difference) -> list[tuple[str, float, str]]:
    """What differs over a stretch: (words, other less one, unit); units of money are empty."""
    if not len(difference.t_s):
        return []
    last = {name: float(values[-1]) for name, values in difference.apart.items()}
    peak = float(difference.other["net_kw"].max() - difference.one["net_kw"].max())
    rows = [("peak power", peak, "kW"), ("spent", last["spent"], "money"),
            ("not served", last["missing_kwh"], "kWh"), ("V2G wear", last["v2g_wear"], "money")]
    stress = [np.nan_to_num(side["stress"]).max() for side in (difference.one, difference.other)]
    return [*rows[:1], ("worst stress", float(stress[1] - stress[0]), ""), *rows[1:]]
