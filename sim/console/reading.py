"""From a line to the command that it says, and back.

Forms are tried with everything that is optional in them and without; of what fails, the complaint
that came furthest counts, so that an error speaks of the first word that fits nowhere.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Union

from pydantic import ValidationError

from sim.commands import COMMANDS, Command
from sim.console.forms import COMMAND, CONDITION, FORMS, KEYWORDS, SESSION_KINDS, Form, Said
from sim.console.scope import Scope
from sim.console.session import SESSION, SessionCommand
from sim.console.slots import Unfit
from sim.quantities import QUANTITIES
from sim.rules import parse_condition, read_condition
from sim.timing import parse_time
from sim.words import NotUnderstood, words

if TYPE_CHECKING:
    from sim.console.scope import Source

Any_ = Union[Command, SessionCommand]
MOST_CHOICES = 5
"""Of more that could stand at a word, the likely one is named, or all as a list."""


@dataclass
class Expected:
    """What could have stood at word `at`, for people and as (text, meaning) to choose from."""

    at: int
    what: str
    candidates: Callable[[], list[tuple[str, str]]] = field(default=lambda: [])
    hint: str = ""


class Reader:
    """Reads the words of one line. `expected` collects what could have stood where."""

    def __init__(self, line: str, scope: Scope, session: bool = True):
        self.line, self.scope = line, scope
        self.words = words(line)
        self.expected: list[Expected] = []
        self._forms = [form for form in FORMS if (session or form.kind not in SESSION_KINDS)
                       and (scope.instructs or not form.instructs)]

    def read(self) -> Any_:
        """The command that the whole line says. Raises NotUnderstood."""
        for command, used in self.commands(0):
            if used == len(self.words):
                return command
            self.want(used, "the end")
        raise self.complaint()

    def commands(self, at: int, later: bool = False) -> Iterator[tuple[Any_, int]]:
        """The commands that may begin at word `at`, each with the word behind it; `later`: as part of
        another one."""
        for form in self._forms:
            if later and (form.kind in (*SESSION_KINDS, "schedule", "watch") or form.instructs):
                continue
            for facts, places, used in self._parts(form, 0, at, {}, {}):
                for facts, places, used in self._clauses(form, used, facts, places):
                    command = self._made(form, {**form.sets, **facts}, places, at, used)
                    if command is not None:
                        yield command, used

    def want(self, at: int, what: str, candidates=lambda: [], hint: str = "") -> None:
        """Note what could stand at word `at`."""
        self.expected.append(Expected(at, what, candidates, hint))

    def complaint(self) -> NotUnderstood:
        """The furthest complaint: which word, and what was expected there."""
        at = max(e.at for e in self.expected)
        there = [e for e in self.expected if e.at == at]
        what = list(dict.fromkeys([e.hint for e in there if e.hint] or [e.what for e in there]))
        word = self.words[at] if at < len(self.words) else None
        if len(what) > MOST_CHOICES:
            near = difflib.get_close_matches(repr(word.text), what, 1) if word else []
            what = [f"a command such as {near[0]}" if near else f"one of {', '.join(what)}"]
        what = " or ".join(what)
        if word:
            return NotUnderstood(f"word {at + 1} {word.text!r}: expected {what}", word.start, word.end)
        return NotUnderstood(f"word {at + 1}: expected {what}", len(self.line), len(self.line))

    def _parts(self, form: Form, k: int, at: int, facts: dict, places: dict) -> Iterator:
        """(facts, places, next word) for each way in which the form's parts from `k` on fit."""
        if k == len(form.parts):
            yield facts, places, at
            return
        part = form.parts[k]
        if isinstance(part, Said):
            if at < len(self.words) and any(self.words[at].means(w) for w in (part.word, *part.others)):
                yield from self._parts(form, k + 1, at + 1, facts, places)
            else:
                self.want(at, repr(part.word), lambda: [(part.word, form.meaning)])
            return
        keyword = at < len(self.words) and not self.words[at].quoted and self.words[at].text.lower() in KEYWORDS
        if part.optional and keyword:  # a name that is one would be quoted
            yield from self._parts(form, k + 1, at, facts, places)
        for value, used in self._slot(part.slot, at, facts):
            yield from self._parts(form, k + 1, used, {**facts, part.field: value},
                                   {**places, part.field: at})
        if part.optional and not keyword:
            yield from self._parts(form, k + 1, at, facts, places)

    def _clauses(self, form: Form, at: int, facts: dict, places: dict) -> Iterator:
        open_ = [clause for clause in form.clauses if clause.field not in facts
                 and not (clause.field in ("duration", "until") and facts.keys() & {"duration", "until"})]
        for clause in open_:
            if at < len(self.words) and self.words[at].means(clause.word):
                for value, used in self._slot(clause.slot, at + 1, facts):
                    yield from self._clauses(form, used, {**facts, clause.field: value},
                                             {**places, clause.field: at + 1})
                return
            self.want(at, repr(clause.word), lambda clause=clause: [(clause.word, clause.slot.expected)])
        if not form.lasts or facts.keys() & {"duration", "until"}:
            yield facts, places, at

    def _slot(self, slot, at: int, facts: dict) -> Iterator[tuple[Any, int]]:
        if slot is COMMAND:
            if at < len(self.words) and not self.words[at].quoted and self.words[at].text in (":", ","):
                at += 1
            before = self.scope
            if facts.get("at") is not None and before.start is not None:
                self.scope = replace(before, now_s=parse_time(facts["at"], before.start))
            yield from self.commands(at, later=True)
            self.scope = before
        elif slot is CONDITION:
            yield from self._condition(at)
        elif at >= len(self.words):
            self.want(at, slot.expected, lambda: slot.candidates(self.scope))
        else:
            try:
                yield slot.read(self.words, at, self.scope)
            except Unfit as unfit:
                self.want(at, slot.expected, lambda: slot.candidates(self.scope), str(unfit))

    def _condition(self, at: int) -> Iterator[tuple[str, int]]:
        try:
            condition, used = read_condition(self.words, at, len(self.line))
        except NotUnderstood as error:
            place = next((k for k, word in enumerate(self.words) if word.start == error.start
                          and word.end == error.end), len(self.words))
            self.want(place, str(error).partition("expected ")[2],
                      (lambda: [(name, q.meaning) for name, q in QUANTITIES.items()])
                      if place == at else lambda: [])
            return
        yield str(condition), used

    def _made(self, form: Form, facts: dict, places: dict, at: int, used: int) -> Any_ | None:
        session = form.kind in SESSION_KINDS
        try:
            return (SESSION if session else COMMANDS).validate_python({"kind": form.kind, **facts})
        except ValidationError as error:
            first = error.errors()[0]
            key = next((part for part in first["loc"] if part in places), None)
            self.want(places.get(key, used), "", hint=first["msg"].removeprefix("Value error, ")
                      .removeprefix("expected ").replace("Input should be ", "a value "))
            return None


