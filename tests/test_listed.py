"""Listed sessions: our own CSV."""

import csv
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.battery.curves import two_stage
from sim.build import build_world
from sim.errors import InputError
from sim.scenario import from_dict
from sim.naming import connector_names
from sim.sessions.listed import COLUMNS
from sim.sessions.load import load_visits, scenario_from_sessions, session_kind, with_sessions

HEAD = "id,connector,arrival,departure,capacity_kwh,soc_arrival,soc_target,energy_kwh,max_charge_kw,max_discharge_kw,vehicle\n"


def site(**more):
    return from_dict({
        "name": "listed", "start": "2026-01-14T12:00:00+01:00", "duration": "24h",
        "site": {"zones": [{"name": "z", "stations": [
            {"connectors": [{"name": "A", "kind": "CHAdeMO"}]},
            {"count": 2, "connectors": [{"kind": "CCS2", "count": 2}]}]}]}, **more}, "test")


def visits_of(folder, *rows, head=HEAD, **more):
    path = folder / "list.csv"
    path.write_text(head + "".join(row + "\n" for row in rows), encoding="utf-8")
    return load_visits(with_sessions(site(**more), path))


def test_every_column(tmp_path):
    visits = visits_of(tmp_path, "first,A,18:30,1d 06:00,50,0.2,0.8,,11,10,Ada",
                       "second,,3600,2026-01-14T15:00:00+01:00,40,0.5,,8,7.4,,")
    assert visits.id == ["second", "first"] and visits.vehicle == ["second", "Ada"]
    assert visits.connector == [None, "A"] and visits.warnings == []
    assert visits.arrival_s.tolist() == [3600.0, 6.5 * 3600]
    assert visits.departure_s.tolist() == [3 * 3600.0, 18 * 3600.0]
    assert visits.arrival_kwh.tolist() == [20.0, 10.0]
    assert visits.target_kwh.tolist() == [28.0, 40.0]
    assert visits.ac_charge_kw.tolist() == visits.dc_charge_kw.tolist() == [7.4, 11.0]
    assert visits.ac_discharge_kw.tolist() == visits.dc_discharge_kw.tolist() == [0.0, 10.0]
    assert visits.battery_max_kw == pytest.approx([7.4 * 0.933, 11 * 0.933])
    assert set(visits.curve) == {two_stage(0.8, 0.05)} and np.isnan(visits.recorded_kwh).all()


def test_optional_columns_may_be_missing(tmp_path):
    visits = visits_of(tmp_path, "0,3600,50,0.2,0.8,11", "60,3600,50,0.2,0.8,11",
                       head="arrival,departure,capacity_kwh,soc_arrival,soc_target,max_charge_kw\n")
    assert visits.id == visits.vehicle == ["1", "2"] and visits.connector == [None, None]


def test_a_known_model_fills_what_is_blank(tmp_path):
    visits = visits_of(tmp_path, "a,A,0,3600,,0.5,0.9,,,,nissan_leaf_e_plus",
                       "b,,0,3600,50,0.5,0.9,,5,2,VW ID.4")
    assert visits.vehicle == ["a", "b"]
    assert visits.capacity_kwh.tolist() == [62.0, 50.0]
    assert visits.ac_charge_kw.tolist() == [6.6, 5.0]
    assert visits.dc_charge_kw.tolist() == [100.0, 5.0]
    assert visits.dc_discharge_kw.tolist() == [20.0, 2.0]
    assert visits.battery_max_kw.tolist() == [100.0, 125.0]
    assert visits.curve == [two_stage(0.8, 0.05), (
        (0.0, 1.0), (0.3, 1.0), (0.7, 0.52), (0.8, 0.52), (1.0, 0.176))]
    assert visits.plugs[0] != visits.plugs[1]


def test_a_vehicle_may_come_again(tmp_path):
    visits = visits_of(tmp_path, "a,,0,100,50,0.2,0.8,,11,,Ada", "b,,100,200,50,0.5,0.8,,11,,Ada")
    assert visits.vehicle == ["Ada", "Ada"]


def test_overlap_on_a_connector_warns_and_queues(tmp_path):
    visits = visits_of(tmp_path, "a,A,0,100,50,0.2,0.8,,11,,", "b,A,99,200,50,0.5,0.8,,11,,",
                       "c,A,200,300,50,0.5,0.8,,11,,", "d,,0,300,50,0.5,0.8,,11,,")
    assert visits.warnings == ["session b is queued behind a on A"]


