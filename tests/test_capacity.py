"""What stations and transformers carry: kept by all who keep limits, and told where it is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (COMMAND_STRATEGIES, HOUR, SHARING, carried, command, confined, kinds, scenario,
                    stretches, visit, visits, zone)

from entities.components import Reason
from game.ui.facts import card, limited_by
from sim.alarms import Alarms
from sim.errors import InputError
from sim.model import Model
from sim.results import results
from sim.sharing import level, scale, spread

TOLERANCE_KW = 1e-5
ORDERS = st.one_of(*(orders for kind, orders in COMMAND_STRATEGIES.items()
                     if kind not in ("set_strategy", "set_limit", "schedule", "watch")))


@settings(max_examples=25)
@given(confined(SHARING, commands=ORDERS))
def test_ratings_are_never_exceeded_by_strategies_that_keep_limits(plan):
    """Base load alone may be above a transformer's rating; vehicles then draw nothing."""
    model = plan.model()
    for since, until in stretches(model):
        for t in np.linspace(since, until, 3):
            for where, name, vehicles, load, most in carried(model, t):
                assert vehicles <= max(most - load, 0.0) + TOLERANCE_KW, f"{where} {name} import at {t}"
                assert -vehicles <= max(most + load, 0.0) + TOLERANCE_KW, f"{where} {name} export at {t}"
    model.close_books()
    assert not [e for e in model.events if e["kind"] == "limit_exceeded" and e["where"] != "transformer"]


@settings(max_examples=15)
@given(confined(["uncontrolled", "uncontrolled", "v2g_price"]))
def test_every_excess_over_a_rating_is_an_event_and_is_counted(plan):
    """Against a scan of each stretch, in which net power is convex."""
    model = plan.model()
    running, counted = {}, {}
    for since, until in stretches(model):
        scan = [carried(model, t) for t in np.linspace(since, until, 50)]
        for k, (where, name, *_) in enumerate(scan[0]):
            net = np.array([one[k][2] + one[k][3] for one in scan])
            most = scan[0][k][4]
            for direction, sign in (("import", 1.0), ("export", -1.0)):
                key, over = (where, name, direction), sign * net > most + 1e-6
                tally = counted.setdefault(key, [0, 0.0, 0.0])
                tally[0] += int((over & ~np.append(running.get(key, False), over[:-1])).sum())
                tally[1] += over.mean() * (until - since)
                tally[2] = max(tally[2], (sign * net - most).max())
                running[key] = bool(over[-1])
    model.close_books()
    found = {} if model.loads is None else {
        (limit.where, limit.name, limit.direction): spells for limit, spells in model.loads.excess.items()}
    assert found.keys() == counted.keys() or not found
    for (where, name, direction), (count, seconds, worst) in counted.items():
        spells = found[where, name, direction]
        events = [e for e in model.events if e["kind"] == "limit_exceeded" and e["where"] == where
                  and e["direction"] == direction and name in (e.get("station"), e.get("feeder"))]
        assert len(events) == spells.count == count, (where, name, direction)
        if count:
            assert spells.seconds_until(model.now_s) == pytest.approx(seconds, rel=0.05, abs=60.0)
            assert spells.worst == pytest.approx(worst, rel=1e-6)


def dual(max_kw, count=2, feed_kw=0.0, **more) -> dict:
    """A zone with one station of `count` connectors of 11 kW."""
    part = zone("z", count, feed_kw=feed_kw, **more)
    part["stations"][0]["max_kw"] = max_kw
    return part


def site(*zones, **more):
    return scenario(*zones, duration="8h", **more)


@pytest.mark.parametrize("strategy", ["equal_share", "earliest_deadline_first", "proportional_share",
                                      "round_robin", "v2g_price", "mpc", "optimal"])
def test_the_heads_of_a_station_share_it_and_say_so(strategy):
    plan = site(dual(12.0), strategy=strategy, round_robin_step_kw=0.5,
                tariff={"kind": "series", "step": "4h", "values": [0.1, 0.3]})
    cars = visits(*(visit(f"car{k}", departure=7 * HOUR, stored=10.0, target=46.0) for k in range(2)))
    model = Model(plan, cars)
    model.advance(2 * HOUR)
    assert sum(e[2] for e in carried(model, model.now_s)) == pytest.approx(12.0, abs=0.5)
    model.advance(8 * HOUR)
    model.close_books()
    outcome = results(model, 1.0)
    hours = outcome["kpis"]["limited_by_hours"]
    assert hours["station"] > 2.0 and not {"zone_limit", "site_limit", "transformer"} & hours.keys()
    assert outcome["kpis"]["energy_not_served_kwh"] < 1e-3
    station, = outcome["charging_network"]["stations"]
    assert (station["max_kw"], station["limit_excesses"]) == (12.0, 0)


