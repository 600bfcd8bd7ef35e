"""What an instructor may let happen: weather, market, foresight, arrivals and departures."""

import numpy as np
import pytest
from worlds import HOUR, command, kinds, scenario, vehicle_kw, visit, visits, zone

from entities.components import Phase
from sim.console import parse
from sim.model import Model
from sim.results import results
from sim.run import fork
from sim.scenario import load

SUNNY = {"start": "2026-06-08T08:00:00+02:00", "duration": "12h", "weather": {"kind": "process"},
         "site": {"zones": [zone(count=3)], "pv_kwp": 100.0, "wind_kw": 50.0}}


def say(model: Model, line: str):
    return model.submit(parse(line, model))


class TestWeather:
    def pair(self, line, at=2 * HOUR, **more):
        """A day, and the same with an inject."""
        models = [Model(scenario(**{**SUNNY, **more}), visits()) for _ in range(2)]
        for model in models:
            model.advance(at)
        assert say(models[1], line) is None
        return models

    def test_clouds_take_light_by_a_ramp_and_give_it_back(self):
        plain, cloudy = self.pair("cloud 20 % for 2h ramp 30m")
        for after_s, share in ((0.0, 1.0), (900.0, 0.6), (1800.0, 0.2), (3600.0, 0.2), (6300.0, 0.6), (7200.0, 1.0)):
            t = 2 * HOUR + after_s
            assert cloudy.conditions.weather.ghi_w_m2(t) == pytest.approx(share * plain.conditions.weather.ghi_w_m2(t))
        for model in (plain, cloudy):
            model.advance(3 * HOUR)
        cold_panels = 1.15  # they yield a little more by W/m2 than hot ones
        assert 0.2 < cloudy.world.hub.pv_kw[0] / plain.world.hub.pv_kw[0] < 0.2 * cold_panels
        for model in (plain, cloudy):
            model.advance(5 * HOUR)
        assert cloudy.world.hub.pv_kw[0] == plain.world.hub.pv_kw[0]
        assert cloudy.conditions.net_load.at(3 * HOUR) > plain.conditions.net_load.at(3 * HOUR), "control foresees it"

    def test_wind(self):
        plain, calm = self.pair("wind 0 % for 1h ramp 5m")
        calm.advance(2.5 * HOUR)
        assert calm.world.hub.wind_kw[0] == 0.0
        assert calm.conditions.weather.wind_m_s(4 * HOUR) == plain.conditions.weather.wind_m_s(4 * HOUR)

    def test_heat_warms_air_transformer_and_batteries(self):
        grid = {"feeder": "lv_depot", "base_load": 200.0}
        plain, hot = self.pair("heat 12 K for 8h", grid=grid)
        for model in (plain, hot):
            model.advance(6 * HOUR)
        assert hot.ambient_c(6 * HOUR) == plain.ambient_c(6 * HOUR) + 12.0
        assert hot.world.hub.ambient_c[0] == hot.ambient_c(6 * HOUR)
        assert hot.world.feeder.hot_spot_c[0] > plain.world.feeder.hot_spot_c[0] + 4.0

    def test_heat_comes_where_there_is_no_weather_and_cold_slows_charging(self):
        model = Model(scenario(zone(), grid={"ambient_c": 20.0}), visits())
        say(model, "heat 8 K for 3h ramp 30m")
        model.advance(HOUR)
        assert model.ambient_c(HOUR) == 28.0 == model.world.hub.ambient_c[0]
        assert say(model, "cloud 20 % for 1h") == "the scenario has no weather"
        winter = {**SUNNY, "start": "2026-01-08T08:00:00+01:00",
                  "site": {"zones": [zone(count=1, kind="CCS2", kw=60.0)]}}
        models = [Model(scenario(**winter), visits(visit(departure=11 * HOUR, stored=0.0, target=50.0))) for _ in range(2)]
        say(models[1], "heat -20 K for 6h ramp 10m")
        for model in models:
            model.advance(0.9 * HOUR)
        caps = [model.world.vehicle.battery_max_kw[0] for model in models]
        assert caps[0] == caps[1], "the factor is held for the hour"
        for model in models:
            model.advance(1.5 * HOUR)
        assert models[1].world.vehicle.battery_max_kw[0] < 0.8 * models[0].world.vehicle.battery_max_kw[0]

    def test_a_ramp_that_does_not_fit_is_refused(self):
        model = Model(scenario(**SUNNY), visits())
        assert "shorter ramp" in parse("wind 10 % for 5m", model).check(model)


