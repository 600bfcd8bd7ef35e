"""A film that a process of its own renders while the one that asked for it goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

from game.film.request import Request, processes
from sim.errors import InputError

PATIENCE_S = 3.0    # for a process that was told to end
NICER = 5       # how far it stands back behind the one that asked


class Rendering:
    """`request` rendered to `out` by `jobs` processes. Look at `done` of `total` frames after `look`; `ended` says
    that it is over, `why` what went wrong, if anything did. What is finished stays when it is stopped, and the same
    request goes on from there."""

    def __init__(self, request: Request, out: Path, jobs: int = 1):
        context = multiprocessing.get_context("spawn")
        self.out = Path(out)
        self.done, self.total, self.ended, self.why = 0, 0, False, ""
        self._words, told = context.Pipe(duplex=False)
        # No daemon: those may have no processes of their own. It ends itself where this one does.
        self._process = context.Process(target=_render, args=(request, self.out, processes(jobs), told))
        self._process.start()
        told.close()

    def look(self) -> None:
        """Take in what it has told."""
        try:
            while not self._words.closed and self._words.poll():
                said = self._words.recv()
                if isinstance(said, str):
                    self.why = said
                else:
                    self.done, self.total = said
        except (EOFError, OSError):
            self._words.close()
        if self._words.closed and not self._process.is_alive():
            self.ended = True
            self.why = self.why or ("" if self._process.exitcode == 0 else "the process that rendered has died")

    def stop(self) -> None:
        """End it; finished chunks stay."""
        self._process.terminate()
        self._process.join(PATIENCE_S)
        self._process.kill()
        self._process.join()
        self._words.close()
        self.ended = True


def _render(request: Request, out: Path, jobs: int, told) -> None:
    """What the process does; it ends when the one that started it has, and its own helpers with it."""
    from game.film.render import render

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.nice(NICER)
    parent = os.getppid()

    def tick(done: int, total: int) -> None:
        if os.getppid() != parent:
            os._exit(1)
        told.send((done, total))
    try:
        render(request.plan(), out, jobs, tick)
    except (InputError, OSError) as error:
        told.send(" ".join(str(error).split()))
