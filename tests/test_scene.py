"""The scene, drawn for real on the software rasteriser in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from game.look import Tier
from game.palette import PALETTES, rgb
from game.quality import QUALITY
from game.scene import bodies, shaders

ROOT = Path(__file__).resolve().parent.parent

DRAW = """
import json, sys
from datetime import datetime, timezone
from types import SimpleNamespace
import numpy as np
from entities.components import Place, Status
from entities.world import World
from game.camera import Pose
from game.look import Look, Tier
from game.scene.scene import Scene
from game.shell import Shell

START = datetime(2026, 1, 14, 12, tzinfo=timezone.utc)
SITE = SimpleNamespace(site=SimpleNamespace(layout="depot", zones=[], wind_kw=0.0))
shell = Shell((640, 360), offscreen=True)

def world_of(count, power):
    world = World()
    world.hub.add(1, import_limit_kw=1000.0, export_limit_kw=1000.0)
    world.zone.add(1, names=["yard"])
    if count:
        rows = np.arange(count)
        world.station.add(count, zone=0)
        world.connector.add(count, station=rows, zone=0, charge_max_kw=22.0, vehicle=rows,
                            status=Status.CHARGING)
        world.vehicle.add(count, body=rows % 5, place=Place.PLUGGED, connector=rows,
                          capacity_kwh=60.0, energy0_kwh=30.0, power0_kw=power, target_kwh=50.0,
                          charge_efficiency=0.9, discharge_efficiency=0.9)
    return world

def draw(world, hour=22.0, selected=None, tier=Tier.MEDIUM, palette="standard", frames=1):
    scene = Scene(shell.root, SITE, world, palette)
    view = scene.layout.default_camera
    shell.place_camera(Pose(view["target"], view["distance"], view["yaw"], view["pitch"]))
    now = (hour - 12.0) * 3600.0
    uploads = []
    for k in range(frames):
        scene.update(world, now, 1, 3.25, shell.camera, selected, START,
                     Look(tier=tier))
        uploads.append(scene.uploads_last_frame)
        shell.render()
    return scene, shell.picture().astype(int), uploads

def flow(picture):
    # Pixels that are clearly mint, and clearly azure.
    r, g, b = picture[..., 0], picture[..., 1], picture[..., 2]
    return [int(((g > 130) & (g > b + 25) & (g > r + 60)).sum()),
            int(((b > 150) & (b > g + 35) & (b > r + 80)).sum())]

out = {}
scene, feeding, uploads = draw(world_of(24, -11.0), frames=3)
out["feeding"], out["uploads"] = flow(feeding), uploads
out["net_kw"], out["labels"] = scene.net_kw, [text for text, _ in scene.label_anchors()]
out["draws_24"] = scene.draw_calls
kinds, rows, centers, half, headings = scene.pick_boxes(world_of(24, -11.0))
out["boxes"] = [np.bincount(kinds).tolist(), list(centers.shape), list(half.shape),
                bool((half > 0).all()), bool((centers[:, 1] > 0).all())]
scene.destroy()
out["left_over"] = shell.root.get_num_children()

scene, again, _ = draw(world_of(24, -11.0))
out["same"] = bool((again == feeding).all())
scene.destroy()
scene, charging, _ = draw(world_of(24, 11.0))
out["charging"] = flow(charging)
scene.destroy()

world = world_of(24, 11.0)
world.vehicle.rate_per_h[:] = -1.0
world.vehicle.crossing_s[:12] = 1.0
world.vehicle.crossing_kwh[:12] = 31.0
scene, _, _ = draw(world, hour=13.0)
out["tapered_kw"] = scene.net_kw
scene.destroy()

def hub_pixels(power, limit):
    world = world_of(24, power)
    world.hub.import_limit_kw[:] = limit
    scene, picture, _ = draw(world)
    words = scene._labels.shown[0].value
    scene.destroy()
    r, g, b = picture[60:160, 260:380].reshape(-1, 3).T
    return words, int(((r > 180) & (r > b + 60)).sum()), int(((b > 130) & (b > r + 60)).sum())

ac_kw = 24 * 11.0 / 0.9
out["hub"] = {name: hub_pixels(*how) for name, how in {
    "idle": (0.0, 1000.0), "held": (11.0, ac_kw), "over": (11.0, ac_kw * 0.95),
    "free": (11.0, np.inf)}.items()}

out["strength"] = []
for kw in (0.0, 3.7, 11.0, 22.0, 50.0, 150.0, 350.0):
    scene, picture, _ = draw(world_of(1, kw * 0.9))
    view = scene.layout.default_camera
    shell.place_camera(Pose(view["target"], view["distance"] * 0.6, 0.0, view["pitch"]))
    shown = []
    for k in range(12):
        scene.update(world_of(1, kw * 0.9), 36000.0, 1, 3.25 + 0.05 * k, shell.camera, None, START)
        shell.render()
        shown.append(shell.picture().astype(int))
    moving = sum((np.abs(b - a).sum(axis=2) > 24).sum() for a, b in zip(shown, shown[1:]))
    out["strength"].append(int(moving))
    scene.destroy()

world = world_of(24, 11.0)
scene, _, _ = draw(world)
world.vehicle.energy0_kwh[:7] = 55.0
world.vehicle.place[7] = Place.AWAY
world.vehicle.place[8], world.vehicle.connector[8] = Place.QUEUED, -1
world.connector.status[9] = Status.UNAVAILABLE
scene.update(world, 36000.0, 2, 3.25, shell.camera, None, START)
shell.render()
changed = shell.picture().astype(int)
out["named"] = [(label.title, label.value) for label in scene._labels.shown]
scene.destroy()
scene, fresh, _ = draw(world)
out["caught_up"] = bool((changed == fresh).all())
scene.destroy()

