"""Pictures of a run's key moments, for its debrief: the run simulated anew and drawn offscreen."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from game.look import Look, Tier
from sim.history import SERIES_COLUMNS, series_row
from sim.model import Model
from sim.recording import read
from sim.run import give
from sim.training.page import Still

SIZE, MOST, QUALITY = (800, 450), 8, 82
FIRST = ("loss", "worst", "alarm", "decision", "inject", "end", "start")
"""Which moments have a picture rather than others."""

APART = 1.0 / 30.0
"""Of the run: moments closer than that look the same."""


def chosen(moments: Sequence[dict], most: int = MOST) -> list[float]:
    """The instants (s) of at most so many moments that are worth a picture, in order: the greatest losses
    first, then as in FIRST; none twice."""
    found: list[float] = []
    apart_s = max((moment["t"] for moment in moments), default=0.0) * APART
    for moment in sorted(moments, key=lambda one: (-one["points"], FIRST.index(one["kind"]), one["t"])):
        if len(found) < most and all(abs(moment["t"] - t_s) >= apart_s for t_s in found):
            found.append(moment["t"])
    return sorted(found)


def stills(folder: Path, moments: Sequence[dict], palette: str = "standard",
           progress: Callable[[float, float], object] = lambda done, total: None) -> dict[float, Still]:
    """Pictures of the moments of the run in `folder` that are `chosen`, by their time (s).
    `progress(done, total)` counts them. Raises InputError where the machine cannot draw."""
    from game.app import STILL_REAL_S, App

    times, recording = chosen(moments), read(folder)
    model = Model(recording.scenario)
    give(recording.commands, model)
    app = App(recording.scenario, model, size=SIZE, offscreen=True, ui=False, palette=palette,
              look=Look(tier=Tier.HIGH))
    found = {}
    try:
        for done, t_s in enumerate(times, 1):
            app.frame_at(t_s, done * STILL_REAL_S, app.pose_named(None))
            figures = dict(zip(SERIES_COLUMNS, series_row(model.now_s, model)))
            found[t_s] = Still(_uri(app.shell.picture()), figures)
            progress(done, len(times))
    finally:
        app.close()
    return found


def _uri(picture: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
