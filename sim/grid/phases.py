"""A three-phase site: currents as phasors, limits as a constraint matrix.

Each connector carries one real current I_i (A, positive charging, negative feeding; unity power
factor) on the phases it is wired to. A limit j of the site (panel, pod, transformer winding)
holds the magnitude of a weighted sum of them:

    |sum_i M[j, i] I_i exp(1j angle_i)| <= limit_j

the form of ACN-Sim (Lee, Sharma and Low, "ACN-Sim: An Open-Source Simulator for Data-Driven
Electric Vehicle Charging Research", IEEE Trans. Smart Grid, 2021). Angles are those of the
voltages that a connector sits between, with phase A to neutral at 0 and the order A, B, C; AB is
therefore at 30, BC at -90, CA at 150 degrees. A balanced three-phase connector (ABC) counts with
the current of one of its lines.

Feasible sets are disks in each limit's sum, and a line through a disk is an interval with a
closed form: room, largest scale and greedy fill below are exact, not searched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi, sqrt
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

import assets
from sim.errors import InputError
from sim.schema.fields import Part
from sim.tables import read

NETWORK_DIR = assets.ROOT / "data" / "networks"

Wiring = Literal["A", "B", "C", "AB", "BC", "CA", "ABC"]

ANGLE_DEG = {"A": 0.0, "B": -120.0, "C": 120.0, "AB": 30.0, "BC": -90.0, "CA": 150.0, "ABC": 0.0}

_TURN = np.exp(-2j * np.pi / 3.0)
_LINE_SHARE = {
    "A": {"A": 1.0, "AB": 1.0, "CA": -1.0, "ABC": 1.0},
    "B": {"B": 1.0, "BC": 1.0, "AB": -1.0, "ABC": _TURN},
    "C": {"C": 1.0, "CA": 1.0, "BC": -1.0, "ABC": _TURN.conjugate()},
    "N": {"A": 1.0, "B": 1.0, "C": 1.0},
}
"""What a connector's current adds to that of a line or neutral conductor, by its wiring."""

FEASIBLE_A = 1e-5
FEASIBLE_SHARE = 1e-7
"""A limit counts as broken beyond max(1e-5 A, 1e-7 of it), as in ACN-Sim."""


class GroupSpec(Part):
    """Connectors of one wiring that stand together. A name may also be that of a station or a
    zone, which stands for all its connectors that are not named themselves."""

    name: str | None = None
    wiring: Wiring
    connectors: list[str] = Field(min_length=1)


class LimitSpec(Part):
    """A limit, A, of a `kind` of thing. Either `line`: the current in a line conductor (A, B, C), in the neutral (N) or
    the negative-sequence current (negative), which limits unbalance, of what `of` names (of all
    if it is left out). Or `sum`: weights by connector, group or wiring; where more than one of
    these names a connector its weights add up."""

    name: str
    limit_a: Annotated[float, Field(gt=0)]
    kind: Literal["line", "panel", "pod", "transformer"] | None = None
    line: Literal["A", "B", "C", "N", "negative"] | None = None
    of: list[str] | None = None
    sum: dict[str, float] | None = None

    @model_validator(mode="after")
    def _one_form(self):
        if (self.line is None) == (self.sum is None):
            raise ValueError("expected either line or sum")
        if self.of is not None and self.line is None:
            raise ValueError("of goes with line")
        return self


class NetworkSpec(Part):
    """A three-phase site's file. `voltage_v` is nominal, line to line."""

    name: str
    story: str = ""
    voltage_v: Annotated[float, Field(gt=0)]
    groups: list[GroupSpec] = Field(min_length=1)
    limits: list[LimitSpec] = Field(min_length=1)


