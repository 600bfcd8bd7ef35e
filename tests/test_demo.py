"""The demo that shows itself: where a tour stands, who has the controls, what is left behind."""

import gc
import io
import os
import weakref
from dataclasses import replace
from fractions import Fraction

import pytest
from cli import voltyard
from hypothesis import given
from hypothesis import strategies as st

from game.demo.remote import converse, meant, told_in_words
from game.demo.showing import Showing, showing_of
from game.demo.tour import Tour
from game.film import shots
from game.film.plan import run_of
from game.settings import load_settings
from sim.errors import InputError

SHORT = {
    "film": {"name": "short", "scenario": "evening_peak", "duration": 6},
    "stops": [{"name": "one", "at": 0}, {"name": "two", "at": 2}, {"name": "three", "at": 4, "card": True}],
    "camera": [{"at": 0}, {"at": 6, "turn": 30}],
    "time": [{"at": 0, "sim": "17:00"}, {"at": 6, "sim": "17:20"}],
    "view": [{"at": 0, "view": "v2g"}, {"at": 2, "view": "ocpp", "select": "hub"}],
    "titles": [{"kind": "lower_third", "at": 0, "until": 2, "title": "First at {clock}"},
               {"kind": "callout", "at": 1, "until": 4, "of": "hub", "title": "The hub"},
               {"kind": "closing", "at": 4, "until": 60, "title": "Yours",
                "lines": ["{net_kw:.0f} kW | net"]}],
}


def short(**more):
    return shots.from_dict({**SHORT, **more}, "short.toml")


# Where it stands

@given(st.lists(st.one_of(st.floats(0.0, 0.1), st.integers(0, 2), st.just("pause")), max_size=60))
def test_a_tour_stays_within_its_film_and_knows_its_stop(acts):
    tour = Tour(short())
    for act in acts:
        before = tour.film_s
        if act == "pause":
            tour.paused = not tour.paused
        elif isinstance(act, int):
            tour.enter(act)
            assert tour.here == act and tour.film_s == tour.stops[act].at
        else:
            tour.go_on(act)
            after = before if tour.paused else before + Fraction(101, 1000)
            assert before <= tour.film_s <= after
        assert 0 <= tour.film_s <= 6 and tour.ended == (tour.film_s == 6)
        assert tour.stops[tour.here].at <= tour.film_s


def test_hours_of_a_tour_are_exact():
    tour = Tour(short(film={**SHORT["film"], "duration": 4 * 3600}))
    for _ in range(100_000):
        tour.go_on(0.033333)
    assert tour.film_s == Fraction(33_333, 10)


@pytest.mark.parametrize("change, message", [
    ({"stops": []}, "short.toml: stops: expected the names of a tour's stops, the first at 0"),
    ({"stops": [{"name": "one", "at": 1}]}, "the first at 0"),
    ({"stops": [{"name": "a", "at": 0}, {"name": "a", "at": 1}]},
     "stops: expected a name of its own for each"),
    ({"stops": [{"name": "a", "at": 0}, {"name": "b", "at": 9}]}, r"stops.1.at: after the film's end"),
    ({"stops": [{"name": "Not so", "at": 0}]}, "stops.0.name"),
    ({"fork": {"names": ["a", "b"], "commands": [{"at": "17:00", "command": "strategy uncontrolled"}],
               "split": [{"at": 0, "share": 0.5}]}}, "fork: a tour has one branch"),
])
def test_what_is_no_tour_is_one_line(change, message):
    with pytest.raises(InputError, match=message) as error:
        Tour(short(**change))
    assert "\n" not in str(error.value)


def test_a_film_without_stops_is_no_tour():
    with pytest.raises(InputError, match="evening_peak.toml: stops: expected"):
        showing_of(None, "evening_peak")


def test_the_shipped_tour_goes_through_all_views():
    listed = shots.load("tour")
    assert [stop.name for stop in Tour(listed).stops] == [
        "welcome", "v2g", "integrated", "ocpp", "performance", "closing"]
    assert {key.view.name.lower() for key in listed.view if key.view is not None} == {
        "v2g", "integrated", "ocpp", "performance"}
    for stop in listed.stops[:-1]:
        assert any(title.at <= stop.at + 2 < title.until for title in listed.titles if title.kind != "figure")


# The remote

def test_lines_of_the_remote():
    stops = ["welcome", "v2g"]
    for line, act in (("\n", "next"), ("n", "next"), ("p\n", "previous"), (" \n", "pause"),
                      ("pause", "pause"), ("s", "status"), ("status", "status")):
        assert meant(line, stops) == (act, None)
    for line, stop in (("2", "v2g"), ("v2g\n", "v2g"), ("jump v2g", "v2g"), ("9", "9")):
        assert meant(line, stops) == ("jump", stop)


