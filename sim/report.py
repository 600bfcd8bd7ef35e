"""Parts of a run's results beyond sessions and energy: batteries, feeders, stress, phases."""

from __future__ import annotations

import math

import numpy as np

from entities.components import Chemistry
from sim import earnings
from sim.grid.phase_meter import LINES
from sim.grid.stress import Level, LimitedBy
from sim.health import running
from sim.model import Model
from sim.timing import HOUR_S


HEALTH = ("soh", "fade_calendar", "fade_cycling", "efc", "dod_today", "dod_last_day", "wear_cost",
          "v2g_wear_cost", "v2g_wear_per_kwh", "years_left")


def vehicles(model: Model) -> list[dict]:
    """Battery health of each vehicle now, the running day included, what it earned with V2G and its
    carbon; what is unknown is None, health where ageing is off.

    Fades are shares of the new capacity, costs are of this run; `v2g_wear_per_kwh` is averaged
    over a life of days like the last whole one.
    """
    vehicle = model.world.vehicle
    rows = vehicle.rows()
    flagged = [None] * len(rows)
    health = dict.fromkeys(HEALTH, np.full(len(rows), math.nan))
    if model.health is not None:
        now = model.health.now(model.now_s)
        health = dict(zip(HEALTH, (
            now.soh, now.calendar, now.cycling, now.efc, now.dod, model.health.dod_last_day,
            vehicle.wear_cost[rows] + running(model.now_s, now.wear_today),
            vehicle.v2g_wear_cost[rows] + running(model.now_s, now.v2g_wear_today),
            now.v2g_life_wear_per_kwh, now.years_left)))
        flagged = (vehicle.outside_tested[rows] | now.outside_tested_range).tolist()
    columns = health | _earned(model, rows) | _carbon(model, rows)
    chemistry = [Chemistry(code).name for code in vehicle.chemistry[rows].tolist()]
    values = zip(*(c.tolist() for c in columns.values()))
    return [{"id": vehicle.names[row], "chemistry": kind,
             **{key: value if math.isfinite(value) else None for key, value in zip(columns, its)},
             "outside_tested_range": flag}
            for row, kind, its, flag in zip(rows.tolist(), chemistry, values, flagged)]


def _earned(model: Model, rows: np.ndarray) -> dict[str, np.ndarray]:
    """What the sessions of the vehicles `rows` (n,) paid, earned with V2G, and kept of that."""
    session = model.world.session
    visits = session.rows()
    net = earnings.of_sessions(model, visits, model.now_s).net
    return {key: np.bincount(session.vehicle[visits], amount, model.world.vehicle.slots)[rows]
            for key, amount in (("cost", session.cost[visits]),
                                ("v2g_revenue", session.revenue[visits]), ("v2g_net", net))}


def _carbon(model: Model, rows: np.ndarray) -> dict[str, np.ndarray]:
    """What the sessions of the vehicles `rows` (n,) caused and V2G avoided, kg; NaN: unknown."""
    hub, session = model.world.hub, model.world.session
    visits = session.rows()
    by_v2g = earnings.co2_of_sessions(model, visits)

    def summed(kg: np.ndarray, factor: np.ndarray) -> np.ndarray:
        total = np.bincount(session.vehicle[visits], kg, model.world.vehicle.slots)[rows]
        return np.where(np.isnan(factor), np.nan, total)

    return {"co2_caused_kg": summed(session.co2_kg[visits], hub.co2_average),
            "co2_avoided_kg": summed(0.0 - by_v2g, hub.co2_marginal)}


def battery_kpis(entries: list[dict]) -> dict:
    """The fleet's health by chemistry, and what the run's wear cost; from `vehicles`."""
    aged = [entry for entry in entries if entry["soh"] is not None]
    chemistries = sorted({entry["chemistry"] for entry in aged})
    return {
        "wear_cost": math.fsum(e["wear_cost"] for e in aged) if aged else None,
        "v2g_wear_cost": math.fsum(e["v2g_wear_cost"] for e in aged) if aged else None,
        "soh_by_chemistry": {
            kind: float(np.mean([e["soh"] for e in aged if e["chemistry"] == kind]))
            for kind in chemistries},
    }


