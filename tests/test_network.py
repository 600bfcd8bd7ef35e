"""Three-phase networks in whole runs: limits kept by every strategy, excesses and unbalance told."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (COMMAND_STRATEGIES, HOUR, SHARING, TIMES, command, kinds, plans, scenario,
                    stretches, visit, visits, zone)

from entities.components import Reason
from sim.errors import InputError
from sim.grid import phases
from sim.grid.lines import Rows, line_room
from sim.model import Model
from sim.results import results
from sim.run import run
from sim.scenario import DATA_DIR, from_dict

CALTECH = phases.load("caltech_garage")
MIXED = """
name = "mixed"
voltage_v = 400.0
groups = [
    { wiring = "A", connectors = ["C-01"] },
    { wiring = "B", connectors = ["C-02"] },
    { wiring = "BC", connectors = ["C-03"] },
    { wiring = "ABC", connectors = ["C-04"] },
    { wiring = "C", connectors = ["C-05"] },
    { wiring = "AB", connectors = ["C-06"] },
]
limits = [
    { name = "line A", line = "A", limit_a = 30.0 },
    { name = "line B", line = "B", limit_a = 25.0 },
    { name = "line C", line = "C", limit_a = 40.0 },
    { name = "neutral", line = "N", limit_a = 20.0 },
    { name = "unbalance", line = "negative", limit_a = 12.0 },
]
"""


@pytest.fixture(scope="module")
def mixed_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "mixed.toml"
    path.write_text(MIXED)
    return str(path)


def check_limits(model: Model) -> None:
    """Written out from the columns, at every event and between events."""
    world, network = model.world, model.phases.network
    vehicle = world.vehicle
    for since, until in stretches(model):
        for t in np.linspace(since, until, 5):
            dc = vehicle.power0_kw * np.exp(vehicle.rate_per_h * (t - vehicle.t0_s) / HOUR)
            kw = np.where(dc > 0, dc / vehicle.charge_efficiency, dc * vehicle.discharge_efficiency)
            amps = np.zeros(world.connector.slots)
            there = np.flatnonzero(kw)
            amps[vehicle.connector[there]] = kw[there] / network.kw_per_a[vehicle.connector[there]]
            broken = network.broken(amps)
            assert not broken.any(), (t, [n for n, b in zip(network.limits, broken) if b],
                                      network.magnitudes(amps) - network.limit_a)
    model.close_books()
    assert not [e for e in kinds(model, "limit_exceeded")]
    assert not any(spells.count for spells in model.phases.excess)


STEERED = plans(strategies=SHARING, base_within_limit=True, commands=st.one_of(
    *(orders for kind, orders in COMMAND_STRATEGIES.items()
      if kind not in ("set_strategy", "set_limit"))))


@settings(max_examples=200)
@given(STEERED)
def test_no_line_of_a_mixed_network_is_exceeded(mixed_file, plan):
    plan.raw["grid"]["network"] = mixed_file
    check_limits(plan.model())


@pytest.mark.parametrize("strategy", SHARING)
@settings(max_examples=12)
@given(st.data())
def test_no_limit_of_the_caltech_network_is_exceeded(strategy, data):
    """A crowd on few phases, which may feed: pods and the transformer's windings bind."""
    names = data.draw(st.permutations(CALTECH.connectors))[:data.draw(st.integers(1, 40))]
    if data.draw(st.booleans()):  # two phases alone, so that they hide each other on the delta side
        names = [n for n in names if CALTECH.lines[0, CALTECH.connectors.index(n)] != 0] or names
    seed = data.draw(st.integers(0, 2**16))
    draw = np.random.Generator(np.random.Philox(seed)).uniform
    cars = [visit(f"ev{k}", at := draw(0, 1) * HOUR, at + draw(0.2, 3) * HOUR, connector=name,
                  stored=draw(5, 45), target=draw(10, 50), taper_soc=draw(0.4, 1.0),
                  ac_charge_kw=22.0, ac_discharge_kw=11.0 * (draw() < 0.5), battery_max_kw=22.0)
            for k, name in enumerate(names)]
    stations = [{"connectors": [{"name": n, "charge_kw": 22.0, "discharge_kw": 11.0}]}
                for n in CALTECH.connectors]
    plan = scenario({"name": "garage", "stations": stations}, strategy=strategy,
                    grid={"network": "caltech_garage"}, duration=3 * HOUR,
                    tariff={"kind": "series", "step": "20m", "sell_share": 0.95,
                            "values": [0.1, 0.5, 0.2, 0.6]})
    check_limits(Model(plan, visits(*cars)))
