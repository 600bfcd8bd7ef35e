"""What a command that is being typed would change in the next hours, found a little in each frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model import Model
from sim.remark_commands import Remark
from sim.timing import HOUR_S
from sim.training.comparison import Ahead, Ghosts

AHEAD_S, PATIENCE_S, SLICE_S = 2 * HOUR_S, 0.25, 300.0


class Foresight:
    """Looks ahead at the command of `ask`, once it has been the same for PATIENCE_S. `ahead` is what is
    known, None until all of it is."""

    def __init__(self):
        self.ahead: Ahead | None = None
        self._asked: tuple | None = None
        self._waited_s = 0.0
        self._ghosts: Ghosts | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None and self.ahead is None

    def ask(self, model: Model, command) -> None:
        """The command that stands there now, or None."""
        if isinstance(command, Remark) or not hasattr(command, "check"):
            command = None
        asked = command and (id(model), command)
        if asked != self._asked:
            self._asked, self._waited_s = asked, 0.0
            self.ahead = self._ghosts = None

    def go_on(self, model: Model, real_dt_s: float, budget_s: float, wall: Callable[[], float]) -> bool:
        """Look further, for about `budget_s` of wall time; whether the answer has just come."""
        if not self.busy:
            return False
        self._waited_s += real_dt_s
        if self._waited_s < PATIENCE_S:
            return False
        if self._ghosts is None:
            self._ghosts = Ghosts(model, self._asked[1], AHEAD_S)
            return False
        began = wall()
        while not self._ghosts.go_on(SLICE_S):
            if wall() - began >= budget_s:
                return False
        self.ahead, self._ghosts = self._ghosts.ahead, None
        return True


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
