"""Alarms: states and figures of ISA-18.2, told by events and the command log alone."""

import copy
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ANY_COMMAND, HOUR, TIMES, command, plans, scenario, visit, visits, zone

from game.ui import log
from game.ui.lists import ALARM_MARKS, AlertList
from sim.alarm import Nature, Priority, State
from sim.alarms import Alarms, alarms_of, locate
from sim.model import Model
from sim.results import results

REMARKS = st.sampled_from([
    command("acknowledge_alarm"), command("acknowledge_alarm", alarm="queue"),
    command("shelve_alarm", alarm="limit import", duration="20m"),
    command("unshelve_alarm", alarm="limit import"), command("annotate", text="odd")])


def crowded() -> Model:
    """Two cars under a limit for one: an excess from one hour to two, another from three to four."""
    site = scenario(zone(count=2), strategy="uncontrolled", grid={"import_limit_kw": 15.0})
    cars = visits(visit("a", departure=6 * HOUR, target=50.0), visit("b", HOUR, 2 * HOUR),
                  visit("c", 3 * HOUR, 3.5 * HOUR))
    return Model(site, cars)


def states(alarms: Alarms) -> dict[str, State]:
    return {alarm.key: alarm.state for alarm in (*alarms.shown, *alarms.shelved)}


@pytest.mark.parametrize("given, expected", [
    ([], {1.5: State.UNACKNOWLEDGED, 2.5: State.RETURNED, 3.2: State.UNACKNOWLEDGED}),
    ([(1.2, "acknowledge_alarm")], {1.5: State.ACKNOWLEDGED, 2.5: None, 3.2: State.UNACKNOWLEDGED}),
    ([(2.2, "acknowledge_alarm")], {1.5: State.UNACKNOWLEDGED, 2.5: None}),
    ([(1.2, "shelve_alarm")], {1.1: State.UNACKNOWLEDGED, 1.5: State.SHELVED, 1.8: State.UNACKNOWLEDGED}),
    ([(1.2, "shelve_alarm"), (1.3, "unshelve_alarm")], {1.25: State.SHELVED, 1.5: State.UNACKNOWLEDGED})])
def test_an_alarm_goes_through_its_states(given, expected):
    model = crowded()
    for hour, kind in given:
        facts = {"duration": "30m"} if kind == "shelve_alarm" else {}
        model.submit_at(hour * HOUR, command(kind, alarm="limit import", **facts))
    alarms = Alarms()
    for hour, state in expected.items():
        model.advance(hour * HOUR)
        alarms.update(model, model.now_s)
        assert states(alarms).get("limit import") == state, hour


@settings(max_examples=40)
@given(plans(commands=ANY_COMMAND), st.lists(st.tuples(TIMES, REMARKS), max_size=5), st.lists(TIMES, max_size=5))
def test_remarks_change_nothing_and_who_looks_later_finds_what_was_seen(plan, remarks, looks):
    plain, model, seen = plan.model(), plan.model(), Alarms()
    for t_s, remark in sorted([*remarks, *((t, None) for t in looks)], key=lambda timed: timed[0]):
        model.advance(t_s)
        if remark is not None:
            assert model.submit(remark) is None
        seen.update(model, t_s)
    for each in (plain, model):
        each.advance(each.duration_s)
    assert model.world.digest() == plain.world.digest() and model.events == plain.events
    noted = {"acknowledge_alarm", "shelve_alarm", "unshelve_alarm", "annotate"}
    assert [e for e in model.commands if e["command"]["kind"] not in noted] == plain.commands
    seen.follow(model.events, model.commands, model.now_s)
    later = alarms_of(copy.deepcopy(model.events), model.commands, model.now_s)
    assert [(a.key, a.since_s, a.ended_s) for a in seen.record] == \
        [(a.key, a.since_s, a.ended_s) for a in later.record]
    for each in (plain, model):
        each.close_books()
    one, other = results(plain, 1.0), results(model, 1.0)
    assert one == other, "not even what the meter adds up"


def test_what_gets_worse_asks_again():
    model = Model(scenario(zone()))
    alarms = Alarms()

    def stress(t_s, level):
        model.events.append({"t": t_s, "kind": "stress_level", "where": "hub", "level": level, "words": "T1"})
        alarms.follow(model.events, model.commands, t_s)

    stress(0.0, "high")
    model.submit(command("acknowledge_alarm", alarm="stress"))
    stress(60.0, "emergency")
    (alarm,) = alarms.shown
    assert (alarm.state, alarm.priority, alarm.asks_s) == (State.UNACKNOWLEDGED, Priority.URGENT, 60.0)
    stress(90.0, "high")
    assert alarm.priority == Priority.HIGH and alarm.asks_s == 60.0


