"""The instructor's station: what is asked of a window from a second process, and what the trainee sees of it."""

import io
import json
import socket
import threading
from contextlib import contextmanager

import pytest
from cli import voltyard
from worlds import HOUR, command, kinds

from game.branching import Branching
from game.clock import VirtualClock
from game.exercise import Exercise
from game.instructor.desk import HELP, OF_THE_VIEW, Desk, status_line
from game.instructor.screen import screen
from game.instructor.station import Station, announced
from game.instructor.terminal import Remote, speak_lines
from game.instructor.wire import Window, Wire, choose, windows
from game.operator import HELD_WORDS, PAST_WORDS, Operator
from game.ui.lanes import Follower
from game.ui.log import History
from game.ui.prompt import Prompt
from game.ui.trace import Trace
from sim.console import NotUnderstood, complete, parse, parse_command, text_of
from sim.errors import InputError
from sim.history import Both
from sim.model import Model
from sim.orders import INSTRUCTOR
from sim.run import fork, run
from sim.scenario import load
from sim.training.comparison import look_ahead
from sim.training.course import Course
from sim.training.debrief import debrief
from sim.training.evidence import evidence_of
from sim.training.instructor import account
from sim.training.page import page


class Bare(Operator):
    """A window without a picture: first_lesson and its clock."""

    hud = None

    def __init__(self):
        self.scenario = load("first_lesson")
        course = Course(Trace())
        self._model = Model(self.scenario, history=Both(course, Course()))
        self.branching = Branching(self._model)
        self.clock = VirtualClock(0.0, self.scenario.duration, 18)
        self.exercise = Exercise(self._model, self.branching.branch.course, begun=True)

    @property
    def model(self):
        return self.branching.shown

    def toggle_pause(self):
        self.clock.toggle()

    def restart_clock(self):
        self.clock = VirtualClock(self.branching.played.now_s, self.scenario.duration, 18)

    def to(self, t_s):
        self._model.advance(t_s)
        self.exercise.follow(1.0)


@pytest.fixture
def window():
    return Bare()


def said(desk, *lines):
    return [desk.answer({"ask": "say", "line": line}) for line in lines]


def test_orders_wait_are_listed_and_taken_back_and_take_effect(window):
    desk = Desk(window)
    window.to(600.0)
    answers = said(desk, "at 17:20 fault C-01", "at 17:20 fault C-02", "when net > 70 kW for 5m limit site 75 kW",
                   "cancel 2", "cancel 2", "list")
    assert [one.get("done") for one in answers[:4]] == [
        "at 17:20 fault C-01", "at 17:20 fault C-02", "when net > 70 kW for 5m limit site 75 kW", "cancel 2"]
    assert answers[4]["refusal"] == "no order 2 waits, expected one of 1, 3"
    assert answers[5]["lines"] == ["1  at 17:20  fault C-01", "3  when net > 70 kW for 5m  limit site 75 kW"]
    window.to(2400.0)
    given = [(entry["t"], entry["command"]["kind"]) for entry in window._model.commands if entry["source"] == "inject"]
    assert given[0] == (1200.0, "fault_connector") and [kind for _, kind in given] == ["fault_connector", "set_limit"]
    assert desk.answer({"ask": "status"})["waiting"] == []
    assert fork(window._model, 2400.0).world.digest() == window._model.world.digest()
    assert [(one["kind"], one["text"], one["outcome"]) for one in account(evidence_of(window._model, Course()))][:3] == [
        ("order", "at 17:20 fault C-01", "took effect at 17:20"),
        ("order", "at 17:20 fault C-02", "taken back at 17:10"),
        ("order", "when net > 70 kW for 5m limit site 75 kW", f"took effect at 17:{given[1][0] // 60:02.0f}")]


