"""The grid's frequency in a run: exact, answered, told in results, and silent at rest."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import HOUR, command, kinds, plans, scenario, stretches, visit, visits, zone

from entities.components import Phase
from game.ui.condition import frequency_rows
from sim.battery import segments
from sim.errors import InputError
from sim.history import History
from sim.model import SATISFIED_KWH, Model
from sim.optimum import under
from sim.results import results
from sim.run import replay, run
from sim.scenario import from_dict, load

ISLAND = {"load_mw": 100.0, "reserve_mw": 10.0, "reserve_full_hz": 0.5, "sites_like_this": 20,
          "response_interval": 5, "resolution_hz": 0.01}
DISTURBANCES = st.lists(st.tuples(
    st.integers(0, 60).map(lambda k: 333.3 * k),
    st.builds(lambda mw, d: command("disturb_grid", mw=mw, duration=d),
              st.integers(-12, 12).map(float), st.sampled_from([None, 40.0, 900.0]))),
    min_size=1, max_size=3).map(lambda orders: sorted(orders, key=lambda order: order[0]))


@pytest.fixture(scope="module")
def evening():
    """The shipped scenario as it is and uncontrolled: (model, its series) of each."""
    runs = []
    for strategy in ("droop", "uncontrolled"):
        history = History()
        model = Model(under(load("frequency_support", {"duration": "6h"}), strategy), history=history)
        model.advance(model.duration_s)
        model.close_books()
        runs.append((model, history.take()["series"]))
    return runs


def lost_at(model: Model) -> float:
    return kinds(model, "command")[0][0]


def test_vehicles_lift_the_nadir_and_shorten_the_time_outside(evening):
    with_v2g, without = (results(model, 1.0)["kpis"] for model, _ in evening)
    spec = evening[0][0].frequency.spec
    first_slope = 45.0 * spec.nominal_hz / (2.0 * spec.inertia_s * spec.load_mw)
    assert with_v2g["rocof_max_hz_per_s"] == without["rocof_max_hz_per_s"] == pytest.approx(first_slope)
    assert with_v2g["frequency_min_hz"] > without["frequency_min_hz"] + 0.3
    assert with_v2g["frequency_outside_s"] < 0.6 * without["frequency_outside_s"]
    assert with_v2g["support_up_kwh"] > 5.0 and without["support_up_kwh"] == 0.0


def test_the_recorded_course_is_the_swing_equation_s(evening):
    """Fourth-order Runge-Kutta through the loss and every recorded step of the answer."""
    model, series = evening[0]
    s, at = model.frequency.spec, series["t_s"]
    lost = lost_at(model)
    stiffness, own = s.reserve_mw / s.reserve_full_hz, s.damping_per_hz * s.load_mw

    def slope(x, u):
        df, p, r = x
        return np.array([(u + p + r - own * df) * s.nominal_hz / (2 * s.inertia_s * s.load_mw),
                         (-stiffness * df - p) / s.reserve_s,
                         -(stiffness + own) * df / s.restoration_s])

    after = np.flatnonzero((at >= lost) & (at <= lost + 60.0))
    assert len(after) > 20
    x = np.zeros(3)
    for k, following in zip(after[:-1], after[1:]):
        u = -45.0 + series["support_kw"][k] * s.sites_like_this / 1000.0
        steps = int(np.ceil((at[following] - at[k]) / 0.01))
        h = (at[following] - at[k]) / steps
        for _ in range(steps):
            k1 = slope(x, u)
            k2 = slope(x + h / 2 * k1, u)
            k3 = slope(x + h / 2 * k2, u)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(x + h * k3, u))
        assert series["frequency_hz"][following] == pytest.approx(s.nominal_hz + x[0], abs=1e-7)


def test_the_history_s_answer_is_what_the_meter_lost(evening):
    """The first answer, a second after the loss, is the step of the site's power then."""
    model, series = evening[0]
    answer = np.flatnonzero(series["t_s"] > lost_at(model))[0]
    before = series["drawn_kw"][answer - 1] - series["fed_kw"][answer - 1]
    after = series["drawn_kw"][answer] - series["fed_kw"][answer]
    assert series["t_s"][answer] == lost_at(model) + 1.0
    assert series["support_kw"][answer] == pytest.approx(before - after, rel=0.02)
    assert series["support_kw"][answer] > 100.0


