"""Worlds: values that copy cheaply, live side by side, and digest."""

import numpy as np
import pytest

from entities.archetypes import ARCHETYPES
from entities.world import World


def filled() -> World:
    world = World()
    for name, table in world.tables.items():
        table.add(3, [f"{name}-{k}" for k in range(3)])
    return world


def test_each_archetype_is_a_table_with_its_columns():
    world = World()
    assert list(world.tables) == list(ARCHETYPES)
    for name, columns in ARCHETYPES.items():
        assert getattr(world, name) is world.tables[name]
        assert [c.name for c in world.tables[name].columns] == [c.name for c in columns]


def test_every_column_of_an_archetype_has_its_own_name_and_a_meaning():
    for columns in ARCHETYPES.values():
        names = [c.name for c in columns]
        assert len(set(names)) == len(names)
        assert all(c.doc for c in columns)
        assert all(c.unit for c in columns if c.dtype == "f8")


def test_two_worlds_side_by_side_do_not_know_of_each_other():
    one, other = filled(), World()
    assert len(other.vehicle) == 0
    other.vehicle.add(1, ["vehicle-0"], capacity_kwh=70.0)
    assert one.vehicle.capacity_kwh.tolist() == [0.0, 0.0, 0.0]


def test_equal_worlds_digest_equal_and_the_digest_is_32_hex_digits():
    assert filled().digest() == filled().digest()
    assert len(filled().digest()) == 32
    assert set(filled().digest()) <= set("0123456789abcdef")


def test_a_copy_is_equal_and_independent_in_every_table():
    world = filled()
    before = world.digest()
    twin = world.copy()
    assert twin.digest() == before
    for name, table in twin.tables.items():
        assert getattr(twin, name) is table
        table.add(1)
        table.remove(0)
    assert world.digest() == before
    assert twin.digest() != before


@pytest.mark.parametrize("table, column", [
    (name, column.name) for name, columns in ARCHETYPES.items() for column in columns])
def test_the_digest_sees_every_column(table, column):
    world = filled()
    values = getattr(world.tables[table], column)
    before = world.digest()
    values[1] = not values[1] if values.dtype == bool else 17
    assert world.digest() != before


def test_the_digest_sees_which_table_a_row_is_in():
    one, other = World(), World()
    one.zone.add(1, ["x"])
    other.station.add(1, ["x"])
    assert one.digest() != other.digest()


def test_copying_shares_no_memory():
    world = filled()
    twin = world.copy()
    for name, table in world.tables.items():
        for column in table.columns:
            assert not np.shares_memory(getattr(table, column.name),
                                        getattr(twin.tables[name], column.name))
