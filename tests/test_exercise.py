"""An exercise as it goes on in the window: followed, scored, recorded, resumed."""

import pytest

from game.exercise import Exercise
from game.training import begin
from game.ui.lesson import wrap
from sim.console import parse
from sim.errors import InputError
from sim.recording import read
from sim.scenario import load
from sim.training.debrief import debrief


@pytest.fixture(scope="module")
def lesson():
    return load("first_lesson")


def told(exercise: Exercise, *lines: str) -> None:
    for line in lines:
        assert exercise.model.submit(parse(line, exercise.model)) is None


def test_the_score_that_is_shown_is_what_the_folder_gives(lesson, tmp_path):
    exercise, words = begin(lesson, tmp_path)
    assert not words and not exercise.begun and exercise.lesson.step is not None
    exercise.model.advance(1500.0)
    exercise.follow(1.0)
    assert exercise.score.points < 100.0 and exercise.score.passed is None and len(exercise.lesson.done_s) == 1
    told(exercise, "acknowledge", "hint", "strategy equal_share")
    taken, following = exercise.hints
    assert [hint.price for hint in taken] == [3.0] and following.price == 10.0
    exercise.model.advance(lesson.duration)
    assert exercise.follow(1.0) and exercise.over and exercise.score.passed
    assert exercise.lesson.step is None
    found = debrief(exercise.folder)
    assert found["verified"] and found["sheet"]["points"] == exercise.score.points


def test_an_attempt_that_broke_off_goes_on_exactly_there(lesson, tmp_path):
    exercise, _ = begin(lesson, tmp_path)
    exercise.model.advance(1400.0)
    told(exercise, "strategy equal_share")
    exercise.model.advance(1700.0)
    exercise.follow(1.0)
    digest = exercise.model.world.digest()
    exercise.model.advance(1730.0)  # less than a second before the kill
    again, words = begin(lesson, tmp_path)
    assert "goes on at 17:28" in words and again.begun
    assert again.model.now_s == 1700.0 and again.model.world.digest() == digest
    assert again.folder != exercise.folder and len(again.course) > 5
    again.model.advance(lesson.duration)
    again.follow(1.0)
    assert again.over and read(again.folder).digest == read(again.folder).results["digest"]
    anew, words = begin(lesson, tmp_path)
    assert not words and anew.model.now_s == 0.0


def test_anew_begins_anew(lesson, tmp_path):
    exercise, _ = begin(lesson, tmp_path)
    exercise.model.advance(600.0)
    exercise.follow(1.0)
    again, words = begin(lesson, tmp_path, anew=True)
    assert not words and again.model.now_s == 0.0


def test_a_folder_that_is_none_is_one_line(lesson, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        begin(lesson, tmp_path / "file")


def test_a_text_is_broken_between_words_and_keeps_its_paragraphs():
    assert wrap("one two\nthree four\n\nfive", 9) == ["one two", "three", "four", "", "five"]
    assert wrap("a", 9) == ["a"]
