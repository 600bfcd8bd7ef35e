"""What the dashboard knows, without graphics: what charts remember, alarms, docks, layouts, keys."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import HOUR, command, plans, scenario, visit, visits, zone

from game import keys
from entities.components import Place
from game.camera import Pose, aside
from game.look import Overlay, Tier, View
from game.places import Places
from game.ui import help as help_card
from game.ui.charts import excess, gaps, level
from game.ui.docks import Seating
from game.ui.frames import Content, Cost, Frames, Picture
from game.ui.layouts import Layouts
from game.ui.log import History
from game.ui.summary import (change_rows, chemistry_rows, content_rows, earned_rows, earners, fed_kwh,
                             fleet_rows, pace_rows, picture_rows, status_rows)
from game.ui.panel import Moment
from game.ui.tables import Connectors, Earners
from game.ui.trace import SITE_COLUMNS, Ring, Trace
from sim.alarm import Priority
from sim.alarms import Alarms, locate
from sim.battery.segments import energy_at
from sim.errors import InputError
from sim.model import Model


def traced(plan_scenario, *cars) -> Model:
    return Model(plan_scenario, visits(*cars), history=Trace())


def feeding_model(**more) -> Model:
    """Two cars; one is made to feed at 5 kW from the first hour on."""
    model = traced(scenario(zone(count=2, feed_kw=11.0)),
                   visit("a", connector="C-01", stored=30.0),
                   visit("b", 2 * HOUR, connector="C-02"))
    model.submit_at(HOUR, command("set_connector_power", connector="C-01", kw=-5.0))
    return model


# What charts remember

@given(st.integers(1, 6).map(lambda k: 1 << (k + 5)),
       st.lists(st.integers(0, 90), min_size=1, max_size=12))
def test_a_ring_keeps_the_last_rows_in_order(most, blocks):
    ring, told = Ring(("t", "x"), most), []
    for size in blocks:
        rows = np.arange(2.0 * size).reshape(size, 2) + len(told)
        ring.add(rows)
        told += rows.tolist()
    kept = told[-most:]
    assert len(ring) == len(kept)
    assert ring.column("t").tolist() == [row[0] for row in kept]
    assert ring.column("x").tolist() == [row[1] for row in kept]


@given(plans(most_cars=4), st.integers(0, 71))
def test_a_course_is_what_the_columns_were(plan, at):
    """Looking back gives what anyone saw at the time, whatever has happened since."""
    model = Model(plan.scenario(), visits(*plan.cars), history=Trace())
    for t_s, order in plan.commands:
        model.submit_at(t_s, order)
    then = at * 300.0
    model.advance(then)
    vehicle = model.world.vehicle
    rows = vehicle.rows()
    energy, power = energy_at(vehicle, rows, then), vehicle.power0_kw[rows].copy()
    here = vehicle.place[rows] == Place.PLUGGED
    known = [len(model.history._segments.where("vehicle", row)["t_s"]) > 0 for row in rows]
    model.advance(min(then + 4000.0, model.duration_s))
    for k, row in enumerate(rows.tolist()):
        if known[k]:
            seen, flow = model.history.course(vehicle, row, np.array([then]))
            if not here[k]:  # nobody knows what it does elsewhere
                assert np.isnan(seen[0]) and np.isnan(flow[0])
                continue
            assert seen[0] == pytest.approx(energy[k], abs=1e-6)
            assert np.sign(flow[0]) == np.sign(power[k])


def test_the_site_is_traced_at_control_ticks_and_not_otherwise():
    """The same rows, however the run is cut into frames."""
    found = []
    for step in (37.0, 600.0, 3 * HOUR):
        model = feeding_model()
        t_s = 0.0
        while t_s < 3 * HOUR:
            t_s = min(t_s + step, 3 * HOUR)
            model.advance(t_s)
        found.append([model.history.site.column(name).tolist() for name in SITE_COLUMNS])
    assert repr(found[0]) == repr(found[1]) == repr(found[2])
    assert found[0][0] == [300.0 * k for k in range(37)]
    net = dict(zip(found[0][0], found[0][1]))
    assert net[1.5 * HOUR] == pytest.approx(-5.0)


def test_a_vehicle_without_a_past_has_no_course():
    model = feeding_model()
    model.advance(HOUR)
    energy, power = model.history.course(model.world.vehicle, 1, np.array([0.0, HOUR]))
    assert np.isnan(energy).all() and np.isnan(power).all()


def test_a_vehicle_that_left_has_a_gap_until_it_is_back():
    model = traced(scenario(zone(count=1)), visit("a", departure=2 * HOUR, vehicle="v"),
                   visit("b", 4 * HOUR, 6 * HOUR, vehicle="v"))
    model.advance(5 * HOUR)
    energy, power = model.history.course(model.world.vehicle, 0, np.array([1.0, 2.5, 3.9, 4.5]) * HOUR)
    assert np.isnan(energy).tolist() == np.isnan(power).tolist() == [False, True, True, False]
    x = np.linspace(0.0, 6.0, 13)
    assert gaps(x, (x < 2.0) | (x > 4.0)) == [3.25] and gaps(x, x > 4.0) == [] and gaps(x, x > 9.0) == [3.0]


def test_only_the_hours_in_excess_of_a_limit_are_loud():
    net, limit = np.array([5.0, 30.0, 30.0, 5.0, 30.0]), np.array([20.0, 20.0, 40.0, 20.0, 20.0, 20.0])
    assert excess(net, limit, True).tolist() == [False, True, False, False, False, False]
    assert excess(-net, -limit, False).tolist() == [False, True, False, False, False, False]


def test_a_price_is_named_where_its_line_is_level():
    xs, ys = np.array([-6.0, -5.5, -1.0, 4.0, 12.0]), np.array([1.0, 2.0, 3.0, 4.0, 4.0])
    assert level(xs, ys, 2.5) == (-5.5, 2.0) and level(xs, ys, 20.0) == (4.0, 4.0)
    assert level(xs, ys, 5.0) == (4.0, 4.0)  # what now parts is not level


# Facts

def test_the_fleet_and_the_grid_in_rows():
    model = feeding_model()
    model.advance(2.5 * HOUR)
    fleet = {row.label: row for row in fleet_rows(model, model.now_s)}
    assert (fleet["Plugged in"].value, fleet["Plugged in"].unit) == ("2", "of 2")
    assert (fleet["Charging"].value, fleet["Feeding"].value) == ("1", "1")
    held = energy_at(model.world.vehicle, np.arange(2), model.now_s).sum()
    assert fleet["Energy aboard"].value == f"{held:.0f}"
    model.submit(command("set_limit", kw=20.0))
    net = model.site_power(model.now_s)[0]
    grid = {row.label: row for row in status_rows(model, model.now_s)}
    assert grid["Room to import"].value == f"{20.0 - net:.0f}"
    assert "Room to export" not in grid


def test_earnings_rank_those_who_fed():
    model = feeding_model()
    model.advance(2.0 * HOUR)
    rows, net, fed = earners(model, model.now_s)
    assert model.world.vehicle.names[rows[0]] == "a" and len(rows) == 1
    assert fed[0] == pytest.approx(5.0 / model.world.vehicle.discharge_efficiency[rows[0]])
    assert fed_kwh(model, model.now_s) == pytest.approx(5.0)
    labels = [row.label for row in earned_rows(model, model.now_s)]
    assert labels[:3] == ["Now", "Today", "Since the start"]
    quiet = Model(scenario(zone()), visits(visit()))
    assert earned_rows(quiet, 0.0) == [] and chemistry_rows(quiet, 0.0) == []
    assert len(earners(quiet, 0.0)[0]) == 0


def test_frames_are_measured_or_left_out():
    frames = Frames()
    assert picture_rows(frames) == []
    frames.costs.extend([Cost(0.02, 0.001, 0.002, 0.01), Cost(0.03, 0.003, 0.004, 0.01)])
    content = Content(24, 1582, 2_500_000, 25, 3, 2, 18, 16, 7)
    frames.picture = Picture(content, 0.75, Tier.LOW, "auto", "22 ms a frame at medium: low", "calm, 2 of 6 s",
                             ((75.0, Tier.LOW, "22 ms a frame at medium: low"),))
    rows = {row.label: row.value for row in (*picture_rows(frames), *content_rows(frames))}
    assert (rows["Quality"], rows["Why"], rows["Governor"]) == ("Low", "22 ms a frame at medium: low",
                                                                "calm, 2 of 6 s")
    assert (rows["Frame rate"], rows["CPU model"], rows["GPU memory"]) == ("40", "2.00", "2.5")
    assert (rows["Full bodies"], rows["Simple bodies"], rows["Out of sight"]) == ("25", "3", "2")
    assert rows["Render scale"] == "75"
    assert [(row.label, row.value, row.unit) for row in change_rows(frames)] == [("1 min ago", "Low", "22 ms a frame at medium: low")]


def test_events_a_second_are_those_of_the_last_two():
    frames = Frames()
    assert pace_rows(frames) == []
    for k in range(40):
        frames.tally(0.25 * k, 60.0, 58.0, 0 if k < 20 else 30 * (k - 20))
    rows = {row.label: row for row in pace_rows(frames)}
    assert (rows["Events"].value, rows["Events so far"].value) == ("120.0", "570")
    assert (rows["Speed"].value, rows["Speed"].unit) == ("×60", "runs ×58")


def test_events_of_a_model_are_counted_however_it_is_advanced():
    found = []
    for step in (37.0, 3 * HOUR):
        model, t_s = feeding_model(), 0.0
        while t_s < 3 * HOUR:
            t_s = min(t_s + step, 3 * HOUR)
            model.advance(t_s)
        found.append(model.timeline.processed)
    assert found[0] == found[1] > 36


def test_the_log_tells_what_touched_an_entity():
    model = feeding_model()
    model.submit_at(1.5 * HOUR, command("out_of_service", connector="C-02"))
    model.submit_at(1.6 * HOUR, command("set_limit", kw=50.0))
    model.advance(2.5 * HOUR)
    told = {kind: [entry.words for entry in History().entries(model, kind, 0, model.now_s)]
            for kind in ("vehicle", "connector", "station", "hub")}
    assert told["vehicle"] == ["power C-01 -5 kW (operator)", "Completed, C-01",
                               "Plugged in, C-01"]
    assert told["connector"] == told["vehicle"]
    assert "connector C-02 out-of-service (operator)" in told["station"]
    followed = History()
    cut = feeding_model()
    for t_s in (0.5 * HOUR, HOUR, 2.5 * HOUR):
        cut.advance(t_s)
        seen = followed.entries(cut, "vehicle", 0, cut.now_s)
    assert [entry.words for entry in seen] == told["vehicle"]
    assert told["hub"] == ["limit site 50 kW (operator)"]


def test_a_selected_vehicle_marks_the_rows_that_are_about_it():
    """In each table the row of itself or of its connector, which is scrolled to; and so from the other side."""
    model = feeding_model()
    model.advance(2.5 * HOUR)
    at = model.world.vehicle.connector.item(1)
    for chosen, marked in ((("vehicle", 1), at), (("connector", at), at), (("hub", 0), None), (None, None)):
        table = Connectors()
        table.work_out(Moment(model, model.now_s, chosen, None, None, None))
        assert (table._selected, table._reveal) == (marked, marked is not None)
    earned = Earners()
    for chosen in (("vehicle", 0), ("connector", model.world.vehicle.connector.item(0))):
        earned.work_out(Moment(model, model.now_s, chosen, None, None, None))
        assert earned._selected == 0


# Alarms

def test_a_limit_is_raised_acknowledged_and_over():
    model = traced(scenario(zone(count=2), strategy="uncontrolled",
                            grid={"import_limit_kw": 15.0}),
                   visit("a", departure=3 * HOUR), visit("b", HOUR, 2 * HOUR))
    alerts = Alarms()
    assert not alerts.update(model, 0.0) and alerts.worst is None
    model.advance(1.1 * HOUR)
    assert alerts.update(model, model.now_s)
    (alert,) = alerts.shown
    assert (alert.priority, alert.active, alert.target) == (Priority.URGENT, True, ("hub", "hub"))
    assert alert.text == "Import 22 kW, limit 15 kW"
    assert not alerts.update(model, model.now_s)  # heard once
    model.submit(command("acknowledge_alarm", alarm=alerts.worst.key))
    alerts.update(model, model.now_s)
    assert alerts.sounding == 0 and len(alerts.shown) == 1
    model.advance(2.5 * HOUR)
    alerts.update(model, model.now_s)
    assert alerts.shown == ()


def test_an_excess_between_two_looks_is_not_missed():
    model = traced(scenario(zone(count=2), strategy="uncontrolled", grid={"import_limit_kw": 15.0}),
                   visit("a", departure=3 * HOUR), visit("b", HOUR, 2 * HOUR))
    alerts = Alarms()
    alerts.update(model, 0.0)
    model.advance(2.5 * HOUR)
    assert alerts.update(model, model.now_s)
    (alert,) = alerts.shown
    assert alert.since_s == HOUR and alert.ended_s == 2 * HOUR
    assert not alert.active and not alert.acknowledged
    model.submit(command("acknowledge_alarm"))
    alerts.update(model, model.now_s)
    assert alerts.shown == ()


def test_faults_and_queues_come_and_go_and_the_worst_is_first():
    model = traced(scenario(zone(count=1)), visit("a"), visit("b", HOUR, 2 * HOUR))
    alerts = Alarms()
    model.advance(1.5 * HOUR)
    assert not alerts.update(model, model.now_s)  # a queue makes no sound
    assert alerts.worst.source == "Queue" and alerts.worst.target == ("session", "b")
    assert locate(model.world, alerts.worst.target) == ("vehicle", 1)
    model.submit(command("fault_connector", connector="C-01"))
    assert alerts.update(model, model.now_s)
    assert [alert.source for alert in alerts.shown] == ["C-01", "Queue"]
    assert alerts.worst.target == ("connector", "C-01")
    model.submit(command("clear_fault", connector="C-01"))
    model.advance(2.5 * HOUR)
    alerts.update(model, model.now_s)
    states = {alert.source: alert.active for alert in alerts.shown}
    assert states["C-01"] is False
    assert any("left without a charge" in alert.text for alert in alerts.shown)
    model.submit(command("acknowledge_alarm"))
    alerts.update(model, model.now_s)
    assert alerts.shown == ()


def test_stress_that_gets_worse_is_heard_again():
    model = traced(scenario(zone()))
    alerts = Alarms()
    for level, heard in (("medium", False), ("high", True), ("high", False), ("emergency", True)):
        model.events.append({"t": 0.0, "kind": "stress_level", "where": "hub", "level": level,
                             "words": "transformer T1"})
        assert alerts.update(model, 0.0) is heard, level
        model.submit(command("acknowledge_alarm"))
        alerts.update(model, model.now_s)
    model.events.append({"t": 9.0, "kind": "stress_level", "where": "hub", "level": "low", "words": ""})
    alerts.update(model, 9.0)
    assert alerts.shown == ()


# Docks and layouts

def test_panels_move_between_docks():
    seating = Seating()
    first, second = seating.of(View.INTEGRATED, "left")[:2]
    seating.move(View.INTEGRATED, first, "bottom")
    assert seating.of(View.INTEGRATED, "bottom")[-1] is first
    seating.move(View.INTEGRATED, first, "left", second)
    assert seating.of(View.INTEGRATED, "left")[:2] == [first, second]


def test_layouts_are_kept_by_name(tmp_path):
    layouts = Layouts(tmp_path)
    assert layouts.names == ["standard", "charts", "quiet"]
    seating = layouts.get("quiet")
    seating.move(View.V2G, seating.seats[View.V2G][0], "right")
    layouts.save("mine", seating)
    again = Layouts(tmp_path)
    assert again.names[-1] == "mine" and again.get("mine").facts() == seating.facts()
    with pytest.raises(InputError, match="no layout 'other', expected one of standard, charts"):
        again.get("other")


@pytest.mark.parametrize("text, says", [
    ("[1", "cannot be read"), ("[]", "expected layouts by name"),
    (json.dumps({"a": {"v2g": [["fleet", "top", True]]}}), "a: expected for each view"),
    (json.dumps({"a": {"nowhere": []}}), "a: expected for each view"),
    (json.dumps({"a": [1]}), "a: expected for each view")])
def test_a_broken_layout_file_is_one_line(tmp_path, text, says):
    (tmp_path / "layouts.json").write_text(text)
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "layouts.json"))) as error:
        Layouts(tmp_path)
    assert says in str(error.value) and "\n" not in str(error.value)


# Keys

def test_no_key_does_two_things_and_none_is_also_held():
    from game.controls import HELD
    names = [name for key in keys.KEYS for name in key.names]
    assert len(names) == len(set(names)) and not set(names) & set(HELD)
    assert all(key.act for key in keys.KEYS if key.names)
    assert {key.args[0] for key in keys.KEYS if key.act == "show_view"} == set(View)
    assert {key.args[0] for key in keys.KEYS if key.act == "toggle_overlay"} == set(Overlay) - {Overlay.NONE}


def test_every_key_has_its_action_and_its_line_of_help():
    from game.person import Person
    acts = {key.act for key in keys.KEYS if key.act and key.act != "quit"}
    assert all(callable(getattr(Person, act, None)) for act in acts), acts
    explained = {key.act for key in keys.KEYS if key.words} | {"slower", "acknowledge_all", "show_view",
                                                              "toggle_overlay", "move_panel", "give_command", "filter_table", "name_layout"}
    assert acts <= explained
    lines = [line for column in help_card.columns(3) for line in column]
    for key in keys.KEYS:
        assert not key.words or (key.shown, key.words) in lines
    assert sorted(lines) == sorted(line for column in help_card.columns(2) for line in column)


def test_places_are_kept_by_scenario(tmp_path):
    poses = [Pose((1.0, 2.0, 3.0), 20.0 + k, 30.0, 40.0) for k in range(2)]
    places = Places("yard", tmp_path)
    assert [places.keep(pose) for pose in poses] == ["place 1", "place 2"]
    assert list(Places("yard", tmp_path).poses.values()) == poses
    assert Places("other", tmp_path).poses == {}
    Places("other", tmp_path).keep(poses[0])
    assert len(Places("yard", tmp_path).poses) == 2


@pytest.mark.parametrize("text, told", [
    ("[1", "cannot be read"), ("[]", "expected scenarios by name"), ('{"yard": 1}', "yard: expected places by name"),
    ('{"yard": {"a": {"target": [0, 0], "distance": 1, "yaw": 0, "pitch": 9}}}', "yard.a: expected target"),
    ('{"yard": {"a": {"target": [0, 0, 0], "distance": 0, "yaw": 0, "pitch": 9}}}', "yard.a: expected target")])
def test_a_file_of_places_that_is_not_ours_is_named(tmp_path, text, told):
    (tmp_path / "places.json").write_text(text)
    with pytest.raises(InputError, match=re.escape(told)):
        Places("yard", tmp_path)


@pytest.mark.parametrize("event, modifiers, key", [
    ("a", set(), "a"), ("-", set(), "-"), ("shift-b", {"shift"}, "b"),
    ("control--", {"control"}, "-"), ("shift-control-=", {"shift", "control"}, "="),
    ("page_down", set(), "page_down")])
def test_names_of_keys_are_taken_apart(event, modifiers, key):
    assert keys.name_of(event) == (modifiers, key)


@given(st.floats(-180.0, 180.0), st.floats(5.0, 80.0), st.floats(0.0, 0.3))
def test_the_site_stands_beside_the_dock(yaw, pitch, share):
    pose = Pose((3.0, 0.0, -4.0), 100.0, yaw, pitch)
    moved = aside(pose, share, 16 / 9)
    forward, right, _ = moved.axes()
    away = np.array(pose.target) - moved.eye()
    half = np.tan(np.radians(38.0 / 2.0)) * 16 / 9
    assert away @ right / (away @ forward) / half / 2.0 == pytest.approx(share, abs=1e-9)


def test_the_tone_is_short_and_soft():
    from game.ui.sound import RATE_HZ, tone
    samples = tone()
    assert 0.2 < len(samples) / RATE_HZ < 0.7 and np.abs(samples).max() < 0.3
    # It neither begins nor ends with a click, and swells by less in a sample than a wave of its loudness does.
    assert max(abs(samples[0]), abs(samples[-1]), np.abs(np.diff(samples, 2)).max() / 10.0) < 0.0015


def test_the_readme_names_every_key():
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for key in keys.KEYS:
        if key.words and key.names:
            parts = [key.shown] if f"`{key.shown}`" in text else key.shown.split("  ")
            assert all(f"`{part}`" in text for part in parts), key
