"""Words of a line that a person types: commands and conditions are made of these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sim.errors import InputError

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)("?)|(<=|>=|[<>=:,])|[^\s"<>=:,][^\s"<>=,]*')
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*")


class Word(NamedTuple):
    """One word from `start` to `end` of its line. A `quoted` one is a name, never a keyword."""

    text: str
    start: int
    end: int
    quoted: bool = False

    def means(self, keyword: str) -> bool:
        """Whether it is that keyword, whatever its case."""
        return not self.quoted and self.text.lower() == keyword


class NotUnderstood(InputError):
    """A line that is no command: one sentence for people, and which part of it is meant, from
    `start` to `end`."""

    def __init__(self, message: str, start: int, end: int):
        super().__init__(message)
        self.start, self.end = start, end


def words(line: str) -> list[Word]:
    """The words of a line. `"..."` is one word, in which a backslash keeps the next character;
    comparison signs, a comma and a colon before a blank stand alone.

    Raises NotUnderstood for a quote that is not closed.
    """
    found = []
    for match in _WORD.finditer(line):
        text, start, end = match[0], match.start(), match.end()
        if match[1] is not None:
            if not match[2]:
                raise NotUnderstood(f"word {len(found) + 1}: expected a quote that ends the name", start, end)
            found.append(Word(re.sub(r"\\(.)", r"\1", match[1]), start, end, True))
            continue
        if len(text) > 1 and text.endswith(":"):
            found += [Word(text[:-1], start, end - 1), Word(":", end - 1, end)]
        else:
            found.append(Word(text, start, end))
    return found


def quoted(name: str, keywords: Iterable[str] = ()) -> str:
    """A name as it is typed: in quotes where it would be taken for something else."""
    if _PLAIN.fullmatch(name) and name.lower() not in keywords:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