@pytest.mark.parametrize("words, message", [
    (["demo", "--loop"], "demo: --loop: expected --tour or --kiosk with it"),
    (["demo", "--shots", "tour"], "demo: --shots: expected --tour or --kiosk"),
    (["demo", "--tour", "--key", "adieu"], "demo: --key: expected --kiosk"),
    (["demo", "--kiosk", "--key", "a b"], "demo: --key: expected 3 to 24 letters and digits"),
    (["demo", "--tour", "--shots", "nowhere"], "nowhere"),
    (["demo", "--tour", "--shots", "what_if"], "what_if.toml: stops: expected"),
    (["demo", "--tour", "--out", "x"], "demo: --out: a tour writes nothing"),
    (["demo", "--tour"], "there is no display here for a tour"),
    (["present"], "present: no tour is shown here"),
    (["present", "jump"], "present: jump: expected the name of a stop"),
    (["present", "next", "v2g"], "present: next: takes no 'v2g'"),
    (["present", "dance"], "present: dance: expected next, previous, pause, jump or status"),
])
def test_wrong_words_are_one_line(words, message, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    done = voltyard(*words)
    assert done.returncode == 2 and message in done.stderr and done.stderr.count("\n") == 1, done.stderr


# In a window without a screen

@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from game.demo.kiosk import Demo
    from game.look import Tier

    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))
    listed, settings = short(), load_settings()
    display = settings.display.model_copy(update={"size": (320, 180), "tier": Tier.LOW})
    settings = settings.model_copy(update={"display": display})
    shown = Demo(Showing(run_of(None, listed, None, {}), listed, settings, kiosk=True, loop=True, key="adieu",
                         silence_s=5.0), offscreen=True)
    yield shown
    shown.close()
    patch.undo()


@pytest.fixture
def fresh(demo):
    """The demo at its first stop, with a visit of its own."""
    demo.app.restart, demo.app.running = 0, False
    demo.app.tour.paused = False
    demo.turn()
    return demo


def frames(demo, seconds, step=0.1):
    for _ in range(round(seconds / step)):
        demo.app.frame(step)
        if not demo.app.running:
            demo.turn()


def press(name, letters=""):
    from direct.showbase.MessengerGlobal import messenger
    messenger.send("buttonDown", [name])
    if letters:
        messenger.send("keystroke", [letters])
    messenger.send("buttonUp", [name])


def test_captions_lie_on_the_live_picture(fresh):
    """They are there in the text's own colour, at the lower left, and in the safe area only."""
    frames(fresh, 1.0)
    app = fresh.app

    def bright():
        app.shell.render()
        return app.shell.picture().min(axis=2) > 190
    titled = bright()
    app._captions.clear()
    ys, xs = (titled & ~bright()).nonzero()
    assert len(ys) > 15 and ys.min() > 0.6 * 180 and xs.max() < 0.75 * 320
    assert xs.min() >= 0.05 * 320 and ys.max() <= 0.95 * 180


def test_the_tour_shows_its_list_over_a_running_model(fresh):
    app = fresh.app
    frames(fresh, 3.0)
    assert fresh.app is app and app.touring and app.look.view.name == "OCPP"
    assert app.selected == ("hub", 0) and not app.hud.technology.open
    assert app.model.now_s == app.tracks.sim_s(app.tour.film_s)
    assert app.model.timeline.processed > 0
    frames(fresh, 1.5)
    assert app.hud.technology.open


def test_a_key_hands_over_and_silence_takes_back(fresh):
    app = fresh.app
    frames(fresh, 2.5)
    press("f3")
    frames(fresh, 0.2)
    assert fresh.app is app and not app.touring and not app.hud.bare
    assert app.look.view.name == "OCPP"  # the key that wakes does nothing else
    assert "5 s of silence" in app.hud.standing
    press("f3")
    frames(fresh, 0.1)
    assert app.look.view.name == "V2G" and app.now_s < app.model.duration_s
    frames(fresh, 3.5)
    assert app.hud.standing.startswith("The tour goes on in ")
    press("space")
    frames(fresh, 3.0)
    assert fresh.app is app, "someone was there"
    frames(fresh, 2.5)
    # A fresh model and camera, at the stop that was left.
    assert fresh.app is not app and fresh.app.touring and fresh.app.tour.here == 1
    assert fresh.app.selected is None or fresh.app.selected == ("hub", 0)
    assert fresh.app.model is not app.model and not fresh.app.clock.paused and fresh.app.hud.standing == ""


