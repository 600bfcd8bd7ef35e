"""What the limits leave: room in kW that a control pass hands out and keeps account of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from sim.capacity import Tier
    from sim.grid.lines import LineRoom

ROUNDING_KW = 1e-7
"""Sums of powers differ by less than this though they ought to be equal."""


@dataclass
class Room:
    """What the limits leave, kW AC: a zone's in arrays of shape (zones,), the site's scalar.

    `into` is how much more may be drawn, `out` how much more may be fed; `lines` is what the
    site's three-phase network leaves, where it has one, `stations` and `transformers` what theirs do.
    """

    zone_in: np.ndarray
    zone_out: np.ndarray
    site_in: float
    site_out: float
    lines: LineRoom | None = None
    stations: Tier | None = None
    transformers: Tier | None = None

    @property
    def tiers(self) -> list[Tier]:
        """Limits of stations and transformers, where there are any."""
        return [tier for tier in (self.stations, self.transformers) if tier is not None]

    @property
    def outward(self) -> Room:
        """Turned to feeding: what may be fed stands where grants of power look for room."""
        return replace(self, zone_in=self.zone_out, site_in=self.site_out,
                       lines=self.lines and replace(self.lines, outward=True),
                       stations=self.stations and self.stations.outward,
                       transformers=self.transformers and self.transformers.outward)

    @property
    def has_more(self) -> bool:
        """Whether there are limits besides those of zones and site, which linear programs know."""
        return not (self.lines is self.stations is self.transformers is None)

    def take(self, zone: np.ndarray, drawn: np.ndarray, fed: np.ndarray,
             assured: np.ndarray, connector: np.ndarray) -> None:
        """Book what vehicles draw now, feed, and are sure to draw until the next decision."""
        if self.lines is not None:
            self.lines = self.lines.beside(connector, drawn, fed)
        self.stations, self.transformers = (
            tier and tier.beside(connector, drawn, fed, assured) for tier in (self.stations, self.transformers))
        zones = len(self.zone_in)
        net_in = np.bincount(zone, drawn - fed, zones)
        net_out = np.bincount(zone, fed - assured, zones)
        self.zone_in = self.zone_in - net_in
        self.zone_out = self.zone_out - net_out
        self.site_in -= float(net_in.sum())
        self.site_out -= float(net_out.sum())

    def book(self, drawn: np.ndarray, fed: np.ndarray) -> None:
        """Book what zones (zones,) draw at most and feed, and count on none of the charging."""
        self.zone_in = self.zone_in - (drawn - fed)
        self.zone_out = self.zone_out - fed
        self.site_in -= float((drawn - fed).sum())
        self.site_out -= float(fed.sum())

    def is_exceeded(self) -> bool:
        """Whether a limit is, by more than a rounding."""
        return min(self.site_in, self.site_out, *self.zone_in.tolist(),
                   *self.zone_out.tolist()) < -ROUNDING_KW


class Crowd(NamedTuple):
    """Vehicles that are not to be decided and not shown: what those that need energy could draw
    together in each zone, and what all draw at most, net of what they feed; kW AC, (zones,) or 0. The
    room has them booked."""

    demand_kw: np.ndarray | float = 0.0
    drawn_kw: np.ndarray | float = 0.0