world = world_of(24, 0.0)
world.connector.status[5] = Status.FAULTED
scene, plain, _ = draw(world)
out["faulted"] = len(scene.label_anchors())
scene.destroy()
scene, marked, _ = draw(world, selected=("vehicle", 3))
out["marked"] = int((np.abs(marked - plain).sum(axis=2) > 90).sum())
scene.destroy()

for tier in Tier:
    for count in (24, 3000):
        scene, _, _ = draw(world_of(count, -7.0), tier=tier)
        out[f"draws_{tier.name}_{count}"] = scene.draw_calls
        out[f"bytes_{tier.name}_{count}"] = scene.gpu_bytes
        scene.destroy()

for hour in (0.0, 8.25, 12.0, 16.5):
    scene, picture, _ = draw(world_of(0, 0.0), hour=hour, palette="safe")
    out[f"mean_{hour:.0f}"] = float(picture.mean())
    scene.destroy()
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def drawn():
    done = subprocess.run([sys.executable, "-W", "error", "-c", DRAW], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "error" not in done.stderr.lower(), done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_direction_shows_as_colour(drawn):
    (mint, azure), (mint_charging, azure_charging) = drawn["feeding"], drawn["charging"]
    assert mint > 4 * max(azure, 1)
    assert azure_charging > 4 * max(mint_charging, 1)


def test_net_power_is_the_sum_over_connectors_in_ac(drawn):
    assert drawn["net_kw"] == pytest.approx(-24 * 11.0 * 0.9, rel=1e-12)
    # Half of them ended their segment, the others tapered for an hour.
    assert drawn["tapered_kw"] == pytest.approx(12 * 11.0 / 0.9 * np.exp(-1.0), rel=1e-12)


def test_two_scenes_of_the_same_moment_are_the_same_bytes(drawn):
    assert drawn["same"]


def test_nothing_is_uploaded_while_no_column_changes(drawn):
    assert drawn["uploads"][0] > 0
    assert drawn["uploads"][1:] == [0, 0]


def test_what_changed_is_uploaded_and_looks_as_if_drawn_anew(drawn):
    assert drawn["caught_up"]


def test_a_connector_out_of_service_is_named(drawn):
    assert ["connector", "out of service"] in drawn["named"]


def test_the_hub_is_dark_when_idle_and_warns_only_above_a_limit(drawn):
    hub = drawn["hub"]
    assert hub["idle"][0] == "idle" and hub["idle"][2] < 0.2 * hub["free"][2]
    assert [hub[name][1] for name in ("held", "free", "idle")] == [0, 0, 0]
    assert hub["over"][1] > 5 and "over its limit" in hub["over"][0]
    assert hub["held"][0] == hub["free"][0] == "from grid"


def test_more_power_moves_more(drawn):
    assert (np.diff(drawn["strength"]) > 0).all(), drawn["strength"]


def test_draw_calls_do_not_grow_with_the_fleet(drawn):
    draws = {tier: drawn[f"draws_{tier.name}_24"] for tier in Tier}
    assert all(drawn[f"draws_{tier.name}_3000"] == draws[tier] for tier in Tier)
    assert draws[Tier.LOW] == draws[Tier.MEDIUM] <= 26
    assert draws[Tier.HIGH] == draws[Tier.ULTRA] <= draws[Tier.LOW] + 12, "solids once more, for shadows"
    assert drawn["bytes_MEDIUM_3000"] < 20e6
    shadows = [4 * QUALITY[tier].shadow_texels ** 2 for tier in Tier]
    assert all(drawn[f"bytes_{tier.name}_3000"] - drawn["bytes_LOW_3000"] - shadow < 1e6
               for tier, shadow in zip(Tier, shadows))


def test_everything_can_be_picked_once(drawn):
    counts, centers, half, positive, above = drawn["boxes"]
    assert counts == [24, 24, 24, 1]
    assert centers == half == [73, 3]
    assert positive and above


def test_a_destroyed_scene_leaves_nothing(drawn):
    assert drawn["left_over"] == 0


def test_a_fault_is_named_and_a_selection_is_marked(drawn):
    assert drawn["faulted"] == 3      # the hub, the zone, the connector
    assert drawn["marked"] > 60


def test_noon_is_lighter_than_dusk_and_dusk_than_night(drawn):
    assert drawn["mean_12"] > drawn["mean_16"] + 10 > drawn["mean_0"] + 12
    assert drawn["mean_0"] > 10, "night must stay readable"


def test_all_bodies_share_a_topology_and_stand_on_the_ground():
    for table, triangles in (bodies.near_shapes(), bodies.far_shapes()):
        assert table.shape[0] == len(bodies.STYLES) and triangles.max() == table.shape[1] - 1
        assert (table[:, :, 1] >= 0.0).all()
        assert np.isfinite(table).all()
    table, _ = bodies.near_shapes()
    assert table[:, :, 1].max(axis=1) == pytest.approx([s.height for s in bodies.STYLES], abs=1e-3)
    assert np.linalg.norm(table[:, :, 4:7], axis=2) == pytest.approx(1.0, abs=1e-3)


def test_shader_includes_are_resolved_once():
    text = shaders.source("spark.vert")
    assert "#include" not in text
    assert text.count("uniform vec4 u_frame") == 1
    assert text.startswith("#version 330")


def test_palettes_name_the_same_meanings():
    standard, safe = PALETTES["standard"], PALETTES["safe"]
    assert standard.to_grid == rgb("#2EE6A6") and safe.to_grid == rgb("#009E73")
    assert standard.text == safe.text
