"""The panel beside the picture: the fields of the key that is selected, or of the whole film."""

from __future__ import annotations

from game.editor.fields import NOT_GIVEN, Form
from game.editor.layout import Rect
from game.editor.film_fields import film_fields
from game.film.curves import Ease
from game.film.editing import Spot
from game.film.tracks import Standing
from game.look import Flow, Overlay, Tier, View
from game.ui.theme import BODY, PADDING, SMALL
from game.ui.widgets import Brush

HEAD = 42.0
EASES = tuple((ease, ease.value.capitalize()) for ease in Ease)
KINDS = tuple((kind, kind.replace("_", " ").capitalize())
              for kind in ("opening", "lower_third", "figure", "callout", "closing"))
TONES = tuple((tone, tone.replace("_", " ")) for tone in
              ("text", "to_grid", "from_grid", "standby", "renewable", "warning", "fault"))
CORNERS = tuple((corner, corner.replace("_", " ")) for corner in
                ("upper_left", "upper_right", "lower_left", "lower_right"))
TRACK_WORDS = {"camera": "Camera key", "time": "Time key", "view": "View key", "titles": "Title", "cues": "Cue",
               "split": "Fork's key", "stops": "Stop"}


class Inspector:
    """Draws the fields and gives the document what they say."""

    def __init__(self):
        self._forms: dict[object, Form] = {}
        self.form = Form("none")

    def draw(self, brush: Brush, area: Rect, editor) -> None:
        """Draw the fields of what is selected."""
        px, (x, y, width, height), document = brush.theme.px, area, editor.document
        chosen = document.selected
        one = chosen[0] if len(chosen) == 1 else None
        name = "film" if not chosen else "many" if one is None else one
        self.form = self._forms.setdefault(name, Form(f"{name}"))
        if len(self._forms) > 64:
            self._forms = {name: self.form}
        with brush.panel("editor side", area):
            brush.line(x, y, x, y + height)
            title, quiet = _heading(document, chosen)
            wide = brush.text(x + px(PADDING), y + px(27), title, BODY, bold=True)
            brush.text(x + px(PADDING + 8) + wide, y + px(27), quiet, SMALL, "quiet",
                       room=max(width - wide - px(2 * PADDING + 8), 1.0))
            with self.form.over(brush, (x + 1, y + px(HEAD), width - 1, height - px(HEAD + 4))) as form:
                if one is not None:
                    _FIELDS[one.track](form, editor, one, document.key(one))
                    _last(form, editor)
                elif chosen:
                    form.note("Drag moves them together. A field is one key's.")
                    _last(form, editor)
                else:
                    film_fields(form, editor)
            if self.form.released:
                document.settle()


def _heading(document, chosen) -> tuple[str, str]:
    if not chosen:
        return "The film", "nothing is selected"
    if len(chosen) > 1:
        return f"{len(chosen)} keys", ""
    track, number = chosen[0]
    return TRACK_WORDS[track], f"{number + 1} of {len(document.keys(track))}"


def _give(form: Form, editor, spot: Spot, label: str, **fields) -> None:
    """Have a field's value in the key, or say below it why not."""
    form.refuse(label, editor.attempt(
        lambda: editor.document.change(spot, f"{spot} {label}", **fields), quiet=form.typing))


def _at(form: Form, editor, spot: Spot, key) -> None:
    to = form.number("At", float(key.at), 0.02, "%.3f s", 0.0, float(editor.document.shots.film.duration))
    if to is not None:
        editor.move_to(spot, to)


def _ease(form: Form, editor, spot: Spot, key) -> None:
    to = form.segments("Ease", EASES, key.ease)
    if to:
        _give(form, editor, spot, "Ease", ease=to[0])


