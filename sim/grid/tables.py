"""Reading a table of the grid (a feeder, a three-phase network) from TOML into its schema."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import InputError, from_validation


class Part(BaseModel):
    """A part of a table: unknown keys are refused, and so is what is not finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


Schema = TypeVar("Schema", bound=Part)


def shipped(folder: Path) -> dict[str, Path]:
    """Paths of the TOML files in a folder of shipped data by name, in alphabetical order."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def read(reference: str | Path, what: str, folder: Path, schema: type[Schema],
         beside: Path | None = None) -> tuple[Schema, str]:
    """The table of a shipped name or a TOML path, validated, and the source for messages.

    `what` is the word for such a table ("feeder"), `folder` holds the shipped ones, and a
    relative path is looked for in the folder `beside` first. Raises InputError with one line
    that names file, key and what was expected.
    """
    known = shipped(folder)
    path = known.get(str(reference))
    if path is None:
        path = Path(reference)
        if beside is not None and (beside / path).is_file():
            path = beside / path
        if not path.is_file():
            if path.suffix == ".toml" or path.parent.name:
                raise InputError(f"{reference}: no such {what} file")
            raise InputError(f"unknown {what} {str(reference)!r}, expected a path to a TOML file "
                             f"or one of {', '.join(known)}")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    try:
        return schema.model_validate(raw), str(path)
    except ValidationError as error:
        raise from_validation(str(path), error) from None
