"""Flat shading with few vertices: a face takes its look from one of its corners, so that its other
corners can be the neighbours' too.

OpenGL's flat varyings have the values of a triangle's last vertex. Where each face had vertices of its
own, faces that meet in a corner share one as long as one is left for each of them to look by; that is
about a vertex a face instead of four.
"""

from __future__ import annotations

import numpy as np


def shared(place: np.ndarray, look: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Merge vertices that stand in the same place.

    place (n,) and look (n,) are numbers of where each vertex is and of how it looks, triangles (m, 3)
    its vertices, which within a triangle all have one look. Returns (kept, triangles): for each new vertex the old one (k,) whose place and look it
    has, and the triangles (m, 3) by new vertices, wound as before and each with its look last.
    """
    where, looks, corners = place.tolist(), look.tolist(), triangles.tolist()
    kept: list[int] = []                            # old vertices
    standing: dict[int, list[int]] = {}             # place: new vertices
    spoken: dict[tuple[int, int], int] = {}         # place and look: the new vertex that has it
    free: dict[int, list[int]] = {}                 # place: new vertices that no face looks by yet
    made = []
    for triangle in corners:
        wanted = looks[triangle[0]]
        leader = next((k for k in (0, 1, 2) if (where[triangle[k]], wanted) in spoken), -1)
        if leader < 0:
            leader = next((k for k in (0, 1, 2) if free.get(where[triangle[k]])), 0)
            old = triangle[leader]
            if free.get(where[old]):
                new = free[where[old]].pop()
                kept[new] = old
            else:
                new = len(kept)
                kept.append(old)
                standing.setdefault(where[old], []).append(new)
            spoken[where[old], wanted] = new
        numbers = []
        for k in (leader + 1, leader + 2):
            old = triangle[k % 3]
            there = standing.setdefault(where[old], [])
            if not there:
                there.append(len(kept))
                free.setdefault(where[old], []).append(len(kept))
                kept.append(old)
            numbers.append(there[0])
        made.append((*numbers, spoken[where[triangle[leader]], wanted]))
    return np.array(kept, np.int64), np.array(made, np.int64).reshape(-1, 3)


def numbered(rows: np.ndarray) -> np.ndarray:
    """A number (n,) for each of the rows (n, k), the same for rows that are the same."""
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
