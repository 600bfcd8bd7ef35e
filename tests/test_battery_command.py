"""`voltyard battery`: a person's own recording, good and bad."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from game.battery_chart import _ticks
from game.cli import main
from sim.battery.ageing import day as days
from sim.battery.ageing.models import CELLS

ROOT = Path(__file__).resolve().parents[1]
HEAD = "time,soc,temperature\n"


@pytest.fixture
def voltyard(monkeypatch, capsys):
    """Run a command line in this process: (exit code, stdout, stderr)."""
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["voltyard", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code, out, err
    return run


def recording(path, hours, step_h=1.0, skip=()):
    """A log of commuting; times in seconds."""
    rows = []
    for hour in np.arange(0.0, hours + 1e-9, step_h):
        if not any(a < hour < b for a, b in skip):
            soc = np.interp(hour % 24, [0, 4, 8, 9, 17, 18, 24], [.5, .8, .8, .65, .65, .5, .5])
            rows.append(f"{hour * 3600:.0f},{soc:.6f},{20 + 5 * np.sin(hour / 24 * 2 * np.pi):.6f}\n")
    path.write_text(HEAD + "".join(rows))
    return path


def facts_of(voltyard, *words):
    code, out, err = voltyard("battery", *words, "--json")
    assert code == 0 and not err, err
    return json.loads(out)


@pytest.mark.parametrize("name", CELLS)
def test_it_ages_the_recording_as_the_model_does(name, voltyard, tmp_path):
    facts = facts_of(voltyard, recording(tmp_path / "a.csv", 72), "--model", name, "--scalar", 1)
    cell, hour = CELLS[name], np.arange(73.0)
    soc = np.interp(hour % 24, [0, 4, 8, 9, 17, 18, 24], [.5, .8, .8, .65, .65, .5, .5]).round(6)
    celsius = (20 + 5 * np.sin(hour / 24 * 2 * np.pi)).round(6)
    state = cell.new(1)
    for k in range(3):
        part = slice(24 * k, 24 * k + 25)
        state = cell.step(state, days.gather(cell, np.arange(25.0), soc[None, part],
                                             celsius[None, part]), np.ones(1))
    assert facts["soh"] == pytest.approx(state.soh[0], rel=1e-9)
    assert facts["efc"] == pytest.approx(state.efc[0], rel=1e-9)
    assert facts["fade"] == pytest.approx(facts["fade_calendar"] + facts["fade_cycling"])
    assert facts["chemistry"] == cell.chemistry.name and facts["blast_model"] == cell.blast
    assert len(facts["days"]) == 3
    assert sum(day["fade"] for day in facts["days"]) == pytest.approx(facts["fade"])
    assert facts["years_to_end_of_life"] is None or facts["years_to_end_of_life"] > 1.0
    assert facts["outside_tested_range"] == (name == "lfp_sony"), "15 C is below Sony's tests"


def test_any_spacing_gives_the_same_hours(voltyard, tmp_path):
    hourly = facts_of(voltyard, recording(tmp_path / "a.csv", 48))
    quarter = facts_of(voltyard, recording(tmp_path / "b.csv", 48, 0.25))
    assert quarter["fade"] == pytest.approx(hourly["fade"], rel=1e-5)
    assert quarter["samples"] == 193 and hourly["samples"] == 49


def test_gaps_and_a_last_day_that_is_not_whole_are_told(voltyard, tmp_path):
    path = recording(tmp_path / "a.csv", 60, skip=[(9, 17)])
    facts = facts_of(voltyard, path)
    assert facts["gaps"] == [{"at": "9.0 h", "hours": 8.0}]
    assert [day["hours"] for day in facts["days"]] == [24.0, 24.0, 12.0]
    code, out, _ = voltyard("battery", path)
    assert code == 0 and "no sample for 8.0 h from 9.0 h" in out


def test_an_older_battery_loses_less(voltyard, tmp_path):
    path = recording(tmp_path / "a.csv", 48)
    new, old = facts_of(voltyard, path), facts_of(voltyard, path, "--age", 3)
    assert new["soh_start"] == 1.0 and old["soh_start"] < 0.99
    assert 0.0 < old["fade"] < new["fade"]
    assert new["years_to_end_of_life"] - old["years_to_end_of_life"] == pytest.approx(3, abs=0.02)
    assert facts_of(voltyard, path, "--end-of-life", 0.9)["years_to_end_of_life"] < (
        new["years_to_end_of_life"])


def test_iso_times_and_blanks_and_case(voltyard, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\ufeff time , soc ,temperature, note\n\n" + "".join(
        f"2026-03-{1 + h // 24:02d}T{h % 24:02d}:00:00+01:00, 0.5 ,20,x\n" for h in range(49)))
    facts = facts_of(voltyard, path, "--chemistry", "lfp")
    assert facts["start"] == "2026-03-01T00:00:00+01:00" and facts["model"] == "lfp_large"
    assert facts["days"][1]["from"] == "2026-03-02 00:00"
    assert facts["fade_cycling"] == 0.0 and facts["efc"] == 0.0


def test_the_chart(voltyard, tmp_path):
    chart = tmp_path / "charts" / "a.png"
    path = recording(tmp_path / "a.csv", 100)
    facts = facts_of(voltyard, path, "--plot", chart)
    assert facts["hours"] == 100
    with Image.open(chart) as picture:
        assert picture.size == (1280, 800)
        colors = {color for _, color in picture.getcolors(1 << 24)}
    assert {(0x0E, 0x15, 0x26), (0x2E, 0xE6, 0xA6), (0x3A, 0xA0, 0xFF)} <= colors
    first = chart.read_bytes()
    facts_of(voltyard, path, "--plot", chart)
    assert chart.read_bytes() == first


@pytest.mark.parametrize("text, expected", [
    ("", "line 1: no column time"),
    ("time,soc\n0,0.5\n", "line 1: no column temperature"),
    (HEAD, "0 samples"),
    (HEAD + "0,0.5,20\n", "1 samples"),
    (HEAD + "0,0.5,20\n3600,0.5,20\n", "lasts 1.0 h"),
    (HEAD + "0,55,20\n90000,56,20\n", "line 2: soc: expected SoC from 0 to 1, not '55'; if these "
                                      "are percent, divide"),
    (HEAD + "0,0.5,20\n90000,-0.1,20\n", "line 3: soc"),
    (HEAD + "0,0.5,20\n90000,500,20\n", "line 3: soc"),
    (HEAD + "0,0.5,20\n90000,nan,20\n", "line 3: soc"),
    (HEAD + "0,0.5,20\n90000,,20\n", "line 3: soc"),
    (HEAD + "0,0.5,20\n90000,0.5,295\n", "line 3: temperature"),
    (HEAD + "0,0.5,20\n90000,0.5,warm\n", "line 3: temperature"),
    (HEAD + "0,0.5,20\nsoon,0.5,20\n", "line 3: time: expected seconds"),
    (HEAD + "noon,0.5,20\n90000,0.5,20\n", "line 2: time: expected an ISO time"),
    (HEAD + "0,0.5,20\n0,0.5,20\n", "line 3: time: 0 is not after"),
    (HEAD + "0,0.5,20\ninf,0.5,20\n", "line 3: time"),
    (HEAD + "2026-01-01T00:00,0.5,20\n2026-01-03T00:00+01:00,0.5,20\n", "line 3: time: some times"),
    (HEAD + "0,0.5,20\n90000,0.5\n", "line 3: 2 fields"),
])
def test_bad_recordings_name_file_line_and_column(text, expected, voltyard, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    code, out, err = voltyard("battery", path)
    assert code == 2 and not out and len(err.strip().splitlines()) == 1
    assert "bad.csv" in err and expected in err


@pytest.mark.parametrize("words, expected", [
    (["--chemistry", "LTO"], "--chemistry LTO: unknown chemistry, expected one of NMC, NCA, LFP"),
    (["--model", "gold"], "--model gold: unknown ageing model"),
    (["--model", "nca", "--chemistry", "LFP"], "--model nca: is a model of NCA cells"),
    (["--end-of-life", "2"], "--end-of-life"),
    (["--scalar", "nan"], "--scalar"),
    (["--age", "-1"], "--age"),
    (["--plot", "chart.svg"], "ends in .png"),
    (["--plot", "/proc/nope/a.png"], "/proc/nope"),
])
def test_bad_words(words, expected, voltyard, tmp_path):
    code, out, err = voltyard("battery", recording(tmp_path / "a.csv", 24), *words)
    assert code == 2 and not out and expected in err


def test_a_file_that_is_not_there(voltyard):
    code, _, err = voltyard("battery", "nowhere.csv")
    assert code == 2 and "nowhere.csv" in err


def test_the_chart_needs_no_graphics(tmp_path):
    program = ("import sys\nfrom game.cli import main\n"
               f"sys.argv = ['voltyard', 'battery', {str(recording(tmp_path / 'a.csv', 24))!r}, "
               f"'--plot', {str(tmp_path / 'a.png')!r}]\n"
               "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
               "heavy = {'panda3d', 'ursina', 'imgui_bundle', 'direct', 'duckdb'} & sys.modules.keys()\n"
               "sys.exit(f'loaded {heavy}' if heavy else 0)")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("low, high", [(0.7, 19.3), (-61.0, -55.0), (0.0, 100.0), (9.99, 10.01), (0.0, 1e-6)])
@pytest.mark.parametrize("count", [3, 5, 8])
def test_an_axis_has_at_least_two_round_numbers(low, high, count):
    found = _ticks(low, high, count)
    assert 2 <= len(found) <= 2 * count + 1 and low <= found[0] + 1e-9 and found[-1] <= high + 1e-9
