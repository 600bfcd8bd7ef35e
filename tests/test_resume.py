"""A run that broke off goes on where it was: nothing that was decided is lost."""

import json
import shutil
from pathlib import Path

import pytest
from worlds import HOUR, command, scenario, visit, visits, zone

from test_recording import voltyard

from sim.errors import InputError
from sim.history import History
from sim.model import Model
from sim.recording import Recorder, make_folder, read
from sim.resuming import NOTE, resume, unfinished
from sim.results import results
from sim.run import replay

ORDERS = [(0.5 * HOUR + 7.0, command("set_limit", kw=7.0)),
          (1.2 * HOUR, command("watch", when="drawn > 5 kW for 10m",
                               command=command("set_limit", kw=4.0))),
          (2.1 * HOUR, command("schedule", at="03:00", command=command("set_limit", kw=None))),
          (2.2 * HOUR + 0.25, command("arrival_surge", vehicles=2, within="20m"))]


def site():
    groups = [{"use_case": "public", "vehicles": 6, "models": [{"model": "renault_5"}]}]
    return scenario(zone(count=4), strategy="equal_share", duration="12h",
                    sessions={"kind": "generated", "groups": groups})


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> tuple[Path, Model]:
    """A live session that was killed at 02:30:01, after its last mark."""
    folder = tmp_path_factory.mktemp("runs") / "session"
    history = History()
    model = Model(site(), history=history)
    recorder = Recorder(make_folder(folder), model, history, model.duration_s)
    for t_s, order in ORDERS:
        model.advance(t_s)
        assert model.submit(order) is None
    model.advance(2.5 * HOUR)
    recorder.mark()
    model.advance(2.5 * HOUR + 1.0)
    return folder, model


@pytest.fixture
def folder(broken, tmp_path) -> Path:
    return Path(shutil.copytree(broken[0], tmp_path / "runs" / "session"))


def test_a_command_is_on_disk_as_soon_as_it_is_given(tmp_path):
    history = History()
    model = Model(site(), history=history)
    Recorder(make_folder(tmp_path / "run"), model, history, model.duration_s)
    model.advance(77.0)
    model.submit(command("set_limit", kw=7.0))
    lines = (tmp_path / "run/commands.jsonl").read_text().splitlines()
    assert [json.loads(line)["t"] for line in lines] == [77.0]


def test_it_goes_on_exactly_there_and_to_the_same_end(broken, folder, tmp_path):
    _, before = broken
    found, = unfinished(folder.parent)
    assert (found.folder, found.until_s, found.commands, found.refusal) == (folder, 2.5 * HOUR, 4, None)
    after = resume(folder, tmp_path / "on")
    assert after.model.now_s == 2.5 * HOUR and after.lost is None
    assert unfinished(folder.parent) == [] and json.loads((folder / NOTE).read_text())
    untouched = Model(site())
    for t_s, order in ORDERS:
        untouched.submit_at(t_s, order)
    for model in (after.model, untouched):
        model.advance(3.5 * HOUR)
        model.submit(command("set_strategy", strategy="first_come_first_served"))
        model.advance(model.duration_s)
        model.close_books()
    assert after.model.world.digest() == untouched.world.digest()
    assert after.model.commands == untouched.commands
    after.recorder.finish(results(after.model, 1.0))
    assert replay(tmp_path / "on", verify=True).difference is None


def test_a_torn_last_command_is_lost_and_said(folder, tmp_path):
    """It had just been given: all before the last mark is whole."""
    path = folder / "commands.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    (folder / "position.json").write_text(json.dumps({"t": 2.2 * HOUR, "commands": 3}))
    after = resume(folder, tmp_path / "on")
    assert "commands.jsonl: line 4" in after.lost
    assert after.model.now_s == 2.2 * HOUR and len(after.model.commands) == 3


def test_what_stands_behind_a_damaged_command_is_lost_and_said(folder, tmp_path):
    lines = (folder / "commands.jsonl").read_text().splitlines()
    (folder / "commands.jsonl").write_text("\n".join([lines[0], "{", *lines[2:]]) + "\n")
    after = resume(folder, tmp_path / "on")
    assert "commands.jsonl: line 2" in after.lost
    assert after.model.now_s == 0.5 * HOUR + 7.0 and len(after.model.commands) == 1


def test_another_version_is_refused(folder, tmp_path):
    about = json.loads((folder / "run.json").read_text())
    about["versions"]["voltyard"] = "0.0.1"
    (folder / "run.json").write_text(json.dumps(about))
    with pytest.raises(InputError, match="recorded by voltyard 0.0.1, expected"):
        resume(folder, tmp_path / "on")
    assert "0.0.1" in unfinished(folder.parent)[0].refusal
    assert not (tmp_path / "on").exists()


def test_a_damaged_run_is_refused_or_resumed_where_it_was_equal_last(folder, tmp_path):
    entries = [json.loads(line) for line in (folder / "checksums.jsonl").read_text().splitlines()]
    entries[2]["digest"] = "0" * 32
    (folder / "checksums.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    with pytest.raises(InputError, match="differs from what it recorded at 02:00 .*equal up to 01:00"):
        resume(folder, tmp_path / "on")
    after = resume(folder, tmp_path / "on", to_damage=True)
    assert after.model.now_s == HOUR and len(after.model.commands) == 1 and "02:00" in after.lost


def test_a_command_that_was_changed_is_refused_before_any_checksum_tells(folder, tmp_path):
    log = folder / "commands.jsonl"
    log.write_text(log.read_text().replace('"kw": 7.0', '"kw": 700.0'))
    with pytest.raises(InputError, match="differs from what it recorded at 00:30 .*equal up to 00:00"):
        resume(folder, tmp_path / "on")


def test_a_complete_run_and_none_at_all_are_refused(tmp_path):
    history = History()
    model = Model(scenario(zone(), duration="1h"), visits(visit()), history)
    recorder = Recorder(make_folder(tmp_path / "runs/a"), model, history, model.duration_s)
    model.advance(HOUR)
    model.close_books()
    recorder.finish(results(model, 1.0))
    with pytest.raises(InputError, match="complete"):
        resume(tmp_path / "runs/a", tmp_path / "on")
    with pytest.raises(InputError, match="run.json"):
        resume(tmp_path / "nothing", tmp_path / "on")
    assert unfinished(tmp_path / "runs") == []


def test_a_position_that_is_not_whole_is_left_out(folder):
    (folder / "position.json").write_text("{")
    assert read(folder).until_s < 2.5 * HOUR + 1e-9


def test_on_the_command_line(folder, tmp_path):
    done = voltyard("resume", folder, "--out", tmp_path / "on", "--json")
    assert done.returncode == 0 and "resumed at 02:30 (9000 s)" in done.stderr
    assert json.loads(done.stdout)["duration_s"] == 12 * HOUR
    saved = voltyard("save", tmp_path / "on", "-o", tmp_path / "mine.toml")
    assert saved.returncode == 0
    again = voltyard("run", tmp_path / "mine.toml", "--json")
    assert json.loads(again.stdout)["digest"] == json.loads(done.stdout)["digest"]
    for arguments in (["resume", tmp_path / "on", "--out", tmp_path / "x"], ["save", tmp_path, "-o", tmp_path / "y.toml"]):
        refused = voltyard(*arguments)
        assert refused.returncode == 2 and len(refused.stderr.splitlines()) == 1
