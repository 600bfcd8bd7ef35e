"""The typefaces of titles: the one that a shot list names, and Roboto for what that lacks. No font of the system's
is ever used, so that a film has the same letters everywhere; a character that neither has is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional, category, normalize

from PIL import ImageFont, features

from game.film.shots import ShotList, Title, wrong
from game.ui.theme import FONT_DIR

SHIPPED = FONT_DIR.parent
LAYOUT = ("raqm", "harfbuzz", "fribidi")    # what lays out scripts whose letters depend on each other
EMPTY: frozenset[int] = frozenset()
MONGOLIAN = range(0x1800, 0x18B0)           # joins, though it is written from left to right


@dataclass(frozen=True)
class Face:
    """The files of a typeface and of its bold, which may be the same."""

    regular: Path
    bold: Path

    def files(self, bold: bool) -> tuple[Path, Path]:
        """Where a character is looked for, in this order."""
        return (self.bold, ROBOTO.bold) if bold else (self.regular, ROBOTO.regular)

    def digest(self) -> str:
        """Of the files' contents, and of what shapes their text."""
        made = hashlib.sha256(repr([features.version(part) for part in LAYOUT]).encode())
        for path in dict.fromkeys((self.regular, self.bold)):
            made.update(path.read_bytes())
        return made.hexdigest()

    def refusal(self, text: str, way: str = 'font = "FILE.ttf"') -> str | None:
        """Why a text cannot be written in it, naming the first character that cannot, and the way to give another
        font; None if it can."""
        if text.isascii():      # which Roboto has
            return None
        text = composed(text)
        shaped = next((char for char in text if needs_shaping(char)), None)
        if shaped and not all(features.check(part) for part in LAYOUT):
            return f"{_named(shaped)} is of a script that Pillow cannot lay out here: it lacks libraqm or fribidi"
        for bold in (False, True):
            files = self.files(bold)
            known = [characters(path) for path in files]
            names = " or ".join(dict.fromkeys(path.name for path in files))
            for char in text:
                if is_drawn(char) and not any(ord(char) in has for has in known):
                    return f"{_named(char)} is not in {names}: give a font that has it, {way}"
            if shaped and not any(all(ord(char) in has for char in text if is_drawn(char)) for has in known):
                return (f"{_named(shaped)} and the letters beside it are laid out together, and {names} has not all of "
                        f"them: give a font that has, {way}")
        return None


ROBOTO = Face(FONT_DIR / "Roboto-Regular.ttf", FONT_DIR / "Roboto-Bold.ttf")
FAMILIES = {"Roboto": ROBOTO, "Droid Sans": Face(*[SHIPPED / "DroidSans.ttf"] * 2),
            "Inconsolata": Face(*[SHIPPED / "Inconsolata-Medium.ttf"] * 2)}


def face_of(shots: ShotList, title: Title | None = None) -> Face:
    """The face of a title, or of all that is written in a film; raises InputError with the key that is wrong."""
    chosen = face_named(shots, "film", shots.film.font, shots.film.font_bold)
    if title is None or title.font is None:
        return chosen
    return face_named(shots, f"titles.{shots.titles.index(title)}", title.font, title.font_bold)


def face_named(shots: ShotList, key: str, name: str | None, bold: str | None) -> Face:
    """A family's name, or a file beside a shot list, with a file for its bold; Roboto where there is no name."""
    found = []
    for field, given in (("font", name), ("font_bold", bold)):
        try:
            found.append(face(given, shots.folder) if given else None)
        except ValueError as error:
            raise wrong(shots, f"{key}.{field}", error) from None
    regular, heavy = found
    return ROBOTO if regular is None else Face(regular.regular, (heavy or regular).bold)


def face(name: str, folder: Path) -> Face:
    """A face of a family's name or of a file found from `folder`; raises ValueError."""
    family = next((known for known in FAMILIES if known.lower() == name.strip().lower()), None)
    if family:
        return FAMILIES[family]
    try:
        path = (folder / name).resolve()
        if not path.is_file():
            raise ValueError(f"{name}: no such file in {folder.resolve()}, and none of {', '.join(FAMILIES)}")
        if characters(path) == EMPTY:
            raise ValueError(f"{name}: no TrueType or OpenType font that can be read")
    except OSError as error:
        raise ValueError(f"{name:.40}: cannot be read ({error.strerror or error})") from None
    return Face(path, path)


def composed(text: str) -> str:
    """A text with letters and their marks as one character where there is one."""
    return normalize("NFC", text)


def is_drawn(char: str) -> bool:
    """Whether a character is drawn at all: not a line's end or another control."""
    return category(char) not in ("Cc", "Zl", "Zp")


def needs_shaping(text: str) -> bool:
    """Whether letters of a text change with those beside them, stand upon each other, or run from right to left."""
    return not text.isascii() and any(
        bidirectional(char) in ("R", "AL", "AN") or category(char)[0] == "M" or ord(char) in MONGOLIAN
        or char in "\u200c\u200d" for char in text if char > "\u02ff")


def characters(path: Path) -> frozenset[int]:
    """The code points that a font has a glyph for; EMPTY of what is no font. Raises OSError."""
    status = path.stat()
    return _characters(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=16)
def _characters(path: Path, changed_ns: int, size: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont     # slow to import, and most titles have no font of their own

    data = path.read_bytes()
    try:
        with TTFont(BytesIO(data), fontNumber=0, lazy=True) as font:
            glyphs = font.getBestCmap() or {}
        ImageFont.truetype(BytesIO(data), 20.0).getmask("0")
    # A file may be broken in any way, and each table's reader fails in its own.
    except Exception:
        return EMPTY
    return frozenset(code for code, name in glyphs.items() if name != ".notdef")


@lru_cache(maxsize=16)
def extent(path: Path) -> tuple[float, float]:
    """How far a font's letters reach above and below their baseline, in sizes."""
    above, below = ImageFont.truetype(str(path), 100.0).getmetrics()
    return above / 100.0, below / 100.0


def _named(char: str) -> str:
    return f"{char} (U+{ord(char):04X})"
