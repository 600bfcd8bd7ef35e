"""Cards over the picture: the library of moves, and where a list is to be saved."""

from __future__ import annotations

from game.editor.fields import FIELD, Form
from game.editor.layout import BAR, Rect
from game.film.moves import MOVES
from game.ui.theme import LARGE, MARGIN, PADDING, SMALL
from game.ui.widgets import Brush

WIDTH, HEAD, ROW, FOOT, EDGE = 456.0, 46.0, 38.0, 36.0, 8.0


def beside(brush: Brush, size: tuple[int, int], width: float, height: float) -> Rect:
    """Where a card of some size lies at the right edge below the bar, px."""
    px = brush.theme.px
    top = px(BAR + 6.0)
    wide, high = min(px(width), size[0] - px(2 * MARGIN)), min(px(height), size[1] - top - px(MARGIN))
    return size[0] - wide - px(8.0), top, wide, high


def room_for(brush: Brush, body: Form, foot: Form, first: float) -> float:
    """The height of a card that shows its fields and what lies below them; `first` before they were drawn."""
    return HEAD + EDGE + (body.high + foot.high + 2.0) / brush.theme.scale if body.high and foot.high else first


def parts(brush: Brush, area: Rect, foot: Form) -> tuple[Rect, Rect]:
    """Of a card, px: where its fields lie, which scroll where they have no room, and what stays to be seen below."""
    px, (x, y, width, height) = brush.theme.px, area
    low = foot.high or px(FOOT)
    room = max(height - px(HEAD + EDGE) - low - 1.0, px(FIELD))
    return ((x + px(4), y + px(HEAD), width - px(8), room),
            (x + px(4), y + px(HEAD) + room, width - px(8), low + 1.0))


class MovesCard:
    """The moves by name; the one that is clicked goes in where the playhead is."""

    WINDOW, KEY = "moves", "m"  # the key closes it

    def __init__(self):
        self.open = False
        self.duration_s = 5.0
        self.zone: str | None = None
        self.places: dict[str, tuple[float, float]] = {}    # of each move's row, px, as drawn last
        self._form, self._foot = Form("moves"), Form("moves foot")

    def rect(self, brush: Brush, size: tuple[int, int]) -> Rect:
        """Where it lies: at the right edge, so that the picture stays to be seen."""
        first = HEAD + ROW * len(MOVES) + 100.0
        return beside(brush, size, WIDTH, room_for(brush, self._form, self._foot, first))

    def draw(self, brush: Brush, area: Rect, editor) -> None:
        """Draw it."""
        px, (x, y, width, height) = brush.theme.px, area
        picked, zones = editor.picked_name(), editor.zone_names()
        if self.zone not in zones:
            self.zone = zones[0] if zones else None
        with brush.panel(self.WINDOW, area, "card", True):
            brush.list.add_rect((x, y), (x + width, y + height), brush.theme.color("line"), px(6), 0, 1.0)
            brush.text(x + px(PADDING + 4), y + px(31), "Moves", LARGE, bold=True)
            brush.text(x + width - px(PADDING + 4), y + px(30), f"of {picked}" if picked else "nothing is picked",
                       SMALL, "quiet", right=True)
            body, below = parts(brush, area, self._foot)
            with self._form.over(brush, body) as form:
                to = form.number("Takes", self.duration_s, 0.05, "%.1f s", 0.5, 120.0)
                self.duration_s = self.duration_s if to is None else to
                if len(zones) > 1:
                    chosen = form.choice("Zone", [(zone, zone) for zone in zones], self.zone)
                    self.zone = chosen[0] if chosen else self.zone
                for move in MOVES.values():
                    refusal = editor.why_not_move(move, self.zone)
                    self.places[move.name] = form.left + px(60), form.y + px(ROW / 2)
                    row = (form.left, form.y, form.right - form.left, px(ROW - 3))
                    hit = brush.button(f"move {move.name}", row, refusal is None)
                    brush.text(row[0] + px(8), form.y + px(15), move.label, SMALL,
                               "text" if refusal is None else "quiet", bold=True)
                    if refusal is not None:
                        brush.text(row[0] + row[2] - px(8), form.y + px(15), refusal, SMALL, "quiet", right=True)
                    brush.text(row[0] + px(8), form.y + px(30), move.story, SMALL, "quiet", room=row[2] - px(16))
                    if hit:
                        self.open = False
                        editor.make_move(move, self.zone, self.duration_s)
                    form.y += px(ROW)
            with self._foot.over(brush, below) as form:
                form.y += px(6)
                if form.buttons((("Close", None),)) is not None:
                    self.open = False


class PathCard:
    """Asks for the file that a list goes to."""

    HEIGHT, WINDOW, KEY = 148.0, "path", None

    def __init__(self):
        self.open = False
        self.text = self.why = ""
        self._form, self._foot, self._fresh = Form("path"), Form("path foot"), False

    def ask(self, text: str) -> None:
        """Open it with a name to begin from."""
        self.open, self.text, self.why, self._fresh = True, text, "", True

    def refuse(self, why: str) -> None:
        """Say why the file is not written, and have another name typed."""
        self.why, self._fresh = why, True

    def rect(self, brush: Brush, size: tuple[int, int]) -> Rect:
        """Where it lies: in the middle."""
        px, top = brush.theme.px, round(size[1] * 0.3)
        width = min(px(WIDTH), size[0] - px(2 * MARGIN))
        high = min(px(room_for(brush, self._form, self._foot, self.HEIGHT)), size[1] - top - px(MARGIN))
        return round((size[0] - width) / 2), top, width, high

    def draw(self, brush: Brush, area: Rect, editor) -> None:
        """Draw it."""
        from imgui_bundle import imgui

        px, (x, y, width, height) = brush.theme.px, area
        with brush.panel(self.WINDOW, area, "card", True):
            brush.list.add_rect((x, y), (x + width, y + height), brush.theme.color("line"), px(6), 0, 1.0)
            brush.text(x + px(PADDING + 4), y + px(31), "Save the shot list", LARGE, bold=True)
            body, below = parts(brush, area, self._foot)
            with self._form.over(brush, body) as form:
                if self._fresh:
                    imgui.set_keyboard_focus_here()
                    self._fresh = False
                to = form.words("File", self.text, "my_film.toml")
                self.text = self.text if to is None else to
                taken = imgui.is_item_deactivated() and imgui.is_key_pressed(imgui.Key.enter)
            with self._foot.over(brush, below) as form:
                form.note(self.why, "warning") if self.why else form.note("TOML, read by `voltyard film --shots`.")
                hit = form.buttons((("Save", None), ("Back", None)))
                if hit == 1:
                    self.open = False
                elif hit == 0 or taken:
                    editor.save_to(self.text)
