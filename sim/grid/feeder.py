"""A low-voltage feeder as data: one transformer, the nodes and lines behind it, who hangs where.

A feeder is a TOML table: shipped ones lie in assets/data/feeders, and a person may point to a
file of their own. `load` checks it and turns it into arrays. Rings are allowed, since the power
flow takes them; a line from a node to itself and a node that nothing feeds are refused.

Powers are kW and positive where they are drawn. Impedances are of one phase (positive sequence).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

import assets
from sim.errors import InputError
from sim.schema.fields import Part
from sim.tables import read

FEEDER_DIR = assets.ROOT / "data" / "feeders"

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class LineType(Part):
    """A cable or overhead line by the kilometre. `ampacity_a` is its continuous current."""

    r_ohm_per_km: Positive
    x_ohm_per_km: NotNegative
    c_nf_per_km: NotNegative = 0.0
    ampacity_a: Positive


class LineSpec(Part):
    """A line between two nodes, of `parallel` equal cables."""

    name: str | None = None
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    type: str
    length_m: Positive
    parallel: int = Field(1, ge=1)


class NodeSpec(Part):
    """A node. `load_kw` is its usual load besides the connectors, drawn at `power_factor`.

    Connectors hang here by their own name, by their station's or by their zone's; the most
    precise of the three counts.
    """

    name: str
    load_kw: NotNegative = 0.0
    power_factor: Annotated[float, Field(gt=0, le=1)] = 0.95
    connectors: list[str] = []
    stations: list[str] = []
    zones: list[str] = []


class TransformerSpec(Part):
    """The transformer that feeds the busbar `node`, from its nameplate.

    `impedance_pct` is the short-circuit voltage; losses are those at rated load and at no load.
    A positive `tap` adds turns on the high-voltage side and lowers the voltage behind it.
    `indoor` and `paper` decide its temperatures and ageing.
    """

    name: str = "T1"
    node: str
    rated_kva: Positive
    hv_kv: Positive
    lv_kv: Positive
    impedance_pct: Annotated[float, Field(gt=0, le=30)]
    load_loss_kw: Positive
    no_load_loss_kw: NotNegative = 0.0
    no_load_current_pct: NotNegative = 0.0
    clock: int = Field(5, ge=1, le=11)
    tap: int = 0
    tap_min: int = -2
    tap_max: int = 2
    tap_step_pct: Annotated[float, Field(ge=0, le=10)] = 2.5
    indoor: bool = False
    paper: Literal["normal", "upgraded"] = "normal"


class SourceSpec(Part):
    """The medium-voltage grid in front of the transformer, by its short-circuit power."""

    voltage_pu: Annotated[float, Field(ge=0.8, le=1.2)] = 1.0
    short_circuit_mva: Positive = 250.0
    rx_ratio: NotNegative = 0.1


class FeederSpec(Part):
    """A feeder's file. Stations that no node names are dealt over the nodes of `spread`, in
    their order and in blocks of equal size."""

    name: str
    story: str = ""
    source: SourceSpec = SourceSpec()
    transformer: TransformerSpec
    line_types: dict[str, LineType] = {}
    nodes: list[NodeSpec] = Field(min_length=1)
    lines: list[LineSpec] = []
    spread: list[str] = []


@dataclass(frozen=True, eq=False)
class Feeder:
    """A checked feeder of n nodes and m lines. Node 0 is the transformer's busbar.

    Lines: `line_from`, `line_to` (int (m,), node indices), `r_ohm`, `x_ohm`, `c_farad`,
    `ampacity_a` (float (m,), of the whole line, all its parallel cables). Nodes: `load_kw`,
    `load_kvar` (float (n,)).
    """

    name: str
    file: str
    transformer: TransformerSpec
    source: SourceSpec
    node_names: tuple[str, ...]
    line_names: tuple[str, ...]
    line_from: np.ndarray
    line_to: np.ndarray
    r_ohm: np.ndarray
    x_ohm: np.ndarray
    c_farad: np.ndarray
    ampacity_a: np.ndarray
    load_kw: np.ndarray
    load_kvar: np.ndarray
    _hangs: dict[str, dict[str, int]]
    _keys: dict[str, dict[str, str]]
    _spread: tuple[int, ...]

    def place(self, connectors: list[str], stations: list[str], zones: list[str]) -> np.ndarray:
        """The node of each connector; int (k,). Of each, its own name, its station's, its zone's.

        Raises InputError if the feeder names one that is not among them, or if a connector
        hangs nowhere.
        """
        given = {"connectors": connectors, "stations": stations, "zones": zones}
        for what, names in given.items():
            for name in self._hangs[what]:
                if name not in names:
                    raise InputError(f"{self.file}: {self._keys[what][name]}: the site has no "
                                     f"{what[:-1]} {name!r}")
        found = [next((self._hangs[what][names[k]] for what, names in given.items()
                       if names[k] in self._hangs[what]), None) for k in range(len(connectors))]
        rest = list(dict.fromkeys(s for s, node in zip(stations, found) if node is None))
        if rest and not self._spread:
            raise InputError(f"{self.file}: spread: no node is given for station {rest[0]!r}, "
                             "expected it at a node, or nodes to deal such stations over")
        dealt = {station: self._spread[k * len(self._spread) // len(rest)]
                 for k, station in enumerate(rest)}
        return np.array([dealt[station] if node is None else node
                         for station, node in zip(stations, found)], np.int64)

    def shares(self, alive: np.ndarray) -> np.ndarray:
        """What each node usually has of the base load, (n,), adding up to 1 when all are `alive`,
        bool (n,): the busbar has it where no node has a load of its own."""
        usual = self.load_kw.sum()
        share = np.zeros(len(self.node_names))
        share[0] = 1.0
        return np.where(alive, self.load_kw / usual if usual else share, 0.0)

    def spread_load(self, total_kw: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A site's base load shared out over the nodes in proportion to their usual loads.

        `total_kw` is a scalar or of shape (t,); returns (kW, kvar), each of shape (n,) or (t, n).
        A feeder without loads of its own draws it at the busbar, at unity power factor.
        """
        total = np.asarray(total_kw, float)[..., None]
        usual = self.load_kw.sum()
        if usual == 0.0:
            share = np.zeros(len(self.node_names))
            share[0] = 1.0
            return total * share, np.zeros(total.shape[:-1] + share.shape)
        return total * (self.load_kw / usual), total * (self.load_kvar / usual)


