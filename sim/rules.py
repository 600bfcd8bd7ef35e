"""Conditions on a running model, as people write them: `stress > 0.9 for 10m`,
`import of pool > 80 kW and price >= 0.4`.

A condition is looked at when a control tick is done and never between two ticks. With `for` it is
met when it has held at every tick of a stretch that long. Comparisons with what a scenario does not
have are never true.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entities.components import NONE
from sim.quantities import QUANTITIES
from sim.timing import parse_duration
from sim.words import NotUnderstood, Word, quoted, words

if TYPE_CHECKING:
    from sim.model import Model

SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class Comparison:
    """One figure against a number; `zone` is a name, None for the site."""

    quantity: str
    zone: str | None
    sign: str
    number: float

    def holds(self, model: Model) -> bool:
        """Whether it does now."""
        zone = NONE if self.zone is None else model.world.zone.find(self.zone)
        return bool(SIGNS[self.sign](QUANTITIES[self.quantity].read(model, zone), self.number))

    def __str__(self) -> str:
        place = "" if self.zone is None else f" of {quoted(self.zone)}"
        unit = QUANTITIES[self.quantity].unit
        return f"{self.quantity}{place} {self.sign} {self.number!r}".removesuffix(".0") \
            + (f" {unit}" if unit else "")


@dataclass(frozen=True)
class Condition:
    """Comparisons that hold together, for `lasting_s` (0: at one tick)."""

    parts: tuple[Comparison, ...]
    lasting: str | None = None

    @property
    def lasting_s(self) -> float:
        """For how long it has to hold, s."""
        return 0.0 if self.lasting is None else parse_duration(self.lasting)

    def holds(self, model: Model) -> bool:
        """Whether all its comparisons do now."""
        return all(part.holds(model) for part in self.parts)

    def refusal(self, model: Model) -> str | None:
        """What it names that the model does not have, in words, or None."""
        for part in self.parts:
            if part.zone is not None and model.world.zone.find(part.zone) is None:
                return f"no zone {part.zone!r}"
            untold = QUANTITIES[part.quantity].untold(model)
            if untold is not None:
                return f"there is no {part.quantity}: {untold}"
        return None

    def __str__(self) -> str:
        return " and ".join(map(str, self.parts)) + (f" for {self.lasting}" if self.lasting else "")


class Watch:
    """A condition followed through a run: call it at every tick."""

    def __init__(self, condition: Condition):
        self.condition = condition
        self._since_s: float | None = None

    def met(self, model: Model) -> bool:
        """Whether it is met at this tick."""
        if not self.condition.holds(model):
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = model.now_s
        return model.now_s - self._since_s >= self.condition.lasting_s


def parse_condition(text: str) -> Condition:
    """The condition of a text. Raises NotUnderstood, an InputError, that says at which word what
    was expected."""
    found = words(text)
    condition, used = read_condition(found, 0, len(text))
    if used < len(found):
        raise _expected(found, used, len(text), "'and', 'for' or the end")
    return condition


def read_condition(found: list[Word], at: int, end: int) -> tuple[Condition, int]:
    """The condition that begins at word `at`, and the word behind it; `end` is the line's length."""
    parts = []
    while True:
        part, at = _comparison(found, at, end)
        parts.append(part)
        if not (at < len(found) and found[at].means("and")):
            break
        at += 1
    lasting = None
    if at < len(found) and found[at].means("for"):
        lasting, at = read_duration(found, at + 1)
        if lasting is None:
            raise _expected(found, at, end, "a duration such as 10m")
    return Condition(tuple(parts), lasting), at


def read_duration(found: list[Word], at: int) -> tuple[str | None, int]:
    """The longest duration that begins at word `at` (None: there is none), and the word behind it."""
    lasting, used = None, at
    for until in range(at + 1, len(found) + 1):
        text = " ".join(word.text for word in found[at:until])
        try:
            seconds = parse_duration(text)
        except ValueError:
            if until - at >= 2:
                break
            continue
        if seconds <= 0.0 or any(word.quoted for word in found[at:until]):
            break
        lasting, used = text, until
    return lasting, used


def _comparison(found: list[Word], at: int, end: int) -> tuple[Comparison, int]:
    def word(what: str) -> Word:
        if at >= len(found):
            raise _expected(found, at, end, what)
        return found[at]

    name = word("a figure such as stress").text.lower()
    if found[at].quoted or name not in QUANTITIES:
        raise _expected(found, at, end, f"a figure, one of {', '.join(QUANTITIES)}")
    quantity, zone = QUANTITIES[name], None
    at += 1
    if at < len(found) and found[at].means("of"):
        if not quantity.by_zone:
            raise _expected(found, at, end, f"a sign, for {name} is of the whole site")
        at += 1
        zone = word("a zone's name").text
        at += 1
    sign = word("one of > >= < <= =").text
    if sign not in SIGNS or found[at].quoted:
        raise _expected(found, at, end, "one of > >= < <= =")
    at += 1
    try:
        text = word("a number").text
        number = float(text.removesuffix("%") if quantity.unit == "%" else text)
        if number != number or found[at].quoted:
            raise ValueError
    except ValueError:
        raise _expected(found, at, end, "a number") from None
    at += 1
    if quantity.unit and at < len(found) and found[at].means(quantity.unit.lower()):
        at += 1
    return Comparison(name, zone, sign, number), at


def _expected(found: list[Word], at: int, end: int, what: str) -> NotUnderstood:
    if at < len(found):
        return NotUnderstood(f"word {at + 1} {found[at].text!r}: expected {what}",
                             found[at].start, found[at].end)
    return NotUnderstood(f"word {at + 1}: expected {what}", end, end)
