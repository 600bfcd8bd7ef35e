"""From a tariff to step curves: what a kWh costs, what a fed one earns, which band holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from sim.scenario import Scenario
from sim.schema.fields import MOST_PRICE
from sim.schema.tariff import SeriesTariff, TimeOfUseTariff
from sim.series import Field, read_series
from sim.steps import Steps, repeat
from sim.timing import DAY_S, seconds_after_midnight

REST = "other times"
ENERGY = "energy"
FILE_FIELDS = (Field("price", f"a price a kWh within +-{MOST_PRICE:g}", -MOST_PRICE, MOST_PRICE, required=False),
               Field("price_per_mwh", f"a price a MWh within +-{1e3 * MOST_PRICE:g}",
                     -1e3 * MOST_PRICE, 1e3 * MOST_PRICE, required=False))


@dataclass(frozen=True)
class Prices:
    """`buying` is the tariff's price, currency/kWh; `bands` the index of the band that holds,
    into `names`."""

    buying: Steps
    bands: Steps
    names: tuple[str, ...]


def prices(scenario: Scenario, horizon_s: float) -> Prices:
    """The tariff from the start to `horizon_s`.

    Beyond the end of a price file its last price holds. Raises InputError, with file and line,
    for a file with a gap, an overlap, or an end before the scenario's.
    """
    tariff = scenario.tariff
    if tariff.kind == "time_of_use":
        return _time_of_use(tariff, scenario, horizon_s)
    if tariff.kind == "flat":
        buying = Steps(np.zeros(1), np.array([tariff.price]))
    elif tariff.file is None:
        buying = repeat(np.array(tariff.values), tariff.step, 0.0, horizon_s)
    else:
        buying = _from_file(tariff, scenario.data_path(tariff.file), scenario)
    return Prices(buying, Steps(np.zeros(1), np.zeros(1, int)), (ENERGY,))


def selling_price(scenario: Scenario, buying):
    """What a kWh fed from a vehicle earns when energy costs `buying`, currency/kWh; both floats
    or arrays (n,)."""
    tariff = scenario.tariff
    return buying * tariff.sell_share if tariff.sell_price is None \
        else buying * 0.0 + tariff.sell_price


def feed_in_price(scenario: Scenario, buying: float) -> float:
    """What a kWh of surplus production earns when energy costs `buying`, currency/kWh."""
    tariff = scenario.tariff
    if tariff.feed_in_price is not None:
        return tariff.feed_in_price
    if tariff.feed_in_share is not None:
        return buying * tariff.feed_in_share
    return selling_price(scenario, buying)


def _time_of_use(tariff: TimeOfUseTariff, scenario: Scenario, horizon_s: float) -> Prices:
    names = (REST, *dict.fromkeys(band.label for band in tariff.bands))
    midnight = -seconds_after_midnight(scenario.start)
    starts, values, bands = [], [], []
    for day in range(int((horizon_s - midnight) // DAY_S) + 1):
        date = scenario.start + timedelta(days=day)
        holding = [band for band in tariff.bands
                   if band.holds_on(date.month, date.weekday() >= 5)]
        spans = {since: (until, band) for band in holding for since, until in band.spans()}
        edges = sorted({0.0, *spans, *(until for until, _ in spans.values() if until < DAY_S)})
        for edge in edges:
            until, band = spans.get(edge, (0.0, None))
            starts.append(midnight + day * DAY_S + edge)
            values.append(tariff.price if band is None else band.price)
            bands.append(0 if band is None else names.index(band.label))
    times = np.array(starts)
    return Prices(Steps(times, np.array(values)).merged(), Steps(times, np.array(bands)).merged(),
                  names)


def _from_file(tariff: SeriesTariff, path: Path, scenario: Scenario) -> Steps:
    series = read_series(path, scenario.start, *FILE_FIELDS)
    if len(series.columns) != 1:
        series.rows[0].fail("price", "expected just one of the columns price and price_per_mwh")
    step = tariff.step if len(series.rows) == 1 else float(np.diff(series.times_s[:2])[0])
    for k, gap in enumerate((np.diff(series.times_s) - step).tolist(), 1):
        if abs(gap) > 1e-6:
            what = "a gap after" if gap > 0 else "overlaps"
            series.rows[k].fail("time", f"{what} the row before, expected steps of {step:g} s as "
                                        "between the first two rows")
    series.covers(float(series.times_s[-1]) + step, scenario.duration)
    (name, values), = series.columns.items()
    values = values / 1000.0 if name == "price_per_mwh" else values
    first = max(int(np.searchsorted(series.times_s, 0.0, side="right")) - 1, 0)
    return Steps(series.times_s[first:], values[first:]).merged()
