"""Sharing out: filling, levelling, dealing, and limits of zones within those of the site."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from worlds import scenario, visits

from entities.components import Reason
from sim import granting
from sim.granting import grant_evenly, grant_feed, grant_in_order
from sim.pacing import pace
from sim.room import Room
from sim.steps import Steps
from sim.strategies import (NAMES, Inputs, Strategy, grid_support, modules, mpc,
                            valley_filling)
from sim.strategies.round_robin import _deal
from sim.view import View

WANTS = st.lists(st.one_of(st.just(0.0), st.floats(0.0, 200.0), st.sampled_from([3.7, 11.0, 22.0])),
                 min_size=1, max_size=30).map(np.array)
ROOM = st.one_of(st.just(0.0), st.floats(0.0, 1000.0))
FLAT = Steps(np.zeros(1), np.array([0.2]))
PLANNING = {"mpc": lambda visits: mpc.Plan(visits, print), "valley_filling": valley_filling.Profiles,
            "grid_support": lambda _vehicles: grid_support.Shares(2)}
MODULES = dict(zip(NAMES, modules()))
SITE = scenario()


def view(n=4, zone=None, zone_in=(np.inf,), site_in=np.inf, zone_out=(np.inf,), site_out=np.inf,
         **more) -> View:
    zone = np.zeros(n, int) if zone is None else np.array(zone)
    n = len(zone)
    room = Room(np.array(zone_in, float), np.array(zone_out, float), site_in, site_out)
    more = {"hours_after_feeding": more.get("hours_needed", 2.0), **more}
    rows = dict(energy=20.0, target=40.0, least=0.0, capacity=50.0, deadline=36000.0, rating=11.0,
                cap=11.0, most_kw=11.0, feed_cap=11.0, draw_limit=11.0, setpoint=0.0, hours_needed=2.0,
                hours_after_feeding=2.0, charge_efficiency=1.0, discharge_efficiency=1.0, plugged=0.0,
                wear_cost=0.0)
    common = dict(t_s=0.0, interval_s=300.0, by_rating=False, step_kw=0.23,
                  buying=FLAT, selling=FLAT, base=Steps(np.zeros(1), np.zeros(1)),
                  production=Steps(np.zeros(1), np.zeros((1, len(zone_in)))))
    columns = {k: np.broadcast_to(np.array(more.pop(k, v), float), n).copy() for k, v in rows.items()}
    return View(zone=zone, room=room, connector=np.arange(n), session=np.arange(n), **columns, **{**common, **more})


def decide(name: str, shown: View):
    """The decision of a strategy with default parameters that has made no plan yet."""
    strategy = Strategy(name, Inputs(SITE, visits()))
    if name in PLANNING:
        strategy._prepare, strategy._memory = None, PLANNING[name](len(shown))
    return strategy.decide(shown)


@given(WANTS, ROOM)
def test_filling_serves_in_sequence_until_the_room_is_gone(want, room):
    granted = granting.fill(want, room)
    assert np.all((0.0 <= granted) & (granted <= want))
    assert granted.sum() == pytest.approx(min(room, want.sum()), rel=1e-12, abs=1e-9)
    short = np.flatnonzero(granted < want - 1e-9)
    if len(short):
        assert np.all(granted[short[0] + 1:] <= 1e-9), "someone later got power before the first"


@given(WANTS, ROOM)
def test_levelling_is_max_min_fair(want, room):
    granted = granting.level(want, room)
    assert np.all((0.0 <= granted) & (granted <= want))
    assert granted.sum() == pytest.approx(min(room, want.sum()), rel=1e-12, abs=1e-9)
    short = granted < want - 1e-9
    if short.any():
        level = granted[short]
        assert np.ptp(level) <= 1e-9, "those cut short got different amounts"
        assert np.all(granted <= level.max() + 1e-9), "someone got more than those cut short"


@example(np.array([16.731, 16.303, 12.907, 13.084, 19.754, 17.647, 3.326, 2.647, 14.811, 19.101,
                   2.334, 11.526, 5.471]))
@given(WANTS)
def test_levelling_to_a_hair_below_what_is_wanted_takes_a_hair(want):
    room = np.nextafter(want.sum(), 0.0)
    assert granting.level(want, room).sum() == pytest.approx(room, rel=1e-9, abs=1e-9)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30),
       st.one_of(st.integers(0, 900), st.floats(0.0, 900.0)))
def test_dealing_is_what_dealing_card_by_card_gives(levels, room):
    cards, hands = int(room + 1e-9), [0] * len(levels)
    while cards and hands != levels:
        for k, level in enumerate(levels):
            if cards and hands[k] < level:
                hands[k] += 1
                cards -= 1
    assert _deal(np.array(levels, float), room).tolist() == hands


@given(WANTS, ROOM, ROOM, ROOM, st.randoms(use_true_random=False), st.booleans())
def test_grants_keep_zone_limits_within_the_sites(want, first, second, site, random, evenly):
    zone = np.array([random.randrange(2) for _ in want])
    shown = view(zone=zone, zone_in=(first, second), site_in=site)
    if evenly:
        granted = grant_evenly(shown, want)
    else:
        granted = grant_in_order(shown, want, np.array(random.sample(range(len(want)), len(want))))
    assert np.all((0.0 <= granted) & (granted <= want + 1e-12))
    for k, limit in enumerate((first, second)):
        assert granted[zone == k].sum() <= limit + 1e-9
    assert granted.sum() <= site + 1e-9
    zones = [min(limit, want[zone == k].sum()) for k, limit in enumerate((first, second))]
    assert granted.sum() == pytest.approx(min(site, sum(zones)), rel=1e-9, abs=1e-9)


def test_order_decides_who_is_served():
    shown = view(3, zone_in=(15.0,))
    assert grant_in_order(shown, np.full(3, 11.0), np.array([2, 0, 1])).tolist() == [4.0, 0.0, 11.0]


def test_what_one_cannot_use_goes_to_the_others():
    assert grant_evenly(view(3, site_in=20.0), np.array([2.0, 11.0, 11.0])).tolist() == [2.0, 9.0, 9.0]


def test_negative_room_grants_nothing():
    shown = view(2, zone_in=(-5.0,), site_in=-3.0)
    want = np.full(2, 11.0)
    assert grant_evenly(shown, want).tolist() == [0.0, 0.0]
    assert grant_in_order(shown, want, np.arange(2)).tolist() == [0.0, 0.0]


def test_feeding_is_granted_from_the_room_outwards_to_those_who_have_energy():
    shown = view(3, zone_in=(0.0,), zone_out=(15.0,), site_out=12.0, energy=[0.0, 20.0, 20.0])
    fed = grant_feed(shown, np.full(3, 11.0), np.array([0, 2, 1]))
    assert fed.tolist() == [0.0, 1.0, 11.0]


def test_who_gets_all_it_wants_is_offered_its_full_cap():
    shown = view(3, draw_limit=[4.0, 4.0, 0.0])
    assert shown.offer(np.array([4.0, 3.0, 0.0])).tolist() == [11.0, 3.0, 0.0]


def test_allocation_by_rating_reserves_the_connectors_rating():
    shown = view(3, by_rating=True, rating=22.0, site_in=44.0, energy=[20.0, 40.0, 20.0])
    assert shown.want().tolist() == [22.0, 0.0, 22.0]
    assert decide("equal_share", shown).setpoint.tolist() == [11.0, 0.0, 11.0]


def test_taking_room_books_what_is_drawn_fed_and_assured():
    room = Room(np.array([20.0, 30.0]), np.array([5.0, np.inf]), 40.0, 6.0)
    room.take(np.array([0, 0, 1]), np.array([8.0, 0.0, 10.0]), np.array([0.0, 3.0, 0.0]),
              np.array([6.0, 0.0, 0.0]), np.arange(3))
    assert room.zone_in.tolist() == [15.0, 20.0] and room.site_in == 25.0
    assert room.zone_out.tolist() == [8.0, np.inf] and room.site_out == 9.0


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("uncontrolled", "optimal")])
@given(st.integers(1, 8), st.integers(0, 2**16), ROOM, ROOM, ROOM)
def test_strategies_that_keep_limits_keep_them(name, n, seed, first, site, out):
    draw = np.random.Generator(np.random.Philox(seed)).random
    shown = view(zone=(draw(n) * 2).astype(int), zone_in=(first, np.inf), site_in=site,
                 zone_out=(out, np.inf), site_out=out * 1.5,
                 energy=draw(n) * 50, target=draw(n) * 50, least=draw(n) * 20,
                 deadline=draw(n) * 20_000, draw_limit=draw(n) * 11, hours_needed=draw(n) * 3,
                 deviation_hz=draw() - 0.5, stress=draw(2))
    shown.draw_limit = np.where(shown.energy < shown.target, shown.draw_limit, 0.0)
    setpoint, reason, _ = decide(name, shown)
    drawn = np.minimum(np.maximum(setpoint, 0.0), shown.draw_limit)
    fed = np.where(shown.energy > shown.least, np.maximum(-setpoint, 0.0), 0.0)
    assert np.all(setpoint <= shown.cap) and np.all(fed <= shown.feed_cap)
    net = drawn - fed
    assert net[shown.zone == 0].sum() <= first + 1e-6 and net.sum() <= site + 1e-6
    assert fed[shown.zone == 0].sum() <= out + 1e-6 and fed.sum() <= out * 1.5 + 1e-6
    assert MODULES[name].KEEPS_LIMITS
    assert np.all(reason != Reason.UNDECIDED)


def test_earliest_deadline_goes_first():
    shown = view(3, deadline=[900.0, 300.0, 600.0], site_in=15.0)
    assert decide("earliest_deadline_first", shown).setpoint.tolist() == [0.0, 11.0, 4.0]


def test_round_robin_deals_steps_in_turn_of_deadline():
    shown = view(3, deadline=[900.0, 300.0, 600.0], site_in=10.0, step_kw=3.0)
    assert decide("round_robin", shown).setpoint.tolist() == [3.0, 3.0, 3.0]
    shown = view(3, deadline=[900.0, 300.0, 600.0], site_in=12.5, step_kw=3.0)
    assert decide("round_robin", shown).setpoint.tolist() == [3.0, 6.0, 3.0]


PEAK = Steps(np.array([0.0, 3600.0, 7200.0]), np.array([0.2, 0.1, 0.5]))


@pytest.mark.parametrize("t, setpoint", [(0.0, 0.0), (3600.0, 11.0), (7200.0, -11.0)])
def test_v2g_waits_for_the_cheap_hour_and_feeds_in_the_dear_one(t, setpoint):
    late = Steps(np.append(PEAK.starts, 10_800.0), np.append(PEAK.values, 0.15))
    shown = view(1, t_s=t, buying=late, selling=late, hours_needed=0.9, deadline=50_000.0,
                 wear_cost=0.12)
    assert decide("v2g_price", shown).setpoint.tolist() == [setpoint]


def test_v2g_charges_whatever_the_price_when_time_runs_out():
    shown = view(1, t_s=7200.0, buying=PEAK, selling=PEAK, deadline=7200.0 + 2.2 * 3600.0)
    assert decide("v2g_price", shown).setpoint.tolist() == [11.0]


def test_v2g_does_not_feed_for_less_than_wear():
    late = Steps(np.append(PEAK.starts, 10_800.0), np.append(PEAK.values, 0.15))
    shown = view(1, t_s=7200.0, buying=late, selling=late, hours_needed=0.5, deadline=50_000.0,
                 wear_cost=0.36)
    assert decide("v2g_price", shown).setpoint.tolist() == [0.0]


PEAK_LOAD = Steps(np.array([0.0, 600.0]), np.array([65.0, 0.0]))


def test_v2g_defends_the_import_limit_within_a_zones_export_limit():
    """One feeds because it pays, the other because base load exceeds the limit: not both."""
    buying = Steps(np.array([0.0, 3600.0, 7200.0]), np.array([0.5, 0.1, 0.9]))
    shown = view(2, buying=buying, selling=buying, site_in=-50.0, zone_out=(11.0,), site_out=200.0,
                 hours_needed=[0.3, 0.65], hours_after_feeding=[0.35, 0.75],
                 deadline=[20_000.0, 40_000.0], base=PEAK_LOAD)
    setpoint = decide("v2g_price", shown).setpoint
    assert setpoint.tolist() == [-11.0, 0.0]


def test_v2g_defends_the_import_limit_with_what_those_who_stay_longest_can_spare():
    shown = view(3, site_in=-15.0, deadline=[20_000.0, 60_000.0, 40_000.0], energy=40.0,
                 draw_limit=0.0, hours_needed=0.0, base=PEAK_LOAD)
    setpoint = decide("v2g_price", shown).setpoint
    assert setpoint.tolist() == [0.0, -11.0, -4.0]


def test_who_could_not_win_it_back_or_leaves_before_the_next_decision_does_not_feed():
    """Full vehicles with 0.1 h to charge back and a guard of one interval need 0.1 h and two intervals;
    the last two need nothing back, and only one of them is there at the next decision."""
    shown = view(4, energy=40.0, hours_needed=0.0, hours_after_feeding=[0.1, 0.1, 0.0, 0.0],
                 deadline=[720.0, 1080.0, 300.0, 360.0])
    time = pace(shown, 1.0)
    assert time.can_feed.tolist() == [False, True, False, True] and not time.must_charge.any()
