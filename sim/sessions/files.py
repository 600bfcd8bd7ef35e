"""Reading what people hand in: every complaint names file, line, column and what was expected."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sim.errors import InputError

LARGEST_KWH = 100_000.0
"""Of a battery or a session: a hundred times that of the largest mining truck."""


def read_text(path: Path) -> str:
    """The file as text, without a byte order mark; raises InputError if that cannot be."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: cannot be read (it is no file)")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a text file in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: `place` says where it stands, such as `line 7`."""

    path: Path
    place: str
    values: dict[str, str]

    def fail(self, column: str, message: str) -> NoReturn:
        raise InputError(f"{self.path}: {self.place}: {column}: {message}")

    def text(self, column: str) -> str:
        """The field without surrounding blanks; empty if the file has no such column."""
        return self.values.get(column, "").strip()

    def number(self, column: str, expected: str, low: float = -math.inf,
               high: float = math.inf, above: float = -math.inf) -> float:
        """A finite number with low <= number <= high and number > above."""
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and low <= value <= high and value > above):
            self.fail(column, f"expected {expected}, not {text!r:.40}")
        return value


def counted(sessions: int) -> str:
    """`1 session`, `2 sessions`."""
    return f"{sessions} session{'' if sessions == 1 else 's'}"


def csv_header(text: str) -> list[str]:
    """The column names of a CSV, empty if it has none or is no CSV."""
    try:
        first = next(csv.reader(io.StringIO(text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in first]


def csv_rows(path: Path, text: str) -> list[Row]:
    """The rows below the header; blank lines are skipped.

    Raises InputError with the line number where a row does not have the header's fields.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[Row] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(header):
                cut = ", the file looks cut off" if len(fields) < len(header) else ""
                raise InputError(f"{path}: line {reader.line_num}: {len(fields)} fields where "
                                 f"the header has {len(header)}{cut}")
            rows.append(Row(path, f"line {reader.line_num}", dict(zip(header, fields))))
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num}: not valid CSV ({error})") from None
    return rows


def require_columns(path: Path, header: list[str], *alternatives: tuple[str, ...]) -> None:
    """Raises InputError unless the header has at least one column of each alternative."""
    for names in alternatives:
        if not any(name in header for name in names):
            raise InputError(f"{path}: line 1: no column {' or '.join(names)}")
