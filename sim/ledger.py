"""The site's books: what energy went where while prices and factors stood still.

A row is closed whenever a price, a carbon factor or base load changes, so every energy in it has
one price and one factor. Vehicles' energies come from what sessions have booked, the grid's from
the meter. Production serves base load and charging first; what is beyond them is surplus. Fed
energy of vehicles is metered at the connector and settled on its own. As a row is
closed, sessions are booked the carbon of what they drew in it, by the site's mix in that row.
"""

from __future__ import annotations

import numpy as np

from entities.world import World
from sim.footprint import mix
from sim.meter import Meter
from sim.timing import HOUR_S

COLUMNS = ("since_s", "until_s", "band", "drawn_kwh", "fed_kwh", "base_kwh", "pv_kwh", "wind_kwh",
           "surplus_kwh", "import_kwh", "export_kwh", "buy", "scarcity", "sell", "feed_in",
           "co2_average", "renewable_share")


class Ledger:
    """Rows of `COLUMNS`. Prices and factors are the hub's columns, as they stood."""

    def __init__(self, world: World, meter: Meter):
        self._world, self._meter = world, meter
        self._rows: list[tuple] = []
        self._since_s = 0.0
        self._charged = world.session.charged_ac_kwh.copy()
        self._counted = self._counts()

    def grow(self) -> None:
        """Sessions were added to the world."""
        self._charged = np.append(self._charged, np.zeros(
            self._world.session.slots - len(self._charged)))

    def book(self, t_s: float, band: int) -> None:
        """Close the row of the stretch up to `t_s`, in which the tariff's `band` held. Sessions
        have to be settled and the meter to have come this far."""
        if t_s <= self._since_s:
            return
        counts = self._counts()
        drawn, fed, pv, wind, surplus, export = (
            max(now - before, 0.0) for now, before in zip(counts, self._counted))
        hub = self._world.hub
        base = hub.base_kw.item(0) * (t_s - self._since_s) / HOUR_S
        bought = max(base + drawn - fed - pv - wind + export, 0.0)
        self._rows.append((
            self._since_s, t_s, band, drawn, fed, base, pv, wind, surplus, bought, export,
            hub.price_buy.item(0), hub.scarcity.item(0), hub.price_sell.item(0),
            hub.price_feed_in.item(0), hub.co2_average.item(0), hub.renewable_share.item(0)))
        self._since_s, self._counted = t_s, counts
        if not np.isnan(hub.co2_average[0]):
            session = self._world.session
            row = dict(zip(COLUMNS, self._rows[-1]))
            session.co2_kg += (session.charged_ac_kwh - self._charged) * mix(row)
            self._charged = session.charged_ac_kwh.copy()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def until_s(self) -> float:
        """Up to when there are rows, s."""
        return self._since_s

    def columns(self) -> dict[str, np.ndarray]:
        """All rows as columns by name, each (rows,)."""
        values = list(zip(*self._rows)) or [()] * len(COLUMNS)
        return {name: np.array(column, int if name == "band" else float)
                for name, column in zip(COLUMNS, values)}

    def _counts(self) -> tuple[float, ...]:
        session, meter = self._world.session, self._meter
        return (float(session.charged_ac_kwh.sum()), float(session.discharged_ac_kwh.sum()),
                meter.pv_kwh, meter.wind_kwh, meter.surplus_kwh, meter.export_kwh)
