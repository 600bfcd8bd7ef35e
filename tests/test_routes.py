"""The ways that vehicles take: no jump, on asphalt, and the right way round in the bay."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.scene.layout import Layout, Slab
from game.scene.routes import RUN_UP_M, STEPS, Routes, pose_at
from test_layout import site

SITES = [("depot", 1, 1), ("depot", 40, 3), ("depot", 300, 2), ("wings", 12, 3), ("wings", 90, 5)]


@functools.cache
def routes_of(kind, connectors, zones):
    layout = Layout(kind, site(connectors, zones))
    return layout, Routes(layout)


def paved(layout, xz):
    """Whether points (n, 2) lie on asphalt."""
    inside = np.zeros(len(xz), bool)
    for slab in (*layout.slabs, Slab(0.0, layout.road.z, 4000.0, layout.road.half_z)):
        angle = math.radians(slab.heading)
        away = xz - (slab.x, slab.z)
        x = away[:, 0] * math.cos(angle) - away[:, 1] * math.sin(angle)
        z = away[:, 0] * math.sin(angle) + away[:, 1] * math.cos(angle)
        inside |= (np.abs(x) <= slab.half_x + 1e-3) & (np.abs(z) <= slab.half_z + 1e-3)
    return inside


def continuous(table):
    step = np.linalg.norm(np.diff(table[:, :2], axis=0), axis=1)
    turn = np.abs((np.diff(np.unwrap(np.arctan2(table[:, 2], table[:, 3])))))
    length = step.sum()
    assert step.max() < max(5.0 * length / STEPS, 0.5), "a jump"
    assert (turn < 0.1 + step / 0.6).all(), "a jump of the heading"
    # Wheels roll: it goes where it looks, or straight back.
    middle = (table[1:, 2:] + table[:-1, 2:]) / 2.0
    aside = np.abs((np.diff(table[:, :2], axis=0) * middle[:, ::-1] * (1.0, -1.0)).sum(axis=1))
    assert aside.max() < 0.4


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SITES), st.floats(0.0, 1.0), st.integers(0, 30))
def test_every_way_is_driven_on_asphalt_without_a_jump(which, share, spot):
    layout, routes = routes_of(*which)
    connector = int(share * (which[1] - 1))
    bay = layout.bay_xyz[connector][[0, 2]]
    heading = math.radians(layout.bay_heading[connector])
    spot = min(spot, layout.queue_places - 1)
    spot_xz = layout.queue_xyz(spot)[[0, 2]]
    parked = {"arrive": (routes.arrive(connector), None, bay),
              "call": (routes.call_up(spot, connector), spot_xz, bay),
              "depart": (routes.depart(connector), bay, None),
              "join": (routes.join_queue(spot), None, spot_xz),
              "give up": (routes.give_up(spot), spot_xz, None)}
    for name, (table, start, end) in parked.items():
        assert table.shape == (STEPS, 4)
        continuous(table)
        assert paved(layout, table[:, :2]).all(), (name, table[~paved(layout, table[:, :2])])
        for place, pose in ((start, table[0]), (end, table[-1])):
            if place is None:
                assert abs(pose[0] - (layout.gate_x - RUN_UP_M)) < 3.0, "on the road, out of sight"
            else:
                assert pose[:2] == pytest.approx(place, abs=1e-3)
        if end is bay:
            assert table[-1, 2:] == pytest.approx((math.sin(heading), math.cos(heading)), abs=1e-3)


@given(st.floats(-0.5, 1.5))
def test_a_pose_lies_between_its_neighbours(share):
    _, routes = routes_of(*SITES[1])
    table = routes.arrive(7)
    xz, heading = pose_at(table[None], np.array([share]))
    k = min(max(share, 0.0), 1.0) * (STEPS - 1)
    near = table[[math.floor(k), math.ceil(k)]]
    assert (xz[0] >= near[:, :2].min(axis=0) - 1e-4).all()
    assert (xz[0] <= near[:, :2].max(axis=0) + 1e-4).all()
    assert math.isfinite(heading[0])
