"""What the columns were: every segment that began; figures of the site, zones and feeders at each
control tick and whenever the grid's frequency has moved or vehicles answer it otherwise; and every
battery's health at the end of each ageing day.

Segments are in the order of `seq`: of two that a vehicle begins at one instant the later counts.
A segment row is enough to know a vehicle's stored energy and power at any moment until its
next row (see sim.battery.segments), so the past needs no re-simulation to be looked at.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from entities.components import Place, Status
from entities.table import Table
from sim import earnings
from sim.tally import Tally, tally

COUNTS = ("vehicle", "zone", "feeder", "plugged", "queued", "faulted", "offline")
SEGMENT_COLUMNS = ("energy0_kwh", "power0_kw", "rate_per_h", "setpoint_kw")
HUB_COLUMNS = ("pv_kw", "wind_kw", "ambient_c", "scarcity", "co2_average", "co2_marginal",
               "renewable_share", "frequency_hz", "support_kw")
LINE_COLUMNS = ("line_a_a", "line_b_a", "line_c_a", "unbalance")
"""Currents of the lines A, B, C of a three-phase network, A, and their unbalance; NaN without one."""
CONDITION_COLUMNS = ("stress", "transformer_loading_pct", "hot_spot_c", "line_loading_pct",
                     "voltage_min_pu", "voltage_max_pu", "ghi_w_m2", "wind_m_s", "v2g_net",
                     "soh_mean")
"""Of the hub, of the worst feeder, of the weather and of the fleet (currency, net of energy and wear;
mean at the last day's end). What a scenario does not have is NaN."""
ZONE_COLUMNS = ("t_s", "zone", "net_kw", "stress")
FEEDER_COLUMNS = ("loading_pct", "hot_spot_c", "life_used_h", "line_loading_pct", "voltage_min_pu",
                  "voltage_max_pu", "import_kw", "losses_kw", "converged")
HEALTH_COLUMNS = ("soh", "fade_calendar", "fade_cycling", "efc", "wear_cost", "v2g_wear_cost",
                  "years_left", "outside_tested")
"""Of feeders and of vehicles, by the names of their columns; costs are the run's so far."""
SERIES_COLUMNS = ("t_s", "net_kw", "drawn_kw", "fed_kw", "base_kw", "price_buy", "price_sell",
                  "import_limit_kw", "export_limit_kw", "plugged", "queued", "faulted", "offline",
                  *LINE_COLUMNS, *HUB_COLUMNS, *CONDITION_COLUMNS, *Tally._fields)


class History:
    """Collects rows until `take` hands them over."""

    def __init__(self):
        self._segments: list[tuple] = []
        self._taken = 0
        self._rows = 0
        self._series: list[tuple] = []
        self._zones: list[list[tuple]] = []
        self._feeders: list[list[tuple]] = []
        self._health: list[tuple] = []

    def segment(self, t_s: float, rows, vehicle: Table) -> None:
        """Vehicles `rows` (a slot or an array of slots) began new segments at `t_s`."""
        self._rows += int(np.size(rows))
        self._segments.append((t_s, rows, *(getattr(vehicle, c)[rows] for c in SEGMENT_COLUMNS)))

    def sample(self, t_s: float, model) -> None:
        """The site's figures at `t_s`; of one instant the last count."""
        if self._series and self._series[-1][0] == t_s:
            for told in (self._series, self._zones, self._feeders):
                told.pop()
        self._series.append(series_row(t_s, model))
        self._zones.append([(t_s, zone, model.meter.net_kw(t_s, zone), stress)
                            for zone, stress in enumerate(model.world.zone.stress.tolist())])
        feeder = model.world.feeder
        self._feeders.append(_rows(t_s, feeder, feeder.rows(), FEEDER_COLUMNS))

    def day(self, t_s: float, model) -> None:
        """An ageing day ended at `t_s`."""
        vehicle, rows = model.world.vehicle, model.world.vehicle.rows()
        depth = zip(model.health.dod_last_day.tolist())
        told = _rows(t_s, vehicle, rows, HEALTH_COLUMNS)
        self._health += [row + dod for row, dod in zip(told, depth)]
        self._rows += len(rows)

    def __len__(self) -> int:
        """Rows that wait to be taken."""
        return self._rows + len(self._series)

    def take(self, hold: bool = False) -> dict[str, dict[str, np.ndarray]]:
        """The tables `segments`, `series`, `zones`, `feeders` and `health` since the last call, as
        columns by name, and forget them. `hold`: but for the site's figures of the last instant, which may
        be taken anew yet."""
        keep = len(self._series) - (hold and len(self._series) > 0)
        segments = columns(("t0_s", "vehicle", *SEGMENT_COLUMNS), _flat(self._segments))
        segments["seq"] = self._taken + np.arange(len(segments["t0_s"]))
        self._taken += len(segments["seq"])
        series = columns(SERIES_COLUMNS, self._series[:keep])
        zones = columns(ZONE_COLUMNS, chain.from_iterable(self._zones[:keep]))
        feeders = columns(("t_s", "feeder", *FEEDER_COLUMNS), chain.from_iterable(self._feeders[:keep]))
        health = columns(("t_s", "vehicle", *HEALTH_COLUMNS, "dod"), self._health)
        self._segments, self._health, self._rows = [], [], 0
        self._series, self._zones, self._feeders = (told[keep:] for told in (self._series, self._zones, self._feeders))
        return {"segments": segments, "series": series, "zones": zones, "feeders": feeders,
                "health": health}


class Both:
    """Tells several histories, `told`, the same."""

    def __init__(self, *histories):
        self.told = histories

    def segment(self, t_s: float, rows, vehicle: Table) -> None:
        """As `History.segment`."""
        for history in self.told:
            history.segment(t_s, rows, vehicle)

    def sample(self, t_s: float, model) -> None:
        """As `History.sample`."""
        for history in self.told:
            history.sample(t_s, model)

    def day(self, t_s: float, model) -> None:
        """As `History.day`."""
        for history in self.told:
            history.day(t_s, model)


def series_row(t_s: float, model) -> tuple:
    """The site's figures at `t_s`, from now until the next event: one value for each of SERIES_COLUMNS."""
    net, drawn, fed = model.site_power(t_s)
    hub, place = model.world.hub, model.world.vehicle.place
    return (
        t_s, net, drawn, fed, hub.base_kw.item(0), hub.price_buy.item(0),
        hub.price_sell.item(0), hub.import_limit_kw.item(0), hub.export_limit_kw.item(0),
        int(np.count_nonzero(place == Place.PLUGGED)),
        int(np.count_nonzero(place == Place.QUEUED)),
        int(np.count_nonzero(model.world.connector.status == Status.FAULTED)),
        int(np.count_nonzero(~model.world.station.online)), *_lines(model, t_s),
        *(getattr(hub, name).item(0) for name in HUB_COLUMNS), *_conditions(model, t_s),
        *tally(model, t_s))


def columns(names: tuple[str, ...], rows) -> dict[str, np.ndarray]:
    """Rows as columns by name: counts as int64, all else as floats."""
    values = list(zip(*rows)) or [()] * len(names)
    return {name: np.array(column, np.int64 if name in COUNTS else float)
            for name, column in zip(names, values)}


def _lines(model, t_s: float) -> list[float]:
    if model.phases is None:
        return [float("nan")] * len(LINE_COLUMNS)
    currents = model.phases.currents(t_s)
    network = model.phases.network
    return [*np.abs(network.line_currents(currents)).tolist(), float(network.unbalance(currents))]


def _conditions(model, t_s: float) -> list[float]:
    """The values of `CONDITION_COLUMNS`."""
    feeder, weather, vehicle = model.world.feeder, model.conditions.weather, model.world.vehicle
    nothing = [float("nan")]
    grid = 5 * nothing if not len(feeder) else [
        feeder.loading_pct.max().item(), feeder.hot_spot_c.max().item(),
        feeder.line_loading_pct.max().item(), feeder.voltage_min_pu.min().item(),
        feeder.voltage_max_pu.max().item()]
    sky = 2 * nothing if weather.sun is None else [
        float(weather.ghi_w_m2(t_s)), float(weather.wind_m_s(t_s))]
    known = model.health is not None and len(vehicle) > 0
    return [model.world.hub.stress.item(0), *grid, *sky, earnings.total_net(model, t_s),
            *([vehicle.soh[vehicle.rows()].mean().item()] if known else nothing)]


def _rows(t_s: float, table: Table, rows: np.ndarray, names: tuple[str, ...]) -> list[tuple]:
    """(t_s, row, values of the columns `names`) of each of `rows`."""
    return list(zip([t_s] * len(rows), rows.tolist(), *(getattr(table, c)[rows].tolist() for c in names)))


def _flat(blocks: list[tuple]):
    """One row a vehicle, of blocks that hold one vehicle or many."""
    for t_s, rows, *values in blocks:
        if np.ndim(rows) == 0:
            yield (t_s, int(rows), *map(float, values))
        else:
            yield from zip([t_s] * len(rows), rows.tolist(), *(v.tolist() for v in values))
