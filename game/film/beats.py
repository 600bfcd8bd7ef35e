"""What of a debrief is worth a shot: its key moments, the costliest first, those that lie close together as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TELLING = ("loss", "decision", "inject", "alarm", "worst")
MOST, ENOUGH = 8, 5     # beats of a film; those that cost nothing are told up to ENOUGH only
APART = 1.0 / 30.0      # of the run: moments closer than that are one shot


@dataclass
class Beat:
    """An instant (s), and what there is to tell of it up to `until_s`.

    `lines` are (kind, words), the most telling first, and the first was so many `times`; `lost` are the points
    lost there; `decision` is the one
    that was worth most, as (words, points that the run loses without it alone); `about` the name of what it
    is about, `hub` for the whole site.
    """

    t_s: float
    until_s: float
    lines: list[tuple[str, str]]
    lost: float = 0.0
    decision: tuple[str, float] | None = None
    about: str = "hub"
    times: int = 1

    @property
    def cost(self) -> float:
        """Points by which beats are chosen."""
        return self.lost + abs(self.decision[1] if self.decision else 0.0)


def beats(told: dict, kind_of: Callable[[str], str | None], most: int = MOST) -> list[Beat]:
    """The beats of a debrief (`sim.training.debrief`), at most so many, in order of time. `kind_of` says what
    kind of thing has a name, None where nothing has it."""
    instants = _alike(_instants(told))
    apart_s = told["until_s"] * APART
    chosen: list[Beat] = []
    for one in sorted(instants, key=lambda one: (-one.cost, TELLING.index(one.lines[0][0]), one.t_s)):
        room = len(chosen) < (most if one.cost > 0.0 else min(most, ENOUGH))
        if room and all(abs(one.t_s - other.t_s) >= apart_s for other in chosen):
            chosen.append(one)
    for one in instants:
        near = [other for other in chosen if abs(one.t_s - other.t_s) < apart_s]
        if near and not any(one is other for other in chosen):
            _take_in(min(near, key=lambda other: abs(one.t_s - other.t_s)), one)
    for beat in chosen:
        beat.about = next((name for _, words in beat.lines for name in names_in(words, kind_of)), "hub")
    return sorted(chosen, key=lambda beat: beat.t_s)


def names_in(words: str, kind_of: Callable[[str], str | None]) -> list[str]:
    """The names of things in words, zones after what stands in them."""
    parts = [part.strip(",;:.()\"'") for part in re.split(r"\s+", words)]
    found = {" ".join(parts[a:b]): None for b in range(1, len(parts) + 1) for a in range(max(b - 3, 0), b)}
    named = [(name, kind) for name in found if name and (kind := kind_of(name)) not in (None, "hub")]
    return [name for name, kind in sorted(named, key=lambda one: one[1] == "zone")]


def left_at(told: dict, t_s: float) -> float:
    """Points that are left of 100 once an instant (s) has passed."""
    return max(100.0 - sum(loss["points"] for loss in losses_of(told) if loss["t_s"] <= t_s + 1e-6), 0.0)


def losses_of(told: dict) -> list[dict]:
    """All points lost, hints among them."""
    sheet = told["sheet"]
    return [loss for part in sheet["objectives"] for loss in part["losses"]] + sheet["hints"]


def _instants(told: dict) -> list[Beat]:
    """Each instant at which there was something, in order of time."""
    by_time: dict[float, Beat] = {}
    points: dict[tuple[float, str], float] = {}
    losses = [(loss["t_s"], "loss", loss["why"], loss["points"]) for loss in losses_of(told)]
    others = [(moment["t"], moment["kind"], moment["text"], 0.0) for moment in told["moments"]
              if moment["kind"] in TELLING[1:]]
    for t_s, kind, words, lost in losses + others:
        beat = by_time.setdefault(t_s, Beat(t_s, t_s, []))
        beat.lines.append((kind, words))
        beat.lost += lost
        points[t_s, words] = lost
    for decision in told["decisions"]:
        beat = by_time.get(decision["t"])
        if beat is not None:
            beat.decision = _greater(beat.decision, (decision["text"], decision["worth"]))
    for beat in by_time.values():
        beat.lines.sort(key=lambda line: (TELLING.index(line[0]), -points[beat.t_s, line[1]]))
    return sorted(by_time.values(), key=lambda beat: beat.t_s)


def _alike(instants: list[Beat]) -> list[Beat]:
    """Instants in order; those that follow each other and tell the same are one."""
    found: list[Beat] = []
    for one in instants:
        if found and found[-1].lines == one.lines and found[-1].decision is one.decision is None:
            last = found[-1]
            last.lost, last.until_s, last.times = last.lost + one.lost, one.t_s, last.times + 1
        else:
            found.append(one)
    return found


def _take_in(beat: Beat, other: Beat) -> None:
    """What was close by is told with it."""
    beat.lost += other.lost
    beat.until_s = max(beat.until_s, other.until_s)
    beat.decision = _greater(beat.decision, other.decision)
    beat.lines = [*dict.fromkeys([*beat.lines, *other.lines])]


def _greater(a: tuple[str, float] | None, b: tuple[str, float] | None) -> tuple[str, float] | None:
    return max((one for one in (a, b) if one is not None), key=lambda one: abs(one[1]), default=None)