def _camera(form: Form, editor, spot: Spot, key) -> None:
    standing: Standing = editor.document.standing(spot.number)
    _at(form, editor, spot, key)
    _ease(form, editor, spot, key)
    hit = form.toggles("", (("Cut here", key.cut), ("Even speed", key.constant_speed)))
    if hit is not None:
        _give(form, editor, spot, "", **({"cut": not key.cut}, {"constant_speed": not key.constant_speed})[hit])
    form.heading("Lens")
    to = form.number("Field of view", standing.fov, 0.1, "%.1f°", 5.0, 100.0)
    if to is not None:
        _give(form, editor, spot, "Field of view", fov=round(to, 2))
    to = form.number("Roll", standing.roll, 0.2, "%.1f°", -180.0, 180.0)
    if to is not None:
        _give(form, editor, spot, "Roll", roll=round(to, 2))
    form.heading("Place")
    names = [(None, "its own"), *((name, name) for name in editor.film_poses)]
    to = form.choice("Bookmark", names, key.look)
    if to:
        kept = {} if to[0] is None else {**dict.fromkeys(("target", "eye", "distance", "yaw", "pitch", "follow")),
                                         "turn": 0.0, "rise": 0.0, "dolly": 0.0, "closer": 0.0}
        own = _place(standing) if to[0] is None else {}
        _give(form, editor, spot, "Bookmark", look=to[0], **kept, **own)
    to = form.number("Distance", standing.distance, max(0.004 * standing.distance, 0.02), "%.1f m", 1.0, 5000.0)
    if to is not None:
        _give(form, editor, spot, "Distance", **{**_own(key, standing), "distance": round(to, 2), "dolly": 0.0,
                                                 "closer": 0.0})
    to = form.number("Direction", standing.yaw, 0.25, "%.1f°")
    if to is not None:
        _give(form, editor, spot, "Direction", **{**_own(key, standing), **_turned(editor, spot, to)})
    to = form.number("Down", standing.pitch, 0.15, "%.1f°", -10.0, 89.0)
    if to is not None:
        _give(form, editor, spot, "Down", **{**_own(key, standing), "pitch": round(to, 2), "rise": 0.0})
    for axis, (label, side) in enumerate(zip(("East", "Up", "North"), standing.target)):
        to = form.number(label, side, 0.05, "%.2f m")
        if to is not None:
            target = tuple(round(to if k == axis else old, 2) for k, old in enumerate(standing.target))
            _give(form, editor, spot, label, **{**_place(standing), **_turned(editor, spot, standing.yaw), "look": None,
                                                "target": target})
    form.heading("Follows", standing.follow or "nothing")
    picked = editor.picked_name()
    hit = form.buttons(((f"Follow {picked}" if picked else "Follow", None if picked else
                         "click a vehicle, a connector or a station first"),
                        ("Let go", None if standing.follow else "it follows nothing")))
    if hit is not None:
        editor.follow(spot, picked if hit == 0 else None)
    hit = form.buttons((("Set from view", None), ("Go there", None)))
    if hit == 0:
        editor.set_from_view(spot)
    elif hit == 1:
        editor.go_to_key(spot)


def _place(at: Standing) -> dict:
    """Fields by which a camera key stands there whatever stands before it."""
    return {"target": tuple(round(side, 3) for side in at.target), "follow": at.follow, "eye": None,
            "distance": round(at.distance, 3), "yaw": round(at.yaw, 3), "pitch": round(min(at.pitch, 89.0), 3),
            "turn": 0.0, "rise": 0.0, "dolly": 0.0, "closer": 0.0}


def _own(key, at: Standing) -> dict:
    """Fields by which a key that names where the eye is says the same by distance and angles."""
    if key.eye is None:
        return {}
    return {name: value for name, value in _place(at).items() if name in ("eye", "distance", "yaw", "pitch")}


def _turned(editor, spot: Spot, yaw: float) -> dict:
    """Fields by which a camera key looks in a direction, whole turns from the key before included."""
    before = editor.document.standing(spot.number - 1).yaw if spot.number else 0.0
    joined = spot.number > 0 and not editor.document.key(spot).cut
    near = before + (yaw - before + 180.0) % 360.0 - 180.0 if joined else yaw
    return {"yaw": round(near, 2), "turn": 360.0 * round((yaw - near) / 360.0)}


def _time(form: Form, editor, spot: Spot, key) -> None:
    _at(form, editor, spot, key)
    to = form.words("Clock", str(key.sim), "18:30, 1d 06:00 or seconds")
    if to is not None:
        _give(form, editor, spot, "Clock", sim=to)
    shown = editor.scenario_s(key.sim)
    to = form.number("Minutes", shown / 60.0, 0.5, "%.1f min")
    if to is not None:
        editor.set_sim(spot, 60.0 * to)
    _ease(form, editor, spot, key)
    form.note(editor.pace_words(spot))
    hit = form.buttons((("Freeze 2 s", editor.why_not_freeze(spot)), ("Go there", None)))
    if hit == 0:
        editor.freeze(spot)
    elif hit == 1:
        editor.go_to_key(spot)


