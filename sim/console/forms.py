"""The grammar: one form for each way to say a command. A new command needs an entry here and no
more; what is said with it is read, written back and completed by the same table.

A form is its leading words and slots in order, then clauses in any order, each behind its own word.
A slot that is optional gives way to what comes after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import getdoc
from typing import Any, Union

from sim.console import session
from sim.console.slots import AnyName, Choice, Lasts, Moment, Name, Number, OrderNumber, Text, Where
from sim.incident_commands import ERROR_CODES
from sim.strategies import NAMES as STRATEGY_NAMES
from sim.strategies import modules

Slot = Union[AnyName, Choice, Lasts, Moment, Name, Number, OrderNumber, Text, Where]
COMMAND, CONDITION = "command", "condition"
"""Slots for a whole command and for a condition, which the reader knows by itself."""


@dataclass(frozen=True)
class Said:
    """A word that stands there, or one of its other names."""

    word: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """A slot whose value becomes `field`. One that is not `written` is another way to say what a
    clause says."""

    field: str
    slot: Slot | str
    optional: bool = False
    written: bool = True
    default: Any = None


@dataclass(frozen=True)
class Clause:
    """`word` and a slot behind it, in any place after the form's parts."""

    word: str
    field: str
    slot: Slot


@dataclass(frozen=True)
class Form:
    """A way to say the command `kind`. `sets` are fields that the words by themselves say."""

    kind: str
    meaning: str
    parts: tuple[Said | Given, ...]
    clauses: tuple[Clause, ...] = ()
    sets: dict[str, Any] = field(default_factory=dict)
    lasts: bool | None = None
    """Whether one of the clauses `for` and `until` has to stand; None: there are none."""
    instructs: bool = False
    """Whether it is offered to instructors alone."""


SPAN = (Clause("for", "duration", Lasts()), Clause("until", "until", Moment()))
CONNECTOR = Given("connector", Name("connector"))
FEEDER = Given("feeder", Name("feeder"), optional=True)
COUNT = Number("a number of vehicles", example="10", count=True)
RAMP = Clause("ramp", "ramp", Lasts("10m"))
OFF = (Clause("times", "factor", Number("a factor", example="3")),
       Clause("plus", "add", Number("what is added", example="0.20")))
OF_FEEDER = Clause("of", "feeder", Name("feeder"))


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0]


STRATEGY = Choice({name: name for name in STRATEGY_NAMES}, "a strategy",
                  {name: _first_line(getdoc(module)) for name, module in zip(STRATEGY_NAMES, modules())})


def kw(expected: str, example: str, none: str | None = None) -> Number:
    """A slot for a power."""
    return Number(expected, "kW", example, none)


def _lasting(kind: str, meaning: str, *parts: Said | Given, must: bool = False,
             clauses: tuple[Clause, ...] = (), **sets) -> Form:
    return Form(kind, meaning, parts, (*clauses, *SPAN), sets, must)


