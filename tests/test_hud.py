"""What the panels say, from columns built by hand, and where they lie in the picture."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from entities.components import ConnectorKind, OcppVersion, Phase, Place, Reason, Status
from entities.world import World
from game.ui.facts import card, limited_by, site_facts
from game.ui.charging_network import charging_network_rows, status_name
from game.ui.rows import Row
from game.ui.strip import scale_ends
from game.ui.words import duration, money, number, pretty, signed, weekday_clock
from sim.battery.curves import add_curves, two_stage
from sim.model import Model
from sim.scenario import load
from sim.steps import Steps
from sim.strategies import NAMES as STRATEGY_NAMES

ROOT = Path(__file__).resolve().parent.parent
START = datetime.fromisoformat("2026-01-14T12:00:00+01:00")
HOUR = 3600.0


@pytest.fixture
def model():
    """A station with two connectors; one vehicle feeds at 10 kW, one is queued, one is away."""
    world = World()
    world.hub.add(1, ["hub"], import_limit_kw=400.0, base_kw=60.0, price_buy=0.4, price_sell=0.3)
    world.zone.add(1, ["Depot"], strategy=STRATEGY_NAMES.index("v2g_price"))
    world.station.add(1, ["S-01"], zone=0, ocpp=OcppVersion.V1_6)
    world.connector.add(2, ["C-01", "C-02"], station=0, zone=0, kind=ConnectorKind.CCS2,
                        charge_max_kw=22.0, discharge_max_kw=20.0, vehicle=[0, -1],
                        status=[Status.CHARGING, Status.AVAILABLE])
    world.vehicle.add(3, ["EV-1", "EV-2", "EV-3"], capacity_kwh=80.0, battery_max_kw=100.0,
                      curve=add_curves(world.curve, [two_stage(0.8, 0.05)]).popitem()[1],
                      charge_efficiency=0.9,
                      discharge_efficiency=0.9, wear_per_kwh=0.02, dc_charge_kw=50.0, dc_discharge_kw=10.0,
                      place=[Place.PLUGGED, Place.QUEUED, Place.AWAY], connector=[0, -1, -1],
                      session=[0, 1, -1], charge_cap_kw=50.0, target_kwh=64.0, deadline_s=20 * HOUR,
                      reason=[Reason.VEHICLE, 0, 0], energy0_kwh=40.0, power0_kw=[-10.0 / 0.9, 0.0, 0.0],
                      setpoint_kw=[-10.0, 0.0, 0.0])
    world.session.add(2, ["s1", "s2"], vehicle=[0, 1], arrival_kwh=[50.0, 20.0], target_kwh=64.0,
                      phase=[Phase.ACTIVE, Phase.QUEUED], charged_kwh=[5.0, 0.0], cost=[2.0, 0.0],
                      discharged_kwh=[3.0, 0.0], revenue=[1.0, 0.0])
    place = SimpleNamespace(pv_kwp=0.0, wind_kw=0.0)
    scenario = SimpleNamespace(name="evening_peak", start=START, currency="EUR",
                               site=SimpleNamespace(zones=[place], pv_kwp=0.0, wind_kw=0.0))
    conditions = SimpleNamespace(buying=Steps(np.zeros(1), np.array([0.4])),
                                 weather=SimpleNamespace(sun=None))
    return SimpleNamespace(health=None, frequency=None, phases=None, world=world, scenario=scenario,
                           conditions=conditions, net_at_midnight=0.0,
                           meter=SimpleNamespace(peak_import_kw=90.0, peak_export_kw=0.0),
                           capacity=SimpleNamespace(station_kw=np.full(world.station.slots, np.inf)),
                           site_power=lambda t: (60.0 - 10.0, 0.0, 10.0))


def values(shown) -> dict:
    return {row.label: f"{row.value} {row.unit}".strip() for row in shown.rows}


def charge(model, power_ac_kw: float, setpoint_kw: float, energy_kwh: float = 40.0):
    """Let EV-1 charge."""
    vehicle = model.world.vehicle
    vehicle.power0_kw[0], vehicle.setpoint_kw[0] = power_ac_kw * 0.9, setpoint_kw
    vehicle.energy0_kwh[0] = energy_kwh


def test_the_site(model):
    shown = site_facts(model, 6.5 * HOUR)
    assert (shown.name, shown.date, shown.clock) == ("Evening peak", "Wed 14 Jan", "18:30:00")
    assert (shown.net_kw, shown.charging_kw, shown.feeding_kw) == (50.0, 0.0, 10.0)
    assert (shown.import_limit_kw, shown.export_limit_kw) == (400.0, math.inf)
    assert (shown.price_buy, shown.price_sell, shown.price_unit) == ("0.400", "0.300", "EUR/kWh")
    assert (shown.plugged, shown.queued) == (1, 1)


def test_a_bar_without_limits_reaches_to_the_peak_so_far(model):
    limited = site_facts(model, 0.0)
    low, high = scale_ends(limited)
    assert low < 0.0 and 400.0 < high < 450.0
    free = replace(limited, import_limit_kw=math.inf)
    low, high = scale_ends(free)
    assert free.peak_import_kw == 90.0 < high < 100.0
    assert (free.net_kw - 0.0) / high == pytest.approx(50.0 / 90.0, rel=0.1)


def test_a_feeding_vehicle_after_half_an_hour(model):
    shown = card(model, "vehicle", 0, 0.5 * HOUR)
    fed = 5.0 / 0.9
    assert (shown.kind, shown.title, shown.state, shown.tone) == (
        "Sedan · V2G", "EV-1", "Feeding", "feed")
    assert shown.soc == pytest.approx((40.0 - fed) / 80.0)
    assert (shown.soc_target, shown.connector) == (0.8, "C-01")
    assert values(shown) == {
        "Power": "−10.0 kW AC", "Limited by": "inverter vehicle", "Connector": "C-01",
        "Charged": "+5.0 kWh", "Fed": f"−{3.0 + fed:.1f} kWh", "Cost": "2.00 EUR",
        "V2G earnings": f"{1.0 + 5.0 * 0.3:.2f} EUR",
        "V2G net": money(2.5 - (3.0 + fed) * (2.0 / 5.0 + 0.02)) + " EUR  after energy and wear", "Leaves": "Thu 08:00 in 19 h 30",
        "Battery": "80.0 kWh"}


def test_a_charging_vehicle_pays_for_what_it_draws(model):
    charge(model, 11.0, 11.0)
    shown = card(model, "vehicle", 0, 1.0 * HOUR)
    assert (shown.state, values(shown)["Power"]) == ("Charging", "+11.0 kW AC")
    assert values(shown)["Cost"] == f"{2.0 + 11.0 * 0.4:.2f} EUR"
    assert values(shown)["Charged"] == f"+{5.0 + 11.0 * 0.9:.1f} kWh"


def test_vehicles_that_are_queued_or_away(model):
    queued = card(model, "vehicle", 1, 0.0)
    assert (queued.state, queued.soc, queued.connector) == ("Queued", 0.25, None)
    away = card(model, "vehicle", 2, 0.0)
    assert (away.state, away.soc, values(away)) == ("Away", None, {"Battery": "80.0 kWh"})


@pytest.mark.parametrize("reason, power, setpoint, energy, words", [
    (Reason.CONNECTOR, 22.0, 22.0, 40.0, ("rating", "connector")),
    (Reason.VEHICLE, 22.0, 22.0, 40.0, ("charger", "vehicle")),
    (Reason.VEHICLE, 100.0 * 0.125 / 0.9, 22.0, 78.0, ("charge curve", "battery")),
    (Reason.ZONE_LIMIT, 7.0, 7.0, 40.0, ("limit", "zone")),
    (Reason.SITE_LIMIT, 7.0, 7.0, 40.0, ("limit", "grid connection")),
    (Reason.STATION, 7.0, 7.0, 40.0, ("limit", "station")),
    (Reason.PRICE, 0.0, 0.0, 40.0, ("price", "stands by")),
    (Reason.PRICE, -4.0, -4.0, 40.0, ("price", "sells")),
    (Reason.PRICE, 0.0, -10.0, 12.0, ("least charge kept", "")),
    (Reason.WEAR, 0.0, 0.0, 64.0, ("wear", "battery")),
    (Reason.TARGET, 0.0, 0.0, 64.0, ("target reached", "")),
    (Reason.CONNECTOR, 0.0, 22.0, 64.0, ("target reached", "")),
    (Reason.DEADLINE, 0.0, 0.0, 40.0, ("time to spare", "")),
    (Reason.PLAN, 3.0, 3.0, 40.0, ("V2G price", "strategy")),
    (Reason.GRID, 3.0, 3.0, 40.0, ("grid support", "")),
    (Reason.UNDECIDED, 0.0, 0.0, 40.0, ("V2G price", "strategy")),
])
def test_what_limits_the_power(model, reason, power, setpoint, energy, words):
    charge(model, power, setpoint, energy)
    model.world.vehicle.reason[0] = reason
    assert limited_by(model, 0, energy, power) == words


@pytest.mark.parametrize("energy, says", [
    (40.0, "50.0 kW at 50 %"), (72.0, "50.0 kW at 90 %"), (76.0, "27.8 kW at 95 %"), (78.4, None)])
def test_what_the_battery_takes_now(model, energy, says):
    """100 kW falling from 80 %, so a quarter at 95 %, behind an efficiency of 0.9."""
    model.world.vehicle.target_kwh[0] = 78.0
    charge(model, 5.0, 50.0, energy)
    assert values(card(model, "vehicle", 0, 0.0)).get("Takes up to") == says


def test_a_taper_that_has_begun_since_the_decision_is_seen(model):
    charge(model, 12.0, 22.0, 78.0)
    model.world.vehicle.reason[0], model.world.vehicle.rate_per_h[0] = Reason.CONNECTOR, -6.25
    assert limited_by(model, 0, 78.0, 12.0) == ("taper", "battery")
    model.world.vehicle.rate_per_h[0] = 6.25
    assert limited_by(model, 0, 78.0, 12.0) == ("charge curve", "battery")


def test_commands_limit_too(model):
    charge(model, 5.0, 5.0)
    model.world.vehicle.reason[0] = Reason.OPERATOR
    assert limited_by(model, 0, 40.0, 5.0) == ("setpoint", "fixed")
    model.world.session.phase[0] = Phase.STOPPED
    assert limited_by(model, 0, 40.0, 0.0) == ("stopped", "no transaction")
    assert card(model, "vehicle", 0, 0.0).rows[1].value == "stopped"
    model.world.connector.in_service[0] = False
    assert limited_by(model, 0, 40.0, 0.0) == ("out of service", "")
    charge(model, 0.0, 0.0)
    model.world.connector.status[0] = Status.UNAVAILABLE
    for kind in ("vehicle", "connector"):
        shown = card(model, kind, 0, 0.0)
        assert (shown.state, shown.tone) == ("Out of service", "closed")


def test_a_connector(model):
    shown = card(model, "connector", 0, 0.0)
    assert (shown.kind, shown.title, shown.state) == ("CCS2 connector", "C-01", "Feeding")
    assert values(shown) == {"OCPP status": "Charging", "Power": "−10.0 kW AC", "Station": "S-01",
                             "Rating": "+22.0 / −20.0 kW AC", "Vehicle": "EV-1",
                             "Setpoint": "V2G price"}
    model.world.connector.override_kw[1] = -7.5
    free = card(model, "connector", 1, 0.0)
    assert (free.state, values(free)["Vehicle"]) == ("Free", "none")
    assert values(free)["Setpoint"] == "−7.5 kW fixed"
    model.world.connector.in_service[1] = False
    assert card(model, "connector", 1, 0.0).state == "Out of service"


def test_a_station(model):
    shown = card(model, "station", 0, 0.0)
    assert (shown.title, shown.state) == ("S-01", "1 of 2 in use")
    assert shown.rows == (Row("Zone", "Depot"), Row("Power", "−10.0", "kW AC", "feed"),
                          Row("Rating", "44.0", "kW AC"), Row("OCPP", "1.6", "online"),
                          Row("Load", "1.00 ×", "an equal share in its zone"),
                          Row("C-01  Charging", "−10.0", "kW", "feed"),
                          Row("C-02  Available", "–", "kW", "quiet"))


def test_a_station_tells_of_each_of_many_connectors(model):
    model.world.connector.add(30, [f"X-{k}" for k in range(30)], station=0, zone=0)
    shown = card(model, "station", 0, 0.0)
    assert [row.label.split()[0] for row in shown.rows[-30:]] == [f"X-{k}" for k in range(30)]


def test_the_hub(model):
    shown = card(model, "hub", 0, 0.0)
    assert values(shown) == {
        "Net": "+50.0 kW", "Vehicles charge": "0.0 kW AC", "Vehicles feed": "−10.0 kW AC",
        "Base load": "60.0 kW", "Import limit": "400 kW", "Export limit": "none",
        "Buy": "0.400 EUR/kWh", "Sell": "0.300 EUR/kWh", "Strategy": "V2G price",
        "V2G earns": money(10.0 * 0.3 - 10.0 / 0.9 * (2.0 / 5.0 + 0.02)) + " EUR/h net",
        "V2G today": money(1.0 - 3.0 * (2.0 / 5.0 + 0.02)) + " EUR net"}
    assert shown.state == "Importing"


def test_the_hubs_powers_add_up_to_its_net():
    model = Model(load("solar_carport"))
    model.advance(13 * HOUR)
    shown = {row.label: row for row in card(model, "hub", 0, 13 * HOUR).rows}
    parts = [float(shown[label].value.replace("\u2212", "-")) for label in (
        "Net", "Vehicles charge", "Vehicles feed", "Base load", "Sun", "Wind")]
    assert parts[0] == pytest.approx(sum(parts[1:]), abs=0.3) and parts[4] < -1.0
    assert shown["Outdoors"].unit == "°C" and 0.0 < float(shown["Renewable"].value) <= 100.0
    assert shown["Carbon"].unit == "g/kWh" and "V2G earns" not in shown


def test_cards_of_a_troubled_network():
    model = Model(load("network_troubles"))
    t = 2.5 * HOUR
    model.advance(t)
    world = model.world

    def shown(kind, name):
        return card(model, kind, getattr(world, kind).find(name), t)

    faulted = values(shown("connector", "F-42"))
    assert faulted["OCPP status"] == "Faulted GroundFailure"
    assert faulted["Faults"] == "1 not repaired yet"
    assert faulted["Available"] == "53.3 % of the time" and faulted["Sessions"].startswith("1 in use")
    assert shown("connector", "F-42").state == "Faulted"
    reserved = shown("connector", "F-32")
    assert reserved.state == "Reserved" and values(reserved)["Reserved"] == "TRAILER until 19:45"
    assert values(shown("connector", "F-11"))["OCPP status"] == "Occupied Charging"
    assert values(shown("connector", "M-11"))["OCPP status"] == "Charging"
    assert values(shown("connector", "M-21"))["Station offline"] == "holds its setpoint"
    offline = shown("station", "AC-2")
    assert Row("OCPP", "1.6", "offline", "warning") in offline.rows
    assert limited_by(model, world.vehicle.find("DOLPHIN"), 30.0, 7.0) == ("last setpoint", "station offline")
    assert values(shown("station", "HPC-1"))["Load"].startswith("4.00 ×")
    whole = {row.label: f"{row.value} {row.unit}".strip() for row in charging_network_rows(model, t)}
    assert whole["Stations online"] == "7 of 8" and whole["Faulted"] == "1 of 16 connectors"
    assert "Between faults" in whole and "Efficiency" in whole
    guest = world.connector.vehicle[world.connector.find("M-12")]
    assert limited_by(model, int(guest), 30.0, 0.0) == ("stopped", "no transaction")


def test_ocpp_status_is_spelled_as_the_version_spells_it():
    assert status_name(OcppVersion.V1_6, Status.SUSPENDED_EVSE) == "SuspendedEVSE"
    assert status_name(OcppVersion.V2_1, Status.SUSPENDED_EVSE) == "Occupied"
    assert status_name(OcppVersion.V2_0_1, Status.FAULTED) == "Faulted"


def test_words():
    assert [signed(x) for x in (12.34, -12.34, 0.04, -0.04, 0.0)] == [
        "+12.3", "−12.3", "0.0", "0.0", "0.0"]
    assert (signed(-10156.0), number(1234567.8, 1), money(999.999)) == (
        "−10\u2009156.0", "1\u2009234\u2009567.8", "1\u2009000.00")
    assert (number(-0.0004, 3), number(-1.5, 1), money(3.005)) == ("0.000", "−1.5", "3.00")
    assert [duration(s) for s in (40, 720, 3 * HOUR + 300)] == ["40 s", "12 min", "3 h 05"]
    assert (pretty("evening_peak"), pretty("")) == ("Evening peak", "")
    assert weekday_clock(HOUR, 0.0, START) == "13:00"
    assert weekday_clock(13 * HOUR, 0.0, START) == "Thu 01:00"


DRAW = """
import json, sys
import numpy as np
from game.app import App
from sim.model import Model
from sim.scenario import from_dict
from tempfile import NamedTemporaryFile
network = NamedTemporaryFile("w", suffix=".toml")
network.write('name = "n"\\nvoltage_v = 400.0\\ngroups = [{ wiring = "A", connectors = ["Z"] }]\\n'
              'limits = [' + ','.join('{ name = "a panel with a name that goes on %d", line = "A", '
                                      'limit_a = 0.1 }' % k for k in range(6)) + ']')
