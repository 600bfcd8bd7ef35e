"""Scenarios: every bad key is named with its file, overrides apply, and JSON round trips."""

import copy
import json

import pytest
from worlds import START

from sim.battery.curves import two_stage
from sim.errors import InputError
from sim.scenario import from_dict, load, parse_override, shipped

GOOD = {
    "name": "good", "start": START, "duration": "6h", "control_interval": "5m",
    "site": {"zones": [{"name": "z", "import_limit_kw": 20, "stations": [
        {"ocpp": "2.1", "count": 2, "connectors": [{"kind": "CCS2", "charge_kw": 50, "count": 2}]},
        {"name": "mine", "connectors": [{"name": "plug", "discharge_kw": 7.4}]}]}]},
    "grid": {"export_limit_kw": 5, "base_load": {"step": "1h", "values": [1, 2]}},
    "tariff": {"kind": "time_of_use", "price": 0.2,
               "bands": [{"from": "17:00", "to": "20:00", "price": 0.5}]},
    "sessions": {"kind": "generated", "groups": [
        {"use_case": "depot", "vehicles": 2, "zone": "z", "models": [{"model": "vw_id4"}]}]},
    "injects": [{"at": "01:00", "command": {"kind": "set_limit", "kw": 3}}],
    "cameras": [{"name": "c", "target": [1, 2, 3]}],
}


