"""The film editor without a window: which list over which run, what the picture shows of a fork, what is refused."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cli import voltyard
from hypothesis import given
from hypothesis import strategies as st

from game.editor.filing import slug
from game.editor.layout import ASPECTS, layout
from game.editor.playhead import Playhead, snapped
from game.editor.rows import stack
from game.editor.session import session_of
from game.film.editing import Spot
from game.film.shots import Given
from game.film.shots import load as load_shots
from game.film.values import NETWORK, Values, spell
from game.film.writing import text_of
from sim.errors import InputError

seconds = st.integers(0, 4800).map(lambda hundredths: Fraction(hundredths, 100))


@given(st.integers(640, 4000), st.integers(400, 2400), st.sampled_from(ASPECTS), st.floats(0.5, 2.0))
def test_the_picture_keeps_its_shape_and_clear_of_the_panels(width, height, aspect, scale):
    lies = layout((width, height), scale, aspect)
    x, y, wide, high = lies.frame
    assert wide / high == pytest.approx(aspect[0] / aspect[1], rel=0.1)
    assert x >= 0 and y >= lies.bar[3]
    assert x + wide <= max(lies.side[0], x + 16) and y + high <= max(lies.foot[1], y + 16)


@given(st.lists(st.tuples(seconds, st.integers(1, 900)), max_size=12))
def test_titles_that_meet_stand_on_lines_of_their_own(spans):
    spans = [(since, since + Fraction(long, 100)) for since, long in spans]
    rows = stack(spans)
    for k, (a, b) in enumerate(spans):
        assert not any(rows[k] == rows[j] and c < b and a < d for j, (c, d) in enumerate(spans) if j != k)


@given(seconds, st.lists(st.sampled_from((1, -1, 5, -7)), max_size=8))
def test_stepping_stands_at_frames_within_the_film(t, steps):
    head = Playhead(Fraction(48))
    head.seek(t)
    for step in steps:
        before = head.film_s
        head.step(step)
        assert (head.film_s * 30).denominator == 1 and 0 <= head.film_s <= 48
        assert (head.film_s - before) * step > 0 or head.film_s in (0, 48)


@given(seconds, st.lists(st.tuples(st.sampled_from((1, -1)), st.integers(0, 900)), max_size=8))
def test_shuttling_goes_its_way_within_the_film_twice_as_fast_each_time(t, hands):
    head = Playhead(Fraction(48))
    head.seek(t)
    for way, thousandths in hands:
        before, pace = head.film_s, head.pace
        head.shuttle(way)
        assert head.pace == (way * min(2 * abs(pace), 4) if pace * way > 0 else way)
        head.go_on(thousandths / 1000.0)
        passed = min(Fraction(thousandths, 1000), Fraction(1, 2)) * (head.pace or 1)
        assert head.film_s == min(max(before + passed, 0), 48) or head.film_s in (0, 48)
        assert head.playing or head.film_s == (48 if way > 0 else 0)
    head.stand()
    assert not head.playing


@given(seconds, seconds)
def test_snapping_takes_what_is_near_else_a_frame(t, other):
    to = snapped(t, [other], Fraction(1, 10), Fraction(30))
    assert to == other if abs(t - other) <= Fraction(1, 10) else abs(to - t) <= Fraction(1, 60)


def test_a_list_is_opened_new_over_another_run_or_refused(tmp_path):
    new = session_of(None, "solar_carport")
    assert new.path is None and new.shots.film.scenario == "solar_carport" == new.run.scenario.name
    assert not new.shipped and session_of("evening_peak", None).shipped
    other = session_of("evening_peak", "solar_carport")
    assert other.run.scenario.name == "solar_carport" and other.shots.titles
    for words in (("edit", "nothing"), ("edit", "--scenario", "nothing"), ("edit", tmp_path / "a.toml")):
        done = voltyard(*words)
        assert done.returncode == 2 and done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """An editor, opened anew with a list by name."""
    from game.editor.editor import Editor

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))
        open_now = []

        def one(name):
            while open_now:
                open_now.pop().close()
            open_now.append(Editor(session_of(name, None), offscreen=True, size=(800, 520)))
            return open_now[-1]
        yield one
        while open_now:
            open_now.pop().close()


def settled(editor, t):
    editor.scrub_film(Fraction(t))
    for _ in range(400):
        editor.frame(0.03)
        if editor.behind_s == 0.0:
            return
    pytest.fail("it never came there")


def test_a_fork_shows_both_branches_with_their_own_figures(opened):
    editor = opened("what_if")
    settled(editor, 30)
    first, second = (branch.shown for branch in editor.branches)
    assert first.now_s == second.now_s == editor.tracks.sim_s(Fraction(30))
    said = {words.tone: words.value for _, words in editor._spoken() if words.kind == "figure"}
    assert float(said["to_grid"]) > 0.0 == float(said["warning"])
    assert [words.title for _, words in editor._spoken() if words.kind == "name"] == ["With V2G", "Without"]
    picture = editor.shell.picture()
    x, y, width, height = map(int, editor.hud.layout.frame)
    left, right = (picture[y:y + height, x + k * width // 2 + 4:x + (k + 1) * width // 2 - 4].astype(int)
                   for k in (0, 1))
    assert left.shape == right.shape and np.abs(left - right).mean() > 2.0
    settled(editor, 2)
    assert editor.shell.eye.size[0] == width
    why = editor.attempt(lambda: editor.document.fork(None))
    assert why.startswith("titles.") and editor.document.shots.fork and editor.second


def test_a_fork_and_commands_make_another_run_and_undo_the_one_before(opened):
    editor = opened("evening_peak")
    settled(editor, 20)
    before = editor.model.world.hub.import_limit_kw.item(0)
    editor.open_fork()
    editor.frame(0.03)
    assert editor.second is not None and len(editor.branches) == 2
    editor.undo()
    editor.frame(0.03)
    assert editor.second is None and editor.session.run.forked is None
    given = (Given(at="17:00", command="limit site 111 kW"),)
    assert editor.attempt(lambda: editor.document.commands(given)) is None
    settled(editor, 20)
    assert editor.model.world.hub.import_limit_kw.item(0) == 111.0 != before
    why = editor.attempt(lambda: editor.document.commands((Given(at="17:00", command="limit moon 1 kW"),)))
    assert why and "\n" not in why and editor.document.shots.commands == given
    editor.undo()
    settled(editor, 20)
    assert editor.model.world.hub.import_limit_kw.item(0) == before


def test_time_keys_are_set_frozen_and_kept_in_order(opened):
    editor = opened("evening_peak")
    settled(editor, 15)
    editor.add_time()
    spot = editor.document.selected[0]
    key = editor.document.key(spot)
    assert key.at == 15 and editor.scenario_s(key.sim) == pytest.approx(editor.tracks.sim_s(Fraction(15)), abs=0.5)
    editor.set_sim(spot, 0.0)
    assert editor.scenario_s(editor.document.key(spot).sim) == editor.scenario_s("17:00")
    editor.freeze(spot)
    editor.frame(0.03)
    assert editor.tracks.sim_s(Fraction(15)) == editor.tracks.sim_s(Fraction(17))
    assert editor.pace_words(spot).endswith("frozen.")
    editor.move_to(Spot("time", 1), 30.0)
    assert editor.document.shots.time[1].at < 15
    with pytest.raises(InputError):
        editor.frames_of(editor.hud.export.request.__class__(size="3x3"))


def test_what_another_wrote_is_not_written_over_unasked(tmp_path):
    path = tmp_path / "mine.toml"
    session = session_of("evening_peak", None)
    session, _ = session.saved(session.shots, path)
    assert not session.shipped and session.path == path and session.overwrites(path) is None
    assert session.overwrites(tmp_path / "new.toml") is None
    path.write_text(path.read_text() + "\n# Another's.\n")
    assert "changed meanwhile" in session.overwrites(path)
    other = session_of("what_if", None)
    assert "is there already" in other.overwrites(path)
    assert path.read_text().startswith("# The evening peak in 48 seconds")
    assert session_of(str(path), None).overwrites(path) is None


def test_a_key_from_here_on_a_followed_path_goes_on_following(opened):
    editor = opened("one_vehicles_day")
    camera = editor.document.shots.camera
    follows = [editor.document.standing(k).follow for k in range(len(camera))]
    number = next(k for k, (a, b) in enumerate(zip(follows, follows[1:])) if a == b and a)
    settled(editor, (camera[number].at + camera[number + 1].at) / 2)
    seen = editor.moment.pose
    editor.key_here()
    key = editor.document.key(editor.document.selected[0])
    assert key.follow == follows[number] and key.target != seen.target
    editor.frame(0.03)
    again = editor.moment.pose
    assert again.target == pytest.approx(seen.target, abs=0.02)
    assert again.distance == pytest.approx(seen.distance, rel=1e-3)


def test_what_is_not_saved_outlives_an_error_in_a_frame(opened, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    own = tmp_path / "mine.toml"
    own.write_text(text_of(opened("evening_peak").document.shots).text, encoding="utf-8")
    for name, folder, stem in ((str(own), tmp_path, "mine"), ("evening_peak", tmp_path / "home" / "voltyard", None)):
        editor = opened(name)
        with monkeypatch.context() as patch:
            patch.setattr(editor._captions, "show", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                editor.frame(0.03)
            assert not list(tmp_path.rglob("*.rescued*")) or stem is None
            editor.add_cue()
            for _ in range(2):
                with pytest.raises(ZeroDivisionError):
                    editor.frame(0.03)
        stem = stem or slug(editor.document.shots.film.name)
        for end in ("", "_2"):
            kept = folder / f"{stem}.rescued{end}.toml"
            assert load_shots(str(kept)).sound.cues == editor.document.shots.sound.cues
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 2 and str(kept) in said[1]


TYPED = ("9" * 5000, "1-" + "9" * 5000, "a\0b", "~nobody_here/film.mp4", "x" * 5000, "\u00b2",
         "{net_kw:>" + "9" * 20 + "}", "18:30 limit site " + "9" * 5000 + " kW")


def test_whatever_is_typed_ends_in_a_line(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    editor = opened("evening_peak")
    export, usual, before = editor.hud.export, editor.hud.export.request, editor.document.shots
    for typed in TYPED:
        for field in ("frames", "size"):
            export.request = replace(usual, **{field: typed})
            words, tone = export.summary(editor)
            assert tone == "warning" and "\n" not in words
        editor.hud.path.ask("")
        editor.save_to(f"{typed}/x")
        assert editor.hud.path.why and editor.hud.path.open or list(tmp_path.rglob("x.toml"))
        for change in (lambda: editor.document.change(Spot("time", 0), sim=typed),
                       lambda: editor.document.commands((Given(at=typed, command=typed),))):
            assert "\n" not in editor.attempt(change)
        editor.attempt(lambda: editor.document.change(Spot("titles", 0), title=typed))
        editor.frame(0.03)
        while editor.document.undoes:
            editor.document.undo()
        assert [title.title for title in editor.document.shots.titles] == [title.title for title in before.titles]


def test_an_export_that_the_queue_refuses_leaves_the_list_that_waits(opened, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    editor = opened("evening_peak")
    card = editor.hud.export
    card.out = str(tmp_path / "film.mp4")
    card._start(editor, True)
    waits = (tmp_path / "film.mp4.shots.toml").read_text()
    editor.document.delete((Spot("titles", 0),))
    for queued in (True, False):
        with pytest.raises(InputError, match="film 1 of the queue becomes that file"):
            card._start(editor, queued)
    assert (tmp_path / "film.mp4.shots.toml").read_text() == waits
    while editor.document.undoes:
        editor.document.undo()


@pytest.mark.parametrize("at", (0, 9))
def test_a_new_title_is_seen_at_once(opened, at):
    editor = opened("evening_peak")
    settled(editor, at)
    editor.add_title()
    (spot,) = editor.document.selected
    settled(editor, editor.playhead.film_s)
    assert editor.document.key(spot).at == at
    assert dict(editor._spoken())[spot.number].opacity == 1.0


def test_a_figure_is_chosen_as_it_is_spelled_and_who_plays_sees_no_mark_of_a_hand(opened):
    editor = opened("evening_peak")
    settled(editor, 20)
    names = [name for name, _ in editor.figure_choices(None)]
    assert names[0] == "" and "net_kw" in names and "soc_pct" not in names
    assert "soc_pct" in [name for name, _ in editor.figure_choices("POOL-05")]
    connector = [name for name, _ in editor.figure_choices(editor.model.world.connector.names[0])]
    assert set(connector) - set(names) <= set(NETWORK) and len(connector) > len(names)
    values = {"a": Values(editor.model)}
    assert all(spell(editor.figure_words(name, None), values) for name in names[1:])
    editor.next_vehicle()
    editor.frame(0.03)
    picked = editor.picked_name()
    assert picked and editor.selected
    editor.shuttle(-1)
    editor.frame(0.03)
    assert editor.selected is None or editor.moment.select
    editor.playhead.stand()
    editor.frame(0.03)
    assert editor.picked_name() == picked


def test_a_card_has_room_for_all_that_it_says(opened):
    editor = opened("what_if")
    hud = editor.hud
    for card, words in ((hud.export, ""), (hud.export, "expected a folder. " * 30), (hud.moves, ""),
                        (hud.path, ""), (hud.path, "is there already. " * 30)):
        card.open, hud.export.words, hud.path.why = True, words, words
        for _ in range(4):
            editor.frame(0.6)
        x, y, width, height = card.rect(hud._brush, editor.size)
        assert x >= 0 and x + width <= editor.size[0] and y + height <= editor.size[1]
        for form in (card._form, card._foot):
            assert form.y <= y + height and form._scroll == 0.0
        card.open = False
