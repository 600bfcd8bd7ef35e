"""The event queue: simpy, with exact times and a stated order of what happens at one instant.

simpy schedules by delay, so `now + (t - now)` may miss `t` by a rounding; here an event is
entered at the very float it is meant for, and two things meant for 18:30 meet at 18:30.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from heapq import heappop, heappush

import simpy


class Order(IntEnum):
    """What goes first when several things happen at one instant (simpy starts a new process
    with 0, and resumes one whose event was triggered with 1)."""

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

    def until(self, t: float, order: Order) -> simpy.Event:
        """An event to yield that happens at exactly `t` (s, not before now)."""
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (t, order, next(self._eid), event))
        return event

    def at(self, t: float, order: Order, callback: Callable[[simpy.Event], None],
           value=None) -> None:
        """Call `callback(event)` at exactly `t`, with `value` as event.value."""
        event = self.until(t, order)
        event._value = value
        event.callbacks.append(callback)

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
            if not event._ok and not event.defused:
                raise event._value
        self._now = t
