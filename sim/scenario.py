"""The scenario schema: everything about a run but its seed's draws and its command log.

Scenarios are TOML. Every key has a type, a unit in its name or description, and a range; an
unknown key is refused. `load` gives a resolved scenario: shipped names and file paths are
found, overrides are applied, and the file's own folder is remembered for its data files.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (AwareDatetime, BeforeValidator, Field, PrivateAttr, TypeAdapter,
                      ValidationError, field_validator, model_validator)

import assets
from sim import references, tables
from sim.battery.ageing.settings import AgeingSettings
from sim.battery.curves import Curve, check_curve, two_stage
from sim.commands import Command
from sim.console import parse_command
from sim.errors import InputError, from_validation
from sim.schema.carbon import Carbon
from sim.schema.faults import Faults
from sim.schema.fields import Celsius, Charge, Efficiency, Load, Part, Power, Seconds, Share
from sim.schema.frequency import FrequencySpec
from sim.schema.sessions import NoSessions, Sessions
from sim.schema.site import Site, StrategyName
from sim.schema.tariff import FlatTariff, Tariff
from sim.schema.training import Training
from sim.schema.weather import NoWeather, Weather
from sim.strategies import tables as strategy_tables
from sim.timed_commands import ConditionText
from sim.timing import parse_time

SCENARIO_DIR = assets.ROOT / "scenarios"
DATA_DIR = assets.ROOT / "data"
LONGEST_S = 10 * 366 * 86_400.0
MOST_TICKS = 10_000_000
MOST_FAULTS = 10_000  # of one connector
YEARS = range(1970, 2200)

StrategyTables = strategy_tables()


class Grid(Part):
    """The grid connection. `base_load` (kW, or a profile) is what the site draws besides the vehicles;
    `feeder` is a shipped feeder or a file; `ambient_c` is the air around its transformer;
    `keep_transformers` makes ratings of all feeders' transformers limits (see sim.capacity);
    `network` is a shipped three-phase network or a file."""

    import_limit_kw: Power | None = None
    export_limit_kw: Power | None = None
    base_load: Load = 0.0
    feeder: str | None = None
    network: str | None = None
    ambient_c: Celsius = 20.0
    keep_transformers: bool = False


WEAR_UNKNOWN = 0.02
"""Wear of a kWh discharged where batteries do not age: that of NMC at $128/kWh [BNEF 2025]."""


class Fleet(Part):
    """What holds for vehicles whose sessions do not say otherwise.

    One-way efficiency 0.933: V2G round trip 87.0 % [Schram et al., ElaadNL]. Discharging
    stops at 15 % and the charge limit keeps a floor of 5 % of its maximum, so that a taper
    from 0.8 completes (priors). `wear_cost_per_kwh` is what decisions count for a
    battery-side kWh that V2G takes; default: what the ageing model of its chemistry says
    (see sim.battery.ageing.trade), and without ageing `WEAR_UNKNOWN`. `curve`,
    points [SoC, share of the greatest power], replaces the taper; vehicle models that have a
    published curve keep theirs. `cold` slows charging in the cold (see sim.cold); default: where
    the scenario has weather.
    """

    charge_efficiency: Efficiency = 0.933
    discharge_efficiency: Efficiency = 0.933
    min_soc: Share = 0.15
    taper_soc: Share = 0.8
    taper_floor: Annotated[float, Field(gt=0, le=1)] = 0.05
    curve: tuple[tuple[float, float], ...] | None = None
    wear_cost_per_kwh: Charge | None = None
    ageing: AgeingSettings = AgeingSettings()
    cold: bool | None = None

    @field_validator("curve")
    @classmethod
    def _is_a_curve(cls, curve):
        if curve is not None:
            check_curve(curve)
        return curve

    @property
    def charge_curve(self) -> Curve:
        """The charge curve of every vehicle without one of its own."""
        return self.curve or two_stage(self.taper_soc, self.taper_floor)


def _spelled(command: Any) -> Any:
    """A command that is given as text, see sim.console."""
    if not isinstance(command, str):
        return command
    try:
        return parse_command(command)
    except InputError as error:
        raise ValueError(str(error)) from None


class Inject(Part):
    """A command, as a table or as text, that the scenario itself gives at a time, or once when a
    condition is met; `as_operator`: as the last thing of its instant, as operators do."""

    at: str | float | None = None
    when: ConditionText | None = None
    command: Annotated[Command, BeforeValidator(_spelled)]
    as_operator: bool = False

    @model_validator(mode="after")
    def _either(self):
        if (self.at is None) == (self.when is None):
            raise ValueError("expected either at or when")
        return self


class Given(Part):
    """A command of a reference solution, given at a TIME as an operator would."""

    at: str | float
    command: Annotated[Command, BeforeValidator(_spelled)]


class CameraBookmark(Part):
    """An orbit view: metres and degrees; yaw 0 looks north, pitch is how far it looks down."""

    name: str
    target: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance: Annotated[float, Field(gt=0)] = 90.0
    yaw: float = 0.0
    pitch: Annotated[float, Field(ge=2, le=89)] = 35.0


class Scenario(Part):
    """One scenario, as the README documents it key by key."""

    name: str
    story: str = ""
    start: AwareDatetime
    duration: Annotated[Seconds, Field(gt=0, le=LONGEST_S)] = 86_400.0
    seed: int = Field(1, ge=0, lt=2**63)
    control_interval: Annotated[Seconds, Field(ge=1)] = 300.0
    allocation: Literal["draw", "rating"] = "draw"
    strategy: StrategyName = "uncontrolled"
    round_robin_step_kw: Annotated[float, Field(ge=0.001)] = 0.23
    strategies: StrategyTables = StrategyTables()
    currency: str = "EUR"
    site: Site
    grid: Grid = Grid()
    frequency: FrequencySpec | None = None
    tariff: Tariff = FlatTariff()
    weather: Weather = NoWeather()
    carbon: Carbon | None = None
    fleet: Fleet = Fleet()
    faults: Faults | None = None
    sessions: Sessions = NoSessions()
    injects: list[Inject] = []
    training: Training | None = None
    solution: list[Given] = []
    cameras: list[CameraBookmark] = []

    _folder: Path = PrivateAttr(default=DATA_DIR)

    @model_validator(mode="after")
    def _times_and_zones(self):
        if self.start.year not in YEARS:
            raise ValueError(f"start: expected a year from {YEARS[0]} to {YEARS[-1]}")
        if self.duration / self.control_interval > MOST_TICKS:
            raise ValueError(f"control_interval: at most {MOST_TICKS:,} fit into the duration")
        if self.faults and self.duration / (self.faults.mtbf + self.faults.mttr) > MOST_FAULTS:
            raise ValueError(f"faults.mtbf: at most {MOST_FAULTS:,} faults fit into the duration")
        for k, inject in enumerate(self.injects):
            if inject.at is None:
                continue
            try:
                at = self.seconds(inject.at)
            except ValueError as error:
                raise ValueError(f"injects.{k}.at: {error}") from None
            if at > self.duration:
                raise ValueError(f"injects.{k}.at: after the end at {self.duration:g} s")
        self._check_times_of_training()
        zones = {zone.name for zone in self.site.zones}
        for k, group in enumerate(getattr(self.sessions, "groups", ())):
            if group.zone is not None and group.zone not in zones:
                raise ValueError(f"sessions.groups.{k}.zone: no zone {group.zone!r}")
        return self

    @model_validator(mode="after")
    def _parts_fit(self):
        if self.weather.kind == "none":
            for where, part in [("site", self.site), *(
                    (f"site.zones.{k}", zone) for k, zone in enumerate(self.site.zones))]:
                if part.pv_kwp or part.wind_kw:
                    key = "pv_kwp" if part.pv_kwp else "wind_kw"
                    raise ValueError(f"{where}.{key}: needs the table weather, which is not given")
        for k, inject in enumerate(self.injects):
            command = getattr(inject.command, "command", inject.command)
            if command.kind == "disturb_grid" and self.frequency is None:
                raise ValueError(f"injects.{k}.command: needs the table frequency, which is not given")
        if self.grid.keep_transformers and not any(
                part.feeder for part in (self.grid, *self.site.zones)):
            raise ValueError("grid.keep_transformers: needs a feeder, of the grid or of a zone")
        scarcity = self.tariff.scarcity
        if scarcity and scarcity.capacity_kw is None and self.grid.import_limit_kw is None:
            raise ValueError("tariff.scarcity.capacity_kw: expected a rating, or an import limit "
                             "of the grid that stands for it")
        return self

    def _check_times_of_training(self) -> None:
        times = [(f"solution.{k}.at", given.at) for k, given in enumerate(self.solution)]
        for k, goal in enumerate(self.training.objectives if self.training else ()):
            times += [(f"training.objectives.{k}.{key}", getattr(goal, key))
                      for key in ("begin", "end") if hasattr(goal, key)]
        times += [(f"training.steps.{k}.at", step.at)
                  for k, step in enumerate(self.training.steps if self.training else ())
                  if step.at is not None]
        for key, time in times:
            try:
                at = self.seconds(time)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
            if at > self.duration:
                raise ValueError(f"{key}: after the end at {self.duration:g} s")

    def seconds(self, time: str | float) -> float:
        """Seconds since the start of a TIME; raises ValueError."""
        return parse_time(time, self.start)

    @property
    def folder(self) -> Path:
        """Where the scenario's own files lie."""
        return self._folder

    def data_path(self, file: str) -> Path:
        """Where a data file lies: beside the scenario, else among the shipped data."""
        return _find(self._folder, file)


