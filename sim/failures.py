"""When connectors break down by themselves, drawn from the seed.

Times to failure are exponential: no wear-out law is published for charger parts, and for the
network and payment parts that fail most a Weibull shape of 1 is the prior. Times to repair are
uniform from 2/3 to 4/3 of their mean: 24 to 48 h at the default of 36 h, as technicians need
[Electrification Institute]. Error codes follow the shares of failed sessions there without those
for want of connectivity, which is no fault of a connector: internal 38, connector or cable 4,
other 3.
"""

from __future__ import annotations

import numpy as np

from entities.components import ErrorCode
from sim import rng
from sim.schema.faults import Faults

CAUSES = ((38.0, ErrorCode.InternalError), (4.0, ErrorCode.ConnectorLockFailure),
          (3.0, ErrorCode.OtherError))


def failures(faults: Faults, seed: int, connectors: int,
             until_s: float) -> list[tuple[float, float, int, ErrorCode]]:
    """(fault s, repair s, connector, error code) of each fault that begins by `until_s`, in order
    of time. A connector's own are the same whatever other connectors there are after it."""
    shares = np.cumsum([share for share, _ in CAUSES])
    free_s, found, number = np.zeros(connectors), [], 0
    while (free_s <= until_s).any():
        draws = rng.uniforms(seed, rng.Purpose.FAULT, connectors, 3, number)
        begins = free_s - faults.mtbf * np.log(draws[:, 0])
        ends = begins + faults.mttr * (2.0 + 2.0 * draws[:, 1]) / 3.0
        causes = np.searchsorted(shares / shares[-1], draws[:, 2])
        found += [(begins.item(row), ends.item(row), row, CAUSES[causes[row]][1])
                  for row in np.flatnonzero(begins <= until_s).tolist()]
        free_s, number = ends, number + 1
    return sorted(found)