@pytest.mark.parametrize("strategy", ["equal_share", "droop", "grid_support"])
def test_a_zone_keeps_its_limit_where_stations_elsewhere_have_one(strategy):
    plan = site({**zone("z", 4), "import_limit_kw": 15.0}, {**dual(50.0), "name": "other"}, strategy=strategy)
    model = Model(plan, visits(*(visit(f"car{k}", stored=10.0, target=40.0) for k in range(6))))
    model.advance(8 * HOUR)
    model.close_books()
    assert not [e for e in model.events if e["kind"] == "limit_exceeded"]


@given(st.lists(st.floats(0.0, 30.0), min_size=1, max_size=12), st.floats(0.0, 100.0))
def test_what_was_wanted_stays_what_it_was(want, room):
    want = np.array(want)
    group, amount = np.arange(len(want)) % 2, np.full(2, room)
    for share in (level, scale):
        assert share(group, amount, want) is not want


def test_uncontrolled_heads_exceed_their_station_and_each_excess_is_told():
    model = Model(site(dual(12.0)), visits(visit("a"), visit("b", arrival=HOUR)))
    model.advance(8 * HOUR)
    model.close_books()
    (event,) = [e for e in model.events if e["kind"] == "limit_exceeded"]
    assert (event["t"], event["where"], event["station"], event["over_kw"]) == (
        HOUR, "station", "S-01", pytest.approx(10.0))
    outcome = results(model, 1.0)
    station, = outcome["charging_network"]["stations"]
    assert station["limit_excesses"] == outcome["kpis"]["limit_excesses"] == 1
    assert station["limit_excess_worst_kw"] == outcome["kpis"]["limit_excess_worst_kw"] == pytest.approx(10.0)
    assert station["limit_excess_s"] == pytest.approx((30.0 / 11.0 - 1.0) * HOUR)


def test_a_station_shares_what_it_feeds_too():
    plan = site(dual(9.0, feed_kw=11.0), strategy="v2g_price",
                tariff={"kind": "series", "step": "2h", "values": [0.9, 0.1, 0.1, 0.1, 0.1]})
    model = Model(plan, visits(*(visit(f"car{k}", stored=45.0, target=20.0) for k in range(2))))
    model.advance(HOUR)
    assert carried(model, HOUR)[0][2] == pytest.approx(-9.0)
    assert Reason.STATION in model.world.vehicle.reason.tolist()


def kept(*zones, base=0.0, percent=10.0, **more):
    """A site behind lv_depot's transformer of 400 kVA, of which so much may be used."""
    return site(*zones, grid={"feeder": "lv_depot", "keep_transformers": True, "base_load": base},
                injects=[{"at": 0.0, "command": f"transformer derate {percent:g} %"}], **more)


def test_a_transformer_that_is_kept_leaves_vehicles_what_base_load_does_not_take():
    plan = kept(zone("a", 2), zone("b", 2), base=10.0, strategy="equal_share")
    model = Model(plan, visits(*(visit(f"car{k}", zone="ab"[k % 2]) for k in range(4))))
    model.advance(HOUR)
    assert carried(model, HOUR) == [("transformer", "lv_depot", pytest.approx(30.0), 10.0, 40.0)]
    assert set(model.world.vehicle.reason.tolist()) == {Reason.TRANSFORMER}
    model.submit(command("derate_transformer", percent=5.0))
    assert carried(model, HOUR)[0][2:] == (pytest.approx(10.0), 10.0, 20.0)
    model.submit(command("derate_transformer", percent=2.0))
    assert carried(model, HOUR)[0][2] == 0.0
    assert not kinds(model, "limit_exceeded")
    model.advance(2 * HOUR)
    assert [e["transformer"] for e in model.events if e["kind"] == "limit_exceeded"] == ["T1"], "base load alone"


def test_production_behind_a_transformer_makes_room_and_export_is_limited_too(tmp_path):
    rows = "\n".join(f"{h * 3600},20,{g}" for h, g in ((0, 800), (3, 800), (4, 0), (24, 0)))
    (tmp_path / "sun.csv").write_text(f"time,temperature_c,ghi_w_m2\n{rows}\n")
    plan = kept(zone("a", 2, feed_kw=11.0, pv_kwp=30.0), base=5.0, percent=4.0, strategy="equal_share",
                weather={"kind": "csv", "file": str(tmp_path / "sun.csv")})
    model = Model(plan.model_copy(update={"start": plan.start.replace(month=6, hour=11)}),
                  visits(*(visit(f"car{k}") for k in range(2))))
    for since, until in stretches(model):
        _, _, vehicles, load, most = carried(model, since)[0]
        assert vehicles <= max(most - load, 0.0) + TOLERANCE_KW
    loads = results(model, 1.0)["feeders"][0]
    assert loads["limit_kw"] == pytest.approx(16.0)


