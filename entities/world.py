"""A world: one table an archetype. Worlds are values; any number live side by side."""

from __future__ import annotations

import hashlib

from entities.archetypes import ARCHETYPES
from entities.table import Table


class World:
    """Every table is an attribute named as its archetype: `world.vehicle`."""

    hub: Table
    feeder: Table
    zone: Table
    station: Table
    connector: Table
    curve: Table
    vehicle: Table
    session: Table

    def __init__(self):
        self.tables = {name: Table(columns) for name, columns in ARCHETYPES.items()}
        self.__dict__.update(self.tables)

    def copy(self) -> World:
        """An independent world; the cost is one memcpy a column."""
        twin = World.__new__(World)
        twin.tables = {name: table.copy() for name, table in self.tables.items()}
        twin.__dict__.update(twin.tables)
        return twin

    def digest(self) -> str:
        """Hash of everything that lives here, 32 hex digits, the same on every platform."""
        digest = hashlib.blake2b(digest_size=16)
        for name in sorted(self.tables):
            digest.update(f"\n[{name}]\n".encode())
            self.tables[name].update_digest(digest)
        return digest.hexdigest()
