"""Generated visits: the stated marginals and correlations, physical bounds, stable draws."""

import time

import numpy as np
import pytest

from sim.battery.curves import FLAT, check_curve
from sim.errors import InputError
from sim.scenario import DATA_DIR, from_dict
from sim.sessions.generated import QUARTILE_Z, Marginal, model_sequence, use_cases
from sim.sessions.load import load_visits
from sim.sessions.vehicles import find_model, models


def scenario(groups, seed=1, duration="24h", start="2026-01-14T00:00:00+01:00", kind="CCS2"):
    return from_dict({
        "name": "generated", "start": start, "duration": duration, "seed": seed,
        "site": {"zones": [{"name": "z", "stations": [{"connectors": [{"kind": kind}]}]}]},
        "sessions": {"kind": "generated", "groups": groups}}, "test")


def group(use_case="private", vehicles=10, **more):
    return {"use_case": use_case, "vehicles": vehicles, "models": [{"model": "vw_id4"}], **more}


@pytest.mark.parametrize("name", list(use_cases()))
def test_marginals_have_the_quartiles_of_the_data_file(name):
    case = use_cases()[name]
    arrival, departure, score = case.draw(3, 200_000)
    drawn = [(case.arrival, arrival)]
    drawn.append((case.stay, departure - arrival) if case.stay else (case.departure, departure))
    energy = case.energy or case.km
    drawn.append((energy, energy.at(score)))
    for marginal, values in drawn:
        spread = marginal.quartiles[2] - marginal.quartiles[0]
        got = np.percentile(values, [25, 50, 75])
        assert np.abs(got - marginal.quartiles).max() < 0.02 * spread
        assert marginal.within[0] < values.min() and values.max() < marginal.within[1]


def test_private_arrivals_match_elaad():
    """Physics reference 6: private arrivals 18.5 h (16.75 to 20.75), stay 11.0 h."""
    arrival, departure, _ = use_cases()["private"].draw(1, 100_000)
    assert np.percentile(arrival, [25, 50, 75]) == pytest.approx([16.75, 18.5, 20.75], abs=0.05)
    assert np.median(departure - arrival) == pytest.approx(11.0, abs=0.1)


def test_workplace_arrival_and_stay_are_correlated():
    arrival, departure, _ = use_cases()["workplace"].draw(1, 100_000)
    ranks = [np.argsort(np.argsort(x)) for x in (arrival, departure - arrival)]
    # Spearman's rho of a Gaussian copula: 6/pi asin(r/2), Pearson 1907
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(6 / np.pi * np.arcsin(-0.72 / 2), abs=0.01)


def test_marginal_is_continuous_and_increasing():
    marginal = Marginal((2.0, 3.0, 7.0), (1.0, 9.0))
    z = np.linspace(-6, 6, 20_001)
    values = marginal.at(z)
    assert np.all(np.diff(values) > 0)
    assert np.diff(values).max() < 2 * 4.0 / QUARTILE_Z * (z[1] - z[0])


def test_visits_are_physical():
    groups = [group(case, 300, prefix=case) for case in use_cases()]
    plan = scenario(groups, duration="4d")
    visits = load_visits(plan)
    stay = visits.departure_s - visits.arrival_s
    assert stay.min() > 0 and stay.max() < 23.5 * 3600
    assert visits.arrival_s.min() >= 0 and visits.arrival_s.max() < plan.duration
    assert np.all(visits.arrival_kwh >= 0.05 * visits.capacity_kwh - 1e-9)
    assert np.allclose(visits.target_kwh, 0.9 * visits.capacity_kwh)
    assert np.all(visits.arrival_kwh < visits.target_kwh)
    left = {}
    for name, arrival, departure in zip(visits.vehicle, visits.arrival_s, visits.departure_s):
        assert arrival >= left.get(name, 0.0)
        left[name] = departure


def test_one_visit_a_day():
    visits = load_visits(scenario([group("depot", 5)], duration="3d"))
    assert len(visits) == 15 and len(set(visits.vehicle)) == 5 and len(set(visits.id)) == 15


