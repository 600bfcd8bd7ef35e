"""What overlays and views say: the numbers on plates are read back from the picture, zones' figures and
the legend are held against the columns and the shaders."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from entities.components import NONE
from game.look import Look, Overlay, View
from game.scene import readings
from game.scene.zone_words import zone_words
from game.ui import legend
from sim.model import Model
from sim.scenario import load

ROOT = Path(__file__).resolve().parent.parent
SHADERS = ROOT / "assets" / "shaders"

DRAW = """
import json, sys
from datetime import datetime, timezone
from types import SimpleNamespace
import numpy as np
from entities.components import Place, Status
from entities.world import World
from game.camera import Pose
from game.look import Look, Overlay, Tier, View
from game.scene.scene import Scene
from game.shell import Shell
from game.signs import Signs

SITE = SimpleNamespace(site=SimpleNamespace(layout="depot", zones=[], wind_kw=0.0), currency="EUR")
START = datetime(2026, 1, 14, 12, tzinfo=timezone.utc)
shell = Shell((480, 270), offscreen=True)

def world_of(count=1, power=0.0, voltage=float("nan"), soh=0.962, v2g=11.0):
    world, rows = World(), np.arange(count)
    world.hub.add(1, price_buy=0.4, price_sell=0.3)
    world.zone.add(1, names=["yard"])
    world.station.add(count, zone=0)
    world.connector.add(count, station=rows, zone=0, vehicle=rows, status=Status.CHARGING,
                        charge_max_kw=22.0, voltage_pu=voltage)
    world.vehicle.add(count, place=Place.PLUGGED, connector=rows, capacity_kwh=60.0, energy0_kwh=28.2,
                      power0_kw=power, target_kwh=50.0, chemistry=1, soh=soh, ac_discharge_kw=v2g)
    return world

def draw(world, look, palette="standard", distance=3.0):
    scene = Scene(shell.root, SITE, world, palette)
    scene._captions.compose = lambda *_: ()
    if look.overlay in (Overlay.LOAD, Overlay.VOLTAGE):
        x, _, z = scene.layout.station_xyz[0]
        turn = np.radians(scene.layout.station_heading[0])
        x, y, z = x + 1.1 * np.sin(turn), 1.75, z + 1.1 * np.cos(turn)
    else:
        x, _, z = scene.layout.bay_xyz[0]
        y = 0.62 + BODY
    shell.place_camera(Pose((float(x), float(y), float(z)), distance, 20.0, 10.0))
    for _ in range(2):
        scene.update(world, 0.0, 1, 1.0, shell.camera, None, START, look, Signs(high=0.5))
        shell.render()
    shown = shell.picture()
    calls = scene.draw_calls
    scene.destroy()
    return shown, calls

from game.scene import bodies
BODY = float(bodies.dimensions()[1][1])
folder = sys.argv[1]
cases = {"flow feeds": (Overlay.FLOW, dict(power=-11.0)), "flow charges": (Overlay.FLOW, dict(power=7.4)),
         "flow much": (Overlay.FLOW, dict(power=150.0)), "flow none": (Overlay.FLOW, {}),
         "price earns": (Overlay.PRICE, dict(power=-11.0)), "price pays": (Overlay.PRICE, dict(power=30.0)),
         "soc": (Overlay.SOC, {}), "health": (Overlay.HEALTH, {}), "health unknown": (Overlay.HEALTH, dict(soh=float("nan"))),
         "voltage": (Overlay.VOLTAGE, dict(voltage=0.974)), "voltage high": (Overlay.VOLTAGE, dict(voltage=1.0386)),
         "no voltage": (Overlay.VOLTAGE, dict(voltage=0.0)), "voltage unknown": (Overlay.VOLTAGE, {}), "load": (Overlay.LOAD, dict(power=-22.0))}
for name, (overlay, columns) in cases.items():
    np.save(f"{folder}/{name}.npy", draw(world_of(**columns), Look(overlay=overlay, tier=Tier.LOW))[0])