def test_what_waits_is_nowhere_in_sight_of_the_trainee(window):
    desk, follower, history = Desk(window), Follower(), History()
    window.to(600.0)
    said(desk, "at 17:20 fault C-01", "note they have not seen the ring", "limit site 79 kW")
    hub = ("hub", 0)
    lanes = follower.read(window.branching)
    assert not lanes.commands and not lanes.injects and not history.entries(window._model, *hub, 600.0)
    assert window.branching.next_event_s(-1) is None
    ghosts = look_ahead(window._model, command("set_limit", kw=60.0), HOUR)
    assert not any(event["kind"] == "faulted" for event in ghosts.events)
    assert kinds(window._model, "faulted") == []
    window.to(1300.0)
    lanes = follower.read(window.branching)
    assert [tick.words for tick in lanes.injects] == ["17:20  fault C-01"] and not lanes.commands
    assert any(spell.words.startswith("17:20  C-01") for spell in lanes.alarms)
    mine = follower.read(window.branching, instructing=True)
    assert len(mine.injects) == 3


def test_a_look_ahead_knows_of_the_operators_own_orders_alone():
    model = Model(load("first_lesson", {"injects": [{"at": "17:12", "command": "fault C-03"}]}))
    model.advance(600.0)
    model.submit(command("schedule", at="17:20", command=command("fault_connector", connector="C-01")))
    model.submit(command("schedule", at="17:20", command=command("fault_connector", connector="C-02")), INSTRUCTOR)
    twin = model.copy(Course())
    twin.orders.foresee()
    for each in (twin, model):
        each.advance(HOUR)
    assert [e["connector"] for e in twin.events if e["kind"] == "faulted"] == ["C-01"]
    assert [e["connector"] for e in model.events if e["kind"] == "faulted"] == ["C-03", "C-01", "C-02"]


def test_who_took_over_is_obeyed_and_the_trainee_is_not(window):
    desk, order = Desk(window), command("set_limit", kw=50.0)
    assert said(desk, "give back")[0]["refusal"] == "the trainee has the controls"
    assert window.obey(order) is None
    assert "done" in said(desk, "take over")[0] and "already" in said(desk, "take over")[0]["refusal"]
    assert desk.answer({"ask": "status"})["taken_over"]
    for mine in ("limit site 40 kW", "speed 600", "pause", "fork x", "now"):
        assert window.obey(parse(mine, window.model)) == HELD_WORDS
    assert "done" in said(desk, "limit site 30 kW")[0] and window._model.world.hub.import_limit_kw[0] == 30.0
    twin = fork(window._model, 0.0)
    assert twin.commands == window._model.commands, "a run that is resumed is held too"
    said(desk, "give back")
    assert window.obey(order) is None


def test_the_clock_is_the_instructors_and_the_view_is_the_trainees(window):
    desk = Desk(window)
    window.to(1200.0)
    said(desk, "pause")
    assert window.clock.paused
    said(desk, "resume", "speed 600")
    assert not window.clock.paused and window.clock.speed == 600
    for line in ("fork x", "show 17:05", "now", "branch main"):
        assert said(desk, line)[0]["refusal"] == OF_THE_VIEW
        assert desk.answer({"ask": "consider", "line": line})["refusal"] == OF_THE_VIEW
    window.branching.show(600.0)
    assert window.obey(command("set_limit", kw=50.0)) == PAST_WORDS
    assert "done" in said(desk, "limit site 70 kW")[0], "the present takes it though the past is shown"
    assert window._model.world.hub.import_limit_kw[0] == 70.0
    told = desk.answer({"ask": "status"})
    assert told["past"] == "17:10" and told["branch"] is None and window.branching.past
    assert "wrd" in said(desk, "wrd 1")[0]["error"]
    assert "expected status" in desk.answer({"ask": "nothing"})["error"]


def test_an_instructors_words_are_offered_to_instructors_alone(window):
    texts = [one.text for one in complete("", 0, window.model, instructs=True)]
    mine = [one.text for one in complete("", 0, window.model)]
    assert {"take", "give", "cancel", "list"} <= set(texts) and not {"take", "give", "cancel", "list"} & set(mine)
    with pytest.raises(NotUnderstood):
        parse("take over", window.model, instructs=False)
    said(Desk(window), "at 18:00 hint")
    assert [one.text for one in complete("cancel ", 7, window.model, instructs=True)] == ["1"]
    assert parse("annotate it's late, 5 of 9: slow", window.model).text == "it's late, 5 of 9: slow"
    for line in ('note "a, b"', "at 18:00 note two words"):
        assert parse_command(text_of(parse_command(line))) == parse_command(line)


