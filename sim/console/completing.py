"""What may stand at the cursor of a line, and what a prompt shows of a line so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.console.reading import Any_, Reader, text_of
from sim.console.scope import Scope
from sim.words import NotUnderstood

if TYPE_CHECKING:
    from sim.console.scope import Source
    from sim.model import Model

MOST = 200
"""Candidates that are looked at more closely; of more there is no choosing."""


@dataclass(frozen=True)
class Candidate:
    """`text` in the place of the line's `start` to `end`, and what it means. `refusal` is why the model
    would not do what the line then says, or None."""

    text: str
    meaning: str
    start: int
    end: int
    refusal: str | None = None


@dataclass(frozen=True)
class Considered:
    """A line so far: the command that it says and its canonical text, or what is wrong, from `start` to
    `end`; and why the model would refuse the command now."""

    command: Any_ | None
    text: str = ""
    error: str | None = None
    start: int = 0
    end: int = 0
    refusal: str | None = None


def complete(line: str, cursor: int, source: Source = None, instructs: bool = False) -> list[Candidate]:
    """What may stand at `cursor`, in the grammar's order; what a model would refuse comes last."""
    before = line[:cursor]
    try:
        reader = Reader(before, Scope.of(source, instructs))
    except NotUnderstood:
        return []
    start = cursor
    if before and not before[-1].isspace() and reader.words:
        start = reader.words[-1].start
        reader = Reader(before[:start], reader.scope)
    at, typed = len(reader.words), before[start:].lower()
    for _command, used in reader.commands(0):
        reader.want(used, "the end")
    choices: dict[str, str] = {}
    for expected in reader.expected:
        for text, meaning in expected.candidates() if expected.at == at else ():
            if text.lower().startswith(typed):
                choices.setdefault(text, meaning)
    found = []
    for text, meaning in list(choices.items())[:MOST]:
        found.append(Candidate(text, meaning, start, cursor, _refusal(line[:start] + text, source)))
    return sorted(found, key=lambda one: one.refusal is not None)


def consider(line: str, source: Source = None, instructs: bool = False) -> Considered:
    """What a line says or what is wrong with it; with a model also whether it would be refused."""
    try:
        command = Reader(line, Scope.of(source, instructs)).read()
    except NotUnderstood as error:
        return Considered(None, error=str(error), start=error.start, end=error.end)
    return Considered(command, text_of(command), refusal=_would_refuse(command, source))


def _refusal(line: str, source: Source) -> str | None:
    if not hasattr(source, "world"):
        return None
    try:
        return _would_refuse(Reader(line, Scope.of(source)).read(), source)
    except NotUnderstood:
        return None


def _would_refuse(command: Any_, source: Model) -> str | None:
    return command.check(source) if hasattr(source, "world") and hasattr(command, "check") else None