def load(reference: str | Path, beside: Path | None = None) -> Feeder:
    """The feeder of a shipped name or a path to a TOML file (looked for in `beside` first).

    Raises InputError with one line: the file, the key, and what was expected.
    """
    spec, source = read(reference, "feeder", FEEDER_DIR, FeederSpec, beside)
    return build(spec, source)


def build(spec: FeederSpec, file: str) -> Feeder:
    """The feeder of a table; `file` stands in messages. Raises InputError as `load` does."""
    def refuse(key: str, message: str) -> InputError:
        return InputError(f"{file}: {key}: {message}")

    names = [node.name for node in spec.nodes]
    for k, name in enumerate(names):
        if name in names[:k]:
            raise refuse(f"nodes.{k}.name", f"two nodes are named {name!r}")
    transformer = spec.transformer
    if transformer.node not in names:
        raise refuse("transformer.node", f"no node {transformer.node!r}")
    _check_transformer(transformer, refuse)

    order = sorted(range(len(names)), key=lambda k: names[k] != transformer.node)
    nodes = [spec.nodes[k] for k in order]
    index = {node.name: k for k, node in enumerate(nodes)}
    for k, line in enumerate(spec.lines):
        for key, name in (("from", line.start), ("to", line.end)):
            if name not in index:
                raise refuse(f"lines.{k}.{key}", f"no node {name!r}")
        if line.start == line.end:
            raise refuse(f"lines.{k}.to", f"the line ends where it starts, at {line.end!r}")
        if line.type not in spec.line_types:
            raise refuse(f"lines.{k}.type", f"no line type {line.type!r}, expected one of "
                                            f"{', '.join(spec.line_types) or 'line_types'}")
    line_names = [line.name or f"{line.start}-{line.end}" for line in spec.lines]
    line_from = np.array([index[line.start] for line in spec.lines], np.int64)
    line_to = np.array([index[line.end] for line in spec.lines], np.int64)
    fed = fed_nodes(len(nodes), line_from, line_to)
    if not fed.all():
        place = order[int(np.argmin(fed))]
        raise refuse(f"nodes.{place}.name", f"node {names[place]!r} is an island: no line leads to "
                                            f"it from the transformer's {names[order[0]]!r}")
    for k, name in enumerate(spec.spread):
        if name not in index:
            raise refuse(f"spread.{k}", f"no node {name!r}")
    hangs, keys = _attachments(spec, index, refuse)

    types = [spec.line_types[line.type] for line in spec.lines]
    km = np.array([line.length_m / 1000.0 for line in spec.lines])
    cables = np.array([float(line.parallel) for line in spec.lines])
    load_kw = np.array([node.load_kw for node in nodes])
    reactive = np.array([sqrt(1.0 / node.power_factor ** 2 - 1.0) for node in nodes])
    return Feeder(
        name=spec.name, file=file, transformer=transformer, source=spec.source,
        node_names=tuple(node.name for node in nodes), line_names=tuple(line_names),
        line_from=line_from, line_to=line_to,
        r_ohm=np.array([t.r_ohm_per_km for t in types]) * km / cables,
        x_ohm=np.array([t.x_ohm_per_km for t in types]) * km / cables,
        c_farad=np.array([t.c_nf_per_km * 1e-9 for t in types]) * km * cables,
        ampacity_a=np.array([t.ampacity_a for t in types]) * cables,
        load_kw=load_kw, load_kvar=load_kw * reactive, _hangs=hangs, _keys=keys,
        _spread=tuple(index[name] for name in spec.spread))


