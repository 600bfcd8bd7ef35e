"""Numbers and names as people read them."""

from __future__ import annotations

MINUS = "\u2212"
THIN_SPACE = "\u2009"


def number(value: float, digits: int) -> str:
    """A plain number in groups of three digits; a minus is a real one, and nothing is ever minus
    zero."""
    text = f"{float(value):,.{digits}f}".replace(",", THIN_SPACE)
    if text.startswith("-"):
        text = MINUS + text[1:] if text.strip("-0.") else text[1:]
    return text


def pretty(name: str) -> str:
    """`evening_peak` as `Evening peak`, `v2g_price` as `V2G price`."""
    words = name.replace("_", " ").strip().replace("v2g", "V2G")
    return words[:1].upper() + words[1:]
