"""Curves through keys: exact at every key, smooth in speed and acceleration, never beyond their keys.

Between two keys a curve is the quintic that has their values, the keys' speeds and no acceleration at
either. A key's speed is the harmonic mean of the slopes beside it, per component, and none where the
curve turns: so it is C2, moving one key changes only its neighbours, and equal keys stand still
(Fritsch and Carlson 1980 for the bound; slopes up to twice the chord's keep a quintic monotone, too).
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from fractions import Fraction

import numpy as np

NODES = 48          # of a segment, between which its length is measured
GAUSS = np.polynomial.legendre.leggauss(5)
NEWTON, STEP = 2, 1e-4
RAMP = 0.18         # of a run at constant speed, to gain it and to lose it


class Ease(StrEnum):
    """How a curve passes a key."""

    THROUGH = "through"     # without stopping
    REST = "rest"           # comes to rest here and starts from rest
    LINEAR = "linear"       # straight to the next key
    HOLD = "hold"           # stays until the next key, and is there at once


class Curve:
    """Values (keys, components) at ascending times (s); before the first and after the last key the
    value stays. `ends_rest`: whether the outer keys are at rest, or pass at the slope beside them."""

    def __init__(self, times: list[Fraction], values: np.ndarray, eases: list[Ease], ends_rest: bool):
        self.times = list(times)
        self.values = np.asarray(values, float).reshape(len(self.times), -1)
        self.eases = list(eases)
        self.spans = np.array([float(b - a) for a, b in zip(self.times, self.times[1:])])
        self._speeds = self._speeds_at_keys(ends_rest)

    def at(self, t: Fraction) -> np.ndarray:
        """The value at a time, (components,)."""
        piece = min(max(bisect_right(self.times, t) - 1, 0), len(self.times) - 1)
        if piece == len(self.times) - 1 or t <= self.times[piece]:
            return self.values[piece].copy()
        return self.between(piece, float(t - self.times[piece]) / self.spans[piece])

    def between(self, piece: int, share: float) -> np.ndarray:
        """The value `share` (0 to 1) of the way from key `piece` to the next, (components,)."""
        here, there, ease = self.values[piece], self.values[piece + 1], self.eases[piece]
        if ease == Ease.HOLD:
            return (there if share >= 1.0 else here).copy()
        if ease == Ease.LINEAR:
            return here + (there - here) * share
        s, s2 = share, share * share
        s3 = s2 * s
        out = s - s3 * (6.0 - 8.0 * s + 3.0 * s2)
        back = -s3 * (4.0 - 7.0 * s + 3.0 * s2)
        way = s3 * (10.0 - 15.0 * s + 6.0 * s2)
        speeds = self._speeds * self.spans[piece]
        value = here + (there - here) * way + speeds[piece] * out + speeds[piece + 1] * back
        return np.clip(value, np.minimum(here, there), np.maximum(here, there))

    def _speeds_at_keys(self, ends_rest: bool) -> np.ndarray:
        """Components a second at each key, (keys, components)."""
        speeds = np.zeros_like(self.values)
        if len(self.times) < 2:
            return speeds
        slopes = np.diff(self.values, axis=0) / self.spans[:, None]
        before, after = slopes[:-1], slopes[1:]
        both = before * after > 0.0
        total = np.where(both, before + after, 1.0)
        speeds[1:-1] = np.where(both, 2.0 * before / total * after, 0.0)
        if not ends_rest:
            speeds[0], speeds[-1] = slopes[0], slopes[-1]
        rests = np.array([ease == Ease.REST for ease in self.eases])
        speeds[rests] = 0.0
        return speeds


class Paced:
    """A curve gone along at constant speed, but for a smooth start and end: its outer keys say when it
    begins and ends, its inner keys only where it leads. `place` gives the point (3,) of a value, whose
    way through space is measured."""

    def __init__(self, curve: Curve, place):
        self.curve, self.times = curve, curve.times
        self._place = place
        lengths, starts = [0.0], [(0, 0.0)]
        for piece in range(len(curve.spans)):
            for k in range(NODES):
                lengths.append(lengths[-1] + self._length(piece, k / NODES, (k + 1) / NODES))
                starts.append((piece, (k + 1) / NODES))
        self._lengths, self._starts = np.array(lengths), starts

    def at(self, t: Fraction) -> np.ndarray:
        """The value at a time, (components,)."""
        first, last = self.times[0], self.times[-1]
        if t <= first or t >= last or self._lengths[-1] == 0.0:
            return self.curve.at(t)
        wanted = self._lengths[-1] * level(float((t - first) / (last - first)))
        k = min(int(np.searchsorted(self._lengths, wanted, "right")) - 1, len(self._lengths) - 2)
        piece = k // NODES
        low, high = (k % NODES) / NODES, (k % NODES + 1) / NODES
        left, whole = wanted - self._lengths[k], self._lengths[k + 1] - self._lengths[k]
        share = low + (high - low) * (left / whole if whole > 0.0 else 0.0)
        for _ in range(NEWTON):
            speed = self._speed(piece, share)
            if speed > 0.0:
                share = min(max(share + (left - self._length(piece, low, share)) / speed, low), high)
        return self.curve.between(piece, share)

    def _length(self, piece: int, low: float, high: float) -> float:
        """Metres between two shares of a piece."""
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        return half * sum(weight * self._speed(piece, middle + half * node) for node, weight in zip(*GAUSS))

    def _speed(self, piece: int, share: float) -> float:
        """Metres a share of a piece."""
        low, high = max(share - STEP, 0.0), min(share + STEP, 1.0)
        a, b = (self._place(self.curve.between(piece, s)) for s in (low, high))
        return float(np.linalg.norm(b - a)) / (high - low)


def level(share: float) -> float:
    """The way done at a share of the time: speed grows smoothly over RAMP, is constant, and falls."""
    share = min(max(share, 0.0), 1.0)
    if share > 0.5:
        return 1.0 - level(1.0 - share)
    speed = 1.0 / (1.0 - RAMP)
    if share < RAMP:  # The integral of a smoothstep, C2 where it meets the straight part.
        s = share / RAMP
        return speed * RAMP * s ** 4 * (s * s - 3.0 * s + 2.5)
    return speed * (share - RAMP / 2.0)
