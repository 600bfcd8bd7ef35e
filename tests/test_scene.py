"""The scene, drawn for real on the software rasteriser in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.look import Tier
from game.palette import PALETTES, rgb
from game.quality import QUALITY
from game.scene import bodies, shaders
from game.scene.hub import Pulse
from game.scene.power import Power
from game.signs import HIGH, LOW, MIDDLE, rate_band

ROOT = Path(__file__).resolve().parent.parent

DRAW = """
import json, sys
from datetime import datetime, timezone
from types import SimpleNamespace
import numpy as np
from entities.components import Place, Status
from entities.world import World
from dataclasses import replace
from game import homes
from game.camera import Pose
from game.look import Look, Tier
from game.scene.scene import Scene
from game.shell import Shell

from game.look import Flow, Look, Tier
from game.signs import Signs
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

def draw(world, hour=22.0, selected=None, palette="standard", frames=1, look=Look(), nearer=1.0,
         signs=Signs(), real_s=3.25):
    scene = Scene(shell.root, SITE, world, palette)
    view = homes.whole(scene.layout)
    shell.place_camera(replace(view, distance=view.distance * nearer))
    now = (hour - 12.0) * 3600.0
    uploads = []
    for k in range(frames):
        scene.update(world, now, 1, real_s, shell.camera, selected, START, look, signs)
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
    view = homes.whole(scene.layout)
    shell.place_camera(replace(view, distance=view.distance * 0.6))
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

# Three ways to draw flows.
pictures = {}
for flow_mode in Flow:
    scene, pictures[flow_mode], _ = draw(world_of(24, -11.0), look=Look(flow=flow_mode))
    scene.destroy()
scene, again, _ = draw(world_of(24, -11.0), look=Look(flow=Flow.ARCS))
out["arcs_same"] = bool((again == pictures[Flow.ARCS]).all())
scene.destroy()
scene, without, _ = draw(world_of(24, -11.0))
for part in scene._streams.parts:
    part.path.hide()
shell.render()
without = shell.picture().astype(int)
scene.destroy()
lit = {mode: np.abs(picture - without).sum(axis=2) > 24 for mode, picture in pictures.items()}
reach = np.zeros_like(lit[Flow.ARCS])
for down in range(-6, 7):
    for right in range(-6, 7):
        reach |= np.roll(lit[Flow.ARCS], (down, right), (0, 1))
out["modes_lit"] = {mode.name: int(lit[mode].sum()) for mode in Flow}
out["modes_differ"] = [int((np.abs(pictures[a] - pictures[b]).sum(axis=2) > 24).sum()) for a, b in
                       ((Flow.PARTICLES, Flow.TUBES), (Flow.TUBES, Flow.ARCS), (Flow.ARCS, Flow.PARTICLES))]
out["modes_beside"] = int(((np.abs(pictures[Flow.TUBES] - pictures[Flow.PARTICLES]).sum(axis=2) > 24)
                           & ~reach).sum())
# Arcs keep their shape between strikes: 2.5 a second.
scene = Scene(shell.root, SITE, world_of(24, -11.0))
scene._streams._particles.path.hide()
shapes = []
for k in range(40):
    scene.update(world_of(24, -11.0), 36000.0, 1, 2.0 + k / 40.0, shell.camera, None, START, Look(flow=Flow.ARCS))
    shell.render()
    shapes.append(shell.picture().astype(int))
moved = [int((np.abs(b - a).sum(axis=2) > 90).sum()) for a, b in zip(shapes, shapes[1:])]
out["strikes"] = [k for k, count in enumerate(moved) if count > 2.0 * np.median(moved)]
scene.destroy()

# How many particles one stream has, by tier and distance: bright spots along it.
def particles(tier, nearer, kw=50.0, crowd=None):
    scene, with_them, _ = draw(world_of(1, -kw), look=Look(flow=Flow.PARTICLES, tier=tier), nearer=nearer)
    if crowd:
        scene.crowd(*crowd)
        shell.render()
        with_them = shell.picture().astype(int)
    scene._streams._particles.path.hide()
    shell.render()
    light = with_them - shell.picture().astype(int)
    scene.destroy()
    return light if crowd else spots(np.abs(light).sum(axis=2) > 40)
