"""What a vehicle shows, drawn on the software rasteriser: states, drives, overlays, bays, labels."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent

DRAW = """
import json
from datetime import datetime, timezone
from types import SimpleNamespace
import numpy as np
from entities.components import Phase, Place, Status
from entities.world import World
from game.camera import Pose
from game.look import Look, Overlay
from game.picking import cursor_ray, nearest
from game.scene.scene import Scene
from game.shell import Shell

START = datetime(2026, 1, 14, 12, tzinfo=timezone.utc)
SITE = SimpleNamespace(site=SimpleNamespace(layout="depot", zones=[], wind_kw=0.0), currency="EUR")
WIDTH, HEIGHT = 480, 270
shell = Shell((WIDTH, HEIGHT), offscreen=True)

def world_of(count=1, **columns):
    world, rows = World(), np.arange(count)
    world.hub.add(1, price_buy=0.4, price_sell=0.3)
    world.zone.add(1, names=["yard"])
    world.station.add(count, zone=0)
    world.connector.add(count, station=rows, zone=0, vehicle=rows, status=Status.SUSPENDED_EVSE)
    world.vehicle.add(count, [f"EV-{k}" for k in rows], **{
        "body": 1, "place": Place.PLUGGED, "connector": rows, "capacity_kwh": 60.0,
        "energy0_kwh": 30.0, "ac_discharge_kw": 11.0, "chemistry": 1, **columns})
    return world

def picture(world, pose=None, now_s=0.0, overlay=0, selected=None):
    scene = Scene(shell.root, SITE, world, "standard")
    if pose is None:
        x, _, z = scene.layout.bay_xyz[0]
        pose = Pose((float(x), 1.0, float(z)), 14.0, 30.0, 16.0)
    elif callable(pose):
        pose = pose(scene.layout)
    shell.place_camera(pose)
    for _ in range(2):
        scene.update(world, now_s, 1, 1.0, shell.camera, selected, START,
                     Look(overlay=Overlay(overlay)))
        shell.render()
    return scene, shell.picture().astype(float), pose

out = {}
states = {"plain": dict(ac_discharge_kw=0.0), "idle": {}, "charging": dict(power0_kw=11.0),
          "feeding": dict(power0_kw=-11.0), "standby": dict(target_kwh=50.0)}
grey = {}
for name, columns in states.items():
    scene, shown, _ = picture(world_of(**columns)); scene.destroy()
    grey[name] = shown.mean(axis=2)
for name, status in (("closed", Status.UNAVAILABLE), ("faulted", Status.FAULTED)):
    world = world_of(); world.connector.status[0] = status
    scene, shown, _ = picture(world); scene.destroy()
    grey[name] = shown.mean(axis=2)
world = world_of(); world.vehicle.place[0], world.vehicle.connector[0] = Place.QUEUED, -1
def at_queue(layout):
    x, _, z = layout.queue_xyz(0)
    return Pose((float(x), 1.0, float(z)), 14.0, 30.0, 16.0)
scene, shown, _ = picture(world, at_queue); out["queued"] = [
    float(shown[..., 0].max()), float((shown[..., 0] - shown[..., 2]).max())]; scene.destroy()
out["differ"] = {f"{a} {b}": int((np.abs(grey[a] - grey[b]) > 12).sum())
                 for a in grey for b in grey if a < b}

# A drive, seen from above: where the shader draws it and where it can be picked.
out["drive"] = []
for t in (8.0, 22.0, 35.0, 47.0, 55.0, 90.0):
    def drive_world(here):
        world = world_of(session=0, t0_s=100.0)
        world.session.add(1, vehicle=0, arrival_s=100.0, plugged_s=100.0, connector=0,
                          phase=Phase.ACTIVE, departure_s=9e3)
        world.vehicle.deadline_s[0] = 9e3
        if not here:
            world.vehicle.place[0], world.vehicle.session[0] = Place.AWAY, -1
            world.vehicle.connector[0] = -1
        return world
    world = drive_world(True)
    def above(layout):
        return Pose((float(layout.gate_x) - 5.0, 0.0, float(layout.front_z)), 95.0, 0.0, 89.0)
    scene, here, pose = picture(world, above, 100.0 + t)
    kinds, rows, *boxes = scene.pick_boxes(world)
    place = boxes[0][0]
    scene.destroy()
    scene, gone, _ = picture(drive_world(False), above, 100.0 + t)
    scene.destroy()
    y, x = np.nonzero(np.abs(here - gone).sum(axis=2) > 12)
    ray = cursor_ray(*pose.axes(), shell.vertical_fov_deg, WIDTH / HEIGHT,
                     2.0 * (np.median(x) + 0.5) / WIDTH - 1.0, 1.0 - 2.0 * (np.median(y) + 0.5) / HEIGHT)
    at = pose.eye() + ray * (0.7 - pose.eye()[1]) / ray[1]
    out["drive"].append([len(x), float(np.hypot(at[0] - place[0], at[2] - place[2]))])

