"""Where everything stands: nothing overlaps, any site works."""

import math

import numpy as np
import pytest

from entities.components import VehicleClass
from entities.world import World
from game.picking import nearest
from game.scene.blocks import BAY_LENGTH, BUS_BAY_LENGTH
from game.scene.layout import HUB_RADIUS, Layout
from sim.model import Model
from sim.scenario import load

KINDS = ("depot", "wings")


def site(connectors: int, zones: int = 2, per_station: int = 1) -> World:
    """A world with its connectors spread evenly over zones and stations."""
    world = World()
    world.hub.add(1)
    world.zone.add(zones)
    stations = -(-connectors // per_station)
    if connectors:
        zone_of = np.arange(stations) * zones // stations
        world.station.add(stations, zone=zone_of)
        station_of = np.arange(connectors) // per_station
        world.connector.add(connectors, station=station_of, zone=zone_of[station_of])
    return world


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("connectors, zones, per_station",
                         [(0, 1, 1), (1, 1, 1), (5, 3, 2), (40, 2, 1), (54, 1, 1), (60, 5, 4),
                          (90, 2, 50), (1000, 4, 8)])
def test_bays_keep_apart_from_each_other_and_from_the_hub(kind, connectors, zones, per_station):
    layout = Layout(kind, site(connectors, zones, per_station))
    bays, posts = layout.bay_xyz, layout.connector_xyz
    assert np.isfinite(bays).all() and np.isfinite(layout.station_xyz).all()
    if connectors == 0:
        return
    apart = np.linalg.norm(bays[:, None] - bays[None], axis=2) + 1e3 * np.eye(connectors)
    assert apart.min() > 3.0
    from_hub = np.linalg.norm(bays - layout.hub_xyz, axis=1)
    assert from_hub.min() > HUB_RADIUS * layout.hub_scale + BAY_LENGTH / 2.0
    to_post = np.linalg.norm(bays - posts, axis=1)
    assert (to_post < BAY_LENGTH).all()
    # Vehicles stand with their tail to the post.
    angle = np.radians(layout.bay_heading)
    nose = np.stack([np.sin(angle), 0.0 * angle, np.cos(angle)], axis=1)
    assert (((bays - posts) * nose).sum(axis=1) > 2.0).all()


def test_a_station_stands_amid_its_connectors():
    world = site(40, 2, per_station=2)
    layout = Layout("depot", world)
    for station in range(world.station.slots):
        own = layout.connector_xyz[world.connector.station == station]
        assert np.linalg.norm(own - layout.station_xyz[station], axis=1).max() < 3.0


def sites_with_stations():
    for name in ("evening_peak", "caltech_garage", "empty_lot"):
        scenario = load(name)
        yield name, scenario.site.layout, Model(scenario).world
    for kind in KINDS:
        yield "one connector each", kind, site(100, 3)
        yield "three each", kind, site(300, 3, per_station=3)


def meet(centers, half, headings) -> np.ndarray:
    """Which pairs of upright boxes intersect, (n, n): no axis of either tells them apart."""
    angle = np.radians(headings)
    axes = np.stack([np.stack([np.cos(angle), -np.sin(angle)], 1),
                     np.stack([np.sin(angle), np.cos(angle)], 1)], 1)   # (n, 2, xz)
    flat, away = half[:, (0, 2)], centers[:, None, (0, 2)] - centers[None, :, (0, 2)]
    apart = np.zeros((len(centers), len(centers)), bool)
    for k in range(2):
        axis = axes[:, k]
        reach = (np.abs(np.einsum("id,jkd->ijk", axis, axes)) * flat[None]).sum(-1)
        apart |= np.abs(np.einsum("ijd,id->ij", away, axis)) > flat[:, None, k] + reach
    return ~(apart | apart.T | np.eye(len(centers), dtype=bool))


@pytest.mark.parametrize("name, kind, world", list(sites_with_stations()))
def test_posts_and_cabinets_stand_clear_and_can_be_picked(name, kind, world):
    layout = Layout(kind, world)
    kinds = [("station", world.station.rows()), ("connector", world.connector.rows())]
    boxes = [np.concatenate(parts) for parts in zip(*(layout.boxes(*one) for one in kinds))]
    assert not meet(*boxes).any()
    for station, center in enumerate(boxes[0][: len(kinds[0][1])]):
        for yaw in (0.0, 90.0, 180.0, 270.0):
            pitch = math.radians(65.0)
            forward = np.array((math.sin(math.radians(yaw)) * math.cos(pitch), -math.sin(pitch),
                                math.cos(math.radians(yaw)) * math.cos(pitch)))
            assert nearest(center - forward * 12.0, forward, *boxes) == station


def test_stations_without_connectors_do_not_stand_in_each_other():
    world = site(0, 2)
    world.station.add(12, zone=np.arange(12) % 2)
    layout = Layout("depot", world)
    assert not meet(*layout.boxes("station", world.station.rows())).any()


def test_only_a_zone_that_buses_visit_gets_long_bays():
    world = site(20, 2)
    world.vehicle.add(1, body=VehicleClass.BUS)
    world.session.add(1, vehicle=0, zone=1)
    lengths = Layout("depot", world).bay_size[:, 1]
    assert (lengths[world.connector.zone == 1] == BUS_BAY_LENGTH).all()
    assert (lengths[world.connector.zone == 0] == BAY_LENGTH).all()


def test_waiting_vehicles_stand_in_line_without_touching():
    layout = Layout("depot", site(12))
    spots = layout.queue_xyz(np.arange(50))
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2) + 1e3 * np.eye(50)
    assert apart.min() > 3.0
    assert layout.queue_xyz(7).shape == (3,)


def test_as_many_as_may_wait_stand_before_the_site_and_off_the_road():
    world = site(40)
    world.vehicle.add(60)
    world.session.add(60, vehicle=np.arange(60), arrival_s=0.0, departure_s=100.0)
    layout = Layout("depot", world)
    low, high = layout.bounds()
    spots = layout.queue_xyz(np.arange(20))
    assert (spots[:, 0] > low[0]).all() and (spots[:, 0] < high[0]).all()
    assert (spots[:, 2] - 1.3 > layout.road.z + layout.road.half_z).all()
    assert (spots[:, 2] + 1.3 < layout.bay_xyz[:, 2].min()).all()


def test_energy_paths_end_at_the_core_and_dead_rows_are_out_of_sight():
    world = site(10)
    world.connector.remove([3])
    layout = Layout("depot", world)
    live = world.connector.rows()
    assert np.linalg.norm(layout.stream_xyz[live, 2] - layout.hub_xyz, axis=1).max() < 12.0
    assert layout.bay_xyz[3, 1] < -100.0


def test_an_unknown_layout_is_refused():
    with pytest.raises(ValueError, match="spiral"):
        Layout("spiral", site(4))
