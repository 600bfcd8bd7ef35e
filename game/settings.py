"""The app's own settings: display, start-up, paths. Nothing here changes what a run computes."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError

from game.clock import SPEEDS
from game.look import Tier, named
from sim.errors import InputError, from_validation

FILE_NAME = "config.toml"
SMALLEST, LARGEST = 64, 8192
LEAST_SCALE, MOST_SCALE = 0.75, 6.0


def parse_size(text: str) -> tuple[int, int]:
    """Pixels of `1280x720`; raises ValueError."""
    width, x, height = str(text).lower().partition("x")
    if not (x and width.isdigit() and height.isdigit()
            and all(SMALLEST <= int(n) <= LARGEST for n in (width, height))):
        raise ValueError(f"expected WxH such as 1280x720, each from {SMALLEST} to {LARGEST}")
    return int(width), int(height)


def _speed(value: float) -> float:
    if value not in SPEEDS:
        raise ValueError(f"expected one of {', '.join(f'{s:g}' for s in SPEEDS)}")
    return float(value)


def _tier(text: str) -> Tier | None:
    """A tier by name; `auto` is None: frame times choose."""
    if str(text).strip().lower() == "auto":
        return None
    try:
        return named(Tier, str(text))
    except ValueError as error:
        raise ValueError(f"{error} or auto") from None


def _scale(value) -> float | None:
    """Pixels of a panel's unit; `auto` is None: the picture's size chooses."""
    if isinstance(value, str) and value.strip().lower() == "auto":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not LEAST_SCALE <= value <= MOST_SCALE:
        raise ValueError(f"expected auto or a number from {LEAST_SCALE:g} to {MOST_SCALE:g}")
    return float(value)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Display(_Section):
    size: Annotated[tuple[int, int], BeforeValidator(parse_size)] = (1280, 720)
    fullscreen: StrictBool = False
    palette: Literal["standard", "safe"] = "standard"
    tier: Annotated[Tier | None, BeforeValidator(_tier)] = None


class Start(_Section):
    scenario: str = "evening_peak"
    speed: Annotated[float, BeforeValidator(_speed)] = 60.0


class Paths(_Section):
    out: Path = Path("out")


class Ui(_Section):
    scale: Annotated[float | None, BeforeValidator(_scale)] = None
    refresh_hz: Annotated[float, Field(gt=0.0, le=4.0)] = 4.0
    layout: str = "standard"
    sound: StrictBool = True


class Settings(_Section):
    display: Display = Display()
    start: Start = Start()
    paths: Paths = Paths()
    ui: Ui = Ui()


def user_folder() -> Path:
    """Where the user's own settings and layouts are."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "voltyard"


def load_settings() -> Settings:
    """Settings of ./config.toml, else of the user's own, else the defaults.

    Raises InputError with file and key for a file that is not valid.
    """
    for path in (Path(FILE_NAME), user_folder() / FILE_NAME):
        if path.is_file():
            return _read(path)
    return Settings()


def _read(path: Path) -> Settings:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise from_validation(str(path), error, raw) from None