def test_a_kiosk_is_left_by_its_key_alone(fresh):
    from direct.showbase.MessengerGlobal import messenger

    from sim.console import Save
    app = fresh.app
    messenger.send("close request")
    for name in ("control-q", "control-q", "shift-control-q", "f11", "f12", "control-b", "shift-l",
                 "control-i"):
        press(name)
        frames(fresh, 0.1)
    assert fresh.app is app and app.running and not app.instructing and not app.hud.types
    assert app.obey(Save(name="mine")) == "a kiosk saves nothing"
    for letter in "xadie":
        press(letter, letter)
    frames(fresh, 0.1)
    assert fresh.app is app and app.running
    app._lock.type("u")
    app.frame(0.1)
    assert not app.running and app.restart is None


def test_without_a_word_a_chord_opens():
    from game.demo.watch import Lock
    lock = Lock(None)
    for name in ("q", "control-q", "shift-q", "control-shift-x"):
        lock.press(name)
    lock.type("adieu")
    assert not lock.opened
    lock.press("shift-control-q")
    assert lock.opened


def test_the_presenter_moves_the_tour(fresh):
    answer = lambda **words: fresh.app.desk.answer({"ask": "present", **words})  # noqa: E731
    assert answer(act="previous")["refusal"] == "this is the first stop"
    told = answer(act="next")
    assert told["stop"] == 1 and told["stops"] == ["one", "two", "three"]
    assert "2 of 3: two" in told_in_words(told) and told_in_words(told).endswith("next: three")
    frames(fresh, 0.3)
    assert answer(act="pause")["paused"]
    stood = fresh.app.tour.film_s
    frames(fresh, 1.0)
    assert fresh.app.tour.film_s == stood and fresh.app.touring
    before = fresh.app
    answer(act="previous")
    frames(fresh, 0.2)
    assert fresh.app is not before and fresh.app.tour.here == 0 and fresh.app.tour.paused
    assert answer(act="pause")["paused"] is False
    assert "expected one of one, two, three" in answer(act="jump", stop="four")["refusal"]
    assert "expected next, previous" in answer(act="dance")["refusal"]
    press("tab")
    frames(fresh, 0.2)
    assert "a visitor has the controls" in answer(act="pause")["refusal"]
    assert "ask" in fresh.app.desk.answer({"ask": "nothing"})["error"]
    answer(act="jump", stop="three")
    frames(fresh, 0.2)
    assert fresh.app.touring and fresh.app.tour.here == 2


def test_a_clicker_goes_from_stop_to_stop_in_a_window(fresh):
    from direct.showbase.MessengerGlobal import messenger
    app = fresh.app
    app.showing = replace(app.showing, kiosk=False)
    frames(fresh, 0.5)
    press("page_down")
    frames(fresh, 0.2)
    messenger.send("buttonHold", ["page_down"])
    frames(fresh, 0.2)
    assert fresh.app is app and app.touring and app.tour.here == 1
    press("page_up")
    app.frame(0.1)
    assert app.restart == 0
    fresh.turn()
    assert fresh.app.touring and fresh.app.tour.here == 0


def test_the_remote_speaks_to_a_tour_in_lines(fresh):
    class Line:
        def ask(self, what, **facts):
            return fresh.app.desk.answer({"ask": what, **facts})
    out = io.StringIO()
    assert not converse(Line(), ["\n", "3\n", "nowhere\n", "q\n", "1\n"], out)
    said = out.getvalue().splitlines()
    assert said[0] == "Stops: 1 one, 2 two, 3 three"
    assert said[3].startswith("2 of 3") and said[4].startswith("3 of 3")
    assert said[5].startswith("no stop 'nowhere'") and len(said) == 6


def test_laps_and_visitors_leave_nothing_behind(fresh):
    kept, files, nodes = [], [], []
    for k in range(3):
        kept.append(weakref.ref(fresh.app))
        frames(fresh, 0.5, 0.25)
        if k == 1:
            press("tab")
            frames(fresh, 6.0, 0.5)
        fresh.app.restart, fresh.app.running = 0, False
        fresh.turn()
        gc.collect()
        files.append(len(os.listdir("/proc/self/fd")))
        base = fresh.app.shell.base
        nodes.append((base.render.find_all_matches("**").get_num_paths(),
                      base.render2d.find_all_matches("**").get_num_paths()))
    assert [one() for one in kept] == [None] * 3
    assert len(set(files)) == 1 and len(set(nodes)) == 1


def test_a_list_that_does_not_fit_is_refused(demo):
    from game.demo.guide import Guide
    listed = short(titles=[{"kind": "lower_third", "at": 0, "until": 2, "title": "{nonsense:.0f}"}])
    with pytest.raises(InputError, match="short.toml: titles.0: no figure 'nonsense'"):
        Guide(replace(demo._showing, shots=listed), offscreen=True, shell=demo._shell)
