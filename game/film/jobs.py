"""The render queue: `renders.json` in the user's folder. What was being rendered when the machine stopped
waits again, and goes on from its finished chunks."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from game import user_files
from game.film.request import Request
from game.settings import user_folder
from sim.errors import InputError

FILE_NAME = "renders.json"
WAITING, DONE, FAILED = "waiting", "done", "failed"


@dataclass(frozen=True)
class Job:
    """One film of the queue; `why` says what went wrong with one that failed."""

    number: int
    output: str
    state: str
    request: Request
    why: str = ""


class Jobs:
    """The queue. Each call reads and writes the file as it is then; raises InputError where it cannot."""

    def __init__(self, folder: Path | None = None):
        self._path = (folder or user_folder()) / FILE_NAME
        self._lock = self._path.with_suffix(".lock")

    def all(self) -> list[Job]:
        """All jobs, in the order in which they were added."""
        jobs = []
        for number, entry in self._read().items():
            try:
                state = entry["state"]
                if state not in (WAITING, DONE, FAILED):
                    raise ValueError
                jobs.append(Job(int(number), str(entry["output"]), state, Request.of(entry["request"]),
                                str(entry.get("why", ""))))
            except (KeyError, TypeError, ValueError, AttributeError):
                raise InputError(f"{self._path}: {number}: expected a film's output, state and "
                                 "request") from None
        return sorted(jobs, key=lambda job: job.number)

    def add(self, request: Request, output: Path) -> int:
        """Put a film at the end; its number. Paths are kept whole, for a run from another folder."""
        self.require_free(output)
        entries = self._read()
        number = max(map(int, entries), default=0) + 1
        words = request.words()
        for name in ("scenario", "shots"):
            if name in words and Path(words[name]).exists():
                words[name] = str(Path(words[name]).resolve())
        entries[str(number)] = {"output": str(Path(output).resolve()), "state": WAITING, "request": words}
        self._write(entries)
        return number

    def require_free(self, output: Path) -> None:
        """Raises InputError where a film that waits becomes that file."""
        there = next((known for known, entry in self._read().items() if entry.get("state") == WAITING
                      and entry.get("output") == str(Path(output).resolve())), None)
        if there is not None:
            raise InputError(f"{output}: film {there} of the queue becomes that file")

    def remove(self, number: int) -> None:
        """Take a film out."""
        entries = self._read()
        if str(number) not in entries:
            raise InputError(f"queue: no film {number}, expected one of {', '.join(entries) or 'none'}")
        del entries[str(number)]
        self._write(entries)

    def next(self) -> Job | None:
        """The first that waits."""
        return next((job for job in self.all() if job.state == WAITING), None)

    def close(self, number: int, why: str = "") -> None:
        """A film is done, or it failed because of `why`."""
        entries = self._read()
        if str(number) in entries:
            entries[str(number)] |= {"state": FAILED, "why": why} if why else {"state": DONE}
            self._write(entries)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Keep others from rendering the same queue meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                held = os.open(self._lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
                break
            except FileExistsError:
                owner = self._owner()
                if owner is not None:
                    raise InputError(f"queue: process {owner} is rendering it") from None
                self._lock.unlink(missing_ok=True)
        os.write(held, str(os.getpid()).encode())
        os.close(held)
        try:
            yield
        finally:
            self._lock.unlink(missing_ok=True)

    def _owner(self) -> int | None:
        """The process that holds the lock, None if it has gone."""
        try:
            owner = int(self._lock.read_text())
            os.kill(owner, 0)
        except (ValueError, ProcessLookupError, FileNotFoundError):
            return None
        except PermissionError:
            pass
        return owner

    def _read(self) -> dict:
        entries = user_files.read(self._path, "films")
        if not all(key.isdigit() for key in entries):
            raise InputError(f"{self._path}: expected films by number")
        return entries

    def _write(self, entries: dict) -> None:
        try:
            user_files.write(self._path, entries)
        except OSError as error:
            raise InputError(f"{self._path}: cannot be written ({error.strerror or error})") from None
