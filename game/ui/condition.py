"""Rows about the condition of batteries, of the grid and of its frequency, for the cards."""

from __future__ import annotations

import math

import numpy as np

from game.ui.rows import Row
from game.ui.words import money, number, signed
from sim.grid.stress import Level

STRESS_TONES = {Level.LOW: "text", Level.MEDIUM: "text", Level.HIGH: "warning", Level.EMERGENCY: "fault"}


def health_rows(model, row: int, t_s: float) -> list[Row]:
    """A vehicle's state of health, what took the rest, and today's wear, as of `t_s`; [] where ageing
    is off."""
    if model.health is None:
        return []
    health, currency = model.health.now(t_s), model.scenario.currency
    years, of_v2g = health.years_left.item(row), health.v2g_life_wear_per_kwh.item(row)
    left = "over 50 years left" if math.isinf(years) else f"{years:.0f} years left"
    flag = health.outside_tested_range.item(row)
    return [Row("Health", f"{100.0 * health.soh.item(row):.3f}", f"%  {left}"),
            Row("Lost by time, cycling", f"{100.0 * health.calendar.item(row):.2f} + "
                                         f"{100.0 * health.cycling.item(row):.2f}", "%"),
            Row("Full cycles", number(health.efc.item(row), 1),
                f"DoD today {100.0 * health.dod.item(row):.0f} %"),
            Row("Wear today", money(health.wear_today.item(row)),
                f"{currency}  untested range" if flag else currency),
            *_v2g_wear(model, row, of_v2g)]


def _v2g_wear(model, row: int, of_life: float) -> list[Row]:
    """Wear of a kWh fed: by a life of days like the last, before one with V2G as decisions count it."""
    vehicle, per_kwh = model.world.vehicle, f"{model.scenario.currency}/kWh"
    if not max(vehicle.ac_discharge_kw[row], vehicle.dc_discharge_kw[row]) > 0.0:
        return []
    if math.isnan(of_life):
        return [Row("V2G wear", number(vehicle.wear_per_kwh.item(row), 3), f"{per_kwh} assumed")]
    return [Row("V2G wear", number(of_life, 3), f"{per_kwh} fed")]


def grid_rows(model) -> list[Row]:
    """Stress of the hub and what makes it, the worst transformer, line and voltages; [] where
    neither a feeder nor a three-phase network tells it."""
    hub, feeder = model.world.hub, model.world.feeder
    if math.isnan(hub.stress.item(0)):
        return []
    level, words = Level(hub.stress_level.item(0)), model.grid.words["hub"]
    rows = [Row("Stress", number(hub.stress.item(0), 2), level.name.lower(), STRESS_TONES[level])]
    if words:
        rows.append(Row("", words, tone=STRESS_TONES[level]))
    if not len(feeder):
        return rows
    worst = int(feeder.loading_pct.argmax())
    return [*rows,
            Row("Transformer", number(feeder.loading_pct.item(worst), 0),
                f"%  hot-spot {feeder.hot_spot_c.item(worst):.0f} °C"),
            Row("Worst line", number(feeder.line_loading_pct.max().item(), 0), "% of its ampacity"),
            Row("Voltage", f"{feeder.voltage_min_pu.min():.3f} to {feeder.voltage_max_pu.max():.3f}",
                "pu")]


def strain_rows(model, t_s: float) -> list[Row]:
    """What the worst transformer has lost of its life by `t_s`, and what all feeders lose now; []
    without a feeder."""
    feeder = model.world.feeder
    if not len(feeder):
        return []
    return [Row("Transformer life", number(feeder.life_used_h.max().item(), 2),
                f"h used of {number(max(t_s, 0.0) / 3600.0, 1)} h"),
            Row("Feeder losses", number(feeder.losses_kw.sum().item(), 1), "kW")]


def frequency_rows(model, t_s: float) -> list[Row]:
    """The power system's frequency at `t_s` with how far off it is, and what vehicles give it
    beyond their plan; [] where the scenario has none."""
    if model.frequency is None:
        return []
    spec, df = model.frequency.spec, model.frequency.deviation_hz(t_s)
    side, tone = "low" if df < 0.0 else "high", "wait"
    if abs(df) <= spec.normal_band_hz:
        word, tone = "normal", "text"
    elif abs(df) <= spec.emergency_band_hz:
        word = f"too {side}"
    else:
        word, tone = f"emergency, {side}", "fault"
    support = model.world.hub.support_kw.item(0)
    return [Row("Frequency", number(spec.nominal_hz + df, 2),
                f"Hz  {signed(1000.0 * df, 0)} mHz, {word}", tone),
            Row("Frequency support", signed(-support), "kW AC",
                "feed" if support > 0.0 else "charge" if support < 0.0 else "text")]


def network_rows(model, t_s: float) -> list[Row]:
    """Line currents, unbalance and the fullest limit at `t_s`; [] without a network."""
    if model.phases is None:
        return []
    network, currents = model.phases.network, model.phases.currents(t_s)
    lines = np.abs(network.line_currents(currents))
    found = network.magnitudes(currents)
    worst = int(np.argmax(found / network.limit_a))
    return [Row("Lines A, B, C", ", ".join(number(amps, 0) for amps in lines.tolist()), "A"),
            Row("Unbalance", number(100.0 * network.unbalance(currents), 0), "%"),
            Row(network.limits[worst], number(found.item(worst), 0),
                f"of {number(network.limit_a.item(worst), 0)} A",
                "fault" if network.broken(currents)[worst] else "text")]
