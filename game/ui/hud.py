"""The panels as a whole: what is shown, when it is worked out again, when it is drawn again."""

from __future__ import annotations

import time
from typing import NamedTuple

from imgui_bundle import imgui

from game.foresight import Foresight
from game.look import Look
from game.palette import Palette
from game.settings import LEAST_SCALE, MOST_SCALE, Ui
from game.ui import ahead, cards, facts, help, legend, notes, prompt_view, strip, tabs, theme
from game.ui.beside import BesideView
from game.ui.clearing import Clearing
from game.ui.dashboard import Dashboard
from game.ui.frames import Frames
from game.ui.layer import ImguiLayer
from game.ui.layouts import Layouts
from game.ui.naming import Naming
from game.ui.panel import Moment
from game.ui.prompt import Prompt
from game.ui.sheet import EndSheet
from game.ui.sound import Chime
from game.ui.technology import TechnologyCard
from game.ui.theme import MARGIN
from game.ui.timeline import Timeline
from game.ui.widgets import Brush
from sim.alarms import Alarms
from sim.remark_commands import taken_over

MESSAGE_S, ECHO_S = 4.0, 8.0
HELD = "The instructor has the controls"
SCALE_STEP = 1.1
# ImGui spreads one burst of input over several frames: one for each press, move and release.
AWAKE_FRAMES = 4


class Shown(NamedTuple):
    """What the panels are to show. `selected` is (kind, row) or None."""

    t_s: float
    run: strip.Run
    selected: tuple[str, int] | None
    help_open: bool
    look: Look


