"""Vehicles between the road and their places, as the picture has them: no jump, nobody pops up."""

import numpy as np
import pytest
from panda3d.core import NodePath
from worlds import scenario, visit, visits, zone

from entities.components import Place
from game.scene.buffers import Buffer
from game.scene.layout import Layout
from game.scene.routes import RUN_UP_M
from game.scene.vehicles import DRIVE_S, Vehicles
from sim.model import Model

STEP_S = 0.5
FASTEST_M_S = 12.0
# Come and leave (s): two connectors, so that some wait, move up, are called or give up.
WHEN = [(100, 1500), (130, 900), (170, 2400), (190, 2600), (215, 1200), (1400, 2500), (5000, 6000)]


@pytest.fixture(scope="module")
def film():
    """Of each half second: time, rows shown, their places (slots, 2) and headings (slots,)."""
    model = Model(scenario(zone(count=2)), visits(
        *(visit(f"v{k}", *map(float, when)) for k, when in enumerate(WHEN))))
    layout = Layout("depot", model.world)
    vehicles = Vehicles(NodePath("scene"), layout, Buffer("posts"), 10)
    frames, version = [], None
    rows = model.world.vehicle.rows()
    for now_s in np.arange(90.0, 2700.0, STEP_S):
        model.advance(now_s)
        vehicles.now_s = now_s
        if model.version != version:
            version = model.version
            vehicles.upload(model.world, now_s, 0.0, 0.0)
        frames.append((now_s, set(vehicles.shown().tolist()), *vehicles.place(rows)))
    return model, layout, vehicles, frames


def test_vehicles_roll_and_never_jump(film):
    _, _, _, frames = film
    for (_, before, xz0, h0), (now_s, after, xz1, h1) in zip(frames, frames[1:]):
        for row in before & after:
            assert np.linalg.norm(xz1[row] - xz0[row]) < FASTEST_M_S * STEP_S, (row, now_s)
            turn = abs((h1[row] - h0[row] + np.pi) % (2 * np.pi) - np.pi)
            assert turn < 0.9, (row, now_s)


def test_they_come_from_the_road_and_go_there(film):
    _, layout, _, frames = film
    seen = 0
    for (_, before, xz0, _), (now_s, after, xz1, _) in zip(frames, frames[1:]):
        for row in before ^ after:
            x, z = (xz1 if row in after else xz0)[row]
            assert x < layout.gate_x - RUN_UP_M + 8.0, (row, now_s)
            assert abs(z - layout.road.z) < layout.road.half_z
            seen += 1
    assert seen == 12, "six vehicles come and go while the film lasts"


def test_whoever_has_arrived_stands_in_its_bay(film):
    model, layout, vehicles, frames = film
    now_s, shown, xz, heading = next(f for f in frames if f[0] > 130.0 + DRIVE_S)
    for row in (0, 1):
        connector = int(model.world.session.connector[row])
        assert row in shown
        assert xz[row] == pytest.approx(layout.bay_xyz[connector][[0, 2]], abs=1e-3)
        assert np.degrees(heading[row]) % 360.0 == pytest.approx(layout.bay_heading[connector], abs=0.1)


def test_a_picture_taken_anew_has_everyone_in_the_same_place(film):
    model, layout, _, frames = film
    fresh = Model(model.scenario, visits(*(visit(f"v{k}", *map(float, w)) for k, w in enumerate(WHEN))))
    for at_s in (112.0, 130.5, 161.0, 910.0):
        fresh.advance(at_s)
        vehicles = Vehicles(NodePath("scene"), layout, Buffer("posts"), 10)
        vehicles.upload(fresh.world, at_s, 0.0, 0.0)
        _, shown, xz, _ = next(f for f in frames if f[0] == at_s)
        assert set(vehicles.shown().tolist()) == shown
        rows = np.array(sorted(shown & set(np.flatnonzero(fresh.world.vehicle.place != Place.QUEUED))))
        if len(rows):
            assert vehicles.place(rows)[0] == pytest.approx(xz[rows], abs=1e-3)
