"""What stations and transformers carry, as limits that control keeps besides zones' and the site's.

A station with a `max_kw` shares it among its connectors, whichever way power goes. A transformer that is
kept (`grid.keep_transformers`) limits what the zones behind it and the base load there draw or feed
together, less what is produced there, to its rating times the share of it that may be used now. Power
counts at unity power factor and without the losses of lines, so that a power flow may show some per
cent more. No two stations share a connector, nor do two transformers; so limits nest: a station in a
zone, zones behind a transformer, all at the site.

Production alone may go beyond a rating: inverters keep export limits, which a transformer has none of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from entities.components import NONE, Reason
from entities.world import World
from sim.grid.feeder import Feeder
from sim.scenario import Scenario
from sim.sharing import level, scale, spread


@dataclass(frozen=True, eq=False)
class Tier:
    """Limits of one kind, each of a group of connectors. `of`, int (connectors,), is the group of each;
    the last one has no limit and takes those that are in none. `into` and `out` (groups + 1,) are how
    much more each may draw and feed, kW AC, `reason` is what is told of whom it holds back.

    Of load other than vehicles behind it a group has `base` (groups + 1,) of the site's net load and
    `made` (groups + 1, zones) of zones' production; None where there is none.
    """

    of: np.ndarray
    into: np.ndarray
    out: np.ndarray
    reason: Reason
    base: np.ndarray | None = None
    made: np.ndarray | None = None

    @property
    def outward(self) -> Tier:
        """Turned to feeding."""
        return replace(self, into=self.out, out=self.into)

    def beside(self, connector: np.ndarray, drawn, fed, assured=0.0) -> Tier:
        """What is left beside vehicles at `connector` (n,) that draw up to `drawn`, feed `fed` and are
        sure to draw `assured`, kW AC (n,) each."""
        group, count = self.of[connector], len(self.into)

        def total(kw) -> np.ndarray:
            return np.bincount(group, np.broadcast_to(kw, group.shape), count)

        return replace(self, into=self.into - total(drawn - fed), out=self.out - total(fed - assured))

    def left(self, connector: np.ndarray) -> np.ndarray:
        """How much more the group of each may draw, kW AC (n,)."""
        return self.into[self.of[connector]]

    def fill(self, connector: np.ndarray, want: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Give each of the vehicles what it wants, kW AC (n,), in `order`, until its group is full."""
        return spread(self.of[connector], np.maximum(self.into, 0.0), want, order) if len(want) else want

    def level(self, connector: np.ndarray, want: np.ndarray) -> np.ndarray:
        """Max-min fair shares within each group; (n,)."""
        return level(self.of[connector], np.maximum(self.into, 0.0), want)

    def scale(self, connector: np.ndarray, want: np.ndarray) -> np.ndarray:
        """The same share of what each wants within a group; (n,)."""
        return scale(self.of[connector], np.maximum(self.into, 0.0), want)

    def ahead(self, base_now: float, base: np.ndarray, made_now: np.ndarray, made: np.ndarray) -> np.ndarray:
        """What `into` will be in k steps with the site's net load `base` (k,) and zones' production
        `made` (k, zones), which are `base_now` and `made_now` (zones,) at present; kW (k, groups + 1)."""
        if self.base is None:
            return np.broadcast_to(self.into, (len(base), len(self.into)))
        more = np.outer(base - base_now, self.base) + np.einsum("kz,gz->kg", made - made_now, self.made)
        return self.into - more


class Capacity:
    """The limits of one world's stations and transformers. `station_kw` (stations,) is infinite where
    there is none; `keeps_transformers` says whether those count. `tiers` are their limits without
    anyone's power, from the inner to the outer; `limits` are (what, name, feeder) of the groups of each."""

    def __init__(self, world: World, scenario: Scenario, feeders: Sequence[Feeder], has_base: bool):
        self._world, self._has_base = world, has_base
        self.station_kw = station_limits(scenario)
        limited = np.flatnonzero(np.isfinite(self.station_kw))
        group = np.full(len(self.station_kw), len(limited))
        group[limited] = np.arange(len(limited))
        kw = np.append(self.station_kw[limited], np.inf)
        self._stations = Tier(group[world.connector.station], kw, kw, Reason.STATION) if len(limited) else None
        self.station_rows = limited
        self.keeps_transformers = scenario.grid.keep_transformers and bool(feeders)
        self.transformers = [feeder.transformer.name for feeder in feeders]
        self._rated_kw = np.array([feeder.transformer.rated_kva for feeder in feeders])
        of_zone = np.where(world.zone.feeder == NONE, len(feeders), world.zone.feeder)
        self._of = of_zone[world.connector.zone]
        self._behind = of_zone == np.arange(len(feeders) + 1)[:, None]
        self._base = np.zeros(len(feeders) + 1)
        self._base[:1] = float(has_base)
        # Of the site's net load all production is taken off already.
        self._made = np.where(self._base[:, None] > 0.0, ~self._behind, -1.0 * self._behind)
        self._made[-1] = 0.0

    @property
    def present(self) -> bool:
        """Whether anything is limited."""
        return self._stations is not None or self.keeps_transformers

    def stations(self) -> Tier | None:
        """The stations' limits when no vehicle moves power; None where none has any."""
        return self._stations

    def behind_transformers(self, firm: np.ndarray, could: np.ndarray) -> Tier | None:
        """What is left of transformers' ratings when no vehicle moves power, if production is `firm` or
        all that it `could` be, kW (zones + 1,), the last the site's own; None if they are not kept."""
        if not self.keeps_transformers:
            return None
        rating = np.append(self.rating_kw, np.inf)
        return Tier(self._of, rating - self.load_kw(firm), rating + self.load_kw(could), Reason.TRANSFORMER,
                    self._base, self._made)

    @property
    def rating_kw(self) -> np.ndarray:
        """What may be used of each transformer's rating now, kW (feeders,)."""
        return self._rated_kw * self._world.feeder.rating_share

    def load_kw(self, made: np.ndarray) -> np.ndarray:
        """Base load behind each transformer less what is `made` there, kW (zones + 1,), the last the
        site's own; (feeders + 1,), 0 for those behind none."""
        load = self._base * (self._world.hub.base_kw.item(0) - made[-1]) \
            - np.einsum("gz,z->g", 1.0 * self._behind, made[:-1])
        load[-1] = 0.0
        return load

    def made_kw(self) -> np.ndarray:
        """What zones and, last, the site's own sources produce now, kW (zones + 1,)."""
        hub, zone = self._world.hub, self._world.zone
        zones = zone.pv_kw + zone.wind_kw
        return np.append(zones, hub.pv_kw.item(0) + hub.wind_kw.item(0) - zones.sum())

    def transformer_of(self, connector: int) -> str:
        """The name of the transformer that a connector hangs behind."""
        return self.transformers[self._of.item(connector)]


def station_limits(scenario: Scenario) -> np.ndarray:
    """`max_kw` of each station in the order of their rows, infinite where there is none; (stations,)."""
    return np.array([np.inf if spec.max_kw is None else spec.max_kw for zone in scenario.site.zones
                     for spec in zone.stations for _ in range(spec.count)])