class Hud(Clearing):
    """Panels over a picture of `size` pixels.

    `actions` has what the panels' buttons do: toggle_pause(), slower(), faster(), toggle_help(),
    show_view(view), select(kind, row), go_to(alert), acknowledge(alert), refresh() and
    submit(command). `standing` words stay beside the tabs; `bare` leaves all panels out but
    cards and notes. Numbers change at most `ui.refresh_hz` times a second of real time; anything
    else at once. Raises InputError for a layout that is not known.
    """

    def __init__(self, base, size: tuple[int, int], model, actions, palette: Palette, ui: Ui = Ui(),
                 branching=None):
        self._model, self._branching = model, branching
        self.exercise = self.debriefing = None
        self.instructing = False
        self.sheet, self.dialog, self.held = EndSheet(), None, False
        self.technology, self.bare, self.standing = TechnologyCard(base), False, ""
        self.prompt, self.foresight, self.timeline = Prompt(), Foresight(), Timeline()
        self.beside = BesideView()
        self._actions = actions
        self._size = size
        self._refresh_s = 1.0 / ui.refresh_hz
        self._layouts, self._layout = Layouts(), ui.layout
        self.dashboard = Dashboard(self._layouts.get(ui.layout))
        self.alerts, self.frames, self.chime = Alarms(), Frames(), Chime(ui.sound)
        self._layer = ImguiLayer(base, size)
        self._theme = theme.load(palette)
        self._first_scale = self._theme.own = ui.scale
        self._theme.fit(size)
        self._brush = Brush(self._theme)
        self._message, self._message_s = "", 0.0
        self._echo, self._echo_s = "", 0.0
        self._age_s, self._real_s = self._refresh_s, 0.0
        self._shown: Shown | None = None
        self._visible, self._awake = True, AWAKE_FRAMES
        self._rects: list[tuple[float, float, float, float]] = []
        self.card_rect: tuple[float, float, float, float] | None = None
        self._pointer: tuple[float, float] | None = None
        self._naming = Naming()

    @property
    def visible(self) -> bool:
        """Whether panels are drawn."""
        return self._visible

    @property
    def _played(self):
        return self._model if self._branching is None else self._branching.played

    def teach(self, exercise) -> None:
        """Show a lesson: its panel is open before all others, however narrow the picture."""
        self.exercise = exercise
        self.dashboard.seating.bring("lesson")

    @property
    def scale(self) -> float:
        """Pixels of a length of 1 in panels."""
        return self._theme.scale

    def resize(self, size: tuple[int, int]) -> None:
        """Fit to another picture."""
        self._size = size
        self._theme.fit(size)
        self._layer.resize(size)
        self.stir()

    def rescale(self, step: int) -> None:
        """Larger (+1), smaller (-1), or as it began (0)."""
        wanted = min(max(self.scale * SCALE_STEP ** step, LEAST_SCALE), MOST_SCALE) if step else self._first_scale
        fits = self._theme.choose(wanted, self._size)
        self.say(f"Panels at {100 * self.scale:.0f} %{', larger ones do not fit' * (not fits)}")

    def point(self, position: tuple[float, float] | None) -> None:
        """The pointer's pixel, None outside."""
        if position == self._pointer:
            return
        if self.covers(position) or self.covers(self._pointer):
            self._awake = AWAKE_FRAMES
        self._pointer = position
        self._layer.point(position)

    def stir(self) -> None:
        """A button or key was used: panels must be drawn again for it to arrive."""
        self._awake = AWAKE_FRAMES

    def turn_to(self, model) -> None:
        """Show another model: a branch, or a moment of its past."""
        self._model, self.alerts = model, Alarms()
        self.alerts.update(model, model.now_s)
        self._card = None
        self.refresh()

    def speak(self, instructing: bool) -> None:
        """An instructor speaks from now on, or the operator: neither sees the other's lines."""
        self.instructing = self.prompt.instructs = instructing
        self.prompt.close()
        self._echo = ""
        self.refresh()

    def echo(self, line: str) -> None:
        """Show a command that was given, as one would type it."""
        self._echo, self._echo_s = f"{'#' if self.instructing else '>'} {line}", ECHO_S
        self.stir()

    def foresee(self, model, real_dt_s: float, budget_s: float) -> bool:
        """Look further ahead at the command that is being typed; whether there is news."""
        prompt = self.prompt
        can = prompt.open and prompt.refusal is None and not self._branching.past
        wanted = prompt.considered.command if can else None
        self.foresight.ask(model, wanted, prompt.open and not self._branching.past)
        return self.foresight.go_on(model, real_dt_s, budget_s, time.perf_counter)

    @property
    def beside_titles(self) -> tuple[tuple[int, int, int, int], ...]:
        """What stands beside titles while panels are out: left, top, right, bottom, px."""
        if not self.technology.open:
            return ()
        x, y, width, height = self.technology.rect(self._brush, self._size, True)
        return ((round(x), round(y), round(x + width), round(y + height)),)

    def refresh(self) -> None:
        """Work everything out anew before the next drawing."""
        self._shown = None

    def show(self, visible: bool) -> None:
        """Draw the panels or leave them out."""
        self._visible = visible
        self.stir()
        self._layer.show(visible)

    def say(self, text: str) -> None:
        """Show a message for MESSAGE_S."""
        self._message, self._message_s = text, MESSAGE_S
        self.stir()

    # Layouts

    def next_layout(self) -> None:
        """Seat the panels as in the next layout."""
        names = self._layouts.names
        self._layout = names[(names.index(self._layout) + 1) % len(names)]
        self.dashboard.seating = self._layouts.get(self._layout)
        self.refresh()
        self.say(f"Layout: {self._layout}")

    def name_layout(self) -> None:
        """Ask for a name to save the layout under: keys are letters until Enter or Esc."""
        self._naming.text = ""
        self._ask()

    @property
    def types(self) -> bool:
        """Whether keys are letters of a name or a command now."""
        return self._naming.text is not None or self.prompt.open or self.dialog is not None or self.sheet.open

    @property
    def modal(self) -> bool:
        """Whether chords, too, go to what lies over the picture, and to nothing else."""
        return False

    def type(self, key: str) -> None:
        """A key of the answer or the name, by Panda's name."""
        self.stir()
        if self.dialog is not None:
            return self.dialog.key(key)
        if self.sheet.open:
            return self.sheet.key(key, self._actions)
        name = self._naming.key(key)
        if name is None:
            return self._ask()
        if not name:
            return self.say("Not saved")
        try:
            self.say(f"Layout {name} saved in {self._layouts.save(name, self.dashboard.seating)}")
            self._layout = name
        except OSError as error:
            self.say(f"The layout cannot be saved ({error.strerror})")

    def write(self, letters: str) -> None:
        """What a key writes into the name."""
        if self._naming.text is not None:
            self._naming.write(letters)
            self._ask()

    @property
    def written_to(self) -> bool:
        """Whether letters are taken now."""
        return self._naming.text is not None or self.prompt.open

    def _ask(self) -> None:
        self._message, self._message_s = self._naming.says, float("inf")
        self.stir()

    # Frames

    def update(self, view: Shown, real_dt_s: float) -> None:
        """One frame of real time; draws only if something is new."""
        self._age_s += real_dt_s
        self._real_s += real_dt_s
        if self._message and self._message_s <= real_dt_s:
            self._awake = AWAKE_FRAMES
            self._message = ""
        self._message_s -= real_dt_s
        if self._echo and self._echo_s <= real_dt_s:
            self._awake, self._echo = AWAKE_FRAMES, ""
        self._echo_s -= real_dt_s
        if self._shown is None or view[1:] != self._shown[1:]:
            self._look_up(view)
            if self._visible and not self._undocked:
                self.dashboard.work_out(self._moment(view))
            self._awake = max(self._awake, 1)
        elif self._age_s >= self._refresh_s:
            self._look_up(view)
            if self._undocked:
                self._awake = max(self._awake, 1)
            else:
                self.dashboard.begin()
        elif self._visible and not self._undocked and self.dashboard.go_on(self._moment(view)):
            self._awake = max(self._awake, 1)
        if self._awake and self._visible:
            self._awake -= 1
            self._draw(view)

    def close(self) -> None:
        """Give the context back."""
        self._layer.close()

    def _moment(self, view: Shown) -> Moment:
        return Moment(self._model, view.t_s, view.selected, view.look, self.alerts, self.frames,
                      self._branching, self.exercise, self.instructing, self.debriefing)

    @property
    def _halved(self) -> bool:
        """Whether another branch is seen beside the one that is played."""
        return self._branching is not None and self._branching.beside is not None

    @property
    def _undocked(self) -> bool:
        """Whether no panel stands in a dock now."""
        return self.bare or self._halved

    def _look_up(self, view: Shown) -> None:
        """Alarms, the strip and the card."""
        if self.alerts.update(self._model, view.t_s):
            self.chime.play(self._real_s)
        self._shown, self._age_s = view, 0.0
        self.held = not self.instructing and taken_over(self._played.commands)
        if not self._visible:
            return
        self._site = facts.site_facts(self._model, view.t_s)
        if self._halved:
            self.beside.work_out(self._moment(view))
        self._card = facts.card(self._model, *view.selected, view.t_s) if view.selected else None
        if self.timeline.open and self._branching is not None:
            self.timeline.work_out(self._branching, self.instructing)

    def _draw(self, view: Shown) -> None:
        brush, size, actions = self._brush, self._size, self._actions
        top = strip.rect(brush, size)
        below = top[1] + top[3]
        self._layer.begin()
        imgui.begin_disabled(self.dialog is not None)  # a question is answered first
        if self.bare:
            self._rects = []
            self._draw_cards()
            return self._layer.end()
        tab_bar = tabs.rect(brush, size, below, view.look.view)
        halved = self._halved
        self._rects = [top] if halved else [top, tab_bar]
        foot = size[1] - self._theme.px(MARGIN - 8.0)
        if self.timeline.open and self.timeline.lanes is not None:
            self._rects.append(self.timeline.rect(brush, size))
            foot = self._rects[-1][1]
            self.timeline.draw(brush, size, self._branching.shown_s, self._branching.past,
                               self._model.scenario.start, actions)
        elif size[1] >= self._theme.px(legend.LOWEST):
            below_all = legend.rect(brush, size, view.look, self._site)
            self._rects.append(below_all)
            foot = below_all[1]
            legend.draw(brush, size, actions, view.look, self._site)
        strip.draw(brush, size, self._site, view.run, actions)
        if halved:
            covered = self.beside.draw(brush, size, below, foot, actions)
            self._rects += covered
            tab_bar = (0.0, covered[-1][1] + covered[-1][3] + self._theme.px(8.0), self._theme.px(MARGIN - 8.0),
                       tab_bar[3])
        card = (cards.rect(brush, size, self._card, foot, self.dashboard.below_card)
                if self._card is not None and not halved else None)
        self.card_rect = card
        if not halved:
            self._rects += self.dashboard.place(brush, size, below, foot, card)
            tabs.draw(brush, size, below, view.look.view, actions)
            self.dashboard.draw(brush, actions)
        if card is not None:
            self._rects.append(card)
            cards.draw(brush, card, self._card, self._model, actions)
        if self.sheet.open and self.dialog is None:
            self._rects.append(self.sheet.rect(brush, size, self.exercise))
            self.sheet.draw(brush, size, self.exercise, self._message, actions)
        if view.help_open:
            self._rects.append(help.rect(brush, size))
            help.draw(brush, size)
        beside, tone = (HELD, "wait") if self.held else (
            "" if self.prompt.open else self._echo or self.standing, "text")
        if beside:
            self._rects.append(notes.echo_rect(brush, size, beside, tab_bar))
            notes.draw_echo(brush, self._rects[-1], beside, tone)
        if self.prompt.open:
            self._draw_prompt()
        self._draw_cards()
        self._layer.end()

    def _draw_cards(self) -> None:
        """What lies over panels and picture alike."""
        brush, size = self._brush, self._size
        if self.technology.open:
            self._rects.append(self.technology.rect(brush, size, self.bare))
            self.technology.draw(brush, self._rects[-1], self.frames)
        if self._message and not self.prompt.open and not self.sheet.open:
            among = [*self._rects, *([self.dialog.rect(brush, size)] if self.dialog is not None else [])]
            self._rects.append(notes.message_rect(brush, size, self._message, among=among))
            notes.draw_message(brush, self._rects[-1], self._message)
        imgui.end_disabled()
        if self.dialog is not None:
            self._rects.append(self.dialog.rect(brush, size))
            self.dialog.draw(brush, size)

    def _draw_prompt(self) -> None:
        """The command line, with what it would change."""
        brush, look = self._brush, self.foresight
        area = prompt_view.rect(brush, self._size, self.prompt, look.busy or look.ahead is not None)
        self._rects.append(area)
        prompt_view.draw(brush, area, self.prompt, "#" if self.instructing else ">",
                         (lambda brush, room: ahead.draw(brush, room, look, self._model))
                         if look.busy or look.ahead is not None else None)
