"""Facts of the dashboard's panels about the whole fleet and the grid: rows, without graphics."""

from __future__ import annotations

import math

import numpy as np

from entities.components import Chemistry, Place
from game.doing import QUIET_KW, TONES, WORDS, Doing, doing
from game.ui.condition import frequency_rows, grid_rows, network_rows
from game.ui.frames import Frames
from game.ui.rows import Row
from game.ui.surroundings import carbon_rows, production_rows, weather_rows
from game.ui.words import duration, money, number, signed
from sim import earnings
from sim.battery.segments import energy_at, to_ac
from sim.health import running

# What vehicles that are plugged in do, and the queue; what is rare has a row where it happens.
LISTED = (Doing.CHARGING, Doing.FEEDING, Doing.STANDBY, Doing.READY, Doing.FAULTED, Doing.OUT_OF_SERVICE, Doing.QUEUED)
RARE = (Doing.FAULTED, Doing.OUT_OF_SERVICE)
MB = 1e6


def fleet_rows(model, t_s: float) -> list[Row]:
    """Who is here and what they do, which adds up to those plugged in; the queue; what batteries hold."""
    vehicle = model.world.vehicle
    all_of = int(np.count_nonzero(vehicle.alive))
    here = vehicle.rows(vehicle.place == Place.PLUGGED)
    counts = np.bincount(doing(model.world, here, t_s), minlength=len(Doing))
    counts[Doing.QUEUED] = np.count_nonzero(vehicle.alive & (vehicle.place == Place.QUEUED))
    held, capacity = energy_at(vehicle, here, t_s).sum(), vehicle.capacity_kwh[here].sum()
    return [Row("Plugged in", number(len(here), 0), f"of {number(all_of, 0)}"),
            *(Row(WORDS[each], number(counts[each], 0), "", TONES[each] if counts[each] else "quiet")
              for each in LISTED if counts[each] or each not in RARE),
            Row("Energy aboard", number(held, 0),
                f"kWh  {held / capacity * 100:.0f} %" if capacity > 0 else "kWh")]


def status_rows(model, t_s: float) -> list[Row]:
    """The grid connection: room to its limits, what else flows, stress, lines, frequency."""
    hub = model.world.hub
    net = model.site_power(t_s)[0]
    rows = []
    for label, limit, used in (("Room to import", hub.import_limit_kw.item(0), net),
                               ("Room to export", hub.export_limit_kw.item(0), -net)):
        if math.isfinite(limit):
            room = limit - used
            rows.append(Row(label, number(room, 0), f"kW  limit {number(limit, 0)}",
                            "fault" if room < -QUIET_KW else "text"))
    rows += [Row("Base load", signed(hub.base_kw.item(0)), "kW"), *production_rows(model)]
    return rows + [*grid_rows(model), *network_rows(model, t_s), *frequency_rows(model, t_s),
                   *carbon_rows(model, t_s), *weather_rows(model, t_s)]


def earned_rows(model, t_s: float) -> list[Row]:
    """What the fleet's V2G earns net of energy, losses and wear; [] where nobody can feed."""
    if not model.world.connector.discharge_max_kw.any():
        return []
    live, currency = earnings.live(model, t_s), model.scenario.currency
    return [Row("Now", signed(live.per_hour_now, 2), f"{currency}/h net", _tone(live.per_hour_now)),
            Row("Today", money(live.today), f"{currency} net", _tone(live.today)),
            Row("Since the start", money(live.total), f"{currency} net", _tone(live.total)),
            Row("Fed so far", number(fed_kwh(model, t_s), 0), "kWh AC"),
            Row("Sell price", number(model.world.hub.price_sell.item(0), 3), f"{currency}/kWh")]


def fed_kwh(model, t_s: float) -> float:
    """Energy that vehicles have fed up to `t_s`, kWh AC: what is booked, and running segments."""
    session, vehicle = model.world.session, model.world.vehicle
    feeding = np.flatnonzero(vehicle.alive & (vehicle.power0_kw < 0.0))
    moved = energy_at(vehicle, feeding, t_s) - vehicle.energy0_kwh[feeding]
    return float(session.discharged_ac_kwh[session.alive].sum() - to_ac(vehicle, feeding, moved).sum())


def _tone(amount: float) -> str:
    return "feed" if amount >= 0.005 else "wait" if amount <= -0.005 else "text"


