"""SoC traces of a fleet from the segments that a run records."""

from __future__ import annotations

import numpy as np


def soc_at(segments: dict[str, np.ndarray], times_s: np.ndarray, capacity_kwh: np.ndarray,
           before_kwh: np.ndarray) -> np.ndarray:
    """Exact SoC of n vehicles at k ascending times, shape (n, k).

    `segments` are columns of equal length in order of time, as sim.history keeps them: t0_s,
    vehicle (0..n-1), energy0_kwh, power0_kw, rate_per_h. A segment lasts until the vehicle's
    next; a battery whose vehicle is away keeps its last. `before_kwh` (n,) is the energy up to
    a vehicle's first segment. With times from 0 to 24 h by the hour these are BLAST's 25
    points of a day. Between segments of different visits the trace jumps: the drive is one
    step of an hour.
    """
    t0, vehicle = segments["t0_s"], segments["vehicle"]
    n = len(capacity_kwh)
    started = np.searchsorted(t0, times_s, side="right")
    latest = np.full(n, -1)
    soc = np.empty((n, len(times_s)))
    done = 0
    for column, (time, count) in enumerate(zip(times_s.tolist(), started.tolist())):
        # Of several assignments to one vehicle the last holds: its latest segment.
        latest[vehicle[done:count]] = np.arange(done, count)
        done = count
        energy = np.array(before_kwh, float)
        known = np.flatnonzero(latest >= 0)
        energy[known] = _energy(segments, latest[known], time)
        soc[:, column] = np.clip(energy / capacity_kwh, 0.0, 1.0)
    return soc


def _energy(segments: dict[str, np.ndarray], index: np.ndarray, time: float) -> np.ndarray:
    """Stored energy of the given segments at a time, kWh (see sim.battery.segments)."""
    hours = (time - segments["t0_s"][index]) / 3600.0
    rate = segments["rate_per_h"][index]
    bends = rate != 0.0
    safe = np.where(bends, rate, 1.0)
    effective = np.where(bends, np.expm1(np.where(bends, rate * hours, 0.0)) / safe, hours)
    return segments["energy0_kwh"][index] + segments["power0_kw"][index] * effective
