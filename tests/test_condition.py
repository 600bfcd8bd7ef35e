"""Battery health and the grid in a run: exact at ticks and hours, replayable, told in results."""

import numpy as np
import pytest
from worlds import HOUR, scenario, visit, visits, zone

from entities.components import Chemistry
from game.ui.words import number
from sim.alarms import Alarms
from sim.errors import InputError
from sim.grid.feeder import FEEDER_DIR
from sim.grid.stress import HOT_SPOT_LIMIT_C, Level
from sim.model import Model
from sim.results import results
from sim.run import fork, replay, run
from sim.scenario import load

DAY = 24 * HOUR


@pytest.fixture(scope="module")
def evening() -> Model:
    model = Model(load("evening_peak"))
    model.advance(DAY)
    model.close_books()
    return model


def test_health_moves_through_the_day_and_the_preview_is_the_day_s_end(evening):
    model = Model(load("evening_peak"))
    model.advance(8 * HOUR)
    morning = model.health.now(model.now_s).soh
    model.advance(20 * HOUR)
    later = model.health.now(model.now_s).soh
    assert (later < morning).any()
    assert np.array_equal(model.world.vehicle.soh[model.world.vehicle.rows()],
                          Model(load("evening_peak")).world.vehicle.soh), "columns wait for the day"
    vehicle = evening.world.vehicle
    assert (vehicle.soh < later).all() or np.allclose(vehicle.soh, later, atol=1e-4)
    assert np.allclose(vehicle.soh, 1.0 - vehicle.fade_calendar - vehicle.fade_cycling)


def test_v2g_wears_those_who_feed_and_no_one_else(evening):
    session, vehicle = evening.world.session, evening.world.vehicle
    fed = np.bincount(session.vehicle, session.discharged_kwh, vehicle.slots)
    assert (vehicle.v2g_wear_cost[fed == 0.0] == 0.0).all()
    assert vehicle.v2g_wear_cost.sum() > 0.0
    assert (vehicle.v2g_wear_cost <= vehicle.wear_cost).all()


def seller(**fleet) -> Model:
    """Cars of NMC and of LFP that could sell now, and buy back at noon, for 0.025 a kWh."""
    prices = [0.4] * 3 + [0.5] * 3 + [0.375] * 18
    model = Model(scenario(
        zone(count=2, feed_kw=11.0), strategy="v2g_price", duration="2h",
        fleet={"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "min_soc": 0.0,
               "taper_soc": 1.0, "ageing": {"enabled": True}, **fleet},
        tariff={"kind": "series", "step": "1h", "values": prices}),
        visits(*(visit(name, departure=20 * HOUR, stored=50.0, target=50.0, chemistry=kind)
                 for name, kind in (("a", Chemistry.NMC), ("b", Chemistry.LFP)))))
    model.advance(600.0)
    return model


def test_decisions_count_the_wear_of_each_battery_s_own_chemistry():
    assert (seller().world.vehicle.power0_kw < 0.0).tolist() == [True, False]
    sony = seller(ageing={"enabled": True, "model": {"LFP": "lfp_sony"}})
    assert (sony.world.vehicle.power0_kw < 0.0).tolist() == [True, True]
    flat = seller(wear_cost_per_kwh=0.02)
    assert flat.world.vehicle.wear_per_kwh.tolist() == [0.02, 0.02]
    assert seller(ageing={"enabled": False}).world.vehicle.wear_per_kwh.tolist() == [0.02, 0.02]


def test_assumed_wear_is_what_each_fed_by_its_own_figure(evening):
    session, vehicle = evening.world.session, evening.world.vehicle
    kpis = results(evening, 1.0)["kpis"]
    assert kpis["v2g_wear_assumed"] == pytest.approx(
        (session.discharged_kwh * vehicle.wear_per_kwh[session.vehicle]).sum())
    assert len(set(vehicle.wear_per_kwh.tolist())) == 3, "NMC, NCA and LFP"
    assert kpis["v2g_wear_cost"] == pytest.approx(
        sum(v["v2g_wear_cost"] for v in results(evening, 1.0)["vehicles"]))