def changed(path: str, value) -> dict:
    """GOOD with one key set, or removed if the value is ... ."""
    raw = copy.deepcopy(GOOD)
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    node = raw
    for part in parents:
        node = node[part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return raw


def complaint(raw) -> str:
    with pytest.raises(InputError) as caught:
        from_dict(raw, "my.toml")
    message = str(caught.value)
    assert message.startswith("my.toml: ") and "\n" not in message and len(message) < 400
    return message


@pytest.mark.parametrize("path, value", [
    ("name", ...), ("name", 3), ("start", ...), ("start", "2026-01-14T00:00:00"), ("start", "soon"),
    ("duration", "0h"), ("duration", -1), ("duration", "long"), ("duration", float("inf")),
    ("seed", -1), ("seed", 1.5), ("seed", "x"), ("control_interval", 0), ("control_interval", "5 x"),
    ("strategy", "magic"), ("strategy", 3), ("allocation", "fair"), ("round_robin_step_kw", 0),
    ("typo", 1), ("site", ...), ("site", 3), ("site.zones", []), ("site.zones.0.name", ...),
    ("site.zones.0.strategy", "magic"), ("site.zones.0.import_limit_kw", -1),
    ("site.zones.0.export_limit_kw", float("inf")), ("site.zones.0.stations.0.ocpp", "3.0"),
    ("site.zones.0.stations.0.count", 0), ("site.zones.0.stations.0.connectors", []),
    ("site.zones.0.stations.0.connectors.0.kind", "Schuko"),
    ("site.zones.0.stations.0.connectors.0.charge_kw", -11),
    ("site.zones.0.stations.0.connectors.0.discharge_kw", "eleven"),
    ("site.zones.0.stations.0.connectors.0.colour", "red"),
    ("grid.import_limit_kw", -0.1), ("grid.base_load", -5), ("grid.base_load.step", 0),
    ("grid.base_load.values", []), ("grid.base_load.values", [1, -2]),
    ("tariff.kind", "free"), ("tariff.kind", ...), ("tariff.price", "cheap"), ("tariff.sell_share", float("inf")), ("tariff.bands", []),
    ("tariff.bands.0.from", "25:00"), ("tariff.bands.0.to", "noon"), ("tariff.bands.0.price", float("nan")),
    ("sessions.kind", "imagined"), ("sessions.groups", []), ("sessions.groups.0.vehicles", 0),
    ("sessions.groups.0.use_case", "taxi"), ("sessions.groups.0.zone", "nowhere"),
    ("sessions.groups.0.target_soc", 1.1), ("sessions.groups.0.models", []),
    ("injects.0.at", "noon"), ("injects.0.at", "-5"), ("injects.0.command.kind", "dance"),
    ("injects.0.command.kw", -3), ("injects.0.command.strategy", "x"),
    ("cameras.0.name", ...), ("cameras.0.pitch", 95), ("cameras.0.distance", 0),
    ("cameras.0.target", [1, 2])])
def test_a_bad_key_is_named_with_the_file(path, value):
    message = complaint(changed(path, value))
    named = message.removeprefix("my.toml: ")
    place = 0
    for part in path.split("."):  # pydantic adds the names of union members in between
        place = named.find(part, place)
        assert place >= 0, f"{part} of {path} is not in: {message}"


INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize("table, key, value", [
    ("grid.base_load.values", "grid.base_load.values.1", [1.0, INF]),
    ("grid.base_load.values", "grid.base_load.values.0", [NAN]),
    ("grid.base_load.values", "grid.base_load.values", []),
    ("grid.base_load", "grid.base_load", NAN), ("grid.base_load", "grid.base_load", 1e300),
    ("grid.ambient_c", "grid.ambient_c", 1e300), ("grid.ambient_c", "grid.ambient_c", -500.0),
    ("grid.ambient_c", "grid.ambient_c", 60.1), ("tariff.price", "tariff.price", 1e12),
    ("tariff.bands.0.price", "tariff.bands.0.price", -1e30),
    ("tariff.demand_per_kw", "tariff.demand_per_kw", 1e300)])
def test_what_is_out_of_range_is_named_by_its_key_and_nothing_else(table, key, value):
    message = complaint(changed(table, value))
    assert message.startswith(f"my.toml: {key}: ") and "more)" not in message


def test_a_tariff_without_kind_is_flat_unless_it_has_keys_of_another():
    flat = from_dict({**GOOD, "tariff": {"price": 0.31, "sell_share": 0.5}}, "x").tariff
    assert (flat.kind, flat.price, flat.sell_share) == ("flat", 0.31, 0.5)
    assert from_dict({**GOOD, "tariff": {}}, "x").tariff.price == 0.25
    assert "tariff.kind" in complaint({**GOOD, "tariff": {"values": [0.1]}})


@pytest.mark.parametrize("key, value", [
    ("fleet", {"charge_efficiency": 0}), ("fleet", {"discharge_efficiency": 1.01}),
    ("fleet", {"min_soc": -0.1}), ("fleet", {"taper_soc": 1.2}), ("fleet", {"taper_floor": 0}),
    ("fleet", {"wear_cost_per_kwh": -1}), ("fleet", {"wear_cost_per_kwh": float("inf")}), ("fleet", {"size": 3})])
def test_shares_and_efficiencies_are_shares(key, value):
    message = complaint({**GOOD, key: value})
    assert f"{key}.{next(iter(value))}" in message


@pytest.mark.parametrize("curve, says", [
    ([[0.0, 1.0]], "two points"), ([[0.0, 1.0], [0.7, 1.0], [0.5, 0.8], [1.0, 0.2]], "ascending"),
    ([[0.0, 1.0], [0.9, 0.5]], "SoC 1"), ([[0.0, 1.0], [1.0, 0.0]], "above 0"),
    ([[0.0, 1.0], [1.0, float("nan")]], "finite"), ([[0.0], [1.0, 1.0]], ""), ("steep", "")])
def test_a_bad_charge_curve_is_refused_in_one_line(curve, says):
    message = complaint({**GOOD, "fleet": {"curve": curve}})
    assert "fleet.curve" in message and says in message and "\n" not in message


def test_a_charge_curve_of_the_fleet_replaces_the_taper():
    curve = [[0.0, 0.5], [0.5, 1.0], [0.5, 0.7], [1.0, 0.1]]
    fleet = from_dict({**GOOD, "fleet": {"curve": curve}}, "x").fleet
    assert fleet.charge_curve == tuple(map(tuple, curve))
    assert from_dict({**GOOD, "fleet": {"taper_soc": 0.7}}, "x").fleet.charge_curve == \
        two_stage(0.7, 0.05)


@pytest.mark.parametrize("what, zones", [
    ("zone", [{"name": "a"}, {"name": "a"}]),
    ("station", [{"name": n, "stations": [{"name": "s", "connectors": [{}]}]} for n in "ab"]),
    ("connector", [{"name": n, "stations": [{"connectors": [{"name": "c"}]}]} for n in "ab"])])
def test_two_of_one_name_are_refused(what, zones):
    message = complaint({"name": "x", "start": START, "site": {"zones": zones}})
    assert f"two {what}s are named" in message and "site" in message


def test_a_named_connector_or_station_is_one():
    for station in ({"count": 2, "connectors": [{"name": "c"}]},
                    {"name": "s", "count": 2, "connectors": [{}]},
                    {"connectors": [{"name": "c", "count": 2}]}):
        raw = {"name": "x", "start": START, "site": {"zones": [{"name": "z", "stations": [station]}]}}
        assert "count = 1" in complaint(raw)


def test_more_than_one_complaint_is_counted():
    assert "(and 1 more)" in complaint(changed("seed", -1) | {"typo": 1})


@pytest.mark.parametrize("raw", [3, [], "text", None])
def test_what_is_no_table_is_refused(raw):
    complaint(raw)


@pytest.mark.parametrize("path, value, read", [
    ("seed", 7, lambda s: s.seed), ("grid.import_limit_kw", 9.0, lambda s: s.grid.import_limit_kw),
    ("fleet.min_soc", 0.3, lambda s: s.fleet.min_soc), ("strategy", "equal_share", lambda s: s.strategy),
    ("site.zones.0.import_limit_kw", 4.0, lambda s: s.site.zones[0].import_limit_kw),
    ("injects.0.at", 5, lambda s: s.injects[0].at)])
def test_overrides_reach_into_tables_and_lists(path, value, read):
    scenario = from_dict(copy.deepcopy(GOOD), "my.toml", overrides={path: value})
    assert read(scenario) == value


@pytest.mark.parametrize("path", ["site.zones.7.name", "site.zones.x.name", "name.first",
                                  "site.zones.0.stations.9"])
def test_an_override_of_what_is_not_there_is_refused(path):
    with pytest.raises(InputError, match=f"--set {path}"):
        from_dict(copy.deepcopy(GOOD), "my.toml", overrides={path: 1})


def test_an_override_is_checked_like_the_file():
    with pytest.raises(InputError, match="seed"):
        from_dict(copy.deepcopy(GOOD), "my.toml", overrides={"seed": "x"})


@pytest.mark.parametrize("text, key, value", [
    ("seed=3", "seed", 3), ("a.b = 2.5", "a.b", 2.5), ("x=true", "x", True), ("x=[1, 2]", "x", [1, 2]),
    ("strategy=equal_share", "strategy", "equal_share"), ("duration=24h", "duration", "24h"),
    ('name="a b"', "name", "a b"), ("x=a=b", "x", "a=b"), ("x=", "x", "")])
def test_overrides_as_people_type_them(text, key, value):
    assert parse_override(text) == (key, value)


@pytest.mark.parametrize("text", ["seed", "=3", "", " = 3"])
def test_what_is_no_override_is_refused(text):
    with pytest.raises(InputError, match="key=value"):
        parse_override(text)


@pytest.mark.parametrize("name", [*shipped(), None])
def test_a_resolved_scenario_round_trips_through_json(name):
    scenario = from_dict(copy.deepcopy(GOOD), "x") if name is None else load(name)
    raw = json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True), allow_nan=False))
    again = from_dict(raw, "again")
    assert again.model_dump() == scenario.model_dump()
    assert again.model_dump(mode="json", by_alias=True) == scenario.model_dump(mode="json", by_alias=True)


