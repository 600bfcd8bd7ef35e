"""Tables: stable generational ids, growth, reuse of slots, names, queries, copies."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.table import Column, StaleId, Table

COLUMNS = (
    Column("energy", "f8", "kWh", 1.5, "a float"),
    Column("zone", "i4", "slot", -1, "an integer"),
    Column("on", "?", "", True, "a flag"),
)


def table(capacity=16, columns=COLUMNS):
    return Table(columns, capacity)


def digest(of: Table) -> str:
    hashed = hashlib.blake2b()
    of.update_digest(hashed)
    return hashed.hexdigest()


def test_new_rows_take_defaults_scalars_and_arrays():
    t = table()
    rows = t.add(3, zone=[4, 5, 6], on=False)
    assert rows.tolist() == [0, 1, 2] and len(t) == 3
    assert t.energy.tolist() == [1.5] * 3
    assert t.zone.tolist() == [4, 5, 6]
    assert t.on.tolist() == [False] * 3


@pytest.mark.parametrize("capacity", [0, 1, 2, 16])
def test_growth_past_capacity_keeps_rows_ids_and_dtypes(capacity):
    t = table(capacity)
    ids = [int(t.ids(t.add(1, energy=float(k), zone=k))[0]) for k in range(100)]
    assert t.energy.tolist() == [float(k) for k in range(100)]
    assert t.zone.tolist() == list(range(100))
    assert [t.row(i) for i in ids] == list(range(100))
    assert (t.energy.dtype, t.zone.dtype, t.on.dtype) == (np.float64, np.int32, np.bool_)


def test_a_freed_slot_is_used_again_lowest_first_with_its_defaults():
    t = table()
    t.add(5, zone=7, energy=9.0)
    t.remove([3, 1])
    assert t.add(3).tolist() == [1, 3, 5]
    assert t.zone.tolist() == [7, -1, 7, -1, 7, -1]
    assert t.energy.tolist() == [9.0, 1.5, 9.0, 1.5, 9.0, 1.5]


def test_stale_ids_are_refused_also_after_their_slot_is_used_again():
    t = table()
    old = int(t.ids(t.add(2))[1])
    t.remove(1)
    with pytest.raises(StaleId):
        t.row(old)
    t.add(1)
    with pytest.raises(StaleId):
        t.row(old)
    fresh = int(t.ids([1])[0])
    assert fresh != old and t.row(fresh) == 1


@pytest.mark.parametrize("wrong", [-1, 2, 1 << 32, 12345678901234])
def test_ids_never_given_out_are_refused(wrong):
    t = table()
    t.add(2)
    with pytest.raises(StaleId):
        t.row(wrong)


@pytest.mark.parametrize("wrong", [-1, 2, 1000])
def test_removing_what_is_not_there_is_refused(wrong):
    t = table()
    t.add(2)
    with pytest.raises(StaleId):
        t.remove(wrong)
    assert t.rows().tolist() == [0, 1]


def test_removing_twice_is_refused():
    t = table()
    t.add(2)
    t.remove(0)
    with pytest.raises(StaleId):
        t.remove(0)


def test_names_find_their_rows_until_they_are_removed():
    t = table()
    t.add(2, ["A", "B"])
    assert (t.find("A"), t.find("B"), t.find("C")) == (0, 1, None)
    t.remove(0)
    assert t.find("A") is None and t.names == [None, "B"]
    assert t.add(1, ["A"]).tolist() == [0] and t.find("A") == 0


@pytest.mark.parametrize("names", [["B"], ["X", "X"], ["X"], ["X", "Y", "Z"]])
def test_bad_names_are_refused_and_change_nothing(names):
    t = table()
    t.add(2, ["A", "B"])
    before = digest(t)
    with pytest.raises(ValueError):
        t.add(1 if names == ["B"] else 2, names)
    assert digest(t) == before and t.slots == 2


def test_an_unknown_column_is_refused_and_changes_nothing():
    t = table()
    t.add(2)
    with pytest.raises(KeyError, match="colour"):
        t.add(1, colour=3)
    assert t.slots == 2


def test_values_of_the_wrong_shape_are_refused_and_change_nothing():
    t = table()
    t.add(3, zone=8)
    t.remove(1)
    before = digest(t)
    with pytest.raises(ValueError):
        t.add(2, energy=[1.0, 2.0, 3.0])
    assert digest(t) == before
    assert t.add(2, zone=9).tolist() == [1, 3]


def test_queries_come_in_ascending_order_and_leave_out_the_dead():
    t = table()
    t.add(6, zone=[2, 1, 2, 1, 2, 1])
    t.remove([4, 1])
    t.add(1, zone=2)
    assert t.rows().tolist() == [0, 1, 2, 3, 5]
    assert t.rows(t.zone == 2).tolist() == [0, 1, 2]
    assert t.rows(t.zone == 99).tolist() == []


def test_a_copy_and_its_original_go_separate_ways():
    t = table(2)
    t.add(3, ["A", "B", "C"], energy=[1.0, 2.0, 3.0])
    t.remove(1)
    twin = t.copy()
    assert digest(twin) == digest(t) and twin.ids(twin.rows()).tolist() == t.ids(t.rows()).tolist()
    twin.energy[0] = 50.0
    twin.add(2, ["B", "D"])
    assert t.energy.tolist()[0] == 1.0 and t.find("D") is None and t.slots == 3
    t.remove(0)
    assert twin.find("A") == 0 and twin.alive[0]
    assert t.add(1).tolist() == [0], "free slots are the copy's own"


class TestDigest:
    def test_is_independent_of_capacity(self):
        small, large = table(1), table(500)
        for t in (small, large):
            t.add(20, energy=np.arange(20.0))
        assert digest(small) == digest(large)

    def test_is_independent_of_what_dead_rows_held(self):
        one, other = table(), table()
        one.add(3, energy=[1.0, 2.0, 3.0], zone=5)
        other.add(3, energy=[1.0, 99.0, 3.0], zone=5)
        for t in (one, other):
            t.remove(1)
        assert digest(one) == digest(other)

    def test_is_independent_of_the_order_of_columns(self):
        one, other = table(), table(columns=COLUMNS[::-1])
        for t in (one, other):
            t.add(2, ["A", "B"], energy=[1.0, 2.0], zone=3, on=False)
        assert digest(one) == digest(other)

    def test_knows_one_nan_and_no_negative_zero(self):
        one, other = table(), table()
        odd_nan = np.array([0x7FF8_0000_0000_0123], np.uint64).view(np.float64)[0]
        one.add(2, energy=[np.nan, 0.0])
        other.add(2, energy=[0.0, -0.0])
        other.energy[0] = odd_nan
        assert digest(one) == digest(other)
        other.energy[0] = -np.nan
        assert digest(one) == digest(other)

    @pytest.mark.parametrize("column, value", [
        ("energy", np.nextafter(1.5, 2.0)), ("energy", np.nan), ("energy", np.inf),
        ("zone", 0), ("on", False)])
    def test_sees_any_single_value(self, column, value):
        one, other = table(), table()
        for t in (one, other):
            t.add(3)
        getattr(other, column)[1] = value
        assert digest(one) != digest(other)

    def test_sees_names(self):
        one, other = table(), table()
        one.add(1, ["A"])
        other.add(1, ["B"])
        assert digest(one) != digest(other)

    def test_sees_which_column_holds_a_value(self):
        columns = (Column("a", "f8", "", 0.0, ""), Column("b", "f8", "", 0.0, ""))
        one, other = table(columns=columns), table(columns=columns)
        one.add(1, a=1.0)
        other.add(1, b=1.0)
        assert digest(one) != digest(other)

    def test_sees_the_generation_of_a_row(self):
        one, other = table(), table()
        one.add(1)
        other.add(1)
        other.remove(0)
        other.add(1)
        assert digest(one) != digest(other)


@given(st.lists(st.one_of(st.integers(1, 5), st.integers(-12, -1)), max_size=30),
       st.integers(0, 4))
def test_any_history_of_adding_and_removing_agrees_with_a_dictionary(history, capacity):
    t, known, gone, number = table(capacity), {}, [], 0
    for step in history:
        if step > 0:
            rows = t.add(step, zone=np.arange(number, number + step))
            for row, entity in zip(rows.tolist(), t.ids(rows).tolist()):
                assert entity not in known and entity not in gone
                known[entity] = (row, number)
                number += 1
        elif known:
            entity = sorted(known)[-step % len(known)]
            t.remove(t.row(entity))
            gone.append(entity)
            del known[entity]
    assert len(t) == len(known)
    assert sorted(row for row, _ in known.values()) == t.rows().tolist()
    for entity, (row, value) in known.items():
        assert t.row(entity) == row and t.zone[row] == value
    for entity in gone:
        with pytest.raises(StaleId):
            t.row(entity)
