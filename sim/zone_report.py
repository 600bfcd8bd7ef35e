"""Each zone in results, and the worst moment of its grid and the hub's."""

from __future__ import annotations

from math import isinf

import numpy as np

from entities.components import NONE
from sim.grid.record import Worst
from sim.grid.stress import Level, LimitedBy
from sim.model import Model
from sim.strategies import NAMES
from sim.timing import HOUR_S


def zones(model: Model) -> list[dict]:
    """Strategy, sessions, energies, limits and stress of each zone; stress is None without a
    feeder."""
    world, record = model.world, model.grid_record
    zone, session = world.zone, world.session
    there = session.rows(session.connector != NONE)
    where = world.connector.zone[session.connector[there]]

    def summed(column: np.ndarray) -> np.ndarray:
        return np.bincount(where, column[there], zone.slots)

    visits = np.bincount(where, minlength=zone.slots)
    charged, fed = summed(session.charged_ac_kwh), summed(session.discharged_ac_kwh)
    return [{
        "id": zone.names[row], "strategy": NAMES[zone.strategy.item(row)],
        "sessions": visits.item(row),
        "energy_charged_ac_kwh": charged.item(row), "energy_discharged_ac_kwh": fed.item(row),
        **_limit(model, row, "import"), **_limit(model, row, "export"),
        **_stress(zone, row, model.grid.words[zone.names[row]]),
        **worst(record.zones[row]),
        "stress_hours": None if np.isnan(zone.stress[row]) else {
            level.name.lower(): record.level_s.item(row, level) / HOUR_S for level in Level},
    } for row in zone.rows().tolist()]


def worst(moment: Worst) -> dict:
    """The worst moment of a grid: its index, when it was, what made it, in words too."""
    known = moment.index == moment.index
    return {"stress_max": moment.index if known else None,
            "stress_max_at_s": moment.t_s if known else None,
            "stress_max_limited_by": moment.by.name.lower() if known else None,
            "stress_max_words": moment.words if known else None}


def hub_stress(model: Model) -> dict:
    """The hub's stress now in words, and its worst moment."""
    known = not np.isnan(model.world.hub.stress[0])
    return {"stress_words": model.grid.words["hub"] if known else None,
            **worst(model.grid_record.hub)}


def _stress(table, row: int, words: str) -> dict:
    known = not np.isnan(table.stress[row])
    return {"stress": table.stress.item(row) if known else None,
            "stress_level": Level(table.stress_level.item(row)).name.lower() if known else None,
            "stress_limited_by": LimitedBy(table.stress_by.item(row)).name.lower() if known else None,
            "stress_words": words if known else None}


def _limit(model: Model, row: int, direction: str) -> dict:
    limit = getattr(model.world.zone, f"{direction}_limit_kw").item(row)
    spells = model.meter.excess.get((row, direction))
    return {f"{direction}_limit_kw": None if isinf(limit) else limit,
            f"{direction}_excesses": spells.count if spells else 0,
            f"{direction}_excess_s": spells.seconds_until(model.now_s) if spells else 0.0,
            f"{direction}_excess_worst_kw": spells.worst if spells else 0.0}
