"""The command line, the timeline and branches for real: keys and clicks in a window that xdotool moves."""

from windows import click, in_view
from windows_served import START_S


def write(window, text):
    window.tool("type", "--delay", "25", text)


def test_a_typed_command_is_completed_foreseen_and_sent(window):
    window.key("space")
    window.wait(lambda s: s["paused"])
    window.key("semicolon")
    assert window.wait(lambda s: s["prompt"][0])["prompt"][1] == ""
    write(window, "lim")
    window.wait(lambda s: s["prompt"][1] == "lim")
    window.tool("key", "Tab")
    window.wait(lambda s: s["prompt"][1] == "limit ")
    write(window, "site 31 kW")
    state = window.wait(lambda s: s["prompt"][1] == "limit site 31 kW" and s["ahead"])
    assert state["prompt"][2:] == ["Enter sends: limit site 31 kW", "text"] and not state["log"]
    window.tool("key", "Return")
    state = window.wait(lambda s: not s["prompt"][0])
    assert state["limit_kw"] == 31.0 and state["log"] == [["operator", "set_limit"]]
    window.key("semicolon")
    window.tool("key", "Up")
    window.wait(lambda s: s["prompt"][1] == "limit site 31 kW")
    window.tool("key", "Escape")
    window.wait(lambda s: not s["prompt"][0])
    window.key("grave")
    write(window, "speed 600")
    window.tool("key", "Return")
    window.wait(lambda s: s["speed"] == 600 and s["paused"])


def test_a_refusal_is_read_before_it_is_sent_and_a_click_says_its_line(window):
    name, at = in_view(window.still())
    click(window, *at)
    window.wait(lambda s: s["selected"] == ["vehicle", name])
    click(window, *window.state()["service_button"])
    state = window.wait(lambda s: s["out_of_service"] == 1)
    words = state["said"][-1].split()
    assert words[0] == "connector" and words[-1] == "out-of-service"
    window.key("semicolon")
    window.tool("key", "Up")
    state = window.wait(lambda s: s["prompt"][1] == state["said"][-1])
    assert state["prompt"][3] == "fault" and "refused" in state["prompt"][2]
    window.tool("key", "Return")
    assert window.wait(lambda s: s["prompt"][0])["log"] == state["log"]


def test_the_past_is_dragged_out_of_the_timeline_and_forked(window):
    window.key("semicolon")
    write(window, "limit site 40 kW")
    window.tool("key", "Return")
    window.wait(lambda s: s["limit_kw"] == 40.0)
    window.key("c")
    state = window.wait(lambda s: s["timeline"] and s["ticks"])
    left, right, y, duration_s = state["timeline"]
    assert state["ticks"][0].endswith("limit site 40 kW")

    def at(t_s):
        return round(left + (right - left) * t_s / duration_s), round(y)

    window.tool("mousemove", "--window", window.id, *at(START_S - 600.0))
    window.state()
    window.tool("mousedown", 1)
    for hours in (5.5, 4.0, 3.0):
        window.tool("mousemove", "--window", window.id, *at(START_S - (6.0 - hours) * 3600.0))
        window.wait(lambda s: s["past"] and abs(s["target_s"] - hours * 3600.0) < 300.0)
    window.tool("mouseup", 1)
    state = window.wait(lambda s: s["seen_s"] == s["target_s"])
    assert state["selected"] is None and state["limit_kw"] > 1e6 or state["limit_kw"] != 40.0
    window.key("shift+Right")
    window.wait(lambda s: s["target_s"] == state["target_s"] + 300.0 and s["seen_s"] == s["target_s"])
    window.key("semicolon")
    write(window, "limit site 5 kW")
    window.tool("key", "Return")
    window.wait(lambda s: "past" in s["prompt"][2] and s["prompt"][3] == "fault")
    window.tool("key", "Escape")
    window.key("y")
    write(window, "plan b")  # two words want quotes
    window.tool("key", "Return")
    refused = window.wait(lambda s: s["prompt"][3] == "warning")
    assert refused["prompt"][0]
    for _ in range(6):
        window.tool("key", "BackSpace")
    write(window, "cheap")
    window.tool("key", "Return")
    state = window.wait(lambda s: s["branch"] == "cheap")
    assert not state["past"] and state["other"] == "main" and "branches" in state["panels"]
    assert abs(state["seen_s"] - (3 * 3600.0 + 300.0)) < 1800.0
    window.key("z")
    state = window.wait(lambda s: s["branch"] == "main")
    assert state["limit_kw"] == 40.0 and state["played_s"] >= START_S and state["beside"] is None
    window.key("shift+z")
    window.wait(lambda s: s["beside"] == "cheap")
    window.key("shift+z")
    window.wait(lambda s: s["beside"] is None)
    window.key("shift+Prior")
    window.wait(lambda s: s["past"] and s["target_s"] <= state["played_s"])
    window.key("End")
    window.wait(lambda s: not s["past"])


def test_what_the_instructor_says_is_not_in_the_trainees_lanes(window):
    window.key("c")
    window.key("ctrl+i")
    window.key("semicolon")
    write(window, "fault")
    window.wait(lambda s: s["prompt"][1] == "fault")
    window.tool("key", "space")
    window.tool("key", "Tab")
    window.tool("key", "Return")
    state = window.wait(lambda s: s["log"])
    assert state["log"] == [["instructor", "fault_connector"]]
    window.wait(lambda s: s["ticks"])
    window.key("ctrl+i")
    window.wait(lambda s: s["ticks"] == [])
