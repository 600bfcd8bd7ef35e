"""`voltyard battery`: what a person's own recording of SoC and temperature did to the battery."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path

from entities.components import Chemistry
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.day import Day, outside_c_rate, outside_temperature
from sim.battery.ageing.log import Lived, Log, live, read_log
from sim.battery.ageing.models import CELLS
from sim.battery.ageing.settings import AgeingSettings
from sim.errors import InputError

TABLE_DAYS = 31
"""A longer recording is told in the table by its last days; the JSON has them all."""


def report(path: Path, chemistry: str | None, model: str | None, scalar: float | None,
           end_of_life: float, age_years: float, as_json: bool, plot: Path | None) -> None:
    """Print the report, and draw the chart if `plot` names a file. Raises InputError."""
    cell = choose(chemistry, model)
    if plot is not None:
        from game.film.still import require_writable

        if plot.suffix.lower() != ".png":
            raise InputError(f"--plot {plot}: expected a name that ends in .png")
        require_writable(plot, ".png")
    log = read_log(path)
    factor = cell.vehicle_scalar if scalar is None else scalar
    lived = live(cell, log, factor, end_of_life, age_years)
    facts = summary(path, cell, log, lived, factor, end_of_life, age_years)
    if plot is not None:
        from game.battery_chart import draw

        draw(plot, cell, log, lived, facts)
    if as_json:
        print(json.dumps(facts))
        return
    from game.tables import battery_tables

    battery_tables(facts, TABLE_DAYS)
    if plot is not None:
        print(plot)


def choose(chemistry: str | None, model: str | None) -> Cell:
    """The model of its name, or the default one of a chemistry. Raises InputError."""
    known = [c.name for c in Chemistry if c is not Chemistry.UNKNOWN]
    wanted = None if chemistry is None else chemistry.upper()
    if wanted is not None and wanted not in known:
        raise InputError(f"--chemistry {chemistry}: unknown chemistry, expected one of "
                         f"{', '.join(known)}")
    if model is None:
        return AgeingSettings().cell(Chemistry[wanted or "NMC"])
    cell = CELLS.get(model)
    if cell is None:
        raise InputError(f"--model {model}: unknown ageing model, expected one of "
                         f"{', '.join(CELLS)}")
    if wanted is not None and cell.chemistry.name != wanted:
        raise InputError(f"--model {model}: is a model of {cell.chemistry.name} cells, "
                         f"--chemistry says {wanted}")
    return cell


def summary(path: Path, cell: Cell, log: Log, lived: Lived, scalar: float, end_of_life: float,
            age_years: float) -> dict:
    """The report as JSON has it. Fades are shares of the new capacity."""
    rows = [_day(cell, log, lived, k) for k in range(len(lived.days))]
    first, last = lived.states[0], lived.states[-1]
    calendar = float(last.calendar[0] - first.calendar[0])
    fade = float(last.fade[0] - first.fade[0])
    elapsed = float(last.days[0] - first.days[0])
    efc = float(last.efc[0] - first.efc[0])
    hot, fast = (sum(row[key] for row in rows) for key in ("outside_temperature", "outside_c_rate"))
    return {
        "file": str(path), "chemistry": cell.chemistry.name, "model": cell.name,
        "model_title": cell.title, "blast_model": cell.blast, "source": cell.source,
        "degradation_scalar": scalar, "end_of_life": end_of_life, "age_years": age_years,
        "start": None if log.start is None else log.start.isoformat(), "hours": log.hours,
        "samples": log.samples, "soh_start": float(first.soh[0]), "soh": float(last.soh[0]),
        "fade": fade, "fade_calendar": calendar, "fade_cycling": fade - calendar,
        "efc": efc, "efc_per_day": efc / elapsed,
        "dod_mean": sum(row["dod"] for row in rows) / len(rows),
        "dod_max": max(row["dod"] for row in rows),
        "resistance": float(last.resistance[0]) if cell.name == "lfp_sony" else None,
        "years_to_end_of_life": None if math.isinf(lived.years_left) else lived.years_left,
        "outside_tested_range": bool(hot or fast),
        "days_outside_temperature": hot, "days_outside_c_rate": fast,
        "tested_celsius": list(cell.celsius), "tested_charge_c": cell.charge_c,
        "tested_discharge_c": cell.discharge_c,
        "gaps": [{"at": label(log, gap.hour), "hours": gap.hours} for gap in log.gaps],
        "days": rows}


def label(log: Log, hour: float) -> str:
    """What an hour of the recording is called: its moment, or hours since the start."""
    if log.start is None:
        return f"{hour:.1f} h"
    return f"{log.start + timedelta(hours=hour):%Y-%m-%d %H:%M}"


def _day(cell: Cell, log: Log, lived: Lived, k: int) -> dict:
    day: Day = lived.days[k]
    before, after = lived.states[k], lived.states[k + 1]
    calendar = float(after.calendar[0] - before.calendar[0])
    fade = float(after.fade[0] - before.fade[0])
    return {
        "day": k + 1, "from": label(log, 24.0 * k), "hours": day.hours,
        "soh": float(after.soh[0]), "fade": fade, "fade_calendar": calendar,
        "fade_cycling": fade - calendar, "efc": float(after.efc[0] - before.efc[0]),
        "dod": float(day.dod[0]), "c_rate_max": float(max(day.charge_c[0], day.discharge_c[0])),
        "celsius_min": float(day.coldest[0]), "celsius_max": float(day.warmest[0]),
        "outside_temperature": bool(outside_temperature(cell, day)[0]),
        "outside_c_rate": bool(outside_c_rate(cell, day)[0])}
