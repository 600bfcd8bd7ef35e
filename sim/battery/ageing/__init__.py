"""Battery ageing, a day at a time for a whole fleet: NREL's BLAST-Lite models in numpy.

`cell` has the model classes, `nmc`, `nca`, `lfp_large` and `lfp_sony` one cell each, `models`
finds them by name. `day` gathers a day's stressors sample by sample, `state` is what a battery
has behind it, `outlook` what lies ahead and what wear costs, `fleet` keeps all of this for the
vehicles of a run. `traces` samples recorded segments, `log` reads a person's own recording.

Equations and constants are those of BLAST-Lite 1.1.1, Copyright (c) 2023, Alliance for
Sustainable Energy, LLC, BSD-3-Clause; the whole notice is in assets/CREDITS.md.
"""
