"""Recorded sessions: ACN-Data CSV and API JSON."""

import csv
import json
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.scenario import DATA_DIR, load
from sim.sessions.load import load_visits, scenario_from_sessions, session_kind, with_sessions
from sim.sessions.recorded import DELIVERED, REQUESTED, vehicle_names

REFERENCE = Path(__file__).parent / "reference"
SHIPPED = DATA_DIR / "acn_caltech_2019-06.csv"
HEADER = (f"arrival,departure,{REQUESTED},{DELIVERED},station_id,session_id,"
          "estimated_departure,claimed\n")
ROW = "2019-06-01 08:00:00-07:00,2019-06-01 10:00:00-07:00,9.5,8.0,CA-1,a,2019-06-01 11:00:00-07:00,True\n"


def write(folder, text, name="sessions.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def as_json(path, sessions):
    path.write_text(json.dumps(sessions), encoding="utf-8")
    return path


def item(**changes):
    return {"_id": "5bc9", "clusterID": "0039", "sessionID": "s1", "stationID": "2-39-139-28",
            "connectionTime": "Sat, 01 Jun 2019 15:00:00 GMT",
            "disconnectTime": "Sat, 01 Jun 2019 17:00:00 GMT", "kWhDelivered": 8.0,
            "timezone": "America/Los_Angeles", "userInputs": None} | changes


@pytest.mark.parametrize("name, count, energy_kwh", [
    ("acn_caltech_2019-06.csv", 883, 7191.648), ("acn_jpl_2019-06-03_week.csv", 318, 4643.514)])
def test_real_recordings(name, count, energy_kwh):
    path = SHIPPED if name == SHIPPED.name else REFERENCE / name
    scenario = scenario_from_sessions(path)
    visits = load_visits(scenario)
    assert len(visits) == count == len(set(visits.id)) == len(set(visits.vehicle))
    assert visits.recorded_kwh.sum() == pytest.approx(energy_kwh, abs=0.001)
    assert visits.target_kwh.sum() - visits.arrival_kwh.sum() == pytest.approx(energy_kwh, abs=0.001)
    assert visits.warnings == []
    assert scenario.start.utcoffset().total_seconds() == -7 * 3600
    assert (scenario.start.hour, scenario.start.minute) == (0, 0)
    assert visits.departure_s.max() <= scenario.duration
    assert scenario.duration - visits.departure_s.max() < 86_400
    stations = {s.name for z in scenario.site.zones for s in z.stations}
    assert stations == set(visits.connector)
    connectors = [c for z in scenario.site.zones for s in z.stations for c in s.connectors]
    assert len(connectors) == len(stations) and {c.charge_kw for c in connectors} == {6.656}


def test_csv_and_json_say_the_same(tmp_path):
    with SHIPPED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:60]
    items = [{
        "sessionID": row["session_id"], "stationID": row["station_id"],
        "connectionTime": format_datetime(datetime.fromisoformat(row["arrival"]).astimezone(timezone.utc), usegmt=True),
        "disconnectTime": datetime.fromisoformat(row["departure"]).isoformat(),
        "kWhDelivered": float(row[DELIVERED]), "timezone": "America/Los_Angeles",
        "userInputs": [{"kWhRequested": 1.0}, {"kWhRequested": float(row[REQUESTED])}],
    } for row in rows]
    garage = load("caltech_garage", {"sessions.energy": "requested"})
    head = "".join(SHIPPED.read_text(encoding="utf-8").splitlines(keepends=True)[:61])
    expected = load_visits(with_sessions(garage, write(tmp_path, head)))
    for name, document in (("a.json", {"_items": items}), ("b.json", items)):
        path = as_json(tmp_path / name, document)
        assert session_kind(path) == "recorded"
        visits = load_visits(with_sessions(garage, path))
        assert visits.id == expected.id and visits.connector == expected.connector
        for column, values in vars(expected).items():
            if isinstance(values, np.ndarray):
                assert np.array_equal(getattr(visits, column), values), column
        site = scenario_from_sessions(path)
        assert site.start == datetime.fromisoformat("2019-06-01T00:00:00-07:00")


def test_ac_energy_is_the_recorded_one_whatever_the_efficiency(tmp_path):
    scenario = scenario_from_sessions(write(tmp_path, HEADER + ROW),
                                      {"fleet.charge_efficiency": 0.9})
    visits = load_visits(scenario)
    assert (visits.target_kwh - visits.arrival_kwh) / 0.9 == pytest.approx([8.0])
    assert visits.battery_max_kw / 0.9 == pytest.approx(visits.ac_charge_kw)
    assert visits.target_kwh.tolist() == visits.capacity_kwh.tolist() == [60.0]