network.flush()
raw = {"name": "hud_test", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
       "grid": {"network": network.name, "feeder": "lv_depot"},
       "site": {"zones": [{"name": "Z", "stations": [
           {"count": 2, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
       "sessions": {"kind": "generated", "groups": [
           {"use_case": "private", "vehicles": 4, "models": [{"model": "tesla_model_3_rwd"}]}]}}
size = tuple(json.loads(sys.argv[1]))
scenario = from_dict(raw, "hud test")
model = Model(scenario)
model.advance(23400.0)
app = App(scenario, model, size=size, offscreen=True)
pose = app.pose_named(None)
def drawn():
    for frame in range(8):
        app.frame_at(23400.0, app.real_s + 0.1, pose)
    return app.shell.picture()
app.hud.show(False)
bare = drawn()
app.hud.show(True)
app.select("vehicle", int(np.flatnonzero(model.world.vehicle.connector >= 0)[0]))
app.hud.say("x")
app.scene.update = lambda *_: None
full = drawn()
changed = np.abs(full.astype(int) - bare).max(axis=2) > 8
ys, xs = np.nonzero(changed)
print(json.dumps({
    "panels": float(changed.mean()), "centre": float(changed[
        size[1] // 3:size[1] * 2 // 3, size[0] * 4 // 9:size[0] * 2 // 3].mean()),
    "bounds": [int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())],
    "covers": [app.hud.covers((20, 20)), app.hud.covers((size[0] - 40, size[1] // 4)),
               app.hud.covers((size[0] // 2, size[1] // 2)), app.hud.covers(None)]}))
app.close()
"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (900, 700)])
def test_panels_keep_to_the_edges_at_any_size(size):
    done = subprocess.run([sys.executable, "-c", DRAW, json.dumps(size)], cwd=ROOT, text=True,
                          check=True, stdout=subprocess.PIPE)
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["covers"] == [True, True, False, False]
    assert seen["centre"] == 0.0
    assert 0.03 < seen["panels"] < 0.65
    left, top, right, bottom = seen["bounds"]
    assert left >= 8 and top >= 8 and right < size[0] - 8 and bottom < size[1] - 8


TEXTS = """
import contextlib, dataclasses, json, sys
import game.ui.facts as facts
from game.ui.widgets import Brush
from game.ui.words import number
exec(sys.argv[2].split("def drawn")[0])
texts, panels, seen_in = [], [], []
def text(self, x, baseline, text, size=14.0, tone="text", bold=False, right=False, **more):
    width = plain_text(self, x, baseline, text, size, tone, bold, right, **more)
    left = x - width if right else x
    top, bottom = baseline - self.theme.px(size) * 0.7, baseline + self.theme.px(2)
    for low, high in seen_in:  # what scrolls is seen within its part alone
        top, bottom = max(top, low), min(bottom, high)
    if top < bottom:
        texts.append((panels[-1][0], text, left, top, left + width, bottom))
    return width
def panel(self, name, rect, ground="panel", on_top=False):
    panels.append((name, (*rect, on_top)))
    return plain_panel(self, name, rect, ground, on_top)
@contextlib.contextmanager
def scroll(self, name, rect, whole):
    seen_in.append((rect[1] + 2, rect[1] + rect[3]))
    with plain_scroll(self, name, rect, whole) as top:
        yield top
    seen_in.pop()
plain_scroll, Brush.scroll = Brush.scroll, scroll
plain_text, Brush.text = Brush.text, text
plain_panel, Brush.panel = Brush.panel, panel
plain_facts = facts.site_facts
def great_facts(*given):
    return dataclasses.replace(
        plain_facts(*given), net_kw=-10156.0, charging_kw=10156.0, feeding_kw=10156.0,
        import_limit_kw=12000.0, export_limit_kw=9000.0, price_buy=number(-12.345, 3),
        price_sell=number(-12.345, 3), plugged=10156, queued=12345,
        name="A scenario with a name that does not end where it should")
world, seen = model.world, []
for great in (False, True):
    if great:
        facts.site_facts = great_facts
        world.hub.base_kw[0], world.hub.import_limit_kw[0] = 1e7, 1e8
        world.connector.charge_max_kw[:] = world.connector.discharge_max_kw[:] = 10156.0
        world.vehicle.capacity_kwh[:] = 1e5
        for table in (world.vehicle, world.connector, world.station):
            table.names[:] = [f"WWWWWWWW-with-a-long-name-{n}-that-goes-on" for n in table.names]
    for size in json.loads(sys.argv[1]):
        app.hud.resize(size)
        for kind in ("vehicle", "connector", "station", "hub"):
            row = 0 if kind != "vehicle" else int(
                np.flatnonzero(world.vehicle.connector >= 0)[0])
            app.select(kind, row)
            app.help_open = True
            app.hud.say("A refusal that explains itself at great length. " * great * 4 + "x")
            texts.clear(), panels.clear()
            app.hud.update(Shown(model.now_s, Run(3600, False, False, 1234.0), app.selected, True, app.look), 0.3)
            seen.append((size, great, kind, dict(panels), list(texts)))
app.help_open = False
for connector in ("Z-1", "Z-2", "Z-3"):
    name = world.connector.names[int(connector[-1])]
    model.submit(FaultConnector(connector=name))
model.advance(model.now_s + 1.0)
app.hud.say("")
for size, scale in json.loads(sys.argv[3]):
    app.hud._theme.own = scale
    app.hud.resize(size)
    for view in View:
        for seat in app.hud.dashboard.seating.seats[view]:
            seat.open = True
            app.hud.dashboard.seating.touch(seat)
        for kind in ("none", "vehicle"):
            chosen = None if kind == "none" else (kind, int(np.flatnonzero(world.vehicle.connector >= 0)[0]))
            look = dataclasses.replace(app.look, view=view)
            app.hud.refresh()
            texts.clear(), panels.clear()
            app.hud.update(Shown(model.now_s, Run(3600, False, False, 1234.0), chosen, False, look), 0.3)
            assert "panel alerts" in dict(panels)
            seen.append((size, True, f"{kind} {view.name} {scale}", dict(panels), list(texts)))
print(json.dumps(seen))
app.close()
"""
SCALES = [[size, scale] for size in ((800, 600), (1280, 720), (2560, 1440)) for scale in (0.75, 1.5, 3.0)]
SIZES = [(1280, 720), (1280, 800), (1440, 900), (1920, 1080), (1920, 1200), (2560, 1080),
         (3840, 2160), (1366, 768), (1024, 768), (1280, 1024), (900, 700), (800, 600), (640, 480)]


@pytest.fixture(scope="module")
def written():
    """What every panel writes and where: sizes, long names and great numbers."""
    code = TEXTS.replace("import contextlib", "from game.ui.hud import Shown\n"
                         "from game.look import View\nfrom game.ui.strip import Run\n"
                         "from sim.incident_commands import FaultConnector\nimport contextlib", 1)
    head = DRAW.replace("size = tuple(json.loads(sys.argv[1]))", "size = (1280, 720)")
    done = subprocess.run([sys.executable, "-c", code, json.dumps(SIZES), head, json.dumps(SCALES)], cwd=ROOT,
                          text=True, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def test_every_size_has_every_section(written):
    wanted = ["Net at the grid", "Charging", "Feeding", "Buy", "Sell", "Plugged", "Queued", "×3600",
              "runs ×1200"]
    for size, great, _, panels, texts in written:
        strip = [words for panel, words, *_ in texts if panel == "strip"]
        assert all(label in strip for label in wanted), (size, strip)
        assert any(words.count(":") == 2 for words in strip), (size, strip)


def test_no_panel_lies_over_another(written):
    """But for the cards that are called up over all of them."""
    for size, great, kind, panels, _ in written:
        lying = [(name, rect) for name, (*rect, on_top) in panels.items() if not on_top]
        for (name, a), (other, b) in combinations(lying, 2):
            assert (a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1]
                    or b[1] + b[3] <= a[1]), (size, great, kind, name, other)


def test_no_text_leaves_its_panel_or_meets_another(written):
    for size, great, kind, panels, texts in written:
        for x, y, width, height, _ in panels.values():
            assert x >= 0 and y >= 0 and x + width <= size[0] and y + height <= size[1], size
        for index, (panel, words, left, top, right, bottom) in enumerate(texts):
            x, y, width, height, over = panels[panel]
            assert x + 4 <= left and right <= x + width - 4, (size, kind, panel, words)
            assert y + 2 <= top and bottom <= y + height, (size, kind, panel, words)
            for other, words2, left2, top2, right2, bottom2 in texts[:index]:
                apart = (panel != other and (over or panels[other][4]) or right <= left2 + 1 or right2 <= left + 1
                         or bottom <= top2 or bottom2 <= top)
                assert apart, (size, great, kind, panel, words, words2)


MOUSE = """
from game.ui.dialog import Choice, Dialog
app.frame_at(23400.0, app.real_s + 0.1, pose)
hud, io = app.hud, app.hud._layer.io
rects = {seat.panel: rect for seat, rect, _ in hud.dashboard._places}
def frame():
    hud.stir()
    app.frame_at(23400.0, app.real_s + 0.1, pose)
def drag(x, y, to_x, to_y):
    for at, down in (((x, y), None), ((x, y), True), (((x + to_x) / 2, y), None), ((to_x, to_y), None), ((to_x, to_y), False)):
        hud.point(at)
        if down is not None:
            io.add_mouse_button_event(0, down)
        frame(), frame()
def docks():
    return {seat.panel: seat.dock for seat in hud.dashboard.seating.seats[app.look.view]}
x, y = rects["fleet"][0] + 60, rects["fleet"][1] + 12
found = []
hud.dialog = Dialog("A question", "that comes first", [Choice("Yes", "", lambda: None)])
drag(x, y, size[0] - 60, 300)
found.append([docks()["fleet"], hud.covers((640, 200))])
hud.dialog = None
frame()
drag(x, y, size[0] - 60, 300)
found.append([docks()["fleet"], hud.covers((640, 200))])
hud.resize((800, 600))
for seat in hud.dashboard.seating.seats[app.look.view]:
    seat.dock, seat.open = "right", False
app.select("vehicle", int(np.flatnonzero(model.world.vehicle.connector >= 0)[0]))
frame(), frame()
while hud.dashboard._more and len(found) < 9:
    (more, (x, y, wide, tall)), = hud.dashboard._more
    before = {seat.panel for seat, _, _ in hud.dashboard._places}
    drag(x + wide / 2, y + tall / 2, x + wide / 2 + 1, y + tall / 2)
    after = {seat.panel for seat, _, _ in hud.dashboard._places}
    found.append([more.next.panel not in before, more.next.panel in after])
print(json.dumps(found))
app.close()
"""


def test_nothing_behind_a_question_takes_the_mouse():
    """And without one a heading is dragged, and the line of more brings up one panel after the other."""
    head = DRAW.split("def drawn")[0]
    done = subprocess.run([sys.executable, "-c", head + MOUSE, json.dumps((1280, 720))], cwd=ROOT, text=True,
                          check=True, stdout=subprocess.PIPE)
    assert json.loads(done.stdout.splitlines()[-1]) == [["left", True], ["right", False], *[[True, True]] * 7]