def test_bands_are_left_and_entered_at_the_exact_time(evening):
    model, series = evening[1]
    told = [e for e in model.events if e["kind"].startswith("frequency")]
    assert [e["kind"] for e in told] == ["frequency_left_band", "frequency_restored"] * 2
    for e in told:
        twin = Model(model.scenario, model.visits)
        twin.advance(e["t"])
        assert abs(twin.frequency.deviation_hz(e["t"])) == pytest.approx(0.2, abs=1e-9)
    assert told[1]["farthest_hz"] == model.world.hub.frequency_min_hz[0]
    assert sum(e["outside_s"] for e in told[1::2]) == pytest.approx(
        model.world.hub.frequency_outside_s[0])


def test_at_rest_nothing_happens_to_the_last_bit():
    cars = [visit(f"c{k}", arrival=300.0 * k, departure=(5 + k) * HOUR) for k in range(4)]
    history = History()
    model = Model(scenario(zone(count=3, feed_kw=11.0), strategy="droop", frequency=ISLAND),
                  visits(*cars), history)
    model.advance(model.duration_s)
    hub, series = model.world.hub, history.take()["series"]
    assert np.all(series["frequency_hz"] == 50.0) and np.all(series["support_kw"] == 0.0)
    assert hub.frequency_min_hz[0] == hub.frequency_max_hz[0] == 50.0
    assert hub.rocof_max_hz_per_s[0] == hub.frequency_outside_s[0] == 0.0
    assert series["t_s"].tolist() == [300.0 * k for k in range(289)], "ticks and nothing else"


def test_when_all_is_restored_nothing_is_left_to_look_at():
    history = History()
    model = Model(scenario(zone(), strategy="droop", frequency={}), visits(visit()), history)
    model.submit(command("disturb_grid", mw=-1000.0, duration="1h"))
    model.advance(model.duration_s)
    extra = np.setdiff1d(history.take()["series"]["t_s"], np.arange(0.0, 86_401.0, 300.0))
    assert len(extra) > 20 and extra.max() < 2 * HOUR
    told = [e["kind"] for e in model.events if e.get("where") == "grid"]
    swings = ["frequency_left_band", "frequency_restored"] * 2
    assert told == [*swings, "disturbance_ended", *swings]
    assert model.world.hub.disturbance_mw[0] == 0.0


def test_an_answer_that_ends_the_need_for_it_does_not_call_events_without_end():
    """Without vehicles frequency settles just beyond the deadband, with them within."""
    system = {**ISLAND, "restoration_s": None, "sites_like_this": 2000}
    model = Model(scenario(zone(feed_kw=11.0), strategy="droop", frequency=system, duration="15m"),
                  visits(visit(departure=30 * HOUR)))
    model.submit(command("disturb_grid", mw=-0.23))
    assert sum(1 for _ in stretches(model)) < 4 * model.duration_s / 5.0
    assert model.world.hub.frequency_min_hz[0] < 49.99


def _steered(plan, limits=True):
    plan.raw["frequency"] = ISLAND
    if not limits:
        for part in plan.raw["site"]["zones"]:
            part |= {"import_limit_kw": None, "export_limit_kw": None}
        plan.raw["grid"] |= {"import_limit_kw": None, "export_limit_kw": None}
    return plan


@settings(max_examples=6)
@given(plans(strategies=("droop",), most_cars=4), DISTURBANCES)
def test_the_answer_opposes_the_deviation_and_energy_is_kept(plan, orders):
    plan.commands = orders
    model = _steered(plan).model()
    answers, plain = [], model.frequency.answer

    def answer(kw):
        answers.append((kw, model.frequency.deviation_hz(model.now_s)))
        plain(kw)
    model.frequency.answer = answer
    given_kwh = 0.0
    for since, until in stretches(model):
        given_kwh += model.world.hub.support_kw.item(0) * (until - since) / HOUR
    model.close_books()
    support, df = np.array(answers).T
    assert np.all(support * df <= 1e-9) and np.all(support[np.abs(df) <= 0.01] == 0.0)
    hub, session = model.world.hub, model.world.session
    assert hub.support_up_kwh[0] - hub.support_down_kwh[0] == pytest.approx(given_kwh, abs=1e-9)
    plugged = session.rows(~np.isnan(session.plugged_s))
    stored = np.where(np.isnan(session.departure_kwh[plugged]), segments.energy_at(
        model.world.vehicle, session.vehicle[plugged], model.now_s), session.departure_kwh[plugged])
    balance = (session.arrival_kwh + session.charged_kwh - session.discharged_kwh)[plugged]
    np.testing.assert_allclose(balance, stored, rtol=1e-9, atol=1e-9)
    twin = plan.model()
    twin.advance(twin.duration_s)
    twin.close_books()
    assert twin.world.digest() == model.world.digest() and twin.events == model.events


