"""The model's figures that titles can say, to be chosen instead of remembered."""

from __future__ import annotations

from game.film.values import LIVE, VEHICLE, Values


class Figures:
    """What can be chosen; looked up once, for closing books is dear."""

    def __init__(self):
        self._names: dict[bool, list[str]] = {}

    def choices(self, values: Values, of: str | None) -> list[tuple[str, str]]:
        """Each figure's name and its words: those of the instant first, with vehicles' where a title is about one,
        then the run's up to there."""
        about = bool(of)
        if about not in self._names:
            known = values.about(of).names()
            first = [name for name in (*LIVE, *VEHICLE) if name in known]
            self._names[about] = [*first, *(name for name in known if name not in first)]
        return [("", "a figure of the model"), *((name, name) for name in self._names[about])]


def in_braces(name: str, value) -> str:
    """A figure as a title spells it: as many digits as one can read at a glance."""
    if not isinstance(value, float):
        return f"{{{name}}}"
    return f"{{{name}:.{0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2}f}}"
