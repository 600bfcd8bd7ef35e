"""Run folders: whole, readable after any cut, and honest when they were tampered with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pytest
from cli import REPOSITORY, voltyard
from worlds import HOUR, START, command, zone

from sim.errors import InputError
from sim.recording import make_folder, read, read_history
from sim.run import read_commands, replay, run
from sim.scenario import from_dict, load

LOGS = ("commands", "events", "checksums")


def scenario(**more):
    return from_dict({
        "name": "rec", "start": START, "duration": "12h", "seed": 5, "strategy": "v2g_price",
        "site": {"zones": [zone("z", 4, kind="CCS2", kw=30.0, feed_kw=20.0)]},
        "grid": {"import_limit_kw": 60.0, "export_limit_kw": 25.0},
        "tariff": {"kind": "series", "step": "1h", "values": [0.1, 0.4, 0.2, 0.9]},
        "injects": [{"at": "04:00", "command": {"kind": "set_limit", "kw": 35.0}}],
        "sessions": {"kind": "generated", "groups": [
            {"use_case": "depot", "vehicles": 6, "models": [{"model": "vw_id4"}]},
            {"use_case": "workplace", "vehicles": 8, "prefix": "W", "models": [{"model": "vw_id4"}]},
        ]}, **more}, "test")


COMMANDS = [(2 * HOUR + 7.5, command("set_connector_power", connector="C-02", kw=3.0), "cli"),
            (5 * HOUR, command("stop_session", connector="C-99"), "cli"),
            (8.8 * HOUR, command("set_connector_power", connector="C-01", kw=-9.0), "trainer"),
            (9 * HOUR, command("price_override", price=0.01, duration="1h"), "trainer")]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "folder"
    return folder, run(scenario(), COMMANDS, out=folder)


def test_prices_weather_and_factors_of_files_are_kept_with_the_run(tmp_path):
    """The folder is enough to simulate it again, wherever it is and whatever became of the files."""
    times = [0, *range(3600, 50_000, 3600)]
    for name, column, value in (("prices", "price", 0.2), ("weather", "temperature_c", -4),
                                ("factors", "kg_per_kwh", 0.3)):
        rows = "".join(f"{t},{value + k % 3 / 10:g}\n" for k, t in enumerate(times))
        (tmp_path / f"{name}.csv").write_text(f"time,{column}\n{rows}")
    raw = scenario().model_dump(mode="json", by_alias=True) | {
        "tariff": {"kind": "series", "file": "prices.csv"},
        "weather": {"kind": "csv", "file": "weather.csv"},
        "carbon": {"average": "DE", "marginal": {"file": "factors.csv"}}}
    made = run(from_dict(raw, "test", tmp_path), out=tmp_path / "run")
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    (tmp_path / "run").rename(tmp_path / "moved")
    again = replay(tmp_path / "moved")
    assert again.difference is None and again.results["kpis"]["bill"] == made["kpis"]["bill"]
    assert made["kpis"]["co2_v2g_kg"] is not None


@pytest.fixture
def folder(original, tmp_path):
    """A copy that a test may spoil."""
    return Path(shutil.copytree(original[0], tmp_path / "copy"))


def lines(folder: Path, log: str) -> list[dict]:
    return [json.loads(line) for line in (folder / f"{log}.jsonl").read_text().splitlines()]


def rewrite(folder: Path, log: str, entries: list[dict]) -> None:
    (folder / f"{log}.jsonl").write_text("".join(json.dumps(e) + "\n" for e in entries))


def test_a_run_folder_holds_the_run(original):
    folder, outcome = original
    about = json.loads((folder / "run.json").read_text())
    assert about["status"] == "complete" and about["seed"] == 5
    assert about["digest"] == outcome["digest"] and about["until_s"] == 12 * HOUR
    assert {"voltyard", "python", "numpy", "simpy"} <= about["versions"].keys()
    assert json.loads((folder / "results.json").read_text())["kpis"] == outcome["kpis"]
    assert [(c["t"], c["source"]) for c in lines(folder, "commands")] == [
        (2 * HOUR + 7.5, "cli"), (4 * HOUR, "inject"), (8.8 * HOUR, "trainer"), (9 * HOUR, "trainer")]
    assert [c["t"] for c in lines(folder, "checksums")] == [k * HOUR for k in range(13)]
    times = [e["t"] for e in lines(folder, "events")]
    assert times == sorted(times) and len(times) > 10
    assert not list(folder.rglob("*.partial"))


def test_the_resolved_scenario_in_the_folder_is_the_scenario(original):
    recording = read(original[0])
    assert recording.scenario.model_dump(mode="json") == scenario().model_dump(mode="json")
    assert recording.cut is None
    assert [entry["source"] for entry in recording.commands] == ["cli", "trainer", "trainer"]


def test_the_segments_on_disk_give_the_energy_of_the_results(original):
    folder, outcome = original
    rows = duckdb.execute(
        f"SELECT vehicle, t0_s, power0_kw, rate_per_h FROM read_parquet("
        f"'{folder}/history/segments-*.parquet') "
        "ORDER BY vehicle, seq").fetchall()
    charged = discharged = 0.0
    for k, (vehicle, t0, power, rate) in enumerate(rows):
        following = rows[k + 1] if k + 1 < len(rows) and rows[k + 1][0] == vehicle else None
        hours = ((following[1] if following else 12 * HOUR) - t0) / HOUR
        moved = power * (np.expm1(rate * hours) / rate if rate else hours)
        charged, discharged = charged + max(moved, 0.0), discharged - min(moved, 0.0)
    kpis = outcome["kpis"]
    assert charged == pytest.approx(kpis["energy_charged_kwh"], rel=1e-9)
    assert discharged == pytest.approx(kpis["energy_discharged_kwh"], rel=1e-9)
    assert charged > 10 and discharged > 1


def test_the_series_on_disk_has_a_row_for_each_control_tick(original):
    folder, outcome = original
    ticks = duckdb.execute(f"SELECT * FROM '{folder}/history/series-*.parquet' ORDER BY t_s").fetchnumpy()
    np.testing.assert_array_equal(ticks["t_s"], np.arange(0.0, 12 * HOUR + 1, 300.0))
    np.testing.assert_allclose(ticks["net_kw"], ticks["drawn_kw"] - ticks["fed_kw"] + ticks["base_kw"],
                               atol=1e-9)
    assert ticks["net_kw"].max() <= outcome["kpis"]["peak_import_kw"] + 1e-6
    assert ticks["import_limit_kw"][ticks["t_s"] >= 4 * HOUR].tolist() == [35.0] * 97


def test_the_history_tells_grid_weather_earnings_and_zones(tmp_path):
    site = load("evening_peak", {"duration": "6h", "start": "2026-06-01T12:00:00+02:00",
                                 "weather": {"kind": "process"}, "injects": []})
    outcome = run(site, out=tmp_path / "run")
    history = tmp_path / "run/history"
    ticks = duckdb.execute(f"SELECT * FROM '{history}/series-*.parquet' ORDER BY t_s").fetchnumpy()
    kpis, (feeder,) = outcome["kpis"], outcome["feeders"]
    assert ticks["stress"].max() == kpis["stress_max"]
    assert ticks["transformer_loading_pct"].max() == feeder["transformer_loading_max_pct"]
    assert ticks["line_loading_pct"].max() == feeder["line_loading_max_pct"]
    assert ticks["voltage_min_pu"].min() == feeder["voltage_min_pu"]
    assert ticks["voltage_max_pu"].max() <= feeder["voltage_max_pu"]  # it saw the feeder before, too
    assert ticks["hot_spot_c"].max() <= feeder["hot_spot_max_c"]
    assert ticks["ghi_w_m2"].max() > 100.0 and ticks["wind_m_s"].min() > 0.0
    assert ticks["v2g_net"][0] == 0.0 and ticks["v2g_net"][-1] == pytest.approx(kpis["v2g_net"])
    assert 0.8 < ticks["soh_mean"].min() <= ticks["soh_mean"].max() < 1.0
    zones = duckdb.execute(f"SELECT t_s, sum(net_kw), max(stress), count(DISTINCT zone) FROM "
                           f"'{history}/zones-*.parquet' GROUP BY t_s ORDER BY t_s").fetchall()
    totals = np.array([row[1] for row in zones])
    own = ticks["pv_kw"] + ticks["wind_kw"]
    assert not own.any(), "all that is behind a zone is vehicles"
    np.testing.assert_allclose(totals, ticks["drawn_kw"] - ticks["fed_kw"], atol=1e-9)
    np.testing.assert_array_equal([row[2] for row in zones], ticks["stress"])
    assert {row[3] for row in zones} == {len(site.site.zones)}


def test_what_a_scenario_does_not_have_is_nan_in_the_history(tmp_path):
    run(scenario(duration="1h", injects=[]), out=tmp_path / "run")
    ticks = duckdb.execute(f"SELECT * FROM '{tmp_path}/run/history/series-*.parquet'").fetchnumpy()
    for name in ("stress", "transformer_loading_pct", "voltage_min_pu", "ghi_w_m2"):
        assert np.isnan(np.ma.filled(ticks[name], np.nan)).all(), name
    assert (ticks["v2g_net"] == 0.0).all()


def test_a_long_run_closes_chunks_as_it_goes(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.recording.CHUNK_ROWS", 50)
    run(scenario(), out=tmp_path / "run")
    chunks = sorted(path.name for path in (tmp_path / "run/history").iterdir())
    assert "segments-00003.parquet" in chunks and "series-00003.parquet" in chunks
    count = duckdb.execute(f"SELECT count(*) FROM '{tmp_path}/run/history/series-*.parquet'").fetchone()
    assert count == (145,)


def test_a_folder_with_a_quote_in_its_name(tmp_path):
    run(scenario(duration="1h", injects=[]), out=tmp_path / "it's")
    assert replay(tmp_path / "it's").difference is None


def test_replay_of_an_untouched_folder_is_equal(original):
    """The run had a command that was refused; that too is no difference."""
    again = replay(original[0])
    assert again.difference is None and again.recording.cut is None
    assert again.results["digest"] == original[1]["digest"]
    timing = ("wall_s", "sim_s_per_wall_s")
    kpis = [{k: v for k, v in r["kpis"].items() if k not in timing} for r in (again.results, original[1])]
    assert kpis[0] == kpis[1]


def test_recording_does_not_change_the_run(original):
    assert run(scenario(), COMMANDS)["digest"] == original[1]["digest"]


@pytest.mark.parametrize("until_s", [0.0, 1000.0, 5 * HOUR, 5 * HOUR + 1])
def test_a_run_that_was_to_end_early_replays(tmp_path, until_s):
    run(scenario(), COMMANDS, until_s=until_s, out=tmp_path / "run")
    again = replay(tmp_path / "run")
    assert again.difference is None and again.recording.until_s == until_s


def test_a_recorded_session_file_travels_with_the_folder(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("id,arrival,departure,capacity_kwh,soc_arrival,soc_target,max_charge_kw\n"
                     "a,01:00,05:00,50,0.2,0.8,11\n")
    run(scenario(sessions={"kind": "listed", "file": str(table)}), out=tmp_path / "run")
    table.unlink()
    again = replay(tmp_path / "run")
    assert again.difference is None
    assert [s["id"] for s in again.results["sessions"]] == ["a"]


class TestTampering:
    """`replay` names the first simulated time at which the recording tells another story."""

    def first_difference(self, folder: Path) -> float:
        difference = replay(folder).difference
        assert difference is not None
        return difference[0]

    def test_a_checksum(self, folder):
        entries = lines(folder, "checksums")
        entries[3]["digest"] = "0" * 32
        rewrite(folder, "checksums", entries)
        assert self.first_difference(folder) == 3 * HOUR

    @pytest.mark.parametrize("change", [{"kw": 4.0}, {"connector": "C-01"}])
    def test_a_command(self, folder, change):
        entries = lines(folder, "commands")
        entries[0]["command"] |= change
        rewrite(folder, "commands", entries)
        assert self.first_difference(folder) == 2 * HOUR + 7.5

    def test_the_time_of_a_command(self, folder):
        entries = lines(folder, "commands")
        entries[0]["t"] -= 100.0
        rewrite(folder, "commands", entries)
        assert self.first_difference(folder) == 2 * HOUR - 92.5

    def test_a_command_that_is_left_out(self, folder):
        rewrite(folder, "commands", lines(folder, "commands")[1:])
        assert self.first_difference(folder) == 2 * HOUR + 7.5

    @pytest.mark.parametrize("key, value", [("t", 1.0), ("kind", "party"), ("session", "nobody")])
    def test_an_event(self, folder, key, value):
        entries = lines(folder, "events")
        place = next(k for k, e in enumerate(entries) if e["kind"] == "plugged_in" and e["t"] > HOUR)
        real = entries[place]["t"]
        entries[place][key] = value
        rewrite(folder, "events", entries)
        assert self.first_difference(folder) == (1.0 if key == "t" else real)

    @pytest.mark.parametrize("keep", [-1, 10])
    def test_events_that_are_left_out(self, folder, keep):
        entries = lines(folder, "events")
        rewrite(folder, "events", entries[:keep])
        assert self.first_difference(folder) == entries[keep]["t"]

    def test_an_event_too_many(self, folder):
        entries = lines(folder, "events")
        rewrite(folder, "events", [*entries, {**entries[-1], "t": 12 * HOUR}])
        assert self.first_difference(folder) == 12 * HOUR

    def test_the_final_digest(self, folder):
        about = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps(about | {"digest": "0" * 32}))
        assert self.first_difference(folder) == 12 * HOUR

    @pytest.mark.parametrize("seed", [0, 6])
    def test_the_seed(self, folder, seed):
        about = json.loads((folder / "run.json").read_text())
        about["scenario"]["seed"] = seed
        (folder / "run.json").write_text(json.dumps(about))
        assert self.first_difference(folder) == 0.0

    def test_checksums_that_are_gone_or_moved(self, folder):
        entries = lines(folder, "checksums")
        rewrite(folder, "checksums", entries[:5] + entries[6:])
        assert self.first_difference(folder) == entries[5]["t"]
        rewrite(folder, "checksums", [])
        assert self.first_difference(folder) == 0.0
        rewrite(folder, "checksums", [{**e, "t": e["t"] + 1} for e in entries])
        assert self.first_difference(folder) == 0.0

    def test_results_and_history_on_verifying(self, folder):
        assert replay(folder, verify=True).difference is None
        path = folder / "results.json"
        outcome = json.loads(path.read_text())
        outcome["kpis"]["cost"] += 1.0
        path.write_text(json.dumps(outcome))
        assert replay(folder, verify=True).difference == (12 * HOUR, "results.json")
        for chunk in (folder / "history").glob("segments-*.parquet"):
            chunk.unlink()
        with pytest.raises(InputError, match="history"):
            replay(folder, verify=True)

    @pytest.mark.parametrize("table", ["segments", "series", "zones"])
    def test_a_history_file_that_is_cut_on_verifying(self, folder, table):
        chunk = min((folder / "history").glob(f"{table}-*.parquet"))
        chunk.write_bytes(chunk.read_bytes()[:100])
        with pytest.raises(InputError, match=f"{table}-00000.parquet: is cut off or damaged; 0 of"):
            replay(folder, verify=True)

    def test_a_history_table_that_says_something_else_on_verifying(self, folder):
        first, second = sorted((folder / "history").glob("series-*.parquet"))[:2]
        first.write_bytes(second.read_bytes())
        assert replay(folder, verify=True).difference == (0.0, "a row of the history's series")

    def test_the_scenario(self, folder):
        about = json.loads((folder / "run.json").read_text())
        about["scenario"]["grid"]["import_limit_kw"] = 59.0
        (folder / "run.json").write_text(json.dumps(about))
        assert self.first_difference(folder) == 0.0

    def test_on_the_command_line(self, folder):
        assert voltyard("replay", folder, "--verify").returncode == 0
        entries = lines(folder, "checksums")
        entries[7]["digest"] = "0" * 32
        rewrite(folder, "checksums", entries)
        done = voltyard("replay", folder, "--verify")
        assert done.returncode == 1 and done.stdout == ""
        assert "07:00 (25200 s)" in done.stderr and len(done.stderr.splitlines()) == 1


class TestCuts:
    @pytest.mark.parametrize("log", LOGS)
    @pytest.mark.parametrize("left", ["half a line", "no newline"])
    def test_a_truncated_last_line_is_left_out_and_named(self, folder, log, left):
        path = folder / f"{log}.jsonl"
        whole = lines(folder, log)
        raw = path.read_bytes()
        path.write_bytes(raw[:-1] if left == "no newline" else raw[:-20])
        recording = read(folder)
        assert f"{log}.jsonl: line {len(whole)}" in recording.cut
        got = {"commands": recording.commands, "events": recording.events,
               "checksums": recording.checksums}[log]
        assert got == [e for e in whole[:-1] if log != "commands" or e["source"] != "inject"]

    @pytest.mark.parametrize("log", LOGS)
    def test_a_missing_log_is_named(self, folder, log):
        (folder / f"{log}.jsonl").unlink()
        assert f"{log}.jsonl" in read(folder).cut

    @pytest.mark.parametrize("log", LOGS)
    @pytest.mark.parametrize("line", [
        "[]", "null", "{}", '{"t": null}', '{"t": "x"}', '{"t": NaN}', '{"t": -5.0}',
        '{"t": Infinity}', "\x00\x00", "{"])
    def test_a_line_that_is_no_entry_ends_the_log(self, folder, log, line):
        path = folder / f"{log}.jsonl"
        path.write_text(line + "\n" + path.read_text())
        recording = read(folder)
        assert f"{log}.jsonl: line 1" in recording.cut

    @pytest.mark.parametrize("entry", [{"t": 5.0}, {"t": 5.0, "source": "cli"},
                                       {"t": 5.0, "source": "cli", "command": {"kind": "dance"}},
                                       {"t": 5.0, "command": {"kind": "set_limit", "kw": -4}}])
    def test_a_command_log_entry_without_a_command_is_refused_in_one_line(self, folder, entry):
        rewrite(folder, "commands", [entry])
        with pytest.raises(InputError, match="commands.jsonl"):
            replay(folder)

    @pytest.mark.parametrize("text", [
        "", "{", "[]", "null", "{}", '{"scenario": 3, "until_s": 4, "digest": null, "status": "complete"}',
        '{"scenario": {}, "until_s": "x", "digest": null, "status": "running"}'])
    def test_a_broken_description_is_refused(self, folder, text):
        (folder / "run.json").write_text(text)
        with pytest.raises(InputError, match="run.json"):
            read(folder)

    def test_a_folder_that_is_no_run_is_refused(self, tmp_path):
        with pytest.raises(InputError, match="run.json"):
            read(tmp_path)

    def test_a_run_that_was_killed_is_readable_and_replay_says_where_it_ends(self, tmp_path):
        folder = tmp_path / "killed"
        program = ("import sys, sim.recording\n"
                   "sim.recording.CHUNK_ROWS = 100\n"
                   "from game.cli import main\n"
                   f"sys.argv = ['voltyard', 'run', 'evening_peak', '--out', {str(folder)!r},\n"
                   "            '--set', 'control_interval=10', '--set', 'duration=60d']\n"
                   "main()\n")
        process = subprocess.Popen([sys.executable, "-c", program], cwd=REPOSITORY, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not (folder / "history/series-00003.parquet").exists():
                assert process.poll() is None, "the run ended by itself"
                time.sleep(0.02)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        recording = read(folder)
        assert json.loads((folder / "run.json").read_text())["status"] == "running"
        assert "cut off" in recording.cut and recording.digest is None
        assert len(recording.checksums) > 1 and recording.events
        assert recording.until_s <= 60 * 86400
        rows = duckdb.execute(f"SELECT count(*), max(t_s) FROM '{folder}/history/series-*.parquet'").fetchone()
        assert rows[0] >= 200 and rows[1] >= 10 * (rows[0] - 1)
        for arguments in (["replay", folder], ["replay", folder, "--verify"]):
            done = voltyard(*arguments)
            assert done.returncode == 2 and done.stdout == ""
            assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
            assert "cut off" in done.stderr and "all equal up to there" in done.stderr
            assert f"({recording.until_s:g} s)" in done.stderr


class TestFolders:
    def test_one_that_holds_a_run_is_refused_and_left_alone(self, folder):
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        with pytest.raises(InputError, match="holds a run already"):
            run(scenario(), out=folder)
        assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_an_empty_one_and_one_that_is_not_there_yet_will_do(self, tmp_path):
        assert make_folder(tmp_path) == tmp_path
        assert (make_folder(tmp_path / "a/b/c") / "history").is_dir()

    @pytest.mark.parametrize("name", ["file", "file/below", "n" * 300, "zero\0byte"])
    def test_one_that_cannot_be_written_is_refused(self, tmp_path, name):
        (tmp_path / "file").write_text("not a folder")
        with pytest.raises(InputError, match="cannot be written"):
            make_folder(tmp_path / name)

    def test_on_the_command_line(self, tmp_path, folder):
        (tmp_path / "file").write_text("not a folder")
        for out in (tmp_path / "file", folder):
            done = voltyard("run", "empty_lot", "--out", out)
            assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


class TestCommandFiles:
    def read(self, tmp_path, text: str):
        (tmp_path / "c.jsonl").write_text(text)
        return read_commands(tmp_path / "c.jsonl", scenario())

    def test_times_are_as_people_write_them_and_injects_are_left_to_the_scenario(self, tmp_path):
        order = '"command": {"kind": "set_limit", "kw": 5}'
        got = self.read(tmp_path, f'{{"t": "01:30", {order}}}\n\n{{"t": 60, "source": "me", {order}}}\n'
                                  f'{{"t": 60, "source": "inject", {order}}}\n')
        assert [(t, source) for t, _, source in got] == [(5400.0, "cli"), (60.0, "me")]

    def test_a_runs_own_log_can_be_given_to_another_run(self, original, tmp_path):
        again = run(scenario(), read_commands(original[0] / "commands.jsonl", scenario()))
        assert again["digest"] == original[1]["digest"]

    @pytest.mark.parametrize("line", [
        "nonsense", "3", "[]", "{}", '{"t": "noon", "command": {"kind": "set_limit", "kw": 5}}',
        '{"t": -1, "command": {"kind": "set_limit", "kw": 5}}', '{"t": 5}',
        '{"t": 5, "command": {"kind": "dance"}}', '{"t": 5, "command": "set_limit"}'])
    def test_a_bad_line_is_named(self, tmp_path, line):
        with pytest.raises(InputError, match="c.jsonl: line 2"):
            self.read(tmp_path, "\n" + line)


def test_the_history_tells_each_feeder_and_each_battery(tmp_path):
    """Batteries at the end of each whole day, feeders at every tick."""
    site = load("evening_peak", {"duration": "30h", "control_interval": "1h", "injects": [],
                                 "strategy": "equal_share", "site.zones.0.feeder": "cigre_lv_residential"})
    outcome = run(site, out=tmp_path / "run")
    history = tmp_path / "run/history"
    for feeder in outcome["feeders"]:
        (ticks, loading, line, life), = duckdb.execute(
            "SELECT count(*), max(loading_pct), max(line_loading_pct), max(life_used_h) FROM "
            f"'{history}/feeders-*.parquet' WHERE feeder = '{feeder['id']}'").fetchall()
        assert ticks == 31 and life == pytest.approx(feeder["life_used_h"])
        assert loading == feeder["transformer_loading_max_pct"]
        assert line == feeder["line_loading_max_pct"]
    assert len(outcome["feeders"]) == 2
    told = duckdb.execute(f"SELECT vehicle, t_s, soh, efc, dod, wear_cost FROM '{history}/health-*.parquet'"
                          ).fetchall()
    assert {row[1] for row in told} == {24 * HOUR}
    last = {vehicle["id"]: vehicle for vehicle in outcome["vehicles"]}
    assert {row[0] for row in told} == last.keys() and len(told) == len(last)
    for vehicle, _, soh, efc, dod, wear in told:
        now = last[vehicle]
        assert now["soh"] <= soh and now["efc"] >= efc and dod == now["dod_last_day"]
        assert 0.0 <= wear <= now["wear_cost"]


def test_what_is_looked_at_twice_in_an_instant_stands_once_in_the_history(tmp_path):
    """Where a file of the history ends between, too: the transformer comes back on such a tick."""
    run(load("heat_emergency"), out=tmp_path / "run")
    assert replay(tmp_path / "run", verify=True).difference is None
    times = read_history(tmp_path / "run", "series")["t_s"]
    assert (np.diff(times) > 0.0).all()
