"""Panels for real: tabs, keys, tables, docks and alarms in a window that xdotool moves."""

import json
import time

from windows import click, in_view

LIMIT = {"kind": "set_limit", "direction": "import", "kw": 1.0}


def middle(rect):
    return rect[0] + rect[2] / 2, rect[1] + rect[3] / 2


def heading(state, panel):
    x, y, width, _ = state["panels"][panel][0]
    return x + width / 2, y + 12


def test_tabs_and_keys_choose_the_view(window):
    state = window.still()
    assert state["view"] == "INTEGRATED" and "fleet" in state["panels"]
    click(window, *middle(state["tabs"]["OCPP"]))
    state = window.wait(lambda s: s["view"] == "OCPP")
    window.wait(lambda s: "connectors" in s["panels"] and "fleet" not in s["panels"])
    window.key("F5")
    window.wait(lambda s: s["view"] == "PERFORMANCE" and "frames" in s["panels"])
    window.key("F3")
    window.wait(lambda s: s["view"] == "V2G")
    window.key("2")
    window.wait(lambda s: s["overlay"] == "SOC")


def test_every_overlay_has_its_key_and_its_legend(window):
    legends = set()
    for key, name in enumerate(("FLOW", "SOC", "LOAD", "VOLTAGE", "PRICE", "HEALTH", "CONNECTIVITY"), 1):
        window.key(str(key))
        state = window.wait(lambda s: s["overlay"] == name and s["legend"] not in legends)
        legends.add(state["legend"])
    window.key("7")
    window.wait(lambda s: s["overlay"] == "NONE" and s["legend"] not in legends)
    window.key("g")
    window.wait(lambda s: s["flow"] == "PARTICLES")


def test_the_performance_view_tells_what_was_measured(window):
    window.key("F5")
    state = window.wait(lambda s: "Frame rate" in s["measured"] and float(s["measured"]["Events so far"]) > 0)
    told = state["measured"]
    assert told["Quality"] == "Medium" and told["Why"] == "chosen by hand"
    assert 0.0 < float(told["CPU scene and panels"]) and 0.0 < float(told["Drawing"])
    assert int(told["Draw calls"]) > 10 and int(told["Full bodies"]) + int(told["Simple bodies"]) == len(state["vehicles"])
    assert {"frames", "drawn", "pace"} <= set(state["panels"])
    window.key("F2")


def test_a_row_selects_in_the_scene_and_the_scene_finds_the_row(window):
    window.key("F4")
    state = window.wait(lambda s: s["table"])
    x, y, width, _ = state["panels"]["connectors"][0]
    # Heading, filters and the table's head are 26, 22 and 22 high; then come the rows.
    click(window, x + width / 2, y + 26 + 22 + 22 + 10)
    state = window.wait(lambda s: s["selected"] is not None)
    assert state["selected"] == ["connector", state["table"][0]]
    window.key("Next")
    window.wait(lambda s: s["selected"] == ["connector", state["table"][1]])
    window.key("Prior")
    window.wait(lambda s: s["selected"] == ["connector", state["table"][0]])
    window.key("slash")
    window.wait(lambda s: s["sorted"][0] == 1)
    window.key("backslash")
    state = window.wait(lambda s: s["sorted"][2] == 1)
    assert window.wait(lambda s: len(s["table"]) < 8)


def test_a_vehicle_that_is_clicked_is_marked_in_the_table_that_is_open(window):
    window.key("F4")
    state = window.wait(lambda s: s["table"] and s["view"] == "OCPP")
    assert state["marked"] is None
    name, at = in_view(window.still())
    click(window, *at)
    state = window.wait(lambda s: s["selected"] == ["vehicle", name] and s["marked"])
    assert state["marked"] in state["table"]
    window.key("Escape")
    window.wait(lambda s: s["marked"] is None)


def test_a_click_on_a_heading_folds_and_picks_nothing(window):
    state = window.still()
    assert state["panels"]["fleet"][1]
    click(window, *heading(state, "fleet"))
    window.wait(lambda s: not s["panels"]["fleet"][1])
    assert window.state()["selected"] is None and window.still()["pose"] == state["pose"]
    assert window.state()["focus"] == "fleet"
    window.key("Return")
    window.wait(lambda s: s["panels"]["fleet"][1])
    window.key("period")
    window.wait(lambda s: s["focus"] == "grid")


def test_a_heading_that_is_dragged_moves_its_panel(window):
    state = window.still()
    x, y = heading(state, "fleet")
    window.tool("mousemove", "--window", window.id, round(x), round(y))
    window.state()
    window.tool("mousedown", 1)
    for step in range(1, 13):
        window.tool("mousemove", "--window", window.id, round(x) + 80 * step, round(y) + 10 * step)
        window.state()
        time.sleep(0.03)
    window.tool("mouseup", 1)
    after = window.wait(lambda s: s["panels"]["fleet"][2] == "right" and s["panels"]["fleet"][0][0] > 900)
    assert after["pose"] == state["pose"]
    window.key("period")
    window.wait(lambda s: s["focus"] is not None)
    for _ in range(12):
        if window.state()["focus"] == "grid":
            break
        window.key("period")
        window.state()
    window.key("shift+Return")
    window.wait(lambda s: s["panels"]["grid"][2] == "right")


