"""The command line as its user meets it: exit codes, one clear line, JSON alone on stdout."""

import csv
import json
import os
import subprocess
import sys

import pytest
from cli import REPOSITORY, apart, voltyard

from sim.scenario import load, shipped

COLUMNS = "id,connector,arrival,departure,capacity_kwh,soc_arrival,energy_kwh,max_charge_kw\n"
SITE = """
[[site.zones]]
name = "yard"
[[site.zones.stations]]
connectors = [{ name = "A" }]
"""
HEAD = 'name = "mine"\nstart = 2026-01-01T00:00:00+01:00\n'


def refused(*words, cwd=REPOSITORY, by=voltyard) -> str:
    """The one line on stderr of a command that must exit 2 and print nothing else."""
    done = by(*words, cwd=cwd)
    assert done.returncode == 2, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("voltyard: "), done.stderr
    assert not done.stdout
    return lines[0]


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.mark.parametrize("words", [["scenarios"], ["run", "empty_lot", "--json"]])
def test_where_nobody_reads_on_it_ends_without_a_word(words):
    process = subprocess.Popen([sys.executable, "-m", "game", *words], cwd=REPOSITORY, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b"" and process.wait() == 141


def test_json_is_alone_on_stdout_and_has_its_keys():
    done = apart("run", "evening_peak", "--until", "20:00", "--json")
    assert done.returncode == 0 and not done.stderr, done.stderr
    outcome = json.loads(done.stdout)
    assert {"scenario", "seed", "start", "duration_s", "digest", "kpis", "sessions"} <= outcome.keys()
    assert {"sessions", "sessions_satisfied_pct", "energy_charged_kwh", "energy_discharged_kwh",
            "energy_requested_kwh", "energy_not_served_kwh", "peak_import_kw", "peak_export_kw",
            "cost", "v2g_revenue", "wall_s", "sim_s_per_wall_s"} <= outcome["kpis"].keys()
    assert {"id", "connector", "arrival_s", "departure_s", "energy_requested_kwh",
            "energy_charged_kwh", "energy_discharged_kwh", "soc_arrival", "soc_departure",
            "peak_kw", "completed_at_s"} <= outcome["sessions"][0].keys()
    assert outcome["duration_s"] == 5 * 3600
    assert outcome["kpis"]["energy_discharged_kwh"] > 0


def test_same_seed_same_digest_other_seed_other_digest():
    words = ("run", "evening_peak", "--until", "18:00", "--json", "--seed")
    digests = [json.loads(by(*words, seed).stdout)["digest"]
               for by, seed in ((apart, 5), (voltyard, 5), (voltyard, 6))]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_scenarios_run(name):
    until_s = min(8 * 3600.0, load(name).duration)
    done = voltyard("run", name, "--until", f"{until_s:g}")
    assert done.returncode == 0 and "digest" in done.stdout, done.stderr


def test_the_table_shows_what_the_scenario_has():
    always = "the site's bill"
    shown = voltyard("run", "evening_peak", "--until", "20:00").stdout
    for row in (always, "battery wear", "highest grid stress", "medium, high, emergency", "lost between"):
        assert row in shown
    assert "CO2" not in shown and "renewable" not in shown
    shown = voltyard("run", "solar_carport", "--until", "12:00").stdout
    for row in (always, "CO2 caused", "renewable share"):
        assert row in shown
    shown = voltyard("run", "empty_lot").stdout
    assert always in shown and "stress" not in shown and "wear" not in shown


def test_sessions_alone_make_their_site():
    recording = REPOSITORY / "assets" / "data" / "acn_caltech_2019-06.csv"
    outcome = json.loads(voltyard("run", "--sessions", recording, "--json").stdout)
    assert outcome["start"] == "2019-06-01T00:00:00-07:00"
    assert outcome["kpis"]["sessions"] == 883
    stations = {row["station_id"] for row in csv.DictReader(recording.open())}
    assert {s["connector"] for s in outcome["sessions"]} == stations
    assert outcome["duration_s"] >= max(s["departure_s"] for s in outcome["sessions"])
    assert 99.0 < outcome["kpis"]["energy_charged_of_recorded_pct"] <= 100.0


def test_run_replay_verify(folder):
    run = folder / "run"
    assert voltyard("run", "evening_peak", "--until", "6h", "--out", run).returncode == 0
    again = voltyard("replay", run, "--verify")
    assert again.returncode == 0 and "verified" in again.stdout, again.stderr
    about = json.loads((run / "run.json").read_text())
    about["scenario"]["seed"] += 1
    (run / "run.json").write_text(json.dumps(about))
    other = voltyard("replay", run, "--verify")
    assert other.returncode == 1 and "differs first at" in other.stderr
    assert "already" in refused("run", "evening_peak", "--out", run)


def test_compare_and_optimum_print_a_table_or_json():
    words = ("evening_peak", "--strategies", "equal_share,v2g_price", "--set", "duration=2h",
             "--set", "injects=[]")
    for name, key in (("compare", "seeds"), ("optimum", "optimum")):
        outcome = json.loads(voltyard(name, *words, "--json").stdout)
        assert key in outcome
        assert [entry["name"] for entry in outcome["strategies"]] == ["equal_share", "v2g_price"]
        assert "v2g_price" in voltyard(name, *words).stdout


def test_commands_from_a_file(folder):
    path = folder / "commands.jsonl"
    path.write_text('{"t": "17:00", "command": {"kind": "set_limit", "kw": 200}}\n')
    outcome = json.loads(voltyard("run", "evening_peak", "--commands", path, "--json").stdout)
    assert outcome["kpis"]["limit_excesses"] > 0 or outcome["kpis"]["peak_import_kw"] <= 300.0
    path.write_text('{"t": 90000, "command": {"kind": "set_limit", "kw": 200}}\n')
    assert "after the scenario's end" in refused("run", "evening_peak", "--commands", path)
    path.write_text('{"t": "17:00", "command": {"kind": "fly"}}\n')
    assert "line 1" in refused("run", "evening_peak", "--commands", path)


def test_scenarios_are_listed_and_checked(folder):
    listed = voltyard("scenarios")
    assert listed.returncode == 0
    assert all(name in listed.stdout for name in shipped())
    path = folder / "mine.toml"
    path.write_text(HEAD + SITE)
    assert "valid" in voltyard("scenarios", "--check", path).stdout


def test_help_everywhere():
    assert "Usage" in voltyard("--help").stdout
    for words in (["play"], ["run"], ["replay"], ["compare"], ["optimum"], ["shot"], ["film"],
                  ["scenarios"], ["battery"], ["bench"], ["bench", "sim"], ["bench", "model"],
                  ["bench", "scene"], ["demo"], ["present"]):
        done = voltyard(*words, "--help")
        assert done.returncode == 0 and "Usage" in done.stdout and not done.stderr, words


def test_headless_roads_load_no_graphics():
    code = ("import sys; sys.argv = ['voltyard', 'run', 'empty_lot', '--json']\n"
            "from game.cli import main\n"
            "try: main()\nexcept SystemExit: pass\n"
            "heavy = {'panda3d', 'ursina', 'imgui_bundle', 'direct', 'av', 'duckdb'} & sys.modules.keys()\n"
            "sys.exit(f'loaded {heavy}' if heavy else 0)")
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words, expected", [
    (["run", "nowhere"], "unknown scenario 'nowhere'"),
    (["run", "nowhere.toml"], "no such scenario file"),
    (["run", "evening_peak", "--strategy", "magic"], "unknown strategy 'magic'"),
    (["run", "evening_peak", "--set", "strategy=magic"], "strategy: unknown strategy"),
    (["run", "evening_peak", "--set", "grid.import_limit_kw=-5"], "grid.import_limit_kw"),
    (["run", "evening_peak", "--set", "grid.colour=1"], "grid.colour"),
    (["run", "evening_peak", "--set", "nonsense"], "expected key=value"),
    (["run", "evening_peak", "--until", "noon"], "--until noon"),
    (["run", "evening_peak", "--seed", "x"], "--seed"),
    (["run", "evening_peak", "--bogus"], "--bogus"),
    (["run", "evening_peak", "--until", "99h"], "after the scenario's end"),
    (["run", "evening_peak", "--set", "name.x.y=3"], "name.x.y"),
    (["run", "evening_peak", "--set", "duration=1e13"], "duration"),
    (["run", "evening_peak", "--set", "control_interval=1e-7"], "control_interval"),
    (["run", "evening_peak", "--set", "grid.base_load.step=1e-9"], "step"),
    (["run", "evening_peak", "--set", "start=9999-12-31T00:00:00Z"], "start"),
    (["run", "evening_peak", "--set", "seed=1" + "0" * 5000], "seed"),
    (["run", "evening_peak", "--set", "round_robin_step_kw=1e-320"], "round_robin_step_kw"),
    (["run", "--sessions", "nowhere.csv"], "nowhere.csv"),
    (["run", "evening_peak", "--out", "/proc/nope"], "/proc/nope"),
    (["replay", "/nowhere"], "/nowhere"),
    (["shot", "evening_peak", "--at", "25:99", "-o", "x.png"], "--at"),
    (["shot", "evening_peak", "--at", "3d 00:00", "-o", "x.png"], "after the scenario's end"),
    (["shot", "evening_peak", "--at", "18:00", "-o", "/proc/nope/x.png"], "/proc/nope"),
    (["shot", "evening_peak", "--at", "18:00", "-o", "x.png", "--size", "big"], "--size big"),
    (["film", "evening_peak", "-o", "/proc/nope/x.mp4"], "/proc/nope"),
    (["demo", "--out", "/proc/nope"], "/proc/nope"),
    (["film", "evening_peak", "-o", "x.mp4", "--from", "20:00", "--to", "18:00"], "--to"),
    (["film", "evening_peak", "-o", "x.mp4", "--from", "1d 15:00"], "--from"),
    (["film", "evening_peak", "-o", "x.gif"], "x.gif: expected a name that ends in .mp4"),
    (["shot", "evening_peak", "--at", "18:00", "-o", "x.jpg"], "ends in .png"),
    (["film", "evening_peak", "-o", "x.mp4", "--size", "101x101"], "even"),
    (["scenarios", "--check", "nowhere.toml"], "nowhere.toml"),
    (["compare", "evening_peak", "--strategies", "v2g"], "unknown strategy 'v2g'"),
    (["compare", "evening_peak"], "--strategies"),
    (["optimum", "evening_peak", "--strategies", "mpc,mpc"], "different strategies"),
    (["run", "evening_peak", "--set", "strategies.mpc.colour=1"], "strategies.mpc.colour"),
    (["fly"], "fly"),
])
def test_bad_words(words, expected, folder, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert expected in refused(*words, cwd=folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("option, name", [("--select", "NOBODY"), ("--camera", "moon")])
def test_what_a_picture_lacks(option, name, folder):
    words = ("shot", "empty_lot", "--at", "0", "-o", "x.png", "--tier", "low", option, name)
    assert name in refused(*words, cwd=folder, by=apart)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("text, expected", [
    (HEAD, "site"),
    (HEAD.replace("+01:00", "") + SITE, "start"),
    (HEAD + 'duration = "soon"\n' + SITE, "duration"),
    (HEAD + "seed = [1]\n" + SITE, "seed"),
    (HEAD + SITE.replace('name = "A"', "charge_kw = -11"), "charge_kw"),
    (HEAD + SITE.replace('name = "A"', 'kind = "Schuko"'), "Schuko"),
    (HEAD + SITE + "[fleet]\nmin_soc = 1.5\n", "fleet.min_soc"),
    (HEAD + SITE + '[[injects]]\nat = "12:00"\ncommand = { kind = "explode" }\n', "injects.0.command"),
    ("name = \n", "not valid TOML"),
])
def test_bad_scenarios_name_file_and_key(text, expected, folder):
    path = folder / "mine.toml"
    path.write_text(text)
    line = refused("run", path)
    assert "mine.toml" in line and expected in line


@pytest.mark.parametrize("rows, expected", [
    ("a,A,3600,1800,50,0.5,10,11\n", "line 2"),
    ("a,A,0,3600,50,1.5,10,11\n", "soc_arrival"),
    ("a,A,0,3600,50,0.5,10,-11\n", "max_charge_kw"),
    ("a,A,0,3600,50,0.5,10,11\nb,A,0,36", "line 3"),
    ("a,A,0,3600,fifty,0.5,10,11\n", "capacity_kwh"),
    ("a,A,0,1e300,50,0.5,10,11\n", "line 2"),
    ("a,A,2026-01-01T10:00:00,2091-01-01T12:00:00,50,0.5,10,11\n", "line 2"),
    ("", "no sessions"),
])
def test_bad_lists_name_the_line(rows, expected, folder):
    path = folder / "list.csv"
    path.write_text(COLUMNS + rows)
    line = refused("run", "--sessions", path)
    assert "list.csv" in line and expected in line


def test_overlapping_sessions_queue_with_a_warning(folder):
    path = folder / "list.csv"
    path.write_text(COLUMNS + "a,A,0,7200,50,0.5,10,11\nb,A,3600,9000,50,0.5,10,11\n")
    done = voltyard("run", "--sessions", path, "--json")
    assert done.returncode == 0 and "warning" in done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["kpis"]["sessions_queued"] == 1
    assert outcome["sessions"][1]["plugged_in_s"] == 7200
