"""Every key: what it does and how the help card says it. Actions and help read the same table,
so that they cannot disagree.

Names are Panda's, with "control-" or "shift-" in front; `act` names a method of the app.
"""

from __future__ import annotations

from dataclasses import dataclass

from game.look import Overlay, View


@dataclass(frozen=True)
class Key:
    """`names` call the app's method `act` with `args`; the help card shows `shown` and `words` in
    `group`. A mouse gesture or a key that acts while held has no `act`; `words` may be empty where
    another line speaks for the key."""

    group: str
    shown: str
    words: str
    names: tuple[str, ...] = ()
    act: str = ""
    args: tuple = ()


GROUPS = ("Run", "Command and past", "Select", "Camera", "Show", "Panels")
VIEW_KEYS = {view: f"f{int(view) + 2}" for view in View}

KEYS = (
    Key("Run", "Space", "pause or run", ("space",), "toggle_pause"),
    Key("Run", "+  \u2212", "faster, slower; also ] and [", ("+", "=", "]"), "faster"),
    Key("Run", "", "", ("-", "["), "slower"),
    Key("Run", "Ctrl Q", "quit", ("control-q",), "quit"),

    Key("Command and past", ";", "command line: Tab completes, Up recalls", (";", "shift-;", "`"), "open_prompt"),
    Key("Command and past", "C", "timeline of the recorded past", ("c",), "toggle_timeline"),
    Key("Command and past", "Shift Left", "a step earlier; Shift Right later", ("shift-arrow_left",), "scrub_by", (-1,)),
    Key("Command and past", "", "", ("shift-arrow_right",), "scrub_by", (1,)),
    Key("Command and past", "Shift PgDn", "the next event; Shift PgUp the last", ("shift-page_down",), "step_event", (1,)),
    Key("Command and past", "", "", ("shift-page_up",), "step_event", (-1,)),
    Key("Command and past", "End", "back to now", ("end",), "show_now"),
    Key("Command and past", "Y", "fork a branch here", ("y",), "ask_fork"),
    Key("Command and past", "Z", "go over to the next branch", ("z",), "next_branch"),
    Key("Command and past", "Shift Z", "two branches side by side", ("shift-z",), "toggle_beside"),
    Key("Command and past", "I", "begin the lesson; at its end its sheet", ("i",), "begin_exercise"),
    Key("Command and past", "Shift F12", "a film of the debrief's key moments", ("shift-f12",), "film_debrief"),
    Key("Command and past", "Ctrl I", "instructor: commands that stay hidden", ("control-i",), "toggle_instructor"),

    Key("Select", "Click", "a vehicle, connector, station or the hub"),
    Key("Select", "Tab", "the next vehicle", ("tab",), "next_vehicle"),
    Key("Select", "U", "what it hangs on: connector, station, hub", ("u",), "select_above"),
    Key("Select", "N  X", "its card's buttons: session, service", ("n",), "give_command", (0,)),
    Key("Select", "", "", ("x",), "give_command", (1,)),
    Key("Select", "Esc", "back: help, presentation, selection", ("escape",), "clear"),
    Key("Select", "J", "jump to the worst alarm", ("j",), "jump_to_alarm"),
    Key("Select", "K", "acknowledge the worst alarm; Shift K all", ("k",), "acknowledge"),
    Key("Select", "", "", ("shift-k",), "acknowledge_all"),
    Key("Select", "M", "alarm sound on or off", ("m",), "toggle_sound"),

    Key("Camera", "Drag", "orbit; with Shift or the middle button pan"),
    Key("Camera", "Wheel", "closer, farther"),
    Key("Camera", "W A S D", "move; arrows and Q E turn"),
    Key("Camera", "F", "fly to the selection", ("f",), "frame_selection"),
    Key("Camera", "T", "follow the selection", ("t",), "toggle_follow"),
    Key("Camera", "O", "turn by itself", ("o",), "toggle_turning"),
    Key("Camera", "B", "next place; Shift B the one before", ("b",), "next_place", (1,)),
    Key("Camera", "", "", ("shift-b",), "next_place", (-1,)),
    Key("Camera", "Ctrl B", "keep this place", ("control-b",), "keep_place"),
    Key("Camera", "R", "the whole site", ("r",), "show_site"),

    Key("Show", "F2 to F5", "Integrated, V2G, OCPP, Performance"),
    *(Key("Show", "", "", (VIEW_KEYS[view],), "show_view", (view,)) for view in View),
    Key("Show", "F6", "what this is built with, what it costs now", ("f6",), "toggle_technology"),
    Key("Show", "1 to 4", "overlay: flow, SoC, load, voltage"),
    Key("Show", "5 to 7", "price, health, connectivity"),
    *(Key("Show", "", "", (str(int(overlay)),), "toggle_overlay", (overlay,))
      for overlay in Overlay if overlay),
    Key("Show", "G", "another way to draw flows", ("g",), "next_flow"),
    Key("Show", "V", "quality: automatic, or the next tier", ("v",), "next_quality"),
    Key("Show", "P", "presentation: no panels", ("p",), "toggle_presentation"),
    Key("Show", "F11", "full screen", ("f11",), "toggle_fullscreen"),
    Key("Show", "F12", "save a picture", ("f12",), "save_picture"),
    Key("Show", "Ctrl E", "edit a film of this run, and come back", ("control-e",), "edit_film"),

    Key("Panels", ".  ,", "next panel, the one before", (".",), "focus_panel", (1,)),
    Key("Panels", "", "", (",",), "focus_panel", (-1,)),
    Key("Panels", "Enter", "open or close it; Shift Enter moves it", ("enter",), "fold_panel"),
    Key("Panels", "", "", ("shift-enter",), "move_panel"),
    Key("Panels", "PgUp PgDn", "row by row through its table", ("page_down",), "step_row", (1,)),
    Key("Panels", "", "", ("page_up",), "step_row", (-1,)),
    Key("Panels", "/  \\", "sort by the next column; filter", ("/",), "sort_table"),
    Key("Panels", "", "", ("\\",), "filter_table"),
    Key("Panels", "L", "next layout; Shift L saves this one", ("l",), "next_layout"),
    Key("Panels", "", "", ("shift-l",), "name_layout"),
    Key("Panels", "Ctrl +  \u2212", "larger, smaller panels; Ctrl 0 resets",
        ("control-+", "control-="), "scale_panels", (1,)),
    Key("Panels", "", "", ("control--",), "scale_panels", (-1,)),
    Key("Panels", "", "", ("control-0",), "scale_panels", (0,)),
    Key("Panels", "F1  H", "this card", ("f1", "h"), "toggle_help"),
)


def actions(app, table: tuple[Key, ...] = KEYS) -> dict:
    """What each key of a table does: actions without arguments, by the key's name."""
    def bound(key: Key):
        method, args = getattr(app, key.act), key.args
        return lambda: method(*args)
    return {name: bound(key) for key in table for name in key.names}


def name_of(event: str) -> tuple[set[str], str]:
    """The modifiers and the key of a Panda button event such as "shift-control-=" or "control--"."""
    head, dash, key = event.rpartition("-")
    if not key:
        head, key = head.rstrip("-"), "-"
    return set(filter(None, head.split("-"))), key
