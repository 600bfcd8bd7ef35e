"""Generated visits: arrival, stay and energy drawn jointly from a use case's distribution.

A Gaussian copula: three correlated standard normals z for each visit, each carried through
its own marginal. A marginal is fitted to three quartiles and two bounds: linear in z from
quartile to quartile (z = -0.6745, 0, 0.6745), and beyond them an exponential that leaves with
the same slope and only ever approaches the bound, so that no draws pile up there.
Source of the figures: assets/data/use_cases.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.errors import InputError
from sim.rng import Purpose, normals
from sim.scenario import DATA_DIR, Scenario
from sim.schema.sessions import GeneratedSessions, SessionGroup
from sim.sessions.vehicles import VehicleModel, find_model, models
from sim.sessions.visits import Visits, empty
from sim.timing import DAY_S, HOUR_S, seconds_after_midnight

QUARTILE_Z = 0.6744897501960817  # standard normal quantile of 0.75
LEAST_ARRIVAL_SOC = 0.05  # prior: nobody arrives emptier
LONGEST_STAY_S = 23.4 * HOUR_S  # so that a vehicle that comes daily has left before
TURNAROUND_S = 0.5 * HOUR_S  # prior: least time away between two visits


@dataclass(frozen=True)
class Marginal:
    """One quantity's distribution: quartiles (25, 50, 75 %) and hard bounds."""

    quartiles: tuple[float, float, float]
    within: tuple[float, float]

    def at(self, z: np.ndarray) -> np.ndarray:
        """Values at standard normal scores z, shape as z."""
        (low, median, high), (least, most) = self.quartiles, self.within
        falling, rising = (median - low) / QUARTILE_Z, (high - median) / QUARTILE_Z
        inner = np.clip(z, -QUARTILE_Z, QUARTILE_Z)
        below, above = np.maximum(inner - z, 0.0), np.maximum(z - inner, 0.0)
        value = median + inner * np.where(inner < 0.0, falling, rising)
        value += (low - least) * np.expm1(-below * falling / (low - least))
        value -= (most - high) * np.expm1(-above * rising / (most - high))
        return value


