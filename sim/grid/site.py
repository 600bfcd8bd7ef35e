"""The site's grid while a run goes: power flow, temperatures and stress at each control tick.

Zones hang on the site's feeder, or on one of their own. At a tick the power flow is solved for
what connectors and base load draw then, less what zones and site produce, at the busbar. That
loading stands until the next tick, over which the transformer's temperatures and loss of life are
exact. A three-phase network's limits are looked at then, too. A zone's stress is the worse of its
feeder's and of those limits that count its connectors; the hub's is that of the worst feeder or limit.
Zones with neither have no stress (NaN), since nothing is known of what feeds them.

The site's meter stands at the low-voltage side: limits, peaks, books and bill count what vehicles, base
load and production move. Losses of feeders (transformers and lines) lie before it and are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from entities.components import NONE
from entities.world import World
from sim.battery import segments
from sim.grid import feeder as feeders
from sim.grid import stress, transformer
from sim.grid.phase_meter import PhaseMeter
from sim.grid.powerflow import FeederState, PowerFlow
from sim.grid.supply import Supply
from sim.scenario import Scenario


class SiteGrid:
    """The feeders of one world and, with `phases`, its three-phase network. `report(kind, t,
    where, **facts)` is told of alarms; at the start the air has `ambient_c`.

    `states` are the feeders' full states for pictures (see `powerflow.FeederState`), `supply` is what of
    them is switched on, `words` what limits each zone, by name, and the hub ("hub"); "" where nothing
    does; `beyond` how far that is past where the index ends (see `stress.Stress`); `has_base`, whether the
    first feeder is the site's own, behind which base load hangs.
    Raises InputError for a feeder that is not valid or does not fit the site.
    """

    def __init__(self, world: World, scenario: Scenario, report: Callable,
                 ambient_c: float, phases: PhaseMeter | None = None):
        self._world = world
        self._report = report
        self._phases = phases
        self._load_until_s = 0.0
        self._over: set[tuple[int, str]] = set()
        own = [zone.feeder for zone in scenario.site.zones]
        shared = scenario.grid.feeder
        names = ([shared] if shared and None in own else []) + [name for name in own if name]
        self._feeders = [feeders.load(name, scenario.folder) for name in names]
        self._flows = [PowerFlow(feeder) for feeder in self._feeders]
        self.states = [flow.state for flow in self._flows]
        self.words = {"hub": "", **{zone.name: "" for zone in scenario.site.zones}}
        self.beyond = dict.fromkeys(self.words, 0.0)
        self.has_base = bool(names) and names[0] == shared and None in own
        self.warnings = _warnings(scenario, bool(names), self.has_base)
        self._assign(own)
        self.supply = Supply(world, self._feeders, self._nodes, self._connectors, self.has_base, report)
        self._closed = [closed.copy() for closed in self.supply.closed]
        self._counted = {} if phases is None else {
            name: _limits_of(phases, world.connector.zone == world.zone.find(name))
            for name in world.zone.names}
        self._thermal = transformer.of_feeders([f.transformer for f in self._feeders])
        if self._feeders:
            self._settle(ambient_c)

    @property
    def feeders(self) -> list[feeders.Feeder]:
        """The feeders' data, in the order of their rows."""
        return self._feeders

    def step(self, t_s: float, ambient_c: float) -> None:
        """Bring temperatures to `t_s` (s, a control tick) at the ambient temperature that held
        since the last one, and take the state of the grid then."""
        if not self.known:
            return
        if t_s > self._load_until_s:
            if self._feeders:
                self._warm(t_s - self._load_until_s, ambient_c)
            self._world.feeder.losses_kwh[:] = self.losses_kwh(t_s)
            hub = self._world.hub
            spent = (hub.low_s, hub.medium_s, hub.high_s, hub.emergency_s)
            spent[hub.stress_level.item(0)][0] += t_s - self._load_until_s
        self._load_until_s = t_s
        self._solve(t_s)
        self._warn(t_s)
        self._assess(t_s)

    @property
    def known(self) -> bool:
        """Whether anything tells the stress of the grid."""
        return bool(self._feeders) or self._phases is not None

    def losses_kwh(self, t_s: float) -> np.ndarray:
        """Losses of each feeder up to `t_s`, from the last tick to the next; kWh (feeders,)."""
        table = self._world.feeder
        return table.losses_kwh + table.losses_kw * ((t_s - self._load_until_s) / 3600.0)

    def _assign(self, own: list[str | None]) -> None:
        """Which feeder each zone and which node each connector hangs on."""
        world, first_own = self._world, int(self.has_base)
        ranks = iter(range(first_own, len(self._feeders)))
        zone_feeder = [next(ranks) if name else (0 if self.has_base else NONE) for name in own]
        world.zone.feeder[:] = zone_feeder
        connector = world.connector
        of_connector = world.zone.feeder[connector.zone]
        self._connectors = [np.flatnonzero(of_connector == k) for k in range(len(self._feeders))]
        self._nodes = [
            feeder.place([connector.names[c] for c in rows],
                         [world.station.names[connector.station[c]] for c in rows],
                         [world.zone.names[connector.zone[c]] for c in rows])
            for feeder, rows in zip(self._feeders, self._connectors)]
        world.feeder.add(len(self._feeders), _distinct([f.name for f in self._feeders]))

    def _settle(self, ambient_c: float) -> None:
        """Temperatures as if the first loading had stood for long."""
        self._solve(0.0)
        state = transformer.settled(self._thermal, self._world.feeder.loading_pct / 100.0, ambient_c)
        self._write(state)

    def _warm(self, duration_s: float, ambient_c: float) -> None:
        table = self._world.feeder
        before = transformer.Temperatures(table.top_oil_c.copy(), table.dh1_k.copy(),
                                          table.dh2_k.copy())
        state, life = transformer.advance(self._thermal, before, duration_s,
                                          table.loading_pct / 100.0, ambient_c)
        table.life_used_h += life
        self._write(state)

    def _write(self, state: transformer.Temperatures) -> None:
        table = self._world.feeder
        table.top_oil_c[:], table.dh1_k[:], table.dh2_k[:] = state
        table.hot_spot_c[:] = state.hot_spot_c
        np.maximum(table.hot_spot_max_c, table.hot_spot_c, out=table.hot_spot_max_c)

    def _solve(self, t_s: float) -> None:
        world, table = self._world, self._world.feeder
        zone, hub = world.zone, world.hub
        drawn = np.zeros(world.connector.slots)
        moving = np.flatnonzero(world.vehicle.power0_kw)
        drawn[world.vehicle.connector[moving]] = segments.ac_power_at(world.vehicle, moving, t_s)
        for k, (feeder, flow) in enumerate(zip(self._feeders, self._flows)):
            p = np.bincount(self._nodes[k], drawn[self._connectors[k]], len(feeder.node_names))
            q = np.zeros(len(p))
            here = zone.feeder == k
            p[0] -= zone.pv_kw[here].sum() + zone.wind_kw[here].sum()
            alive = self.supply.alive[k]
            if k == 0 and self.has_base:
                p[0] -= (hub.pv_kw.item(0) - zone.pv_kw.sum()
                         + hub.wind_kw.item(0) - zone.wind_kw.sum())
                served = feeder.shares(alive).sum()
                base_p, base_q = feeder.spread_load(world.hub.base_kw.item(0) / served if served else 0.0)
                p, q = p + np.where(alive, base_p, 0.0), q + np.where(alive, base_q, 0.0)
            if (self.supply.closed[k] != self._closed[k]).any():
                self._closed[k] = self.supply.closed[k].copy()
                flow.close(self._closed[k])
            state = self.states[k] = flow.solve(p, q) if alive[0] else _dark(flow.state)
            if bool(state.converged) != table.converged.item(k):
                kind = "powerflow_solved" if state.converged else "powerflow_not_converged"
                self._report(kind, t_s, feeder.name)
            table.converged[k] = state.converged
            world.connector.voltage_pu[self._connectors[k]] = state.voltage_pu[self._nodes[k]]
            table.loading_pct[k] = state.transformer_loading_pct / table.rating_share.item(k)
            table.import_kw[k] = state.import_kw
            table.losses_kw[k] = state.losses_kw
            fed = state.voltage_pu[alive]
            table.voltage_min_pu[k] = fed.min() if len(fed) else 0.0
            table.voltage_max_pu[k] = fed.max(initial=0.0)
            table.line_loading_pct[k] = state.line_loading_pct.max(initial=0.0)
        np.maximum(table.loading_max_pct, table.loading_pct, out=table.loading_max_pct)
        np.minimum(table.voltage_lowest_pu, table.voltage_min_pu, out=table.voltage_lowest_pu,
                   where=~table.tripped)
        np.maximum(table.voltage_highest_pu, table.voltage_max_pu, out=table.voltage_highest_pu)

    def _warn(self, t_s: float) -> None:
        """Tell of transformers that come to be above their rating or hot-spot limit, or no longer are."""
        table = self._world.feeder
        for what, values, most in (("load", table.loading_pct, 100.0),
                                   ("heat", table.hot_spot_c, stress.HOT_SPOT_LIMIT_C)):
            for row in table.rows().tolist():
                over = values.item(row) > most
                if over != ((row, what) in self._over):
                    self._over ^= {(row, what)}
                    self._report("transformer_over" if over else "transformer_back", t_s,
                                 table.names[row], what=what, value=values.item(row))

    def _assess(self, t_s: float) -> None:
        zone, hub = self._world.zone, self._world.hub
        found = [stress.assess(self._reading(k)) for k in range(len(self._feeders))]
        used = None if self._phases is None else self._phases.loading_pct(t_s)
        fed = {zone.names[row]: self._of_zone(row, found[zone.feeder.item(row)])
               for row in zone.rows().tolist() if zone.feeder.item(row) != NONE}
        for row, name in enumerate(zone.names):
            its = [fed[name]] if name in fed else []
            if len(self._counted.get(name, ())):
                its.append(self._of_limits(used, self._counted[name]))
            if its:
                self._enter(zone, row, name, stress.worst_of(its), t_s)
        everywhere = [stress.of_hub(fed)]
        if used is not None:
            everywhere.append(self._of_limits(used, np.arange(len(used))))
        self._enter(hub, 0, "hub", stress.worst_of(everywhere), t_s)
        hub.stress_max[0] = max(hub.stress_max.item(0), hub.stress.item(0))

    def _enter(self, table, row: int, name: str, its: stress.Stress, t_s: float) -> None:
        self.words[name], self.beyond[name] = its.words, its.beyond
        before = table.stress_level.item(row)
        after = int(stress.level(its.index, before))
        table.stress[row], table.stress_by[row] = its.index, its.limited_by
        table.stress_level[row] = after
        if after != before:
            self._report("stress_level", t_s, name, level=stress.Level(after).name.lower(),
                         words=its.words)

    def _of_limits(self, used: np.ndarray, which: np.ndarray) -> stress.Stress:
        names = self._phases.network.limits
        return stress.assess(stress.Reading(limits=[names[j] for j in which.tolist()],
                                            limit_loading_pct=used[which]))

    def _of_zone(self, row: int, feeder: stress.Stress) -> stress.Stress:
        """That of its feeder, unless some of its connectors are without supply."""
        connector = self._world.connector
        dead = np.count_nonzero(~connector.powered & (connector.zone == row))
        if not dead and self.supply.alive[self._world.zone.feeder.item(row)][0]:
            return feeder
        why = self.supply.why[self._world.zone.feeder.item(row)]
        return stress.Stress(1.0, stress.LimitedBy.NO_SUPPLY, f"no supply: {why}")

    def _reading(self, k: int) -> stress.Reading:
        feeder, state, table = self._feeders[k], self.states[k], self._world.feeder
        alive = self.supply.alive[k]
        return stress.Reading(
            transformer=feeder.transformer.name, loading_pct=table.loading_pct.item(k),
            hot_spot_c=table.hot_spot_c.item(k),
            nodes=[name for name, lives in zip(feeder.node_names, alive.tolist()) if lives],
            voltage_pu=state.voltage_pu[alive], lines=feeder.line_names,
            line_loading_pct=state.line_loading_pct, converged=bool(state.converged))


