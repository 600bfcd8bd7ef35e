"""What a tour shows and by which rules, checked without a picture."""

from __future__ import annotations

from dataclasses import dataclass

from game.demo.tour import Tour
from game.film.plan import Run, run_of
from game.film.shots import ShotList, load
from game.settings import Settings, load_settings


@dataclass(frozen=True)
class Showing:
    """What is shown and by which rules: a `kiosk` is left by its `key` alone (None: a chord), a `loop` has no
    end, and after `silence_s` without a sign of life a visitor has gone."""

    run: Run
    shots: ShotList
    settings: Settings
    kiosk: bool = False
    loop: bool = False
    key: str | None = None
    silence_s: float = 60.0


def showing_of(scenario: str | None = None, shots: str | None = None, **rules) -> Showing:
    """A shot list, by default `tour`, over its own scenario or another. Raises InputError."""
    listed = load(shots or "tour")
    Tour(listed)
    return Showing(run_of(scenario, listed, None, {}), listed, load_settings(), **rules)