def test_depot_hours():
    visits = load_visits(scenario([group("depot", 500)]))
    assert visits.arrival_s.min() > 16.5 * 3600 and visits.arrival_s.max() < 19.5 * 3600
    assert visits.departure_s.min() > 29.5 * 3600 and visits.departure_s.max() < 31.5 * 3600


def by_id(visits):
    columns = (visits.arrival_s, visits.departure_s, visits.arrival_kwh)
    return {key: row for key, *row in zip(visits.id, *(c.tolist() for c in columns))}


def test_more_vehicles_groups_and_days_change_no_earlier_visit():
    few = by_id(load_visits(scenario([group(vehicles=20), group("public", 5, prefix="P")])))
    more = by_id(load_visits(scenario([group(vehicles=33), group("public", 9, prefix="P"),
                                       group("depot", 4, prefix="D")], duration="24h")))
    assert {key: more[key] for key in few} == few
    longer = by_id(load_visits(scenario([group("depot", 20)], duration="3d")))
    short = by_id(load_visits(scenario([group("depot", 20)], duration="2d")))
    assert {key: longer[key][0] for key in short} == {key: row[0] for key, row in short.items()}


def test_another_seed_gives_other_visits():
    assert by_id(load_visits(scenario([group()]))) != by_id(load_visits(scenario([group()], seed=2)))


def test_models_are_dealt_by_their_shares():
    order = model_sequence([3, 1, 1], 1000)
    assert np.bincount(order).tolist() == [600, 200, 200]
    assert np.array_equal(order[:37], model_sequence([3, 1, 1], 37))
    assert np.bincount(model_sequence([0.5, 0.25, 0.25], 4)).tolist() == [2, 1, 1]


def test_a_model_brings_its_battery_powers_and_plugs():
    leaf = group(models=[{"model": "Nissan Leaf e+"}])
    visits = load_visits(scenario([leaf], kind="CHAdeMO"))
    assert set(visits.capacity_kwh) == {62.0} and set(visits.dc_charge_kw) == {100.0}
    assert set(visits.ac_charge_kw) == {6.6} and set(visits.dc_discharge_kw) == {20.0}
    assert set(visits.ac_discharge_kw) == {0.0}
    assert not visits.warnings
    assert "fits a Nissan Leaf e+" in load_visits(scenario([leaf], kind="CCS1")).warnings[0]


def test_a_published_curve_is_the_model_s_and_the_others_have_the_fleet_s():
    ioniq, leaf = models()["hyundai_ioniq_5"], models()["nissan_leaf_e_plus"]
    assert ioniq.battery_max_kw == 232.0 and leaf.curve is None
    assert ioniq.curve[:4] == ((0.0, 200 / 232), (0.1, 210 / 232), (0.22, 1.0), (0.23, 185 / 232))
    for model in models().values():
        check_curve(model.curve or FLAT)


def test_unknown_model_is_refused():
    with pytest.raises(InputError, match=r"groups.0.models.0.model: unknown vehicle model 'DeLorean'"):
        load_visits(scenario([group(models=[{"model": "DeLorean"}])]))


def test_vehicle_data_is_sound():
    for key, model in models().items():
        assert find_model(key) is model and find_model(model.name.upper()) is model
        assert model.capacity_kwh > 0 and model.battery_max_kw > 0 and model.plugs > 0
        assert model.ac_v2g_kw <= model.ac_kw and model.dc_v2g_kw <= model.dc_kw
    assert (DATA_DIR / "vehicles.toml").read_text(encoding="utf-8").count("v2g_kw") >= len(models())


def test_many_visits_are_quick():
    plan = scenario([group(case, 18_750, prefix=case) for case in use_cases()])
    load_visits(plan)
    start = time.perf_counter()
    visits = load_visits(plan)
    assert len(visits) > 65_000
    assert time.perf_counter() - start < 1.0
