"""The editor's keys: what they do and how its help card says it."""

from __future__ import annotations

from game.keys import Key
from game.ui.help import Sheet

GROUPS = ("Play", "Keys", "Camera", "Show", "File")

KEYS = (
    Key("Play", "Space", "play in real time, or stand still", ("space",), "toggle_play"),
    Key("Play", ".  ,", "a frame on, a frame back", (".",), "step_frame", (1,)),
    Key("Play", "", "", (",",), "step_frame", (-1,)),
    Key("Play", "Shift Right", "a second on; Shift Left back", ("shift-arrow_right",), "step_second", (1,)),
    Key("Play", "", "", ("shift-arrow_left",), "step_second", (-1,)),
    Key("Play", "J  L", "play back, play on; again: x2, x4", ("j",), "shuttle", (-1,)),
    Key("Play", "", "", ("l",), "shuttle", (1,)),
    Key("Play", "K", "stop what plays"),
    Key("Play", "Shift Down", "to the next key; Shift Up to the one before", ("shift-arrow_down",), "step_key", (1,)),
    Key("Play", "", "", ("shift-arrow_up",), "step_key", (-1,)),
    Key("Play", "Home  End", "to the start, to the end", ("home",), "go_start"),
    Key("Play", "", "", ("end",), "go_end"),

    Key("Keys", "K", "camera key from here, where nothing plays", ("k",), "stop_or_key"),
    Key("Keys", "I", "time key here", ("i",), "add_time"),
    Key("Keys", "N", "view key here", ("n",), "add_view"),
    Key("Keys", "T", "title here", ("t",), "add_title"),
    Key("Keys", "U", "cue of sound here", ("u",), "add_cue"),
    Key("Keys", "M", "library of moves", ("m",), "open_moves"),
    Key("Keys", "Del", "delete what is selected", ("delete", "backspace"), "delete"),
    Key("Keys", "Ctrl C", "copy what is selected; Ctrl V paste it here", ("control-c",), "copy"),
    Key("Keys", "", "", ("control-v",), "paste"),
    Key("Keys", "Ctrl A", "select all", ("control-a",), "select_all"),
    Key("Keys", "Ctrl Z", "undo; Ctrl Y or Ctrl Shift Z redo", ("control-z",), "undo"),
    Key("Keys", "", "", ("control-y", "control-shift-z"), "redo"),
    Key("Keys", "Drag", "moves keys, edges of titles; Alt: no snapping"),
    Key("Keys", "Ctrl Click", "selects more; a box selects many"),
    Key("Keys", "Twice", "on a track adds a key; on a key goes there"),
    Key("Keys", "Wheel", "zooms the timeline; with Shift pans it"),

    Key("Camera", "Drag", "leaves the path: orbit; with Shift pan"),
    Key("Camera", "Wheel", "closer, farther"),
    Key("Camera", "W A S D", "move; arrows and Q E turn"),
    Key("Camera", "R", "back to the path", ("r",), "back_to_path"),
    Key("Camera", "Shift R", "look at the path from outside", ("shift-r",), "look_from_outside"),
    Key("Camera", "F", "fly to what is picked", ("f",), "frame_selection"),
    Key("Camera", "B", "next place; Shift B the one before", ("b",), "next_place", (1,)),
    Key("Camera", "", "", ("shift-b",), "next_place", (-1,)),
    Key("Camera", "Click", "picks a thing, or a key on the path"),
    Key("Camera", "Tab", "picks the next vehicle", ("tab",), "next_vehicle"),
    Key("Camera", "Esc", "closes, lets go of what is selected", ("escape",), "clear"),

    Key("Show", "G", "guides: thirds, safe areas, both, none", ("g",), "next_guides"),
    Key("Show", "X", "shape of the picture: 16:9 to 9:16", ("x",), "next_aspect"),
    Key("Show", "Shift T", "the film's titles, or not", ("shift-t",), "toggle_titles"),
    Key("Show", "C", "the path, or not", ("c",), "toggle_path"),
    Key("Show", "V", "quality: automatic, or the next tier", ("v",), "next_quality"),
    Key("Show", "P", "the picture alone", ("p",), "toggle_presentation"),
    Key("Show", "Ctrl +  \u2212", "larger, smaller panels", ("control-+", "control-="), "scale_panels", (1,)),
    Key("Show", "", "", ("control--",), "scale_panels", (-1,)),
    Key("Show", "", "", ("control-0",), "scale_panels", (0,)),
    Key("Show", "F11", "full screen", ("f11",), "toggle_fullscreen"),
    Key("Show", "F1  H", "this card", ("f1", "h"), "toggle_help"),

    Key("File", "Ctrl S", "save; Ctrl Shift S under another name", ("control-s",), "save"),
    Key("File", "", "", ("control-shift-s",), "save_as"),
    Key("File", "Ctrl E", "export", ("control-e",), "open_export"),
    Key("File", "F12", "save a picture", ("f12",), "save_picture"),
    Key("File", "Ctrl Q", "leave", ("control-q",), "quit"),
)

SHEET = Sheet("The film editor", KEYS, GROUPS)
