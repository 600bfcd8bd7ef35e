"""The film of a debrief: its costliest moments as shots, true figures, a list that a person may edit."""

import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest
from cli import REPOSITORY, voltyard
from hypothesis import given
from hypothesis import strategies as st

from game.aside import Aside
from game.film.beats import APART, MOST, beats, left_at, losses_of, names_in
from game.film.jobs import Jobs
from game.film.retelling import LEAST_S, MOST_S, write
from game.film.shots import load as load_shots
from game.film.titles import SAFE, Spoken, Titles
from game.film.tracks import CameraTrack, Tracks
from game.film.values import Values, spell
from game.film.yard import Yard
from game.palette import PALETTES
from game.scene.layout import Layout
from sim.errors import InputError
from sim.model import Model
from sim.recording import read
from sim.run import run
from sim.scenario import load
from sim.training.debrief import debrief
from sim.training.evidence import solution

RUNS = (("busy_forecourt", False), ("busy_forecourt", True), ("heat_emergency", False), ("evening_commitment", True))


@pytest.fixture(scope="module", params=RUNS, ids=lambda given: f"{given[0]}-{'solved' if given[1] else 'nobody'}")
def retold(request, tmp_path_factory):
    """Folder and debrief of a run, and its film's list as it is read back."""
    name, solved = request.param
    folder = tmp_path_factory.mktemp("runs") / name
    lesson = load(name)
    run(lesson, solution(lesson) if solved else [], out=folder)
    told = debrief(folder)
    path, written = write(told, folder, folder / "debrief", "Ada {1}")
    assert written
    return folder, told, load_shots(str(path))


def test_each_beat_has_its_shot_in_which_time_nearly_stands_still(retold):
    folder, told, shots = retold
    scenario = read(folder).scenario
    yard = yard_of(scenario)
    assert LEAST_S <= shots.film.duration <= MOST_S
    tracks = Tracks(shots, scenario, yard.poses, lambda name: yard.kind(name) is not None)
    found = beats(told, yard.kind)
    assert 0 < len(found) <= MOST
    thirds = [title for title in shots.titles if title.kind == "lower_third"]
    assert len(thirds) == len(found)
    for beat, title in zip(found, thirds):
        middle = (title.at + title.until) / 2
        assert abs(tracks.sim_s(middle) - beat.t_s) < 20.0
        assert tracks.sim_s(title.until) - tracks.sim_s(middle) < 60.0
    assert tracks.sim_s(shots.film.duration) == told["until_s"]
    # The camera stands still there, and touches nothing anywhere.
    track = CameraTrack(shots.camera, yard.poses)
    for title in thirds:
        eyes = [track.at(title.at + Fraction(k), None)[0].eye() for k in (2, 3)]
        assert np.allclose(*eyes)
    eyes = np.array([track.at(shots.film.duration * k / 900, None)[0].eye() for k in range(901)])
    assert yard.clear(eyes, 0.3)
    steps = np.linalg.norm(np.diff(eyes, axis=0), axis=1)
    assert steps.max() < 12.0       # no jump


def test_the_figures_are_the_debriefs(retold):
    _, told, shots = retold
    lost = sum(loss["points"] for loss in losses_of(told))
    shown = [float(title.value.replace("\u2212", "-")) for title in shots.titles if title.title == "Lost here"]
    assert -lost - 0.06 * len(shown) <= sum(shown) <= 0.0
    assert left_at(told, told["until_s"]) == pytest.approx(told["sheet"]["points"])
    worths = {round(one["worth"], 1) for one in told["decisions"]}
    assert {float(title.value.replace("\u2212", "-")) for title in shots.titles
            if title.title == "What it was worth"} <= worths
    closing = shots.titles[-1]
    assert closing.kind == "closing" and closing.title.startswith(f"{told['sheet']['points']:.1f} of 100")
    short = [part["points"] < part["weight"] - 0.05 for part in told["sheet"]["objectives"]]
    tones = [line.split("|")[2].strip() for line in closing.lines[:len(short)]]
    assert tones == ["warning" if lost else "to_grid" for lost in short]
    assert [line.split(" | ")[1] for line in closing.lines] == [part["title"] for part in told["sheet"]["objectives"]]


@pytest.mark.parametrize("size", [(640, 360), (360, 640)])
def test_titles_are_inside_the_safe_area_all_at_once(retold, size):
    folder, _, shots = retold
    model = Model(read(folder).scenario)
    drawing = Titles(size, PALETTES["standard"])
    for at in sorted({title.at for title in shots.titles}):
        shown = [title for title in shots.titles if title.at <= at < title.until]
        spoken = []
        for title in shown:
            of = title.of if title.of and model.world.vehicle.find(title.of) is not None else None
            said = [spell(text, {"a": Values(model, of)}) for text in (title.title, title.text, title.value, title.unit)]
            spoken.append(Spoken(title.kind, 1.0, *said, title.lines, title.corner, title.tone,
                                 (size[0] / 2.0, size[1] / 2.0)))
        placed = drawing.place(spoken)
        assert len(placed) == len(shown)
        x, y = size[0] * SAFE - 1.0, size[1] * SAFE - 1.0
        assert all(rect[0] >= x and rect[1] >= y and rect[2] <= size[0] - x and rect[3] <= size[1] - y
                   for rect in (one.rect for one in placed))


