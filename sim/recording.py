"""The run folder: what a run leaves on disk, and how it is read back.

    run.json          scenario as resolved, seed, versions; at the end the digest
    sessions.*        a copy of the session file, where the scenario has one; likewise
                      tariff.*, weather.*, marginal.*, feeder-*.toml, network.toml
    commands.jsonl    the command log, each on disk as soon as it is given
    position.json     how far a run in a window had come, told once a second
    live.lock         held while somebody records here
    events.jsonl      what happened
    checksums.jsonl   the world's digest every simulated hour
    history/          columns over time in closed Parquet files

Lines are flushed as the run goes and Parquet files appear whole, so that a kill at any moment
leaves everything before it readable.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.history import History
from sim.live import Live
from sim.model import Model
from sim.orders import SOURCE
from sim.saving import portable
from sim.scenario import Scenario, from_dict
from sim.timing import HOUR_S

FORMAT = 1
CHECK_EVERY_S = HOUR_S
_NEEDED = {"commands": "t", "events": "kind", "checksums": "digest"}
CHUNK_ROWS = 50_000
CHUNK_EVERY_S = 6 * HOUR_S


class Recorder:
    """Writes a model's run folder while it runs. Make it before the model advances. A command is on disk
    as soon as it has been applied. The folder is `live` until `finish` or `leave`."""

    def __init__(self, folder: Path, model: Model, history: History, until_s: float):
        self._folder, self._model, self._history = folder, model, history
        self._live = Live(folder)
        self._written = {"commands": 0, "events": 0}
        self._chunks = 0
        self._next_chunk_s = CHUNK_EVERY_S
        self._about = {
            "format": FORMAT,
            "status": "running",
            "versions": versions(),
            "seed": model.scenario.seed,
            "until_s": until_s,
            "digest": None,
            "scenario": portable(model.scenario, folder),
        }
        self._write_about()
        self._logs = {name: open(folder / f"{name}.jsonl", "w", encoding="utf-8")
                      for name in ("commands", "events", "checksums")}
        model.journal = self._keep_commands
        model.every(model.scenario.control_interval, lambda _t: self.flush())
        model.every(CHECK_EVERY_S, self._check)

    def mark(self) -> None:
        """Note how far the run is, so that it can be resumed here. A window calls it once a second."""
        self.flush()
        _write_whole(self._folder / "position.json", json.dumps({
            "t": self._model.now_s, "commands": self._written["commands"]}))

    def flush(self) -> None:
        """Write what was logged since the last call; close a history file if it is full."""
        self._write_log("commands", self._model.commands)
        self._write_log("events", self._model.events)
        if len(self._history) >= CHUNK_ROWS or self._model.now_s >= self._next_chunk_s:
            self._close_chunk(hold=True)
            self._next_chunk_s = self._model.now_s + CHUNK_EVERY_S

    def finish(self, results: dict[str, Any]) -> None:
        """Close the run: the rest of the logs and history, the results, the digest."""
        self.flush()
        self._close_chunk()
        self._close_logs()
        _write_whole(self._folder / "results.json", json.dumps(results, indent=1))
        self._about |= {"status": "complete", "until_s": self._model.now_s,
                        "digest": results["digest"]}
        self._write_about()
        self._live.release()

    def leave(self, done: bool = False) -> None:
        """Stop recording where the run is; it can be resumed there. `done`: the person is done with it, so
        `sim.resuming.unfinished` does not bring it up again."""
        self.mark()
        self._close_logs()
        if done:
            self._about["status"] = "left"
            self._write_about()
        self._live.release()

    def _close_logs(self) -> None:
        self._model.journal = None
        for log in self._logs.values():
            log.close()

    def _write_log(self, name: str, entries: list[dict]) -> None:
        log = self._logs[name]
        log.writelines(json.dumps(entry) + "\n" for entry in entries[self._written[name]:])
        log.flush()
        self._written[name] = len(entries)

    def _keep_commands(self) -> None:
        """A command was logged: have it on disk whatever happens next, unless the run gives it again by
        itself."""
        if self._model.commands[-1]["source"] == SOURCE:
            return
        self._write_log("commands", self._model.commands)
        os.fsync(self._logs["commands"].fileno())

    def _check(self, t_s: float) -> None:
        entry = {"t": t_s, "digest": self._model.world.digest(), "events": len(self._model.events)}
        self._logs["checksums"].write(json.dumps(entry) + "\n")
        self._logs["checksums"].flush()

    def _close_chunk(self, hold: bool = False) -> None:
        if not len(self._history):
            return
        import duckdb  # only a run that records pays for loading it

        tables, world = self._history.take(hold), self._model.world
        named = {"vehicle": world.vehicle.names, "zone": world.zone.names,
                 "feeder": world.feeder.names}
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


def versions() -> dict[str, str]:
    """What a run is made with."""
    return {"voltyard": version("voltyard"), "python": platform.python_version(),
            "numpy": np.__version__, "simpy": version("simpy")}


@dataclass
class Recording:
    """A run folder read back. `log` is the whole command log, `commands` are those of it to submit again
    (injects come from the scenario); `cut` says where a log breaks off, or is None, and `commands_cut` where
    that of commands does: behind a line that cannot be read there may have been more, so it is certain up to
    `certain_s`. It was to end at `planned_s`. `versions` are of what recorded it, by name."""

    scenario: Scenario
    seed: int
    until_s: float
    digest: str | None
    log: list[dict]
    commands: list[dict]
    events: list[dict]
    checksums: list[dict]
    results: dict | None
    cut: str | None
    commands_cut: str | None = None
    certain_s: float = 0.0
    planned_s: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)


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
        complete, versions = about["status"] == "complete", about.get("versions")
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
    scenario, planned_s = from_dict(raw, str(path), folder), until_s
    logs, cut, commands_cut = {}, None, None
    for name in ("commands", "events", "checksums"):
        logs[name], broken = _read_lines(folder / f"{name}.jsonl", _NEEDED[name])
        cut, commands_cut = cut or broken, broken if name == "commands" else commands_cut
    position = _position(folder)
    certain_s = max((entry["t"] for entry in logs["commands"]), default=0.0)
    if len(logs["commands"]) >= position[1]:
        certain_s = max(certain_s, position[0])
    if not complete:
        last = max([entry["t"] for log in logs.values() for entry in log] + [position[0]])
        cut = f"{path}: the run was cut off" + (f"; {cut}" if cut else "")
        until_s, digest = last, None
    commands = [entry for entry in logs["commands"] if entry.get("source") != "inject"]
    return Recording(scenario, seed, until_s, digest, logs["commands"], commands,
                     logs["events"], logs["checksums"], _read_results(folder) if complete else None,
                     cut, commands_cut, certain_s, planned_s,
                     versions if isinstance(versions, dict) else {})


def read_history(folder: Path, table: str = "segments") -> dict[str, np.ndarray]:
    """A recorded table of the history, every segment by default: columns by name, as it was written.

    Raises InputError when a history file is missing or cannot be read.
    """
    import duckdb

    chunks = sorted((folder / "history").glob(f"{table}-*.parquet"))
    if not chunks:
        raise InputError(f"{folder / 'history'}: there is no {table}-00000.parquet")
    with duckdb.connect() as database:
        def rows(of: list[Path]) -> dict[str, np.ndarray]:
            found = database.execute("SELECT * EXCLUDE (filename, file_row_number) FROM read_parquet(?, filename = true, "
                                    "file_row_number = true) ORDER BY filename, file_row_number",
                                    [list(map(str, of))]).fetchnumpy()
            return {name: _plain(column) for name, column in found.items()}
        try:
            return rows(chunks)
        except duckdb.Error:
            whole = 0
            with contextlib.suppress(duckdb.Error):
                for chunk in chunks:
                    rows([chunk])
                    whole += 1
            raise InputError(f"{chunks[min(whole, len(chunks) - 1)]}: is cut off or damaged; "
                             f"{whole} of {len(chunks)} files of {table} before it are whole") from None


def _plain(column: np.ndarray) -> np.ndarray:
    """NaN is written as NULL, which is read as masked."""
    masked = isinstance(column, np.ma.MaskedArray)
    return column.filled(np.nan) if masked and column.dtype.kind == "f" else np.asarray(column)


def _position(folder: Path) -> tuple[float, int]:
    """How far a run was when it was marked last, s, and how many commands it had; 0 if it never was."""
    try:
        mark = json.loads((folder / "position.json").read_text(encoding="utf-8"))
        t_s, commands = float(mark["t"]), int(mark["commands"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0.0, 0
    return (t_s, commands) if 0.0 <= t_s < float("inf") else (0.0, 0)


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
