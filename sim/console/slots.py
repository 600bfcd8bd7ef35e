"""What may stand where in a line: names, powers, times, words of a choice.

A slot reads a value from words and writes it back; `expected` says for people what it takes,
`candidates(scope)` are (text, meaning) of what could stand there, or one example.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from math import isfinite

from sim.console.scope import Scope
from sim.rules import read_duration
from sim.timing import DAY_S, parse_clock, parse_time, seconds_after_midnight
from sim.words import Word, quoted

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(.*)")
_ANY_START = datetime(1970, 1, 1, tzinfo=timezone.utc)
SITE_WORDS = ("site", "fleet", "depot", "all")


class Unfit(Exception):
    """The words are none of this slot's; the argument says more than `expected`, or is empty."""


def plain(number: float) -> str:
    """A number as it is typed: the shortest text that reads back the same."""
    return repr(float(number)).removesuffix(".0")


OTHER_UNITS = frozenset(("w", "mw", "gw", "wh", "kwh", "mwh", "va", "kva", "mva", "a", "v"))
"""What people may write after a number that is in another unit."""


@dataclass(frozen=True)
class Name:
    """The name of a zone, connector, ..."""

    what: str

    @property
    def expected(self) -> str:
        return f"a {self.what}"

    def read(self, words: list[Word], at: int, scope: Scope):
        name = scope.find(self.what, words[at].text)
        if name is None:
            near = difflib.get_close_matches(words[at].text, scope.names[self.what], 1)
            raise Unfit(f"a {self.what}" + (f" such as {near[0] if near else scope.names[self.what][0]}"
                                            if scope.names[self.what] else ", and there is none"))
        return name, at + 1

    def write(self, value: str, keywords: Iterable[str]) -> str:
        return quoted(value, keywords)

    def candidates(self, scope: Scope):
        return [(quoted(name), scope.told(self.what, name) or self.what)
                for name in scope.names.get(self.what, ()) if name is not None]


@dataclass(frozen=True)
class AnyName:
    """A name that is new."""

    expected: str

    def read(self, words: list[Word], at: int, _scope: Scope):
        return words[at].text, at + 1

    def write(self, value: str, keywords: Iterable[str]) -> str:
        return quoted(value, keywords)

    def candidates(self, _scope: Scope):
        return []


@dataclass(frozen=True)
class Text:
    """All words up to the line's end, or one in quotes."""

    expected: str

    def read(self, words: list[Word], at: int, _scope: Scope):
        rest = words[at:]
        if rest[0].quoted and len(rest) == 1:
            return rest[0].text, at + 1
        said = rest[0].text
        for before, word in zip(rest, rest[1:]):
            said += " " * min(word.start - before.end, 1) + word.text
        return said, len(words)

    def write(self, value: str, keywords: Iterable[str]) -> str:
        return quoted(value, keywords)

    def candidates(self, _scope: Scope):
        return []


@dataclass(frozen=True)
class OrderNumber:
    """The number of a standing order."""

    expected = "the number of an order"

    def read(self, words: list[Word], at: int, scope: Scope):
        if not words[at].text.isdigit():
            known = ", ".join(number for number, _ in scope.orders)
            raise Unfit(self.expected + (f", one of {known}" if known else ""))
        return int(words[at].text), at + 1

    def write(self, value: int, _keywords) -> str:
        return str(value)

    def candidates(self, scope: Scope):
        return list(scope.orders)


@dataclass(frozen=True)
class Where:
    """A zone, or the whole site, which is None; `word` is what that is called here."""

    word: str = "site"
    expected = "a zone or the site"

    def read(self, words: list[Word], at: int, scope: Scope):
        text = words[at].text
        if not words[at].quoted and text not in scope.names.get("zone", ()) and text.lower() in SITE_WORDS:
            return None, at + 1
        return Name("zone").read(words, at, scope)

    def write(self, value: str | None, keywords: Iterable[str]) -> str:
        return self.word if value is None else quoted(value, {*keywords, *SITE_WORDS})

    def candidates(self, scope: Scope):
        return [(self.word, "the whole site"), *Name("zone").candidates(scope)]


