"""The window: what is played in it, one after another, until it is closed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from game.app import App
from game.branching import Branching
from game.debriefing import Debriefing
from game.handover import take_up
from game.instructor.desk import Desk
from game.instructor.station import Station
from game.look import Look, Tier
from game.settings import Settings
from game.training import Sitting, begin, broke_off, go_on
from game.ui.dialog import Choice, Dialog
from game.ui.trace import Trace
from sim.errors import InputError
from sim.model import Model
from sim.orders import SOURCE
from sim.resuming import Unfinished, put_aside
from sim.scenario import Scenario
from sim.timing import clock_label


def play(scenario: Scenario, folder: Path, settings: Settings, anew: bool = False,
         trainee: str | None = None) -> list[Sitting]:
    """Open the window and play a scenario, then whatever is chosen in it, until it is closed; returns what was
    played. Runs are kept in folders within `folder`; a lesson that is over is entered into the records of
    `trainee` at once.

    Where a run of the scenario broke off, the window asks first whether to go on there, unless `anew`. Raises
    InputError for what the machine lacks, and for a lesson that cannot be recorded; another scenario is then
    played all the same.
    """
    played: list[Sitting] = []
    window = _Window(settings)
    try:
        while scenario is not None:
            broken = [] if anew else broke_off(scenario, folder)
            chosen = window.ask(scenario, broken[0]) if broken else None
            if broken and chosen is None:
                break
            for one in broken if chosen == ANEW else broken[1:]:
                put_aside(one.folder)
            sitting = _resumed(broken[0], folder) if chosen == RESUME else None
            sitting = sitting or _begun(scenario, folder)
            if sitting.exercise is not None:
                sitting.exercise.trainee = trainee
            if sitting.told:
                print(sitting.told, flush=True)
            played.append(sitting)
            scenario, anew = window.play(sitting), True
            _leave(sitting)
    finally:
        window.close()
    return played


def review(branching: Branching, debriefing: Debriefing, settings: Settings) -> None:
    """Go through a run's debriefing in the window until it is closed. Raises InputError for what the machine
    lacks."""
    window = _Window(settings)
    try:
        window.review(branching, debriefing)
    finally:
        window.close()


RESUME, ANEW = "resume", "anew"


class _Window:
    """One window for several apps, each of which has it to itself."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._shell = self._station = None

    def ask(self, scenario: Scenario, broken: Unfinished) -> str | None:
        """RESUME, ANEW, or None where the window was closed."""
        answers: list[str] = []
        app = self._app(Sitting(Model(scenario, history=Trace()), None, None), explore=False)
        app.clock.paused = True

        def take(answer: str) -> None:
            answers.append(answer)
            app.running = False

        at = clock_label(broken.until_s, scenario.start)
        count = {0: "no command", 1: "one command"}.get(broken.commands, f"{broken.commands} commands")
        app.ask(Dialog(
            f"The last run broke off at {at}", f"{broken.folder} was not finished; it has {count}.",
            [Choice(f"Go on at {at}", "exactly where it was, all commands included", lambda: take(RESUME)),
             Choice("Begin anew", "the earlier run stays on the disk", lambda: take(ANEW))]))
        app.run()
        self._take_back(app)
        return answers[0] if answers else None

    def play(self, sitting: Sitting) -> Scenario | None:
        """Play until the window is closed, or something else is wanted: that scenario."""
        keeper, back, refused = sitting.keeper, None, None
        about = {"scenario": sitting.model.scenario.name,
                 "folder": str(keeper.folder.resolve()) if keeper is not None else None}
        self._announce(about)
        while True:
            app = self._app(sitting, branching=back and back.branching)
            if back is not None:
                take_up(app, back)
                if refused:
                    app.hud.say(refused)
            app.station, app.desk = self._station, Desk(app)
            app.run()
            self._take_back(app)
            if not app.filming:
                return app.wanted
            refused, back = self._film(sitting), app

    def _film(self, sitting: Sitting) -> str | None:
        """Edit a film of a run that is kept, as far as it has come; why not, or None."""
        from game.editor.editor import Editor
        from game.editor.session import session_of_run

        sitting.keeper.mark()
        try:
            session = session_of_run(sitting.keeper.folder, sitting.model.now_s, self._settings)
            editor = Editor(session, shell=self._shell)
        except InputError as error:
            return " ".join(str(error).split())
        try:
            editor.run()
            sitting.keeper.needed |= editor.session.path is not None
        finally:
            editor.close(keep_shell=True)
        return None

    def review(self, branching: Branching, debriefing: Debriefing) -> None:
        """Go from stop to stop until the window is closed."""
        app = self._app(Sitting(branching.played, None, None), branching=branching, debriefing=debriefing)
        app.run()
        self._take_back(app)

    def close(self) -> None:
        """Close the window."""
        if self._station is not None:
            self._station.close()
        if self._shell is not None:
            self._shell.close()

    def _announce(self, about: dict) -> None:
        try:
            if self._station is None:
                self._station = Station(about)
            else:
                self._station.announce(about)
        except OSError as error:
            print(f"voltyard: no instructor can come in ({error})", file=sys.stderr)

    def _app(self, sitting: Sitting, explore: bool = True, **known) -> App:
        display, ui = self._settings.display, self._settings.ui
        app = App(sitting.model.scenario, sitting.model, size=display.size, palette=display.palette,
                  speed=self._settings.start.speed, out=self._settings.paths.out,
                  look=Look(tier=Tier.MEDIUM if display.tier is None else display.tier), auto=display.tier is None,
                  panels=ui, explore=explore, exercise=sitting.exercise, keeper=sitting.keeper, shell=self._shell,
                  **known)
        if self._shell is None and display.fullscreen:
            app.shell.toggle_fullscreen()
        self._shell = app.shell
        return app

    @staticmethod
    def _take_back(app: App) -> None:
        app.close(keep_shell=True)


def _begun(scenario: Scenario, folder: Path) -> Sitting:
    try:
        return begin(scenario, folder)
    except InputError as error:
        if scenario.training is not None:
            raise
        print(f"voltyard: this run is not recorded: {error}", file=sys.stderr)
        return Sitting(Model(scenario, history=Trace()), None, None)


def _resumed(broken: Unfinished, folder: Path) -> Sitting | None:
    try:
        return go_on(broken, folder)
    except InputError as error:
        print(f"voltyard: {error}; it begins anew", file=sys.stderr)
        return None


def _leave(sitting: Sitting) -> None:
    """The window goes on to something else: a lesson can be resumed, another run is done with, and leaves
    nothing where nobody decided anything."""
    keeper = sitting.keeper
    if keeper is None:
        return
    keeper.leave(done=sitting.exercise is None)
    decided = any(entry["source"] != SOURCE for entry in sitting.model.commands)
    if sitting.exercise is None and not decided and not keeper.needed:
        shutil.rmtree(keeper.folder, ignore_errors=True)
