"""A run in figures: the JSON that the command line prints and the run folder keeps.

Energies are battery-side unless the key says `_ac_`. Keys are stable; later ones are added.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from entities.components import NONE, Phase
from sim import earnings, report
from sim.battery import segments
from sim.bill import bill_lines, bill_total
from sim.demand_response import bill_lines as call_lines
from sim.footprint import footprint
from sim.model import SATISFIED_KWH, Model
from sim.reasons import told
from sim.uptime import charging_network
from sim.zone_report import hub_stress, zones


def results(model: Model, wall_s: float) -> dict:
    """Everything about a run up to now, JSON-ready; call after `close_books`.

    `wall_s` is what the simulation took, s. Sessions are those that have arrived; satisfied
    and not served are judged for those that have left.
    """
    scenario = model.scenario
    batteries = report.vehicles(model)
    return {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "start": scenario.start.isoformat(),
        "duration_s": model.now_s,
        "digest": model.world.digest(),
        "kpis": {**kpis(model), **report.battery_kpis(batteries), **report.stress_kpis(model), **hub_stress(model),
                 **report.frequency_kpis(model), **report.network_kpis(model),
                 "wall_s": wall_s,
                 "sim_s_per_wall_s": model.now_s / wall_s if wall_s > 0 else None},
        "sessions": _sessions(model),
        "vehicles": batteries,
        "zones": zones(model),
        "feeders": report.feeders(model),
        "network": report.network(model),
        "charging_network": report.with_ratings(model, charging_network(model.world, model.now_s)),
        "warnings": model.visits.warnings + model.grid.warnings + [
            f"{event['command']['kind']} at {event['t']:g} s was refused: {event['why']}"
            for event in model.events if event["kind"] == "command_refused"],
    }


def kpis(model: Model) -> dict:
    """The key figures of a run up to now; call after `close_books`."""
    session, meter = model.world.session, model.meter
    arrived = session.rows(session.phase != Phase.PLANNED)
    left = session.rows((session.phase == Phase.ENDED) | (session.phase == Phase.UNSERVED))
    missing = np.maximum(session.target_kwh[left] - session.departure_kwh[left], 0.0)
    satisfied = int(np.count_nonzero(missing <= SATISFIED_KWH))
    recorded = np.full(session.slots, np.nan)
    recorded[:len(model.visits)] = model.visits.recorded_kwh
    recorded = recorded[arrived]
    charged, fed = float(session.charged_kwh.sum()), float(session.discharged_kwh.sum())
    charged_ac, fed_ac = float(session.charged_ac_kwh.sum()), float(session.discharged_ac_kwh.sum())
    of_power = [*meter.excess.values(), *(model.loads.excess.values() if model.loads else ())]
    spells_of_all = [*of_power, *(model.phases.excess if model.phases else ())]
    figures = {
        "sessions": len(arrived),
        "sessions_satisfied_pct": 100.0 * satisfied / len(left) if len(left) else 100.0,
        "sessions_queued": sum(e["kind"] == "queued" for e in model.events),
        "sessions_unserved": int(np.count_nonzero(session.phase == Phase.UNSERVED)),
        "energy_charged_kwh": charged,
        "energy_discharged_kwh": fed,
        "energy_charged_ac_kwh": charged_ac,
        "energy_discharged_ac_kwh": fed_ac,
        "losses_charging_kwh": charged_ac - charged,
        "losses_discharging_kwh": fed - fed_ac,
        "losses_kwh": (charged_ac - charged) + (fed - fed_ac),
        "energy_requested_kwh": float(
            (session.target_kwh[arrived] - session.arrival_kwh[arrived]).clip(min=0.0).sum()),
        "energy_not_served_kwh": float(missing.sum()),
        "peak_import_kw": meter.peak_import_kw,
        "peak_export_kw": meter.peak_export_kw,
        "limit_excesses": sum(spells.count for spells in spells_of_all),
        "limit_excess_s": sum(spells.seconds_until(model.now_s) for spells in spells_of_all),
        "limit_excess_worst_kw": max((spells.worst for spells in of_power), default=0.0),
        "cost": float(session.cost.sum()),
        "v2g_revenue": float(session.revenue.sum()),
        "v2g_net": earnings.total_net(model, model.now_s),
        "v2g_wear_assumed": earnings.wear_assumed(model),
    }
    if len(recorded) and not np.isnan(recorded).any():
        figures["energy_recorded_ac_kwh"] = float(recorded.sum())
        figures["energy_charged_of_recorded_pct"] = \
            100.0 * charged_ac / float(recorded.sum()) if recorded.sum() else 100.0
    return figures | _site_kpis(model)


def _site_kpis(model: Model) -> dict:
    """Energies at the grid, carbon and the bill; what the scenario does not tell is None."""
    conditions, session = model.conditions, model.world.session
    ledger = conditions.ledger.columns()
    lines = bill_lines(model.scenario, ledger, conditions.band_names,
                       conditions.demand.peaks() if conditions.demand else {}) \
        + call_lines(model.calls.all)
    co2_v2g = earnings.co2_of_sessions(model, session.rows(session.discharged_kwh > 0.0))
    known = model.world.hub.co2_marginal.item(0) == model.world.hub.co2_marginal.item(0)
    figures = footprint(ledger)
    return {**figures, **report.loss_kpis(model, figures["grid_import_kwh"]),
            "co2_v2g_kg": fsum(co2_v2g.tolist()) if known else None,
            "co2_avoided_kg": 0.0 - fsum(co2_v2g.tolist()) if known else None,
            "limited_by_hours": told(model.power.reasons.hours(model.now_s).sum(axis=0)),
            "bill": lines, "bill_total": bill_total(lines)}


def _sessions(model: Model) -> list[dict]:
    """One entry for each session that has arrived, in order of arrival."""
    world, session = model.world, model.world.session
    rows = session.rows(session.phase != Phase.PLANNED)
    vehicle = session.vehicle[rows]
    present = np.isnan(session.departure_kwh[rows])
    stored = np.where(present, segments.energy_at(world.vehicle, vehicle, model.now_s),
                      session.departure_kwh[rows])
    capacity = world.vehicle.capacity_kwh[vehicle]
    caused = np.where(np.isnan(model.world.hub.co2_average[0]), np.nan, session.co2_kg[rows])
    by_v2g = np.where(np.isnan(model.world.hub.co2_marginal[0]), np.nan,
                      earnings.co2_of_sessions(model, rows))
    columns = {
        "arrival_s": session.arrival_s[rows],
        "departure_s": session.departure_s[rows],
        "energy_requested_kwh": (session.target_kwh[rows] - session.arrival_kwh[rows]).clip(min=0.0),
        "energy_charged_kwh": session.charged_kwh[rows],
        "energy_discharged_kwh": session.discharged_kwh[rows],
        "energy_charged_ac_kwh": session.charged_ac_kwh[rows],
        "energy_discharged_ac_kwh": session.discharged_ac_kwh[rows],
        "losses_kwh": (session.charged_ac_kwh[rows] - session.charged_kwh[rows])
        + (session.discharged_kwh[rows] - session.discharged_ac_kwh[rows]),
        "soc_arrival": session.arrival_kwh[rows] / capacity,
        "soc_departure": stored / capacity,
        "peak_kw": session.peak_kw[rows],
        "cost": session.cost[rows],
        "v2g_revenue": session.revenue[rows],
        "v2g_net": earnings.of_sessions(model, rows, model.now_s).net,
        "co2_kg": caused,
        "co2_caused_kg": caused,
        "co2_v2g_kg": by_v2g,
        "co2_avoided_kg": 0.0 - by_v2g,
        "plugged_in_s": session.plugged_s[rows],
        "completed_at_s": session.completed_s[rows],
    }
    limited = model.power.reasons.hours(model.now_s)[rows]
    values = zip(*(c.tolist() for c in columns.values()))
    return [{"id": session.names[row], "vehicle": world.vehicle.names[car],
             "connector": None if at == NONE else world.connector.names[at],
             **{key: None if value != value else value for key, value in zip(columns, entry)},
             "limited_by": told(hours)}
            for row, car, at, entry, hours in zip(rows.tolist(), vehicle.tolist(),
                                           session.connector[rows].tolist(), values,
                                                  limited)]
