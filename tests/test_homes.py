"""The whole site is in its part of the picture, for any site and any window; what is selected comes out from under
panels."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_camera import poses as any_pose
from test_layout import KINDS, site

from entities.components import VehicleClass
from game import homes
from game.camera import VERTICAL_FOV_DEG, Pose, vertical_fov
from game.framing import KEPT_PX, Area, framed, shifted
from game.scene.layout import HUB_HEIGHT, Layout
from sim.model import Model
from sim.scenario import CameraBookmark, load, shipped

DOCKS = Area(-0.52, 0.98, -0.88, 0.62)
sizes = st.tuples(st.integers(800, 2560), st.integers(600, 1440))


@st.composite
def areas(draw):
    """Parts that panels may leave, a fifth of the picture's width and height at least."""
    left, bottom = draw(st.floats(-1.0, 0.4)), draw(st.floats(-1.0, -0.2))
    return Area(left, draw(st.floats(left + 0.4, 1.0)), bottom, draw(st.floats(bottom + 0.4, 0.7)))


@st.composite
def layouts(draw):
    """Sites of any size; some have buses, and visits that wait."""
    connectors = draw(st.sampled_from((0, 1, 4, 16, 40, 200, 1000)))
    world = site(connectors, draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    visits = draw(st.integers(0, 30)) + connectors if draw(st.booleans()) else 0
    world.vehicle.add(max(visits, 1), body=VehicleClass.BUS if draw(st.booleans()) else VehicleClass.VAN)
    world.session.add(visits, vehicle=np.arange(visits), zone=0, arrival_s=0.0, departure_s=1e4)
    return Layout(draw(st.sampled_from(KINDS)), world)


def seen(pose: Pose, places: np.ndarray, aspect: float) -> np.ndarray:
    """Where places are, (n, 2) from the picture's middle in its half sides; all must lie before the eye."""
    half = math.tan(math.radians(vertical_fov(aspect)) / 2.0)
    ahead, right, up = ((places - pose.eye()) @ axis for axis in pose.axes())
    assert (ahead > 0.0).all()
    return np.stack([right / ahead / half / aspect, up / ahead / half], axis=1)


def inside(at: np.ndarray, area: Area) -> bool:
    return bool(((at >= (area.left - 1e-6, area.bottom - 1e-6)) & (at <= (area.right + 1e-6, area.top + 1e-6))).all())


@settings(max_examples=60)
@given(layouts(), sizes, st.sampled_from((Area(), DOCKS)) | areas(), st.integers(0, 30),
       st.sampled_from(((0.0, homes.PITCH), (0.0, homes.OVERVIEW_PITCH), (35.0, 35.0))))
def test_the_whole_site_fills_its_part_of_the_picture(layout, size, area, waiting, angles):
    aspect = size[0] / size[1]
    pose = homes.whole(layout, (area,), aspect, waiting, *angles)
    assert (pose.yaw, pose.pitch) == angles and pose.target[1] == pytest.approx(0.0, abs=1e-6)
    places = homes.standing(layout, waiting)
    queue = layout.queue_xyz(np.arange(min(max(waiting, 1), layout.queue_places)))
    built = np.concatenate([layout.bay_xyz, layout.connector_xyz, queue,
                            [layout.hub_xyz + (0.0, HUB_HEIGHT * layout.hub_scale, 0.0)]])
    at = seen(pose, places, aspect)
    assert inside(at, area) and inside(seen(pose, built, aspect), area)
    low, high = at.min(axis=0), at.max(axis=0)
    tight = [low[0] < area.left + 1e-6 and high[0] > area.right - 1e-6,
             low[1] < area.bottom + 1e-6 and high[1] > area.top - 1e-6]
    assert any(tight), "it could be nearer"


def test_the_horizon_is_in_the_default_picture():
    assert homes.PITCH < VERTICAL_FOV_DEG / 2.0


def test_of_several_parts_the_one_that_shows_most_is_taken():
    layout = Layout("depot", site(40))
    one, other = Area(), DOCKS
    assert homes.whole(layout, (other, one)) == homes.whole(layout, (one,)) != homes.whole(layout, (other,))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_cameras_of_the_whole_site_have_it_beside_the_dock(name):
    scenario = load(name)
    layout = Layout(scenario.site.layout, Model(scenario).world)
    poses = homes.named(scenario, layout, (DOCKS,), 1280 / 720)
    for camera in ("default", "overview"):
        assert inside(seen(poses[camera], homes.standing(layout), 1280 / 720), DOCKS), camera


def test_an_overview_with_a_target_is_taken_as_it_is():
    layout = Layout("depot", site(16))
    own = CameraBookmark(name="overview", target=(1.0, 2.0, 3.0), distance=44.0, yaw=5.0, pitch=20.0)
    poses = homes.named(SimpleNamespace(cameras=[own]), layout)
    assert poses["overview"] == Pose((1.0, 2.0, 3.0), 44.0, 5.0, 20.0)


def test_what_has_room_to_choose_stands_in_the_middle():
    tower = np.array([(0.0, 0.0, 0.0), (0.0, 30.0, 0.0)])
    pose = framed(tower, tower[0], DOCKS, 16 / 9, 20.0, 30.0)
    assert seen(pose, tower[:1], 16 / 9)[0, 0] == pytest.approx((DOCKS.left + DOCKS.right) / 2.0)


CARD = (980.0, 200.0, 1268.0, 640.0)
CLEARING = Area(-0.45, 0.45, -0.6, 0.6)


@settings(max_examples=80)
@given(any_pose, st.tuples(st.floats(-60, 60), st.floats(0, 3), st.floats(-60, 60)), st.booleans())
def test_a_place_under_a_panel_or_out_of_the_picture_comes_into_the_clearing(pose, place, carded):
    assume(pose.pitch > 8.0 and abs(pose.target[1]) < 5.0 and pose.distance > 10.0)
    place, size, covered = np.array(place), (1280, 720), (CARD,) if carded else ()
    new = shifted(pose, place, CLEARING, covered, size)
    half = np.array(size) / 2.0
    if new is None:
        x, y = (seen(pose, place[None], 16 / 9)[0] + 1.0) * half
        assert KEPT_PX <= x <= 1280 - KEPT_PX and KEPT_PX <= y <= 720 - KEPT_PX
        assert not (carded and CARD[0] < x < CARD[2] and CARD[1] < y < CARD[3])
        return
    assert (new.distance, new.yaw, new.pitch, new.target[1]) == (pose.distance, pose.yaw, pose.pitch, pose.target[1])
    assume(((place - new.eye()) @ new.axes()[0]) > 0.0)
    assert inside(seen(new, place[None], 16 / 9), CLEARING)
    assert shifted(new, place, CLEARING, covered, size) is None, "it moves on"
