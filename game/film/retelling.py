"""The film of a debrief: a shot list in which time comes to each key moment and nearly stands still there, while
the camera goes to what it is about and words say what it cost. A person may edit it like any other."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from entities.components import NONE, Place
from game.camera import Pose
from game.film.beats import Beat, beats, left_at
from game.film.moves import MOVES
from game.film.shots import CameraKey, from_dict, load
from game.film.writing import save
from game.film.yard import Yard
from game.scene.layout import Layout
from sim.model import Model
from sim.recording import read
from sim.run import give
from sim.spelling import MINUS, pretty
from sim.timing import clock_label

FILE_NAME = "film.toml"
STILL_S, OPENING_S, CLOSING_S, CARD_S = 1.5, 6.0, 9.5, 6.5
AWAY_S, THERE_S, STAY_S = 2.6, 3.0, 4.6     # of a beat: up to the whole site, down to what it is about, there
LEAST_S, MOST_S = 30.0, 90.0
BEFORE_S, AFTER_S = 6.0, 18.0               # of simulated time, that are seen while the camera stays
# Alarms that are told are urgent ones: something is beyond its limit or without supply.
TONES = {"loss": "warning", "worst": "warning", "alarm": "fault"}
WORDS = {"decision": "Decided then.", "inject": "An inject of the exercise.", "alarm": "An alarm.", "worst": ""}
GRAVE = 10.0                                # points, from which a loss has the colour of a fault
KEPT = 0.05                                 # points of an objective, of which the loss of fewer is not shown
HEAD = """\
# The film of a debrief: its key moments as shots. Edit it as you like; `voltyard debrief RUN --film` keeps what
# stands here, and `voltyard film --shots THIS_FILE -o FILE.mp4` renders it at any size.

"""


def film_of(told: dict, folder: Path, trainee: str = "") -> dict:
    """The shot list, as TOML has it, of the run in `folder` that a debrief (`sim.training.debrief`) tells of."""
    recording = read(folder)
    model = Model(recording.scenario)
    give(recording.commands, model)
    yard = Yard(recording.scenario, Layout(recording.scenario.site.layout, model.world), model.world)
    found = beats(told, lambda name: _kind(yard, model, name))
    places = [_place(yard, model, beat) for beat in found]
    return _Film(told, yard, found, places, trainee).raw()


def write(told: dict, folder: Path, out: Path, trainee: str = "") -> tuple[Path, bool]:
    """Write the film of a debrief to film.toml in `out`, unless it is there: then it stays as a person has left
    it. Returns the file, and whether it was written. Raises InputError for one that cannot be written, and for
    one that is there and is no shot list."""
    path = out / FILE_NAME
    if path.exists():
        load(str(path))
        return path, False
    raw = film_of(told, folder, trainee)
    raw["film"] = {"name": raw["film"]["name"], "run": os.path.relpath(folder, out), **raw["film"]}
    save(from_dict(raw, str(path), out), path, HEAD)
    return path, True


def _kind(yard: Yard, model: Model, name: str) -> str | None:
    """A session is told as its vehicle."""
    return yard.kind(name) or ("vehicle" if model.world.session.find(name) is not None else None)


def _place(yard: Yard, model: Model, beat: Beat) -> str:
    """Where the camera goes for a beat, the model brought there: a vehicle's connector, else the hub."""
    name = beat.about
    if _kind(yard, model, name) != "vehicle":
        return name
    model.advance(max(beat.t_s - BEFORE_S, 0.0))
    world = model.world
    row = world.vehicle.find(name)
    if row is None:
        row = int(world.session.vehicle[world.session.find(name)])
    beat.about = world.vehicle.names[row]
    connector = int(world.vehicle.connector[row])
    if world.vehicle.place[row] != Place.PLUGGED or connector == NONE or not world.connector.names[connector]:
        return "hub"
    return world.connector.names[connector]


