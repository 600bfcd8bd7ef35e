"""An exercise as it goes on in the window: followed, scored, recorded, resumed."""

import time

import pytest

from game.branching import Branching
from game.exercise import Exercise
from game.training import Sitting, begin, broke_off, go_on
from game.ui.lesson import wrap
from sim.console import parse
from sim.errors import InputError
from sim.recording import read
from sim.resuming import put_aside, resume
from sim.scenario import load
from sim.training.debrief import debrief


@pytest.fixture(scope="module")
def lesson():
    return load("first_lesson")


def told(exercise: Exercise, *lines: str) -> None:
    for line in lines:
        assert exercise.model.submit(parse(line, exercise.model)) is None


def killed(sitting: Sitting) -> None:
    """What the system does to a process that is killed: the folder's lock is free again."""
    sitting.keeper._recorder._live._file.close()


def test_the_score_that_is_shown_is_what_the_folder_gives(lesson, tmp_path):
    exercise = begin(lesson, tmp_path).exercise
    assert not exercise.begun and exercise.lesson.step is not None
    exercise.model.advance(1500.0)
    assert exercise.follow(1.0) and exercise.begun, "by the clock, whoever let it run"
    assert exercise.score.points < 100.0 and exercise.score.passed is None and len(exercise.lesson.done_s) == 1
    told(exercise, "acknowledge", "hint", "strategy equal_share")
    taken, following = exercise.hints
    assert [hint.price for hint in taken] == [3.0] and following.price == 10.0
    exercise.model.advance(lesson.duration)
    assert exercise.follow(1.0) and exercise.over and exercise.score.passed
    assert exercise.lesson.step is None
    found = debrief(exercise.keeper.folder)
    assert found["verified"] and found["sheet"]["points"] == exercise.score.points


def test_an_attempt_that_broke_off_goes_on_exactly_there(lesson, tmp_path):
    sitting = begin(lesson, tmp_path)
    exercise = sitting.exercise
    exercise.model.advance(1400.0)
    told(exercise, "strategy equal_share")
    exercise.model.advance(1700.0)
    exercise.follow(1.0)
    digest = exercise.model.world.digest()
    exercise.model.advance(1730.0)  # less than a second before the kill
    assert broke_off(lesson, tmp_path) == [], "a run that is live has not broken off"
    with pytest.raises(InputError, match="going on in another window"):
        resume(sitting.keeper.folder, tmp_path / "x")
    killed(sitting)
    broken, = broke_off(lesson, tmp_path)
    assert (broken.until_s, broken.commands) == (1700.0, 1)
    again = go_on(broken, tmp_path)
    assert "goes on at 17:28" in again.told and again.exercise.begun
    assert again.model.now_s == 1700.0 and again.model.world.digest() == digest
    assert again.keeper.folder != sitting.keeper.folder and len(again.exercise.course) > 5
    branching = Branching(again.model)
    branching.show(600.0)
    assert branching.earliest_s == 0.0 and branching.go_on(9.0, time.perf_counter) == 600.0
    again.model.advance(lesson.duration)
    again.exercise.follow(1.0)
    folder = again.keeper.folder
    assert again.exercise.over and read(folder).digest == read(folder).results["digest"]
    assert broke_off(lesson, tmp_path) == []


def test_what_is_left_is_offered_again_unless_it_is_done_with(lesson, tmp_path):
    for done in (False, True):
        sitting = begin(lesson, tmp_path)
        sitting.model.advance(600.0)
        sitting.keeper.leave(done)
        sitting.keeper.follow(5.0)
        sitting.keeper.leave()
    left, = broke_off(lesson, tmp_path)
    assert left.folder.name == "first_lesson-001" and left.until_s == 600.0
    assert broke_off(load("first_lesson", {"seed": 5}), tmp_path) == [], "another run than this one"
    put_aside(left.folder)
    assert broke_off(lesson, tmp_path) == []
    assert go_on(left, tmp_path).model.now_s == 600.0, "put aside is not lost"


def test_a_folder_that_is_none_is_one_line(lesson, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        begin(lesson, tmp_path / "file")


def test_a_text_is_broken_between_words_and_keeps_its_paragraphs():
    assert wrap("one two\nthree four\n\nfive", 9) == ["one two", "three", "four", "", "five"]
    assert wrap("a", 9) == ["a"]