@dataclass(frozen=True)
class UseCase:
    """Either stay or departure, and either energy or km, is given; hours and AC kWh."""

    arrival: Marginal
    stay: Marginal | None
    departure: Marginal | None
    energy: Marginal | None
    km: Marginal | None
    cholesky: np.ndarray

    def draw(self, seed: int, n: int, *keys: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n,) arrivals and departures in hours after midnight, and the scores of energy."""
        z = normals(seed, Purpose.VISIT, n, 3, *keys) @ self.cholesky.T
        arrival = self.arrival.at(z[:, 0])
        if self.departure is None:
            departure = arrival + self.stay.at(z[:, 1])
        else:
            departure = self.departure.at(z[:, 1])
        return arrival, departure, z[:, 2]


@lru_cache(maxsize=1)
def use_cases() -> dict[str, UseCase]:
    """Every use case by name."""
    raw = tomllib.loads((DATA_DIR / "use_cases.toml").read_text(encoding="utf-8"))
    cases = {}
    for name, entry in raw.items():
        r = entry["correlation"]
        matrix = np.array([[1.0, r["arrival_stay"], r["arrival_energy"]],
                           [r["arrival_stay"], 1.0, r["stay_energy"]],
                           [r["arrival_energy"], r["stay_energy"], 1.0]])
        marginals = [
            Marginal(tuple(entry[key]["quartiles"]), tuple(entry[key]["within"]))
            if key in entry else None
            for key in ("arrival_h", "stay_h", "departure_h", "energy_kwh", "daily_km")
        ]
        cases[name] = UseCase(*marginals, np.linalg.cholesky(matrix))
    return cases


def generated_visits(scenario: Scenario, options: GeneratedSessions) -> Visits:
    """The visits of every group, one a day and vehicle, that arrive within the scenario.

    Vehicles are numbered through each prefix. Draws are keyed by (seed, group's place, day)
    with one row a vehicle, so more vehicles, days or groups behind change no earlier visit.
    Raises InputError for a vehicle model that does not exist.
    """
    parts, named = [], {}
    for place, group in enumerate(options.groups):
        first = named.get(group.prefix, 0)
        named[group.prefix] = first + group.vehicles
        parts.append(_group_visits(scenario, group, place, first))
    columns = {}
    for name, nothing in vars(empty()).items():
        values = [getattr(part, name) for part in parts]
        is_array = isinstance(nothing, np.ndarray)
        columns[name] = np.concatenate(values) if is_array else sum(values, [])
    return Visits(**columns)


def model_sequence(shares: list[float], n: int) -> np.ndarray:
    """Which model each of n vehicles is, shape (n,), index into `shares`.

    Vehicles are dealt so that after each one the numbers are as near to the shares as they
    can be (Webster's method of apportionment): exact, and the same however many follow.
    """
    total = sum(shares)
    each = [np.arange(int(n * share / total) + 2) for share in shares]
    due = np.concatenate([(k + 0.5) / (share / total) for k, share in zip(each, shares)])
    model = np.repeat(np.arange(len(shares)), [len(k) for k in each])
    return model[np.argsort(due, kind="stable")[:n]]


def _group_visits(scenario: Scenario, group: SessionGroup, place: int, first: int) -> Visits:
    fleet, case, n = scenario.fleet, use_cases()[group.use_case], group.vehicles
    kinds = {connector.kind for zone in scenario.site.zones
             if group.zone is None or zone.name == group.zone
             for station in zone.stations for connector in station.connectors}
    mix = [_model(entry.model, place, k) for k, entry in enumerate(group.models)]
    model = model_sequence([entry.share for entry in group.models], n)

    def of_model(values, dtype=float) -> np.ndarray:
        return np.array(values, dtype)[model]

    midnight = -seconds_after_midnight(scenario.start)
    # The last arrivals of a day fall on the next one, so the day before the first counts too.
    days = range(-1, int((scenario.duration - midnight) // DAY_S) + 1)
    arrival = np.empty((len(days), n))
    departure, score = np.empty_like(arrival), np.empty_like(arrival)
    for row, day in enumerate(days):
        hours_in, hours_out, score[row] = case.draw(scenario.seed, n, place, day + 1)
        arrival[row] = midnight + day * DAY_S + hours_in * HOUR_S
        departure[row] = midnight + day * DAY_S + hours_out * HOUR_S
    departure = np.minimum(departure, arrival + LONGEST_STAY_S)
    departure[:-1] = np.minimum(departure[:-1], arrival[1:] - TURNAROUND_S)

    if case.energy is not None:
        energy = case.energy.at(score) * fleet.charge_efficiency
    else:
        energy = (case.km.at(score)
                  * of_model([m.consumption_kwh_per_km for m in mix]))
    capacity = of_model([m.capacity_kwh for m in mix])
    curves = [m.curve or fleet.charge_curve for m in mix]
    target = group.target_soc * capacity
    energy = np.minimum(energy, np.maximum(target - LEAST_ARRIVAL_SOC * capacity, 0.0))

    row, vehicle = np.nonzero((arrival >= 0.0) & (arrival < scenario.duration))
    names = [f"{group.prefix}-{first + k + 1:02d}" for k in range(n)]
    visitor = [names[k] for k in vehicle.tolist()]
    return Visits(
        id=[f"{name}.{day - 1}" for name, day in zip(visitor, row.tolist())],
        vehicle=visitor,
        connector=[None] * len(visitor),
        zone=[group.zone] * len(visitor),
        arrival_s=arrival[row, vehicle],
        departure_s=departure[row, vehicle],
        arrival_kwh=target[vehicle] - energy[row, vehicle],
        target_kwh=target[vehicle],
        capacity_kwh=capacity[vehicle],
        ac_charge_kw=of_model([m.ac_kw for m in mix])[vehicle],
        dc_charge_kw=of_model([m.dc_kw for m in mix])[vehicle],
        ac_discharge_kw=of_model([m.ac_v2g_kw for m in mix])[vehicle],
        dc_discharge_kw=of_model([m.dc_v2g_kw for m in mix])[vehicle],
        plugs=of_model([m.plugs for m in mix], np.int32)[vehicle],
        battery_max_kw=of_model([m.battery_max_kw for m in mix])[vehicle],
        curve=[curves[k] for k in model[vehicle].tolist()],
        chemistry=of_model([m.chemistry for m in mix], np.int32)[vehicle],
        body=of_model([m.body for m in mix], np.int32)[vehicle],
        recorded_kwh=np.full(len(visitor), np.nan),
        warnings=[f"sessions.groups.{place}: no connector there fits a {m.name}"
                  for m in mix if kinds and kinds.isdisjoint(m.kinds)],
    )


def _model(text: str, group: int, entry: int) -> VehicleModel:
    model = find_model(text)
    if model is None:
        raise InputError(f"sessions.groups.{group}.models.{entry}.model: unknown vehicle model "
                         f"{text!r}, expected one of {', '.join(models())}")
    return model