class _Film:
    """Lays beats one after the other."""

    def __init__(self, told: dict, yard: Yard, found: list[Beat], places: list[str], trainee: str):
        self._told, self._yard, self._trainee = told, yard, trainee
        self._beats, self._places = found, places
        self._start = datetime.fromisoformat(told["start"])
        self._camera: list[dict] = []
        self._pose, self._at = yard.home, "site"
        self._time: list[dict] = [{"at": 0, "sim": 0}]
        self._view: list[dict] = [{"at": 0, "view": "integrated", "names": False}]
        self._titles: list[dict] = []
        self._cues: list[dict] = []

    def raw(self) -> dict:
        """The whole list."""
        each = AWAY_S + THERE_S + STAY_S
        whole = each * len(self._beats)
        room = MOST_S - OPENING_S - CLOSING_S
        least = LEAST_S - OPENING_S - CLOSING_S
        pace = min(max(1.0, least / whole), room / whole) if whole else 1.0
        self._open()
        t = OPENING_S
        if not self._beats:
            self._move("orbit", None, t, least)
            t += least
        for beat, place in zip(self._beats, self._places):
            self._tell(beat, place, t, pace)
            t += each * pace
        t = round(t, 2)
        self._close(t)
        about = {"name": f"Debrief of {pretty(self._told['scenario']).lower()}", "duration": round(t + CLOSING_S, 2),
                 "story": f"The key moments of a run of {pretty(self._told['scenario'])}."}
        clock = {"kind": "figure", "at": round(OPENING_S - 0.4, 2), "until": round(t + 1.0, 2), "corner": "upper_left",
                 "value": "{clock}", "text": "{net_kw:+.0f} kW at the grid"}
        return {"film": about, "camera": self._camera, "time": self._time, "view": self._view,
                "titles": [*self._titles[:1], clock, *self._titles[1:]],
                **({"sound": {"cues": self._cues}} if self._cues else {})}

    def _open(self) -> None:
        told, sheet = self._told, self._told["sheet"]
        self._pose = self._yard.lifted(self._yard.poses["hub"])
        self._move("hold", None, 0.0, STILL_S)
        self._move("rise", None, STILL_S, OPENING_S - STILL_S)
        by = f"{_plain(self._trainee)}, " if self._trainee else ""
        date = f"{self._start.day} {self._start:%B %Y}"
        self._titles.append({"kind": "opening", "at": 0.5, "until": OPENING_S - 0.3,
                             "title": _plain(pretty(told["scenario"])),
                             "text": f"{by}{date}. {sheet['points']:.1f} of 100 points, {_verdict(sheet)}."})

    def _tell(self, beat: Beat, place: str, t: float, pace: float) -> None:
        """A beat from film time `t` (s) on."""
        there = t + (AWAY_S + THERE_S) * pace
        gone = there + STAY_S * pace
        if place == self._at == "hub":      # What is about the whole site is seen by turns close and as a whole.
            self._move("rise", None, t, (AWAY_S + THERE_S) * pace)
        elif place == self._at:
            self._move("orbit", None, t, (AWAY_S + THERE_S) * pace)
        elif self._at == "site":
            self._move(self._way_to(beat, place), place, t, (AWAY_S + THERE_S) * pace)
        else:
            self._move("rise", None, t, AWAY_S * pace)
            self._move(self._way_to(beat, place), place, t + AWAY_S * pace, THERE_S * pace)
        self._move("hold", None, there, STAY_S * pace)
        last = self._time[-1]["sim"]
        begin = min(max(beat.t_s - BEFORE_S, last), self._told["until_s"])
        self._time += [{"at": round(there, 2), "sim": round(begin, 3)},
                       {"at": round(gone, 2), "sim": round(min(max(beat.t_s + AFTER_S, begin),
                                                                   self._told["until_s"]), 3)}]
        thing = self._yard.kind(beat.about) not in (None, "zone", "hub")
        if thing:
            self._view += [{"at": round(there - 0.5, 2), "select": beat.about},
                           {"at": round(gone, 2), "select": ""}]
            self._titles.append(self._callout(beat, there, gone))
        self._titles.append({"kind": "lower_third", "at": round(there - 0.6, 2), "until": round(gone + 0.2, 2),
                             **self._words(beat)})
        figure = self._figure(beat)
        if figure:
            self._titles.append({"kind": "figure", "at": round(there - 0.2, 2), "until": round(gone + 0.2, 2), **figure})
        if any(kind == "alarm" or kind == "inject" for kind, _ in beat.lines):
            self._cues.append({"at": round(there + STAY_S * pace * BEFORE_S / (BEFORE_S + AFTER_S), 2)})

    def _callout(self, beat: Beat, there: float, gone: float) -> dict:
        vehicle = self._yard.kind(beat.about) == "vehicle"
        return {"kind": "callout", "at": round(there - 0.4, 2), "until": round(gone, 2), "of": beat.about,
                "title": _plain(beat.about), **({"text": "{soc_pct:.0f} % charged"} if vehicle else {})}

    def _words(self, beat: Beat) -> dict:
        kind, head = beat.lines[0]
        rest = len(beat.lines) - 1
        against = next((part["title"] for part in self._told["sheet"]["objectives"]
                        if any(loss["why"] == head for loss in part["losses"])), "")
        if kind == "decision" and beat.decision:
            head, worth = beat.decision
            without = self._told["sheet"]["points"] - worth
            text = (f"Decided then. Without it the run ends at {without:.1f} points." if abs(worth) >= 0.05 else
                    "Decided then. It made no difference to the points.")
        elif kind == "loss" and beat.decision:
            text = f"Decided close by: {beat.decision[0]}, worth {_signed(beat.decision[1])} points."
        elif beat.times > 1:
            text = f"{beat.times} times, the last at {clock_label(beat.until_s, self._start)}."
        elif rest:
            text = _sentence(beat.lines[1][1]) + (f" And {rest - 1} more." if rest > 1 else "")
        else:
            text = WORDS.get(kind, against and f"It counts against: {against}.")
        return {"title": _plain(_capital(head)), **({"text": _plain(text)} if text else {}),
                **({"tone": TONES[kind]} if kind in TONES else {})}

    def _figure(self, beat: Beat) -> dict | None:
        if beat.lost >= 0.05:
            left = left_at(self._told, beat.until_s)
            return {"title": "Lost here", "value": f"{MINUS}{beat.lost:.1f}", "unit": "points",
                    "text": f"{left:.1f} of 100 left", "tone": "fault" if beat.lost >= GRAVE else "warning"}
        if beat.lines[0][0] == "decision" and beat.decision and abs(beat.decision[1]) >= 0.05:
            worth = beat.decision[1]
            return {"title": "What it was worth", "value": _signed(worth), "unit": "points",
                    "tone": "to_grid" if worth > 0.0 else "fault"}
        return None

    def _close(self, t: float) -> None:
        told, sheet, until_s = self._told, self._told["sheet"], self._told["until_s"]
        self._move("rise" if self._at != "site" else "hold", None, t, CLOSING_S - CARD_S)
        end = t + CLOSING_S
        self._time += [{"at": round(end - 2.0, 2), "sim": until_s}, {"at": round(end, 2), "sim": until_s}]
        runs = told["runs"]
        beside = [f"nobody acting {runs['nobody']['points']:.1f}"]
        if runs["reference"] is not None:
            beside.insert(0, f"the reference {runs['reference']['points']:.1f}")
        lines = [f"{part['points']:.1f} of {part['weight']:.0f} | {_plain(part['title']).replace('|', '/')} | "
                 + ("to_grid" if part["points"] >= part["weight"] - KEPT else "warning") for part in sheet["objectives"]]
        if sheet["hints"]:
            paid, count = sum(hint["points"] for hint in sheet["hints"]), len(sheet["hints"])
            lines.append(f"{MINUS}{paid:.1f} | {'one hint' if count == 1 else f'{count} hints'} used | warning")
        self._titles.append({"kind": "closing", "at": round(end - CARD_S, 2), "until": round(end + 1.0, 2), "fade": 0.8,
                             "title": f"{sheet['points']:.1f} of 100 points, {_verdict(sheet)}",
                             "text": f"Pass mark {sheet['pass_mark']:g}; {', '.join(beside)}.",
                             "lines": lines})

    def _way_to(self, beat: Beat, place: str) -> str:
        """Close to a post, but off a vehicle that is about to leave."""
        posts = ("connector", "station")
        return "dive" if self._yard.kind(beat.about) in posts and self._yard.kind(place) in posts else "approach"

    def _move(self, name: str, target: str | None, t: float, duration: float) -> None:
        """A move from where the camera is; a key that stands there already is not doubled."""
        keys = MOVES[name].make(self._yard, target, self._pose, round(t, 2), round(duration, 2))
        if self._camera and not keys[0].cut and self._camera[-1]["at"] >= float(keys[0].at) - 1e-6:
            self._camera.pop()
        self._camera += map(_written, keys)
        last = keys[-1]
        self._pose = Pose(last.target, last.distance, last.yaw + last.turn, last.pitch)
        self._at = "site" if name == "rise" else target or self._at


def _written(key: CameraKey) -> dict:
    return {**key.model_dump(exclude_defaults=True), "at": float(key.at), "ease": str(key.ease)}


def _verdict(sheet: dict) -> str:
    return "passed" if sheet["passed"] else "failed"


def _plain(words: str) -> str:
    """Words in which no figure is looked for."""
    return words.replace("{", "{{").replace("}", "}}")


def _capital(words: str) -> str:
    """Words as a heading has them, names in them as they are."""
    return words[:1].upper() + words[1:]


def _sentence(words: str) -> str:
    return _capital(words).rstrip(".") + "."


def _signed(points: float) -> str:
    return f"+{points:.1f}" if points >= 0.0 else f"{MINUS}{-points:.1f}"
