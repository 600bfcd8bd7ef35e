"""Planned visits of vehicles to the site, whatever source they come from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from sim.battery.curves import Curve
from sim.timing import DAY_S

LONGEST_STAY_S = 366 * DAY_S
"""A longer stay is taken for a mistyped date."""


@dataclass
class Visits:
    """n visits in order of (arrival, id). Arrays have shape (n,); times are seconds since the
    scenario's start, energies kWh stored in the battery, powers kW (AC side,
    except battery_max_kw, of which `curve` gives shares) by the kind of connector it meets; `plugs` has bit 1 << ConnectorKind
    set for each kind that fits. One name in `vehicle` is one vehicle, however often it comes."""

    id: list[str]
    vehicle: list[str]
    connector: list[str | None]
    zone: list[str | None]
    arrival_s: np.ndarray
    departure_s: np.ndarray
    arrival_kwh: np.ndarray
    target_kwh: np.ndarray
    capacity_kwh: np.ndarray
    ac_charge_kw: np.ndarray
    dc_charge_kw: np.ndarray
    ac_discharge_kw: np.ndarray
    dc_discharge_kw: np.ndarray
    plugs: np.ndarray
    battery_max_kw: np.ndarray
    curve: list[Curve]
    chemistry: np.ndarray
    body: np.ndarray
    recorded_kwh: np.ndarray
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.id)

    def in_order(self) -> Visits:
        """The same visits sorted by (arrival, id)."""
        order = np.lexsort((np.array(self.id, dtype=str), self.arrival_s))
        columns = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if part.name == "warnings":
                columns[part.name] = value
            elif isinstance(value, np.ndarray):
                columns[part.name] = value[order]
            else:
                columns[part.name] = [value[k] for k in order.tolist()]
        return Visits(**columns)


def empty() -> Visits:
    """No visits at all."""
    columns = {part.name: np.empty(0) for part in fields(Visits)}
    columns |= {name: np.empty(0, np.int32) for name in ("chemistry", "body", "plugs")}
    columns |= {name: [] for name in ("id", "vehicle", "connector", "zone", "curve", "warnings")}
    return Visits(**columns)
