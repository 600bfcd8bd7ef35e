"""Editing a shot list: whatever is done leaves one that can be filmed, is undone exactly, and reads back from its
file as it was."""

import os
import tomllib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.camera import Pose
from game.film import shots, writing
from game.film.editing import Document, Spot, keys_of
from game.film.shots import Cue, SplitKey, TimeKey, Title, ViewKey
from game.film.tracks import Tracks, standings
from game.look import Overlay, View
from sim.errors import InputError
from sim.scenario import load

POSES = {"default": Pose((0.0, 0.0, 10.0), 80.0, 20.0, 35.0), "hub": Pose((0.0, 5.0, 20.0), 50.0, 300.0, 13.0)}
LISTS = ("evening_peak", "one_vehicles_day", "what_if", "tour")
EVENING = load("evening_peak")


def document(name="evening_peak"):
    listed = shots.load(name)

    def check(edited):
        Tracks(edited, EVENING, POSES, lambda known: True)
    return Document(listed, POSES, check)


seconds = st.integers(0, 48_000).map(lambda ms: Fraction(ms, 1000))
ways = st.integers(-60_000, 60_000).map(lambda ms: Fraction(ms, 997))
poses = st.builds(Pose, st.tuples(*[st.floats(-80, 80)] * 3), st.floats(1.0, 400.0), st.floats(-900, 900),
                  st.floats(-9, 89), st.floats(-400, 400))
spots = st.tuples(st.sampled_from(("camera", "time", "view", "titles", "cues", "split", "stops")), st.integers(0, 30))
OPERATIONS = st.one_of(
    st.tuples(st.just("pose"), seconds, poses, st.floats(5, 100)),
    st.tuples(st.just("select"), st.lists(spots, max_size=4)),
    st.tuples(st.just("move"), ways),
    st.tuples(st.just("drag"), st.lists(ways, min_size=1, max_size=3)),
    st.tuples(st.just("stretch"), st.sampled_from(("at", "until")), ways),
    st.tuples(st.just("delete")),
    st.tuples(st.just("change"), st.sampled_from(("distance", "turn", "fov", "sim", "until", "title")),
              st.floats(-100, 400)),
    st.tuples(st.just("add"), st.sampled_from(("time", "view", "titles", "cues", "split")), seconds),
    st.tuples(st.just("duration"), seconds), st.tuples(st.just("paste"), seconds),
    st.tuples(st.just("undo")), st.tuples(st.just("redo")))


def apply(edited, word, *given):
    """An operation, as the editor's hands call it; what is refused changes nothing."""
    before, selected = edited.shots, edited.selected
    try:
        if word == "pose":
            edited.add_pose(*given)
        elif word == "select":
            edited.select(*{Spot(track, number % len(edited.keys(track))): None
                            for track, number in given[0] if edited.keys(track)})
        elif word == "move":
            edited.move(*given)
        elif word == "drag":
            edited.grab()
            for by in given[0]:
                edited.move(by)
            edited.drop()
        elif word == "stretch" and any(spot.track == "titles" for spot in selected):
            edited.stretch(*given)
        elif word == "delete" and selected:
            edited.delete(selected)
        elif word == "change" and selected:
            name, value = given
            edited.change(selected[0], **{name: str(value) if name == "title" else value})
        elif word == "add" and (given[0] != "split" or edited.shots.fork):
            track, at = given
            edited.add(track, {"time": TimeKey(at=at, sim=14_400.0 + float(at)), "view": ViewKey(at=at, view=View.OCPP),
                               "titles": Title(kind="figure", at=at, until=at + 1, value="{clock}"), "cues": Cue(at=at),
                               "split": SplitKey(at=at, share=0.25)}[track], "Add")
        elif word == "duration":
            edited.film(duration=given[0])
        elif word == "paste" and selected:
            edited.paste(edited.copied(), *given)
        elif word in ("undo", "redo"):
            getattr(edited, word)()
    except InputError:
        assert (edited.shots, edited.selected) == (before, selected)
        edited.drop()


