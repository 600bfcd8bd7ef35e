"""NCA: Panasonic 18650B, 3.2 Ah (BLAST's Nca_Gr_Panasonic3Ah_Battery).

Calendar tests: Keil et al., J. Electrochem. Soc. 163 (2016) A1872; cycling tests: Preger et
al., J. Electrochem. Soc. 167 (2020) 120532. The model has no knee at the end of life.

Equations: NREL BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for Sustainable Energy, LLC,
BSD-3-Clause; notice in assets/CREDITS.md.
"""

import numpy as np

from entities.components import Chemistry
from sim.battery.ageing.cell import PowerLawCell

CELL = PowerLawCell(
    name="nca", title="NCA, Panasonic 18650B", blast="Nca_Gr_Panasonic3Ah_Battery",
    chemistry=Chemistry.NCA, celsius=(15.0, 35.0), charge_c=0.5, discharge_c=2.0,
    source="doi:10.1149/2.0411609jes, doi:10.1149/1945-7111/abae37",
    calendar_rate=lambda soc, kelvin: 75.4 * np.exp((-3340.0 + 353.0 * soc) / kelvin),
    calendar_p=0.512,
    heat=lambda kelvin: np.exp(3.34e-11 / kelvin) + np.exp(-2.81e-9 / kelvin),
    load=lambda dod, c_rate: 1.86e-6 + 4.74e-11 * c_rate + 1.77e-4 * dod, cycling_p=0.699)
