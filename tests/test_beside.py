"""Two branches side by side: in step, drawn from one place, compared; and nothing of it left behind."""

import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from cli import voltyard
from worlds import HOUR, command, scenario, visit, visits, zone

from game.branching import Branching
from game.scene.selection import twin
from game.ui.trace import Trace
from sim.model import Model
from sim.run import fork
from sim.training.comparison import decided_apart

ROOT = Path(__file__).resolve().parent.parent
FOREVER = 99.0


def branching(until_s: float = 3.0 * HOUR) -> Branching:
    found = Branching(Model(scenario(zone("depot", 4), strategy="equal_share", duration="6h"),
                            visits(*(visit(f"v{k}", 0.2 * k * HOUR, 5.0 * HOUR) for k in range(4))), Trace()))
    found.played.advance(HOUR)
    found.played.submit(command("set_limit", direction="import", kw=20.0))
    found.played.advance(until_s)
    return found


def forked(at_s: float = 2.0 * HOUR) -> Branching:
    found = branching()
    found.show(at_s)
    found.fork("other")
    found.played.submit(command("set_limit", direction="import", kw=9.0))
    found.show_beside(True)
    return found


def go_on(found: Branching, t_s: float, budget_s: float = FOREVER) -> None:
    found.advance(t_s, 1.0, budget_s, time.perf_counter)


def test_both_are_at_one_time_whichever_has_been_further():
    found = forked()
    for t_s in (2.0 * HOUR + 1.0, 2.9 * HOUR, 3.5 * HOUR, 4.0 * HOUR):  # main has been up to three hours
        go_on(found, t_s)
        assert found.shown.now_s == found.beside.shown.now_s == t_s
        assert found.beside.past == (t_s < 3.0 * HOUR)
    main = found.tree.branches["main"].model
    assert main.now_s == 4.0 * HOUR
    assert main.world.digest() == fork(main, 4.0 * HOUR).world.digest()


def test_who_is_behind_goes_first_and_a_frame_takes_its_share():
    found = branching()
    found.fork("other")
    found.switch("main")
    go_on(found, 4.0 * HOUR)
    found.show_beside(True)
    ticks = count()
    assert found.advance(4.5 * HOUR, 1.0, 1.0, lambda: float(next(ticks))) == 4.0 * HOUR
    assert 3.0 * HOUR < found.beside.shown.now_s < 4.0 * HOUR
    go_on(found, 4.5 * HOUR)
    assert found.shown.now_s == found.beside.shown.now_s == 4.5 * HOUR


def test_the_past_of_both_is_what_was():
    found = forked()
    go_on(found, 4.0 * HOUR)
    for t_s in (1.5 * HOUR, 3.2 * HOUR, 0.4 * HOUR):
        found.show(t_s)
        found.go_on(FOREVER, time.perf_counter)
        for model, branch in ((found.shown, found.branch), (found.beside.shown, found.other)):
            assert model.now_s == t_s
            assert model.world.digest() == fork(branch.model, t_s).world.digest()


def test_going_over_swaps_and_another_takes_the_place():
    found = forked()
    found.switch("main")
    assert found.branch.name == "main" and found.beside.branch.name == "other"
    found.fork("third")
    assert found.beside.branch.name == "main"
    found.compare("other")
    assert found.beside.branch.name == "other"
    found.show_beside(False)
    assert found.beside is None


def test_one_alone_has_nothing_beside_it():
    with pytest.raises(ValueError, match="fork one"):
        branching().show_beside(True)


def test_what_was_decided_apart_begins_where_the_logs_part():
    found = forked()
    go_on(found, 4.0 * HOUR)
    found.other.model.submit(command("set_limit", direction="import", kw=30.0))
    mine, theirs = decided_apart(found.branch, found.other, 4.0 * HOUR)
    assert [entry["command"]["kw"] for entry in mine] == [9.0]
    assert [(entry["t"], entry["command"]["kw"]) for entry in theirs] == [(4.0 * HOUR, 30.0)]
    assert decided_apart(found.branch, found.other, 1.9 * HOUR) == ([], [])


def test_what_is_tried_out_is_a_branch_beside_the_run():
    found = branching(0.0)
    given = [(2.0 * HOUR, command("set_limit", direction="import", kw=9.0), "cli")]
    found.try_out("what if", given, 3.0 * HOUR)
    assert found.branch.name == "what if" and found.beside.branch.name == "main"
    assert found.shown.now_s == found.beside.shown.now_s == 3.0 * HOUR
    assert found.difference().apart["net_kw"].min() < -1.0
    for given in ([], [(4.0 * HOUR, *given[0][1:])]):
        with pytest.raises(ValueError, match="expected commands"):
            branching(0.0).try_out("late", given, 3.0 * HOUR)


def test_what_is_selected_is_found_by_its_name():
    found = forked()
    world, other = found.shown.world, found.beside.shown.world
    row = other.vehicle.find("v2")
    assert twin(("vehicle", world.vehicle.find("v2")), world, other) == ("vehicle", row)
    assert twin(("hub", 0), world, other) == ("hub", 0)
    other.vehicle.remove(np.array([row]))
    assert twin(("vehicle", world.vehicle.find("v2")), world, other) is None