def earners(model, t_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vehicles that have fed, what each has earned net (currency), and the energy it fed
    (battery-side kWh) up to `t_s`; each (n,)."""
    session, vehicle = model.world.session, model.world.vehicle
    rows = session.rows((session.discharged_kwh > 0.0)
                        | (vehicle.power0_kw[session.vehicle] < 0.0)
                        & (vehicle.session[session.vehicle] == np.arange(session.slots)))
    if not len(rows):
        return np.empty(0, int), np.empty(0), np.empty(0)
    net = earnings.of_sessions(model, rows, t_s).net
    cars, place = np.unique(session.vehicle[rows], return_inverse=True)
    feeding = (vehicle.power0_kw[cars] < 0.0) & np.isin(vehicle.session[cars], rows)
    running = np.where(feeding, vehicle.energy0_kwh[cars] - energy_at(vehicle, cars, t_s), 0.0)
    return (cars, np.bincount(place, net, len(cars)),
            np.bincount(place, session.discharged_kwh[rows], len(cars)) + running)


def chemistry_rows(model, t_s: float) -> list[Row]:
    """State of health by cell chemistry, mean and worst, and what wear has cost, the running day
    included; [] where ageing is off."""
    if model.health is None:
        return []
    vehicle, rows = model.world.vehicle, []
    now, of = model.health.now(t_s), vehicle.rows()
    for chemistry in Chemistry:
        soh = now.soh[vehicle.chemistry[of] == chemistry]
        if len(soh):
            name = chemistry.name if chemistry else "Not known"
            rows.append(Row(f"{name}  \u00d7{number(len(soh), 0)}", number(100.0 * soh.mean(), 3),
                            f"%  worst {100.0 * soh.min():.3f}"))
    wear = vehicle.wear_cost[of] + running(t_s, now.wear_today)
    by_v2g = vehicle.v2g_wear_cost[of] + running(t_s, now.v2g_wear_today)
    return [*rows, Row("Wear so far", money(wear.sum()), model.scenario.currency),
            Row("V2G's part", money(by_v2g.sum()), model.scenario.currency)]


def picture_rows(frames: Frames) -> list[Row]:
    """What a frame costs and what chooses its quality."""
    mean, picture = frames.mean(), frames.picture
    rows = []
    if picture is not None:
        chosen = "automatic" if picture.mode == "auto" else "by hand"
        rows = [Row("Quality", picture.tier.name.capitalize(), chosen),
                Row("Why", picture.why, tone="quiet")]
        if picture.mode == "auto":
            rows.append(Row("Governor", picture.state, tone="quiet"))
    if mean is not None:
        rows += [Row("Frame rate", number(1.0 / max(mean.frame_s, 1e-9), 0), "fps"),
                 Row("Frame", number(1e3 * mean.frame_s, 1),
                     f"ms  1 in 20 over {number(1e3 * frames.slowest_s(), 0)}"),
                 Row("CPU model", number(1e3 * mean.model_s, 2), "ms"),
                 Row("CPU scene and panels", number(1e3 * mean.scene_s, 2), "ms"),
                 Row("Drawing", number(1e3 * mean.draw_s, 2), "ms")]
    return rows


def content_rows(frames: Frames) -> list[Row]:
    """What the scene draws."""
    if frames.picture is None:
        return []
    content, scale = frames.picture.content, frames.picture.scale
    return [Row("Draw calls", number(content.draw_calls, 0)),
            Row("Instances", number(content.instances, 0)),
            Row("GPU memory", number(content.gpu_bytes / MB, 1), "MB"),
            Row("Full bodies", number(content.full, 0), "vehicles"),
            Row("Simple bodies", number(content.simple, 0), "vehicles"),
            Row("Out of sight", number(content.unseen, 0), "vehicles"),
            Row("Flows", number(content.flows, 0), f"up to {number(content.particles, 0)} particles each"),
            Row("Names", number(content.names, 0)),
            Row("Render scale", number(100.0 * scale, 0), "%")]


def pace_rows(frames: Frames) -> list[Row]:
    """How fast the simulation runs; [] where nothing measures it."""
    pace = frames.pace
    if pace is None:
        return []
    lags = pace.reached < 0.9 * pace.speed
    return [Row("Speed", f"×{pace.speed:g}", f"runs ×{float(f'{pace.reached:.3g}'):g}",
                "wait" if lags else "text"),
            Row("Events", number(pace.events_per_s, 1), "a second"),
            Row("Events so far", number(pace.events, 0))]


def change_rows(frames: Frames) -> list[Row]:
    """The last changes of quality, the newest first; [] where a person holds it."""
    if frames.picture is None or frames.picture.mode != "auto":
        return []
    return [Row(f"{duration(ago)} ago", tier.name.capitalize(), why) for ago, tier, why in frames.picture.changes]
