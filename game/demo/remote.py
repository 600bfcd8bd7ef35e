"""The presenter's remote: what a second process may ask of a tour, and how its answers read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from game.instructor.desk import Desk
from game.instructor.wire import Wire

ACTS = ("next", "previous", "pause", "jump", "status")
HELP = "Enter or n: next, p: previous, space: pause or go on, a stop's name or number: there, q: leave"


class TourDesk(Desk):
    """A window's desk that also answers a presenter, for a `Guide`."""

    def answer(self, request: dict) -> dict:
        if request.get("ask") != "present":
            return super().answer(request)
        return self._app.present(str(request.get("act")), request.get("stop"))


def ask(wire: Wire, act: str, stop: str | None = None) -> tuple[str, bool]:
    """Ask a window: what it says, in one line, and whether it did so."""
    told = wire.ask("present", act=act, stop=stop)
    refusal = told.get("refusal") or told.get("error")
    return (refusal, False) if refusal else (told_in_words(told), True)


def told_in_words(told: dict) -> str:
    """How a tour stands, in one line."""
    stops, here = told["stops"], told["stop"]
    state = ("a visitor has the controls" if not told["touring"] else "paused" if told["paused"] else
             f"{told['film_s']:.0f} of {told['of_s']:.0f} s")
    after = f"; next: {stops[here + 1]}" if here + 1 < len(stops) else ""
    said = f' "{told["said"]}"' if told["said"] else ""
    return f"{here + 1} of {len(stops)}: {stops[here]}, {state}{said}{after}"


def meant(line: str, stops: list[str]) -> tuple[str, str | None]:
    """What a line of the console asks for: an act and a stop."""
    word = line.strip("\r\n").lower()
    if word == " ":
        return "pause", None
    word = word.strip()
    short = {"": "next", "n": "next", "p": "previous", "b": "previous", "s": "status"}.get(word, word)
    if short in ACTS and short != "jump":
        return short, None
    if word.isdigit() and 1 <= int(word) <= len(stops):
        return "jump", stops[int(word) - 1]
    return "jump", word.removeprefix("jump").strip()


def converse(wire: Wire, lines: Iterable[str], out: TextIO) -> bool:
    """Carry out lines until `q` or their end; whether all could be."""
    told, well = wire.ask("present", act="status"), True
    print("Stops: " + ", ".join(f"{k} {name}" for k, name in enumerate(told["stops"], 1)), file=out)
    print(HELP, told_in_words(told), sep="\n", file=out, flush=True)
    for line in lines:
        if line.strip().lower() in ("q", "quit"):
            break
        words, done = ask(wire, *meant(line, told["stops"]))
        well &= done
        print(words, file=out, flush=True)
    return well
