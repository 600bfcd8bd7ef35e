"""The one exception for what a person, a file or a peer got wrong."""

from __future__ import annotations

import difflib

from pydantic import ValidationError


class InputError(Exception):
    """One clear line: where, what is wrong, what was expected. The CLI exits 2 with it."""


MOST_NAMES = 12
"""Of more than that, those that look like what was given are named."""


def _one_of(tags: str, given: str) -> str:
    """`one of a, b, c` of pydantic's list of tags."""
    names = tags.replace("'", "").split(", ")
    if len(names) <= MOST_NAMES:
        return f"one of {', '.join(names)}"
    near = difflib.get_close_matches(given, names, 3, 0.5) or names[:3]
    return f"one of {len(names)} such as {', '.join(near)}"


def from_validation(source: str, error: ValidationError) -> InputError:
    """The first complaint of a pydantic error as `file: key: what was expected`."""
    first = error.errors()[0]
    parts = [part for part in map(str, first["loc"]) if not part.startswith("(")]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"].startswith("union_tag"):
        parts.append(first["ctx"]["discriminator"].strip("'"))
        message = "Field required" if first["type"] == "union_tag_not_found" else \
            f"expected {_one_of(first['ctx']['expected_tags'], first['ctx']['tag'])}, not {first['ctx']['tag']!r:.60}"
    elif first["type"] not in ("missing", "extra_forbidden", "value_error"):
        message += f", not {first['input']!r:.60}"
    elif first["type"] == "extra_forbidden":
        message = "no such key"
    key = ".".join(parts)
    more = len(error.errors()) - 1
    where = f"{source}: {key}" if key else source
    return InputError(f"{where}: {message}" + (f" (and {more} more)" if more else ""))
