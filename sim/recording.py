"""The run folder: what a run leaves on disk, and how it is read back.

    run.json          scenario as resolved, seed, versions; at the end the digest
    sessions.*        a copy of the session file, where the scenario has one; likewise
                      tariff.*, weather.*, marginal.*, feeder-*.toml, network.toml
    commands.jsonl    the command log
    events.jsonl      what happened
    checksums.jsonl   the world's digest every simulated hour
    history/          columns over time in closed Parquet files

Lines are flushed as the run goes and Parquet files appear whole, so that a kill at any moment
leaves everything before it readable.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.grid.feeder import FEEDER_DIR
from sim.grid.phases import NETWORK_DIR
from sim.history import History
from sim.model import Model
from sim.scenario import Scenario, from_dict
from sim.tables import shipped
from sim.timing import HOUR_S

FORMAT = 1
CHECK_EVERY_S = HOUR_S
_NEEDED = {"commands": "t", "events": "kind", "checksums": "digest"}
CHUNK_ROWS = 50_000
CHUNK_EVERY_S = 6 * HOUR_S


class Recorder:
    """Writes a model's run folder while it runs. Make it before the model advances."""

    def __init__(self, folder: Path, model: Model, history: History, until_s: float):
        self._folder, self._model, self._history = folder, model, history
        self._written = {"commands": 0, "events": 0}
        self._chunks = 0
        self._next_chunk_s = CHUNK_EVERY_S
        self._about = {
            "format": FORMAT,
            "status": "running",
            "versions": {"voltyard": version("voltyard"), "python": platform.python_version(),
                         "numpy": np.__version__, "simpy": version("simpy")},
            "seed": model.scenario.seed,
            "until_s": until_s,
            "digest": None,
            "scenario": _portable(model.scenario, folder),
        }
        self._write_about()
        self._logs = {name: open(folder / f"{name}.jsonl", "w", encoding="utf-8")
                      for name in ("commands", "events", "checksums")}
        model.every(model.scenario.control_interval, lambda _t: self.flush())
        model.every(CHECK_EVERY_S, self._check)

    def flush(self) -> None:
        """Write what was logged since the last call; close a history file if it is full."""
        for name, entries in (("commands", self._model.commands), ("events", self._model.events)):
            log = self._logs[name]
            log.writelines(json.dumps(entry) + "\n" for entry in entries[self._written[name]:])
            log.flush()
            self._written[name] = len(entries)
        if len(self._history) >= CHUNK_ROWS or self._model.now_s >= self._next_chunk_s:
            self._close_chunk()
            self._next_chunk_s = self._model.now_s + CHUNK_EVERY_S

    def finish(self, results: dict[str, Any]) -> None:
        """Close the run: the rest of the logs and history, the results, the digest."""
        self.flush()
        self._close_chunk()
        for log in self._logs.values():
            log.close()
        _write_whole(self._folder / "results.json", json.dumps(results, indent=1))
        self._about |= {"status": "complete", "until_s": self._model.now_s,
                        "digest": results["digest"]}
        self._write_about()

    def _check(self, t_s: float) -> None:
        entry = {"t": t_s, "digest": self._model.world.digest(), "events": len(self._model.events)}
        self._logs["checksums"].write(json.dumps(entry) + "\n")
        self._logs["checksums"].flush()

    def _close_chunk(self) -> None:
        if not len(self._history):
            return
        import duckdb  # only a run that records pays for loading it

        tables, world = self._history.take(), self._model.world
        named = {"vehicle": world.vehicle.names, "zone": world.zone.names}
        with duckdb.connect() as database:
            for name, columns in tables.items():
                path = self._folder / "history" / f"{name}-{self._chunks:05d}.parquet"
                chosen = "*"
                for key in named.keys() & columns.keys():
                    names = np.array(named[key], dtype=object)
                    columns[key] = names[columns[key]] if len(names) else columns[key]
                    # A chunk without rows has no types of its own.
                    chosen = f"* REPLACE ({key}::VARCHAR AS {key})"
                database.register("chunk", columns)
                partial = path.with_suffix(".partial")
                database.execute(f"COPY (SELECT {chosen} FROM chunk) TO "
                                 f"'{str(partial).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
                os.replace(partial, path)
        self._chunks += 1

    def _write_about(self) -> None:
        _write_whole(self._folder / "run.json", json.dumps(self._about, indent=1))


@dataclass
class Recording:
    """A run folder read back. `commands` are those to submit again (injects come from the
    scenario); `cut` says where a log breaks off, or is None."""

    scenario: Scenario
    seed: int
    until_s: float
    digest: str | None
    commands: list[dict]
    events: list[dict]
    checksums: list[dict]
    results: dict | None
    cut: str | None


def make_folder(path: Path) -> Path:
    """An empty run folder; raises InputError if it cannot be written or holds a run already."""
    try:
        if (path / "run.json").exists():
            raise InputError(f"{path}: holds a run already, expected a new folder")
        (path / "history").mkdir(parents=True, exist_ok=True)
        (path / "commands.jsonl").touch()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r:.200}: cannot be written ({why})") from None
    return path