def _dark(state: FeederState) -> FeederState:
    """A feeder without voltage."""
    return replace(state, voltage_pu=np.zeros_like(state.voltage_pu),
                   line_loading_pct=np.zeros_like(state.line_loading_pct), transformer_loading_pct=0.0,
                   import_kw=0.0, import_kvar=0.0, losses_kw=0.0, converged=True)


def _limits_of(phases: PhaseMeter, connectors: np.ndarray) -> np.ndarray:
    """The limits that count any of the connectors (bool, by row), ascending; int (k,)."""
    return np.flatnonzero(phases.network.matrix[:, connectors].any(1))


def _warnings(scenario: Scenario, any_feeder: bool, has_base: bool) -> list[str]:
    """What the scenario says of feeders and then leaves without effect."""
    found = []
    if scenario.grid.feeder and not has_base:
        found.append("grid.feeder has no effect: every zone has a feeder of its own")
    if any_feeder and not has_base and scenario.grid.base_load != 0.0:
        found.append("grid.base_load hangs on no feeder, only zones do: no transformer carries it")
    return found


def _distinct(names: list[str]) -> list[str]:
    """The same with a number behind each that stands there twice."""
    return [name if names.count(name) == 1 else f"{name} {names[:k + 1].count(name)}"
            for k, name in enumerate(names)]
