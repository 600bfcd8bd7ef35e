"""What a window plays is kept in a run folder while it goes on, so that a kill loses a second at most."""

from __future__ import annotations

from pathlib import Path

from sim.model import Model
from sim.recording import Recorder
from sim.results import results

MARK_S = 1.0


class Keeper:
    """Keeps the run of `model` in `folder` by its `recorder`: its position once a second, its results once it
    is over. After `leave`, or once it is over, nothing more is written. `needed` says that something names the
    folder, which stays then."""

    def __init__(self, model: Model, recorder: Recorder, folder: Path):
        self.model, self.folder, self.needed = model, folder, False
        self._recorder: Recorder | None = recorder
        self._waited_s = MARK_S

    def follow(self, real_dt_s: float) -> None:
        """So much real time has passed."""
        self._waited_s += real_dt_s
        if self._waited_s >= MARK_S:
            self._waited_s = 0.0
            self.mark()

    def mark(self) -> None:
        """Note how far the run is, or close it."""
        if self._recorder is None:
            return
        if self.model.now_s < self.model.duration_s:
            return self._recorder.mark()
        self.model.close_books()
        self._recorder.finish(results(self.model, 0.0))
        self._recorder = None

    def leave(self, done: bool = False) -> None:
        """Stop keeping where the run is; `done`: nobody means to go on with it."""
        if self._recorder is not None:
            self._recorder.leave(done)
            self._recorder = None
