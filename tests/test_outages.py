"""Transformers that trip or are derated, lines that are out: what has supply, and what that does."""

import numpy as np
import pytest
from worlds import HOUR, command, scenario, visit, visits, zone

from entities.components import Status
from sim.console import parse
from sim.grid.feeder import load as load_feeder
from sim.grid.powerflow import PowerFlow
from sim.grid.stress import LimitedBy
from sim.model import Model
from sim.results import results


def depot(duration="6h", **more) -> Model:
    """Two zones of two chargers on the depot's feeder, beside 60 kW of building."""
    cars = [visit(f"v{k}", zone="ab"[k % 2], stored=5.0, departure=20 * HOUR) for k in range(4)]
    model = Model(scenario(zone("a", 2), zone("b", 2), duration=duration, strategy="equal_share",
                           grid={"feeder": "lv_depot", "base_load": 60.0, **more.pop("grid", {})}, **more), visits(*cars))
    model.advance(900.0)
    return model


def say(model: Model, line: str):
    return model.submit(parse(line, model))


def power(model):
    return model.site_power(model.now_s)


def test_a_line_out_islands_what_hangs_behind_it():
    model = depot()
    connector, zones = model.world.connector, model.world.zone
    on_row_1 = [row for row, node in enumerate(model.grid._nodes[0]) if "row 1" in model.grid.feeders[0].node_names[node]]
    assert 0 < len(on_row_1) < 4
    assert say(model, "line L1 out") is None
    assert [not p for p in connector.powered.tolist()] == [row in on_row_1 for row in range(4)]
    assert all(connector.status[row] == Status.UNAVAILABLE for row in on_row_1)
    assert power(model)[1] == pytest.approx(11.0 * (4 - len(on_row_1)))
    state = model.grid.states[0]
    dead = [name for name, u in zip(model.grid.feeders[0].node_names, state.voltage_pu.tolist()) if u == 0.0]
    assert dead == ["row 1 near", "row 1 far"]
    assert state.import_kw - state.losses_kw == pytest.approx(power(model)[0], rel=1e-6)
    assert model.world.feeder.voltage_min_pu[0] > 0.9 and model.world.feeder.lines_out[0] == 1
    islanded = sorted({connector.zone.item(row) for row in on_row_1})
    assert all(zones.stress[z] == 1.0 and zones.stress_by[z] == LimitedBy.NO_SUPPLY for z in islanded)
    assert "no supply: line L1 is out" in model.grid.words["hub"]
    assert [e["kind"] for e in model.events if e["kind"].startswith("supply")] == ["supply_lost"]
    assert say(model, "line L1 back") is None
    assert connector.powered.all() and power(model)[1] == pytest.approx(44.0), "sessions go on by themselves"
    assert (zones.stress < 0.5).all()


def test_the_flow_without_a_line_is_that_of_a_feeder_without_it():
    feeder = load_feeder("lv_depot")
    flow, alone = PowerFlow(feeder), PowerFlow(feeder)
    closed = np.array([name != "L1 far" for name in feeder.line_names])
    loads = np.where(np.array(feeder.node_names) == "row 1 far", 0.0, 15.0)
    flow.close(closed)
    out, whole = flow.solve(loads), alone.solve(loads)
    there = np.array(feeder.node_names) != "row 1 far"
    # Only what the dead cable itself draws by its capacitance differs.
    np.testing.assert_allclose(out.voltage_pu[there], whole.voltage_pu[there], atol=1e-6)
    assert out.import_kw == pytest.approx(whole.import_kw, abs=1e-3) and out.line_loading_pct[~closed] == 0.0


def test_a_trip_takes_everything_for_as_long_as_it_lasts():
    model = depot(weather={"kind": "process"}, site={"zones": [zone("a", 2), zone("b", 2)], "pv_kwp": 50.0},
                  start="2026-06-08T11:00:00+02:00")
    assert model.world.hub.pv_kw[0] > 5.0
    assert say(model, "transformer trip for 30m") is None
    hub, feeder = model.world.hub, model.world.feeder
    for _ in range(2):
        assert power(model) == (0.0, 0.0, 0.0) and hub.base_kw[0] == hub.pv_kw[0] == 0.0
        assert feeder.loading_pct[0] == feeder.losses_kw[0] == 0.0 and hub.stress[0] == 1.0
        model.advance(model.now_s + 900.0 - 1.0)
    model.advance(900.0 + 1800.0)
    assert hub.base_kw[0] == 60.0 and hub.pv_kw[0] > 5.0 and power(model)[1] == pytest.approx(44.0)
    assert feeder.voltage_lowest_pu[0] > 0.9, "what is dark is no low voltage"
    model.close_books()
    kpis = results(model, 1.0)["kpis"]
    base = 60.0 * 900.0 / HOUR
    assert kpis["grid_import_kwh"] - kpis["grid_export_kwh"] == pytest.approx(
        base + kpis["energy_charged_ac_kwh"] - kpis["pv_kwh"], rel=1e-6)


def test_who_comes_to_a_dead_connector_waits_and_is_served_when_supply_is_back():
    model = Model(scenario(zone(count=1), grid={"feeder": "lv_depot"}), visits(visit(arrival=1000.0)))
    say(model, "transformer trip until 00:30")
    model.advance(1200.0)
    assert [e["kind"] for e in model.events if e.get("session") == "car"] == ["queued"]
    model.advance(1900.0)
    assert power(model)[1] == 11.0 and model.world.session.plugged_s[0] == 1800.0


def test_derating_makes_the_same_load_count_for_more():
    model = depot(grid={"base_load": 250.0})
    before, rise = model.world.feeder.loading_pct[0], model.world.feeder.hot_spot_c[0]
    assert say(model, "transformer derate 60 % for 3h") is None
    assert model.world.feeder.loading_pct[0] == pytest.approx(before / 0.6)
    model.advance(3 * HOUR)
    assert model.world.feeder.hot_spot_c[0] > rise + 10.0 and model.world.hub.stress[0] > 0.4
    model.advance(4 * HOUR)
    assert model.world.feeder.rating_share[0] == 1.0


def test_a_later_command_about_the_same_voids_an_end():
    model = depot()
    say(model, "transformer trip for 30m")
    model.advance(model.now_s + 600.0)
    assert say(model, "transformer close") is None and say(model, "transformer trip") is None
    model.advance(3 * HOUR)
    assert model.world.feeder.tripped[0] and power(model)[0] == 0.0


@pytest.mark.parametrize("line, why", [
    ("transformer close", "has not tripped"), ("line L1 back", "is not out"),
    ("line L1 out of lv_depot until 00:10", "is over")])
def test_what_makes_no_sense_is_refused(line, why):
    model = depot()
    assert why in parse(line).check(model)


def test_without_or_with_several_feeders():
    bare = Model(scenario(zone()), visits())
    assert command("trip_transformer").check(bare) == command("line_outage", line="L1").check(bare) == \
        "the scenario has no feeder"
    two = Model(scenario(zone("a", feeder="lv_depot"), zone("b", feeder="lv_depot")), visits())
    assert "which feeder" in command("trip_transformer").check(two)
    assert "which feeder" in command("line_outage", line="L1").check(two)
    assert say(two, 'transformer "lv_depot 2" trip') is None
    assert two.world.connector.powered.tolist() == [True, False]
    assert "no line" in command("line_outage", line="L9").check(two)
