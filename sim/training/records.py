"""Who tried which exercise, with what score: one SQLite file, to be exported and deleted from.

A trainee is a name that a person chose, and nothing else is kept of them. An attempt names the run's
digest and folder, by which its score can be verified.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sim.errors import InputError
from sim.run import replay
from sim.training.evidence import evidence_in, evidence_of, played, yardstick
from sim.training.score import sheet

COLUMNS = ("trainee", "scenario", "seed", "points", "passed", "hints", "digest", "version", "folder")
LONGEST_NAME = 80


class Records:
    """The records in a file, which is made where there is none. Raises InputError for a file that is no
    such records."""

    def __init__(self, path: Path):
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as database, database:
                database.execute("CREATE TABLE IF NOT EXISTS attempt (id INTEGER PRIMARY KEY, trainee TEXT NOT NULL, "
                                 "scenario TEXT NOT NULL, seed INTEGER, points REAL, passed INTEGER, hints INTEGER, "
                                 "digest TEXT, version TEXT, folder TEXT)")
                database.execute("SELECT " + ", ".join(COLUMNS) + " FROM attempt LIMIT 1")
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"{path}: no records of trainees ({error})") from None

    def add(self, trainee: str, told: dict, folder: Path, version: str) -> int:
        """Enter an attempt from its debrief, unless it is in already; returns its number. Raises InputError for
        an empty or overlong name."""
        name = trainee.strip()
        if not name or len(name) > LONGEST_NAME:
            raise InputError(f"{trainee[:20]!r}: expected a name of 1 to {LONGEST_NAME} characters")
        score = told["sheet"]
        values = (name, told["scenario"], told["seed"], score["points"], score["passed"], len(score["hints"]),
                  told["digest"], version, str(folder.resolve()))
        with closing(self._open()) as database, database:
            known = database.execute("SELECT id FROM attempt WHERE trainee = ? AND digest = ? AND folder = ?",
                                     (name, told["digest"], values[-1])).fetchone()
            if known is not None:
                return known[0]
            return database.execute(f"INSERT INTO attempt ({', '.join(COLUMNS)}) VALUES "
                                    f"({', '.join('?' * len(COLUMNS))})", values).lastrowid

    def attempts(self, trainee: str | None = None) -> list[dict]:
        """All attempts, or a trainee's, in the order of their entry."""
        chosen, values = ("", ()) if trainee is None else (" WHERE trainee = ?", (trainee,))
        with closing(self._open()) as database:
            rows = database.execute(f"SELECT id, {', '.join(COLUMNS)} FROM attempt{chosen} ORDER BY id", values)
            found = [dict(zip(("id", *COLUMNS), row)) for row in rows]
        return [entry | {"passed": bool(entry["passed"])} for entry in found]

    def delete(self, trainee: str) -> int:
        """Erase all of a trainee, on the disk too; returns how many attempts that were."""
        with closing(self._open()) as database:
            database.execute("PRAGMA secure_delete = ON")
            with database:
                count = database.execute("DELETE FROM attempt WHERE trainee = ?", (trainee,)).rowcount
            database.execute("VACUUM")
        return count

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path)


def verify(attempt: dict) -> str | None:
    """Why an attempt's score is not what its run folder gives when it is simulated anew, or None."""
    folder = Path(attempt["folder"])
    again = replay(folder, verify=True)
    if again.recording.cut is not None:
        return again.recording.cut
    if again.difference is not None:
        return f"the run differs from its scenario and commands: {again.difference[1]}"
    if again.results["digest"] != attempt["digest"]:
        return "the folder holds another run"
    given = evidence_in(folder)
    optimal = yardstick(given.scenario) if any(
        goal.kind == "cost" for goal in given.scenario.training.objectives) else None
    commands = [(entry["t"], entry["command"], entry["source"]) for entry in again.recording.commands]
    points = sheet(evidence_of(_repeated(given.scenario, commands)), optimal).points
    return None if points == attempt["points"] else f"the score is {points:g}, not {attempt['points']:g}"


def _repeated(scenario, commands):
    from sim.run import parse_command

    return played(scenario, [(t_s, parse_command(raw, "command log"), source) for t_s, raw, source in commands])
