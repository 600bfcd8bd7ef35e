"""The tracks of the timeline, drawn; what lies where comes back for hands to find."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from game.editor.layout import Rect
from game.editor.session import speed_words
from game.film.curves import Ease
from game.film.editing import Spot
from game.film.shots import ShotList, ViewKey
from game.ui.layer import vec
from game.ui.theme import TICK
from game.ui.widgets import Brush
from sim.timing import moment_at

SHARES = {"camera": 22, "time": 32, "view": 17, "titles": 0, "sound": 14, "fork": 22}
WORDS = {"camera": "Camera", "time": "Time", "view": "View", "titles": "Titles", "sound": "Sound", "fork": "Fork"}
GAP, LANES, MOST_LANES, LANE, EDGE = 3.0, 2, 5, 15, 4.0
EVERY_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600)
TONES = {"text": "quiet", "to_grid": "feed", "from_grid": "charge", "standby": "wait", "renewable": "renewable",
         "warning": "warning", "fault": "fault"}


class Shape(NamedTuple):
    """Where a key, or an `edge` of a title, is drawn, px; and what is said of it where it is pointed at."""

    x0: float
    x1: float
    y0: float
    y1: float
    spot: Spot
    words: str = ""
    edge: str = ""


def lanes(brush: Brush, area: Rect, shots: ShotList) -> dict[str, Rect]:
    """Where each track lies in an area. A film without a fork has no track for it."""
    shares = {name: share for name, share in SHARES.items() if name != "fork" or shots.fork}
    count = max(stack([(title.at, title.until) for title in shots.titles]), default=0) + 1
    shares["titles"] = LANE * min(max(count, LANES), MOST_LANES)
    x, y, width, height = area
    gap = brush.theme.px(GAP)
    per = (height - gap * (len(shares) - 1)) / sum(shares.values())
    found = {}
    for name, share in shares.items():
        found[name] = (x, y, width, share * per)
        y += share * per + gap
    return found


def draw(brush: Brush, line, area: Rect, ruler: float, editor) -> list[Shape]:
    """Draw ruler, tracks and playhead; `line` tells where time is (at, since_s, until_s, tracks)."""
    shots, chosen, px = editor.document.shots, set(editor.document.selected), brush.theme.px
    left, top, right, bottom = area
    shapes: list[Shape] = []
    end = line.at(shots.film.duration)
    for name, (x, y, width, height) in line.tracks.items():
        brush.box(left, y, min(end, right), y + height, "track", px(3))
        brush.text(left - px(10), y + height / 2 + px(4), WORDS[name], TICK, "quiet", right=True)
    brush.list.push_clip_rect(vec(left - px(8), top), vec(right + px(8), bottom + px(8)), True)
    _ruler(brush, line, top, ruler, left, right, shots)
    _stops(brush, line, top, ruler, shots, chosen, shapes)
    for name, track in (("camera", _camera), ("time", _time), ("view", _view), ("titles", _titles), ("sound", _sound),
                        ("fork", _fork)):
        if name in line.tracks:
            track(brush, line, line.tracks[name], editor, chosen, shapes)
    at = line.at(editor.playhead.film_s)
    if left - 1 <= at <= right + 1:
        r, color = px(5), brush.theme.color("text")
        brush.line(at, top + ruler * 0.4, at, bottom, "text", 1.5)
        brush.list.add_quad_filled(vec(at - r, top + ruler * 0.1), vec(at + r, top + ruler * 0.1),
                                   vec(at + r, top + ruler * 0.45), vec(at, top + ruler * 0.8), color)
        brush.list.add_triangle_filled(vec(at - r, top + ruler * 0.1), vec(at, top + ruler * 0.8),
                                       vec(at - r, top + ruler * 0.45), color)
        brush.list.add_triangle_filled(vec(at - r, top + ruler * 0.45), vec(at + r, top + ruler * 0.45),
                                       vec(at, top + ruler * 0.8), color)
    brush.list.pop_clip_rect()
    return [shape for shape in shapes if shape.x1 >= left - px(8) and shape.x0 <= right + px(8)]


def _ruler(brush: Brush, line, top: float, high: float, left: float, right: float, shots: ShotList) -> None:
    px = brush.theme.px
    room = (right - left) / px(58)
    span = line.until_s - line.since_s
    step = next((step for step in EVERY_S if span / step <= room), 1800)
    k = int(line.since_s / step)
    while (t := k * step) <= min(line.until_s, float(shots.film.duration) + 1e-9):
        x = line.at(t)
        if x >= left - 1:
            brush.line(x, top + high - px(5), x, top + high)
            words = f"{t:g}" if step < 1 else f"{int(t // 60)}:{int(t % 60):02d}"
            brush.text(min(x + px(4), right - brush.width(words, TICK)), top + high - px(5), words, TICK, "quiet")
        k += 1


def _stops(brush, line, top, high, shots, chosen, shapes) -> None:
    px = brush.theme.px
    for k, stop in enumerate(shots.stops):
        x, spot = line.at(stop.at), Spot("stops", k)
        color = brush.theme.color("wait" if spot in chosen else "quiet")
        brush.list.add_triangle_filled(vec(x, top + px(1)), vec(x + px(8), top + px(4)), vec(x, top + px(8)), color)
        shapes.append(Shape(x - px(2), x + px(8), top, top + px(9), spot, f"{_at(stop.at)}  stop {stop.name}"))


def _camera(brush, line, lane, editor, chosen, shapes) -> None:
    keys, px, (_, y, _, height) = editor.document.shots.camera, brush.theme.px, lane
    middle, r = y + height / 2, px(6)
    for a, b in pairwise(keys):
        if not b.cut:
            brush.line(line.at(a.at), middle, line.at(b.at), middle, "quiet", 2.5 if a.ease == Ease.HOLD else 1.2)
    for k, key in enumerate(keys):
        x, spot = line.at(key.at), Spot("camera", k)
        if key.cut:
            brush.line(x - r, y + px(2), x - r, y + height - px(2), "text", 1.5)
        key_mark(brush, x, middle, r, key.ease, spot in chosen)
        shapes.append(Shape(x - r, x + r, y, y + height, spot, f"{_at(key.at)}  camera {k + 1}{_camera_words(key)}"))


def _camera_words(key) -> str:
    what = f", {key.look}" if key.look else f", follows {key.follow}" if key.follow else ""
    return what + (", cut" if key.cut else "") + ("" if key.ease == Ease.THROUGH else f", {key.ease.value}")


def key_mark(brush: Brush, x: float, y: float, r: float, ease: Ease, chosen: bool) -> None:
    """A key around a point: a diamond is passed through, a square is rest, a triangle straight, half a square
    holds."""
    color, edge = brush.theme.color("wait" if chosen else "text"), brush.theme.color("panel")
    for grown, tone in ((1.45, edge), (1.0, color)):
        s = r * grown
        if ease == Ease.REST:
            brush.list.add_rect_filled(vec(x - s * 0.8, y - s * 0.8), vec(x + s * 0.8, y + s * 0.8), tone, 1.5)
        elif ease == Ease.LINEAR:
            brush.list.add_triangle_filled(vec(x - s * 0.8, y - s), vec(x - s * 0.8, y + s), vec(x + s, y), tone)
        elif ease == Ease.HOLD:
            brush.list.add_rect_filled(vec(x - s * 0.8, y - s * 0.9), vec(x + s * 0.1, y + s * 0.9), tone, 1.0)
        else:
            brush.list.add_quad_filled(vec(x, y - s), vec(x + s, y), vec(x, y + s), vec(x - s, y), tone)


def _time(brush, line, lane, editor, chosen, shapes) -> None:
    """Marks above, what the clock shows below, and between two keys how fast it goes."""
    keys, px, (left, y, width, height) = editor.document.shots.time, brush.theme.px, lane
    seconds = [editor.tracks.sim_s(key.at) for key in keys]
    upper, base, r = y + height * 0.3, y + height - px(5), px(5.5)
    known = line.at(editor.known_film_s())
    brush.box(left, y + height - px(2), min(max(known, left), left + width), y + height, "quiet", 1.0)
    taken = left
    start = editor.scenario.start
    marks = []
    for k, key in enumerate(keys):
        clock = f"{moment_at(seconds[k], start):%H:%M}"
        wide = brush.width(clock, TICK)
        x = line.at(key.at)
        at = min(max(x - wide / 2, left + px(2)), left + width - wide - px(2))
        if at >= taken and left - wide <= x <= left + width + wide:
            brush.text(at, base, clock, TICK, "wait" if Spot("time", k) in chosen else "text")
            taken = at + wide + px(6)
            marks.append((at - px(4), at + wide + px(4)))
    for k, (a, b) in enumerate(pairwise(keys)):
        x0, x1 = line.at(a.at), line.at(b.at)
        frozen = seconds[k + 1] == seconds[k]
        if frozen:
            for side in (-1, 1):
                brush.line(x0, upper + side * px(2), x1, upper + side * px(2), "wait")
        else:
            brush.line(x0, upper, x1, upper, "quiet", 1.2)
        words = speed_words(b.at - a.at, seconds[k + 1] - seconds[k])
        wide = brush.width(words, TICK)
        middle = (max(x0, left) + min(x1, left + width)) / 2
        free = all(middle + wide / 2 < m0 or middle - wide / 2 > m1 for m0, m1 in marks)
        if min(x1, left + width) - max(x0, left) > wide + px(16) and free:
            brush.text(middle - wide / 2, base, words, TICK, "wait" if frozen else "quiet")
    for k, key in enumerate(keys):
        x, spot = line.at(key.at), Spot("time", k)
        key_mark(brush, x, upper, r, key.ease, spot in chosen)
        shapes.append(Shape(x - r, x + r, y, y + height, spot, f"{_at(key.at)}  the clock shows {key.sim}"))


def view_words(key: ViewKey) -> str:
    """What a view key changes."""
    said = [value.name.lower() for value in (key.view, key.overlay, key.flow, key.tier) if value is not None]
    said += [f"selects {key.select}" if key.select else "selects nothing"] if key.select is not None else []
    said += ["names" if key.names else "no names"] if key.names is not None else []
    return " · ".join(said) or "no change"


def _view(brush, line, lane, editor, chosen, shapes) -> None:
    shots, px, (left, y, width, height) = editor.document.shots, brush.theme.px, lane
    ends = [key.at for key in shots.view[1:]] + [shots.film.duration]
    for k, (key, until) in enumerate(zip(shots.view, ends)):
        spot = Spot("view", k)
        _bar(brush, max(line.at(key.at), left), min(line.at(until), left + width) - px(1), y, height, view_words(key),
             spot in chosen, "quiet")
        x = line.at(key.at)
        shapes.append(Shape(x, max(line.at(until) - px(2), x + px(6)), y, y + height, spot,
                            f"{_at(key.at)}  {view_words(key)}"))


def _titles(brush, line, lane, editor, chosen, shapes) -> None:
    """Bars, on as many lines as there are titles at a time."""
    titles, px, (left, y, width, height) = editor.document.shots.titles, brush.theme.px, lane
    stacked = stack([(title.at, title.until) for title in titles])
    count = max(max(stacked, default=0) + 1, LANES)
    high = height / count
    for k, (title, row) in enumerate(zip(titles, stacked)):
        x0, x1, spot = line.at(title.at), line.at(title.until), Spot("titles", k)
        top, words = y + row * high, title.title or title.value or title.text or title.kind
        _bar(brush, max(x0, left), min(x1, left + width), top + px(0.5), high - px(1), words, spot in chosen,
             TONES[title.tone])
        said = f"{_at(title.at)} to {_at(title.until)}  {title.kind.replace('_', ' ')}: {words}"
        shapes.append(Shape(x0, x1, top, top + high, spot, said))
        if spot in chosen or x1 - x0 > px(24):
            for edge, x in (("at", x0), ("until", x1)):
                shapes.append(Shape(x - px(EDGE), x + px(EDGE - 1), top, top + high, spot, said, edge))


def stack(spans: list[tuple[Fraction, Fraction]]) -> list[int]:
    """On which line each span goes, so that none meets another there."""
    order, ends, found = sorted(range(len(spans)), key=lambda k: spans[k]), [], [0] * len(spans)
    for k in order:
        since, until = spans[k]
        row = next((row for row, end in enumerate(ends) if end <= since), len(ends))
        ends[row:row + 1] = [until]
        found[k] = row
    return found


def _bar(brush, x0, x1, y, height, words, chosen, tone) -> None:
    px = brush.theme.px
    if x1 <= x0:
        return
    brush.box(x0, y, x1, y + height, "line", px(3))
    brush.box(x0, y, min(x0 + px(3), x1), y + height, tone)
    if chosen:
        brush.list.add_rect(vec(x0, y), vec(x1, y + height), brush.theme.color("wait"), px(3), 0, max(px(1.5), 1.0))
    room = x1 - x0 - px(10)
    if room > px(14):
        size = min(TICK, max((height - px(1)) / brush.theme.scale / 1.1, 8.0))
        brush.text(x0 + px(7), y + height / 2 + size * brush.theme.scale * 0.35, brush.clip(words, room, size), size)


def _sound(brush, line, lane, editor, chosen, shapes) -> None:
    sound, px, (left, y, width, height) = editor.document.shots.sound, brush.theme.px, lane
    if sound is not None and sound.file:
        end = min(line.at(editor.document.shots.film.duration), left + width)
        _bar(brush, max(line.at(0), left), end, y, height, sound.file, False, "quiet")
    for k, cue in enumerate(sound.cues if sound else ()):
        x, r, spot = line.at(cue.at), px(4.5), Spot("cues", k)
        brush.list.add_circle_filled(vec(x, y + height / 2), r + px(2), brush.theme.color("panel"), 16)
        brush.list.add_circle_filled(vec(x, y + height / 2), r, brush.theme.color("wait" if spot in chosen else "text"),
                                     16)
        shapes.append(Shape(x - r, x + r, y, y + height, spot, f"{_at(cue.at)}  cue"))


def _fork(brush, line, lane, editor, chosen, shapes) -> None:
    """How much of the picture each branch has; the first below."""
    fork, px, (left, y, width, height) = editor.document.shots.fork, brush.theme.px, lane
    count = 80
    step = width / count
    for k in range(count):
        t = line.film_s(left + (k + 0.5) * step)
        if 0 <= t <= editor.document.shots.film.duration:
            share = editor.tracks.split(t)
            brush.box(left + k * step, y + height * (1.0 - share), left + (k + 1) * step, y + height, "line")
    base = y + height / 2 + px(4)
    brush.text(left + px(6), base, f"below {fork.names[0]}", TICK, "quiet")
    end = min(line.at(editor.document.shots.film.duration), left + width)
    brush.text(end - px(14), base, f"above {fork.names[1]}", TICK, "quiet", right=True)
    for k, key in enumerate(fork.split):
        x, spot = line.at(key.at), Spot("split", k)
        top = y + px(4) + (height - px(8)) * (1.0 - key.share)
        key_mark(brush, x, top, px(4.5), key.ease, spot in chosen)
        shapes.append(Shape(x - px(5), x + px(5), y, y + height, spot,
                            f"{_at(key.at)}  {fork.names[0]} has {100 * key.share:.0f} % of the picture"))


def _at(t: Fraction) -> str:
    return f"{float(t):g} s"