@dataclass(frozen=True, eq=False)
class Network:
    """A site of n connectors under m limits.

    `kinds` are what limits are of, where that is known. `matrix` is complex (m, n): M[j, i] exp(1j angle_i). `limit_a` (m,). `kw_per_a` (n,) is the
    power of one ampere at nominal voltage: V between two lines, V/sqrt(3) to neutral, sqrt(3) V
    for a three-phase connector. `lines` is complex (3, n), the currents of the lines A, B, C.
    """

    name: str
    file: str
    connectors: tuple[str, ...]
    limits: tuple[str, ...]
    kinds: tuple[str | None, ...]
    limit_a: np.ndarray
    matrix: np.ndarray
    lines: np.ndarray
    kw_per_a: np.ndarray

    def select(self, connectors: list[str], stations: list[str] | None = None,
               zones: list[str] | None = None) -> Network:
        """The network of these connectors alone, in their order. Of each, its own name counts,
        else its station's, else its zone's (both as long as `connectors`).

        Raises InputError for a connector that stands nowhere in it.
        """
        index = {name: i for i, name in enumerate(self.connectors)}
        which = []
        for names in zip(connectors, stations or connectors, zones or connectors):
            place = next((index[name] for name in names if name in index), None)
            if place is None:
                raise InputError(f"{self.file}: groups: no connector {names[0]!r}, expected it, "
                                 "its station or its zone in a group")
            which.append(place)
        return replace(self, connectors=tuple(connectors), matrix=self.matrix[:, which],
                       lines=self.lines[:, which], kw_per_a=self.kw_per_a[which])

    def magnitudes(self, currents: np.ndarray) -> np.ndarray:
        """What each limit holds, A: (..., m) of currents (..., n)."""
        return np.abs(weighted(self.matrix, currents))

    def broken(self, currents: np.ndarray) -> np.ndarray:
        """Which limits are exceeded: bool (..., m)."""
        return self.magnitudes(currents) > self.limit_a + margin(self.limit_a)

    def line_currents(self, currents: np.ndarray) -> np.ndarray:
        """Currents of the lines A, B, C as phasors, A: complex (..., 3)."""
        return weighted(self.lines, currents)

    def unbalance(self, currents: np.ndarray, upward: bool = False) -> np.ndarray:
        """Current unbalance by NEMA MG 1: the largest deviation of a line's magnitude from the
        mean of the three, over that mean; (...), 0 where no current flows.

        `upward` counts deviations above the mean alone, as ACN-Sim does under the same name.
        """
        lines = np.abs(self.line_currents(currents))
        mean = lines.mean(-1)
        apart = lines - mean[..., None]
        apart = (apart if upward else np.abs(apart)).max(-1)
        return np.where(mean > 0.0, apart / np.where(mean > 0.0, mean, 1.0), 0.0)

    def headroom(self, currents: np.ndarray, feed: bool = False) -> np.ndarray:
        """How much more each connector alone may draw (or feed) on top of `currents`, A, >= 0.

        Exact for one connector at a time; (n,), infinite where no limit counts it. A limit that
        is already broken is not made worse: a connector has room under it only as far as its
        current lowers the sum or brings it back to what it was.
        """
        sums = weighted(self.matrix, currents)
        return self._room(sums, self.matrix if not feed else -self.matrix)

    def scale(self, currents: np.ndarray, fixed: np.ndarray | float = 0.0) -> float:
        """The largest s with all limits kept under `fixed + s * currents`; infinite if none binds.

        `fixed` (n,) are currents that stand in any case. Every smaller s is feasible too, if
        `fixed` itself is.
        """
        base = np.broadcast_to(np.asarray(fixed, float), len(self.connectors))
        step = weighted(self.matrix, currents)
        return float(self._room(weighted(self.matrix, base), step[:, None])[0])

    def fill(self, want: np.ndarray, order: np.ndarray, fixed: np.ndarray | float = 0.0,
             least: float = 0.0) -> np.ndarray:
        """Grant currents one after the other in `order` as far as the limits allow; A (n,).

        `want` (n,) is what each asks for, >= 0; `fixed` what stands besides; who would get less
        than `least` gets nothing (a pilot below 6 A means no charging, IEC 61851-1).
        """
        want = np.asarray(want, float)
        granted = np.zeros(len(want))
        sums = weighted(self.matrix, np.broadcast_to(np.asarray(fixed, float), len(want)))
        for i in np.asarray(order, np.int64).tolist():
            column = self.matrix[:, i]
            current = min(want.item(i), self._room(sums, column[:, None]).item())
            if current >= least and current > 0.0:
                granted[i] = current
                sums = sums + column * current
        return granted

    def corners(self, beside: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Rows, complex (r, n), that together hold the most that any currents between 0 and given
        ones can make of each limit, and the limit of each row, int (r,), ascending.

        Phasors more than 90 degrees apart partly cancel, so that one who stops may raise the sum
        of those who go on (the delta side of a delta-wye transformer). The largest sum that
        currents between 0 and the given ones can reach is a corner of the zonotope that they
        span, and a corner is the sum over those within 90 degrees of some direction. Which
        connectors these are depends on angles alone, so a limit has at most two rows for each of
        its directions. A subset that a larger one covers whatever the currents is left out,
        unless another current may stand `beside` (one that is fed) and point anywhere.
        """
        rows, of = [], []
        for j, weights in enumerate(self.matrix):
            for subset in _corners(weights, beside):
                rows.append(np.where(subset, weights, 0.0))
                of.append(j)
        return np.array(rows), np.array(of, np.int64)

    def _room(self, sums: np.ndarray, steps: np.ndarray) -> np.ndarray:
        return room(self.limit_a, sums, steps).min(0)


def weighted(matrix: np.ndarray, currents: np.ndarray) -> np.ndarray:
    """Sums (..., m) of matrix (m, n) over currents (..., n). Without BLAS, whose threads cost more
    than such products and whose order of adding differs from machine to machine."""
    return np.einsum("mn,...n->...m", matrix, np.asarray(currents, float))


def margin(limit_a: np.ndarray) -> np.ndarray:
    """How far beyond a limit counts as broken, A."""
    return np.maximum(FEASIBLE_A, FEASIBLE_SHARE * limit_a)


def room(limit: np.ndarray, sums: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """The largest x >= 0 with |sums + x steps| <= limit; (m, k) of limit and sums (m,) and steps
    (m, k), infinite where a step is 0. A sum beyond its limit may come back to what it is.

    |s + x d|^2 = L^2 is x^2 |d|^2 + 2 x Re(conj(s) d) + |s|^2 - L^2 = 0; its larger root,
    written without the difference of two near numbers.
    """
    squared = np.abs(steps) ** 2
    along = (sums.conj()[:, None] * steps).real
    size = np.abs(sums)
    slack = np.maximum(limit - size, 0.0) * (limit + size)
    root = np.sqrt(along ** 2 + squared * slack[:, None])
    counted = squared > 0.0
    rising = along > 0.0
    safe = np.where(counted, squared, 1.0)
    divisor = np.where(rising, along + root, 1.0)
    found = np.where(rising, slack[:, None] / divisor, (root - along) / safe)
    return np.where(counted, found, np.inf)


def load(reference: str | Path, beside: Path | None = None) -> Network:
    """The network of a shipped name or a path to a TOML file (looked for in `beside` first).

    Raises InputError with one line: the file, the key, and what was expected.
    """
    spec, source = read(reference, "network", NETWORK_DIR, NetworkSpec, beside)
    return build(spec, source)


def build(spec: NetworkSpec, file: str) -> Network:
    """The network of a table; `file` stands in messages. Raises InputError as `load` does."""
    connectors: list[str] = []
    wirings: list[str] = []
    members: dict[str, list[int]] = {}
    for k, group in enumerate(spec.groups):
        if group.name is not None and (group.name in members or group.name in ANGLE_DEG):
            raise InputError(f"{file}: groups.{k}.name: the name {group.name!r} is taken")
        for i, name in enumerate(group.connectors):
            if name in connectors:
                raise InputError(f"{file}: groups.{k}.connectors.{i}: {name!r} is there twice")
            if group.name is not None:
                members.setdefault(group.name, []).append(len(connectors))
            members.setdefault(group.wiring, []).append(len(connectors))
            connectors.append(name)
            wirings.append(group.wiring)
    for i, name in enumerate(connectors):
        members.setdefault(name, [i])

    phasors = np.exp(1j * np.deg2rad([ANGLE_DEG[wiring] for wiring in wirings]))
    rows = [_row(limit, f"{file}: limits.{k}", members, wirings) * phasors
            for k, limit in enumerate(spec.limits)]
    for k, row in enumerate(rows):
        row[np.abs(row) < 1e-12] = 0.0  # what is left where weights cancel
        if not row.any():
            raise InputError(f"{file}: limits.{k}: {spec.limits[k].name!r} counts no connector")
    volts = {1: spec.voltage_v / sqrt(3.0), 2: spec.voltage_v, 3: spec.voltage_v * sqrt(3.0)}
    return Network(
        name=spec.name, file=file, connectors=tuple(connectors),
        limits=tuple(limit.name for limit in spec.limits),
        kinds=tuple(limit.kind for limit in spec.limits),
        limit_a=np.array([limit.limit_a for limit in spec.limits]),
        matrix=np.array(rows),
        lines=np.array([_line(line, wirings) * phasors for line in "ABC"]),
        kw_per_a=np.array([volts[len(wiring)] / 1000.0 for wiring in wirings]))


def _row(limit: LimitSpec, key: str, members: dict[str, list[int]],
         wirings: list[str]) -> np.ndarray:
    """Weights of a limit, (n,), before the phasors."""
    for what, named in (("of", limit.of or ()), ("sum", limit.sum or ())):
        for name in named:
            if name not in members:
                raise InputError(f"{key}.{what}: no connector, group or wiring {name!r}")
    if limit.line is not None:
        counted = np.zeros(len(wirings), bool)
        for name in limit.of or set(wirings):
            counted[members[name]] = True
        return np.where(counted, _line(limit.line, wirings), 0.0)
    weights = np.zeros(len(wirings))
    for name, weight in (limit.sum or {}).items():
        weights[members[name]] += weight
    return weights


def _line(line: str, wirings: list[str]) -> np.ndarray:
    """Weights of a line's current, or of the negative sequence (A + a^2 B + a C) / 3."""
    if line == "negative":
        a, b, c = (_line(one, wirings) for one in "ABC")
        return (a + _TURN * b + _TURN.conjugate() * c) / 3.0
    return np.array([_LINE_SHARE[line].get(wiring, 0.0) for wiring in wirings], complex)


def _corners(weights: np.ndarray, beside: bool) -> list[np.ndarray]:
    """Subsets of connectors, bool (n,) each, whose sum may be the largest under one limit."""
    counted = weights != 0.0
    turn = np.round(np.angle(weights), 9)
    directions = np.unique(turn[counted])
    if not len(directions):
        return [counted]
    edges = np.unique(np.round(np.mod(np.append(directions + pi / 2, directions - pi / 2),
                                      2 * pi), 9))
    between = edges + np.diff(edges, append=edges[0] + 2 * pi) / 2
    facing = {frozenset(np.flatnonzero(np.cos(directions - toward) > 0.0).tolist())
              for toward in between.tolist()}
    subsets: list[frozenset[int]] = []
    for subset in sorted(facing, key=lambda one: (-len(one), sorted(one))):
        if beside or not any(_covers(larger, subset, directions) for larger in subsets):
            subsets.append(subset)
    return [np.isin(turn, directions[sorted(subset)]) & counted for subset in subsets]


def _covers(larger: frozenset[int], subset: frozenset[int], directions: np.ndarray) -> bool:
    """Whether adding what `larger` has besides can never shorten a sum over `subset`."""
    if not larger.issuperset(subset):
        return False
    added = larger.difference(subset)
    return all(np.cos(directions[a] - directions[b]) >= -1e-9
               for a in added for b in larger if a != b)
