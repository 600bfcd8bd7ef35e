"""The film without a shot list: a slow arc around the whole site over a stretch of time, as a shot list."""

from __future__ import annotations

from fractions import Fraction

from game.film.plan import Run, run_of
from game.film.shots import LONGEST_S, ShotList, from_dict
from game.given import within
from sim.errors import InputError

# A film's usual length, its speed, and which part of a scenario it shows.
FILM_S, FILM_SPEED, FILM_SHARES = 10.0, 600.0, (0.05, 0.25)
SHORTEST_S = 0.1
ARC_DEG, CLOSER, LOWER_DEG, STILL_S = 50.0, 0.14, 5.0, 2


def orbit(reference: str, seed: int | None, overrides: dict, start: str | None, to: str | None,
          speed: float | None) -> tuple[Run, ShotList]:
    """The run and the shot list of an orbiting film; raises InputError."""
    blank = _listed("film", 0.0, 0.0, 1.0)
    run = run_of(reference, blank, seed, overrides)
    from_s, to_s, speed = span(run, start, to, speed)
    if not SHORTEST_S <= (to_s - from_s) / speed <= LONGEST_S:
        raise InputError(f"--speed {speed:g}: makes a film of {(to_s - from_s) / speed:g} s, expected {SHORTEST_S:g} to "
                         f"{LONGEST_S:,.0f}")
    return run, _listed(run.scenario.name, from_s, to_s, (to_s - from_s) / speed)


def span(run: Run, start: str | None, to: str | None, speed: float | None) -> tuple[float, float, float]:
    """The film's start and end (s) and its speed, from whichever of them are given."""
    until_s = run.until_s
    if start is None and to is None and speed is None:
        from_s, to_s = (share * until_s for share in FILM_SHARES)
        return from_s, to_s, (to_s - from_s) / FILM_S
    from_s = 0.0 if start is None else within(start, run.scenario, until_s, "--from")
    if from_s >= until_s:
        raise InputError(f"--from: {start} is the scenario's end")
    if to is None:
        speed = speed or FILM_SPEED
        return from_s, min(from_s + FILM_S * speed, until_s), speed
    to_s = within(to, run.scenario, until_s, "--to")
    if to_s <= from_s:
        raise InputError(f"--to: {to} is not after --from")
    return from_s, to_s, speed or (to_s - from_s) / FILM_S


def _listed(name: str, from_s: float, to_s: float, duration_s: float) -> ShotList:
    """The arc is centred on the usual camera, comes a little closer on its way, and a film of at least
    three times STILL_S stands still for STILL_S at its start and its end."""
    end = Fraction(duration_s).limit_denominator(1_000_000)
    still = Fraction(STILL_S if end >= 3 * STILL_S else 0)
    title = name.replace("_", " ")
    return from_dict({
        "film": {"name": name, "duration": end},
        "time": [{"at": 0, "sim": from_s}, {"at": end, "sim": to_s}],
        "camera": [{"at": still, "turn": -ARC_DEG / 2.0},
                   {"at": end - still, "turn": ARC_DEG, "closer": CLOSER, "rise": -LOWER_DEG}],
        "titles": [{"kind": "lower_third", "at": 0, "until": end, "fade": 0,
                    "title": title[:1].upper() + title[1:], "text": "{weekday} {clock}"}],
    }, name)