def read(folder: Path) -> Recording:
    """The run in a folder; of one that was cut off, what is whole.

    Raises InputError when run.json is missing or broken.
    """
    path = folder / "run.json"
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        raw, seed, digest = about["scenario"], about["seed"], about["digest"]
        until_s = float(about["until_s"])
        complete = about["status"] == "complete"
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}, expected {FORMAT}")
        if complete and not isinstance(digest, str):
            raise ValueError("a complete run without its digest")
        if not 0.0 <= until_s < float("inf"):
            raise ValueError(f"until_s is {until_s}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}), expected a run folder") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: not a run's description ({error})") from None
    scenario = from_dict(raw, str(path), folder)
    logs, cut = {}, None
    for name in ("commands", "events", "checksums"):
        logs[name], broken = _read_lines(folder / f"{name}.jsonl", _NEEDED[name])
        cut = cut or broken
    if not complete:
        last = max((entry["t"] for log in logs.values() for entry in log), default=0.0)
        cut = f"{path}: the run was cut off" + (f"; {cut}" if cut else "")
        until_s, digest = last, None
    commands = [entry for entry in logs["commands"] if entry.get("source") != "inject"]
    return Recording(scenario, seed, until_s, digest, commands, logs["events"], logs["checksums"],
                     _read_results(folder) if complete else None, cut)


def read_history(folder: Path, table: str = "segments", order: str = "seq") -> dict[str, np.ndarray]:
    """A recorded table of the history, every segment by default: columns by name, in the order of one.

    Raises InputError when a history file is missing or cannot be read.
    """
    import duckdb

    pattern = str(folder / "history" / f"{table}-*.parquet").replace("'", "''")
    try:
        with duckdb.connect() as database:
            return database.execute(
                f"SELECT * FROM read_parquet('{pattern}') ORDER BY {order}").fetchnumpy()
    except duckdb.Error as error:
        raise InputError(f"{folder / 'history'}: cannot be read "
                         f"({str(error).splitlines()[0]:.120})") from None


def _portable(scenario: Scenario, folder: Path) -> dict:
    """The scenario as JSON, its files copied into the folder and named relative to it."""
    raw = scenario.model_dump(mode="json", by_alias=True)
    for k, part in enumerate([raw["grid"], *raw["site"]["zones"]]):
        if part["feeder"] and part["feeder"] not in shipped(FEEDER_DIR):
            source = Path(part["feeder"])
            part["feeder"] = f"feeder-{k}.toml"
            beside = scenario.folder / source
            shutil.copyfile(beside if beside.exists() else source, folder / part["feeder"])
    network = raw["grid"]["network"]
    if network and network not in shipped(NETWORK_DIR):
        beside = scenario.folder / network
        raw["grid"]["network"] = "network.toml"
        shutil.copyfile(beside if beside.exists() else network, folder / "network.toml")
    parts = {"sessions": raw["sessions"], "tariff": raw["tariff"], "weather": raw["weather"],
             "marginal": (raw["carbon"] or {}).get("marginal")}
    for name, part in parts.items():
        if isinstance(part, dict) and part.get("file"):
            source = scenario.data_path(part["file"])
            part["file"] = f"{name}{source.suffix}"
            shutil.copyfile(source, folder / part["file"])
    return raw


def _read_results(folder: Path) -> dict:
    path = folder / "results.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None


def _read_lines(path: Path, needed: str) -> tuple[list[dict], str | None]:
    """The whole lines of a log, each with `t` and the key `needed`, and where it breaks off."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return [], f"{path}: missing"
    entries: list[dict] = []
    for number, line in enumerate(lines, 1):
        if not line and number == len(lines):
            break
        try:
            entry = json.loads(line)
            entry["t"] = float(entry["t"])
            if not 0.0 <= entry["t"] < float("inf") or needed not in entry:
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError):
            return entries, f"{path}: line {number}: cut off or not a log entry"
        if number == len(lines):
            return entries, f"{path}: line {number}: cut off or not a log entry"
        entries.append(entry)
    return entries, None


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