def _check_transformer(spec: TransformerSpec, refuse) -> None:
    resistive = 100.0 * spec.load_loss_kw / spec.rated_kva
    if spec.impedance_pct < resistive:
        raise refuse("transformer.impedance_pct", f"at least {resistive:g}, which the load losses "
                                                  f"alone make, not {spec.impedance_pct:g}")
    iron = 100.0 * spec.no_load_loss_kw / spec.rated_kva
    if spec.no_load_current_pct < iron:
        raise refuse("transformer.no_load_current_pct",
                     f"at least {iron:g}, which the no-load losses alone make, "
                     f"not {spec.no_load_current_pct:g}")
    if spec.hv_kv <= spec.lv_kv:
        raise refuse("transformer.hv_kv", f"above lv_kv, not {spec.hv_kv:g}")
    if not spec.tap_min <= spec.tap <= spec.tap_max:
        raise refuse("transformer.tap", f"from {spec.tap_min} to {spec.tap_max}, not {spec.tap}")


def fed_nodes(nodes: int, line_from: np.ndarray, line_to: np.ndarray) -> np.ndarray:
    """Which nodes lines connect with node 0; bool (n,)."""
    fed = np.zeros(nodes, bool)
    fed[0] = True
    while True:
        reached = fed[line_from] != fed[line_to]
        if not reached.any():
            return fed
        fed[line_from[reached]] = fed[line_to[reached]] = True


def _attachments(spec: FeederSpec, index: dict[str, int], refuse):
    """Node by name of connector, station and zone, and the key where the file says so."""
    hangs: dict[str, dict[str, int]] = {"connectors": {}, "stations": {}, "zones": {}}
    keys: dict[str, dict[str, str]] = {what: {} for what in hangs}
    for k, node in enumerate(spec.nodes):
        for what, known in hangs.items():
            for i, name in enumerate(getattr(node, what)):
                key = f"nodes.{k}.{what}.{i}"
                if name in known:
                    raise refuse(key, f"{name!r} already hangs at another place "
                                      f"({keys[what][name]})")
                known[name] = index[node.name]
                keys[what][name] = key
    return hangs, keys
