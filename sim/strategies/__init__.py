"""Control strategies, one file each. To add one: write the file, enter its name in `NAMES`.

A strategy is a module with `decide(view) -> setpoints`, kW AC of shape (n,) for the n vehicles
of a `sim.control.View`; `KEEPS_LIMITS`, whether it stays within the room it is given; and
`LOCAL`, whether everyone is simply offered its cap, so that a plug-in needs no pass over the
others.
"""

from importlib import import_module

NAMES = ("uncontrolled", "equal_share", "earliest_deadline_first", "round_robin", "v2g_price")


def modules() -> tuple:
    """The strategy modules in the order of `NAMES`."""
    return tuple(import_module(f"{__name__}.{name}") for name in NAMES)
