"""Stations and connectors in the picture: every state can be told from every other."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from worlds import HOUR

from entities.components import ConnectorKind, ErrorCode, OcppVersion, Status
from entities.world import World
from game.look import View
from game.palette import PALETTES
from game.scene import posts, signs
from game.scene.station_words import beside_name, trouble
from sim.load_shares import loads
from sim.model import Model
from sim.scenario import load

ROOT = Path(__file__).resolve().parent.parent

DRAW = """
import json, math
from itertools import count
from datetime import datetime, timezone
from types import SimpleNamespace
import numpy as np
from entities.components import ConnectorKind, OcppVersion, Place, Status
from entities.world import World
from game.camera import Pose
from game.look import Look, Overlay, Tier, View
from game.scene.scene import Scene
from game.shell import Shell

START = datetime(2026, 1, 14, 12, tzinfo=timezone.utc)
SITE = SimpleNamespace(site=SimpleNamespace(layout="depot", zones=[], wind_kw=0.0))
shell = Shell((480, 360), offscreen=True)

def world_of(status=Status.AVAILABLE, kind=ConnectorKind.CCS2, ocpp=OcppVersion.V2_1, power=0.0,
             online=True, posts=1):
    world = World()
    world.hub.add(1, import_limit_kw=1000.0, export_limit_kw=1000.0)
    world.zone.add(1, names=["yard"])
    rows = np.arange(posts)
    guest = Status.PREPARING <= status <= Status.FINISHING
    world.station.add(posts, zone=0, ocpp=ocpp, online=online)
    world.connector.add(posts, station=rows, zone=0, charge_max_kw=22.0, kind=kind, status=status,
                        vehicle=rows if guest else -1)
    world.vehicle.add(posts, place=Place.PLUGGED if guest else Place.AWAY,
                      connector=rows if guest else -1, capacity_kwh=60.0, energy0_kwh=30.0,
                      power0_kw=power, target_kwh=50.0)
    return world

scenes, drawn_before = {}, count()

def scene_of(world, palette):
    # One for all worlds with the same stations; only that is shown.
    key = (palette, len(world.connector), *world.connector.kind[:1].tolist(), *world.station.ocpp[:1].tolist())
    for scene in scenes.values():
        scene.hide()
    if key not in scenes:
        scenes[key] = Scene(shell.root, SITE, world, palette)
    scenes[key].show()
    return scenes[key]

def draw(world, look, far=False, palette="standard", real_s=3.25, words=True):
    scene = scene_of(world, palette)
    x, _, z = scene.layout.connector_xyz[0]
    heading = float(scene.layout.bay_heading[0])
    if far:
        pose = Pose((x, 1.0, z), 45.0, heading + 150.0, 35.0)
    else:
        pose = Pose((x, 1.2, z), 4.2, heading + 180.0, 6.0)
    shell.place_camera(pose)
    scene.name_things(words)
    scene._vehicles._bodies[0].path.hide()
    for part in scene._vehicles.parts:
        part.path.hide()
    scene.update(world, 36000.0, next(drawn_before), real_s, shell.camera, None, START, look)
    shell.render()
    picture = shell.picture().astype(int)
    facts = scene.draw_calls, [label.title + " " + label.value for label in scene._labels.shown]
    return picture, facts

def differences(pictures):
    names = list(pictures)
    return {f"{a} {b}": int((np.abs(pictures[a] - pictures[b]).sum(axis=2) > 60).sum())
            for k, a in enumerate(names) for b in names[k + 1:]}

OCPP, PLAIN = Look(view=View.OCPP), Look()
out = {}
for name, look, far, palette in (("near", PLAIN, False, "standard"), ("plates", OCPP, True, "standard"),
                                 ("safe", OCPP, True, "safe"),
                                 ("low", Look(view=View.OCPP, tier=Tier.LOW), True, "standard")):
    drawn = {s.name: draw(world_of(s, power=11.0 if s == Status.CHARGING else 0.0), look, far, palette,
                          words=False)[0] for s in Status}
    drawn["FEEDING"] = draw(world_of(Status.CHARGING, power=-11.0), look, far, palette, words=False)[0]
    out[name] = differences(drawn)

out["kinds"] = differences({k.name: draw(world_of(kind=k), PLAIN, words=False)[0] for k in ConnectorKind})
out["power"] = differences({str(kw): draw(world_of(Status.CHARGING, power=kw), PLAIN, words=False)[0]
                            for kw in (4.0, 11.0, 20.0)})
out["versions"] = differences({v.name: draw(world_of(ocpp=v), OCPP, words=False)[0] for v in OcppVersion})
out["offline"] = {}
for name, look in (("integrated", PLAIN), ("ocpp", OCPP),
                   ("connectivity", Look(overlay=Overlay.CONNECTIVITY))):
    out["offline"][name] = differences({
        str(online): draw(world_of(online=online), look, True, words=False)[0] for online in (0, 1)})
world = world_of(Status.CHARGING, power=11.0, posts=4)
even = draw(world, Look(overlay=Overlay.LOAD), True, words=False)[0]
world.vehicle.power0_kw[:] = [30.0, 1.0, 1.0, 1.0]
out["load"] = differences({"even": even,
                           "one": draw(world, Look(overlay=Overlay.LOAD), True, words=False)[0]})
