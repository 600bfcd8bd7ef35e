"""Rows about what surrounds the vehicles: production, carbon, weather, and what V2G earns."""

from __future__ import annotations

import math

import numpy as np

from game.ui.rows import Row
from game.ui.words import money, number, signed
from sim import earnings
from sim.footprint import renewable_share_now

_EARNED = 0.005


def production_rows(model) -> list[Row]:
    """What sun and wind give now, signed as it moves the net; [] for what is not installed."""
    scenario, hub = model.scenario, model.world.hub
    places = [scenario.site, *scenario.site.zones]
    rows = []
    for label, column, installed in (
            ("Sun", hub.pv_kw, sum(place.pv_kwp for place in places)),
            ("Wind", hub.wind_kw, sum(place.wind_kw for place in places))):
        if installed:
            kw = column.item(0)
            rows.append(Row(label, signed(-kw), "kW", "text" if kw >= 0.05 else "quiet"))
    return rows


def carbon_rows(model, t_s: float) -> list[Row]:
    """Renewable share of what is used now and the grid's carbon; [] where they are unknown."""
    rows, hub = [], model.world.hub
    share = renewable_share_now(model, t_s)
    if not math.isnan(share):
        rows.append(Row("Renewable", number(100.0 * share, 0), "% of what is used"))
    average, marginal = 1000.0 * hub.co2_average.item(0), 1000.0 * hub.co2_marginal.item(0)
    if not math.isnan(average):
        both = not math.isnan(marginal) and marginal != average
        rows.append(Row("Carbon", number(average, 0) + (f" / {number(marginal, 0)}" if both else ""),
                        "g/kWh" + (" mean / marginal" if both else "")))
    return rows


def weather_rows(model, t_s: float) -> list[Row]:
    """The air temperature; [] where the scenario has no weather."""
    if model.conditions.weather.sun is None:
        return []
    return [Row("Outdoors", number(model.ambient_c(t_s), 1), "°C")]


def sky_rows(model, t_s: float) -> list[Row]:
    """Sun and wind; [] where the scenario has no weather."""
    weather = model.conditions.weather
    if weather.sun is None:
        return []
    return [Row("Irradiance", number(float(weather.ghi_w_m2(t_s)), 0),
                f"W/m²  wind {float(weather.wind_m_s(t_s)):.1f} m/s")]


def vehicle_carbon_rows(model, row: int) -> list[Row]:
    """What a vehicle's sessions have caused and its V2G avoided, as far as it is booked; [] where the
    factors are unknown."""
    session, hub = model.world.session, model.world.hub
    mine = session.rows(session.vehicle == row)
    if not len(mine) or math.isnan(hub.co2_average.item(0)):
        return []
    caused = number(session.co2_kg[mine].sum().item(), 1)
    avoided = -earnings.co2_of_sessions(model, mine).sum().item()
    more = "" if math.isnan(avoided) or not session.discharged_kwh[mine].any() \
        else f"  V2G avoided {number(avoided, 1)}"
    return [Row("CO2 booked", caused, f"kg{more}")]


def earning_rows(model, t_s: float) -> list[Row]:
    """What the fleet's V2G earns, net of energy, losses and wear; [] where nobody can feed."""
    if not model.world.connector.discharge_max_kw.any():
        return []
    live, currency = earnings.live(model, t_s), model.scenario.currency
    return [Row("V2G earns", signed(live.per_hour_now, 2), f"{currency}/h net", _tone(live.per_hour_now)),
            Row("V2G today", money(live.today), f"{currency} net", _tone(live.today))]


def net_rows(model, session: int, t_s: float) -> list[Row]:
    """What is left of a session's V2G earnings when the energy is bought back and wear paid."""
    net = float(earnings.of_sessions(model, np.array([session]), t_s).net[0])
    return [Row("V2G net", money(net), f"{model.scenario.currency}  after energy and wear", _tone(net))]


def _tone(amount: float) -> str:
    return "feed" if amount >= _EARNED else "wait" if amount <= -_EARNED else "text"
