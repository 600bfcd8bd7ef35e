"""LFP, large: a prismatic cell of more than 250 Ah (BLAST's Lfp_Gr_250AhPrismatic).

Tests: Gasper et al., J. Energy Storage 73 (2023) 109042. Cycling fade was nearly the same at
all tested temperatures, so the fit falls with temperature to balance calendar fade and must
not be trusted beyond them.

Equations: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

import numpy as np

from entities.components import Chemistry
from sim.battery.ageing.cell import PowerLawCell
from sim.battery.ageing.laws import graphite_potential


def _heat(kelvin):
    # The second term is next to nothing, and below -60 degrees Celsius less than a float holds.
    with np.errstate(under="ignore"):
        return np.exp(2190.0 / kelvin) + np.exp(-1.55e5 / kelvin)


CELL = PowerLawCell(
    name="lfp_large", title="LFP, 250 Ah prismatic", blast="Lfp_Gr_250AhPrismatic",
    chemistry=Chemistry.LFP, celsius=(10.0, 45.0), charge_c=0.65, discharge_c=1.0,
    vehicle_scalar=2.75, source="doi:10.1016/j.est.2023.109042",
    calendar_rate=lambda soc, kelvin: 8.37e4 * np.exp(
        (-5210.0 - 3560.0 * graphite_potential(soc)) / kelvin),
    calendar_p=0.526, heat=_heat,
    load=lambda dod, c_rate: 4.38e-8 + 1.55e-8 * dod + 1.68e-7 * c_rate, cycling_p=0.828)