def shipped() -> dict[str, Path]:
    """Paths of the shipped scenarios by name, in alphabetical order."""
    return tables.shipped(SCENARIO_DIR)


def load(reference: str, overrides: dict[str, Any] | None = None) -> Scenario:
    """The scenario of a shipped name or a TOML path, with dotted-key overrides applied.

    Raises InputError with one line that names file, key and what was expected.
    """
    path = tables.find(reference, "scenario", SCENARIO_DIR)
    return from_dict(tables.read_toml(path), str(path), path.parent, overrides)


def from_dict(raw: dict, source: str, folder: Path | None = None,
              overrides: dict[str, Any] | None = None) -> Scenario:
    """A validated scenario; `source` stands in messages, data files are found in `folder`."""
    for key, value in (overrides or {}).items():
        _override(raw, key, value)
    _fetch_tariff(raw, source, folder)
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        raise from_validation(source, error, raw, overrides or ()) from None
    if folder is not None:
        scenario._folder = folder
    references.check(scenario, source)
    return scenario


def _find(folder: Path | None, file: str) -> Path:
    beside = (folder or DATA_DIR) / file
    return beside if beside.exists() else DATA_DIR / file


def _fetch_tariff(raw: Any, source: str, folder: Path | None) -> None:
    """Put a tariff that stands in a TOML file of its own in the place of its name; keys beside
    the name go before the file's."""
    tariff = raw.get("tariff") if isinstance(raw, dict) else None
    if not isinstance(tariff, dict) or not str(tariff.get("file", "")).endswith(".toml"):
        return
    path = _find(folder, tariff["file"])
    if not path.exists():
        raise references.missing(source, "tariff.file", tariff["file"])
    fetched = tables.read_toml(path)
    try:
        TypeAdapter(Tariff).validate_python(fetched)
    except ValidationError as error:
        raise from_validation(str(path), error, fetched) from None
    raw["tariff"] = fetched | {key: value for key, value in tariff.items() if key != "file"}


def parse_override(text: str) -> tuple[str, Any]:
    """`key=value` as a dotted key and a TOML value; a bare word is a string."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--set {text}: expected key=value")
    try:
        return key.strip(), tomllib.loads(f"v = {value}")["v"]
    except ValueError:  # no TOML value, or a number with more digits than are read
        return key.strip(), value.strip()


def _override(raw: dict, key: str, value: Any) -> None:
    *parents, last = key.split(".")
    node: Any = raw
    try:
        for part in parents:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        if isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    except (ValueError, IndexError, TypeError, AttributeError):
        raise InputError(f"--set {key}: no such key") from None