def test_neither_sees_the_others_lines():
    prompt = Prompt()
    prompt.remember("limit site 20 kW")
    prompt.instructs = True
    prompt.remember("fault C-01")
    prompt.begin(None)
    prompt.key("arrow_up")
    assert prompt.text == "fault C-01"
    prompt.instructs = False
    prompt.begin(None)
    prompt.key("arrow_up")
    assert prompt.text == "limit site 20 kW"


def test_the_debrief_has_the_instructor_apart(tmp_path):
    lesson = load("first_lesson")
    orders = [(60.0, command("schedule", at="17:30", command=command("fault_connector", connector="C-01")), INSTRUCTOR),
              (90.0, command("watch", when="net > 500 kW", command=command("set_limit", kw=1.0)), INSTRUCTOR),
              (120.0, command("annotate", text="a <note>"), INSTRUCTOR),
              (1380.0, command("acknowledge_alarm"), "operator"),
              (1500.0, command("set_strategy", strategy="equal_share"), "operator"),
              (2000.0, command("clear_fault", connector="C-01"), INSTRUCTOR)]
    run(lesson, orders, out=tmp_path / "run")
    told = debrief(tmp_path / "run")
    assert told["verified"] and [one["text"] for one in told["decisions"]] == ["acknowledge",
                                                                                "strategy equal_share"]
    assert [(one["kind"], one["outcome"]) for one in told["instructor"]] == [
        ("order", "took effect at 17:30"), ("order", "the condition was never met"), ("note", ""), ("inject", "")]
    texts = [(moment["kind"], moment["text"]) for moment in told["moments"]]
    assert ("inject", "fault C-01") in texts and ("inject", "clear C-01") in texts
    assert not any(text.startswith(("at ", "when ")) for _, text in texts)
    assert told["runs"]["reference"]["points"] < 100.0, "the reference had the fault to deal with too"
    html = page(told)
    assert "The instructor" in html and "a &lt;note&gt;" in html and html.count("took effect at 17:30") == 1


# The wire

