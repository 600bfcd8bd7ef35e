"""The one exception for what a person, a file or a peer got wrong."""

from __future__ import annotations

from pydantic import ValidationError


class InputError(Exception):
    """One clear line: where, what is wrong, what was expected. The CLI exits 2 with it."""


def from_validation(source: str, error: ValidationError) -> InputError:
    """The first complaint of a pydantic error as `file: key: what was expected`."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the file"
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] not in ("missing", "extra_forbidden", "value_error"):
        message += f", not {first['input']!r:.60}"
    elif first["type"] == "extra_forbidden":
        message = "no such key"
    more = len(error.errors()) - 1
    return InputError(f"{source}: {key}: {message}" + (f" (and {more} more)" if more else ""))
