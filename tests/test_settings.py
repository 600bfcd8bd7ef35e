"""config.toml: found, validated, refused with file and key."""

from pathlib import Path

import pytest

from game.look import Tier
from game.settings import Settings, load_settings
from sim.errors import InputError

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_without_a_file_the_defaults_hold():
    assert load_settings() == Settings()


def test_the_shipped_file_states_the_defaults(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    assert load_settings() == Settings()


def test_the_folder_s_file_goes_before_the_user_s(tmp_path):
    own = tmp_path / "home" / "voltyard"
    own.mkdir(parents=True)
    (own / "config.toml").write_text('[display]\npalette = "safe"\n')
    assert load_settings().display.palette == "safe"
    (tmp_path / "config.toml").write_text('[display]\nsize = "1920x1080"\n')
    settings = load_settings()
    assert settings.display.palette == "standard" and settings.display.size == (1920, 1080)


@pytest.mark.parametrize("text, key", [
    ('[display]\nsize = "big"\n', "display.size"),
    ('[display]\ncolour = "red"\n', "display.colour"),
    ("[start]\nspeed = 7\n", "start.speed"),
    ('[ui]\nsound = "yes"\n', "ui.sound"),
    ("[display]\nfullscreen = 1\n", "display.fullscreen"),
    ('[ui]\nscale = "2"\n', "ui.scale: expected auto or a number from 0.75 to 6"),
    ("[ui]\nscale = 9\n", "ui.scale"),
    ("[display\n", "config.toml"),
])
def test_bad_settings_are_one_line_with_file_and_key(tmp_path, text, key):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert "config.toml" in str(caught.value) and key in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_tier_is_named_or_left_to_the_frame_times(tmp_path):
    for text, tier in (("auto", None), ("High", Tier.HIGH), ("low", Tier.LOW)):
        (tmp_path / "config.toml").write_text(f'[display]\ntier = "{text}"\n')
        assert load_settings().display.tier == tier
    (tmp_path / "config.toml").write_text('[display]\ntier = "best"\n')
    with pytest.raises(InputError, match="display.tier.*expected one of low, medium, high, ultra or auto"):
        load_settings()