def yard_of(scenario) -> Yard:
    world = Model(scenario).world
    return Yard(scenario, Layout(scenario.site.layout, world), world)


@st.composite
def debriefs(draw):
    """What `beats` reads of a debrief, with losses that sum to at most 100."""
    until_s = draw(st.sampled_from((600.0, 36_000.0)))
    times = st.integers(0, 60).map(lambda k: until_s * k / 60.0)
    losses = draw(st.lists(st.tuples(times, st.floats(0.1, 3.0), st.sampled_from(("C-01 left", "import", "zone pool"))),
                           max_size=30))
    others = draw(st.lists(st.tuples(times, st.sampled_from(("inject", "decision", "alarm", "start", "end"))), max_size=12))
    decisions = [{"t": t_s, "text": "stop C-01", "worth": draw(st.floats(-40.0, 40.0))}
                 for t_s, kind in others if kind == "decision"]
    return {"until_s": until_s, "decisions": decisions,
            "moments": [{"t": t_s, "kind": kind, "text": "something", "points": 0.0} for t_s, kind in others],
            "sheet": {"hints": [], "objectives": [{"title": "all", "losses": [
                {"t_s": t_s, "points": points, "why": why} for t_s, points, why in losses]}]}}


@given(debriefs())
def test_the_costliest_are_told_each_once_and_in_order(told):
    found = beats(told, {"C-01": "connector", "pool": "zone"}.get)
    times = [beat.t_s for beat in found]
    assert len(found) <= MOST and times == sorted(times)
    assert all(b - a >= told["until_s"] * APART for a, b in zip(times, times[1:]))
    whole = sum(loss["points"] for loss in losses_of(told))
    assert sum(beat.lost for beat in found) <= whole + 1e-9
    assert bool(found) == (whole > 0.0 or any(one["kind"] not in ("start", "end") for one in told["moments"]))
    if len(found) < MOST and whole > 0.0:
        worst = max(losses_of(told), key=lambda loss: loss["points"])["t_s"]
        apart_s = told["until_s"] * APART
        assert any(beat.t_s - apart_s < worst <= max(beat.until_s, beat.t_s + apart_s) for beat in found)
    assert {beat.about for beat in found} <= {"C-01", "pool", "hub"}


def test_names_are_found_in_words():
    kinds = {"F-21": "connector", "av pod": "zone", "A 1": "vehicle", "hub": "hub"}.get
    assert names_in("high stress, av pod: F-21, faulted", kinds) == ["F-21", "av pod"]
    assert names_in("A 1 left with 37.9 kWh missing", kinds) == ["A 1"]
    assert names_in("hub", kinds) == []


def test_a_list_that_a_person_edited_stays_and_a_broken_one_is_one_line(retold):
    folder, told, shots = retold
    path = folder / "debrief" / "film.toml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text + "\n[[titles]]\nkind = \"figure\"\nat = 1\nuntil = 2\nvalue = \"mine\"\n", encoding="utf-8")
        assert write(told, folder, folder / "debrief") == (path, False)
        assert load_shots(str(path)).titles[-1].value == "mine"
        path.write_text(text.replace("[film]", "[flim]"), encoding="utf-8")
        with pytest.raises(InputError, match="film.toml: "):
            write(told, folder, folder / "debrief")
    finally:
        path.write_text(text, encoding="utf-8")
    assert load_shots(str(path)).film.run == ".." and "Ada {{1}}" in shots.titles[0].text


def test_the_film_waits_in_the_queue_and_its_frames_are_drawn(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    folder = tmp_path / "forecourt"
    run(load("busy_forecourt"), [], out=folder)
    assert voltyard("debrief", folder, "--queue").returncode == 2
    done = voltyard("debrief", folder, "--film", "--queue", "--no-stills")
    assert done.returncode == 0 and "number 1 in the queue" in done.stdout
    (job,) = Jobs().all()
    assert job.output == str(folder / "debrief" / "film.mp4") and job.request.plan().shots.source.endswith("film.toml")
    # Its own file alone says which run it is of.
    out = tmp_path / "some.mp4"
    film = subprocess.run([sys.executable, "-m", "game", "film", "--shots", str(folder / "debrief" / "film.toml"),
                           "-o", str(out), "--size", "160x90", "--frames", "0-19"],
                          cwd=REPOSITORY, text=True, capture_output=True)
    assert film.returncode == 0 and out.stat().st_size > 2000, film.stderr


def test_a_command_beside_the_window_tells_how_it_ended():
    told = []
    for words in (["debrief", "nowhere"], ["debrief", "--help"]):
        aside = Aside(words, lambda said: told.append(("done", said)), lambda why: told.append(("failed", why)))
        while not aside.poll():
            time.sleep(0.05)
    assert [end for end, _ in told] == ["failed", "done"] and told[0][1].startswith("nowhere")
