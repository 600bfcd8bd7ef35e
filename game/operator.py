"""What an operator can say: the command line, time, branches. Behind keys, buttons and the prompt."""

from __future__ import annotations

import time
from collections.abc import Sequence

from game.instructor.desk import Desk
from sim.commands import Command
from sim.console import (Compare, Fork, ListOrders, NotUnderstood, Pause, Resume, Save, SetSpeed, ShowAlone,
                         ShowBeside, ShowNow, ShowPast, Switch, Undo, parse, text_of)
from sim.errors import InputError
from sim.orders import INSTRUCTOR
from sim.remark_commands import remark_kinds, taken_over
from sim.run import TimedCommand
from sim.saving import save_scenario
from sim.timing import DAY_S, clock_label

PAST_WORDS = "this is the past: fork here (Y), or go back to now (End)"
TRIED = "what if"
ALONE_WORDS = "this picture has no branches"
HELD_WORDS = "the instructor has the controls until they are given back"


class Operator:
    """The part of the app that speaks the language of `sim.console`. A click says the same line as a typed
    command, so that whoever watches learns it."""

    instructing = False
    station = None
    _voice: str | None = None

    # Saying

    def open_prompt(self, text: str = "") -> None:
        """Ask for a command."""
        if self.hud is not None:
            self.hud.prompt.begin(self.model, text, self.barred)
            self.hud.refresh()

    def type(self, key: str) -> None:
        """A key while something is typed."""
        prompt = self.hud.prompt
        if not prompt.open:
            return self.hud.type(key)
        line = prompt.key(key)
        if line is not None:
            self.send(line)
        self.hud.stir()

    def type_letters(self, letters: str) -> None:
        """Letters while something is typed."""
        if self.hud is None:
            return
        if self.hud.prompt.open:
            self.hud.prompt.insert(letters)
            self.hud.stir()
        else:
            self.hud.write(letters)

    def send(self, line: str) -> None:
        """Carry out a line; one that is not understood or refused stays open and says why."""
        prompt = self.hud.prompt
        try:
            command = parse(line, self.model, self.instructing)
        except NotUnderstood:
            return prompt.look_again()
        refusal = self.obey(command)
        if refusal is None:
            prompt.close()
            self.hud.refresh()
        else:
            prompt.refusal = refusal

    def obey_as(self, source: str, command) -> str | None:
        """Do what someone says who is not at the window: nobody here hears the words, and a past that is
        shown is no hindrance. Returns why not, or None."""
        self._voice = source
        try:
            return self.obey(command)
        finally:
            self._voice = None
            self.hud and self.hud.refresh()

    def obey(self, command) -> str | None:
        """Do what a line means; returns why not, or None."""
        barred = self.barred(command)
        if barred is not None:
            return barred
        act = _SESSION.get(type(command))
        try:
            refusal = act(self, command) if act is not None else self._decide(command)
        except (ValueError, InputError) as error:
            return str(error)
        if refusal is None and self._voice is None:
            self._echo(command)
        return refusal

    def barred(self, command) -> str | None:
        """Why a command cannot be given here and now, whatever the model says; None if it can."""
        if self.held and not isinstance(command, Compare):
            return HELD_WORDS
        past = self.branching is not None and self.branching.past and self._voice is None
        return PAST_WORDS if past and hasattr(command, "check") else None

    @property
    def held(self) -> bool:
        """Whether who speaks now is refused because the instructor has taken over."""
        model = self.model if self.branching is None else self.branching.played
        return self.speaks_as != INSTRUCTOR and taken_over(model.commands)

    def _refused(self) -> bool:
        """`held`, and then it is said."""
        held = self.held
        if held:
            self._say(f"Refused: {HELD_WORDS}")
        return held

    def _say(self, text: str) -> None:
        if self.hud is not None:
            self.hud.say(text)

    def submit(self, command: Command) -> None:
        """Give the model a command, as a button does; a refusal is shown."""
        refusal = self.obey(command)
        if refusal:
            self._say(f"Refused: {refusal}")

    def _decide(self, command: Command) -> str | None:
        self._acted = True
        model = self.model if self.branching is None else self.branching.played
        return model.submit(command, self.speaks_as)

    def _echo(self, command) -> None:
        if self.hud is not None:
            line = text_of(command)
            self.hud.prompt.remember(line)
            self.hud.echo(line)

    @property
    def speaks_as(self) -> str:
        """Whose commands they are, for the log."""
        return self._voice or (INSTRUCTOR if self.instructing else "operator")

    def toggle_instructor(self) -> None:
        """Speak as the instructor, whose commands the trainee's log does not show, or as the operator."""
        if self.station is not None and self.station.attended and not self.instructing:
            return self._say("The instructor is at another terminal")
        self.instructing = not self.instructing
        if self.hud is not None:
            self.hud.speak(self.instructing)
        self._say("You are the instructor: the trainee does not see what you say" if self.instructing
                  else "You are the operator")

    # Time

    def toggle_timeline(self) -> None:
        """Show the timeline, or put it away."""
        if self.hud is not None:
            self.hud.timeline.open = not self.hud.timeline.open
            self.hud.refresh()

    def scrub(self, t_s: float) -> None:
        """Show an instant of the recorded past."""
        if self.branching is not None and not self._refused():
            began = time.perf_counter()
            self.branching.show(t_s)
            self.sought_s += time.perf_counter() - began
            self._looked()

    def scrub_by(self, steps: float) -> None:
        """So many control intervals later or earlier (-)."""
        if self.branching is not None:
            if steps > 0 and not self.branching.past:
                return
            self.scrub(self.branching.shown_s + steps * self.scenario.control_interval)

    def show_now(self) -> None:
        """Back to the present."""
        if self.branching is not None and self.branching.past:
            self.branching.show_now()
            self._looked()

    def step_event(self, step: int) -> None:
        """To the next event that matters, or the last one (-1). From the present the clock runs there."""
        if self.branching is None or self._refused():
            return
        told = self.debriefing if self.branching.branch.parent is None else None
        at = (self.branching.next_event_s(step) if told is None else
              told.next_s(self.branching.shown_s, step))
        if at is not None:
            self.scrub(at)
        elif step > 0 and self.branching.past:
            self.show_now()
        elif step > 0 and told is None:
            self.seeking = len(self.model.events)

    def be_debriefed(self, told) -> None:
        """From now on stepping from event to event goes through the stops of a debriefing (None: no more)."""
        self.debriefing = self.hud.debriefing = told
        self.hud.refresh()

    def _looked(self) -> None:
        self._acted = True
        self.hud and self.hud.stir()

    # Branches

    def ask_fork(self) -> None:
        """Ask for the name of a branch that begins at the instant shown."""
        self.open_prompt("fork ")

    def next_branch(self) -> None:
        """Go over to the next branch."""
        if self.branching is not None and len(self.branching.tree.branches) > 1:
            self.submit(Switch(name=self.branching.next_name()))

    def _fork(self, command: Fork) -> str | None:
        refusal = self._branched(lambda branching: branching.fork(command.name))
        scored = None if self.branching is None else self.branching.scored
        if refusal is None and scored is not None:
            at = clock_label(scored.model.now_s, self.scenario.start)
            self._say(f"{command.name} is not scored; the lesson waits at {at}. Z goes over to the other")
        return refusal

    def _switch(self, command: Switch) -> str | None:
        return self._branched(lambda branching: branching.switch(command.name))

    def _compare(self, command: Compare) -> str | None:
        return self._branched(lambda branching: branching.compare(command.name), False)

    def _undo(self, _command) -> str | None:
        if self.branching is None:
            return ALONE_WORDS
        mine = [k for k, entry in self.branching.branch.decisions
                if entry["source"] == self.speaks_as and entry["command"]["kind"] not in remark_kinds()]
        if not mine:
            return "there is no command to undo"
        number = 1
        while f"undo-{number}" in self.branching.tree.branches:
            number += 1
        self.branching.fork(f"undo-{number}", mine[-1])
        self.restart_clock()
        self._looked()
        scored = "" if self.branching.scored is None else ", which is not scored: the lesson waits"
        self._say(f"Undone on the branch undo-{number}{scored}; Z goes over to the other")
        return None

    def _save(self, command: Save) -> str | None:
        model = self.model if self.branching is None else self.branching.played
        path = self.out / f"{command.name}.toml"
        save_scenario(path, model.scenario, model.commands)
        self._say(f"Saved: voltyard play {path}")
        return None
    def toggle_beside(self) -> None:
        """Show the other branch beside this one, or this one alone."""
        on = self.branching is not None and self.branching.beside is not None
        self.submit(ShowAlone() if on else ShowBeside())

    def _beside(self, command: ShowBeside) -> str | None:
        def act(branching) -> None:
            if command.name is not None:
                branching.compare(command.name)
            branching.show_beside(True)
        return self._branched(act, False)

    def _alone(self, _command) -> str | None:
        return self._branched(lambda branching: branching.show_beside(False), False)

    def try_out(self, commands: Sequence[TimedCommand], until_s: float) -> None:
        """Show a branch with these commands beside the run as it is, at `until_s` (s); InputError for a
        command that is refused."""
        try:
            self.branching.try_out(TRIED, commands, until_s)
        except ValueError as error:
            raise InputError(f"--what-if: {error}") from None
        self.restart_clock()
        self.fit_halves()

    def _branched(self, act, anew: bool = True) -> str | None:
        if self.branching is None:
            return ALONE_WORDS
        act(self.branching)
        if anew:
            self.restart_clock()
        self._looked()
        return None

    # Words for the session

    def _list(self, _command) -> None:
        self._say("; ".join(Desk(self).waiting()) or "Nothing waits")

    def _pause(self, _command) -> None:
        self.clock.paused or self.clock.toggle()

    def _resume(self, _command) -> None:
        self.show_now()
        self.clock.paused and self.toggle_pause()

    def _speed(self, command: SetSpeed) -> None:
        self.clock.run_at(command.factor)

    def _show_past(self, command: ShowPast) -> str | None:
        if self.branching is None:
            return ALONE_WORDS
        t_s = self.scenario.seconds(command.at)
        while t_s > self.branching.played.now_s:  # a clock time is read as the next one
            t_s -= DAY_S
        if t_s < 0.0:
            return "that has not been yet"
        self.scrub(t_s)
        return None

    def _now(self, _command) -> None:
        self.show_now()


_SESSION = {Pause: Operator._pause, Resume: Operator._resume, SetSpeed: Operator._speed, Fork: Operator._fork,
            Switch: Operator._switch, Compare: Operator._compare, ShowBeside: Operator._beside,
            ShowAlone: Operator._alone, ShowPast: Operator._show_past, ShowNow: Operator._now,
            ListOrders: Operator._list, Undo: Operator._undo, Save: Operator._save}
