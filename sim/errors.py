"""The one exception for what a person, a file or a peer got wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date, time
from typing import Any

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


def from_validation(source: str, error: ValidationError, raw: Any = None, given: Iterable[str] = ()) -> InputError:
    """The first complaint of a pydantic error as `file: key: what was expected`. `raw` is what was validated:
    with it keys are those that stand there. Of dotted keys that were `given` on the command line that says so."""
    first = error.errors()[0]
    parts = _place(first["loc"], raw, first["type"] == "missing")
    message = first["msg"].removeprefix("Value error, ")
    if first["type"].startswith("union_tag"):
        parts.append(first["ctx"]["discriminator"].strip("'"))
        message = "Field required" if first["type"] == "union_tag_not_found" else \
            f"expected {_one_of(first['ctx']['expected_tags'], first['ctx']['tag'])}, not {first['ctx']['tag']!r:.60}"
    elif first["type"] in ("model_type", "model_attributes_type", "dict_type"):
        message = f"expected a table, not {_shown(first['input'])}"
    elif first["type"] == "too_long" and "actual_length" in first["ctx"]:
        message = f"expected at most {first['ctx']['max_length']}, not {first['ctx']['actual_length']}"
    elif first["type"] not in ("missing", "extra_forbidden", "value_error"):
        message += f", not {_shown(first['input'])}"
    elif first["type"] == "extra_forbidden":
        message = "no such key"
    key = ".".join(parts)
    more = len(error.errors()) - 1
    where = f"--set {key}" if any(f"{key}.".startswith(f"{one}.") for one in given) else \
        f"{source}: {key}" if key else source
    return InputError(f"{where}: {message}" + (f" (and {more} more)" if more else ""))


def _place(loc: tuple, raw: Any, missing: bool) -> list[str]:
    """The keys that lead to a complaint, of which the last may be missing. Pydantic's way there has names of its
    own, too, of the kind that it took a table for."""
    if raw is None:
        return [str(part) for part in loc if not str(part).startswith("(")]
    parts, node = [], raw
    for k, part in enumerate(loc):
        if isinstance(node, dict) and (part in node or missing and k == len(loc) - 1):
            parts.append(str(part))
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int):
            parts.append(str(part))
            node = node[part] if part < len(node) else None
    return parts


def _shown(value: Any) -> str:
    return f"{value}" if isinstance(value, (date, time)) else f"{value!r:.60}"
