"""What the columns were: every segment that began, and the site's figures at each control tick and
whenever the grid's frequency has moved or vehicles answer it otherwise.

Segments are in the order of `seq`: of two that a vehicle begins at one instant the later counts.
A segment row is enough to know a vehicle's stored energy and power at any moment until its
next row (see sim.battery.segments), so the past needs no re-simulation to be looked at.
"""

from __future__ import annotations

import numpy as np

from entities.components import Place, Status
from entities.table import Table

COUNTS = ("vehicle", "plugged", "queued", "faulted", "offline")
SEGMENT_COLUMNS = ("energy0_kwh", "power0_kw", "rate_per_h", "setpoint_kw")
HUB_COLUMNS = ("pv_kw", "wind_kw", "ambient_c", "scarcity", "co2_average", "co2_marginal",
               "renewable_share", "frequency_hz", "support_kw")
LINE_COLUMNS = ("line_a_a", "line_b_a", "line_c_a", "unbalance")
"""Currents of the lines A, B, C of a three-phase network, A, and their unbalance; NaN without one."""
SERIES_COLUMNS = ("t_s", "net_kw", "drawn_kw", "fed_kw", "base_kw", "price_buy", "price_sell",
                  "import_limit_kw", "export_limit_kw", "plugged", "queued", "faulted", "offline",
                  *LINE_COLUMNS, *HUB_COLUMNS)


class History:
    """Collects rows until `take` hands them over."""

    def __init__(self):
        self._segments: list[tuple] = []
        self._taken = 0
        self._rows = 0
        self._series: list[tuple] = []

    def segment(self, t_s: float, rows, vehicle: Table) -> None:
        """Vehicles `rows` (a slot or an array of slots) began new segments at `t_s`."""
        self._rows += int(np.size(rows))
        self._segments.append((t_s, rows, *(getattr(vehicle, c)[rows] for c in SEGMENT_COLUMNS)))

    def sample(self, t_s: float, model) -> None:
        """The site's figures at `t_s`; of one instant the last count."""
        if self._series and self._series[-1][0] == t_s:
            self._series.pop()
        net, drawn, fed = model.site_power(t_s)
        hub, place = model.world.hub, model.world.vehicle.place
        self._series.append((
            t_s, net, drawn, fed, hub.base_kw.item(0), hub.price_buy.item(0),
            hub.price_sell.item(0), hub.import_limit_kw.item(0), hub.export_limit_kw.item(0),
            int(np.count_nonzero(place == Place.PLUGGED)),
            int(np.count_nonzero(place == Place.QUEUED)),
            int(np.count_nonzero(model.world.connector.status == Status.FAULTED)),
            int(np.count_nonzero(~model.world.station.online)), *_lines(model, t_s),
            *(getattr(hub, name).item(0) for name in HUB_COLUMNS)))

    def __len__(self) -> int:
        """Rows that wait to be taken."""
        return self._rows + len(self._series)

    def take(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Segments and series since the last call, as columns by name, and forget them."""
        segments = _columns(("t0_s", "vehicle", *SEGMENT_COLUMNS), _flat(self._segments))
        segments["seq"] = self._taken + np.arange(len(segments["t0_s"]))
        self._taken += len(segments["seq"])
        series = _columns(SERIES_COLUMNS, self._series)
        self._segments, self._series, self._rows = [], [], 0
        return segments, series


def _lines(model, t_s: float) -> list[float]:
    if model.phases is None:
        return [float("nan")] * len(LINE_COLUMNS)
    currents = model.phases.currents(t_s)
    network = model.phases.network
    return [*np.abs(network.line_currents(currents)).tolist(), float(network.unbalance(currents))]


def _flat(blocks: list[tuple]):
    """One row a vehicle, of blocks that hold one vehicle or many."""
    for t_s, rows, *values in blocks:
        if np.ndim(rows) == 0:
            yield (t_s, int(rows), *map(float, values))
        else:
            yield from zip([t_s] * len(rows), rows.tolist(), *(v.tolist() for v in values))


def _columns(names: tuple[str, ...], rows) -> dict[str, np.ndarray]:
    columns = list(zip(*rows)) or [()] * len(names)
    return {name: np.array(values, np.int64 if name in COUNTS else float)
            for name, values in zip(names, columns)}
