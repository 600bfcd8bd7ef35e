"""A growable struct of arrays with stable generational ids.

A row keeps its slot for as long as it lives, so an index into the columns is good
between frames and between events. A slot that was freed is used again, lowest first,
under a new generation; an id that names the old tenant is refused, never misread.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

GENERATION_SHIFT = 32
SLOT_MASK = (1 << GENERATION_SHIFT) - 1


class Column(NamedTuple):
    """One named column: `dtype` as numpy spells it, `unit` as the field spells it."""

    name: str
    dtype: str
    unit: str
    default: float
    doc: str


class StaleId(KeyError):
    """An id whose row is gone, or was never given out."""


class Table:
    """Rows of one archetype. Every column is an attribute: `table.energy0_kwh[row]`.

    Column arrays have shape (slots,), dead rows included; `alive` is the mask over them.
    `add` may replace the arrays, so hold the table, not the array, across an `add`.
    `names` gives each slot its name ("C-07"), None where a row has none or is dead.
    """

    def __init__(self, columns: tuple[Column, ...], capacity: int = 16):
        self.columns = columns
        self.names: list[str | None] = []
        self._slots = 0
        self._free: list[int] = []
        self._by_name: dict[str, int] = {}
        self._store = {c.name: np.full(capacity, c.default, c.dtype) for c in columns}
        self._store_alive = np.zeros(capacity, bool)
        self._store_generation = np.zeros(capacity, np.int64)
        self._expose()

    def __len__(self) -> int:
        """The number of live rows."""
        return int(np.count_nonzero(self.alive))

    @property
    def slots(self) -> int:
        """The length of every column: live rows and freed slots."""
        return self._slots

    def add(self, count: int = 1, names: list[str] | None = None, **values) -> np.ndarray:
        """Add `count` rows; returns their slots, int64 of shape (count,).

        `values` are scalars or arrays of shape (count,), by column name; columns that are
        not named take their default. Raises KeyError for an unknown column, ValueError
        for a name already in use or twice in `names` and for values of another shape; the
        table is then as it was.
        """
        unknown = values.keys() - self._store.keys()
        if unknown:
            raise KeyError(f"no column {sorted(unknown)[0]!r}")
        if names is not None:
            if len(names) != count or len(set(names)) != count:
                raise ValueError("names must be as many as the rows, and all different")
            taken = [name for name in names if name in self._by_name]
            if taken:
                raise ValueError(f"the name {taken[0]!r} is taken")
        filled = {name: np.broadcast_to(np.asarray(value, self._store[name].dtype), count)
                  for name, value in values.items()}
        reused = [heapq.heappop(self._free) for _ in range(min(count, len(self._free)))]
        fresh = range(self._slots, self._slots + count - len(reused))
        rows = np.array([*reused, *fresh], np.int64)
        self._reserve(self._slots + len(fresh))
        self._slots += len(fresh)
        self.names.extend([None] * len(fresh))
        self._expose()
        for column in self.columns:
            self._store[column.name][rows] = filled.get(column.name, column.default)
        self.alive[rows] = True
        for name, row in zip(names or (), rows.tolist()):
            self.names[row] = name
            self._by_name[name] = row
        return rows

    def remove(self, rows) -> None:
        """Free the given live slots; their ids become stale. Raises StaleId if one is dead."""
        for row in np.atleast_1d(np.asarray(rows, np.int64)).tolist():
            if not (0 <= row < self._slots and self.alive[row]):
                raise StaleId(row)
            self.alive[row] = False
            self.generation[row] += 1
            self._by_name.pop(self.names[row], None)
            self.names[row] = None
            heapq.heappush(self._free, row)

    def rows(self, where: np.ndarray | None = None) -> np.ndarray:
        """Live slots in ascending order, those where the mask `where` (slots,) holds."""
        return np.flatnonzero(self.alive if where is None else self.alive & where)

    def find(self, name: str) -> int | None:
        """The slot of the row with that name, or None."""
        return self._by_name.get(name)

    def ids(self, rows) -> np.ndarray:
        """Ids of live slots: generation << 32 | slot, int64."""
        rows = np.asarray(rows, np.int64)
        return self.generation[rows] << GENERATION_SHIFT | rows

    def row(self, entity_id: int) -> int:
        """The slot that an id names; raises StaleId when its row is gone."""
        slot, generation = int(entity_id) & SLOT_MASK, int(entity_id) >> GENERATION_SHIFT
        if slot >= self._slots or not self.alive[slot] or self.generation[slot] != generation:
            raise StaleId(entity_id)
        return slot

    def copy(self) -> Table:
        """An independent table with the same rows, ids and free slots."""
        twin = Table.__new__(Table)
        twin.columns = self.columns
        twin.names = self.names.copy()
        twin._slots = self._slots
        twin._free = self._free.copy()
        twin._by_name = self._by_name.copy()
        twin._store = {name: store.copy() for name, store in self._store.items()}
        twin._store_alive = self._store_alive.copy()
        twin._store_generation = self._store_generation.copy()
        twin._expose()
        return twin

    def update_digest(self, digest) -> None:
        """Feed the live rows, slot by slot order, to a hashlib object.

        Bytes are the same on every platform: little-endian, one NaN, no negative zero,
        columns by name. Two tables with the same live rows digest the same, whatever
        their capacity and the order in which columns were declared.
        """
        rows = self.rows()
        digest.update(self.ids(rows).astype("<i8").tobytes())
        digest.update("\0".join(self.names[row] or "" for row in rows.tolist()).encode())
        for name in sorted(self._store):
            values = self._store[name][rows]
            if values.dtype.kind == "f":
                values = np.where(np.isnan(values), np.nan, values + 0.0)
            digest.update(f"\n{name}:{values.dtype.kind}{values.itemsize}\n".encode())
            digest.update(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())

    def _reserve(self, slots: int) -> None:
        capacity = len(self._store_alive)
        if slots <= capacity:
            return
        capacity = max(slots, 2 * capacity)
        for column in self.columns:
            grown = np.full(capacity, column.default, column.dtype)
            grown[: self._slots] = self._store[column.name][: self._slots]
            self._store[column.name] = grown
        self._store_alive = np.concatenate(
            [self._store_alive, np.zeros(capacity - len(self._store_alive), bool)])
        self._store_generation = np.concatenate(
            [self._store_generation, np.zeros(capacity - len(self._store_generation), np.int64)])

    def _expose(self) -> None:
        """Point the column attributes at the used part of the stores."""
        for name, store in self._store.items():
            setattr(self, name, store[: self._slots])
        self.alive = self._store_alive[: self._slots]
        self.generation = self._store_generation[: self._slots]
