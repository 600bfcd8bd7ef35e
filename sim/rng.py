"""Random draws that are keyed by (seed, purpose, entity) and never shared.

Every purpose, with whatever further keys the caller names (a group, a day), has its own
Philox stream, seeded with `SeedSequence(seed, spawn_key=(purpose, *keys))`. A block of shape
(n, k) is filled row by row, and row i belongs to entity i: with more entities the first rows
stay as they were, and a new purpose disturbs no other. So two branches of a run differ only
by what was decided, and a comparison between them is paired.

Only the raw 64-bit output of Philox is used, which NumPy promises never to change (NEP 19),
so draws do not depend on NumPy's version.
Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a draw is for. A code is never reused, so that old seeds keep their meaning."""

    VISIT = 1
    BENCH = 2
    WEATHER = 3
    FAULT = 4
    SURGE = 5
    LEAVE = 6


def uniforms(seed: int, purpose: Purpose, n: int, k: int, *keys: int) -> np.ndarray:
    """Uniform draws strictly between 0 and 1, shape (n, k): row i is entity i's."""
    sequence = np.random.SeedSequence(seed, spawn_key=(int(purpose), *keys))
    raw = np.random.Philox(sequence).random_raw(n * k)
    return ((raw >> np.uint64(11)).astype(float) + 0.5).reshape(n, k) * 2.0 ** -53


def normals(seed: int, purpose: Purpose, n: int, k: int, *keys: int) -> np.ndarray:
    """Standard normal draws, shape (n, k): row i is entity i's (Box and Muller, 1958)."""
    pairs = uniforms(seed, purpose, n, 2 * k, *keys)
    return np.sqrt(-2.0 * np.log(pairs[:, :k])) * np.cos(2.0 * np.pi * pairs[:, k:])
