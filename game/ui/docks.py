"""Where panels sit: docks at the edges, an order in each, open or closed. No graphics.

A seating is what a person arranges; `arrangement` fits it into a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from game.look import View

LEFT, RIGHT, BOTTOM = DOCKS = ("left", "right", "bottom")
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

    def bring(self, panel: str) -> None:
        """A panel goes before all others, in every view."""
        for seats in self.seats.values():
            for seat in seats:
                if seat.panel == panel:
                    self.touch(seat)

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