class TestFiles:
    def test_unknown_names_are_answered_with_the_known_ones(self):
        with pytest.raises(InputError, match="evening_peak"):
            load("evening_peek")

    @pytest.mark.parametrize("reference", ["missing.toml", "no/such/file"])
    def test_a_missing_file(self, reference):
        with pytest.raises(InputError, match="no such scenario file"):
            load(reference)

    @pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"[a]\n[a]\n"])
    def test_a_file_that_is_no_toml(self, tmp_path, content):
        path = tmp_path / "bad.toml"
        path.write_bytes(content)
        with pytest.raises(InputError, match="bad.toml"):
            load(str(path))

    def test_a_folder(self, tmp_path):
        with pytest.raises(InputError):
            load(str(tmp_path))

    def test_data_files_lie_beside_the_scenario_or_among_the_shipped(self, tmp_path):
        path = tmp_path / "s.toml"
        path.write_text(f'name = "s"\nstart = {START}\n[site]\nzones = [{{ name = "z" }}]\n'
                        '[sessions]\nkind = "listed"\nfile = "mine.csv"\n')
        (tmp_path / "mine.csv").write_text("")
        assert load(str(path)).data_path("mine.csv") == tmp_path / "mine.csv"
        assert load(str(path)).data_path("vehicles.toml").exists()


@pytest.mark.parametrize("key, value, says", [
    ("grid.feeder", "x", "grid.feeder: unknown feeder 'x', expected a path to a TOML file or one of"),
    ("site.zones.0.feeder", "x.toml", "site.zones.0.feeder: x.toml: no such feeder file"),
    ("grid.network", "x", "grid.network: unknown network 'x'"),
    ("tariff", {"file": "x.toml"}, "tariff.file: x.toml: cannot be read"),
    ("tariff", {"kind": "series", "file": "x.csv"}, "tariff.file: x.csv: cannot be read"),
    ("weather", {"kind": "csv", "file": "x.csv"}, "weather.file: x.csv: cannot be read"),
    ("carbon", {"average": 0.3, "marginal": {"file": "x.csv"}}, "carbon.marginal.file: x.csv: cannot"),
    ("sessions", {"kind": "listed", "file": "x.csv"}, "sessions.file: x.csv: cannot be read"),
])
def test_a_file_that_is_not_there_is_told_by_the_key_that_names_it(key, value, says):
    with pytest.raises(InputError) as refused:
        load("evening_peak", {key: value})
    assert f"evening_peak.toml: {says}" in str(refused.value) and "\n" not in str(refused.value)