@dataclass(frozen=True)
class Number:
    """A number with or without its unit, which may be glued to it; `none` is the word for null."""

    expected: str
    unit: str = ""
    example: str = ""
    none: str | None = None
    count: bool = False

    def read(self, words: list[Word], at: int, _scope: Scope):
        word = words[at]
        if self.none and word.means(self.none):
            return None, at + 1
        match = _NUMBER.fullmatch(word.text)
        if word.quoted or not match or not isfinite(float(match[1])):
            raise Unfit(self.expected + (f" or {self.none}" if self.none else ""))
        unit = self.unit.lower()
        used = at + 1
        said = match[2]
        if unit and not said and used < len(words) and words[used].text.lower() in {unit, *OTHER_UNITS}:
            said, used = words[used].text, used + 1
        if said and said.lower() != unit:
            raise Unfit(f"{self.expected}, not {said}")
        if self.count and "." not in match[1] and "e" not in match[1].lower():
            return int(match[1]), used
        return float(match[1]), used

    def write(self, value: float | None, _keywords) -> str:
        if value is None:
            return self.none
        text = str(value) if self.count else plain(value)
        return f"{text} {self.unit}" if self.unit else text

    def candidates(self, _scope: Scope):
        return [*([(self.example, self.expected)] if self.example else []),
                *([(self.none, "none")] if self.none else [])]


@dataclass(frozen=True)
class Choice:
    """One of some words, each of which may stand for another value."""

    words: dict
    what: str
    meanings: dict = field(default_factory=dict)

    @property
    def expected(self) -> str:
        return f"{self.what}, one of {', '.join(self.words)}"

    def read(self, words: list[Word], at: int, _scope: Scope):
        for word, value in self.words.items():
            if words[at].text.lower() == word.lower() and not words[at].quoted:
                return value, at + 1
        near = difflib.get_close_matches(words[at].text, list(self.words), 1)
        raise Unfit(f"{self.what} such as {near[0]}" if near else "")

    def write(self, value, _keywords) -> str:
        return next(word for word, its in self.words.items() if its == value)

    def candidates(self, _scope: Scope):
        return [(word, self.meanings.get(word, self.what)) for word in self.words]


@dataclass(frozen=True)
class Lasts:
    """A duration, `1h 30m`, or a number of seconds."""

    expected = "a duration such as 30m"
    example: str = "30m"

    def read(self, words: list[Word], at: int, _scope: Scope):
        text, used = read_duration(words, at)
        if text is None:
            raise Unfit("")
        return (float(text) if _NUMBER.fullmatch(text)[2] == "" else text), used

    def write(self, value: str | float, _keywords) -> str:
        return value if isinstance(value, str) else plain(value)

    def candidates(self, _scope: Scope):
        return [(self.example, "for how long"), ("1h", "for how long"), ("1h 30m", "for how long")]


@dataclass(frozen=True)
class Moment:
    """A TIME. A clock time is the next one from now on; written back it is a TIME of the scenario,
    which counts from the start's day. `clock_only` takes no plain number of seconds."""

    clock_only: bool = False
    expected = "a time such as 18:30"

    def read(self, words: list[Word], at: int, scope: Scope):
        if words[at].quoted:
            raise Unfit("")
        text, used = words[at].text, at + 1
        if re.fullmatch(r"\d+d", text) and used < len(words) and parse_clock(words[used].text) is not None:
            text, used = f"{text} {words[used].text}", used + 1
        clock = parse_clock(text)
        if clock is not None:
            return (text if scope.start is None else _next(text, clock, scope)), used
        number = _NUMBER.fullmatch(text)
        plain_number = number is not None and not number[2]
        if plain_number and self.clock_only:
            raise Unfit("")
        try:
            parse_time(text, _ANY_START if scope.start is None else scope.start)
        except ValueError as error:
            raise Unfit("" if "expected" in str(error) else f"a time after the start, and {error}") from None
        return (float(text) if plain_number else text), used

    def write(self, value: str | float, _keywords) -> str:
        return value if isinstance(value, str) else plain(value)

    def candidates(self, scope: Scope):
        if scope.start is None:
            return [("18:30", "when")]
        soon = (seconds_after_midnight(scope.start) + scope.now_s) // 1800.0 + 1.0
        return [(f"{int(half * 1800.0 % DAY_S // 3600.0):02d}:{int(half * 1800.0 % 3600.0 // 60.0):02d}", "when")
                for half in (soon, soon + 1.0, soon + 2.0)]


def _next(text: str, clock: float, scope: Scope) -> str:
    """The TIME at which the clock next shows `clock`, s after midnight, from now on."""
    first = parse_time(text, scope.start)
    if first >= scope.now_s:
        return text
    now = seconds_after_midnight(scope.start) + scope.now_s
    day = int(now // DAY_S)
    if day * DAY_S + clock < now:
        day += 1
    return f"{day}d {text}"