class TestMarket:
    def test_a_shift_multiplies_and_adds_for_a_while_and_the_books_have_it(self):
        model = Model(scenario(zone(), tariff={"price": 0.2, "sell_share": 0.5}), visits(visit(stored=0.0, target=22.0)))
        model.advance(900.0)
        say(model, "price shift times 3 plus -0.1 for 30m")
        hub = model.world.hub
        assert hub.price_buy[0] == pytest.approx(0.5) and hub.price_sell[0] == pytest.approx(0.25)
        model.advance(2 * HOUR)
        assert hub.price_buy[0] == 0.2
        model.close_books()
        assert results(model, 1.0)["kpis"]["bill_total"] == pytest.approx(11.0 * (1.5 * 0.2 + 0.5 * 0.5))
        say(model, "price shift plus -0.5 for 1h")
        assert hub.price_buy[0] == pytest.approx(-0.3)
        assert "prices stay within" in command("shift_price", factor=-100.0, add=9999.0, duration=60).check(model)

    @pytest.mark.parametrize("limit, kept_h, above", [(11.0, 1.0, 0.0), (6.0, 0.5, 2.5), (0.0, 0.0, 5.5)])
    def test_a_call_pays_for_what_is_kept_and_charges_for_what_is_above(self, limit, kept_h, above):
        """Half of the call the car draws 11 kW, then it has left."""
        model = Model(scenario(zone(), grid={"base_load": 0.0 if limit else 1e-3}), visits(visit(departure=1.75 * HOUR)))
        model.advance(HOUR)
        assert say(model, f"call {limit} kW for 1h notice 15m reward 40 penalty 2") is None
        assert model.world.hub.call_begins_s[0] == 1.25 * HOUR and model.calls.active is not None
        assert parse("call 3 kW for 1h", model).check(model) == "there is a call already"
        model.advance(3 * HOUR)
        ended, = [e for e in model.events if e["kind"] == "call_ended"]
        assert ended["t"] == 2.25 * HOUR and ended["kept_s"] == pytest.approx(kept_h * HOUR)
        assert ended["above_kwh"] == pytest.approx(above, abs=2e-3)
        assert ended["pays"] == pytest.approx(40.0 * kept_h - 2.0 * above, abs=4e-3)
        model.close_books()
        bill = {line["line"]: line["amount"] for line in results(model, 1.0)["kpis"]["bill"]}
        assert bill.get("demand response kept", 0.0) == pytest.approx(-40.0 * kept_h)
        assert bill.get("demand response missed", 0.0) == pytest.approx(2.0 * above, abs=4e-3)


class TestForesight:
    def night(self, **more):
        base = {"step": "1h", "values": [0.0, 0.0, 30.0, 30.0, 0.0, 0.0, 0.0, 0.0]}
        return Model(scenario(zone(count=2), strategy="mpc", grid={"import_limit_kw": 40.0, "base_load": base}, **more),
                     visits(visit("a", target=20.0), visit("b", target=20.0)))

    def test_what_is_now_is_known_and_what_comes_is_off(self):
        model = self.night()
        model.advance(600.0)
        true = model.conditions.net_load
        assert model.forecast.view(600.0)["base"] is true
        say(model, "forecast load times 0.5 plus 4 for 1h")
        seen = model.forecast.view(600.0)["base"]
        assert seen.at(700.0) == true.at(700.0) and seen.at(2.5 * HOUR) == 19.0 and seen.at(1000.0) == 4.0
        assert model.forecast.view(700.0)["base"] is seen, "the same curve until the next tick"
        assert model.forecast.view(4300.0)["base"] is true
        assert model.world.hub.base_kw[0] == 0.0

    def test_a_wrong_price_forecast_misleads_a_plan_but_not_the_bill(self):
        tariff = {"kind": "series", "step": "1h", "values": [0.30, 0.10, 0.10, 0.10, 0.5, 0.5, 0.5, 0.5]}
        right, wrong = self.night(tariff=tariff), self.night(tariff=tariff)
        say(wrong, "forecast price plus 0.6")
        for model in (right, wrong):
            model.advance(1800.0)
        assert vehicle_kw(right.world, 1800.0).sum() == 0.0, "it waits for the cheap hours"
        assert vehicle_kw(wrong.world, 1800.0).sum() > 15.0, "it takes now for the cheapest"
        say(wrong, "forecast price times 1")
        assert wrong.forecast.view(1800.0)["buying"] is wrong.conditions.buying

    def test_production(self):
        model = Model(scenario(**SUNNY), visits())
        model.advance(3 * HOUR)
        say(model, "forecast production times 0")
        seen = model.forecast.view(model.now_s)
        assert seen["base"].at(5 * HOUR) == 0.0 > model.conditions.net_load.at(5 * HOUR)
        bare = Model(scenario(zone()), visits())
        assert "no production" in parse("forecast production times 0", bare).check(bare)


