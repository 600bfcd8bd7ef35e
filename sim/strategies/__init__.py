"""Control strategies, one file each. To add one: write the file, enter it in `STRATEGIES`.

A strategy is `decide(view) -> setpoints`, kW AC, shape (n,), for the n plugged-in vehicles
of its zone; see `sim.control.View`.
"""

NAMES = ("uncontrolled", "equal_share", "earliest_deadline_first", "round_robin", "v2g_price")
