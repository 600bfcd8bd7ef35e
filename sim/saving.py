"""Scenarios written out: with their files beside them, and sessions as scenarios of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli_w

from sim.commands import COMMANDS
from sim.console import text_of
from sim.errors import InputError
from sim.grid.feeder import FEEDER_DIR
from sim.grid.phases import NETWORK_DIR
from sim.orders import SOURCE
from sim.scenario import Scenario
from sim.tables import shipped
from sim.timing import clock_label


def portable(scenario: Scenario, folder: Path, prefix: str = "", short: bool = False) -> dict:
    """The scenario as JSON, its files copied into `folder` under names that begin with `prefix`, and
    named relative to it; `short`: without what it leaves to defaults."""
    raw = scenario.model_dump(mode="json", by_alias=True, exclude_unset=short)
    grid = raw.get("grid", {})
    for k, part in enumerate([grid, *raw["site"]["zones"]]):
        if part.get("feeder") and part["feeder"] not in shipped(FEEDER_DIR):
            source = Path(part["feeder"])
            part["feeder"] = f"{prefix}feeder-{k}.toml"
            beside = scenario.folder / source
            shutil.copyfile(beside if beside.exists() else source, folder / part["feeder"])
    network = grid.get("network")
    if network and network not in shipped(NETWORK_DIR):
        beside = scenario.folder / network
        grid["network"] = f"{prefix}network.toml"
        shutil.copyfile(beside if beside.exists() else network, folder / grid["network"])
    parts = {"sessions": raw.get("sessions"), "tariff": raw.get("tariff"), "weather": raw.get("weather"),
             "marginal": (raw.get("carbon") or {}).get("marginal")}
    for name, part in parts.items():
        if isinstance(part, dict) and part.get("file"):
            source = scenario.data_path(part["file"])
            part["file"] = f"{prefix}{name}{source.suffix}"
            shutil.copyfile(source, folder / part["file"])
    return raw


def save_scenario(path: Path, scenario: Scenario, log: Iterable[dict], name: str | None = None,
                  story: str | None = None) -> None:
    """Write a session as a scenario: `scenario` with the command log of a run of it (as
    `Model.commands`) as injects, which makes the same run, to the same digest. Its files lie beside it.

    Raises InputError if it exists or cannot be written.
    """
    if path.exists():
        raise InputError(f"{path}: exists already, expected a new file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = portable(scenario, path.parent, f"{path.stem}-", short=True)
        raw["name"], raw["start"] = name or path.stem, scenario.start
        raw["story"] = scenario.story if story is None else story
        raw["injects"] = [_inject(inject.at, inject.when, inject.command, inject.as_operator)
                          for inject in scenario.injects]
        raw["injects"] += [_inject(_time(entry["t"], scenario), None,
                                   COMMANDS.validate_python(entry["command"]), True)
                           for entry in log if entry["source"] != SOURCE]
        partial = path.with_name(path.name + ".partial")
        partial.write_text(tomli_w.dumps(_without_none(raw)), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def _inject(at: str | float | None, when: str | None, command: Any, as_operator: bool) -> dict:
    return {"at": at, "when": when, "command": text_of(command),
            **({"as_operator": True} if as_operator else {})}


def _time(t_s: float, scenario: Scenario) -> str | float:
    """A TIME that is exactly `t_s`: the clock's where it can be."""
    label = clock_label(t_s, scenario.start)
    return label if scenario.seconds(label) == t_s else t_s


def _without_none(value: Any) -> Any:
    """TOML has no null; a key that is not there is one."""
    if isinstance(value, dict):
        return {key: _without_none(part) for key, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, list) else value
