"""The technology card: what the program is built with, and what the picture and the model cost now."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from game.ui.frames import Frames
from game.ui.theme import BODY, LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush
from game.ui.words import number

PARTS = (
    ("panda3d", "Panda3D", "the renderer"),
    ("ursina", "ursina", "the shell"),
    ("imgui-bundle", "Dear ImGui, ImPlot", "panels and charts"),
    ("numpy", "NumPy", "state as columns"),
    ("simpy", "SimPy", "the event queue"),
    ("power-grid-model", "power-grid-model", "AC power flow"),
    ("highspy", "HiGHS", "linear programs"),
    ("pydantic", "pydantic", "every file checked"),
    ("duckdb", "DuckDB", "Parquet recordings"),
    ("av", "PyAV", "films"),
)
WIDTH, HEAD, ROW, SECTION, FOOT = 424.0, 46.0, 21.0, 14.0, 36.0
UPPER = 0.07   # of the height above it where it stands beside titles
NONE = "\N{EN DASH}"


class TechnologyCard:
    """Open or not; `base` is asked once what draws."""

    def __init__(self, base):
        self.open = False
        self._renderer = base.win.get_gsg().get_driver_renderer().split("(")[0].strip() if base.win else ""

    @staticmethod
    def rect(brush: Brush, size: tuple[int, int], aside: bool) -> tuple[float, float, float, float]:
        """Where it lies: in the middle, or aside at the right edge where titles have the rest."""
        px = brush.theme.px
        height = px(HEAD + ROW * (len(PARTS) + len(metrics(Frames()))) + SECTION + FOOT)
        width, height = min(px(WIDTH), size[0] - px(2 * MARGIN)), min(height, size[1] - px(2 * MARGIN))
        if aside:
            edge = round(0.05 * size[0])
            return size[0] - edge - width, round(UPPER * size[1]), width, height
        return round((size[0] - width) / 2), round((size[1] - height) / 2), width, height

    def draw(self, brush: Brush, area: tuple[float, float, float, float], frames: Frames) -> None:
        """Draw it with what `frames` has measured."""
        px, (x, y, width, height) = brush.theme.px, area
        left, right = x + px(PADDING + 4), x + width - px(PADDING + 4)
        rows = metrics(frames)
        pitch = min(px(ROW), (height - px(HEAD + SECTION + FOOT)) / (len(rows) + len(PARTS)))
        with brush.panel("technology", area, "card", True):
            brush.text(left, y + px(31), "What you see costs", LARGE, bold=True)
            base = y + px(HEAD)
            for label, value, unit in rows:
                brush.text(left, base + 0.72 * pitch, label, SMALL, "quiet")
                brush.quantity(right, base + 0.72 * pitch, value, unit, BODY)
                base += pitch
            brush.line(left, base + px(SECTION / 2), right, base + px(SECTION / 2))
            base += px(SECTION)
            for name, number, what in parts():
                wide = brush.text(left, base + 0.72 * pitch, name, SMALL)
                brush.text(left + wide + px(8), base + 0.72 * pitch, number, SMALL, "quiet")
                brush.text(right, base + 0.72 * pitch, what, SMALL, "quiet", right=True)
                base += pitch
            below = f"Python {platform.python_version()} on {platform.system()}, drawn by {self._renderer or 'OpenGL'}"
            brush.text(left, y + height - px(14), below, SMALL, "quiet", room=right - left)


@lru_cache(maxsize=1)
def parts() -> tuple[tuple[str, str, str], ...]:
    """Name, installed version and use of each package that is there."""
    found = []
    for package, name, what in PARTS:
        try:
            found.append((name, version(package), what))
        except PackageNotFoundError:
            continue
    return tuple(found)


def metrics(frames: Frames) -> list[tuple[str, str, str]]:
    """Label, value and unit of what the last frames took, drew and simulated; a dash where nothing was
    measured yet."""
    cost, picture, pace = frames.mean(), frames.picture, frames.pace
    content = picture.content if picture else None

    def ms(seconds: float | None) -> str:
        return NONE if seconds is None else number(1e3 * seconds, 1)

    def count(value: float | None) -> str:
        return NONE if value is None else number(value, 0)
    busy = cost and cost.model_s + cost.scene_s + cost.draw_s
    return [
        ("Frames", count(cost and cost.frame_s and 1.0 / cost.frame_s), "a second"),
        ("Work for one frame", ms(busy), "ms"),
        ("The model's share of that", ms(cost and cost.model_s), "ms"),
        ("Draw calls, whatever the fleet", count(content and content.draw_calls), ""),
        ("Vehicles, stations and parts drawn", count(content and content.instances), ""),
        ("Simulated time", NONE if pace is None else f"×{number(pace.reached, 0)}", "real time"),
        ("Events", count(pace and pace.events_per_s), "a second"),
        ("Quality, chosen by frame time" if picture and picture.mode == "auto" else "Quality",
         picture.tier.name.lower() if picture else NONE, ""),
    ]
