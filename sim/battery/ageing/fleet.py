"""Ageing of a fleet along a run: a sample each hour, a step each day, a preview in between.

The preview is the day's step over what there is of the day so far: hours to come count as
rest, and time averages are those of the hours so far. At the day's end it is the day's result
to the last bit, because both are the same function of the same samples. Cycling only grows
along a day, up to a reversal within an hour, which hourly samples do not see; calendar fade
may settle by about a hundredth of the day's share when a battery comes to rest far emptier.

What V2G costs is found by a pair: beside each day runs one without V2G, on which the battery
stays by so much fuller as was fed and not yet charged again. Charging first makes good what
was fed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.battery.ageing import day as days
from sim.battery.ageing.cell import Cell
from sim.battery.ageing.day import Day
from sim.battery.ageing.outlook import YEAR_D, v2g_fade, wear_cost, years_left
from sim.battery.ageing.settings import AgeingSettings
from sim.battery.ageing.state import State, fresh

# An ordinary day (prior): home at half past six with 50 %, charged to 80 % by 7 kW of 60 kWh,
# out and back again by day, 15 degrees Celsius.
_ORDINARY_SOC = np.interp(np.arange(25.0), [0, 3, 8, 9, 17, 18, 24], [.5, .8, .8, .65, .65, .5, .5])
_ORDINARY_CELSIUS = np.full(25, 15.0)


@dataclass(frozen=True, slots=True)
class Health:
    """What is told of each vehicle; arrays of shape (n,), money in the pack price's currency.

    soh = 1 - calendar - cycling; cycling includes break-in. efc since new. dod, fade_today,
    wear_today: of this day so far. v2g_wear_today: V2G's part of wear_today, negative where it
    spares the battery; v2g_wear_per_kwh the same for each kWh fed today, v2g_life_wear_per_kwh
    averaged over a life of such days (NaN where nothing was fed). years_left to the end of
    life if all days are like the last whole one, inf beyond fifty. outside_temperature,
    outside_c_rate: today left what the cell was tested in.
    """

    soh: np.ndarray
    calendar: np.ndarray
    cycling: np.ndarray
    efc: np.ndarray
    dod: np.ndarray
    fade_today: np.ndarray
    wear_today: np.ndarray
    v2g_wear_today: np.ndarray
    v2g_wear_per_kwh: np.ndarray
    v2g_life_wear_per_kwh: np.ndarray
    years_left: np.ndarray
    outside_temperature: np.ndarray
    outside_c_rate: np.ndarray

    @property
    def outside_tested_range(self) -> np.ndarray:
        """Whether the model was asked beyond its tests today, bool (n,)."""
        return self.outside_temperature | self.outside_c_rate


@dataclass(slots=True)
class _Group:
    """The vehicles of one chemistry: their cell, their days with and without V2G."""

    cell: Cell
    rows: np.ndarray
    scalar: np.ndarray
    price: np.ndarray
    day: Day | None = None
    without: Day | None = None


class FleetAgeing:
    """Ageing of n vehicles. `state` holds their columns as of the last day's end.

    chemistry: codes of entities.components.Chemistry, (n,). capacity_kwh: new capacity, (n,).
    Call `begin` once, then `sample` at each full hour; `end_day` after the 24th sample of a
    day. SoC is 0..1, temperatures are Celsius, `fed_kwh` is what V2G took from each battery
    since `begin`, all (n,).
    """

    def __init__(self, chemistry: np.ndarray, capacity_kwh: np.ndarray, settings: AgeingSettings):
        self.capacity_kwh = np.asarray(capacity_kwh, float)
        self.end_of_life = settings.end_of_life
        n = len(self.capacity_kwh)
        self.state = fresh(n)
        self._years_left = np.full(n, np.inf)
        self._life_wear = np.full(n, np.nan)
        self._fed_kwh, self._fed_at_dawn = np.zeros(n), np.zeros(n)
        self._missing = np.zeros(n)
        self._groups: list[_Group] = []
        for code in np.unique(chemistry).tolist():
            rows = np.flatnonzero(chemistry == code)
            group = _Group(settings.cell(code), rows,
                           np.full(len(rows), settings.degradation_scalar(code)),
                           np.full(len(rows), settings.price(code)))
            self._groups.append(group)
            if len(rows):
                self._grow_old(group, settings.age_years)

    def begin(self, soc: np.ndarray, celsius: np.ndarray) -> None:
        """The first sample of the run: the first day begins."""
        for group in self._groups:
            group.day = days.begin(group.cell, soc[group.rows], celsius[group.rows])
            group.without = group.day

    def sample(self, hours: float, soc: np.ndarray, celsius: np.ndarray,
               fed_kwh: np.ndarray) -> None:
        """The sample at `hours` (1 to 24) after the day's beginning."""
        missing = self._missing_now(soc, fed_kwh)
        for group in self._groups:
            group.day, group.without = self._extended(group, hours, soc, celsius, missing)
        self._missing, self._fed_kwh = missing, np.array(fed_kwh, float)

    def preview(self, hours: float, soc: np.ndarray, celsius: np.ndarray,
                fed_kwh: np.ndarray) -> Health:
        """Health at `hours` after the day's beginning, at or after its last sample. Changes
        nothing."""
        missing = self._missing_now(soc, fed_kwh)
        pairs = [self._extended(group, hours, soc, celsius, missing) for group in self._groups]
        return self._health(pairs, np.asarray(fed_kwh) - self._fed_at_dawn)

    def end_day(self) -> Health:
        """Step the state by the day, whose last sample is the next one's first."""
        fed = self._fed_kwh - self._fed_at_dawn
        pairs = [(group.day, group.without) for group in self._groups]
        for group, (day, without) in zip(self._groups, pairs):
            rows, now = group.rows, self.state.take(group.rows)
            life = wear_cost(v2g_fade(group.cell, now, day, without, group.scalar)[1],
                             self.capacity_kwh[rows], group.price, self.end_of_life)
            self._life_wear[rows] = _each(life, fed[rows])
            self._years_left[rows] = years_left(
                group.cell, group.cell.step(now, day, group.scalar), day, group.scalar,
                self.end_of_life)
        health = self._health(pairs, fed)
        for group, (day, without) in zip(self._groups, pairs):
            rows = group.rows
            self.state.put(rows, group.cell.step(self.state.take(rows), day, group.scalar))
            group.day = days.begin(group.cell, day.soc, day.celsius)
            group.without = (group.day if np.array_equal(without.soc, day.soc) else
                             days.begin(group.cell, without.soc, without.celsius))
        self._fed_at_dawn = self._fed_kwh
        return health

    def _grow_old(self, group: _Group, age_years: float) -> None:
        """Give a group the state that ordinary days leave behind."""
        state, years = _grown_old(group.cell, group.scalar.item(0), age_years, self.end_of_life)
        self.state.put(group.rows, state)
        self._years_left[group.rows] = years

    def _missing_now(self, soc: np.ndarray, fed_kwh: np.ndarray) -> np.ndarray:
        """SoC by which each battery would be fuller if it had not fed, (n,)."""
        fed = (fed_kwh - self._fed_kwh) / self.capacity_kwh
        charged = np.maximum(soc - self._last_soc() + fed, 0.0)
        return np.maximum(self._missing + fed - charged, 0.0)

    def _last_soc(self) -> np.ndarray:
        soc = np.empty(len(self.capacity_kwh))
        for group in self._groups:
            soc[group.rows] = group.day.soc
        return soc

    def _extended(self, group: _Group, hours: float, soc: np.ndarray, celsius: np.ndarray,
                  missing: np.ndarray) -> tuple[Day, Day]:
        """A group's days with and without V2G with one more sample; one and the same day, at
        one's cost, as long as no one has fed."""
        rows = group.rows
        day = days.extend(group.cell, group.day, hours, soc[rows], celsius[rows])
        if group.without is group.day and not missing[rows].any():
            return day, day
        fuller = np.minimum(soc[rows] + missing[rows], 1.0)
        return day, days.extend(group.cell, group.without, hours, fuller, celsius[rows])

    def _health(self, pairs: list[tuple[Day, Day]], fed_kwh: np.ndarray) -> Health:
        n = len(self.capacity_kwh)
        state = fresh(n)
        dod, fade, wear, v2g = (np.zeros(n) for _ in range(4))
        hot, fast = np.zeros(n, bool), np.zeros(n, bool)
        for group, (day, without) in zip(self._groups, pairs):
            cell, rows, before = group.cell, group.rows, self.state.take(group.rows)
            after = cell.step(before, day, group.scalar)
            state.put(rows, after)
            dod[rows], fade[rows] = day.dod, after.fade - before.fade
            spared = (np.zeros(len(rows)) if without is day else
                      after.fade - cell.step(before, without, group.scalar).fade)
            for cost, part in ((wear, fade[rows]), (v2g, spared)):
                cost[rows] = wear_cost(part, self.capacity_kwh[rows], group.price,
                                       self.end_of_life)
            hot[rows] = days.outside_temperature(cell, day)
            fast[rows] = days.outside_c_rate(cell, day)
        return Health(
            soh=state.soh, calendar=state.calendar, cycling=state.cycling + state.break_in,
            efc=state.efc, dod=dod, fade_today=fade, wear_today=wear, v2g_wear_today=v2g,
            v2g_wear_per_kwh=_each(v2g, fed_kwh), v2g_life_wear_per_kwh=self._life_wear.copy(),
            years_left=self._years_left.copy(), outside_temperature=hot, outside_c_rate=fast)


@lru_cache(maxsize=64)
def _grown_old(cell: Cell, scalar: float, age_years: float,
               end_of_life: float) -> tuple[State, np.ndarray]:
    """One battery after years of ordinary days, and the years it has left if they go on."""
    day = days.gather(cell, np.arange(25.0), _ORDINARY_SOC[None], _ORDINARY_CELSIUS[None])
    state, one = cell.new(1), np.array([scalar])
    for _ in range(round(age_years * YEAR_D)):
        state = cell.step(state, day, one)
    return state, years_left(cell, state, day, one, end_of_life)


def _each(cost: np.ndarray, fed_kwh: np.ndarray) -> np.ndarray:
    """A cost for each kWh fed, NaN where nothing was."""
    fed = fed_kwh > 0.0
    return np.where(fed, cost / np.where(fed, fed_kwh, 1.0), np.nan)