def spots(lit):
    count, left = 0, set(zip(*np.nonzero(lit)))
    while left:
        count, todo = count + 1, [left.pop()]
        while todo:
            y, x = todo.pop()
            near = {(y + b, x + a) for a in (-1, 0, 1) for b in (-1, 0, 1)} & left
            left -= near
            todo += near
    return count
out["particles_by_tier"] = [particles(tier, 0.6) for tier in Tier]
out["particles_by_distance"] = [particles(Tier.HIGH, nearer) for nearer in (0.6, 8.0)]
apart, strung = (particles(Tier.MEDIUM, 0.8, crowd=(20, on)) for on in (False, True))
out["beads"] = [spots(light.sum(axis=2) > 0.4 * light.sum(axis=2).max()) for light in (apart, strung)]
out["beads_differ"] = [float(np.abs(apart - strung).sum() / apart.sum()), float(strung.sum() / apart.sum())]
out["particles_by_power"] = [particles(Tier.HIGH, 0.6, kw) for kw in (1.0, 7.0, 50.0)]

# The hub's signs, close by: one scene that is shown one world after another.
near_hub = None
def fresh_hub():
    global near_hub, shown_worlds
    if near_hub is not None:
        near_hub.destroy()
    near_hub, shown_worlds = draw(world_of(24, 0.0))[0], 1
    for part in near_hub._streams.parts:
        part.path.hide()
fresh_hub()
def hub(power, limit, signs=Signs(), stress=None, real_s=3.25, far=34.0, pitch=20.0):
    global shown_worlds
    world = world_of(24, power)
    world.hub.import_limit_kw[:], world.hub.export_limit_kw[:] = limit, limit
    if stress is not None:
        world.hub.stress[:] = stress
    x, _, z = near_hub.layout.hub_xyz
    shell.place_camera(Pose((x, 7.0, z), far, 0.0, pitch))
    shown_worlds += 1
    near_hub.update(world, 36000.0, shown_worlds, real_s, shell.camera, None, START, Look(), signs)
    shell.render()
    return shell.picture().astype(int)

def colored(picture, color, room=70):
    # Shade of a colour at any brightness: near its direction, and saturated.
    unit = np.array(color) / np.linalg.norm(color)
    size = np.linalg.norm(picture, axis=2)
    return (picture @ unit > 0.985 * size) & (size > 150)

from game.palette import PALETTES
colors = PALETTES["standard"]
ac_kw = 24 * 11.0 / 0.9
def ring_states(load):
    # From above: which of the twenty segments shine, and which of three colours each has.
    picture = hub(11.0, ac_kw / load, pitch=89.0)
    radius = 6.45 * 180.0 / np.tan(np.radians(19.0)) / (34.0 + 7.0 - 8.4)
    states = ""
    for k in range(20):
        angle = np.pi + 2.0 * np.pi * (k + 0.5) / 20
        x, y = int(round(320 + radius * np.sin(angle))), int(round(180 - radius * np.cos(angle)))
        seen = np.median(picture[y - 2:y + 3, x - 2:x + 3].reshape(-1, 3), axis=0) / 255.0
        near = [np.dot(seen, c) / np.linalg.norm(seen) / np.linalg.norm(c)
                for c in (colors.from_grid, colors.standby, colors.warning)]
        states += "." if seen.max() < 0.6 else "bao"[int(np.argmax(near))]
    return states
out["ring"] = {str(load): ring_states(load) for load in (0.26, 0.5, 0.69, 0.76, 0.86, 0.96)}
def pillar_tops(load):
    picture = hub(-11.0 * 0.9 / 0.9, 24 * 11.0 * 0.9 / load)
    # What feeds takes of the room to feed, east; mint while there is enough of it.
    found = np.nonzero(colored(picture[:, 436:], colors.to_grid).any(axis=1))[0]
    return int(found.min()) if len(found) else 360
out["pillars"] = [pillar_tops(load) for load in (0.1, 0.3, 0.6)]
plain = hub(0.0, 1000.0)
for share in (0.0, 0.4, 1.0):
    green = hub(0.0, 1000.0, Signs(renewable=share))
    out.setdefault("crown", []).append(int(colored(green, colors.renewable).sum()))
out["crown_hidden"] = int(colored(plain, colors.renewable).sum())
boards = {(price, band): hub(0.0, 1000.0, Signs(price, "EUR/kWh", band))
          for price, band in (("0.100", 0), ("0.100", 2), ("0.100", 0), ("0.800", 0))}
