"""What holds for every test: numpy's silent errors are loud (but for underflow, which is an
honest zero), and hypothesis repeats itself; fixtures of several files."""

import numpy as np
from hypothesis import HealthCheck, settings
from windows import display, process, window  # noqa: F401  (fixtures)

np.seterr(all="raise", under="ignore")

settings.register_profile(
    "voltyard", derandomize=True, deadline=None, max_examples=20, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.load_profile("voltyard")
