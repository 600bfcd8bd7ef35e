"""NMC: a large pouch cell of about 50 Ah, suited to fast charging (BLAST's NMC_Gr_50Ah_B1).

Tests: Gasper et al., J. Energy Storage 73 (2023) 109042. Charging at 10 degrees Celsius was
held to 0.3C there, so faster charging in the cold is beyond what was tested.

Equations: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

import numpy as np

from entities.components import Chemistry
from sim.battery.ageing.cell import PowerLawCell
from sim.battery.ageing.laws import graphite_potential

NORMAL_K = 308.15


def _calendar(soc, kelvin):
    potential = np.cbrt(graphite_potential(soc) / 0.123)
    return 36.2 * np.exp(-4.4 * (NORMAL_K / kelvin) ** 3 * potential)


CELL = PowerLawCell(
    name="nmc", title="NMC, 50 Ah pouch", blast="NMC_Gr_50Ah_B1", chemistry=Chemistry.NMC,
    celsius=(10.0, 45.0), charge_c=1.75, discharge_c=1.75,
    source="doi:10.1016/j.est.2023.109042",
    calendar_rate=_calendar, calendar_p=0.708, calendar_unit=1e4,
    heat=lambda kelvin: (kelvin / NORMAL_K) ** (3.0 * 0.458),
    load=lambda dod, c_rate: 0.844 * (dod * dod * np.sqrt(c_rate)) ** 0.458,
    cycling_p=0.467, cycling_unit=1e5)
