"""The language of commands: one line of words for the console, buttons, scenario files and the API.

    limit site 250 kW          strategy zone2 grid_support        connector C-07 out-of-service
    reserve C-03 BUS-2 18:00   price override 0.45 for 30m        dispatch fleet -120 kW until 20:00
    at 18:30 limit pool none   when stress > 0.9 for 10m dispatch fleet -60 kW for 1h

`parse(line, model)` gives what a line means: a model's command, or one of `sim.console.session` for
whoever runs the session. `text_of` writes it back; a line and its meaning lead to each other.
`complete` says what may stand at the cursor, and `consider` everything that a prompt has to show.
What the grammar allows is one table, `sim.console.forms`. Whether a model would obey is asked of
the command: `command.check(model)`.
"""

from sim.console.completing import Candidate, Considered, complete, consider
from sim.console.reading import parse, parse_command, text_of
from sim.console.session import (SESSION, Compare, Fork, ListOrders, Pause, Resume, Save, SessionCommand,
                                 SetSpeed, ShowAlone, ShowBeside, ShowNow, ShowPast, Switch, Undo)
from sim.words import NotUnderstood

__all__ = ["SESSION", "Candidate", "Compare", "Considered", "Fork", "ListOrders", "NotUnderstood", "Pause",
           "Resume", "Save", "SessionCommand", "SetSpeed", "ShowAlone", "ShowBeside", "ShowNow", "ShowPast",
           "Switch", "Undo", "complete",
           "consider", "parse", "parse_command", "text_of"]