@settings(max_examples=6)
@given(plans(strategies=("droop",), most_cars=4), DISTURBANCES)
def test_nobody_leaves_short_because_of_it_who_could_have_its_target(plan, orders):
    ends = []
    for strategy in ("droop", "uncontrolled"):
        twin = copy.deepcopy(_steered(plan, limits=False))
        for part in twin.raw["site"]["zones"]:
            part["strategy"] = strategy
        twin.commands = orders
        model = twin.model()
        model.advance(model.duration_s)
        ends.append(model.world.session)
    session, ideal = ends
    left = session.rows((session.phase == Phase.ENDED) & (ideal.departure_kwh >= ideal.target_kwh))
    assert np.all(session.target_kwh[left] - session.departure_kwh[left] <= SATISFIED_KWH)


def test_a_recorded_run_replays_with_an_operator_s_disturbance(tmp_path):
    site = load("frequency_support", {"duration": "5h"})
    run(site, [(2.2 * HOUR + 0.3, command("disturb_grid", mw=20.0, duration=90), "trainer")],
        out=tmp_path / "run")
    again = replay(tmp_path / "run", verify=True)
    assert again.difference is None and len(again.recording.commands) == 1


def test_where_there_is_no_frequency_it_is_null_and_cannot_be_disturbed():
    model = Model(scenario(), visits(visit()))
    why = model.submit(command("disturb_grid", mw=-1.0))
    assert why == "the scenario has no frequency, expected its table frequency"
    figures = results(model, 1.0)["kpis"]
    assert figures["frequency_min_hz"] is None and figures["support_up_kwh"] is None
    assert np.isnan(model.world.hub.frequency_hz[0]) and frequency_rows(model, 0.0) == []
    order = {"at": 60, "command": {"kind": "disturb_grid", "mw": -1.0}}
    with pytest.raises(InputError, match="injects.0.command: needs the table frequency"):
        scenario(injects=[order])
    model = Model(scenario(frequency=ISLAND), visits())
    assert model.submit(command("disturb_grid", mw=-101.0)) == "the power system has 100 MW"


@pytest.mark.parametrize("table, key", [
    ({"inertia_s": 0}, "frequency.inertia_s"), ({"colour": 1}, "frequency.colour"),
    ({"response_interval": "soon"}, "frequency.response_interval"),
    ({"normal_band_hz": 1.0}, "normal_band_hz has to be below emergency_band_hz")])
def test_a_table_that_makes_no_sense_is_one_line(table, key):
    raw = {"name": "x", "start": "2026-01-14T00:00:00+01:00", "site": {"zones": [{"name": "z"}]}}
    with pytest.raises(InputError, match=f"my.toml: .*{key}"):
        from_dict({**raw, "frequency": table}, "my.toml")


def test_the_card_says_it_in_words():
    model = Model(scenario(zone(feed_kw=11.0), strategy="droop", frequency=ISLAND),
                  visits(visit(departure=20 * HOUR)))
    shown = {row.label: row for row in frequency_rows(model, 0.0)}
    assert (shown["Frequency"].value, shown["Frequency"].unit, shown["Frequency"].tone) == (
        "50.00", "Hz  0 mHz, normal", "text")
    model.submit(command("disturb_grid", mw=-12.0))
    seen = set()
    for k in range(40):
        model.advance(k / 4.0)
        frequency, support = frequency_rows(model, model.now_s)
        seen.add((frequency.unit.split(", ", 1)[1], frequency.tone, support.tone))
    assert ("normal", "text", "text") in seen and ("too low", "wait", "feed") in seen
    assert frequency.value == f"{50.0 + model.frequency.deviation_hz(model.now_s):.2f}"
    assert support.value.startswith("\u2212"), "what is given has the sign of feeding"
