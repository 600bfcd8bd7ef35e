"""How long what-ifs take: looking ahead, forking anywhere in a day, going back to look at the past.

The workload is that of `bench model`. Processor time, so that what runs beside does not count.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.bench_model import workload
from sim.commands import SetLimit
from sim.model import Model
from sim.sessions.load import load_visits
from sim.timing import DAY_S, HOUR_S
from sim.training.branches import Tree
from sim.training.comparison import look_ahead
from sim.training.course import Course

AHEAD_S = 2 * HOUR_S
BETWEEN_S = 450.0  # no control tick
TIGHT_KW = 1.5     # a vehicle: a limit that binds in the evening


def bench_training(fleet: int, strategy: str = "v2g_price") -> dict:
    """Time what-ifs in a day of `fleet` (>= 1) vehicles, ms: at every other hour a look two hours ahead at a
    lower import limit; afterwards a fork and a step back to each of those instants and to half an hour later.
    Raises InputError for an unknown strategy."""
    with TemporaryDirectory() as folder:
        scenario = workload(fleet, strategy, Path(folder))
        model = Model(scenario, load_visits(scenario), Course())
    tree = Tree(model)
    instants = [hour * HOUR_S + BETWEEN_S for hour in range(0, 24, 2)]
    limit = SetLimit(direction="import", kw=TIGHT_KW * fleet)
    ahead, forks, back = [], [], []
    for t_s in instants:
        model.advance(t_s)
        ahead.append(_ms(lambda: look_ahead(model, limit, AHEAD_S)))
    model.advance(DAY_S)
    branch = tree.branches["main"]
    for t_s in (t_s + late for t_s in instants for late in (0.0, HOUR_S / 2.0)):
        forks.append(_ms(lambda: tree.fork(branch, f"at {t_s:g}", t_s)))
        back.append(_ms(lambda: tree.rewind(branch, t_s)))
    return {"vehicles": fleet, "strategy": strategy,
            **{f"{name}_{what}_ms": find(values)
               for name, values in (("ahead", ahead), ("fork", forks), ("back", back))
               for what, find in (("median", statistics.median), ("worst", max))}}


def _ms(act) -> float:
    began = time.process_time()
    act()
    return 1e3 * (time.process_time() - began)
