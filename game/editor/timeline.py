"""The editor's timeline: what hands do there. `rows` draws the tracks, `transport` the row of buttons above."""

from __future__ import annotations

from fractions import Fraction

from imgui_bundle import imgui

from game.editor import rows, transport
from game.editor.layout import Rect
from game.editor.playhead import snapped
from game.film.editing import TRACKS, Spot, keys_of, milli
from game.ui.layer import vec
from game.ui.widgets import Brush

NAMES, RIGHT, HEAD, RULER = 78.0, 18.0, 34.0, 20.0
SNAP_PX, EDGE_PX, CATCH_PX = 7.0, 5.0, 3.0
ZOOM, CLOSEST_S = 1.25, 1.0


class Timeline:
    """The tracks between `since_s` and `until_s` of film time, and the drag that is on."""

    def __init__(self):
        self.since_s, self.until_s = 0.0, 0.0
        self._drag: str | None = None
        self._pressed_s = self._origin = Fraction(0)
        self._from, self._lead, self._moved = (0.0, 0.0), None, False
        self.snap_s: Fraction | None = None
        self._seen_s: Fraction | None = None
        self.shapes: list[rows.Shape] = []
        self.tracks: dict[str, Rect] = {}

    # Where time is

    def at(self, t: Fraction | float) -> float:
        """The pixel (x) of a film time, as drawn last."""
        return self._left + (float(t) - self.since_s) * self._per_s

    def film_s(self, x: float) -> Fraction:
        """The film time at a pixel."""
        return Fraction(round((self.since_s + (x - self._left) / self._per_s) * 1e6), 1_000_000)

    def whole(self, end: Fraction) -> None:
        """Show all of the film."""
        self.since_s, self.until_s = 0.0, float(end) * 1.02

    # Frames

    def draw(self, brush: Brush, area: Rect, editor) -> None:
        """Draw it and do what hands want."""
        px, (x, y, width, height) = brush.theme.px, area
        end = editor.document.shots.film.duration
        if self.until_s <= self.since_s:
            self.whole(end)
        self._left, self._right = x + px(NAMES), x + width - px(RIGHT)
        self._per_s = (self._right - self._left) / (self.until_s - self.since_s)
        self._keep_in_sight(editor.playhead)
        top, bottom = y + px(HEAD), y + height - px(6)
        with brush.panel("editor timeline", area):
            brush.line(x, y, x + width, y)
            transport.draw(brush, (x, y, width, px(HEAD)), editor, self)
            imgui.set_cursor_screen_pos(vec(self._left - px(6), top))
            imgui.invisible_button("tracks", vec(self._right - self._left + px(12), bottom - top))
            hovered, activated, active = imgui.is_item_hovered(), imgui.is_item_activated(), imgui.is_item_active()
            let_go = imgui.is_item_deactivated()
            self._hear(brush, editor, (top, top + px(RULER)), hovered, activated, active, let_go)
            self.tracks = rows.lanes(brush, (self._left, top + px(RULER), self._right - self._left,
                                             bottom - top - px(RULER)), editor.document.shots)
            imgui.push_clip_rect(vec(x, top), vec(x + width, y + height), True)
            self.shapes = rows.draw(brush, self, (self._left, top, self._right, bottom), px(RULER), editor)
            if self._drag == "box":
                mouse = imgui.get_mouse_pos()
                brush.list.add_rect_filled(vec(*self._from), mouse, brush.theme.color("hover"))
                brush.list.add_rect(vec(*self._from), mouse, brush.theme.color("quiet"))
            if self.snap_s is not None and self._drag in ("key", "at", "until"):
                brush.line(self.at(self.snap_s), top, self.at(self.snap_s), bottom, "wait")
            imgui.pop_clip_rect()
            if hovered and not active:
                mouse = imgui.get_mouse_pos()
                shape = self._under(mouse.x, mouse.y, px(1.0))
                if shape is not None and shape.words:
                    brush.tooltip(shape.words)

    def _keep_in_sight(self, head) -> None:
        """While it plays, or is stepped, the playhead does not leave what is shown."""
        t, span = float(head.film_s), self.until_s - self.since_s
        if head.film_s != self._seen_s and self._drag is None and not self.since_s <= t <= self.until_s:
            self.since_s = max(t - 0.1 * span, 0.0)
            self.until_s = self.since_s + span
            self._per_s = (self._right - self._left) / span
        self._seen_s = head.film_s

    def _hear(self, brush, editor, ruler, hovered, activated, active, let_go) -> None:
        io, mouse, px = imgui.get_io(), imgui.get_mouse_pos(), brush.theme.px
        if hovered and io.mouse_wheel:
            self._zoom(io.mouse_wheel, mouse.x, io.key_shift, editor.document.shots.film.duration)
        if activated:
            self._press(editor, mouse, ruler, px, io)
        if active and self._drag == "scrub":
            editor.scrub_film(snapped(self.film_s(mouse.x), (), Fraction(0), editor.playhead.fps))
        elif active and self._drag in ("key", "at", "until") and (
                self._moved or abs(mouse.x - self._from[0]) > CATCH_PX):
            self._moved = True
            self._pull(editor, mouse, px, io.key_alt)
        if let_go:
            if self._drag == "box":
                self._choose(editor, mouse)
            elif self._drag in ("key", "at", "until"):
                editor.document.drop()
            self._drag, self.snap_s = None, None

    def _press(self, editor, mouse, ruler, px, io) -> None:
        self._from, self._pressed_s, self._moved = (mouse.x, mouse.y), self.film_s(mouse.x), False
        shape = self._under(mouse.x, mouse.y, px(1.0))
        document = editor.document
        if ruler[0] <= mouse.y < ruler[1] and (shape is None or shape.spot.track != "stops"):
            self._drag = "scrub"
        elif shape is not None:
            if imgui.is_mouse_double_clicked(0):
                editor.scrub_film(document.key(shape.spot).at)
            more = io.key_ctrl or io.key_shift
            if more and shape.spot in document.selected:
                document.select(*(spot for spot in document.selected if spot != shape.spot))
            elif more:
                document.select(*document.selected, shape.spot)
            elif shape.spot not in document.selected:
                document.select(shape.spot)
            self._drag, self._lead = shape.edge or "key", shape.spot
            if shape.edge:
                document.select(shape.spot)
            self._origin = getattr(document.key(shape.spot), "until" if shape.edge == "until" else "at")
            document.grab()
        elif imgui.is_mouse_double_clicked(0):
            track = next((name for name, (_, y, _, high) in self.tracks.items() if y <= mouse.y < y + high), None)
            editor.add_at(track, snapped(self._pressed_s, (), Fraction(0), editor.playhead.fps))
        else:
            self._drag = "box"

    def _pull(self, editor, mouse, px, loose: bool) -> None:
        """Move what was grabbed to where the hand is, or to what lies near that."""
        document, shots = editor.document, editor.document.shots
        if self._lead not in document.selected:
            return
        origin = self._origin
        want = origin + self.film_s(mouse.x) - self._pressed_s
        others = [] if loose else [editor.playhead.film_s, Fraction(0), shots.film.duration]
        if not loose:
            others += [key.at for track in TRACKS for number, key in enumerate(keys_of(shots, track))
                       if Spot(track, number) not in document.selected]
            others += [title.until for k, title in enumerate(shots.titles)
                       if Spot("titles", k) not in document.selected]
        reach = Fraction(px(SNAP_PX) / self._per_s).limit_denominator(10 ** 6)
        to = milli(want) if loose else snapped(want, others, reach, editor.playhead.fps)
        self.snap_s = to if to in others else None
        if self._drag == "key":
            editor.attempt(lambda: document.move(to - origin))
        else:
            editor.attempt(lambda: document.stretch(self._drag, to - origin))

    def _choose(self, editor, mouse) -> None:
        """Select what lies in the box; a box that is none selects nothing."""
        (x0, x1), (y0, y1) = sorted((self._from[0], mouse.x)), sorted((self._from[1], mouse.y))
        if x1 - x0 < CATCH_PX and y1 - y0 < CATCH_PX:
            return editor.document.select()
        editor.document.select(*dict.fromkeys(
            shape.spot for shape in self.shapes
            if shape.x0 <= x1 and shape.x1 >= x0 and shape.y0 <= y1 and shape.y1 >= y0))

    def _under(self, x: float, y: float, scale: float) -> rows.Shape | None:
        """The key at a pixel; of those that meet the one drawn last, and of a title its edges first."""
        found = [shape for shape in self.shapes
                 if shape.x0 - CATCH_PX <= x <= shape.x1 + CATCH_PX and shape.y0 <= y <= shape.y1]
        edges = [shape for shape in found if shape.edge]
        return (edges or found or [None])[-1]

    def _zoom(self, steps: float, x: float, pans: bool, end: Fraction) -> None:
        """Closer around a pixel, farther, or along."""
        span, most = self.until_s - self.since_s, float(end) * 1.02
        if pans:
            shift = min(max(-steps * span * 0.15, -self.since_s), most - self.until_s)
            self.since_s, self.until_s = self.since_s + shift, self.until_s + shift
            return
        middle = float(self.film_s(x))
        wide = min(max(span / ZOOM ** (2.0 * steps), CLOSEST_S), most)
        share = (middle - self.since_s) / span
        since = min(max(middle - share * wide, 0.0), most - wide)
        self.since_s, self.until_s = since, since + wide