def test_nothing_is_limited_unless_the_scenario_says_so():
    model = Model(site(zone("z", 2), grid={"feeder": "lv_depot"}), visits(visit()))
    assert model.loads is None and not model.capacity.present
    with pytest.raises(InputError, match="keep_transformers"):
        site(zone("z"), grid={"keep_transformers": True})
    with pytest.raises(InputError, match="max_kw"):
        site(dual(-1.0))


NUMBERS = st.floats(0.0, 30.0)


@given(st.lists(st.tuples(st.integers(0, 3), NUMBERS), min_size=1, max_size=12),
       st.lists(NUMBERS, min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_shares_within_groups_are_those_of_each_group_by_itself(members, amounts, chance):
    group, want = np.array([g for g, _ in members]), np.array([kw for _, kw in members])
    amount = np.append(amounts, np.inf)
    order = np.array(chance.sample(range(len(want)), len(want)))
    dealt, even, scaled = spread(group, amount, want, order), level(group, amount, want), scale(group, amount, want)
    for k in range(4):
        mine = group == k
        most = min(want[mine].sum(), amount[k])
        for granted in (dealt, even, scaled):
            assert granted[mine].sum() == pytest.approx(most, abs=1e-9)
            assert np.all(granted <= want + 1e-12)
        highest = even[mine].max(initial=0.0)
        assert np.all((even[mine] >= want[mine] - 1e-9) | (even[mine] >= highest - 1e-9))
        queue = order[mine[order]]
        done = np.cumsum(want[queue]) <= amount[k] - 1e-9
        assert dealt[queue][done] == pytest.approx(want[queue][done], abs=1e-9)


def windings(folder):
    """A network with one limit, a transformer's winding; its path."""
    file = folder / "net.toml"
    file.write_text('name = "net"\nvoltage_v = 400\n'
                    'groups = [{ wiring = "ABC", connectors = ["z"] }]\n'
                    'limits = [{ name = "T7 secondary", line = "A", limit_a = 10, kind = "transformer" }]\n')
    return str(file)


def test_a_winding_of_a_network_is_told_as_a_transformer(tmp_path):
    plan = site(zone("z", 2), strategy="equal_share", grid={"network": windings(tmp_path)})
    model = Model(plan, visits(visit("a"), visit("b")))
    model.advance(HOUR)
    assert set(model.world.vehicle.reason.tolist()) == {Reason.TRANSFORMER}


@pytest.mark.parametrize("strategy", ["equal_share", "first_come_first_served", "round_robin"])
def test_stations_are_kept_on_a_three_phase_network_too(tmp_path, strategy):
    plan = site(dual(5.0), strategy=strategy, grid={"network": windings(tmp_path)})
    model = Model(plan, visits(visit("a"), visit("b")))
    for since, _ in stretches(model):
        assert carried(model, since)[0][2] <= 5.0 + TOLERANCE_KW
    model.close_books()
    assert model.power.reasons.hours(model.now_s)[:, Reason.STATION].sum() > 2.0


def test_cards_and_alarms_name_the_station_and_the_transformer(tmp_path):
    plan = kept(dual(12.0), strategy="equal_share")
    model = Model(plan, visits(visit("a"), visit("b")))
    model.advance(HOUR)
    assert limited_by(model, 0, 20.0, 6.0) == ("limit", "station")
    shown = {row.label: row.value for row in card(model, "station", 0, HOUR).rows}
    assert (shown["Rating"], shown["Shares"]) == ("22.0", "12.0")
    model.submit(command("derate_transformer", percent=2.0))
    assert limited_by(model, 0, 20.0, 4.0) == ("rating", "transformer T1")
    winding = Model(site(zone("z", 2), strategy="equal_share", grid={"network": windings(tmp_path)}),
                    visits(visit("a"), visit("b")))
    winding.advance(HOUR)
    assert limited_by(winding, 0, 20.0, 3.0) == ("T7 secondary", "transformer")
    free = Model(kept(dual(12.0), percent=4.0), visits(visit("a"), visit("b", departure=2 * HOUR)))
    alarms = Alarms()
    free.advance(HOUR)
    alarms.update(free, HOUR)
    standing = {alarm.source: (alarm.key, alarm.target) for alarm in alarms.shown if alarm.key.startswith("limit")}
    assert standing == {"S-01": ("limit station S-01 import", ("station", "S-01")),
                        "Transformer of lv_depot": ("limit transformer lv_depot import", ("hub", "hub"))}
    free.advance(3 * HOUR)
    free.close_books()
    alarms.update(free, 3 * HOUR)
    assert not [alarm for alarm in alarms.shown if alarm.active and alarm.key.startswith("limit")]
