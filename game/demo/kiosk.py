"""One guided visit after another in one window, each with a model, panels and a camera of its own."""

from __future__ import annotations

import ctypes
import gc
import sys

from game.demo.guide import Guide
from game.demo.remote import TourDesk
from game.demo.showing import Showing
from game.instructor.station import Station


class Demo:
    """Shows a tour until somebody leaves it. `app` is the visit that is on, None when it is over.

    Raises InputError for a list that does not fit, and for what the machine lacks.
    """

    def __init__(self, showing: Showing, offscreen: bool = False, announced: bool = True):
        self._showing, self._offscreen = showing, offscreen
        self._station: Station | None = None
        self.app: Guide | None = Guide(showing, offscreen=offscreen)
        self._shell = self.app.shell
        if not offscreen and (showing.kiosk or showing.settings.display.fullscreen):
            self._shell.toggle_fullscreen()
        if announced:
            try:
                self._station = Station({"scenario": f"tour {showing.shots.film.name!r}", "folder": None,
                                         "tour": True})
            except OSError as error:
                print(f"voltyard: no presenter can come in ({error})", file=sys.stderr)
        self._attend()

    def run(self) -> None:
        """Show it until it is left."""
        while self.app is not None:
            self.app.run()
            self.turn()

    def turn(self) -> None:
        """One visit is over: begin the next, if there is one. All that the next one keeps is whether the tour
        pauses, and the quality that was found by measuring."""
        done, restart = self.app, self.app.restart
        done.close(keep_shell=True)
        self.app = None
        if restart is None:
            return
        paused, governor = done.touring and done.tour.paused, done.governor
        # What it held on the graphics card goes now and not whenever the collector comes by.
        del done
        gc.collect()
        _give_back()
        self.app = Guide(self._showing, restart, offscreen=self._offscreen, shell=self._shell)
        self.app.tour.paused = paused
        if governor.chosen is None:
            self.app.governor = governor
        self._attend()

    def close(self) -> None:
        """Close the window."""
        if self.app is not None:
            self.app.close(keep_shell=True)
            self.app = None
        if self._station is not None:
            self._station.close()
        self._shell.close()

    def _attend(self) -> None:
        self.app.station = self._station
        self.app.desk = TourDesk(self.app)


def _give_back() -> None:
    """Return free memory to the system, where the C library can: what an app leaves are pieces that it would keep
    and, over hours, more and more of them."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
