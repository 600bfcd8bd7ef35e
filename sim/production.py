"""PV and wind of the site and its zones: what they could give, and what they may.

Both change all the time with the weather, while everything else about a site's power is constant
or falls between two control decisions. So production is held for a control interval at its mean
over that interval (of its values every five minutes or less), which keeps energies right and
makes it a step curve that is known ahead, like base load.

Panels: P = kWp * G/1000 * (1 + c (Tcell - 25)) * 0.86, with Tcell = T + (NOCT - 20)/800 * G.
c = -0.0035/K and losses of 14 % are PVWatts' [Dobos, NREL/TP-6A20-62641 (2014), premium module];
NOCT 45 degC (prior). Wind: cubic between cut-in and rated speed at hub height, over which the
wind grows with the seventh root of height [Justus and Mikhail, GRL 3 (1976)]; hub 30 m, cut-in 3,
rated 12, cut-out 25 m/s (priors, a small turbine).

Where an export limit is finite, inverters hold back what would break it. `firm` is what is let
through whatever vehicles do, and the import that control hands out may count on no more, so that
holding back never breaks an import limit.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from entities.world import World
from sim.meter import Meter
from sim.room import Room
from sim.scenario import Scenario
from sim.steps import Steps
from sim.weather import Weather

PER_KELVIN = -0.0035
LOSSES = 0.14
CELL_KELVIN_PER_W_M2 = (45.0 - 20.0) / 800.0
MEASURED_AT_M, HUB_M, SHEAR = 10.0, 30.0, 1.0 / 7.0
CUT_IN, RATED, CUT_OUT = 3.0, 12.0, 25.0
SAMPLE_S = 300.0


def pv_yield(panel_w_m2: np.ndarray, temperature_c: np.ndarray) -> np.ndarray:
    """Output of a kWp of panels, kW AC (n,), 0..1."""
    cell = temperature_c + CELL_KELVIN_PER_W_M2 * panel_w_m2
    power = panel_w_m2 / 1000.0 * (1.0 + PER_KELVIN * (cell - 25.0)) * (1.0 - LOSSES)
    return np.clip(power, 0.0, 1.0)


def wind_yield(wind_m_s: np.ndarray) -> np.ndarray:
    """Output of a kW of turbine, kW AC (n,), for wind measured at 10 m; 0..1."""
    speed = wind_m_s * (HUB_M / MEASURED_AT_M) ** SHEAR
    rising = np.clip((speed**3 - CUT_IN**3) / (RATED**3 - CUT_IN**3), 0.0, 1.0)
    return np.where(speed < CUT_OUT, rising, 0.0)


class Production:
    """Sources of one world: an entry for each zone, and the last for the site's own.

    `pv` and `wind` (kW per kW installed) are step curves with a step a control interval.
    """

    def __init__(self, scenario: Scenario, weather: Weather, horizon_s: float):
        places = [*scenario.site.zones, scenario.site]
        self._pv_kwp = np.array([place.pv_kwp for place in places])
        self._wind_kw = np.array([place.wind_kw for place in places])
        self.present = bool(self._pv_kwp.any() or self._wind_kw.any())
        if self.present:
            self.pv, self.wind = _yields(scenario, weather, horizon_s)

    def foresee(self, scenario: Scenario, weather: Weather, horizon_s: float, after_s: float) -> None:
        """The weather is another than was known: reckon anew what begins after `after_s`."""
        pv, wind = _yields(scenario, weather, horizon_s)
        later = pv.starts > after_s
        self.pv = Steps(pv.starts, np.where(later, pv.values, self.pv.values))
        self.wind = Steps(wind.starts, np.where(later, wind.values, self.wind.values))

    def total(self) -> Steps:
        """All that could be produced, kW."""
        kw = self._pv_kwp.sum() * self.pv.values + self._wind_kw.sum() * self.wind.values
        return Steps(self.pv.starts, kw)

    def in_zones(self) -> Steps:
        """What could be produced in each zone, kW, values of shape (steps, zones)."""
        if not self.present:
            return Steps(np.zeros(1), np.zeros((1, len(self._pv_kwp) - 1)))
        return Steps(self.pv.starts, (np.outer(self.pv.values, self._pv_kwp)
                                      + np.outer(self.wind.values, self._wind_kw))[:, :-1])

    def at(self, t_s: float) -> np.ndarray:
        """What could be produced by PV and by wind; kW (2, places)."""
        return np.stack([self._pv_kwp * self.pv.at(t_s), self._wind_kw * self.wind.at(t_s)])


class Inverters:
    """What of a production is let through now. Writes the columns and tells the meter. `connected` says
    which zones, and last the site's own, are not cut off; bool (zones + 1,)."""

    def __init__(self, world: World, meter: Meter, production: Production):
        self._world, self._meter, self._production = world, meter, production
        self._could = np.zeros((2, world.zone.slots + 1))
        self._firm = np.zeros(world.zone.slots + 1)
        self.connected = np.ones(world.zone.slots + 1, bool)

    def may_hold_back(self) -> bool:
        """Whether some export limit is finite, so that production may have to be held back."""
        hub, zone = self._world.hub, self._world.zone
        return self._production.present and bool(
            np.isfinite(hub.export_limit_kw[0]) or np.isfinite(zone.export_limit_kw).any())

    @property
    def sure_and_possible(self) -> tuple[np.ndarray, np.ndarray]:
        """What `room` counts on for import, and for export; kW (zones + 1,), the last the site's own."""
        return self._firm, self._could.sum(axis=0)

    def renew(self, t_s: float) -> None:
        """Let through all that can be produced from `t_s` on."""
        self._could = self._production.at(t_s) * self.connected
        self._let_through(self._could)

    def room(self) -> Room:
        """What limits leave to vehicles, counting on firm production for import and on all of it
        for export."""
        hub, zone = self._world.hub, self._world.zone
        base = hub.base_kw.item(0)
        could = self._could.sum(axis=0)
        site_out = hub.export_limit_kw.item(0) + base
        firm = np.minimum(could, np.append(zone.export_limit_kw, np.inf))
        if firm.sum() > site_out:
            firm *= site_out / firm.sum()
        self._firm = firm
        return Room(zone.import_limit_kw + firm[:-1], zone.export_limit_kw - could[:-1],
                    hub.import_limit_kw.item(0) - base + float(firm.sum()),
                    site_out - float(could.sum()))

    def hold_back(self, room: Room) -> None:
        """Hold back what the export limits have no room for, when vehicles have taken theirs."""
        could = self._could.sum(axis=0)
        spare = could - self._firm
        cut = np.append(np.clip(-room.zone_out, 0.0, spare[:-1]), 0.0)
        spare -= cut
        over = min(max(-(room.site_out + float(cut.sum())), 0.0), float(spare.sum()))
        if over > 0.0:
            cut += spare * (over / spare.sum())
        self._let_through(self._could * np.where(could > 0.0, (could - cut) / np.where(
            could > 0.0, could, 1.0), 0.0))

    def _let_through(self, kw: np.ndarray) -> None:
        hub, zone = self._world.hub, self._world.zone
        zone.pv_kw[:], zone.wind_kw[:] = kw[:, :-1]
        hub.pv_kw[0], hub.wind_kw[0] = kw.sum(axis=1)
        self._meter.produce(kw.sum(axis=0)[:-1].tolist(), hub.pv_kw.item(0), hub.wind_kw.item(0))


def _yields(scenario: Scenario, weather: Weather, horizon_s: float) -> tuple[Steps, Steps]:
    interval = scenario.control_interval
    ticks = int(horizon_s // interval) + 1
    samples = max(1, ceil(interval / SAMPLE_S))
    starts = interval * np.arange(ticks)
    times = (starts[:, None] + interval / samples * (np.arange(samples) + 0.5)).ravel()
    site = scenario.site
    panel = weather.sun.on_panel(times, weather.ghi_w_m2(times), site.pv_tilt_deg,
                                 site.pv_azimuth_deg)
    pv = pv_yield(panel, weather.temperature_c(times)).reshape(ticks, samples).mean(axis=1)
    wind = wind_yield(weather.wind_m_s(times)).reshape(ticks, samples).mean(axis=1)
    return Steps(starts, pv), Steps(starts, wind)
