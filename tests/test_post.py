"""The picture after the scene, drawn for real: the same look with and without post-processing, bloom
of what shines only, the same bytes again, and nothing left behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DRAW = """
import gc, json, os, sys
import numpy as np
from dataclasses import replace
from game.app import App, STILL_REAL_S
from game.look import Look, Tier
from game.quality import QUALITY
from game.scene.scene import Scene
from game.post import Post
from sim.model import Model
from sim.scenario import from_dict

RAW = {"name": "post_test", "start": "2026-06-14T00:00:00+02:00", "duration": "24h",
       "strategy": "uncontrolled", "site": {"zones": [{"name": "Z", "stations": [
           {"count": 4, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
       "sessions": {"kind": "generated", "groups": [
           {"use_case": "private", "vehicles": 8, "models": [{"model": "tesla_model_3_rwd"}]}]}}
NIGHT, NOON = 23.5 * 3600.0, 12.5 * 3600.0
out = {}

def app_at(t_s, tier=Tier.HIGH):
    scenario = from_dict(RAW, "post test")
    model = Model(scenario)
    model.advance(t_s)
    return App(scenario, model, size=(480, 270), offscreen=True, ui=False, look=Look(tier=tier))

def still(app, t_s, quality=None, tier=None):
    if tier is not None:
        app.governor.choose(tier)
    if quality is not None:
        QUALITY[app.governor.tier] = quality
    for _ in range(2):
        app.frame_at(t_s, STILL_REAL_S, app.poses["default"])
    return app.shell.picture().astype(int)

for name, t_s in (("night", NIGHT), ("noon", NOON)):
    app = app_at(t_s)
    high = QUALITY[Tier.HIGH]
    first = still(app, t_s)
    plain = still(app, t_s, replace(high, bloom=False, samples=1))
    buffered = still(app, t_s, replace(high, bloom=False, samples=1, most_pixels=479 * 270))
    bloom = still(app, t_s, replace(high, samples=1))
    again = still(app, t_s, high)
    out[name] = {
        "again": int(np.abs(again - first).max()),
        "buffered": float(np.abs(buffered - plain).mean()),
        "bloom_mean": float((bloom - plain).mean()), "bloom_least": int((bloom - plain).min()),
        "bloom_most": int((bloom - plain).max()),
        "bloom_share": float((np.abs(bloom - plain).max(axis=2) > 6).mean()),
        "white": float((bloom.min(axis=2) > 250).mean())}
    app.governor.choose(Tier.LOW)
    still(app, t_s)
    app.governor.choose(Tier.HIGH)
    flat = still(app, t_s, replace(high, bloom=False, samples=1, shadow_texels=0))
    out[name]["shaded"] = float(((flat - plain).sum(axis=2) > 24).mean())
    out[name]["lightened"] = float(((plain - flat).sum(axis=2) > 24).mean())
    QUALITY[Tier.HIGH] = high
    app.governor.choose(Tier.LOW)
    still(app, t_s)
    tiers = {}
    for tier in Tier:
        tiers[tier.name] = still(app, t_s, tier=tier)
    out[name]["tiers"] = {t: float(np.abs(p - tiers["MEDIUM"]).mean()) for t, p in tiers.items()}
    out[name]["passes"] = [app.post.passes]
    app.governor.choose(Tier.MEDIUM); still(app, t_s)
    out[name]["passes"].append(app.post.passes)
    out[name]["bytes"] = app.post.bytes
    app.close()
    del app

# Ten scenarios after each other in one window.
app = app_at(NIGHT)
base = app.shell.base

def resident_mb():
    if not sys.platform.startswith("linux"):
        return 0.0
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

grown = []
for load in range(13):
    still(app, NIGHT)
    prepared = base.win.get_gsg().get_prepared_objects()
    grown.append([resident_mb(), app.scene.gpu_bytes,
                  prepared.get_num_prepared(), base.graphicsEngine.get_num_windows(),
                  base.win.get_num_display_regions(), len(app.shell.root.find_all_matches("**"))])
    app.post.clear()
    app.scene.destroy()
    app.scene = app.post = None
    gc.collect()
    scenario = from_dict(RAW, "post test")
    model = Model(scenario)
    model.advance(NIGHT)
    app.scene = Scene(app.shell.root, scenario, model.world)
    app.post = Post(app.shell.eye, app.scene)
out["grown"] = grown
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def drawn():
    done = subprocess.run([sys.executable, "-c", DRAW], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "error" not in done.stderr.lower(), done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


moments = pytest.mark.parametrize("moment", ("night", "noon"))


@moments
def test_the_same_moment_is_the_same_bytes_after_other_tiers(drawn, moment):
    assert drawn[moment]["again"] == 0


@moments
def test_going_through_a_buffer_changes_nothing_to_the_eye(drawn, moment):
    assert drawn[moment]["buffered"] < 2.0


@moments
def test_bloom_spreads_light_a_little_and_leaves_the_rest(drawn, moment):
    shown = drawn[moment]
    assert 0.1 < shown["bloom_mean"] < 2.0, "no grey haze"
    assert 10 < shown["bloom_most"] < 90
    assert shown["bloom_least"] > -16, "tone mapping holds the brightest back a little, no more"
    assert 0.0 < shown["bloom_share"] < 0.15
    assert shown["white"] < 0.002


def test_bloom_is_a_thing_of_the_night(drawn):
    assert drawn["noon"]["bloom_mean"] < 0.6 * drawn["night"]["bloom_mean"]


@moments
def test_shadows_and_rich_ground_darken_some_and_lighten_little(drawn, moment):
    shown = drawn[moment]
    assert shown["lightened"] < 0.12, "light meadows, and asphalt that holds the sky"
    if moment == "noon":
        assert 0.002 < shown["shaded"] < 0.2


@moments
def test_all_tiers_show_the_same_picture(drawn, moment):
    # What parts them is the grain of the ground; its mean is that of the plain one.
    assert max(drawn[moment]["tiers"].values()) < 6.0


@moments
def test_a_low_tier_has_no_passes_and_no_buffers(drawn, moment):
    assert drawn[moment]["passes"] == [6, 0] and drawn[moment]["bytes"] == 0


def test_ten_scenarios_after_each_other_leave_nothing_behind(drawn):
    memory, *counts = zip(*drawn["grown"][2:])
    for name, values in zip(("GPU bytes", "prepared", "buffers", "regions", "nodes"), counts):
        assert len(set(values)) == 1, (name, values)
    # The driver frees a shadow map (17 MB) when it likes: the first loads differ by two or four of them.
    # One a load would be 85 over the later half.
    half = len(memory) // 2
    assert min(memory[-3:]) - max(memory[half - 3:half]) < 40.0, memory
