"""The chart of `voltyard battery --plot`: fade by cause, SoC and temperature over the recording.

Drawn with Pillow at twice the size and scaled down, which smooths the lines; text is drawn
afterwards at full size. Lines are named where they end, in their own colour.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from game.film.still import write_png
from game.palette import PALETTES, Color
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.log import Lived, Log

SIZE = (1280, 800)
LEFT, RIGHT, TOP, BOTTOM, BETWEEN = 84, 1096, 104, 752, 44
HEIGHTS = (0.5, 0.25, 0.25)
SMOOTH = 2
PALETTE = PALETTES["standard"]
TEXT, QUIET, WARN = PALETTE.text, PALETTE.quiet, PALETTE.standby
LABEL_PX = 20


def draw(path: Path, cell: Cell, log: Log, lived: Lived, facts: dict) -> None:
    """Write the chart as PNG."""
    chart = _Chart(log.hours / 24.0)
    ends = np.cumsum([0.0, *(day.hours / 24.0 for day in lived.days)])
    first = lived.states[0]
    calendar, fade = (np.array([100.0 * float(getattr(s, name)[0] - getattr(first, name)[0])
                                for s in lived.states]) for name in ("calendar", "fade"))
    hourly = np.arange(log.hours + 1) / 24.0
    chart.panel("Capacity lost over the recording, % of new", 0.0, None, [
        ("total", ends, fade, TEXT), ("calendar", ends, calendar, PALETTE.from_grid),
        ("cycling", ends, fade - calendar, PALETTE.to_grid)])
    chart.panel("State of charge, %", 0.0, 100.0, [
        ("SoC", hourly, 100.0 * log.soc, PALETTE.to_grid)])
    chart.panel("Temperature, °C", None, None, [
        ("battery", hourly, log.celsius, PALETTE.from_grid)], band=cell.celsius)
    chart.finish(f"{cell.title}: {_years(facts)}", _subtitle(facts))
    write_png(path, np.asarray(chart.picture))


def _years(facts: dict) -> str:
    years, end = facts["years_to_end_of_life"], 100.0 * facts["end_of_life"]
    if years is None:
        return f"more than 50 years to {end:.0f} % of its capacity, if life goes on like this"
    if years == 0.0:
        return f"below {end:.0f} % of its capacity"
    return f"{years:.1f} years to {end:.0f} % of its capacity, if life goes on like this"


def _subtitle(facts: dict) -> str:
    parts = [f"{facts['hours'] / 24:.1f} days from {facts['days'][0]['from']}",
             f"{facts['efc']:.1f} equivalent full cycles",
             f"health {100 * facts['soh_start']:.2f} % to {100 * facts['soh']:.2f} %"]
    if facts["outside_tested_range"]:
        parts.append("partly outside the tested range")
    return "  ·  ".join(parts)


class _Chart:
    """Panels below each other over the same days."""

    def __init__(self, days: float):
        self._days = days
        self._lines = Image.new("RGB", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH), _pixel(PALETTE.panel))
        self._pen = ImageDraw.Draw(self._lines)
        self._texts: list[tuple] = []
        self._y = float(TOP)
        self._panels = 0
        self._ticks = _ticks(0.0, days, 8)
        self.picture: Image.Image

    def panel(self, title: str, low: float | None, high: float | None, lines: list[tuple],
              band: tuple[float, float] | None = None) -> None:
        """Add a panel of lines (name, days, values, colour). Limits that are None come from
        the values; what lies outside `band` is tinted."""
        height = (BOTTOM - TOP - 2 * BETWEEN) * HEIGHTS[self._panels]
        top, bottom = self._y + LABEL_PX, self._y + height
        values = np.concatenate([line[2] for line in lines])
        least = float(values.min()) if low is None else low
        most = float(values.max()) if high is None else high
        room = 0.08 * max(most - least, 1e-6 if low is not None else 5.0)
        least, most = (least - room if low is None else low), (most + room if high is None else high)

        def place(value):
            return bottom - (np.asarray(value, float) - least) / (most - least) * (bottom - top)

        if band is not None:
            self._tint(place, band, top, bottom)
        for tick in _ticks(least, most, 5 if self._panels == 0 else 3):
            y = float(place(tick))
            self._line([(LEFT, y), (RIGHT, y)], _mix(QUIET, 0.22), 1)
            self._text(LEFT - 10, y, _number(tick), QUIET, 13, "rm")
        for tick in self._ticks:
            x = LEFT + tick / self._days * (RIGHT - LEFT)
            self._line([(x, bottom), (x, bottom + 5)], _mix(QUIET, 0.5), 1)
            if self._panels == len(HEIGHTS) - 1:
                self._text(x, bottom + 10, _number(tick), QUIET, 13, "mt")
        self._text(LEFT, self._y - 2, title, TEXT, 14, "lm")
        for name, days, of_line, color in lines:
            xs = LEFT + np.asarray(days) / self._days * (RIGHT - LEFT)
            self._line(list(zip(xs.tolist(), place(of_line).tolist())), color, 2)
        self._name(lines, place)
        self._y += height + BETWEEN
        self._panels += 1

    def finish(self, title: str, subtitle: str) -> None:
        """Scale the lines down and write the texts: `picture` is then ready."""
        self.picture = self._lines.resize(SIZE, Image.Resampling.LANCZOS)
        pen = ImageDraw.Draw(self.picture)
        self._text(LEFT, 32, title, TEXT, 22, "lm", bold=True)
        self._text(LEFT, 62, subtitle, QUIET, 14, "lm")
        self._text(RIGHT, BOTTOM + 26, "days since the start", QUIET, 13, "rt")
        for x, y, text, color, size, anchor, bold in self._texts:
            pen.text((x, y), text, fill=_pixel(color), font=_font(size, bold), anchor=anchor)

    def _name(self, lines: list[tuple], place) -> None:
        """Write each line's name and last value at its end, apart from each other."""
        ends = sorted((float(place(of_line[-1])), name, float(of_line[-1]), color)
                      for name, _, of_line, color in lines)
        free = -np.inf
        for y, name, value, color in ends:
            y = max(y, free)
            free = y + LABEL_PX
            self._text(RIGHT + 10, y, f"{name} {_number(value, 3)}", color, 14, "lm")

    def _tint(self, place, band: tuple[float, float], top: float, bottom: float) -> None:
        """Shade what lies above and below a band, and say what it is."""
        upper, lower = (float(np.clip(place(edge), top, bottom)) for edge in (band[1], band[0]))
        for start, stop in ((top, upper), (lower, bottom)):
            if stop - start > 1.0:
                box = [v * SMOOTH for v in (LEFT, start, RIGHT, stop)]
                self._pen.rectangle(box, fill=_pixel(_mix(WARN, 0.12)))
        if upper - top > 1.0 or bottom - lower > 1.0:
            self._text(RIGHT, self._y - 2, f"shaded: outside the tested {band[0]:g} to {band[1]:g} °C",
                       WARN, 13, "rm")

    def _line(self, points: list[tuple[float, float]], color: Color, width: float) -> None:
        scaled = [(x * SMOOTH, y * SMOOTH) for x, y in points]
        self._pen.line(scaled, fill=_pixel(color), width=int(width * SMOOTH), joint="curve")

    def _text(self, x: float, y: float, text: str, color: Color, size: int, anchor: str,
              bold: bool = False) -> None:
        self._texts.append((x, y, text, color, size, anchor, bold))


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers from low to high, about `count` of them and never less than two."""
    raw = (high - low) / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next(m for m in (1.0, 2.0, 5.0, 10.0) if m * power >= raw * (1.0 - 1e-9))
    first = np.ceil(low / step - 1e-9)
    found = [float(k * step) for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]
    return found if len(found) > 1 else _ticks(low, high, 2 * count)


def _number(value: float, digits: int = 6) -> str:
    return f"{value:.{digits}g}" if abs(value) >= 1e-12 else "0"


def _mix(color: Color, share: float) -> Color:
    """A colour laid thinly over the ground."""
    return tuple(share * a + (1.0 - share) * b for a, b in zip(color, PALETTE.panel))


def _pixel(color: Color) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in color)


def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """The panels' font, out of imgui-bundle's assets, without loading that library."""
    folder = Path(find_spec("imgui_bundle").origin).parent / "assets" / "fonts" / "Roboto"
    return ImageFont.truetype(folder / f"Roboto-{'Bold' if bold else 'Regular'}.ttf", size)
