"""The panel that names what is wrong with the grid now: limits of zones, site and three-phase network
that are exceeded, transformers too full or too hot, feeders without a solution, grid stress."""

from __future__ import annotations

from entities.components import NONE
from game.ui.notes import NOTE_HEIGHT
from game.ui.theme import BODY, MARGIN, PADDING
from game.ui.widgets import Brush
from game.ui.words import number, pretty
from sim.grid.stress import HOT_SPOT_LIMIT_C, Level, LimitedBy
from sim.meter import TOLERANCE_KW

ROW = 22.0
MOST = 4
UNNAMED = (LimitedBy.VOLTAGE, LimitedBy.LINE)


def words(model, t_s: float) -> tuple[str, ...]:
    """What is exceeded at `t_s`, from the last event to the next, what feeders show as of the last
    control tick among it; () where all is kept."""
    found = _grid_words(model)
    found += [] if model.phases is None else [
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


def _grid_words(model) -> list[str]:
    """What is wrong with feeders, the worst first.

    An emergency of the grid is named unless what makes it stands here by itself anyway; a
    three-phase limit does once it is exceeded (at its limit it is full, and kept).
    """
    feeder, hub, found = model.world.feeder, model.world.hub, []
    for row in feeder.rows().tolist():
        name, full, hot = feeder.names[row], feeder.loading_pct.item(row), feeder.hot_spot_c.item(row)
        if not feeder.converged.item(row):
            found.append(f"{name}: power flow without solution, the feeder cannot carry its load")
        if full > 100.0:
            found.append(f"{name}: transformer at {number(full, 0)} % of its rating")
        if hot > HOT_SPOT_LIMIT_C:
            found.append(f"{name}: hot-spot at {number(hot, 0)} °C, limit {number(HOT_SPOT_LIMIT_C, 0)} °C")
    if hub.stress_level.item(0) == Level.EMERGENCY and hub.stress_by.item(0) in UNNAMED:
        found.append(f"Grid stress emergency, {model.grid.words['hub']}")
    return found


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
