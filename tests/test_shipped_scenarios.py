"""The scenarios that ship: they load, and hold what their stories say."""

import numpy as np
import pytest

from entities.components import ConnectorKind
from sim.build import build_world
from sim.scenario import SCENARIO_DIR, load, shipped
from sim.sessions.load import load_visits
from sim.tariffs import prices


def test_three_ship():
    assert {"caltech_garage", "evening_peak", "empty_lot"} <= set(shipped())
    assert (SCENARIO_DIR.parent / "CREDITS.md").read_text(encoding="utf-8").count("CC BY 4.0") >= 1


@pytest.mark.parametrize("name", list(shipped()))
def test_loads_with_story_cameras_and_visits(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.story.endswith(".") and scenario.story.count(".") == 1
    assert scenario.cameras
    visits = load_visits(scenario)
    assert visits.warnings == []
    build_world(scenario, visits)


def test_caltech_garage_is_the_recorded_month():
    scenario = load("caltech_garage")
    visits = load_visits(scenario)
    assert len(visits) == 883 and None not in visits.connector
    stations = [s.name for z in scenario.site.zones for s in z.stations]
    assert sorted(stations) == sorted(set(visits.connector))
    assert scenario.duration == 30 * 86_400 and scenario.currency == "USD"


def test_caltech_tariff_is_sce_tou_ev_4():
    """The golden summer weekday: off-peak to 8 h, mid to 12, on-peak to 18, mid to 23."""
    scenario = load("caltech_garage")
    buying = prices(scenario, 30 * 86_400.0).buying
    weekday = [0.05623] * 8 + [0.0925] * 4 + [0.26668] * 6 + [0.0925] * 5 + [0.05623]
    for day in range(30):  # 1 June 2019 was a Saturday
        expected = weekday if day % 7 >= 2 else [0.05623] * 24
        assert [buying.at((24 * day + hour) * 3600.0) for hour in range(24)] == expected
    assert (scenario.tariff.demand_per_kw, scenario.tariff.sell_share) == (15.51, 0.0)


def test_sce_in_winter():
    scenario = load("caltech_garage", {"start": "2019-11-04T00:00:00-08:00", "duration": "7d"})
    buying = prices(scenario, 7 * 86_400.0).buying
    weekday = [0.06087] * 8 + [0.07492] * 4 + [0.0869] * 6 + [0.07492] * 5 + [0.06087]
    for day in range(7):  # a Monday
        expected = weekday if day < 5 else [0.06087] * 24
        assert [buying.at((24 * day + hour) * 3600.0) for hour in range(24)] == expected


def test_evening_peak_is_forty_vehicles_at_forty_connectors():
    scenario = load("evening_peak")
    visits = load_visits(scenario)
    world = build_world(scenario, visits)
    assert len(world.vehicle) == 40 and len(world.connector) == 40 and len(world.station) == 20
    kinds = set(world.connector.kind[world.connector.rows()].tolist())
    assert {ConnectorKind.TYPE2, ConnectorKind.CCS2, ConnectorKind.CHADEMO} <= kinds
    feeds = {name for name, ac, dc in zip(visits.vehicle, visits.ac_discharge_kw,
                                          visits.dc_discharge_kw) if ac or dc}
    assert len(feeds) > 20
    assert sum(name.startswith("BUS") for name in set(visits.vehicle)) == 3
    base = np.array(scenario.grid.base_load.values)
    assert base.max() < min([scenario.grid.import_limit_kw,
                             *(i.command.kw for i in scenario.injects)])


def test_empty_lot_is_empty():
    visits = load_visits(load("empty_lot"))
    assert len(visits) == 0 and visits.arrival_s.shape == (0,)