pulses = {s: [draw(world_of(s), PLAIN, real_s=t, words=False)[0] for t in (3.25, 3.75)]
          for s in Status}
out["moves"] = {s.name: int((np.abs(a - b).sum(axis=2) > 6).sum()) for s, (a, b) in pulses.items()}
def color_range(picture):
    r, g, b = (picture[..., k] for k in range(3))
    return int(((np.maximum(np.maximum(r, g), b) - np.minimum(np.minimum(r, g), b)) > 110).sum())
out["saturated"] = {s.name: color_range(draw(world_of(s), OCPP, words=False)[0])
                    for s in (Status.AVAILABLE, Status.FAULTED)}
out["draws"] = [draw(world_of(posts=n), look)[1][0] for n in (1, 400) for look in (PLAIN, OCPP)]
connected = world_of(Status.CHARGING, power=11.0)
connected.connector.prepared_s[0] = 36010.0
out["prepares"] = differences({
    name: draw(world, OCPP, words=False)[0] for name, world in (
        ("connected", connected), ("preparing", world_of(Status.PREPARING, power=11.0)),
        ("charging", world_of(Status.CHARGING, power=11.0)))})
out["named"] = [draw(world_of(Status.RESERVED), look)[1][1] for look in (PLAIN, OCPP)]
out["named_offline"] = draw(world_of(online=False), PLAIN)[1][1]
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def drawn():
    done = subprocess.run([sys.executable, "-W", "error", "-c", DRAW], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "error" not in done.stderr.lower(), done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("how", ["near", "plates", "safe", "low"])
def test_every_status_can_be_told_from_every_other(drawn, how):
    assert len(drawn[how]) == len(list(combinations(range(10), 2)))
    least = min(drawn[how], key=drawn[how].get)
    assert drawn[how][least] > 12, (least, drawn[how][least])


def test_who_has_just_connected_is_preparing(drawn):
    assert drawn["prepares"]["connected preparing"] == 0
    assert drawn["prepares"]["connected charging"] > 12


def test_plug_types_versions_and_powers_can_be_told_apart(drawn):
    assert min(drawn["kinds"].values()) > 100
    assert min(drawn["versions"].values()) > 12
    assert min(drawn["power"].values()) > 20


def test_a_lost_connection_shows_in_every_view(drawn):
    for view, found in drawn["offline"].items():
        assert found["0 1"] > 60, view


def test_an_uneven_load_shows(drawn):
    assert drawn["load"]["even one"] > 100


def test_only_a_fault_pulses(drawn):
    assert drawn["moves"].pop("FAULTED") > 200
    assert set(drawn["moves"].values()) == {0}


def test_a_healthy_station_is_nearly_grey(drawn):
    assert drawn["saturated"]["AVAILABLE"] < 0.1 * drawn["saturated"]["FAULTED"]


def test_draw_calls_are_constant(drawn):
    assert len(set(drawn["draws"])) == 1


def test_what_is_near_is_named_by_type_and_in_the_network_view_by_status(drawn):
    plain, network = drawn["named"]
    assert any(label.endswith("CCS2") for label in plain)
    assert any(label.endswith("CCS2 · Reserved") for label in network)
    assert any(label.endswith("offline") for label in drawn["named_offline"])


def test_words_of_trouble():
    world, palette = World(), PALETTES["standard"]
    world.connector.add(2, kind=ConnectorKind.NACS, status=[Status.FAULTED, Status.UNAVAILABLE],
                        error=[ErrorCode.GroundFailure, 0])
    assert trouble(world, 0, palette) == ("faulted · GroundFailure", palette.fault)
    assert trouble(world, 1, palette) == ("out of service", palette.warning)
    assert beside_name(world, 0, View.INTEGRATED, 0.0) == "NACS"
    assert beside_name(world, 0, View.OCPP, 0.0) == "NACS · Faulted"


def test_load_shares_average_to_one_in_a_zone_with_power():
    model = Model(load("network_troubles"))
    for t in np.arange(0.0, 8 * HOUR, HOUR):
        model.advance(float(t))
        world = model.world
        shares = loads(world, float(t)).share
        for zone in range(2):
            own = shares[world.station.zone == zone]
            assert (own >= 0.0).all()
            assert own.sum() == pytest.approx(len(own)) or own.sum() == 0.0


def test_shader_and_atlas_agree():
    text = (ROOT / "assets" / "shaders" / "post.vert").read_text(encoding="utf-8")
    for role in list(posts.Role)[1:]:
        assert f"{role.name} = {int(role)}" in text
    kinds, versions = len(ConnectorKind), len(OcppVersion)
    for name, number in (("FEEDING_SIGN", len(Status)), ("LINK_SIGN", len(Status) + 1),
                         ("PLUG_SIGN", len(Status) + 3), ("KIND_SIGN", len(Status) + 3 + kinds),
                         ("VERSION_SIGN", len(Status) + 3 + 2 * kinds)):
        assert f"{name} = {number:.1f}" in text
    assert len(Status) + 3 + 2 * kinds + versions <= signs.COLUMNS * signs.ROWS
