"""The sessions that every program in the comparison simulates, as plain data.

An ideal case, so that all programs do the same physics: no losses, no taper, 32 A at 208 V,
arrivals and departures on whole 5-minute periods, and never two vehicles at one EVSE. Every
EVSE sees one vehicle in the morning and every second one another in the evening.
"""

from __future__ import annotations

import numpy as np

PERIOD_MIN = 5
PERIODS = 288
MAX_KW = 32 * 208 / 1000  # 6.656 kW, ACN-Sim's usual EVSE


def sessions(n_evse: int = 1000, seed: int = 1) -> dict:
    """One day's sessions, JSON-ready: times in periods, energies in kWh."""
    rng = np.random.default_rng(seed)
    listed = []
    for evse in range(n_evse):
        listed.append(_session(rng, evse, 0, 72, 120))
        if evse % 2:
            listed.append(_session(rng, evse, 1, 192, 240))
    listed.sort(key=lambda session: (session["arrival"], session["id"]))
    return {"n_evse": n_evse, "period_min": PERIOD_MIN, "periods": PERIODS, "max_kw": MAX_KW,
            "sessions": listed}


def _session(rng: np.random.Generator, evse: int, visit: int, first: int, last: int) -> dict:
    arrival = int(rng.integers(first, last))
    capacity = float(rng.uniform(40.0, 80.0))
    return {"id": f"S{evse:04d}-{visit}", "evse": evse, "arrival": arrival,
            "departure": arrival + int(rng.integers(12, 72 if visit == 0 else 48)),
            "capacity_kwh": capacity, "arrival_kwh": capacity - float(rng.uniform(2.0, 30.0))}