def test_an_alarm_is_drawn_as_what_it_is_in_the_list_and_in_the_log():
    events = [{"t": 1.0, "kind": "faulted", "connector": "C-1"}, {"t": 2.0, "kind": "queued", "session": "a"},
              {"t": 3.0, "kind": "stress_level", "where": "hub", "level": "high", "words": "T1"},
              {"t": 4.0, "kind": "frequency_left_band", "beyond_hz": 0.2},
              {"t": 5.0, "kind": "powerflow_not_converged", "where": "T1"},
              {"t": 6.0, "kind": "supply_lost", "where": "T2", "connectors": 2, "why": "breaker"}]
    alarms = alarms_of(events, [], 10.0)
    assert {alarm.key: alarm.nature for alarm in alarms.shown} == {
        "fault C-1": Nature.FAULT, "queue": Nature.NOTICE, "stress": Nature.WARNING, "frequency": Nature.FAULT,
        "power flow T1": Nature.WARNING, "supply T2": Nature.FAULT}
    for event in events:
        (alarm,) = alarms_of([event], [], 10.0).shown
        assert log.tone_of(event) == ALARM_MARKS[alarm.nature]


def test_a_flood_begins_above_ten_in_ten_minutes_and_ends_below_five():
    events = [{"t": 60.0 * k, "kind": "faulted", "connector": f"C-{k}"} for k in range(12)]
    events += [{"t": 60.0 * k, "kind": "faulted", "connector": f"D-{k}"} for k in range(7)]
    events.sort(key=lambda event: event["t"])
    figures = alarms_of(events, [], 660.0).figures(660.0)
    assert (figures.standing, figures.asking, figures.flood) == (19, 19, True)
    assert figures.worst_ten_minutes == 17 and figures.per_hour == pytest.approx(19 * 3600 / 660)
    later = alarms_of(events, [], 2 * HOUR).figures(2 * HOUR)
    assert not later.flood and later.in_ten_minutes == 0
    # the eleventh comes at five minutes; at 17 fewer than five are younger than ten minutes
    assert later.flood_s == pytest.approx((17 - 5) * 60.0)


@pytest.mark.parametrize("raised, told", [(1, "Alarms  1, 1 new"), (6, "Alarms  6, 6 new, 6 in 10 min"),
                                          (12, "Alarms  12, 12 new, a flood of 12 in 10 min")])
def test_the_panel_says_how_many_come_where_they_are_many(raised, told):
    events = [{"t": 10.0 * k, "kind": "faulted", "connector": f"C-{k}"} for k in range(raised)]
    panel = AlertList()
    panel.work_out(SimpleNamespace(alerts=alarms_of(events, [], 300.0), t_s=300.0, model=crowded()))
    assert panel.title == told


def test_a_queue_is_about_the_vehicle_that_waits_longest():
    model = Model(scenario(zone()), visits(visit("a"), visit("b", HOUR, 2 * HOUR), visit("c", HOUR, 3 * HOUR)))
    model.advance(1.5 * HOUR)
    alarms = alarms_of(model.events, model.commands, model.now_s)
    assert alarms.worst.text == "2 vehicles queued for a connector"
    assert locate(model.world, alarms.worst.target) == ("vehicle", model.world.vehicle.find("b"))
    assert locate(model.world, ("connector", "gone")) is None


def test_a_station_without_its_csms_is_an_alarm_until_it_is_back():
    model = Model(scenario(zone(count=2)), visits())
    name = model.world.station.names[0]
    model.submit_at(HOUR, command("set_station_offline", station=name, offline=True))
    model.submit_at(2 * HOUR, command("set_station_offline", station=name, offline=False))
    model.advance(1.5 * HOUR)
    alarms = Alarms()
    alarms.update(model, model.now_s)
    alarm = alarms.worst
    assert (alarm.source, alarm.nature, alarm.active) == (name, Nature.WARNING, True)
    assert locate(model.world, alarm.target) == ("station", 0)
    model.advance(3 * HOUR)
    alarms.update(model, model.now_s)
    assert states(alarms)[alarm.key] == State.RETURNED
