"""The panel that names every limit that is exceeded now: of zones, site and three-phase network."""

from __future__ import annotations

from entities.components import NONE
from game.ui.notes import NOTE_HEIGHT
from game.ui.theme import BODY, MARGIN, PADDING
from game.ui.widgets import Brush
from game.ui.words import number, pretty
from sim.meter import TOLERANCE_KW

ROW = 22.0
MOST = 4


def words(model, t_s: float) -> tuple[str, ...]:
    """What is exceeded at `t_s`, from the last event to the next; () where all is kept."""
    found = [] if model.phases is None else [
        f"{name} at {number(amps, 0)} A, limit {number(limit, 0)} A"
        for name, amps, limit in model.phases.exceeded(t_s)]
    for (zone, direction), excess in model.meter.excess.items():
        kw = model.meter.net_kw(t_s, zone) * (1.0 if direction == "import" else -1.0)
        if kw > excess.limit_kw + TOLERANCE_KW:
            where = "Site" if zone == NONE else pretty(model.world.zone.names[zone])
            found.append(f"{where} {direction} at {number(kw, 0)} kW, "
                         f"limit {number(excess.limit_kw, 0)} kW")
    more = len(found) - MOST
    return tuple(found) if more <= 0 else (*found[:MOST - 1], f"and {more + 1} more limits")


def rect(brush: Brush, size: tuple[int, int],
         alarms: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Where the panel lies: at the left edge, above legend and message."""
    px = brush.theme.px
    width = max(brush.width(text, BODY) for text in alarms) + px(2 * PADDING + 18.0)
    height = px(ROW * len(alarms) + 8.0)
    bottom = size[1] - px(MARGIN + 2.0 * (NOTE_HEIGHT + 8.0))
    return px(MARGIN), bottom - height, min(width, size[0] - px(2 * MARGIN)), height


def draw(brush: Brush, size: tuple[int, int], alarms: tuple[str, ...]) -> None:
    """Draw it."""
    px = brush.theme.px
    left, top, width, _ = area = rect(brush, size, alarms)
    with brush.panel("alarms", area, "card"):
        for k, text in enumerate(alarms):
            base = top + px(4.0 + ROW * k)
            brush.mark(left + px(PADDING + 5.0), base + px(11.0), "fault")
            brush.text(left + px(PADDING + 18.0), base + px(16.0), text, BODY, "fault",
                       room=width - px(2 * PADDING + 18.0))
