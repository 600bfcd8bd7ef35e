"""Optimal dispatch of flexible charging as a linear program, solved with HiGHS.

For jobs j (a vehicle's stay, or a class of alike ones) over steps k of a horizon, with energies
in kWh a step: c drawn and d fed at the connector, e stored at the step's end, u missing at the
departure,

    minimise   sum buy_k c_jk - sell_k d_jk + wear_j d_jk / eta_d + sum price_j u_j + demand * sum peak_p
    subject to e_jk = e_j(k-1) + eta_c c_jk - d_jk / eta_d         0 <= c, d <= what the step allows
               least_j <= e_jk <= most_j,   e_j(last) + u_j >= target_j,   u_j >= 0
               -export_k <= base_k + sum (c - d) / hours_k <= import_k, likewise in each zone
               base_w + sum (c - d) <= sum hours_wp peak_p, in each window w of steps

[the dispatch problem of Sortomme and El-Sharkawi, IEEE Trans. Smart Grid 2011, in energies]. There
is always a solution: to do nothing. Base load may be negative where the site produces; what is
beyond an export limit inverters hold back, so a limit that production alone would break asks no
vehicle to draw. Where base load alone breaks the import limit, vehicles together draw nothing in
that step. Drawing and feeding in one step is not forbidden (that would
take binaries); it pays only at negative prices, and a vehicle can do it by turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

UNSCALED = (1e-2, 1e3)
"""The solver's tolerances are absolute. Where the highest cost is not within these, costs are divided
by a power of two, which rounds nothing."""
LEAST_ROOM_KWH = 1e-7
"""The solver's feasibility tolerance: less room than this is none."""
HASTE = 1e-6
"""Of two dispatches that cost the same the earlier charging is taken: at the horizon's end a kWh
costs this share of the highest price more than at its start."""


class Unsolved(RuntimeError):
    """The solver found no optimum."""


@dataclass(frozen=True)
class Horizon:
    """T steps between `edges` (T + 1,) s: prices per kWh, base load kW (T,), limits kW of the site
    (T,) and of zones (zones, T), infinite where there is none. `base` (less production) counts for
    the site only; a zone's own production is already in its limits, which it moves."""

    edges: np.ndarray
    buy: np.ndarray
    sell: np.ndarray
    base: np.ndarray
    site_in: np.ndarray
    site_out: np.ndarray
    zone_in: np.ndarray
    zone_out: np.ndarray

    @property
    def hours(self) -> np.ndarray:
        """Length of each step, h (T,)."""
        return np.diff(self.edges) / 3600.0


@dataclass(frozen=True)
class Jobs:
    """m jobs. `first` and `last` (m,) are the steps [first, last) of their stay, at least one;
    energies kWh (m,); `draw_kwh` and `feed_kwh` (cells,) are the most that each moves in each of
    its steps, job after job; `missing_price` (m,) per kWh short of the target, `wear_cost` (m,) per
    battery-side kWh fed."""

    zone: np.ndarray
    first: np.ndarray
    last: np.ndarray
    start: np.ndarray
    target: np.ndarray
    least: np.ndarray
    most: np.ndarray
    charge_efficiency: np.ndarray
    discharge_efficiency: np.ndarray
    missing_price: np.ndarray
    wear_cost: np.ndarray
    draw_kwh: np.ndarray
    feed_kwh: np.ndarray

    def __len__(self) -> int:
        return len(self.zone)

    @property
    def offset(self) -> np.ndarray:
        """The first cell of each job; (m,)."""
        return np.cumsum(self.last - self.first) - (self.last - self.first)


@dataclass(frozen=True)
class Peaks:
    """A price per kW of the highest mean import of each period. Steps stand in windows, `window` (T,);
    `hours` (windows, periods) is how long each is in each period, `base_kwh` (windows,) its base load,
    `least_kw` what a peak is at least."""

    price: float
    window: np.ndarray
    hours: np.ndarray
    base_kwh: np.ndarray
    least_kw: float = 0.0

    @classmethod
    def of_steps(cls, horizon: Horizon, price: float) -> Peaks | None:
        """One period, in which each step counts by itself and base load's own peak is not shaved."""
        if not price:
            return None
        return cls(price, np.arange(len(horizon.buy)), horizon.hours[:, None],
                   horizon.base * horizon.hours, max(float(horizon.base.max()), 0.0))


