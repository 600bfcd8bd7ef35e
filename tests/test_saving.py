"""A session saved as a scenario makes the same run."""

import tomllib

import pytest
from worlds import HOUR

from sim.console import parse
from sim.errors import InputError
from sim.model import Model
from sim.saving import save_scenario
from sim.scenario import load

SESSIONS = {
    "evening_peak": ["when net > 100 kW for 10m limit pool 40 kW", "at 20:00 limit pool none", "surge 3 pool",
                     "line L1 out for 1h", "dispatch fleet -40 kW for 1h", "leave 3 announced"],
    "network_troubles": ["clear F-42", "power M-31 -3 kW"],  # with a session file
    "solar_carport": ["cloud 20 % for 1h", "forecast load times 0.5"],
}


@pytest.mark.parametrize("name", SESSIONS)
def test_it_loads_and_gives_the_same_digest(name, tmp_path):
    model = Model(load(name))
    model.advance(3.4 * HOUR + 0.123)
    for line in SESSIONS[name]:
        assert model.submit(parse(line, model)) is None, line
        model.advance(model.now_s + 200.0)
    model.advance(9 * HOUR)
    path = tmp_path / "mine.toml"
    save_scenario(path, model.scenario, model.commands, story="A hard evening.")
    saved = load(str(path))
    again = Model(saved)
    again.advance(9 * HOUR)
    assert again.world.digest() == model.world.digest()
    assert (saved.name, saved.story) == ("mine", "A hard evening.")
    assert all(f"{line!r}"[1:-1] in path.read_text() for line in SESSIONS[name][:1])
    assert all(file.name.startswith("mine") for file in tmp_path.iterdir())
    second = tmp_path / "again.toml"
    save_scenario(second, saved, again.commands, name="mine", story=saved.story)
    twice, once = (tomllib.loads(file.read_text().replace("again-", "mine-")) for file in (second, path))
    assert twice == once, "saving changes nothing"


def test_what_exists_is_left_alone(tmp_path):
    (tmp_path / "a.toml").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        save_scenario(tmp_path / "a.toml", load("empty_lot"), [])
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        save_scenario(tmp_path / "file/a.toml", load("empty_lot"), [])
