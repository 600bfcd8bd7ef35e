"""What a card is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of a card: a label, a value, its unit, and a tone (a key of the theme)."""

    label: str
    value: str
    unit: str = ""
    tone: str = "text"


@dataclass(frozen=True)
class Card:
    """One entity in words. `soc` and `soc_target` are 0..1, None where there is no battery;
    `connector` names the one that its buttons act on, None where there is none."""

    kind: str
    title: str
    state: str
    tone: str
    rows: tuple[Row, ...]
    soc: float | None = None
    soc_target: float | None = None
    connector: str | None = None