def test_alarms_sound_once_are_jumped_to_and_acknowledged(window):
    home = window.still()
    assert home["alarms"] == [] and "alerts" not in home["panels"]
    window.state(LIMIT)
    state = window.wait(lambda s: s["alarms"] and "alerts" in s["panels"])
    assert state["alarms"][0] == ["Grid connection", False, True] and state["played"] == 1
    window.key("j")
    state = window.wait(lambda s: s["selected"] == ["hub", "hub"])
    window.wait(lambda s: s["pose"]["target"][1] > 5.0)   # at the hub's middle
    window.key("k")
    window.wait(lambda s: s["alarms"][0] == ["Grid connection", True, True])
    window.state({**LIMIT, "kw": None})
    window.wait(lambda s: s["alarms"] == [])
    window.key("m")
    window.wait(lambda s: not s["sound"])
    window.state(LIMIT)
    state = window.wait(lambda s: s["alarms"] and "alerts" in s["panels"])
    assert state["played"] == 1
    time.sleep(0.5)  # the list has its place once it has been drawn
    x, y, width, _ = window.state()["panels"]["alerts"][0]
    click(window, x + width - 40, y + 26 + 11)
    window.wait(lambda s: s["alarms"][0][1])


def test_presentation_has_no_panels_and_clicks_go_through(window):
    window.still()
    window.key("p")
    state = window.wait(lambda s: not s["panels_shown"])
    name, at = in_view(state)
    click(window, *at)
    window.wait(lambda s: s["selected"] == ["vehicle", name])
    window.key("Escape")
    window.wait(lambda s: s["panels_shown"])


def test_the_camera_turns_follows_and_goes_from_place_to_place(window):
    home = window.still()
    window.key("o")
    window.wait(lambda s: s["turning"] and abs(s["pose"]["yaw"] - home["pose"]["yaw"]) > 0.5)
    window.key("o")
    window.wait(lambda s: not s["turning"])
    window.key("t")
    assert not window.state()["following"]
    window.key("Tab")
    window.key("t")
    window.wait(lambda s: s["following"])
    target = home["pose"]["target"]
    window.wait(lambda s: s["pose"]["target"] != target)
    window.key("b")
    window.wait(lambda s: not s["following"])
    there = window.still()["pose"]
    window.key("shift+b")
    window.wait(lambda s: s["pose"] != there)
    window.key("r")
    window.wait(lambda s: s["pose"] == home["pose"])


def test_keys_go_from_a_vehicle_up_to_the_hub_and_give_its_commands(window):
    state = window.still()
    vehicle, _ = in_view(state)
    click(window, *state["vehicles"][vehicle])
    window.wait(lambda s: s["selected"] == ["vehicle", vehicle])
    window.key("x")
    window.wait(lambda s: s["out_of_service"] == 1)
    window.key("x")
    window.wait(lambda s: s["out_of_service"] == 0)
    for kind in ("connector", "station", "hub", "vehicle"):
        window.key("u")
        window.wait(lambda s: s["selected"][0] == kind)
    window.key("Escape")


def test_a_place_is_kept_and_found_again(window, tmp_path):
    window.still()
    asked = {"target": [2.0, 0.0, -3.0], "distance": 30.0, "yaw": 40.0, "pitch": 30.0}
    there = window.state(asked)["pose"]
    window.key("ctrl+b")
    window.key("r")
    window.wait(lambda s: s["pose"] != there)
    kept = json.loads((tmp_path / "home" / "voltyard" / "places.json").read_text())
    assert kept["window / test"]["place 1"]["distance"] == there["distance"]
    window.still()
    window.key("shift+b")
    window.key("b")
    assert window.still()["pose"] == there
    window.key("r")


def test_panels_grow_and_stay_in_the_picture(window):
    window.still()
    for step in range(1, 7):  # as far as all that the panels have finds room
        window.key("ctrl+plus" if step % 2 else "ctrl+equal")
        window.wait(lambda s: abs(s["scale"] - min(1.1 ** step, 1.6)) < 1e-6)
    state = window.still()
    assert state["bounds"][0] <= 1280 and state["bounds"][1] <= 720
    window.key("ctrl+minus")
    window.wait(lambda s: abs(s["scale"] - 1.6 / 1.1) < 1e-6)
    window.key("ctrl+0")
    window.wait(lambda s: s["scale"] == 1.0)


def test_a_layout_is_saved_under_its_name(window, tmp_path):
    click(window, *heading(window.still(), "fleet"))
    window.wait(lambda s: not s["panels"]["fleet"][1])
    speed = window.state()["speed"]
    window.key("shift+l")
    for key in ("shift+m", "y", "space", "1", "Return"):
        window.key(key)
    window.wait(lambda s: s["layout"] == "My 1")
    state = window.state()
    assert state["speed"] == speed and state["sound"]  # letters did nothing else
    saved = json.loads((tmp_path / "home" / "voltyard" / "layouts.json").read_text())
    assert ["fleet", "left", False] in saved["My 1"]["integrated"]
    window.key("l")
    window.wait(lambda s: s["layout"] == "standard" and s["panels"]["fleet"][1])