@dataclass(frozen=True)
class Dispatch:
    """A solution: `drawn` and `fed` at the connector and `stored` at the step's end, kWh (cells,);
    `missing` kWh (m,); `cost` the minimum, currency; `import_value` (T,) what one more kW of the
    site's import limit would save in that step, currency; `peak_kw` (periods,) if they were priced."""

    drawn: np.ndarray
    fed: np.ndarray
    stored: np.ndarray
    missing: np.ndarray
    cost: float
    import_value: np.ndarray
    peak_kw: np.ndarray | None


def cells(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Job and step of each cell, int (cells,), for stays [first, last) of shape (m,)."""
    count = last - first
    job = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(job)) - np.repeat(np.cumsum(count) - count, count) + first[job]
    return job, step


def dispatch(horizon: Horizon, jobs: Jobs, peaks: Peaks | None = None) -> Dispatch:
    """The cheapest dispatch. Raises Unsolved if the solver finds none."""
    steps = len(horizon.buy)
    if not len(jobs) and peaks is None:
        none = np.zeros(0)
        return Dispatch(none, none, none, none, 0.0, np.zeros(steps), None)
    job, step = cells(jobs.first, jobs.last)
    feeding = np.flatnonzero(jobs.feed_kwh > 0.0)
    n, f, m = len(job), len(feeding), len(jobs)
    column = {"drawn": 0, "fed": n, "stored": n + f, "missing": 2 * n + f, "peak": 2 * n + f + m}
    width = column["peak"] + (0 if peaks is None else peaks.hours.shape[1])
    eta_c, eta_d = jobs.charge_efficiency[job], jobs.discharge_efficiency[job]

    middle = (horizon.edges[:-1] + horizon.edges[1:]) / 2.0 - horizon.edges[0]
    haste = HASTE * np.abs(horizon.buy).max() * middle / (horizon.edges[-1] - horizon.edges[0])
    cost, lower, upper = np.zeros(width), np.zeros(width), np.full(width, np.inf)
    cost[:n], upper[:n] = (horizon.buy + haste)[step], jobs.draw_kwh
    cost[n:n + f] = jobs.wear_cost[job[feeding]] / eta_d[feeding] - horizon.sell[step[feeding]]
    upper[n:n + f] = jobs.feed_kwh[feeding]
    lower[n + f:2 * n + f] = np.minimum(jobs.least, jobs.start)[job]
    upper[n + f:2 * n + f] = np.maximum(jobs.most, jobs.start)[job]
    cost[2 * n + f:2 * n + f + m] = jobs.missing_price
    if peaks is not None:
        cost[column["peak"]:], lower[column["peak"]:] = peaks.price, peaks.least_kw

    rows = _Rows()
    balance = rows.add(*_balance(jobs, step, job))
    cell = np.arange(n)
    rows.put(balance + cell, n + f + cell, np.ones(n))
    later = np.flatnonzero(step > jobs.first[job])
    rows.put(balance + later, n + f + later - 1, -np.ones(len(later)))
    rows.put(balance + cell, cell, -eta_c)
    rows.put(balance + feeding, n + np.arange(f), 1.0 / eta_d[feeding])
    short = rows.add(jobs.target, np.full(m, np.inf))
    rows.put(short + np.arange(m), n + f + jobs.offset + jobs.last - jobs.first - 1, np.ones(m))
    rows.put(short + np.arange(m), 2 * n + f + np.arange(m), np.ones(m))

    def net_rows(low, high, of_cell, row_of_cell) -> int:
        """Rows for the net energy drawn, between powers kW, of the cells where the mask holds."""
        begin = rows.add(_or_none(low * horizon.hours), _or_none(high * horizon.hours))
        mine, mine_fed = np.flatnonzero(of_cell), np.flatnonzero(of_cell[feeding])
        rows.put(begin + row_of_cell[mine], mine, np.ones(len(mine)))
        rows.put(begin + row_of_cell[feeding[mine_fed]], n + mine_fed, -np.ones(len(mine_fed)))
        return begin

    everyone = np.ones(n, bool)
    site = net_rows(-np.maximum(horizon.site_out + horizon.base, 0.0), _room(horizon.site_in, horizon.base),
                    everyone, step)
    for zone in range(len(horizon.zone_in)):
        if np.isfinite([horizon.zone_in[zone], horizon.zone_out[zone]]).any():
            net_rows(-np.maximum(horizon.zone_out[zone], 0.0), np.maximum(horizon.zone_in[zone], 0.0),
                     jobs.zone[job] == zone, step)
    if peaks is not None:
        windows = len(peaks.base_kwh)
        begin = rows.add(np.full(windows, -np.inf), -peaks.base_kwh)
        rows.put(begin + peaks.window[step], cell, np.ones(n))
        rows.put(begin + peaks.window[step[feeding]], n + np.arange(f), -np.ones(f))
        row, period = np.nonzero(peaks.hours)
        rows.put(begin + row, column["peak"] + period, -peaks.hours[row, period])

    values, duals = _solve(cost, lower, upper, rows)
    fed = np.zeros(n)
    fed[feeding] = values[n:n + f]
    plain = cost.copy()
    plain[:n] = horizon.buy[step]
    return Dispatch(values[:n], fed, values[n + f:2 * n + f], values[2 * n + f:2 * n + f + m],
                    float(plain @ values), np.maximum(-duals[site:site + steps], 0.0) * horizon.hours,
                    None if peaks is None else values[column["peak"]:])


def _balance(jobs: Jobs, step: np.ndarray, job: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Right-hand sides of the energy balance: what was stored before the first step."""
    side = np.where(step == jobs.first[job], jobs.start[job], 0.0)
    return side, side


def _room(limit: np.ndarray, base: np.ndarray) -> np.ndarray:
    """What vehicles together may draw; nothing where base load alone is over the limit."""
    return np.maximum(limit - base, 0.0)


def _or_none(energy: np.ndarray) -> np.ndarray:
    return np.where(np.abs(energy) < LEAST_ROOM_KWH, 0.0, energy)


class _Rows:
    """The constraint matrix as it is put together."""

    def __init__(self):
        self.low: list[np.ndarray] = []
        self.high: list[np.ndarray] = []
        self.entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.count = 0

    def add(self, low: np.ndarray, high: np.ndarray) -> int:
        """Rows with these bounds; returns the number of the first."""
        begin, self.count = self.count, self.count + len(low)
        self.low.append(low)
        self.high.append(high)
        return begin

    def put(self, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
        self.entries.append((row, column, value))


def _solve(cost: np.ndarray, lower: np.ndarray, upper: np.ndarray,
           rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Values of the columns and duals of the rows; one thread, so that it repeats itself. Where the
    simplex method gives up, the interior point method has a try. Raises Unsolved."""
    import highspy

    class Quiet(highspy.Highs):
        """From 1.16 on the constructor writes a banner on stdout unless it is told first."""

        def enableCallbacks(self):
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    row, column, value = (np.concatenate(parts) for parts in zip(*rows.entries))
    highest = float(np.abs(cost).max(initial=0.0))
    usual = not highest or UNSCALED[0] <= highest <= UNSCALED[1]
    scale = 1.0 if usual else 2.0 ** np.ceil(np.log2(highest))
    order = np.lexsort((row, column))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), rows.count
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost / scale, lower, upper
    lp.row_lower_, lp.row_upper_ = np.concatenate(rows.low), np.concatenate(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(column[order], np.arange(len(cost) + 1)).astype(np.int32)
    lp.a_matrix_.index_ = row[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order]
    solver = Quiet()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    for method in ("choose", "ipm"):
        solver.setOptionValue("solver", method)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            solution = solver.getSolution()
            return np.array(solution.col_value), np.array(solution.row_dual) * scale
        solver.clearSolver()
    raise Unsolved(f"HiGHS: {solver.modelStatusToString(solver.getModelStatus())}")
