"""The event queue: exact times, a stated order within an instant."""

import copy

import pytest

from sim.timeline import Order, Timeline


def test_things_happen_at_the_very_float_they_are_meant_for():
    line, seen = Timeline(), []
    times = [0.1 + 0.2, 0.3, 1e9 + 1e-6, 7.0]
    for t in times:
        line.at(t, Order.ARRIVAL, lambda _e: seen.append(line.now))
    line.run_through(2e9)
    assert seen == sorted(times) and line.now == 2e9


def test_within_an_instant_the_order_counts_then_who_was_entered_first():
    line, seen = Timeline(), []
    for k, order in enumerate(reversed(Order)):
        line.at(5.0, order, lambda e: seen.append(e.value), (order, k))
        line.at(5.0, order, lambda e: seen.append(e.value), (order, k + 100))
    line.run_through(5.0)
    assert [order for order, _ in seen] == sorted(2 * list(Order))
    assert all(a[1] < b[1] for a, b in zip(seen[::2], seen[1::2]))


def test_departures_come_before_arrivals_and_control_after_both():
    assert Order.PRICE < Order.CROSSING < Order.DEPARTURE < Order.INJECT < Order.ARRIVAL
    assert Order.ARRIVAL < Order.CONTROL < Order.CHECKPOINT < Order.OPERATOR


def test_run_through_includes_its_end_and_stops_there():
    line, seen = Timeline(), []
    for t in (1.0, 2.0, 2.0, 3.0):
        line.at(t, Order.CONTROL, lambda _e: seen.append(line.now))
    line.run_through(2.0)
    assert seen == [1.0, 2.0, 2.0] and line.now == 2.0
    line.run_through(2.5)
    assert seen == [1.0, 2.0, 2.0] and line.now == 2.5


def test_what_is_entered_for_now_still_happens_now():
    line, seen = Timeline(), []
    line.at(4.0, Order.CONTROL, lambda _e: line.at(4.0, Order.PRICE, lambda _e: seen.append(line.now)))
    line.run_through(4.0)
    assert seen == [4.0]


def test_an_error_in_a_callback_is_not_swallowed():
    line = Timeline()

    def act(_event):
        raise RuntimeError("broken")

    line.at(1.0, Order.ARRIVAL, act)
    with pytest.raises(RuntimeError, match="broken"):
        line.run_through(2.0)


class Counter:
    """Somebody whose callbacks stand in a timeline."""

    def __init__(self, line):
        self.line, self.seen = line, []

    def act(self, event):
        self.seen.append((self.line.now, event.value))


def test_a_copy_has_the_same_events_and_its_own_owners():
    line = Timeline()
    counter = Counter(line)
    line.at(1.0, Order.ARRIVAL, counter.act, "before")
    line.run_through(2.0)
    for name in "abc":
        line.at(3.0, Order.ARRIVAL, counter.act, name)
    line.at(3.0, Order.PRICE, lambda _event: counter.seen.append("a function"))

    def later(_event, name="default"):
        line.at(4.0, Order.PRICE, counter.act, name)

    line.at(3.5, Order.PRICE, later)
    twin = copy.deepcopy(counter)
    twin.line.run_through(5.0)
    assert counter.seen == [(1.0, "before")] and line.now == 2.0
    assert twin.seen == [(1.0, "before"), "a function", (3.0, "a"), (3.0, "b"), (3.0, "c"),
                         (4.0, "default")]
    line.run_through(5.0)
    assert counter.seen == twin.seen


def test_who_watches_one_run_does_not_watch_its_copy():
    line, seen = Timeline(), []
    line.watch(0, 10.0, 35.0, seen.append)
    line.run_through(15.0)
    twin = copy.deepcopy(line)
    twin.run_through(100.0)
    assert seen == [0.0, 10.0]
    line.run_through(100.0)
    assert seen == [0.0, 10.0, 20.0, 30.0]
