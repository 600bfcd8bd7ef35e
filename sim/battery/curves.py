"""Charge curves: the share of its greatest power that a battery takes, by state of charge.

A curve is a line through points (SoC, share) from SoC 0 to 1. It may rise, and two points at one
SoC are a step; there the later one counts. A world keeps each curve once, as a run of pieces in
its table `curve`; vehicles point to the first.

The two-stage curve of ACN-Sim's Linear2StageBattery [Lee, Sharma and Low 2021] is flat up to a
SoC and falls linearly to zero at SoC 1, but here not below a floor, because a limit that reaches
zero at SoC 1 never completes. For the same reason no curve may touch zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite

from entities.table import Table

Curve = tuple[tuple[float, float], ...]

FLAT: Curve = ((0.0, 1.0), (1.0, 1.0))


def check_curve(points: Sequence[Sequence[float]], most: float = 1.0) -> None:
    """Raises ValueError, in words, unless `points` are a curve with powers of at most `most`."""
    if len(points) < 2 or any(len(point) != 2 for point in points):
        raise ValueError("expected two points [SoC, share] or more")
    if not all(isfinite(number) for point in points for number in point):
        raise ValueError("expected finite numbers")
    socs = [soc for soc, _ in points]
    if socs[0] != 0.0 or socs[-1] != 1.0:
        raise ValueError(f"expected points from SoC 0 to SoC 1, not {socs[0]:g} to {socs[-1]:g}")
    for before, after in pairwise(socs):
        if after < before:
            raise ValueError(f"expected SoC in ascending order, not {after:g} after {before:g}")
    for soc, share in points:
        if not 0.0 < share <= most:
            raise ValueError(f"expected shares above 0 and at most {most:g}, not {share:g} at SoC {soc:g}")


def two_stage(taper_soc: float, floor: float) -> Curve:
    """Flat up to `taper_soc`, then falling towards zero at SoC 1, but not below `floor`."""
    if taper_soc == 1.0 or floor == 1.0:
        return FLAT
    end = 1.0 - (1.0 - taper_soc) * floor
    return ((0.0, 1.0), (taper_soc, 1.0), (end, floor), (1.0, floor))


def add_curves(table: Table, curves: Iterable[Curve]) -> dict[Curve, int]:
    """Enter each curve once, in order of first appearance; the slot of its first piece."""
    slots: dict[Curve, int] = {}
    for curve in curves:
        if curve not in slots:
            slots[curve] = _add(table, curve)
    return slots


def _add(table: Table, curve: Curve) -> int:
    pieces = [(*a, *b) for a, b in pairwise(curve) if b[0] > a[0]]
    rises, risen = [], False
    following = float("-inf")
    for _, share_from, _, share_to in reversed(pieces):
        risen |= share_to > share_from or following > share_to
        rises.append(risen)
        following = share_from
    soc_from, share_from, soc_to, share_to = zip(*pieces)
    slope = [(b - a) / (end - start) for start, a, end, b in pieces]
    first, count = table.slots, len(pieces)
    table.add(count, soc_from=soc_from, soc_to=soc_to, share_from=share_from, share_to=share_to,
              slope=slope, least=[min(a, b) for _, a, _, b in pieces], rises=rises[::-1],
              end=first + count - 1, key=[2.0 * first + soc for soc in soc_to])
    return first