DRAW = """
import gc, json
import numpy as np
from game.app import App
from game.look import Look, Tier
from game.ui.trace import Trace
from sim import console
from sim.model import Model
from sim.scenario import from_dict

RAW = {"name": "beside_test", "start": "2026-06-14T00:00:00+02:00", "duration": "24h",
       "strategy": "uncontrolled", "weather": {"kind": "process", "latitude": 48.0, "longitude": 11.0,
                                               "cloud_cover": 0.02},
       "site": {"zones": [{"name": "Z", "stations": [
           {"count": 4, "connectors": [{"kind": "Type2", "charge_kw": 11.0, "count": 2}]}]}]},
       "sessions": {"kind": "generated", "groups": [
           {"use_case": "private", "vehicles": 8, "models": [{"model": "tesla_model_3_rwd"}]}]}}
model = Model(from_dict(RAW, "beside test"), history=Trace())
model.advance(12.5 * 3600.0)
app = App(model.scenario, model, size=(640, 360), offscreen=True, explore=True, look=Look(tier=Tier.LOW))
app.restart_clock()
app.clock.paused = True
out = {}

def say(line):
    refusal = app.obey(console.parse(line, app.model))
    assert refusal is None, refusal

def picture():
    for dt_s in (2.0, 0.3, 0.01):  # flights end, labels are placed
        app.frame(dt_s)
    return app.shell.picture().astype(int)

def halves():
    whole = picture()
    return whole[:, :320], whole[:, 320:]

def prepared():
    gc.collect()
    picture()
    objects = app.shell.base.win.get_gsg().get_prepared_objects()
    return [objects.get_num_prepared(), app.shell.base.win.get_num_display_regions()]

app.hud.show(False)
before = picture()
say("fork other")
say("beside")
left, right = halves()
out["equal"] = float(np.abs(left - right).mean())
sizes = app.shell.eye.size, app.beside.eye.size
say("cloud 5 % for 5h ramp 1m")
app.branching.advance(app.model.now_s + 900.0, 60.0, 9.0, lambda: 0.0)
app.restart_clock()
app.clock.paused = True
left, right = halves()
out["clouded"], out["clear"] = float(left[:60].std()), float(right[:60].std())
out["differ"] = float(np.abs(left - right).mean())
say("branch main")
again = halves()
out["swapped"] = [float(np.abs(left - again[1]).mean()), float(np.abs(right - again[0]).mean())]

boxes = app.beside.scene.pick_boxes(app.branching.beside.shown.world)
eye, frame = app.beside.eye, app.beside.scene.frame
kinds, rows, centers = boxes[0], boxes[1], boxes[2]
points, _ = frame.pixels(centers)
station = int(np.flatnonzero(kinds == 2)[0])
x, y = points[station]
app.click(320 + x, 360 - y)
out["clicked"] = [app.selected is not None, app.selected == app.selected_beside]
app._selected = None

say("alone")
counts = []
for _ in range(3):
    counts.append(prepared())
    say("beside")
    prepared()
    say("alone")
out["counts"] = counts
say("show 12:30")
out["back"] = float(np.abs(picture() - before).mean())
out["sizes"] = [sizes, app.shell.eye.size]
app.hud.show(True)
app.select("hub", 0)
say("beside")
picture()
view = app.hud.beside
out["sides"] = [[side.name, side.decided] for side in view.sides]
out["now"] = view.now["net_kw"]
out["covers"] = [app.hud.covers((20.0, 340.0)), app.hud.covers((160.0, 200.0))]
app.close()
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def drawn():
    done = subprocess.run([sys.executable, "-c", DRAW], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_equal_branches_are_equal_pictures_and_a_cloud_is_in_one_sky(drawn):
    assert drawn["equal"] < 0.5
    assert drawn["differ"] > 3.0
    assert drawn["clear"] != pytest.approx(drawn["clouded"], rel=0.02)


def test_the_branch_that_is_played_is_on_the_left(drawn):
    assert max(drawn["swapped"]) < 0.5


def test_a_click_in_the_other_half_selects_the_same_here(drawn):
    assert drawn["clicked"] == [True, True]


def test_alone_again_is_as_before_and_leaves_nothing(drawn):
    assert drawn["sizes"] == [[[320, 360], [320, 360]], [640, 360]]
    assert drawn["back"] < 0.5
    assert drawn["counts"][1] == drawn["counts"][2]


def test_plates_and_strip_tell_both(drawn):
    (played, nothing), (other, decided) = drawn["sides"]
    assert (played, other) == ("main", "other")
    assert nothing == "no command of its own" and "cloud 5 %" in decided
    assert len(drawn["now"]) == 2 and drawn["covers"] == [True, False]


@pytest.mark.parametrize("line, more, why", [
    ("at 20:00 limit site 150 kW", (), "expected commands before --at 19:00"),
    ("at 18:00 limt site", (), "expected a command such as 'limit'"),
    ("at 18:00 limit nowhere 10 kW", (), "expected a zone"),
    ("at 18:00 limit site 150 kW", ("--no-ui",), "expected panels")])
def test_what_cannot_be_tried_out_is_said_in_one_line(tmp_path, line, more, why):
    done = voltyard("shot", "evening_peak", "--at", "19:00", "--what-if", line, "-o", tmp_path / "x.png", *more)
    assert done.returncode == 2 and done.stderr.startswith("voltyard: --what-if: ") and why in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "x.png").exists()
