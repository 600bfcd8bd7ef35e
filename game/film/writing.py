"""A shot list as TOML: written so that it reads back as it is, and so that as much of a file as stays the same
keeps its words, comments among them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tomllib
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from game.film.shots import SHOTS_DIR, ShotList, from_dict
from sim.errors import InputError

ORDER = ("film", "camera", "time", "view", "titles", "stops", "sound", "fork", "commands")
SINGLE = ("film", "sound", "fork")
WIDEST = 100
_HEAD = re.compile(r"^\s*\[\[?\s*([A-Za-z_]+)")


class Written(NamedTuple):
    """A file's text, and how many lines of comment of the former text are not in it."""

    text: str
    lost: int


class _Block(NamedTuple):
    """A table as it stands in a file: `before` are the blank lines and comments above its head, `value` is what
    it says."""

    table: str
    before: str
    body: str
    value: Any


def plain(value: Any) -> Any:
    """As TOML can hold it, without what is as usual."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {field.alias or name: plain(getattr(value, name)) for name, field in fields.items()
                if getattr(value, name) is not None and (field.is_required() or getattr(value, name) != field.default)}
    if isinstance(value, Fraction):
        return _number(value)
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def text_of(shots: ShotList, former: str = "") -> Written:
    """Its TOML. Tables that `former`, the text of a file, has as well are taken from there."""
    head, blocks = _blocks(former)
    parts, used = [], set()
    for table in dict.fromkeys([*(block.table for block in blocks), *ORDER]):
        for entry in _entries(shots, table):
            parts.append([table, entry, None])
    for exact in (True, False):
        for part in parts:
            if part[2] is None:
                part[2] = _match(part[0], part[1], blocks, used, exact)
    text = "\n\n".join(filter(None, [head.strip("\n"), *(_spelled(*part) for part in parts)])) + "\n"
    if not _reads(text, shots):     # Blocks of a form that is not ours: nothing of them is taken over but the head.
        own = [_spelled(table, entry, None) for table, entry, _ in parts]
        text = "\n\n".join(filter(None, [head.strip("\n"), *own])) + "\n"
    return Written(text, max(_comments(former) - _comments(text), 0))


def save(shots: ShotList, path: Path, head: str = "") -> Written:
    """Write it whole or not at all. Comments of the file that the list is from are kept where what they stand at
    is, and else those of a file that is there, and else `head` stands above. Raises InputError, for a shipped list's own file, too."""
    path = Path(path)
    if path.suffix != ".toml":
        raise InputError(f"{path}: expected a name that ends in .toml")
    if path.resolve().parent == SHOTS_DIR.resolve():
        raise InputError(f"{path}: a shipped list stays as it is; save it under another name")
    partial = path.with_name(f".{path.name}.part")
    try:
        own = Path(shots.source)
        former = next((file.read_text(encoding="utf-8") for file in (own, path) if file.is_file()), head)
        written = text_of(shots, former)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "w", encoding="utf-8") as file:
            file.write(written.text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from None
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return written


def found_from(shots: ShotList, folder: Path) -> ShotList:
    """The list for a file in another folder: files that lie beside the former one are named in full."""
    folder = Path(folder)
    if folder.resolve() == shots.folder.resolve():
        return shots
    about, sound = shots.film, shots.sound
    film = {name: str((shots.folder / value).resolve()) for name in ("scenario", "run")
            if (value := getattr(about, name)) and (shots.folder / value).exists()}
    film |= _fonts_from(about, shots.folder)
    parts = {"film": about.model_copy(update=film)}
    parts["titles"] = tuple(title.model_copy(update=_fonts_from(title, shots.folder)) for title in shots.titles)
    if sound is not None and sound.file and (shots.folder / sound.file).is_file():
        parts["sound"] = sound.model_copy(update={"file": str((shots.folder / sound.file).resolve())})
    found = shots.model_copy(update=parts)
    found._source, found._folder = shots.source, folder
    return found


def _fonts_from(part: BaseModel, folder: Path) -> dict[str, str]:
    """The font files that a part names, in full."""
    return {name: str((folder / value).resolve()) for name in ("font", "font_bold")
            if (value := getattr(part, name)) and (folder / value).is_file()}


def _number(value: Fraction) -> int | float | str:
    """A film time as a number where that is exact, else as its decimals."""
    if value.denominator == 1:
        return int(value)
    number = float(value)
    if Fraction(repr(number)) == value:
        return number
    digits = next((digits for digits in range(1, 60) if (value * 10 ** digits).denominator == 1), 18)
    return f"{int(value * 10 ** digits)}e-{digits}"


def _entries(shots: ShotList, table: str) -> list:
    value = getattr(shots, table)
    if table in SINGLE:
        return [] if value is None else [value]
    return list(value)


def _spelled(table: str, entry: BaseModel, block: _Block | None) -> str:
    """A table with the comments of the block that it goes on from."""
    if block is not None and block.value == plain(entry):
        return (block.before + block.body).strip("\n")
    body = _table(table, plain(entry), table not in SINGLE)
    return ((block.before if block else "") + body).strip("\n")


def _table(name: str, values: dict, many: bool) -> str:
    """A table, its own arrays of tables below it."""
    inner = {key: value for key, value in values.items() if isinstance(value, list) and value
             and isinstance(value[0], dict) and key != "cues"}
    lines = [f"[[{name}]]" if many else f"[{name}]"]
    lines += [f"{_word(key)} = {_spell(value)}" for key, value in values.items() if key not in inner]
    below = [_table(f"{name}.{key}", each, True) for key, value in inner.items() for each in value]
    return "\n\n".join(["\n".join(lines), *below])


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_word(key)} = {_spell(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        line = f"[{', '.join(map(_spell, value))}]"
        long = len(line) > WIDEST and all(isinstance(each, str) for each in value)
        return "[\n" + "".join(f"    {_spell(each)},\n" for each in value) + "]" if long else line
    return repr(value)


def _word(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _spell(key)


def _match(table: str, entry: BaseModel, blocks: Sequence[_Block], used: set[int], exact: bool) -> _Block | None:
    """The first block that is not used yet which says the same, or else is of the same table."""
    said = plain(entry)
    for k, block in enumerate(blocks):
        if k not in used and block.table == table and (not exact or block.value == said):
            used.add(k)
            return block
    return None


def _value(table: str, body: str) -> Any:
    """What a block says, with what is as usual left out; None where it cannot be told."""
    try:
        value = tomllib.loads(body).get(table)
        value = value[0] if isinstance(value, list) else value
        kind = ShotList.model_fields[table].annotation
        return plain(_kind(kind).model_validate(value))
    except (tomllib.TOMLDecodeError, ValueError, TypeError, KeyError, IndexError):
        return None


def _kind(annotation) -> type[BaseModel]:
    """The kind of part that a field of the list holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_kind(each) for each in annotation.__args__ if each is not Ellipsis and each is not type(None))


def _blocks(text: str) -> tuple[str, list[_Block]]:
    """What stands above the first table, and the tables; those within another belong to it."""
    head, blocks, above = [], [], []
    table = None
    for line in text.splitlines(keepends=True):
        found = _HEAD.match(line)
        name = found[1] if found else None
        inner = found is not None and table is not None and name == table and "." in line.split("]")[0]
        if found and name in ORDER and not inner:
            if table is None:   # What stands apart from the first table is about the file.
                cut = max((k + 1 for k, one in enumerate(above) if not one.strip()), default=0)
                head, above = above[:cut], above[cut:]
            blocks.append([name, "".join(above), line])
            table, above = name, []
        elif table is None or not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
        else:
            blocks[-1][2] += "".join(above) + line
            above = []
    if blocks:
        blocks[-1][2] += "".join(above)
    else:
        head = [line for line in above if not line.strip() or line.startswith("#")]
    return "".join(head), [_Block(table, before, body, _value(table, body)) for table, before, body in blocks]


def _comments(text: str) -> int:
    return sum(line.lstrip().startswith("#") or bool(re.search(r"[^\"'#]\s#\s", line)) for line in text.splitlines())


def _reads(text: str, shots: ShotList) -> bool:
    try:
        return same(from_dict(tomllib.loads(text), shots.source, shots.folder), shots)
    except (tomllib.TOMLDecodeError, InputError):
        return False


def same(a: ShotList, b: ShotList) -> bool:
    """Whether two lists say the same, wherever they lie."""
    return a.model_dump() == b.model_dump()
