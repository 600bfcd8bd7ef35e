"""The command line as it is typed: completion, what would be refused, what was said before."""

import pytest
from worlds import scenario, zone

from game.ui.prompt import Prompt
from sim.model import Model


@pytest.fixture(scope="module")
def model():
    return Model(scenario(zone("yard", 3)))


def typed(model, text, *keys) -> Prompt:
    prompt = Prompt()
    prompt.begin(model)
    for letter in text:
        prompt.insert(letter)
    for key in keys:
        prompt.key(key)
    return prompt


def test_tab_completes_word_by_word_to_a_command(model):
    prompt = typed(model, "lim", "tab")
    assert prompt.text == "limit "
    for letter in "ya":
        prompt.insert(letter)
    prompt.key("tab")
    prompt.insert("30")
    assert prompt.text == "limit yard 30" and prompt.considered.text == "limit yard 30 kW"
    assert prompt.says == ("Enter sends: limit yard 30 kW", "text")
    assert prompt.key("enter") == "limit yard 30"


def test_what_would_be_refused_is_said_before_it_is_sent(model):
    name = model.world.connector.names[0]
    prompt = typed(model, f"stop {name}")
    words, tone = prompt.says
    assert tone == "fault" and "refused" in words and prompt.refusal


def test_what_is_wrong_is_said(model):
    words, tone = typed(model, "limit nowhere 5x").says
    assert tone == "warning" and "word 2" in words


def test_keys_edit_at_the_cursor(model):
    prompt = typed(model, "pase", "arrow_left", "arrow_left")
    prompt.insert("u")
    assert prompt.text == "pause" and prompt.cursor == 3
    prompt.key("home")
    prompt.key("delete")
    assert prompt.text == "ause"
    prompt.key("end")
    prompt.key("backspace")
    assert prompt.text == "aus"
    prompt.key("escape")
    assert not prompt.open


def test_lines_said_before_come_back_and_what_was_begun_is_kept(model):
    prompt = Prompt()
    for line in ("pause", "resume", "resume"):
        prompt.remember(line)
    assert prompt.lines == ["pause", "resume"]
    prompt.begin(model, "spe")
    seen = []
    for key in ("arrow_up", "arrow_up", "arrow_up", "arrow_down", "arrow_down"):
        prompt.key(key)
        seen.append(prompt.text)
    assert seen == ["resume", "pause", "pause", "resume", "spe"]
