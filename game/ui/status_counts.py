"""How many connectors are in each OCPP status: a mark, a bar and a number each."""

from __future__ import annotations

import numpy as np

from entities.components import Status
from game.ui.panel import FOOT, PITCH, Area, Moment, Panel
from game.ui.status_marks import FEEDING, TONES
from game.ui.theme import PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import number
from sim.connectors import STATUS_NAMES, reported

NAME, COUNT = 118.0, 44.0


def status_counts(world, t_s: float) -> list[tuple[int, int]]:
    """Statuses that occur (codes of Status, or FEEDING where a vehicle feeds the grid) and how many
    connectors report each at `t_s`."""
    rows = world.connector.rows()
    status = reported(world, rows, t_s)
    guest = world.connector.vehicle[rows]
    feeds = (status == Status.CHARGING) & (guest >= 0) & (world.vehicle.power0_kw[guest] < 0.0)
    counts = np.bincount(np.where(feeds, FEEDING, status), minlength=FEEDING + 1)
    return [(code, int(counts[code])) for code in (*Status, FEEDING) if counts[code]]


class StatusCounts(Panel):
    """Connectors by status."""

    key, title = "statuses", "Connectors by status"

    def __init__(self):
        self.counts: list[tuple[int, int]] = []

    def work_out(self, moment: Moment) -> None:
        self.counts = status_counts(moment.model.world, moment.t_s)

    def height(self) -> float:
        return PITCH * len(self.counts) + FOOT if self.counts else 0.0

    def draw(self, brush: Brush, area: Area, actions) -> None:
        px, (x, y, width, _) = brush.theme.px, area
        most = max(count for _, count in self.counts)
        left, right = x + px(PADDING + 16 + NAME), x + width - px(PADDING + COUNT)
        for k, (code, count) in enumerate(self.counts):
            base = y + px(PITCH * k + 15.0)
            brush.mark(x + px(PADDING + 5), base - px(5), f"ocpp {int(code)}")
            name = "Charging, feeds" if code == FEEDING else STATUS_NAMES[Status(code)]
            brush.text(x + px(PADDING + 16), base, name, SMALL, "quiet")
            brush.box(left, base - px(8), left + (right - left) * count / most, base - px(2), TONES[code])
            brush.text(x + width - px(PADDING), base, number(count, 0), SMALL, right=True)