# Overlays colour the body by their steps.
for overlay, columns in ((2, [dict(energy0_kwh=60.0 * s) for s in (0.1, 0.4, 0.7, 0.9)]),
                         (6, [dict(soh=s) for s in (0.75, 0.85, 0.92, 0.99)])):
    colors = []
    for column in columns:
        scene, shown, _ = picture(world_of(body=3, **column), overlay=overlay)
        colors.append(shown[100:170, 200:280].mean(axis=(0, 1)).tolist()); scene.destroy()
    out[f"overlay {overlay}"] = colors

# Marks of a bay.
def mouth(layout):
    x, _, z = layout.bay_xyz[0]
    return Pose((float(x), 0.0, float(z)), 12.0, 0.0, 89.0)
marks = []
for status in (Status.AVAILABLE, Status.CHARGING, Status.RESERVED, Status.UNAVAILABLE):
    world = world_of(place=Place.AWAY, connector=-1)
    world.connector.vehicle[0], world.connector.status[0] = -1, status
    scene, shown, _ = picture(world, mouth); scene.destroy()
    marks.append(shown)
out["marks"] = [int((np.abs(a - b).sum(axis=2) > 30).sum())
                for k, a in enumerate(marks) for b in marks[:k]]

# A crowd of labels.
world = world_of(60, power0_kw=-7.0)
def crowd(layout):
    return Pose(tuple(map(float, layout.bay_xyz[:20].mean(axis=0))), 34.0, 20.0, 15.0)
scene, _, _ = picture(world, crowd, selected=("vehicle", 3))
out["labels"] = [[label.title, label.value] for label in scene._labels.shown]
out["boxes"] = scene._labels.boxes.tolist()
scene.destroy()
draws = []
for count in (1, 400):
    scene, _, _ = picture(world_of(count)); draws.append(scene.draw_calls); scene.destroy()
out["draws"] = draws
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def drawn():
    done = subprocess.run([sys.executable, "-c", DRAW], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "error" not in done.stderr.lower(), done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_each_state_is_another_shape_without_any_colour(drawn):
    assert len(drawn["differ"]) == 21
    assert min(drawn["differ"].values()) > 15, drawn["differ"]


def test_the_queued_carry_an_amber_sign(drawn):
    brightest, warmth = drawn["queued"]
    assert brightest > 200 and warmth > 120


def test_a_driving_vehicle_is_drawn_where_it_can_be_picked(drawn):
    for pixels, apart in drawn["drive"]:
        assert pixels > 20 and apart < 1.6, drawn["drive"]


@pytest.mark.parametrize("overlay", ("overlay 2", "overlay 6"))
def test_an_overlay_gets_lighter_with_every_step(drawn, overlay):
    light = np.mean(drawn[overlay], axis=1)
    assert (np.diff(light) > 2.0).all(), light


def test_free_taken_reserved_and_closed_bays_differ(drawn):
    assert min(drawn["marks"]) > 20, drawn["marks"]


def test_the_selected_label_stands_clear_and_says_it_all(drawn):
    titles = [title for title, _ in drawn["labels"]]
    assert titles[0] == "EV-3" and len(titles) >= 5
    assert drawn["labels"][0][1] == "50 %  −7.0 kW  earns 2.10 EUR/h"
    for a, b in itertools.combinations(drawn["boxes"], 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]), (a, b)


def test_draw_calls_do_not_depend_on_how_many_there_are(drawn):
    assert drawn["draws"][0] == drawn["draws"][1]
