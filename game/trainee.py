"""What a trainee does in a lesson besides operating: begin, see the sheet at its end, go on to the next."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path

from game.aside import Aside
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
    _asides: dict[str, Aside] = {}      # what is made beside the window, by what it is; replaced, never changed

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
                whose = self.exercise.trainee
                self._aside("entry", self.exercise.keeper.folder, ["--no-stills"],
                            lambda said: self._say(f"The attempt is in the records of {whose}"),
                            "Not in the records")

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
        self._aside("page", keeper.folder, [], lambda said: self._open_page(keeper.folder), "No debrief")
        self._say("The debrief is being written; it opens in the browser")

    def film_debrief(self) -> None:
        """Have a film made of the key moments, beside the run, and say where it is once it is there."""
        folder = self.debriefing.folder if self.debriefing is not None else None
        if folder is None:
            return self._say("There is no debrief to film; a lesson that is over has one" if self.debriefing is None
                             else "This run is not recorded, so there is no film")
        self._aside("film", folder, ["--film"], lambda said: self._say(f"The film is there: {said}"), "No film")
        self._say(f"A film is being made in {folder / 'debrief'}; you are told when it is there")

    def follow_asides(self) -> None:
        """Look whether what was asked for beside the window is there."""
        self._asides = {what: aside for what, aside in self._asides.items() if not aside.poll()}

    def _aside(self, what: str, folder: Path, options: list[str], done: Callable[[str], object], failed: str) -> None:
        """Have `voltyard debrief` run once with these options, and enter the attempt into the records where
        somebody's it is."""
        trainee = self.exercise.trainee if self.exercise is not None else None
        whose = [] if trainee is None else ["--trainee", trainee]
        if what not in self._asides:
            aside = Aside(["debrief", str(folder), *whose, *options], done, lambda why: self._say(f"{failed}: {why}"))
            self._asides = {**self._asides, what: aside}

    def _open_page(self, folder: Path) -> None:
        page = (folder / "debrief" / PAGE).resolve()
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
