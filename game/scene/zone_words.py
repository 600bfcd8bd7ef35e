"""What stands beside the names of zones: the sum or the mean of what an overlay or a view is about."""

from __future__ import annotations

import math

import numpy as np

from entities.components import NONE, Place, Status
from entities.world import World
from game.look import Look, Overlay, View
from game.scene.power import IDLE_KW, segment_ac_kw
from sim.battery.segments import energy_at


def zone_words(world: World, zones: list[int], now_s: float, look: Look, currency: str) -> list[str]:
    """A text for each of the zones, "" where there is nothing to tell."""
    find = _BY_OVERLAY.get(look.overlay) or (None if look.overlay else _BY_VIEW.get(look.view))
    if find is None:
        return [""] * len(zones)
    return find(world, zones, now_s, currency)


def _plugged(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Rows of vehicles that are plugged in, and their zones."""
    rows = world.vehicle.rows(world.vehicle.place == Place.PLUGGED)
    return rows, world.connector.zone[world.vehicle.connector[rows]]


def _net_kw(world: World, now_s: float) -> np.ndarray:
    rows, at = _plugged(world)
    return np.bincount(at, segment_ac_kw(world, rows, now_s), world.zone.slots)


def _flow(world, zones, now_s, currency):
    return [_power(kw) for kw in _net_kw(world, now_s)[zones].tolist()]


def _load(world, zones, now_s, currency):
    texts = []
    for row, kw in zip(zones, _net_kw(world, now_s)[zones].tolist()):
        limit = (world.zone.export_limit_kw if kw < 0.0 else world.zone.import_limit_kw).item(row)
        share = f", {100.0 * abs(kw) / limit:.0f} % of its limit" if 0.0 < limit < math.inf else ""
        texts.append(_power(kw) + share)
    return texts


def _money(world, zones, now_s, currency):
    rows, at = _plugged(world)
    kw = segment_ac_kw(world, rows, now_s)
    if not len(world.hub):
        return [""] * len(zones)
    price = np.where(kw > 0.0, world.hub.price_buy.item(0), world.hub.price_sell.item(0))
    earned = np.bincount(at, -kw * price, world.zone.slots)[zones]
    return [_earned(amount, currency) for amount in earned.tolist()]


def _trade(world, zones, now_s, currency):
    return [f"{power}  {money}" if money else power for power, money in zip(
        _flow(world, zones, now_s, currency), _money(world, zones, now_s, currency))]


def _voltage(world, zones, now_s, currency):
    connector = world.connector
    texts = []
    for row in zones:
        pu = connector.voltage_pu[connector.alive & (connector.zone == row)]
        pu = pu[np.isfinite(pu)]
        low, high = (f"{f(pu):.3f}" if len(pu) else "" for f in (min, max))
        texts.append("on no feeder" if not low else f"{low} pu" if low == high else f"{low} to {high} pu")
    return texts


def _mean(values: np.ndarray, at: np.ndarray, zones, slots: int, unit: str, digits: int) -> list[str]:
    known = np.isfinite(values)
    count = np.bincount(at[known], minlength=slots)[zones]
    total = np.bincount(at[known], values[known], slots)[zones]
    return [f"mean {100.0 * s / n:.{digits}f} %" if n else unit for s, n in zip(total, count)]


def _soc(world, zones, now_s, currency):
    rows, at = _plugged(world)
    soc = energy_at(world.vehicle, rows, now_s) / np.maximum(world.vehicle.capacity_kwh[rows], 1e-6)
    return _mean(np.clip(soc, 0.0, 1.0), at, zones, world.zone.slots, "", 0)


def _health(world, zones, now_s, currency):
    rows, at = _plugged(world)
    return _mean(world.vehicle.soh[rows], at, zones, world.zone.slots, "unknown" if len(rows) else "", 1)


def _online(world, zones, now_s, currency):
    station = world.station
    texts = []
    for row in zones:
        own = station.online[station.alive & (station.zone == row)]
        texts.append(f"{np.count_nonzero(own)} of {len(own)} online")
    return texts


def _use(world, zones, now_s, currency):
    connector = world.connector
    texts = []
    for row in zones:
        own = connector.alive & (connector.zone == row)
        used = np.count_nonzero(own & (connector.vehicle != NONE))
        closed = np.count_nonzero(own & (connector.status >= Status.UNAVAILABLE))
        texts.append(f"{used} of {np.count_nonzero(own)} in use" + (f", {closed} closed" if closed else ""))
    return texts


def _power(kw: float) -> str:
    return f"{signed(kw)} kW" if abs(kw) > IDLE_KW else "no power"


def _earned(amount: float, currency: str) -> str:
    if abs(amount) < 0.005:
        return ""
    return f"{'earns' if amount > 0.0 else 'pays'} {abs(amount):,.2f} {currency}/h".replace(",", " ")


def signed(kw: float) -> str:
    """A power with its sign, in groups of three digits."""
    return "0.0" if abs(kw) < 0.05 else f"{kw:+,.1f}".replace("-", "−").replace(",", " ")


_BY_OVERLAY = {Overlay.FLOW: _flow, Overlay.SOC: _soc, Overlay.LOAD: _load, Overlay.VOLTAGE: _voltage,
               Overlay.PRICE: _money, Overlay.HEALTH: _health, Overlay.CONNECTIVITY: _online}
_BY_VIEW = {View.V2G: _trade, View.OCPP: _use}
