"""TOML tables by reference: a shipped name or a path, read and told apart in one line if wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import InputError, from_validation

Schema = TypeVar("Schema", bound=BaseModel)


def shipped(folder: Path) -> dict[str, Path]:
    """Paths of the TOML files in a folder of shipped data by name, in alphabetical order."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find(reference: str | Path, what: str, folder: Path, beside: Path | None = None) -> Path:
    """The file of a shipped name in `folder` or of a path, which if relative is looked for in the
    folder `beside` first. `what` is the word for such a file ("feeder"). Raises InputError."""
    known = shipped(folder)
    path = known.get(str(reference))
    if path is not None:
        return path
    path = Path(reference)
    if beside is not None and (beside / path).is_file():
        path = beside / path
    if path.is_file():
        return path
    if path.is_dir():
        raise InputError(f"{reference}: expected a {what} file, this is a folder")
    if path.suffix == ".toml" or "/" in str(reference):
        raise InputError(f"{reference}: no such {what} file")
    raise InputError(f"unknown {what} {str(reference)!r}, expected a path to a TOML file "
                     f"or one of {', '.join(known)}")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as it stands. Raises InputError with the file's name."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None


def read(reference: str | Path, what: str, folder: Path, schema: type[Schema],
         beside: Path | None = None) -> tuple[Schema, str]:
    """What `find` finds, validated, and the source for messages. Raises InputError with one line
    that names file, key and what was expected."""
    path = find(reference, what, folder, beside)
    raw = read_toml(path)
    try:
        return schema.model_validate(raw), str(path)
    except ValidationError as error:
        raise from_validation(str(path), error, raw) from None
