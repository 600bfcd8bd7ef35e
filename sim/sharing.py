"""Amounts shared out within groups: dealt in order, levelled, or scaled. Pure numpy, no Python by group."""

from __future__ import annotations

import numpy as np


def spread(group: np.ndarray, amount: np.ndarray, most: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Deal each group's `amount` (groups,) to its members, one after the other in `order` (n,), up
    to `most` (n,) each; `group` (n,) numbers them. What all cannot take is left; (n,)."""
    queue = order[np.argsort(group[order], kind="stable")]
    mine, room = group[queue], most[queue]
    before = np.cumsum(room) - room
    head = np.searchsorted(mine, np.arange(len(amount)))
    before = before - before[np.minimum(head, len(queue) - 1)][mine]
    dealt = np.zeros(len(group))
    dealt[queue] = np.clip(amount[mine] - before, 0.0, room)
    return dealt


def level(group: np.ndarray, amount: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Max-min fair shares of each group's `amount` (groups,) >= 0: everyone up to its group's one
    water level, nobody more than `most` (n,) >= 0; (n,)."""
    who = np.flatnonzero((np.bincount(group, most, len(amount)) > amount)[group])
    if not len(who):
        return most.copy()
    ascending = who[np.lexsort((most[who], group[who]))]
    mine, want = group[ascending], most[ascending]
    heads = np.flatnonzero(np.append(True, mine[1:] != mine[:-1]))
    count = np.diff(heads, append=len(mine))
    head = np.repeat(heads, count)
    before = np.cumsum(want) - want
    levels = (amount[mine] - (before - before[head])) / (np.repeat(count, count) - np.arange(len(mine)) + head)
    short = np.where(levels <= want, np.arange(len(mine)), len(mine))
    first = np.minimum.reduceat(short, heads)  # none: the amount lacks no more than a rounding
    of_group = np.full(len(amount), np.inf)
    of_group[mine[heads]] = np.append(levels, np.inf)[first]
    return np.minimum(most, of_group[group])


def scale(group: np.ndarray, amount: np.ndarray, most: np.ndarray) -> np.ndarray:
    """The same share of `most` (n,) for all members of a group, 1 where its `amount` (groups,) >= 0
    does for them all; (n,)."""
    wanted = np.bincount(group, most, len(amount))
    tight = wanted > amount
    share = np.where(tight, np.where(tight, amount, 0.0) / np.where(tight, wanted, 1.0), 1.0)
    return most * share[group]
