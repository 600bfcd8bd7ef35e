"""Where panels sit: docks at the edges, an order in each, open or closed. No graphics.

A seating is what a person arranges; `arrange` fits one dock's panels into the room there is. The
centre belongs to the scene, so what does not fit shows only its heading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from game.look import View

LEFT, RIGHT, BOTTOM = DOCKS = ("left", "right", "bottom")
HEAD, GAP = 26.0, 6.0
FIRST = "lesson score moments branches difference"
"""Panels that are there only while there is an exercise, a debrief or a branch: above all others of the right dock."""


@dataclass
class Seat:
    """A panel's place; of two that compete for room the one with the higher `touched` is open."""

    panel: str
    dock: str
    open: bool = True
    touched: int = 0


def _seats(left: str = "", right: str = "", bottom: str = "alerts") -> list[Seat]:
    return [Seat(name.strip("-"), dock, not name.startswith("-"))
            for dock, names in zip(DOCKS, (left, right, bottom)) for name in names.split()]


def standard() -> dict[View, list[Seat]]:
    """The seating that Voltyard starts with; a dash in front is closed."""
    return {
        View.INTEGRATED: _seats("fleet grid load price", f"{FIRST} course log -soc -stress -renewable"),
        View.V2G: _seats("earnings earners health price", f"{FIRST} course log -soc -bill"),
        View.OCPP: _seats("network connectors", f"{FIRST} statuses course log -load"),
        View.PERFORMANCE: _seats("performance frames changes", f"{FIRST} drawn pace course log -load"),
    }


def charts() -> dict[View, list[Seat]]:
    """More charts: those of the right edge open."""
    seating = standard()
    for seats in seating.values():
        for seat in seats:
            seat.open = True
    return seating


def quiet() -> dict[View, list[Seat]]:
    """Headings only; what happens still shows."""
    seating = standard()
    for seats in seating.values():
        for seat in seats:
            seat.open = seat.panel == "alerts"
    return seating


BUILT_IN = {"standard": standard, "charts": charts, "quiet": quiet}


class Slot(NamedTuple):
    """Where a panel is shown in its dock: from `top`, `height` with its heading."""

    top: float
    height: float
    open: bool


def arrange(seats: list[Seat], bodies: list[float], room: float, narrow: bool) -> list[Slot | None]:
    """Slots from the top down for `seats` with those heights of bodies, in `room`.

    Those that are closed, or find no room, show their heading. A narrow picture has only one
    open, and only if a person touched it. Where even headings lack room the last are left out
    (None), but not the one touched last.
    """
    shown = [False] * len(seats)
    used = len(seats) * (HEAD + GAP) - GAP
    ranking = sorted(range(len(seats)), key=lambda k: (-seats[k].touched, k))
    for k in ranking:
        if seats[k].open and used + bodies[k] <= room and not (narrow and (
                any(shown) or not seats[k].touched)):
            shown[k] = True
            used += bodies[k]
    alone = None
    if seats and not any(shown):
        first = ranking[0]
        if seats[first].open and seats[first].touched and HEAD + bodies[first] <= room:
            alone, shown[first] = first, True
            room -= bodies[first]
    slots, top, left = [], 0.0, int((room + GAP) // (HEAD + GAP))
    for k in range(len(seats)):
        keep = k == alone or k < (left if alone is None or alone < left else left - 1)
        if not keep:
            slots.append(None)
            continue
        height = HEAD + (bodies[k] if shown[k] else 0.0)
        slots.append(Slot(top, height, shown[k]))
        top += height + GAP
    return slots


class Seating:
    """The seats of every view mode, and what a person does to them."""

    def __init__(self, seats: dict[View, list[Seat]] | None = None):
        self.seats = seats or standard()
        self._count = max((seat.touched for each in self.seats.values() for seat in each), default=0)

    def of(self, view: View, dock: str) -> list[Seat]:
        """Seats of a dock, in order."""
        return [seat for seat in self.seats[view] if seat.dock == dock]

    def fold(self, seat: Seat, shown_open: bool) -> None:
        """Close a panel that is shown open, else open it before all others."""
        seat.open = not shown_open
        self.touch(seat)

    def touch(self, seat: Seat) -> None:
        """It was used last."""
        self._count += 1
        seat.touched = self._count

    def move(self, view: View, seat: Seat, dock: str, before: Seat | None = None) -> None:
        """Put a panel into a dock, before another or at its end."""
        if before is seat:
            return
        seats = self.seats[view]
        seats.remove(seat)
        seat.dock = dock
        seats.insert(seats.index(before) if before is not None else len(seats), seat)

    def facts(self) -> dict:
        """As JSON can hold it."""
        return {view.name.lower(): [[seat.panel, seat.dock, seat.open] for seat in seats]
                for view, seats in self.seats.items()}
