"""A price adder when the connection runs short of room.

adder = voll * (1 - Phi((1 - loading - margin) / spread)), at most a cap: the form of ERCOT's
operating reserve demand curve (VOLL times the chance to lose load, by the reserve that is left),
with the transformer's unused share in the place of the system's reserve. It follows from the
mean loading of one control interval and is charged in the next.
"""

from __future__ import annotations

from math import erfc, sqrt

from sim.schema.tariff import Scarcity

STEP = 1e-4
"""Adders are whole multiples of this (currency/kWh), so that a quiet site has none at all."""


def adder(spec: Scarcity, loading: float) -> float:
    """currency/kWh at a loading (import / rating, >= 0)."""
    lost = 0.5 * erfc((1.0 - loading - spec.margin) / spec.spread / sqrt(2.0))
    return round(min(spec.voll * lost, spec.cap) / STEP) * STEP
