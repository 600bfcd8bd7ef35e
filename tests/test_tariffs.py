"""Tariffs as data: bands by day and season, price files, scarcity, selling; what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import HOUR, START, command, scenario, visit, visits, zone

from sim.errors import InputError
from sim.model import Model
from sim.scarcity import adder
from sim.scenario import from_dict
from sim.schema.tariff import Scarcity
from sim.steps import Steps
from sim.tariffs import feed_in_price, prices

DAY = 86400.0


def refused(tariff, folder=None, says=""):
    with pytest.raises(InputError) as caught:
        raw = {"name": "x", "start": START, "duration": "3h", "site": {"zones": [zone()]}, "tariff": tariff}
        prices(from_dict(raw, "my.toml", folder), DAY)
    message = str(caught.value)
    assert says in message and "\n" not in message, message
    return message


def band(start, end, price=0.5, **more):
    return {"from": start, "to": end, "price": price, **more}


def test_bands_that_overlap_are_refused_by_key():
    said = refused({"kind": "time_of_use", "price": 0.1,
                    "bands": [band("17:00", "20:00"), band("08:00", "09:00"), band("19:00", "22:00")]})
    assert said.startswith("my.toml: tariff: bands.2: overlaps bands.0 from 19:00 to 20:00")


@pytest.mark.parametrize("one, other", [
    ({"days": "weekdays"}, {"days": "weekends"}), ({"months": [1, 2]}, {"months": [3]})])
def test_bands_of_other_days_or_seasons_do_not_overlap(one, other):
    scenario(tariff={"kind": "time_of_use", "price": 0.1,
                     "bands": [band("22:00", "06:00", **one), band("00:00", "24:00", **other)]})


@pytest.mark.parametrize("bands, says", [
    ([band("06:00", "22:00")], "no price from 00:00 on weekdays of month 1"),
    ([band("00:00", "12:00"), band("13:00", "24:00")], "no price from 12:00 on weekdays of month 1"),
    ([band("00:00", "24:00", days="weekdays"), band("00:00", "23:00", days="weekends")],
     "no price from 23:00 on weekends of month 1"),
    ([band("00:00", "24:00", months=[1, 2, 3])], "weekdays of month 4")])
def test_without_a_price_for_the_rest_a_gap_is_refused(bands, says):
    assert says in refused({"kind": "time_of_use", "bands": bands})


def test_days_and_months_are_those_of_the_moment():
    """From Friday evening 30 January 2026 on: a weekend night begins at midnight, and February."""
    curve = prices(scenario(start="2026-01-30T18:00:00+01:00", tariff={
        "kind": "time_of_use", "price": 0.1, "bands": [
            band("22:00", "06:00", 0.2, days="weekdays"), band("22:00", "06:00", 0.3, days="weekends", months=[1]),
            band("22:00", "06:00", 0.4, days="weekends", months=[2])]}), 3 * DAY)
    at = {h: curve.buying.at(h * HOUR) for h in (3, 5, 7, 12, 28.5, 31, 53, 54, 60)}
    assert at == {3: 0.1, 5: 0.2, 7: 0.3, 12: 0.1, 28.5: 0.3, 31: 0.4, 53: 0.4, 54: 0.2, 60: 0.1}
    assert curve.names[curve.bands.at(7 * HOUR)] == "22:00-06:00"


def series(tmp_path, text, **more):
    (tmp_path / "p.csv").write_text(text)
    return {"kind": "series", "file": "p.csv", **more}


def test_prices_of_a_file(tmp_path):
    tariff = series(tmp_path, "time,price_per_mwh\n2026-01-13T22:00:00Z,900\n2026-01-13T23:00:00+00:00,-20\n"
                              "2026-01-14T01:00:00+01:00,80\n7200,35.5\n")
    raw = {"name": "x", "start": START, "duration": "3h", "site": {"zones": [zone()]}, "tariff": tariff}
    buying = prices(from_dict(raw, "x", tmp_path), DAY).buying
    assert [buying.at(t) for t in (0, 3599, 3600, 7200, 1e6)] == [-0.02, -0.02, 0.08, 0.0355, 0.0355]


@pytest.mark.parametrize("text, line, says", [
    ("time,price\n0,1\n3600,1\n7200,1\n14400,1\n", 5, "time: a gap after the row before"),
    ("time,price\n0,1\n3600,1\n7200,1\n9000,1\n", 5, "time: overlaps the row before"),
    ("time,price\n0,1\n3600,1\n3600,1\n", 4, "time: overlaps the row before"),
    ("time,price\n0,1\n3600,1\n", 3, "ends 1 h before the scenario"),
    ("time,price\n3600,1\n7200,1\n", 2, "begins 1 h after"),
    ("time,price\n0,free\n", 2, "price: expected a price"), ("time,price\n0,inf\n", 2, "price: expected"),
    ("time,cost\n0,1\n", 2, "price: expected just one of the columns"),
    ("time,price,price_per_mwh\n0,1,2\n", 2, "just one of the columns"),
    ("hour,price\n0,1\n", 1, "no column time"), ("time,price\nlater,1\n", 2, "time: expected an ISO time")])
def test_a_broken_price_file_is_refused_with_its_line(tmp_path, text, line, says):
    said = refused(series(tmp_path, text), tmp_path, says)
    assert f"p.csv: line {line}: " in said


@pytest.mark.parametrize("tariff, says", [
    ({"kind": "series"}, "either values or a file"),
    ({"kind": "series", "values": [1], "file": "p.csv"}, "either values or a file"),
    ({"kind": "series", "file": "missing.csv"}, "missing.csv: cannot be read"),
    ({"file": "missing.toml"}, "missing.toml: cannot be read"),
    ({"kind": "flat", "demand_per_kw": -1}, "tariff.demand_per_kw"),
    ({"kind": "flat", "demand_interval": 0}, "demand_interval"),
    ({"kind": "flat", "scarcity": {}}, "tariff.scarcity.capacity_kw: expected a rating"),
    ({"kind": "time_of_use", "bands": [band("1:00", "2:00", months=[13])]}, "months"),
    ({"kind": "time_of_use", "bands": [band("1:00", "2:00", days="sunday")]}, "days")])
def test_bad_tariffs_are_refused(tmp_path, tariff, says):
    refused(tariff, tmp_path, says)


def test_a_tariff_file_is_named_in_complaints_and_overridden_by_keys_beside_it(tmp_path):
    (tmp_path / "t.toml").write_text('kind = "flat"\nprice = 0.3\nsell_share = 0.5\n')
    raw = {"name": "x", "start": START, "site": {"zones": [zone()]},
           "tariff": {"file": "t.toml", "sell_share": 0.1}}
    tariff = from_dict(raw, "x", tmp_path).tariff
    assert (tariff.price, tariff.sell_share) == (0.3, 0.1)
    (tmp_path / "t.toml").write_text('kind = "flat"\nprise = 0.3\n')
    assert refused({"file": "t.toml"}, tmp_path).startswith(f"{tmp_path / 't.toml'}: prise: no such key")


@pytest.mark.parametrize("terms, earned", [
    ({}, 0.2), ({"sell_share": 0.5}, 0.1), ({"sell_price": 0.07}, 0.07),
    ({"feed_in_share": 0.25, "sell_share": 0.5}, 0.05), ({"feed_in_price": -0.01, "sell_price": 0.3}, -0.01)])
def test_surplus_earns_its_own_price_or_that_of_vehicles(terms, earned):
    assert feed_in_price(scenario(tariff={"kind": "flat", **terms}), 0.2) == pytest.approx(earned)


@pytest.mark.parametrize("loading, price", [
    (0.0, 0.0), (0.5, 0.0), (0.95, 4.5), (0.87, 9.0 * 0.158655), (1.2, 9.0 * 0.999111)])
def test_the_scarcity_adder(loading, price):
    assert adder(Scarcity(cap=9.0), loading) == pytest.approx(price, abs=1e-3)
    assert adder(Scarcity(cap=2.0), loading) == pytest.approx(min(price, 2.0), abs=1e-3)


def test_scarcity_follows_the_loading_of_the_interval_before():
    """22 kW on a rating of 23 kW from 10 minutes on: the adder comes an interval later."""
    site = scenario(zone(count=2), duration="2h", tariff={
        "kind": "flat", "price": 0.2, "sell_share": 0.5, "scarcity": {"capacity_kw": 23.0}})
    cars = [visit(f"c{k}", arrival=600.0, departure=3600.0, stored=0.0) for k in range(2)]
    model, extra = Model(site, visits(*cars)), adder(Scarcity(), 22.0 / 23.0)
    seen = []
    for t in range(0, 4501, 300):
        model.advance(float(t))
        hub = model.world.hub
        seen.append(hub.scarcity.item(0))
        assert hub.price_buy[0] == pytest.approx(0.2 + hub.scarcity[0])
        assert hub.price_sell[0] == pytest.approx(0.5 * hub.price_buy[0])
    assert seen == [0.0] * 3 + [extra] * 10 + [0.0] * 3 and extra > 0.9
    model.close_books()
    cost = 2 * 11.0 / 12.0 * (0.2 + 9 * (0.2 + extra))
    assert model.world.session.cost.sum() == pytest.approx(cost)


def test_an_operators_price_has_no_adder():
    site = scenario(zone(count=2), duration="2h", tariff={
        "kind": "flat", "price": 0.2, "scarcity": {"capacity_kw": 20.0}})
    model = Model(site, visits(*(visit(f"c{k}", stored=0.0) for k in range(2))))
    model.submit_at(1000.0, command("price_override", price=0.7, duration="20m"))
    model.advance(900.0)
    assert model.world.hub.price_buy[0] > 1.0
    for t in (1000.0, 1200.0, 2100.0):
        model.advance(t)
        assert (model.world.hub.price_buy[0], model.world.hub.scarcity[0]) == (0.7, 0.0)
    model.advance(2200.0)  # it ended within an interval, whose own price had none
    assert (model.world.hub.price_buy[0], model.world.hub.scarcity[0]) == (0.2, 0.0)
    model.advance(2400.0)
    assert model.world.hub.price_buy[0] > 1.0
    model.submit(command("price_override", price=0.7, duration="1m"))
    model.advance(2500.0)
    hub = model.world.hub
    assert hub.price_buy[0] > 1.0 and hub.price_buy[0] == pytest.approx(0.2 + hub.scarcity[0])


CURVES = st.builds(
    lambda gaps, values: Steps(np.cumsum([-50.0, *gaps])[:len(values)], np.array(values[:len(gaps) + 1])),
    st.lists(st.integers(1, 40), min_size=5, max_size=5), st.lists(st.integers(-5, 5), min_size=2, max_size=6))


@given(CURVES, CURVES, st.floats(-40, 100), st.floats(1, 100))
def test_sums_and_means_of_step_curves(one, other, since, length):
    both = one.plus(other)
    times = np.linspace(since, since + length, 2001)[:-1] + length / 4000
    for t in times[::100]:
        assert both.at(t) == one.at(t) + other.at(t)
        assert one.raised(since, since + length, 2.0).at(t) == one.at(t) + 2.0
    assert one.raised(since, since + length, 2.0).at(since + length) == one.at(since + length)
    mean = one.means(np.array([since]), np.array([since + length]))[0]
    assert mean == pytest.approx(np.mean([one.at(t) for t in times]), abs=0.05)
    if since >= 0:
        assert mean == pytest.approx(one.mean(since, np.array([since + length]))[0], abs=1e-9)