def test_many_overlaps_are_counted(tmp_path):
    visits = visits_of(tmp_path, *(f"{k},A,{k},9999,50,0.2,0.8,,11,," for k in range(20)))
    assert len(visits.warnings) == 6
    assert visits.warnings[-1] == "14 more sessions are queued for their connector"


def test_arrivals_after_the_end_are_left_out(tmp_path):
    visits = visits_of(tmp_path, "a,,0,100,50,0.2,0.8,,11,,", "b,,86400,90000,50,0.5,0.8,,11,,")
    assert visits.id == ["a"]
    assert visits.warnings == ["list.csv: left out 1 session, arriving after the end"]


GOOD = "a,A,0,3600,50,0.2,0.8,,11,5,Ada"


@pytest.mark.parametrize("row, message", [
    ("a,A,3600,3600,50,0.2,0.8,,11,5,", "line 3: departure: expected a time after the arrival, 3600, not 3600"),
    ("a,A,18:00,17:00,50,0.2,0.8,,11,5,", "line 3: departure: expected a time after the arrival"),
    ("a,A,0,10,50,0.2,0.8,,-1,5,", "line 3: max_charge_kw: expected kW, at least 0, not '-1'"),
    ("a,A,0,10,50,0.2,0.8,,11,-5,", "line 3: max_discharge_kw: expected kW, at least 0"),
    ("a,A,0,10,0,0.2,0.8,,11,5,", "line 3: capacity_kwh: expected kWh, 0.01 to 100,000, not '0'"),
    ("a,A,0,10,,0.2,0.8,,11,5,", "line 3: capacity_kwh: expected kWh, 0.01 to 100,000, not ''"),
    ("a,A,0,10,50,1.2,0.8,,11,5,", "line 3: soc_arrival: expected a share from 0 to 1, not '1.2'"),
    ("a,A,0,10,50,0.2,-0.1,,11,5,", "line 3: soc_target: expected a share from 0 to 1"),
    ("a,A,0,10,50,0.2,nan,,11,5,", "line 3: soc_target: expected a share from 0 to 1, not 'nan'"),
    ("a,A,0,10,50,0.2,0.8,5,11,5,", "line 3: soc_target: expected either soc_target or energy_kwh, not both"),
    ("a,A,0,10,50,0.2,,,11,5,", "line 3: soc_target: expected either soc_target or energy_kwh"),
    ("a,A,0,10,50,0.2,,50,11,5,", "line 3: energy_kwh: expected kWh from 0 to 40"),
    ("a,A,soon,10,50,0.2,0.8,,11,5,", "line 3: arrival: expected a time such as .* not 'soon'"),
    ("a,A,-5,10,50,0.2,0.8,,11,5,", "line 3: arrival: -5 is before the start"),
    ("a,A,2026-01-14T11:00:00,10,50,0.2,0.8,,11,5,", "line 3: arrival: .* is before the start"),
    ("a,A,0,10,50,0.2", "line 3: 6 fields where the header has 11, the file looks cut off"),
    ("a,A,0,10,50,0.2,0.8,,11,5,,,", "line 3: 13 fields where the header has 11"),
    ("a,Z,0,10,50,0.2,0.8,,11,5,", "line 3: connector: the site has no connector 'Z'"),
    ("a,A,0,10,50,0.2,0.8,,lots,5,", "line 3: max_charge_kw: expected kW, at least 0, not 'lots'"),
    ("0,A,0,10,50,0.2,0.8,,11,5,", "line 3: id: '0' stands in line 2 already"),
    ("b,,3599,9999,50,0.2,0.8,,11,5,Ada", "line 3: vehicle: 'Ada' is still here from line 2"),
    ("b,,3600,9999,60,0.2,0.8,,11,5,Ada", "line 3: vehicle: 'Ada' has another capacity or power"),
    ('b,"A,0,10,50', "not valid CSV"),
])
def test_bad_rows_are_one_clear_line(tmp_path, row, message):
    first = GOOD.replace("a,A", "0,A", 1)
    with pytest.raises(InputError, match=message) as caught:
        visits_of(tmp_path, first, row)
    assert "\n" not in str(caught.value) and "list.csv" in str(caught.value)