@pytest.fixture(scope="module")
def surge() -> Model:
    """Twelve more and five gone, in a depot with plans."""
    model = Model(load("evening_peak", {"strategy": "mpc", "duration": "10h"}))
    model.advance(4 * HOUR + 77.0)
    assert say(model, "surge 12 pool within 30m stay 5h") is None
    assert say(model, "leave 5 within 1h") is None
    model.advance(6 * HOUR)
    assert say(model, "surge 2 stay 1h") is None
    return model


class TestComingAndGoing:
    def test_extra_vehicles_are_like_planned_ones_and_come_within_the_time(self, surge):
        world, session = surge.world, surge.world.session
        extra = [row for row, name in enumerate(session.names) if name.startswith("SURGE")]
        assert [session.names[row] for row in extra[-2:]] == ["SURGE-13", "SURGE-14"]
        first = np.array(extra[:12])
        since = 4 * HOUR + 77.0
        assert ((session.arrival_s[first] >= since) & (session.arrival_s[first] <= since + 1800.0)).all()
        np.testing.assert_allclose(session.departure_s[first] - session.arrival_s[first], 5 * HOUR)
        pool = world.zone.find("pool")
        assert (session.zone[first] == pool).all()
        planned = set(world.vehicle.capacity_kwh[session.vehicle[:extra[0]]].tolist())
        assert set(world.vehicle.capacity_kwh[session.vehicle[first]].tolist()) <= planned

    def test_a_fork_draws_the_same(self, surge):
        twin = fork(surge, surge.now_s)
        assert twin.world.digest() == surge.world.digest() and len(twin.visits) == len(surge.visits)

    def test_the_run_goes_on_with_them(self, surge):
        surge.advance(surge.duration_s)
        surge.close_books()
        outcome = results(surge, 1.0)
        extra = [s for s in outcome["sessions"] if s["id"].startswith("SURGE")]
        assert len(extra) == 14 and sum(s["energy_charged_kwh"] for s in extra) > 5.0
        assert len(outcome["vehicles"]) == len(surge.world.vehicle)
        assert all(0.8 < v["soh"] < 1.0 for v in outcome["vehicles"])
        assert not kinds(surge, "plan_failed")

    def test_extra_batteries_age_with_the_others(self):
        model = Model(scenario(zone(count=2), duration="30h", fleet={"ageing": {"enabled": True}}),
                      visits(visit(chemistry=1), visit("b", 5 * HOUR, 9 * HOUR, chemistry=2)))
        model.advance(3.5 * HOUR)
        say(model, "surge 2 within 10m")
        vehicle = model.world.vehicle
        assert not np.isnan(vehicle.soh).any()
        fresh = vehicle.soh.copy()
        model.advance(24 * HOUR - 1.0)
        preview = model.health.now(24 * HOUR - 1.0)
        model.advance(24 * HOUR)
        assert (vehicle.soh < fresh).all() and len(model.health.dod_last_day) == 4
        np.testing.assert_allclose(preview.soh, vehicle.soh, rtol=1e-9)
        assert (vehicle.efc[2:] > 0.0).all()

    def early(self, announced):
        model = Model(scenario(zone(count=3), grid={"import_limit_kw": 11.0}, strategy="earliest_deadline_first"),
                      visits(*[visit(f"v{k}", departure=(8 + k) * HOUR, stored=0.0) for k in range(3)]))
        model.advance(600.0)
        assert model.submit(command("early_departures", vehicles=2, within="30m", announced=announced)) is None
        return model

    @pytest.mark.parametrize("announced", [False, True])
    def test_those_who_leave_early_are_gone_and_their_session_says_when(self, announced):
        model = self.early(announced)
        session = model.world.session
        soon = session.departure_s < 1.0 * HOUR
        assert np.count_nonzero(soon) == (2 if announced else 0)
        if announced:
            assert (model.world.vehicle.deadline_s == session.departure_s[session.vehicle]).all()
        model.advance(12 * HOUR)
        gone = np.flatnonzero(session.departure_s < HOUR)
        assert len(gone) == 2 and (session.phase == Phase.ENDED).all()
        left = sorted(t for t, kind, _ in kinds(model, "departed") if t < HOUR)
        assert left == sorted(session.departure_s[gone].tolist())
        assert len(kinds(model, "departed")) == 3, "nobody leaves twice"

    def test_nobody_to_come_or_go_is_refused(self):
        model = Model(scenario(zone()), visits())
        assert "nobody is plugged in" in command("early_departures", vehicles=1).check(model)
        assert "no vehicles" in command("arrival_surge", vehicles=1).check(model)
        assert "no zone" in command("arrival_surge", vehicles=1, zone="x").check(model)
