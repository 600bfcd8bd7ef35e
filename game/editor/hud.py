"""The editor's panels as a whole: where they lie, when they are drawn again."""

from __future__ import annotations

from imgui_bundle import imgui

from game.editor import bar, overlay, shade
from game.editor.cards import MovesCard, PathCard
from game.editor.export import ExportCard
from game.editor.inspector import Inspector
from game.editor.keys import SHEET
from game.editor.layout import ASPECTS, Layout, inside, layout
from game.editor.timeline import Timeline
from game.palette import Palette
from game.settings import Ui
from game.ui import help, notes
from game.ui.hud import AWAKE_FRAMES, Hud, Shown

ANY_LIST = imgui.PopupFlags_.any_popup
HELP_CLOSES = ("escape", "f1", "h")
IDLE_S = 0.5    # after which panels that nothing stirs are drawn once more


class EditorHud(Hud):
    """Panels around the film's picture; `editor` is the app whose actions they call."""

    def __init__(self, base, size: tuple[int, int], model, editor, palette: Palette, ui: Ui, branching):
        super().__init__(base, size, model, editor, palette, ui, branching)
        self.bare = True
        self.tracks, self.inspector = Timeline(), Inspector()
        self.moves, self.path, self.export = MovesCard(), PathCard(), ExportCard(palette.name)
        self.untouched_s = 0.0      # since a hand was here
        self._idle_s, self._listing, self._over = 0.0, False, ()
        self._drawn: object = None

    @property
    def layout(self) -> Layout:
        """Where things lie now; without panels the picture has all the room."""
        aspect = ASPECTS[self._actions.aspect]
        if self._visible:
            return layout(self._size, self._theme.scale, aspect)
        width, height = self._size
        wide = min(width, round(height * aspect[0] / aspect[1]))
        high = round(wide * aspect[1] / aspect[0])
        return Layout((0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), ((width - wide) // 2, (height - high) // 2, wide, high))

    @property
    def cards(self) -> tuple:
        """Those that may lie over the picture, the one that lies uppermost last."""
        return self.moves, self.export, self.path

    @property
    def typing(self) -> bool:
        """Whether a hand is at a field that takes letters."""
        return bool(self._layer.io.want_text_input) and self._visible

    @property
    def types(self) -> bool:
        return self.typing or self.modal

    @property
    def modal(self) -> bool:
        """Whether a question, a card or a list of choices is open: no key and no click reaches the film behind it."""
        return self._listing or any(self._open)

    @property
    def _open(self) -> tuple[bool, ...]:
        """Of the cards, the help card and a question, which are open, the uppermost last."""
        cards = (self._visible and card.open for card in self.cards)
        return *cards, self._actions.help_open, self.dialog is not None

    def type(self, key: str) -> None:
        """A key by Panda's name; with its modifiers where something is open."""
        if self.dialog is not None:
            self.dialog.key(key)
        elif self._actions.help_open:
            if key in HELP_CLOSES:
                self._actions.toggle_help()
        elif key == "escape":
            if not self._listing and (self.path.open or not self.typing):   # A list, or a field, closes by itself.
                self.close_card()
        elif not self.typing:
            for card in self.cards:
                if card.open and key == card.KEY:
                    card.open = False
        self.stir()

    def covers(self, position: tuple[float, float] | None) -> bool:
        """Whether something else than the picture lies at a pixel."""
        if position is None:
            return False
        return not inside(self.layout.frame, position) or self.modal or super().covers(position)

    @property
    def covered(self) -> tuple:
        """Nothing: labels stand where the film has them."""
        return ()

    def close_card(self) -> bool:
        """Close the uppermost card; whether there was one."""
        for card in reversed(self.cards):
            if card.open:
                card.open = False
                self.stir()
                return True
        return False

    def show(self, visible: bool) -> None:
        """Have panels, or the picture alone in all of the window."""
        super().show(True)
        self._visible = visible
        self.stir()

    def turn_to(self, model) -> None:
        self._model = model

    def go_over_to(self, branching) -> None:
        """Another run is edited from now on."""
        self._branching, self._model = branching, branching.played

    def update(self, view: Shown, real_dt_s: float) -> None:
        """One frame of real time; draws only if something is new."""
        self._real_s += real_dt_s
        self._idle_s += real_dt_s
        self.untouched_s += real_dt_s
        if self._message and self._message_s <= real_dt_s:
            self._message = ""
            self.stir()
        self._message_s -= real_dt_s
        told = self.export.look()
        if told and self.export.rendering is None and not self.export.open:
            self.say(self.export.words)
        news = self._actions.news(), self._size, view.help_open, self._message
        if told or news != self._drawn:
            self._drawn, self._awake = news, max(self._awake, 2)
        if self.inspector.form.active or self.typing or any(card.open for card in self.cards) or self._idle_s > IDLE_S:
            self._awake = max(self._awake, 1)
        if self._awake:
            self._awake -= 1
            self._idle_s = 0.0
            self._draw(view)

    def stir(self) -> None:
        super().stir()
        self.untouched_s = 0.0

    def point(self, position: tuple[float, float] | None) -> None:
        if position != self._pointer:
            self.untouched_s = 0.0
        if position != self._pointer and not self._visible:
            self._pointer = position
            return
        super().point(position)

    def _draw(self, view: Shown) -> None:
        brush, size, editor, lies = self._brush, self._size, self._actions, self.layout
        self._layer.begin()
        over = self._open
        opens, self._over = any(over) and over != self._over, over
        if opens:   # The field that was typed into, or the key that was dragged, is behind it now.
            imgui.internal.clear_active_id()
        self._rects = []
        overlay.surround(brush, size, lies.frame)
        editor.draw_over(brush, lies.frame)
        if self._visible:
            bar.draw(brush, lies.bar, editor)
            self.inspector.draw(brush, lies.side, editor)
            self.tracks.draw(brush, lies.foot, editor)
            if self.inspector.form.given_up:
                self.say(self.inspector.form.given_up)
                self.inspector.form.given_up = ""
        if any(over):
            shade.draw(brush, size)
        if self._visible:
            for card in self.cards:
                if card.open:
                    area = card.rect(brush, size)
                    self._rects.append(area)
                    card.draw(brush, area, editor)
        if view.help_open:
            self._rects.append(help.rect(brush, size, SHEET))
            help.draw(brush, size, SHEET)
        if self._message:
            self._rects.append(notes.message_rect(brush, size, self._message, lies.frame))
            notes.draw_message(brush, self._rects[-1], self._message)
        if self.dialog is not None:
            self._rects.append(self.dialog.rect(brush, size))
            self.dialog.draw(brush, size)
        if opens:
            shade.raise_below(*(card.WINDOW for card in self.cards), "help card", "dialog", "message")
        self._listing = self._visible and imgui.is_popup_open("", ANY_LIST)
        self._layer.end()
        if self._layer.io.want_text_input:
            self._awake = max(self._awake, AWAKE_FRAMES)
