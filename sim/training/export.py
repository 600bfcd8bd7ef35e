"""A debrief written to a folder: `debrief.json`, `debrief.html`, tables as CSV and `xapi.json`."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from sim.errors import InputError
from sim.training.page import Still, page
from sim.training.xapi import statements


def write(told: dict, folder: Path, trainee: str = "", stills: Mapping[float, Still] | None = None,
          why_none: str = "") -> list[Path]:
    """Write a debrief (`sim.training.debrief`); returns the files. `stills`, `why_none`: see
    `sim.training.page`. Raises InputError if the folder cannot be written."""
    losses = [{"objective": part["title"], **loss}
              for part in told["sheet"]["objectives"] for loss in part["losses"]]
    losses += [{"objective": "hints", **hint} for hint in told["sheet"]["hints"]]
    series = told["series"]["yours"]
    tables = {
        "moments": (("t", "kind", "text", "points"), told["moments"]),
        "losses": (("objective", "t_s", "points", "why"), losses),
        "decisions": (("t", "source", "text", "worth"), told["decisions"]),
        "alarms": (("t", "priority", "source", "text", "noticed_s", "ended_s"), told["alarms"]["record"]),
        "series": (tuple(series), [dict(zip(series, row)) for row in zip(*series.values())]),
    }
    files = {"debrief.json": json.dumps(told, indent=1, ensure_ascii=False),
             "debrief.html": page(told, trainee, stills, why_none),
             "xapi.json": json.dumps(statements(told, trainee or "anonymous"), indent=1, ensure_ascii=False)}
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            written.append(folder / name)
            written[-1].write_text(text, encoding="utf-8")
        for name, (columns, rows) in tables.items():
            written.append(folder / f"{name}.csv")
            with open(written[-1], "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from None
    return written