@given(st.sampled_from(LISTS), st.lists(OPERATIONS, max_size=14))
def test_whatever_is_done_can_be_filmed_undone_redone_and_saved(name, operations):
    edited = document(name)
    first = edited.shots
    for operation in operations:
        apply(edited, *operation)
    while edited.redo():
        pass
    last = edited.shots
    Tracks(last, EVENING, POSES, lambda known: True)
    assert all(0 <= spot.number < len(edited.keys(spot.track)) for spot in edited.selected)
    text = writing.text_of(last).text
    assert writing.same(shots.from_dict(tomllib.loads(text), "again"), last)
    former = shots.shipped()[name].read_text()
    assert writing.same(shots.from_dict(tomllib.loads(writing.text_of(last, former).text), "again"), last)
    while edited.undo():
        pass
    assert edited.shots == first and not edited.dirty
    while edited.redo():
        pass
    assert edited.shots == last


@given(st.sampled_from(LISTS), ways, st.integers(0, 30))
def test_a_key_that_is_moved_stays_between_its_neighbours(name, by, number):
    edited = document(name)
    for track in ("camera", "time"):
        keys = edited.keys(track)
        k = number % len(keys)
        edited.select(Spot(track, k))
        edited.move(by)
        times = [key.at for key in edited.keys(track)]
        assert times == sorted(set(times)) and 0 <= times[0] and times[-1] <= edited.shots.film.duration
        others = [a.at for j, a in enumerate(edited.keys(track)) if j != k]
        assert others == [a.at for j, a in enumerate(keys) if j != k]


@given(st.sampled_from(("evening_peak", "what_if")), seconds, poses, st.integers(0, 30), st.booleans())
def test_camera_keys_that_nobody_touched_stand_where_they_stood(name, at, pose, number, adds):
    edited = document(name)
    before = dict(zip([key.at for key in edited.shots.camera], standings(edited.shots.camera, POSES)))
    if adds:
        at = edited.key(edited.add_pose(at, pose, 30.0)).at
    else:
        spot = Spot("camera", number % len(edited.shots.camera))
        at = edited.key(spot).at
        edited.delete([spot])
    after = dict(zip([key.at for key in edited.shots.camera], standings(edited.shots.camera, POSES)))
    assert (at in after) == adds
    for time in before.keys() & after.keys() - {at}:
        a, b = before[time], after[time]
        assert a.target == pytest.approx(b.target, abs=1e-3) and a.fov == b.fov and a.follow == b.follow
        assert (a.distance, a.pitch) == pytest.approx((b.distance, b.pitch), abs=1e-3)
        assert (a.yaw - b.yaw + 180.0) % 360.0 == pytest.approx(180.0, abs=1e-3)


def test_a_key_from_here_shows_what_was_seen():
    edited, pose = document(), Pose((3.0, 1.0, -4.0), 22.0, -50.0, 17.0)
    spot = edited.add_pose(Fraction(61, 30), pose, 31.0)
    key = edited.key(spot)
    assert key.at == Fraction("2.033") and edited.selected == (spot,)
    seen, fov = Tracks(edited.shots, EVENING, POSES, lambda name: True).camera(key.at, lambda name: (0.0, 0.0, 0.0))
    assert (seen.target, seen.distance, seen.pitch, fov) == (pose.target, pytest.approx(22.0), 17.0, 31.0)
    assert seen.yaw % 360.0 == pytest.approx(310.0)
    edited.add_pose(key.at, POSES["hub"], 31.0)
    assert len([one for one in edited.shots.camera if one.at == key.at]) == 1