out["board"] = [int((np.abs(boards[a] - boards[b]).sum(axis=2) > 60).sum()) for a, b in
                ((("0.100", 0), ("0.100", 2)), (("0.100", 0), ("0.800", 0)))]
def beats(far):
    # How much a tense core differs from a calm one, least and most in a second.
    shown = []
    for stress in (0.1, 0.95):
        fresh_hub()
        shown.append(np.array([hub(11.0, 1e4, stress=stress, real_s=t, far=far)
                               for t in np.arange(3.25, 4.25, 0.1)]))
    differ = np.abs(shown[1] - shown[0]).sum(axis=(1, 2, 3))
    return [int(differ.min()), int(differ.max())]
out["beats"] = [beats(34.0), beats(350.0)]
near_hub.destroy()

for tier in Tier:
    for count in (24, 3000):
        scene, _, _ = draw(world_of(count, -7.0), look=Look(tier=tier))
        out[f"draws_{tier.name}_{count}"] = scene.draw_calls
        out[f"bytes_{tier.name}_{count}"] = scene.gpu_bytes
        # Rows by how they are drawn, and those that are in sight at all.
        vehicles, posts = scene._vehicles, scene._stations._posts
        by_detail = [rows.rows[rows.rows >= 0] for rows in vehicles._by_detail]
        by_post = [drawn.rows.rows[drawn.rows.rows >= 0] for drawn in (posts._near, posts._far)]
        seen = vehicles.present[scene._sight.sees(vehicles.xz[vehicles.present])]
        out[f"kept_{tier.name}_{count}"] = [
            np.sort(np.concatenate(by_detail)).tolist() == seen.tolist(), len(seen),
            [len(rows) for rows in by_detail], sum(map(len, by_post)),
            scene._streams._particles.instances // scene.particles, scene.flowing]
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


def test_the_hub_is_dark_when_idle_and_warms_only_near_a_limit(drawn):
    hub = drawn["hub"]
    assert hub["idle"][0] == "idle" and hub["idle"][2] < 0.2 * hub["free"][2]
    assert hub["free"][1] == hub["idle"][1] == 0
    assert hub["held"][1] > 5 and hub["over"][1] > 5
    assert "over its limit" in hub["over"][0]
    assert hub["held"][0] == hub["free"][0] == "from grid"


def test_each_flow_mode_looks_its_own_way_along_the_streams_only(drawn):
    lit, differ = drawn["modes_lit"], drawn["modes_differ"]
    assert min(lit.values()) > 150, lit
    assert min(differ) > 100, differ
    assert drawn["modes_beside"] <= 0.01 * sum(differ)


def test_arcs_are_the_same_bytes_and_strike_at_most_three_times_a_second(drawn):
    assert drawn["arcs_same"]
    assert 2 <= len(drawn["strikes"]) <= 3, drawn["strikes"]


def test_particles_grow_fewer_with_distance_and_tier_and_more_with_power(drawn):
    tier, far, power = (drawn["particles_by_" + by] for by in ("tier", "distance", "power"))
    assert tier[0] < tier[1] < tier[2] <= tier[3], tier
    assert far[1] < far[0], far
    assert power[0] < power[1] < power[2], power


def test_each_bead_of_a_dense_train_shows_and_on_a_ribbon_they_are_the_same(drawn):
    apart, strung = drawn["beads"]
    assert apart == strung and 17 <= apart <= 20, drawn["beads"]
    differ, light = drawn["beads_differ"]
    assert differ < 0.15 and 0.95 < light < 1.05, drawn["beads_differ"]


def test_the_ring_is_lit_by_load_and_amber_from_70_and_orange_from_90_percent(drawn):
    for load, states in drawn["ring"].items():
        lit = int(np.ceil(float(load) * 20))
        assert states == ("b" * 14 + "a" * 4 + "o" * 2)[:lit] + "." * (20 - lit), load


def test_pillars_sink_as_the_room_they_show_is_used(drawn):
    tops = drawn["pillars"]
    assert tops[0] < tops[1] < tops[2], tops


def test_the_crown_shows_the_renewable_share_and_hides_what_is_unknown(drawn):
    assert drawn["crown_hidden"] == 0
    assert drawn["crown"][0] < drawn["crown"][1] < drawn["crown"][2], drawn["crown"]


def test_the_board_shows_price_and_band(drawn):
    assert min(drawn["board"]) > 10, drawn["board"]


def test_the_core_beats_with_stress_near_and_far(drawn):
    for least, most in drawn["beats"]:
        assert most > 4 * least and most > 1000, (least, most)


def test_more_power_moves_more(drawn):
    assert (np.diff(drawn["strength"]) > 0).all(), drawn["strength"]


def test_draw_calls_do_not_grow_with_the_fleet(drawn):
    draws = {tier: drawn[f"draws_{tier.name}_24"] for tier in Tier}
    assert all(drawn[f"draws_{tier.name}_3000"] == draws[tier] for tier in Tier)
    assert draws[Tier.LOW] == draws[Tier.MEDIUM] <= 33
    assert draws[Tier.HIGH] == draws[Tier.ULTRA] <= draws[Tier.LOW] + 14, "solids once more, for shadows"
    assert drawn["bytes_MEDIUM_3000"] < 20e6
    shadows = [4 * QUALITY[tier].shadow_texels ** 2 for tier in Tier]
    assert all(drawn[f"bytes_{tier.name}_3000"] - drawn["bytes_LOW_3000"] - shadow < 1e6
               for tier, shadow in zip(Tier, shadows))


@pytest.mark.parametrize("tier", Tier)
def test_detail_goes_with_distance_and_nothing_else_does(drawn, tier):
    for count in (24, 3000):
        same, seen, (full, middle, far), posts, led, flowing = drawn[f"kept_{tier.name}_{count}"]
        assert same and full + middle + far == seen, "each vehicle in sight has one body"
        assert seen == posts == count, "the default camera has the whole site in sight"
        assert led == flowing == count, "each flow has its particles"
        assert full + middle <= QUALITY[tier].near
    if tier >= Tier.HIGH:
        assert not middle, "stills and films keep full bodies"
    else:
        assert far > 24 and not full, "at a site of thousands nobody is close"


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
    for table, triangles in (bodies.near_shapes(), bodies.mid_shapes(), bodies.far_shapes()):
        assert table.shape[0] == len(bodies.STYLES) and triangles.max() == table.shape[1] - 1
        assert (table[:, :, 1] >= 0.0).all()
        assert np.isfinite(table).all()
    table, _ = bodies.near_shapes()
    assert table[:, :, 1].max(axis=1) == pytest.approx([s.height for s in bodies.STYLES], abs=1e-3)
    assert np.linalg.norm(table[:, :, 4:7], axis=2) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("price, own, band", [
    (0.2, [0.2], MIDDLE), (0.1, [0.1, 0.3], LOW), (0.3, [0.1, 0.3], HIGH),
    (0.26, [0.26, 0.48, 0.26, 0.14], MIDDLE), (0.14, [0.26, 0.48, 0.14], LOW),
    (-0.5, [0.1, 0.2], LOW), (0.9, [0.1, 0.2], HIGH)])
def test_a_price_is_low_or_high_among_the_tariffs_own(price, own, band):
    assert rate_band(price, np.array(own)) == band


@given(load=st.floats(-2.0, 2.0), limit=st.just(0.0) | st.floats(1e-3, 1e4))
def test_headroom_is_what_the_load_leaves_of_each_limit(load, limit):
    power = Power()
    power.import_limit_kw, power.export_limit_kw, power.last_kw = limit, np.inf, load * limit
    free, unbound = power.headroom()
    assert unbound == 1.0
    assert free == pytest.approx(min(max(1.0 - load, 0.0), 1.0) if limit > 0.0 else 0.0, abs=1e-6)


@given(st.lists(st.tuples(st.floats(0.0, 0.1), st.floats(0.0, 1.5)), min_size=1, max_size=30))
def test_the_pulse_stays_below_three_a_second_and_never_goes_back(steps):
    beat, real_s, turns = Pulse(), 0.0, 0.0
    for dt, stress in steps:
        real_s += dt
        before, turns = turns, beat.turns(stress, real_s)
        assert 0.0 <= turns - before <= 3.0 * dt + 1e-9


def test_shader_includes_are_resolved_once():
    text = shaders.source("spark.vert")
    assert "#include" not in text
    assert text.count("uniform vec4 u_frame") == 1
    assert text.startswith("#version 330")


def test_palettes_name_the_same_meanings():
    standard, safe = PALETTES["standard"], PALETTES["safe"]
    assert standard.to_grid == rgb("#2EE6A6") and safe.to_grid == rgb("#009E73")
    assert standard.text == safe.text
