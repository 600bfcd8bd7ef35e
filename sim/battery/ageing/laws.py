"""The growth laws and the electrode potential that the cells share.

A state y that would follow y(x) under constant stressors grows by dy = y'(x) dx at the x where
the present y stands; the first step from y = 0 is y(dx) itself.

Source: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

from __future__ import annotations

import numpy as np

KELVIN = 273.15
"""0 degrees Celsius in K."""


def graphite_potential(soc: np.ndarray) -> np.ndarray:
    """Potential Ua of a graphite anode against lithium, V, at a SoC (0..1), any shape.

    Safari and Delacourt, J. Electrochem. Soc. 158 (2011) A562; lithiation from 0.0085 to 0.78
    over the SoC by Schimpe et al., J. Electrochem. Soc. 165 (2018) A181.
    """
    x = 0.0085 + soc * (0.78 - 0.0085)
    return (0.6379 + 0.5416 * np.exp(-305.5309 * x) + 0.044 * np.tanh(-(x - 0.1958) / 0.1088)
            - 0.1978 * np.tanh((x - 1.0571) / 0.0854) - 0.6875 * np.tanh((x + 0.0117) / 0.0529)
            - 0.0175 * np.tanh((x - 0.5692) / 0.0875))


def power_step(y: np.ndarray, dx: np.ndarray, k: np.ndarray, p: float) -> np.ndarray:
    """Growth over dx of a state that follows y = k x^p; arrays of shape (n,).

    Nothing grows where dx or k is 0: no throughput, or rates too small to count. With p < 1 no
    step is larger than that of a new battery, as no solution is; BLAST's own explicit step
    has no such bound, and a gentle first day before a hard second one makes it jump.
    """
    grows = (dx > 0.0) & (k > 0.0)
    k, dx = np.where(grows, k, 1.0), np.where(grows, dx, 0.0)
    begun = y > 0.0
    ratio = np.where(begun, y, 1.0) / k
    first = k * dx ** p
    onward = k * p * ratio ** ((p - 1.0) / p) * dx
    return np.where(begun, np.minimum(onward, first) if p < 1.0 else onward, first)


def power_after(y: np.ndarray, x: np.ndarray, k: np.ndarray, p: float) -> np.ndarray:
    """Where a state that follows y = k x^p stands after a further x under constant k; (n,)."""
    return (y ** (1.0 / p) + k ** (1.0 / p) * x) ** p


def sigmoid_step(y: np.ndarray, dx: np.ndarray, limit: np.ndarray, k: float,
                 p: np.ndarray) -> np.ndarray:
    """Growth over dx of a state that follows y = limit tanh((k x)^p / 2); arrays (n,).

    This is BLAST's 2 limit (1/2 - 1/(1 + exp((k x)^p))). Where y has reached the limit, which
    falls with the temperature, nothing grows; BLAST has no number there. Steps are bounded
    as in `power_step`.
    """
    dx = np.broadcast_to(dx, y.shape)
    begun = y > 0.0
    grows = (dx > 0.0) & (limit > y)
    inside = begun & grows
    # In deep cold p is large and growth less than a float holds: that is none.
    with np.errstate(under="ignore"):
        share = np.where(inside, y / np.where(grows, limit, 1.0), 0.5)
        z = 2.0 * np.arctanh(share)
        x = z ** (1.0 / p) / k
        onward = limit * p * z * (1.0 - share * share) / (2.0 * x) * dx
        first = limit * np.tanh((k * dx) ** p / 2.0)
    onward = np.where(p < 1.0, np.minimum(onward, first), onward)
    return np.where(grows, np.where(begun, onward, first), 0.0)


def sigmoid_after(y: np.ndarray, x: np.ndarray, limit: np.ndarray, k: float,
                  p: np.ndarray) -> np.ndarray:
    """Where such a state stands after a further x under constant limit and p; (n,)."""
    below = limit > y
    with np.errstate(under="ignore"):
        share = np.where(below, y / np.where(below, limit, 1.0), 0.5)
        stands = (2.0 * np.arctanh(share)) ** (1.0 / p) / k
        # tanh is 1 to the last bit from here on, and a large p must not overflow.
        reach = np.minimum(k * (stands + x), 64.0 ** (1.0 / np.maximum(p, 0.1)))
        return np.where(below, limit * np.tanh(reach ** p / 2.0), y)
