"""The legend: what the scene's signs and colours mean, by overlay and view. An overlay goes before the
view."""

from __future__ import annotations

from typing import NamedTuple

from game.look import Look, Overlay, View
from game.ui.facts import SiteFacts
from game.ui.status_marks import FEEDING
from game.ui.theme import MARGIN, PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import number
from sim.connectors import STATUS_NAMES

HINT = "F1  help"
HEIGHT, ROW = 28.0, 22.0
LOWEST = 450.0  # a lower picture has no room for the legend
GAUGE = 96.0


class Entry(NamedTuple):
    """A mark of `Brush.mark` with its words; "gauge" is the price within the tariff's own range. Without
    a mark the words are a heading, or `quiet`."""

    mark: str
    words: str
    quiet: bool = False


READY = Entry("ready", "ready, can feed")
SIGNS = (Entry("feed", "feeds the grid"), Entry("charge", "charges"), Entry("wait", "standby"), READY,
         Entry("queue", "queued"), Entry("closed", "out of service"), Entry("fault", "faulted"))


def _steps(heading: str, *words: str) -> tuple[Entry, ...]:
    """An overlay's four colours from low to high, with the limits of assets/shaders/overlay.glsl."""
    return Entry("", heading), *(Entry(f"step {k}", text) for k, text in enumerate(words))


OVERLAYS = {
    Overlay.FLOW: (Entry("", "Power, kW"), Entry("feed", "− feeds the grid"), Entry("charge", "+ charges"),
                   Entry("none", "no power"), Entry("", "more power: brighter, wider, longer bar", True)),
    Overlay.SOC: (*_steps("State of charge, %", "below 20", "20 to 50", "50 to 80", "80 and more"),
                  Entry("", "stroke: wanted at departure", True)),
    Overlay.LOAD: (*_steps("Load of stations, kW", "idle", "below its share", "about equal", "above"),
                   Entry("", "stroke: an equal share of its zone", True)),
    Overlay.VOLTAGE: (*_steps("Voltage, pu", "below 0.94", "0.94 to 0.97", "0.97 to 1.03", "above 1.03"),
                      Entry("fault", "0 no supply"), Entry("unknown", "– on no feeder"),
                      Entry("", "stroke: nominal", True)),
    Overlay.HEALTH: (*_steps("State of health, %", "below 80", "80 to 90", "90 to 95", "95 and more"),
                     Entry("unknown", "– unknown"), Entry("hexagon", "NMC"), Entry("triangle", "NCA"),
                     Entry("square", "LFP")),
    Overlay.CONNECTIVITY: (Entry("", "Connection to the CSMS"), Entry("linked", "online"),
                           Entry("broken", "offline: works by itself, takes no commands")),
}
VIEWS = {
    View.OCPP: (*(Entry(f"ocpp {int(status)}", name) for status, name in STATUS_NAMES.items()),
                Entry(f"ocpp {FEEDING}", "Charging, feeds")),
    View.V2G: (*SIGNS, Entry("", "bodies: coloured feeds, light could, dark cannot", True)),
    View.PERFORMANCE: (Entry("", "Level of detail"), Entry("step 3", "full body"), Entry("step 1", "simple body")),
}


def entries(look: Look, site: SiteFacts | None) -> tuple[Entry, ...]:
    """What the legend says, in order; of being ready where somebody is. Without a site (and without the price overlay)
    all that a view may say."""
    if look.overlay == Overlay.PRICE:
        low, high = site.price_range
        span = f"{number(low, 3)} to {number(high, 3)}" if high > low else "one price"
        return (Entry("", f"Price now {site.price_buy}"), Entry("gauge", f"tariff: {span}"),
                Entry("feed", f"+ earns at {site.price_sell}"), Entry("charge", f"− pays at {site.price_buy}"),
                Entry("none", "no power"), Entry("", f"numbers: {site.price_unit.split('/')[0]}/h", True))
    if look.overlay:
        return OVERLAYS[look.overlay]
    found = VIEWS.get(look.view, SIGNS)
    return found if site is None or site.ready else tuple(entry for entry in found if entry != READY)


def _width(brush: Brush, entry: Entry) -> float:
    px, words = brush.theme.px, brush.width(entry.words, SMALL, not entry.mark and not entry.quiet)
    return words + px({"": 18.0, "gauge": GAUGE + 22.0}.get(entry.mark, 34.0))


def _lines(brush: Brush, size: tuple[int, int], look: Look,
           site: SiteFacts | None) -> list[list[tuple[Entry, float]]]:
    """Entries and widths, broken into the lines that fit; the last entry is the hint."""
    px = brush.theme.px
    room, lines, used = size[0] - px(2 * MARGIN + 2 * PADDING), [[]], 0.0
    for entry in (*entries(look, site), Entry("hint", HINT)):
        wide = brush.width(HINT, SMALL) if entry.mark == "hint" else _width(brush, entry)
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        lines[-1].append((entry, wide))
        used += wide
    return lines


def rect(brush: Brush, size: tuple[int, int], look: Look,
         site: SiteFacts | None) -> tuple[float, float, float, float]:
    """Where the legend lies in a picture of `size` pixels: at the bottom, of one line, or of more
    where the picture is too narrow for it."""
    px = brush.theme.px
    lines = _lines(brush, size, look, site)
    width = max(sum(wide for _, wide in line) for line in lines) + px(2 * PADDING)
    high = px(HEIGHT + ROW * (len(lines) - 1))
    return px(MARGIN), size[1] - px(MARGIN) - high, width, high


def draw(brush: Brush, size: tuple[int, int], actions, look: Look, site: SiteFacts) -> None:
    """Draw it; `actions` has toggle_help()."""
    px = brush.theme.px
    area = rect(brush, size, look, site)
    with brush.panel("legend", area):
        y = area[1]
        for line in _lines(brush, size, look, site):
            x = area[0] + px(PADDING)
            for entry, wide in line:
                base = y + px(18)
                if entry.mark == "hint":
                    if brush.button("help", (x - px(6), y + px(4), wide + px(12), px(20))):
                        actions.toggle_help()
                    brush.text(x, base, entry.words, SMALL, "quiet")
                elif entry.mark == "gauge":
                    _gauge(brush, x, y + px(14), site)
                    brush.text(x + px(GAUGE + 6), base, entry.words, SMALL, "quiet")
                elif not entry.mark:
                    brush.text(x, base, entry.words, SMALL, "quiet" if entry.quiet else "text",
                               bold=not entry.quiet)
                else:
                    brush.mark(x + px(5), y + px(14), entry.mark)
                    brush.text(x + px(16), base, entry.words, SMALL)
                x += wide
            y += px(ROW)


def _gauge(brush: Brush, x: float, y: float, site: SiteFacts) -> None:
    """The tariff's range as a track, and where in it the price is."""
    px, (low, high) = brush.theme.px, site.price_range
    share = min(max((site.price_now - low) / (high - low), 0.0), 1.0) if high > low else 0.5
    brush.box(x, y - px(3), x + px(GAUGE), y + px(3), "track", px(3))
    brush.box(x, y - px(3), x + px(GAUGE) * share, y + px(3), "quiet", px(3))
    at = x + px(GAUGE) * share
    brush.line(at, y - px(7), at, y + px(7), "text", 2.0)
