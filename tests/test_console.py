"""The language of commands: a line and its command lead to each other, and errors name the word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import ANY_COMMAND, HOUR, command, scenario, visit, visits, zone

from sim import console
from sim.commands import COMMANDS
from sim.console.forms import FORMS, SESSION_KINDS
from sim.errors import InputError
from sim.model import Model
from sim.run import read_commands
from sim.scenario import load


@pytest.fixture(scope="module")
def depot() -> Model:
    model = Model(load("evening_peak"))
    model.advance(4 * HOUR)
    return model


def session(kind: str, **facts):
    return console.SESSION.validate_python({"kind": kind, **facts})


SAID = [
    ("limit depot 250 kW", command("set_limit", kw=250.0)),
    ("LIMIT pool export 12.5kw", command("set_limit", zone="pool", direction="export", kw=12.5)),
    ("limit site none", command("set_limit", kw=None)),
    ("strategy pool grid_support", command("set_strategy", zone="pool", strategy="grid_support")),
    ("strategy grid_support", command("set_strategy", strategy="grid_support")),
    ("connector C-07 out-of-service", command("out_of_service", connector="C-07")),
    ("connector c-07 in-service", command("back_in_service", connector="C-07")),
    ("reserve C-03 BUS-02 20:00",
     command("reserve_connector", connector="C-03", vehicle="BUS-02", until="20:00")),
    ("reserve C-03 for 1h 30m", command("reserve_connector", connector="C-03", duration="1h 30m")),
    ("price override -0.45 for 30m", command("price_override", price=-0.45, duration="30m")),
    ("dispatch fleet -120 kW until 20:00", command("dispatch", kw=-120.0, until="20:00")),
    ("dispatch pool off", command("dispatch", kw=None, zone="pool")),
    ("power C-02 -5 kW", command("set_connector_power", connector="C-02", kw=-5.0)),
    ("power C-02 free", command("set_connector_power", connector="C-02", kw=None)),
    ("fault C-01", command("fault_connector", connector="C-01")),
    ("fault C-01 groundfailure", command("fault_connector", connector="C-01", error_code="GroundFailure")),
    ("clear C-01", command("clear_fault", connector="C-01")),
    ("stop C-01", command("stop_session", connector="C-01")),
    ("start C-01", command("start_session", connector="C-01")),
    ("unreserve C-01", command("cancel_reservation", connector="C-01")),
    ("offline S-01", command("set_station_offline", station="S-01", offline=True)),
    ("online S-01", command("set_station_offline", station="S-01", offline=False)),
    ("disturb -45 MW", command("disturb_grid", mw=-45.0)),
    ("disturb -45 for 90", command("disturb_grid", mw=-45.0, duration=90.0)),
    ("at 20:30 limit pool 20 kW",
     command("schedule", at="20:30", command=command("set_limit", zone="pool", kw=20.0))),
    ("when stress > 0.9 for 10m: strategy mpc",
     command("watch", when="stress > 0.9 for 10m", command=command("set_strategy", strategy="mpc"))),
    ("speed 600", session("speed", factor=600.0)), ("pause", session("pause")),
    ("play", session("resume")), ('fork "plan b"', session("fork", name="plan b")),
]


@pytest.mark.parametrize("line, meant", SAID)
def test_what_a_line_says(depot, line, meant):
    assert console.parse(line, depot) == meant
    text = console.text_of(meant)
    assert console.parse(text, depot) == console.parse(text) == meant
    assert console.consider(line, depot).text == text


def test_every_command_can_be_said():
    tags = COMMANDS.json_schema()["discriminator"]["mapping"]
    assert {form.kind for form in FORMS} == {*tags, *SESSION_KINDS}


@given(ANY_COMMAND)
def test_a_command_is_what_its_text_says(order):
    assert console.parse(console.text_of(order)) == order


NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_any_name_can_be_said(one, other):
    for order in (command("set_strategy", zone=one, strategy="mpc"),
                  command("reserve_connector", connector=one, vehicle=other, duration="2h"),
                  command("dispatch", zone=one, kw=3.0), command("set_limit", zone=other, kw=1e-7),
                  session("fork", name=one)):
        assert console.parse(console.text_of(order)) == order


@pytest.mark.parametrize("name", ["site", "fleet", "none", "until", "18:30", "250", 'a "b" \\', "a b", "export"])
def test_names_like_words_of_the_language(name):
    site = scenario(zone(name))
    for order in (command("set_limit", zone=name, kw=3.0), command("dispatch", zone=name, kw=3.0, until="02:00")):
        assert console.parse(console.text_of(order), site) == order


@pytest.mark.parametrize("line, at, expected", [
    ("", 0, "limit"), ("frobnicate 3", 0, "command"), ("limti site 3", 0, "limit"), ("limit", 5, "a zone"),
    ("limit nowhere 3", 6, "a zone such as"), ("limit pool 3 MW", 11, "a limit in kW, not MW"),
    ("limit pool 3MWh", 11, "not MWh"),
    ("limit pool", 10, "a limit in kW"), ("limit pool -4 kW", 11, "0"), ("strategy pool magc", 14, "a strategy"),
    ("reserve C-03", 12, "'until'"), ("reserve C-3 20:00", 8, "a connector such as C-"),
    ("price override x for 3", 15, "a price"), ("price override 3", 16, "'for'"),
    ("dispatch fleet 3 until 20:00 for 1h", 29, "the end"), ("dispatch fleet 3 until soon", 23, "a time"),
    ("connector C-07 out", 15, "'out-of-service'"), ("fault C-01 Groundfail", 11, "GroundFailure"),
    ("at 18:30", 8, "limit"), ("at noon stop C-01", 3, "a time"), ("at 20:30 at 21:00 stop C-01", 9, "expected"),
    ("at 20:30 pause", 9, "limit"), ("when stress stop C-01", 12, ">"), ("when sterss > 1 stop C-01", 5, "stress"),
    ("when stress > 0.9", 17, "limit"), ("speed 0.5", 6, "1"), ("speed 1e9", 6, "3600"), ("fork", 4, "a name"),
    ('limit "poo', 6, "a quote"), ("limit site nan", 11, "a limit in kW"), ("at 0d 06:00 stop C-01", 3, "after the start"),
])
def test_an_error_names_the_word_and_what_was_expected_there(depot, line, at, expected):
    with pytest.raises(console.NotUnderstood) as error:
        console.parse(line, depot)
    assert error.value.start == at and expected in str(error.value)
    assert f"word {len(line[:at].split()) + 1}" in str(error.value)
    assert "\n" not in str(error.value)


def test_what_the_session_is_asked_is_no_command_of_the_model(depot):
    with pytest.raises(console.NotUnderstood, match="word 1 'pause'"):
        console.parse_command("pause", depot)


def test_a_clock_time_is_the_next_one():
    model = Model(scenario(duration="3d"), visits())
    model.advance(30 * HOUR)  # 06:00 on the second day
    for said, meant in (("07:00", "1d 07:00"), ("06:00", "1d 06:00"), ("05:59", "2d 05:59"), ("2d 01:00", "2d 01:00")):
        assert console.parse(f"dispatch fleet 3 until {said}", model).until == meant
    later = console.parse("at 2d 01:00 reserve C-01 00:30", model)
    assert later.command.until == "3d 00:30", "until counts from when the command is given"


class TestCompletion:
    def texts(self, model, line):
        return [one.text for one in console.complete(line, len(line), model)]

    def test_the_first_word(self, depot):
        assert set(self.texts(depot, "")) >= {"limit", "strategy", "at", "when", "speed", "fork"}
        assert self.texts(depot, "li") == ["limit", "line"]

    def test_names_and_words_that_fit(self, depot):
        assert self.texts(depot, "limit p") == ["pool"]
        assert self.texts(depot, "limit ")[:2] == ["site", "tour"]
        assert {"import", "export", "none"} <= set(self.texts(depot, "limit pool "))
        assert self.texts(depot, "strategy grid") == ["grid_support"]
        assert set(self.texts(depot, "dispatch fleet 10 kW ")) == {"for", "until"}
        assert "stress" in self.texts(depot, "when ") and "limit" in self.texts(depot, "when stress > 0.9 ")
        assert "pause" not in self.texts(depot, "at 20:00 ")

    def test_what_stands_behind_the_cursor_does_not_count(self, depot):
        got = console.complete("limit po 30 kW", 8, depot)
        assert [(one.text, one.start, one.end) for one in got] == [("pool", 6, 8)]

    def test_each_has_a_meaning_of_one_line(self, depot):
        for line in ("", "limit ", "connector ", "reserve C-03 ", "fault C-01 ", "strategy ", "when "):
            got = console.complete(line, len(line), depot)
            assert got and all(one.meaning and "\n" not in one.meaning for one in got)

    def test_what_would_be_refused_says_why_and_comes_last(self):
        model = Model(scenario(zone(count=3)), visits(visit(connector="C-02")))
        model.submit(command("fault_connector", connector="C-03"))
        got = console.complete("clear ", 6, model)
        assert [one.text for one in got] == ["C-03", "C-01", "C-02"]
        assert [one.refusal for one in got] == [None, "C-01 has no fault", "C-02 has no fault"]
        assert "Faulted" in got[0].meaning

    @given(st.text("limtsrapo -0.9>w'\"\\C3", max_size=20))
    def test_nothing_that_is_typed_breaks_it(self, depot, line):
        console.complete(line, len(line), depot)
        seen = console.consider(line, depot)
        assert (seen.command is None) == (seen.error is not None)


def test_a_prompt_sees_why_a_command_would_be_refused(depot):
    seen = console.consider("dispatch fleet -9000 kW", depot)
    assert seen.error is None and "take back at most" in seen.refusal
    assert console.consider("dispatch fleet -90 kW", depot).refusal is None
    assert console.consider("pause", depot).refusal is None


def test_scenarios_take_commands_as_text():
    site = scenario(zone(), injects=[{"at": "01:00", "command": "limit z 5 kW"}])
    assert site.injects[0].command == command("set_limit", zone="z", kw=5.0)
    with pytest.raises(InputError, match="injects.0.command: word 3 'x': expected a limit in kW"):
        scenario(zone(), injects=[{"at": "01:00", "command": "limit z x"}])


def test_command_files_take_lines_of_text(tmp_path):
    path = tmp_path / "c.txt"
    path.write_text('# a plan\nstrategy mpc\nat 01:30 limit z 5 kW\n'
                    '{"t": 60, "command": "limit site none"}\nwhen stress > 0.5 stop C-01\n')
    got = [(t, order.kind) for t, order, _ in read_commands(path, scenario(zone()))]
    assert got == [(0.0, "set_strategy"), (5400.0, "set_limit"), (60.0, "set_limit"), (0.0, "watch")]
    path.write_text("limit z 5\nlimit nowhere 5\n")
    with pytest.raises(InputError, match="c.txt: line 2: word 2 'nowhere'"):
        read_commands(path, scenario(zone()))


def test_infinite_limits_are_not_said():
    with pytest.raises(console.NotUnderstood):
        console.parse("limit site inf")
