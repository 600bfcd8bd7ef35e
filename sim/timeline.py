"""The event queue: simpy, with exact times and a stated order of what happens at one instant.

Everything that happens is an event with a callback, and no process (a generator) waits for one, so that
a timeline and what its callbacks belong to can be copied in mid-run.

simpy schedules by delay, so `now + (t - now)` may miss `t` by a rounding; here an event is
entered at the very float it is meant for, and two things meant for 18:30 meet at 18:30.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from enum import IntEnum
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from types import CellType, FunctionType

import simpy


class Order(IntEnum):
    """What goes first when several things happen at one instant."""

    TURN = 1
    PRICE = 2
    CROSSING = 3
    DEPARTURE = 4
    INJECT = 5
    ARRIVAL = 6
    CONTROL = 7
    CHECKPOINT = 8
    STANDING = 9
    OPERATOR = 10


class Timeline(simpy.Environment):
    """A simpy environment whose queue is keyed (time s, Order, running number); `processed` counts
    the events that have happened."""

    processed = 0

    def at(self, t: float, order: Order, callback: Callable[[simpy.Event], None],
           value=None) -> None:
        """Call `callback(event)` at exactly `t` (s, not before now), with `value` as event.value."""
        event = simpy.Event(self)
        event._ok, event._value = True, value
        event.callbacks.append(callback)
        heappush(self._queue, (t, order, next(self._eid), event))

    def watch(self, first: int, interval_s: float, until_s: float, callback: Callable[[float], None]) -> None:
        """Call `callback(t)` at `first` times the interval and every interval from then on, last of all
        but operators, up to `until_s`. Copies do not: who watches one run knows nothing of another."""
        if first * interval_s <= until_s:
            self.at(first * interval_s, Order.CHECKPOINT,
                    _Watch(partial(self._watched, first, interval_s, until_s, callback)))

    def _watched(self, k: int, interval_s: float, until_s: float, callback, _event) -> None:
        callback(k * interval_s)
        self.watch(k + 1, interval_s, until_s, callback)

    def __deepcopy__(self, memo: dict) -> Timeline:
        """The same events in the same order, with callbacks of the copies of what they belong to."""
        twin = memo[id(self)] = Timeline(self._now)
        entered = next(self._eid)
        self._eid, twin._eid, twin.processed = count(entered), count(entered), self.processed
        for t, order, number, event in self._queue:
            callbacks = [_copied(callback, memo) for callback in event.callbacks
                         if not isinstance(callback, _Watch)]
            if callbacks:
                again = simpy.Event(twin)
                again._ok, again._value = True, copy.deepcopy(event._value, memo)
                again.callbacks = callbacks
                twin._queue.append((t, order, number, again))
        heapify(twin._queue)
        return twin

    def run_through(self, t: float) -> None:
        """Process everything up to and including `t`, then stand at `t`.

        simpy's own `run(until=t)` leaves what happens at exactly `t` undone.
        """
        queue = self._queue
        while queue and queue[0][0] <= t:
            self._now, _, _, event = heappop(queue)
            self.processed += 1
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
        self._now = t


class _Watch:
    """The callback of somebody outside the run."""

    def __init__(self, call: Callable[[simpy.Event], None]):
        self._call = call

    def __call__(self, event: simpy.Event) -> None:
        self._call(event)


def _copied(part, memo: dict):
    """A deep copy that also enters what a function holds on to (`copy.deepcopy` shares functions)."""
    if not isinstance(part, FunctionType):
        return copy.deepcopy(part, memo)
    if not part.__closure__ and not part.__defaults__:
        return part
    cells = tuple(CellType(_copied(cell.cell_contents, memo)) for cell in part.__closure__ or ())
    defaults = tuple(_copied(value, memo) for value in part.__defaults__ or ())
    return FunctionType(part.__code__, part.__globals__, part.__name__, defaults or None, cells or None)
