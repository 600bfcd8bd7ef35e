"""What a trainee does in a lesson besides operating: begin, see the sheet at its end, go on to the next."""

from __future__ import annotations

import subprocess
import sys
import webbrowser

from game.debriefing import debriefing_of
from game.operator import Operator
from game.ui.dialog import Choice, Dialog
from sim.scenario import Scenario, load, shipped

PAGE = "debrief.html"


class Trainee(Operator):
    """The part of the app that knows of lessons. `wanted` is the scenario that the window is to play next,
    None for none; `filming` says that it is to edit a film of this run, and to come back."""

    wanted: Scenario | None = None
    filming = False
    _debrief: subprocess.Popen | None = None
    _entering: subprocess.Popen | None = None

    def begin_exercise(self) -> None:
        """The briefing is read: let the clock run. Once the lesson is over, show its sheet again."""
        if self.exercise is None or self._refused():
            return
        if self.exercise.over:
            return self.open_sheet()
        if not self.exercise.begun:
            self.exercise.begun = True
            self.clock.paused and self.clock.toggle()
            self.hud and self.hud.refresh()

    def follow_exercise(self, real_dt_s: float) -> None:
        """Take in what has happened in it; when it is over its sheet comes up."""
        before = self.exercise.over
        if self.exercise.follow(real_dt_s):
            self.hud.refresh()
        if self.exercise.over and not before:
            if self.branching is not None:
                self.branching.scored = None
            self.be_debriefed(debriefing_of(self.exercise))
            self.open_sheet()
            if self.exercise.trainee is not None and self.exercise.keeper is not None:
                self._entering = self._debriefed("--no-stills")
        self._follow_debrief()

    def open_sheet(self) -> None:
        """Show the sheet of a lesson that is over."""
        self.hud.sheet.open = True
        self.hud.stir()

    def close_sheet(self) -> None:
        """Put the sheet away."""
        self.hud.sheet.open = False
        self.hud.stir()

    def scrub_from_sheet(self, t_s: float) -> None:
        """Show the moment at which a point was lost, in the exercise, with the timeline beneath."""
        self.close_sheet()
        if self.branching is not None and self.branching.played is not self.exercise.model:
            self.branching.switch(next(name for name, branch in self.branching.tree.branches.items()
                                       if branch.model is self.exercise.model))
        self.hud.timeline.open = True
        self.hud.refresh()
        self.scrub(t_s)
        self._say("The moment; End goes back to now, I to the sheet")

    def again(self) -> None:
        """Begin the lesson anew."""
        self._next(self.scenario)

    def choose_lesson(self) -> None:
        """Ask which lesson is to be next."""
        lessons = [one for one in map(load, shipped()) if one.training is not None]
        lessons.sort(key=lambda one: one.story)
        choices = [Choice(one.name.replace("_", " ").capitalize(), one.story, lambda one=one: self._next(one))
                   for one in lessons if one.name != self.scenario.name]
        back = Choice("Back", "to the sheet", self.close_dialog)
        self.ask(Dialog("Another lesson", "It begins in this window.", [*choices, back], leave=True))

    def ask(self, dialog: Dialog) -> None:
        """Show a question; keys go to it until it is answered."""
        self.hud.dialog = dialog
        self.hud.stir()

    def close_dialog(self) -> None:
        """Put the question away."""
        self.hud.dialog = None
        self.hud.stir()

    def write_debrief(self) -> None:
        """Have the debrief's page written by a process of its own, and shown when it is there."""
        keeper = self.exercise.keeper
        if keeper is None:
            return self._say("This run is not recorded, so there is no debrief")
        if self._debrief is None:
            self._debrief = self._debriefed()
        self._say("The debrief is being written; it opens in the browser")

    def _debriefed(self, *options: str) -> subprocess.Popen:
        """A process that writes the debrief, and enters the attempt into the records where somebody's it is."""
        trainee = self.exercise.trainee
        whose = () if trainee is None else ("--trainee", trainee)
        return subprocess.Popen([sys.executable, "-m", "game", "debrief", str(self.exercise.keeper.folder), *whose,
                                 *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def _follow_debrief(self) -> None:
        """Look whether the debrief is there, and the attempt entered."""
        if self._entering is not None and self._entering.poll() is not None:
            entered, self._entering = self._entering, None
            why = entered.communicate()[1].strip()
            self._say(f"Not in the records: {why}" if entered.returncode else
                      f"The attempt is in the records of {self.exercise.trainee}")
        if self._debrief is None or self._debrief.poll() is None:
            return
        done, self._debrief = self._debrief, None
        why = done.communicate()[1].strip()
        if done.returncode:
            return self._say(f"No debrief: {why}")
        page = (self.exercise.keeper.folder / "debrief" / PAGE).resolve()
        shown = webbrowser.open(page.as_uri())
        self._say(f"{'Opened' if shown else 'Written to'} {page}")

    def edit_film(self) -> None:
        """Leave for the film editor, with the run as it has come so far."""
        if self.exercise is not None:
            return self._say("A lesson goes on: its run is filmed later, by `voltyard edit`")
        if self.keeper is None:
            return self._say("This run is not recorded, so there is no film of it")
        self.filming, self.running = True, False

    def _next(self, scenario: Scenario) -> None:
        self.wanted, self.running = scenario, False
