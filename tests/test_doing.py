"""What vehicles are doing: one word for each, and panels whose counts add up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entities.components import NONE, Place, Status
from entities.world import World
from game.doing import WORDS, Doing, can_feed, doing
from game.ui.summary import fleet_rows

VEHICLES = st.lists(st.tuples(st.sampled_from(Place), st.sampled_from(Status), st.sampled_from((-7.0, 0.0, 11.0)),
                              st.booleans(), st.booleans()), min_size=1, max_size=12)


def world_of(plan) -> World:
    """A vehicle and a connector for each (place, its connector's status, kW, whether it wants energy, can feed)."""
    world, n = World(), len(plan)
    place, status, kw, wants, feeds = map(np.array, zip(*plan))
    plugged = place == Place.PLUGGED
    world.connector.add(n, vehicle=np.where(plugged, np.arange(n), NONE), status=status)
    world.vehicle.add(n, capacity_kwh=80.0, place=place, connector=np.where(plugged, np.arange(n), NONE),
                      energy0_kwh=40.0, target_kwh=np.where(wants, 64.0, 40.0), power0_kw=np.where(plugged, kw, 0.0),
                      dc_discharge_kw=np.where(feeds, 10.0, 0.0))
    return world


@given(VEHICLES)
def test_counts_add_up_to_what_is_plugged_in(plan):
    world = world_of(plan)
    model = type("Model", (), {"world": world})
    shown = {row.label: row.value for row in fleet_rows(model, 0.0)}
    count = {word: int(shown.get(word, 0)) for word in WORDS.values()}
    queued = count.pop("Queued")
    assert sum(count.values()) == int(shown["Plugged in"]) == sum(place == Place.PLUGGED for place, *_ in plan)
    assert queued == sum(place == Place.QUEUED for place, *_ in plan)


def test_each_state_by_what_tells_it():
    plan = [(Place.PLUGGED, Status.CHARGING, 11.0, True, False), (Place.PLUGGED, Status.CHARGING, -7.0, True, True),
            (Place.PLUGGED, Status.SUSPENDED_EVSE, 0.0, True, False), (Place.PLUGGED, Status.SUSPENDED_EV, 0.0, False, True),
            (Place.QUEUED, Status.AVAILABLE, 0.0, True, False), (Place.PLUGGED, Status.UNAVAILABLE, 0.0, True, False),
            (Place.PLUGGED, Status.FAULTED, 0.0, True, False)]
    world = world_of(plan)
    assert doing(world, world.vehicle.rows(), 0.0).tolist() == [
        Doing.CHARGING, Doing.FEEDING, Doing.STANDBY, Doing.READY, Doing.QUEUED, Doing.OUT_OF_SERVICE, Doing.FAULTED]
    assert can_feed(world, world.vehicle.rows()).tolist() == [feeds for *_, feeds in plan]
