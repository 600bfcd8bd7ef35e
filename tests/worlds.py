"""Small sites, visits and commands for the tests, and ways to look at what a run did."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from entities.components import ALL_PLUGS, NONE
from sim.battery.curves import FLAT, two_stage
from sim.commands import COMMANDS
from sim.model import Model
from sim.scenario import from_dict
from sim.sessions.visits import Visits
from sim.strategies import NAMES

START = "2026-01-14T00:00:00+01:00"
HOUR = 3600.0
SHARING = tuple(name for name in NAMES if name != "uncontrolled")


def zone(name="z", count=1, kw=11.0, feed_kw=0.0, kind="Type2", **more) -> dict:
    """A zone with one station of `count` equal connectors."""
    stations = [{"connectors": [{"kind": kind, "charge_kw": kw, "discharge_kw": feed_kw,
                                 "count": count}]}] if count else []
    return {"name": name, "stations": stations, **more}


NO_AGEING = {"enabled": False}  # where it is not the point, to be quick


def scenario(*zones, **more):
    """A day at a site; lossless and without taper unless `fleet` says otherwise."""
    raw = {"name": "test", "start": START, "site": {"zones": list(zones) or [zone()]},
           "fleet": {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "min_soc": 0.0,
                     "taper_soc": 1.0, "wear_cost_per_kwh": 0.0}, **more}
    raw["fleet"] = {"ageing": NO_AGEING, **raw["fleet"]}
    return from_dict(copy.deepcopy(raw), "test")


def visit(name="car", arrival=0.0, departure=8 * HOUR, stored=10.0, target=40.0, **more) -> dict:
    """One planned visit of a 50 kWh car that charges with up to 11 kW AC, 50 kW DC."""
    return {"id": name, "vehicle": name, "connector": None, "zone": None,
            "arrival_s": arrival, "departure_s": departure, "arrival_kwh": stored,
            "target_kwh": target, "capacity_kwh": 50.0, "ac_charge_kw": 11.0,
            "dc_charge_kw": 50.0, "ac_discharge_kw": 11.0, "dc_discharge_kw": 50.0,
            "plugs": ALL_PLUGS, "battery_max_kw": 50.0, "curve": FLAT, "chemistry": 0, "body": 0,
            "recorded_kwh": float("nan"), **more}


def visits(*entries: dict) -> Visits:
    """Planned visits, sorted as the model expects them."""
    lists, codes = ("id", "vehicle", "connector", "zone", "curve"), ("plugs", "chemistry", "body")
    columns = {name: [entry[name] for entry in entries] for name in visit()}
    return Visits(**{name: values if name in lists else
                     np.array(values, np.int32 if name in codes else float)
                     for name, values in columns.items()}).in_order()


def command(kind: str, **facts):
    return COMMANDS.validate_python({"kind": kind, **facts})


def stretches(model: Model):
    """Run the model instant by instant; yields (since, until) between two of them, while its
    columns are what holds from the one to the other."""
    model.advance(0.0)
    while model.now_s < model.duration_s:
        upcoming = min(model.timeline.peek(), model.duration_s)
        yield model.now_s, upcoming
        model.advance(upcoming)


def vehicle_kw(world, t_s: float) -> np.ndarray:
    """AC power of every vehicle, written out from the columns; kW (vehicles,)."""
    v = world.vehicle
    dc = v.power0_kw * np.exp(v.rate_per_h * (t_s - v.t0_s) / HOUR)
    return np.where(dc > 0.0, dc / v.charge_efficiency, dc * v.discharge_efficiency)


def zone_kw(world, t_s: float) -> np.ndarray:
    """Net AC power of every zone without base load; kW (zones,)."""
    power, at = vehicle_kw(world, t_s), world.vehicle.connector
    plugged = at != NONE
    assert not power[~plugged].any(), "an unplugged vehicle moves power"
    return np.bincount(world.connector.zone[at[plugged]], power[plugged], world.zone.slots)


def carried(model: Model, t_s: float) -> list[tuple[str, str, float, float, float]]:
    """(where, name, what vehicles move, what else is moved, what may be), kW, of each station that has a
    limit and each transformer that is kept, from the columns and the scenario."""
    world, scenario, found = model.world, model.scenario, []
    power, at = vehicle_kw(world, t_s), world.vehicle.connector
    of_connector = np.bincount(at[at != NONE], power[at != NONE], world.connector.slots)
    specs = [spec for part in scenario.site.zones for spec in part.stations for _ in range(spec.count)]
    for row, spec in enumerate(specs):
        if spec.max_kw is not None:
            mine = of_connector[world.connector.station == row].sum()
            found.append(("station", world.station.names[row], mine, 0.0, spec.max_kw))
    if scenario.grid.keep_transformers:
        for row, feeder in enumerate(model.grid.feeders):
            zones = world.zone.feeder == row
            load = world.hub.base_kw.item(0) if scenario.grid.feeder and row == 0 else 0.0
            made = (world.zone.pv_kw + world.zone.wind_kw)[zones].sum()
            if scenario.grid.feeder and row == 0:
                made += (world.hub.pv_kw - world.zone.pv_kw.sum() + world.hub.wind_kw - world.zone.wind_kw.sum()).item()
            found.append(("transformer", world.feeder.names[row], of_connector[zones[world.connector.zone]].sum(),
                          load - made, feeder.transformer.rated_kva * world.feeder.rating_share.item(row)))
    return found


def kinds(model: Model, *wanted: str) -> list[tuple]:
    """(time, kind, session) of the events of those kinds."""
    return [(e["t"], e["kind"], e.get("session")) for e in model.events if e["kind"] in wanted]


def session_row(model: Model, name: str) -> int:
    return model.world.session.find(name)


@dataclass
class Plan:
    """Everything a run needs, drawn by hypothesis."""

    raw: dict
    cars: list[dict]
    commands: list[tuple[float, object]] = field(default_factory=list)

    def scenario(self):
        return from_dict(copy.deepcopy(self.raw), "plan")

    def model(self, history=None, submit=True) -> Model:
        model = Model(self.scenario(), visits(*self.cars), history)
        for t_s, order in self.commands if submit else ():
            model.submit_at(t_s, order)
        return model


DURATION_H = 6
TIMES = st.one_of(  # coarse, so that things coincide; and fine, so that they almost do
    st.integers(0, DURATION_H * 12).map(lambda k: k * 300.0),
    st.floats(0.0, DURATION_H * HOUR, allow_nan=False))
SHARES = st.integers(0, 20).map(lambda k: k / 20)
LIMITS = st.one_of(st.none(), st.sampled_from([0.0, 5.0, 11.0, 17.3, 30.0, 60.0]))


@st.composite
def curves(draw):
    """A charge curve: of two stages, or any that falls, rises and steps."""
    if draw(st.booleans()):
        return two_stage(draw(st.sampled_from([0.0, 0.5, 0.8, 1.0])),
                         draw(st.sampled_from([0.01, 0.05, 0.3, 1.0])))
    share = st.integers(1, 20).map(lambda k: k / 20.0)
    inner = draw(st.lists(st.integers(1, 19), max_size=6).map(sorted))
    socs = [0, *(soc for k, soc in enumerate(inner) if inner[k - 2:k] != [soc, soc]), 20]
    return tuple((soc / 20.0, draw(share)) for soc in socs)


@st.composite
def plans(draw, strategies=NAMES, most_cars=6, base_within_limit=False, commands=None):
    """Random sites of one or two zones, tariffs, base loads, cars and (a strategy of) commands."""
    zones = [zone(f"z{k}", draw(st.integers(0, 3)), draw(st.sampled_from([3.7, 11.0, 22.0])),
                  draw(st.sampled_from([0.0, 11.0])), draw(st.sampled_from(["Type2", "CCS2"])),
                  strategy=draw(st.sampled_from(strategies)),
                  import_limit_kw=draw(LIMITS), export_limit_kw=draw(LIMITS))
             for k in range(draw(st.integers(1, 2)))]
    limit = draw(LIMITS)
    most = 40.0 if limit is None or not base_within_limit else limit
    base = draw(st.lists(SHARES.map(lambda share: share * most), min_size=1, max_size=4))
    prices = draw(st.lists(st.sampled_from([-0.05, 0.1, 0.2, 0.3, 0.6]), min_size=1, max_size=6))
    raw = {
        "name": "plan", "start": START, "duration": DURATION_H * HOUR,
        "control_interval": draw(st.sampled_from([300.0, 400.0, 1700.0])),
        "site": {"zones": zones},
        "grid": {"import_limit_kw": limit, "export_limit_kw": draw(LIMITS),
                 "base_load": {"step": "90m", "values": base}},
        "tariff": {"kind": "series", "step": "40m", "values": prices, "sell_share": 0.9},
        "fleet": {"charge_efficiency": draw(st.sampled_from([1.0, 0.933])),
                  "discharge_efficiency": draw(st.sampled_from([1.0, 0.9])),
                  "min_soc": draw(st.sampled_from([0.0, 0.15])),
                  "ageing": NO_AGEING},
    }
    cars = [draw(_cars(f"ev{k}")) for k in range(draw(st.integers(0, most_cars)))]
    given = [] if commands is None else \
        draw(st.lists(st.tuples(TIMES, commands), max_size=5).map(lambda c: sorted(c, key=_time)))
    return Plan(raw, cars, given)


@st.composite
def _cars(draw, name):
    arrival, other = sorted([draw(TIMES), draw(TIMES)])
    capacity = draw(st.sampled_from([20.0, 60.0]))
    return visit(
        name, arrival, max(other, arrival + 60.0) * draw(st.sampled_from([1.0, 1.5])),
        capacity_kwh=capacity, stored=capacity * draw(SHARES), target=capacity * draw(SHARES),
        battery_max_kw=draw(st.sampled_from([2.0, 9.0, 60.0])),
        curve=draw(curves()),
        ac_discharge_kw=draw(st.sampled_from([0.0, 11.0])))


@st.composite
def trading(draw, strategies=("v2g_price",) * 4 + ("optimal", "mpc"), **more):
    """`plans` on which feeding pays: dear hours, then cheap ones, and charged vehicles that stay for
    both. Of `plans` alone hardly one in fifty feeds."""
    plan = draw(plans(strategies=strategies, **more))
    dear = draw(st.integers(1, 3))
    plan.raw["tariff"]["values"] = [0.6] * dear + [0.1] * (9 - dear)
    for part in plan.raw["site"]["zones"]:
        for station in part["stations"]:
            station["connectors"][0]["discharge_kw"] = 11.0
    for car in plan.cars:
        car["arrival_s"] /= 6.0
        car["departure_s"] = max(car["departure_s"], car["arrival_s"] + 3.0 * HOUR)
        car["arrival_kwh"] = max(car["arrival_kwh"], 0.6 * car["capacity_kwh"])
        car |= {"ac_discharge_kw": 11.0, "dc_discharge_kw": 20.0}
    return plan


@st.composite
def fast_charging(draw, strategies=NAMES, most_cars=4):
    """A forecourt of DC connectors on which batteries, not plugs, limit the power: their curves
    fall, rise and step within a control interval."""
    limits = st.sampled_from([None, 20.0, 35.0, 60.0, 90.0])
    forecourt = zone("z0", 3, 50.0, draw(st.sampled_from([0.0, 20.0])), "CCS2",
                     strategy=draw(st.sampled_from(strategies)),
                     import_limit_kw=draw(limits), export_limit_kw=draw(limits))
    raw = {
        "name": "forecourt", "start": START, "duration": 3 * HOUR,
        "control_interval": draw(st.sampled_from([300.0, 400.0, 1700.0])),
        "site": {"zones": [forecourt]},
        "grid": {"import_limit_kw": draw(limits), "export_limit_kw": draw(limits),
                 "base_load": draw(st.sampled_from([0.0, 12.0]))},
        "tariff": {"kind": "series", "step": "30m", "sell_share": 0.9,
                   "values": draw(st.lists(st.sampled_from([0.1, 0.3, 0.6]), min_size=1, max_size=4))},
        "fleet": {"charge_efficiency": draw(st.sampled_from([1.0, 0.933])),
                  "discharge_efficiency": 0.9, "ageing": NO_AGEING},
    }
    cars = [visit(f"ev{k}", arrival=300.0 * draw(st.integers(0, 6)) + draw(st.sampled_from([0.0, 77.0])),
                  departure=4 * HOUR, stored=draw(SHARES) * 25.0, target=25.0 + draw(SHARES) * 25.0,
                  curve=draw(curves())) for k in range(draw(st.integers(1, most_cars)))]
    return Plan(raw, cars)


@st.composite
def confined(draw, strategies=NAMES, commands=None):
    """`plans`, `trading` or `fast_charging` at two-headed stations that carry less than their connectors,
    behind a transformer that is kept and carries little."""
    plan = draw(st.one_of(plans(strategies, base_within_limit=True, commands=commands),
                          trading(strategies, base_within_limit=True), fast_charging(strategies)))
    kw = st.sampled_from([None, 0.0, 6.0, 11.0, 17.3, 30.0])
    for part in plan.raw["site"]["zones"]:
        heads, stations = part["stations"][0]["connectors"] if part["stations"] else [{"count": 0}], []
        for _ in range(0, heads[0]["count"], 2):
            stations.append({"connectors": [{**heads[0], "count": min(2, heads[0]["count"] - 2 * len(stations))}],
                             "max_kw": draw(kw)})
        part["stations"] = stations
    if draw(st.booleans()):
        plan.raw["grid"] |= {"feeder": "lv_depot", "keep_transformers": True}
        plan.raw["injects"] = [{"at": 0.0, "command": f"transformer derate {draw(st.sampled_from([4, 8, 15]))} %"}]
    return plan


def _time(entry):
    return entry[0]


CONNECTORS = st.sampled_from(["C-01", "C-02", "C-03", "C-99"])
ZONES = st.sampled_from([None, "z0", "z1", "nowhere"])
POWERS = st.sampled_from([None, -11.0, -3.0, 0.0, 2.0, 11.0, 22.0])
COMMAND_STRATEGIES = {
    "set_strategy": st.builds(lambda s, z: command("set_strategy", strategy=s, zone=z),
                              st.sampled_from(NAMES), ZONES),
    "set_limit": st.builds(lambda d, kw, z: command("set_limit", direction=d, kw=kw, zone=z),
                           st.sampled_from(["import", "export"]), LIMITS, ZONES),
    "set_connector_power": st.builds(
        lambda c, kw: command("set_connector_power", connector=c, kw=kw), CONNECTORS, POWERS),
    **{kind: CONNECTORS.map(lambda c, kind=kind: command(kind, connector=c))
       for kind in ("stop_session", "start_session", "out_of_service", "back_in_service",
                    "clear_fault", "cancel_reservation")},
    "price_override": st.builds(
        lambda p, d: command("price_override", price=p, duration=d),
        st.sampled_from([-0.1, 0.05, 0.9]), st.sampled_from([60.0, "40m", "3h", "2d"])),
    "disturb_grid": st.builds(
        lambda mw, d: command("disturb_grid", mw=mw, duration=d),
        st.sampled_from([-40.0, -5.0, 0.0, 12.5, 40.0]), st.sampled_from([None, 7.5, "20m"])),
    "fault_connector": st.builds(
        lambda c, e: command("fault_connector", connector=c, error_code=e),
        CONNECTORS, st.sampled_from(["GroundFailure", "WeakSignal"])),
    "reserve_connector": st.builds(
        lambda c, d, v: command("reserve_connector", connector=c, duration=d, vehicle=v),
        CONNECTORS, st.sampled_from([60.0, "40m", "3h"]), st.sampled_from([None, "ev0", "ev1"])),
    "set_station_offline": st.builds(
        lambda s, o: command("set_station_offline", station=s, offline=o),
        st.sampled_from(["S-01", "S-02", "S-99"]), st.booleans()),
    "dispatch": st.builds(
        lambda kw, z, d: command("dispatch", kw=kw, zone=z, duration=None if kw is None else d),
        POWERS, ZONES, st.sampled_from([None, 60.0, "40m"])),
    "trip_transformer": st.builds(lambda d: command("trip_transformer", duration=d),
                                  st.sampled_from([None, "40m"])),
    "derate_transformer": st.builds(lambda p, d: command("derate_transformer", percent=p, duration=d),
                                    st.sampled_from([1.0, 60.0]), st.sampled_from([None, "40m"])),
    "line_outage": st.builds(lambda line, f: command("line_outage", line=line, feeder=f),
                             st.sampled_from(["L1", "L1 far"]), st.sampled_from([None, "lv_depot"])),
    "close_transformer": st.just(command("close_transformer")),
    "line_back": st.just(command("line_back", line="L1")),
    "heat_wave": st.builds(lambda k, d: command("heat_wave", kelvin=k, duration=d, ramp="20m"),
                           st.sampled_from([-25.0, 8.0]), st.sampled_from(["40m", "3h"])),
    "cloud_front": st.just(command("cloud_front", percent=20.0, duration="1h")),
    "wind_ramp": st.just(command("wind_ramp", percent=150.0, until="05:00", ramp="7m")),
    "shift_price": st.builds(lambda f, a, d: command("shift_price", factor=f, add=a, duration=d),
                             st.sampled_from([-1.0, 3.0]), st.sampled_from([0.0, -0.4]),
                             st.sampled_from([60.0, "40m", "2d"])),
    "demand_response": st.builds(
        lambda kw, n, r: command("demand_response", kw=kw, duration="40m", notice=n, reward=r, penalty=2.0),
        st.sampled_from([0.0, 11.0]), st.sampled_from([None, "10m"]), st.sampled_from([0.0, 50.0])),
    "forecast_error": st.builds(
        lambda q, f, a, d: command("forecast_error", quantity=q, factor=f, add=a, duration=d),
        st.sampled_from(["load", "price", "production"]), st.sampled_from([1.0, 0.0, 2.0]),
        st.sampled_from([0.0, 5.0]), st.sampled_from([None, "2h"])),
    "arrival_surge": st.builds(
        lambda n, z, s: command("arrival_surge", vehicles=n, zone=z, stay=s, within="20m"),
        st.integers(1, 3), ZONES, st.sampled_from([None, "1h", "9h"])),
    "early_departures": st.builds(
        lambda n, z, a: command("early_departures", vehicles=n, zone=z, announced=a, within="20m"),
        st.integers(1, 3), ZONES, st.booleans()),
}
_AT_ONCE = st.one_of(*COMMAND_STRATEGIES.values())
COMMAND_STRATEGIES |= {
    "schedule": st.builds(lambda t, c: command("schedule", at=t, command=c), TIMES, _AT_ONCE),
    "watch": st.builds(
        lambda w, c: command("watch", when=w, command=c),
        st.sampled_from(["net > 10 kW", "plugged >= 2 for 10m", "price > 0.2 and drawn of z0 > 3 kW"]), _AT_ONCE),
    "cancel_order": st.builds(lambda n: command("cancel_order", order=n), st.integers(1, 3)),
}
ANY_COMMAND = st.one_of(*COMMAND_STRATEGIES.values())