@pytest.mark.parametrize("head, message", [
    (HEAD.replace("departure,", ""), "line 1: no column departure"),
    (HEAD.replace(",soc_target,energy_kwh", ""), "line 1: no column soc_target or energy_kwh"),
    (HEAD.replace("max_charge_kw", "max_charge"), "line 1: unknown column 'max_charge'"),
    (HEAD, "no sessions"),
    ("", "no column arrival"),
])
def test_bad_headers(tmp_path, head, message):
    with pytest.raises(InputError, match=message):
        visits_of(tmp_path, head=head)


def test_connector_names_are_those_of_the_world(tmp_path):
    scenario = site()
    names = connector_names(scenario)
    visits = visits_of(tmp_path, GOOD.replace("a,A", f"a,{names[-1]}", 1))
    world = build_world(scenario, visits)
    assert names == ["A", "C-01", "C-02", "C-03", "C-04"]
    assert all(world.connector.find(name) is not None for name in names)


def test_site_made_from_a_list(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(HEAD + "a,X,0,7200,50,0.2,0.8,,11,5,\nb,X,7200,9000,50,0.2,0.8,,22,0,\n"
                    "c,,0,100,50,0.2,0.8,,50,,\nd,,99,200,50,0.2,0.8,,7,,\n"
                    "e,,100,90000,50,0.2,0.8,,7,,\nf,L,0,10,,0.2,0.8,,,,nissan_leaf_e_plus\n",
                    encoding="utf-8")
    assert session_kind(path) == "listed"
    scenario = scenario_from_sessions(path, {"strategy": "equal_share"})
    found = {s.name: s.connectors[0] for s in scenario.site.zones[0].stations}
    assert set(found) == {"X", "L", "EVSE-01", "EVSE-02"}
    assert found["X"].charge_kw == 22.0 and found["X"].discharge_kw == 5.0
    assert found["EVSE-01"].charge_kw == 50.0 and found["EVSE-01"].kind == "CCS2"
    assert found["L"].kind == "CHAdeMO" and found["L"].discharge_kw == 20.0
    assert scenario.start == datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    assert scenario.duration == 2 * 86_400 and scenario.strategy == "equal_share"
    assert scenario.fleet.charge_efficiency == scenario.fleet.discharge_efficiency == 1.0
    visits = load_visits(scenario)
    assert len(visits) == 6 and visits.warnings == []
    build_world(scenario, visits)


def test_site_made_from_a_dated_list_starts_at_its_midnight(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(HEAD + "a,X,2026-03-02T07:30:00+02:00,2026-03-02T09:00:00+02:00,50,0.2,0.8,,11,5,\n",
                    encoding="utf-8")
    scenario = scenario_from_sessions(path)
    assert scenario.start.isoformat() == "2026-03-02T00:00:00+02:00"
    assert load_visits(scenario).arrival_s.tolist() == [7.5 * 3600]


finite = {"allow_nan": False, "allow_infinity": False}


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries({
    "arrival": st.floats(0, 80_000, **finite), "stay": st.floats(1, 80_000, **finite),
    "capacity_kwh": st.floats(1, 500, **finite), "soc_arrival": st.floats(0, 1),
    "soc_target": st.floats(0, 1), "max_charge_kw": st.floats(0, 400, **finite),
    "max_discharge_kw": st.floats(0, 400, **finite),
    "vehicle": st.sampled_from(["", "Ada", 'Comma, "quoted"'])}), min_size=1, max_size=15))
def test_written_visits_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("listed") / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for k, row in enumerate(rows):
            values = {key: value for key, value in row.items() if key != "stay"}
            values["departure"] = row["arrival"] + row["stay"]
            values["vehicle"] = f"{row['vehicle']} {k}" if row["vehicle"] else ""
            writer.writerow(values | {"id": f"v{k}"})
    visits = load_visits(with_sessions(site(), path))
    assert len(visits) == len(rows)
    assert list(zip(visits.arrival_s, visits.id)) == sorted(zip(visits.arrival_s, visits.id))
    for k, name in enumerate(visits.id):
        row = rows[int(name[1:])]
        assert visits.arrival_s[k] == row["arrival"]
        assert visits.departure_s[k] == row["arrival"] + row["stay"]
        assert visits.arrival_kwh[k] == row["capacity_kwh"] * row["soc_arrival"]
        assert visits.target_kwh[k] == row["capacity_kwh"] * row["soc_target"]
        assert visits.ac_charge_kw[k] == row["max_charge_kw"]
        assert visits.dc_discharge_kw[k] == row["max_discharge_kw"]