def test_results_tell_batteries_and_grid(evening):
    outcome = results(evening, 1.0)
    kpis = outcome["kpis"]
    assert kpis["wear_cost"] == pytest.approx(sum(v["wear_cost"] for v in outcome["vehicles"]))
    assert set(kpis["soh_by_chemistry"]) == {"NMC", "NCA", "LFP"}
    assert sum(kpis["stress_hours"].values()) == pytest.approx(24.0)
    feeder, = outcome["feeders"]
    assert 0.9 < feeder["voltage_min_pu"] < feeder["voltage_max_pu"] < 1.1
    assert feeder["losses_kwh"] > 0.0 and feeder["life_used_h"] > 0.0
    series = evening.world.feeder
    assert series.import_kw[0] == pytest.approx(
        evening.site_power(DAY)[0] + series.losses_kw[0], abs=1e-6), "losses come on top"


def test_a_fork_has_the_same_grid_and_health():
    model = Model(load("evening_peak"))
    model.advance(7.3 * HOUR)
    twin = fork(model, model.now_s)
    assert twin.world.digest() == model.world.digest()
    assert np.array_equal(twin.health.now(model.now_s).soh, model.health.now(model.now_s).soh)
    assert twin.grid.words == model.grid.words


def test_a_hard_day_raises_stress_and_says_what_limits():
    cars = [visit(f"car{k}", arrival=HOUR, departure=12 * HOUR, target=50.0, dc_charge_kw=50.0)
            for k in range(12)]
    model = Model(scenario(zone(kind="CCS2", kw=50.0, count=12), grid={"feeder": "lv_depot"}),
                  visits(*cars))
    model.advance(1.5 * HOUR)
    hub = model.world.hub
    assert hub.stress_level[0] == Level.EMERGENCY and hub.stress[0] > 0.8
    assert "%" in model.grid.words["hub"] or "pu" in model.grid.words["hub"]
    model.advance(model.duration_s)
    levels = [e["level"] for e in model.events if e["kind"] == "stress_level" and e["where"] == "hub"]
    assert levels[0] != "low" and levels[-1] == "low", "it rises and falls again"


def test_what_is_wrong_with_the_grid_is_an_alarm():
    cars = [visit(f"car{k}", departure=12 * HOUR, capacity_kwh=400.0, target=400.0) for k in range(150)]
    site = scenario(zone(kind="CCS2", kw=50.0, count=150), grid={"feeder": "lv_depot", "ambient_c": 30.0})
    model = Model(site, visits(*cars[:10]))
    model.advance(4 * HOUR)
    feeder, hub = model.world.feeder, model.world.hub
    assert feeder.loading_pct[0] > 100.0 and feeder.hot_spot_c[0] > HOT_SPOT_LIMIT_C
    alerts = Alarms()
    alerts.update(model, model.now_s)
    found = [(alert.source, alert.text) for alert in alerts.shown if alert.active]
    name = feeder.names[0]
    assert (name, f"transformer at {feeder.loading_pct[0]:.0f} % of its rating") in found
    assert (name, f"hot-spot {number(feeder.hot_spot_c.item(0), 0)} °C, limit 120 °C") in found
    assert hub.stress_level[0] == Level.EMERGENCY
    assert any(source == "Grid stress" and text.startswith("emergency, ") for source, text in found)
    model.advance(DAY)
    alerts.update(model, model.now_s)
    assert not any(alert.active for alert in alerts.shown)

    full = Model(site, visits(*cars))
    full.advance(HOUR)
    assert not full.world.feeder.converged[0] and full.world.hub.stress[0] == 1.0
    alerts = Alarms()
    alerts.update(full, full.now_s)
    assert any("no solution" in alert.text for alert in alerts.shown if alert.active)


