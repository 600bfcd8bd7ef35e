"""Energy closes at vehicle, connector, zone and hub: what columns say moved is what the books have."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ANY_COMMAND, HOUR, fast_charging, plans, stretches, trading

from entities.components import NONE, Phase
from sim.battery import segments
from sim.results import results


def moved(model):
    """AC energy drawn and fed at each connector, kWh, from stored energies at the ends of every stretch
    between two instants; and the base load's."""
    world, vehicle = model.world, model.world.vehicle
    drawn, fed = np.zeros((2, world.connector.slots))
    base = 0.0
    for since, until in stretches(model):
        rows = np.flatnonzero(vehicle.connector != NONE)
        gained = segments.energy_at(vehicle, rows, until) - segments.energy_at(vehicle, rows, since)
        up, down = np.maximum(gained, 0.0), np.maximum(-gained, 0.0)
        at = vehicle.connector[rows]
        np.add.at(drawn, at, up / vehicle.charge_efficiency[rows])
        np.add.at(fed, at, down * vehicle.discharge_efficiency[rows])
        base += world.hub.base_kw.item(0) * (until - since) / HOUR
    return drawn, fed, base


def close(books, scanned):
    np.testing.assert_allclose(books, scanned, rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(st.one_of(plans(commands=ANY_COMMAND), trading(), fast_charging()))
def test_energy_closes_at_vehicle_connector_zone_and_hub(plan):
    model = plan.model()
    drawn, fed, base = moved(model)
    model.close_books()
    world, session, outcome = model.world, model.world.session, results(model, 1.0)
    there = session.rows(session.connector != NONE)

    def by_connector(column):
        return np.bincount(session.connector[there], column[there], world.connector.slots)

    close(by_connector(session.charged_ac_kwh), drawn)
    close(by_connector(session.discharged_ac_kwh), fed)

    of_zone = [world.connector.zone == row for row in world.zone.rows().tolist()]
    close([entry["energy_charged_ac_kwh"] for entry in outcome["zones"]], [drawn[of].sum() for of in of_zone])
    close([entry["energy_discharged_ac_kwh"] for entry in outcome["zones"]], [fed[of].sum() for of in of_zone])

    kpis = outcome["kpis"]
    close([kpis["energy_charged_ac_kwh"], kpis["energy_discharged_ac_kwh"]], [drawn.sum(), fed.sum()])
    through = kpis["grid_import_kwh"] - kpis["grid_export_kwh"]
    assert through == pytest.approx(base + drawn.sum() - fed.sum(), rel=1e-9, abs=1e-8)

    came = session.rows(session.phase != Phase.PLANNED)
    stored = segments.energy_at(world.vehicle, session.vehicle[came], model.now_s)
    gained = (stored - session.arrival_kwh[came]).sum()
    assert drawn.sum() - fed.sum() == pytest.approx(gained + kpis["losses_kwh"], rel=1e-9, abs=1e-8)