def test_requested_energy_and_large_sessions(tmp_path):
    path = write(tmp_path, HEADER + ROW)
    scenario = scenario_from_sessions(path, {"sessions.energy": "requested",
                                             "sessions.capacity_kwh": 5.0})
    visits = load_visits(scenario)
    assert visits.capacity_kwh.tolist() == [9.5] and visits.arrival_kwh.tolist() == [0.0]
    assert visits.recorded_kwh.tolist() == [8.0]


def test_sessions_outside_the_scenario_are_left_out():
    start, end = (datetime.fromisoformat(f"2019-06-12T{hour}:00:00-07:00") for hour in (12, 18))
    visits = load_visits(load("caltech_garage", {"start": start, "duration": "6h"}))
    with SHIPPED.open(encoding="utf-8") as file:
        times = [(datetime.fromisoformat(row["arrival"]), datetime.fromisoformat(row["departure"]))
                 for row in csv.DictReader(file)]
    assert len(visits) == sum(start <= arrival < end for arrival, _ in times) > 0
    present = sum(arrival < start < departure for arrival, departure in times)
    assert visits.arrival_s.min() >= 0 and visits.arrival_s.max() < 6 * 3600
    assert visits.warnings == [f"acn_caltech_2019-06.csv: left out {present} sessions that had "
                               "begun before the start"]


def test_recording_of_another_time_or_site(tmp_path):
    peak = load("evening_peak")
    visits = load_visits(with_sessions(peak, SHIPPED))
    assert len(visits) == 0
    assert "none of its 883 sessions begins in the scenario" in visits.warnings[0]
    moved = peak.model_copy(update={"start": datetime.fromisoformat("2019-06-12T00:00:00-07:00")})
    visits = load_visits(with_sessions(moved, SHIPPED))
    assert set(visits.connector) == {None}
    assert any("stations that the site does not have" in text for text in visits.warnings)


def test_unclaimed_json_session_requests_what_it_got(tmp_path):
    scenario = scenario_from_sessions(as_json(tmp_path / "a.json", {"_items": [item()]}),
                                      {"sessions.energy": "requested"})
    visits = load_visits(scenario)
    assert visits.capacity_kwh - visits.arrival_kwh == pytest.approx([8.0])
    assert visits.arrival_s.tolist() == [8 * 3600.0]


def test_vehicle_names_are_short_where_unique():
    ids = ["2_39_129_17_2019-06-01 14:55:43.279724", "1_1_9_5_2019-06-01 01:02:03.1",
           "1_1_8_5_2019-06-01 01:02:59.1", "plain"]
    assert vehicle_names(ids) == ["EV-17-0601-1455", *ids[1:]]


@pytest.mark.parametrize("text, message", [
    (HEADER, "no sessions"),
    (HEADER + ROW + "2019-06-01 08:00:00-07:00,2019-06", r"line 3: 2 fields where the header has 8, the file looks cut off"),
    (HEADER + ROW.replace("10:00:00-07:00,9", "07:00:00-07:00,9"), "line 2: departure: expected a time after the arrival"),
    (HEADER + ROW.replace("8.0", "-8.0"), r"line 2: delivered_energy \(kWh\): expected kWh, 0 to 100,000, not '-8.0'"),
    (HEADER + ROW.replace("9.5", "lots"), r"line 2: requested_energy \(kWh\)"),
    (HEADER + ROW.replace("2019-06-01 08:00:00-07:00", "yesterday"), "line 2: arrival: expected an ISO time"),
    (HEADER.replace("station_id", "place") + ROW, "line 1: no column station_id"),
    (HEADER + ROW + ROW, "two sessions have the id 'a'"),
])
def test_bad_csv_is_one_clear_line(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=message) as caught:
        load_visits(scenario_from_sessions(path))
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("document, message", [
    ({"_items": []}, "no sessions"),
    ({"items": []}, "_items: expected a list"),
    ([3], "_items.0: expected a session"),
    ([item(kWhDelivered=None)], "_items.0: kWhDelivered: expected kWh"),
    ([item(disconnectTime=None)], "_items.0: disconnectTime: expected"),
    ([item(sessionID=None)], "_items.0: session id: expected"),
    ([item(userInputs=[{"kWhRequested": "x"}])], "_items.0: userInputs: expected"),
])
def test_bad_json_is_one_clear_line(tmp_path, document, message):
    with pytest.raises(InputError, match=message):
        load_visits(scenario_from_sessions(as_json(tmp_path / "a.json", document)))


def test_cut_off_json_and_unreadable_files(tmp_path):
    with pytest.raises(InputError, match="line 1: not valid JSON"):
        scenario_from_sessions(write(tmp_path, '{"_items": [', "a.json"))
    with pytest.raises(InputError, match="cannot be read"):
        scenario_from_sessions(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="cannot be read"):
        scenario_from_sessions(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(InputError, match="not a text file in UTF-8"):
        scenario_from_sessions(tmp_path / "b.csv")
