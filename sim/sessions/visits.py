"""Planned visits of vehicles to the site, whatever source they come from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Visits:
    """n visits in order of (arrival, id). Arrays have shape (n,); times are seconds since the
    scenario's start, energies kWh stored in the battery, powers kW (AC at the connector,
    except battery_max_kw). One name in `vehicle` is one vehicle, however often it comes."""

    id: list[str]
    vehicle: list[str]
    connector: list[str | None]
    zone: list[str | None]
    arrival_s: np.ndarray
    departure_s: np.ndarray
    arrival_kwh: np.ndarray
    target_kwh: np.ndarray
    capacity_kwh: np.ndarray
    charge_max_kw: np.ndarray
    discharge_max_kw: np.ndarray
    battery_max_kw: np.ndarray
    taper_soc: np.ndarray
    chemistry: np.ndarray
    body: np.ndarray
    recorded_kwh: np.ndarray
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.id)