def test_what_is_pasted_looks_as_it_did_where_it_was_copied():
    edited = document()
    edited.select(Spot("camera", 1), Spot("titles", 2))
    stood = edited.standing(1)
    edited.paste(edited.copied(), Fraction(36))
    camera, title = edited.selected
    again = edited.standing(camera.number)
    assert edited.key(camera).at == 36 and (again.distance, again.pitch) == pytest.approx((stood.distance, stood.pitch))
    assert (edited.key(title).at, edited.key(title).until) == (Fraction("39.5"), Fraction("44.5"))
    assert len(edited.shots.camera) == 7


def test_a_drag_is_one_step_and_so_is_a_number_that_is_turned():
    edited = document()
    edited.select(Spot("camera", 1), Spot("time", 2))
    times = [edited.key(spot).at for spot in edited.selected]
    edited.grab()
    for by in (1, 2, 3, Fraction(-1, 2)):
        edited.move(Fraction(by))
    edited.drop()
    assert [edited.key(spot).at for spot in edited.selected] == [at - Fraction(1, 2) for at in times]
    for fov in (30.0, 35.0, 40.0):
        edited.change(Spot("camera", 2), "fov", fov=fov)
    assert (edited.undo(), edited.undo(), edited.undo()) == ("Change of fov", "Move", None)
    assert edited.shots == shots.load("evening_peak")


def test_what_cannot_be_filmed_is_refused_in_one_line():
    edited = document()
    for spot, fields, words in ((Spot("time", 2), {"sim": "16:00"}, "does not run backwards"),
                                (Spot("time", 2), {"sim": "noon"}, "expected a time"),
                                (Spot("camera", 1), {"fov": 300.0}, "fov"),
                                (Spot("titles", 0), {"title": ""}, "needs one")):
        with pytest.raises(InputError, match=words) as error:
            edited.change(spot, **fields)
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="after the film's end"):
        edited.film(duration=20)
    assert not edited.dirty and edited.undoes is None


def test_a_saved_list_keeps_the_comments_of_what_stays(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(shots.shipped()["evening_peak"].read_text().replace(
        'sim = "17:00"', 'sim = "17:00"  # dear from here').replace(
        "[[view]]", "# Flows before all.\n[[view]]"))
    listed = shots.load(str(path))
    edited = Document(listed, POSES)
    edited.change(Spot("view", 0), overlay=Overlay.SOC)
    assert writing.save(edited.shots, path).lost == 0
    text = path.read_text()
    assert text.startswith("# The evening peak in 48 seconds") and "# dear from here" in text
    assert "# Flows before all.\n[[view]]\nat = 0\nview = \"v2g\"\noverlay = \"soc\"" in text
    assert writing.same(shots.load(str(path)), edited.shots)
    edited.select(Spot("time", 1))
    edited.move(Fraction(1, 4))
    assert writing.save(edited.shots, path).lost == 1
    assert writing.same(shots.load(str(path)), edited.shots) and os.listdir(tmp_path) == ["mine.toml"]


def test_shipped_lists_and_wrong_names_are_not_written(tmp_path):
    listed = shots.load("evening_peak")
    for path, words in ((shots.SHOTS_DIR / "evening_peak.toml", "shipped"), (tmp_path / "film.mp4", r"\.toml"),
                        (tmp_path, r"\.toml")):
        with pytest.raises(InputError, match=words):
            writing.save(listed, path)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        writing.save(listed, blocked / "a.toml")


def test_files_beside_a_list_are_found_from_where_it_is_saved(tmp_path):
    (tmp_path / "tone.wav").write_bytes(b"")
    (tmp_path / "mine.toml").write_text(shots.shipped()["evening_peak"].read_text() + '\n[sound]\nfile = "tone.wav"\n')
    listed = shots.load(str(tmp_path / "mine.toml"))
    elsewhere = tmp_path / "elsewhere"
    found = writing.found_from(listed, elsewhere)
    assert found.sound.file == str(tmp_path / "tone.wav") and found.film.scenario == "evening_peak"
    assert writing.found_from(listed, tmp_path) is listed
    assert keys_of(found, "cues") == ()