out = {"views": {}, "mint": {}, "calls": {}}
for view in View:
    for part, world in (("V2G", world_of(power=-11.0)), ("other", world_of(v2g=0.0))):
        shown = draw(world, Look(view=view, tier=Tier.LOW), distance=9.0)[0].astype(float)
        out["views"][f"{view.name} {part}"] = float(shown.mean())
        out["mint"][f"{view.name} {part}"] = float((shown[80:190, 140:340, 1] - shown[80:190, 140:340, 0]).mean())
for overlay in Overlay:
    out["calls"][overlay.name] = [draw(world_of(n, 5.0), Look(overlay=overlay))[1] for n in (1, 300)]
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("overlays")


@pytest.fixture(scope="module")
def drawn(folder):
    done = subprocess.run([sys.executable, "-c", DRAW, folder], cwd=ROOT, text=True, check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def glyphs(mask: np.ndarray) -> list[np.ndarray]:
    """What is written in a mask, from left to right, each cut out as wide as it is."""
    inked = np.concatenate([[False], mask.any(axis=0), [False]])
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    return [mask[:, a:b] for a, b in zip(edges[::2], edges[1::2])]


def shape(glyph: np.ndarray) -> np.ndarray:
    """A glyph of any size as 24 x 12 numbers, and how wide and how much of its height it is."""
    rows = (np.arange(24) + 0.5) / 24 * glyph.shape[0]
    columns = (np.arange(12) + 0.5) / 12 * glyph.shape[1]
    small = glyph[rows.astype(int)][:, columns.astype(int)].astype(float)
    return np.append(small.ravel(), 6.0 * glyph.shape[1] / glyph.shape[0])


def read(shown: np.ndarray) -> str:
    """The number on the plate in the middle of a picture."""
    # Half a plate's height is 0.17 m seen from 3 m, capitals are 1.12 of it and stand at -0.36.
    half = 0.17 / 3.0 * 135.0 / np.tan(np.radians(19.0))
    low, top = 135.0 + 0.36 * half, 135.0 - (1.12 - 0.36) * half
    middle, wide = shown.shape[1] // 2, round(2.0 * half)
    mask = shown[round(top) - 1:round(low) + 1, middle - wide:middle + wide].min(axis=2) > 120
    atlas = np.asarray(readings.characters()).reshape(readings.CELL[1], readings.CELLS, readings.CELL[0])
    edge = (readings.CELL[1] - readings.CAPITAL) // 2
    known = [shape(glyphs(atlas[edge - 1:-edge + 1, k] > 120)[0]) for k in range(len(readings.CHARACTERS))]
    found = [int(np.argmin([np.abs(shape(glyph) - each).sum() for each in known])) for glyph in glyphs(mask)]
    return "".join(readings.CHARACTERS[k] for k in found)


@pytest.mark.parametrize("name, text", [
    ("flow feeds", "−11"), ("flow charges", "+7.4"), ("flow much", "+150"), ("flow none", ""),
    ("price earns", "+3.30"), ("price pays", "−12.0"), ("soc", "47"), ("health", "96.2"),
    ("health unknown", "–"), ("voltage", "0.974"), ("voltage high", "1.039"), ("voltage unknown", "–"), ("no voltage", "0.000"),
    ("load", "−22")])
def test_a_plate_has_the_number_of_the_columns(drawn, folder, name, text):
    assert read(np.load(folder / f"{name}.npy")) == text


def test_overlays_cost_at_most_one_draw_call_whatever_the_fleet(drawn):
    plain = drawn["calls"]["NONE"]
    assert plain[0] == plain[1]
    for name, calls in drawn["calls"].items():
        assert calls[0] == calls[1] <= plain[0] + 1, name


def test_a_view_lets_stand_back_what_it_is_not_about(drawn):
    views = drawn["views"]
    assert views["OCPP V2G"] < views["INTEGRATED V2G"] - 1.0
    assert views["V2G other"] < views["INTEGRATED other"] - 1.0
    assert views["V2G V2G"] > views["V2G other"] + 1.0
    assert len({round(value, 2) for value in views.values()}) == len(views)
    mint = drawn["mint"]
    assert mint["V2G V2G"] > mint["INTEGRATED V2G"] + 1.0 and mint["V2G V2G"] > mint["V2G other"] + 5.0


@pytest.mark.parametrize("view", [View.INTEGRATED, View.V2G])
def test_the_legend_has_ready_where_somebody_is(view):
    words = {ready: [entry.mark for entry in legend.entries(Look(view=view), SimpleNamespace(ready=ready))]
             for ready in (0, 3)}
    assert set(words[3]) - set(words[0]) == {"ready"} and set(words[0]) >= {"feed", "charge", "wait", "queue", "fault"}


@pytest.fixture(scope="module")
def evening():
    model = Model(load("evening_peak"))
    model.advance(model.scenario.seconds("18:40"))
    return model


def test_each_connector_has_the_voltage_of_its_node(evening):
    world, grid = evening.world, evening.grid
    for k, state in enumerate(grid.states):
        rows, nodes = grid._connectors[k], grid._nodes[k]
        assert world.connector.voltage_pu[rows].tolist() == state.voltage_pu[nodes].tolist()
    assert np.isfinite(world.connector.voltage_pu).all() and np.ptp(world.connector.voltage_pu) > 0.0
    alone = Model(load("empty_lot"))
    alone.advance(600.0)
    assert np.isnan(alone.world.connector.voltage_pu).all()


def test_zones_add_up_what_their_vehicles_do(evening):
    world, now = evening.world, evening.now_s
    zones = world.zone.rows().tolist()
    words = {overlay: zone_words(world, zones, now, Look(overlay=overlay), "EUR") for overlay in Overlay}
    assert words[Overlay.NONE] == [""] * len(zones)
    kw = [float(re.match(r"[+−]?[\d.]+", text)[0].replace("−", "-")) if text != "no power" else 0.0
          for text in words[Overlay.FLOW]]
    _, charging, feeding = evening.site_power(now)
    assert sum(kw) == pytest.approx(charging - feeding, abs=0.2)
    paid = [float(re.search(r"[\d.]+", text)[0]) * (1.0 if text.startswith("earns") else -1.0)
            for text in words[Overlay.PRICE] if text]
    hub = world.hub
    assert sum(paid) == pytest.approx(feeding * hub.price_sell.item(0) - charging * hub.price_buy.item(0), abs=0.02)
    pu = world.connector.voltage_pu[world.connector.zone == zones[0]]
    assert words[Overlay.VOLTAGE][0] == f"{pu.min():.3f} to {pu.max():.3f} pu"
    stations = np.bincount(world.station.zone, minlength=len(zones))
    assert words[Overlay.CONNECTIVITY] == [f"{n} of {n} online" for n in stations]
    used = world.connector.zone[world.connector.vehicle != NONE]
    assert zone_words(world, zones, now, Look(view=View.OCPP), "EUR")[0].startswith(f"{(used == zones[0]).sum()} of ")


def test_shaders_know_the_numbers_of_looks_and_the_legend_their_steps():
    frame, overlay = ((SHADERS / name).read_text() for name in ("frame.glsl", "overlay.glsl"))
    for kind in (Overlay, View):
        for member in list(kind)[1:]:
            assert re.search(rf"\b{kind.__name__.upper()}_{member.name} = {int(member)}\b", frame)
    for which, name, scale in ((Overlay.SOC, "SOC_STEPS", 100.0), (Overlay.HEALTH, "SOH_STEPS", 100.0),
                               (Overlay.VOLTAGE, "VOLTAGE_STEPS", 1.0)):
        limits = [float(x) * scale for x in re.search(rf"{name} = vec3\(([^)]*)\)", overlay)[1].split(",")]
        words = " ".join(e.words for e in legend.OVERLAYS[which] if e.mark.startswith("step"))
        assert [float(x) for x in re.findall(r"[\d.]+", words)] == pytest.approx(
            [limits[0], limits[0], limits[1], limits[1], limits[2], limits[2]])
    assert set(legend.OVERLAYS) | {Overlay.PRICE} == set(Overlay) - {Overlay.NONE}