def feeders(model: Model) -> list[dict]:
    """Each feeder's extremes, losses and its transformer's life used so far; `limit_kw` is what may be
    used of a transformer now that is kept."""
    table, record, losses = model.world.feeder, model.grid_record, model.grid.losses_kwh(model.now_s)
    return [{
        "id": table.names[row],
        "transformer_loading_max_pct": table.loading_max_pct.item(row),
        "hot_spot_max_c": table.hot_spot_max_c.item(row),
        "life_used_h": table.life_used_h.item(row),
        "voltage_min_pu": table.voltage_lowest_pu.item(row),
        "voltage_max_pu": table.voltage_highest_pu.item(row),
        "line_loading_max_pct": record.line_max_pct.item(row) if record.line_max[row] else None,
        "line_loading_max_at": record.line_max[row] or None,
        "losses_kwh": losses.item(row),
        "limit_kw": model.capacity.rating_kw.item(row) if model.capacity.keeps_transformers else None,
        **_excesses(model, "transformer", table.names[row]),
    } for row in table.rows().tolist()]


def with_ratings(model: Model, network: dict) -> dict:
    """`sim.uptime.charging_network` with what each station carries and how often that was exceeded."""
    for station, most in zip(network["stations"], model.capacity.station_kw.tolist()):
        station |= {"max_kw": most if math.isfinite(most) else None, **_excesses(model, "station", station["id"])}
    return network


def _excesses(model: Model, where: str, name: str) -> dict:
    """How often, how long and by how much a station or transformer was above its limit."""
    spells = model.loads.spells(where, name) if model.loads else []
    return {"limit_excesses": sum(one.count for one in spells),
            "limit_excess_s": sum(one.seconds_until(model.now_s) for one in spells),
            "limit_excess_worst_kw": max((one.worst for one in spells), default=0.0)}


def loss_kpis(model: Model, import_kwh: float) -> dict:
    """Losses of all feeders, and with them what has to be delivered for an import at the site's
    meter, which stands behind them; null without a feeder."""
    if not len(model.world.feeder):
        return {"grid_losses_kwh": None, "grid_import_with_losses_kwh": None}
    losses = math.fsum(model.grid.losses_kwh(model.now_s).tolist())
    return {"grid_losses_kwh": losses, "grid_import_with_losses_kwh": import_kwh + losses}


def stress_kpis(model: Model) -> dict:
    """The hub's highest stress, hours at each level, and what limits it now; null without feeder
    and three-phase network."""
    hub = model.world.hub
    known = model.grid.known
    hours = {level.name.lower(): getattr(hub, f"{level.name.lower()}_s").item(0) / HOUR_S
             for level in Level}
    return {
        "stress_max": hub.stress_max.item(0) if known else None,
        "stress_hours": hours if known else None,
        "stress_limited_by": LimitedBy(hub.stress_by.item(0)).name.lower() if known else None,
    }


def frequency_kpis(model: Model) -> dict:
    """The frequency's extremes and what vehicles did about it; null where it is off."""
    hub = model.world.hub
    columns = {
        "frequency_min_hz": hub.frequency_min_hz,
        "frequency_max_hz": hub.frequency_max_hz,
        "rocof_max_hz_per_s": hub.rocof_max_hz_per_s,
        "frequency_outside_s": hub.frequency_outside_s,
        "support_up_kwh": hub.support_up_kwh,
        "support_down_kwh": hub.support_down_kwh,
    }
    return {key: None if model.frequency is None else column.item(0)
            for key, column in columns.items()}


def network_kpis(model: Model) -> dict:
    """Line currents and unbalance of the three-phase network; null without one."""
    meter = model.phases
    if meter is None:
        return dict.fromkeys(("limit_excess_worst_a", "line_max_a", "unbalance_max",
                              "unbalance_mean", "unbalance_max_a"))
    mean = meter.unbalance_mean
    return {
        "limit_excess_worst_a": max(spells.worst for spells in meter.excess),
        "line_max_a": dict(zip(LINES, meter.line_max_a.tolist())),
        "unbalance_max": meter.unbalance_max,
        "unbalance_mean": None if math.isnan(mean) else mean,
        "unbalance_max_a": meter.unbalance_max_a,
    }


def network(model: Model) -> dict | None:
    """The three-phase network's limits: highest currents and excesses; None without a network."""
    meter = model.phases
    if meter is None:
        return None
    network = meter.network
    return {"id": network.name, "limits": [
        {"name": name, "kind": kind, "limit_a": limit, "max_a": most, "excesses": spells.count,
         "excess_s": spells.seconds_until(model.now_s), "worst_a": spells.worst}
        for name, kind, limit, most, spells in zip(network.limits, network.kinds, network.limit_a.tolist(),
                                             meter.limit_max_a.tolist(), meter.excess)]}