FORMS = (
    Form("set_limit", "change the import or export limit of the site or a zone",
         (Said("limit"), Given("zone", Where()),
          Given("direction", Choice({"import": "import", "export": "export"}, "a direction"),
                optional=True, default="import"),
          Given("kw", kw("a limit in kW", "250 kW", "none")))),
    Form("set_strategy", "put a zone, or all, under another strategy",
         (Said("strategy"), Given("zone", Where("all"), optional=True), Given("strategy", STRATEGY))),
    _lasting("dispatch", "have vehicles move a power together for a while; negative feeds the grid",
             Said("dispatch"), Given("zone", Where("fleet")),
             Given("kw", kw("a power in kW", "-120 kW", "off"))),
    Form("set_connector_power", "fix a connector's power; free gives it back",
         (Said("power"), CONNECTOR, Given("kw", kw("a power in kW", "7 kW", "free")))),
    Form("stop_session", "end the transaction, the vehicle stays plugged in", (Said("stop"), CONNECTOR)),
    Form("start_session", "start a stopped transaction again", (Said("start"), CONNECTOR)),
    Form("out_of_service", "take it out of service", (Said("connector"), CONNECTOR, Said("out-of-service"))),
    Form("back_in_service", "put it back in service", (Said("connector"), CONNECTOR, Said("in-service"))),
    _lasting("reserve_connector", "keep a free connector for a vehicle, or for nobody known",
             Said("reserve"), CONNECTOR, Given("vehicle", Name("vehicle"), optional=True),
             Given("until", Moment(clock_only=True), optional=True, written=False), must=True),
    Form("cancel_reservation", "give a reserved connector back to everyone", (Said("unreserve"), CONNECTOR)),
    Form("fault_connector", "a connector breaks down",
         (Said("fault"), CONNECTOR,
          Given("error_code", Choice({code: code for code in ERROR_CODES}, "an error code"),
                optional=True, default="InternalError"))),
    Form("clear_fault", "a connector is repaired", (Said("clear"), CONNECTOR)),
    Form("set_station_offline", "a station loses its connection",
         (Said("offline"), Given("station", Name("station"))), sets={"offline": True}),
    Form("set_station_offline", "a station has its connection back",
         (Said("online"), Given("station", Name("station"))), sets={"offline": False}),
    _lasting("price_override", "another buying price for a while",
             Said("price"), Said("override"), Given("price", Number("a price a kWh", example="0.45")),
             must=True),
    _lasting("disturb_grid", "generation is lost (negative) or too much",
             Said("disturb"), Given("mw", Number("a power in MW", "MW", "-45 MW"))),
    _lasting("trip_transformer", "a transformer trips: what it feeds is without supply",
             Said("transformer"), FEEDER, Said("trip")),
    Form("close_transformer", "a transformer is switched on again",
         (Said("transformer"), FEEDER, Said("close"))),
    _lasting("derate_transformer", "a transformer may carry a share of its rating",
             Said("transformer"), FEEDER, Said("derate"),
             Given("percent", Number("a share in %", "%", "60 %"))),
    _lasting("line_outage", "a line is out", Said("line"), Given("line", Name("line")), Said("out"),
             clauses=(OF_FEEDER,)),
    Form("line_back", "a line is back", (Said("line"), Given("line", Name("line")), Said("back")),
         (OF_FEEDER,)),
    _lasting("heat_wave", "warmer air for a while",
             Said("heat"), Given("kelvin", Number("a difference in K", "K", "8 K")), must=True, clauses=(RAMP,)),
    _lasting("cloud_front", "clouds let through a share of the light",
             Said("cloud"), Given("percent", Number("a share in %", "%", "20 %")), must=True, clauses=(RAMP,)),
    _lasting("wind_ramp", "a share of the wind there would be",
             Said("wind"), Given("percent", Number("a share in %", "%", "30 %")), must=True, clauses=(RAMP,)),
    _lasting("shift_price", "another price by a factor or by what is added",
             Said("price"), Said("shift"), must=True, clauses=OFF),
    _lasting("demand_response", "a call to keep the import below a power, with what it pays",
             Said("call"), Given("kw", kw("an import in kW", "150 kW")), must=True, clauses=(
                 Clause("notice", "notice", Lasts("15m")),
                 Clause("reward", "reward", Number("an amount", example="50")),
                 Clause("penalty", "penalty", Number("an amount a kWh above", example="2")))),
    _lasting("forecast_error", "what control foresees is off from now on",
             Said("forecast"), Given("quantity", Choice({what: what for what in ("load", "price", "production")},
                                                        "what is foreseen")), clauses=OFF),
    Form("arrival_surge", "more vehicles come than planned",
         (Said("surge"), Given("vehicles", COUNT), Given("zone", Name("zone"), optional=True)),
         (Clause("within", "within", Lasts()), Clause("stay", "stay", Lasts("2h")))),
    Form("early_departures", "vehicles leave earlier than planned",
         (Said("leave"), Given("vehicles", COUNT), Given("zone", Name("zone"), optional=True),
          Given("announced", Choice({"announced": True}, "announced"), optional=True, default=False)),
         (Clause("within", "within", Lasts()),)),
    Form("acknowledge_alarm", "take note of an alarm, or of all",
         (Said("acknowledge"), Given("alarm", AnyName("an alarm"), optional=True))),
    Form("shelve_alarm", "put an alarm aside for a while", (Said("shelve"), Given("alarm", AnyName("an alarm"))),
         (Clause("for", "duration", Lasts()),), lasts=True),
    Form("unshelve_alarm", "take a shelved alarm up again",
         (Said("unshelve"), Given("alarm", AnyName("an alarm")))),
    Form("take_hint", "buy the next hint", (Said("hint"),)),
    Form("tick_item", "tick an item of the checklist",
         (Said("tick"), Given("item", Number("a number of the checklist", example="1"))), sets={"done": True}),
    Form("tick_item", "take a tick back",
         (Said("untick"), Given("item", Number("a number of the checklist", example="1"))), sets={"done": False}),
    Form("annotate", "a note for the debrief", (Said("note", ("annotate",)), Given("text", Text("a text")))),
    Form("schedule", "give a command at a time",
         (Said("at"), Given("at", Moment()), Given("command", COMMAND))),
    Form("watch", "give a command once a condition is met",
         (Said("when"), Given("when", CONDITION), Given("command", COMMAND))),
    Form("cancel_order", "take a standing order back", (Said("cancel"), Given("order", OrderNumber())),
         instructs=True),
    Form("take_over", "refuse the trainee's commands until give back", (Said("take"), Said("over")), instructs=True),
    Form("give_back", "let the trainee command again", (Said("give"), Said("back")), instructs=True),
    Form("list_orders", "what waits: standing orders and the scenario's injects", (Said("list"),), instructs=True),
    Form("speed", "simulated seconds a second, 1 to 3600",
         (Said("speed"), Given("factor", Number("a factor from 1 to 3600", example="600")))),
    Form("pause", "stop the clock", (Said("pause"),)),
    Form("resume", "let the clock go on", (Said("resume", ("play",)),)),
    Form("fork", "begin another branch here", (Said("fork"), Given("name", AnyName("a name")))),
    Form("switch", "go over to another branch", (Said("branch"), Given("name", AnyName("a branch")))),
    Form("compare", "compare with another branch", (Said("compare"), Given("name", AnyName("a branch")))),
    Form("undo", "begin another branch without the last command", (Said("undo"),)),
    Form("save", "save the session as a scenario", (Said("save"), Given("name", AnyName("a name")))),
    Form("beside", "show another branch beside this one",
         (Said("beside"), Given("name", AnyName("a branch"), optional=True))),
    Form("alone", "show this branch alone", (Said("alone"),)),
    Form("show_past", "look at the recorded past", (Said("show"), Given("at", Moment()))),
    Form("show_now", "back to the present", (Said("now"),)),
)

SESSION_KINDS = {"speed": session.SetSpeed, "pause": session.Pause, "resume": session.Resume,
                 "fork": session.Fork, "switch": session.Switch, "compare": session.Compare,
                 "beside": session.ShowBeside, "alone": session.ShowAlone,
                 "show_past": session.ShowPast, "show_now": session.ShowNow,
                 "undo": session.Undo, "save": session.Save, "list_orders": session.ListOrders}


def _keywords() -> set[str]:
    found: set[str] = set()
    for form in FORMS:
        for part in form.parts:
            if isinstance(part, Said):
                found |= {part.word, *part.others}
            elif isinstance(part.slot, Choice):
                found |= {word.lower() for word in part.slot.words}
            elif isinstance(part.slot, Number) and part.slot.none:
                found.add(part.slot.none)
        found |= {clause.word for clause in form.clauses}
    return found


KEYWORDS = frozenset(_keywords())
"""Words that a name has to be quoted to be taken for."""