def test_losses_close_the_hub_s_balance_between_control_ticks_too():
    cars = [visit(f"car{k}", departure=6 * HOUR, target=50.0, ac_charge_kw=11.0) for k in range(4)]
    site = scenario(zone("a", count=2), {**zone("b", count=2), "feeder": "cigre_lv_residential"},
                    grid={"feeder": "lv_depot", "base_load": 40.0})
    model, kwh = Model(site, visits(*cars)), 0.0
    for tick in range(12):  # what the feeders draw on their high side, held from tick to tick
        model.advance(300.0 * tick)
        assert model.world.feeder.import_kw.sum() == pytest.approx(
            model.site_power(model.now_s)[0] + model.world.feeder.losses_kw.sum(), abs=1e-5)
        kwh += model.world.feeder.import_kw.sum() / 12.0
    model.advance(3599.0)
    kwh -= model.world.feeder.import_kw.sum() / 3600.0
    model.close_books()
    kpis = results(model, 1.0)["kpis"]
    assert kpis["grid_losses_kwh"] > 0.1
    assert kpis["grid_losses_kwh"] == sum(f["losses_kwh"] for f in results(model, 1.0)["feeders"])
    assert kpis["grid_import_with_losses_kwh"] == pytest.approx(
        40.0 * 3599.0 / 3600.0 + kpis["energy_charged_ac_kwh"] + kpis["grid_losses_kwh"])
    assert kpis["grid_import_with_losses_kwh"] == pytest.approx(kwh, abs=1e-4)


def test_what_hangs_on_no_feeder_is_warned_of():
    own, plain = {**zone("a"), "feeder": "lv_depot"}, zone("b")

    def warned(*zones, **grid) -> list[str]:
        return results(Model(scenario(*zones, grid=grid), visits()), 1.0)["warnings"]

    assert [text.split()[0] for text in warned(own, base_load=5.0, feeder="lv_depot")] == [
        "grid.feeder", "grid.base_load"]
    assert [text.split()[0] for text in warned(own, plain, base_load=5.0)] == ["grid.base_load"]
    assert warned(own, plain, base_load=5.0, feeder="lv_depot") == warned(own) == []
    assert warned(plain, base_load=5.0) == []


def test_sites_without_feeder_or_ageing_tell_nothing():
    model = Model(scenario(zone()), visits(visit()))
    model.advance(DAY)
    outcome = results(model, 1.0)
    assert np.isnan(model.world.zone.stress).all() and outcome["feeders"] == []
    assert outcome["kpis"]["grid_losses_kwh"] is outcome["kpis"]["grid_import_with_losses_kwh"] is None
    assert outcome["kpis"]["stress_max"] is None and outcome["kpis"]["wear_cost"] is None


def test_zones_may_have_feeders_of_their_own():
    one, two = zone("a"), zone("b")
    model = Model(scenario({**one, "feeder": "lv_depot"}, two), visits())
    model.advance(HOUR)
    assert model.world.zone.feeder.tolist() == [0, -1]
    assert np.isnan(model.world.zone.stress[1]) and not np.isnan(model.world.zone.stress[0])


def test_a_feeder_that_is_not_there_is_one_line():
    with pytest.raises(InputError, match="no_such"):
        Model(scenario(zone(), grid={"feeder": "no_such"}), visits())


def test_a_run_folder_has_the_feeder_file_it_needs(tmp_path):
    own = FEEDER_DIR / "lv_depot.toml"
    (tmp_path / "mine.toml").write_text(own.read_text())
    here = scenario(zone(), grid={"feeder": str(tmp_path / "mine.toml")}, duration="2h")
    run(here, out=tmp_path / "run")
    (tmp_path / "mine.toml").unlink()
    assert replay(tmp_path / "run", verify=True).difference is None


def test_production_relieves_the_feeder():
    sun = {"kind": "process", "latitude": 52.0, "longitude": 5.0}
    site = dict(grid={"feeder": "lv_depot", "base_load": 50.0}, start="2026-06-20T12:00:00+02:00",
                weather=sun)
    plain = Model(scenario(zone(), **site), visits())
    solar = Model(scenario({**zone(), "pv_kwp": 40.0}, **site), visits())
    for model in (plain, solar):
        model.advance(HOUR)
    made = solar.world.hub.pv_kw.item(0)
    assert made > 1.0
    assert plain.world.feeder.import_kw[0] - solar.world.feeder.import_kw[0] == pytest.approx(made, rel=0.05)