def _view(form: Form, editor, spot: Spot, key) -> None:
    _at(form, editor, spot, key)
    for label, name, kind in (("View", "view", View), ("Overlay", "overlay", Overlay), ("Flows", "flow", Flow),
                              ("Quality", "tier", Tier)):
        options = [(None, NOT_GIVEN), *((member, member.name.lower()) for member in kind)]
        to = form.choice(label, options, getattr(key, name))
        if to:
            _give(form, editor, spot, label, **{name: to[0]})
    to = form.choice("Names", [(None, NOT_GIVEN), (True, "shown"), (False, "hidden")], key.names)
    if to:
        _give(form, editor, spot, "Names", names=to[0])
    to = form.words("Selects", key.select or "", NOT_GIVEN if key.select is None else "nothing")
    if to is not None:
        _give(form, editor, spot, "Selects", select=to)
    picked = editor.picked_name()
    hit = form.buttons(((f"Select {picked}" if picked else "Select", None if picked else "click something first"),
                        ("Nothing", None), ("As before", None)))
    if hit is not None:
        _give(form, editor, spot, "Selects", select=(picked, "", None)[hit])


def _title(form: Form, editor, spot: Spot, key) -> None:
    end = float(editor.document.shots.film.duration)
    to = form.choice("Kind", KINDS, key.kind)
    if to:
        needed = {"figure": {"value": key.value or "{net_kw:.0f}"},
                  "callout": {"of": key.of or editor.picked_name() or "hub"}}
        fields = needed.get(to[0], {"title": key.title or "Title"})
        _give(form, editor, spot, "Kind", kind=to[0], **fields)
    _at(form, editor, spot, key)
    to = form.number("Until", float(key.until), 0.02, "%.3f s", 0.0, max(end, float(key.until)))
    if to is not None:
        _give(form, editor, spot, "Until", until=round(to, 3))
    for label, name, rows in (("Title", "title", 2), ("Text", "text", 3)):
        to = form.lines(label, getattr(key, name), rows)
        if to is not None:
            _give(form, editor, spot, label, **{name: " ".join(to.split("\n"))})
    to = form.choice("Insert", editor.figure_choices(key.of), "")
    if to and to[0]:
        words = editor.figure_words(to[0], key.of)
        _give(form, editor, spot, "Insert", **({"value": words} if key.kind == "figure" else
                                               {"title": f"{key.title} {words}".strip()}))
    if key.kind == "figure":
        for label, name in (("Value", "value"), ("Unit", "unit")):
            to = form.words(label, getattr(key, name), "{net_kw:+.0f}" if name == "value" else "kW")
            if to is not None:
                _give(form, editor, spot, label, **{name: to})
        to = form.choice("Corner", CORNERS, key.corner)
        if to:
            _give(form, editor, spot, "Corner", corner=to[0])
    if key.kind == "closing":
        to = form.lines("Figures", "\n".join(key.lines), 4)
        if to is not None:
            _give(form, editor, spot, "Figures", lines=tuple(line for line in to.split("\n") if line.strip()))
    to = form.words("About", key.of or "", "a vehicle's name")
    if to is not None:
        _give(form, editor, spot, "About", of=to or None)
    to = form.choice("Tone", TONES, key.tone)
    if to:
        _give(form, editor, spot, "Tone", tone=to[0])
    to = form.number("Fade", key.fade, 0.01, "%.2f s", 0.0, 5.0)
    if to is not None:
        _give(form, editor, spot, "Fade", fade=round(to, 2))


def _cue(form: Form, editor, spot: Spot, key) -> None:
    _at(form, editor, spot, key)
    form.note("The soft tone of an alarm, in the film's sound.")


def _split(form: Form, editor, spot: Spot, key) -> None:
    fork = editor.document.shots.fork
    _at(form, editor, spot, key)
    to = form.number(fork.names[0], 100.0 * key.share, 0.5, "%.0f %%", 0.0, 100.0)
    if to is not None:
        _give(form, editor, spot, fork.names[0], share=round(to / 100.0, 4))
    _ease(form, editor, spot, key)


def _stop(form: Form, editor, spot: Spot, key) -> None:
    _at(form, editor, spot, key)
    to = form.words("Name", key.name)
    if to is not None:
        _give(form, editor, spot, "Name", name=to)
    if form.toggles("", (("Technology card", key.card),)) is not None:
        _give(form, editor, spot, "", card=not key.card)


def _last(form: Form, editor) -> None:
    form.y += form._px(6)
    if form.buttons((("Delete", None),)) is not None:
        editor.delete()


_FIELDS = {"camera": _camera, "time": _time, "view": _view, "titles": _title, "cues": _cue, "split": _split,
           "stops": _stop}
