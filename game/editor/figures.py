"""The model's figures that titles can say, to be chosen instead of remembered."""

from __future__ import annotations

from game.film.values import LIVE, NETWORK, VEHICLE, Values


class Figures:
    """What can be chosen for a title about a vehicle, a connector, a station or nothing of these; looked up once for
    each kind, for closing books is dear."""

    def __init__(self):
        self._names: dict[str | None, list[str]] = {}

    def choices(self, values: Values, kind: str | None, of: str | None) -> list[tuple[str, str]]:
        """Each figure's name and its words: those of the instant first, then those of what `of` names, which is of a
        `kind` (None: of none), then the run's up to there."""
        if kind not in self._names:
            about = values.about(of)
            own = [name for name in (*VEHICLE, *NETWORK) if kind is not None and _known(about, name)]
            self._names[kind] = [*LIVE, *own, *(name for name in values.names() if name not in LIVE)]
        return [("", "a figure of the model"), *((name, name) for name in self._names[kind])]


def _known(values: Values, name: str) -> bool:
    try:
        values[name]
    except KeyError:
        return False
    return True


def in_braces(name: str, value) -> str:
    """A figure as a title spells it: as many digits as one can read at a glance."""
    if not isinstance(value, float):
        return f"{{{name}}}"
    return f"{{{name}:.{0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2}f}}"