def parse(line: str, source: Source = None, instructs: bool = True) -> Any_:
    """What a line says; `source` is the model or scenario whose names and clock it speaks of, None
    where any name will do; `instructs`: with the words of an instructor. Raises NotUnderstood, an InputError
    with the place in the line."""
    return Reader(line, Scope.of(source, instructs)).read()


def parse_command(line: str, source: Source = None) -> Command:
    """`parse`, for where only a model's command will do."""
    return Reader(line, Scope.of(source), session=False).read()


def text_of(command: Any_) -> str:
    """The line that says a command, the same for all that are equal. `parse` of it is that command."""
    facts = dict(command)
    form = next(form for form in FORMS if form.kind == command.kind
                and all(facts[name] == value for name, value in form.sets.items()))
    said = []
    for part in form.parts:
        if isinstance(part, Said):
            said.append(part.word)
        elif part.slot is COMMAND:
            said.append(text_of(facts[part.field]))
        elif part.slot is CONDITION:
            said.append(str(parse_condition(facts[part.field])))
        elif part.written and not (part.optional and facts[part.field] == part.default):
            said.append(part.slot.write(facts[part.field], KEYWORDS))
    for clause in form.clauses:
        default = type(command).model_fields[clause.field].default
        if facts[clause.field] != default:
            said += [clause.word, clause.slot.write(facts[clause.field], KEYWORDS)]
    return " ".join(said)
