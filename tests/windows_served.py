"""What `windows` drives: an application that answers each line on its standard input with its state as one line
of JSON. A line may be an order: which application is opened in which folder, a command for the model, a pose."""

import json
import os
import select
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

START_S = 6 * 3600.0
SITE = {
    "name": "window / test", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
    "site": {"zones": [{"name": "Z", "stations": [
        {"count": 4, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
    "sessions": {"kind": "generated", "groups": [
        {"use_case": "private", "vehicles": 12, "models": [{"model": "tesla_model_3_rwd"}]}]},
}

MINE = """# Mine.

[film]
name = "Mine"
duration = 10
scenario = "evening_peak"

[[camera]]
at = 2
look = "default"
ease = "rest"

[[camera]]
at = 8
turn = 40

[[time]]
at = 1
sim = "17:00"

[[time]]
at = 9
sim = "18:00"

[[titles]]
kind = "lower_third"
at = 1
until = 5
title = "Five"
"""


class Served:
    """Lines in and out; `next` is the order to open an application that waits, None for none, {} for the end."""

    def __init__(self):
        self._out, sys.stdout = sys.stdout, sys.stderr
        self.next = self._order()

    def run(self, app) -> None:
        """Frames of an app until it ends, or another is to be opened."""
        last = time.perf_counter()
        if self._owed:
            app.frame(0.0)
            self._answer(app)
        while app.running and self.next is None:
            now = time.perf_counter()
            app.frame(now - last)
            last = now
            if select.select([sys.stdin], [], [], 0.0)[0]:
                self._hear(app)

    def open(self) -> None:
        """Run what was ordered to be opened."""
        order, self.next, self._owed = self.next, None, True
        APPS[order["app"]](Path(order["open"]), self.run)

    def _hear(self, app) -> None:
        from game.camera import Pose
        from sim.commands import COMMANDS

        order = self._order()
        if order is None or "open" in order:
            self.next = order or {}
            return
        if "kind" in order:
            app.submit(COMMANDS.validate_python(order))
        elif order:
            app.camera.jump_to(Pose(**order))
            app.frame(0.0)
        self._answer(app)

    def _answer(self, app) -> None:
        from game.editor.editor import Editor

        self._owed = False
        print(json.dumps((describe_editor if isinstance(app, Editor) else describe_window)(app)), file=self._out,
              flush=True)

    @staticmethod
    def _order() -> dict | None:
        line = sys.stdin.readline()
        return (json.loads(line) if line.strip() else {}) if line else None


def served(app, run) -> None:
    """Run an app of its own."""
    try:
        run(app)
    finally:
        app.close()


def open_window(folder: Path, run) -> None:
    """The small site, at six in the evening; pictures go to `folder`."""
    from game.app import App
    from game.ui.trace import Trace
    from sim.model import Model
    from sim.scenario import from_dict

    os.environ["XDG_CONFIG_HOME"] = str(folder.parent / "home")
    scenario = from_dict(SITE, "window test")
    model = Model(scenario, history=Trace())
    app = App(scenario, model, out=folder)
    model.advance(START_S)
    app.restart_clock()
    served(app, run)


def open_editor(folder: Path, run) -> None:
    """The film editor with a list of `folder`."""
    from game.editor.editor import Editor
    from game.editor.session import session_of

    os.environ["XDG_CONFIG_HOME"] = str(folder.parent / "home")
    (folder / "mine.toml").write_text(MINE)
    served(Editor(session_of(str(folder / "mine.toml"), None)), run)


def open_play(folder: Path, run) -> None:
    """`voltyard play`, as it is started in `folder`, with each of its apps answering."""
    from game.app import App
    from game.cli import main

    os.environ["XDG_CONFIG_HOME"] = str(folder.parent / "home")
    os.chdir(folder)
    App.run, sys.argv = lambda app: run(app), ["voltyard", "play", "evening_peak"]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise


APPS = {"window": open_window, "editor": open_editor, "play": open_play}


def describe_window(app) -> dict:
    """The state of a window; vehicles are where their middles are drawn."""
    from game.picking import nearest
    from game.scene.selection import KINDS
    from game.ui.strip import FIRST_ROW, GAP
    from game.ui.theme import MARGIN, PADDING

    import numpy as np

    pose, (width, height) = app.camera.shown, app.size
    forward, right, up = pose.axes()
    kinds, rows, centers, half, headings = app.scene.pick_boxes(app.model.world)
    half_height = np.tan(np.radians(app.shell.vertical_fov_deg) / 2.0)
    vehicles, seen = {}, {}
    boxes = [[KINDS[kind], getattr(app.model.world, KINDS[kind]).names[row], *box]
             for kind, row, *box in zip(kinds.tolist(), rows.tolist(), centers.tolist(), half.tolist(),
                                        headings.tolist())]
    for index in np.flatnonzero(kinds == KINDS.index("vehicle")):
        away = centers[index] - pose.eye()
        depth = away @ forward
        name = app.model.world.vehicle.names[rows[index]]
        vehicles[name] = ((away @ right / depth / half_height * height / width + 1.0) * width / 2.0,
                          (1.0 - away @ up / depth / half_height) * height / 2.0)
        direction = away / np.linalg.norm(away)
        seen[name] = (nearest(pose.eye(), direction, centers, half, headings) == int(index)
                      and not app.hud.covers(vehicles[name]))
    selected = app.selected
    if selected is not None:
        selected = [selected[0], getattr(app.model.world, selected[0]).names[selected[1]]]
    lens = app.shell.lens
    origin = app.shell.base.win.get_properties().get_origin()
    return {"size": list(app.size), "origin": [origin.x, origin.y], "selected": selected, "speed": app.clock.speed,
            "paused": app.clock.paused, "now_s": app.now_s, "real_s": app.real_s,
            "out_of_service": int((~app.model.world.connector.in_service).sum()),
            "help": app.help_open, "vehicles": vehicles, "seen": seen, "boxes": boxes,
            "fov": app.shell.vertical_fov_deg, "aspect": lens.get_aspect_ratio(),
            "pause_button": [MARGIN + PADDING + FIRST_ROW[0].width + GAP + 14, 42],
            "pose": {"target": list(pose.target), "distance": pose.distance, "yaw": pose.yaw,
                     "pitch": pose.pitch},
            **describe_panels(app), **describe_past(app)}


def describe_past(app) -> dict:
    """What is typed, which instant of which branch is seen, and where the timeline lies."""
    hud, branching = app.hud, app.branching
    line = hud.timeline
    shown = line.open and line.lanes is not None
    return {
        "prompt": [hud.prompt.open, hud.prompt.text, *hud.prompt.says], "said": hud.prompt.lines,
        "seen_s": app.now_s, "past": branching.past, "target_s": branching.shown_s,
        "played_s": branching.played.now_s, "branch": branching.branch.name,
        "beside": branching.beside and branching.beside.branch.name,
        "branches": list(branching.tree.branches), "other": branching.other and branching.other.name,
        "ahead": hud.foresight.ahead is not None,
        "limit_kw": app.model.world.hub.import_limit_kw.item(0),
        "plugged": int((app.model.world.vehicle.connector >= 0).sum()),
        "log": [[entry["source"], entry["command"]["kind"]] for entry in branching.played.commands],
        "timeline": shown and [*line.track(hud._brush, app.size), line.rect(hud._brush, app.size)[1] + 30.0,
                               line.lanes.duration_s],
        "ticks": shown and [tick.words for tick in line.lanes.commands + line.lanes.injects]}


def describe_panels(app) -> dict:
    """Panels, tabs and alarms: what they say and where they lie."""
    from game.ui import legend, tabs
    from game.ui.cards import BUTTONS, FOOT

    hud, model = app.hud, app.model
    brush, dashboard = hud._brush, hud.dashboard
    px = brush.theme.px
    card = hud.card_rect
    table = dashboard.table()
    names = model.world.tables[table.kind].names if table is not None else []
    below = px(12) + hud._rects[0][3]
    return {
        "view": app.look.view.name, "overlay": app.look.overlay.name, "panels_shown": hud.visible,
        "tabs": {view.name: rect for view, rect in
                 tabs.rects(brush, app.size, below, app.look.view).items()},
        "panels": {seat.panel: [list(rect), shown, seat.dock]
                   for seat, rect, shown in dashboard._places},
        "flow": app.look.flow.name,
        "legend": " ".join(entry.words for entry in legend.entries(app.look, hud._site)),
        "measured": {row.label: row.value for key in ("performance", "drawn", "pace")
                     for row in dashboard.panels[key].rows},
        "focus": dashboard.focus, "scale": hud.scale, "layout": hud._layout,
        "turning": app.turning, "following": app.following, "sound": hud.chime.on,
        "played": hud.chime.played,
        "alarms": [[alert.source, alert.acknowledged, alert.active] for alert in hud.alerts.shown],
        "table": [names[row] for row in table.rows] if table is not None else [],
        "marked": names[table._selected] if table is not None and table._selected is not None else None,
        "sorted": table is not None and [table.sort_by, table.descending, table.filter],
        "bounds": [max(rect[k] + rect[k + 2] for rect in hud._rects) for k in (0, 1)],
        "service_button": card and [card[0] + card[2] * 0.75,
                                    card[1] + card[3] - px(FOOT + BUTTONS - 8 - 13)]}


def describe_editor(app) -> dict:
    """The state of the film editor."""
    hud, document, head = app.hud, app.document, app.playhead
    line, form = hud.tracks, hud.inspector.form
    shots, chosen = document.shots, document.selected
    camera = [spot.number for spot in chosen if spot.track == "camera"]
    top = hud.layout.foot[1] + hud._theme.px(34.0)
    pose = app._shown_pose
    return {
        "known": app.known_film_s() == float(head.end), "film_s": float(head.film_s), "playing": head.playing,
        "frame_number": head.frame, "behind": app.behind_s, "seen_s": app.model.now_s,
        "wanted_s": app.tracks.sim_s(head.film_s), "limit_kw": app.model.world.hub.import_limit_kw.item(0),
        "free": app.free, "yaw": pose.yaw, "pose": [*pose.target, pose.yaw], "dirty": document.dirty,
        "camera": [float(key.at) for key in shots.camera], "selected": [list(spot) for spot in chosen],
        "key_yaw": document.standing(camera[0]).yaw if camera else None,
        "titles": [[float(title.at), float(title.until), title.title] for title in shots.titles],
        "frame": list(hud.layout.frame), "left": line._left, "per_s": line._per_s,
        "ruler": [line._left, top + hud._theme.px(14.0)],
        "shapes": [[*shape.spot, shape.x0, shape.x1, shape.y0, shape.y1] for shape in line.shapes
                   if not shape.edge],
        "views": [float(key.at) for key in shots.view], "modal": hud.modal, "why": hud.path.why,
        "typing": hud.typing, "field": form.places, "refused": next(iter(form.refusals.values()), ""),
        "help": app.help_open, "pace": head.pace,
        "length": float(shots.film.duration), "scrolled": form._scroll, "seen_titles": [
            key for key in app._captions._cards if isinstance(key, int)],
        "cards": [type(card).__name__ for card in hud.cards if card.open], "moves": hud.moves.places,
        "asked": hud.dialog and hud.dialog.title, "running": app.running,
        "export": hud.export.summary(app)[0] if hud.export.open else "", "guides": app.guides, "aspect": app.aspect,
        "second": app.second is not None, "message": hud._message}


if __name__ == "__main__":
    lines = Served()
    while lines.next:
        lines.open()