@contextmanager
def served(window, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    station, desk, over = Station({"scenario": "first_lesson", "folder": None}), Desk(window), threading.Event()

    def serve():
        while not over.wait(0.002):
            station.serve(desk.answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield station
    finally:
        over.set()
        thread.join()
        station.close()


def test_lines_from_a_pipe_and_from_the_command_line(window, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    nobody = voltyard("instruct")
    assert nobody.returncode == 2 and nobody.stderr.count("\n") == 1 and "no window is open" in nobody.stderr
    with served(window, monkeypatch, tmp_path) as station:
        assert station.path.stat().st_mode & 0o077 == 0
        done = voltyard("instruct", "at 17:20 fault C-01")
        assert (done.returncode, done.stdout) == (0, "done: at 17:20 fault C-01\n")
        for line, why in (("fault X-99", "word 2 'X-99': expected a connector"), ("cancel 4", "refused: no order 4")):
            wrong = voltyard("instruct", line)
            assert wrong.returncode == 2 and why in wrong.stderr and wrong.stderr.count("\n") == 1
        assert voltyard("instruct", "--window", 1).returncode == 2
        told = voltyard("instruct", "--status")
        assert told.stdout.startswith("First lesson | Tue 12 May 17:00:00 | x18 | 20.0 kW of 80")
        assert json.loads(voltyard("instruct", "--status", "--json").stdout)["waiting"] == ["1  at 17:20  fault C-01"]
        wire, out = Wire(choose(None)), io.StringIO()
        assert station.attended
        assert speak_lines(wire, io.StringIO("# a comment\nlist\nhelp\nstatus\nlimit\nquit\npause\n"), out) == 1
        lines = out.getvalue().splitlines()
        assert lines[0].startswith("1  at 17:20") and lines[-1].startswith("word 2") and len(lines) == len(HELP) + 3
        remote = Remote(wire)
        assert [one.text for one in remote.complete("take ", 5)] == ["over"]
        prompt = Prompt(remote.complete, remote.consider)
        prompt.begin(None)
        prompt.insert("give back")
        assert prompt.says == ("would be refused: the trainee has the controls", "fault")
        wire.close()
    assert not windows() and not list(announced().glob("*"))


def test_only_who_knows_the_token_is_heard(window, monkeypatch, tmp_path):
    with served(window, monkeypatch, tmp_path) as station:
        known = choose(None)
        stranger = Window(known.pid, known.port, "0" * 32, "x", None, known.path)
        with pytest.raises(InputError, match="does not answer"):
            Wire(stranger)
        for noise in (b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b"\xff\xfe\n", b"x" * 70_000):
            with socket.create_connection(("127.0.0.1", known.port), 5.0) as raw:
                try:
                    raw.sendall(noise)
                    raw.shutdown(socket.SHUT_WR)
                    assert raw.recv(100) == b""
                except ConnectionError:
                    pass
        assert not station.attended and not window._model.commands
        Wire(known).close()


def test_what_a_killed_window_left_is_cleared_away(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    announced().mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = announced() / "77.json"
    path.write_text(json.dumps({"pid": 77, "port": port, "token": "x", "scenario": "s"}))
    (announced() / "78.json").write_text("{")
    with pytest.raises(InputError, match="no window is open"):
        choose(None)
    assert not path.exists()


# The screen

@pytest.mark.parametrize("width, height", [(120, 40), (80, 24), (50, 14)])
def test_the_screen_fits_and_has_the_line_at_the_cursor(window, width, height):
    desk = Desk(window)
    said(desk, *[f"at 18:{k:02d} fault C-01" for k in range(9)], "take over")
    window.to(1800.0)
    told = desk.answer({"ask": "status"})
    prompt = Prompt()
    prompt.instructs = True
    prompt.begin(window.model, "limit ")
    shown = screen(told, told["news"], prompt, [], width, height)
    rows = ["".join(span.text for span in line) for line in shown.lines]
    assert len(rows) <= height and max(map(len, rows)) <= width
    assert rows[shown.cursor[0]].startswith("# limit") and shown.cursor[1] == 8
    assert "First lesson" in rows[0] and rows[0].count("17:30:00") == 1
    assert status_line(told).count("\n") == 0


def test_news_come_once(window):
    desk = Desk(window)
    said(desk, "limit site 70 kW")
    first = desk.answer({"ask": "status"})
    assert [(one["who"], one["text"]) for one in first["news"]] == [("instructor", "limit site 70 kW")]
    window.obey(command("set_limit", kw=65.0))
    second = desk.answer({"ask": "status", "since": first["since"]})
    assert [(one["who"], one["text"]) for one in second["news"]] == [("operator", "limit site 65 kW")]
    assert desk.answer({"ask": "status", "since": second["since"]})["news"] == []


# What else is said at the window

def test_undo_is_a_branch_without_the_last_command(window):
    window.to(600.0)
    assert window.obey(parse("undo")) == "there is no command to undo"
    for t_s, line in ((700.0, "strategy equal_share"), (900.0, "limit site 50 kW"), (950.0, "acknowledge")):
        window.to(t_s)
        assert window.obey(parse(line)) is None
    said(Desk(window), "limit site 40 kW")
    window.to(1200.0)
    assert window.obey(parse("undo")) is None
    branching = window.branching
    assert branching.branch.name == "undo-1" and branching.played.now_s == 900.0 and branching.other.name == "main"
    assert [entry["command"]["kind"] for entry in branching.played.commands] == ["set_strategy"]
    assert window.obey(parse("undo")) is None and branching.branch.name == "undo-2" and branching.played.now_s == 700.0
    assert branching.tree.branches["main"].model.now_s == 1200.0, "nothing is lost"


def test_any_session_is_saved_as_a_scenario(window, tmp_path):
    window.out = tmp_path
    window.to(600.0)
    said(Desk(window), "at 17:20 fault C-01", "take over")
    said(Desk(window), "strategy equal_share", "give back")
    assert window.obey(parse("save mine")) is None
    assert "exists already" in window.obey(parse("save mine"))
    with pytest.raises(NotUnderstood):
        parse('save "../mine"')
    window.to(window.scenario.duration)
    again = Model(load(str(tmp_path / "mine.toml")))
    again.advance(again.duration_s)
    assert again.world.digest() == window._model.world.digest()
